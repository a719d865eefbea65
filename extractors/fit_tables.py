"""Fits the tables of a form (附1 to 附7, the lists of 附件4): by their heads, whatever the columns' order, split over several
tables or joined in one, upright or with one scene a table.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from catalog.forms import FormColumn, FormTable
from extractors.document import Cell, Table
from extractors.grid import Grid
from extractors.labels import LabelIndex, bare, fold_label
from extractors.phones import PHONE
from extractors.values import make
from records import normalise
from records.models import Row, Value

_NAMING = {"seq", "link", "scene", "instance", "company"}
"""Columns that name a row."""
_LONGEST_HINT = 120
_DOTS = re.compile(r"[….。·\-—/\d]*")
_SIDE = re.compile(r"\s*([^:：\n]{2,60})[:：\n]")
_REMARK = re.compile(r"(?:[(（][^()（）]*[)）]\s*)+")
_LABELLED_EXAMPLE = re.compile(r"[(（]?示例(?:[)）:：]|$)")
_EXAMPLE = re.compile(r"^示?\s*例")


def _side_label(text: str, known: Container[str]) -> tuple[str, str]:
    """The folded label that a cell at a table's side holds, and the text behind it in the same cell; ("", "") for none."""
    folded = fold_label(text) if len(text) <= 120 else ""
    if folded in known:
        return folded, ""
    match = _SIDE.match(text)
    folded = fold_label(match[1]) if match else ""
    return (folded, text[match.end() :].strip()) if match and folded in known else ("", "")


def says_something(value: Value) -> bool:
    """Whether a cell holds more than nothing or a sign for nothing (/ — 无): a row of such cells alone is blank."""
    return bool(value.raw) and not normalise.is_blank(value.raw)


@dataclass(slots=True)
class Head:
    """A head row: which form table, and which cell stands over which column."""

    table: FormTable
    cells: dict[str, Cell]
    line: list[Cell]
    """Every cell of the head row, matched or not."""
    confidence: float = 1.0
    instance: Cell | None = None
    """The cell over a column that names the scene instance (附2 drawn as one table), or the instance's own cell."""
    parts: dict[str, Cell] = field(default_factory=dict)
    """Of a list whose instances stand in three columns: link, scene, instance → the cell over each."""
    joins: bool = False
    """The rows beneath complete rows read before (附1 cut into two tables side by side)."""


