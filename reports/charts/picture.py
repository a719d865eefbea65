"""Charts as pictures for papers, drawn by matplotlib in a font that comes with the program.

matplotlib is loaded when the first chart is drawn. It would make a list of all fonts of the machine and keep it in the user's
home; here it gets a folder of its own for the time being, with a list that is empty, and our font alone.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.charts.charts import Bars, Chart, Matrix

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONT = Path(__file__).resolve().parent / "font" / "ShenbaoSans.otf"
_FAMILY = "Shenbao Sans"
_COLOURS = {"reject": "#A11420", "fix": "#D08A1D", "note": "#5A94C4", "good": "#4B9C63"}
_INK, _SOFT, _LINE = "#1B2530", "#586573", "#C9D2DB"
_HEAT = ("#FFFFFF", "#D9E5F3", "#A9C5E6", "#6F9FD6", "#2F6FB8")
"""The grounds of a matrix's cells, from none to most."""
_WIDTH = 156.0
"""Millimetres between the margins of a paper."""
_DPI = 150
_NAME = 15
"""Characters of a name beside a bar."""


@dataclass(frozen=True)
class Picture:
    """A PNG with its size in millimetres and what it shows in words."""

    data: bytes
    width: float
    height: float
    words: str


def draw(chart: Chart) -> Picture:
    """The chart as a picture as wide as a paper's text; equal charts give equal bytes."""
    with _matplotlib() as figure:
        made = _bars(chart, figure) if isinstance(chart, Bars) else _matrix(chart, figure)
        layout = made.get_layout_engine()
        if layout is not None:  # once: saving would draw all of it once more to lay it out
            layout.execute(made)
            made.set_layout_engine("none")
        buffer = io.BytesIO()
        made.savefig(buffer, format="png", metadata={"Software": None})
        width, height = made.get_size_inches() * 25.4
    return Picture(buffer.getvalue(), float(width), float(height), chart.told())


@contextmanager
def _matplotlib() -> Iterator[Any]:
    """matplotlib's Figure, with our font and none of the user's settings."""
    matplotlib, figure = _loaded()
    with matplotlib.rc_context(
        {"font.family": _FAMILY, "font.size": 8, "text.color": _INK, "axes.unicode_minus": False}
    ):
        yield figure


@cache
def _loaded() -> tuple[Any, Any]:
    kept = os.environ.get("MPLCONFIGDIR")
    with tempfile.TemporaryDirectory(prefix="shenbao-") as folder:
        os.environ["MPLCONFIGDIR"] = folder
        try:
            _no_fonts_of_the_machine(Path(folder))
            import matplotlib
            from matplotlib import font_manager
            from matplotlib.figure import Figure
        finally:
            if kept is None:
                del os.environ["MPLCONFIGDIR"]
            else:
                os.environ["MPLCONFIGDIR"] = kept
    matplotlib.rcdefaults()
    font_manager.fontManager.addfont(FONT)
    return matplotlib, Figure


def _no_fonts_of_the_machine(folder: Path) -> None:
    """An empty list of fonts where matplotlib looks for the one it made last. Should it look elsewhere one day, it makes
    its list anew: a matter of seconds, and of this folder."""
    found = importlib.util.find_spec("matplotlib")
    source = Path(str(found.origin)).with_name("font_manager.py") if found is not None else None
    text = source.read_text(encoding="utf-8") if source is not None and source.is_file() else ""
    version = re.search(r"^    __version__ = ['\"]([\w.]+)['\"]", text, re.M)
    if version is not None:
        default = {"ttf": _FAMILY, "afm": "Helvetica"}
        known = {"_version": version[1], "_FontManager__default_weight": "normal", "default_size": None}
        empty = {"defaultFamily": default, "afmlist": [], "ttflist": [], "__class__": "FontManager"}
        (folder / f"fontlist-v{version[1]}.json").write_text(json.dumps(known | empty), encoding="utf-8")


def _new(figure: type[Figure], height: float) -> tuple[Figure, Axes]:
    made = figure(figsize=(_WIDTH / 25.4, height / 25.4), dpi=_DPI, layout="constrained")
    axes = made.add_subplot()
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    return made, axes


def _bars(chart: Bars, figure: type[Figure]) -> Figure:
    several = len(chart.series) > 1
    made, axes = _new(figure, (18 if several else 14) + 6 * len(chart.names))
    places = range(len(chart.names))
    before = [0] * len(chart.names)
    for series in chart.series:
        axes.barh(places, series.counts, left=before, color=_COLOURS[series.tone], label=series.name, height=0.68)
        before = [a + b for a, b in zip(before, series.counts, strict=True)]
    for at, total in enumerate(before):
        axes.text(total, at, f" {total}", va="center", ha="left", fontsize=8)
    axes.set_yticks(places, [name if len(name) <= 2 * _NAME else f"{name[: 2 * _NAME]}…" for name in chart.names])
    axes.invert_yaxis()
    axes.set_xlim(0, max(1, *before) * 1.08)
    axes.xaxis.set_visible(False)
    axes.tick_params(axis="y", length=0)
    if several:  # above the bars, which may reach anywhere beside them
        made.legend(loc="outside upper left", ncols=len(chart.series), frameon=False, fontsize=8)
    return made


def _matrix(chart: Matrix, figure: type[Figure]) -> Figure:
    """A row for each upper entry: its lower ones as cells, the darker the more often they are met."""
    from matplotlib.patches import Rectangle

    most = max([1, *(count for _, row in chart.rows for _, count in row)])
    wide = max(len(row) for _, row in chart.rows)
    made, axes = _new(figure, 6 + 9 * len(chart.rows))
    for at, (_, row) in enumerate(chart.rows):
        for place, (name, count) in enumerate(row):
            depth = 0 if not count else max(1, -(-count * (len(_HEAT) - 1) // most))
            axes.add_patch(Rectangle((place, at - 0.46), 0.97, 0.92, facecolor=_HEAT[depth], edgecolor=_LINE, lw=0.6))
            ink = "#FFFFFF" if depth == len(_HEAT) - 1 else _INK if count else _SOFT
            shown = _folded(name, max(5, 36 // wide))
            at_left = axes.text(
                place + 0.04, at, shown, va="center", ha="left", fontsize=6.5, color=ink, linespacing=1.1
            )
            at_right = axes.text(place + 0.93, at, str(count), va="center", ha="right", fontsize=8, color=ink)
            for text in (at_left, at_right):
                text.set_in_layout(False)  # they stand inside their cells: to measure each costs as much as drawing it
    axes.set_xlim(0, wide)
    axes.set_ylim(len(chart.rows) - 0.5, -0.5)
    axes.set_yticks(range(len(chart.rows)), [name for name, _ in chart.rows])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_visible(False)
    return made


def _folded(text: str, width: int) -> str:
    """A name in two lines at most."""
    if len(text) <= width:
        return text
    rest = text[width:]
    return f"{text[:width]}\n{rest if len(rest) <= width else rest[: width - 1] + '…'}"
