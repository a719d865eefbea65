"""附件4 as a workbook: what a person reads in it is what is fitted, and what they do not see is told of."""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Protection
from openpyxl.worksheet.worksheet import Worksheet
from xlrd.formula import FormulaError

from extractors.document.errors import Protected, Unreadable
from extractors.document.model import Table
from extractors.sheet import book
from extractors.sheet.read import read_csv, read_xls, read_xlsx
from tests.extractors.sheet.books import (
    FACTORIES,
    OFFICE,
    ROWS,
    SCENES,
    TITLE,
    TRUE,
    WORKS,
    grid,
    line,
    read,
    said,
    saved,
    table,
    texts,
)


def test_the_form_is_read_with_places_that_a_person_finds() -> None:
    reading = read(table())
    assert reading.record.form == "summary"
    assert reading.record.source.format == "xlsx"
    assert reading.record.fields["recommender"].value == OFFICE
    assert said(reading) == TRUE
    first = reading.record.tables["scene_recommendations"][0]
    assert {k: v.where for k, v in first.items()}["company"] == "工作表“附件4” B6"
    assert all(v.certain for rows in reading.record.tables.values() for row in rows for v in row.values())
    assert reading.record.notes == []


def test_several_sheets_with_a_table_each() -> None:
    made = Workbook()
    first, second = made.active, made.create_sheet("示范工厂")
    assert first is not None
    first.title = "优秀场景"
    for sheet, head, rows in ((first, SCENES, ROWS), (second, FACTORIES, WORKS)):
        line(sheet, 1, TITLE)
        sheet["A2"], sheet["B2"] = "推荐单位（盖章）", OFFICE
        grid(sheet, 3, head, rows)
    made.create_sheet("Sheet3")
    reading = read(saved(made))
    assert reading.record.fields["recommender"].value == OFFICE
    assert said(reading) == TRUE


def test_a_table_that_begins_somewhere_and_has_no_titles() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Sheet1"
    sheet["D4"], sheet["D5"], sheet["D6"] = TITLE, f"推荐单位：{OFFICE}", "优秀场景"
    for row, cells in enumerate((SCENES, *ROWS), 9):
        for column, value in enumerate(cells):
            sheet.cell(row, 4 + 2 * column, value)
    reading = read(saved(made))
    assert said(reading)["scene_recommendations"] == TRUE["scene_recommendations"]


def test_companies_merged_over_their_instances() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    line(sheet, 1, TITLE, 7)
    grid(
        sheet, 2, ("序号", "申报企业名称", "环节名称", "场景名称", "场景实例名称", "联系人", "联系方式（手机号）"),
        [(1, "上海澄驰传动有限公司", "生产作业", "人机协同制造", "壳体柔性加工", "宁采臣", 13900001501), (None, None, "仓储物流", "智能仓储", "成品立体仓储")],
    )  # fmt: skip
    for column in "ABFG":
        sheet.merge_cells(f"{column}3:{column}4")
    (row,) = said(read(saved(made)))["scene_recommendations"]
    assert row == TRUE["scene_recommendations"][0]


@pytest.mark.parametrize("titled", [True, False])
def test_a_column_of_the_offices_own_makes_no_other_table_of_it(titled: bool) -> None:
    heads, *rows = ([*r[:2], "所属行业" if r is SCENES else "汽车", *r[2:]] for r in (SCENES, *ROWS))
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    line(sheet, 1, TITLE)
    sheet["A2"], sheet["B2"] = "推荐单位（盖章）", OFFICE
    if titled:
        sheet["A3"] = "1.智能制造优秀场景"
    grid(sheet, 4, heads, rows)
    assert said(read(saved(made)))["scene_recommendations"] == TRUE["scene_recommendations"]


def test_columns_of_the_offices_own_hide_no_list() -> None:
    heads, *rows = (
        [
            r[0],
            "所属区" if r is SCENES else "嘉定区",
            *r[1:],
            *(("评分", "是否推荐", "备注") if r is SCENES else (92, "是", "")),
        ]
        for r in (SCENES, *ROWS)
    )
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    line(sheet, 1, TITLE)
    grid(sheet, 2, heads, rows)
    assert said(read(saved(made)))["scene_recommendations"] == TRUE["scene_recommendations"]


