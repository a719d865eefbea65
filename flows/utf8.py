"""Names of files are UTF-8, whatever locale the machine speaks.

In a C or GBK locale without Python's UTF-8 mode, a Chinese path on the command line arrives as stray surrogates that
neither JSON nor a database takes. Python can be told so only when it starts: the command starts itself anew.
"""

from __future__ import annotations

import os
import sys


def ensure() -> None:
    """Start this command again in UTF-8 mode where file names would be taken for another encoding; else return."""
    if os.name == "nt" or sys.flags.utf8_mode or sys.getfilesystemencoding().lower().replace("-", "") == "utf8":
        return
    arguments = [os.fsencode(a) for a in sys.argv[1:]]
    # For every process that is started from here, too.
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [os.fsencode(sys.executable), b"-P", b"-m", b"flows", *arguments])  # noqa: S606 - ourselves
