"""One pass over the blocks of WordprocessingML, linear in its size: body, headers, notes, cells → paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from extractors.document.doubts import together
from extractors.document.errors import Unreadable
from extractors.document.model import Block, Cell, Mark, Paragraph, Table
from extractors.word.inline import Inline
from extractors.word.names import TCPR, P
from extractors.word.paragraphs import Text
from extractors.word.tables import RawCell, framed, rows_of, seen_boundaries
from extractors.word.wrappers import blocks_below, shows_prompt
from records.models import Place

MAX_DEPTH = 40
MAX_PARAGRAPHS = 50_000
"""Paragraphs of the body, of all headers, of all footers, of the notes: some two thousand pages of text."""
MAX_CELLS = 400_000
_MOST_FRAMES = 8
_PLAIN = frozenset((P, TCPR))


@dataclass(slots=True)
class Walker:
    """Reads the parts of one document; counts paragraphs and tables across them."""

    inline: Inline
    paragraphs: int = 0
    boxes: int = 0
    tables: int = 0
    cells: int = 0
    frames: int = 0
    """Tables around the place being read that only lay the page out."""
    depth: int = 0

    # ---------------------------------------------------------------------------------------------- blocks
    def body(self, parent: etree._Element, place: Place = "body") -> list[Block]:
        """The blocks of a body, a header, a note or a text box, in reading order."""
        blocks: list[Block] = []
        for item in self.content(parent):
            if isinstance(item, Table):
                blocks.append(item)
            else:
                blocks.extend(self._emit(item, place))
        return blocks

    def _emit(self, text: Text, place: Place) -> list[Block]:
        if place == "textbox":
            self.boxes += 1
            index = self.boxes
        else:
            self.paragraphs += 1
            index = self.paragraphs
            if index > MAX_PARAGRAPHS:
                raise Unreadable(f"文件中段落超过{MAX_PARAGRAPHS}个，未予打开；请将申报书与佐证材料分开，重新报送")
        made: list[Block] = [
            Paragraph(
                text.text,
                index,
                text.level,
                place,
                None,
                text.marks,
                text.pictures,
                numbering=text.numbering,
                contents=text.contents,
                doubts=text.doubts,
                seams=text.seams,
            )
        ]
        for box in text.boxes:
            made.extend(self.body(box, "textbox"))
        return made

    def content(self, parent: etree._Element) -> Iterator[Text | Table]:
        """Paragraphs and tables below ``parent``, through content controls and the like."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable("文件中表格或控件嵌套过深，疑为恶意文件，未予打开；请重新制作后报送")
        carried: Text | None = None
        for node in blocks_below(parent, self._around):
            if node.tag == P:
                text = self.inline.paragraph(node)
                if carried is not None:
                    text.follow(carried)
                    carried = None
                if text.joins:
                    carried = text
                else:
                    yield text
            else:
                if carried is not None and carried.size:
                    yield carried
                carried = None
                inside = framed(node) if self.depth == 1 and self.frames < _MOST_FRAMES else []
                if not inside:
                    yield self._table(node)
                    continue
                self.frames += 1
                self.depth -= 1
                for cell in inside:
                    yield from self.content(cell)
                self.depth += 1
                self.frames -= 1
        if carried is not None and carried.size:
            yield carried
        self.depth -= 1

    def _around(self, properties: etree._Element | None, step: int) -> None:
        self.inline.prompting += step * shows_prompt(properties)

    # ---------------------------------------------------------------------------------------------- tables
    def _table(self, node: etree._Element) -> Table:
        """A table with the tables nested in it. Raises Unreadable beyond the limits."""
        if self.depth == 1:
            self.tables += 1
        table = Table(self.tables)
        raw = rows_of(node, MAX_CELLS - self.cells)
        if raw is None:
            raise Unreadable(f"文件中表格单元格超过{MAX_CELLS}个，未予打开；请核对后重新报送")
        self.cells += raw.count
        self.inline.changed |= raw.changed
        for item in raw.unseen:
            self._fill(item, Cell(1, 1), hidden=True)
        columns = seen_boundaries(raw.rows, node)
        open_cells: dict[int, Cell] = {}
        right = 0
        for number, row in enumerate(raw.rows, 1):
            still_open: dict[int, Cell] = {}
            for item in row:
                start, end = columns[item.start], columns[item.end]
                above = open_cells.get(start) if item.merge == "continue" else None
                if above is not None:
                    above.row_span += 1
                    still_open[start] = above
                    self._fill(item, Cell(number, start + 1), hidden=True)
                    continue
                cell = Cell(number, start + 1, 1, end - start if end > start else 1)
                right = max(right, start + cell.column_span)
                self._fill(item, cell)
                table.cells.append(cell)
                if item.merge:
                    still_open[start] = cell
            open_cells = still_open
        table.rows = len(raw.rows)
        table.columns = right
        table.header_rows = raw.headers
        for cell in table.cells:
            if cell.tables:
                for index, inner in enumerate(cell.tables, 1):
                    inner.index = index
                _tell_parents(table, cell)
        return table

    def _fill(self, item: RawCell, cell: Cell, hidden: bool = False) -> None:
        """Read a cell's content. A cell hidden beneath a vertical merge is shown by no program: its text goes apart."""
        if not hidden and not item.prompt:
            plain = self.inline.plain_cell(item.children)
            if plain is not None:
                cell.text = plain
                return
        lines: list[str] = []
        size = 0
        self.inline.prompting += item.prompt
        for part in self._content_of(item.node):
            if isinstance(part, Table):
                cell.tables.append(part)
                continue
            texts = [(part.text, part.marks)]
            if part.struck or part.raised:
                cell.doubts = together(cell.doubts, part.doubts)
            cell.pictures += part.pictures
            cell.lit += part.set_off
            cell.stressed += part.emphasised
            cell.ringed = cell.ringed or part.ringed
            for box in part.boxes:
                for block in self.body(box, "textbox"):
                    if isinstance(block, Table):
                        cell.tables.append(block)
                    else:
                        texts.append((block.text, block.marks))
            for text, marks in texts:
                cell.marks.extend(Mark(size + m.offset, m.ticked, m.kind) for m in marks)
                lines.append(text)
                size += len(text) + 1
        self.inline.prompting -= item.prompt
        text = "\n".join(lines)
        if hidden:
            self.inline.set_aside(text)
        else:
            cell.text = text

    def _content_of(self, cell: etree._Element) -> Iterable[Text | Table]:
        """What a cell holds; most hold paragraphs alone, which need none of the care that the rest does."""
        children = list(cell)
        if any(child.tag not in _PLAIN for child in children):
            return self.content(cell)
        found: list[Text | Table] = []
        carried: Text | None = None
        for child in children:
            if child.tag == TCPR:
                continue
            text = self.inline.paragraph(child)
            if carried is not None:
                text.follow(carried)
            carried = text if text.joins else None
            if carried is None:
                found.append(text)
        return found if carried is None else [*found, carried]


def _tell_parents(table: Table, cell: Cell) -> None:
    """A nested table stands at its cell, which is known only when the table around it has its place."""
    for inner in cell.tables:
        inner.parent = table.where_cell(cell)
        for holder in inner.cells:
            if holder.tables:
                _tell_parents(inner, holder)
