"""LibreOffice without a window, the second route for Word files that no reader of ours can read or is sure of.

Many files a call (starting it costs more than a file does), a profile of its own for each process (two that share one
wait for each other or fail), macros off, a time limit that ends the whole process group. It exits 0 although it could
not load a file, so what counts is the output, never the exit code.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from extractors.document.errors import Unavailable, Unreadable

PART = "LibreOffice"
INSTALL = "请安装（Debian、UOS、麒麟：apt install libreoffice-writer-nogui libreoffice-calc-nogui；Windows：安装其官方版本）后重新运行"
SECONDS_A_START = 60.0
SECONDS_A_FILE = 20.0

_ROOTS = ("/Applications", "/opt", "/usr/lib")
_PLACES = (
    "LibreOffice*/program/soffice.com",
    "libreoffice*/program/soffice",
    "LibreOffice.app/Contents/MacOS/soffice",
)

# Macros off, no links updated, no linked graphics fetched, no update checks, no crash reporter; nobody is there to ask.
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "int", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "boolean", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "boolean", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "boolean", "true"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "boolean", "false"),
    ("org.openoffice.Office.Common/Misc", "CrashReport", "boolean", "false"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "int", "0"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "int", "1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "string", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "int", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "string", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "int", "9"),
)
# The import filter by suffix: left to guess, LibreOffice reads a damaged .doc as plain text and "converts" rubbish.
_FILTERS = {
    ".doc": "MS Word 97",
    ".w95": "MS Word 95",
    ".rtf": "Rich Text Format",
    ".html": "HTML (StarWriter)",
    ".xml": "MS Word 2003 XML",
    ".odt": "writer8",
    ".fodt": "OpenDocument Text Flat XML",
    ".docx": "MS Word 2007 XML",
}
_SUFFIX = {
    "doc-95": ".w95",
    "wordml": ".xml",
    "mht": ".html",
    "html": ".html",
    "rtf": ".rtf",
    "odt": ".odt",
    "fodt": ".fodt",
    "wps": ".wps",
    "docx": ".docx",
}


def find_soffice() -> str | None:
    """The path of LibreOffice's command, None where it is not installed. ``SHENBAO_SOFFICE`` names another one."""
    named = os.environ.get("SHENBAO_SOFFICE")
    if named is not None:
        return named if named and Path(named).is_file() else None
    for name in ("soffice", "libreoffice", "soffice.com"):
        found = shutil.which(name)
        if found:
            return found
    roots = (os.environ.get("PROGRAMFILES", ""), os.environ.get("PROGRAMFILES(X86)", ""), *_ROOTS)
    places = (path for root in roots if root for pattern in _PLACES for path in sorted(Path(root).glob(pattern)))
    return next(map(str, places), None)


def convert(
    files: Sequence[tuple[str, bytes]], to: str = "docx", timeout: float | None = None
) -> dict[str, bytes | Unreadable]:
    """Convert ``files`` (a unique name and the bytes each; the suffix of a name should be that of the content).

    Gives for each name the converted bytes, or the error that says why there are none. ``timeout`` is in seconds for
    the whole call; without it, a start and 20 s a file. When it runs out, the files already converted count and the
    others get an error. One process a suffix. Raises Unavailable where LibreOffice is not installed.
    """
    soffice = find_soffice()
    if soffice is None:
        raise Unavailable(PART, INSTALL)
    if not files:
        return {}
    limit = timeout if timeout is not None else SECONDS_A_START + SECONDS_A_FILE * len(files)
    out: dict[str, bytes | Unreadable] = {}
    with tempfile.TemporaryDirectory(prefix="shenbao-office-", ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        inbox, outbox, profile = base / "in", base / "out", base / "profile"
        for made in (inbox, outbox, profile / "user"):
            made.mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
        groups: dict[str, dict[str, Path]] = {}
        for number, (name, data) in enumerate(files):
            # Names of our own: a name may hold what the command line or the file system would not take.
            suffix = Path(name).suffix.lower() or ".doc"
            path = inbox / f"f{number:04d}{suffix}"
            path.write_bytes(data)
            groups.setdefault(suffix, {})[name] = path
        for suffix, paths in groups.items():
            share = limit * len(paths) / len(files)
            finished, told = _run(soffice, list(paths.values()), outbox, profile, to, share, _FILTERS.get(suffix))
            for name, path in paths.items():
                out[name] = _result(outbox / f"{path.stem}.{to.split(':')[0]}", finished, told)
    return out


def to_docx(data: bytes, form: str = "doc", timeout: float | None = None) -> bytes:
    """One file converted to docx; ``form`` as :func:`extractors.formats.sniff` names it. Raises Unreadable, Unavailable."""
    return _converted(data, form, "docx", timeout)


def to_pdf(data: bytes, form: str, timeout: float | None = None) -> bytes:
    """One file as LibreOffice prints it, as PDF; otherwise as :func:`to_docx`."""
    return _converted(data, form, "pdf", timeout)


def _converted(data: bytes, form: str, to: str, timeout: float | None) -> bytes:
    name = "f" + _SUFFIX.get(form, ".doc")
    result = convert([(name, data)], to, timeout)[name]
    if isinstance(result, Unreadable):
        raise result
    return result


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f'<value xsi:type="xs:{kind}">{value}</value></prop></item>'
        for path, name, kind, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )


def _run(
    soffice: str, paths: Iterable[Path], outbox: Path, profile: Path, to: str, limit: float, infilter: str | None
) -> tuple[bool, str]:
    """Run one conversion; whether it ended by itself within ``limit`` seconds, and what it said."""
    command = [
        soffice,
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        *([f"--infilter={infilter}"] if infilter else []),
        *("--convert-to", to, "--outdir", str(outbox)),
        *(str(p) for p in paths),
    ]
    log = profile / "said.txt"
    posix = os.name == "posix"
    flags = sum(getattr(subprocess, n, 0) for n in ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW"))
    with log.open("wb") as said:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own command, file names made by us
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                process_group=0 if posix else None,  # of its own, but in our session: who ends us ends it
                creationflags=flags,
                env=_environment(),
            )
        except OSError as error:
            return False, str(error)
        finished = True
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            finished = False
        finally:
            _end(process)
    return finished, log.read_text(encoding="utf-8", errors="replace")[-500:].strip()


def _environment() -> dict[str, str]:
    """The environment without what would point it at a display or another profile; proxies to nowhere."""
    dropped = ("display", "wayland_display", "http_proxy", "https_proxy", "all_proxy", "no_proxy")
    env = {k: v for k, v in os.environ.items() if k.lower() not in dropped}
    env.update({"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "SAL_USE_VCLPLUGIN": "svp"})
    if sys.platform == "win32":
        env.pop("SAL_USE_VCLPLUGIN")
    return env


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all it started: soffice is a script that starts the program proper."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        taskkill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        with contextlib.suppress(OSError):  # a Windows without it
            subprocess.run(taskkill, check=False, capture_output=True)  # noqa: S603
    if process.poll() is None:
        process.kill()
    process.wait()


def _result(path: Path, finished: bool, told: str) -> bytes | Unreadable:
    data = path.read_bytes() if path.is_file() else b""
    if data and (path.suffix != ".docx" or zipfile.is_zipfile(path)):
        return data
    again = "请用 Word 或 WPS 打开原件，另存为 .docx 后重新报送"
    if not finished:
        return Unreadable(f"LibreOffice 在限定时间内没有转换完该文件；{again}")
    reason = f"（{told.splitlines()[-1][:80]}）" if told and not data else ""
    return Unreadable(f"LibreOffice 也无法打开该文件{reason}，文件可能已损坏；{again}")
