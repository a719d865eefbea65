"""A web page → WordprocessingML. Nothing that a page points to is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from extractors.document.errors import Unreadable
from extractors.document.symbols import as_sign, is_symbol_font
from extractors.word import markup
from extractors.word.html.look import Hidden, Numbers, look_of, tag_of
from extractors.word.html.source import decode
from extractors.word.html.tables import Cell, grid, outside_rows, rows_of, span
from extractors.word.markup import Converted, Look, Part
from extractors.word.names import OUTLINE_LEVELS

_MAX_DEPTH = 200
_BLOCK = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "blockquote", "pre", "center", "tr")
)
_BLOCK |= frozenset(("ul", "ol", "dl", "section", "article", "form", "fieldset", "body", "header", "footer", "caption"))
_BLOCK |= frozenset(("hr", "main", "address"))
_SILENT = frozenset(("head", "script", "style", "title", "xml", "noscript", "template", "object", "button"))
_SILENT |= frozenset(("iframe", "canvas", "audio", "video", "datalist"))
_NOTE = re.compile(r"(?:sd)?(?:foot|end)note\d|_?(?:ftn|edn)\d", re.IGNORECASE)
_NOTE_MARK = re.compile(r"#.*(?:footnote|endnote|ftn|edn|_msocom_)", re.IGNORECASE)
_NOTE_STYLE = re.compile(r"mso-element\s*:\s*(?:foot|end)note\s*(?:;|$)", re.IGNORECASE)
_STORY = re.compile(r"mso-element\s*:\s*(header|footer)\s*(?:;|$)", re.IGNORECASE)
_COMMENTS = re.compile(r"mso-element\s*:\s*comment-list", re.IGNORECASE)
_FIELD = re.compile(r"mso-element\s*:\s*field-(begin|separator|end)", re.IGNORECASE)
_BREAK = markup.run("<w:br/>", Look())
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_TURN = re.compile(rf"(?<=[{_WIDE}])\r?\n(?=[{_WIDE}])")
_BY_WORD = re.compile(r"(?:^|>)(?>[^>]*?<meta\s)[^>]*?Microsoft Word", re.IGNORECASE)
"""Word ends the lines of a page's source anywhere in Chinese text, where no blank stands; other programs end them at blanks."""
_BROKEN = (etree.ParserError, etree.XMLSyntaxError, ValueError)
"""How lxml tells that a page is none."""


class Broken(Unreadable):
    """It is no web page that the parser knows."""


@dataclass(slots=True)
class _Flow:
    """Block content being written: the paragraph that is open, and what stands before it."""

    blocks: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    outline: int = OUTLINE_LEVELS
    ends_in_space: bool = True
    number: str = ""
    """The number of the item of a list that has begun, until something stands in it."""

    def end(self, always: bool = False) -> None:
        """Close the open paragraph; an empty one only counts where the page has an element for it, and a break at its
        end is none."""
        had = bool(self.inline)
        if had and self.inline[-1].endswith(_BREAK[5:]):
            self.inline.pop()
        always = always or had
        if self.inline or always:
            level = f'<w:outlineLvl w:val="{self.outline}"/>' if self.outline < OUTLINE_LEVELS else ""
            self.blocks.append(markup.paragraph("".join(self.inline), level))
        self.inline, self.ends_in_space = [], True

    @property
    def xml(self) -> str:
        self.end(always=not self.blocks)
        return "".join(self.blocks)


