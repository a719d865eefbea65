"""Reports before all is read: whose, when, and that the end is the same with them and without."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from openpyxl import load_workbook

import catalog
from flows.guarded import careful, readers
from flows.guarded.guard import Job
from flows.guarded.reading import Contents, ReadInput, unreadable
from flows.guarded.turns import SHARE_SECONDS, Turns
from flows.received.inbox import Inbox, Input
from flows.run import batch, core, interim
from flows.run.interim import Interim
from flows.run.remember import Memory
from flows.run.steps import Plain
from flows.run.summary import RunSummary
from flows.run.writing import Writer
from flows.settings import Settings
from records.book.keeping import Book
from tests.flows.rounds import DISTRICTS, fill, form, settings, written

SOUND, SLOW = DISTRICTS


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks after every batch."""
    monkeypatch.setattr(interim, "GAP_SECONDS", 0)
    monkeypatch.setattr(interim, "REST", 0)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(district, why it is provisional) of every interim report, as it is written."""
    found: list[tuple[str, str]] = []
    write = Writer.interim

    def watched(self: Writer, part: Any) -> list[Path]:
        found.append((part.result.district, part.result.provisional))
        return write(self, part)

    monkeypatch.setattr(Writer, "interim", watched)
    return found


def _words(report: Path) -> str:
    return "\n".join(p.text for p in docx.Document(str(report)).paragraphs)


def _undisturbed(given: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    with monkeypatch.context() as patch:
        patch.setattr(Interim, "__call__", lambda *_: None)
        core.review(given)
    return written(given.out)


def _received(inbox: Path) -> None:
    fill(inbox, 4)
    (inbox / SOUND / "000.docx").write_bytes(form(0, contact_mobile="1390000010"))


def _decide(out: Path) -> None:
    """A person withdraws a finding on a document and says why, in a workbook that no run has read yet."""
    path = out / SOUND / "审查台账.xlsx"
    book = load_workbook(path)
    sheet = book["问题清单"]
    at = {cell.value: cell.column for cell in sheet[1]}
    rows = range(2, sheet.max_row + 1)
    row = next(r for r in rows if str(sheet.cell(r, at["编号"]).value)[0] not in "DQ")
    for head, text in (("处理", "撤销"), ("说明", "已电话核实")):
        sheet.cell(row, at[head]).value = text
    book.save(path)


@pytest.mark.usefixtures("eager")
def test_the_end_is_the_same_with_reports_in_between_and_without(
    tmp_path: Path, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _received(tmp_path / "inbox")
    core.review(settings(tmp_path, batch_size=1))
    assert [name for name, _ in told] == [SOUND]  # 静安区 is read last
    told.clear()
    _decide(tmp_path / "out")
    shutil.copytree(tmp_path / "out", tmp_path / "undisturbed")
    for number in range(10, 14):
        (tmp_path / "inbox" / SOUND / f"{number}.docx").write_bytes(form(number))
    for number in range(20, 25):
        (tmp_path / "inbox" / SLOW / f"{number}.docx").write_bytes(form(number, company_name="同一制造有限公司"))
    (tmp_path / "inbox" / "根下.docx").write_bytes(form(30, recommender=SOUND))
    core.review(settings(tmp_path, batch_size=1))
    assert [name for name, _ in told] == [SOUND]
    undisturbed = _undisturbed(settings(tmp_path, out=tmp_path / "undisturbed", batch_size=1), monkeypatch)
    assert written(tmp_path / "out") == undisturbed
    assert any("decisions.jsonl" in name for name in undisturbed)
    assert "阶段性" not in _words(tmp_path / "out" / SOUND / "审查报告.docx")


@pytest.mark.usefixtures("eager")
def test_an_interim_report_says_so_shows_words_and_leaves_workbooks_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is killed right after it, and completed by the next."""
    _received(tmp_path / "inbox")
    core.review(settings(tmp_path))
    _decide(tmp_path / "out")
    for number in range(10, 14):
        (tmp_path / "inbox" / DISTRICTS[number % 2] / f"{number}.docx").write_bytes(form(number))
    before, state = written(tmp_path / "out"), tmp_path / "out" / SOUND / "progress.json"
    past, write = json.loads(state.read_text("utf-8")), Writer.interim

    def killed(self: Writer, part: Any) -> list[Path]:
        write(self, part)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "interim", killed)
        with pytest.raises(KeyboardInterrupt):
            core.review(settings(tmp_path, batch_size=1))
    after = written(tmp_path / "out")
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {f"{SOUND}/审查报告.docx", f"{SOUND}/index.html", f"{SOUND}/progress.json"}
    now = json.loads(state.read_text("utf-8"))
    assert past | {"papers": now["papers"]} == now  # the report's bytes are known: it is not taken for a person's
    said = _words(tmp_path / "out" / SOUND / "审查报告.docx")
    assert f"【阶段性报告】{SOUND}" in said
    assert "尚有2个文件未读完，" in said
    assert "撤销1处" in said
    assert "【阶段性报告】" in (tmp_path / "out" / SOUND / "index.html").read_text("utf-8")
    assert core.review(settings(tmp_path)).failures == []
    end = written(tmp_path / "out")
    assert not any("人工修改" in name for name in end)
    core.review(settings(tmp_path))
    assert written(tmp_path / "out") == end
    assert "阶段性" not in _words(tmp_path / "out" / SOUND / "审查报告.docx")
    assert "已电话核实" in (tmp_path / "out" / SOUND / "decisions.jsonl").read_text("utf-8")


