"""Runs that are told to stop, while Prefect starts, while files are read, while reports are written."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import interrupt
from flows.orchestration.prefect_home import output_key
from flows.run import core
from tests.flows.rounds import fill, settings, written
from tests.flows.serving import ROOT, Serving, environment, wait_for
from tests.flows.test_resume import RUN, all_whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals between processes")
SOON = 10
"""Seconds, on a machine however busy; it took eighty and more."""


def _reset() -> None:
    """As a terminal would start it: a script's background may have signals ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _review(root: Path) -> subprocess.Popen[bytes]:
    (root / "tmp").mkdir()  # where readers have their folders, whose names are all that tells of them
    given = environment(root, SHENBAO_PREFECT_START_SECONDS="600", TMPDIR=str(root / "tmp"))
    with (root / "said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "flows.command.cli", "review", "--inbox", str(root / "inbox"), "--out", str(root / "out")],
            env=given, cwd=root, stdout=said, stderr=said, start_new_session=True, preexec_fn=_reset,
        )  # fmt: skip


def _alone(run: subprocess.Popen[bytes]) -> None:
    run.send_signal(signal.SIGINT)


def _group(run: subprocess.Popen[bytes]) -> None:
    os.killpg(run.pid, signal.SIGINT)


def _again_and_again(run: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        if run.poll() is None:
            run.send_signal(number)
            time.sleep(0.05)


def test_nothing_of_the_watch_stays_open() -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with interrupt.armed():
            (watch,) = [t for t in threading.enumerate() if t.name == "shenbao-signals"]
        watch.join(10)
        del watch
    assert [str(w.message) for w in said if issubclass(w.category, ResourceWarning)] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at", "stop"), [("正在启动 Prefect", _group), ("读取文件", _again_and_again), ("写审查报告", _alone)]
)
def test_a_review_that_is_told_to_stop_stops(
    at: str, stop: Callable[[subprocess.Popen[bytes]], None], tmp_path: Path
) -> None:
    fill(tmp_path / "inbox", 12)
    run = _review(tmp_path)

    def said() -> str:
        return (tmp_path / "said").read_text("utf-8")

    wait_for(600, lambda: at in said() or run.poll() is not None)
    stop(run)
    began = time.monotonic()
    assert run.wait(60) == 130, said()
    print(f"ended after {time.monotonic() - began:.2f} s")
    assert time.monotonic() - began < SOON
    assert said().count(interrupt.SAID) == 1
    for word in ("Traceback", "ERROR", "Crash", "Error", "Aborted", "Exception"):
        assert word not in said(), said()
    assert all_whole(tmp_path / "out") if (tmp_path / "out").exists() else True
    if sys.platform == "linux":
        mine = str(tmp_path).encode()
        wait_for(10, lambda: not [p for p in Path("/proc").glob("[0-9]*/environ") if mine in _bytes(p)])
    print(sorted(str(p) for p in (tmp_path / "tmp").rglob("*")))
    if at != "正在启动 Prefect":
        assert _state(tmp_path) == ["中断"]
        status = subprocess.run(
            [sys.executable, "-P", "-m", "flows.command.cli", "status"],
            env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "全部  中断" in status.stdout
    began = time.monotonic()
    given = settings(tmp_path)
    assert core.review(given).failures == []
    assert time.monotonic() - began < 120  # nobody holds the output any more
    other = settings(tmp_path, out=tmp_path / "undisturbed")
    core.review(other)
    assert written(given.out) == written(other.out)


@pytest.mark.slow
def test_a_flow_run_of_serve_is_ended_with_it(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 60)
    with Serving(tmp_path, SHENBAO_WORKERS="1") as serving:
        scheduled = serving.deployment("review-inbox", "scheduled")
        run = serving.run(scheduled)
        wait_for(600, lambda: (tmp_path / "out" / "ledger.sqlite").exists() and _runs(tmp_path) == ["running"])
        serving.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert serving.process.wait(60) == 0
        print(f"ended after {time.monotonic() - began:.2f} s")
        assert time.monotonic() - began < SOON
        assert "Traceback" not in serving.said
        with sqlite3.connect(serving.home / "prefect.db") as connection:
            states = dict(connection.execute("SELECT id, state_name FROM flow_run WHERE state_type != 'SCHEDULED'"))
        connection.close()
        assert states == {run["id"]: "中断"}
    wait_for(10, lambda: _runs(tmp_path) == ["interrupted"])


def _runs(root: Path) -> list[str]:
    with sqlite3.connect(root / "out" / "ledger.sqlite") as connection:
        try:
            found = [row[0] for row in connection.execute("SELECT outcome FROM runs")]
        except sqlite3.OperationalError:  # not made yet
            found = []
    connection.close()
    return found


def _state(root: Path) -> list[str]:
    """What Prefect says of the flow runs of ``review``."""
    home = root / "prefect" / "shenbao" / f"out-{output_key(root / 'out')}" / "review"
    with sqlite3.connect(home / "prefect.db") as connection:
        found = [row[0] for row in connection.execute("SELECT state_name FROM flow_run")]
    connection.close()
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # ended meanwhile, or another user's
        return b""


DEAF = """
import sys, time
from flows import interrupt

def last():
    print("last words", flush=True)

with interrupt.armed(), interrupt.last_words(last):
    while True:
        try:
            print("ready", flush=True)
            time.sleep(60)
        except BaseException:
            print("swallowed", flush=True)
"""


def test_a_process_that_does_not_listen_is_ended_all_the_same() -> None:
    run = subprocess.Popen([sys.executable, "-c", DEAF], cwd=ROOT, stdout=-1, stderr=-1, text=True, preexec_fn=_reset)
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (130, "swallowed\nready\nlast words\n", f"{interrupt.SAID}\n")


def test_what_a_script_has_ignored_stays_ignored() -> None:
    code = DEAF.replace("import sys, time", "import signal, sys, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)")
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=-1, stderr=-1, text=True, preexec_fn=_reset)
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    run.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(0.5)
    run.send_signal(signal.SIGTERM)
    assert (run.wait(60), run.communicate()[0]) == (130, "swallowed\nready\nlast words\n")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system does not list its processes")