def test_who_can_be_reached_is_no_recommendation() -> None:
    made = Workbook()
    first, second = made.active, made.create_sheet("通讯录")
    assert first is not None
    line(first, 1, TITLE)
    grid(first, 2, SCENES, ROWS)
    grid(second, 1, ("序号", "企业名称", "联系人", "手机号"), [(1, "上海丙公司", "张三", 13900001509)])
    assert said(read(saved(made)))["scene_recommendations"] == TRUE["scene_recommendations"]


def _hide_a_row(_: Workbook, sheet: Worksheet) -> None:
    sheet.row_dimensions[7].hidden = True


def _hide_a_column(_: Workbook, sheet: Worksheet) -> None:
    sheet.column_dimensions["D"].hidden = True


def test_a_hidden_row_is_read_told_of_and_not_certain() -> None:
    reading = read(table(_hide_a_row))
    assert said(reading) == TRUE
    first, second = reading.record.tables["scene_recommendations"]
    assert all(v.certain for v in first.values())
    assert {v.doubts for v in second.values()} == {("hidden_cell",)}
    (note,) = reading.record.notes
    assert (note.code, note.where) == ("S03", "工作表“附件4” 第7行")
    assert ROWS[1][1] in note.evidence


def test_many_hidden_rows_are_counted() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        for row in range(20, 50):
            sheet.cell(row, 1, "x")
            sheet.row_dimensions[row].hidden = True

    (note,) = read_xlsx(table(change)).notes
    assert "等30行；" in note.message


def test_a_hidden_column_is_read_told_of_and_not_certain() -> None:
    reading = read(table(_hide_a_column))
    assert said(reading) == TRUE
    contacts = [r["contact"] for r in reading.record.tables["scene_recommendations"]]
    assert {v.doubts for v in contacts} == {("hidden_cell",)}
    assert "D列" in reading.record.notes[0].message


def test_a_hidden_sheet_is_told_of_and_fills_in_nothing() -> None:
    def change(made: Workbook, _: Worksheet) -> None:
        other = made.create_sheet("底稿")
        grid(other, 1, SCENES, [(3, "上海第三有限公司", "", "某人", "13900001509")])
        other.sheet_state = "veryHidden"

    reading = read(table(change))
    assert said(reading) == TRUE
    (note,) = reading.record.notes
    assert note.code == "S03"
    assert "底稿" in note.message
    assert "上海第三有限公司" in note.evidence
    assert any(line.text == "上海第三有限公司" and line.place == "hidden" for line in reading.lines)


def test_text_that_no_cell_shows_is_told_of() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["B20"] = 3150
        sheet["B20"].number_format = ";;;"

    reading = read(table(change))
    assert [(n.code, n.evidence) for n in reading.record.notes] == [("S03", "3150")]


def test_a_formula_is_its_result_and_one_without_is_told_of() -> None:
    data = table(lambda _, sheet: sheet.__setitem__("E6", "=13900000000+1501"))
    reading = read(data)
    value = reading.record.tables["scene_recommendations"][0]["mobile"]
    assert (value.raw, value.doubts) == ("=13900000000+1501", ("formula_without_result",))
    assert [n.code for n in reading.record.notes] == ["F08"]
    computed = _part(
        data, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>13900001501</v>", b"<v />", b"<v>13900001501</v>"
    )
    assert said(read(computed)) == TRUE
    assert read(computed).record.notes == []


