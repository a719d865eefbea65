"""What no output may show or cannot carry."""

import pytest

from checks.meaning.text import mask_identities
from reports.safe.text import file_name, plain


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("证号11010519491231002X。", "证号110*************2X。"),
        ("证号110105 19491231 0021", "证号110***************21"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110*************2X"),
        ("校验码写错的110105194912310029也遮盖", "校验码写错的110*************29也遮盖"),
    ],
)
def test_identity_numbers_are_masked(text: str, masked: str) -> None:
    assert mask_identities(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "913101157654321098",  # a 统一社会信用代码 of digits alone
        "91310115MA1H0A01X1",
        "订单11010519491331002X",  # no thirteenth month
        "a11010519491231002X",
        "合同号1101051949123100211234",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert mask_identities(text) == text


def test_text_that_no_format_carries_is_mended() -> None:
    assert plain("甲\x00\x07乙\ud800丙\u202e丁\r\n戊") == "甲乙\ufffd丙丁\n戊"


def test_long_text_is_cut_and_says_so() -> None:
    assert plain("长" * 1000, 10) == "长" * 10 + "……（共1000字，此处从略）"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ('上海<甲>:"乙"|公司?*', "上海_甲_乙_公司"),
        ("CON", "_CON"),
        ("  ", "未命名"),
        ("名\n字\x00", "名 字"),
    ],
)
def test_names_are_safe_for_every_file_system(text: str, name: str) -> None:
    assert file_name(text) == name


def test_a_long_name_fits_every_file_system() -> None:
    assert len(file_name("汉" * 300).encode()) <= 200
