"""The rows of a recommender's table themselves, against the applications and in their order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from catalog.models import Catalog
from checks.forms import applied_for
from checks.library import Params, Say, round_check
from checks.meaning.companies import called, known
from checks.meaning.instances import Instance, basic, differences, misread, of_application, same_text
from checks.meaning.matching import (
    NO_TABLE,
    NOBODY,
    Found,
    Listed,
    Match,
    Recommended,
    districts,
    on_tables,
    rows_of,
)
from checks.meaning.names import digits, fold, nfkc, text_of, without_brackets
from checks.meaning.text import shorten
from checks.registry import At, CannotTell, NotApplicable, Result, Round, Trip
from records.models import Value
from records.numbers import DIGITS, VALUES
from records.phones import MOBILE
from records.roles import key_of, text_by_role

MISREAD, MISREAD_DIGITS = 85.0, 2
"""Likeness (0 to 100) of two names, and digits of two numbers that differ, up to which a scan may have made two of one."""
PARTS_LEFT_OUT = 0.7
"""Confidence from which a list of typed text that names instances without 环节 or 场景 can be compared by name."""
_BETWEEN = re.compile(r"[\s、,;/|()\[\]]+")


def _each_match(round_: Round) -> Iterator[tuple[At, Result | tuple[Recommended, Match]]]:
    """Every application with its rows, or why there is nothing to compare."""
    for district in districts(round_):
        matched = {m.application.document: (part, m) for part in district.forms.values() for m in part.matches}
        for s in district.applications:
            if not district.known:
                yield At.of(s), NOBODY
            elif not district.summaries:
                yield At.of(s), NO_TABLE
            elif s.document in matched:
                yield At.of(s), matched[s.document]
            elif known(round_.catalog, s.record):
                yield At.of(s), NotApplicable("推荐汇总表没有列入（见Q03）")
            else:
                yield At.of(s), CannotTell("企业名称没有读清，不能与推荐汇总表对应")


class InstancesAgree(Params):
    says: ClassVar[Mapping[str, str]] = {
        "differ": "place differences",
        "listed": "listed",
        "none_listed": "",
        "nothing": "",
    }


@round_check("instances_agree", InstancesAgree, scope="district")
def instances_agree(round_: Round, _told: InstancesAgree, say: Say) -> Found:
    """The instances that the recommender's table lists are not those of the application."""
    for at, found in _each_match(round_):
        if not isinstance(found, tuple):
            yield at, found
            continue
        part, match = found
        result = _instances(round_, part, match, say)
        if result is not None:
            yield at, result


def _instances(round_: Round, part: Recommended, match: Match, say: Say) -> Result | None:
    table = round_.catalog.forms[part.form].instances()
    annex = table.annex if table is not None else ""
    own = of_application(round_.catalog, match.application.record)
    if not own:
        return NotApplicable(say("nothing"))
    listed = [i for row in match.rows for i in row.instances]
    beside = [i for s in match.beside for i in of_application(round_.catalog, s.record)]
    cells = [row.row["instances"] for row in match.rows if "instances" in row.row]
    raw = "\n".join(cell.raw for cell in cells)
    words = differences(round_.catalog, annex, listed, own, beside)
    if not words or ({i.key for i in listed} != {i.key for i in own} and same_text(raw, [*own, *beside])):
        return None
    if _only_basic(round_.catalog, match, listed) and not _lists_all(round_.catalog, part):
        # The rows name the basic information's instance alone: what they say of it must still be right.
        words = differences(round_.catalog, annex, listed, [i for i in own if i.key in {n.key for n in listed}], beside)
        if not words:
            return None
    if not fold(raw) and all(c.certain for c in cells):
        words = [say("none_listed")]
    named = table.by_role("instance") if table is not None else None
    rows = match.application.record.tables.get(table.key, ()) if table is not None else ()
    own_cells = [cell for row in rows if named is not None and (cell := row.get(named.key)) is not None]
    if not all(_comparable(match.rows[0], c) for c in cells) or not all(c.certain for c in own_cells):
        return CannotTell(f"汇总表或申报书{annex}所列各项没有读清")
    if _scanned(match) and misread(listed, own, MISREAD):
        return CannotTell("扫描件中所列各项与申报书只有个别字不同，可能是识别有误，请人工核对")
    row = match.rows[0]
    place = f"{row.place}（文件“{row.summary.document}”）" if cells else row.place
    return Trip(
        say("differ", place=place, differences="；".join(words)),
        about="instances",
        field=f"{table.key}.{named.key}" if table is not None and named is not None else None,
        where=next((cell.where for cell in own_cells), ""),
        evidence=say("listed", listed=shorten("；".join(i.words() for i in listed), 200) or "空白"),
        expected=shorten("；".join(i.words() for i in own), 200),
    )


