"""The form's note marks behind its labels (先进过程控制投用率8（%）), and figures that stand where a mark may stand."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from extractors.document.model import Paragraph
from extractors.fitting.labels import fold_label
from extractors.read import read_bytes
from records.models import Record
from tests import forms
from tests.extractors import small
from tests.extractors.small import TITLE

BASICS = (("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))
MARKS = ("8", "11", "①", "⑪", "⁸", "¹¹", "⑻", "[8]", "（8）", "*8", "**11", "注8", "（注11）", "８")


def _noted(data: forms.Data | None, mark: str, *, raised: bool = False) -> bytes:
    """The filled 附件3-2 with its references to footnotes typed as ``mark``, and one behind each outcome's star."""
    out = io.BytesIO()
    raise_it = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>' if raised else ""
    with zipfile.ZipFile(io.BytesIO(forms.fill("factory", data))) as held, zipfile.ZipFile(out, "w") as made:
        for name in held.namelist():
            text = held.read(name)
            if name == "word/document.xml":
                run = f"<w:r>{raise_it}<w:t>{mark}</w:t></w:r>".encode()
                text, count = re.subn(rb"<w:r>(?:(?!</w:r>).)*?<w:footnoteReference [^>]*/></w:r>", run, text)
                assert count >= 8
                text = text.replace("*（%）".encode(), f"*{mark}（%）".encode())
            made.writestr(name, text)
    return out.getvalue()


def _record(content: bytes) -> Record:
    return read_bytes(content, forms.CATALOG, "a.docx")[0].record


def _said(record: Record) -> dict[str, tuple[object, bool]]:
    return {key: (value.value, value.certain) for key, value in record.fields.items()}


@pytest.mark.parametrize("mark", MARKS)
def test_a_forms_note_marks_change_nothing_of_what_is_read(mark: str) -> None:
    data = forms.clean_factory()
    assert _said(_record(_noted(data, mark))) == _said(_record(forms.fill("factory", data)))


@pytest.mark.parametrize(("mark", "raised"), [("8", False), ("11", True), ("①", False), ("注8", False)])
def test_nor_of_the_blank_form(mark: str, raised: bool) -> None:
    assert _said(_record(_noted(None, mark, raised=raised))) == _said(_record(forms.fill("factory", None)))


@pytest.mark.parametrize(
    "label", ["先进过程控制投用率8（%）", "先进过程控制投用率 8（%）", "先进过程控制投用率**8\n（%）"]
)
def test_digits_between_a_label_and_its_unit_are_no_answer(label: str) -> None:
    for row, value in (((label, ""), None), ((label, "95"), 95)):
        held = small.read(TITLE, small.table(1, *BASICS, row)).record.fields["apc_rate"]
        assert (held.value, held.certain) == (value, True)
    held = small.read(TITLE, small.table(1, *BASICS), Paragraph(label, 9)).record.fields["apc_rate"]
    assert held.value is None


@pytest.mark.parametrize("label", ["企业性质1", "企业性质注1", "企业性质*1", "企业性质①"])
def test_a_mark_behind_the_label_of_a_choice(label: str) -> None:
    row = (label, "□中央企业 □地方国企 ☑民营企业 □三资企业")
    held = small.read(TITLE, small.table(1, *BASICS, row)).record.fields["ownership"]
    assert (held.value, held.certain) == ("民营企业", True)


def test_a_figure_that_stands_right_behind_its_label_is_never_passed_over_in_silence() -> None:
    for text, value in (
        ("关键设备联网率（%）：85", 85),
        ("关键设备联网率：85%", 85),
        ("关键设备联网率\n85", 85),
        ("关键设备联网率\n85%", 85),
        ("关键设备联网率（%） 85", None),
        ("关键设备联网率（%）85.5", 85.5),
        ("关键设备联网率85%", None),
        ("关键设备联网率（%）85", None),
    ):
        held = small.read(TITLE, small.table(1, *BASICS, (text,), spread=True)).record.fields["networked_rate"]
        assert held.value == value if value is not None else not held.certain, text
    row = ("关键设备联网率（%）85", "", "销售增长率（%）12", "")
    fields = small.read(TITLE, small.table(1, *BASICS[:3], row, spread=True)).record.fields
    assert not fields["networked_rate"].certain


def test_a_bracket_with_a_note_is_still_a_label_without_its_answer() -> None:
    for text, value in (
        ("（其他成效指标）8", None),
        ("（其他成效指标）①", None),
        ("（其他成效指标）8项改造获奖", "8项改造获奖"),
    ):
        held = small.read(TITLE, small.table(1, *BASICS, (text,), spread=True)).record.fields["other_outcomes"]
        assert (held.value, held.certain) == (value, True), text


def test_contacts_that_are_counted_are_told_from_contacts_with_a_note() -> None:
    def row(who: str, name: str) -> tuple[str, ...]:
        return (who, "姓名", name, "电话", "021-50000001")

    fields = small.read(TITLE, small.table(1, *BASICS, row("联系人3", "王芳"), spread=True)).record.fields
    assert fields["contact_name"].value == "王芳"
    fields = small.read(
        TITLE, small.table(1, *BASICS, row("联系人", "王芳"), row("联系人2", "李强"), spread=True)
    ).record.fields
    assert fields["contact_name"].value == "王芳"
    assert fields["contact_name"].certain


def test_the_word_for_remarks_is_no_note() -> None:
    assert fold_label("备注") == fold_label("备注1") == "备注"
    assert fold_label("企业性质注1（单选）") == "企业性质"


@pytest.mark.parametrize(
    ("written", "value", "certain"),
    [
        ("行业大类34 通用设备制造业", "34 通用设备制造业", False),
        ("行业大类345 轴承", "345 轴承", False),
        ("行业大类2 34 通用设备制造业", "34 通用设备制造业", True),
        ("行业大类\n34 通用设备制造业", "34 通用设备制造业", True),
        ("行业大类：34 通用设备制造业", "34 通用设备制造业", True),
        ("行业大类2：34 通用设备制造业", "34 通用设备制造业", True),
    ],
)
def test_the_digits_of_an_answer_are_no_mark(written: str, value: str, certain: bool) -> None:
    held = small.read(TITLE, small.table(1, *BASICS, (written,), spread=True)).record.fields["industry_division"]
    assert (held.value, held.certain) == (value, certain)


@pytest.mark.parametrize(
    "prompt",
    [
        "（在系统中下拉\n选择）",
        "（在系统中下拉选择\t）",
        "（在系统中下拉选择 ）",
        "请在系统中下拉选择",
        "在系统中选择",
        "（系统中选择）",
        "下拉选择",
        "（系统自动识别）",
    ],
)
def test_a_prompt_to_choose_is_blank(prompt: str) -> None:
    for row in (("行业大类", prompt), (f"行业大类：{prompt}",), (f"行业大类{prompt}",)):
        held = small.read(TITLE, small.table(1, *BASICS, row, spread=True)).record.fields["industry_division"]
        assert held.value is None, row
    held = small.read(TITLE, small.table(1, *BASICS, ("行业大类", "系统集成服务"))).record.fields["industry_division"]
    assert held.value == "系统集成服务"


def test_a_figure_beneath_a_label_with_its_answer_is_no_note() -> None:
    """An address that ends in a line of figures, another value beside it: the whole file was set aside over it."""
    reading = small.read(TITLE, small.table(1, *BASICS, ("工厂地址：上海市金山区\n2023", "上海市青浦区")))
    assert reading.record.form == "scene"
    assert reading.record.fields["sales_growth"].value == 12
