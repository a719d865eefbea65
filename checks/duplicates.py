"""An application against the others of the round. What needs no other application stands in checks/repeated.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from catalog.models import Catalog
from catalog.names import find_recommender
from checks.alignment import excerpt
from checks.companies import by_company, called, known, names_of
from checks.forms import applications, applied_for
from checks.library import FieldKey, Keys, Params, Say, round_check
from checks.prose import Prose, form_words, prose
from checks.registry import At, CannotTell, NotApplicable, Result, Round, Trip
from checks.text import shorten
from records.models import Finding, Submission
from records.roles import key_of

MANY = 8
"""Companies from which on a passage they share is told of once, as a template's, and not for each pair of them."""
_LISTED = 3
_QUOTED = 120

Found = Iterator[tuple[At, Result]]


class Again(Params):
    """``project``: what an application is about, the first that is filled is shown."""

    project: tuple[FieldKey, ...]
    says: ClassVar[Mapping[str, str]] = {
        "again": "company project kind others count",
        "expected": "kind",
        "nameless": "",
    }


@round_check("same_company_again", Again)
def same_company_again(round_: Round, told: Again, say: Say) -> Found:
    """The same company files the same form more than once in one district, for different projects."""
    for district in round_.districts():
        for form in applications(round_.catalog):
            own = [s for s in round_.counted(form) if s.district == district]
            yield from _unknown(own)
            for company in by_company(s for s in own if known(s.record)):
                if len(company) > 1:
                    yield from _several(round_.catalog, company, told, say)


def _several(catalog: Catalog, company: Sequence[Submission], told: Again, say: Say) -> Found:
    kind = applied_for(catalog, company[0].record.form)

    def project(s: Submission) -> str:
        return next((t for k in told.project if (t := s.record.text(k))), "") or say("nameless")

    for s in company:
        others = "、".join(f"“{project(o)}”（“{o.document}”）" for o in company if o is not s)
        facts = {
            "company": called(s.record),
            "project": project(s),
            "kind": kind,
            "others": others,
            "count": len(company),
        }
        yield (
            At.of(s),
            Trip(
                say("again", **facts),
                field=told.project[0],
                where=_where(s, told.project[0]),
                evidence="；".join(s.document for s in company),
                expected=say("expected", kind=kind),
            ),
        )


class Recommenders(Params):
    says: ClassVar[Mapping[str, str]] = {"several": "company recommenders recommender others", "expected": ""}


@round_check("one_recommender", Recommenders)
def one_recommender(round_: Round, _told: Recommenders, say: Say) -> Found:
    """The same company is put forward by several recommenders."""
    catalog = round_.catalog
    received = list(round_.counted(*applications(catalog)))
    placed = [s for s in received if find_recommender(catalog, s.district) is not None]
    for s in received:
        if find_recommender(catalog, s.district) is None:
            yield At.of(s), NotApplicable("不属于任何推荐单位")
    yield from _unknown(placed)
    for company in by_company(s for s in placed if known(s.record)):
        names = sorted({s.district for s in company})
        for s in company if len(names) > 1 else ():
            others = "；".join(
                f"{o.district}报送的{applied_for(catalog, o.record.form)}“{o.document}”"
                for o in company
                if o.district != s.district
            )
            key = key_of(catalog, s.record.form, "applicant_again") or key_of(catalog, s.record.form, "applicant")
            yield (
                At.of(s),
                Trip(
                    say("several", company=called(s.record), recommenders=names, recommender=s.district, others=others),
                    field=key,
                    where=_where(s, key),
                    evidence=f"{'、'.join(names)}；{'；'.join(o.document for o in company)}",
                    expected=say("expected"),
                ),
            )


def _unknown(submissions: Sequence[Submission]) -> Found:
    for s in submissions:
        if not known(s.record):
            yield At.of(s), CannotTell("企业名称和统一社会信用代码没有读清")


def _where(s: Submission, key: str) -> str:
    value = s.record.get(key)
    return value.where if value is not None else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A shared passage seen from one application: ``mine`` stands in it, ``theirs`` in ``other``."""

    other: Submission
    mine: Prose
    theirs: Prose
    excerpt: str
    other_excerpt: str
    length: int
    share: float

    def words(self) -> str:
        return (
            f"本申报书{self.mine.label}（{self.mine.where}）与“{called(self.other.record)}”申报书（{self.other.district}，"
            f"“{self.other.document}”）{self.theirs.label}（{self.theirs.where}）有{self.length}字雷同，其中{self.share:.0%}相同"
        )


class SharedText(Params):
    """``least`` characters in one passage, in long fields, chapters or the ``columns`` of the table of instances."""

    least: int
    columns: Keys
    says: ClassVar[Mapping[str, str]] = {"shared": "passages", "template": "passages companies", "expected": ""}


@round_check("shared_text", SharedText)
def shared_text(round_: Round, told: SharedText, say: Say) -> Found:
    """Passages that are nearly the same in another company's application."""
    received = list(round_.counted(*applications(round_.catalog)))
    columns = round_.catalog.keys[told.columns]
    texts = {s.document: prose(round_.catalog, s.record, columns) for s in received}
    pieces = _pieces(round_.catalog, told.least, received, texts)
    for s in received:
        long = [t for t in texts[s.document] if t.length >= told.least]
        found = pieces.get(s.document, [])
        for trip in _trips(found, say):
            yield At.of(s), trip
        if not found and not long:
            yield At.of(s), NotApplicable(f"没有{told.least}字以上的文字")
        elif not found and any(not t.value.certain for t in long):
            yield At.of(s), CannotTell("有的文字识别没有把握")


