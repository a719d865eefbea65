"""The fonts and colours that the program gives to cells; any other is a person's."""

from __future__ import annotations

from typing import Any

FONT, HEAD_FONT = "宋体", "黑体"
TONES: dict[str, dict[str, Any]] = {
    "reject": {"font_color": "#9C0006", "bg_color": "#FBE3E4", "bold": True},
    "fix": {"font_color": "#7A4A00", "bg_color": "#FFF1D6"},
    "note": {"font_color": "#1F4E79", "bg_color": "#E4EEF7"},
    "good": {"font_color": "#1E6B34", "bg_color": "#E3F3E6"},
    "quiet": {"font_color": "#6B6B6B"},
}
BARS = {"reject": "#A11420", "fix": "#D08A1D", "note": "#5A94C4", "good": "#4B9C63"}
WRITE, HEAD = "#FFFDE7", "#DDE5EE"
COLOURS = frozenset(
    c.lstrip("#").upper() for c in (WRITE, HEAD, *(t["bg_color"] for t in TONES.values() if "bg_color" in t))
)
"""The grounds that the program gives to cells; any other is a person's."""
INK = "#0B4F9E"
INKS = frozenset(c.upper() for c in ("#000000", INK, *(t["font_color"] for t in TONES.values() if "font_color" in t)))
"""The colours that the program gives to letters, black among them."""
