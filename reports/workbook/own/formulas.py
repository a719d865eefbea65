"""Formulas that people wrote, and whether they still say the same in a workbook that is written anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_AREA = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7}|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d{1,7}:\$?\d{1,7}")
_OUTSIDE = re.compile(r"WEBSERVICE|FILTERXML|RTD|IMAGE|HYPERLINK|CALL|REGISTER|SQL|DDE|INDIRECT", re.IGNORECASE)
"""Functions that reach out of the workbook, or to a place that only their text tells."""
FROM, TO = "\ue000", "\ue001"
"""Around the head of a column in a formula of :func:`in_row`."""


def stays(formula: str, own: Collection[str]) -> bool:
    """Whether a formula of a person's own sheet may stay a formula: it refers to cells of that sheet and of their other sheets (``own``), of
    the program's to areas alone, since their rows change places."""
    found = _operands(formula)
    if found is None:
        return False
    for operand in found:
        sheet, bang, place = operand.rpartition("!")
        if _AREA.fullmatch(place):
            if bang and ("[" in sheet or ":" in sheet):
                return False
        elif not _CELL.fullmatch(place) or (bang and sheet.strip("'").replace("''", "'") not in own):
            return False
    return True


def in_row(formula: str, row: int, heads: Mapping[str, str]) -> str:
    """A formula of a person's own column that refers to cells of its own row alone, with the heads of their columns in place of their
    letters (``heads``: letter → head); "" where it refers to anything else."""
    found = _operands(formula)
    if found is None:
        return ""
    named = {}
    for operand in found:
        match = _CELL.fullmatch(operand)
        if match is None or int(match[2]) != row or match[1] not in heads:
            return ""
        named[operand] = f"{FROM}{heads[match[1]]}{TO}"
    for operand in sorted(named, key=len, reverse=True):
        formula = re.sub(rf"(?<![A-Za-z0-9$]){re.escape(operand)}(?![A-Za-z0-9])", named[operand], formula)
    return formula


def at_row(formula: str, row: int, letters: Mapping[str, str]) -> str:
    """A formula of :func:`in_row` for another row; ``letters``: head → letter. "" where a column is not there any more."""
    heads = re.findall(f"{FROM}(.*?){TO}", formula)
    if any(h not in letters for h in heads):
        return ""
    return re.sub(f"{FROM}(.*?){TO}", lambda m: f"{letters[m[1]]}{row}", formula)


def _operands(formula: str) -> list[str] | None:
    """What a formula refers to; None where it cannot be told, or reaches out."""
    from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

    try:
        tokens = Tokenizer(formula).items
    except (TokenizerError, IndexError):
        return None
    if any(t.type == Token.FUNC and _OUTSIDE.search(t.value) for t in tokens):
        return None
    return [t.value for t in tokens if t.type == Token.OPERAND and t.subtype == Token.RANGE]