def test_libreoffice_ends_with_the_review(tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.write_text("#!/bin/sh\nsleep 600\necho done\n")  # the shell stays, as LibreOffice's own script does
    office.chmod(0o755)
    folder = tmp_path / "inbox" / "浦东新区"
    folder.mkdir(parents=True)
    (folder / "空.rtf").write_text(r"{\rtf1\ansi }")  # without a word in it: LibreOffice is asked
    told = settings(tmp_path, workers=1).model_dump_json(include={"inbox", "out", "workers"})
    code = f"from flows import interrupt\nwith interrupt.armed():\n    {RUN.replace('; ', chr(10) + '    ')}"
    run = subprocess.Popen(
        [sys.executable, "-P", "-c", code, told],
        env=environment(tmp_path, SHENBAO_SOFFICE=str(office)), start_new_session=True, preexec_fn=_reset, stderr=-1,
    )  # fmt: skip

    def there() -> list[Path]:
        return [p for p in Path("/proc").glob("[0-9]*/cmdline") if bytes(office) in _bytes(p)]

    found = wait_for(120, there)
    children = [
        p
        for p in Path("/proc").glob("[0-9]*/stat")
        if _bytes(p).rpartition(b")")[2].split()[1:2] == [found[0].parent.name.encode()]
    ]
    assert children
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    wait_for(30, lambda: not there() and not any(_bytes(p) for p in children))


@pytest.mark.parametrize(
    "held",
    [
        "type('Held', (), {'__del__': end})()",
        "weakref.ref(kept := Held(), end)",
        "weakref.finalize(kept := Held(), end)",
        "Remembered([kept := Held()])",
        "gc.callbacks.append(end)",
    ],
)
def test_a_signal_where_python_drops_what_is_raised_is_not_dropped(held: str) -> None:
    code = _WHERE_IT_IS_DROPPED.replace("HELD", held)
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.stdout, said.stderr) == ("interrupted\n", "")


_WHERE_IT_IS_DROPPED = """
import gc, signal, time, weakref
from flows import interrupt
once = [signal.SIGTERM]
def end(*_):
    if once:
        signal.raise_signal(once.pop())
class Held:
    def __hash__(self):
        return 1
class Remembered(weakref.WeakSet):
    def __init__(self, held):
        super().__init__(held)
        remove = self._remove
        self.data = {weakref.ref(one, lambda ref: (end(), remove(ref))) for one in held}
kept = None
try:
    with interrupt.armed():
        held = HELD
        kept = None
        del held
        gc.collect()
        time.sleep(0.8)
        print("went on")
except interrupt.Interrupted:
    print("interrupted")
"""
