"""Writing the outputs: each file whole or not at all, reviewers' words first, files that people hold left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace as replace_in
from pathlib import Path

from records.book.keeping import Book
from records.book.state import present
from records.folders import make_folder
from reports.data.jsonl import write_jsonl
from reports.outgoing import Outbox
from reports.page.district import DETAILS, index_page
from reports.page.round import round_page
from reports.papers.corrections import NAME as CORRECTIONS
from reports.papers.corrections import correction_list
from reports.papers.grounds import grounds
from reports.papers.recommendation import NAME as DRAFT
from reports.papers.recommendation import summary_table
from reports.papers.report import review_report
from reports.papers.round import round_report
from reports.papers.word import BrokenTemplate, as_drafted, untouched, written_by_us
from reports.results.model import DistrictResult
from reports.results.posting import FOLDER
from reports.results.progress import STATE, Progress, State
from reports.results.round import OfficeView, RoundView
from reports.safe.atomic import beside, is_open, write_if_changed
from reports.safe.hand import Papers, replace
from reports.workbook.decisions import WORKBOOK
from reports.workbook.district import sheets, whose, workbook
from reports.workbook.mailing import NAME as MAILING
from reports.workbook.mailing import mailing_list
from reports.workbook.round import round_book, round_sheets
from reports.workbook.saving import Heard, Kept

__all__ = ["write_district", "write_jsonl", "write_round"]

logger = logging.getLogger("shenbao.reports")
Say = Callable[[str], None]
REPORT, GROUNDS = "审查报告.docx", "审查依据.docx"
_OLD_TABLES = ("推荐汇总表.docx", "推荐汇总表（新）.docx")
_RETIRED = "旧版程序所排，停用"


def write_district(
    result: DistrictResult,
    out_dir: Path,
    *,
    say: Say | None = None,
    heard: Heard | None = None,
    book: Book | None = None,
) -> list[Path]:
    """Write all outputs of one district into ``out_dir`` and return their paths.

    Reviewers' words are read from the workbooks that lie there and put down in ``book`` first (where there is none, the export beside
    the workbook serves as one), and ``result`` takes what the book then says; ``heard`` holds what they said. A file that is open in Word or Excel, or whose words cannot be read, is left alone and the new
    one written beside it; ``say`` (by default a log warning) is told. Raises OSError (disk full, no rights; what was
    written before stays) and, after everything else was written, :class:`reports.papers.word.BrokenTemplate`.
    """
    tell = say or logger.warning
    make_folder(out_dir)
    state = State.load(out_dir)
    progress = state.advance(result)
    told = Heard() if heard is None else heard
    paths = write_workbook(result, out_dir, state, told, tell, book)
    paths.append(write_if_changed(out_dir / STATE, state.dump()))
    paths += write_jsonl(result, out_dir)
    paths += _write_page(result, out_dir, progress)
    broken: list[BrokenTemplate] = []
    retire_old_table(out_dir, tell)
    papers = _papers(out_dir, state, tell)
    made: dict[Path, bytes] = {}
    for name, make_paper in ((REPORT, review_report), (GROUNDS, grounds)):
        with _kept(broken):
            made[out_dir / name] = make_paper(result, progress)
    for name, make in ((DRAFT, summary_table), (CORRECTIONS, correction_list)):
        with _kept(broken):
            if (paper := make(result)) is not None:
                made[out_dir / name] = paper
    papers.announce(made)
    for path, data in made.items():
        theirs = path.name not in (REPORT, GROUNDS)
        paths.append(papers.write(path, data, theirs=theirs, ours=as_drafted))
    with _kept(broken):
        paths += _write_outgoing(result, out_dir, state, papers)
    write_if_changed(out_dir / STATE, state.dump())
    if broken:
        raise BrokenTemplate("\n".join(str(b) for b in broken))
    return paths


def write_interim(result: DistrictResult, out_dir: Path, book: Book | None = None) -> list[Path]:
    """Write a district's report and page while others are still being read: ``result.provisional`` says so in both.

    What people write in, and what later runs go by, is left as it is: words in workbooks are shown here, and taken in when
    all is read. So is a report that is open. Raises like :func:`write_district`.
    """
    make_folder(out_dir)
    with _book(book) as decisions:
        kept = _kept_book(result, out_dir, decisions)
        state = present(decisions.events())
        own = replace_in(state.of(result.district), findings=kept.gather(state, State.load(out_dir)).decisions)
        result.take(own, state.settled)
    paths = _write_page(result, out_dir, Progress())
    report, said = out_dir / REPORT, list[str]()
    if not is_open(report):
        saved = State.load(out_dir)
        papers = _papers(out_dir, saved, said.append)
        data = review_report(result)
        papers.announce({report: data})
        paths.append(papers.write(report, data))
        write_if_changed(out_dir / STATE, saved.dump())
    for text in said:
        logger.warning("%s：%s", result.district, text)
    return paths


def write_workbook(
    result: DistrictResult, out_dir: Path, state: State, heard: Heard, tell: Say, book: Book | None = None
) -> list[Path]:
    """Put the words in the workbooks in ``out_dir`` down in the book, and write its exports and the workbook; their paths."""

    def render(found: Heard) -> bytes:
        result.unplaced, result.troubles = found.unplaced, found.troubles
        result.take(found.decided, found.settled)
        return workbook(result, found.carried)

    with _book(book) as decisions:
        kept = _kept_book(result, out_dir, decisions)
        return kept.rewrite(heard, state, render, tell)


def _kept_book(result: DistrictResult, out_dir: Path, book: Book) -> Kept:
    return Kept(
        out_dir, WORKBOOK, sheets(result.catalog), book, result.district, result.outcomes.findings, whose(result)
    )


@contextmanager
def _book(book: Book | None) -> Iterator[Book]:
    """The book, or one for the moment."""
    if book is not None:
        yield book
        return
    with Book.in_memory() as passing:
        yield passing


@contextmanager
def _kept(broken: list[BrokenTemplate]) -> Iterator[None]:
    """One broken template does not stop the other files; it is raised when they are written."""
    try:
        yield
    except BrokenTemplate as problem:
        broken.append(problem)


def write_round(
    offices: Sequence[OfficeView],
    out_dir: Path,
    *,
    say: Say | None = None,
    heard: Heard | None = None,
    book: Book | None = None,
) -> list[Path]:
    """Write the round's outputs into ``out_dir`` (全市), after the districts' own, which stand beside it.

    Returns their paths; [] where there are no offices. Raises like :func:`write_district`. What people wrote into its
    workbook belongs to no finding: it is kept, and shown.
    """
    if not offices:
        return []
    tell = say or logger.warning
    make_folder(out_dir)
    view = RoundView(offices)
    state, whole = State.load(out_dir), view.catalog.region.whole
    told = heard if heard is not None else Heard()
    with _book(book) as decisions:
        kept = Kept(out_dir, f"{whole}审查台账.xlsx", round_sheets(view.catalog), decisions, whole)
        paths = kept.rewrite(told, state, lambda found: round_book(view, found), tell)
    papers, report, data = _papers(out_dir, state, tell), out_dir / f"{whole}审查报告.docx", round_report(view)
    papers.announce({report: data})
    paths = [
        write_if_changed(out_dir / "index.html", round_page(view)),
        *paths,
        papers.write(report, data),
    ]
    write_if_changed(out_dir / STATE, state.dump())
    return paths


def _papers(folder: Path, state: State, tell: Say) -> Papers:
    return Papers(state.papers, lambda: write_if_changed(folder / STATE, state.dump()), tell, untouched)


def _write_page(result: DistrictResult, out_dir: Path, progress: Progress) -> list[Path]:
    """index.html and, where documents stand beside it, their scripts first, so that the page never misses one."""
    page, beside_page = index_page(result, progress)
    folder = out_dir / DETAILS
    paths = sorted(write_if_changed(folder / name, data, forced=False) for name, data in beside_page)
    kept = {path.name for path in paths}
    paths.append(write_if_changed(out_dir / "index.html", page))
    for old in folder.glob("*.js") if folder.is_dir() else ():
        if old.name not in kept:
            old.unlink()
    return paths


def _write_outgoing(result: DistrictResult, out_dir: Path, state: State, papers: Papers) -> list[Path]:
    """The letters and the list of them. Words that people wrote into the list are not written over."""
    paths, written = Outbox(result, out_dir / FOLDER, state, papers.tell, replace).send()
    listed = mailing_list(result, written, state.sent)
    path = out_dir / FOLDER / MAILING
    papers.announce({path: listed})
    return [*paths, papers.write(path, listed, theirs=True)]


def retire_old_table(out_dir: Path, tell: Say) -> None:
    """A table of recommendation that an earlier version wrote, ranked by the program and under the name of the real one, gets a
    name that says so. What others put there is theirs."""
    for name in _OLD_TABLES:
        path = out_dir / name
        if not path.is_file() or not written_by_us(path.read_bytes()):
            continue
        other, number = beside(path, _RETIRED), 1
        while other.exists():
            number += 1
            other = beside(path, f"{_RETIRED}{number}")
        try:
            if is_open(path):
                raise PermissionError(path)
            path.rename(other)
        except PermissionError:
            tell(f"{name}是旧版程序自行排序的推荐汇总表，不能使用；正被打开，没有改名，请关闭后再运行一次")
        else:
            tell(f"{name}是旧版程序自行排序的推荐汇总表，不能使用，已改名为{other.name}；请用{DRAFT}")
