"""Writing the outputs: each file whole or not at all, reviewers' words first, files that people hold left alone."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from reports import decisions as words
from reports.atomic import beside, is_open, write_if_changed
from reports.html import DETAILS, index_page
from reports.jsonl import write_jsonl
from reports.ledger import workbook
from reports.letters import FOLDER, letters
from reports.model import DistrictResult
from reports.progress import STATE, Progress, State
from reports.putforward import summary_table
from reports.report import review_report
from reports.round import RoundView, round_book, round_page, round_report
from reports.word import BrokenTemplate

__all__ = ["write_district", "write_jsonl", "write_round"]

logger = logging.getLogger("shenbao.reports")
Say = Callable[[str], None]


def write_district(result: DistrictResult, out_dir: Path, *, say: Say | None = None) -> list[Path]:
    """Write all outputs of one district into ``out_dir`` and return their paths.

    Reviewers' words are read from the workbook that lies there and merged into ``result.decisions`` first. A file that
    is open in Word or Excel, or whose words cannot be read, is left alone and the new one written beside it; ``say``
    (by default a log warning) is told. Raises OSError (disk full, no rights; what was written before stays) and, after
    everything else was written, :class:`reports.word.BrokenTemplate`.
    """
    tell = say or logger.warning
    out_dir.mkdir(parents=True, exist_ok=True)
    state = State.load(out_dir)
    gathered = words.gather(out_dir, result.decisions, state.copies)
    result.take(gathered.decisions)
    for message in gathered.troubles:
        tell(f"{result.district}：{message}")
    store = words.dump_store(result.decisions, result.outcomes.findings)
    paths: list[Path] = []
    # The words go to disk before anything that could fail.
    if store or (out_dir / words.STORE).exists():
        paths.append(write_if_changed(out_dir / words.STORE, store))
    progress = state.advance(result)
    state.copies = gathered.copies
    paths.append(write_if_changed(out_dir / STATE, state.dump()))
    paths += write_jsonl(result, out_dir)
    book = out_dir / words.WORKBOOK
    paths.append(_write_book(book, workbook(result), state, tell, spare=book in gathered.unread))
    paths += _write_page(result, out_dir, progress)
    broken: list[BrokenTemplate] = []
    for name, make in (("审查报告.docx", review_report), ("推荐汇总表.docx", summary_table)):
        with _kept(broken):
            paths.append(replace(out_dir / name, make(result), tell))
    with _kept(broken):
        paths += _write_letters(letters(result), out_dir / FOLDER, state, tell)
    write_if_changed(out_dir / STATE, state.dump())
    if broken:
        raise BrokenTemplate("\n".join(str(b) for b in broken))
    return paths


@contextmanager
def _kept(broken: list[BrokenTemplate]) -> Iterator[None]:
    """One broken template does not stop the other files; it is raised when they are written."""
    try:
        yield
    except BrokenTemplate as problem:
        broken.append(problem)


def write_round(results: Sequence[DistrictResult], out_dir: Path, *, say: Say | None = None) -> list[Path]:
    """Write the round's outputs into ``out_dir`` (全市), after the districts' own, which stand beside it.

    Returns their paths; [] where there are no results. Raises like :func:`write_district`.
    """
    if not results:
        return []
    tell = say or logger.warning
    out_dir.mkdir(parents=True, exist_ok=True)
    view = RoundView(results, out_dir)
    return [
        write_if_changed(out_dir / "index.html", round_page(view)),
        replace(out_dir / "全市审查台账.xlsx", round_book(view), tell),
        replace(out_dir / "全市审查报告.docx", round_report(view), tell),
    ]


def _write_page(result: DistrictResult, out_dir: Path, progress: Progress) -> list[Path]:
    """index.html and, where documents stand beside it, their scripts first, so that the page never misses one."""
    page, beside_page = index_page(result, progress)
    folder = out_dir / DETAILS
    paths = [write_if_changed(folder / name, data, forced=False) for name, data in sorted(beside_page.items())]
    paths.append(write_if_changed(out_dir / "index.html", page))
    for old in folder.glob("*.js") if folder.is_dir() else ():
        if old.name not in beside_page:
            old.unlink()
    return paths


def _write_book(path: Path, data: bytes, state: State, tell: Say, *, spare: bool) -> Path:
    """The workbook. Of one that people have worked in, the last copy is kept: beside their words, which come back, they
    may have coloured rows or added sheets."""
    if state.workbook and not spare and not is_open(path) and _edited(path, data, state.workbook):
        write_if_changed(beside(path, words.KEPT), path.read_bytes())
    written = replace(path, data, tell, spare=spare)
    if written == path:
        state.workbook = _digest(data)
    return written


def _write_letters(named: Mapping[str, bytes], folder: Path, state: State, tell: Say) -> list[Path]:
    """The letters. One that a person has edited since it was written is kept, the new one written beside it; one that
    is no longer needed goes, unless it was edited."""
    paths = []
    for name, data in named.items():
        path = folder / name
        paths.append(replace(path, data, tell, forced=False, spare=_edited(path, data, state.letters.get(name, ""))))
    for name, written in list(state.letters.items()):
        path = folder / name
        if name not in named and path.is_file() and _digest(path.read_bytes()) == written and not is_open(path):
            path.unlink()
    state.letters = {name: _digest(data) for name, data in named.items()}
    return paths


def _edited(path: Path, data: bytes, written: str) -> bool:
    if not path.is_file():
        return False
    here = _digest(path.read_bytes())
    return here not in (written, _digest(data))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def replace(path: Path, data: bytes, tell: Say, *, spare: bool = False, forced: bool = True) -> Path:
    """Put ``data`` at ``path``; where the file is open, locked or to be spared, beside it under a clear name."""
    if not spare and not is_open(path):
        try:
            return write_if_changed(path, data, forced=forced)
        except PermissionError:
            pass
    other = beside(path, "新")
    number = 1
    while is_open(other):
        number += 1
        other = beside(path, f"新{number}")
    why = "经人工修改，保留不动" if spare else "正在被打开（旁边有锁文件，或者不能写入），没有覆盖"
    tell(f"{path.name}{why}，新的一份写在旁边：{other.name}")
    return write_if_changed(other, data)
