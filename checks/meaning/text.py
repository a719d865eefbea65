"""Text as people write it: folding for comparison, 字数 as Word counts, identity numbers masked."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from checks.meaning.names import fold as fold
from checks.meaning.width import nfkc
from records.signs import UNSEEN

PICTURE = "[图片]"
"""What readers put where a picture stands (extractors.document.model.PICTURE; this package may not import it)."""

# East Asian wide and full-width characters (Unicode 15 W and F) but the ideographic space, and the quotation marks,
# ellipsis and dash, which Unicode calls ambiguous and Word counts as Chinese punctuation.
_WIDE = (
    "“”‘’…—"
    "\u1100-\u115f\u2e80-\u2fff\u3001-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b"
    "\uff01-\uff60\uffe0-\uffe6\U00016fe0-\U0001b2fb\U0001f300-\U0001f64f\U0001f900-\U0001f9ff\U00020000-\U0003fffd"
)
_WIDE_RUN = re.compile(f"[{_WIDE}]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")

_IDENTITY = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=ID)|(?<=id)|(?<=No)|(?<=NO))([1-9]\d{5})([ \u3000\-]?)(\d{8})([ \u3000\-]?)(\d{3}[\dXx])(?![0-9A-Za-z])"
)
# What few texts have, full-width digits included, and every identity number; a telephone is too short to be one. The first digit is
# told apart: re finds one sign of a few five times as fast as a number of digits.
_MAYBE_IDENTITY = re.compile(r"[1-9１-９]\d{5}[ \u3000\-]?\d{8}")
LEAST_IDENTITY = 18
"""Characters of an identity number, the shortest."""
_EARLIEST = 1880
"""Year of birth before which a number of 18 digits is nobody's."""


def tidy(text: str) -> str:
    """NFKC without any white space, punctuation kept."""
    return "".join(nfkc(UNSEEN.sub("", text)).split())


@functools.lru_cache(maxsize=512)
def count_words(text: str) -> int:
    """字数 as Word counts it: each CJK character and full-width mark is one, each run of other characters without white
    space is one (98.6%, PLC/DCS and ≥95 are one each, "GB/T 39116-2020" is two). Pictures count nothing."""
    plain = _CONTROL.sub("", UNSEEN.sub("", text.replace(PICTURE, " ")))
    others, runs = _WIDE_RUN.subn(" ", plain)
    return len(plain) - len(others) + runs + len(others.split())


def shorten(text: str, limit: int = 60) -> str:
    """The text on one line, cut with an ellipsis: evidence to be quoted in a message."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def identity_numbers(text: str) -> Iterator[re.Match[str]]:
    """The citizens' identity numbers in a text: 18 characters with a valid region, birth date and check character
    (GB 11643-1999), standing alone and not as a part of a longer number or code."""
    for match in _shaped(text):
        if ric.calc_check_digit(_bare(match)) == _bare(match)[-1].upper():
            yield match


def _shaped(text: str) -> Iterator[re.Match[str]]:
    if _MAYBE_IDENTITY.search(text):
        yield from (m for m in _IDENTITY.finditer(_ascii_digits(text)) if _is_shaped(_bare(m)))


def _bare(match: re.Match[str]) -> str:
    return match[1] + match[3] + match[5]


def _is_shaped(number: str) -> bool:
    """Whether the birth date is one and the province is there. No more of the region is looked at: python-stdnum's table
    of places leaves out younger ones (310115 浦东新区, 320583 昆山)."""
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return False
    return "11" <= number[:2] <= "83" and born.year >= _EARLIEST


def mask_identities(text: str) -> str:
    """The text with identity numbers masked but for the first three and the last two characters.

    One whose check character is wrong is masked too, though rule S02 passes it over: a slip of the pen makes it no less
    personal. A valid 统一社会信用代码 of digits alone is none.
    """
    if not _MAYBE_IDENTITY.search(text):
        return text
    parts: list[str] = []
    end = 0
    for match in _shaped(text):
        if not uscc.is_valid(_bare(match)):
            parts += [text[end : match.start()], masked(_ascii_digits(match[0]))]
            end = match.end()
    return "".join(parts) + text[end:] if parts else text


def masked(number: str) -> str:
    """An identity number with all but its first three and last two characters as asterisks."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


_FULL_WIDTH = {0xFF10 + i: str(i) for i in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "x"}


def _ascii_digits(text: str) -> str:
    """Full-width digits as ASCII ones, position by position (NFKC would move the places)."""
    return text.translate(_FULL_WIDTH)
