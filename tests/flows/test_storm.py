"""One run over everything that could come in: every file is accounted for, sound ones are whole, nothing else is touched."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.run import core
from tests.flows import storm
from tests.flows.rounds import fill, settings


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Path]:
    """A file that grows for as long as the test runs."""
    path = tmp_path / "inbox" / "静安区" / "正在上传.docx"
    path.parent.mkdir(parents=True)
    ended = threading.Event()

    def grow() -> None:
        while not ended.wait(0.005):
            with path.open("ab") as file:
                file.write(b"more")

    thread = threading.Thread(target=grow)
    thread.start()
    yield path
    ended.set()
    thread.join()


def _tree(root: Path, leave_out: Path) -> dict[str, str]:
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if not path.is_relative_to(leave_out) and path.is_file() and not path.is_symlink():
                found[os.fspath(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="pipes, sockets, links")
def test_a_storm_of_broken_inputs_passes_over(tmp_path: Path, growing: Path) -> None:
    inbox = tmp_path / "inbox"
    sound = fill(inbox, 6)
    rough = inbox / "浦东新区" / "乱"
    odd = inbox / "静安区" / "怪名"
    rough.mkdir()
    odd.mkdir()
    count = 0
    for name, data in storm.files():
        (rough / name).write_bytes(data)
        count += 1
    for name, data in storm.odd_names():
        (odd / name).write_bytes(data)
        count += 1
    storm.special(odd)
    assert count >= 200
    before = _tree(tmp_path, tmp_path / "out")
    before.pop(os.fspath(growing), None)
    given = settings(tmp_path, workers=2, batch_size=60, file_seconds=60, file_memory_mb=2048)
    began = time.monotonic()
    summary = core.review(given)
    print(
        f"{count} files in {time.monotonic() - began:.0f} s, failures: {[f'{f.what}: {f.message}' for f in summary.failures]}"
    )
    after = _tree(tmp_path, given.out)
    after.pop(os.fspath(growing), None)
    assert after == before
    facts = json.loads((given.out / "run.json").read_text("utf-8"))
    _assert_accounted_for(inbox, facts, given.out)
    read = {i["document"]: i for i in facts["inputs"]}
    for path in sound:
        document = path.relative_to(inbox).as_posix()
        assert (read[document]["outcome"], read[document]["records"][0]["form"]) == ("read", "scene")
    assert [f for f in summary.failures if f.part != "读取"] == []
    assert [f.message for f in summary.failures] == []
    again = core.review(given)
    assert len(again.reads) - again.recalled <= 1  # the growing one


def _assert_accounted_for(inbox: Path, facts: dict[str, object], out: Path) -> None:
    """Every path of the inbox stands in run.json, and every file read has a record or belongs to another's."""
    inputs = {i["document"]: i for i in facts["inputs"]}  # type: ignore[attr-defined]
    passed = {p["path"] for p in facts["passed_over"]}  # type: ignore[attr-defined]
    missing = []
    for folder, folders, names in os.walk(inbox):
        for name in (*names, *(f for f in folders if Path(folder, f).is_symlink())):
            document = Path(folder, name).relative_to(inbox).as_posix()
            above = any(p and document.startswith(f"{p}/") for p in passed)
            if _shown(document) not in inputs.keys() | passed and not above:
                missing.append(document)
    assert missing == []
    lines = [line for path in out.glob("*/records.jsonl") for line in path.read_text("utf-8").splitlines()]
    recorded = {json.loads(line)["source"]["path"].partition("!/")[0] for line in lines}
    without = [d for d, i in inputs.items() if i["outcome"] not in ("part", "annex", "not_read") and d not in recorded]
    assert without == []


def _utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(document: str) -> str:
    """A path some of whose names are GBK, as the inbox shows it."""
    parts = []
    for part in document.split("/"):
        parts.append(part if _utf8(part) else os.fsencode(part).decode("gb18030"))
    return "/".join(parts)
