"""What is written is for its owner and its group, whatever the umask of whoever started the program."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from flows.run import core
from flows.settings import Settings
from samples.formbuilder import build
from tests.forms import clean_scene


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_outputs_are_640_and_folders_750(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "inbox" / "浦东新区"
    folder.mkdir(parents=True)
    (folder / "申报书.docx").write_bytes(build("scene", clean_scene()))
    out = tmp_path / "deep" / "out"
    before = os.umask(umask)
    try:
        core.review(Settings(inbox=tmp_path / "inbox", out=out, workers=1))
    finally:
        os.umask(before)
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in (out.parent, out, *out.rglob("*"))}
    assert len(modes) > 10
    assert {p: oct(m) for p, m in modes.items() if m != (0o750 if p.is_dir() else 0o640)} == {}
