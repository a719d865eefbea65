"""What people do to a form, done to a sheet: labels rewritten, cells merged and cut, parts moved, tables turned into text."""

from __future__ import annotations

import re
from collections.abc import Callable

from catalog.forms import FormField
from tests import forms
from tests.golden.sheets import NOTE, Box, Grid, Para, Sheet, copied, grid, noted

_FIELDS: list[FormField] = [f for form in forms.CATALOG.forms.values() for f in form.fields]
_LABELS = {
    re.sub(r"\W", "", label)
    for form in forms.CATALOG.forms.values()
    for label in (
        *(name for f in form.fields for name in (f.label, *f.aliases)),
        *(name for t in form.tables for c in t.columns for name in (c.label, *c.aliases)),
    )
}

Change = Callable[[Sheet], Sheet]


def is_label(text: str) -> bool:
    return re.sub(r"\W", "", noted(text)).rstrip("0123456789") in _LABELS


def _texts(blocks: Sheet, change: Callable[[str], str]) -> Sheet:
    """With each label's cell rewritten."""
    new = copied(blocks)
    for block in new:
        if isinstance(block, Grid):
            for cell in block.cells:
                if is_label(cell.text):
                    cell.text = change(cell.text)
    return new


def _grids(blocks: Sheet, change: Callable[[Grid], Sheet]) -> Sheet:
    new: Sheet = []
    for block in copied(blocks):
        new += change(block) if isinstance(block, Grid) else [block]
    return new


# ------------------------------------------------------------------------------------------------------------ labels


def notes_glued(blocks: Sheet) -> Sheet:
    """A footnote's number as an ordinary digit behind each second label."""
    seen = iter(range(10_000))
    return _texts(blocks, lambda t: f"{noted(t)}{n % 9 + 1}" if (n := next(seen)) % 2 else noted(t))


def distributed(blocks: Sheet) -> Sheet:
    """Short labels spread over their cells with blanks of several kinds."""
    blanks = iter("　 \u2003\u00a0" * 2_500)
    return _texts(blocks, lambda t: (next(blanks) * 2).join(t) if 2 <= len(t) <= 4 else t)


def starred(blocks: Sheet) -> Sheet:
    return _texts(blocks, lambda t: f"★{t}：")


def numbered(blocks: Sheet) -> Sheet:
    count = iter(range(1, 10_000))
    return _texts(blocks, lambda t: f"{next(count)}.{t}")


def broken_labels(blocks: Sheet) -> Sheet:
    """Labels broken by hand."""
    return _texts(blocks, lambda t: f"{t[: len(t) // 2]}\n{t[len(t) // 2 :]}" if len(t) > 3 and NOTE not in t else t)


def upright(blocks: Sheet) -> Sheet:
    """Labels of one character a line, as in narrow cells."""
    return _texts(blocks, lambda t: "\n".join(t) if len(t) <= 6 and NOTE not in t else t)


def reworded(blocks: Sheet) -> Sheet:
    words = {"企业名称": "单位全称", "工厂地址": "企业生产工厂地址", "传真": "传真号码", "手机": "移动电话",
             "资产总额（万元）": "资产总计（万元）", "场景名称": "典型场景名称", "供应商": "供应厂商",
             "采用的技术方案": "技术实现方案", "统一社会信用代码": "社会信用统一代码", "成立时间": "设立日期"}  # fmt: skip
    return _texts(blocks, lambda t: words.get(t, t))


# ------------------------------------------------------------------------------------------------------------- cells


def _pairs(row: list[Box]) -> list[tuple[Box, Box]] | None:
    """A row that is labels and values in turn."""
    if (
        len(row) % 2
        or not row
        or not all(is_label(c.text) for c in row[::2])
        or any(is_label(c.text) for c in row[1::2])
    ):
        return None
    return list(zip(row[::2], row[1::2], strict=True))


