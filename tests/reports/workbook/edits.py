"""What people do to a workbook, one function each; what must become of the words they wrote."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

BOOK, SHEET = "审查台账.xlsx", "问题清单"
KEYS = [f"C02-{n:012x}" for n in range(1, 7)]
A, B, C, D, E, F = KEYS


@dataclass(frozen=True)
class Word:
    """``text`` must be taken in at the finding ``key``, or, where that is "", be told of; ``seen`` False: in a file that
    cannot be read, which must stay where it is and be named. ``back``: the sheet in which it must stand again as it was."""

    text: str
    key: str = ""
    seen: bool = True
    back: str = ""


@dataclass(frozen=True)
class Edit:
    """``change`` is done to a folder and says which words it wrote."""

    name: str
    change: Callable[[Path], list[Word]]


EDITS: list[Edit] = []


def on_folder(function: Callable[[Path], list[Word]]) -> Callable[[Path], list[Word]]:
    EDITS.append(Edit(function.__name__, function))
    return function


def on_sheet(function: Callable[[Sheet], list[Word]]) -> Callable[[Sheet], list[Word]]:
    def change(folder: Path) -> list[Word]:
        sheet = Sheet(folder / BOOK)
        words = function(sheet)
        sheet.book.save(folder / BOOK)
        return words

    EDITS.append(Edit(function.__name__, change))
    return function


class Sheet:
    """问题清单 of a workbook, by heads and finding ids."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book: Workbook = load_workbook(path)
        self.of: Worksheet = self.book[SHEET]

    def column(self, head: str) -> int:
        return next(c.column for c in self.of[1] if c.value == head)

    def row(self, key: str) -> int:
        at = self.column("编号")
        return next(r for r in range(2, self.of.max_row + 1) if self.of.cell(r, at).value == key)

    def write(self, key: str, head: str, text: object) -> None:
        self.of.cell(self.row(key), self.column(head)).value = text  # type: ignore[assignment]

    def rows(self) -> list[int]:
        at = self.column("编号")
        return [r for r in range(2, self.of.max_row + 1) if self.of.cell(r, at).value in KEYS]

    def sort(self, first: str, last: str, *, backwards: bool = True) -> None:
        """Sort the columns from ``first`` to ``last`` alone, as Excel does with a selection."""
        columns = range(self.column(first), (self.of.max_column if last == "" else self.column(last)) + 1)
        rows = self.rows()
        values = [[self.of.cell(r, c).value for c in columns] for r in rows]
        for r, row in zip(rows, reversed(values) if backwards else values, strict=True):
            for c, value in zip(columns, row, strict=True):
                self.of.cell(r, c).value = value


def copied(folder: Path, name: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(folder / BOOK, folder / name))


# -- words where they belong ------------------------------------------------------------------------------------------
@on_sheet
def words_where_they_belong(s: Sheet) -> list[Word]:
    for head, text in (("处理", "撤销"), ("说明", "执照已核"), ("处理人", "张三丰")):
        s.write(B, head, text)
    return [Word("撤销", B), Word("执照已核", B), Word("张三丰", B)]


@on_sheet
def a_second_column_headed_reason(s: Sheet) -> list[Word]:
    s.of.insert_cols(s.column("处理人"))
    s.of.cell(1, s.column("说明") + 1).value = "说明"
    s.write(B, "说明", "第一栏的话")
    for key, text in ((B, "第二栏的话"), (C, "只在第二栏")):
        s.of.cell(s.row(key), s.column("说明") + 1).value = text
    return [Word("第一栏的话", B), Word("第二栏的话", B), Word("只在第二栏", C)]


def _copy_row(s: Sheet, key: str) -> int:
    row = s.row(key)
    s.of.insert_rows(row + 1)
    for c in range(1, s.of.max_column + 1):
        s.of.cell(row + 1, c).value = s.of.cell(row, c).value
    return row + 1


