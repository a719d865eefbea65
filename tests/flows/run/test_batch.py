"""Reading in turns: what was read stays read, what was not is told of, slow files come last and once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from extractors.document.model import Document, Paragraph
from flows.guarded import careful, readers, turns
from flows.guarded.guard import Job
from flows.guarded.reading import MOST_SHOWN, Contents, ReadInput
from flows.received.grouping import Unit
from flows.run import batch, core
from flows.run.remember import LATER, Memory
from records.ledger.store import Store
from tests.flows.rounds import fill, form, settings, written


def _kept(out: Path) -> int:
    with Store.open(f"sqlite:///{out / 'ledger.sqlite'}") as store:
        return store.size()[0]


def test_an_interrupted_run_keeps_what_it_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one batch of the run is broken off at its fourth file."""
    fill(tmp_path / "inbox", 6)
    one = readers.InPlace._one

    def interrupted(self: readers.InPlace, unit: Unit) -> object:
        if unit[0].document.endswith("003.docx"):
            raise KeyboardInterrupt
        return one(self, unit)

    with monkeypatch.context() as patch:
        patch.setattr(readers.InPlace, "_one", interrupted)
        with pytest.raises(KeyboardInterrupt):
            core.review(settings(tmp_path, batch_size=50))
    assert _kept(tmp_path / "out") == 4  # 000, 002 and 004 of the first district, 001 of the second
    assert core.review(settings(tmp_path, batch_size=50)).recalled == 4


def test_each_reading_is_kept_soon_after_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As kill -9 would find it: what was read a moment ago is in the ledger already."""
    fill(tmp_path / "inbox", 4)
    monkeypatch.setattr(batch, "KEEP_SECONDS", 0)
    kept: list[int] = []
    take = batch.take

    def watched(*given: object) -> list[ReadInput]:
        kept.append(_kept(tmp_path / "out"))
        return take(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "take", watched)
    core.review(settings(tmp_path, batch_size=50))
    assert kept == [0, 1, 2, 3]


def test_what_a_run_has_no_time_for_is_told_and_read_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 6)
    over = batch.Reading._over_time
    with monkeypatch.context() as patch:
        patch.setattr(batch.Reading, "_over_time", lambda own: len(own._run.reads) >= 4 or over(own))
        summary = core.review(settings(tmp_path))
    assert sorted(i.document for i in summary.unread) == ["静安区/003.docx", "静安区/005.docx"]
    (failure,) = summary.failures
    assert (failure.part, failure.what) == ("读取", "静安区/003.docx 等2个文件")
    assert "run_seconds" in failure.message
    assert core.review(settings(tmp_path)).failures == []
    core.review(settings(tmp_path, out=tmp_path / "undisturbed"))
    assert written(tmp_path / "out") == written(tmp_path / "undisturbed")


@pytest.mark.skipif(os.name == "nt", reason="the reading job for tests uses signals of POSIX")
def test_a_file_that_hangs_is_tried_within_its_share_and_once_more_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 4)
    (tmp_path / "inbox" / "浦东新区" / "hang.docx").write_bytes(form(80))
    told = json.dumps({"notice": "2023", "office": None, "nap": 0})
    monkeypatch.setattr(careful.Limits, "job", property(lambda own: Job("tests.flows.slow_job", told, 4096, 200)))
    monkeypatch.setattr(batch, "SHARE_SECONDS", 4)
    asked: list[tuple[str, float]] = []
    next_ = turns.Turns.next
    put_off: list[str] = []
    note = Memory.note

    def watched(own: turns.Turns) -> turns.Turn | None:
        turn = next_(own)
        if turn is not None:
            asked.append((turn.unit[0].path.name, turn.share))
        return turn

    def noted(own: Memory, documents: dict[str, tuple[str, str]]) -> None:
        put_off.extend(d for d, (_, reason) in documents.items() if reason == LATER)
        note(own, documents)  # type: ignore[arg-type]

    monkeypatch.setattr(turns.Turns, "next", watched)
    monkeypatch.setattr(Memory, "note", noted)
    summary = core.review(settings(tmp_path, workers=1, file_seconds=6, batch_size=50))
    assert [n for n, _ in asked].count("hang.docx") == 2
    assert asked[-1] == ("hang.docx", 0)
    assert put_off == ["浦东新区/hang.docx"]
    (hung,) = [d for d in summary.reads if d.input.path.name == "hang.docx"]
    assert "用时超过6秒）" in hung.outlines[0].notes[0].message
    assert "重试" not in hung.outlines[0].notes[0].message
    assert summary.failures == []


def test_a_document_too_large_to_be_shown_is_read_and_not_kept() -> None:
    """32 KB of docx may be 390,000 empty cells."""
    contents = Contents()
    contents.keep("small.docx", Document("docx", blocks=[Paragraph("字", 1)]))
    contents.keep("large.docx", Document("docx", blocks=[Paragraph("字" * (MOST_SHOWN // 3 + 1), 1)]))
    assert list(contents) == ["small.docx"]