def labels_above(blocks: Sheet) -> Sheet:
    """Labels in a row of their own above their values."""

    def change(table: Grid) -> Sheet:
        if not table.flat():
            return [table]
        made: list[Box] = []
        at = 0
        for r in range(table.rows):
            row = table.row(r)
            pairs = _pairs(row)
            if pairs is None:
                made += [Box(at, c.column, 1, c.columns, c.text) for c in row]
                at += 1
                continue
            for label, value in pairs:
                span = label.columns + value.columns
                made += [Box(at, label.column, 1, span, label.text), Box(at + 1, label.column, 1, span, value.text)]
            at += 2
        return [Grid(at, table.columns, made, table.widths)]

    return _grids(blocks, change)


def one_cell(blocks: Sheet) -> Sheet:
    """Label and value together in one cell."""

    def change(table: Grid) -> Sheet:
        for r in range(table.rows):
            for label, value in _pairs(table.row(r)) or ():
                if label.rows == value.rows == 1:
                    label.text, label.columns = f"{label.text}：{value.text}", label.columns + value.columns
                    table.cells.remove(value)
        return [table]

    return _grids(blocks, change)


def as_text(blocks: Sheet) -> Sheet:
    """The tables of the first part as lines of text; annexes stay tables."""

    def change(table: Grid) -> Sheet:
        lines: Sheet = []
        for r in range(table.rows):
            row = table.row(r)
            pairs = _pairs(row)
            if pairs is None:
                return [table]
            lines += [Para(f"{label.text}：{value.text}") for label, value in pairs]
        return lines

    return _grids(blocks, change)


def row_by_row(blocks: Sheet) -> Sheet:
    """Each row of a table without merged rows as a table of its own."""

    def change(table: Grid) -> Sheet:
        if not table.flat():
            return [table]
        return [
            Grid(1, table.columns, [Box(0, c.column, 1, c.columns, c.text) for c in table.row(r)], table.widths)
            for r in range(table.rows)
        ]

    return _grids(blocks, change)


def spare_columns(blocks: Sheet) -> Sheet:
    """A blank column before each table and a column for remarks behind it."""

    def change(table: Grid) -> Sheet:
        for cell in table.cells:
            cell.column += 1
        last = table.columns + 1
        table.cells += [Box(r, c, 1, 1, "") for r in range(table.rows) for c in (0, last)]
        table.columns, table.widths = table.columns + 2, ()
        return [table]

    return _grids(blocks, change)


def blank_rows(blocks: Sheet) -> Sheet:
    """A blank row behind each row of a table without merged rows."""

    def change(table: Grid) -> Sheet:
        if not table.flat():
            return [table]
        for cell in table.cells:
            cell.row *= 2
        table.cells += [Box(2 * r + 1, 0, 1, table.columns, "") for r in range(table.rows)]
        table.rows *= 2
        return [table]

    return _grids(blocks, change)


def merged_down(blocks: Sheet) -> Sheet:
    """The same text in one column of following rows merged into one cell (环节, 种类, 供应商)."""

    def change(table: Grid) -> Sheet:
        for column in range(table.columns):
            above: Box | None = None
            for r in range(1, table.rows):
                cell = next((c for c in table.row(r) if c.column == column and c.rows == 1), None)
                same = above is not None and cell is not None and cell.text == above.text and cell.text
                if same and cell is not None and above is not None and cell.columns == above.columns:
                    above.rows += 1
                    table.cells.remove(cell)
                else:
                    above = cell
        return [table]

    return _grids(blocks, change)


def unmerged(blocks: Sheet) -> Sheet:
    """Merged cells taken apart, the text in the first of each, as some converters leave tables."""

    def change(table: Grid) -> Sheet:
        for cell in list(table.cells):
            table.cells += [Box(r, cell.column, 1, cell.columns, "") for r in range(cell.row + 1, cell.row + cell.rows)]
            cell.rows = 1
        return [table]

    return _grids(blocks, change)


def nested(blocks: Sheet) -> Sheet:
    """Every table inside a cell of another, as web pages lay out."""
    return _grids(blocks, lambda table: [Grid(1, 1, [Box(0, 0, 1, 1, "", [table])])])


# ------------------------------------------------------------------------------------------------------------- parts


