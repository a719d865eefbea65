"""D01 to D03: an application against the others of the round. D04 and D05, which need no other application, stand in
checks/repeated.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.models import Catalog
from catalog.names import find_recommender
from checks.alignment import excerpt
from checks.companies import by_company, called, known, names_of
from checks.forms import PROJECTS
from checks.prose import Prose, form_words, prose
from checks.registry import At, CannotTell, NotApplicable, Result, Round, Trip, round_rule
from checks.text import shorten
from records.models import Finding, Submission

MANY = 8
"""Companies from which on a passage they share is told of once, as a template's, and not for each pair of them."""
_LISTED = 3
_QUOTED = 120

Found = Iterator[tuple[At, Result]]


@round_rule("D01", "fix", "二（四）", "同一企业同类项目报送多份", reads=("company_name", "uscc", "project_name"))
def same_form_twice(round_: Round) -> Found:
    """同一企业在同一推荐单位以不同项目报送两份以上示范工厂申报书的，需要补正；报送两份以上优秀场景申报书的，作提示。企业以统一社会信用
    代码或名称认定，名称比较时不计全角半角、空格、括号和标点。

    触发示例：某企业报送“一号工厂”“二号工厂”两份示范工厂申报书。
    不触发：同一项目的新旧两版（见F10）；一份优秀场景、一份示范工厂；两个推荐单位各一份（见D02）。
    如何补正：示范工厂保留一份；优秀场景确认是否都申报。
    局限：企业名称和统一社会信用代码都没有读清的，不判断。
    """
    for district in round_.districts():
        for form in PROJECTS:
            own = [s for s in round_.counted(form) if s.district == district]
            yield from _unknown(own)
            for company in by_company(s for s in own if known(s.record)):
                if len(company) > round_.catalog.limits.max_factory_per_company or (
                    len(company) > 1 and form == "scene"
                ):
                    yield from _several(company, form)


def _several(company: Sequence[Submission], form: str) -> Found:
    for s in company:
        others = "、".join(f"“{_project(o)}”（“{o.document}”）" for o in company if o is not s)
        todo = "一个主体只应报送一份示范工厂，请确定保留哪一份" if form == "factory" else "请确认是否都申报"
        yield (
            At.of(s),
            Trip(
                f"“{called(s.record)}”除本项目“{_project(s)}”外，还报送了{PROJECTS[form]}{others}，共{len(company)}份。{todo}。",
                field="project_name",
                where=_where(s, "project_name"),
                evidence="；".join(s.document for s in company),
                expected=f"同一企业{PROJECTS[form]}一份",
                level="note" if form == "scene" else None,
            ),
        )


@round_rule("D02", "fix", "二（四）", "同一企业由两个推荐单位报送", reads=("company_name", "uscc"))
def two_recommenders(round_: Round) -> Found:
    """同一企业只能由一个推荐单位推荐，优秀场景和示范工厂合并计算。企业的认定同D01。

    触发示例：浦东新区报送某企业的优秀场景，临港新片区报送同一企业的示范工厂。
    不触发：同一推荐单位报送该企业的两份申报书；母公司与子公司分别申报。
    如何补正：由两个推荐单位协商，确定一个推荐单位，另一方撤回。
    局限：企业名称和统一社会信用代码都没有读清的，不判断；不属于任何推荐单位的申报书不比较。
    """
    applications = list(round_.counted("scene", "factory"))
    placed = [s for s in applications if find_recommender(round_.catalog, s.district) is not None]
    for s in applications:
        if find_recommender(round_.catalog, s.district) is None:
            yield At.of(s), NotApplicable("不属于任何推荐单位")
    yield from _unknown(placed)
    for company in by_company(s for s in placed if known(s.record)):
        names = sorted({s.district for s in company})
        for s in company if len(names) > 1 else ():
            others = "；".join(
                f"{o.district}报送的{PROJECTS[o.record.form]}“{o.document}”"
                for o in company
                if o.district != s.district
            )
            yield (
                At.of(s),
                Trip(
                    f"“{called(s.record)}”由{'、'.join(names)}分别推荐：本申报书由{s.district}报送，另有{others}。"
                    "一个企业应由一个推荐单位推荐，请相关推荐单位协商确定。",
                    field="company_name",
                    where=_where(s, "company_name"),
                    evidence=f"{'、'.join(names)}；{'；'.join(o.document for o in company)}",
                    expected="由一个推荐单位推荐",
                ),
            )


