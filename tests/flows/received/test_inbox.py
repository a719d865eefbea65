"""What is taken from an inbox and what is passed over, each with its reason."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from flows.received.inbox import walk

NOW = 1_700_000_000.0


def put(path: Path, age: float = 3600, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (NOW - age, NOW - age))
    return path


def reasons(root: Path, **options: object) -> dict[str, str]:
    return {p.path: p.reason for p in walk(root, now=NOW, **options).passed_over}  # type: ignore[arg-type]


def documents(root: Path, **options: object) -> list[str]:
    return [i.document for i in walk(root, now=NOW, **options).inputs]  # type: ignore[arg-type]


def test_files_at_any_depth_are_taken_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("浦东新区/乙.docx", "root.pdf", "浦东新区/甲/申报书.docx", "浦东新区/甲/附件/执照.png"):
        put(tmp_path / name)
    found = walk(tmp_path, now=NOW)
    assert [(i.document, i.folder, i.parent) for i in found.inputs] == [
        ("root.pdf", "", ""),
        ("浦东新区/乙.docx", "浦东新区", "浦东新区"),
        ("浦东新区/甲/申报书.docx", "浦东新区", "浦东新区/甲"),
        ("浦东新区/甲/附件/执照.png", "浦东新区", "浦东新区/甲/附件"),
    ]
    assert found.passed_over == []


@pytest.mark.parametrize(
    "name",
    ["~$申报书.docx", ".~lock.申报书.docx#", "Thumbs.db", "THUMBS.DB", ".DS_Store", "desktop.ini", "._申报书.docx",
     "申报书.docx.part", "申报书.docx.crdownload", "申报书.tmp"],
)  # fmt: skip
def test_lock_system_and_half_arrived_files_are_passed_over(tmp_path: Path, name: str) -> None:
    put(tmp_path / "浦东新区" / name)
    assert documents(tmp_path) == []
    assert "系统文件" in reasons(tmp_path)[f"浦东新区/{name}"]


def test_a_system_folder_is_passed_over_whole(tmp_path: Path) -> None:
    put(tmp_path / "浦东新区" / "__MACOSX" / "申报书.docx")
    assert documents(tmp_path) == []
    assert reasons(tmp_path) == {"浦东新区/__MACOSX": "系统文件夹"}


def test_a_file_named_like_a_temporary_one_is_still_taken(tmp_path: Path) -> None:
    put(tmp_path / "tmp.docx")
    put(tmp_path / "part 1.docx")
    assert documents(tmp_path) == ["part 1.docx", "tmp.docx"]


def test_links_out_of_the_inbox_are_not_followed(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    secret = put(tmp_path / "outside" / "机密.docx")
    put(inbox / "浦东新区" / "申报书.docx")
    (inbox / "文件.docx").symlink_to(secret)
    (inbox / "文件夹").symlink_to(secret.parent)
    (inbox / "断.docx").symlink_to(inbox / "没有")
    (inbox / "环").symlink_to(inbox / "环")
    (inbox / "里面.docx").symlink_to(inbox / "浦东新区" / "申报书.docx")
    (inbox / "浦东新区" / "上级").symlink_to(inbox)
    assert documents(inbox) == ["浦东新区/申报书.docx", "里面.docx"]
    found = reasons(inbox)
    assert found["文件.docx"] == found["文件夹"] == "链接指向收件目录之外"
    assert found["断.docx"] == found["环"] == "链接失效或成环"
    assert "原处" in found["浦东新区/上级"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in its file system")
def test_pipes_and_sockets_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "管道.docx")
    monkeypatch.chdir(tmp_path)  # a socket's path may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.docx")
        assert documents(tmp_path) == []
        assert reasons(tmp_path) == {"管道.docx": "是管道，不是文件", "s.docx": "是套接字，不是文件"}


def test_a_file_still_arriving_is_left_for_the_next_run(tmp_path: Path) -> None:
    put(tmp_path / "旧.docx", age=31)
    put(tmp_path / "新.docx", age=5)
    put(tmp_path / "时钟快.docx", age=-3600)
    assert documents(tmp_path, settle_seconds=30) == ["旧.docx", "时钟快.docx"]
    assert reasons(tmp_path, settle_seconds=30) == {"新.docx": "30秒内有变动，留待下次"}
    assert len(documents(tmp_path, settle_seconds=0)) == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file names that are not Unicode")
def test_names_of_an_old_chinese_system_are_read(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/" + "申报书.docx".encode("gb18030")
    try:
        with open(path, "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (found,) = walk(tmp_path, now=NOW).inputs
    assert found.document == "申报书.docx"
    assert found.path.read_bytes() == b"x"


def test_folders_nested_beyond_reason_end_the_walk_there(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(80):
        deep /= "d"
    put(deep / "申报书.docx")
    put(tmp_path / "申报书.docx")
    assert documents(tmp_path) == ["申报书.docx"]
    assert any("64层" in reason for reason in reasons(tmp_path).values())


def test_a_change_after_the_walk_is_noticed(tmp_path: Path) -> None:
    path = put(tmp_path / "申报书.docx")
    (found,) = walk(tmp_path, now=NOW).inputs
    assert found.unchanged()
    path.write_text("longer")
    assert not found.unchanged()
    path.unlink()
    assert not found.unchanged()
