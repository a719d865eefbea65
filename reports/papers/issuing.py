"""A letter's number, date, deadline and contact, put into the very file that goes out: the draft as the program wrote it, or as a
person has changed it in Word since. What finds no place in it is no part of the letter, and is refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from catalog.letters import LetterKind, Letters
from reports.safe.text import line

_BODY = "word/document.xml"
_W = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
_BLANK = r"[＿_\s]*[＿_][＿_\s]*"
"""A line to fill in."""
_BEFORE, _AFTER = 6, 2
"""Characters of a sentence beside the deadline by which its place is known again."""
LABELS = {"number": "文号", "date": "日期", "due": "期限", "contact": "联系人", "phone": "联系电话"}


class NotIssuable(Exception):
    """A letter that cannot go out as it is. The message is Chinese and says what to do."""


@dataclass(frozen=True)
class Terms:
    """What a letter is issued with; "" and None: as the draft has it. ``due`` is None in a letter that sets no deadline."""

    number: str
    date: dt.date
    due: dt.date | None = None
    contact: str = ""
    phone: str = ""


def issued(data: bytes, letters: Letters, title: str, drafted: str, terms: Terms) -> tuple[bytes, Terms]:
    """The draft ``data`` of a letter called ``title`` with its terms in it, and these as they stand there.

    ``drafted`` is the number that the draft was given. Raises :class:`NotIssuable` where something is left blank, or what
    is to be put in finds no place.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            root = etree.fromstring(package.read(_BODY), etree.XMLParser(resolve_entities=False, huge_tree=True))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, NotImplementedError, RuntimeError) as problem:
        raise NotIssuable("草稿不是完好的 Word 文件（.docx），不能签发；请另存为 docx，或重新运行审查") from problem
    kind = next((k for k in letters.kinds if k.title == title), None)
    letter = _Draft(root, letters, kind, drafted)
    stands = letter.fill(terms)
    return _with_body(data, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)), stands


class _Draft:
    """The places of a draft, and what stands there."""

    def __init__(self, root: Any, letters: Letters, kind: LetterKind | None, drafted: str) -> None:
        self.words = letters.words
        self.paragraphs = [n for n in root.iter() if _is(n, "p")]
        self.day = f"(?:{_dated(self.words.date)}|{_filled_in(self.words.day)})"
        self.places: dict[str, list[tuple[Any, int, int]]] = {name: [] for name in LABELS}
        self.wants_due = kind is None or bool(_due_slots(kind))
        for paragraph in self.paragraphs:
            text = _text(paragraph)
            self._find_number(paragraph, text, drafted)
            if re.fullmatch(rf"\s*{self.day}\s*", text):
                start = len(text) - len(text.lstrip())
                self.places["date"] = [(paragraph, start, len(text.rstrip()))]  # the last such
            for before, after in _due_slots(kind) if kind else ():
                found = [(paragraph, m.start(1), m.end(1)) for m in re.finditer(f"{before}({self.day}){after}", text)]
                self.places["due"] += [place for place in found if place not in self.places["due"]]
            self._find_contact(paragraph, text)

    def _find_number(self, paragraph: Any, text: str, drafted: str) -> None:
        bare = text.strip()
        blank = _filled_in(self.words.number).replace(re.escape("{year}"), r"\d{4}")
        if not self.places["number"] and bare and (bare == drafted or re.fullmatch(blank, bare)):
            start = text.index(bare)
            self.places["number"].append((paragraph, start, start + len(bare)))

    def _find_contact(self, paragraph: Any, text: str) -> None:
        pattern = re.escape(self.words.contact)
        pattern = pattern.replace(re.escape("{contact}"), "(?P<contact>.*?)")
        pattern = pattern.replace(re.escape("{phone}"), "(?P<phone>.*)")
        pattern = re.sub(r"(?:\\?\s)+", r"\\s*", pattern)
        if found := re.fullmatch(rf"\s*{pattern}\s*", text):
            for name in ("contact", "phone"):
                if name in found.groupdict():
                    self.places[name].append((paragraph, found.start(name), found.end(name)))

    def fill(self, terms: Terms) -> Terms:
        typed = {
            "number": terms.number,
            "date": self._said(terms.date),
            "due": self._said(terms.due) if terms.due and self.wants_due else "",
            "contact": terms.contact,
            "phone": terms.phone,
        }
        blank = [LABELS[n] for n, text in typed.items() if not text and self._is_blank(n)]
        if blank:
            raise NotIssuable(f"通知上的{'、'.join(blank)}还空着，请填写")
        lost = [LABELS[n] for n, text in typed.items() if text and not self.places[n] and not self._says(text)]
        if lost:
            raise NotIssuable(
                f"草稿在 Word 中改过，找不到写{'、'.join(lost)}的地方；请在 Word 中写上所填的{'、'.join(lost)}，再签发"
            )
        stands = replace(
            terms,
            due=terms.due if typed["due"] else self._due(),
            contact=typed["contact"] or self._first("contact"),
            phone=typed["phone"] or self._first("phone"),
        )
        found = [(p, start, end, typed[n]) for n, places in self.places.items() for p, start, end in places if typed[n]]
        for paragraph, start, end, text in sorted(found, key=lambda f: -f[1]):  # from the end, so that places stay
            _put(paragraph, start, end, text)
        return stands

    def _first(self, name: str) -> str:
        return next(self._there(name), "").strip()

    def _due(self) -> dt.date | None:
        """The deadline that the draft has."""
        for text in self._there("due"):
            year, month, day = (int(n) for n in re.findall(r"\d+", text))
            return dt.date(year, month, day)
        return None

    def _there(self, name: str) -> Iterator[str]:
        return (_text(p)[start:end] for p, start, end in self.places[name])

    def _is_blank(self, name: str) -> bool:
        return any(re.fullmatch(rf"\s*|.*?{_BLANK}.*?", text) for text in self._there(name))

    def _says(self, text: str) -> bool:
        return any(text in _text(p) for p in self.paragraphs)

    def _said(self, date: dt.date) -> str:
        return self.words.date.format(year=date.year, month=date.month, day=date.day)


