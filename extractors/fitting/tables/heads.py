"""Which rows of a table head the columns of a form's table: by their words, whatever the columns' order."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from catalog.forms import FormColumn, FormTable
from extractors.document.doubts import HEAD_BY_PLACE, HEAD_FUZZY, HEAD_NOT_UNDERSTOOD, Doubt
from extractors.document.grid import Grid
from extractors.document.model import Cell
from extractors.fitting.labels import LabelIndex, fold_label
from extractors.fitting.settings import TABLES


@dataclass(slots=True)
class Head:
    """A head row: which form table, and which cell stands over which column."""

    table: FormTable
    cells: dict[str, Cell]
    line: list[Cell]
    """Every cell of the head row, matched or not."""
    instance: Cell | None = None
    """The cell over a column that names the scene instance (附2 drawn as one table), or the instance's own cell."""
    parts: dict[str, Cell] = field(default_factory=dict)
    """Of a list whose instances stand in three columns: link, scene, instance → the cell over each."""
    doubts: dict[str, Doubt] = field(default_factory=dict)
    """The columns whose cells were told by likeness or by their place, and those that may stand under a head that was not
    understood → the doubt."""
    joins: bool = False
    """The rows beneath complete rows read before (附1 cut into two tables side by side)."""
    _columns: list[tuple[str, Cell, int]] = field(default_factory=list)

    def columns(self) -> list[tuple[str, Cell, int]]:
        """The columns left to right: key, cell, and which cell of the line that is."""
        if not self._columns:
            places = {id(cell): place for place, cell in enumerate(self.line)}
            in_order = sorted(self.cells.items(), key=lambda item: item[1].column)
            self._columns = [(key, cell, places[id(cell)]) for key, cell in in_order]
        return self._columns


def _guessed(
    form_table: FormTable, matched: dict[str, Cell], texts: list[tuple[Cell, str]]
) -> dict[str, tuple[Cell, Doubt]]:
    """The columns that heads in other words stand for, with the doubt that is left: by likeness, else where as many required columns
    of the form lack between two known heads as there are unknown ones."""
    known = {id(c): key for key, c in matched.items()}
    out: dict[str, tuple[Cell, Doubt]] = {}
    if all(id(c) in known for c, _ in texts):
        return out
    for cell, folded in texts:
        if id(cell) in known or len(folded) < TABLES.head_word:
            continue
        missing = [c for c in form_table.columns if c.key not in matched and c.key not in out]
        scores = sorted(((_likeness(folded, c), c.key) for c in missing), reverse=True)
        if scores and scores[0][0] >= TABLES.head_like and (len(scores) == 1 or scores[0][0] > scores[1][0]):
            out[scores[0][1]] = (cell, HEAD_FUZZY)
            known[id(cell)] = scores[0][1]
    order = [c.key for c in form_table.columns]
    run: list[Cell] = []
    last = -1
    for head in [*(c for c, _ in texts), None]:
        if head is not None and id(head) not in known:
            run.append(head)
            continue
        place = len(order) if head is None else order.index(known[id(head)])
        between = [
            c.key
            for c in form_table.columns[last + 1 : place]
            if c.required == "required" and c.key not in known.values()
        ]
        if run and len(between) == len(run):
            out.update({k: (c, HEAD_BY_PLACE) for k, c in zip(between, run, strict=True)})
        run, last = [], place
    return out


def _likeness(folded: str, column: FormColumn) -> float:
    return max(fuzz.ratio(folded, fold_label(word)) for word in (column.label, *column.aliases))


