"""What several workbooks of a folder hold of people's own, brought together, so that neither an old copy nor a row taken out loses a word."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from records.models import Unplaced
from reports.workbook.own.carried import Carried, Cell, OwnColumn
from reports.workbook.said import SHEET, Understood, column_words, unplaced

_OTHERWISE = "与台账中同一格所写不同"
_GONE = "原来的台账不在了，或者读不出，没有带回原处"


@dataclass(frozen=True)
class Layout:
    """One workbook of the folder. ``is_main``: the folder's own; ``as_written``: nobody changed it since the program wrote it."""

    name: str
    sha256: str
    told: Understood
    carried: Carried
    is_main: bool = False
    as_written: bool = False

    @property
    def workbook(self) -> tuple[str, str]:
        return self.name, self.sha256


@dataclass
class Together:
    """``words`` are to be put down in the book; ``messages`` (Chinese) tell of what stands otherwise in two workbooks."""

    carried: Carried
    words: list[Unplaced]
    messages: list[str]


def together(layouts: Sequence[Layout], held: Mapping[str, Unplaced], *, has_main: bool) -> Together:
    """All of ``layouts``, those saved last at the end. ``held``: the words that the book held before; ``has_main``: the folder has its
    workbook, whether it could be read or not."""
    main = next((x for x in layouts if x.is_main), None)
    rest = [x for x in reversed(layouts) if x is not main]
    order = rest if main is None else [*rest, main] if main.as_written else [main, *rest]
    out = Together(Carried(read=main is not None or (not has_main and bool(layouts))), [], [])
    for layout in order:
        against = out.carried.add(layout.carried if layout is main else _fresh(layout, held))
        for sheet, key, head, text in against:
            if layout.is_main and layout.as_written:
                continue  # a copy says otherwise since
            if not key and not head:
                out.messages.append(f"{layout.name}的工作表“{sheet}”与已有的不同，另列为“{text}”")
                continue
            finding = key if sheet == SHEET else ""
            out.words.append(unplaced(layout.workbook, sheet, 0, {head: text}, _OTHERWISE, finding=finding))
    if main is not None:
        out.words += [] if main.as_written else _cleared(main, held)
        _restore(out.carried, main, held)
    elif not out.carried.read:
        out.words += [
            u.model_copy(update={"placed": "", "why": _GONE})
            for u in held.values()
            if u.placed and any(u.cells.values())
        ]
    return out


def _fresh(layout: Layout, held: Mapping[str, Unplaced]) -> Carried:
    """What of a copy the book does not hold yet: the rest is old, and changed or taken out elsewhere since."""

    def is_old(sheet: str, key: str, head: str, cell: Cell) -> bool:
        return column_words(layout.workbook, sheet, 0, key, head, cell.says()[0].strip()).id in held

    columns: dict[str, list[OwnColumn]] = {}
    for sheet, found in layout.carried.columns.items():
        for column in found:
            cells = {k: c for k, c in column.cells.items() if not is_old(sheet, k, column.title, c)}
            if any(any(c.says()) for c in cells.values()) or not is_old(sheet, "", column.title, column.head):
                columns.setdefault(sheet, []).append(replace(column, cells=cells))
    said = {
        s.name: [u.id for u in layout.told.unplaced if u.placed == "sheet" and u.sheet == s.name]
        for s in layout.carried.sheets
    }
    sheets = [s for s in layout.carried.sheets if not said[s.name] or any(i not in held for i in said[s.name])]
    return replace(layout.carried, columns=columns, sheets=sheets, widths={})


def latest(held: Mapping[str, Unplaced]) -> dict[tuple[str, str, str], Unplaced]:
    """The words that stand last in each cell of own columns: by sheet, key of the row, head."""
    return {(u.sheet, u.key, head): u for u in held.values() if u.placed == "column" for head in u.cells}


def _rows(main: Layout) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in main.told.parts:
        found.setdefault(part.name, set()).update(part.rows.values())
    return found


def _cleared(main: Layout, held: Mapping[str, Unplaced]) -> Iterator[Unplaced]:
    """Cells of own columns that a person emptied."""
    rows = _rows(main)
    columns = {(sheet, c.title): c for sheet, found in main.carried.columns.items() for c in found}
    for (sheet, key, head), words in latest(held).items():
        column = columns.get((sheet, head))
        empty = column is not None and not any(column.cells.get(key, Cell()).says())
        if empty and key in rows.get(sheet, ()) and words.cells[head]:
            yield column_words(main.workbook, sheet, 0, key, head, "")


def _restore(carried: Carried, main: Layout, held: Mapping[str, Unplaced]) -> None:
    """Words in own columns whose rows a person took out, or which had no finding for a while."""
    rows = _rows(main)
    for (sheet, key, head), words in latest(held).items():
        if not key or key in rows.get(sheet, ()) or not words.cells[head]:
            continue
        here = carried.columns.get(sheet, [])
        at = next((n for n, c in enumerate(here) if c.title == head), None)
        if at is not None and key not in here[at].cells:
            here[at] = replace(here[at], cells=here[at].cells | {key: Cell(words.cells[head])})


def gone(carried: Carried | None, held: Mapping[str, Unplaced], here: Collection[str]) -> Iterator[Unplaced]:
    """Words in own columns of the findings' sheet on findings that are no longer there."""
    slots = carried.slots() if carried is not None else set()
    for (sheet, key, head), words in sorted(latest(held).items()):
        if sheet == SHEET and key and key not in here and (sheet, head) in slots and words.cells[head]:
            yield words
