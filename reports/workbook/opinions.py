"""The workbook's sheets for words that stand beside no finding: earlier ones, and those that could not be placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from records.models import Decision, Unplaced
from reports.results.model import DistrictResult
from reports.results.own import CALLED
from reports.workbook.columns import Column
from reports.workbook.decisions import draft, shown
from reports.workbook.own.carried import Carried
from reports.workbook.own.layouts import gone
from reports.workbook.proof import Proof
from reports.workbook.said import BY, ID, REASON, UNPLACED, in_order
from reports.workbook.sheets import Book, CellValue, pieces

PAST = "往期意见"


def past_sheet(book: Book, result: DistrictResult, carried: Carried | None = None) -> None:
    """Words on findings that are no longer there, earlier words, and the rest of those that no cell can hold."""
    here = {f.id for f in result.outcomes.findings}
    rows = [
        row
        for there in (False, True)
        for key, d in sorted(result.decisions.items())
        if (key in here) is there and not key.startswith("W-")
        for row in _past_rows(d, there)
    ]
    for added in result.decided.added.values():
        if added.id not in here:  # its application is not received any more
            about = "：".join(filter(None, (added.about, added.place, added.message)))
            rows += [[part, CALLED, "", added.who, "", "已不再出现", added.id] for part in pieces(about)]
    for words in gone(carried, result.unplaced, here):
        said = "\n".join(f"{head}：{text}" for head, text in words.cells.items())
        rows += [[words.near, "", part, "", "", "已不再出现", words.key] for part in pieces(said)]
    if not rows:
        return
    columns = [
        Column("问题", 60, "text"),
        Column("意见", 9),
        Column("理由", 40, "words"),
        Column("意见人", 10, "words"),
        Column("更早的意见", 40, "words"),
        Column("现状", 12),
        Column("问题编号", 19),
    ]
    book.add(PAST, columns, rows, note=result.district)


def _past_rows(d: Decision, there: bool) -> Iterator[list[CellValue]]:
    words = pieces(d.reason)
    if not d.history and (len(words) == 1 if there else not (d.action or d.reason or d.by)):
        return
    history = pieces("\n".join(d.history))
    for n in range(max(len(words), len(history))):
        part = (words[n : n + 1] or [""])[0], d.by if n == 0 else "", (history[n : n + 1] or [""])[0]
        state = "仍在" if there else "已不再出现"
        yield [d.about, d.action, *part, state if n == 0 else "（续上行）", d.finding]


def unplaced_sheet(
    book: Book,
    found: Mapping[str, Unplaced],
    decisions: Mapping[str, Decision],
    troubles: Sequence[str],
    *,
    note: str,
) -> None:
    """Words that belong to no finding, where they stood; workbooks that could not be read. A person says in 说明 what
    became of them."""
    left = {i: u for i, u in found.items() if not u.placed}
    if not left and not troubles:
        return
    columns = [
        Column("出自", 26, "text"),
        Column("工作表", 12, "text"),
        Column("行", 6, "number"),
        Column("旁边的内容", 40, "text"),
        Column("所写的文字", 48, "words"),
        Column("为何未能归入", 28, "text"),
        Column("有关的问题", 19),
        Column(REASON, 28, "write"),
        Column(BY, 10, "write"),
        Column(ID, 16),
    ]
    rows: list[list[CellValue]] = [["", "", None, "", text, "读不到", "", "", "", ""] for text in troubles]
    for u in in_order(left):
        decision = decisions.get(u.id)
        _, reason, by = shown(decision)
        where = [f"{u.workbook}（内容摘要{u.sha256[:8]}）", u.sheet, u.row or None, u.near]
        for n, part in enumerate(pieces("\n".join(f"{k}：{v}" for k, v in u.cells.items()))):
            answer = [reason, by] if n == 0 else ["", ""]
            proof = Proof(words=draft(decision) if n == 0 else "", key=u.id)
            rows.append([*where, part, u.why, u.finding, *answer, u.id, proof])
    book.add(UNPLACED, columns, rows, note=note, frozen=1)
