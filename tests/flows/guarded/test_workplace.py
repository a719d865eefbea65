"""What a worker started ends with it, and its folder goes, whoever was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.guarded import workplace
from flows.guarded.guard import Died, Guard, Job

ROOT = Path(__file__).parents[3]
JOB = Job("tests.flows.office_job", "{}", 4096, 1)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and sessions of POSIX")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for LibreOffice: a script that starts a program that never ends. Where folders of workers are made."""
    script = tmp_path / "soffice"
    script.write_text(
        '#!/bin/sh\nsleep 600 &\necho $! > "$TMPDIR/child.new"\nmv "$TMPDIR/child.new" "$TMPDIR/child"\nwait\n'
    )
    script.chmod(0o755)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("SHENBAO_SOFFICE", str(script))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path / "tmp"


def _within(seconds: float, what: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.1)
    return what()


def _child(folder: Path) -> int:
    assert _within(60, lambda: bool(list(folder.glob("*/child"))))
    (told,) = folder.glob("*/child")
    return int(told.read_text())


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_libreoffice_ends_with_its_reader(office: Path) -> None:
    guard = Guard(JOB)
    died: list[Died] = []

    def ask() -> None:
        try:
            guard.ask(b"x", 600)
        except Died as problem:
            died.append(problem)

    asking = threading.Thread(target=ask)
    asking.start()
    child = _child(office)
    assert _lives(child)
    guard.close()
    asking.join(60)
    assert died
    assert _within(10, lambda: not _lives(child))
    assert list(office.iterdir()) == []


def test_libreoffice_ends_with_the_run_and_the_next_one_tidies_up(office: Path) -> None:
    """kill -9 of the run itself."""
    program = "from flows.guarded.guard import *; Guard(Job('tests.flows.office_job', '{}', 4096, 1)).ask(b'x', 600)"
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.Popen([sys.executable, "-c", program], env=path, cwd=ROOT)
    child = _child(office)
    other = workplace.make()
    assert workplace.sweep() == []  # both live
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert _within(10, lambda: not _lives(child))
    if sys.platform == "linux":
        assert len(workplace.sweep()) == 1
        assert list(office.iterdir()) == [other]


@pytest.mark.skipif(sys.platform != "linux", reason="who works in a folder is known on Linux alone")
def test_a_program_that_outlived_everybody_is_ended(office: Path) -> None:
    folder = workplace.make()
    (folder / "owner").write_text(workplace_of_nobody(), "utf-8")
    program = subprocess.Popen(["sleep", "600"], executable="/bin/sleep")
    told = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", f"-env:{folder.as_uri()}"])
    try:
        shown = Path(f"/proc/{told.pid}/cmdline")
        assert _within(10, lambda: folder.name in shown.read_text())  # it is shown a moment after it started
        assert workplace.sweep() == [folder]
        assert told.wait(10) == -signal.SIGKILL
        assert program.poll() is None
    finally:
        told.kill()
        told.wait()
        program.kill()
        program.wait()


def workplace_of_nobody() -> str:
    """What a process that has ended called itself."""
    program = "from records.owners import this_process; print(this_process(), end='')"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