@dataclass(slots=True)
class _Writer:
    made: Converted = field(default_factory=lambda: Converted(b""))
    by_word: bool = False
    hidden: Hidden = field(default_factory=Hidden)
    numbers: Numbers = field(default_factory=Numbers)
    comments: bool = False
    codes: int = 0
    """Fields whose code is being met, not their result."""
    outside: list[str] = field(default_factory=list)
    asides: list[tuple[str, str]] = field(default_factory=list)

    def block(self, node: etree._Element, flow: _Flow, look: Look, depth: int = 0) -> None:
        """Write an element and what stands in it."""
        if depth > _MAX_DEPTH:
            raise Unreadable("网页嵌套过深，疑为恶意文件，未予打开；请重新制作后报送")
        tag = tag_of(node)
        if tag == "option" and not _is_shown(node):
            return
        if not tag or tag in _SILENT or (tag == "a" and _NOTE_MARK.match(node.get("href") or "")):
            return
        if _COMMENTS.search(node.get("style") or ""):
            self.comments = True
            return
        if self._field(node):
            return
        if tag == "div" and self._aside(node, look, depth):
            return
        look = look_of(node, tag, look, self.hidden)
        if tag == "table":
            flow.end()
            for beside in outside_rows(node):
                self.block(beside, flow, look, depth + 1)
                flow.end()
            flow.blocks.append(self._table(node, look, depth))
            return
        block = tag in _BLOCK
        if block:
            flow.end()
            flow.outline = int(tag[1]) - 1 if re.fullmatch(r"h[1-6]", tag) else OUTLINE_LEVELS
        self._special(node, tag, flow, look)
        if tag == "li":
            flow.number = self.numbers.of(node)
        self._text(node.text, flow, look)
        for child in node:
            self.block(child, flow, look, depth + 1)
            self._text(child.tail, flow, look)
        if tag == "li" and flow.number:
            self._text("", flow, look)
        if block:
            flow.end(always=tag == "p")
            flow.outline = OUTLINE_LEVELS

    def _aside(self, node: etree._Element, look: Look, depth: int) -> bool:
        """Put a footnote, or a page header that LibreOffice wrote into the page, into a part of its own."""
        title = (node.get("title") or "").lower()
        kind = title if title in ("header", "footer") else ""
        if story := _STORY.search(node.get("style") or ""):
            kind = story[1].lower()
        if _NOTE.fullmatch(node.get("id") or "") or _NOTE_STYLE.search(node.get("style") or ""):
            kind = "footnotes"
        if not kind:
            return False
        before, flow = self.made.visible, _Flow()
        for child in node:
            self.block(child, flow, look, depth + 1)
            self._text(child.tail, flow, look)
        self.made.visible = before
        self.asides.append((kind, flow.xml))
        return True

    def _field(self, node: etree._Element) -> bool:
        """Whether an element is a sign of Word's around a field; what stands between its begin and its separator is code."""
        sign = _FIELD.search(node.get("style") or "")
        if sign is None:
            return False
        if sign[1].lower() == "begin":
            self.codes += 1
        else:
            self.codes = 0 if sign[1].lower() == "separator" else max(0, self.codes - 1)
        return True

    def parts(self) -> list[Part]:
        """The parts beside the body."""
        notes = [xml for kind, xml in self.asides if kind == "footnotes"]
        found = [Part(kind, f"{kind}{i}", xml) for i, (kind, xml) in enumerate(self.asides) if kind != "footnotes"]
        content = "".join(f'<w:footnote w:id="{i}">{xml}</w:footnote>' for i, xml in enumerate(notes, 1))
        if self.comments:
            found.append(Part("comments", "comments", "<w:comment/>"))
        return [*found, Part("footnotes", "footnotes", content)] if notes else found

    def _special(self, node: etree._Element, tag: str, flow: _Flow, look: Look) -> None:
        if tag == "br":
            flow.inline.append(markup.run("<w:br/>", look))
            flow.ends_in_space = True
        elif tag == "img":
            flow.inline.append(markup.PICTURE)
            source = node.get("src", "")
            if re.match(r"(?:https?:|file:|\\\\|//)", source, re.IGNORECASE):
                self.outside.append(source)
        elif tag == "input":
            kind = node.get("type", "text").lower()
            if kind in ("checkbox", "radio"):
                flow.inline += [markup.begin(markup.check_box(node.get("checked") is not None)), markup.END]
                flow.ends_in_space = False
            elif kind not in ("hidden", "button", "submit", "reset", "image", "file"):
                self._text(node.get("value", ""), flow, look)

    def _text(self, text: str | None, flow: _Flow, look: Look) -> None:
        if flow.number and text is not None and (text.strip() or not text):
            text, flow.number = flow.number + text.lstrip(), ""
        if not text or self.codes:
            return
        if look.lines and "\n" in text.strip("\r\n"):
            first, *rest = text.strip("\r\n").splitlines()
            self._text(first, flow, look)
            for line in rest:
                flow.inline.append(markup.run("<w:br/>", look))
                flow.ends_in_space = True
                self._text(line, flow, look)
            return
        text = markup.clean(text)
        text = _SPACE.sub(" ", _TURN.sub("", text) if self.by_word else text)
        if flow.ends_in_space:
            text = text.lstrip(" ")
        if not text:
            return
        flow.ends_in_space = text.endswith(" ")
        if is_symbol_font(look.font):
            text = "".join(as_sign(c) for c in text)
        flow.inline.append(markup.text(text, look))
        if not (look.hidden or look.deleted or look.struck or look.raised):
            self.made.visible += markup.size(text)

    # ---------------------------------------------------------------------------------------------- tables
    def _table(self, table: etree._Element, look: Look, depth: int) -> str:
        rows: list[list[Cell]] = []
        for row, own in rows_of(table):
            row_look = look if row is None else look_of(row, "tr", look, self.hidden)
            cells: list[Cell] = []
            for cell in own:
                flow = _Flow()
                cell_look = look_of(cell, "td", row_look, self.hidden)
                self._text(cell.text, flow, cell_look)
                for child in cell:
                    self.block(child, flow, cell_look, depth + 1)
                    self._text(child.tail, flow, cell_look)
                cells.append(Cell(flow.xml, span(cell, "rowspan"), span(cell, "colspan")))
            rows.append(cells)
        return "<w:tbl>" + "".join(grid(rows)) + "</w:tbl>"


def _is_shown(option: etree._Element) -> bool:
    """Whether an entry of a list is the one shown: the one selected, else the first."""
    parent = option.getparent()
    if option.get("selected") is not None or parent is None or tag_of(parent) != "select":
        return option.get("selected") is not None
    first = option.getprevious() is None and parent.get("multiple") is None
    return first and all(e.get("selected") is None for e in parent.iter("option"))


@dataclass(slots=True)
class Page:
    """A page put into Word's words. ``outside`` are the pictures that it takes from elsewhere."""

    converted: Converted
    outside: list[str]


def convert(data: bytes) -> Page:
    """A web page as a Word package. Raises Broken where it is none."""
    try:
        text = decode(data)
        root = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
        writer, flow = _Writer(by_word=_BY_WORD.search(text, 0, 4096) is not None, hidden=Hidden.of(root)), _Flow()
        for body in [n for n in root if tag_of(n) == "body"] or [root]:
            writer.block(body, flow, Look())
        writer.made.docx = markup.package(flow.xml, writer.parts())
    except _BROKEN as error:
        raise Broken("网页格式的内容已损坏，无法读取") from error
    return Page(writer.made, list(dict.fromkeys(writer.outside)))
