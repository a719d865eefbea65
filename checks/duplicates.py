"""An application against the others of the round. What needs no other application stands in checks/repeated.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from catalog.models import Catalog
from catalog.names import find_recommender
from checks.forms import applied_for
from checks.library import FieldKey, Keys, Params, Say, round_check
from checks.meaning.alignment import excerpt, plain
from checks.meaning.companies import by_company, called, known, names_of
from checks.meaning.prose import Prose, form_words, prose
from checks.meaning.text import shorten
from checks.registry import At, CannotTell, NotApplicable, Result, Round, Trip
from records.models import Finding, Submission
from records.roles import key_of

MANY = 8
"""Companies from which on a passage they share is told of once, as a template's, and not for each pair of them."""
PIECE, SHORTEST_TOLD = 40, 10
"""Characters of a passage that counts beside others of its row, and of what lies in a column for it to be named."""
_LEFT_OUT = "……"
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
        for form in round_.catalog.applications:
            own = [s for s in round_.counted(form) if s.district == district]
            yield from _unknown(round_, own)
            for company in by_company(round_.catalog, [s for s in own if known(round_.catalog, s.record)]):
                if len(company) > 1:
                    yield from _several(round_.catalog, company, told, say)


def _several(catalog: Catalog, company: Sequence[Submission], told: Again, say: Say) -> Found:
    kind = applied_for(catalog, company[0].record.form)

    def project(s: Submission) -> str:
        return next((t for k in told.project if (t := s.record.text(k))), "") or say("nameless")

    for s in company:
        others = "、".join(f"“{project(o)}”（“{o.document}”）" for o in company if o is not s)
        facts = {
            "company": called(catalog, s.record),
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
    received = list(round_.counted(*catalog.applications))
    placed = [s for s in received if find_recommender(catalog, s.district) is not None]
    for s in received:
        if find_recommender(catalog, s.district) is None:
            yield At.of(s), NotApplicable("不属于任何推荐单位")
    yield from _unknown(round_, placed)
    for company in by_company(round_.catalog, [s for s in placed if known(round_.catalog, s.record)]):
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
                    say(
                        "several",
                        company=called(round_.catalog, s.record),
                        recommenders=names,
                        recommender=s.district,
                        others=others,
                    ),
                    field=key,
                    where=_where(s, key),
                    evidence=f"{'、'.join(names)}；{'；'.join(o.document for o in company)}",
                    expected=say("expected"),
                ),
            )


def _unknown(round_: Round, submissions: Sequence[Submission]) -> Found:
    for s in submissions:
        if not known(round_.catalog, s.record):
            yield At.of(s), CannotTell("企业名称和统一社会信用代码没有读清")


def _where(s: Submission, key: str) -> str:
    value = s.record.get(key)
    return value.where if value is not None else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A shared passage seen from one application: ``mine`` stands in it, ``theirs`` in ``other``."""

    other: Submission
    company: str
    identity: str
    """What the other application's company is called, and told from others by."""
    mine: Prose
    theirs: Prose
    excerpt: str
    other_excerpt: str
    length: int
    share: float

    def words(self) -> str:
        return (
            f"本申报书{self.mine.label}与“{self.company}”申报书（{self.other.district}，"
            f"“{self.other.document}”）{self.theirs.label}约{self.length}字高度雷同（相同率{self.share:.0%}）"
        )


class SharedText(Params):
    """``least`` characters in one passage, in long fields, chapters or the ``columns`` of the table of instances, or in such
    passages of one row of it together."""

    least: int
    columns: Keys
    says: ClassVar[Mapping[str, str]] = {"shared": "passages", "template": "passages companies", "expected": ""}


@round_check("shared_text", SharedText)
def shared_text(round_: Round, told: SharedText, say: Say) -> Found:
    """Passages that are nearly the same in another company's application."""
    received = list(round_.counted(*round_.catalog.applications))
    columns = round_.catalog.keys[told.columns]
    texts = {s.document: prose(round_.catalog, s.record, columns) for s in received}
    pieces = _pieces(round_.catalog, told.least, received, texts)
    for s in received:
        long = [t for t in texts[s.document] if t.length >= told.least]
        rows = (row.cells for row in _together(texts[s.document]))
        long += [cell for cells in rows if sum(c.length for c in cells) >= told.least for cell in cells]
        found = pieces.get(s.document, [])
        for trip in _trips(found, say):
            yield At.of(s), trip
        if not found and not long:
            yield At.of(s), NotApplicable(f"没有{told.least}字以上的文字")
        elif not found and any(not t.value.certain for t in long):
            yield At.of(s), CannotTell("有的文字识别没有把握")


