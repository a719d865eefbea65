"""Pages → blocks in reading order: what a page break cut is put together again.

Paragraphs and tables run on over page breaks (tables: see :mod:`extractors.page.tables.continued`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extractors.document.doubts import LINES_IN_COLUMNS, Doubts, together
from extractors.document.model import Block, Paragraph, Table
from extractors.page.break_settings import BREAKS, CONTINUED
from extractors.page.content import PageContent, PageTable
from extractors.page.lines import Line, first_word
from extractors.page.segments import is_parted
from extractors.page.settings import MARGINS
from extractors.page.tables.columns_alike import likely_one
from extractors.page.tables.continued import BELOW_HEAD, join_tables, torn, unclosed, unopened
from extractors.page.tables.unruled import with_columns
from extractors.page.text import doubts_about, join_lines, paragraphs

_PAGE_NUMBER = re.compile(r"[-\s—–·第共页/／,，]{0,8}\d[-\s—–·第共页/／,，\d]{0,20}")


@dataclass(slots=True)
class _Part:
    """A paragraph of one page with the bounds of its text."""

    lines: list[Line]
    page: int
    left: float
    right: float


def to_blocks(pages: list[PageContent], pictures: dict[int, list[Block]] | None = None) -> list[Block]:
    """The blocks of all pages. ``pictures`` holds, by page number, the blocks of pages that were read from a picture."""
    bounds = _bounds(pages)
    bottoms: dict[tuple[int, int], float] = {}
    for page in pages:
        ends = [*(min(t.box.y1, page.height) for t in page.tables), *(line.bottom for line in page.lines)]
        bottoms[_shape(page)] = max(bottoms.get(_shape(page), 0.0), *ends, 0.0)
    sliced = any(t.open_bottom for p in pages for t in p.tables[-1:]) and any(
        t.open_top for p in pages for t in p.tables[:1]
    )
    items: list[_Part | PageTable | Block] = []
    previous: PageContent | None = None
    for page in pages:
        if page.kind != "text" and pictures is not None and page.number in pictures:
            items.extend(pictures[page.number])
            previous = None
            continue
        _add_page(items, _page_items(page, *bounds[_shape(page)]), page, previous, bottoms[_shape(page)], sliced)
        previous = page
    return _numbered(items)


def _shape(page: PageContent) -> tuple[int, int]:
    return round(page.width / BREAKS.paper), round(page.height / BREAKS.paper)


def _bounds(pages: list[PageContent]) -> dict[tuple[int, int], tuple[float, float]]:
    """The left and right margin of running text, by the size of the page."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for shape in {_shape(p) for p in pages}:
        lines = [line for p in pages if _shape(p) == shape for line in p.lines if "\t" not in line.text]
        if not lines:
            found[shape] = (0.0, 10_000.0)
            continue
        starts = sorted(line.x0 for line in lines)
        left = next((a for a, b in itertools.pairwise(starts) if b - a < BREAKS.left_margin), starts[0])
        right = _right_margin(lines)
        alike = [p for p in pages if _shape(p) == shape]
        full = sum(1 for line in lines if abs(right - line.edge) < line.size)
        if right < BREAKS.short_share * alike[0].width or (
            full < BREAKS.few_full and right < BREAKS.few_share * alike[0].width
        ):
            # Nothing but short lines: margins are alike, or as wide as the tables.
            right = max(right, alike[0].width - left, *(t.box.x1 for p in alike for t in p.tables))
        found[shape] = (left, right)
    return found


