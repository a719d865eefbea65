"""What a process that reads received files cannot do."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from extractors.office import libreoffice
from flows.guarded import sandbox
from flows.guarded.guard import Guard, Job
from samples.formbuilder import build
from tests.forms import clean_scene

HELD = sandbox.held()
networkless = pytest.mark.skipif(not HELD.network, reason=f"no seccomp here: {HELD.why}")
writeless = pytest.mark.skipif(not HELD.writing, reason=f"no Landlock here: {HELD.why}")
Try = Callable[..., str]


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Try]:
    """Tries something in a worker; its parent knows secrets."""
    monkeypatch.setenv("SHENBAO_LEDGER", "postgresql://clerk:s3cret@ledger/shenbao")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "clerk:s3cret")
    guard = Guard(Job("tests.flows.prying", "{}", 4096, 1))

    def attempt(what: str, with_: Any = None) -> str:
        return guard.ask(json.dumps([what, with_]).encode(), 120).decode()

    yield attempt
    guard.close()


@networkless
def test_a_reader_reaches_nobody(reader: Try, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a local socket is short
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_UNIX) as unix:
        for made in (tcp, udp):
            made.bind(("127.0.0.1", 0))
        unix.bind("ledger")
        for made in (tcp, unix):
            made.listen()
        assert reader("tcp", tcp.getsockname()) == "PermissionError"
        assert reader("udp", udp.getsockname()) == "PermissionError"
        assert reader("unix", str(tmp_path / "ledger")) == "PermissionError"


def test_a_reader_is_told_named_variables_alone(reader: Try) -> None:
    assert reader("variable", "PATH") == os.environ["PATH"]
    assert reader("variable", "SHENBAO_LEDGER") == ""
    assert reader("variable", "PREFECT_API_AUTH_STRING") == ""


@writeless
@pytest.mark.skipif(os.name == "nt", reason="/proc")
def test_a_reader_looks_into_no_other_process(reader: Try) -> None:
    assert reader("its parent's") == "PermissionError"
    if sys.platform == "linux" and tuple(map(int, os.uname().release.split(".")[:2])) >= (6, 12):
        assert reader("kill") == "PermissionError"


@writeless
def test_a_reader_writes_in_its_own_folder_alone(reader: Try, tmp_path: Path) -> None:
    kept = tmp_path / "received.docx"
    kept.write_text("as received")
    assert reader("write", str(tmp_path / "more")) == "PermissionError"
    assert reader("write", str(kept)) == "PermissionError"
    assert reader("remove", str(kept)) == "PermissionError"
    assert kept.read_text() == "as received"
    assert reader("write", "mine") == "written"


def test_the_folder_of_a_reader_is_its_own_and_goes_with_it() -> None:
    guard = Guard(Job("tests.flows.prying", "{}", 4096, 1))
    own = Path(guard.ask(b'["folder", null]', 120).decode())
    assert Path(guard.ask(b'["variable", "TMPDIR"]', 120).decode()) == own
    guard.ask(b'["write", "left.docx"]', 120)
    assert (own / "left.docx").exists()
    if os.name == "posix":
        assert own.stat().st_mode & 0o777 == 0o700
    guard.close()
    assert not own.exists()


@pytest.mark.slow
@pytest.mark.skipif(libreoffice.find_soffice() is None, reason="LibreOffice is not installed")
def test_libreoffice_converts_within(reader: Try, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(build("scene", clean_scene()))
    assert reader("convert", str(path)) == "PK"


def test_status_says_what_does_not_hold() -> None:
    assert "不能联网" in sandbox.told(sandbox.Held(network=True, writing=True))
    lacking = sandbox.told(sandbox.Held(network=True, why="Landlock：Function not implemented"))
    assert "本机不能禁止其写其他目录（Landlock：Function not implemented）" in lacking