@dataclass(frozen=True, slots=True)
class _Together:
    """The texts of one row of the table of instances, one after the other."""

    cells: tuple[Prose, ...]

    @property
    def text(self) -> str:
        return "\n".join(cell.text for cell in self.cells)

    def told(self, spans: Sequence[tuple[int, int]]) -> Prose:
        """The cells that the spans (first and last characters of the plain text) lie in, as one piece."""
        mine: list[Prose] = []
        begin = 0
        for cell in self.cells:
            end = begin + len(plain(cell.text))
            if any(min(last + 1, end) - max(first, begin) >= SHORTEST_TOLD for first, last in spans):
                mine.append(cell)
            begin = end
        first = mine[0]
        label = first.label + "".join(cell.label.removeprefix(cell.place) for cell in mine[1:])
        return Prose(first.key, first.row, first.about, label, first.value, first.place, first.what)


def _together(texts: Sequence[Prose]) -> list[_Together]:
    """The rows that have several texts."""
    rows: dict[int, list[Prose]] = {}
    for text in texts:
        if text.row is not None:
            rows.setdefault(text.row, []).append(text)
    return [_Together(tuple(cells)) for cells in rows.values() if len(cells) > 1]


_Found = dict[str, list[tuple[_Piece, int]]]
"""Document → its shared passages, each with the number of companies that have it."""


def _pieces(catalog: Catalog, least: int, received: Sequence[Submission], texts: dict[str, list[Prose]]) -> _Found:
    from checks.meaning import passages  # numpy is not loaded where files are checked alone

    company = {s.document: n for n, group in enumerate(by_company(catalog, received)) for s in group}
    words = form_words(catalog)
    flat = [(s, text) for s in received for text in texts[s.document]]
    found: _Found = {}
    alone: set[frozenset[tuple[str, int | None]]] = set()
    for copy in passages.copied([passages.Text(company[s.document], t.text) for s, t in flat], words, least=least):
        (one, mine), (other, theirs) = flat[copy.one], flat[copy.other]
        text, other_text = excerpt(mine.text, copy.span), excerpt(theirs.text, copy.other_span)
        alone.add(frozenset(((one.document, mine.row), (other.document, theirs.row))))
        _add(catalog, found, (one, mine, text), (other, theirs, other_text), copy.length, copy.same, copy.spread)
    rows = [(s, row) for s in received for row in _together(texts[s.document])]
    copies = passages.copied(
        [passages.Text(company[s.document], row.text) for s, row in rows], words, least=least, piece=PIECE
    )
    for (at, other_at), group in groupby(copies, key=lambda c: (c.one, c.other)):
        parts = sorted(group, key=lambda c: c.span)
        (one, row), (other, other_row) = rows[at], rows[other_at]
        if frozenset(((one.document, row.cells[0].row), (other.document, other_row.cells[0].row))) in alone:
            continue
        spans, other_spans = [c.span for c in parts], [c.other_span for c in parts]
        text = _LEFT_OUT.join(excerpt(row.text, span) for span in spans)
        other_text = _LEFT_OUT.join(excerpt(other_row.text, span) for span in other_spans)
        _add(
            catalog,
            found,
            (one, row.told(spans), text),
            (other, other_row.told(other_spans), other_text),
            sum(c.length for c in parts),
            sum(c.same for c in parts),
            max(parts, key=lambda c: c.length).spread,
        )
    return found


_Side = tuple[Submission, Prose, str]


def _add(catalog: Catalog, found: _Found, one: _Side, other: _Side, length: int, same: int, spread: int) -> None:
    """Tell of what two applications share in each of them."""
    for (mine, text, excerpted), (theirs, other_text, other_excerpted) in ((one, other), (other, one)):
        company = called(catalog, theirs.record)
        identity = next(iter(names_of(catalog, theirs.record)), theirs.record.source.sha256)
        piece = _Piece(theirs, company, identity, text, other_text, excerpted, other_excerpted, length, same / length)
        found.setdefault(mine.document, []).append((piece, spread))


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
            by_other.setdefault(piece.identity, []).append(piece)
    for about, pieces in sorted(by_other.items()):
        yield _trip(pieces, about, say, "shared")
    if template:
        yield _trip(template, "多家企业", say, "template", companies=spread)


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
    r"本申报书(.+?)与“([^”]+)”申报书（([^，]*)，“(.+?)”）(.+)约(\d+)字高度雷同（相同率(\d+%)）：本申报书写“", re.DOTALL
)
_TEXTS = re.compile(r"“(.{0,200})”；对方“(.{0,200})”", re.DOTALL)


def shared_passage(finding: Finding) -> Shared | None:
    """The passage that a finding of shared text tells of, taken from its words; None for any other finding."""
    head, texts = _HEAD.match(finding.message), _TEXTS.fullmatch(finding.evidence)
    if head is None or texts is None:
        return None
    place, other, district, document, other_place, length, share = head.groups()
    mine, theirs = texts.groups()
    quoted = f"：本申报书写“{mine}”，对方写“{theirs}”"
    brief = finding.message.replace(quoted, "", 1)
    return Shared(place, other, district, document, other_place, int(length), share, mine, theirs, brief)
