"""A notice's own text: its number and title, its clauses, the catalogues in its annexes, and what in its words looks like a
deadline, a quota or a limit. The latter are proposals with the clause they stand in; nothing of them is in force."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.document.model import Document, Paragraph, Table
from extractors.drafting.printed import joined
from extractors.drafting.words import ends_as_title, words

_STYLES = (
    re.compile(r"^([一二三四五六七八九十]{1,3})\s*[、.．]\s*"),
    re.compile(r"^[（(]\s*([一二三四五六七八九十]{1,3})\s*[)）]\s*"),
    re.compile(r"^(\d{1,2})\s*[.．、]\s*(?!\d)"),
    re.compile(r"^[（(]\s*(\d{1,2})\s*[)）]\s*"),
)
_ANNEX = re.compile(r"^附\s*+件\s*+(\d{1,2}(?:\s*+[-－—]\s*+\d{1,2})?)\s*+[：:]?\s*+$")
_END_OF_BODY = re.compile(r"^(?:附\s*件\s*[：:]|联\s*系\s*人|联系方式|联系电话|通信地址|通讯地址|特此通知)")
_NUMBER = re.compile(r"^\S{2,12}〔\d{4}〕\d+号$")
_TITLE_END = re.compile(r"的?(?:通知|公告|通告)$")
_ISSUER = re.compile(r"(?<=[厅局委部会院府室])关于\S.*$")
_SIGNED_BY = re.compile(r"^[\u4e00-\u9fff]{2,30}[厅局委部会院府室]$")
_DAY = re.compile(r"^20\d{2}年\d{1,2}月\d{1,2}日$")
_DATE = re.compile(r"(20\d{2})年(\d{1,2})月(\d{1,2})日\s*(?:\d{1,2}[:：时点]\S{0,3})?(前|之前|以前|截止|止|起)?")
_COUNT = re.compile(r"(?:不超过|不多于|至多|最多|限|为|不少于|至少)?[^，。；、]{0,12}?(\d{1,5})\s*(?:个|家|项|名|件)")
_LENGTH = re.compile(r"\d{2,5}\s*字")
_COUNTED = re.compile(r"(\d{1,3})\s*个([\u4e00-\u9fff]{2,12}?)(?=[\d的，。、；]|$)")
_SENTENCE = re.compile(r"[^。；！？]+[。；！？]?")
_TITLE_LINES = 3
"""The title of an annex stands in its first lines; a number behind the notice's title in the next ones."""
_LEAST_ENTRIES = 3
"""So few numbered entries are steps of a text, not a catalogue."""
_NAME = 40
"""The longest name of an entry."""
_PAGE = re.compile(r"[—–－-]?\s*\d{1,3}\s*[—–－-]?")
_FULL, _NEARLY = 0.9, 0.8
"""Of all lines so many are no wider than a full one; a line of so much of it goes on in the next."""
_BROKEN = 0.25
"""In a file of lines, so many at least are full and end within a sentence; in one of paragraphs hardly any."""
_WRAPPED_END = "。：；！？:;"


class Clause(NamedTuple):
    ref: str
    text: str
    where: str


class Proposal(NamedTuple):
    """``kind``: 期限, 数额, 字数; ``value`` as the sentence says it; ``ref`` the clause."""

    kind: str
    value: str
    ref: str
    quote: str


class Entry(NamedTuple):
    """An entry of a catalogue. ``level`` from 1; ``parent`` the name of the entry it stands under."""

    level: int
    name: str
    parent: str
    text: str


@dataclass(slots=True)
class DraftList:
    """A catalogue of an annex. ``levels`` are the names of its levels, "" where the annex does not say."""

    annex: str
    title: str
    levels: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def count(self, level: int) -> int:
        return sum(e.level == level for e in self.entries)


@dataclass(slots=True)
class DraftNotice:
    number: str = ""
    title: str = ""
    issuer: str = ""
    clauses: list[Clause] = field(default_factory=list)
    lists: list[DraftList] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


class _Line(NamedTuple):
    text: str
    where: str


def draft_notice(document: Document) -> DraftNotice:
    """What the text of a notice says. A file that holds lines, not paragraphs (a PDF, plain text) is put together first."""
    lines = [_Line(joined(b.text), b.where) for b in document.blocks if isinstance(b, Paragraph) and b.text.strip()]
    made = DraftNotice()
    body, annexes = _annexes(_whole(lines))
    _head(body, made)
    made.issuer = made.issuer or _issuer(lines)
    made.clauses = _body_clauses(body)
    for name, part in annexes:
        if any(ends_as_title(line.text) for line in part[:_TITLE_LINES]):
            continue  # a form
        entries = _list(name, part)
        made.clauses += _annex_clauses(name, part, entries)
        if entries is not None:
            made.lists.append(entries)
    made.lists += _table_lists(document)
    made.proposals = [p for clause in made.clauses for p in _proposals(clause)]
    return made


