"""Why a file could not be read. Each error owns the rule code that reports it and a message in the user's language."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read (rule F01). ``message`` is Chinese and says what to do."""

    code = "F01"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Protected(Unreadable):
    """The file is protected by a password (rule F02)."""

    code = "F02"


class Unsafe(Unreadable):
    """An archive that is unsafe or over the limits (rule F09)."""

    code = "F09"