def _right_margin(lines: list[Line]) -> float:
    """The right edge that several lines reach; a single line may run over the margin."""
    edges = sorted((line.edge for line in lines), reverse=True)
    size = median(line.size for line in lines)
    for a, b in itertools.pairwise(edges[: len(edges) // 2]):
        if a - b < size:
            return a
    return edges[0]


def _page_items(page: PageContent, left: float, right: float) -> list[_Part | PageTable]:
    found: list[_Part | PageTable] = []
    rest = list(page.lines)
    for table in page.tables:
        above = [line for line in rest if line.base - BREAKS.above_table * line.size < table.box.y0]
        rest = [line for line in rest if line.base - BREAKS.above_table * line.size >= table.box.y0]
        found.extend(_outside(above, page, left, right))
        found.append(table)
    found.extend(_outside(rest, page, left, right))
    for index, table in enumerate([item for item in found if isinstance(item, PageTable)], 1):
        table.table.index = page.tables_before + index
    return found


def _outside(lines: list[Line], page: PageContent, left: float, right: float) -> list[_Part | PageTable]:
    found: list[_Part | PageTable] = []
    for item in with_columns(lines, left, right, page.number):
        if isinstance(item, PageTable):
            found.append(item)
        else:
            groups = paragraphs(item, left, right, indents=True)
            found.extend(_Part(group, page.number, left, right) for group in groups)
    return found


def _add_page(
    items: list[_Part | PageTable | Block],
    new: list[_Part | PageTable],
    page: PageContent,
    previous: PageContent | None,
    bottom: float,
    sliced: bool,
) -> None:
    """Appends a page's items, the first one joined to the last where the page break cut it."""
    if not new:
        return
    cut = items[-1] if items else None
    last, at = (items[-1], _behind_stamp(new)) if items else (None, 0)
    first = new[at]
    parts = isinstance(last, PageTable) and isinstance(first, PageTable) and torn(last, first)
    if previous is not None and last is not None and (_shape(previous) == _shape(page) or parts):
        if isinstance(last, PageTable) and isinstance(first, PageTable):
            if join_tables(last, first, _room(previous, last, bottom), sliced):
                last.bottom = first.box.y1
                items[-1:-1] = new[:at]
                new, cut = new[at + 1 :], None
            elif last.tagged != first.tagged:  # read in two ways: whether a row goes on is not known
                unclosed(last)
                unopened(first)
            elif likely_one(last, first):
                unclosed(last)
                unopened(first, BELOW_HEAD)
        elif isinstance(last, _Part) and isinstance(first, _Part) and _runs_on(last, first):
            last.lines.extend(first.lines)
            new = new[1:]
    if isinstance(cut, PageTable) and cut.open_bottom:
        unclosed(cut)
        if isinstance(new[0], PageTable) and new[0].open_top:  # on paper of another shape, say
            unopened(new[0])
    _doubt_over_numbers(items, new)
    items.extend(new)


def _doubt_over_numbers(items: Sequence[_Part | PageTable | Block], new: Sequence[_Part | PageTable]) -> None:
    """Of two pages set small on their sheet, the number of the one and the header of the other stand between the parts of a table: whether
    a row goes on there is not known."""
    match items[-2:], new[_headed(new) :][:1]:
        case [PageTable() as above, _Part() as number], [PageTable() as below]:
            one, other = above.xs, below.xs
        case _:
            return
    if (
        _PAGE_NUMBER.fullmatch("".join(line.text for line in number.lines))
        and len(one) == len(other)
        and abs(one[0] - other[0]) + abs(one[-1] - other[-1]) <= CONTINUED.edge
    ):
        unclosed(above)
        unopened(below)


def _headed(new: Sequence[_Part | PageTable]) -> int:
    """1 where a page begins with a short line above what follows."""
    match new:
        case [_Part() as first, _, *_]:
            return int(len(first.lines) == 1 and len(first.lines[0].text) <= BREAKS.stamp)
    return 0


def _behind_stamp(new: Sequence[_Part | PageTable]) -> int:
    """How many of a page's items stand above its table in the margin: a number stamped on each page, 续表."""
    for at, item in enumerate(new[: BREAKS.stamps]):
        if isinstance(item, PageTable):
            return at
        if len(item.lines) > 1 or item.lines[0].base > MARGINS.header or len(item.lines[0].text) > BREAKS.stamp:
            return 0
    return 0


def _room(page: PageContent, table: PageTable, bottom: float) -> float:
    """The room below a table: down to the footnotes (and the space above their rule), else to where pages end."""
    end = min(table.bottom, page.height)  # cells that a page break cut may be drawn whole, out of the page
    return page.floor - BREAKS.note_space - end if page.floor else bottom - end


def _runs_on(last: _Part, first: _Part) -> bool:
    """True where a paragraph goes on at the top of the next page."""
    a, b = last.lines[-1], first.lines[0]
    if abs(a.size - b.size) > BREAKS.other_size * a.size or b.x0 - first.left > BREAKS.indent * b.size:
        return False
    if re.match(r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])", b.text):
        return False
    return last.right - a.x1 <= first_word(b) + BREAKS.misjudged_room * a.size


def _numbered(items: list[_Part | PageTable | Block]) -> list[Block]:
    found: list[Block] = []
    size = _body_size(items)
    count = 0
    for item in items:
        if isinstance(item, PageTable):
            _set_parents(item.table)
            found.append(item.table)
            continue
        if isinstance(item, _Part):
            text, marks = join_lines(item.lines, item.right)
            item = Paragraph(text, 0, page=item.page, marks=marks, level=_level(item, size), doubts=_doubts(item))
        if isinstance(item, Paragraph):
            count += 1
            item.index = count
        found.append(item)
    return found


def _set_parents(table: Table) -> None:
    for cell in table.cells:
        for inner in cell.tables:
            inner.parent = table.where_cell(cell)
            _set_parents(inner)


def _doubts(part: _Part) -> Doubts:
    """The doubts about a paragraph: one more where its lines are parted as columns are."""
    return together(doubts_about(part.lines), (LINES_IN_COLUMNS,) if any(map(is_parted, part.lines)) else ())


def _body_size(items: list[_Part | PageTable | Block]) -> float:
    sizes = [line.size for item in items if isinstance(item, _Part) for line in item.lines]
    return median(sizes) if sizes else BREAKS.body_size


def _level(part: _Part, body: float) -> int:
    """1 for a short paragraph in larger or bold letters: a heading."""
    short = (
        len(part.lines) <= BREAKS.heading_lines and sum(len(line.text) for line in part.lines) <= BREAKS.heading_length
    )
    larger = all(line.size > BREAKS.heading_size * body for line in part.lines)
    return 1 if short and (larger or all(line.bold for line in part.lines)) else 0
