"""The desk answers at the address that it prints, and finds the inbox that its round was reviewed from."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer
import uvicorn

from flows.command import desk as command
from flows.desk import serving
from flows.desk.desk import Desk
from flows.settings import Settings
from records.book.events import Entry
from tests.flows.desk.conftest import HERE


class Opening:
    """A terminal at which somebody opens the address as soon as it is printed."""

    def __init__(self) -> None:
        self.opened = False

    def write(self, text: str) -> None:
        at = text.find("http://")
        if at >= 0:
            address = urlsplit(text[at:].split()[0])  # a terminal takes all up to a blank into the link
            assert address.path == "/"
            with socket.create_connection((str(address.hostname), address.port or 0), timeout=5):
                self.opened = True

    def flush(self) -> None:
        pass


def test_the_address_is_not_refused_once_it_is_printed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_: None)  # as slow as can be: it has not begun to listen
    terminal = Opening()
    monkeypatch.setattr(sys, "stderr", terminal)
    serving.serve(settings.model_copy(update={"desk_port": 0}), open_=True, browser=False)
    assert terminal.opened


def test_what_is_being_read_in_is_told_and_whether_the_book_is_sound(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Desk.at(settings).decisions.book as book:
        book.append([Entry(who="甲", office=HERE, what="note", target="A-1", reason="说明", source="desk")])
    with sqlite3.connect(settings.out / "decisions.sqlite") as connection:
        connection.execute("DROP TRIGGER decisions_no_update")
        connection.execute("UPDATE decisions SET body = replace(body, '说明', '别的')")
    read = threading.Event()
    warm = serving.Desk.warm
    monkeypatch.setattr(serving, "_WARM_SECONDS", 0.01)
    monkeypatch.setattr(serving.Desk, "warm", lambda desk, *makes: warm(desk, *makes) + (read.set() or 0))
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_: read.wait(20) and time.sleep(0.5))
    serving.serve(settings.model_copy(update={"desk_port": 0}), open_=True, browser=False)
    said = capsys.readouterr().err
    assert "正在读入2个推荐单位" in said
    assert "已读入2份材料" in said
    assert "决定簿不完整：第1条" in said


def test_it_says_at_once_that_it_is_starting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    monkeypatch.setattr(sys, "stderr", terminal := io.StringIO())
    monkeypatch.setattr(serving, "serve", lambda *_, **__: said.append(terminal.getvalue()))
    command.serve(typer.Context(typer.main.get_command(command.app)), out=tmp_path)
    assert said == ["正在启动审查工作台……\n"]


def test_without_an_inbox_it_takes_that_of_the_review_or_says_what_is_missing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reviewed = Path(json.loads((settings.out / "run.json").read_text("utf-8"))["inbox"])
    unset = settings.model_copy(update={"inbox": tmp_path / "none"})
    assert serving.with_inbox(settings) is settings
    assert serving.with_inbox(unset).inbox == reviewed
    assert capsys.readouterr().err == ""
    (settings.out / "run.json").write_text(json.dumps({"inbox": str(tmp_path / "gone")}), "utf-8")
    assert serving.with_inbox(unset).inbox == unset.inbox
    assert "--inbox" in capsys.readouterr().err


def test_an_address_of_ipv6_stands_in_brackets(settings: Settings) -> None:
    assert settings.model_copy(update={"desk_host": "::1"}).desk_name == "[::1]"
    assert settings.model_copy(update={"desk_host": "10.0.0.5"}).desk_name == "10.0.0.5"
