"""Which option is meant where no box is ticked, but one option looks otherwise or the others are struck out."""

from __future__ import annotations

from catalog.forms import FormField
from extractors.document.doubts import BESIDE_STRUCK_OUT, CHOSEN_BY_LOOK, TICK_NOT_TOLD, Doubt
from extractors.document.model import Cell
from extractors.fitting.candidates import Candidate
from extractors.fitting.values import typed
from records.choices import as_boxes
from records.signs import TICKED, UNTICKED

_NO_BOXES = str.maketrans("", "", UNTICKED)
_TICKS = frozenset(TICKED)
_ONE_OF = ("choice", "yesno")
_ANSWERS = ("是", "否")
"""Options of a yes-or-no question."""


def by_look(item: FormField, value: Candidate, text: str, cell: Cell | None) -> Candidate:
    """``value``, or where no option is ticked the one that its look tells. It is never certain."""
    if value.value is not None or cell is None or item.type not in _ONE_OF:
        return value
    boxes = as_boxes(text)
    if not _TICKS.isdisjoint(boxes):
        return value
    if BESIDE_STRUCK_OUT in cell.doubts:
        left = typed(item, boxes.translate(_NO_BOXES))
        return value if left.value is None else _told(value, left.value, BESIDE_STRUCK_OUT)
    if cell.ringed:
        return value.doubted(TICK_NOT_TOLD)
    options = item.options or _ANSWERS
    for pieces in (cell.lit, cell.stressed):
        set_off = " ".join(pieces).translate(_NO_BOXES)
        there = [option for option in options if option in set_off]
        if not there or len(there) == len(options):
            continue  # the name behind an option, or all of the cell
        chosen = typed(item, set_off).value
        return value.doubted(TICK_NOT_TOLD) if chosen is None else _told(value, chosen, CHOSEN_BY_LOOK)
    return value


def _told(value: Candidate, chosen: object, doubt: Doubt) -> Candidate:
    """The candidate with the option that was told, which leaves this doubt in place of that no tick told it."""
    rest = tuple(d for d in value.doubts if d.name != TICK_NOT_TOLD.name)
    return value._replace(value=chosen, doubts=rest).doubted(doubt)
