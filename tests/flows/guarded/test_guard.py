"""Files that crash, hang or swell: each is set aside with its cause, all others are read as ever."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.guarded import careful, workplace
from flows.guarded.careful import CarefulReader, Late, Limits
from flows.guarded.guard import Died, Job
from flows.guarded.payload import decode
from flows.received.inbox import Input
from flows.run import core
from tests.flows.rounds import fill, form, settings, written

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")

SABOTAGE = """
import os, signal, sys, time

# Opened before the worker gives up writing outside its folder.
told = os.open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "told"), os.O_CREAT | os.O_WRONLY)

def hook(event, arguments):
    if event != "open" or not isinstance(arguments[0], str):
        return
    name = os.path.basename(arguments[0])
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("leave"):
        os._exit(7)
    if name.startswith("hang"):
        time.sleep(1000)
    if name.startswith("swell"):
        bytearray(1 << 40)
    if name.startswith("noise"):
        os.write(1, b"a library speaks")
    if name.startswith("once") and not os.fstat(told).st_size:
        os.write(told, b"x")
        os._exit(9)

sys.addaudithook(hook)
"""
"""What happens to a worker when it opens a file of such a name."""


@pytest.fixture
def sabotaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SABOTAGE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    return tmp_path


def test_each_killer_is_set_aside_and_the_rest_is_read(sabotaged: Path) -> None:
    inbox = sabotaged / "inbox"
    fill(inbox, 3)
    killers = ("crash.docx", "leave.docx", "hang.docx", "swell.docx")
    for number, name in enumerate((*killers, "once.docx", "noise.docx")):
        # Each its own bytes: what kills by its name alone would be known by another's reading.
        (inbox / "静安区" / name).write_bytes(form(100 + number))
    folder = inbox / "静安区" / "一个申报单位"
    folder.mkdir()
    (folder / "申报书.docx").write_bytes(form(91))
    (folder / "crash执照.docx").write_bytes(b"x")
    summary = core.review(settings(sabotaged, workers=2, file_seconds=4, batch_size=50))
    notes = {o.source.path: o.notes for d in summary.reads for o in d.outlines}
    assert {path.rpartition("/")[2]: (found[0].code, _cause(found[0].message)) for path, found in notes.items() if found} == {
        "crash.docx": ("F01", "进程崩溃，信号SIGSEGV"),
        "leave.docx": ("F01", "进程意外退出，代码7"),
        "hang.docx": ("F01", "用时超过4秒"),
        "swell.docx": ("F01", "所需内存超过2048 MB"),
        "crash执照.docx": ("F01", "进程崩溃，信号SIGSEGV"),
    }  # fmt: skip
    forms = [o.source.path for d in summary.reads for o in d.outlines if o.form == "scene"]
    assert len(forms) == 3 + 3
    assert summary.failures == []
    again = core.review(settings(sabotaged, workers=2, file_seconds=4, batch_size=50))
    assert (again.unchanged is not None, again.failures) == (True, [])


def _cause(message: str) -> str:
    return message.partition("（")[2].partition("）")[0]


def test_an_answer_that_is_too_large_is_set_aside(tmp_path: Path) -> None:
    (path,) = fill(tmp_path / "inbox", 1)
    found = path.stat()
    item = Input("a.docx", path, "", found.st_size, found.st_mtime_ns)
    reader = CarefulReader(Limits("2023", None, 60, 4096, output_mb=0))
    try:
        (done,), _ = decode(reader.read((item,)), (item,))
    finally:
        reader.close()
    assert "内容超过0 MB" in done.readings[0].record.notes[0].message
    assert len(done.sha256) == 64


def test_workers_leave_with_whoever_started_them(sabotaged: Path) -> None:
    """kill -9 of the run while a worker hangs: nothing stays behind."""
    path = sabotaged / "hang.docx"
    path.write_bytes(b"x")
    program = (
        "import sys, flows.guarded.careful as c, flows.received.inbox as i, pathlib\n"
        f"p = pathlib.Path({str(path)!r})\n"
        "reader = c.CarefulReader(c.Limits('2023', None, 600, 4096, 10))\n"
        "print(reader.guard._start().pid, flush=True)\n"
        "reader.read((i.Input('a', p, '', 1, 1),))\n"
    )
    root = str(Path(__file__).parents[3])
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ}
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(1.5)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while _lives(worker) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _lives(worker)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_worker_that_died_between_two_files_is_replaced(tmp_path: Path) -> None:
    paths = fill(tmp_path / "inbox", 2)
    items = [Input(p.name, p, "", p.stat().st_size, p.stat().st_mtime_ns) for p in paths]
    reader = CarefulReader(Limits("2023", None, 60, 4096, 100))
    try:
        reader.read((items[0],))
        assert reader.guard._child is not None
        reader.guard._child.kill()
        reader.guard._child.wait()
        (done,), _ = decode(reader.read((items[1],)), (items[1],))
        reader.guard._child.kill()
        with pytest.raises(Died):
            reader.guard.ask(b"", 60)
    finally:
        reader.close()
    assert done.readings[0].record.form == "scene"


def test_one_two_and_four_workers_give_the_same_bytes(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 8)
    (tmp_path / "inbox" / "静安区" / "坏.docx").write_bytes(b"PK\x03\x04")
    outs = []
    for count in (0, 1, 2, 4):
        given = settings(tmp_path, workers=count, out=tmp_path / f"out{count}")
        assert core.review(given).failures == []
        outs.append(written(given.out))
    assert outs[0]
    assert all(out == outs[0] for out in outs)


@pytest.mark.slow
def test_a_dask_cluster_of_two_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    fill(tmp_path / "inbox", 8)
    here = settings(tmp_path)
    core.review(here)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = settings(tmp_path, cluster=cluster.scheduler_address, out=tmp_path / "there")
        assert core.review(there).failures == []
    assert written(there.out) == written(here.out)
    facts = json.loads((there.out / "run.json").read_text("utf-8"))
    assert facts["counts"]["inputs"] == 8


# ------------------------------------------------------------------------- files that are read together, and slow ones
def _packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def _item(path: Path) -> Input:
    found = path.stat()
    return Input(path.name, path, "", found.st_size, found.st_mtime_ns)


@pytest.fixture
def slow_reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., CarefulReader]]:
    """A reader whose files hang, crash or are slow by their names."""
    made: list[CarefulReader] = []

    def make(seconds: float, nap: float = 0, memory_mb: int = 2048) -> CarefulReader:
        told = json.dumps({"notice": "2023", "office": None, "nap": nap})
        monkeypatch.setattr(Limits, "job", property(lambda own: Job("tests.flows.slow_job", told, memory_mb, 200)))
        made.append(CarefulReader(Limits("2023", None, seconds, memory_mb, 200)))
        return made[-1]

    yield make
    for reader in made:
        reader.close()


def _read(reader: CarefulReader, *items: Input, share: float = 0) -> dict[str, str]:
    """Document → its form, or what is said of it."""
    reads, _ = decode(reader.read(items, share), items)
    return {
        r.record.source.path: r.record.notes[0].message if r.record.form == "unknown" else r.record.form
        for done in reads
        for r in done.readings
    }


def test_members_of_an_archive_that_kill_are_set_aside_and_the_others_read(
    tmp_path: Path, slow_reader: Callable[..., CarefulReader]
) -> None:
    names = ["crash.docx", "hang.docx", *(f"{n}.docx" for n in range(4))]
    path = tmp_path / "a.zip"
    path.write_bytes(_packed({f"{n}/{name}": form(n) for n, name in enumerate(names)}))
    found = _read(slow_reader(8), _item(path))
    assert sorted(found) == [f"a.zip!/{n}/{name}" for n, name in enumerate(names)]
    assert [form for name, form in sorted(found.items()) if name[9:] not in ("crash.docx", "hang.docx")] == [
        "scene"
    ] * 4
    assert "信号SIGSEGV" in found["a.zip!/0/crash.docx"]
    assert "用时超过8秒" in found["a.zip!/1/hang.docx"]


def test_an_archive_may_take_longer_than_a_file(tmp_path: Path, slow_reader: Callable[..., CarefulReader]) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(_packed({f"{n}/slow{n}.docx": form(n) for n in range(4)}))
    assert sorted(_read(slow_reader(6, nap=2), _item(path)).values()) == ["scene"] * 4


def test_a_file_of_a_folder_that_hangs_does_not_part_the_others(
    tmp_path: Path, slow_reader: Callable[..., CarefulReader]
) -> None:
    for name, data in (("hang.docx", form(1)), ("申报书.docx", form(2)), ("说明.txt", b"x")):
        (tmp_path / name).write_bytes(data)
    items = [_item(tmp_path / name) for name in ("hang.docx", "申报书.docx", "说明.txt")]
    reads, _ = decode(slow_reader(6).read(tuple(items)), tuple(items))
    assert [done.input.document for done in reads] == ["hang.docx", "申报书.docx", "说明.txt"]
    assert "用时超过6秒" in reads[0].readings[0].record.notes[0].message
    assert [r.record.form for r in reads[1].readings] == ["scene"]
    assert all(len(done.sha256) == 64 for done in reads)


def test_a_share_that_is_used_up_says_so_at_once(tmp_path: Path, slow_reader: Callable[..., CarefulReader]) -> None:
    path = tmp_path / "hang.docx"
    path.write_bytes(form(1))
    reader = slow_reader(300)
    with pytest.raises(Late):
        reader.read((_item(path),), 3)


def test_a_folder_whose_files_all_hang_ends_in_bounded_time(
    tmp_path: Path, slow_reader: Callable[..., CarefulReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(careful, "MOST", 2)
    for n in range(20):
        (tmp_path / f"hang{n:02}.docx").write_bytes(form(n))
    found = _read(slow_reader(4), *(_item(tmp_path / f"hang{n:02}.docx") for n in range(20)))
    assert len(found) == 20
    assert all("用时超过" in said for said in found.values())


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells what a process occupies")
@pytest.mark.parametrize("name", ["swell.docx", "feed.docx"])
def test_what_swells_its_reader_or_a_program_of_it_is_set_aside_at_the_bound(
    name: str, tmp_path: Path, slow_reader: Callable[..., CarefulReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It maps no more than it may."""
    (tmp_path / name).write_bytes(form(1))
    weighed: list[int] = []
    resident = workplace.resident

    def weigh(leader: int) -> int:
        weighed.append(resident(leader))
        return weighed[-1]

    monkeypatch.setattr(workplace, "resident", weigh)
    found = _read(slow_reader(120, memory_mb=500), _item(tmp_path / name))
    assert "所需内存超过500 MB" in found[name]
    assert sum(w > 500 << 20 for w in weighed) == 2  # it is tried twice
    assert max(weighed) < 1000 << 20
