"""The desk answers at the address that it prints, and finds the inbox that its round was reviewed from."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn

from flows.desk import serving
from flows.settings import Settings


class Opening:
    """A terminal at which somebody opens the address as soon as it is printed."""

    def __init__(self) -> None:
        self.opened = False

    def write(self, text: str) -> None:
        at = text.find("http://")
        if at >= 0:
            address = urlsplit(text[at:].partition("（")[0])
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