@pytest.mark.usefixtures("eager")
def test_reports_that_stand_for_what_was_received_stay(tmp_path: Path, told: list[tuple[str, str]]) -> None:
    """Nothing new of one district; of the other's standing report, a file at the root is still to be read."""
    fill(tmp_path / "inbox", 2)
    at_root = tmp_path / "inbox" / "根下.docx"
    at_root.write_bytes(form(30, recommender=SLOW))
    core.review(settings(tmp_path))
    told.clear()
    at_root.write_bytes(form(31, recommender=SLOW))
    other = tmp_path / "inbox" / "黄浦区"
    other.mkdir()
    for number in range(3):
        (other / f"{number}.docx").write_bytes(form(40 + number))
    (tmp_path / "inbox" / SLOW / "新.docx").write_bytes(form(50))
    root_last = property(lambda own: (not own.name, own.name != SLOW))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.guarded.turns._Queue.rank", root_last)
        core.review(settings(tmp_path, batch_size=1))
    assert told == [("黄浦区", told[0][1])]
    assert "尚有1个文件未读完（其中1个不在任何推荐单位的文件夹里，可能属于本单位）" in told[0][1]


@pytest.mark.skipif(os.name == "nt", reason="the reading job for tests uses signals of POSIX")
def test_a_file_that_hangs_does_not_hold_up_the_report_of_another_district(
    tmp_path: Path, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the clock: no file ends while the report is written, and the gap between looks is what it is."""
    fill(tmp_path / "inbox", 4)
    (tmp_path / "inbox" / SLOW / "hang.docx").write_bytes(form(80))
    job = json.dumps({"notice": "2023", "office": None, "nap": 0})
    monkeypatch.setattr(careful.Limits, "job", property(lambda own: Job("tests.flows.slow_job", job, 4096, 200)))
    monkeypatch.setattr(batch, "SHARE_SECONDS", 4)
    monkeypatch.setattr(batch, "BATCH_SECONDS", 1)
    monkeypatch.setattr(readers, "TICK_SECONDS", 0.2)
    given = settings(tmp_path, workers=1, file_seconds=20, batch_size=50)
    summary = core.review(given)
    assert [name for name, _ in told] == [SOUND]
    assert "尚有1个文件未读完，" in told[0][1]
    assert summary.failures == []
    undisturbed = _undisturbed(given.model_copy(update={"out": tmp_path / "undisturbed"}), monkeypatch)
    assert written(given.out) == undisturbed


class _Clocked(Interim):
    """Notes when which district would be reported, in place of doing so."""

    reported: dict[str, float]

    def _write(self, names: Sequence[str], *_: object) -> None:
        self.reported |= dict.fromkeys(names, self._clock())


def _reported(names: Sequence[str], slow: Callable[[str], bool], processes: int, root: Path) -> dict[str, float]:
    """District → the second of its report, by a clock of our own: slow files use up their share, others take half a
    second, and reports are looked after as seldom as can be."""
    now = [0.0]
    pack = catalog.load("2023", None)
    items = [Input(n, root / n, n.partition("/")[0], 1, 1) for n in names]
    run = RunSummary(settings(root), pack, Inbox(root), (), 0.0)
    turns = Turns([(i,) for i in items], lambda u: batch.home(u, run), share=SHARE_SECONDS, clock=lambda: now[0])
    look = _Clocked(run, Memory(run.settings, None, run.catalog), Book.in_memory(), Plain(), clock=lambda: now[0])
    look.reported = {}
    in_hand: list[tuple[float, Input]] = []
    step = batch.BATCH_SECONDS + readers.TICK_SECONDS
    looks = step
    while any(not slow(i.document) for (i,) in turns.left):
        while len(in_hand) < processes and (turn := turns.next()) is not None:
            took = turn.share if slow(turn.unit[0].document) else 0.5
            in_hand.append((now[0] + took, turn.unit[0]))
        in_hand.sort(key=lambda e: e[0])
        while looks < in_hand[0][0]:
            now[0], looks = looks, looks + step
            look(SimpleNamespace(turns=turns, left=turns.left))  # type: ignore[arg-type]
        now[0], item = in_hand.pop(0)
        if slow(item.document):
            turns.late((item,))
        else:
            turns.done((item,))
            batch.take(run, [ReadInput(item, readings=[unreadable(item, "", "-")])], Contents())
    now[0] = looks
    look(SimpleNamespace(turns=turns, left=turns.left))  # type: ignore[arg-type]
    return look.reported


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_five_hundred_slow_files_delay_no_report_by_more_than_a_minute(processes: int, tmp_path: Path) -> None:
    sound = [*(f"静安区/{n:03}" for n in range(300)), *(f"黄浦区/{n}" for n in range(5)), "根下"]
    slow = [f"浦东新区/{n:03}" for n in range(500)]
    found = _reported([*slow, *sound], lambda n: n.startswith("浦东新区"), processes, tmp_path)
    assert found.keys() == {"静安区", "黄浦区", "未归口"}
    undisturbed = len(sound) * 0.5 / processes
    assert max(found.values()) <= undisturbed + 60