@dataclass(slots=True)
class TableFitter:
    """Collects the rows of the form's tables. ``instance`` is the scene instance an 附2 part belongs to at present."""

    index: LabelIndex
    rows: dict[str, list[Row]] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    heads: dict[str, set[str]] = field(default_factory=dict)
    """Form table → keys of the columns that its head had."""
    instance: Value | None = None
    title: str = ""
    """Key of the form table that the last title named."""
    current: tuple[Head, Table] | None = None
    """The head under which a following table without a head goes on."""
    annex2: bool = False

    def __post_init__(self) -> None:
        self.rows = {t.key: [] for t in self.index.form.tables}

    # ---------------------------------------------------------------------------------------------- finding
    def table(self, table: Table) -> set[int]:
        """Read what belongs to form tables; the rows taken are returned."""
        grid = Grid.of(table)
        taken: set[int] = set()
        head: Head | None = None
        self._heads_seen = {}
        upright = self._upright(table, grid)
        if upright is not None:
            return self._read_upright(table, grid, upright)
        if self.current is not None and self._continues(table, grid):
            head = self.current[0]
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            if not cells:
                if head is not None:
                    taken.add(row)
                continue
            found = self._head_of_row(grid, row, cells)
            if found is not None:
                head = found
                self._begin(found)
                taken.add(row)
                continue
            named = self._instance_line(table, grid, row, cells, head is not None)
            if named is not None:
                self.instance = named
                if head is not None and head.table.per and self._next_is_head(grid, row):
                    head = None  # else a line between the rows of one list, which names whose the next ones are
                taken.add(row)
                self._nested(cells)
                continue
            if head is None:
                continue
            if self._ends(cells, table):
                head = None
                continue
            if all(not c.text.strip() for c in cells) and any(c.tables for c in cells):
                taken.add(row)
                self._nested(cells)
                continue
            taken.add(row)
            self._row(table, grid, head, row)
        self.current = (head, table) if head is not None else None
        return taken

    def _head_of_row(self, grid: Grid, row: int, cells: list[Cell]) -> Head | None:
        """The head that a row is, by its own cells or together with those merged down beside them (a head of two rows)."""
        found = self._head(cells)
        line = grid.line(row)
        if len(line) == len(cells) or not any(c.row_span > 1 for c in line):
            return found
        if not all(fold_label(c.text) in self.index.heads for c in cells if c.text.strip() and len(c.text) <= 120):
            return found
        wider = self._judge_head(line)
        return wider if wider is not None and (found is None or len(wider.line) > len(found.line)) else found

    def _begin(self, head: Head) -> None:
        """Note a head; one that brings only other columns of rows already read goes on with those rows."""
        key = head.table.key
        before = self.heads.get(key, set())
        new = set(head.cells)
        head.joins = bool(before) and not head.table.per and bool(new - before) and new & before <= _NAMING
        self.found.add(key)
        self.heads.setdefault(key, set()).update(new)

    def _nested(self, cells: list[Cell]) -> None:
        """The tables in a row's cells, in their turn."""
        for cell in cells:
            for inner in cell.tables:
                held = self._heads_seen
                self.table(inner)
                self._heads_seen = held
        self.current = None

    def _continues(self, table: Table, grid: Grid) -> bool:
        """Whether a table without a head goes on where the last one stopped: as many columns, and no head of its own."""
        assert self.current is not None
        head, before = self.current
        first = grid.rows.get(1, [])
        if first and self.index.exact(first[0].text):
            return False
        if self._head(first) is not None or self._instance_line(table, grid, 1, first, True) is not None:
            return False
        return len(first) == len(head.line) or (table.columns == before.columns and len(first) >= 2)

    _heads_seen: dict[int, Head | None] = field(default_factory=dict)

    def _head(self, cells: list[Cell]) -> Head | None:
        """The head that a row is, None where it is none; each row of a table is judged once."""
        if not cells:
            return None
        key = id(cells[0])
        if key not in self._heads_seen:
            self._heads_seen[key] = self._judge_head(cells)
        return self._heads_seen[key]

    def _judge_head(self, cells: list[Cell]) -> Head | None:
        texts: list[tuple[Cell, str]] = []
        for cell in cells:
            text = cell.text
            if len(text) > 120:
                return None
            folded = fold_label(text)
            if folded:
                texts.append((cell, folded if cell.confidence >= 1.0 else self._nearest_head(folded)))
            elif text.strip():
                return None
        if len(texts) < 2:
            return None
        scores: dict[str, dict[str, Cell]] = {}
        by_key: dict[str, FormTable] = {}
        for cell, folded in texts:
            for form_table, column in self.index.heads.get(folded, ()):
                held = scores.setdefault(form_table.key, {})
                if column.key not in held or (held[column.key].row_span > 1 and cell.row_span == 1):
                    held[column.key] = cell  # 工艺, merged down beside its part, gives way to 工艺名称
                by_key[form_table.key] = form_table
        best: tuple[float, Head] | None = None
        for key, matched in scores.items():
            if len(matched) < 2:
                continue
            found = self._score_head(by_key[key], matched, cells, texts)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        return best[1] if best else None

    def _nearest_head(self, folded: str) -> str:
        """The head of a column that a text read by OCR stands for where a character is wrong, missing or too many."""
        if folded in self.index.heads or len(folded) < 3:
            return folded
        long = [head for head in self.index.heads if len(head) >= 3]
        near = process.extractOne(folded, long, scorer=Levenshtein.distance, score_cutoff=1)
        return near[0] if near is not None else folded

    def _score_head(
        self, form_table: FormTable, matched: dict[str, Cell], cells: list[Cell], texts: list[tuple[Cell, str]]
    ) -> tuple[float, Head] | None:
        """How well a row fits as the head of one form table, None where it does not."""
        known = {id(c) for c in matched.values()}
        titled = form_table.key == self.title
        folded = [f for c, f in texts if id(c) in known]
        strong = sum(1 for f in folded if self._strong(f, form_table.key))
        if not (strong or titled):
            return None
        left = [(c, f) for c, f in texts if id(c) not in known]
        split = {self.index.parts[key][2]: c for c, f in left if (key := f"{form_table.key}:{f}") in self.index.parts}
        instance: Cell | None = None
        if form_table.per and left:
            # a column that names the instance, or the instance itself merged down beside its part
            instance = next((c for c, f in left if f in self.index.per), None)
            beside, folded_beside = left[0]
            if instance is None and beside.row_span > 1 and beside is texts[0][0]:
                instance = None if folded_beside in self.index.titles else beside
        aside = sum(1 for c, f in left if c.row_span > 1 and (f in self.index.titles or f in self.index.heads))
        share = (len(matched) + len(split) + (instance is not None)) / max(1, len(texts) - aside)
        if share < 0.6:
            return None
        long = {c.key for c in form_table.columns if c.limit}
        if long and not titled and not long & set(matched):
            return None  # a list of scenes of the applicant's own, not 附1
        if not titled and all(f in self.index.fields for f in folded):
            return None  # 环节名称 | 场景名称 | 场景实例名称 head the basic information too
        blanks = sum(1 for c in cells if not c.text.strip())
        if long and blanks >= len(matched) and len(matched) < 4:
            return None  # 环节名称 | | 场景名称 | : a row of labels whose values are not filled in
        missing = len(form_table.columns) - len(matched)
        score = len(matched) + (1.5 if titled else 0.0) + 0.5 * strong - 0.1 * missing
        return score, Head(form_table, matched, cells, 1.0, instance, parts=split)

    def _strong(self, folded: str, key: str) -> bool:
        """Whether a head tells this table from the form's others and from its fields."""
        return key in self.index.strong.get(folded, ())

    def _instance_line(self, table: Table, grid: Grid, row: int, cells: list[Cell], after_head: bool) -> Value | None:
        """The line above an 附2 part that names its scene instance; None where the row is none."""
        filled = [c for c in cells if c.text.strip()]
        if not filled or len(filled) > 2 or not self.index.per:
            return None
        first = filled[0]
        confidence = first.confidence
        if fold_label(first.text) in self.index.per:
            if not (self.annex2 or after_head or self._next_is_head(grid, row)):
                return None
            others = [c for c in cells if c is not first]
            value = filled[1] if len(filled) > 1 else (others[0] if others else None)
            text = value.text if value is not None else ""
            return Value(
                value=normalise.fold_text(text) or None,
                raw=normalise.fold(text),
                where=table.where_cell(value or first),
                confidence=confidence * (value.confidence if value is not None else 1.0),
            )
        if len(filled) == 1 and (self.annex2 or after_head or self._next_is_head(grid, row)):
            known = self._known_instance(first.text)
            if known and len(first.text) <= 120:
                return Value(
                    value=normalise.fold_text(first.text),
                    raw=normalise.fold(first.text),
                    where=table.where_cell(first),
                    confidence=confidence,
                )
            return self._instance_text(first.text, table.where_cell(first), confidence)
        return None

    def _known_instance(self, text: str) -> bool:
        """Whether a text is the name of a scene instance that 附1 lists."""
        plain = bare(text)
        return bool(plain) and any(
            bare(row["instance"].raw) == plain for row in self.rows.get("scenes", ()) if "instance" in row
        )

    def _instance_text(self, text: str, where: str, confidence: float) -> Value | None:
        """``具体场景实例名称（与上面表格对应）：X`` in one text."""
        match = re.match(r"[^:：\n]{4,40}[:：]|[^\n]{4,40}\n", text)
        if match and fold_label(match[0].rstrip(":：\n")) in self.index.per:
            rest = text[match.end() :]
            return Value(
                value=normalise.fold_text(rest) or None, raw=normalise.fold(rest), where=where, confidence=confidence
            )
        return None

    def _next_is_head(self, grid: Grid, row: int) -> bool:
        following = grid.rows.get(row + 1, [])
        head = self._head(following) if following else None
        return head is not None and bool(head.table.per)

    _block: tuple[FormTable, Row, str] | None = None
    """A row written as paragraphs, 环节名称：…, one beneath the other: its table, what it holds so far, the last column."""

    def _blocked(self, text: str, where: str, confidence: float) -> bool:
        """A paragraph that is one column of a row written as paragraphs; True where it was taken."""
        match = re.match(r"\s*([^:：\n]{2,90})[:：]", text)
        folded = fold_label(match[1]) if match else ""
        pairs = [(t, c) for t, c in self.index.heads.get(folded, ()) if not t.per] if folded else []
        if not pairs:
            if self._block is None or not text.strip() or self._block[2] == "remark":
                self._block = None
                return False
            table, row, key = self._block
            held = row[key]
            column = next(c for c in table.columns if c.key == key)
            row[key] = make(column, f"{held.raw}\n{text}", held.where or where, confidence, long=True)
            return True
        chosen = next((p for p in pairs if self._block and p[0] is self._block[0]), None)
        chosen = chosen or next((p for p in pairs if p[0].key == self.title), None)
        if chosen is None or match is None:
            return False
        table, column = chosen
        if self._block is None or self._block[0] is not table or self._block[1][column.key].raw:
            if column.key not in ("seq", "link", "scene"):
                return False
            row = {c.key: Value(confidence=1.0) for c in table.columns}
            self.rows[table.key].append(row)
            self.found.add(table.key)
        else:
            row = self._block[1]
        long = column.key not in ("seq", "link", "scene", "instance")
        row[column.key] = make(column, text[match.end() :], where, confidence, long=long)
        self.heads.setdefault(table.key, set()).add(column.key)
        self._block = (table, row, column.key)
        return True

    def paragraph(self, text: str, where: str, confidence: float) -> bool:
        """A paragraph before an 附2 part that names its scene instance, or a column of a row written as paragraphs."""
        if not self.annex2 and self._blocked(text, where, confidence):
            return True
        found = self._instance_text(text, where, confidence)
        if found is not None:
            self.instance = found
            self.current = None
        return found is not None

    def _ends(self, cells: list[Cell], table: Table) -> bool:
        """Whether a row below a head is no row of its table: a field's label with its value, a heading over all columns."""
        filled = [c for c in cells if c.text.strip()]
        if len(filled) == 1 and len(cells) == 1 and cells[0].column_span >= table.columns > 2:
            folded = fold_label(filled[0].text)
            return folded in self.index.enders or folded in self.index.titles
        short = [fold_label(c.text) for c in filled if len(c.text) <= 60]
        return sum(1 for f in short if f in self.index.fields and f not in self.index.heads) >= 2

    # ---------------------------------------------------------------------------------------------- rows
    def _row(self, table: Table, grid: Grid, head: Head, row: int) -> None:
        placed = self._place(grid, head, row)
        starting = {id(c) for c in grid.rows.get(row, ())}
        parts = [c for p in head.parts.values() if (c := grid.at(row, p.column)) is not None]
        own = [c for c in (*placed.values(), *parts) if id(c) in starting and c.text.strip()]
        line = [c for c in grid.rows.get(row, ()) if c.text.strip()]
        if not line or not own:
            return
        if len(line) == 1 and line[0].column_span >= table.columns > 2:
            return  # a note beneath the rows
        example = self._is_example(grid, row, line)
        if (example and not self._written_over(head, placed)) or self._is_hint(line, head):
            return
        made: Row = {}
        for column in head.table.columns:
            cell = placed.get(column.key)
            if column.parts and cell is None and head.parts:
                made[column.key] = self._from_parts(table, grid, head, row)
            else:
                made[column.key] = self._value(table, column, cell, head.confidence)
        if example:  # still labelled 示例: whether it counts, a person must see
            made = {k: v.model_copy(update={"confidence": min(v.confidence, 0.9)}) for k, v in made.items()}
            made["seq"] = Value(raw=made["seq"].raw, where=made["seq"].where, confidence=0.9)
        if self._goes_on(head, placed, starting, made):
            return
        self._part_contact(made, placed)
        said = any(says_something(v) for k, v in made.items() if k != "seq" and id(placed.get(k)) in starting)
        if not said and not head.parts:
            return
        if head.table.per:
            made = {"instance": self._instance_of(table, grid, head, row)} | made
        if head.joins and self._join(head, made):
            return
        self.rows[head.table.key].append(made)

    def _join(self, head: Head, made: Row) -> bool:
        """Put the columns of a further table into the row they belong to, by number or by name."""
        for row in self.rows[head.table.key]:
            shared = [k for k in _NAMING if k in made and k in head.cells and k in row and made[k].raw and row[k].raw]
            if shared and all(bare(made[k].raw) == bare(row[k].raw) for k in shared):
                row.update({k: v for k, v in made.items() if k in head.cells and not row[k].raw})
                return True
        return False

    def _part_contact(self, made: Row, placed: dict[str, Cell]) -> None:
        """A contact and a telephone written into one column of 附件4."""
        contact, mobile = made.get("contact"), made.get("mobile")
        if contact is None or mobile is None or "mobile" in placed or not isinstance(contact.value, str):
            return
        numbers = PHONE.findall(contact.value)
        name = re.sub(r"^[\s,，、;；/:：()（）]+|[\s,，、;；/:：()（）]+$", "", PHONE.sub(" ", contact.value))
        if numbers and name:
            made["contact"] = contact.model_copy(update={"value": normalise.fold_text(name)})
            made["mobile"] = contact.model_copy(update={"value": "、".join(numbers)})

    def _from_parts(self, table: Table, grid: Grid, head: Head, row: int) -> Value:
        """An instance whose 环节, 场景 and 实例 stand in columns of their own."""
        cells = {part: grid.at(row, cell.column) for part, cell in head.parts.items()}
        texts = {part: normalise.fold_text(c.text) for part, c in cells.items() if c is not None}
        if not any(texts.values()):
            return Value(confidence=head.confidence)
        value = [{part: texts.get(part, "") for part in ("link", "scene", "instance")}]
        first = next(c for c in cells.values() if c is not None)
        sure = min(c.confidence for c in cells.values() if c is not None)
        return Value(
            value=value, raw="—".join(t for t in texts.values() if t), where=table.where_cell(first), confidence=sure
        )

    def _goes_on(self, head: Head, placed: dict[str, Cell], starting: set[int], made: Row) -> bool:
        """Whether a row only brings a further instance of the company merged down beside it; then it joins that row."""
        column = next((c for c in head.table.columns if c.type == "instances"), None)
        company = placed.get("company")
        rows = self.rows[head.table.key]
        if column is None or company is None or id(company) in starting or not rows:
            return False
        more, held = made[column.key], rows[-1][column.key]
        if isinstance(more.value, list):
            rows[-1][column.key] = held.model_copy(
                update={
                    "value": [*(held.value or []), *more.value],
                    "raw": f"{held.raw} {more.raw}".strip(),
                    "confidence": min(held.confidence, more.confidence),
                }
            )
        return True

    def _instance_of(self, table: Table, grid: Grid, head: Head, row: int) -> Value:
        if head.instance is not None:
            cell = grid.at(row, head.instance.column)
            above = self.rows[head.table.key][-1]["instance"] if self.rows[head.table.key] else None
            if cell is not None and not cell.text.strip() and above is not None and above.value is not None:
                return above.model_copy(update={"confidence": min(above.confidence, 0.9)})  # once drawn as merged down
            if cell is not None:
                text = cell.text
                return Value(
                    value=normalise.fold_text(text) or None,
                    raw=normalise.fold(text),
                    where=table.where_cell(cell),
                    confidence=cell.confidence,
                )
        return self.instance.model_copy() if self.instance is not None else Value(confidence=0.9)

    def _place(self, grid: Grid, head: Head, row: int) -> dict[str, Cell]:
        """Column key → the cell of this row beneath its head. Where the row has as many cells as the head, in their order;
        else by the columns they cover."""
        line = grid.line(row)
        heads = sorted(head.cells.items(), key=lambda item: item[1].column)
        if len(line) == len(head.line):
            positions = {id(c): i for i, c in enumerate(head.line)}
            return {key: line[positions[id(cell)]] for key, cell in heads}
        out: dict[str, Cell] = {}
        used: set[int] = set()
        for key, cell in heads:
            below = grid.at(row, cell.column)
            if below is None or id(below) in used:
                middle = grid.at(row, cell.column + cell.column_span // 2)
                below = middle if middle is not None and id(middle) not in used else None
            if below is not None:
                used.add(id(below))
                out[key] = below
        return out

    def _value(self, table: Table, column: FormColumn, cell: Cell | None, confidence: float) -> Value:
        if cell is None:
            return Value(confidence=min(confidence, table.confidence))
        text = cell.text
        if not text.strip() and cell.tables:
            text = "\n".join(c.text for t in cell.tables for c in t.cells if c.text.strip())
        return make(
            column,
            text,
            table.where_cell(cell),
            confidence * cell.confidence,
            long=column.key not in ("seq", "link", "scene", "instance"),
        )

    def _is_example(self, grid: Grid, row: int, line: list[Cell]) -> bool:
        """The printed row still labelled 示例."""
        first = grid.at(row, 1) or line[0]
        if "".join(first.text.split()) in ("例", "样例", "举例"):
            return True
        starts = ("".join(c.text[:40].split()) for c in (first, *line) if "例" in c.text[:40])
        return any(_LABELLED_EXAMPLE.match(t) for t in starts)

    def _written_over(self, head: Head, placed: dict[str, Cell]) -> bool:
        """Whether the printed 示例 row holds an applicant's own scene: most columns filled, none with the printed words."""
        printed = head.table.example
        said = {k: bare(c.text) for k, c in placed.items() if k in printed and c.text.strip()}
        if "seq" not in head.cells or len(printed) < 4 or len(said) < 4:
            return False
        long = [k for k in said if len(printed[k]) > 12 and len(said[k]) >= 8]
        return len(long) >= 3 and not any(said[k][:12] == bare(printed[k])[:12] for k in long)

    def _is_hint(self, line: list[Cell], head: Head) -> bool:
        """A row that holds only an instruction of the blank form, or only dots."""
        if any(len(c.text) > _LONGEST_HINT for c in line):
            return False
        if len(line) > 2 and all(_REMARK.fullmatch(normalise.fold(c.text)) for c in line):
            return True  # the heads' instructions in a row of their own: （300字以内）
        texts = ["".join(c.text.split()) for c in line]
        if all(_DOTS.fullmatch(t) for t in texts) and any("…" in t or ".." in t for t in texts):
            return True
        if len(line) > 2:
            return False
        hints = {bare(h) for h in head.table.hints}
        plain = [bare(t) for t in texts]
        return all(
            p in hints or any(len(h) > 8 and p.startswith(h[:8]) and len(p) <= len(h) + 4 for h in hints) for p in plain
        )

    # ---------------------------------------------------------------------------------------------- upright tables
    def _upright(self, table: Table, grid: Grid) -> FormTable | None:
        """The form table that is drawn with its heads down the side, None where it is not."""
        if table.rows < 3:
            return None
        counts: dict[str, set[str]] = {}
        strong: dict[str, int] = {}
        by_key: dict[str, FormTable] = {}
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            if not cells or self._head(cells) is not None:
                if cells and len(cells) > 2:
                    return None
                continue
            folded = _side_label(cells[0].text, self.index.heads)[0]
            for form_table, column in self.index.heads.get(folded, ()):
                if column.key not in counts.setdefault(form_table.key, set()):
                    counts[form_table.key].add(column.key)
                    strong[form_table.key] = strong.get(form_table.key, 0) + self._strong(folded, form_table.key)
                by_key[form_table.key] = form_table
        best = max(counts, key=lambda k: (strong.get(k, 0), len(counts[k])), default=None)
        if best is None:
            return None
        form_table = by_key[best]
        own = [
            k for k in counts[best] if k in {c.key for c in form_table.columns if c.limit or c.required == "required"}
        ]
        enough = len(counts[best]) >= (4 if len(form_table.columns) > 6 else 3)
        if (
            enough
            and strong.get(best, 0) >= 2
            and (best != "scenes" or len([k for k in own if k not in ("link", "scene", "instance")]) >= 3)
        ):
            return form_table
        return None

    def _read_upright(self, table: Table, grid: Grid, form_table: FormTable) -> set[int]:
        """One scene a table (or a column): labels beside values. A label that comes again begins the next row."""
        columns = {c.key: c for c in form_table.columns}
        keys = {word: c.key for c in form_table.columns for word in (fold_label(w) for w in (c.label, *c.aliases))}
        collected: list[dict[str, Value]] = []
        taken: set[int] = set()
        base = 0
        instance = self.instance
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            position = 0
            used = False
            while position < len(cells):
                label, behind = _side_label(cells[position].text, keys)
                key = keys.get(label) if not behind or (position == 0 and (len(cells) == 1 or len(label) > 3)) else None
                if key is None:
                    if (
                        form_table.per
                        and fold_label(cells[position].text) in self.index.per
                        and position + 1 < len(cells)
                    ):
                        text = cells[position + 1].text
                        instance = Value(
                            value=normalise.fold_text(text) or None,
                            raw=normalise.fold(text),
                            where=table.where_cell(cells[position + 1]),
                        )
                        used = True
                        position += 2
                        continue
                    position += 1
                    continue
                values = [replace(cells[position], text=behind)] if behind else []
                while position + 1 < len(cells) and keys.get(fold_label(cells[position + 1].text[:120])) is None:
                    position += 1
                    values.append(cells[position])
                position += 1
                used = True
                beneath = grid.rows.get(row + 1, []) if not values and len(cells) == 1 else []
                if len(beneath) == 1 and not _side_label(beneath[0].text, keys)[0]:
                    values.append(beneath[0])  # the label over all columns, its text beneath
                    taken.add(row + 1)
                self.heads.setdefault(form_table.key, set()).add(key)
                if base < len(collected) and any(key in made for made in collected[base:]):
                    base = len(collected)
                for number, cell in enumerate(values):
                    while len(collected) <= base + number:
                        collected.append({})
                    collected[base + number][key] = self._value(table, columns[key], cell, 1.0)
            if used:
                taken.add(row)
        self.found.add(form_table.key)
        for made in collected:
            if not any(says_something(v) for k, v in made.items() if k != "seq"):
                continue
            seq = made.get("seq")
            if seq is not None and _EXAMPLE.match(seq.raw):
                continue
            full: Row = {c.key: made.get(c.key, Value(confidence=table.confidence)) for c in form_table.columns}
            if form_table.per:
                full = {"instance": (instance or Value(confidence=0.9)).model_copy()} | full
            self.rows[form_table.key].append(full)
        return taken