def _comparable(row: Listed, cell: Value) -> bool:
    """Whether a list can be judged: read with certainty, or typed text that only leaves 环节 or 场景 out."""
    typed = row.summary.record.source.format not in ("scan", "image")
    left_out = any(not (i.link and i.scene) for i in row.instances)
    alone = set(cell.doubts) <= {"parts_left_out"} and cell.confidence >= PARTS_LEFT_OUT
    return cell.certain or (typed and left_out and alone)


def _scanned(match: Match) -> bool:
    """Whether the application or the table was read from a picture."""
    read = (match.application, *(row.summary for row in match.rows))
    return any(s.record.source.format in ("scan", "image") for s in read)


def _only_basic(catalog: Catalog, match: Match, listed: Sequence[Instance]) -> bool:
    """Whether the row lists just the instance that the basic information of a scene application names."""
    return bool(listed) and {i.key for i in listed} == {i.key for i in basic(catalog, match.application.record)}


def _lists_all(catalog: Catalog, part: Recommended) -> bool:
    """Whether any row of the table lists all of several instances: then this is how the table is meant."""
    for match in part.matches:
        own = {i.key for i in of_application(catalog, match.application.record)}
        if len(own) > 1 and own <= {i.key for row in match.rows for i in row.instances}:
            return True
    return False


class ContactsAgree(Params):
    says: ClassVar[Mapping[str, str]] = {
        "differs": "place document what said whose own",
        "blank": "place document what whose own",
        "expected": "",
        "company": "place said own",
        "company_blank": "place own",
    }


@round_check("contacts_agree", ContactsAgree, scope="district")
def contacts_agree(round_: Round, _told: ContactsAgree, say: Say) -> Found:
    """The contact or the mobile in the recommender's table is another than the application's, or the company's name has a slip."""
    for at, found in _each_match(round_):
        if not isinstance(found, tuple):
            yield at, found
            continue
        match = found[1]
        if match.slip:
            yield at, _name_slip(round_.catalog, match, say)
        for column in _COMPARED:
            result = _differs(round_.catalog, match, column, say)
            if result is not None:
                yield at, result


_Compared = Literal["contact", "mobile"]
_COMPARED: dict[_Compared, tuple[str, str]] = {"contact": ("联系人", "联系人"), "mobile": ("手机", "联系人手机")}
"""What is compared → what it is called in the table, and in the application."""


def _differs(catalog: Catalog, match: Match, column: _Compared, say: Say) -> Result | None:
    record, row = match.application.record, match.rows[0]
    key, (what, whose) = key_of(catalog, record.form, column), _COMPARED[column]
    if not any(r.key(column) for r in match.rows):  # the table does not ask for it
        return None
    own, cells = record.get(key), [r.cell(column) for r in match.rows]
    theirs = cells[0]
    if own is None or not fold(text_of(own)) or any(_same(column, text_of(c), text_of(own)) for c in cells):
        return None
    if column == "mobile" and any(_same(column, text_of(c), text_by_role(catalog, record, "phone")) for c in cells):
        return None
    if not own.certain or (theirs is not None and not theirs.certain):
        return CannotTell(f"汇总表或申报书的{what}没有读清")
    said = text_of(theirs)
    if _scanned(match) and _near(column, said, text_of(own)):
        return CannotTell(f"扫描件中的{what}与申报书只差个别字，可能是识别有误，请人工核对")
    facts = {"place": row.place, "document": row.summary.document, "what": what, "whose": whose, "own": text_of(own)}
    return Trip(
        say("differs", **facts, said=said) if fold(said) else say("blank", **facts),
        about=column,
        field=key,
        where=own.where,
        evidence=f"申报书“{text_of(own)}”；汇总表“{said or '空白'}”",
        expected=say("expected"),
    )


def _same(column: str, one: str, other: str) -> bool:
    """Whether a cell of the table names the application's contact (or mobile), alone or among others."""
    if column == "mobile":
        wanted = digits(other)[-MOBILE:]
        return bool(wanted) and any(
            digits(p)[-MOBILE:] == wanted
            for p in (one, *_BETWEEN.split(nfkc(one)), *re.split(r"[\s、,;/|]+", nfkc(one)))
        )
    names = {fold(p) for p in (one, without_brackets(one), *_BETWEEN.split(nfkc(one)))} - {""}
    wanted_names = {fold(p) for p in (other, without_brackets(other), *_BETWEEN.split(nfkc(other)))} - {""}
    return bool(names & wanted_names)


