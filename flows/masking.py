"""No personal data in logs: telephones, e-mail addresses and identity numbers are masked in every log record; and nothing
in a log acts on a terminal or forges a line (:mod:`flows.terminal`).

This sits where records are made, so that it holds for every handler, Prefect's own included, and for the text
of tracebacks.
"""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import PurePath
from typing import Any

from checks.meaning.text import mask_identities
from flows.terminal import shown, shown_lines
from records.phones import EXTENSION

_MARGIN = "  | "
"""Before every further line of a record, so that none looks like a record of its own."""
_TRACE = "Traceback (most recent call last)"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?=[A-Za-z0-9-]{1,63}\.)[A-Za-z0-9.-]{2,}")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
_LANDLINE = re.compile(rf"(?<![0-9A-Za-z])[(（]?0\d{{2,3}}[)）]?[-— ]?[2-9]\d{{6,7}}{EXTENSION}?(?![0-9A-Za-z])")


def mask(text: str) -> str:
    """``text`` with telephones, e-mail addresses and citizens' identity numbers made unreadable.

    File names, hashes, counts and dates stay as they are.
    """
    text = mask_identities(text)
    text = _EMAIL.sub("***@***", text)
    text = _MOBILE.sub(lambda m: f"{m[0][:3]}********", text)
    return _LANDLINE.sub("********", text)


def _safe(record: logging.LogRecord) -> logging.LogRecord:
    if isinstance(record.args, tuple):
        record.args = tuple(map(_value, record.args))
    try:
        message = record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit the message: logging itself reports that
        return record
    masked = shown_lines(mask(message), _MARGIN)
    if masked != message:
        record.msg, record.args = masked, ()
    if record.exc_info and record.exc_info[0] is not None and not record.exc_text:
        # Formatters print exc_text where it is set instead of the exception itself.
        record.exc_text = trace_of(*record.exc_info)
        record.exc_info = None
    return record


def _value(value: object) -> object:
    """An argument of a message: a name is on one line, a trace keeps its lines."""
    if isinstance(value, str | PurePath | BaseException) and not str(value).startswith(_TRACE):
        one_line = shown(value)
        return value if one_line == str(value) else one_line
    return value


def trace_of(*exception: Any) -> str:
    """A traceback for a log or terminal, from what ``sys.exc_info()`` gives."""
    text = mask("".join(traceback.format_exception(*exception)).rstrip())
    return shown_lines(text, _MARGIN)


def install() -> None:
    """Mask every log record made in this process from now on. Calling it again does nothing."""
    plain = logging.getLogRecordFactory()
    if getattr(plain, "masks_personal_data", False):
        return

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _safe(plain(*args, **kwargs))

    factory.masks_personal_data = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)
