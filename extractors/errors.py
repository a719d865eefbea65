"""Why a file could not be read. Each error owns the code that tells of it and a message in the user's language."""

from __future__ import annotations

from records.models import UNREAD


class NotRead(Exception):
    """A file of which nothing was read. ``message`` is Chinese and says what to do; ``code`` is that of the reader's note."""

    code = ""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unreadable(NotRead):
    """The file cannot be read: it is at fault (rule F01)."""

    code = "F01"


class Protected(Unreadable):
    """The file is protected by a password (rule F02)."""

    code = "F02"


class Unsafe(Unreadable):
    """An archive that is unsafe or over the limits (rule F09)."""

    code = "F09"


class Unavailable(NotRead):
    """This installation lacks what reading the file takes: its own failure, never the applicant's, and no rule's finding.

    ``part`` names what is missing, ``remedy`` says what whoever runs the program should do (both Chinese). Say nothing of
    the one file in them: a run tells of each (part, remedy) once, with the number of files.
    """

    code = UNREAD

    def __init__(self, part: str, remedy: str) -> None:
        super().__init__(f"本机没有{part}，未读取；{remedy}")
        self.part = part
        self.remedy = remedy
