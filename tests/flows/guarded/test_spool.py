"""What a run has read lies on disk until it is looked at: the same again, and a full disk costs memory, never a reading."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path
from typing import IO, Any

import pytest

import catalog
from flows.guarded import spool
from flows.guarded.payload import decode, encode
from flows.guarded.reading import read_unit
from flows.guarded.shelf import Shelved
from flows.guarded.spool import Spool, Spooled, taken
from flows.received.inbox import Inbox, Input
from flows.run import batch, core
from flows.run.summary import RunSummary
from flows.settings import Settings
from records.models import Outline, Reading, Record, Source, Submission, held
from tests.flows.rounds import fill, form, settings, written


def test_what_was_put_down_comes_back(tmp_path: Path) -> None:
    kept = Spool(tmp_path)
    pieces = [kept.put(bytes([n]) * n * 1000) for n in range(5)]
    assert all(isinstance(p, Spooled) for p in pieces)
    assert [taken(p) for p in reversed(pieces)] == [bytes([n]) * n * 1000 for n in reversed(range(5))]
    assert taken(b"in memory") == b"in memory"


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    kept = Spool(tmp_path)
    piece = kept.put(b"x")
    del kept
    assert taken(piece) == b"x"
    del piece
    gc.collect()
    assert list(tmp_path.iterdir()) == []


class _Full:
    """A disk that takes two pieces and a half."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, 25

    def write(self, data: bytes) -> int:
        data = data[: self._left]
        self._left -= len(data)
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_what_a_full_disk_does_not_take_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make = spool.tempfile.TemporaryFile
    monkeypatch.setattr(spool.tempfile, "TemporaryFile", lambda **how: _Full(make(**how)))
    kept = Spool(tmp_path)
    pieces = [kept.put(bytes([n]) * 10) for n in range(4)]
    assert [taken(p) for p in pieces] == [bytes([n]) * 10 for n in range(4)]
    assert [isinstance(p, Spooled) for p in pieces] == [True, True, False, False]
    assert len(caplog.records) == 1


def test_a_round_is_the_same_where_nothing_can_be_put_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "inbox", 3)
    core.review(settings(tmp_path))

    def fails(**_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(spool.tempfile, "TemporaryFile", fails)
    monkeypatch.setattr(core, "_check_writable", lambda _: None)
    summary = core.review(settings(tmp_path, out=tmp_path / "full"))
    assert summary.failures == []
    assert written(tmp_path / "out") == written(tmp_path / "full")


def test_of_a_marked_file_nothing_is_put_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put: list[bytes] = []
    before = Spool.put

    def watched(own: Spool, data: bytes) -> bytes | Spooled:
        put.append(data)
        return before(own, data)

    monkeypatch.setattr(Spool, "put", watched)
    for marked in (False, True):
        put.clear()
        monkeypatch.setattr(batch, "is_marked", lambda *_, marked=marked: marked)
        fill(tmp_path / f"inbox{marked}", 1)
        core.review(settings(tmp_path, inbox=tmp_path / f"inbox{marked}", out=tmp_path / f"out{marked}"))
        assert bool(put) is not marked


def test_what_a_run_holds_of_a_document_is_little(tmp_path: Path) -> None:
    """Thousands are held at once: what one takes decides how large a round can be."""
    count = 20
    (tmp_path / "a.docx").write_bytes(form(1))
    there = (tmp_path / "a.docx").stat()
    facts = tmp_path / "a.docx", "浦东新区", there.st_size, there.st_mtime_ns
    units = [(Input(f"浦东新区/{n:03}.docx", *facts),) for n in range(count)]
    pack = catalog.load()
    answer = encode(*read_unit(units[0], pack))
    run = RunSummary(Settings(inbox=tmp_path, out=tmp_path), pack, Inbox(tmp_path), (), 0.0)
    batch.take(run, *decode(answer, units[0]))  # what is loaded once
    gc.collect()
    tracemalloc.start()
    for unit in units[1:]:
        batch.take(run, *decode(answer, unit))
    gc.collect()
    each = tracemalloc.get_traced_memory()[0] / (count - 1)
    tracemalloc.stop()
    assert len(run.reads) == count

    assert each < 4_000


class _Lent:
    """Counts how often it is fetched."""

    def __init__(self, reading: Reading) -> None:
        self.outline = Outline.of(reading)
        self.reading = reading
        self.fetched = 0

    def fetch(self) -> Reading:
        self.fetched += 1
        return self.reading.model_copy(deep=True)


def test_a_reading_is_fetched_once_while_it_is_held() -> None:
    lent = _Lent(Reading(record=Record(form="scene", source=Source(path="a", sha256="", format="docx"))))
    one = Submission(district="浦东新区", document="a", reading=lent)
    assert (one.outline.form, lent.fetched) == ("scene", 0)
    assert one.reading is not one.reading
    with held([one]):
        assert one.reading is one.reading
    assert lent.fetched == 3
    assert one.reading is not one.reading
    own = one.over(lent.reading)
    with held([own]):
        assert own.reading is lent.reading
    assert own.reading is lent.reading


def test_what_changed_on_disk_is_no_reading() -> None:
    outline = Outline("scene", Source(path="a", sha256="", format="docx"))
    with pytest.raises(ValueError, match="not one whole"):
        Shelved(outline, b"").fetch()
