"""Why a file could not be read. Each error owns the code that tells of it and a message in the user's language."""

from __future__ import annotations

import lzma
import struct
import traceback
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from records.models import UNREAD

GAVE_UP = "读取程序在此文件上出错，未能读出内容；请人工审阅，或用 Word、WPS 打开原件另存后重新报送"
"""What people are told where an exception stopped a reader."""
_LONGEST_TRACE = 6000
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError)
"""What :mod:`zipfile` meets in a damaged file; ValueError where bytes were lost: it seeks to a place before the start."""


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


class Failed(Unreadable):
    """A reader met an exception that it has no name for; the file is set aside with it. ``told`` holds it and its traceback."""

    def __init__(self, told: str) -> None:
        super().__init__(GAVE_UP)
        self.told = told


def told_of(problem: BaseException) -> str:
    """An exception on one line, its traceback below."""
    (*_, last) = traceback.format_exception_only(problem)
    trace = "".join(traceback.format_exception(problem))
    return f"{' '.join(last.split())[:300]}\n{trace[-_LONGEST_TRACE:]}"


@contextmanager
def one_document() -> Iterator[None]:
    """What goes wrong inside is the matter of one document. Raises NotRead; lets through what is none of the document's doing:
    a part of the program that cannot be loaded, no memory, a failing disk."""
    try:
        yield
    except (NotRead, ImportError, MemoryError):
        raise
    except OSError as problem:
        if problem.errno is not None:
            raise
        raise Failed(told_of(problem)) from problem
    except Exception as problem:
        raise Failed(told_of(problem)) from problem