def _unknown(submissions: Sequence[Submission]) -> Found:
    for s in submissions:
        if not known(s.record):
            yield At.of(s), CannotTell("企业名称和统一社会信用代码没有读清")


def _project(s: Submission) -> str:
    return next((t for k in ("project_name", "task_name", "instance_name") if (t := s.record.text(k))), "项目名称未填")


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


@round_rule(
    "D03",
    "note",
    "一（二）, 一（五）",
    "文字与其他企业的申报书雷同",
    reads=("company_profile", "project_summary", "各章", "scenes各文字栏"),
)
def copied_text(round_: Round) -> Found:
    """一个栏目中连续200字以上的文字，与另一家企业的申报书几乎相同（改动约三成词语仍能认出）的，两份申报书都给出提示，写明双方文字、
    位置和相同文字所占的比例。空白表自带的说明、示例和附件1的场景文字不计，空白字符不计。

    触发示例：两家企业的建设方案有一段300字只换了企业名称和数字。
    不触发：150字的相同段落；只有企业简介格式相似；同一企业的两份申报书。
    如何补正：核实文字来源；涉及抄袭或知识产权的由推荐单位处理。
    局限：只比较本批收到的申报书；多家企业共用一个范本的，每份只提示一次；语序大改的认不出。
    """
    applications = list(round_.counted("scene", "factory"))
    texts = {s.document: prose(round_.catalog, s.record) for s in applications}
    pieces = _pieces(round_.catalog, applications, texts)
    for s in applications:
        long = [t for t in texts[s.document] if t.length >= round_.catalog.limits.copied_text]
        found = pieces.get(s.document, [])
        for trip in _trips(found):
            yield At.of(s), trip
        if not found and not long:
            yield At.of(s), NotApplicable(f"没有{round_.catalog.limits.copied_text}字以上的文字")
        elif not found and any(not t.value.certain for t in long):
            yield At.of(s), CannotTell("有的文字识别没有把握")


def _pieces(
    catalog: Catalog, applications: Sequence[Submission], texts: dict[str, list[Prose]]
) -> dict[str, list[tuple[_Piece, int]]]:
    """Document → its shared passages, each with the number of companies that have it."""
    from checks import passages  # numpy is not loaded where files are checked alone

    company = {s.document: n for n, group in enumerate(by_company(applications)) for s in group}
    flat = [(s, text) for s in applications for text in texts[s.document]]
    copies = passages.copied(
        [passages.Text(company[s.document], text.text) for s, text in flat],
        form_words(catalog),
        least=catalog.limits.copied_text,
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


def _trips(found: Sequence[tuple[_Piece, int]]) -> Iterator[Trip]:
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
        yield _trip(pieces, about, "请核实双方文字的来源，是否涉及抄袭或知识产权纠纷")
    if template:
        yield _trip(template, "多家企业", f"本批约有{spread}家企业的申报书有这些文字，可能出自同一范本，请核实文字来源")


def _identity(s: Submission) -> str:
    return next(iter(names_of(s.record)), s.record.source.sha256)


def _trip(pieces: Sequence[_Piece], about: str, todo: str) -> Trip:
    ordered = sorted(pieces, key=lambda p: (-p.length, -p.share, p.mine.label, p.other.document, p.theirs.label))
    best, rest = ordered[0], ordered[1:_LISTED]
    more = "".join(f"；{p.words()}" for p in rest)
    left = len(ordered) - _LISTED
    count = f"；另有{left}处" if left > 0 else ""
    return Trip(
        f"{best.words()}：本申报书写“{shorten(best.excerpt, _QUOTED)}”，对方写“{shorten(best.other_excerpt, _QUOTED)}”{more}{count}。"
        f"通知要求申报材料能提供借鉴、引导创新，解决方案无知识产权纠纷。{todo}。",
        about=about,
        field=best.mine.key,
        row=best.mine.row,
        where=best.mine.where,
        evidence=f"“{shorten(best.excerpt, _QUOTED)}”；对方“{shorten(best.other_excerpt, _QUOTED)}”",
        expected="各企业自行撰写的文字",
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