@on_sheet
def a_copied_row_with_a_second_opinion(s: Sheet) -> list[Word]:
    s.write(B, "处理", "撤销")
    s.write(B, "说明", "甲认为不成立")
    row = _copy_row(s, B)
    s.of.cell(row, s.column("处理")).value = "维持"
    s.of.cell(row, s.column("说明")).value = "乙认为成立"
    return [Word("甲认为不成立", B), Word("乙认为成立", B)]


@on_sheet
def a_blank_copy_of_a_row_below_it(s: Sheet) -> list[Word]:
    _copy_row(s, B)
    s.write(B, "说明", "只写在第一行")
    return [Word("只写在第一行", B)]


@on_sheet
def a_blank_copy_of_a_row_above_it(s: Sheet) -> list[Word]:
    row = _copy_row(s, B)
    s.of.cell(row, s.column("说明")).value = "只写在第二行"
    return [Word("只写在第二行", B)]


@on_sheet
def the_id_cleared(s: Sheet) -> list[Word]:
    s.write(B, "说明", "编号被清掉了")
    s.write(B, "编号", None)
    return [Word("编号被清掉了", B)]


@on_sheet
def the_id_mistyped(s: Sheet) -> list[Word]:
    s.write(B, "说明", "编号被改错了")
    s.write(B, "编号", "C02-2")
    return [Word("编号被改错了", B), Word("C02-2")]


@on_sheet
def more_than_5000_characters(s: Sheet) -> list[Word]:
    text = "".join(f"第{n}句理由。" for n in range(5_000))[:32_700]
    s.write(B, "说明", text)
    return [Word(text, B)]


@on_sheet
def a_formula_without_a_value(s: Sheet) -> list[Word]:
    s.write(B, "说明", '="公式里"&"的话"')
    return [Word("公式里", B)]


@on_sheet
def action_merged_over_rows(s: Sheet) -> list[Word]:
    first, *rest = s.rows()[1:4]
    for head, text in (("处理", "维持"), ("说明", "三行同一理由")):
        at = s.column(head)
        s.of.cell(first, at).value = text
        s.of.merge_cells(start_row=first, end_row=rest[-1], start_column=at, end_column=at)
    return [Word("三行同一理由", str(s.of.cell(row, s.column("编号")).value)) for row in (first, *rest)]


@on_sheet
def all_columns_sorted(s: Sheet) -> list[Word]:
    s.write(B, "说明", "整表排序前写的")
    s.sort("序号", "")
    s.write(E, "说明", "整表排序后写的")
    return [Word("整表排序前写的", B), Word("整表排序后写的", E)]


@on_sheet
def contents_sorted_without_ids(s: Sheet) -> list[Word]:
    s.write(B, "说明", "写后部分排序")
    s.sort("序号", "处理人")
    return [Word("写后部分排序")]


@on_sheet
def contents_sorted_without_words(s: Sheet) -> list[Word]:
    s.write(B, "说明", "词没有跟着走")
    s.sort("序号", "依据")
    return [Word("词没有跟着走")]


@on_sheet
def ids_sorted_alone(s: Sheet) -> list[Word]:
    s.write(B, "说明", "只有编号排了序")
    s.sort("编号", "编号")
    return [Word("只有编号排了序")]


@on_sheet
def filtered_and_edited(s: Sheet) -> list[Word]:
    s.of.auto_filter.add_filter_column(0, ["002"])
    for row in s.rows():
        s.of.row_dimensions[row].hidden = row != s.row(D)
    s.write(D, "说明", "筛选后写的")
    return [Word("筛选后写的", D)]


@on_sheet
def rows_deleted(s: Sheet) -> list[Word]:
    s.write(E, "说明", "删了别的行")
    s.of.delete_rows(s.row(B), 2)
    return [Word("删了别的行", E)]


