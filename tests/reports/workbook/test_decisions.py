"""Reviewers' words come back after every rerun, and are never lost."""

import csv
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from records.book.events import Entry
from records.book.keeping import Book
from records.book.state import Added, Decided
from reports.results.model import Standing
from reports.workbook.decisions import gather
from reports.workbook.district import workbook
from reports.workbook.exports import load_store
from reports.workbook.saving import Heard
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


def decided(target: str, what: str = "withdraw", **more: object) -> Entry:
    values = {"who": "赵六", "office": DISTRICT, "what": what, "target": target, "reason": "误报", "source": "desk"}
    return Entry.model_validate(values | more)


def test_what_was_decided_elsewhere_stands_in_the_workbook_and_counts(make: Make, tmp_path: Path) -> None:
    one, two = finding(1, ONE), finding(2, ONE, field="uscc")
    with Book.open(f"sqlite:///{tmp_path}/book.sqlite") as book:
        book.append([decided(one.id), decided(two.id, office="静安区")])
        result = make(1, [one, two], broken=False)
        write_district(result, tmp_path / "out", book=book)
        assert words_of(tmp_path / "out" / BOOK, one.id) == ("撤销", "误报", "赵六")
        assert [f.id for f in result.open_findings] == [two.id]
        assert len(book.events()) == 2


def test_what_a_workbook_says_is_in_the_book_once_whatever_lies_in_the_folder(make: Make, tmp_path: Path) -> None:
    one, out = finding(1, ONE), tmp_path / "out"
    with Book.open(f"sqlite:///{tmp_path}/book.sqlite") as book:
        for _ in range(2):
            write_district(make(1, [one]), out, book=book)
        write_words(out / BOOK, one.id, 处理="撤销", 说明="误报", 处理人="张三")
        (out / "审查台账（副本）.xlsx").write_bytes((out / BOOK).read_bytes())
        for _ in range(2):
            write_district(make(1, [one]), out, book=book)
        (event,) = book.events()
        assert (event.who, event.what, event.target, event.reason, event.source) == (
            "张三",
            "withdraw",
            one.id,
            "误报",
            "workbook",
        )
        # A lost book is made again from what lies beside the workbook; what stands in the book is not overridden by it.
        (out / "decisions.jsonl").write_text("", "utf-8")
        write_district(make(1, [one]), out, book=book)
        assert words_of(out / BOOK, one.id)[0] == "撤销"
    with Book.open(f"sqlite:///{tmp_path}/other.sqlite") as book:
        heard = Heard()
        write_district(make(1, [one]), out, book=book, heard=heard)
        assert [(e.who, e.what, e.reason) for e in book.events()] == [("张三", "withdraw", "误报")]
        assert any("已收入决定簿" in m for m in heard.messages)


def test_words_against_the_desk_are_both_shown_and_the_finding_stands_until_somebody_settles_it(
    make: Make, tmp_path: Path
) -> None:
    one, out = finding(1, ONE), tmp_path / "out"
    with Book.open(f"sqlite:///{tmp_path}/book.sqlite") as book:
        write_district(make(1, [one]), out, book=book)
        write_words(out / BOOK, one.id, 处理="维持", 说明="确有此事", 处理人="李四")
        book.append([decided(one.id)])  # on the desk, while the workbook is open
        for _ in range(2):
            result = make(1, [one])
            write_district(result, out, book=book)
            assert result.standing(one) is Standing.DISPUTED
            assert one in result.open_findings
            assert words_of(out / BOOK, one.id) == (None, None, None)
            shown = sheet_text(out / BOOK, "问题清单")
            assert "撤销（赵六）：误报" in shown
            assert "维持（李四）：确有此事" in shown
        write_words(out / BOOK, one.id, 处理="撤销", 说明="两人商定", 处理人="王五")
        result = make(1, [one])
        write_district(result, out, book=book)
        assert result.standing(one) is Standing.WITHDRAWN
        assert "李四" in sheet_text(out / BOOK, "往期意见")


def test_a_slip_and_a_withdrawal_without_a_reason_are_asked_about_and_do_not_count(make: Make, tmp_path: Path) -> None:
    found = [finding(n, ONE, evidence=f"原文{n}") for n in range(1, 5)]
    write_district(make(1, found), tmp_path)
    for one, word in zip(found, ("撤消", "维特", "撤销", "待定"), strict=True):
        write_words(tmp_path / BOOK, one.id, 处理=word)
    for _ in range(2):
        result = make(1, found)
        write_district(result, tmp_path)
        assert [result.standing(f) for f in found] == [Standing.OPEN] * 4
        assert [words_of(tmp_path / BOOK, f.id)[:2] for f in found] == [
            ("撤消", None),
            ("维特", None),
            ("撤销", None),
            (None, "待定"),
        ]
    shown = sheet_text(tmp_path / BOOK, "问题清单")
    assert "“撤消”是何意" in shown
    assert "“维特”是何意" in shown
    assert "撤销须在“说明”中写明理由" in shown
    write_words(tmp_path / BOOK, found[2].id, 说明="执照已核")
    result = make(1, found)
    write_district(result, tmp_path)
    assert result.standing(found[2]) is Standing.WITHDRAWN


