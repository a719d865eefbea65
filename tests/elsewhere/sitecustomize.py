"""Loaded first by every Python of a test run: our own packages see a system that has nothing of POSIX alone.

The libraries keep theirs: what is tried is whether *our* code has a way of its own where such a call is missing.
"""

from __future__ import annotations

import builtins
import os
import signal
import sys
import types
from collections.abc import Mapping, Sequence
from typing import Any

OURS = frozenset(("catalog", "checks", "extractors", "flows", "records", "reports"))
GONE = frozenset(("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"))
OS_ONLY_POSIX = (
    "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "chown", "fchmod", "fchown", "fork", "forkpty", "getegid",
    "geteuid", "getgid", "getloadavg", "getpgid", "getpgrp", "getuid", "killpg", "mkfifo", "mknod", "nice",
    "posix_spawn", "register_at_fork", "sched_getaffinity", "setpgid", "setsid", "setuid", "statvfs", "sysconf",
    "uname", "unshare", "wait3", "wait4", "waitid",
)  # fmt: skip
SIGNAL_ONLY_POSIX = (
    "SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGSTOP", "SIGUSR1", "SIGUSR2", "SIGXCPU", "alarm",
    "pause", "pthread_kill", "pthread_sigmask", "setitimer", "sigwait",
)  # fmt: skip


def _without(module: types.ModuleType, names: Sequence[str], **changed: Any) -> types.ModuleType:
    made = types.ModuleType(module.__name__)
    made.__dict__.update({key: value for key, value in vars(module).items() if key not in names} | changed)
    return made


_SHOWN = {
    "os": _without(os, OS_ONLY_POSIX, name="nt"),
    "signal": _without(signal, SIGNAL_ONLY_POSIX),
    "sys": _without(sys, (), platform="win32"),
}
# What such a system has instead. Locks are tried by tests of their own.
_SHOWN["msvcrt"] = types.ModuleType("msvcrt")
_SHOWN["msvcrt"].__dict__.update(LK_NBLCK=2, LK_UNLCK=0, locking=lambda *_: None)
_plain = builtins.__import__


def _import(
    name: str,
    globals: Mapping[str, Any] | None = None,  # noqa: A002 - the built-in's own names
    locals: Mapping[str, Any] | None = None,  # noqa: A002
    fromlist: Sequence[str] = (),
    level: int = 0,
) -> types.ModuleType:
    if level == 0 and str((globals or {}).get("__name__", "")).partition(".")[0] in OURS:
        if name in GONE:
            raise ImportError(f"No module named {name!r}", name=name)
        if name in _SHOWN:
            return _SHOWN[name]
    return _plain(name, globals, locals, fromlist, level)


builtins.__import__ = _import
