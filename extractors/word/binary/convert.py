"""A Word 97-2003 file as WordprocessingML, so that one reader (:mod:`extractors.word.docx`) gives meaning to both.

Only what that reader looks at is written: text with its changes, hidden parts and symbols, fields with their data,
lists, outline levels, tables with their grid and merges, text boxes, notes, headers and footers. Nothing of looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.document.symbols import is_symbol_font
from extractors.word import markup
from extractors.word.binary import fib
from extractors.word.binary.drawings import Shapes, drawn_texts, form_field
from extractors.word.binary.lists import numbering_xml
from extractors.word.binary.pieces import Run, Story, Word97
from extractors.word.binary.properties import CharProps, ParaProps
from extractors.word.binary.tables import TableStack
from extractors.word.markup import Converted, Look, Part
from extractors.word.names import OUTLINE_LEVELS

_CONTROL = re.compile("[\x00-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
_TOC_FIRST, _TOC_LAST = 19, 27
_NO_LIST = 0x7FF
"""The first iLfo that names no list: it cancels one of the style ([MS-DOC] 2.6.2, sprmPIlfo)."""
_SEPARATORS = 6
"""Texts before the headers of the first section: the separators between notes ([MS-DOC] 2.3.3)."""
_OF_A_SECTION = 6
"""Headers and footers of a section: of even, odd and first pages (2.3.3)."""
_FOOTERS = (2, 3, 5)
_STYLES = '<w:style w:type="paragraph" w:styleId="TOC"><w:name w:val="toc 1"/></w:style>'


@dataclass(slots=True)
class _Writer:
    word: Word97
    shapes: Shapes
    footnotes: dict[int, int] = field(default_factory=dict)
    endnotes: dict[int, int] = field(default_factory=dict)
    sections: frozenset[int] = frozenset()
    visible: int = 0
    codes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    _inline: list[str] = field(default_factory=list)
    _fields: list[list[str] | None] = field(default_factory=list)
    """Open fields: the code gathered so far, None once the result has begun."""
    _slot: int = -1
    """Where in ``_inline`` the innermost field begins, if it begins in this paragraph: form data is put there."""
    _paired: frozenset[int] = frozenset()
    _counts: bool = False

    # ---------------------------------------------------------------------------------------------- stories
    def story(self, story: Story, counts: bool = False) -> str:
        """The paragraphs and tables of a range of text. ``counts`` says that it is body text."""
        runs = list(self.word.runs(story))
        outer = self._inline, self._fields, self._slot, self._paired, self._counts
        self._inline, self._fields, self._slot, self._counts = [], [], -1, counts
        self._paired = _pair_fields(runs)
        stack = TableStack(self.doubts)
        for run in runs:
            self._run(run, stack)
        if self._inline:  # text without a last paragraph mark
            stack.paragraph(self._paragraph(ParaProps(), CharProps()), ParaProps(), "\r")
        self._inline, self._fields, self._slot, self._paired, self._counts = outer
        return stack.finish()

    def _run(self, run: Run, stack: TableStack) -> None:
        props = run.props
        if props.symbol is not None and props.special:
            self._symbol(props, len(run.text))
            return
        at = 0
        for found in _CONTROL.finditer(run.text):
            if found.start() > at:
                self._text(run.text[at : found.start()], props)
            self._control(found[0], run.cp + found.start(), props, stack)
            at = found.end()
        if at < len(run.text):
            self._text(run.text[at:], props)

    def _control(self, sign: str, cp: int, props: CharProps, stack: TableStack) -> None:
        match sign:
            case "\r" | "\x07":
                self._end_paragraph(cp, props, stack, sign)
            case "\x0c":
                if cp + 1 in self.sections:
                    self._end_paragraph(cp, props, stack, "\r")
                else:
                    self._wrap('<w:br w:type="page"/>', props)
            case "\t":
                self._wrap("<w:tab/>", props)
            case "\x0b":
                self._wrap("<w:br/>", props)
            case "\x0e":
                self._wrap('<w:br w:type="column"/>', props)
            case "\x1e":
                self._wrap("<w:noBreakHyphen/>", props)
            case "\x13" | "\x14" | "\x15":
                if cp in self._paired:
                    self._field(sign)
            case "\x01" | "\x08":
                self._object(sign, cp, props)
            case "\x02":
                self._reference(cp)

    def _end_paragraph(self, cp: int, props: CharProps, stack: TableStack, sign: str) -> None:
        para = self.word.paragraph_at(cp)
        gone = props.deleted and (para.row_end or para.inner_row_end)
        stack.paragraph(self._paragraph(para, props), para, sign, gone)
        self._inline, self._slot = [], -1

    def _paragraph(self, para: ParaProps, mark: CharProps) -> str:
        inside = ""
        style = self.word.styles[para.istd] if para.istd < len(self.word.styles) else None
        if style is not None and style.kind == 1 and _TOC_FIRST <= style.sti <= _TOC_LAST:
            inside += '<w:pStyle w:val="TOC"/>'
        if 0 < para.ilfo < _NO_LIST and para.ilvl < OUTLINE_LEVELS:
            inside += f'<w:numPr><w:ilvl w:val="{para.ilvl}"/><w:numId w:val="{para.ilfo}"/></w:numPr>'
        if para.outline < OUTLINE_LEVELS:
            inside += f'<w:outlineLvl w:val="{para.outline}"/>'
        if mark.deleted and not (para.row_end or para.inner_row_end):
            inside += "<w:rPr><w:del/></w:rPr>"
        return markup.paragraph("".join(self._inline), inside)

    # ---------------------------------------------------------------------------------------------- runs
    @property
    def _in_code(self) -> bool:
        return any(code is not None for code in self._fields)

    def _font(self, index: int | None) -> str:
        return self.word.fonts[index] if index is not None and index < len(self.word.fonts) else ""

    def _look(self, props: CharProps, sign: bool = False) -> Look:
        """``sign``: the text is a sign, whose font may be named for either script."""
        fonts = map(self._font, (props.font, props.east_asian) if sign else (props.font,))
        return Look(
            bool(props.hidden),
            props.deleted,
            props.inserted,
            props.struck,
            props.lit,
            props.stressed,
            props.raised,
            font=next((f for f in fonts if is_symbol_font(f)), ""),
        )

    def _wrap(self, content: str, props: CharProps) -> None:
        self._inline.append(markup.run(content, self._look(props)))

    def _text(self, text: str, props: CharProps) -> None:
        text = _SURROGATES.sub(_join, text.replace("\xad", ""))
        if self._fields and self._fields[-1] is not None:
            self._fields[-1].append(text)
            self._inline.append(markup.instruction(text))
            return
        if self._shown(props):
            self.visible += markup.size(text)
        self._inline.append(markup.text(text, self._look(props, markup.SIGNS.search(text) is not None)))

    def _shown(self, props: CharProps) -> bool:
        return self._counts and not (props.deleted or props.hidden or props.struck or props.raised or self._in_code)

    def _symbol(self, props: CharProps, times: int) -> None:
        index, code = props.symbol or (0, 0)
        look = self._look(props)
        look.font = self._font(index)
        self._inline.append(markup.symbol(code, look) * times)
        self.visible += times if self._shown(props) else 0

    def _field(self, sign: str) -> None:
        if sign == "\x13":
            self._fields.append([])
            self._slot = len(self._inline)
            self._inline.append(markup.BEGIN)
            return
        code = self._fields[-1]
        if code is not None:
            self.codes.append("".join(code).strip())
        if sign == "\x14":
            self._fields[-1] = None
            self._inline.append(markup.SEPARATE)
        else:
            self._fields.pop()
            self._slot = -1
            self._inline.append(markup.END)

    def _object(self, sign: str, cp: int, props: CharProps) -> None:
        """A picture, a drawing or the data of a form field stands here."""
        if sign == "\x08":
            for box in self.shapes.boxes_at(cp):
                self._wrap(markup.text_box(_trimmed(self.story(box))), props)
            self._inline.extend([markup.PICTURE] * self.shapes.pictures_at(cp))
        elif props.is_data:
            if self._slot >= 0 and props.picture is not None:
                data = form_field(self.word.data, props.picture)
                if data:
                    self._inline[self._slot] = markup.begin(data)
        elif props.picture is not None and not props.deleted:
            self._inline.append(markup.PICTURE)

    def _reference(self, cp: int) -> None:
        for name, refs in (("footnote", self.footnotes), ("endnote", self.endnotes)):
            if cp in refs:
                self._inline.append(f'<w:r><w:{name}Reference w:id="{refs[cp]}"/></w:r>')


def convert(word: Word97) -> Converted:
    """The whole of a file as a Word package. Raises struct.error, IndexError or ValueError where it is damaged."""
    main = word.stories["main"]
    writer = _Writer(word, Shapes.load(word, "main"))
    writer.sections = frozenset(word.positions(fib.SECTIONS, 12)[0])
    writer.footnotes = {cp: i for i, cp in enumerate(word.positions(fib.FOOTNOTE_REF, 2)[0][:-1], 1)}
    writer.endnotes = {cp: i for i, cp in enumerate(word.positions(fib.ENDNOTE_REF, 2)[0][:-1], 1)}
    body = writer.story(main, counts=True)
    loose = "".join(_trimmed(writer.story(box)) for box in writer.shapes.loose())
    if loose:
        body += markup.paragraph(f"<w:r>{markup.text_box(loose)}</w:r>")
    parts = [Part("styles", "styles", _STYLES), Part("numbering", "numbering", numbering_xml(word))]
    for kind, name in (("footnote", "footnotes"), ("endnote", "endnotes")):
        index = fib.FOOTNOTE_TEXT if kind == "footnote" else fib.ENDNOTE_TEXT
        notes = [
            f'<w:{kind} w:id="{i}">{writer.story(part)}</w:{kind}>'
            for i, part in enumerate(_split(word, name, index), 1)
        ]
        if notes:
            parts.append(Part(name, name, "".join(notes)))
    if word.stories["comments"].end > word.stories["comments"].start:
        parts.append(Part("comments", "comments", "<w:comment/>"))
    parts += _margins(word)
    return Converted(markup.package(body, parts), writer.visible, writer.codes, writer.doubts)


def _margins(word: Word97) -> list[Part]:
    """Headers and footers, each text once: a section that repeats the one before has none of its own."""
    writer = _Writer(word, Shapes.load(word, "headers"))
    found: list[Part] = []
    seen: set[str] = set()
    for number, part in enumerate(_split(word, "headers", fib.HEADERS)):
        kind = "footer" if number % _OF_A_SECTION in _FOOTERS else "header"
        if number < _SEPARATORS or part.end <= part.start:
            continue
        content = writer.story(part)
        if (kind + content) not in seen and "<w:r>" in content:
            seen.add(kind + content)
            found.append(Part(kind, f"{kind}{number}", content))
    drawn = "".join(markup.paragraph(markup.text(text, Look())) for text in drawn_texts(word))
    return [*found, Part("header", "drawn", drawn)] if drawn else found


def _split(word: Word97, name: str, index: int) -> list[Story]:
    """The parts of a story that a PLC of positions cuts it into; the last one is only its end mark."""
    story = word.stories[name]
    if story.end <= story.start:
        return []
    cps = word.positions(index, 0)[0]
    return [
        Story(story.start + a, min(story.start + b, story.end))
        for a, b in pairwise(cps)
        if 0 <= a <= b and story.start + a < story.end
    ][: max(0, len(cps) - 2)]


def _pair_fields(runs: Iterable[Run]) -> frozenset[int]:
    """The positions of field marks that form whole fields. A stray one would hide all text after it."""
    open_fields: list[list[int]] = []
    paired: set[int] = set()
    for run in runs:
        for found in re.finditer("[\x13-\x15]", run.text):
            cp = run.cp + found.start()
            if found[0] == "\x13":
                open_fields.append([cp])
            elif open_fields and found[0] == "\x14" and len(open_fields[-1]) == 1:
                open_fields[-1].append(cp)
            elif open_fields and found[0] == "\x15":
                paired.update([*open_fields.pop(), cp])
    return frozenset(paired)


def _trimmed(content: str) -> str:
    """A text box's content without the empty paragraphs that only end it."""
    return re.sub(r"^(?:<w:p></w:p>)+|(?:<w:p></w:p>)+$", "", content)


def _join(found: re.Match[str]) -> str:
    pair = found[0]
    if len(pair) == 1:
        return "\ufffd"
    return chr(0x10000 + ((ord(pair[0]) - 0xD800) << 10) + ord(pair[1]) - 0xDC00)
