"""Reviewers' words come back after every rerun, and are never lost."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from records.models import Decision
from reports.results.model import Standing
from reports.workbook.decisions import gather, load_store
from reports.write import write_district
from tests.reports.conftest import DISTRICT, Make, finding

BOOK = "审查台账.xlsx"
ONE = f"{DISTRICT}/001.docx"


def columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1]}


def write_words(path: Path, key: str, **words: str) -> None:
    """Write into the workbook as a person does: 处理, 说明, 处理人 in the row of a finding."""
    book = load_workbook(path)
    sheet = book["问题清单"]
    at = columns(sheet)
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, at["编号"]).value == key)
    for name, word in words.items():
        sheet.cell(row, at[name]).value = word or None
    book.save(path)


def words_of(path: Path, key: str) -> tuple[object, object, object]:
    sheet = load_workbook(path)["问题清单"]
    at = columns(sheet)
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, at["编号"]).value == key)
    return tuple(sheet.cell(row, at[n]).value for n in ("处理", "说明", "处理人"))  # type: ignore[return-value]


def test_words_come_back_in_every_later_report(make: Make, tmp_path: Path) -> None:
    one, two = finding(1, ONE), finding(2, ONE, field="uscc")
    write_district(make(2, [one, two]), tmp_path)
    write_words(tmp_path / BOOK, one.id, 处理="撤销", 说明="营业执照复印件已核对", 处理人="张三")
    write_words(tmp_path / BOOK, two.id, 处理="维持")

    for _ in range(3):
        result = make(2, [one, two])
        write_district(result, tmp_path)
        assert words_of(tmp_path / BOOK, one.id) == ("撤销", "营业执照复印件已核对", "张三")
        assert words_of(tmp_path / BOOK, two.id)[0] == "维持"
        assert result.standing(one) is Standing.WITHDRAWN
        assert [f.id for f in result.items[0].findings] == [two.id]


def test_a_withdrawn_finding_stays_withdrawn_until_its_evidence_changes_and_then_says_so(
    make: Make, tmp_path: Path
) -> None:
    before = finding(1, ONE, evidence="旧证据")
    write_district(make(1, [before]), tmp_path)
    write_words(tmp_path / BOOK, before.id, 处理="撤销", 说明="写法可以接受", 处理人="李四")
    write_district(make(1, [before]), tmp_path)

    after = finding(1, ONE, evidence="新证据")
    result = make(1, [after])
    write_district(result, tmp_path)
    assert result.standing(after) is Standing.REOPENED
    assert "李四" in result.remark(after)
    assert "重新确认" in result.remark(after)
    assert words_of(tmp_path / BOOK, after.id) == (None, None, None)

    write_words(tmp_path / BOOK, after.id, 处理="撤销", 说明="写法可以接受", 处理人="李四")
    again = make(1, [after])
    write_district(again, tmp_path)
    assert again.standing(after) is Standing.WITHDRAWN


def test_words_survive_the_finding_going_and_coming_back(make: Make, tmp_path: Path) -> None:
    one = finding(1, ONE)
    write_district(make(1, [one]), tmp_path)
    write_words(tmp_path / BOOK, one.id, 处理="撤销", 说明="误报")
    write_district(make(1, []), tmp_path)
    assert load_store(tmp_path / "decisions.jsonl")[one.id].reason == "误报"
    assert "误报" in {c.value for row in load_workbook(tmp_path / BOOK)["往期意见"] for c in row}
    result = make(1, [one])
    write_district(result, tmp_path)
    assert result.standing(one) is Standing.WITHDRAWN


def test_the_same_fault_in_another_file_keeps_its_words(make: Make, tmp_path: Path) -> None:
    write_district(make(2, [finding(1, ONE)]), tmp_path)
    write_words(tmp_path / BOOK, finding(1).id, 处理="维持", 说明="请补正")
    moved = finding(1, f"{DISTRICT}/002.docx", where="表9 行9 列9")
    write_district(make(2, [moved]), tmp_path)
    assert words_of(tmp_path / BOOK, moved.id)[:2] == ("维持", "请补正")


def test_changed_and_cleared_words_count_and_the_earlier_ones_stay_in_the_store(make: Make, tmp_path: Path) -> None:
    one = finding(1, ONE)
    write_district(make(1, [one]), tmp_path)
    write_words(tmp_path / BOOK, one.id, 处理="撤销", 说明="误报", 处理人="王五")
    write_district(make(1, [one]), tmp_path)
    write_words(tmp_path / BOOK, one.id, 处理="", 说明="", 处理人="")
    result = make(1, [one])
    write_district(result, tmp_path)
    assert result.standing(one) is Standing.OPEN
    assert words_of(tmp_path / BOOK, one.id) == (None, None, None)
    assert load_store(tmp_path / "decisions.jsonl")[one.id].history == ["撤销（王五）：误报"]


def test_sorted_rows_and_moved_columns_are_read(make: Make, tmp_path: Path) -> None:
    one, two = finding(1, ONE), finding(2, ONE, field="uscc")
    write_district(make(1, [one, two]), tmp_path)
    book = load_workbook(tmp_path / BOOK)
    sheet = book["问题清单"]
    sheet.insert_cols(1, 2)
    at = columns(sheet)
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, at["编号"]).value == two.id:
            sheet.cell(row, at["处理"]).value = " 维持 "
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=2)]
    for n, values in enumerate(reversed(rows), 2):
        for m, value in enumerate(values, 1):
            sheet.cell(n, m).value = value
    book.save(tmp_path / BOOK)
    assert {k: d.action for k, d in gather(tmp_path).decisions.items()} == {two.id: "维持"}


def test_a_word_that_is_no_choice_is_kept_as_a_remark(make: Make, tmp_path: Path) -> None:
    one = finding(1, ONE)
    write_district(make(1, [one]), tmp_path)
    write_words(tmp_path / BOOK, one.id, 处理="待电话核实")
    write_district(make(1, [one]), tmp_path)
    assert words_of(tmp_path / BOOK, one.id)[:2] == (None, "待电话核实")


def test_a_workbook_whose_words_cannot_be_read_is_kept(make: Make, tmp_path: Path) -> None:
    one = finding(1, ONE)
    write_district(make(1, [one]), tmp_path)
    book = load_workbook(tmp_path / BOOK)
    book["问题清单"]["A1"].value = None
    sheet = book["问题清单"]
    sheet.cell(1, columns(sheet)["处理"]).value = "我的意见"
    book.save(tmp_path / BOOK)
    mine = (tmp_path / BOOK).read_bytes()
    assert "处理意见未能读入" in gather(tmp_path).troubles[0]
    said: list[str] = []
    paths = write_district(make(1, [one]), tmp_path, say=said.append)
    assert (tmp_path / BOOK).read_bytes() == mine
    assert tmp_path / "审查台账（新）.xlsx" in paths
    assert any("处理" in s and BOOK in s for s in said)


def test_an_open_workbook_is_not_overwritten_and_words_in_both_copies_count(make: Make, tmp_path: Path) -> None:
    one, two = finding(1, ONE), finding(2, ONE, field="uscc")
    write_district(make(1, [one, two]), tmp_path)
    lock = tmp_path / "~$审查台账.xlsx"
    lock.write_bytes(b"")
    before = (tmp_path / BOOK).read_bytes()
    said: list[str] = []
    write_district(make(1, [one, two]), tmp_path, say=said.append)
    spare = tmp_path / "审查台账（新）.xlsx"
    assert (tmp_path / BOOK).read_bytes() == before
    assert spare.exists()
    assert any("正在被打开" in s for s in said)

    write_words(tmp_path / BOOK, one.id, 处理="维持")
    write_words(spare, two.id, 处理="撤销", 说明="误报")
    lock.unlink()
    write_district(make(1, [one, two]), tmp_path)
    assert words_of(tmp_path / BOOK, one.id)[0] == "维持"
    assert words_of(tmp_path / BOOK, two.id)[:2] == ("撤销", "误报")

    # The spare copy was merged once; a later change in the workbook is not undone by it.
    write_words(tmp_path / BOOK, two.id, 处理="维持", 说明="核实属实")
    write_district(make(1, [one, two]), tmp_path)
    assert words_of(tmp_path / BOOK, two.id)[:2] == ("维持", "核实属实")


def test_decisions_of_the_caller_are_taken_over(make: Make, tmp_path: Path) -> None:
    one = finding(1, ONE)
    result = make(1, [one])
    result.decisions = {one.id: Decision(finding=one.id, action="撤销", reason="误报", by="赵六")}
    write_district(result, tmp_path)
    assert words_of(tmp_path / BOOK, one.id) == ("撤销", "误报", "赵六")


def test_a_damaged_store_is_named_and_nothing_is_overwritten(make: Make, tmp_path: Path) -> None:
    (tmp_path / "decisions.jsonl").write_text("这不是JSON\n", encoding="utf-8")
    with pytest.raises(ValueError, match="第1行"):
        write_district(make(1, []), tmp_path)
    assert (tmp_path / "decisions.jsonl").read_text(encoding="utf-8") == "这不是JSON\n"