@dataclass(slots=True)
class HeadFinder:
    """Judges rows as heads. ``title`` is the key of the form table that the last title named."""

    index: LabelIndex
    title: str = ""
    in_chapter: bool = False
    """A chapter is being read: applicants put tables of their own into it."""
    announced: frozenset[str] = frozenset()
    """The form's tables whose annex or title stands in the file: what is like one in a chapter is the applicant's own."""
    met: set[str] = field(default_factory=set)
    """The form's tables met under a head with all columns that they need."""
    _heads_seen: dict[int, Head | None] = field(default_factory=dict)

    def head_of_row(self, grid: Grid, row: int, cells: list[Cell]) -> Head | None:
        """The head that a row is, by its own cells or together with those merged down beside them (a head of two rows)."""
        found = self.head(cells)
        line = grid.line(row)
        if len(line) == len(cells) or not any(c.row_span > 1 for c in line):
            return found
        if not all(
            fold_label(c.text) in self.index.heads for c in cells if c.text.strip() and len(c.text) <= TABLES.head
        ):
            return found
        wider = self._judge_head(line)
        return wider if wider is not None and (found is None or len(wider.line) > len(found.line)) else found

    def head(self, cells: list[Cell]) -> Head | None:
        """The head that a row is, None where it is none; each row is judged once, and known by its first cell."""
        if not cells:
            return None
        key = id(cells[0])
        if key not in self._heads_seen:
            self._heads_seen[key] = self._judge_head(cells)
        return self._heads_seen[key]

    def _judge_head(self, cells: list[Cell]) -> Head | None:
        texts: list[tuple[Cell, str]] = []
        known = 0
        for cell in cells:
            text = cell.text
            if len(text) > TABLES.head:
                return None
            folded = fold_label(text) if text else ""
            if folded:
                folded = folded if not cell.doubts else self._nearest_head(folded)
                known += folded in self.index.heads
                texts.append((cell, folded))
            elif text.strip():
                return None
        if known < TABLES.heads:
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
        whole = any(len(matched) == len(texts) for matched in scores.values())
        for key, matched in scores.items():
            if len(matched) < TABLES.heads or (whole and len(matched) < len(texts)):
                continue  # another table has all of these heads
            found = self._score_head(by_key[key], matched, cells, texts)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        return best[1] if best else None

    def _nearest_head(self, folded: str) -> str:
        """The head of a column that a text read by OCR stands for where a character is wrong, missing or too many."""
        if folded in self.index.heads or len(folded) < TABLES.head_read:
            return folded
        long = [head for head in self.index.heads if len(head) >= TABLES.head_read]
        near = process.extractOne(folded, long, scorer=Levenshtein.distance, score_cutoff=1)
        return near[0] if near is not None else folded

    def _score_head(
        self, form_table: FormTable, matched: dict[str, Cell], cells: list[Cell], texts: list[tuple[Cell, str]]
    ) -> tuple[float, Head] | None:
        """How well a row fits as the head of one form table, None where it does not."""
        known = {id(c) for c in matched.values()}
        titled = form_table.key == self.title
        if self.in_chapter and not titled and form_table.key in self.announced:
            return None
        folded = [f for c, f in texts if id(c) in known]
        strong = sum(1 for f in folded if self.strong(f, form_table.key))
        if not (strong or titled):
            return None
        left = [(c, f) for c, f in texts if id(c) not in known]
        if left and self.in_chapter and not titled and len(matched) < TABLES.heads_known:
            return None  # 序号 | 设备名称 | 投资: a table of the chapter's own
        if left and not titled and len(matched) < TABLES.heads_known and not self._names(form_table, matched):
            return None  # 序号 | 指标名称 | 成效: a list of something else
        split = {self.index.parts[key][2]: c for c, f in left if (key := f"{form_table.key}:{f}") in self.index.parts}
        instance: Cell | None = None
        if form_table.per and left:
            # a column that names the instance, or the instance itself merged down beside its part
            instance = next((c for c, f in left if f in self.index.per), None)
            beside, folded_beside = left[0]
            if instance is None and beside.row_span > 1 and beside is texts[0][0]:
                instance = None if folded_beside in self.index.titles else beside
        aside = sum(1 for c, f in left if c.row_span > 1 and (f in self.index.titles or f in self.index.heads))
        doubts: dict[str, Doubt] = {}
        guesses = 0
        if (
            left
            and len(matched) >= TABLES.heads_known
            and (titled or strong > 1)
            and not split
            and instance is None
            and not aside
        ):
            guessed = _guessed(form_table, matched, texts)
            doubts = {key: doubt for key, (_, doubt) in guessed.items()}
            if len(guessed) < len(left):
                missing = [c.key for c in form_table.columns if c.key not in matched and c.key not in guessed]
                doubts |= dict.fromkeys(missing, HEAD_NOT_UNDERSTOOD)
            guesses = len(guessed)
            matched = matched | {key: cell for key, (cell, _) in guessed.items()}
        share = (len(matched) + len(split) + (instance is not None)) / max(1, len(texts) - aside)
        whole = self._is_whole(form_table, matched)
        if share < TABLES.head_share and not whole:
            return None  # an office may add as many columns as it likes to those of the form
        long = {c.key for c in form_table.columns if c.limit}
        if long and not titled and not long & set(matched):
            return None  # a list of scenes of the applicant's own, not 附1
        if not titled and all(f in self.index.fields for f in folded):
            return None  # 环节名称 | 场景名称 | 场景实例名称 head the basic information too
        if form_table.key in self.met and not split and self._lists_nothing(form_table, matched):
            return None  # 序号 | 企业名称 | 联系人 | 手机号 behind the list itself: who can be reached
        blanks = sum(1 for c in cells if not c.text.strip())
        if long and blanks >= len(matched) and len(matched) < TABLES.heads_unfilled:
            return None  # 环节名称 | | 场景名称 | : a row of labels whose values are not filled in
        lacking = len(form_table.columns) - len(matched)
        score = len(matched) - 0.5 * guesses + (1.5 if titled else 0.0) + 0.5 * strong - 0.1 * lacking
        return score, Head(form_table, matched, cells, instance, parts=split, doubts=doubts)

    def _is_whole(self, form_table: FormTable, matched: dict[str, Cell]) -> bool:
        """Whether all columns that a table of several needs have their heads; noted."""
        asked = {c.key for c in form_table.columns if c.required == "required"}
        whole = len(asked) >= TABLES.heads_known and asked <= matched.keys()
        if whole:
            self.met.add(form_table.key)
        return whole

    @staticmethod
    def _lists_nothing(form_table: FormTable, matched: dict[str, Cell]) -> bool:
        """Whether a list that recommends has no column of what is recommended."""
        listed = {c.key for c in form_table.columns if c.type == "instances"}
        return bool(listed) and listed.isdisjoint(matched)

    @staticmethod
    def _names(form_table: FormTable, matched: dict[str, Cell]) -> bool:
        """Whether a column was met that names a row of the table; a table without such columns needs none."""
        naming = [c.key for c in form_table.columns if c.names_row and c.role != "seq"]
        return not naming or any(key in matched for key in naming)

    def strong(self, folded: str, key: str) -> bool:
        """Whether a head tells this table from the form's others and from its fields."""
        return key in self.index.strong.get(folded, ())