@on_sheet
def rows_inserted(s: Sheet) -> list[Word]:
    row = s.row(C)
    s.of.insert_rows(row)
    for head, text in (("申报单位", "自加单位"), ("问题", "自己发现的问题"), ("处理", "维持"), ("说明", "自加理由")):
        s.of.cell(row, s.column(head)).value = text
    s.write(C, "说明", "插行之下")
    return [Word("自己发现的问题"), Word("自加理由"), Word("自加单位"), Word("插行之下", C)]


@on_sheet
def columns_reordered(s: Sheet) -> list[Word]:
    s.write(B, "说明", "挪列之前")
    s.of.move_range(f"J1:L{s.of.max_row}", cols=20)
    s.write(C, "说明", "挪列之后")
    return [Word("挪列之前", B), Word("挪列之后", C)]


@on_sheet
def columns_hidden(s: Sheet) -> list[Word]:
    for letter in "BCDEFGHI":
        s.of.column_dimensions[letter].hidden = True
    s.write(B, "说明", "隐藏列后写的")
    return [Word("隐藏列后写的", B)]


@on_sheet
def columns_renamed(s: Sheet) -> list[Word]:
    for head, new in (("处理", "处理（张三填）"), ("说明", "说明 "), ("证据", "原文")):
        s.of.cell(1, s.column(head)).value = new
    s.of.cell(s.row(B), s.column("处理（张三填）")).value = "维持"
    s.of.cell(s.row(B), s.column("说明 ")).value = "改名后写的"
    return [Word("维持", B), Word("改名后写的", B)]


@on_sheet
def a_column_for_words_renamed_beyond_recognition(s: Sheet) -> list[Word]:
    s.of.cell(1, s.column("说明")).value = "我的看法"
    s.of.cell(s.row(B), s.column("我的看法")).value = "写在改名的列里"
    return [Word("写在改名的列里", seen=False)]


@on_sheet
def columns_deleted(s: Sheet) -> list[Word]:
    s.write(B, "说明", "删列之前")
    for head in ("证据", "应为", "依据", "文件"):
        s.of.delete_cols(s.column(head))
    return [Word("删列之前", B)]


@on_sheet
def the_hidden_column_deleted(s: Sheet) -> list[Word]:
    s.write(B, "说明", "底稿列被删")
    s.of.delete_cols(s.of.max_column)
    return [Word("底稿列被删", B)]


def _without_the_hidden_column(s: Sheet) -> list[Word]:
    """A column and rows of one's own where nothing tells what the program wrote."""
    s.write(B, "说明", "底稿列被删")
    s.of.delete_cols(s.of.max_column)
    at, last = s.of.max_column + 1, s.of.max_row
    s.of.cell(1, at).value = "我的备忘"
    s.of.cell(s.row(B), at).value = "下周再打"
    s.of.cell(last + 1, s.column("说明")).value = "孤零零的说明"
    for head, text in (("问题", "没有写级别的问题"), ("处理人", "李四光"), ("证据", "见会议纪要")):
        s.of.cell(last + 2, s.column(head)).value = text
    s.of.cell(last + 2, at).value = "行外的备忘"
    told = ("孤零零的说明", "没有写级别的问题", "李四光", "见会议纪要", "行外的备忘")
    return [Word("底稿列被删", B), Word("下周再打", back=SHEET), *map(Word, told)]


@on_sheet
def ones_own_beside_the_hidden_column_deleted(s: Sheet) -> list[Word]:
    return _without_the_hidden_column(s)


@on_folder
def what_is_seen_copied_to_a_new_workbook(folder: Path) -> list[Word]:
    s = Sheet(folder / BOOK)
    words = _without_the_hidden_column(s)
    new = Workbook()
    sheet = new.active
    assert sheet is not None
    sheet.title = SHEET
    for row in s.of.iter_rows(values_only=True):
        sheet.append(row)
    new.save(folder / BOOK)
    return words