def test_a_remark_alone_stands_without_empty_marks(make: Make, tmp_path: Path) -> None:
    one = finding(1, ONE)
    write_district(make(1, [one]), tmp_path)
    write_words(tmp_path / BOOK, one.id, 说明="已电话核实")
    result = make(1, [one])
    write_district(result, tmp_path)
    assert result.remark(one) == "已电话核实"


def sheet_text(path: Path, name: str) -> str:
    return "\n".join(str(c.value) for row in load_workbook(path)[name] for c in row if c.value)


def test_a_damaged_store_is_named_and_nothing_is_overwritten(make: Make, tmp_path: Path) -> None:
    (tmp_path / "decisions.jsonl").write_text("这不是JSON\n", encoding="utf-8")
    with pytest.raises(ValueError, match="第1行"):
        write_district(make(1, []), tmp_path)
    assert (tmp_path / "decisions.jsonl").read_text(encoding="utf-8") == "这不是JSON\n"


def add_row(path: Path, **cells: str) -> None:
    """Write a row of one's own below the findings."""
    book = load_workbook(path)
    sheet = book["问题清单"]
    at, row = columns(sheet), sheet.max_row + 1
    for name, word in cells.items():
        sheet.cell(row, at[name]).value = word
    book.save(path)


def test_a_row_of_ones_own_is_a_finding_like_any_other_and_stands_in_the_book_once(make: Make, tmp_path: Path) -> None:
    words = "附1第2行的场景与第3行相同，只改了名称"
    with Book.open(f"sqlite:///{tmp_path}/book.sqlite") as book:
        out = tmp_path / "out"
        write_district(make(2, [], broken=False), out, book=book)
        name = "上海示例002机械有限公司"
        add_row(
            out / BOOK, 申报单位=name, 级别="需补正", 问题=words, 位置="附1 第2行", 说明="两处原件已对照", 处理人="张三"
        )
        left = (out / BOOK).read_bytes()
        for _ in range(2):
            result, heard = make(2, [], broken=False), Heard()
            write_district(result, out, book=book, heard=heard)
            assert heard.waiting() == []
            (own,) = result.items[1].findings
            assert (own.level, own.place, own.message, own.applicant) == ("fix", "附1 第2行", words, name)
            assert result.items[1].status.value == "需补正"
            (event,) = book.events()
            assert (event.who, event.what, event.reason, event.source) == ("张三", "add", "两处原件已对照", "workbook")
        assert sheet_text(out / BOOK, "问题清单").count(words) == 1
        assert left in [p.read_bytes() for p in (out / "台账存档").iterdir()]
        write_words(out / BOOK, own.id, 处理="撤销", 说明="经核不同")
        result = make(2, [], broken=False)
        write_district(result, out, book=book)
        assert result.open_findings == []


@pytest.mark.parametrize("hidden", ["kept", "deleted"])
def test_what_stands_beside_a_row_of_ones_own_in_a_column_of_ones_own_comes_back_with_it(
    make: Make, tmp_path: Path, hidden: str
) -> None:
    write_district(make(2, [finding(1, evidence="原文")], broken=False), tmp_path)
    book = load_workbook(tmp_path / BOOK)
    sheet = book["问题清单"]
    if hidden == "deleted":
        sheet.delete_cols(sheet.max_column)
    sheet.cell(1, sheet.max_column + 1).value = "电话核实"
    book.save(tmp_path / BOOK)
    name = "上海示例002机械有限公司"
    add_row(tmp_path / BOOK, 申报单位=name, 级别="需补正", 问题="两行场景相同", 电话核实="已打两次")
    add_row(tmp_path / BOOK, 申报单位="没有这家", 级别="需补正", 问题="不知是谁的", 电话核实="无人接听")
    heard, result = Heard(), make(2, [finding(1, evidence="原文")], broken=False)
    write_district(result, tmp_path, heard=heard)
    assert [f.message for f in result.open_findings if f.code == "人工"] == ["两行场景相同"]
    asked = sheet_text(tmp_path / BOOK, "未能归入的意见")
    assert "无人接听" in asked
    assert "已打两次" not in asked
    sheet = load_workbook(tmp_path / BOOK)["问题清单"]
    at = columns(sheet)
    (row,) = (r for r in range(2, sheet.max_row + 1) if sheet.cell(r, at["问题"]).value == "两行场景相同")
    assert sheet.cell(row, at["电话核实"]).value == "已打两次"


