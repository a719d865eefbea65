"""附件4 against what was received: which row of a district's table is which application (rules Q01–Q06).

Rows and applications go together by the company's folded name. A company's several rows and applications are told
apart by their instances. Names that are left over on both sides are compared by likeness, helped by the mobile, the
contact and the instances, so that a slip of the pen does not make two findings (in the table, not received; received,
not in the table) out of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from catalog.forms import ColumnRole, FormTable, Role
from catalog.models import Catalog
from catalog.names import find_recommender
from checks.forms import applied_for
from checks.meaning import versions
from checks.meaning.companies import by_company, core, names_of
from checks.meaning.instances import Instance, of_application, of_cell
from checks.meaning.names import digits, fold, text_of
from checks.registry import At, NotApplicable, Result, Round
from records import dates
from records.models import UNKNOWN, Row, Submission, Value
from records.numbers import NUMERALS
from records.phones import MOBILE
from records.roles import text_by_role

Found = Iterator[tuple[At, Result]]
"""What a rule over the round yields."""

LIKE, VERY_LIKE = 60.0, 88.0
"""Likeness (0 to 100) of two names, without region and legal form, from which one may be a slip for the other: where
the mobile, the contact or an instance is the same, and where nothing else is."""
SAME_LIST = 0.5
"""Share of the companies of the shorter table from which two tables of a district are two versions of one."""
NO_TABLE = NotApplicable("没有收到推荐汇总表（见Q07）")
NOBODY = NotApplicable("不属于任何推荐单位，没有推荐名额和汇总表")
_ORDINAL = re.compile(rf"[0-9{NUMERALS}甲乙丙丁东南西北]")
_DAY = 10
"""Characters of a date to the day."""
_DATE_LINE = 80
"""Characters of a line that gives a date; a longer one is text with a date in it."""
_DISTINCT = 4
"""Characters of a company's core name from which one that differs is a slip."""
_NUMBER = 7
"""Digits of a telephone number at least."""
_FOR_EVIDENCE, _FOR_INSIDE = 40, 20
"""What a telephone, contact or instance in common, and one name within the other, count beside the likeness of names (0 to 100)."""


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A row of a district's table; ``number`` is its number there, from 1."""

    summary: Submission
    form: str
    number: int
    row: Row
    instances: tuple[Instance, ...]

    form_table: FormTable
    kind: str
    """What is applied for."""

    def key(self, role: ColumnRole) -> str:
        column = self.form_table.by_role(role)
        return column.key if column is not None else ""

    def cell(self, role: ColumnRole) -> Value | None:
        return self.row.get(self.key(role))

    def text(self, role: ColumnRole) -> str:
        return text_of(self.cell(role))

    def where(self, role: ColumnRole) -> str:
        cell = self.cell(role)
        return cell.where if cell is not None else ""

    def field(self, role: ColumnRole) -> str:
        """``table.column`` of the record."""
        return f"{self.table}.{self.key(role)}"

    @property
    def company(self) -> str:
        return self.text("company")

    @property
    def table(self) -> str:
        return self.form_table.key

    @property
    def place(self) -> str:
        return f"推荐汇总表“{self.kind}”第{self.number}行"


@dataclass(slots=True, eq=False)
class Match:
    """An application with the rows that put it forward. ``slip``: the names differ, likely by a slip."""

    application: Submission
    rows: list[Listed]
    slip: bool = False
    beside: list[Submission] = field(default_factory=list)
    """Other applications of the company that the same rows put forward."""


@dataclass(slots=True)
class Recommended:
    """A district's recommendation of one form, beside the applications received."""

    form: str
    rows: list[Listed]
    matches: list[Match]
    unlisted: list[Submission]
    unreceived: list[Listed]


@dataclass(slots=True)
class District:
    """What a district sent. ``summaries`` are the tables that count, ``aside`` older ones, each with its later."""

    name: str
    known: bool
    """Whether it is a recommender of the notice: what belongs to none (root of the inbox) is not judged."""
    summaries: list[Submission]
    aside: list[tuple[Submission, Submission]]
    applications: list[Submission]
    unreadable: list[Submission]
    unread: list[Submission]
    """Those of ``unreadable`` that only this installation could not read: each may be anything that seems to be missing."""
    lost_table: bool
    """A file that may be the table could not be read."""
    forms: dict[str, Recommended] = field(default_factory=dict)

    def holder(self, form: str = "") -> Submission | None:
        """The table on which the district's findings stand: the first with rows of ``form``, else the first."""
        rows = self.forms[form].rows if form else []
        return rows[0].summary if rows else next(iter(self.summaries), None)


def districts(round_: Round) -> Iterator[District]:
    """Every district of the round with its tables matched to its applications."""
    for name in round_.districts():
        yield _district(round_, name)


def standing(district: District, form: str = "") -> At:
    """Where a finding about the district's recommendation stands: its summary table, or "" where there is none."""
    holder = district.holder(form)
    return At.of(holder) if holder is not None else At(district.name, "")


