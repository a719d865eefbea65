"""Processes by names that outlive them: who wrote something, and whether it still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def this_process() -> str:
    """Who we are, such that others on the machine can tell whether we still live: ``host pid start place``."""
    pid = os.getpid()
    return f"{socket.gethostname()} {pid} {_start_of(pid) or '-'} {_place()}"


def is_gone(owner: str) -> bool:
    """True where ``owner`` (:func:`this_process`) was a process of this machine that has ended. False where it lives, or
    lives elsewhere."""
    host, _, rest = owner.partition(" ")
    pid, _, rest = rest.partition(" ")
    start, _, place = rest.partition(" ")
    if host != socket.gethostname() or place != _place() or not place or not pid.isdigit() or start == "-":
        return False
    return _start_of(int(pid)) != start


def _start_of(pid: int) -> str:
    """When a process started, in the kernel's own count, so that a number used again is told apart; "" where it is not
    there or the system cannot tell."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if facts[0] in "ZX" else facts[19]


def _place() -> str:
    """What numbers of processes mean something within: this start of the machine, this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""
