"""A workbook is replaced without losing what people save meanwhile, and what they wrote is shown and said."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

import reports.write
from records.book.events import Entry
from records.book.keeping import Book
from records.models import Decision
from reports.results.round import views
from reports.workbook import copies
from reports.workbook.exports import dump_store, load_store
from reports.workbook.saving import Heard
from reports.write import write_district, write_round
from tests.reports.conftest import DISTRICT, Make, finding
from tests.reports.workbook.edits import BOOK, Sheet

ONE = f"{DISTRICT}/001.docx"
FIRST, SECOND = finding(1, ONE), finding(2, ONE, field="uscc", evidence="别的原文")


def write(make: Make, folder: Path) -> tuple[Heard, list[str]]:
    heard, said = Heard(), list[str]()
    write_district(make(1, [FIRST, SECOND], table=False, broken=False), folder, say=said.append, heard=heard)
    return heard, said


def wrote(path: Path, key: str, text: str, head: str = "说明") -> None:
    sheet = Sheet(path)
    sheet.write(key, head, text)
    sheet.book.save(path)


def shown(path: Path, sheet: str) -> str:
    book = load_workbook(path)
    return "\n".join(str(c.value) for row in book[sheet] for c in row if c.value) if sheet in book.sheetnames else ""


def no_leftovers(folder: Path) -> bool:
    return not [p for p in folder.iterdir() if "换下" in p.name or p.name.endswith(".part")]


def test_a_save_while_the_reports_are_made_is_read(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(make, tmp_path)
    wrote(tmp_path / BOOK, FIRST.id, "先存的")
    made, saves = reports.write.workbook, iter(["后存的", "又存的"])

    def slow(result: object, carried: object) -> bytes:
        data = made(result, carried)  # type: ignore[arg-type]
        if (text := next(saves, None)) is not None:
            wrote(tmp_path / BOOK, SECOND.id, text)
        return data

    monkeypatch.setattr(reports.write, "workbook", slow)
    write(make, tmp_path)
    store = load_store(tmp_path / "decisions.jsonl")
    assert (store[FIRST.id].reason, store[SECOND.id].reason) == ("先存的", "又存的")
    assert "又存的" in shown(tmp_path / BOOK, "问题清单")
    assert no_leftovers(tmp_path)


def _saves_anew(path: Path, aside: Path) -> None:
    path.write_bytes(aside.read_bytes())
    wrote(path, FIRST.id, "换的时候存的")


def _saves_into_the_old_file(path: Path, aside: Path) -> None:
    wrote(aside, FIRST.id, "换的时候存的")


@pytest.mark.parametrize("save", [_saves_anew, _saves_into_the_old_file])
def test_a_save_in_the_very_moment_of_replacing_is_read(
    save: Callable[[Path, Path], None], make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(make, tmp_path)
    wrote(tmp_path / BOOK, SECOND.id, "以前写的")
    place, waiting = copies._place, [1]

    def while_it_is_away(name: str, path: Path) -> None:
        if path.name == BOOK and waiting:
            waiting.pop()
            save(path, next(p for p in tmp_path.iterdir() if "换下" in p.name))
        place(name, path)

    monkeypatch.setattr(copies, "_place", while_it_is_away)
    write(make, tmp_path)
    assert load_store(tmp_path / "decisions.jsonl")[FIRST.id].reason == "换的时候存的"
    text = shown(tmp_path / BOOK, "问题清单")
    assert "换的时候存的" in text
    assert "以前写的" in text
    assert no_leftovers(tmp_path)


def test_a_workbook_saved_without_end_is_left_alone(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(make, tmp_path)
    made, count = reports.write.workbook, iter(range(100))

    def slow(result: object, carried: object) -> bytes:
        wrote(tmp_path / BOOK, FIRST.id, f"第{next(count)}次")
        return made(result, carried)  # type: ignore[arg-type]

    monkeypatch.setattr(reports.write, "workbook", slow)
    _, said = write(make, tmp_path)
    assert "第4次" in shown(tmp_path / BOOK, "问题清单")
    assert any("新的一份写在旁边" in s for s in said)
    monkeypatch.undo()
    write(make, tmp_path)
    assert load_store(tmp_path / "decisions.jsonl")[FIRST.id].reason == "第4次"
    assert not (tmp_path / "审查台账（新）.xlsx").exists()


def test_what_a_killed_run_took_away_is_read_by_the_next(make: Make, tmp_path: Path) -> None:
    write(make, tmp_path)
    wrote(tmp_path / BOOK, FIRST.id, "刚写的")
    edited = (tmp_path / BOOK).read_bytes()
    os.rename(tmp_path / BOOK, tmp_path / "审查台账（换下1）.xlsx")
    write(make, tmp_path)
    assert "刚写的" in shown(tmp_path / BOOK, "问题清单")
    assert no_leftovers(tmp_path)
    assert [p.read_bytes() for p in (tmp_path / "台账存档").iterdir()] == [edited]


def test_a_workbook_held_by_excel_gets_a_new_one_beside_it_which_goes_again(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(make, tmp_path)
    wrote(tmp_path / BOOK, FIRST.id, "开着的台账")
    held, rename = (tmp_path / BOOK).read_bytes(), os.rename

    def locked(source: Path, target: Path) -> None:
        if Path(source).name == BOOK:
            raise PermissionError(13, "in use")
        rename(source, target)

    monkeypatch.setattr(copies.os, "rename", locked)
    spare = tmp_path / "审查台账（新）.xlsx"
    for _ in range(2):
        _, said = write(make, tmp_path)
        assert (tmp_path / BOOK).read_bytes() == held
        assert "开着的台账" in shown(spare, "问题清单")
        assert any(BOOK in s for s in said)
    monkeypatch.undo()
    write(make, tmp_path)
    assert "开着的台账" in shown(tmp_path / BOOK, "问题清单")
    assert not spare.exists()


def test_words_sorted_away_from_their_rows_are_not_believed(make: Make, tmp_path: Path) -> None:
    write(make, tmp_path)
    for key, text in ((FIRST.id, "甲理由"), (SECOND.id, "乙理由")):
        wrote(tmp_path / BOOK, key, text)
    write(make, tmp_path)
    sheet = Sheet(tmp_path / BOOK)
    sheet.sort("处理", "处理人")
    sheet.book.save(tmp_path / BOOK)
    heard, _ = write(make, tmp_path)
    store = load_store(tmp_path / "decisions.jsonl")
    assert (store[FIRST.id].reason, store[SECOND.id].reason) == ("甲理由", "乙理由")
    assert "甲理由" in shown(tmp_path / BOOK, "未能归入的意见")
    assert any("问题清单第2行" in m for m in heard.messages)


def test_two_opinions_are_both_shown_and_said(make: Make, tmp_path: Path) -> None:
    write(make, tmp_path)
    copy = tmp_path / "张三-审查台账.xlsx"
    copy.write_bytes((tmp_path / BOOK).read_bytes())
    wrote(tmp_path / BOOK, FIRST.id, "李四的意见")
    write(make, tmp_path)
    wrote(copy, FIRST.id, "张三的意见")
    heard, _ = write(make, tmp_path)
    assert "张三的意见" in shown(tmp_path / BOOK, "问题清单")
    assert "李四的意见" in shown(tmp_path / BOOK, "往期意见")
    assert any("不一致" in m and copy.name in m for m in heard.messages)
    assert copy.read_bytes() in [p.read_bytes() for p in (tmp_path / "台账存档").iterdir()]


def test_words_longer_than_a_cell_go_on_in_another_sheet(make: Make, tmp_path: Path) -> None:
    text = "".join(f"第{n}条理由。" for n in range(6_000))[:40_000]
    data = dump_store({FIRST.id: Decision(finding=FIRST.id, action="维持", reason=text)}, [])
    (tmp_path / "decisions.jsonl").write_bytes(data)
    for _ in range(2):
        write(make, tmp_path)
        assert load_store(tmp_path / "decisions.jsonl")[FIRST.id].reason == text
        assert text[-8_000:] in shown(tmp_path / BOOK, "往期意见")
        assert text[:32_000] in shown(tmp_path / BOOK, "问题清单")


def test_a_long_reason_stands_whole_in_the_report_and_on_the_page(make: Make, tmp_path: Path) -> None:
    from docx import Document

    text = "".join(f"第{n}条理由。" for n in range(300))
    with Book.in_memory() as book:
        entry = Entry(who="", office=DISTRICT, what="confirm", target=FIRST.id, reason=text, source="desk")
        book.append([entry])
        write_district(make(1, [FIRST]), tmp_path, book=book)
    assert any(text in p.text for p in Document(str(tmp_path / "审查报告.docx")).paragraphs)
    cells = (c.text for t in Document(str(tmp_path / "审查依据.docx")).tables for row in t.rows for c in row.cells)
    assert any(text in c for c in cells)
    assert text in (tmp_path / "index.html").read_text("utf-8")


def test_words_with_any_line_separator_survive_the_store(tmp_path: Path) -> None:
    odd = "一\u2028二\u0085三\n四"
    (tmp_path / "s.jsonl").write_bytes(dump_store({"C02-1": Decision(finding="C02-1", reason=odd)}, []))
    assert load_store(tmp_path / "s.jsonl")["C02-1"].reason == odd


def test_what_a_person_says_became_of_words_is_kept_and_ends_the_waiting(make: Make, tmp_path: Path) -> None:
    write(make, tmp_path)
    sheet = Sheet(tmp_path / BOOK)
    sheet.of.cell(20, 2).value = "全部看过"
    sheet.book.save(tmp_path / BOOK)
    heard, _ = write(make, tmp_path)
    assert [(u.cells, u.near, u.finding) for u in heard.waiting()] == [({"申报单位（B列）": "全部看过"}, "", "")]
    book = load_workbook(tmp_path / BOOK)
    of = book["未能归入的意见"]
    of.cell(2, next(c.column for c in of[1] if c.value == "说明")).value = "已转会议纪要"
    book.save(tmp_path / BOOK)
    for _ in range(2):
        heard, _ = write(make, tmp_path)
        assert heard.waiting() == []
        assert "已转会议纪要" in shown(tmp_path / BOOK, "未能归入的意见")


def test_words_in_the_rounds_workbook_are_kept_and_told_of(make: Make, tmp_path: Path) -> None:
    result, out, path = make(1, [FIRST]), tmp_path / "全市", tmp_path / "全市/全市审查台账.xlsx"
    write_round(views([result], tmp_path), out)
    book = load_workbook(path)
    book["推荐单位对比"].cell(40, 2).value = "催过两次"
    book.save(path)
    left, heard = path.read_bytes(), Heard()
    write_round(views([result], tmp_path), out, heard=heard)
    assert "催过两次" in shown(path, "未能归入的意见")
    assert any("推荐单位对比" in m for m in heard.messages)
    assert [p.read_bytes() for p in (out / "台账存档").iterdir()] == [left]
