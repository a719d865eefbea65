"""No personal data in logs: telephones, e-mail addresses and identity numbers are masked in every log record.

The masking sits where records are made, so that it holds for every handler, Prefect's own included, and for the text
of tracebacks.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

from checks.text import mask_identities

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?=[A-Za-z0-9-]{1,63}\.)[A-Za-z0-9.-]{2,}")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])[(（]?0\d{2,3}[)）]?[-— ]?[2-9]\d{6,7}(?:[-转]\d{1,6})?(?![0-9A-Za-z])")


def mask(text: str) -> str:
    """``text`` with telephones, e-mail addresses and citizens' identity numbers made unreadable.

    File names, hashes, counts and dates stay as they are.
    """
    text = mask_identities(text)
    text = _EMAIL.sub("***@***", text)
    text = _MOBILE.sub(lambda m: f"{m[0][:3]}********", text)
    return _LANDLINE.sub("********", text)


def _without_personal_data(record: logging.LogRecord) -> logging.LogRecord:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit the message: logging itself reports that
        return record
    masked = mask(message)
    if masked != message:
        record.msg, record.args = masked, ()
    if record.exc_info and record.exc_info[0] is not None and not record.exc_text:
        # Formatters print exc_text where it is set instead of the exception itself.
        record.exc_text = mask("".join(traceback.format_exception(*record.exc_info)).rstrip())
        record.exc_info = None
    return record


def install() -> None:
    """Mask every log record made in this process from now on. Calling it again does nothing."""
    plain = logging.getLogRecordFactory()
    if getattr(plain, "masks_personal_data", False):
        return

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _without_personal_data(plain(*args, **kwargs))

    factory.masks_personal_data = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)
