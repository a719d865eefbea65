"""Which form of the notice a document is: by what it holds, not by its name. A title counts, a title in a page header less, and
the labels that only this notice's forms have count most."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalog.forms import Form
from catalog.models import Catalog
from extractors.document.model import Document, Paragraph, Table
from extractors.fitting.labels import LONGEST, fold_label
from extractors.fitting.settings import LABELS, LAYOUT, RECOGNITION

_COMMON_PARTS = ("cover", "basic", "commitment")
"""Parts that the forms of every programme have: their labels tell none of them."""
SHARED, OWN = 1, 2
"""The weight of a label that a sister form has too, and of one that this form alone has."""
_LABEL_END = re.compile(r"[:：\t\n]")
_BRACKETS = str.maketrans("", "", "()（）")
_BRACKETED_END = re.compile(r"[(（][^()（）]*[)）]$")


@dataclass(frozen=True, slots=True)
class Recognised:
    """``score`` counts the labels found that are peculiar to the notice's forms; ``titled`` the form its title names."""

    form: Form | None
    score: int
    titled: str = ""
    own: int = 0
    """Labels found that only this form has: 0 where it could as well be a part of a sister form."""
    share: float = 0.0
    """Share of the form's labels, columns and headings that the document has."""


_WEIGHTS: dict[str, dict[str, dict[str, int]]] = {}
"""Catalog version → form → folded label → weight: 2 for labels of this form alone, 1 for those a sister form has too."""


def _peculiar(catalog: Catalog) -> dict[str, dict[str, int]]:
    """The weights of a catalog's labels, made once a catalog."""
    if catalog.version not in _WEIGHTS:
        _WEIGHTS[catalog.version] = _weigh(tuple(catalog.forms.values()))
    return _WEIGHTS[catalog.version]


def _weigh(forms: tuple[Form, ...]) -> dict[str, dict[str, int]]:
    """Form → folded label → weight: 2 for labels of this form alone, 1 for those that it shares with a sister form."""
    words: dict[str, set[str]] = {}
    for form in forms:
        own = words.setdefault(form.name, set())
        for item in form.fields:
            if item.part not in _COMMON_PARTS and not item.after_option:
                own.update(fold_label(w) for w in (item.label, *item.aliases))
        for table in form.tables:
            for column in table.columns:
                if len(fold_label(column.label)) >= LABELS.long or column.required == "required":
                    own.update(fold_label(w) for w in (column.label, *column.aliases))
        own.update(fold_label(s.heading) for s in form.sections)
    every: dict[str, set[str]] = {
        f.name: {fold_label(w) for i in f.fields for w in (i.label, *i.aliases)} for f in forms
    }
    out: dict[str, dict[str, int]] = {}
    for name, own in words.items():
        others: set[str] = set().union(*(w | every[n] for n, w in words.items() if n != name))
        out[name] = {w: (SHARED if w in others else OWN) for w in own if len(w) >= LABELS.long}
    return out


_PRINTED: dict[str, dict[str, tuple[frozenset[str], ...]]] = {}
"""Catalog version → form → what is printed on it: each label, column and heading as its folded spellings."""


def _printed(catalog: Catalog) -> dict[str, tuple[frozenset[str], ...]]:
    if catalog.version not in _PRINTED:
        _PRINTED[catalog.version] = {
            form.name: tuple(frozenset(map(fold_label, words)) for words in _spellings(form))
            for form in catalog.forms.values()
        }
    return _PRINTED[catalog.version]


def _spellings(form: Form) -> Iterator[tuple[str, ...]]:
    yield from ((i.label, *i.aliases) for i in form.fields if not i.after_option)
    yield from ((c.label, *c.aliases) for table in form.tables for c in table.columns)
    yield from ((s.heading,) for s in form.sections)


