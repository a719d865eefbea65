"""What the quick verbs print: files taken alone, and the books. Neither Prefect nor pandas is needed for these."""

from __future__ import annotations

import errno
import json
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import catalog as packs
from catalog.models import Catalog
from catalog.oserror import cause
from checks.registry import Outcomes
from checks.withheld import WITHHELD, is_marked, without_text
from flows.exits import UsageFault
from flows.guarded.careful import CarefulReader, Limits
from flows.guarded.payload import decode
from flows.guarded.reading import ReadInput, as_read, log_failed, read_input
from flows.received.inbox import Input
from flows.settings import load
from records.models import Finding, Note, Reading, Record, Source, TextLine
from reports.safe.text import cleaned

_ABSENT = (errno.ENOENT, errno.ENOTDIR)


@dataclass(slots=True)
class Checked:
    """What ``check`` came to over all its files, and ``judge``, which runs the rules."""

    judge: Callable[[Reading], Outcomes]
    catalog: Catalog
    needs_correction: bool = False
    faults: list[str] = field(default_factory=list)


@contextmanager
def checking(notice: str) -> Iterator[Checked]:
    """For the files of one ``check``."""
    from flows.guarded.judging import judging_alone

    settings = load(notice=notice).model_copy(update={"office": None})
    catalog = _catalog(notice)
    with judging_alone(settings, catalog) as judge:
        yield Checked(judge, catalog)


class Reader:
    """Reads files that a person names, each within the limits that it has in a review."""

    def __init__(self, notice: str | None = None) -> None:
        settings = load(notice=notice)
        self.catalog, _ = packs.beside(_catalog(settings.notice), settings.neighbours)
        self._careful = CarefulReader(replace(Limits.of(settings), office=None)) if settings.worker_count else None

    def reading(self, path: Path) -> ReadInput:
        item = _input(path)
        if self._careful is None:
            return read_input(item, self.catalog)
        (done,), _ = decode(self._careful.read((item,), want="named"), (item,))
        return done

    def document(self, path: Path) -> dict[str, Any]:
        return as_read(_input(path)) if self._careful is None else self._careful.document(_input(path))

    def close(self) -> None:
        if self._careful is not None:
            self._careful.close()


def refused(path: Path) -> str | None:
    """Why there is no file to read at ``path``, "{}" standing for it and others of its like; None where there is one."""
    try:
        mode = path.stat().st_mode
    except OSError as problem:
        return "找不到文件：{}" if problem.errno in _ABSENT else f"打不开：{{}}（{cause(problem)}）；请检查路径和权限"
    if stat.S_ISDIR(mode):
        return "是文件夹，不是文件：{}；请写出其中的文件（文件夹/*），或用 shenbao review --inbox 审查整个收件目录"
    return None if stat.S_ISREG(mode) else "不是普通文件，不能读取：{}"


def _input(path: Path) -> Input:
    found = path.stat()
    return Input(path.as_posix(), path, "", found.st_size, found.st_mtime_ns)


def extract(path: Path, reader: Reader, faults: list[str]) -> Iterator[str]:
    """One line of JSON a document (the record contract); identity numbers are masked, as in every output.

    Where the program fails on a file, ``faults`` is told.
    """
    from reports.data.jsonl import lines

    done = _read(path, reader, faults)
    shown = (_withheld(reader, r) if is_marked(reader.catalog, r) else r.record for r in done.readings)
    yield from lines(shown).decode().rstrip("\n").split("\n")


def read(path: Path, reader: Reader, faults: list[str]) -> Iterator[str]:
    """One line of JSON a file: the Document as the reader sees it. A file that cannot be read says why in ``notes``; where
    that is for want of a part of the program, ``faults`` is told too."""
    told = reader.document(path)
    if told.pop("lacking", False):
        faults += (f"{path}：{n['message']}" for n in told["notes"])
    if is_marked(reader.catalog, _as_lines(path, told)):
        told |= {"blocks": [], "aside": [], "notes": [_why_withheld(reader).model_dump(include={"code", "message"})]}
    source: dict[str, Any] = {"path": path.as_posix()}
    source |= {key: told.pop(key) for key in ("format", "pages") if key in told}
    yield json.dumps(cleaned({"source": source, **told}), ensure_ascii=False)


def _withheld(reader: Reader, reading: Reading) -> Record:
    return without_text(reader.catalog, reading).record.model_copy(update={"notes": [_why_withheld(reader)]})