def _style(text: str) -> int | None:
    return next((n for n, pattern in enumerate(_STYLES) if pattern.match(text)), None)


def _width(text: str) -> float:
    """How wide a line is set: in characters, those of Latin type half as wide."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def _whole(lines: Sequence[_Line]) -> list[_Line]:
    """Lines that were broken at the edge of the page, as paragraphs; page numbers are dropped."""
    lines = [line for line in lines if not _PAGE.fullmatch(line.text)]
    widths = sorted(_width(line.text) for line in lines)
    edge = widths[int(len(widths) * _FULL)] * _NEARLY if widths else 0
    broken = sum(_width(line.text) >= edge and line.text[-1] not in _WRAPPED_END for line in lines)
    if broken < _BROKEN * len(lines):
        return lines
    out: list[_Line] = []
    before = ""
    for line in lines:
        alone = _style(line.text) is not None or _ANNEX.match(line.text) or _END_OF_BODY.match(line.text)
        full = bool(before) and before[-1] not in _WRAPPED_END and _width(before) >= edge
        if full and not alone and not _ANNEX.match(before):
            gap = " " if before[-1].isascii() and line.text[0].isascii() else ""
            out[-1] = _Line(out[-1].text + gap + line.text, out[-1].where)
        else:
            out.append(line)
        before = line.text
    return out


def _annexes(lines: Sequence[_Line]) -> tuple[list[_Line], list[tuple[str, list[_Line]]]]:
    body: list[_Line] = []
    annexes: list[tuple[str, list[_Line]]] = []
    for line in lines:
        match = _ANNEX.match(line.text)
        if match:
            annexes.append(("附件" + re.sub(r"\s", "", match[1]).replace("－", "-").replace("—", "-"), []))
        else:
            (annexes[-1][1] if annexes else body).append(line)
    return body, annexes


def _head(body: Sequence[_Line], made: DraftNotice) -> None:
    """The number and the title: the lines before the first that addresses somebody or is numbered."""
    for at, line in enumerate(body[:12]):
        if not made.number and _NUMBER.match(line.text.replace(" ", "")):
            made.number = line.text.replace(" ", "")
        if _TITLE_END.search(line.text):
            before = body[at - 1].text if at and not _NUMBER.match(body[at - 1].text) else ""
            title = ("" if before.endswith("文件") else before) + line.text
            made.title = title
            made.issuer = _ISSUER.sub("", title) if _ISSUER.search(title) else ""
            behind = (b.text.replace(" ", "").strip("（）()") for b in body[at + 1 : at + 1 + _TITLE_LINES])
            made.number = made.number or next((text for text in behind if _NUMBER.match(text)), "")
            return


def _issuer(lines: Sequence[_Line]) -> str:
    """Who issues a notice whose title does not say: the letterhead (某市经济和信息化局文件), else who stands above the day that the text ends with."""
    for line in lines[:_TITLE_LINES]:
        head = line.text.removesuffix("文件")
        if head != line.text and _SIGNED_BY.match(head):
            return head
    signed = (a.text for a, b in itertools.pairwise(lines) if _DAY.match(b.text) and _SIGNED_BY.match(a.text))
    return next(signed, "")


def _body_clauses(body: Iterable[_Line]) -> list[Clause]:
    """一（一）…: each numbered paragraph of the body with what follows it. Names and telephones of the office stand behind."""
    out: list[Clause] = []
    chapter = ""
    for line in body:
        if _END_OF_BODY.match(line.text):
            break
        style = _style(line.text)
        if style in (0, 1):
            match = _STYLES[style].match(line.text)
            assert match is not None
            rest = line.text[match.end() :]
            chapter = match[1] if style == 0 else chapter
            out.append(Clause(chapter if style == 0 else f"{chapter}（{match[1]}）", rest, line.where))
        elif out:
            out[-1] = out[-1]._replace(text=f"{out[-1].text}\n{line.text}")
    refs = [c.ref for c in out]
    return [c for c in out if not (len(c.text) <= _NAME and any(r.startswith(f"{c.ref}（") for r in refs))]


def _annex_clauses(name: str, part: Sequence[_Line], entries: DraftList | None) -> list[Clause]:
    """An annex's words before its first number, and its parts （一）… where it is no catalogue."""
    texts = list(part)
    before: list[_Line] = []
    while texts and _style(texts[0].text) is None:
        before.append(texts.pop(0))
    paragraphs = [line for line in before if len(line.text) > _NAME]
    out = [Clause(name, "\n".join(line.text for line in paragraphs), paragraphs[0].where)] if paragraphs else []
    if entries is not None:
        return out
    parts: list[Clause] = []
    for line in texts:
        style = _style(line.text)
        if style in (0, 1):
            match = _STYLES[style].match(line.text)
            assert match is not None
            parts.append(Clause(f"{name}（{match[1]}）", line.text[match.end() :], line.where))
        elif parts:
            parts[-1] = parts[-1]._replace(text=f"{parts[-1].text}\n{line.text}")
    return out + [c for c in parts if len(c.text) > _NAME]


