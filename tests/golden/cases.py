"""Every golden case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from tests import forms, pdfs
from tests.golden import archives, layouts, rounds, words, writers
from tests.golden.applications import WRITTEN
from tests.golden.case import Case, Files
from tests.golden.sheets import Sheet, sheet, short

MADE = Path(__file__).parent / "made"
SMALL: dict[str, Callable[[], forms.Data]] = {
    "scene": lambda: short(forms.clean_scene()),
    "factory": lambda: short(forms.clean_factory()),
}
DRAWN = {
    "black boxes": {"tick": "■"},
    "typed ticks": {"tick": "√"},
    "crossed": {"tick": "☒"},
    "symbols": {"tick": "sym"},
    "controls": {"tick": "control"},
    "ticks behind": {"tick": "√", "tick_right": True},
    "only ticked": {"only_ticked": True},
    "spaced": {"spaced": True},
    "split": {"split": True},
    "swapped": {"swapped": True},
    "vertical": {"vertical": True},
    "plain": {"cover": "table", "example": False, "hints": False},
    "all at once": {"split": True, "spaced": True, "tick": "sym", "cover": "table", "header": "内部使用"},
}


@lru_cache(maxsize=8)
def drawn(form: str, size: str = "short") -> Sheet:
    data = SMALL[form]() if size == "short" else forms.clean_scene() if form == "scene" else forms.clean_factory()
    return sheet(form, data)


def _one(name: str, write: Callable[[Sheet], bytes], change: layouts.Change, form: str, size: str = "short") -> Files:
    return {name: write(change(drawn(form, size)))}


def _written(name: str) -> Files:
    data = WRITTEN[name]()
    return {f"{name}.docx": forms.fill(data["form"], data)}


def _layouts() -> Iterator[Case]:
    some = ("as drawn", "notes glued", "distributed", "labels broken", "labels above", "one cell", "merged down",
            "unmerged", "nested", "tables cut", "turned", "annexes first")  # fmt: skip
    every = tuple(layouts.LAYOUTS)
    sets: tuple[tuple[str, str, str, Callable[[Sheet], bytes], tuple[str, ...]], ...] = (
        ("docx", "scene", "申报书.docx", writers.docx, every),
        ("docx", "factory", "申报书.docx", writers.docx, every),
        ("html", "scene", "申报书.doc", writers.page, every),
        ("html", "factory", "申报书.html", writers.page, ("as drawn", "labels above", "unmerged", "nested")),
        ("rtf", "scene", "申报书.rtf", writers.rtf, some[:-4] + some[-3:]),
        ("rtf", "factory", "申报书.doc", writers.rtf, ("as drawn", "one cell", "merged down")),
        ("mht", "scene", "申报书.mht", writers.mht, ("as drawn", "spare columns")),
        ("xml", "scene", "申报书.xml", writers.wordml2003, ("as drawn", "labels above", "merged down")),
        ("opc", "scene", "申报书.xml", writers.flat_opc, ("as drawn", "reworded")),
        ("runs", "scene", "申报书.docx", partial(writers.docx, inline=writers.split_runs), ("as drawn", "one cell")),
    )
    for group, form, name, write, chosen in sets:
        for layout in chosen:
            yield Case(group, f"{form} {layout}", partial(_one, name, write, layouts.LAYOUTS[layout], form))
    for layout in every:
        if layout != "nested":
            yield _pdf(f"scene {layout}", writers.pdf, layout, "scene")
    for layout in ("as drawn", "labels above", "merged down", "tables cut"):
        yield _pdf(f"factory {layout}", partial(writers.pdf, strips=True), layout, "factory")
    yield _pdf("scene strips", partial(writers.pdf, strips=True), "as drawn", "scene")
    yield _pdf("scene dashes", partial(writers.pdf, dash="2 2"), "as drawn", "scene")
    yield _pdf("scene short pages", partial(writers.pdf, height=420), "as drawn", "scene", "whole")
    yield _pdf("scene whole", writers.pdf, "as drawn", "scene", "whole")
    yield _pdf("factory whole", partial(writers.pdf, height=700), "as drawn", "factory", "whole")


def _pdf(name: str, write: Callable[[Sheet], bytes], layout: str, form: str, size: str = "short") -> Case:
    made = partial(_one, "申报书.pdf", write, layouts.LAYOUTS[layout], form, size)
    return Case("pdf", name, made, lacks_font)


@lru_cache(maxsize=1)
def lacks_font() -> str:
    """Whether pdfium gives the characters of a font that is not embedded."""
    from extractors.document.errors import Unreadable
    from extractors.pdf.read import read_pdf

    try:
        read = [line.text for line in read_pdf(pdfs.pdf(pdfs.Page().text(60, 60, "申报单位"))).lines()]
    except Unreadable:
        read = []
    return "" if read == ["申报单位"] else "fonts that are not embedded cannot be read on this machine"


def _builder() -> Iterator[Case]:
    for form, make in SMALL.items():
        for name, layout in DRAWN.items():
            yield Case(
                "drawn", f"{form} {name}", lambda f=form, m=make, o=layout: {"申报书.docx": forms.fill(f, m(), **o)}
            )
    for form in ("scene", "factory", "summary"):
        yield Case("drawn", f"{form} blank", lambda f=form: {"空表.docx": forms.fill(f, None)})


def _made() -> Iterator[Case]:
    """Files of other programs, kept as they wrote them (tests.golden.make)."""
    for path in sorted(MADE.iterdir()):
        lacks = lacks_ocr if path.stem.startswith("scan") else lacks_nothing
        yield Case("made", path.name, lambda p=path: {p.name: p.read_bytes()}, lacks)


def lacks_nothing() -> str:
    return ""


def lacks_ocr() -> str:
    from extractors.scan import read as scan

    return "" if scan.available() else "the extra 'ocr' is not installed"


def all_cases() -> list[Case]:
    found = [Case("written", name, partial(_written, name)) for name in WRITTEN]
    found += [*_builder(), *_layouts(), *_made(), *words.cases(), *archives.cases(), *rounds.cases()]
    assert len({c.file for c in found}) == len(found)
    return found