def _pieces(
    catalog: Catalog, least: int, received: Sequence[Submission], texts: dict[str, list[Prose]]
) -> dict[str, list[tuple[_Piece, int]]]:
    """Document → its shared passages, each with the number of companies that have it."""
    from checks import passages  # numpy is not loaded where files are checked alone

    company = {s.document: n for n, group in enumerate(by_company(received)) for s in group}
    flat = [(s, text) for s in received for text in texts[s.document]]
    copies = passages.copied(
        [passages.Text(company[s.document], text.text) for s, text in flat],
        form_words(catalog),
        least=least,
    )
    found: dict[str, list[tuple[_Piece, int]]] = {}
    for copy in copies:
        (one, mine), (other, theirs) = flat[copy.one], flat[copy.other]
        text, other_text = excerpt(mine.text, copy.span), excerpt(theirs.text, copy.other_span)
        share = copy.share
        there = _Piece(other, mine, theirs, text, other_text, copy.length, share)
        back = _Piece(one, theirs, mine, other_text, text, copy.length, share)
        found.setdefault(one.document, []).append((there, copy.spread))
        found.setdefault(other.document, []).append((back, copy.spread))
    return found


def _trips(found: Sequence[tuple[_Piece, int]], say: Say) -> Iterator[Trip]:
    """One for each other company; passages that many companies share are told of together."""
    by_other: dict[str, list[_Piece]] = {}
    template: list[_Piece] = []
    spread = 0
    for piece, companies in found:
        if companies > MANY:
            template.append(piece)
            spread = max(spread, companies)
        else:
            by_other.setdefault(_identity(piece.other), []).append(piece)
    for about, pieces in sorted(by_other.items()):
        yield _trip(pieces, about, say, "shared")
    if template:
        yield _trip(template, "多家企业", say, "template", companies=spread)


def _identity(s: Submission) -> str:
    return next(iter(names_of(s.record)), s.record.source.sha256)


def _trip(pieces: Sequence[_Piece], about: str, say: Say, sentence: str, **facts: int) -> Trip:
    ordered = sorted(pieces, key=lambda p: (-p.length, -p.share, p.mine.label, p.other.document, p.theirs.label))
    best, rest = ordered[0], ordered[1:_LISTED]
    more = "".join(f"；{p.words()}" for p in rest)
    left = len(ordered) - _LISTED
    count = f"；另有{left}处" if left > 0 else ""
    mine, theirs = shorten(best.excerpt, _QUOTED), shorten(best.other_excerpt, _QUOTED)
    passages = f"{best.words()}：本申报书写“{mine}”，对方写“{theirs}”{more}{count}"
    return Trip(
        say(sentence, passages=passages, **facts),
        about=about,
        field=best.mine.key,
        row=best.mine.row,
        where=best.mine.where,
        evidence=f"“{mine}”；对方“{theirs}”",
        expected=say("expected"),
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """What a finding of D03 says of its longest passage, for reports that set the two side by side. ``mine`` stands in
    the finding's own document at ``place``. ``brief`` is the message without the passages."""

    place: str
    other: str
    other_district: str
    other_document: str
    other_place: str
    length: int
    share: str
    mine: str
    theirs: str
    brief: str


_HEAD = re.compile(
    r"本申报书(.+?)与“([^”]+)”申报书（([^，]*)，“(.+?)”）(.+)有(\d+)字雷同，其中(\d+%)相同：本申报书写“", re.DOTALL
)
_TEXTS = re.compile(r"“(.{0,200})”；对方“(.{0,200})”", re.DOTALL)


def shared_passage(finding: Finding) -> Shared | None:
    """The passage that a finding of D03 tells of, taken from its words; None for any other finding."""
    head, texts = _HEAD.match(finding.message), _TEXTS.fullmatch(finding.evidence)
    if finding.code != "D03" or head is None or texts is None:
        return None
    place, other, district, document, other_place, length, share = head.groups()
    mine, theirs = texts.groups()
    quoted = f"：本申报书写“{mine}”，对方写“{theirs}”"
    brief = finding.message.replace(quoted, "", 1)
    return Shared(place, other, district, document, other_place, int(length), share, mine, theirs, brief)