def _part(data: bytes, name: str, *changes: bytes) -> bytes:
    """A package with ``changes`` (what to what) in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            part = old.read(item)
            for what, other in zip(changes[::2], changes[1::2], strict=True):
                part = part.replace(what, other) if item == name else part
            new.writestr(item, part)
    return out.getvalue()


def test_figures_and_dates_stand_as_the_sheet_shows_them() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row, (value, code) in enumerate(
        [
            (dt.date(2023, 8, 1), 'yyyy"年"m"月"d"日"'),
            (0.128, "0.0%"),
            (7, "000"),
            (913101150000000123, "0"),
            (True, "General"),
        ],
        1,
    ):
        sheet.cell(row, 1, value).number_format = code
        sheet.cell(row, 2, "x")
    (found,) = [b for b in read_xlsx(saved(made)).blocks if isinstance(b, Table)]
    shown = [c for c in found.cells if c.column == 1]
    assert [c.text for c in shown] == ["2023年8月1日", "12.8%", "007", "913101150000000000", "TRUE"]
    assert [c.confidence < 0.95 for c in shown] == [False, False, False, True, False]


def test_comments_headers_and_links_are_told_of() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["B6"].comment = Comment("这家去年报过", "某人")
        sheet.oddHeader.center.text = "内部资料 不得外传"
        sheet["B7"].hyperlink = "file:///D:/a.doc"
        sheet["B6"].hyperlink = "https://example.com/"

    reading = read(table(change))
    assert [(n.code, n.evidence) for n in reading.record.notes] == [
        ("F05", "这家去年报过"),
        ("S03", "file:///D:/a.doc"),
    ]
    assert any(found.place == "header" and found.text == "内部资料 不得外传" for found in reading.lines)


def test_macros_are_told_of() -> None:
    out = io.BytesIO(table())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
        package.writestr("xl/embeddings/oleObject1.bin", b"x")
    reading = read(out.getvalue(), "附件4.xlsm")
    assert {(n.code, n.where) for n in reading.record.notes} == {
        ("F04", "xl/vbaProject.bin"),
        ("F04", "xl/embeddings/oleObject1.bin"),
    }
    assert said(reading) == TRUE


_HOLDS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_HELD = _HOLDS.format(
    '<Relationship Id="o1" Target="../{}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"/>'
)
_SHEET = '<worksheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><oleObject progId="{}" r:id="o1"/></worksheet>'


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"xl/chartsheets/_rels/sheet1.xml.rels": _HELD.format("media/object1.bin"), "xl/media/object1.bin": "x"}, "xl/media/object1.bin"),
        ({"customXml/embeddings/object1.bin": "x"}, "customXml/embeddings/object1.bin"),
        ({"xl/embeddings/object1.bin": "x", "xl/worksheets/_rels/sheet9.xml.rels": _HELD.format("embeddings/object1.bin"),
          "xl/worksheets/sheet9.xml": _SHEET.format("Package")}, "xl/embeddings/object1.bin"),
        ({"xl/embeddings/object1.bin": "x", "xl/worksheets/_rels/sheet9.xml.rels": _HELD.format("embeddings/object1.bin"),
          "xl/worksheets/sheet9.xml": _SHEET.format("Equation.3")}, ""),
    ],
)  # fmt: skip
def test_an_object_is_told_of_wherever_it_lies_and_an_equation_is_none(parts: dict[str, str], where: str) -> None:
    out = io.BytesIO(table())
    with zipfile.ZipFile(out, "a") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    notes = read(out.getvalue()).record.notes
    assert [(n.code, n.where) for n in notes] == ([("F04", where)] if where else [])


def test_a_budget_is_no_form() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    line(sheet, 1, "项目预算表")
    grid(sheet, 2, ("序号", "科目", "金额（万元）", "备注"), [(1, "设备购置", 120.5, ""), (2, "软件", 30, "")])
    reading = read(saved(made))
    assert reading.record.form == "unknown"
    assert [n.code for n in reading.record.notes] == ["F06"]


# ------------------------------------------------------------------------------------------------------- tables of text
def _csv(separator: str = ",") -> str:
    out = io.StringIO()
    rows: list[tuple[object, ...]] = [
        (TITLE, "", "", "", "", ""), (f"推荐单位（盖章）：{OFFICE}", "", "", "", "", ""), (*SCENES, ""), *((*r, "") for r in ROWS),
        ("智能制造示范工厂", "", "", "", "", ""), FACTORIES, *WORKS,
    ]  # fmt: skip
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (_csv().encode("gb18030"), "附件4.csv"), (_csv().encode("utf-8"), "附件4.csv"), (_csv().encode("utf-8-sig"), "附件4.csv"),
        (_csv("\t").encode("utf-16"), "附件4.txt"), (_csv(";").encode(), "附件4.csv"), (_csv("\t").encode("gb18030"), "附件4.xls"),
    ],
    ids=["gbk", "utf8", "bom", "utf16-tab", "semicolon", "tab-named-xls"],
)  # fmt: skip
def test_a_table_of_text(data: bytes, name: str) -> None:
    reading = read(data, name)
    assert reading.record.source.format == "csv"
    assert reading.record.fields["recommender"].value == OFFICE
    assert said(reading) == TRUE
    assert reading.record.tables["scene_recommendations"][0]["company"].where == "行4 列2"
    assert [n.code for n in reading.record.notes] == (["F11"] if name.endswith(".xls") else [])


def test_a_quotation_mark_that_is_never_closed_swallows_no_row() -> None:
    found = next(read_csv('序号,企业,联系人\n1,"甲公司,某人\n2,乙公司,别人\n'.encode()).tables())
    assert found.rows == 3
    assert all(c.confidence < 0.95 for c in found.cells if c.text)


def test_numbers_that_excel_cut_short_are_not_certain() -> None:
    found = next(read_csv('名称,代码,电话\n甲,9.1310E+17,="00123"\n'.encode()).tables())
    texts_and_trust = [(c.text, c.confidence) for c in found.cells if c.row == 2]
    assert texts_and_trust == [("甲", 1.0), ("9.1310E+17", 0.6), ("00123", 1.0)]


# ------------------------------------------------------------------------------------------------------------- ill will
def test_a_sheet_whose_looks_reach_to_its_end_costs_nothing() -> None:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(50, 30_000))
    changes = (b"</sheetData>", rows + b"</sheetData>", b"A4:F4", b"A100:XFD1048576")
    data = _part(table(), "xl/worksheets/sheet1.xml", *changes)
    assert said(read(data)) == TRUE


def test_a_merged_cell_over_everything_is_one_cell() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "甲"
    sheet.merge_cells("A1:B2")
    data = _part(saved(made), "xl/worksheets/sheet1.xml", b"A1:B2", b"A1:XFD1048576")
    assert texts(data) == ["甲"]


def test_text_beneath_a_merged_cell_is_told_of() -> None:
    reading = read(_part(table(), "xl/worksheets/sheet1.xml", b"A4:F4", b"A6:B6"))
    assert [(n.code, n.evidence) for n in reading.record.notes] == [("S03", ROWS[0][1])]


def test_more_cells_than_anybody_reads_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "SHEET", book.SHEET._replace(filled=20_000))
    row = b"<row>" + b"<c><v>1</v></c>" * 5_000 + b"</row>"
    data = _part(table(), "xl/worksheets/sheet1.xml", b"</sheetData>", row * 5 + b"</sheetData>")
    with pytest.raises(Unreadable, match="2万个单元格"):
        read_xlsx(data)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04" + bytes(60), table()[:3000], _part(table(), "xl/worksheets/sheet1.xml", b"<c", b"<<")]
)
def test_a_damaged_workbook_is_told_of(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_xlsx(data)


def test_a_cell_of_text_without_a_text_is_blank() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["F6"] = "备注"

    data = table(change)
    empty = _part(data, "xl/worksheets/sheet1.xml", b't="inlineStr"><is><t>&#22791;&#27880;</t></is>', b't="s"><v/>')
    assert empty != data
    assert said(read(empty)) == TRUE


def test_parts_are_found_in_any_case() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(table())) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            made.writestr(name.replace("sheet1.xml", "Sheet1.XML"), given.read(name))
    assert said(read(out.getvalue())) == TRUE


def test_a_formula_that_cannot_be_understood_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise FormulaError("Token 0x2d")

    monkeypatch.setattr("xlrd.open_workbook", broken)
    with pytest.raises(Unreadable):
        read_xls(b"")


def test_formats_of_a_workbook_older_than_excel_5_are_counted() -> None:
    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    counted = [b"General", *[b"0.00"] * 13, b"#,##0", b"0.00%"]
    formats = b"".join(record(0x041E, bytes([0, 0, len(code)]) + code) for code in counted)
    looks = b"".join(record(0x0443, bytes([0, number]) + bytes(10)) for number in (0, 14, 15))
    cells = b"".join(
        record(0x0203, struct.pack("<HHHd", 0, look, look, value)) for look, value in enumerate((7, 43950, 0.125))
    )
    data = record(0x0409, struct.pack("<HHH", 4, 0x10, 0)) + formats + looks + cells + record(0x0A, b"")
    assert [c.text for t in read_xls(data).tables() for c in t.cells] == ["7", "43,950", "12.50%"]


def test_entities_are_not_read() -> None:
    data = _part(table(), "xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read_xlsx(data)


def test_radicals_are_read_as_the_characters_people_write() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["D6"] = "⾼⻋"

    cells = [c.text for t in read_xlsx(table(change)).tables() for c in t.cells]
    assert "高车" in cells


def test_a_sheet_protected_against_changes_is_read() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet.protection.sheet = True
        sheet.protection.password = "x"
        sheet["A6"].protection = Protection(hidden=True)

    assert said(read(table(change))) == TRUE


@pytest.mark.parametrize(
    "data", [b"\x09\x08\x10\0\0\6\5\0" + bytes(40), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"x"]
)
def test_a_damaged_old_workbook_is_told_of(data: bytes) -> None:
    with pytest.raises(Unreadable) as told:
        read_xls(data)
    assert not isinstance(told.value, Protected)
