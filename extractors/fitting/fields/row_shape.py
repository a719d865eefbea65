"""What a row of a table with fields is: which cells are labels, groups, years or values, where its values stand, whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting import inline_labels as inline
from extractors.fitting.cell_roles import GROUP, HEAD, INLINE, LABEL, VALUE, roles
from extractors.fitting.fields.values import STRANGER, ValueFitter
from extractors.fitting.labels import Target, bare, fold_label

_FIGURE_BENEATH = re.compile(r"\n\s*\d+\s*$")
_FURTHER = re.compile(r".{0,4}(?:联系|负责|联络|经办)人\s*[(（]?\s*[2-9二三四五]\s*[)）]?[:：]?")
ONLY_COLON = frozenset((":", "："))
"""A cell between a label and its value that holds the colon alone."""


@dataclass(slots=True)
class RowShape(ValueFitter):
    """Judges rows by the labels of the form and by how their cells stand."""

    strangers: set[tuple[int, int]] = field(default_factory=set)
    """Where labels of people the form does not ask for stand, that are merged down beside rows about them."""
    blocks: list[tuple[int, str]] = field(default_factory=list)
    """Of two people named side by side, the column each begins in."""

    def _joined_labels(self, cells: list[Cell]) -> list[Cell]:
        """The cells of a row with a label that was written into two cells (企业 | 名称) as one."""
        out: list[Cell] = []
        position = 0
        while position < len(cells):
            cell = cells[position]
            following = cells[position + 1] if position + 1 < len(cells) else None
            if following is not None and 0 < len(cell.text) <= 12 and 0 < len(following.text) <= 12:
                whole = fold_label(cell.text + following.text)
                halves = (fold_label(cell.text), fold_label(following.text))
                own = (
                    halves[0] in self.index.groups or halves[1] in self.index.fields or halves[1] in self.index.columns
                )
                if whole in self.index.fields and whole not in halves and not own:
                    span = following.column + following.column_span - cell.column
                    cell = Cell(
                        cell.row,
                        cell.column,
                        cell.row_span,
                        span,
                        cell.text + following.text,
                        doubts=cell.doubts,
                    )
                    position += 1
            out.append(cell)
            position += 1
        return out

    def _bare_years(self, cells: list[Cell]) -> list[tuple[Cell, str]]:
        """Heads that are bare numbers (2020 | 2021 | 2022): only three years in a row are heads, one may be a value."""
        named = [(c, self.index.columns.get(fold_label(c.text.strip()))) for c in cells if c.text.strip().isdigit()]
        years = [(c, y) for c, y in named if y is not None]
        if len(years) >= 2 and len({y for _, y in years}) == len(years) == len(named):
            return years if sum(1 for c in cells if c.text.strip()) - len(years) <= 1 else []
        return []

    def _is_matrix_row(self, cells: list[Cell], found: list[str]) -> bool:
        """A row whose first cell names a year or a group of people, the labels standing in a row above. A post may be a word
        for a person (联系人 | 王芳 | 联系人 | 139… |)."""
        if not found:
            return False
        labels = [c for c, r in zip(cells[1:], found[1:], strict=True) if r in (LABEL, INLINE)]
        posts = [c for c in labels if fold_label(c.text) in self.index.groups]
        if labels and (len(labels) > 1 or not posts or len(cells) < 5):
            return False
        return found[0] == HEAD or (found[0] in (GROUP, LABEL) and bool(self._leader(fold_label(cells[0].text))))

    def _roles(self, cells: list[Cell]) -> list[str]:
        starts = [self._starts_inline(c) for c in cells]
        found = roles(cells, self.index, starts)
        if found.count(HEAD) == 1 and found[0] != HEAD:
            at = found.index(HEAD)
            if self.index.columns[fold_label(cells[at].text)] not in self.index.own_columns:
                found[at] = VALUE  # another year by itself heads nothing: 成立年份 | 2017年
        return found

    def _starts_inline(self, cell: Cell) -> bool:
        text = cell.text
        if len(text) < 3 or not text.strip():
            return False
        targets = self.index.exact(text)
        if targets and _FIGURE_BENEATH.search(text) and targets[0].field.type in ("percent", "money", "number"):
            return True  # the figure on the line beneath is the value, not a footnote's mark
        if targets:
            return self._holds_hint(text, targets)
        return inline.leading(text, self.index) is not None

    def _holds_hint(self, text: str, targets: list[Target]) -> bool:
        """Whether a label's own cell prints the instruction where the answer goes: then the answer, if any, is in this
        cell, and a cell beside it is something else."""
        hints = [h for t in targets for h in self.index.in_label[t.field.key]]
        plain = bare(text) if hints else ""
        return any(h in plain for h in hints)

    def _answered_beside(self, cell: Cell, following: list[Cell]) -> bool:
        """Whether a label that prints its instruction holds no answer itself and the cell beside it, which is no label, does."""
        only_label = bool(self.index.exact(cell.text)) and not _FIGURE_BENEATH.search(cell.text)
        return only_label and sum(1 for c in following if c.text.strip()) == 1

    def _spanning_group(self, grid: Grid, row: int) -> str:
        for cell in grid.spanning(row):
            if (cell.row, cell.column) in self.strangers:
                return STRANGER
            folded = fold_label(cell.text)
            if folded in self.index.groups:
                return folded
        return ""

    def _people_beside(self, cells: list[Cell], found: list[str]) -> bool:
        """Whether a row goes on with the items of two people named side by side in a row above; such a row is noted."""
        named = [
            (c.column, folded)
            for c, r in zip(cells, found, strict=True)
            if r in (LABEL, GROUP) and (folded := fold_label(c.text)) in self.index.leaders
        ]
        if named:
            self.blocks = named if len(named) > 1 else []
            return False
        if self.blocks and any(
            not t.field.group for c, r in zip(cells, found, strict=True) if r == LABEL for t in self.index.exact(c.text)
        ):
            self.blocks = []
        return bool(self.blocks)

    def _further_person(self, cells: list[Cell]) -> str:
        """A row about a second contact, whose label is the first one's with a number (联系人2)."""
        return STRANGER if len(cells) > 1 and _FURTHER.fullmatch(cells[0].text.strip()) else ""

    def _row_group(self, cells: list[Cell], found: list[str]) -> str:
        for cell, role in zip(cells, found, strict=True):
            if role == GROUP:
                return fold_label(cell.text)
        return ""

    def _full_width_group(self, cells: list[Cell], found: list[str], table: Table, beneath: list[Cell]) -> bool:
        """A row that only heads those beneath it; a word that is a label too (联系人), where an item of its group follows."""
        if len(cells) != 1 or found[0] not in (GROUP, LABEL) or not cells[0].column_span >= table.columns > 1:
            return False
        folded = fold_label(cells[0].text)
        if self.index.exact(cells[0].text):
            keys = self.index.groups.get(folded, set())
            under = self.index.exact(beneath[0].text) if len(beneath) > 1 else []
            return any(t.field.key in keys for t in under)
        return folded in self.index.groups or folded in self.index.enders

    def _in_group(self, cells: list[Cell], found: list[str], group: str) -> bool:
        """Whether any label of the row belongs to the group held from a row above."""
        keys = self.index.groups.get(group, set())
        targets = [t for c, r in zip(cells, found, strict=True) if r == LABEL for t in self.index.exact(c.text)]
        return not targets or any(t.field.key in keys for t in targets)

    def _headed(self, grid: Grid, row: int, cells: list[Cell], found: list[str]) -> list[str]:
        """The roles of a row of labels that print their instruction, each with its answer in the cell beneath."""
        if found.count(INLINE) < 2:
            return found
        heads = [c for c, r in zip(cells, found, strict=True) if r == INLINE and self.index.exact(c.text)]
        if len(heads) < 2 or VALUE in found or found.count(INLINE) > len(heads):
            return found
        beneath = grid.rows.get(row + 1, [])
        under = {c.column for c, r in zip(beneath, self._roles(beneath), strict=True) if r == VALUE and c.text.strip()}
        if not all(c.column in under for c in heads):
            return found
        return [LABEL if r == INLINE else r for r in found]

    def _below(self, grid: Grid, row: int, cells: list[Cell], found: list[str]) -> bool:
        """Whether a row of labels alone has its values in the row beneath."""
        if INLINE in found:
            only = [r == INLINE and bool(self.index.exact(c.text)) for c, r in zip(cells, found, strict=True)]
            found = [
                LABEL if o and not _FIGURE_BENEATH.search(c.text) else r
                for c, r, o in zip(cells, found, only, strict=True)
            ]
        elif LABEL not in found:
            return False
        texts = [r for c, r in zip(cells, found, strict=True) if c.text.strip()]
        count = texts.count(LABEL)
        beneath = grid.rows.get(row + 1, [])
        if count >= 3 and VALUE in texts and beneath and self._bare_heads(cells, found, beneath):
            return True
        if (
            not beneath
            or count == 0
            or any(r in (VALUE, INLINE, HEAD) for r in texts[1:])
            or texts[0] in (INLINE, HEAD)
        ):
            return False
        if any(c.text.strip() == "" for c in cells) and self._each_has_room(cells, found):
            return False
        under = self._roles(beneath)
        by_year = self._is_matrix_row(beneath, under) and under[0] == HEAD
        if texts[0] == VALUE and (count < (1 if by_year else 3) or len(cells[0].text) > 12):
            return False
        if any(r == VALUE for r in found) and count < 2 and not by_year:
            return False
        if self._matrix_beneath(cells, found, beneath, under):
            return by_year or count >= 2
        if any(r in (LABEL, GROUP, INLINE, HEAD) for r in under) and not self._answers(cells, found, beneath, under):
            return False
        return count >= 2 or (len(cells) == 1 and len(beneath) == 1)

    def _bare_heads(self, cells: list[Cell], found: list[str], beneath: list[Cell]) -> bool:
        """Whether labels stand side by side with no room for values between them, a word that is none among them (姓名 | 部门 | 职务 |
        电话 | 手机): heads of the row beneath."""
        roomless = sum(1 for n, r in enumerate(found) if r == LABEL and found[n + 1 : n + 2] != [VALUE])
        words = [c.text.strip() for c, r in zip(cells, found, strict=True) if r == VALUE and c.text.strip()]
        under = self._roles(beneath)
        said = sum(1 for c, r in zip(beneath, under, strict=True) if r == VALUE and c.text.strip())
        plain = all(re.fullmatch(r"[\u4e00-\u9fff]{2,6}", w) for w in words)
        return roomless >= 2 and plain and len(beneath) >= len(cells) - 1 and set(under) == {VALUE} and said >= 3

    def _matrix_beneath(self, cells: list[Cell], found: list[str], beneath: list[Cell], under: list[str]) -> bool:
        """Whether the row beneath a row of labels is one of a year or a person, not the answers to the labels."""
        own = found[0] == LABEL and fold_label(cells[0].text) not in self.index.groups
        return self._is_matrix_row(beneath, under) and not (own and self._answers(cells, found, beneath, under))

    def _answers(self, cells: list[Cell], found: list[str], beneath: list[Cell], under: list[str]) -> bool:
        """Whether a row beneath labels, cell for cell, holds their answers though one of them is a word of the form (the post
        of a contact: 负责人)."""
        said = [c for c, r in zip(beneath, under, strict=True) if r == VALUE and c.text.strip()]
        words = len(under) - under.count(VALUE)
        same = [(c.column, c.column_span) for c in cells] == [(c.column, c.column_span) for c in beneath]
        return same and words == 1 and len(said) >= 2 and all(r in (LABEL, GROUP) for r in found)

    def _is_stacked(self, grid: Grid) -> bool:
        """Whether a row of the table has its values in the row beneath."""
        return any(self._below(grid, row, cells, self._roles(cells)) for row, cells in grid.rows.items())

    def _each_has_room(self, cells: list[Cell], found: list[str]) -> bool:
        """Whether each label of a row has an empty cell of its own beside it."""
        return all(n + 1 < len(cells) and not cells[n + 1].text.strip() for n, r in enumerate(found) if r == LABEL)

    def _alone_beneath(self, grid: Grid, row: int, cells: list[Cell], found: list[str]) -> bool:
        """Whether labels with empty cells beside them have their values in the row beneath, which no other label could claim:
        of several labels each has one there, or a single one stands in a table whose values stand beneath their labels."""
        beneath = grid.rows.get(row + 1, [])
        if (
            len(cells) < 2
            or len(beneath) != len(cells)
            or any(r == VALUE and c.text.strip() for c, r in zip(cells, found, strict=True))
        ):
            return False
        labels = [n for n, r in enumerate(found) if r in (LABEL, INLINE) and self.index.exact(cells[n].text)]
        if not labels or labels[0] != 0 or len(cells) < 2 or [c.column for c in beneath] != [c.column for c in cells]:
            return False
        if any(c.text.strip() and n not in labels for n, c in enumerate(cells)):
            return False
        full = [n for n, c in enumerate(beneath) if c.text.strip()]
        if full != labels or not self._each_has_room(cells, found) or any(r != VALUE for r in self._roles(beneath)):
            return False
        return len(labels) > 1 or self._is_stacked(grid)

    def _owned(self, cells: list[Cell], found: list[str], group: str) -> list[str]:
        """A cell that begins with a label but belongs to the label before it: that one asks for all it holds (供应商联系人及联系方式
        | 姓名：…，电话：…)."""
        out = list(found)
        for number in range(len(cells) - 1):
            if out[number] == INLINE and out[number + 1] == VALUE and cells[number + 1].text.strip():
                if self.index.exact(cells[number].text):
                    out[number] = LABEL  # its instruction alone is printed with it, and the answer stands beside
                continue
            if out[number] != LABEL or out[number + 1] != INLINE or cells[number].text.rstrip()[-1:] in ":：":
                continue
            target = self.choose(self.index.exact(cells[number].text), group)
            pair = inline.leading(cells[number + 1].text, self.index)
            if target is not None and target.field.type == "long_text":
                out[number + 1] = VALUE
                continue
            if target is None or pair is None or (not target.field.group and target.field.key in self.values):
                continue
            if all(t.field.part != target.field.part for t in pair.targets):
                out[number + 1] = VALUE
        return out

    def _stranger(self, cells: list[Cell], found: list[str]) -> str:
        """A row about somebody the form does not ask for (财务负责人 | 姓名 | …), named by a cell that is no label."""
        if (
            len(cells) < 3
            or found[0] != VALUE
            or found[1] != LABEL
            or not re.fullmatch(r"\s*(?:\d{1,2}\s*[.、．]\s*)?[\u4e00-\u9fff/、（）]{2,16}\s*", cells[0].text)
        ):
            return ""
        targets = self.index.exact(cells[1].text)
        people = all(any(self._leader(fold_label(g)) for g in t.field.group) for t in targets)
        return STRANGER if targets and people else ""

    def _with_leader(self, cell: Cell, role: str, following: list[Cell]) -> list[Target]:
        """What a label stands for; one that names people (法人代表, 联系人) and has a value beside it stands for their
        name."""
        targets = self.index.exact(cell.text) if role == LABEL else []
        if not following or not any(c.text.strip() for c in following):
            return targets
        return [*targets, *(t for t in self._leader(fold_label(cell.text)) if t not in targets)]

    def _leader(self, group: str) -> list[Target]:
        """The first field of a group of people, a name."""
        found = self.index.leaders.get(group)
        return [found] if found is not None else []

    def _values_after(self, cells: list[Cell], found: list[str], number: int) -> list[Cell]:
        out = []
        for cell, role in zip(cells[number + 1 :], found[number + 1 :], strict=True):
            if role != VALUE:
                break
            if cell.text.strip() not in ONLY_COLON:
                out.append(cell)
        return out
