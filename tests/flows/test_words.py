"""What people write into the workbooks between runs, and while one is going on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from flows import progress
from flows.command import ending
from flows.run import core, writing
from tests.flows.rounds import fill, settings

BOOK = "浦东新区/审查台账.xlsx"


def facts(folder: Path) -> Any:
    return json.loads((folder / "out" / "run.json").read_text("utf-8"))


def wrote(path: Path, text: str) -> None:
    book = load_workbook(path)
    book["问题清单"].cell(90, 2).value = text
    book.save(path)


def test_words_that_belong_nowhere_are_said_and_stand_in_run_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "inbox", 2)
    core.review(settings(tmp_path))
    assert facts(tmp_path)["words"] == {"heard": {}, "unplaced": {}}
    wrote(tmp_path / "out" / BOOK, "周三会上定")
    with progress.shown():
        summary = core.review(settings(tmp_path))
    ending.say_ending(summary, seconds=1, told=True)
    told = capsys.readouterr().err
    assert told.count("问题清单第90行") == 1
    assert "待处理：浦东新区1处" in told
    words = facts(tmp_path)["words"]
    assert list(words["heard"]) == ["浦东新区"]
    assert [u["cells"] for u in words["unplaced"]["浦东新区"]] == [{"申报单位（B列）": "周三会上定"}]

    core.review(settings(tmp_path))  # nothing new: nothing is written, and what waits still waits
    again = facts(tmp_path)
    assert again["unchanged"]
    assert again["words"] == {"heard": {}, "unplaced": words["unplaced"]}


def test_a_workbook_where_nobody_reads_it_is_told_of_with_where_it_belongs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "inbox", 1)
    core.review(settings(tmp_path))
    data = (tmp_path / "out" / BOOK).read_bytes()
    (tmp_path / "out" / "审查台账-王五.xlsx").write_bytes(data)
    (tmp_path / "inbox" / "浦东新区" / "王五的台账.xlsx").write_bytes(data)
    for _ in range(2):
        ending.say_ending(core.review(settings(tmp_path)), seconds=1, told=True)
        told = capsys.readouterr().err
        for name in ("审查台账-王五.xlsx", "王五的台账.xlsx"):
            (line,) = (x for x in told.splitlines() if name in x)
            assert line.startswith("注意：")
            assert "放进输出目录中该推荐单位的文件夹" in line


def test_a_folder_that_bears_no_recommenders_name_is_told_of_until_it_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "inbox", 2)
    folder = (tmp_path / "inbox" / "浦东新区").rename(tmp_path / "inbox" / "补报材料")
    for _ in range(2):  # read, and unchanged
        ending.say_ending(core.review(settings(tmp_path)), seconds=1, told=True)
        (line,) = (x for x in capsys.readouterr().err.splitlines() if "补报材料" in x)
        assert "不是推荐单位的名称，其中1个文件" in line
    folder.rename(tmp_path / "inbox" / "浦东新区")
    ending.say_ending(core.review(settings(tmp_path)), seconds=1, told=True)
    assert "不是推荐单位的名称" not in capsys.readouterr().err


def test_a_sheet_of_ones_own_is_said_once_and_stands_there_whatever_is_written_again(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 2)
    core.review(settings(tmp_path))
    path = tmp_path / "out" / BOOK
    book = load_workbook(path)
    book.create_sheet("会议记录")["A1"] = "周三会上定"
    book.save(path)
    core.review(settings(tmp_path))
    assert "“会议记录”已收入" in str(facts(tmp_path)["words"])
    fill(tmp_path / "inbox", 3)
    core.review(settings(tmp_path))
    again = facts(tmp_path)
    assert again["words"] == {"heard": {}, "unplaced": {}}
    assert not again["unchanged"]
    assert load_workbook(path)["会议记录"]["A1"].value == "周三会上定"


def test_a_save_right_after_the_workbook_was_written_is_read_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 2)
    write = writing.write_district

    def saved_after(result: Any, folder: Path, **told: Any) -> list[Path]:
        paths = write(result, folder, **told)
        if folder.name == "浦东新区":
            wrote(folder / "审查台账.xlsx", "写出之后存的")
        return paths

    monkeypatch.setattr(writing, "write_district", saved_after)
    core.review(settings(tmp_path))
    monkeypatch.undo()
    core.review(settings(tmp_path))
    assert "写出之后存的" in str(facts(tmp_path)["words"]["unplaced"])
