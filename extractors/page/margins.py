"""What stands on pages beside the body: running headers, page numbers, footnotes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from statistics import median

from extractors.document.model import Paragraph
from extractors.page.content import PageContent
from extractors.page.lines import Line, ink_end
from extractors.page.rules import Rule
from extractors.page.settings import LINES, MARGINS
from records.models import Place

_NUMBER = re.compile(
    r"^[-—–－_·.|一丨\s]*+(?:第|page)?\s*+(?:\d{1,4}|[ivxlc]{1,6})\s*+页?\s*+"
    r"(?:(?:[/／,，]|共|of)\s*+共?\s*+第?\d{1,4}\s*+页?)?[-—–－_·.|一丨\s]*+$"
    r"|^[-—–－一]\s*+\d{1,4}\s++[1lI]$",
    re.IGNORECASE,
)
"""A page's number, also with dashes as the recogniser may read them where two tones broke them: 一 2 一, — 2 1."""
_NOTE = re.compile(r"\s*(?:\d{1,3}(?!\d)(?!\s*年)|[①-⑳]|\[|\*)")
"""How a footnote begins."""


def set_aside(pages: list[PageContent]) -> list[Paragraph]:
    """Takes headers, footers, page numbers and footnotes out of the pages' lines and returns them as paragraphs."""
    found: list[Paragraph] = []
    repeated = _repeated(pages)
    tops = _tops(pages)
    numbers = _numbered(pages)
    for page in pages:
        body: list[Line] = []
        notes = _footnotes(page)
        for line in page.lines:
            place: Place | None = "footnote" if line in notes else _edge(page, line, repeated)
            if place is None and line is page.lines[-1] and _last(page, line) in numbers:
                place = "footer"
            if place is None and line is page.lines[0] and _first(page, line) in tops:
                place = "header"
            if place is None:
                body.append(line)
            else:
                found.append(Paragraph(line.text, 0, place=place, page=page.number, marks=line.marks))
        page.lines = body
        known = {p.text for p in found}
        found.extend(Paragraph(text, 0, place="header", page=page.number) for text in page.slanted if text not in known)
    counts: Counter[str] = Counter()
    for paragraph in found:
        counts[paragraph.place] += 1
        paragraph.index = counts[paragraph.place]
    return found


def _zone(page: PageContent, line: Line) -> Place | None:
    above = all(line.base <= t.box.y0 + MARGINS.beside_table for t in page.tables)
    below = all(line.base >= t.box.y1 - MARGINS.beside_table for t in page.tables)
    if above and line.base < MARGINS.header:
        return "header"
    if below and line.base > MARGINS.footer_share * page.height:
        return "footer"
    return None


def _key(line: Line) -> str:
    text = re.sub(r"\s+", "", line.text)
    # Only the number of a page may differ from page to page: 附1 and 附2 at the top of two pages are titles.
    text = re.sub(r"(?<!\d)\d++(?=/\d++$)|第\d++页|(?<=[-—–－])\d++(?=[-—–－])", "#", text)
    if len(text) >= MARGINS.long:  # a number stamped on every page
        text = re.sub(r"\d+", "#", text)
    return f"{text}@{round(line.size)}"


def _repeated(pages: list[PageContent]) -> set[tuple[str, str]]:
    """Texts that stand at the top (or the bottom) of many pages."""
    counts: Counter[tuple[str, str]] = Counter()
    heads: set[str] = set()
    for page in pages:
        for line in page.lines:
            zone = _zone(page, line)
            if zone is not None:
                counts[zone, _key(line)] += 1
        heads.update(_key(line) for line in _table_heads(page))
    need = max(MARGINS.seldom, MARGINS.seldom_share * len(pages))
    return {key for key, count in counts.items() if count >= need and not (key[0] == "header" and key[1] in heads)}


def _table_heads(page: PageContent) -> list[Line]:
    """The lines at the top of a page that are parted in columns as no header is, and those close to them: the head of a table
    without rules, printed again."""
    top = [line for line in page.lines if _zone(page, line) == "header"]
    parted = [line for line in top if _gaps(line) >= MARGINS.head_gaps]
    return [line for line in top if any(abs(line.base - p.base) < MARGINS.head_step * line.size for p in parted)]


def _gaps(line: Line) -> int:
    shown = [c for c in line.chars if c.text != " "]
    return sum(1 for a, b in itertools.pairwise(shown) if b.x0 - ink_end(a) > MARGINS.head_gap * a.size)