def on_tables(round_: Round, *, table: bool) -> Iterator[tuple[District, list[tuple[At, Result]]]]:
    """Every district, with what a rule about its table has to say beforehand: of tables that a later one replaces, of
    documents that are no recommender's, and (``table``: the rule needs one) where there is no table."""
    for district in districts(round_):
        said: list[tuple[At, Result]] = []
        for old, later in district.aside:
            said.append((At.of(old), NotApplicable(f"已有较新的推荐汇总表“{later.document}”")))
        if not district.known:
            said.append((standing(district), NOBODY))
        elif table and not district.summaries:
            said.append((At(district.name, ""), NO_TABLE))
        yield district, said


def _district(round_: Round, name: str) -> District:
    own = [s for s in round_.counted() if s.district == name]
    tables = [s for s in own if s.record.form in round_.catalog.summaries]
    aside = _replaced(round_.catalog, tables)
    lost = [s for s in own if s.record.form == UNKNOWN]
    unread = [s for s in lost if s.record.unread is not None]
    words = round_.catalog.words.get("summary_file", ())
    district = District(
        name=name,
        known=find_recommender(round_.catalog, name) is not None,
        summaries=[s for s in tables if not any(s is old for old, _ in aside)],
        aside=aside,
        applications=[s for s in own if s.record.form in round_.catalog.applications],
        unreadable=[s for s in lost if versions.unreadable(s.record)],
        unread=unread,
        lost_table=bool(unread) or any(fold(w) in fold(s.document.rsplit("/", 1)[-1]) for s in lost for w in words),
    )
    for form in round_.catalog.applications:
        rows = [row for s in district.summaries for row in rows_of(round_.catalog, s, form)]
        received = [s for s in district.applications if s.record.form == form]
        district.forms[form] = _recommended(round_.catalog, form, rows, received)
    return district


def table_of(catalog: Catalog, summary: str, form: str) -> FormTable | None:
    """The table of a recommending form in which applications of ``form`` are listed."""
    wanted = catalog.forms[form].of_class
    known = catalog.forms.get(summary)
    return next((t for t in known.tables if t.of_class == wanted), None) if known is not None else None


def rows_of(catalog: Catalog, summary: Submission, form: str) -> list[Listed]:
    """The rows of one table that name anything: a printed number alone is no row."""
    table = table_of(catalog, summary.record.form, form)
    if table is None:
        return []
    found: list[Listed] = []
    order, listed = table.by_role("seq"), table.by_role("instances")
    for number, row in enumerate(summary.record.tables.get(table.key, []), 1):
        if any(fold(text_of(value)) for key, value in row.items() if order is None or key != order.key):
            instances = tuple(of_cell(row.get(listed.key))) if listed is not None else ()
            found.append(Listed(summary, form, number, row, instances, table, applied_for(catalog, form)))
    return found


def dated(summary: Submission) -> tuple[str, str, str] | None:
    """The latest full date that a line of the table's file gives: (ISO date, the line, its place)."""
    found: list[tuple[str, str, str]] = []
    for line in summary.reading.lines:
        date = dates.date(line.text if len(line.text) <= _DATE_LINE else "")
        if isinstance(date.value, str) and len(date.value) == _DAY and (line.place != "cell" or not date.doubts):
            found.append((date.value, line.text, line.where))
    return max(found, default=None)


def _replaced(catalog: Catalog, tables: Sequence[Submission]) -> list[tuple[Submission, Submission]]:
    """Tables that are earlier versions of another of the district, each with the later one, by the date in them, then by the
    file's time, then by path. Tables of different companies are parts of one recommendation."""
    aside: dict[str, tuple[Submission, Submission]] = {}
    for number, one in enumerate(tables):
        for other in tables[number + 1 :]:
            if one.document in aside or other.document in aside or not _same_list(catalog, one, other):
                continue
            older, later = sorted((one, other), key=lambda s: ((dated(s) or ("",))[0], s.modified, s.document))
            aside[older.document] = (older, later)
    return list(aside.values())


def _same_list(catalog: Catalog, one: Submission, other: Submission) -> bool:
    lists = [
        {(form, fold(row.company)) for form in catalog.applications for row in rows_of(catalog, s, form)}
        for s in (one, other)
    ]
    fewer = min(map(len, lists))
    return bool(fewer) and len(lists[0] & lists[1]) > SAME_LIST * fewer


def _recommended(catalog: Catalog, form: str, rows: list[Listed], received: Sequence[Submission]) -> Recommended:
    companies = by_company(catalog, received)
    left_rows = list(rows)
    left_companies: list[list[Submission]] = []
    matches: list[Match] = []
    unlisted: list[Submission] = []
    for company in companies:
        names = {name for s in company for name in names_of(catalog, s.record)}
        own = [row for row in left_rows if fold(row.company) in names]
        if not own:
            left_companies.append(company)
            continue
        found, alone, spare = _assign(catalog, own, company)
        matches += found
        unlisted += alone
        left_rows = [row for row in left_rows if row not in own or row in spare]
    for row, company in _slips(catalog, left_rows, left_companies):
        found, alone, _ = _assign(catalog, [row], company)
        for match in found:
            match.slip = True
        matches += found
        unlisted += alone
        left_rows.remove(row)
        left_companies.remove(company)
    unlisted += [s for company in left_companies for s in company]
    return Recommended(form, rows, matches, sorted(unlisted, key=lambda s: s.document), left_rows)


