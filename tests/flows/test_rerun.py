"""Runs after the first: nothing is read twice, nothing is written for nothing, nothing that changed is missed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import docx
import pytest

import extractors
from flows import progress
from flows.exits import PartFailed
from flows.run import batch, core
from flows.settings import Settings
from records.ledger.store import Store
from tests.flows.rounds import fill, form, settings, written


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are read, as they are."""
    names: list[str] = []
    read_bytes = extractors.read_bytes

    def watched(data: bytes, pack: Any, name: str, **options: Any) -> Any:
        names.append(name)
        return read_bytes(data, pack, name, **options)

    monkeypatch.setattr(extractors, "read_bytes", watched)
    return names


def test_an_unchanged_inbox_is_reviewed_without_reading_a_file(tmp_path: Path, opened: list[str]) -> None:
    fill(tmp_path / "inbox", 4)
    first = core.review(settings(tmp_path))
    before = written(tmp_path / "out")
    opened.clear()
    again = core.review(settings(tmp_path))
    assert opened == []
    assert written(tmp_path / "out") == before
    facts = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert (facts["unchanged"], facts["recalled"], len(facts["inputs"])) == (True, 4, 4)
    assert {i["outcome"] for i in facts["inputs"]} == {"read"}
    assert again.standings == first.standings
    assert again.reports == first.reports


def test_a_report_that_was_lost_or_changed_is_made_again(tmp_path: Path, opened: list[str]) -> None:
    fill(tmp_path / "inbox", 2)
    core.review(settings(tmp_path))
    before = written(tmp_path / "out")
    (tmp_path / "out" / "浦东新区" / "index.html").unlink()
    (tmp_path / "out" / "静安区" / "findings.jsonl").write_text("x")
    opened.clear()
    core.review(settings(tmp_path))
    assert written(tmp_path / "out") == before
    assert opened == []


def said(report: Path) -> list[str]:
    """The paragraphs and cells of a Word file."""
    document = docx.Document(str(report))
    return [p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells]


def test_only_what_changed_is_read(tmp_path: Path, opened: list[str]) -> None:
    paths = fill(tmp_path / "inbox", 4)
    core.review(settings(tmp_path))
    opened.clear()
    paths[0].write_bytes(form(70))
    shutil.copy(paths[1], tmp_path / "inbox" / "静安区" / "改名.docx")
    os.utime(paths[2])
    paths[3].unlink()
    (tmp_path / "inbox" / "静安区" / "new.docx").write_bytes(form(71))
    core.review(settings(tmp_path))
    assert sorted(opened) == ["浦东新区/000.docx", "静安区/new.docx"]
    fresh = settings(tmp_path, out=tmp_path / "fresh")
    core.review(fresh)
    same = ("records.jsonl", "findings.jsonl", "assessments.jsonl")
    for district in ("浦东新区", "静安区"):
        for name in same:
            assert (tmp_path / "out" / district / name).read_bytes() == (fresh.out / district / name).read_bytes()
        report = said(tmp_path / "out" / district / "审查报告.docx")
        assert report != (there := said(fresh.out / district / "审查报告.docx"))
        assert [t for t in report if not t.startswith("与上次审查相比")] == there


def test_new_bytes_of_the_same_size_and_time_are_seen(tmp_path: Path) -> None:
    (path,) = fill(tmp_path / "inbox", 1)
    broken = b"PK\x03\x04" + bytes(path.stat().st_size - 4)
    core.review(settings(tmp_path))
    times = path.stat()
    path.write_bytes(broken)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    summary = core.review(settings(tmp_path))
    assert [o.form for d in summary.reads for o in d.outlines] == ["unknown"]


def test_a_changed_rule_reads_nothing_and_a_changed_reader_everything(
    tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.run import remember, writing

    fill(tmp_path / "inbox", 2)
    core.review(settings(tmp_path))
    opened.clear()
    monkeypatch.setattr(writing, "source_version", lambda *_: "rules of tomorrow")
    assert core.review(settings(tmp_path)).unchanged is None
    assert opened == []
    monkeypatch.setattr(remember, "reader_version", lambda: "reader of tomorrow")
    core.review(settings(tmp_path))
    assert len(opened) == 2


def test_what_a_reader_failed_on_is_a_finding_and_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 2)
    with monkeypatch.context() as patch:
        patch.setattr(extractors, "read_bytes", lambda *a, **o: 1 / 0)
        first = core.review(settings(tmp_path))
    assert [n.code for d in first.reads for o in d.outlines for n in o.notes] == ["F01", "F01"]
    second = core.review(settings(tmp_path))
    assert (second.unchanged is not None, first.failures, second.failures) == (True, [], [])
    causes = [i["cause"] for i in json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["inputs"]]
    assert causes == ["ZeroDivisionError: division by zero"] * 2


def test_what_could_not_be_loaded_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "inbox", 2)
    read_bytes = extractors.read_bytes

    def failing(*_: object, **__: object) -> None:
        raise ImportError("a library is broken")

    with monkeypatch.context() as patch:
        patch.setattr(extractors, "read_bytes", failing)
        assert len(core.review(settings(tmp_path)).failures) == 2
    monkeypatch.setattr(extractors, "read_bytes", read_bytes)
    summary = core.review(settings(tmp_path))
    assert summary.failures == []
    assert {o.form for d in summary.reads for o in d.outlines} == {"scene"}