def _shape(page: PageContent) -> tuple[int, int]:
    return round(page.width / MARGINS.paper), round(page.height / MARGINS.paper)


def _last(page: PageContent, line: Line) -> tuple[int, int, int] | None:
    """Where a line stands that looks like a page's number below all else on the page, with the page's size."""
    if not _NUMBER.match(line.text) or any(t.box.y1 > line.base for t in page.tables):
        return None
    return round(line.base / MARGINS.place), *_shape(page)


def _numbered(pages: list[PageContent]) -> set[tuple[int, int, int]]:
    """Places at which several pages have their number, wherever that is: pages may be set smaller than the paper."""
    counts: Counter[tuple[int, int, int]] = Counter()
    counted: dict[tuple[int, int, int], set[int]] = {}
    for index, page in enumerate(pages):
        for line in page.lines[-1:]:
            if (at := _last(page, line)) is not None:
                number = re.search(r"\d+", line.text)
                counts[at] += 1
                counted.setdefault(at, set()).add(int(number[0]) - index if number else -index)
    shapes = Counter(map(_shape, pages))
    found = {
        at for at, count in counts.items() if count >= max(MARGINS.seldom, MARGINS.numbered_share * shapes[at[1:]])
    }
    return found | {at for at, count in counts.items() if count >= MARGINS.counted and len(counted[at]) == 1}


def _first(page: PageContent, line: Line) -> tuple[str, int, int] | None:
    """The text of a line above all else on the page, and where it stands."""
    if any(t.box.y0 < line.base for t in page.tables) or len(line.text) < MARGINS.long:
        return None
    return _key(line), round(line.x0 / MARGINS.place), round(line.base / MARGINS.place)


def _tops(pages: list[PageContent]) -> set[tuple[str, int, int]]:
    """Texts that stand at the top of several pages in the same place, wherever that is."""
    counts = Counter(
        at
        for page in pages
        for line in page.lines[:1]
        if (at := _first(page, line)) is not None and not _table_heads(page)
    )
    return {at for at, count in counts.items() if count >= max(MARGINS.tops, MARGINS.top_share * len(pages))}


def _edge(page: PageContent, line: Line, repeated: set[tuple[str, str]]) -> Place | None:
    zone = _zone(page, line)
    if zone is None:
        return None
    if (zone, _key(line)) in repeated:
        return zone
    outermost = page.lines[0] if zone == "header" else page.lines[-1]
    return zone if abs(line.base - outermost.base) < MARGINS.outermost and _NUMBER.match(line.text) else None


def _underlines(rule: Rule, line: Line) -> bool:
    """Whether a rule is drawn right beneath letters of a line: no footnotes begin under a heading that is underlined."""
    return 0 <= rule.at - line.base < MARGINS.underline * line.size and line.x0 < rule.end and rule.start < line.x1


def _begins_raised(line: Line) -> bool:
    """Whether a line begins with a small raised digit, the mark of a note, whatever the size of its text."""
    first = next((c for c in line.chars if c.text != " "), None)
    return (
        first is not None
        and first.text.isdigit()
        and first.size < LINES.small * line.size
        and line.base - first.base > LINES.raised * line.size
    )


def _footnotes(page: PageContent) -> list[Line]:
    """The small lines below a short rule at the foot of the page."""
    rules = [
        r
        for r in page.rules
        if MARGINS.note_rule < r.end - r.start < MARGINS.note_rule_share * page.width
        and r.at > MARGINS.note_foot_share * page.height
        and not any(_underlines(r, line) for line in page.lines)
    ]
    if not rules or not page.lines:
        return []
    body = median(line.size for line in page.lines)
    sizes = [t.lines[0].size for table in page.tables for t in table.texts if t.lines]
    body = max(body, median(sizes)) if sizes else body
    for rule in sorted(rules, key=lambda r: r.at):
        below = [line for line in page.lines if line.base > rule.at]
        notes = [
            line for line in below if line.base < MARGINS.footer_share * page.height or not _NUMBER.match(line.text)
        ]
        clear = all(t.box.y1 <= rule.at + MARGINS.beside_table for t in page.tables)
        starts = bool(notes) and _NOTE.match(notes[0].text) is not None
        small = bool(notes) and all(line.size < MARGINS.note_size * body for line in notes)
        smaller = (starts or small) and all(line.size < MARGINS.marked_note_size * body for line in notes)
        if clear and (smaller or (notes and _begins_raised(notes[0]))):
            page.floor = rule.at
            return notes
    return []
