"""RTF (Rich Text Format 1.9.1) → Document, by way of WordprocessingML. Many a .doc is RTF inside.

The table model is that of .doc: paragraphs say that they are in a table, marks end cells and rows, the row's definition
holds its edges and merges. Fonts tell the encoding of 8-bit text. A group restores on its end what it changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extractors import wordml
from extractors.doc_sprm import ParaProps, TableCell
from extractors.doc_tables import TableStack
from extractors.document import Document
from extractors.errors import Unreadable
from extractors.second import links, second_route, settle
from extractors.symbols import is_symbol_font
from extractors.wordml import Converted, Look, Part
from records.models import Note

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n\0]+)|[\r\n\0]+|\\", re.DOTALL
)
_MAX_DEPTH = 500
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254", 204: "cp1251"}
_CODE_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8", 10008: "gb18030"}
_SYMBOL_CHARSET = 2
_EQUATION = re.compile(r"equation|mathtype", re.IGNORECASE)
_BULLET = re.compile(r"[^\w\s□☐☑☒√（(〔①-⓿]")
_SILENT = frozenset(
    "colortbl stylesheet info listtable listoverridetable revtbl rsidtbl generator pnseclvl nonshppict themedata "
    "colorschememapping latentstyles datastore xmlnstbl mmathPr shprslt nonesttables objdata ffname ffentrymcr "
    "ffexitmcr ffhelptext ffstattext ffdeftext ffformat bkmkstart bkmkend atnid atnauthor atnref atndate atnparent "
    "ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn filetbl picprop background fldtype datafield upr "
    "pgptbl docvar userprops passwordhash xe tc tcn private panose falt".split(" ")
)
"""Groups whose text is no text of the document."""
_MARGINS = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header",
    "footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer",
}  # fmt: skip
_SIGNS = {
    "tab": "<w:tab/>", "line": "<w:br/>", "page": '<w:br w:type="page"/>', "column": '<w:br w:type="column"/>',
}  # fmt: skip
_CHARACTERS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
}  # fmt: skip


@dataclass(slots=True)
class _Group:
    """What a group restores when it closes. ``nest`` is within the definition of a nested row."""

    dest: str = "text"
    look: Look = field(default_factory=Look)
    para: ParaProps = field(default_factory=ParaProps)
    font: int = -1
    skip: int = 1
    nest: bool = False

    def copy(self) -> _Group:
        return replace(self, look=replace(self.look), para=replace(self.para))


@dataclass(slots=True)
class _Story:
    """Text being gathered: the body, a note, a text box, a header. ``depth`` is that of the group that holds it."""

    kind: str
    depth: int
    stack: TableStack
    inline: list[str] = field(default_factory=list)
    rows: dict[bool, ParaProps] = field(default_factory=lambda: {False: ParaProps(), True: ParaProps()})
    cell: TableCell = field(default_factory=TableCell)


@dataclass(slots=True)
class _Field:
    """An open field: the depth of its group, and where it began, so that form data can be put there."""

    depth: int
    inline: list[str]
    slot: int
    code: list[str] = field(default_factory=list)
    in_code: bool = True
    kind: int = 0
    result: int = -1
    default: int = 0
    entries: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    made: Converted = field(default_factory=lambda: Converted(b""))
    codec: str = "cp1252"
    default_font: int = -1
    fonts: dict[int, tuple[str, int]] = field(default_factory=dict)
    group: _Group = field(default_factory=_Group)
    groups: list[_Group] = field(default_factory=list)
    stories: list[_Story] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)
    gathered: dict[str, list[str]] = field(default_factory=dict)
    """Text of groups that are no text of the document but are wanted, by their word."""
    raw: bytearray = field(default_factory=bytearray)
    high: int = 0
    to_skip: int = 0
    star: bool = False
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    commented: bool = False
    objects: int = 0
    template: str = ""

    # ---------------------------------------------------------------------------------------------- reading
    def read(self, data: bytes) -> Converted:
        """The whole of a file. Raises Unreadable where its groups are nested beyond reason."""
        self.stories.append(_Story("body", 0, TableStack(self.made.doubts)))
        at = 0
        while at < len(data):
            found = _TOKEN.match(data, at)
            if found is None:
                break
            at = found.end()
            if found.lastindex == 6:
                self._plain(found[6])
            elif found[1] is not None:
                number = int(found[2]) if found[2] is not None else None
                if found[1] == b"bin":
                    at += max(0, number or 0)
                else:
                    self._word(found[1].decode("ascii"), number)
            elif found[3] is not None:
                self._plain(bytes([int(found[3], 16)]))
            elif found[5] is not None:
                self._flush()
                if found[5] == b"{":
                    self._open()
                else:
                    self._close()
            elif found[4] is not None:
                self._sign(found[4].decode("latin-1"))
        return self._finish()

    def _finish(self) -> Converted:
        self._flush()
        if self.groups:
            self.made.doubts.append("RTF 的分组没有闭合")
        while len(self.stories) > 1:
            self._end_story()
        if self.stories[0].inline:
            self._end_paragraph(ParaProps(), "\r")
        if self.notes:
            content = "".join(f'<w:footnote w:id="{i}">{n}</w:footnote>' for i, n in enumerate(self.notes, 1))
            self.parts.append(Part("footnotes", "footnotes", content))
        if self.commented:
            self.parts.append(Part("comments", "comments", "<w:comment/>"))
        self.made.docx = wordml.package(self.stories[0].stack.finish(), self.parts)
        return self.made

    def _open(self) -> None:
        self.groups.append(self.group)
        if len(self.groups) > _MAX_DEPTH:
            raise Unreadable("RTF 文档嵌套过深，疑为恶意文件，未予打开；请重新制作后报送")
        self.group = self.group.copy()
        self.star, self.to_skip = False, 0

    def _close(self) -> None:
        if not self.groups:
            return
        depth, dest, outer = len(self.groups), self.group.dest, self.groups[-1].dest
        if dest in _WANTED and dest != outer:
            _WANTED[dest](self, "".join(self.gathered.pop(dest, [])))
        if len(self.stories) > 1 and self.stories[-1].depth == depth:
            self._end_story()
        if self.fields and self.fields[-1].depth == depth:
            self.fields.pop()
            self._inline.append(wordml.END)
        self.group = self.groups.pop()
        self.to_skip, self.star = 0, False

    # ---------------------------------------------------------------------------------------------- text
    @property
    def _inline(self) -> list[str]:
        return self.stories[-1].inline

    def _plain(self, raw: bytes) -> None:
        cut = min(self.to_skip, len(raw))
        self.to_skip -= cut
        self.raw += raw[cut:]

    def _flush(self) -> None:
        """Decode the 8-bit text gathered so far and put it where it belongs."""
        if not self.raw:
            return
        raw, self.raw = bytes(self.raw), bytearray()
        name, charset = self.fonts.get(self.group.font, ("", 0))
        if self.group.dest == "text" and (charset == _SYMBOL_CHARSET or is_symbol_font(name)):
            self._say("".join(chr(0xF000 + b) if b > 0x20 else chr(b) for b in raw))
            return
        for codec in (_CHARSETS.get(charset, self.codec), "gb18030", "utf-8"):
            try:
                self._say(raw.decode(codec))
                return
            except UnicodeDecodeError:
                continue
        self._say(raw.decode("cp1252", "replace"))

    def _unicode(self, number: int) -> None:
        self._flush()
        code = number & 0xFFFF if number < 0 else min(number, 0x10FFFF)
        self.to_skip = self.group.skip
        if 0xD800 <= code < 0xDC00:
            self.high = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((self.high - 0xD800) << 10) + code - 0xDC00 if self.high else 0xFFFD
        self.high = 0
        self._say(chr(code))

    def _say(self, text: str) -> None:
        dest = self.group.dest
        if dest == "text":
            look = replace(self.group.look, font=self.fonts.get(self.group.font, ("", 0))[0])
            self._inline.append(wordml.text(text, look))
            shown = not (look.hidden or look.deleted or any(f.in_code for f in self.fields))
            if shown and self.stories[-1].kind == "body":
                self.made.visible += len("".join(text.split()))
        elif dest == "fldinst" and self.fields:
            self.fields[-1].code.append(text)
        elif dest == "fonttbl":
            self._font_name(text)
        elif dest in _WANTED:
            self.gathered.setdefault(dest, []).append(text)

    def _font_name(self, text: str) -> None:
        """Names of the font table end with a semicolon."""
        *ended, rest = text.split(";")
        for name in ended:
            name = "".join(self.gathered.pop("fonttbl", [])) + name
            self.fonts[self.group.font] = name.strip(), self.fonts.get(self.group.font, ("", 0))[1]
        if rest:
            self.gathered.setdefault("fonttbl", []).append(rest)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.star = True
        elif sign in "\r\n":
            self._word("par", None)
        elif sign in "\\{}":
            self._plain(sign.encode())
        elif sign in "~_":
            self._flush()
            self._say("\u00a0" if sign == "~" else "-")

    # ---------------------------------------------------------------------------------------------- words
    def _word(self, name: str, number: int | None) -> None:
        if name == "u":
            self._unicode(number or 0)
            return
        self._flush()
        starred, self.star = self.star, False
        if name in _SILENT:
            self.group.dest = "skip"
        elif self.group.dest == "skip" and name != "ud":
            return
        elif name in _MARGINS or name in ("footnote", "annotation", "shptxt", "dptxbxtext"):
            self._begin_story(name)
        elif name in _WORDS:
            _WORDS[name](self, number)
        elif self.group.dest == "text" and name in _SIGNS:
            self._inline.append(wordml.run(_SIGNS[name], self.group.look))
        elif name in _CHARACTERS:
            self._say(_CHARACTERS[name])
        elif name in _WANTED:
            self.group.dest = name
        elif starred:
            self.group.dest = "skip"

    # ---------------------------------------------------------------------------------------------- stories, paragraphs
    def _begin_story(self, name: str) -> None:
        kind = _MARGINS.get(name, {"footnote": "note", "annotation": "comment"}.get(name, "box"))
        self.stories.append(_Story(kind, len(self.groups), TableStack(self.made.doubts)))
        self.group.dest, self.group.para, self.group.look = "text", ParaProps(), Look()

    def _end_story(self) -> None:
        if self._inline:
            self._end_paragraph(ParaProps(), "\r")
        story = self.stories.pop()
        content = story.stack.finish()
        if story.kind == "note":
            self.notes.append(content)
            self._inline.append(f'<w:r><w:footnoteReference w:id="{len(self.notes)}"/></w:r>')
        elif story.kind == "box":
            self._inline.append(wordml.run(wordml.text_box(content), self.group.look))
        elif story.kind == "comment":
            self.commented = True
        elif "<w:r>" in content and not any(p.content == content for p in self.parts):
            self.parts.append(Part(story.kind, f"{story.kind}{len(self.parts)}", content))

    def _end_paragraph(self, para: ParaProps, sign: str) -> None:
        story = self.stories[-1]
        properties = f'<w:outlineLvl w:val="{para.outline}"/>' if para.outline < 9 else ""
        if self.group.look.deleted and sign == "\r":
            properties += "<w:rPr><w:del/></w:rPr>"
        story.stack.paragraph(wordml.paragraph("".join(story.inline), properties), para, sign)
        story.inline = []

    def par(self, _: int | None) -> None:
        if self.group.dest == "text":
            self._end_paragraph(self.group.para, "\r")

    def sect(self, _: int | None) -> None:
        if self._inline:
            self.par(None)

    def cell(self, _: int | None) -> None:
        self._end_paragraph(replace(self.group.para, in_table=True, depth=1), "\x07")

    def nestcell(self, _: int | None) -> None:
        depth = max(2, self.group.para.depth)
        self._end_paragraph(replace(self.group.para, in_table=True, depth=depth, inner_cell=True), "\r")

    def row(self, _: int | None) -> None:
        self._row(False, 1)

    def nestrow(self, _: int | None) -> None:
        self._row(True, max(2, self.group.para.depth))

    def _row(self, nested: bool, depth: int) -> None:
        row = self.stories[-1].rows[nested]
        ended = replace(row.copy(), in_table=True, depth=depth, row_end=not nested, inner_row_end=nested)
        self._end_paragraph(ended, "\r" if nested else "\x07")

    @property
    def _definition(self) -> ParaProps:
        return self.stories[-1].rows[self.group.nest]

    def trowd(self, _: int | None) -> None:
        self.stories[-1].rows[self.group.nest] = ParaProps()
        self.stories[-1].cell = TableCell()

    def cellx(self, number: int | None) -> None:
        row, story = self._definition, self.stories[-1]
        row.edges = row.edges or [min(row.gap, (number or 0) - 1)]
        row.edges.append(number or 0)
        row.cells.append(story.cell)
        story.cell = TableCell()

    # ---------------------------------------------------------------------------------------------- fields, pictures
    def field(self, _: int | None) -> None:
        self.fields.append(_Field(len(self.groups), self._inline, len(self._inline)))
        self._inline.append(wordml.BEGIN)

    def fldinst(self, _: int | None) -> None:
        self.group.dest = "fldinst" if self.fields else "skip"

    def fldrslt(self, _: int | None) -> None:
        if self.fields and self.fields[-1].in_code:
            code = "".join(self.fields[-1].code).strip()
            self.fields[-1].in_code = False
            self.made.codes.append(code)
            self._inline.extend([wordml.instruction(code), wordml.SEPARATE])

    def end_form(self, _: str) -> None:
        here = self.fields[-1] if self.fields else None
        if here is not None and here.kind in (1, 2):
            value = here.default if here.result in (-1, 25) else here.result
            data = wordml.check_box(value == 1) if here.kind == 1 else wordml.drop_down(value, here.entries)
            here.inline[here.slot] = wordml.begin(data)

    def end_label(self, text: str) -> None:
        """An automatic number; a bullet only where it is a box, which applicants tick with."""
        shown = text.replace("\t", "").strip()
        if shown and not _BULLET.fullmatch(shown):
            self._inline.append(wordml.text(shown, Look()))

    def end_entry(self, text: str) -> None:
        if self.fields:
            self.fields[-1].entries.append(text)

    def end_class(self, text: str) -> None:
        self.objects += not _EQUATION.search(text)

    def end_template(self, text: str) -> None:
        self.template = text.strip()

    def pict(self, _: int | None) -> None:
        if self.group.dest in ("text", "shape") and not self.group.look.deleted:
            self._inline.append(wordml.PICTURE)
        self.group.dest = "skip"


def _set(where: str, name: str, value: Callable[[int | None], object]) -> Callable[[_Reader, int | None], None]:
    """A word that sets a property of the paragraph, the look, the group, the row or the cell."""

    def put(reader: _Reader, number: int | None) -> None:
        owner = {
            "para": lambda: reader.group.para,
            "look": lambda: reader.group.look,
            "group": lambda: reader.group,
            "reader": lambda: reader,
            "row": lambda: reader._definition,
            "cell": lambda: reader.stories[-1].cell,
            "form": lambda: reader.fields[-1] if reader.fields else _Field(0, [], 0),
        }[where]()
        setattr(owner, name, value(number))

    return put


def _on(number: int | None) -> bool:
    return number != 0


def _number(number: int | None) -> int:
    return number or 0


def _font(reader: _Reader, number: int | None) -> None:
    reader.group.font = number or 0


def _charset(reader: _Reader, number: int | None) -> None:
    if reader.group.dest == "fonttbl":
        reader.fonts[reader.group.font] = "", number or 0


def _plain_look(reader: _Reader, _: int | None) -> None:
    reader.group.look, reader.group.font = Look(), reader.default_font


def _default_font(reader: _Reader, number: int | None) -> None:
    reader.default_font = reader.group.font = number or 0


def _to(dest: str) -> Callable[[_Reader, int | None], None]:
    def put(reader: _Reader, _: int | None) -> None:
        reader.group.dest = dest

    return put


_WORDS: dict[str, Callable[[_Reader, int | None], None]] = {
    "ansicpg": _set("reader", "codec", lambda n: _CODE_PAGES.get(n or 0, "cp1252")),
    "deff": _default_font,
    "f": _font,
    "fcharset": _charset,
    "uc": _set("group", "skip", _number),
    "plain": _plain_look,
    "v": _set("look", "hidden", _on),
    "deleted": _set("look", "deleted", _on),
    "revised": _set("look", "inserted", _on),
    "pard": _set("group", "para", lambda _: ParaProps()),
    "intbl": _set("para", "in_table", _on),
    "itap": _set("para", "depth", _number),
    "outlinelevel": _set("para", "outline", _number),
    "par": _Reader.par,
    "sect": _Reader.sect,
    "cell": _Reader.cell,
    "nestcell": _Reader.nestcell,
    "row": _Reader.row,
    "nestrow": _Reader.nestrow,
    "trowd": _Reader.trowd,
    "cellx": _Reader.cellx,
    "trleft": _set("row", "gap", _number),
    "trhdr": _set("row", "header", _on),
    "clmrg": _set("cell", "merged", _on),
    "clvmgf": _set("cell", "starts", _on),
    "clvmrg": _set("cell", "below", _on),
    "nesttableprops": _set("group", "nest", lambda _: True),
    "field": _Reader.field,
    "fldinst": _Reader.fldinst,
    "fldrslt": _Reader.fldrslt,
    "fftype": _set("form", "kind", _number),
    "ffres": _set("form", "result", _number),
    "ffdefres": _set("form", "default", _number),
    "pict": _Reader.pict,
    "shpinst": _to("shape"),
    "sp": _to("shape"),
    "fonttbl": _to("fonttbl"),
    "shppict": lambda *_: None,
    "ud": _to("text"),
}
_WANTED: dict[str, Callable[[_Reader, str], None]] = {
    "formfield": _Reader.end_form,
    "ffl": _Reader.end_entry,
    "listtext": _Reader.end_label,
    "pntext": _Reader.end_label,
    "objclass": _Reader.end_class,
    "template": _Reader.end_template,
}


def read_rtf(data: bytes) -> Document:
    """Read an RTF document. Raises Unreadable where it is damaged and LibreOffice is not there or no help either."""
    reader = _Reader()
    converted = reader.read(data)
    if not converted.visible and not any(b in data for b in (b"\\pict", b"\\cell")):
        return second_route(data, "rtf", "RTF 文档中没有读到文字")
    where = "嵌入的对象"
    notes = [Note(code="F04", message=f"文件中含有{where}，本系统不予运行", where=where, evidence=where)]
    return settle(data, "rtf", converted, (notes if reader.objects else []) + links(converted.codes, reader.template))