def _why_withheld(reader: Reader) -> Note:
    return Note(code=next(iter(sorted(reader.catalog.codes("marking"))), ""), message=WITHHELD)


def _as_lines(path: Path, told: dict[str, Any]) -> Reading:
    """A Document that was read as :func:`read` prints it, as rules that look for words anywhere see it."""
    found: list[TextLine] = []
    for block in [*told.get("blocks", []), *told.get("aside", [])]:
        if block["type"] == "table":
            found += _in_cells(block)
        else:
            found.append(TextLine(block["text"], block["where"], block.get("place", "body")))
    return Reading(record=Record(source=Source(path=path.as_posix(), sha256="", format="")), lines=found)


def _in_cells(table: dict[str, Any]) -> Iterator[TextLine]:
    for cell in table["cells"]:
        yield from (TextLine(text, table["where"], "cell") for text in cell["text"].split("\n") if text.strip())
        for inner in cell.get("tables", []):
            yield from _in_cells(inner)


def check(path: Path, reader: Reader, checked: Checked, *, as_text: bool) -> Iterator[str]:
    """The findings of one file taken alone, as JSON Lines or as text for people."""
    for reading in _read(path, reader, checked.faults).readings:
        document = reading.record.source.path
        outcomes = checked.judge(reading)
        checked.faults += [str(f) for f in outcomes.faults]
        checked.needs_correction |= any(f.level != "note" for f in outcomes.findings)
        if as_text and (unread := reading.record.unread) is not None:
            yield f"{document}：未读取（{unread.message}）"
        elif as_text:
            yield from _as_text(checked.catalog, document, outcomes.findings)
        else:
            yield from (f.model_dump_json() for f in outcomes.findings)


def _as_text(catalog: Catalog, document: str, findings: list[Finding]) -> Iterator[str]:
    from reports.results.model import LEVELS, level_rank

    counts = "，".join(
        f"{word}{number}处" for level, word in LEVELS.items() if (number := sum(f.level == level for f in findings))
    )
    yield f"{document}：{counts or '未发现问题'}"
    for finding in sorted(findings, key=level_rank):
        yield f"  [{LEVELS[finding.level]}] {finding.code} {finding.message}"
        evidence = f"“{finding.evidence}”" if finding.evidence else ""
        where = "  ".join(p for p in (finding.place, finding.where, evidence) if p)
        if where:
            yield f"      {where}"
        yield f"      依据：{catalog.clause_called(finding.clause)}"


def rules(notice: str) -> str:
    """The rule book as a table in text: code, level, clause, title; tab-separated."""
    from checks.making import rules_of
    from reports.results.model import LEVELS

    catalog = _catalog(notice)
    return "\n".join(
        f"{r.code}\t{LEVELS[r.level]}\t{catalog.clause_called(r.clause)}\t{r.title}" for r in rules_of(catalog)
    )


def explain(code: str, notice: str) -> str:
    """One rule in words with its clause's wording. Raises UsageFault where there is no such rule."""
    from checks import book

    try:
        return book.explain(code, _catalog(notice))
    except book.UnknownRule as problem:
        raise UsageFault(str(problem)) from problem


def districts(notice: str) -> str:
    """The recommenders with kind, code and quotas, tab-separated, with a head."""
    catalog = _catalog(notice)
    classes = list(dict.fromkeys(c for name in catalog.applications if (c := catalog.forms[name].of_class)))
    rows = [
        (
            r.name, catalog.kinds.get(r.kind, r.kind), "、".join(r.codes), *(str(r.quota.get(c, "不限")) for c in classes),
            r.full_name,
        )
        for r in catalog.recommenders
    ]  # fmt: skip
    head = ("推荐单位", "类别", "区划代码", *(f"{c}名额" for c in classes), "全称")
    return "\n".join("\t".join(row) for row in (head, *rows))


def _catalog(notice: str) -> Catalog:
    try:
        return packs.load(notice)
    except packs.CatalogError as problem:
        raise UsageFault(f"通知包有误：{problem}") from problem


def _read(path: Path, reader: Reader, faults: list[str]) -> ReadInput:
    done = reader.reading(path)
    log_failed(done)
    if done.fault:
        faults.append(f"读取 {path} 时出错：{done.fault}")
    unread = (f"{r.record.source.path}：{n.message}" for r in done.readings if (n := r.record.unread))
    faults += unread
    return done