def test_a_finding_whose_id_and_hidden_column_are_gone_is_nobodys_own(make: Make, tmp_path: Path) -> None:
    write_district(make(2, [finding(1, evidence="原文")], broken=False), tmp_path)
    book = load_workbook(tmp_path / BOOK)
    sheet = book["问题清单"]
    sheet.delete_cols(sheet.max_column)
    sheet.cell(2, columns(sheet)["编号"]).value = None
    book.save(tmp_path / BOOK)
    result = make(2, [finding(1, evidence="原文")], broken=False)
    write_district(result, tmp_path)
    assert [f.code for f in result.open_findings] == ["C02"]
    assert "原文" in sheet_text(tmp_path / BOOK, "未能归入的意见")


@pytest.mark.parametrize("name", ["浦东审查台账-王五.xlsx", BOOK])
def test_another_offices_workbook_is_none_of_this_one_and_says_where_it_belongs(
    make: Make, tmp_path: Path, name: str
) -> None:
    here, there = tmp_path / "嘉定区", tmp_path / DISTRICT
    write_district(make(2, [finding(1, evidence="原文")], broken=False), there)
    write_words(there / BOOK, finding(1, evidence="原文").id, 说明="只说这一家")
    result = make(1, [], broken=False)
    result.district = here.name
    write_district(result, here)
    shutil.copyfile(there / BOOK, here / name)
    left = (here / name).read_bytes()
    said, heard = list[str](), Heard()
    write_district(result, here, say=said.append, heard=heard)
    assert any(f"{name}是{DISTRICT}的审查台账" in s and f"移到“{DISTRICT}”文件夹" in s for s in said)
    assert (here / name).read_bytes() == left
    assert heard.messages == []
    assert heard.decisions == {}
    write_district(make(2, [finding(1, evidence="原文")], broken=False), there, heard=heard)
    assert [d.reason for d in heard.decisions.values()] == ["只说这一家"]


def test_a_list_without_a_title_is_known_by_the_files_that_it_lists(make: Make, tmp_path: Path) -> None:
    """A row of one's own in it became a finding on whichever application has that number here."""
    here, there = tmp_path / "嘉定区", tmp_path / DISTRICT
    write_district(make(2, [finding(1, f"{DISTRICT}/001.docx", evidence="原文")], broken=False), there)
    add_row(there / BOOK, 序号="001", 级别="需补正", 问题="别家的问题")
    result = make(1, [], broken=False)
    result.district = here.name
    write_district(result, here)
    rows = load_workbook(there / BOOK)["问题清单"].iter_rows(values_only=True)
    with (here / "意见.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    said, heard = list[str](), Heard()
    write_district(result, here, say=said.append, heard=heard)
    assert any(f"意见.csv是{DISTRICT}的审查台账" in s for s in said)
    assert not heard.decided.added


def test_a_row_of_ones_own_that_says_not_whose_it_is_is_kept_and_asked_about(make: Make, tmp_path: Path) -> None:
    write_district(make(2, [], broken=False), tmp_path)
    add_row(tmp_path / BOOK, 序号="001", 申报单位="上海示例002机械有限公司", 级别="需补正", 问题="单位与序号不符")
    add_row(tmp_path / BOOK, 申报单位="上海示例002机械有限公司", 问题="没有写级别")
    result, heard = make(2, [], broken=False), Heard()
    write_district(result, tmp_path, heard=heard)
    assert result.open_findings == []
    text = sheet_text(tmp_path / BOOK, "未能归入的意见")
    for words in ("单位与序号不符", "没有写级别", "是哪一份申报书"):
        assert words in text


def test_a_persons_own_finding_stands_among_the_earlier_words_when_its_application_has_gone(
    make: Make, tmp_path: Path
) -> None:
    added = Added("P-1", "A-gone", "fix", "第3页", "公章看不清", None, "张三", "上海甲有限公司（优秀场景）")
    result = make(1, [])
    result.take(Decided(added={added.id: added}))
    (tmp_path / BOOK).write_bytes(workbook(result))
    (row,) = load_workbook(tmp_path / BOOK)["往期意见"].iter_rows(min_row=2, values_only=True)
    assert row[0] == "上海甲有限公司（优秀场景）：第3页：公章看不清"
    assert row[3] == "张三"
    assert "已不再出现" in row
