"""Who is written to, in which kind of letter, about what; who is not, and why; what the recommender corrects itself.

One application gets one letter: of the gravest kind that it has a point for (:mod:`catalog.letters`).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from catalog.letters import LetterKind, Sender
from catalog.rules import Actor
from records.models import Finding
from reports.results.model import ASIDE, DistrictResult, Item, Status
from reports.results.packwords import ACTORS
from reports.results.unsure import open_points
from reports.safe.text import file_name, line

FOLDER, SENT = "补正通知", "已发"
"""The folder of a district's letters, below the district's own; that of earlier runs' letters, below it."""
MAILING = "发文清单"
"""The list of them, beside them."""
_UNSEEN = (Status.UNREADABLE, Status.UNREAD)


@dataclass(frozen=True)
class Group:
    """Points of one kind."""

    kind: LetterKind
    points: tuple[Finding, ...]


@dataclass(frozen=True)
class Post:
    """A letter to write. ``name`` is its file's; ``whole`` says that nothing of the application is left open."""

    item: Item
    kind: LetterKind
    name: str
    groups: tuple[Group, ...]
    whole: bool

    @property
    def points(self) -> list[Finding]:
        return [f for group in self.groups for f in group.points]


@dataclass(frozen=True)
class NoLetter:
    item: Item
    why: str


@dataclass(frozen=True)
class Sending:
    """Who writes, and by when answers are wanted."""

    result: DistrictResult
    office: str
    """Its full name, "" where it is no recommender of the notice."""
    sender: Sender

    @classmethod
    def of(cls, result: DistrictResult) -> Sending:
        found = result.catalog.recommender(result.district)
        return cls(result, found.full_name if found else "", found.sender if found else Sender())

    def deadline(self, kind: LetterKind) -> dt.date | None:
        """By when a letter of this kind wants its answer: the office's own date, else the notice's; None where there is none."""
        return self.sender.reply.get(kind.kind) or self.result.catalog.deadlines.get(kind.deadline)

    def passed(self, kind: LetterKind) -> bool:
        """Whether that date is behind us."""
        due, today = self.deadline(kind), self.result.today
        return due is not None and today is not None and due < today


def posts(result: DistrictResult) -> list[Post]:
    """The letters of a district, by the name of their file."""
    found = [post for item, name in _named(result) if (post := _post(result, item, name)) is not None]
    return sorted(found, key=lambda p: p.name)


def names(result: DistrictResult) -> frozenset[str]:
    """The names that letters of what was received have, whether one is due or not; of what was set aside none."""
    return frozenset(name for _, name in _named(result))


def without_letter(result: DistrictResult) -> list[NoLetter]:
    """Everything received to which no letter goes, with the reason, in the order of the district."""
    written = {post.item.document for post in posts(result)}
    return [NoLetter(i, _why_none(result, i)) for i in result.items if i.document not in written]


def acting(result: DistrictResult, finding: Finding) -> Actor:
    """Who has to act. Of what is no application there is no applicant to write to: the recommender sent it."""
    nobody = finding.actor == "applicant" and finding.form not in result.catalog.applications
    return "recommender" if nobody else finding.actor


def corrections(result: DistrictResult) -> list[Finding]:
    """What the recommender has to correct, in the order of documents: its table and itself first."""
    aside = {i.document for i in result.items if i.status in ASIDE}
    of_items = [f for i in result.items for f in i.findings]
    return [
        f
        for f in (*result.district_findings, *of_items)
        if f.level != "note" and f.document not in aside and acting(result, f) == "recommender"
    ]


def _post(result: DistrictResult, item: Item, name: str) -> Post | None:
    letters = result.catalog.letters
    by_kind: dict[str, list[Finding]] = {}
    for finding in item.findings:
        if finding.level != "note" and acting(result, finding) == "applicant":
            kind = letters.of(result.catalog.rule(finding.code), finding.level)
            if kind is not None:
                by_kind.setdefault(kind.kind, []).append(finding)
    kind = next((k for k in letters.kinds if k.kind in by_kind), None)
    if kind is None or (item.withheld and not kind.alone):
        return (
            None  # no letter asks for a file again whose text is withheld; that it has a marking is told, and no more
        )
    shown = [k for k in letters.kinds if k.kind in by_kind and (k is kind or k.kind in kind.also)]
    groups = tuple(Group(k, tuple(by_kind[k.kind])) for k in shown)
    told = sum(len(g.points) for g in groups)
    open_ones = sum(f.level != "note" for f in item.findings)
    unseen = result.partial or bool(result.provisional) or any(i.status in _UNSEEN for i in result.items)
    return Post(item, kind, name, groups, not unseen and not open_points(result, item) and told == open_ones)


def _why_none(result: DistrictResult, item: Item) -> str:
    match item.status:
        case Status.DOUBLED:
            return "重复收到，以照常审查的一份为准"
        case Status.SUPERSEDED:
            return "已有较新的版本，以较新的一份为准"
        case Status.UNREAD:
            return "本机缺少组件，没有读取；组件装好后重新审查"
        case Status.UNREADABLE:
            return "文件无法读取，不知道申报单位；由推荐单位核对后重新报送，见更正清单"
        case Status.OTHER:
            return "不是本通知的申报书，没有可以发函的申报单位"
    if item.withheld:
        return "现在的文件上没有密级或保密标志，但曾有标志，或与有标志的材料文字相同；内容仍不写出，请保密工作机构认定"
    actors = {acting(result, f) for f in item.findings if f.level != "note"}
    if actors:
        return f"所指问题由{'、'.join(ACTORS[a] for a in ACTORS if a in actors)}办理，不由申报单位补正"
    if left := open_points(result, item):
        return f"没有查出须补正的问题，另有{len(left)}项不能判断，核对后再定"
    return "没有查出须补正的问题" + ("（只有提示）" if item.findings else "")


def addressed(item: Item) -> str:
    """The applicant in one line, "" where it is not known."""
    return line(item.applicant, 60)


def _named(result: DistrictResult) -> Iterator[tuple[Item, str]]:
    """Each application with the name of its letter, whether it gets one or not: a name stays while others' letters come and go."""
    used: set[str] = set()
    for item in result.applications():
        stem = f"{file_name(item.applicant or PurePosixPath(item.document).stem)}（{result.form_label(item.form)}）"
        yield item, free(stem, ".docx", used)


def free(stem: str, suffix: str, used: set[str]) -> str:
    """``单位（优秀场景）.docx``, with a number where the name is taken; ``used`` is added to."""
    name, number = f"{stem}{suffix}", 1
    while same_name(name) in used:
        number += 1
        name = f"{stem}{number}{suffix}"
    used.add(same_name(name))
    return name


def same_name(name: str) -> str:
    """Equal for names that some file system holds for one: macOS composes characters, and folds case as Windows does."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