@on_sheet
def a_row_copied_and_rewritten_with_the_hidden_column_deleted(s: Sheet) -> list[Word]:
    row = _copy_row(s, B)
    s.of.cell(row, s.column("问题")).value = "照着上一行另写的问题"
    s.of.delete_cols(s.of.max_column)
    return [Word("照着上一行另写的问题")]


@on_sheet
def an_own_column(s: Sheet) -> list[Word]:
    at = s.of.max_column + 1
    s.of.cell(1, at).value = "电话核实"
    s.of.cell(s.row(B), at).value = "已打两次"
    s.of.cell(s.row(C), at).value = "需补正"  # a word that the program uses itself
    return [Word(t, back=SHEET) for t in ("电话核实", "已打两次", "需补正")]


@on_sheet
def an_own_numbering_before_all(s: Sheet) -> list[Word]:
    s.write(B, "说明", "自编号后写的")
    s.of.insert_cols(1)
    s.of.cell(1, 1).value = "编号"
    for n, row in enumerate(range(2, s.of.max_row + 1), 901):
        s.of.cell(row, 1).value = n
    return [Word("自编号后写的", B), Word("901", back=SHEET)]


@on_sheet
def contents_changed(s: Sheet) -> list[Word]:
    s.write(B, "级别", "提示")
    s.write(C, "证据", "证据应看第3页")
    s.write(B, "说明", "级别应为提示")
    return [Word("提示"), Word("证据应看第3页"), Word("级别应为提示", B)]


@on_sheet
def sheet_renamed(s: Sheet) -> list[Word]:
    s.write(B, "说明", "表名改了")
    s.of.title = "问题清单（浦东）"
    return [Word("表名改了", B)]


@on_sheet
def sheet_copied(s: Sheet) -> list[Word]:
    s.write(B, "说明", "写在原表")
    copy = s.book.copy_worksheet(s.of)
    s.write(C, "说明", "复制之后写在原表")
    s.of = copy
    s.write(D, "说明", "写在复制的表")
    s.write(B, "说明", "复制表里另有说法")
    return [
        Word(t, k) for t, k in (("写在原表", B), ("复制之后写在原表", C), ("写在复制的表", D), ("复制表里另有说法", B))
    ]


@on_sheet
def words_in_other_sheets(s: Sheet) -> list[Word]:
    s.book["申报项目"].cell(2, 60).value = "这家要现场看"
    s.book["申报项目"].cell(3, 5).value = "改了状态"
    s.book["规则结果"].cell(5, 2).value = "这条规则不合理"
    own = s.book.create_sheet("会议记录")
    own["C7"] = "周三会上定"
    return [
        *(Word(t) for t in ("改了状态", "这条规则不合理")),
        Word("这家要现场看", back="申报项目"),
        Word("周三会上定", back="会议记录"),
    ]


@on_sheet
def words_in_the_head_row(s: Sheet) -> list[Word]:
    s.of.cell(1, s.of.max_column + 2).value = "本表由李四主审"
    s.of.insert_rows(1)
    s.of.cell(1, 1).value = "浦东第一组"
    return [Word("本表由李四主审", back=SHEET), Word("浦东第一组")]


@on_sheet
def words_below_the_table(s: Sheet) -> list[Word]:
    s.of.cell(s.of.max_row + 3, 2).value = "以上已全部看过"
    return [Word("以上已全部看过")]


@on_sheet
def notes_on_cells(s: Sheet) -> list[Word]:
    s.of.cell(s.row(B), s.column("处理")).comment = Comment("批注里的话", "王五")
    s.book["申报项目"]["C2"].comment = Comment("另一张表的批注", "王五")
    return [Word("批注里的话", back=SHEET), Word("另一张表的批注", back="申报项目")]


@on_sheet
def struck_through(s: Sheet) -> list[Word]:
    s.write(B, "说明", "划掉的话")
    s.of.cell(s.row(B), s.column("说明")).font = Font(strike=True)
    return [Word("划掉的话", B), Word("删除线", back=SHEET)]


