"""What a process that reads received files gives up: the network, other processes, and writing outside its own folder.

Linux alone can be told so by any user, in a container or out of it, and for everything the process starts: seccomp refuses the
calls that would leave the process, Landlock the paths. Neither is needed to read; where the system has them not, reading goes
on, and ``shenbao status`` says what does not hold.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from catalog.oserror import cause

_ROOT = str(Path(__file__).resolve().parents[2])
_NAMED = frozenset(
    {
        *("PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SHENBAO_SOFFICE"),
        *("PYTHONHOME", "PYTHONUTF8", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMDATA"),
        *("NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
    }
)  # fmt: skip
"""Variables that such a process keeps: where programs and their parts are, the language, the clock's zone."""


@dataclass(frozen=True)
class Held:
    """What a process of this machine can be denied: connections, and writing outside its folder; ``why`` says in Chinese what
    the system lacks."""

    network: bool = False
    writing: bool = False
    why: str = ""


def environment(own: Path) -> dict[str, str]:
    """The environment of a process whose home is the folder ``own``: named variables alone, and its modules are ours."""
    kept = {k: v for k, v in os.environ.items() if k.upper() in _NAMED or k.startswith("LC_")}
    homes = ("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
    modules = [_ROOT, *(os.path.abspath(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p)]
    return {
        **kept,
        **dict.fromkeys(homes, str(own)),
        "PYTHONPATH": os.pathsep.join(modules),
        "ORT_DISABLE_TELEMETRY": "1",
    }


def enter(own: Path) -> Held:
    """Give up the network and writing outside ``own``, for good, for this process and all it starts. To be called before it has
    a second thread."""
    if sys.platform != "linux":
        return Held(why=f"本系统（{sys.platform}）没有普通用户可用的隔离")
    libc = ctypes.CDLL(None, use_errno=True)
    lacks: dict[str, str] = {}
    for name, give_up in (
        ("权限", _drop_powers),
        ("Landlock", lambda c: _deny_paths(c, own)),
        ("seccomp", _deny_calls),
    ):
        try:
            give_up(libc)
        except OSError as problem:
            lacks[name] = f"{name}：{cause(problem)}"
    return Held("seccomp" not in lacks, "Landlock" not in lacks, "；".join(lacks.values()))


def held() -> Held:
    """What holds on this machine, tried in a process of its own."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="shenbao-") as own:
        done = subprocess.run(  # noqa: S603 - our own file
            [sys.executable, "-P", str(Path(__file__).resolve())],
            env=environment(Path(own)),
            cwd=own,
            capture_output=True,
            check=False,
        )
    try:
        return Held(**json.loads(done.stdout))
    except (ValueError, TypeError):
        return Held(why=f"试验没有成功（代码{done.returncode}）")


def told(what: Held) -> str:
    """A line for ``shenbao status``."""
    if what.network and what.writing:
        return "读取文件的进程：不能联网，只能写自己的临时目录，看不到台账口令等环境变量"
    lacking = [word for word, holds in (("联网", what.network), ("写其他目录", what.writing)) if not holds]
    return f"读取文件的进程：本机不能禁止其{'、'.join(lacking)}（{what.why}）；环境变量已限定"


_NO_NEW_PRIVS = 38
_READ_ALL = 1 << 2
"""CAP_DAC_READ_SEARCH: root reads what others own."""


def _drop_powers(libc: ctypes.CDLL) -> None:
    """No program started from here has more rights than this process; root keeps of its powers that of reading."""
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    header = struct.pack("=Ii", 0x20080522, 0)
    words = (ctypes.c_uint32 * 6)()
    if libc.capget(header, words):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    permitted = words[1] & _READ_ALL
    words[:] = [permitted, permitted, 0, 0, 0, 0]
    if libc.capset(header, words):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


# Landlock (Linux 5.13): paths

_WRITE_FILE, _REMOVE_DIR, _REMOVE_FILE, _TRUNCATE = 1 << 1, 1 << 4, 1 << 5, 1 << 14
_MAKE = sum(1 << bit for bit in range(6, 13))
_REFER = 1 << 13
_CONNECT_AND_BIND = 0b11
_ABSTRACT_AND_SIGNAL = 0b11
_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""The numbers of Landlock's calls, the same on every architecture."""
_SINCE_REFER, _SINCE_TRUNCATE, _SINCE_TCP, _SINCE_SCOPE = 2, 3, 4, 6
"""The version of Landlock that brought each (landlock(7)); a rule set grew by eight bytes with TCP and with scopes."""


def _deny_paths(libc: ctypes.CDLL, own: Path) -> None:
    """Nothing is written, made or removed but beneath ``own`` and to /dev/null; no TCP; no signals to others."""
    version = _called(libc, _CREATE, None, 0, 1)
    files = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE
    files |= (_REFER if version >= _SINCE_REFER else 0) | (_TRUNCATE if version >= _SINCE_TRUNCATE else 0)
    parts = [files]
    if version >= _SINCE_TCP:
        parts.append(_CONNECT_AND_BIND)
    if version >= _SINCE_SCOPE:
        parts.append(_ABSTRACT_AND_SIGNAL)
    rules = struct.pack(f"{len(parts)}Q", *parts)
    ruleset = _called(libc, _CREATE, rules, len(rules), 0)
    try:
        for path, allowed in ((own, files), (Path(os.devnull), files & (_WRITE_FILE | _TRUNCATE))):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined,unused-ignore]
            try:
                _called(libc, _ADD, ruleset, 1, struct.pack("=Qi", allowed, place), 0)
            finally:
                os.close(place)
        _called(libc, _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


# seccomp (Linux 3.17): calls

_GENERIC = {
    "socket": 198,
    "bind": 200,
    "listen": 201,
    "connect": 203,
    "ptrace": 117,
    "peek": 270,
    "poke": 271,
    "seccomp": 277,
}
_ARCHITECTURES = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "bind": 49,
            "listen": 50,
            "ptrace": 101,
            "peek": 310,
            "poke": 311,
            "seccomp": 317,
        },
    ),
    "aarch64": (0xC00000B7, _GENERIC),
    "riscv64": (0xC00000F3, _GENERIC),
    "loongarch64": (0xC0000102, _GENERIC),
}
"""Machine → its name in the kernel's audit and the numbers of its calls (linux/audit.h, asm/unistd.h)."""
_RING = 425
"""io_uring_setup, through which calls go that a filter does not see."""
_X32 = 0x40000000
"""Calls of x86's third kind have this bit."""
_ALLOW, _DENY, _PRETEND = 0x7FFF0000, 0x00050000 | errno.EACCES, 0x00050000
_UNIX, _STREAM = 1, 1
_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALL_THREADS = 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _deny_calls(libc: ctypes.CDLL) -> None:
    """No connection to anything; no socket but a local stream, which LibreOffice makes for itself; no hand in other processes."""
    machine = os.uname().machine
    if machine not in _ARCHITECTURES or sys.maxsize < 1 << 32:
        raise OSError(errno.ENOSYS, f"未知的处理器 {machine}")
    audit, numbers = _ARCHITECTURES[machine]
    lines = list(_filter(audit, numbers))
    buffer = ctypes.create_string_buffer(b"".join(lines))
    program = _Program(len(lines), ctypes.addressof(buffer))
    _called(libc, numbers["seccomp"], 1, _ALL_THREADS, ctypes.byref(program))


