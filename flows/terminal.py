"""Text from files as it may go to a terminal or a log: what would act there, or turn the reading round, is shown as a sign.

A file's name may hold an escape sequence that rewrites the screen, a line feed that forges a line, a mark that shows a name
backwards (U+202E). JSON escapes C0 alone: C1, which terminals obey too, is left to us.
"""

from __future__ import annotations

import re

_PICTURES = 0x2400
_DELETE = 0x7F
# Cc but the tab, the marks of direction and the unseen characters of Cf, and what ends a line in Unicode.
_ACTING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def shown(text: object) -> str:
    """``text`` on one line: ␛ for the escape character, ␊ for a line feed, <U+202E> for what has no picture."""
    return _ACTING.sub(_sign, str(text))


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < ord(" "):
        return chr(_PICTURES + code)
    return "\u2421" if code == _DELETE else f"<U+{code:04X}>"


def shown_lines(text: object, margin: str = "") -> str:
    """``text`` on its lines, each but the first behind ``margin``."""
    return f"\n{margin}".join(shown(line) for line in str(text).split("\n"))


def shown_json(text: str) -> str:
    """One line of JSON with the same value, in which nothing acts on a terminal."""
    return _ACTING.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _units(found[0])), text)


def _units(character: str) -> tuple[int, ...]:
    """The UTF-16 code units of a character, as JSON escapes it."""
    data = character.encode("utf-16-be")
    return tuple(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
