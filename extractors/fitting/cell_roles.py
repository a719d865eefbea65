"""What each cell of a row is: a label, a group's label, a column head, an inline label with its value, or a value.

A cell's words alone do not say (a contact's 职务 may be 负责人, which is a label elsewhere), so the row is read as a whole:
the likeliest sequence of roles, found by dynamic programming over a handful of weights.
"""

from __future__ import annotations

import functools

from extractors.document.model import Cell
from extractors.fitting.labels import LONGEST, LabelIndex, fold_label

LABEL, GROUP, HEAD, INLINE, VALUE = "L", "G", "Y", "I", "V"
_START = {LABEL: 0.1, GROUP: 0.1, HEAD: 0.0, INLINE: 0.1, VALUE: 0.0}
_STEP = {
    (LABEL, VALUE): 0.5, (LABEL, LABEL): -0.3, (LABEL, GROUP): -1.2, (LABEL, HEAD): -1.2, (LABEL, INLINE): -0.1,
    (GROUP, LABEL): 0.3, (GROUP, GROUP): -0.3, (GROUP, VALUE): -0.4, (GROUP, HEAD): 0.3, (GROUP, INLINE): 0.3,
    (HEAD, HEAD): 0.2, (HEAD, VALUE): 0.1, (HEAD, LABEL): -0.5, (HEAD, GROUP): -1.0, (HEAD, INLINE): -0.5,
    (VALUE, LABEL): 0.1, (VALUE, VALUE): -0.05, (VALUE, GROUP): 0.0, (VALUE, HEAD): -0.5, (VALUE, INLINE): 0.0,
    (INLINE, LABEL): 0.1, (INLINE, VALUE): -0.1, (INLINE, GROUP): 0.0, (INLINE, HEAD): -0.5, (INLINE, INLINE): 0.2,
}  # fmt: skip
_END = {LABEL: -0.3, GROUP: -0.1, HEAD: 0.0, INLINE: 0.0, VALUE: 0.0}

_BLANK = ((VALUE, 0.3),)
_SURELY_LABEL = 6


def roles(cells: list[Cell], index: LabelIndex, inline: list[bool]) -> list[str]:
    """One role a cell. ``inline[i]`` says that cell i begins with a label and goes on with its value."""
    if not cells:
        return []
    return list(_likeliest(tuple(_emissions(c, index, starts) for c, starts in zip(cells, inline, strict=True))))


_Emissions = tuple[tuple[str, float], ...]
"""What a cell may be by its words, each with its weight."""


@functools.lru_cache(maxsize=5000)
def _likeliest(emissions: tuple[_Emissions, ...]) -> list[str]:
    """The likeliest roles of a row. A form has few kinds of rows, and its tables few of those a thousand times."""
    best: list[dict[str, tuple[float, str]]] = [{r: (e + _START[r], "") for r, e in emissions[0]}]
    for scores in emissions[1:]:
        column: dict[str, tuple[float, str]] = {}
        for role, gain in scores:
            column[role] = max(
                ((s + _STEP[before, role] + gain, before) for before, (s, _) in best[-1].items()), key=lambda x: x[0]
            )
        best.append(column)
    role = max(best[-1], key=lambda r: best[-1][r][0] + _END[r])
    out = [role]
    for column in reversed(best[1:]):
        role = column[role][1]
        out.append(role)
    return out[::-1]


def _emissions(cell: Cell, index: LabelIndex, starts_inline: bool) -> _Emissions:
    text = cell.text
    if not text or text.isspace():
        return _BLANK
    found: dict[str, float] = {}
    folded = fold_label(text) if len(text) <= 2 * LONGEST else ""
    if folded:
        if folded in index.fields:
            found[LABEL] = 1.0
        if folded in index.groups or folded in index.enders:
            if found:
                found[LABEL] = 0.75  # a word for a person (联系人) may be an answer: 职务 | 联系人 | 手机
            found[GROUP] = 0.9
        if folded in index.columns and not folded.isdigit() and text.rstrip()[-1:] not in ":：":
            found[HEAD] = 1.0
    # nobody answers 揭榜任务建设地址; 负责人 may be a post
    found[VALUE] = (-0.3 if len(folded) < _SURELY_LABEL else -1.0) if found else 0.2
    if starts_inline:
        found.pop(LABEL, None)
        found[INLINE] = 0.9
    return tuple(found.items())