def _due_slots(kind: LetterKind) -> list[tuple[str, str]]:
    """What stands before and after the day by which a letter wants an answer, as patterns."""
    found = []
    for sentence, fact in ((kind.due, "{due}"), (kind.overdue, "{days}"), (kind.open, "{days}")):
        before, at, after = sentence.partition(fact)
        if at:
            found.append((re.escape(before[-_BEFORE:].rpartition("}")[2]), re.escape(after[:_AFTER].partition("{")[0])))
    return list(dict.fromkeys(found))


def _dated(scheme: str) -> str:
    pattern = re.escape(scheme)
    for part in ("{year}", "{month}", "{day}"):
        pattern = pattern.replace(re.escape(part), r"\d{1,4}")
    return pattern


def _filled_in(line_: str) -> str:
    """A pattern of a line to fill in, however long its blanks have become."""
    return re.sub("＿+", lambda _: _BLANK, re.escape(line_))


def _is(node: Any, name: str) -> bool:
    if not isinstance(node.tag, str):
        return False
    tag = etree.QName(node)
    return tag.localname == name and tag.namespace in _W


def _texts(paragraph: Any) -> list[Any]:
    return [n for n in paragraph.iter() if _is(n, "t")]


def _text(paragraph: Any) -> str:
    return "".join(n.text or "" for n in _texts(paragraph))


def _put(paragraph: Any, start: int, end: int, text: str) -> None:
    """Put ``text`` in the place of the characters from ``start`` to ``end``, in the look of the first of them."""
    at, put = 0, False
    for node in _texts(paragraph):
        own = node.text or ""
        lo, hi = max(start - at, 0), min(end - at, len(own))
        if lo < hi or (start == end and lo == hi and not put):
            node.text = own[:lo] + ("" if put else line(text)) + own[hi:]
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            put = True
        at += len(own)


def _with_body(data: bytes, body: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for info in package.infolist():
            content = body if info.filename == _BODY else package.read(info)
            out.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