def test_a_share_that_fails_for_a_moment_is_a_failure_not_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 2)
    read_bytes = extractors.read_bytes

    def flaky(data: bytes, pack: Any, name: str, **options: Any) -> Any:
        if name.endswith("000.docx"):
            raise OSError(5, "Input/output error")
        return read_bytes(data, pack, name, **options)

    monkeypatch.setattr(batch, "REST_SECONDS", 0)
    monkeypatch.setattr(extractors, "read_bytes", flaky)
    summary = core.review(settings(tmp_path))
    assert [i.document for i in summary.unread] == ["浦东新区/000.docx"]
    assert [f.part for f in summary.failures] == ["读取"]
    assert list(summary.districts) == ["静安区"]
    monkeypatch.setattr(extractors, "read_bytes", read_bytes)
    assert core.review(settings(tmp_path)).failures == []


def test_the_ledger_says_what_became_of_each_file(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 2)
    (tmp_path / "inbox" / "静安区" / "坏.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "inbox" / "静安区" / "~$x.docx").write_bytes(b"x")
    given = settings(tmp_path)
    core.review(given)
    with Store.open(given.ledger_url) as store:
        states = {r["document"]: (r["state"], r["reason"][:3]) for r in store.inputs(str(given.inbox))}
        (run,) = store.runs(str(given.out))
    assert states == {
        "浦东新区/000.docx": ("reported", ""),
        "静安区/001.docx": ("reported", ""),
        "静安区/坏.docx": ("set_aside", "F01"),
        "静安区/~$x.docx": ("set_aside", "锁定文"),
    }
    assert run["outcome"] == "done"


def test_without_a_ledger_the_review_is_done_and_says_so(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    (tmp_path / "out" / "ledger.sqlite").mkdir(parents=True)
    summary = core.review(settings(tmp_path))
    assert {f.part for f in summary.failures} == {"台账"}
    assert (tmp_path / "out" / "浦东新区" / "审查报告.docx").exists()


def _damage(ledger: Path, at: str) -> None:
    """Overwrite the header, or the page on which the locks begin, or one near the end."""
    with sqlite3.connect(ledger) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'locks'").fetchone()
    connection.close()
    pages = {"header": 0, "locks": page - 1, "end": ledger.stat().st_size // size - 1}
    with ledger.open("r+b") as file:
        file.seek(pages[at] * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize("at", ["header", "locks", "end"])
def test_a_damaged_ledger_is_put_aside(at: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path / "inbox", 1)
    given = settings(tmp_path)
    core.review(given)
    _damage(given.out / "ledger.sqlite", at)
    with progress.shown():
        again = core.review(given)
    assert (again.failures, again.recalled) == ([], 0)
    (aside,) = given.out.glob("ledger（已损坏*.sqlite")
    assert aside.name in capsys.readouterr().err
    with Store.open(given.ledger_url) as store:
        assert store.put_aside is None
        assert [r["outcome"] for r in store.runs(str(given.out))] == ["done"]


def test_a_run_that_cannot_see_who_writes_does_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "inbox", 1)
    given = settings(tmp_path)
    core.review(given)
    _damage(given.out / "ledger.sqlite", "locks")
    monkeypatch.setattr(Store, "_is_sound", lambda _: True)  # damaged after we looked
    with pytest.raises(PartFailed, match="台账"):
        core.review(given)


def test_a_damaged_ledger_that_cannot_be_put_aside_is_not_worked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 1)
    given = settings(tmp_path)
    core.review(given)
    _damage(given.out / "ledger.sqlite", "locks")

    def held(path: Path, _: Path) -> Path:
        raise PermissionError(13, "in use", str(path))

    monkeypatch.setattr(Path, "replace", held)  # as on Windows, where another program has it open
    with pytest.raises(PartFailed, match="不能另存"):
        core.review(given)


def test_who_comes_second_does_not_put_the_new_ledger_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    Store.open(url).close()
    _damage(tmp_path / "ledger.sqlite", "locks")
    is_sound = Store._is_sound

    def other_first(store: Store) -> bool:
        sound = is_sound(store)
        monkeypatch.setattr(Store, "_is_sound", is_sound)
        Store.open(url).close()  # another process, between our look and our rename
        return sound

    monkeypatch.setattr(Store, "_is_sound", other_first)
    with Store.open(url) as store:
        assert store.put_aside is None
    assert len(list(tmp_path.glob("ledger（已损坏*.sqlite"))) == 1


def test_readings_not_used_for_long_are_dropped(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    given = settings(tmp_path)
    core.review(given)
    with Store.open(given.ledger_url) as store:
        assert store.prune(days=1) == 0
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE readings SET used = used - 90000")
        assert store.prune(days=1) == 1
        assert store.size() == (0, 0)


def test_office_additions_and_templates_are_settings(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    (tmp_path / "office.toml").write_text('over_fifty = ["浦东新区"]\n', "utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "审查报告.docx").write_bytes(b"no template")
    core.review(settings(tmp_path))
    given: Settings = settings(tmp_path, office=tmp_path / "office.toml", templates=tmp_path / "templates")
    summary = core.review(given)
    assert summary.unchanged is None
    assert next(r for r in summary.catalog.recommenders if r.name == "浦东新区").quota["优秀场景"] == 25
    assert [f.what for f in summary.failures if "模板" in f.message]


def test_a_clock_that_was_set_back_loses_nothing(
    tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = fill(tmp_path / "inbox", 2)
    core.review(settings(tmp_path))
    before = time.time
    monkeypatch.setattr(time, "time", lambda: before() - 2 * 86400)
    first.write_bytes(form(7))
    os.utime(first, (time.time(), time.time()))
    new = second.with_name("新.docx")
    new.write_bytes(form(8))
    os.utime(new, (time.time(), time.time()))
    opened.clear()
    run = core.review(settings(tmp_path))
    assert sorted(opened) == ["浦东新区/000.docx", "静安区/新.docx"]
    assert run.failures == []
    found = (tmp_path / "out" / "浦东新区" / "records.jsonl").read_text("utf-8")
    assert "上海第7制造有限公司" in found
