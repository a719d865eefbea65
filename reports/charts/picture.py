"""Charts as pictures for papers, drawn by Pillow in a font that comes with the program.

What is drawn is placed in millimetres; Pillow is loaded when the first chart is drawn.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reports.charts.charts import Bars, Chart, Matrix

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONT = Path(__file__).resolve().parent / "font" / "ShenbaoSans.otf"
_COLOURS = {"reject": "#A11420", "fix": "#D08A1D", "note": "#5A94C4", "good": "#4B9C63"}
_INK, _SOFT, _LINE, _WHITE = "#1B2530", "#586573", "#C9D2DB", "#FFFFFF"
_HEAT = (_WHITE, "#D9E5F3", "#A9C5E6", "#6F9FD6", "#2F6FB8")
"""The grounds of a matrix's cells, from none to most."""
_WIDTH = 156.0
"""Millimetres between the margins of a paper."""
_DPI = 150
_GAP = 1.5
"""Millimetres between a name and what it names."""
_MOST = 0.55
"""Of the width, what the names beside the bars take at most."""
_SIZE, _SMALL = 8.0, 6.5
"""Points of names and numbers, and of names within cells."""
_SINKS = 0.2
"""Millimetres that the middle of characters lies below the middle of their line."""


@dataclass(frozen=True)
class Picture:
    """A PNG with its size in millimetres and what it shows in words."""

    data: bytes
    width: float
    height: float
    words: str


def draw(chart: Chart) -> Picture:
    """The chart as a picture as wide as a paper's text; equal charts give equal bytes."""
    sheet = _bars(chart) if isinstance(chart, Bars) else _matrix(chart)
    return Picture(sheet.png(), _WIDTH, sheet.height, chart.told())


class _Sheet:
    """White paper to draw on; places and sizes in millimetres from the upper left corner, text in points."""

    def __init__(self, height: float) -> None:
        from PIL import Image, ImageDraw

        self.height = height
        self._image = Image.new("RGB", (_dots(_WIDTH), _dots(height)), _WHITE)
        self._pen = ImageDraw.Draw(self._image)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, line: str | None = None) -> None:
        """Boxes that meet share no dot; one of less than a dot's width is not drawn."""
        if _dots(right) > _dots(left):
            self._pen.rectangle((_dots(left), _dots(top), _dots(right) - 1, _dots(bottom) - 1), fill, line)

    def text(self, left: float, middle: float, text: str, points: float = _SIZE, colour: str = _INK) -> None:
        self._pen.text((_dots(left), _dots(middle - _SINKS)), text, colour, _font(points), "lm", spacing=_dots(0.3))

    def text_to(self, right: float, middle: float, text: str, colour: str = _INK) -> None:
        self._pen.text((_dots(right), _dots(middle - _SINKS)), text, colour, _font(_SIZE), "rm")

    def png(self) -> bytes:
        buffer = io.BytesIO()
        self._image.save(buffer, "PNG", dpi=(_DPI, _DPI))
        return buffer.getvalue()


def _dots(millimetres: float) -> int:
    return round(millimetres * _DPI / 25.4)


@cache
def _font(points: float) -> FreeTypeFont:
    from PIL import ImageFont

    # Its own layout, for the same dots whatever else a machine has to lay text out.
    return ImageFont.truetype(FONT, points * _DPI / 72, layout_engine=ImageFont.Layout.BASIC)


def _wide(text: str) -> float:
    """Millimetres of a name or number in one line."""
    return _font(_SIZE).getlength(text) * 25.4 / _DPI


def _cut(text: str, most: float) -> str:
    while _wide(text) > most:
        text = f"{text.removesuffix('…')[:-1]}…"
    return text


def _bars(chart: Bars) -> _Sheet:
    several = len(chart.series) > 1
    top, row = (9.0 if several else 1.0), 6.5
    sheet = _Sheet(top + row * len(chart.names) + 1)
    if several:
        _legend(chart, sheet)
    names = [_cut(name, _WIDTH * _MOST) for name in chart.names]
    totals = [sum(series.counts[at] for series in chart.series) for at in range(len(names))]
    zero = max(map(_wide, names)) + _GAP
    each = (_WIDTH - zero - 2 * _GAP - max(_wide(str(total)) for total in totals)) / max(1, *totals)
    for at, name in enumerate(names):
        middle, before = top + row * (at + 0.5), 0
        sheet.text_to(zero - _GAP, middle, name)
        for series in chart.series:
            after = before + series.counts[at]
            edges = zero + before * each, middle - 0.34 * row, zero + after * each, middle + 0.34 * row
            sheet.box(*edges, _COLOURS[series.tone])
            before = after
        sheet.text(zero + before * each + _GAP, middle, str(before))
    return sheet


def _legend(chart: Bars, sheet: _Sheet) -> None:
    """Above the bars, which may reach anywhere beside them."""
    left, middle = 0.0, 3.0
    for series in chart.series:
        sheet.box(left, middle - 1.1, left + 6, middle + 1.1, _COLOURS[series.tone])
        sheet.text(left + 6 + _GAP, middle, series.name)
        left += 6 + _wide(series.name) + 5 * _GAP


def _matrix(chart: Matrix) -> _Sheet:
    """A row for each upper entry: its lower ones as cells, the darker the more often they are met."""
    most = max([1, *(count for _, row in chart.rows for _, count in row)])
    wide = max(len(row) for _, row in chart.rows)
    names = [_cut(name, _WIDTH * _MOST) for name, _ in chart.rows]
    start, height = max(map(_wide, names)) + _GAP, 9.2
    each = (_WIDTH - start) / wide
    sheet = _Sheet(height * len(chart.rows))
    for at, (_, row) in enumerate(chart.rows):
        top = height * at
        middle = top + height / 2
        sheet.text_to(start - _GAP, middle, names[at])
        for place, (name, count) in enumerate(row):
            left = start + place * each
            depth = 0 if not count else max(1, -(-count * (len(_HEAT) - 1) // most))
            ink = _WHITE if depth == len(_HEAT) - 1 else _INK if count else _SOFT
            sheet.box(left, top + 0.3, left + each - 0.5, top + height - 0.3, _HEAT[depth], _LINE)
            sheet.text(left + 0.8, middle, _folded(name, max(5, 36 // wide)), _SMALL, ink)
            sheet.text_to(left + each - 1.2, middle, str(count), ink)
    return sheet


def _folded(text: str, width: int) -> str:
    """A name in two lines at most."""
    if len(text) <= width:
        return text
    rest = text[width:]
    return f"{text[:width]}\n{rest if len(rest) <= width else rest[: width - 1] + '…'}"
