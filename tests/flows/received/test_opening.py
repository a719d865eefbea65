"""What is put in the place of a received file while a run goes on: never waited for, never followed, never read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.received import inbox, opening
from flows.received.inbox import Input
from flows.run import core
from tests.flows.rounds import fill, form, settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")


@pytest.fixture
def item(tmp_path: Path) -> Input:
    """A file of the inbox as it was at the walk."""
    path = tmp_path / "inbox" / "静安区" / "申报书.docx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"received")
    (found,) = inbox.walk(tmp_path / "inbox", now=0).inputs
    return found


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _link(path: Path) -> None:
    """To a file outside, of the same size and time."""
    other = path.parents[2] / "secret"
    other.write_bytes(b"a secret")
    facts = path.stat()
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    path.unlink()
    path.symlink_to(other)


def _link_above(path: Path) -> None:
    """The folder itself leads out."""
    other = path.parents[2] / "other"
    facts = path.stat()
    path.parent.rename(path.parents[1] / "away")
    other.mkdir()
    (other / path.name).write_bytes(b"a secret")
    os.utime(other / path.name, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    path.parent.symlink_to(other)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _other(path: Path) -> None:
    path.write_bytes(b"received later")


SWAPS = [_pipe, _link, _link_above, _folder, _other, Path.unlink]


@pytest.mark.parametrize("swap", SWAPS, ids=lambda f: f.__name__.strip("_"))
@pytest.mark.parametrize("step_by_step", [True, False])
def test_what_took_a_files_place_is_not_read(
    swap: Callable[[Path], None], step_by_step: bool, item: Input, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_STEP_BY_STEP", step_by_step)
    assert opening.read(item) == b"received"
    swap(item.path)
    with pytest.raises(opening.Swapped):
        opening.read(item)
    with pytest.raises(opening.Swapped):
        opening.sha256_of(item)


def test_a_link_within_the_inbox_is_read(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    (tmp_path / "inbox" / "静安区").mkdir()
    (tmp_path / "inbox" / "静安区" / "同一份.docx").symlink_to("../浦东新区/000.docx")
    (tmp_path / "here").symlink_to("inbox")
    items = inbox.walk(tmp_path / "here", now=0).inputs
    assert [i.document for i in items] == ["浦东新区/000.docx", "静安区/同一份.docx"]
    assert len({opening.sha256_of(i) for i in items}) == 1


def test_a_pipe_put_in_a_files_place_does_not_stop_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "inbox", 3)
    core.review(settings(tmp_path))
    late = tmp_path / "inbox" / "静安区" / "001.docx"
    late.write_bytes(form(77))
    walk = inbox.walk

    def walked(*given: object, **named: object) -> object:
        found = walk(*given, **named)  # type: ignore[arg-type]
        _pipe(late)
        return found

    monkeypatch.setattr(inbox, "walk", walked)
    summary = core.review(settings(tmp_path))
    assert [(p.path, p.reason) for p in summary.inbox.passed_over] == [("静安区/001.docx", "读取期间有变动，留待下次")]
    assert {i.input.document for i in summary.reads} == {"浦东新区/000.docx", "浦东新区/002.docx"}
