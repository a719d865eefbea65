"""Telephone numbers as people write them, to part them from a name in the same cell."""

from __future__ import annotations

import re

PHONE = re.compile(
    r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}|(?:[(（]0\d{2,3}[)）]|0\d{2,3})[-－—\s]?\d{7,8}(?:[-－—转\s]{1,3}\d{1,6})?|\+?86[-\s]\d{2,3}[-\s]\d{4}\s?\d{4}|(?<!\d)\d{7,8}(?!\d)|400[-\s]?\d{3}[-\s]?\d{4}"
)
"""Mobiles, area code and number with an extension, a number alone, 400 numbers."""
