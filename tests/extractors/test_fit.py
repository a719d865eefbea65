"""A form drawn in many ways gives the record that was written into it; another form gives none."""

from __future__ import annotations

from typing import Any

import pytest

from extractors import read_bytes
from extractors.document import Cell, Document, Paragraph, Table
from extractors.fit import fit
from records.models import Reading, Source, Value
from tests import forms

WAYS: dict[str, dict[str, Any]] = {
    "as printed": {},
    "black boxes": {"tick": "■"},
    "typed ticks": {"tick": "√"},
    "symbols": {"tick": "sym"},
    "controls": {"tick": "control"},
    "ticks behind": {"tick": "√", "tick_right": True},
    "only the ticked option left": {"only_ticked": True},
    "labels spaced": {"spaced": True},
    "tables split": {"split": True},
    "columns swapped": {"swapped": True},
    "one table a scene": {"vertical": True},
    "cover as a table": {"cover": "table"},
    "several at once": {"split": True, "spaced": True, "tick": "sym", "cover": "table"},
}


def values(reading: Reading) -> dict[str, Any]:
    record = reading.record
    out: dict[str, Any] = {k: v.value for k, v in (record.fields | record.sections).items()}
    for name, rows in record.tables.items():
        out[name] = [{k: v.value for k, v in row.items() if k != "seq"} for row in rows]
    return out


def certain(reading: Reading) -> bool:
    record = reading.record
    found: list[Value] = [*record.fields.values(), *record.sections.values()]
    found += [v for rows in record.tables.values() for row in rows for v in row.values()]
    return all(v.certain for v in found if v.value is not None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", ["scene", "factory"])
def test_what_was_written_is_read(form: str, way: str) -> None:
    data = forms.clean_scene() if form == "scene" else forms.clean_factory()
    (reading,) = read_bytes(forms.fill(form, data, **WAYS[way]), forms.CATALOG, "申报书.docx")
    assert values(reading) == values(forms.reading_of(data))
    assert certain(reading)
    assert reading.missing_labels == []


@pytest.mark.parametrize("form", ["scene", "factory", "summary"])
def test_a_blank_form_has_no_value(form: str) -> None:
    (reading,) = read_bytes(forms.fill(form, None), forms.CATALOG, "空表.docx")
    assert reading.record.form == form
    filled = {k: v for k, v in values(reading).items() if v}
    assert filled == {}


def _read(*blocks: Paragraph | Table) -> Reading:
    return fit(Document("docx", list(blocks)), forms.CATALOG, Source(path="a", sha256="0", format="docx"))


def _table(index: int, *rows: tuple[str, ...]) -> Table:
    cells = [Cell(r, c, text=text) for r, row in enumerate(rows, 1) for c, text in enumerate(row, 1)]
    return Table(index, len(rows), max(len(r) for r in rows), cells)


TITLE = Paragraph("智能制造试点示范项目申报书（优秀场景）", 1)
BASICS = (
    ("企业名称", "上海甲公司"),
    ("环节名称", "生产作业"),
    ("场景名称", "智能协同作业"),
    ("场景实例建设投资（万元）", "100"),
    ("质量损失率下降（%）", "12"),
)


def test_a_value_that_reads_like_a_label_is_a_value() -> None:
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("联系人", "职务", "负责人", "手机", "13900000000")))
    assert (reading.record.text("contact_title"), reading.record.text("contact_mobile")) == ("负责人", "13900000000")


def test_a_reworded_label_is_read_but_not_as_certain() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("企业生产工厂地址", "上海市嘉定区甲路1号")))
    found = reading.record.fields["factory_address"]
    assert found.value == "上海市嘉定区甲路1号"
    assert not found.certain


def test_labels_above_their_values() -> None:
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("成立时间", "工厂地址"), ("2001年3月", "甲路1号")))
    assert (reading.record.text("founded_on"), reading.record.text("factory_address")) == ("2001-03", "甲路1号")


def test_several_labels_in_one_paragraph() -> None:
    line = Paragraph("法定代表人姓名：张三　　联系人姓名：李四；手机：13900000000", 2)
    reading = _read(TITLE, line, _table(1, *BASICS))
    assert [reading.record.text(k) for k in ("legal_rep_name", "contact_name", "contact_mobile")] == [
        "张三",
        "李四",
        "13900000000",
    ]


def test_the_unit_in_the_label_counts() -> None:
    rows = (("", "2020年", "2021年", "2022年"), ("资产总额（亿元）", "1.2", "1.3", "5000万元"))
    reading = _read(TITLE, _table(1, *BASICS), _table(2, *rows))
    assert [reading.record.fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == [12000, 13000, 5000]


def test_a_field_given_twice_with_different_answers_is_unsure() -> None:
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("企业名称", "上海乙公司")))
    assert not reading.record.fields["company_name"].certain


def test_a_merged_link_counts_for_each_row_and_an_example_for_none() -> None:
    head = (
        "序号",
        "环节名称",
        "场景名称",
        "场景实例名称",
        "场景实例描述",
        "解决的痛点问题描述",
        "采用的技术方案",
        "已实施成效",
    )
    rows = [
        head,
        ("示例", "生产作业", "人机协同制造", "甲", "乙", "丙", "丁", "戊"),
        ("1", "仓储物流", "智能仓储", "一", "二", "三", "四", "五"),
        ("2", "", "精准配送", "六", "七", "八", "九", "十"),
    ]
    found = _table(2, *rows)
    found.cells = [c for c in found.cells if (c.row, c.column) != (4, 2)]
    next(c for c in found.cells if (c.row, c.column) == (3, 2)).row_span = 2
    reading = _read(TITLE, _table(1, *BASICS), found)
    assert [(r["link"].value, r["scene"].value, r["safeguards"].value) for r in reading.record.tables["scenes"]] == [
        ("仓储物流", "智能仓储", None),
        ("仓储物流", "精准配送", None),
    ]
    assert "scenes.safeguards" in {m.key for m in reading.missing_labels}


def test_an_unknown_document_has_no_values() -> None:
    other = _table(
        1,
        ("企业名称", "上海甲公司"),
        ("统一社会信用代码", "x"),
        ("联系人", "张三"),
        ("成立时间", "2001年"),
        ("邮箱", "a@b.cn"),
    )
    reading = _read(Paragraph("专精特新企业申请书", 1), other)
    assert (reading.record.form, reading.record.fields, [n.code for n in reading.record.notes]) == (
        "unknown",
        {},
        ["F06"],
    )


def test_a_title_in_the_header_does_not_overrule_what_the_document_holds() -> None:
    data = forms.fill("factory", forms.clean_factory(), header="智能制造试点示范项目申报书（优秀场景）")
    (reading,) = read_bytes(data, forms.CATALOG, "x.docx")
    assert reading.record.form == "factory"
