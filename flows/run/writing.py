"""Writing the reports of a run: only what is made from something new, and only while the output is ours."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalog.oserror import reason
from checks.registry import Outcomes
from checks.withheld import without_text
from flows import progress
from flows.run.placing import folder_district
from flows.run.remember import Memory
from flows.run.runfile import what_was_received
from flows.run.steps import Runner
from flows.run.summary import Failure, RunSummary, Standing
from flows.settings import UNASSIGNED
from flows.versions import source_version
from records.book.keeping import Book
from records.book.state import present
from records.compact import copy_to_dump
from records.models import UNREAD, Submission
from reports.results.model import DistrictResult
from reports.results.round import OfficeView
from reports.workbook.saving import Heard
from reports.write import write_district, write_interim, write_round

logger = logging.getLogger("shenbao.run")

HALF = ".*.part"
"""The names under which files are written before they are renamed (:mod:`reports.safe.atomic`)."""


@dataclass(frozen=True)
class Part:
    """A part of the output to be written: a district's, with the digest of what it is made from ("": unknown)."""

    result: DistrictResult
    mark: str


@dataclass(frozen=True)
class Writer:
    """Writes parts into ``out``, one at a time, with what the book says. ``heard``: what people had written into the workbooks, by
    part; ``told``: what was told of it, and of files that could not be written as intended."""

    out: Path
    memory: Memory
    book: Book
    heard: dict[str, Heard] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    views: dict[str, OfficeView] | None = None
    """Takes what the round's outputs need of the districts written, where they are to be written too."""

    def district(self, part: Part) -> list[Path]:
        """The files of one district, written anew unless they stand there as they should."""
        name = part.result.district
        with part.result.at_hand():
            try:
                return self._district(part)
            finally:  # also where not all could be written
                if self.views is not None:
                    self.views[name] = OfficeView.of(part.result, self.out / name)

    def _district(self, part: Part) -> list[Path]:
        name, state = part.result.district, present(self.book.events())
        folder = self.out / name
        known = self.memory.is_as_written(name, with_book(part.mark, state.mark(name)), folder) if part.mark else None
        if known is not None:
            self.heard[name] = kept = Heard()
            kept.take(state, name)
            part.result.take(kept.decided, kept.settled)
            progress.current().advance()
            return [folder / name for name in known]
        return self._written(part.mark, part.result)

    def interim(self, part: Part) -> list[Path]:
        """The report and page of one district before all is read. What stood there counts as not written: the run's last
        writing, or the next run's, replaces it."""
        folder = self._begin(part.result.district)
        with part.result.at_hand():
            return write_interim(part.result, folder, self.book)

    def round(self, marks: Mapping[str, str]) -> list[Path]:
        """The files of the whole round, of districts by the digest of what each is made from; they hold reviewers' words, and are
        always written anew. Only where there are :attr:`views`."""
        assert self.views is not None
        offices = [self.views[name] for name in marks]
        mark = _digest(marks.values()) if all(marks.values()) else ""
        return self._kept(
            offices[0].result.catalog.region.whole,
            mark,
            lambda folder, **told: write_round(offices, folder, **told),
            whole=True,
        )

    def _written(self, mark: str, result: DistrictResult) -> list[Path]:
        paths = self._kept(result.district, mark, lambda folder, **told: write_district(result, folder, **told))
        progress.current().advance()
        return paths

    def _kept(self, name: str, mark: str, write: Callable[..., list[Path]], *, whole: bool = False) -> list[Path]:
        """Write a part, tell what its workbooks said, and remember it where it was written whole, and as intended."""
        told: list[str] = []
        self.told[name], heard, folder = told, Heard(), self._begin(name)
        say = functools.partial(_say, name, told)
        paths = write(folder, say=say, heard=heard, book=self.book)
        self.heard[name] = heard
        as_intended = not told
        for message in heard.messages:
            say(message)
        if mark and as_intended:
            self.memory.written(name, with_book(mark, heard.hash if whole else heard.mark), folder, paths)
            if not heard.stands():  # saved again meanwhile: the next run reads it
                self.memory.writing(name)
        return paths

    def _begin(self, name: str) -> Path:
        self.memory.check_lock()
        self.memory.writing(name)
        _tidy(self.out / name)
        return self.out / name


def with_book(mark: str, state: str) -> str:
    """The digest of what a part is made from: its own ``mark`` and what the book says of it."""
    return _digest((mark, state))


def _tidy(folder: Path) -> None:
    """Remove what a run that was killed left half written under a hidden name: nobody else is writing here now."""
    for path in list(folder.rglob(HALF)) if folder.is_dir() else ():
        path.unlink(missing_ok=True)


def _say(name: str, told: list[str], text: str) -> None:
    """Tell at once: a run that is killed tells nothing at its end, and what was heard is not heard again."""
    told.append(text)
    logger.warning("%s：%s", name, text)
    progress.current().say(f"{name}：{text}")


