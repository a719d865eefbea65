"""A number as its cell shows it."""

from __future__ import annotations

import pytest

from extractors.sheet.number_format import BUILT_IN, general, shown

CASES = [
    (1.0, "General", "1"), (0.1 + 0.2, "General", "0.3"), (1234.5, "General", "1234.5"), (-3.0, "General", "-3"),
    (13900001501.0, "General", "13900001501"), (13900001501.0, "0", "13900001501"), (7.0, "000", "007"), (310115.0, "00000000", "00310115"),
    (0.128, "0%", "13%"), (0.128, "0.0%", "12.8%"), (0.125, "0.00%", "12.50%"), (1234567.891, "#,##0.00", "1,234,567.89"),
    (1234567.0, "#,##0", "1,234,567"), (0.0, "#,##0", "0"), (0.0, "#", ""), (12.5, "#.##", "12.5"), (12.0, "#.##", "12"),
    (2.5, "0", "3"), (-1234.5, "#,##0.00;-#,##0.00", "-1,234.50"), (-5.0, "0;[Red](0)", "(5)"), (-5.0, "0_);(0)", "(5)"), (0.0, "0;-0;\"无\"", "无"),
    (12.0, "0\"万元\"", "12万元"), (12.0, "0万元", "12万元"), (3.0, "\"第\"00\"号\"", "第03号"), (13900001501.0, "000-0000-0000", "139-0000-1501"),
    (12345678.0, "0.0,\"千\"", "12345.7千"), (12345.0, "0.00E+00", "1.23E+04"), (5.0, "¥#,##0.00", "¥5.00"), (5.0, '[$¥-804]#,##0', "¥5"),
    (45139.0, "yyyy/m/d", "2023/8/1"), (45139.0, "yyyy-mm-dd", "2023-08-01"), (45139.0, 'yyyy"年"m"月"d"日"', "2023年8月1日"),
    (45139.0, "yyyy年m月", "2023年8月"), (45139.0, "[$-804]yyyy\"年\"m\"月\"d\"日\";@", "2023年8月1日"), (45139.0, "[$-F800]dddd, mmmm dd, yyyy", "2023年8月1日"),
    (45139.0, "yy.m.d", "23.8.1"), (45139.0, "d-mmm-yy", "1-Aug-23"), (45139.0, "aaaa", "星期二"), (45139.604167, "yyyy-mm-dd hh:mm", "2023-08-01 14:30"),
    (45139.604167, "h:mm AM/PM", "2:30 PM"), (45139.604167, "上午/下午h时mm分", "下午2时30分"), (1.5, "[h]:mm", "36:30".replace("30", "00")), (59.0, "yyyy-mm-dd", "1900-02-28"),
    (61.0, "yyyy-mm-dd", "1900-03-01"), (5.0, "@", "5"), (5.0, "General\"家\"", "5家"), (5.0, "G/通用格式", "5"), (150.0, "[>100]\"多\";0", "多"),
    (50.0, "[>100]\"多\";0", "50"), (5.0, ";;;", ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "text"), CASES, ids=[f"{v}-{c}" for v, c, _ in CASES])
def test_a_number_is_shown_as_the_sheet_shows_it(value: float, code: str, text: str) -> None:
    assert shown(value, code) == (text, ())


def test_the_formats_that_a_chinese_system_knows_by_number() -> None:
    assert [shown(45139.0, BUILT_IN[n])[0] for n in (14, 31, 57, 58)] == [
        "2023/8/1",
        "2023年8月1日",
        "2023年8月",
        "8月1日",
    ]


def test_a_sheet_that_counts_from_1904() -> None:
    assert shown(0.0, "yyyy-mm-dd", epoch_1904=True) == ("1904-01-01", ())


@pytest.mark.parametrize(
    ("value", "code"), [(0.5, "# ?/?"), (5.0, "[DBNum2]0"), (-1.0, "yyyy-mm-dd"), (float("inf"), "0"), (1e9, "yyyy")]
)
def test_a_format_that_is_not_understood_is_never_certain(value: float, code: str) -> None:
    text, doubts = shown(value, code)
    assert text
    assert [d.name for d in doubts] == ["number_format"]


@pytest.mark.parametrize("code", ["General", "0", "000000000000000000"])
def test_a_code_of_18_digits_has_lost_its_last_ones(code: str) -> None:
    text, doubts = shown(913101150000000123.0, code)
    assert text.startswith("913101150000000")
    assert [d.name for d in doubts] == ["digits_lost"]


def test_general_loses_nothing_of_usual_figures() -> None:
    assert [general(v) for v in (123456.78, 0.000012, 1e15, 99999999999.0, 12345678901.5)] == [
        "123456.78", "1.2e-05", "1000000000000000", "99999999999", "12345678901.5",
    ]  # fmt: skip