def _filter(audit: int, numbers: dict[str, int]) -> Iterator[bytes]:
    """The program, in classic BPF over struct seccomp_data: call at 0, architecture at 4, arguments from 16."""

    def line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    denied = [*(numbers[n] for n in ("connect", "ptrace", "peek", "poke")), _RING]
    yield line(_LOAD, 4)
    yield line(_EQUAL, audit, 1, 0)
    yield line(_RETURN, _DENY)
    yield line(_LOAD, 0)
    yield line(_AT_LEAST, _X32, 0, 1)
    yield line(_RETURN, _DENY)
    for number in denied:
        yield line(_EQUAL, number, 0, 1)
        yield line(_RETURN, _DENY)
    # LibreOffice does not start without the pipe by which others of its kind would call it. None may: it need not be there.
    for number in (numbers["bind"], numbers["listen"]):
        yield line(_EQUAL, number, 0, 1)
        yield line(_RETURN, _PRETEND)
    yield line(_EQUAL, numbers["socket"], 1, 0)
    yield line(_RETURN, _ALLOW)
    yield line(_LOAD, 16)
    yield line(_EQUAL, _UNIX, 0, 3)
    yield line(_LOAD, 24)
    yield line(_AND, 0xF)
    yield line(_EQUAL, _STREAM, 1, 0)
    yield line(_RETURN, _DENY)
    yield line(_RETURN, _ALLOW)


def _called(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    """A system call; raises OSError."""
    result: int = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(enter(Path.cwd()))))