def recognise(document: Document, catalog: Catalog) -> Recognised:
    """The form a document is, None where it is none of the notice's."""
    forms = tuple(catalog.forms.values())
    weights = _peculiar(catalog)
    seen = _short_texts(document)
    counts: dict[str, int] = {f.name: sum(w for word, w in weights[f.name].items() if word in seen) for f in forms}
    distinct: dict[str, int] = {
        f.name: sum(1 for word, w in weights[f.name].items() if w == OWN and word in seen) for f in forms
    }
    titled, on_cover = _title(document, forms)
    by_name: dict[str, Form] = {f.name: f for f in forms}
    best = max(counts, key=lambda n: (distinct[n], counts[n], n == titled))
    margin = RECOGNITION.lead if on_cover else 1
    if titled and titled != best and (distinct[titled] >= distinct[best] - margin or distinct[best] < RECOGNITION.few):
        best = titled
    labels = [fold_label(i.label) for i in by_name[best].fields if i.part == "cover"]
    cover = sum(1 for w in labels if w in seen or any(t.startswith(w) for t in seen)) >= RECOGNITION.cover
    if len(_titles(document, forms)) > 1 and _label_cells(document, weights[best]) < RECOGNITION.several_forms:
        return Recognised(None, counts[best], titled)
    enough = (
        counts[best] >= RECOGNITION.labels
        or (counts[best] >= RECOGNITION.labels_titled and bool(titled))
        or (titled == best and (cover or counts[best] >= RECOGNITION.labels_own_title))
    )
    printed = _printed(catalog)[best]
    share = sum(not words.isdisjoint(seen) for words in printed) / max(len(printed), 1)
    return Recognised(by_name[best] if enough else None, counts[best], titled, distinct[best], share if enough else 0.0)


def _label_cells(document: Document, words: dict[str, int]) -> int:
    """How many cells of tables hold a label of the form."""
    return sum(
        1 for table in document.tables() for c in table.cells if len(c.text) <= LONGEST and fold_label(c.text) in words
    )


def _short_texts(document: Document) -> set[str]:
    found: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Table):
            stack = [block]
            while stack:
                table = stack.pop()
                for cell in table.cells:
                    stack.extend(cell.tables)
                    _take(cell.text, found)
        else:
            _take(block.text, found)
    return found


def _take(text: str, found: set[str]) -> None:
    if len(text) <= 2 * LONGEST:
        folded = fold_label(text)
        if folded:
            found.add(folded)
        ends = ":" in text or "：" in text or "\n" in text or "\t" in text  # the search is for every text of the file
        end = _LABEL_END.search(text) if ends else None
        if end is not None and end.start() <= LONGEST:
            folded = fold_label(text[: end.start()])
            if folded:
                found.add(folded)


def _title(document: Document, forms: tuple[Form, ...]) -> tuple[str, bool]:
    """The form whose title stands among the first short paragraphs (True), else in a page header; "" for none."""
    early = [b.text for b in document.blocks if isinstance(b, Paragraph) and b.text.strip()][:12]
    for block in document.blocks[:8]:
        if isinstance(block, Table):
            early += [c.text for c in block.cells[:4]]
    headers = [p.text for p in document.aside if p.place == "header"]
    for texts in (early, headers):
        joined = ["".join(t.split()) for t in texts if len(t) <= LAYOUT.title]
        around = [a + b for a, b in zip(joined, [*joined[1:], ""], strict=False)] + joined
        for form in forms:
            for text in around:
                if is_titled(text, form):
                    return form.name, texts is early
    return "", False


def is_titled(text: str, form: Form) -> bool:
    """Whether a line is the form's title, not another programme's of the same kind (推荐汇总表 of something else). Brackets and
    spaces tell no titles apart, neither the line's nor the form's own (首台（套）装备认定申请表)."""
    plain = _plain(text)
    if not any(_plain(mark) in plain for mark in form.title_marks):
        return False
    kind = _plain(_BRACKETED_END.sub("", form.title.strip()))[-RECOGNITION.kind :]  # 申报书, 汇总表
    programme = _plain(form.title)[: RECOGNITION.programme]
    if form.kind == "application" and kind in plain.partition(programme)[2]:
        return True  # another year's title: 智能制造优秀场景申报书
    return kind in plain and fuzz.partial_ratio(_plain(form.title), plain) >= RECOGNITION.title_likeness


@functools.lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return "".join(text.split()).translate(_BRACKETS)


def _titles(document: Document, forms: tuple[Form, ...]) -> set[str]:
    """Every form whose title stands in the document: the notice itself holds them all."""
    lines = [b.text for b in document.blocks if isinstance(b, Paragraph) and 0 < len(b.text) <= LAYOUT.title]
    found: set[str] = set()
    for first, second in itertools.pairwise([*lines, ""]):
        found.update(f.name for f in forms if is_titled(first + second, f))
    return found
