"""The tolerances of columns that no rule tells: what of a row is one cell, which strips of a table are free of text."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.page.settings import Settings


@dataclass(frozen=True, slots=True)
class MergedCellSettings(Settings):
    """Which columns of a row are one cell: what it costs to take them for one or for several. In points unless said
    otherwise."""

    most: int = 40
    """Columns of a table (a count), at most: the work grows with their square."""
    flush: float = 1.6
    """Texts that stand in one way do so within this."""
    misfit: float = 2.5
    """Cost of a cell whose texts stand neither flush nor in its middle."""
    blank: float = 0.35
    """Cost of a blank cell."""
    unused: float = 0.6
    """Cost of parting a row where no other row is parted."""
    passed: float = 0.5
    """Cost of not parting it where a row beside it is."""
    close: float = 1.3
    """A gap of fewer ems is one within a cell ..."""
    apart: int = 3
    """... and one of more ems parts two."""
    often: int = 3
    """Rows (a count) whose texts begin at a line, from which it counts in full ..."""
    often_share: float = 0.25
    """... and in the second look this share of the rows, or ..."""
    often_least: float = 2.0
    """... so many."""
    rounds: int = 2
    """How often rows are looked at with what was found of those beside them (a count)."""
    padding: int = 13
    """Space between a line and the text flush with it, less than."""
    same_padding: float = 0.8
    """Spaces that differ by less are the same."""
    over_line: float = 0.3
    """A text that runs further over a line, in ems, is not parted there."""
    same_line: float = 0.4
    """Texts nearer in height, in ems, stand on one line."""
    indent: int = 2
    """Ems of an indented first line."""
    hanging: float = 0.5
    """Ems by which a closing bracket is wider than what is seen of it."""
    equal: float = 1e-9
    """Costs that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class GutterSettings(Settings):
    """Strips between columns that texts leave free. In ems unless said otherwise."""

    crossing_share: float = 0.05
    """Share of a table's lines that may run over such a strip: those of merged cells."""
    narrow: float = 0.3
    """It is wider than this."""
    gap: float = 0.3
    """Characters nearer than this are one text."""
    word: float = 0.7
    """Words drawn at once that are nearer than this are one text."""
    hang: float = 0.1
    """A text that begins this far behind the ink of a full stop, but within its square, is another cell's."""
    lines: int = 2
    """Lines with text on both sides of it (a count), at least, or ..."""
    wide: float = 1.2
    """... one, where it is wider than this."""
    step: float = 0.9
    """Lines of a cell are further apart than this ..."""
    row_space: float = 0.25
    """... and rows so much further than the nearest of them."""
    inset: float = 0.3
    """How far within a text its column is looked for."""
    before: float = 2.0
    """A wall stands so far before a strip's end, in points."""


MERGED = MergedCellSettings()
GUTTERS = GutterSettings()