# ------------------------------------------------------------------------------------------------ catalogues
def _list(annex: str, part: Sequence[_Line]) -> DraftList | None:
    """The numbered entries of an annex as a catalogue of so many levels as it numbers."""
    found: list[tuple[int, str, str]] = []
    for line in part:
        style = _style(line.text)
        if style is None:
            if found:
                at, name, text = found[-1]
                found[-1] = (at, name, f"{text}\n{line.text}".strip())
            continue
        match = _STYLES[style].match(line.text)
        assert match is not None
        name, _, text = re.sub(r"[。：:]", "\n", line.text[match.end() :], count=1).partition("\n")
        found.append((style, name.strip(), text.strip()))
    styles = sorted({style for style, _, _ in found})
    if not found or sum(style == styles[-1] for style, _, _ in found) < _LEAST_ENTRIES or len(styles) == 1:
        return None
    if any(len(name) > _NAME or not name for _, name, _ in found):
        return None
    title = next((line.text for line in part if len(line.text) <= _NAME and _style(line.text) is None), "")
    made = DraftList(annex, title)
    above: dict[int, str] = {}
    for style, name, text in found:
        level = styles.index(style) + 1
        above[level] = name
        made.entries.append(Entry(level, name, above.get(level - 1, ""), text))
    made.levels = _levels(made, "\n".join(line.text for line in part))
    return made


def _levels(made: DraftList, text: str) -> list[str]:
    """The names of the levels, where the annex counts them: 3个方面16个环节的45个场景."""
    counted = {int(m[1]): m[2] for m in _COUNTED.finditer(text)}
    return [counted.get(made.count(level), "") for level in range(1, max(e.level for e in made.entries) + 1)]


def _table_lists(document: Document) -> list[DraftList]:
    """The tables that are catalogues, each with the annex and the title above it."""
    out: list[DraftList] = []
    annex = title = ""
    for block in document.blocks:
        if isinstance(block, Table):
            if (found := _table_list(block)) is not None:
                found.annex, found.title = annex, title
                out.append(found)
            title = ""
        elif _ANNEX.match(block.text.strip()):
            annex, title = re.sub(r"[\s：:]", "", block.text), ""
        elif block.text.strip():
            title = joined(block.text) if len(block.text) <= _NAME else ""
    return out


def _table_list(table: Table) -> DraftList | None:
    """A table of two or three columns of short names, filled in: a catalogue by rows, its merged cells the upper level."""
    rows = [[c for c in table.cells if c.row == r] for r in range(2, table.rows + 1)]
    heads = [joined(c.text) for c in table.cells if c.row == 1]
    numbering = words("instructions", "numbering")
    keep = [n for n, head in enumerate(heads) if head not in numbering]
    if len(rows) < _LEAST_ENTRIES or not 1 < len(keep) <= _LEAST_ENTRIES + 1:
        return None
    if (
        any(not c.text.strip() for cells in rows for c in cells)
        or sum(len(c.text) > _NAME for r in rows for c in r) > 0
    ):
        return None
    made = DraftList("", "", [heads[n] for n in keep])
    above = [""] * len(heads)
    for cells in rows:
        for cell in cells:
            at = cell.column - 1
            if at in keep:
                above[at] = joined(cell.text)
                level = keep.index(at) + 1
                made.entries.append(Entry(level, above[at], above[keep[level - 2]] if level > 1 else "", ""))
    return made


# ------------------------------------------------------------------------------------------------ proposals
def _proposals(clause: Clause) -> list[Proposal]:
    out: list[Proposal] = []
    for sentence in _SENTENCE.findall(clause.text.replace("\n", "")):
        for date in _DATE.finditer(sentence):
            if date[4]:
                day = f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}"
                out.append(Proposal("期限", day, clause.ref, sentence.strip()))
        if _LENGTH.search(sentence):
            out += [Proposal("字数", m[0], clause.ref, sentence.strip()) for m in _LENGTH.finditer(sentence)]
        if any(word in sentence for word in words("instructions", "quotas")):
            numbers = [m[1] for m in _COUNT.finditer(sentence)]
            if numbers:
                out.append(Proposal("数额", "、".join(numbers), clause.ref, sentence.strip()))
    return out
