"""The 环节 and 场景 of an application, one entry a row of 附1 (and one for the basic information), against the catalog.

A cell may hold a number before the name, several names, or a mark that says the name is new; 备注 may say so too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalog.models import Catalog
from checks.closest import by_name
from checks.names import doubtful, empty, fold, link_of, nfkc, parts, scene_of, text_of, without_number
from checks.registry import Context
from records.models import Row, Value
from records.numerals import NUMERALS

_DASHES = re.compile(r"[—–―~→>]+|(?<=[㐀-鿿])-+(?=[㐀-鿿])")
_NUMERAL = re.compile(rf"\d{{1,3}}|[{NUMERALS}]{{1,3}}")
_NEGATED = r"(?:非|不是|不属于|无|没有|未|并非)[^\w]{0,2}(?:属于?|为)?"
_ABOUT_NAMES = re.compile(r"环节|场景|实例|目录|指引")
SLIGHT = 3
"""Characters that may stand beside a mark in 备注 ("属新增") without its being about something else ("新增3台设备")."""


@dataclass(frozen=True, slots=True)
class Named:
    """A cell that names 环节 (or 场景). ``known`` are the catalog's names it stands for; ``new`` that it is marked as
    new; ``doubtful`` that it could not be read with certainty."""

    value: Value | None
    text: str
    known: tuple[str, ...] = ()
    new: bool = False
    doubtful: bool = False
    blank: bool = False

    @property
    def unknown(self) -> bool:
        """True where it certainly holds a name that is neither the catalog's nor marked as new."""
        return not (self.known or self.new or self.doubtful or self.blank)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of 附1, or the basic information (``number`` None)."""

    number: int | None
    link: Named
    scene: Named
    instance: str
    row: Row = field(default_factory=dict)

    @property
    def place(self) -> str:
        """How the entry is called in a message."""
        if self.number is None:
            return "基本信息"
        return f"附1第{self.number}行" + (f"（场景实例“{self.instance}”）" if self.instance else "")

    @property
    def identity(self) -> str:
        """What the entry is about, for finding ids: never its position."""
        return fold(self.instance) or fold(self.scene.text) or fold(self.link.text)


def entries(ctx: Context, *, basics: bool = True) -> list[Entry]:
    """Every entry of the document: the rows of 附1, then (scene form, ``basics``) the basic information."""
    found = [
        _of_row(ctx.catalog, number, row) for number, row in enumerate(ctx.reading.record.tables.get("scenes", []), 1)
    ]
    fields = ctx.reading.record.fields
    if basics and ctx.form == "scene" and ("link_name" in fields or "scene_name" in fields):
        new_links = {fold(e.link.text) for e in found if e.link.new}
        new_scenes = {fold(e.scene.text) for e in found if e.scene.new}
        link = _named(ctx.catalog, fields.get("link_name"), "link", new_links)
        scene = _named(ctx.catalog, fields.get("scene_name"), "scene", new_scenes)
        scene = _under_new_link(link, scene)
        found.append(Entry(None, link, scene, text_of(fields.get("instance_name"))))
    return found


def _of_row(catalog: Catalog, number: int, row: Row) -> Entry:
    remark = marked_by_remark(catalog, text_of(row.get("remark")))
    link_text, scene_text = (fold(without_mark(catalog, text_of(row.get(c)))) for c in ("link", "scene"))
    # 备注 says 新场景 of a row whose 环节 is like none of the catalog's: the 环节 is new with it, not misspelt.
    if remark and by_name(link_text, [k.name for k in catalog.links]) is None:
        remark = {"link", "scene"}
    link = _named(catalog, row.get("link"), "link", {link_text} if "link" in remark else set())
    scene = _named(catalog, row.get("scene"), "scene", {scene_text} if "scene" in remark else set())
    return Entry(number, link, _under_new_link(link, scene), text_of(row.get("instance")), row)


def _under_new_link(link: Named, scene: Named) -> Named:
    """A 场景 under a new 环节 that the catalog does not have is new too."""
    if link.new and scene.unknown:
        return Named(scene.value, scene.text, (), True)
    return scene


def _named(catalog: Catalog, value: Value | None, kind: str, new: set[str]) -> Named:
    if empty(value) or value is None:
        return Named(value, "", blank=True)
    whole = text_of(value)
    if fold(whole) in {fold(w) for w in catalog.words.get("blank", ())}:
        return Named(value, "", blank=True, doubtful=doubtful(value))
    text = without_mark(catalog, whole)
    known = names_in(catalog, text, kind)
    if known:
        return Named(value, text, known)
    if fold(text) in new or _marked(catalog, whole):
        return Named(value, text, new=True, doubtful=doubtful(value))
    return Named(value, text, doubtful=doubtful(value))


def names_in(catalog: Catalog, text: str, kind: str) -> tuple[str, ...]:
    """The catalog's 环节 (``kind`` link) or 场景 (scene) that a cell names, () where any part of it is neither.

    Names of the other kind and of 方面 may stand with them: 仓储物流—智能仓储, 生产全过程-生产作业.
    """
    own, other = (link_of, scene_of) if kind == "link" else (scene_of, link_of)
    whole = own(catalog, text)
    if whole is not None:
        return (whole.name,)
    together = _run_together(catalog, fold(text), kind)
    if together:
        return together
    for aspect in catalog.aspects:
        text = re.sub(
            rf"(?:(?<![{NUMERALS}\d])[{NUMERALS}\d]++\s*+[、.)]\s*+)?{re.escape(aspect)}"
            rf"(?=\s*+[\d({NUMERALS}])",
            "",
            nfkc(text),
        )
    found: list[str] = []
    aspects = {fold(a) for a in catalog.aspects}
    for part in (p for cell in parts(text) for p in _DASHES.split(cell) if fold(p)):
        if _NUMERAL.fullmatch(fold(part)):
            continue
        named = own(catalog, part)
        if named is not None:
            found.append(named.name)
        elif other(catalog, part) is None and fold(without_number(part)) not in aspects:
            return ()
    return tuple(dict.fromkeys(found))


def _run_together(catalog: Catalog, folded: str, kind: str) -> tuple[str, ...]:
    """Several names in one cell that nothing parts any more (each stood on its own line)."""
    names = {fold(n.name): n.name for n in (catalog.links if kind == "link" else catalog.scenes)}
    any_of = "|".join(sorted(names, key=len, reverse=True))
    if not re.fullmatch(f"(?:{any_of})+", folded):
        return ()
    return tuple(dict.fromkeys(names[m[0]] for m in re.finditer(any_of, folded)))


def _tight(text: str) -> str:
    return "".join(nfkc(text).split())


_MARKS: dict[str, list[str]] = {}
"""Catalog version → the words that mark a name as new, the longest first."""


def _marks(catalog: Catalog) -> list[str]:
    if catalog.version not in _MARKS:
        words = (_tight(w) for w in catalog.words.get("new_mark", ()))
        _MARKS[catalog.version] = sorted(words, key=len, reverse=True)
    return _MARKS[catalog.version]


def _marked(catalog: Catalog, cell: str) -> bool:
    """True where the cell itself says that its name is new: 碳足迹管理（新环节）, 新增：碳足迹管理."""
    text = _tight(cell)
    return any(mark in text and not re.search(_NEGATED + re.escape(mark), text) for mark in _marks(catalog))


def without_mark(catalog: Catalog, cell: str) -> str:
    """The name without the mark that says it is new, nor the brackets or colon the mark stood in."""
    text, tight = nfkc(cell), _tight(cell)
    for mark in _marks(catalog):
        if mark not in tight:
            continue
        spaced = r"\s*".join(map(re.escape, mark))
        text = re.sub(
            rf"[(\[【〔]\s*(?:属|为|系)?{spaced}[^()\[\]【】〔〕]*[)\]】〕]|^\s*{spaced}\s*[:,\-—]*", "", text
        )
        text = re.sub(rf"(?:[,;:\-—]|(?<!\s))\s*+{spaced}\s*+$", "", text)
    return text.strip() or nfkc(cell).strip()


def marked_by_remark(catalog: Catalog, remark: str) -> set[str]:
    """What 备注 marks as new: {"link", "scene"} or one of them. "新增3台设备" marks nothing."""
    text = _tight(remark)
    mark = next((m for m in _marks(catalog) if m in text), None)
    if mark is None or re.search(_NEGATED + re.escape(mark), text):
        return set()
    rest = text.replace(mark, "", 1)
    about_names = bool(_ABOUT_NAMES.search(mark)) or bool(_ABOUT_NAMES.search(rest)) or mark[0] in "([【"
    if not about_names and len(fold(rest)) > SLIGHT:
        return set()
    if "场景" in text and "环节" not in text:
        return {"scene"}
    return {"link", "scene"}
