"""Names as they are printed."""

from __future__ import annotations

import re

_BLANKS_IN_NAME = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


def name(text: str) -> str:
    """A name as it is printed: blanks beside Chinese characters are none of it. What stood there is kept in the value."""
    return _BLANKS_IN_NAME.sub("", text.strip())