@on_sheet
def rich_text(s: Sheet) -> list[Word]:
    s.write(B, "说明", CellRichText("一半", TextBlock(InlineFont(b=True), "加粗的"), "话"))
    return [Word("一半加粗的话", B)]


@on_sheet
def colour_only(s: Sheet) -> list[Word]:
    s.of.cell(s.row(B), 2).fill = PatternFill("solid", fgColor="FFFFFF00")
    return [Word("底色FFFF00", back=SHEET)]


@on_sheet
def numbers_and_dates(s: Sheet) -> list[Word]:
    import datetime as dt

    s.write(B, "说明", 20261129)
    s.write(C, "说明", dt.datetime(2026, 11, 29))  # noqa: DTZ001
    s.write(D, "说明", 0.5)
    return [Word("20261129", B), Word("2026-11-29", C), Word("0.5", D)]


@on_sheet
def spaces_and_line_breaks(s: Sheet) -> list[Word]:
    s.write(B, "处理", " 维 持\n")
    s.write(B, "说明", "  第一行\n第二行  ")
    return [Word("维持", B), Word("第一行\n第二行", B)]


@on_sheet
def a_slip_of_the_pen(s: Sheet) -> list[Word]:
    s.write(B, "处理", "撤消")
    s.write(C, "处理", "待电话核实")
    return [Word("撤消", B), Word("待电话核实", C)]


@on_sheet
def protected_sheet(s: Sheet) -> list[Word]:
    s.write(B, "说明", "表有保护")
    s.of.protection.sheet = True
    s.of.protection.password = "1234"
    return [Word("表有保护", B)]


# -- other files ------------------------------------------------------------------------------------------------------
def _in_copy(folder: Path, name: str, key: str, text: str) -> None:
    sheet = Sheet(copied(folder, name))
    sheet.write(key, "说明", text)
    sheet.book.save(sheet.path)


@on_folder
def a_copy_under_a_persons_name(folder: Path) -> list[Word]:
    _in_copy(folder, "张三-审查台账.xlsx", B, "张三的话")
    _in_copy(folder, "分工/李四/浦东审查台账（李四）.xlsx", C, "李四的话")
    return [Word("张三的话", B), Word("李四的话", C)]


@on_folder
def two_copies_with_different_words(folder: Path) -> list[Word]:
    _in_copy(folder, "审查台账-张三.xlsx", B, "张三说成立")
    _in_copy(folder, "审查台账-李四.xlsx", B, "李四说不成立")
    return [Word("张三说成立", B), Word("李四说不成立", B)]


@on_folder
def workbook_renamed(folder: Path) -> list[Word]:
    _in_copy(folder, "浦东定稿.xlsx", B, "改名的台账")
    (folder / BOOK).unlink()
    return [Word("改名的台账", B)]


@on_folder
def an_xls_beside_it(folder: Path) -> list[Word]:
    (folder / "审查台账.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return [Word("审查台账.xls", seen=False)]


@on_folder
def protected_by_a_password(folder: Path) -> list[Word]:
    (folder / BOOK).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return [Word(BOOK, seen=False)]


@on_folder
def damaged(folder: Path) -> list[Word]:
    (folder / BOOK).write_bytes((folder / BOOK).read_bytes()[:3000])
    return [Word(BOOK, seen=False)]


@on_folder
def saved_as_xlsm(folder: Path) -> list[Word]:
    _in_copy(folder, "审查台账.xlsm", B, "另存为xlsm")
    return [Word("另存为xlsm", B)]


@on_folder
def saved_as_csv(folder: Path) -> list[Word]:
    sheet = Sheet(folder / BOOK)
    sheet.write(B, "说明", "另存为csv")
    with (folder / "审查台账.csv").open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([["" if v is None else v for v in row] for row in sheet.of.values])
    return [Word("另存为csv", B)]
