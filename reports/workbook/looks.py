"""How a cell looks, from what openpyxl read to what xlsxwriter writes: a person's cells whole, of the program's what a person did.

Colours of the workbook's theme become plain ones: a workbook that is written anew has a theme of its own.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from reports.workbook.tones import COLOURS, FONT, HEAD_FONT, INKS

Look = tuple[tuple[str, Any], ...]
"""Properties of xlsxwriter's formats, sorted by name."""
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PLAIN: dict[str, Any] = {"font_name": FONT, "font_size": 11}
"""The look of a cell that has none of its own."""
_USUAL = {"valign": ("bottom",), "align": ("general",)}
_BLACK = "#000000"
"""What letters are by themselves."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_SYSTEM = 64
"""Indexed colours from here on are the system's own."""
_STACKED, _UPRIGHT = 255, 90
"""Rotations: letters above one another; degrees beyond this turn the other way."""
_LINES = {
    name: n
    for n, name in enumerate(
        [
            "thin",
            "medium",
            "dashed",
            "dotted",
            "thick",
            "double",
            "hair",
            "mediumDashed",
            "dashDot",
            "mediumDashDot",
            "dashDotDot",
            "mediumDashDotDot",
            "slantDashDot",
        ],
        1,
    )
}
_ACROSS = {"centerContinuous": "center_across"}
_DOWN = {"center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}
CALLED = {"bg_color": "底色", "font_color": "字色", "font_strikeout": "删除线", "bold": "加粗", "italic": "斜体"}


class Looks:
    """The looks of one workbook's cells, each worked out once."""

    def __init__(self, book: Any) -> None:
        self._theme = _theme(book.loaded_theme)
        self._whole: dict[int, Look] = {}
        self._marks: dict[int, Look] = {}

    def whole(self, cell: Any) -> Look:
        """All of a cell's look; () where it has none of its own."""
        return self._known(self._whole, cell, self._all)

    def mark(self, cell: Any) -> Look:
        """What a person did to the look of a cell of the program's: a ground, an ink, a stroke that the program does not use."""
        return self._known(self._marks, cell, self._own)

    @staticmethod
    def _known(kept: dict[int, Look], cell: Any, make: Callable[[Any], Mapping[str, Any]]) -> Look:
        if not cell.has_style:
            return ()
        key = cell.style_id
        if key not in kept:
            kept[key] = tuple(sorted(make(cell).items()))
        return kept[key]

    def _own(self, cell: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if (ground := self._ground(cell)) and ground.lstrip("#") not in COLOURS:
            found["bg_color"] = ground
        font = cell.font
        if font is None:
            return found
        ink = self._rgb(font.color)
        if ink and ink not in INKS:
            found["font_color"] = ink
        if font.strike:
            found["font_strikeout"] = True
        if font.i:
            found["italic"] = True
        if font.b and font.name != HEAD_FONT and ink not in INKS:
            found["bold"] = True
        return found

    def _all(self, cell: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        font, border, place = cell.font, cell.border, cell.alignment
        if font is not None:
            found |= {"font_name": font.name, "font_size": _whole(font.sz), "bold": font.b, "italic": font.i}
            found |= {
                "font_strikeout": font.strike,
                "underline": int(bool(font.u)),
                "font_color": self._rgb(font.color).replace(_BLACK, ""),
            }
        found["bg_color"] = self._ground(cell)
        for side in ("left", "right", "top", "bottom"):
            line = getattr(border, side, None)
            found[side] = _LINES.get(getattr(line, "style", None) or "", 0)
            found[f"{side}_color"] = self._rgb(getattr(line, "color", None)) if found[side] else None
        if place is not None:
            found |= {"align": _ACROSS.get(place.horizontal, place.horizontal), "text_wrap": place.wrap_text}
            found |= {"valign": _DOWN.get(place.vertical, place.vertical), "shrink": place.shrink_to_fit}
            found |= {"indent": int(place.indent or 0), "rotation": _rotation(int(place.textRotation or 0))}
        if cell.number_format != "General":
            found["num_format"] = cell.number_format
        found["quote_prefix"] = cell.quotePrefix
        told = {name: value for name, value in found.items() if value and value not in _USUAL.get(name, ())}
        return {} if told == PLAIN else told

    def _ground(self, cell: Any) -> str:
        fill = cell.fill
        solid = fill is not None and fill.fill_type not in (None, "none")
        return self._rgb(fill.fgColor) if solid else ""

    def _rgb(self, colour: Any) -> str:
        """As ``#RRGGBB``; "" where it is the program's to choose."""
        if colour is None or colour.type == "auto":
            return ""
        if colour.type == "theme":
            if not 0 <= colour.theme < len(self._theme):
                return ""
            return _tinted(self._theme[colour.theme], float(colour.tint or 0))
        if colour.type == "indexed":
            from openpyxl.styles.colors import COLOR_INDEX

            return f"#{COLOR_INDEX[colour.indexed][-6:].upper()}" if colour.indexed < _SYSTEM else ""
        return f"#{str(colour.rgb)[-6:].upper()}"


def told(look: Look) -> str:
    """A mark in words: 底色FFFF00、删除线."""
    return "、".join(f"{CALLED[n]}{str(v).lstrip('#') if isinstance(v, str) else ''}" for n, v in look)


def _whole(size: float | None) -> float | None:
    return int(size) if size is not None and size == int(size) else size


def _rotation(degrees: int) -> int:
    if degrees == _STACKED:
        return 270
    return _UPRIGHT - degrees if degrees > _UPRIGHT else degrees


def _theme(data: bytes | str | None) -> list[str]:
    """The theme's colours in the order in which cells number them: light before dark."""
    if not data:
        return []
    root = etree.fromstring(data.encode() if isinstance(data, str) else data, _PARSER)
    scheme = next(root.iter(f"{_A}clrScheme"), None)
    found = [
        str(e.get("lastClr") or e.get("val") or "000000").upper()
        for c in (scheme if scheme is not None else ())
        for e in c
    ]
    pairs = [found[n : n + 2][::-1] for n in (0, 2)]
    return [*pairs[0], *pairs[1], *found[4:]]


def _tinted(rgb: str, tint: float) -> str:
    hue, light, strong = colorsys.rgb_to_hls(*(int(rgb[n : n + 2], 16) / 255 for n in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "#" + "".join(f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, light, strong))