def heads_again(blocks: Sheet) -> Sheet:
    """The head of each long table repeated in its midst, as printed page by page."""

    def change(table: Grid) -> Sheet:
        if not table.flat() or table.rows < 3 or not all(is_label(c.text) for c in table.row(0)):
            return [table]
        half = table.rows // 2 + 1
        head = [Box(half, c.column, 1, c.columns, c.text) for c in table.row(0)]
        for cell in table.cells:
            cell.row += cell.row >= half
        return [Grid(table.rows + 1, table.columns, table.cells + head, table.widths)]

    return _grids(blocks, change)


def cut_tables(blocks: Sheet) -> Sheet:
    """Each table cut in two, the second without a head."""

    def change(table: Grid) -> Sheet:
        half = table.rows // 2
        if half < 1 or any(c.row < half < c.row + c.rows for c in table.cells):
            return [table]
        first = [c for c in table.cells if c.row < half]
        rest = [Box(c.row - half, c.column, c.rows, c.columns, c.text) for c in table.cells if c.row >= half]
        return [
            Grid(half, table.columns, first, table.widths),
            Para(""),
            Grid(table.rows - half, table.columns, rest, table.widths),
        ]

    return _grids(blocks, change)


def turned(blocks: Sheet) -> Sheet:
    """Tables of rows turned about: a column for each row."""

    def change(table: Grid) -> Sheet:
        if not table.flat() or not all(is_label(c.text) for c in table.row(0)):
            return [table]
        cells = [Box(c.column, c.row, c.columns, 1, c.text) for c in table.cells]
        return [Grid(table.columns, table.rows, cells)]

    return _grids(blocks, change)


def rows_dropped(blocks: Sheet) -> Sheet:
    """Without the rows of some labels, as applicants who have nothing to say there."""
    gone = {"工厂地址", "传真", "统一社会信用代码", "保障要素", "资产负债率（%）"}

    def change(table: Grid) -> Sheet:
        if not table.flat():
            return [table]
        kept = [r for r in range(table.rows) if not gone & {noted(c.text) for c in table.row(r)} or r == 0]
        cells = [Box(kept.index(c.row), c.column, 1, c.columns, c.text) for c in table.cells if c.row in kept]
        return [Grid(len(kept), table.columns, cells, table.widths)]

    return _grids(blocks, change)


def annexes_first(blocks: Sheet) -> Sheet:
    """The annexes before the chapters."""
    at = next(n for n, b in enumerate(blocks) if isinstance(b, Para) and b.text.startswith("二、"))
    to = next(n for n, b in enumerate(blocks) if isinstance(b, Para) and b.text == "附1")
    return copied([*blocks[:at], *blocks[to:], *blocks[at:to]])


def guide_before(blocks: Sheet) -> Sheet:
    """Instructions and a list of contents in front; an opinion of the office behind."""
    front: Sheet = [
        Para("填报说明", 1),
        Para("1.企业简介：不超过500字。"),
        Para("2.推荐单位：由各区经委填写。"),
        Para("目  录"),
        Para("二、场景实例建设方案及情况\t5"),
        Para("四、相关附件…………9"),
    ]
    back = grid(("推荐单位", "某协会"), ("推荐意见", "同意推荐"), ("联系人", "不相干"), ("日期", "2023年9月1日"))
    return copied([*front, *blocks, Para("推荐意见表", 1), back])


LAYOUTS: dict[str, Change] = {
    "as drawn": copied,
    "notes glued": notes_glued,
    "distributed": distributed,
    "starred": starred,
    "numbered": numbered,
    "labels broken": broken_labels,
    "labels upright": upright,
    "reworded": reworded,
    "labels above": labels_above,
    "one cell": one_cell,
    "as text": as_text,
    "row by row": row_by_row,
    "spare columns": spare_columns,
    "blank rows": blank_rows,
    "merged down": merged_down,
    "unmerged": unmerged,
    "nested": nested,
    "heads again": heads_again,
    "tables cut": cut_tables,
    "turned": turned,
    "rows dropped": rows_dropped,
    "annexes first": annexes_first,
    "guide before": guide_before,
}
