"""``shenbao desk verify`` proves the book, ``export`` gives it out; both say in Chinese what is wrong."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from flows.command.cli import app
from flows.exits import PartFailed, UsageFault
from flows.run.book import open_book
from flows.settings import Settings
from records.book.events import Entry, broken


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output with a book of three decisions."""
    folder = tmp_path / "out"
    entries = [
        Entry(
            who="张三", office="浦东新区", what="withdraw", target="C02-0123456789ab", reason="执照已核", source="desk"
        ),
        Entry(who="李四", office="浦东新区", what="decide", target="A-1", after={"verdict": "通过"}, source="desk"),
        Entry(who="", office="静安区", what="note", target="A-2", reason="=SUM(1)", source="workbook"),
    ]
    with open_book(Settings(inbox=tmp_path / "inbox", out=folder)) as book:
        book.append(entries)
        seq, head = book.head()
    (folder / "run.json").write_text(json.dumps({"decisions": {"seq": seq, "hash": head}}), "utf-8")
    return folder


def run(*arguments: str | Path) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["desk", *map(str, arguments)])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.exit_code, found.output


def change(out: Path, statement: str) -> None:
    with sqlite3.connect(out / "decisions.sqlite") as connection:
        connection.execute("DROP TRIGGER decisions_no_update")
        connection.execute("DROP TRIGGER decisions_no_delete")
        connection.execute(statement)


def test_a_sound_book_is_proven(out: Path) -> None:
    code, said = run("verify", "--out", out)
    assert (code, "共3条" in said) == (0, True)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE decisions SET body = replace(body, '李四', '王五') WHERE seq = 2", "第2条的内容"),
        ("DELETE FROM decisions WHERE seq = 3", "末尾缺少记录：上次审查时有3条，现只有2条"),
    ],
)
def test_a_broken_book_is_told_of_with_the_place_and_1(out: Path, statement: str, said: str) -> None:
    change(out, statement)
    code, words = run("verify", "--out", out)
    assert code == 1
    assert said in words


def test_the_export_holds_every_event_as_it_stands(out: Path) -> None:
    code, said = run("export", "--out", out)
    assert code == 0
    lines = (out / "导出" / "决定簿.jsonl").read_text("utf-8").splitlines()
    assert broken((n, line) for n, line in enumerate(lines, 1)) is None
    assert [json.loads(line)["who"] for line in lines] == ["张三", "李四", ""]
    sheet = load_workbook(io.BytesIO((out / "导出" / "决定簿.xlsx").read_bytes()))["决定簿"]
    rows = [[c.value for c in row][:7] for row in sheet.iter_rows(min_row=2)]
    assert rows[0][2:] == ["张三", "浦东新区", "撤销", "C02-0123456789ab", "执照已核"]
    assert rows[2][6] == "=SUM(1)"
    assert sheet.cell(4, 7).data_type == "s"
    assert [Path(line).name for line in said.splitlines()] == ["决定簿.jsonl", "决定簿.xlsx"]


def test_what_is_wrong_is_said_in_chinese(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageFault, match="还没有决定簿"):
        run("verify", "--out", tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    (out / "decisions.sqlite").write_bytes(b"no database " * 1000)
    with pytest.raises(PartFailed, match="备份"):
        run("verify", "--out", out)
    monkeypatch.setenv("SHENBAO_BOOK", "mysql://u:secret@h/x")
    with pytest.raises(UsageFault, match="只能用 sqlite 或 postgresql") as told:
        run("verify", "--out", out)
    assert "secret" not in str(told.value)
