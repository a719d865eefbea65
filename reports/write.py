"""Writing a district's outputs: each file whole or not at all, reviewers' words first, an open workbook left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports import decisions as words
from reports.atomic import beside, is_open, write_if_changed
from reports.jsonl import write_jsonl
from reports.ledger import workbook
from reports.model import DistrictResult
from reports.report import review_report

__all__ = ["write_district", "write_jsonl"]


def write_district(result: DistrictResult, out_dir: Path, *, say: Callable[[str], None] | None = None) -> list[Path]:
    """Write all outputs of one district into ``out_dir`` and return their paths.

    Reviewers' words are read from the workbook that lies there and merged into ``result.decisions`` first. A file that
    is open in Word or Excel, or whose words cannot be read, is left alone and the new one written beside it; ``say`` is
    told. Raises OSError (disk full, no rights), and :class:`reports.word.BrokenTemplate`.
    """
    tell = say or (lambda _: None)
    out_dir.mkdir(parents=True, exist_ok=True)
    gathered = words.gather(out_dir, result.decisions)
    result.decisions = gathered.decisions
    for message in gathered.troubles:
        tell(f"{result.district}：{message}")
    store = words.dump_store(result.decisions, result.outcomes.findings)
    paths: list[Path] = []
    # The words go to disk before anything that could fail.
    if store or (out_dir / words.STORE).exists():
        paths.append(write_if_changed(out_dir / words.STORE, store))
    paths += write_jsonl(result, out_dir)
    paths.append(replace(out_dir / "审查报告.docx", review_report(result), tell))
    book = out_dir / words.WORKBOOK
    paths.append(replace(book, workbook(result), tell, spare=book in gathered.unread))
    return paths


def replace(path: Path, data: bytes, tell: Callable[[str], None], *, spare: bool = False) -> Path:
    """Put ``data`` at ``path``; where the file is open, locked or to be spared, beside it under a clear name."""
    if not spare and not is_open(path):
        try:
            return write_if_changed(path, data)
        except PermissionError:
            pass
    other = beside(path, "新")
    number = 1
    while is_open(other):
        number += 1
        other = beside(path, f"新{number}")
    why = "保留不动" if spare else "正在被打开"
    tell(f"{path.name}{why}，新的一份写在旁边：{other.name}")
    return write_if_changed(other, data)
