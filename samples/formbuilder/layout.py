"""How a form is drawn: what varies between the files that come in, and the values of one form as lines for cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from samples.formbuilder import written
from samples.formbuilder.word import Box, Cell, Face, Footnote, Line, Piece, Ticks

LABEL = Face("仿宋", 24)
SMALL = Face("仿宋", 18)
BODY = Face("仿宋", 32)
HEAD = Face("黑体", 32)
SUBHEAD = Face("楷体", 32)
SPACED = range(2, 5)
"""Characters of the labels that people spread out (企 业 名 称)."""


@dataclass(frozen=True)
class Layout:
    """``tick``: ☑ ■ √ … or sym, control (see :class:`Ticks`). ``tick_right`` puts the box behind its option.
    ``only_ticked`` leaves out what is not ticked. ``spaced`` spreads short labels (企 业 名 称).
    ``split`` cuts the basic information into several tables and 附1 into one table an instance.
    ``swapped`` puts 备注 before 经济性和可推广性 and the outcome pairs the other way round.
    ``vertical`` turns each row of 附1 into a table of its own, label beside text.
    ``example`` keeps the 示例 row of 附1. ``header`` is text for the page header. ``cover``: lines or table.
    ``proof`` is a picture put in as proof of the maturity level."""

    tick: str = "☑"
    tick_right: bool = False
    only_ticked: bool = False
    spaced: bool = False
    split: bool = False
    swapped: bool = False
    vertical: bool = False
    example: bool = True
    header: str = ""
    cover: str = "lines"
    proof: bytes | None = None
    hints: bool = True
    """Print the instructions of the form where it is left blank."""

    @property
    def ticks(self) -> Ticks:
        return Ticks(self.tick)

    def label(self, *pieces: Piece) -> Line:
        match pieces:
            case (str(only),) if self.spaced and len(only) in SPACED:
                return " ".join(only)
        return list(pieces)


class Values:
    """The values of one form as it is written; every key is blank where ``data`` is None."""

    def __init__(self, data: dict[str, Any] | None, layout: Layout) -> None:
        self.data = data or {}
        self.layout = layout

    @property
    def blank(self) -> bool:
        return not self.data

    def text(self, key: str, hint: str = "") -> str:
        for part in ("fields", "sections"):
            value = self.data.get(part, {}).get(key)
            if value is not None and value != "":
                return written.text(value)
        return hint if self.layout.hints else ""

    def raw(self, key: str) -> Any:
        return self.data.get("fields", {}).get(key)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(self.data.get("tables", {}).get(table, []))

    def choice(self, key: str, options: Sequence[str], after: dict[str, str] | None = None) -> Line:
        """Options with boxes, spread out in one line."""
        chosen = written.marks(self.raw(key))
        line: list[Piece] = []
        for option in options:
            if self.layout.only_ticked and option not in chosen and chosen:
                continue
            pieces: list[Piece] = [Box(option in chosen), option]
            if self.layout.tick_right:
                pieces.reverse()
            line += [*(["  "] if line else []), *pieces, (after or {}).get(option, "")]
        return line

    def named(self, key: str, name: str, label: str) -> Line:
        """是/否, with a name asked for behind 是: □是（项目名称：   ） □否."""
        return self.choice(key, ("是", "否"), {"是": f"（{label}：{self.text(name) or '      '}）"})


def label(layout: Layout, *pieces: Piece, span: int = 1, down: int = 1) -> Cell:
    """A label's cell, centred; several lines where a piece holds line feeds."""
    if len(pieces) == 1 and isinstance(pieces[0], str) and "\n" in pieces[0]:
        return Cell(pieces[0].split("\n"), span, down)
    return Cell([layout.label(*pieces)], span, down)


def value(text: str | Line, span: int = 1, down: int = 1, align: str = "left", vertical: str = "center") -> Cell:
    """A value's cell; line feeds in text start paragraphs."""
    lines: Sequence[Line] = text.split("\n") if isinstance(text, str) else [text]
    return Cell(lines, span, down, align, vertical=vertical)


__all__ = ["BODY", "HEAD", "LABEL", "SMALL", "SUBHEAD", "Footnote", "Layout", "Values", "label", "value"]
