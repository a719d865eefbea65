"""Which files of an archive (or a folder) are one application.

An application may come as one file, or with its cover, basic information and tables in several; licences and
certificates beside it are annexes. What a file holds is told by a :class:`Probe` that the caller makes after a light
look at it; where the file lies and what it is called decide only what its content leaves open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from extractors.formats import IMAGES
from records.models import FormName

_IMAGE_SUFFIXES = IMAGES | {"jpeg", "tif"}
_RENDITIONS = ("docx", "docm", "doc", "wps", "rtf", "pdf")
"""Of one document in two formats the first counts: a Word file's characters are certain, those of a scan are not."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a light look at one file found: the form it belongs to, which parts of the form stand in it (cover, basic
    information, the tables of the annexes), and the applicant's name ("" where none was found)."""

    path: str
    form: FormName = "unknown"
    has_cover: bool = False
    has_basic: bool = False
    has_tables: bool = False
    applicant: str = ""
    project: str = ""
    recommends: bool = False
    """It is a table in which a recommender puts applications forward."""

    @property
    def folder(self) -> tuple[str, ...]:
        return tuple(self.path.split("/")[:-1])

    @property
    def stem(self) -> str:
        return PurePosixPath(self.path).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix[1:].lower()

    @property
    def is_part(self) -> bool:
        """True where the file holds some of a form."""
        return self.form != "unknown" or self.has_cover or self.has_basic or self.has_tables


@dataclass(slots=True)
class Application:
    """``parts`` are read together, in this order; ``annexes`` are only listed. Both hold paths. ``parts`` is empty only
    where an archive has no form at all."""

    parts: list[str] = field(default_factory=list)
    annexes: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The file that stands for the application where an archive holds several."""
        return self.parts[0] if self.parts else ""


@dataclass(slots=True)
class _Group:
    head: Probe
    parts: list[Probe]
    annexes: list[Probe] = field(default_factory=list)

    def has(self, what: str) -> bool:
        return any(getattr(p, what) for p in self.parts)

    @property
    def applicant(self) -> str:
        return next((_fold(p.applicant) for p in self.parts if p.applicant), "")


def group_members(probes: Iterable[Probe]) -> list[Application]:
    """Group the files of one archive; each file stands in exactly one application, as a part or an annex.

    A summary table is an application of its own. Every file with a cover of its own begins one (a cover alone joins the
    body it belongs to); where none has a cover, every file with basic information does. Other parts join the
    application of their folder, by applicant where there are several; a part that could belong to more than one
    stands alone rather than be mixed into the wrong one.
    """
    files = sorted(probes, key=lambda p: natural(p.path))
    parts = [p for p in files if p.is_part and not p.recommends]
    others = [p for p in files if not p.is_part]
    groups = _heads(parts)
    for part in parts:
        if not any(part in g.parts or part in g.annexes for g in groups):
            _join(part, groups)
    summaries = [_Group(p, [p]) for p in files if p.recommends]
    for other in others:
        owner = _owner_of_annex(other, groups or summaries)
        if owner is None:
            continue
        (owner.parts if _is_next_page(other, owner) else owner.annexes).append(other)
    if not groups and not summaries:
        return [Application([], [p.path for p in files])] if files else []
    made = [_finish(g) for g in groups + summaries]
    return sorted(made, key=lambda a: natural(a.path))


def natural(path: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key in which 第2页 stands before 第10页."""
    pieces = re.split(r"(\d+)", unicodedata.normalize("NFKC", path))
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces)


def _fold(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalnum()).casefold()


def _same_applicant(a: str, b: str) -> bool:
    """True where the names are equal, or one is not known."""
    return not _fold(a) or not _fold(b) or _fold(a) == _fold(b)


def _near(a: Sequence[str], b: Sequence[str]) -> int:
    """How many folders two places share from the top; twice that, plus one where they are the same folder."""
    shared = 0
    for left, right in zip(a, b, strict=False):
        if left != right:
            break
        shared += 1
    return 2 * shared + (tuple(a) == tuple(b))


def _heads(parts: list[Probe]) -> list[_Group]:
    """The applications, each with the file that begins it, and what is plainly another copy or cover of it."""
    starters = [p for p in parts if p.has_cover] or [p for p in parts if p.has_basic]
    if not starters:
        starters = _one_a_folder(parts)
    # Bodies first, so that a cover alone finds the body it belongs to.
    starters.sort(key=lambda p: (not p.has_basic, not p.has_tables, _rendition(p)))
    groups: list[_Group] = []
    for probe in starters:
        twin = next((g for g in groups if _is_rendition(probe, g.head)), None)
        if twin is not None:
            twin.annexes.append(probe)
            continue
        body = _body_of(probe, groups) if probe.has_cover and not probe.has_basic else None
        if body is None:
            groups.append(_Group(probe, [probe]))
        elif body.has("has_cover"):
            body.annexes.append(probe)
        else:
            body.parts.append(probe)
    return groups


