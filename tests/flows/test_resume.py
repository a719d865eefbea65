"""Runs that are killed, that meet each other, that run out of disk: the next one ends as if nothing had happened."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.exits import PartFailed
from flows.guarded import readers, reading
from flows.run import core
from flows.settings import Settings
from records.ledger.locks import Busy, Lock, Lost
from records.ledger.store import Store
from records.owners import this_process
from tests.flows.rounds import fill, settings, written

ROOT = Path(__file__).parents[2]
RUN = "import json, sys; from flows.run import core; from flows.settings import Settings; core.review(Settings(**json.loads(sys.argv[1])))"
DIE = """
import os, signal, sys
left = [int(os.environ["DIE_AT"])]

def hook(event, arguments):
    if event == "os.rename":
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
"""
"""Kills a run just before it puts its nth file in place."""


def start(given: Settings, **environment: str) -> subprocess.Popen[bytes]:
    told = given.model_dump_json(include={"inbox", "out", "workers", "batch_size", "ledger", "wait_seconds"})
    path = os.pathsep.join([environment.pop("PYTHONPATH", ""), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", RUN, told], env={**os.environ, "PYTHONPATH": path, **environment}, cwd=ROOT
    )


def all_whole(out: Path) -> bool:
    """Every file that a reader can see is a whole one."""
    for path in out.rglob("*"):
        if path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as package:
                assert package.testzip() is None
        elif path.suffix == ".json":
            json.loads(path.read_text("utf-8"))
        elif path.suffix == ".jsonl":
            assert [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return True


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_run_killed_again_and_again_ends_like_one_that_was_not(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(DIE)
    fill(tmp_path / "inbox", 6)
    killed, undisturbed = settings(tmp_path), settings(tmp_path, out=tmp_path / "undisturbed")
    kills = 0
    for at in (1, 4, 2, 8, 5, 9):  # what stands there already is not put in place again
        run = start(killed, DIE_AT=str(at), PYTHONPATH=str(tmp_path / "site"))
        kills += run.wait(120) == -signal.SIGKILL
        assert all_whole(killed.out)
    assert kills >= 4
    run = start(settings(tmp_path, workers=2))
    time.sleep(1.2)  # somewhere in reading
    run.kill()
    run.wait()
    began = time.monotonic()
    assert core.review(killed).failures == []
    assert time.monotonic() - began < 30  # a lock left by a dead run is taken over at once
    core.review(undisturbed)
    assert written(killed.out) == written(undisturbed.out)


def test_runs_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 4)
    given = settings(tmp_path)
    runs = [start(given) for _ in range(3)]
    assert [run.wait(120) for run in runs] == [0, 0, 0]
    other = settings(tmp_path, out=tmp_path / "alone")
    core.review(other)
    assert written(given.out) == written(other.out)
    with Store.open(given.ledger_url) as store:
        outcomes = sorted(r["outcome"] for r in store.runs(str(given.out)))
    assert outcomes == ["done", "unchanged", "unchanged"]


def test_who_waits_too_long_says_for_whom(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 2)
    given = settings(tmp_path, wait_seconds=0.5)
    with Store.open(given.ledger_url) as store:
        other = Lock(store, str(given.out), ["静安区"], this_process())
        other.take(wait_seconds=0, waiting=lambda *_: None)
        with pytest.raises(PartFailed, match=f"进程{os.getpid()}"):
            core.review(given)
        assert not (given.out / "浦东新区").exists()
        core.review(given, ["浦东新区"])  # another district: nobody writes that
        assert (given.out / "浦东新区" / "审查报告.docx").exists()
        timer = threading.Timer(0.5, other.release)
        timer.start()
        assert core.review(settings(tmp_path, wait_seconds=30)).failures == []
        timer.join()


def test_a_lock_goes_to_the_next_when_its_owner_is_gone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with Store.open(f"sqlite:///{tmp_path}/out/ledger.sqlite") as store:
        dead = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        owner = this_process().split(" ")
        owner[1] = str(dead.pid)
        owner[2] = Path(f"/proc/{dead.pid}/stat").read_text().rpartition(")")[2].split()[19] if _proc() else "-"
        first = Lock(store, "o", ["*"], " ".join(owner))
        first.take(wait_seconds=0, waiting=lambda *_: None)
        second = Lock(store, "o", ["浦东新区"], this_process())
        with pytest.raises(Busy):
            second.take(wait_seconds=0, waiting=lambda *_: None)
        dead.communicate()
        if not _proc():
            pytest.skip("this system does not tell which processes live")
        second.take(wait_seconds=0, waiting=lambda *_: None)
        second.check()
        with pytest.raises(Lost):
            first.check()
        second.release()
        first.release()


@pytest.mark.parametrize("off", [-3600, 3600])
def test_a_lock_without_a_heartbeat_of_now_goes_stale(off: int, tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/ledger.sqlite") as store:
        first = Lock(store, "o", ["*"], "another-machine 1 1 there")
        first.take(wait_seconds=0, waiting=lambda *_: None)
        with store.writing() as connection:
            connection.exec_driver_sql(f"UPDATE locks SET heartbeat = heartbeat + ({off})")
        second = Lock(store, "o", ["*"], this_process())
        second.take(wait_seconds=0, waiting=lambda *_: None)
        second.release()
        first.release()


def _proc() -> bool:
    return Path("/proc/self/stat").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_leaves_nothing_half_and_the_next_run_completes(small_disk: Path, tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 6)
    full = settings(tmp_path, out=small_disk / "out")
    summary = core.review(full)
    assert {f.part for f in summary.failures} >= {"报告"}
    assert all_whole(full.out)
    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    assert core.review(full).failures == []
    core.review(settings(tmp_path))
    whole, again = written(tmp_path / "out"), written(full.out)
    # A page names the originals by their place as seen from its own, which is another here.
    pages = {name for name in whole if name.endswith("index.html")}
    assert {n: d for n, d in again.items() if n not in pages} == {n: d for n, d in whole.items() if n not in pages}
    assert pages <= set(again)


def test_a_run_that_reads_nothing_leaves_good_reports(tmp_path: Path) -> None:
    paths = fill(tmp_path / "inbox", 2)
    core.review(settings(tmp_path))
    before = written(tmp_path / "out")
    for path in paths:
        path.unlink()
    summary = core.review(settings(tmp_path))
    assert (summary.standings, written(tmp_path / "out")) == ({}, before)


def test_a_share_that_is_lost_in_the_middle_leaves_its_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "inbox", 6)
    undisturbed = settings(tmp_path, out=tmp_path / "undisturbed")
    for given in (settings(tmp_path), undisturbed):
        core.review(given)
    good = written(tmp_path / "out")
    fill(tmp_path / "inbox", 8)
    lost, away = tmp_path / "inbox" / "静安区", tmp_path / "away"

    def read_unit(*given: Any) -> Any:
        if lost.exists():
            lost.rename(away)  # while the first of the new files is read
        return reading.read_unit(*given)

    (tmp_path / "out" / "ledger.sqlite").unlink()  # so that all is read again
    with monkeypatch.context() as patch:
        patch.setattr(readers, "read_unit", read_unit)
        summary = core.review(settings(tmp_path))
    assert [(f.part, f.what) for f in summary.failures] == [("读取", "静安区")]
    assert {i["document"] for i in _inputs(tmp_path) if i["outcome"] == "not_read"} == {
        f"静安区/{n:03}.docx" for n in (1, 3, 5, 7)
    }
    after = written(tmp_path / "out")
    assert {n for n in after if after[n] != good.get(n)} >= {"浦东新区/records.jsonl"}
    assert not {n for n in {*good, *after} if after.get(n) != good.get(n)} - {n for n in after if n.startswith("浦东")}

    away.rename(lost)
    assert core.review(settings(tmp_path)).failures == []
    core.review(undisturbed)
    assert written(tmp_path / "out") == written(undisturbed.out)


@pytest.mark.parametrize("folder", ["静安区", ""])
def test_a_folder_that_cannot_be_listed_is_a_failure_and_its_reports_stay(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 4)
    core.review(settings(tmp_path))
    good = written(tmp_path / "out")
    scandir = os.scandir

    def failing(path: Any = ".") -> Any:
        if Path(path) == tmp_path / "inbox" / folder:
            raise OSError(errno.EIO, "Input/output error")
        return scandir(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", failing)
        summary = core.review(settings(tmp_path))
    assert [(f.part, f.what) for f in summary.failures] == [("扫描", folder or ".")]
    changed = {n for n, digest in written(tmp_path / "out").items() if good.get(n) != digest}
    assert all(folder and n.startswith("浦东新区/") for n in changed)
    assert core.review(settings(tmp_path)).failures == []
    assert written(tmp_path / "out") == good


def _inputs(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((root / "out" / "run.json").read_text("utf-8"))["inputs"]
    return found


# ------------------------------------------------------------------------------------------------------ PostgreSQL
@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database on a server of our own."""
    pytest.importorskip("psycopg", reason="the extra postgresql is not installed")
    from tests.flows.postgres import Server

    server = Server.find()
    if server is None:
        pytest.skip("no PostgreSQL server is installed (initdb, pg_ctl)")
    with server as url:
        yield url


@pytest.mark.slow
def test_the_ledger_may_be_a_postgresql_database(postgresql: str, tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 4)
    here, there = settings(tmp_path), settings(tmp_path, out=tmp_path / "there", ledger=postgresql)
    core.review(here)
    runs = [start(there) for _ in range(3)]
    assert [run.wait(120) for run in runs] == [0, 0, 0]
    assert written(there.out) == written(here.out)
    assert core.review(there).unchanged is not None
    with Store.open(postgresql) as store:
        outcomes = sorted(r["outcome"] for r in store.runs(str(there.out)))
        assert outcomes == ["done", "unchanged", "unchanged", "unchanged"]
        assert store.prune(days=0) == 4
    assert not (there.out / "ledger.sqlite").exists()


@pytest.mark.slow
def test_a_database_that_is_not_there_stops_the_run(postgresql: str, tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    with pytest.raises(PartFailed, match="台账"):
        core.review(settings(tmp_path, ledger="postgresql://nobody:secret@127.0.0.1:1/none"))
    assert not (tmp_path / "out").exists()
