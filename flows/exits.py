"""How the command ends. The numbers are part of the command line's contract and never change meaning."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    """It did its job. A file that cannot be read is a finding, not a failure."""
    CORRECTION = 1
    """With ``--strict``: it did its job and found documents that need correction."""
    USAGE = 2
    """Wrong usage, or an input that does not exist."""
    PARTIAL = 3
    """A part of the program failed; the message says which, and what was still produced."""
    INTERRUPTED = 130
    """It was told to stop (Ctrl+C, SIGTERM); the next run completes it."""


class UsageFault(Exception):
    """What was asked for cannot be done as asked. ``message`` is Chinese and says what to do."""

    exit = Exit.USAGE

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PartFailed(Exception):
    """A part of the program failed before anything was produced. ``part`` and ``message`` are Chinese."""

    exit = Exit.PARTIAL

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part
        self.message = message