def _one_a_folder(parts: list[Probe]) -> list[Probe]:
    """Files with neither cover nor basic information: the first of each folder begins an application."""
    first: dict[tuple[tuple[str, ...], str], Probe] = {}
    for part in parts:
        first.setdefault((part.folder, part.form), part)
    return list(first.values())


def _rendition(probe: Probe) -> int:
    return _RENDITIONS.index(probe.suffix) if probe.suffix in _RENDITIONS else len(_RENDITIONS)


def _is_rendition(probe: Probe, head: Probe) -> bool:
    """The same document saved in another format: under the same name, or (可编辑版.docx, 盖章版.pdf) of the same applicant,
    form and project."""
    if probe.folder != head.folder or probe.suffix == head.suffix or probe.suffix in _IMAGE_SUFFIXES:
        return False
    if _fold(probe.stem) == _fold(head.stem):
        return _same_applicant(probe.applicant, head.applicant) and (
            probe.form == head.form or "unknown" in (probe.form, head.form)
        )
    told = [(_fold(p.applicant), _fold(p.project), p.form, p.has_cover and p.has_basic) for p in (probe, head)]
    return told[0] == told[1] and all(told[0]) and probe.form != "unknown"


def _body_of(cover: Probe, groups: list[_Group]) -> _Group | None:
    """The one application that a cover without a body belongs to."""
    fits = [g for g in groups if g.has("has_basic") and _fits(cover, g)]
    named = [g for g in fits if g.applicant and g.applicant == _fold(cover.applicant)]
    return _only_nearest(cover, named or fits)


def _fits(part: Probe, group: _Group) -> bool:
    forms = {p.form for p in group.parts} - {"unknown"}
    return _same_applicant(part.applicant, group.applicant) and (
        part.form == "unknown" or not forms or part.form in forms
    )


def _only_nearest(part: Probe, groups: list[_Group]) -> _Group | None:
    """The group nearest in the folders; None where two are equally near."""
    if not groups:
        return None
    ranked = sorted(groups, key=lambda g: -_near(part.folder, g.head.folder))
    if len(ranked) > 1 and _near(part.folder, ranked[0].head.folder) == _near(part.folder, ranked[1].head.folder):
        return None
    return ranked[0]


def _join(part: Probe, groups: list[_Group]) -> None:
    """Put a part that begins nothing into the application it belongs to, or make it one of its own."""
    lacks = "has_basic" if part.has_basic else "has_tables"
    fits = [g for g in groups if _fits(part, g)]
    mine = _fold(part.applicant)
    by_name = [g for g in fits if g.applicant and (g.applicant == mine or g.applicant in _fold(part.path))]
    lacking = [g for g in fits if not g.has(lacks)]
    for candidates in (by_name, [g for g in by_name if not g.has(lacks)], fits, lacking):
        found = _only_nearest(part, candidates)
        if found is not None and not (part.has_basic and found.has("has_basic")):
            found.parts.append(part)
            return
    groups.append(_Group(part, [part]))


def _owner_of_annex(other: Probe, groups: list[_Group]) -> _Group | None:
    """An annex only has to be listed somewhere: nearest folder, then applicant in its path, then likest name."""
    if not groups:
        return None
    path = _fold(other.path)

    def likeness(group: _Group) -> tuple[bool, int, int]:
        named = bool(group.applicant) and group.applicant in path
        shared = 0
        for a, b in zip(_fold(other.stem), _fold(group.head.stem), strict=False):
            if a != b:
                break
            shared += 1
        return named, _near(other.folder, group.head.folder), shared

    return max(groups, key=likeness)


def _is_next_page(other: Probe, group: _Group) -> bool:
    """A picture numbered like the pictured page that begins the application is a further page of it."""
    head = group.head
    if head.suffix not in _IMAGE_SUFFIXES or other.suffix not in _IMAGE_SUFFIXES or other.folder != head.folder:
        return False
    return bool(re.search(r"\d", other.stem)) and re.sub(r"\d+", "#", other.stem) == re.sub(r"\d+", "#", head.stem)


def _finish(group: _Group) -> Application:
    pages = group.head.suffix in _IMAGE_SUFFIXES
    order = sorted(
        group.parts,
        key=lambda p: (0, 0, natural(p.path)) if pages else (not p.has_cover, not p.has_basic, natural(p.path)),
    )
    return Application([p.path for p in order], [p.path for p in sorted(group.annexes, key=lambda p: natural(p.path))])