def _near(column: str, one: str, other: str) -> bool:
    """Whether two contacts differ by so little that a scan may have misread one."""
    if column == "mobile":
        return Levenshtein.distance(digits(one)[-MOBILE:], digits(other)[-MOBILE:]) <= MISREAD_DIGITS
    return bool(fold(one)) and Levenshtein.distance(fold(one), fold(other)) == 1


def _name_slip(catalog: Catalog, match: Match, say: Say) -> Result:
    record, row = match.application.record, match.rows[0]
    key = key_of(catalog, record.form, "applicant_again") or key_of(catalog, record.form, "applicant")
    value, own = row.cell("company"), record.get(key)
    if value is None or not value.certain or own is None or not own.certain:
        return CannotTell("汇总表或申报书的企业名称没有读清")
    if _scanned(match) and fuzz.ratio(fold(row.company), fold(called(catalog, record))) >= MISREAD:
        return CannotTell("扫描件中的企业名称与申报书只差个别字，可能是识别有误，请人工核对")
    facts = {
        "place": f"{row.place}（文件“{row.summary.document}”）",
        "own": called(catalog, record),
    }
    return Trip(
        say("company", **facts, said=row.company) if fold(row.company) else say("company_blank", **facts),
        about="company",
        field=key,
        where=own.where,
        evidence=f"申报书“{called(catalog, record)}”；汇总表“{row.company or '空白'}”",
        expected=called(catalog, record),
    )


class Consecutive(Params):
    says: ClassVar[Mapping[str, str]] = {"faulty": "kind shown faults", "expected": "count"}


@round_check("consecutive", Consecutive, scope="district")
def consecutive(round_: Round, _told: Consecutive, say: Say) -> Found:
    """The numbers of the rows, which are their priority, have gaps or repeats."""
    for district, said in on_tables(round_, table=True):
        yield from said
        for summary in district.summaries if district.known else ():
            for form in round_.catalog.applications:
                result = _order(rows_of(round_.catalog, summary, form), form, applied_for(round_.catalog, form), say)
                if result is not None:
                    yield At.of(summary), result


def _order(rows: Sequence[Listed], form: str, kind: str, say: Say) -> Result | None:
    if not rows:
        return None
    cells = [row.cell("seq") for row in rows]
    numbers = [ordinal(text_of(cell)) for cell in cells]
    if all(cell is None or not fold(text_of(cell)) for cell in cells):
        return CannotTell(f"{kind}各行都没有序号")
    if sorted(n or 0 for n in numbers) == list(range(1, len(rows) + 1)):
        return None
    if any(
        cell is not None and (not cell.certain or (fold(text_of(cell)) and n is None))
        for cell, n in zip(cells, numbers, strict=True)
    ):
        return CannotTell(f"{kind}的序号没有读清")
    counts = Counter(n for n in numbers if n is not None)
    gaps = sorted(set(range(1, max(counts) + 1)) - set(counts))
    faults = [
        *([f"缺{'、'.join(map(str, gaps))}"] if gaps else []),
        *(f"{n}重复{c}次" for n, c in sorted(counts.items()) if c > 1),
        *(f"“{row.company}”没有序号" for row, n in zip(rows, numbers, strict=True) if n is None),
    ]
    first = next((c for c in cells if c is not None), None)
    shown = "、".join("空" if n is None else str(n) for n in numbers)
    return Trip(
        say("faulty", kind=kind, shown=shown, faults="，".join(faults)),
        about=form,
        field=rows[0].field("seq"),
        where=first.where if first is not None else "",
        evidence=shown,
        expected=say("expected", count=len(rows)),
    )


_FIGURE = re.compile(r"\d{1,6}")
"""A number of rows: what is longer counts nothing, and Python does not read it from some length on."""


def ordinal(text: str) -> int | None:
    """The number a cell gives: 3, 3., （3）, 三, 十二; None where it gives none or several."""
    plain = fold(text)
    if _FIGURE.fullmatch(plain):
        return int(plain)
    match = re.fullmatch(rf"第?([{DIGITS[1:]}]?)(十?)([{DIGITS[1:]}]?)", plain)
    if not match or not any(match.groups()):
        return None
    tens, ten, ones = match.groups()
    if not ten:
        return VALUES[tens or ones] if not (tens and ones) else None
    return (VALUES[tens] if tens else 1) * 10 + (VALUES[ones] if ones else 0)
