"""Being told to stop: Ctrl+C, SIGTERM, a closed console. A run ends within two seconds, says so once, and leaves its locks
free and its end written down.

The first signal raises :class:`Interrupted` in the main thread, and what is open is closed on its way out. Where that
does not come through (a long call, a library that swallows it), a thread beside says the last words and ends the process:
whatever was being written stands under a hidden name, as after a power cut. Further signals change nothing.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from flows.exits import Exit

SAID = "已中断：读过的、写好的都留着，再运行一次即接着做完。"
GRACE_SECONDS = 1.2
"""For the main thread to come to its end by itself."""
_AGAIN_SECONDS = 0.01
"""To the next try, where what is raised would be dropped."""
_LAST_SECONDS = 0.5
"""For the last words, where it did not."""

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))

_told = threading.Event()
_raised = threading.Event()
_leaving = threading.Lock()
_last: list[Callable[[], object]] = []
_endings: list[Callable[[], None] | None] = []


class Interrupted(BaseException):
    """Somebody wants this process to end. No Exception: nothing that goes on after a failure goes on after this."""


def happened() -> bool:
    """Whether we were told to stop."""
    return _told.is_set()


def check() -> None:
    """Raises :class:`Interrupted` where we were told to stop, and something swallowed it."""
    if _told.is_set():
        raise Interrupted(SAID)


@contextmanager
def last_words(act: Callable[[], object]) -> Iterator[None]:
    """Have ``act`` done, from another thread, should the process have to end from within the block."""
    _last.append(act)
    try:
        yield
    finally:
        _last.remove(act)


@contextmanager
def armed(ending: Callable[[], None] | None = None) -> Iterator[None]:
    """Signals interrupt what is done in the block. With ``ending``, they raise nothing: it is called from another thread,
    and the process ends well. Blocks may be nested; without effect in other threads than the main one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    came = 0

    def told(signum: int, _: FrameType | None) -> None:
        nonlocal came
        if not _raised.is_set() and ending is None:
            came = signum
            _raised.set()
            _told.set()
            logging.disable(logging.CRITICAL)  # libraries would call it a crash
            raise Interrupted(SAID)

    def dropped(fault: sys.UnraisableHookArgs) -> None:
        """Python drops what is raised within a finalizer, or what a weak reference calls."""
        if not isinstance(fault.exc_value, Interrupted):
            hook(fault)
        elif came:
            _raised.clear()
            threading.Timer(_AGAIN_SECONDS, signal.raise_signal, [came]).start()

    hook, sys.unraisablehook = sys.unraisablehook, dropped
    _endings.append(ending)
    before = {s: signal.getsignal(s) for s in _SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # nohup, or put in the background by a script
            signal.signal(number, told)
    with _watched():
        try:
            yield
        finally:
            sys.unraisablehook = hook
            _endings.pop()
            for number, handler in before.items():
                if handler is not None and not _told.is_set():
                    signal.signal(number, handler)


def leave() -> NoReturn:
    """End the process as interrupted, at once: what libraries would still do at exit takes minutes without a server."""
    _end(Exit.INTERRUPTED, SAID)


@contextmanager
def _watched() -> Iterator[None]:
    """A thread that learns of a signal whatever the main thread is doing."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    known = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    if known != -1:  # nested: the outer block watches
        signal.set_wakeup_fd(known, warn_on_full_buffer=False)
        ours.close()
        theirs.close()
        yield
        return
    over = threading.Event()

    def watch() -> None:
        with ours, contextlib.suppress(OSError):
            while data := ours.recv(64):
                if any(byte in _SIGNALS for byte in data):
                    break
            else:
                return
            _told.set()
            ending = _endings[-1] if _endings else None
            if ending is not None:
                ending()
                _end(0, "")
            logging.disable(logging.CRITICAL)  # before the main thread comes to it: libraries would call it a crash
            if not over.wait(GRACE_SECONDS):
                _end(Exit.INTERRUPTED, SAID)

    threading.Thread(target=watch, name="shenbao-signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        theirs.close()
        if not _told.is_set():
            over.set()


def _woken(ours: socket.socket) -> bool:
    """Waits for a signal; False where the other end was closed before one came."""
    with contextlib.suppress(OSError):
        while data := ours.recv(64):
            if any(byte in _SIGNALS for byte in data):
                return True
    return False


def _end(code: int, said: str) -> NoReturn:
    _leaving.acquire()  # the second to come waits for the end
    speaking = threading.Thread(target=_speak, daemon=True)
    speaking.start()
    speaking.join(_LAST_SECONDS)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            if said and stream is sys.stderr:
                stream.write(f"{said}\n")
            stream.flush()
    os._exit(code)


def _speak() -> None:
    for act in reversed(_last):
        with contextlib.suppress(Exception):  # nobody is left to be told
            act()