def write(
    run: RunSummary, memory: Memory, book: Book, runner: Runner, submissions: list[Submission], outcomes: Outcomes
) -> dict[str, str]:
    """Write what the run was asked for; part → the digest of what it was made from, for the parts written whole."""
    everyone = sorted({s.district for s in submissions})
    names = [*(r.name for r in run.catalog.recommenders), UNASSIGNED]
    kept = _to_keep(run, names)
    chosen = [d for d in everyone if (not run.wanted or d in run.wanted) and d not in kept]
    _tell_deserted(run, [n for n in run.wanted or names if n not in everyone and n not in kept])
    progress.current().step("写审查报告", len(chosen))
    writer = Writer(run.settings.out, memory, book, views=None if run.wanted else {})
    marks: dict[str, str] = {}
    made_from: dict[str, str] = {}
    for attempt in runner.map("报告", writer.district, parts_of(run, chosen, submissions, outcomes)):
        name, made_from[name] = attempt.item.result.district, attempt.item.mark
        run.districts[name] = attempt.item.result
        run.standings[name] = Standing.of(attempt.item.result)
        run.reports[name] = attempt.result or []
        if attempt.error is not None:
            run.failures.append(Failure("报告", name, reason(attempt.error)))
        else:
            marks[name] = attempt.item.mark
            run.contents.drop(s.document for s in attempt.item.result.submissions)
    run.heard, run.told = writer.heard, writer.told
    name = run.catalog.region.whole
    if chosen and not run.wanted and not (kept and (run.settings.out / name).exists()):
        whole = next(iter(runner.map("报告", writer.round, [made_from])))
        run.reports[name] = whole.result or []
        if whole.error is not None:
            run.failures.append(Failure("报告", name, reason(whole.error)))
        else:
            marks[name] = _digest(made_from.values())
    return marks


def _to_keep(run: RunSummary, names: Sequence[str]) -> frozenset[str]:
    """The districts whose reports stay as they are: what stands in them could not be reached this time, and reports
    without it would look as if it had never been sent in. The next run that reaches it writes them."""
    kept = frozenset(d for d in names if would_lose(run, d))
    for name in sorted(d for d in kept if not run.wanted or d in run.wanted):
        progress.current().say(f"{name}：上次报告中的材料这次有的读不到，报告保持不变，能读到后再写")
    return kept


def _tell_deserted(run: RunSummary, names: Iterable[str]) -> None:
    """Say so where the material of an office, of which none came, has all gone from the inbox: its reports stand as they were, and
    nothing else would tell."""
    for name in names:
        if count := sum(1 for _ in _standing(run.settings.out / name)):
            progress.current().say(
                f"{name}：上次报告中的{count}份材料这次都不在收件目录里，报告保持不变，不计入全部汇总；请核对收件目录，"
                f"确已撤回的，请把输出目录中的“{name}”文件夹移走"
            )


def would_lose(run: RunSummary, name: str, left: Sequence[str] = ()) -> bool:
    """Whether something in a district's standing reports was not read: could not be, or is among the documents ``left``."""
    lost = [*_out_of_reach(run), *_unread(run), *left]
    return bool(lost) and any(_lies_in(s, lost) for s in _standing(run.settings.out / name))


def _out_of_reach(run: RunSummary) -> list[str]:
    """Files and folders below the inbox of which nothing is known for now."""
    return [i.document for i in run.unread] + [p.path for p in run.inbox.out_of_reach]


def _unread(run: RunSummary) -> list[str]:
    """Documents that this installation could not read for want of a part."""
    return [o.source.path for done in run.reads for o in done.outlines if o.unread]


def _standing(folder: Path) -> Iterator[str]:
    """The documents that the reports in a folder were written from, those apart that were not read then either."""
    try:
        lines = (folder / "records.jsonl").read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        record = json.loads(line)
        if not any(note["code"] == UNREAD for note in record["notes"]):
            yield record["source"]["path"]


def _lies_in(document: str, places: Sequence[str]) -> bool:
    return any(p in (".", document) or document.startswith((f"{p}/", f"{p}!/")) for p in places)


# ------------------------------------------------------------------------------------- runs on what did not change
def is_unchanged(run: RunSummary, memory: Memory, book: Book, mark: str) -> bool:
    """Whether the last run of this scope was on the same, and all it wrote stands as it was written. ``run`` then says
    what that run said."""
    found = memory.last_round(scope(run), mark)
    if found is None:
        return False
    reports: dict[str, list[Path]] = {}
    state, whole = present(book.events()), run.catalog.region.whole
    for part, part_mark in found["marks"].items():
        said = state.hash if part == whole else state.mark(part)
        known = memory.is_as_written(part, with_book(part_mark, said), run.settings.out / part)
        if known is None:
            return False
        reports[part] = [run.settings.out / part / name for name in known]
    run.unchanged = found["said"]
    run.reports = reports
    run.standings = {name: Standing(**facts) for name, facts in found["standings"].items()}
    run.recalled = len(run.inbox.inputs)
    return True


