"""LibreOffice as the second route: outputs are checked, time is limited, nothing is left running."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from extractors.document.errors import Unavailable, Unreadable
from extractors.office import libreoffice

ODD = (Path(__file__).parents[1] / "data" / "odd.doc").read_bytes()
posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")


def stand_in(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("SHENBAO_SOFFICE", str(path))


@posix
def test_success_without_an_output_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, "echo 'source file could not be loaded'; exit 0", monkeypatch)
    result = libreoffice.convert([("a.doc", b"x")])["a.doc"]
    assert isinstance(result, Unreadable)
    assert "could not be loaded" in result.message


@posix
def test_time_runs_out_and_nothing_is_left_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait", monkeypatch)
    began = time.monotonic()
    result = libreoffice.convert([("a.doc", b"x")], timeout=0.5)["a.doc"]
    assert time.monotonic() - began < 10
    assert isinstance(result, Unreadable)
    assert "限定时间" in result.message
    child = int((tmp_path / "child").read_text())
    for _ in range(50):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split(")")[1].split()[0] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child that LibreOffice started still runs")


@posix
def test_names_never_reach_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, f'for a in "$@"; do echo "$a" >> {tmp_path}/args; done', monkeypatch)
    libreoffice.convert([("--accept=socket;x.doc", b"x"), ("../../外\n.doc", b"x")])
    arguments = (tmp_path / "args").read_text(encoding="utf-8").split("\n")
    assert not any("socket" in a or "外" in a for a in arguments)
    assert sum(a.endswith(".doc") for a in arguments) == 2
    assert any(a.startswith("-env:UserInstallation=file:///") for a in arguments)


def test_without_libreoffice_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_SOFFICE", "")
    with pytest.raises(Unavailable, match="libreoffice-writer-nogui"):
        libreoffice.to_docx(ODD)


@pytest.mark.slow
@pytest.mark.skipif(libreoffice.find_soffice() is None, reason="LibreOffice is not installed")
def test_many_files_a_call_and_a_damaged_one_spoils_none() -> None:
    damaged = ODD[:512] + b"\0" * 5000
    results = libreoffice.convert([("好.doc", ODD), ("坏.doc", damaged), ("又好.doc", ODD)])
    assert [type(results[n]).__name__ for n in ("好.doc", "坏.doc", "又好.doc")] == ["bytes", "Unreadable", "bytes"]
