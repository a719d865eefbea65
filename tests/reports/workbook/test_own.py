"""A person's own columns, sheets, colours and widths come back where they were; what cannot is told of, and the workbook kept."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from catalog import Catalog
from checks.registry import Outcomes
from records.book.keeping import Book
from records.models import Finding
from reports.results.model import DistrictResult
from reports.results.progress import State
from reports.results.round import views
from reports.workbook.saving import Heard
from reports.write import write_round, write_workbook
from tests.reports.conftest import DISTRICT, Make, application, finding
from tests.reports.workbook.edits import BOOK, SHEET, A, B, C, Sheet

YELLOW = PatternFill("solid", fgColor="FFFFFF00")
FIELDS = ("company_name", "uscc", "size", "industry_category")


class Office:
    """A folder with a workbook that is written again and again; the book of decisions stays."""

    def __init__(self, catalog: Catalog, folder: Path, book: Book | None) -> None:
        self.folder, self.book, self.catalog = folder, book, catalog
        self.findings: list[Finding] = [
            finding(n, f"{DISTRICT}/{n % 2 + 1:03d}.docx", field=FIELDS[n - 1], evidence=f"原文{n}", where=f"表1 行{n}")
            for n in range(1, 5)
        ]
        self.write()

    @property
    def path(self) -> Path:
        return self.folder / BOOK

    def write(self, *without: str) -> Heard:
        heard = Heard()
        shown = [f for f in self.findings if f.id not in without]
        result = DistrictResult(self.catalog, DISTRICT, [application(1), application(2)], Outcomes(shown))
        write_workbook(replace(result), self.folder, State.load(self.folder), heard, lambda _text: None, self.book)
        return heard

    def edit(self, change: Callable[[Sheet], None], name: str = BOOK) -> None:
        sheet = Sheet(self.folder / name)
        change(sheet)
        sheet.book.save(self.folder / name)

    def column(self, head: str) -> dict[str, object]:
        """What stands under a head, by finding."""
        sheet = Sheet(self.path)
        at, ids = sheet.column(head), sheet.column("编号")
        return {str(sheet.of.cell(r, ids).value): sheet.of.cell(r, at).value for r in sheet.rows()}

    def heads(self) -> list[object]:
        return [c.value for c in Sheet(self.path).of[1]]


@pytest.fixture(params=["book", "exports"])
def office(request: pytest.FixtureRequest, catalog: Catalog, tmp_path: Path) -> Office:
    if request.param == "exports":
        return Office(catalog, tmp_path / "out", None)
    return Office(catalog, tmp_path / "out", Book.open(f"sqlite:///{tmp_path}/decisions.sqlite"))


def own_column(sheet: Sheet, head: str = "电话核实", before: str = "证据", **cells: object) -> None:
    at = sheet.column(before)
    sheet.of.insert_cols(at)
    sheet.of.cell(1, at).value = head
    for key, text in {A: cells.get("a"), B: cells.get("b"), C: cells.get("c")}.items():
        sheet.of.cell(sheet.row(key), at).value = text  # type: ignore[assignment]


def test_an_own_column_in_the_middle_comes_back_there_row_by_row(office: Office) -> None:
    day = dt.datetime(2026, 11, 29)  # noqa: DTZ001 - Office knows no time zones

    def change(s: Sheet) -> None:
        own_column(s, a="已打两次", b=3, c=day)
        s.of.column_dimensions["G"].width = 33

    office.edit(change)
    heard = office.write()
    assert any("“电话核实”" in m and "带回原处" in m for m in heard.messages)
    assert heard.waiting() == []
    office.findings.reverse()
    for _ in range(2):
        assert office.write().messages == []
        assert office.heads()[5:8] == ["位置", "电话核实", "证据"]
        assert {k: v for k, v in office.column("电话核实").items() if v} == {A: "已打两次", B: 3, C: day}
        assert Sheet(office.path).of.column_dimensions["G"].width == pytest.approx(33, abs=0.3)
    choices = Sheet(office.path).of.data_validations.dataValidation[0]
    assert {a.min_col for a in choices.sqref.ranges} == {office.heads().index("处理") + 1}


def test_it_follows_its_rows_when_they_are_sorted_filtered_or_deleted_and_is_there_again_with_its_finding(
    office: Office,
) -> None:
    office.edit(lambda s: own_column(s, a="甲", b="乙", c="丙"))
    office.write()

    def sorted_and_deleted(s: Sheet) -> None:
        s.sort("序号", "")
        s.of.auto_filter.add_filter_column(0, ["002"])
        s.of.delete_rows(s.row(B))

    office.edit(sorted_and_deleted)
    office.write()
    assert {k: v for k, v in office.column("电话核实").items() if v} == {A: "甲", B: "乙", C: "丙"}
    office.write(B)
    past = load_workbook(office.path)["往期意见"]
    assert "电话核实：乙" in {c.value for row in past for c in row}
    office.edit(lambda s: s.write(A, "电话核实", None))
    office.write(B)
    office.write()
    assert {k: v for k, v in office.column("电话核实").items() if v} == {B: "乙", C: "丙"}


def test_heads_renamed_and_columns_taken_out(office: Office) -> None:
    office.edit(lambda s: own_column(s, a="甲"))
    office.write()

    def renamed(s: Sheet) -> None:
        s.of.cell(1, s.column("电话核实")).value = "电话"
        s.of.cell(1, s.column("意见状态")).value = "状态"

    office.edit(renamed)
    office.write()
    assert "电话核实" not in office.heads()
    assert office.heads().count("意见状态") == 1
    assert "状态" not in office.heads()
    assert office.column("电话")[A] == "甲"
    office.edit(lambda s: s.of.delete_cols(s.column("电话")))
    heard = office.write()
    assert "电话" not in office.heads()
    assert [u.cells for u in heard.waiting()] == [{"状态（N列）": "状态"}]


def test_a_merged_cell_holds_for_all_its_rows(office: Office) -> None:
    def change(s: Sheet) -> None:
        own_column(s)
        at, first = s.column("电话核实"), s.rows()[0]
        s.of.cell(first, at).value = "两行同一句"
        s.of.merge_cells(start_row=first, end_row=first + 1, start_column=at, end_column=at)

    office.edit(change)
    office.write()
    assert [v for v in office.column("电话核实").values() if v] == ["两行同一句"] * 2


def test_an_own_column_survives_a_renamed_sheet_and_a_part_sort_is_not_believed(office: Office) -> None:
    office.edit(lambda s: own_column(s, a="甲", b="乙"))
    office.edit(lambda s: setattr(s.of, "title", "问题清单（一组）"))
    office.write()
    assert office.column("电话核实")[A] == "甲"
    assert SHEET in load_workbook(office.path).sheetnames
    office.edit(lambda s: s.sort("序号", "依据"))
    heard = office.write()
    assert {"甲", "乙"} <= {t for u in heard.waiting() for t in u.cells.values()}


def test_colours_notes_and_widths_come_back_at_their_finding(office: Office) -> None:
    def change(s: Sheet) -> None:
        s.of.cell(s.row(B), s.column("问题")).fill = YELLOW
        s.of.cell(s.row(B), s.column("证据")).font = Font(strike=True, color="FFFF0000")
        s.of.cell(s.row(B), s.column("处理")).comment = Comment("先问清楚", "王五")
        s.of.column_dimensions["E"].width, s.of.column_dimensions["F"].hidden = 70, True

    office.edit(change)
    office.write()
    office.findings.reverse()
    for _ in range(2):
        heard = office.write()
        assert heard.waiting() == []
        s = Sheet(office.path)
        marked = {
            s.of.cell(r, s.column("编号")).value
            for r in s.rows()
            if s.of.cell(r, s.column("问题")).fill.fgColor.rgb == "FFFFFF00"
        }
        assert marked == {B}
        font = s.of.cell(s.row(B), s.column("证据")).font
        assert (font.strike, font.color.rgb) == (True, "FFFF0000")
        assert s.of.cell(s.row(B), s.column("处理")).comment.text.strip() == "先问清楚"
        assert s.of.column_dimensions["E"].width == pytest.approx(70, abs=0.3)
        assert s.of.column_dimensions["F"].hidden


def test_a_theme_colour_is_the_same_colour(office: Office) -> None:
    from openpyxl.styles.colors import Color

    def change(s: Sheet) -> None:
        s.of.cell(s.row(B), 2).fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.5))

    office.edit(change)
    office.write()
    s = Sheet(office.path)
    assert s.of.cell(s.row(B), 2).fill.fgColor.rgb == "FFA7C0DE"


def own_sheet(s: Sheet) -> None:
    own = s.book.create_sheet("会议记录", 1)
    own["A1"], own["A2"], own["B2"], own["A3"] = "第一次会", 3, 0.25, "=SUM(A2:A2)"
    own["B3"], own["A4"] = '=COUNTIF(问题清单!J:J,"维持")', "=问题清单!E3"
    own["B2"].number_format = "0%"
    own["A1"].fill, own["A1"].font = YELLOW, Font(name="楷体", sz=14, b=True)
    own.merge_cells("A1:C1")
    own.column_dimensions["A"].width, own.row_dimensions[1].height = 40, 33
    own.freeze_panes = "A2"
    validation = DataValidation(type="list", formula1='"是,否"')
    validation.add("C2:C9")
    own.add_data_validation(validation)


def test_an_own_sheet_comes_back_whole_and_where_it_was(office: Office) -> None:
    office.edit(own_sheet)
    left = office.path.read_bytes()
    heard = office.write()
    assert heard.waiting() == []
    assert any("“会议记录”" in m and "下拉选项" in m and "台账存档" in m for m in heard.messages)
    assert any("“会议记录”第4行的公式" in m for m in heard.messages)
    assert left in [p.read_bytes() for p in (office.folder / "台账存档").iterdir()]
    for _ in range(2):
        book = load_workbook(office.path)
        assert book.sheetnames[:3] == ["申报项目", "会议记录", "场景实例"]
        own = book["会议记录"]
        assert (own["A1"].value, own["A2"].value, own["B2"].value) == ("第一次会", 3, 0.25)
        assert [own[a].data_type for a in ("A3", "B3", "A4")] == ["f", "f", "s"]
        assert (own["A3"].value, own["A4"].value) == ("=SUM(A2:A2)", "=问题清单!E3")
        assert (own["A1"].fill.fgColor.rgb, own["A1"].font.name, own["A1"].font.sz, own["A1"].font.b) == (
            "FFFFFF00", "楷体", 14, True,
        )  # fmt: skip
        assert own["B2"].number_format == "0%"
        assert [str(a) for a in own.merged_cells.ranges] == ["A1:C1"]
        assert (own.column_dimensions["A"].width, own.row_dimensions[1].height, own.freeze_panes) == (
            pytest.approx(40, abs=0.3), 33, "A2",
        )  # fmt: skip
        before = office.path.read_bytes()
        assert office.write().messages == []
        assert office.path.read_bytes() == before


@pytest.mark.parametrize(
    "formula", ["=[1]表!A1", '=WEBSERVICE("http://x.example")', "=某名称+1", '=HYPERLINK("http://x.example")']
)
def test_a_formula_that_reaches_out_stays_as_a_text(office: Office, formula: str) -> None:
    def change(s: Sheet) -> None:
        s.book.create_sheet("会议记录")["A1"] = formula

    office.edit(change)
    heard = office.write()
    cell = load_workbook(office.path)["会议记录"]["A1"]
    assert (cell.value, cell.data_type) == (formula, "s")
    assert any("改存为文字" in m for m in heard.messages)


def test_a_formula_in_an_own_column_goes_by_its_row_or_stays_as_a_text(office: Office) -> None:
    def change(s: Sheet) -> None:
        own_column(s, before="申报单位")
        for key, row in ((A, s.row(A)), (B, s.row(B))):
            s.write(key, "电话核实", f'=IF(K{row}="撤销","略",C{row})')
        s.write(C, "电话核实", "=A2&A3")

    office.edit(change)
    office.findings.reverse()
    office.write()
    s = Sheet(office.path)
    assert s.of.cell(1, 11).value == "处理"
    assert office.column("电话核实") | {A: "", B: ""} == {
        **dict.fromkeys(office.column("电话核实")),
        A: "",
        B: "",
        C: "=A2&A3",
    }
    for key in (A, B):
        assert office.column("电话核实")[key] == f'=IF(K{s.row(key)}="撤销","略",C{s.row(key)})'
    assert s.of.cell(s.row(C), s.column("电话核实")).data_type == "s"


def test_two_peoples_copies_are_brought_together_and_what_they_say_otherwise_is_told(office: Office) -> None:
    office.edit(lambda s: own_column(s, a="本表"))
    office.write()
    for name, change in (
        ("张三-审查台账.xlsx", lambda s: (s.write(B, "电话核实", "张三打的"), s.write(A, "电话核实", "张三另说"))),
        ("李四-审查台账.xlsx", lambda s: (own_column(s, "现场", c="李四看过"), own_sheet(s))),
    ):
        shutil.copy(office.path, office.folder / name)
        office.edit(change, name)
    office.write()
    assert office.column("电话核实")[B] == "张三打的"
    assert office.column("电话核实")[A] == "张三另说"  # nobody has touched the office's own since
    assert office.column("现场")[C] == "李四看过"
    assert "会议记录" in load_workbook(office.path).sheetnames

    office.edit(lambda s: s.write(A, "电话核实", "本表又改"))
    office.edit(lambda s: s.write(A, "电话核实", "张三再改"), "张三-审查台账.xlsx")
    office.edit(lambda s: s.book["会议记录"].__setitem__("A2", 4), "李四-审查台账.xlsx")
    heard = office.write()
    assert office.column("电话核实")[A] == "本表又改"
    assert "张三再改" in {t for u in heard.waiting() for t in u.cells.values()}
    assert any("另列为“会议记录（2）”" in m for m in heard.messages)
    book = load_workbook(office.path)
    assert (book["会议记录"]["A2"].value, book["会议记录（2）"]["A2"].value) == (3, 4)


def test_an_old_copy_does_not_bring_back_what_was_changed_since(office: Office) -> None:
    office.edit(lambda s: own_column(s, a="初稿"))
    office.write()
    shutil.copy(office.path, office.folder / "张三-审查台账.xlsx")
    office.edit(lambda s: s.write(A, "电话核实", "定稿"))
    office.write()
    office.edit(lambda s: s.write(B, "说明", "只写了说明"), "张三-审查台账.xlsx")
    heard = office.write()
    assert office.column("电话核实")[A] == "定稿"
    assert heard.waiting() == []


def test_where_the_workbook_is_gone_or_damaged_its_words_are_listed(office: Office) -> None:
    office.edit(lambda s: (own_column(s, a="电话里说的"), own_sheet(s)))
    office.write()
    office.path.unlink()
    heard = office.write()
    assert {"电话里说的", "第一次会"} <= {t for u in heard.waiting() for t in u.cells.values()}
    assert any("没有带回原处" in m for m in heard.messages)
    listed = [c.value for row in load_workbook(office.path)["未能归入的意见"] for c in row]
    assert any("电话里说的" in str(v) for v in listed)


def test_a_column_beside_the_applications_goes_by_the_application(office: Office) -> None:
    def change(s: Sheet) -> None:
        of = s.book["申报项目"]
        of.cell(1, of.max_column + 1).value = "主审"
        of.cell(3, of.max_column).value = "赵六"
        of.cell(3, 3).fill = YELLOW

    office.edit(change)
    office.write()
    of = load_workbook(office.path)["申报项目"]
    at = next(c.column for c in of[1] if c.value == "主审")
    assert [of.cell(r, at).value for r in (2, 3)] == [None, "赵六"]
    assert of["C3"].fill.fgColor.rgb == "FFFFFF00"


def test_a_column_beside_the_offices_comes_back_in_the_rounds_workbook(make: Make, tmp_path: Path) -> None:
    result, path = make(1, [finding(1, f"{DISTRICT}/001.docx")]), tmp_path / "全市/全市审查台账.xlsx"
    write_round(views([result], tmp_path), path.parent)
    book = load_workbook(path)
    of = book["推荐单位对比"]
    at = of.max_column + 1
    of.cell(1, at).value, of.cell(2, at).value = "备注", "催过两次"
    book.save(path)
    heard = Heard()
    write_round(views([result], tmp_path), path.parent, heard=heard)
    of = load_workbook(path)["推荐单位对比"]
    at = next(c.column for c in of[1] if c.value == "备注")
    assert of.cell(2, at).value == "催过两次"
    assert heard.waiting() == []
    assert len(of._charts) == 1


def without_proofs(office: Office, path: Path, *sheets: str) -> list[str]:
    """Save the workbook as ``path`` without its hidden columns, with a word in a column of one's own on each of its sheets (on
    ``sheets`` alone where some are named, the others taken out), and a text of the program's changed; the words."""
    book, said = load_workbook(office.path), []
    for sheet in book.worksheets:
        if sheets and sheet.title not in sheets:
            book.remove(sheet)
            continue
        heads = [str(c.value or "") for c in sheet[1]]
        sheet.delete_cols(next(n for n, h in enumerate(heads, 1) if h.startswith("底稿")))
        said += [f"{sheet.title}自加", f"{sheet.title}改过", f"{sheet.title}表头"]
        sheet.cell(1, len(heads) + 1).value = said[-1]
        sheet.cell(2, len(heads) + 1).value = said[-3]
        sheet.cell(2, heads.index("问题") + 1 if "问题" in heads else 2).value = said[-2]
    book.save(path)
    return said


def test_without_the_hidden_columns_no_word_is_lost_on_any_sheet(office: Office) -> None:
    said = without_proofs(office, office.path)
    assert len(said) > 6
    heard = office.write()
    texts = [str(c.value) for sheet in load_workbook(office.path) for row in sheet.iter_rows() for c in row if c.value]
    assert [word for word in said if not any(word in text for text in texts)] == []
    assert len(heard.unplaced) < len(said) + 2, "what the program wrote is not told as anybody's"


def test_a_copy_of_other_sheets_alone_is_told_of(office: Office) -> None:
    without_proofs(office, office.folder / "李四.xlsx", "申报项目")
    assert any("李四.xlsx" in trouble for trouble in office.write().troubles)