def note_round(run: RunSummary, memory: Memory, mark: str, marks: dict[str, str]) -> None:
    """Remember what a run said that went through without a failure and left nothing for later."""
    if run.failures or not all(marks.values()):
        return
    standings = {name: standing.as_dict() for name, standing in run.standings.items()}
    memory.note_round(scope(run), mark, {"marks": marks, "standings": standings, "said": what_was_received(run)})


def scope(run: RunSummary) -> str:
    return "、".join(sorted(run.wanted)) or "*"


def round_mark(run: RunSummary, keys: dict[str, str]) -> str:
    """A digest of all that a run's outputs are made from; ``keys``: document → the key of its reading."""
    inputs = ((i.document, str(i.modified_ns), keys[i.document]) for i in run.inbox.inputs)
    passed_over = ((p.path, p.reason) for p in sorted(run.inbox.passed_over, key=lambda p: p.path))
    return _digest((_program(run), *(x for group in (inputs, passed_over) for row in group for x in (*row, "\n"))))


def _program(run: RunSummary) -> str:
    code = source_version("catalog", "records", "extractors", "checks", "reports", "flows")
    return _digest((code, run.catalog.version, *_templates(run.settings.templates), *_passed(run)))


def _today(run: RunSummary) -> dt.date:
    """The day at the office; by the machine's own clock where it knows no such time zone."""
    try:
        return dt.datetime.now(ZoneInfo(run.settings.timezone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return dt.datetime.now().astimezone().date()


def _passed(run: RunSummary) -> Iterator[str]:
    """The dates that letters ask for and that are behind us: from then on a letter says so."""
    asked = [*run.catalog.deadlines.values(), *(d for r in run.catalog.recommenders for d in r.sender.reply.values())]
    yield from (date.isoformat() for date in sorted(set(asked)) if date < _today(run))


def _templates(folder: Path | None) -> Iterator[str]:
    for path in sorted(folder.glob("*.docx")) if folder is not None and folder.is_dir() else ():
        yield path.name
        yield hashlib.sha256(path.read_bytes()).hexdigest()


def parts_of(
    run: RunSummary, names: Iterable[str], submissions: list[Submission], outcomes: Outcomes
) -> Iterator[Part]:
    """What is to be written of the districts ``names``."""
    shown = [
        s.over(without_text(run.catalog, s.reading)) if s.document in outcomes.withheld else s for s in submissions
    ]
    run.contents.drop(outcomes.withheld)
    keys = {o.source.path: done.kept for done in run.reads for o in done.outlines}
    program, today = _program(run), _today(run)
    for name in names:
        result = DistrictResult(
            catalog=run.catalog,
            district=name,
            submissions=[s for s in shown if s.district == name],
            outcomes=outcomes.of_district(name),
            documents=run.contents,
            passed_over=sorted(
                (path, reason)
                for path, reason in _not_in(run)
                if (folder_district(path, run.catalog) or UNASSIGNED) == name
            ),
            superseded=frozenset(s.document for s in submissions if s.district == name) & outcomes.aside,
            templates=run.settings.templates,
            partial=bool(_out_of_reach(run) or _unread(run)),
            inbox=_address(run.settings.inbox, run.settings.out / name),
            today=today,
        )
        own = [keys.get(s.document, "") for s in result.submissions]
        yield Part(result, _district_mark(program, result, own) if all(own) and not result.partial else "")


def _address(inbox: Path, folder: Path) -> str:
    """Where ``inbox`` lies, for a page in ``folder``: both move together, as long as they are on one drive."""
    try:
        return quote(Path(os.path.relpath(inbox, folder)).as_posix())
    except ValueError:
        return inbox.absolute().as_uri()


def _not_in(run: RunSummary) -> Iterator[tuple[str, str]]:
    """What reports list as not looked at: (path, reason)."""
    yield from ((p.path, p.reason) for p in run.passed_over)
    yield from ((i.document, "未能读取，留待下次") for i in run.unread)


def _district_mark(program: str, result: DistrictResult, keys: list[str]) -> str:
    found = [
        program,
        result.district,
        result.inbox,
        json.dumps(result.passed_over),
        json.dumps(sorted(result.superseded or ())),
    ]
    for submission, key in zip(result.submissions, keys, strict=True):
        found += [submission.document, key, repr(submission.modified), str(submission.outline.withheld)]
    found += [copy_to_dump(f).model_dump_json() for f in result.outcomes.findings]
    for (_, document), every in result.outcomes.assessments.groups():
        found += [f"{document}\0{told.code}\0{told.outcome}\0{told.why}" for told in every]
    return _digest(found)


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