def _assign(
    catalog: Catalog, rows: list[Listed], company: list[Submission]
) -> tuple[list[Match], list[Submission], list[Listed]]:
    """One company's rows and applications: the matches, the applications and the rows left over.

    One row may put several applications forward, and several rows one: what is left after each has its best partner
    goes to the partner that names all of its instances.
    """
    instances = {s.document: of_application(catalog, s.record) for s in company}
    scored = sorted(
        (
            (_alike(catalog, row, s, instances[s.document]), -at_row, -at, row, s)
            for at_row, row in enumerate(rows)
            for at, s in enumerate(company)
        ),
        key=lambda found: found[:3],
        reverse=True,
    )
    matches: dict[str, Match] = {}
    used: list[Listed] = []
    for *_, row, s in scored:
        if row not in used and s.document not in matches:
            matches[s.document] = Match(s, [row])
            used.append(row)
    for row in rows:
        if row not in used and row.instances:
            for s in company:
                if s.document in matches and _within(row.instances, instances[s.document]):
                    matches[s.document].rows.append(row)
                    used.append(row)
                    break
    alone: list[Submission] = []
    for s in company:
        if s.document in matches:
            continue
        whole = next((r for r in used if _within(instances[s.document], r.instances)), None)
        if whole is None:
            alone.append(s)
        else:
            matches[s.document] = Match(s, [whole])
    for match in matches.values():
        match.beside = [
            m.application for m in matches.values() if m is not match and any(r in match.rows for r in m.rows)
        ]
    return list(matches.values()), alone, [r for r in rows if r not in used]


def _within(some: Iterable[Instance], whole: Iterable[Instance]) -> bool:
    keys = {i.key for i in whole}
    some = list(some)
    return bool(some) and all(i.key in keys for i in some)


def _alike(catalog: Catalog, row: Listed, application: Submission, instances: Sequence[Instance]) -> float:
    """How much a row of a company speaks of one of its applications."""
    keys, own = {i.key for i in row.instances}, {i.key for i in instances}
    shared = len(keys & own) / max(len(keys | own), 1)
    task = fold(row.text("task"))
    roles: tuple[Role, ...] = ("task", "project")
    named = task and task in (fold(text_by_role(catalog, application.record, role)) for role in roles)
    return 2 * shared + bool(named)


def _slips(
    catalog: Catalog, rows: Sequence[Listed], companies: Sequence[list[Submission]]
) -> Iterator[tuple[Listed, list[Submission]]]:
    """Rows and companies left over that are likely the same, best first; none where a second partner is as likely."""
    scored = [
        (score, row, company) for row in rows for company in companies if (score := likeness(catalog, row, company))
    ]
    scored.sort(key=lambda found: (-found[0], found[1].number, found[2][0].document))
    taken: list[object] = []
    for score, row, company in scored:
        if row in taken or company in taken:
            continue
        rivals = [
            s for s, r, c in scored if s == score and (r is row) != (c is company) and not (r in taken or c in taken)
        ]
        if not rivals:
            taken += [row, company]
            yield row, company


def likeness(catalog: Catalog, row: Listed, company: Sequence[Submission]) -> float:
    """How likely a row's name is a slip for the company's, 0 where it is not likely at all."""
    best = 0.0
    for s in company:
        same = _evidence(catalog, row, s)
        for name in names_of(catalog, s.record):
            one, other = core(catalog, row.company), core(catalog, name)
            alike = fuzz.ratio(one, other) if one else 0.0
            inside = min(len(one), len(other)) > 1 and (one in other or other in one)
            close = (
                len(other) >= _DISTINCT and Levenshtein.distance(one, other) == 1 and not _ordinal_differs(one, other)
            )
            if (
                (alike >= LIKE and same)
                or (inside and same)
                or (alike >= VERY_LIKE and close)
                or same >= (2 if one else 1)
            ):
                best = max(best, alike + _FOR_EVIDENCE * same + _FOR_INSIDE * inside)
    return best


def _evidence(catalog: Catalog, row: Listed, application: Submission) -> int:
    """How many of mobile, contact and instances (or the factory's name) are the application's."""
    record = application.record
    mobile = digits(row.text("mobile"))[-MOBILE:]
    roles: tuple[Role, ...] = ("mobile", "phone")
    numbers = {digits(text_by_role(catalog, record, role))[-MOBILE:] for role in roles}
    contact = fold(row.text("contact"))
    shared = {i.key for i in row.instances} & {i.key for i in of_application(catalog, record)}
    task = fold(row.text("task"))
    return (
        (len(mobile) >= _NUMBER and mobile in numbers)
        + bool(contact and contact == fold(text_by_role(catalog, record, "contact")))
        + bool(shared or (task and task == fold(text_by_role(catalog, record, "task"))))
    )


def _ordinal_differs(one: str, other: str) -> bool:
    """Whether the names differ in a number or a quarter of the compass, as those of sister companies do."""
    return _ORDINAL.findall(one) != _ORDINAL.findall(other)
