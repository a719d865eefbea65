"""A run and the book of decisions: reports follow from it, whatever happens to the run, the ledger or the exports."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import OperationalError

import catalog
from checks.meaning.versions import application_id
from flows.exits import PartFailed
from flows.run import core, writing
from flows.run.book import open_book
from flows.settings import Settings
from records.book.events import Entry
from records.book.keeping import Book
from records.models import Record
from tests.flows.rounds import DISTRICTS, fill, form, settings

HERE = DISTRICTS[0]


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    found = settings(tmp_path, workers=0)
    fill(found.inbox, 2)
    (found.inbox / HERE / "000.docx").write_bytes(form(0, contact_mobile="1390000010"))
    return found


def findings(given: Settings) -> list[dict[str, str]]:
    lines = (given.out / HERE / "findings.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def withdraw(given: Settings, target: str, what: str = "withdraw") -> None:
    with open_book(given) as book:
        book.append([Entry(who="张三", office=HERE, what=what, target=target, reason="已核", source="desk")])  # type: ignore[arg-type]


def states(given: Settings) -> dict[str, str]:
    """What the workbook says of each finding, by its id."""
    sheet = load_workbook(given.out / HERE / "审查台账.xlsx")["问题清单"]
    at = {str(c.value): c.column for c in sheet[1]}
    rows = range(2, sheet.max_row + 1)
    return {str(sheet.cell(r, at["编号"]).value): str(sheet.cell(r, at["处理"]).value or "") for r in rows}


def test_a_decision_from_elsewhere_is_in_the_papers_after_the_next_run_and_survives_what_is_a_cache(
    given: Settings,
) -> None:
    core.review(given)
    target = findings(given)[0]["id"]
    withdraw(given, target)
    assert core.review(given).unchanged is None
    assert states(given)[target] == "撤销"
    assert core.review(given).unchanged is not None
    for lost in ("ledger.sqlite", f"{HERE}/decisions.jsonl", f"{HERE}/progress.json", f"{HERE}/审查台账.xlsx"):
        (given.out / lost).unlink()
        core.review(given)
        assert states(given)[target] == "撤销"
    with open_book(given) as book:
        assert len(book.events()) == 1


def test_words_are_in_the_book_before_anything_that_may_fail(given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    core.review(given)
    target = findings(given)[0]["id"]
    path = given.out / HERE / "审查台账.xlsx"
    book = load_workbook(path)
    sheet = book["问题清单"]
    at = {str(c.value): c.column for c in sheet[1]}
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, at["编号"]).value == target)
    for head, text in (("处理", "撤销"), ("说明", "已核"), ("处理人", "李四")):
        sheet.cell(row, at[head]).value = text
    book.save(path)
    left = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    with monkeypatch.context() as patch:  # no room for the book: the workbook stays as the person left it
        patch.setattr(Book, "append", full)
        assert any("disk is full" in f.message for f in core.review(given).failures)
        assert path.read_bytes() == left

    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:  # killed between the book and the workbook
        patch.setattr("reports.write.workbook", killed)
        with pytest.raises(KeyboardInterrupt):
            core.review(given)
    assert path.read_bytes() == left
    for _ in range(2):
        core.review(given)
        assert states(given)[target] == "撤销"
        with open_book(given) as decisions:
            assert [(e.who, e.what, e.reason) for e in decisions.events()] == [("李四", "withdraw", "已核")]


def test_a_decision_in_the_middle_of_a_run_is_in_the_next_runs_papers(
    given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    core.review(given)
    target = findings(given)[0]["id"]
    write = writing.write_district

    def meanwhile(*args: object, **more: object) -> list[Path]:
        paths = write(*args, **more)  # type: ignore[arg-type]
        if args[0].district == HERE:  # type: ignore[attr-defined]
            withdraw(given, target)
        return paths

    (given.inbox / HERE / "new.docx").write_bytes(form(9))
    with monkeypatch.context() as patch:
        patch.setattr(writing, "write_district", meanwhile)
        core.review(given)
    assert core.review(given).unchanged is None
    assert states(given)[target] == "撤销"
    assert core.review(given).unchanged is not None


def test_without_a_readable_book_nothing_is_written(given: Settings) -> None:
    core.review(given)
    before = (given.out / HERE / "审查报告.docx").read_bytes()
    (given.out / "decisions.sqlite").write_bytes(b"no database " * 1000)
    (given.inbox / HERE / "new.docx").write_bytes(form(9))
    with pytest.raises(PartFailed, match="备份"):
        core.review(given)
    assert (given.out / HERE / "审查报告.docx").read_bytes() == before


def test_a_broken_chain_is_told_of_at_every_run_until_it_is_mended(given: Settings) -> None:
    core.review(given)
    withdraw(given, findings(given)[0]["id"])
    withdraw(given, findings(given)[0]["id"], "restore")
    core.review(given)
    with sqlite3.connect(given.out / "decisions.sqlite") as connection:
        connection.execute("DROP TRIGGER decisions_no_delete")
        connection.execute("DELETE FROM decisions WHERE seq = 2")
    for _ in range(2):
        (failure,) = core.review(given).failures
        assert "末尾缺少记录" in failure.message


def record(given: Settings) -> Record:
    lines = (given.out / HERE / "records.jsonl").read_text("utf-8").splitlines()
    return next(r for r in map(Record.model_validate_json, lines) if r.source.path.endswith("000.docx"))


def test_a_corrected_value_goes_through_the_rules_over_reruns_until_the_file_says_something_else(
    given: Settings,
) -> None:
    core.review(given)
    (before,) = [f for f in findings(given) if f["field"] == "contact_mobile"]
    read = record(given)
    key = application_id(catalog.load(), read)
    with open_book(given) as book:
        entry = Entry(
            who="张三",
            office=HERE,
            what="correct",
            target=f"{key}#contact_mobile",
            before={"raw": read.fields["contact_mobile"].raw},
            after={"text": "13900000107"},
            source="desk",
        )
        book.append([entry])
    for _ in range(2):
        core.review(given)
        assert not [f for f in findings(given) if f["field"] == "contact_mobile"]
        value = record(given).fields["contact_mobile"]
        assert (value.value, value.read_as, value.confidence) == ("13900000107", "1390000010", 1.0)
        assert application_id(catalog.load(), record(given)) == key
    (given.inbox / HERE / "000.docx").write_bytes(form(0, contact_mobile="139000001"))
    core.review(given)
    raised = {f["code"]: f for f in findings(given)}
    assert raised[before["code"]]["id"] == before["id"]
    assert "更正不再适用" in raised["人工"]["message"]
    assert record(given).fields["contact_mobile"].read_as is None
