"""RTF (Rich Text Format 1.9.1) → WordprocessingML.

The table model is that of .doc: paragraphs say that they are in a table, marks end cells and rows, the row's definition
holds its edges and merges. Fonts tell the encoding of 8-bit text. A group restores on its end what it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from extractors.document.errors import Unreadable
from extractors.word import markup
from extractors.word.binary.properties import ParaProps, TableCell
from extractors.word.binary.tables import TableStack
from extractors.word.markup import Converted, Look, Part
from extractors.word.names import OUTLINE_LEVELS
from extractors.word.rtf.model import (
    BULLET,
    CHARACTERS,
    EQUATION,
    HEADING,
    MARGINS,
    MAX_DEPTH,
    PLAIN,
    SIGNS,
    SILENT,
    TOKEN,
    Field,
    Group,
    Story,
)
from extractors.word.rtf.text import Decoder


@dataclass(slots=True)
class Reader(Decoder):
    """Reads one file. ``words`` says what each control word does, ``wanted`` what is done with the text of a group that is no text
    of the document when the group ends."""

    words: Mapping[str, Callable[[Reader, int | None], None]] = field(default_factory=dict)
    wanted: Mapping[str, Callable[[Reader, str], None]] = field(default_factory=dict)
    made: Converted = field(default_factory=lambda: Converted(b""))
    outlines: dict[int, int] = field(default_factory=dict)
    """The outline levels that styles give."""
    groups: list[Group] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    gathered: dict[str, list[str]] = field(default_factory=dict)
    """Text of groups that are no text of the document but are wanted, by their word."""
    star: bool = False
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    commented: bool = False
    objects: int = 0
    template: str = ""

    # ---------------------------------------------------------------------------------------------- reading
    def read(self, data: bytes) -> Converted:
        """The whole of a file. Raises Unreadable where its groups are nested beyond reason."""
        self.stories.append(Story("body", 0, TableStack(self.made.doubts)))
        at = 0
        while at < len(data):
            found = TOKEN.match(data, at)
            if found is None:
                break
            at = found.end()
            if found.lastindex == PLAIN:
                self.plain(found[PLAIN])
            elif found[1] is not None:
                number = int(found[2]) if found[2] is not None else None
                if found[1] == b"bin":
                    at += max(0, number or 0)
                else:
                    self._word(found[1].decode("ascii"), number)
            elif found[3] is not None:
                self.plain(bytes([int(found[3], 16)]))
            elif found[5] is not None:
                self.flush()
                if found[5] == b"{":
                    self._open()
                else:
                    self._close()
            elif found[4] is not None:
                self._sign(found[4].decode("latin-1"))
        return self._finish()

    def _finish(self) -> Converted:
        self.flush()
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
        self.made.docx = markup.package(self.stories[0].stack.finish(), self.parts)
        return self.made

    def _open(self) -> None:
        self.groups.append(self.group)
        if len(self.groups) > MAX_DEPTH:
            raise Unreadable("RTF 文档嵌套过深，疑为恶意文件，未予打开；请重新制作后报送")
        self.group = self.group.copy()
        self.star, self.to_skip = False, 0

    def _close(self) -> None:
        if not self.groups:
            return
        depth, dest, outer = len(self.groups), self.group.dest, self.groups[-1].dest
        if dest in self.wanted and dest != outer:
            self.wanted[dest](self, "".join(self.gathered.pop(dest, [])))
        if len(self.stories) > 1 and self.stories[-1].depth == depth:
            self._end_story()
        if self.fields and self.fields[-1].depth == depth:
            self.fields.pop()
            self._inline.append(markup.END)
        self.group = self.groups.pop()
        self.to_skip, self.star = 0, False

    # ---------------------------------------------------------------------------------------------- text
    @property
    def last_cell(self) -> TableCell:
        return self.stories[-1].cell

    @property
    def form(self) -> Field:
        return self.fields[-1] if self.fields else Field(0, [], 0)

    @property
    def _inline(self) -> list[str]:
        return self.stories[-1].inline

    def say(self, text: str) -> None:
        text = markup.clean(text)
        dest = self.group.dest
        if dest == "text":
            look = replace(self.group.look, font=self.fonts.get(self.group.font, ("", 0))[0])
            self._inline.append(markup.text(text, look))
            shown = not (
                look.hidden or look.deleted or look.struck or look.raised or any(f.in_code for f in self.fields)
            )
            if shown and self.stories[-1].kind == "body":
                self.made.visible += markup.size(text)
        elif dest == "fldinst" and self.fields:
            self.fields[-1].code.append(text)
        elif dest == "fonttbl":
            self._font_name(text)
        elif dest == "stylesheet" and (heading := HEADING.match(text)):
            self.outlines.setdefault(self.group.style, int(heading[1]) - 1)
        elif dest in self.wanted:
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
            self.plain(sign.encode())
        elif sign in "~_":
            self.flush()
            self.say("\u00a0" if sign == "~" else "-")

    # ---------------------------------------------------------------------------------------------- words
    def _word(self, name: str, number: int | None) -> None:
        if name == "u":
            self.unicode(number or 0)
            return
        self.flush()
        starred, self.star = self.star, False
        if name in SILENT:
            self.group.dest = "skip"
        elif self.group.dest == "skip" and name != "ud":
            return
        elif name in MARGINS or name in ("footnote", "annotation", "shptxt", "dptxbxtext"):
            self._begin_story(name)
        elif name in self.words:
            self.words[name](self, number)
        elif self.group.dest == "text" and name in SIGNS:
            self._inline.append(markup.run(SIGNS[name], self.group.look))
        elif name in CHARACTERS:
            self.say(CHARACTERS[name])
        elif name in self.wanted:
            self.group.dest = name
        elif starred:
            self.group.dest = "skip"

    # ---------------------------------------------------------------------------------------------- stories, paragraphs
    def _begin_story(self, name: str) -> None:
        kind = MARGINS.get(name, {"footnote": "note", "annotation": "comment"}.get(name, "box"))
        self.stories.append(Story(kind, len(self.groups), TableStack(self.made.doubts)))
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
            self._inline.append(markup.run(markup.text_box(content), self.group.look))
        elif story.kind == "comment":
            self.commented = True
        elif "<w:r>" in content and not any(p.content == content for p in self.parts):
            self.parts.append(Part(story.kind, f"{story.kind}{len(self.parts)}", content))

    def _end_paragraph(self, para: ParaProps, sign: str) -> None:
        story = self.stories[-1]
        properties = f'<w:outlineLvl w:val="{para.outline}"/>' if para.outline < OUTLINE_LEVELS else ""
        if self.group.look.deleted and sign == "\r":
            properties += "<w:rPr><w:del/></w:rPr>"
        story.stack.paragraph(markup.paragraph("".join(story.inline), properties), para, sign)
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
    def definition(self) -> ParaProps:
        return self.stories[-1].rows[self.group.nest]

    def trowd(self, _: int | None) -> None:
        self.stories[-1].rows[self.group.nest] = ParaProps()
        self.stories[-1].cell = TableCell()

    def cellx(self, number: int | None) -> None:
        row, story = self.definition, self.stories[-1]
        row.edges = row.edges or [min(row.gap, (number or 0) - 1)]
        row.edges.append(number or 0)
        row.cells.append(story.cell)
        story.cell = TableCell()

    # ---------------------------------------------------------------------------------------------- fields, pictures
    def field(self, _: int | None) -> None:
        self.fields.append(Field(len(self.groups), self._inline, len(self._inline)))
        self._inline.append(markup.BEGIN)

    def fldinst(self, _: int | None) -> None:
        self.group.dest = "fldinst" if self.fields else "skip"

    def fldrslt(self, _: int | None) -> None:
        here = self.fields[-1] if self.fields else None
        if here is not None and here.in_code:
            code = "".join(here.code).strip()
            here.in_code = False
            self.made.codes.append(code)
            self._inline.extend([markup.instruction(code), markup.SEPARATE])
            if code == "FORMCHECKBOX" and not here.kind:  # LibreOffice drops its state; all programs show it empty
                here.inline[here.slot] = markup.begin(markup.check_box(False))

    def end_form(self, _: str) -> None:
        here = self.fields[-1] if self.fields else None
        if here is not None and here.kind in (1, 2):
            value = here.default if here.result in (-1, 25) else here.result
            data = markup.check_box(value == 1) if here.kind == 1 else markup.drop_down(value, here.entries)
            here.inline[here.slot] = markup.begin(data)

    def end_label(self, text: str) -> None:
        """An automatic number; a bullet only where it is a box, which applicants tick with."""
        shown = text.replace("\t", "").strip()
        if shown and not BULLET.fullmatch(shown):
            self._inline.append(markup.text(shown, Look()))

    def end_entry(self, text: str) -> None:
        if self.fields:
            self.fields[-1].entries.append(text)

    def end_class(self, text: str) -> None:
        self.objects += not EQUATION.search(text)

    def end_template(self, text: str) -> None:
        self.template = text.strip()

    def pict(self, _: int | None) -> None:
        if self.group.dest in ("text", "shape") and not self.group.look.deleted:
            self._inline.append(markup.PICTURE)
        self.group.dest = "skip"
