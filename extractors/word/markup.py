"""The little WordprocessingML that readers of other formats write, for :func:`extractors.word.docx.read_docx` to read.

.doc, RTF, HTML and Word 2003 XML hold the same things under other names. Each is put into these words, so that ticks,
merged cells, fields and changes have one meaning, given in one place.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from extractors.document.symbols import is_symbol_font
from extractors.word.names import DOCUMENT, R, W
from records.signs import UNSEEN

NS = (
    f'xmlns:w="{W}" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
PICTURE = "<w:r><w:drawing><a:blip/></w:drawing></w:r>"
BEGIN, SEPARATE, END = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end"))
_ROOTS = {"header": "hdr", "footer": "ftr"}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold and damaged files do."""
SIGNS = re.compile("([\uf020-\uf0ff])")
"""The private-use characters under which signs of symbol fonts are stored."""


class Part(NamedTuple):
    """A part beside the body: its kind (header, footer, footnotes …), its name and its content."""

    kind: str
    name: str
    content: str


@dataclass(slots=True)
class Look:
    """What matters of how a run looks."""

    hidden: bool = False
    deleted: bool = False
    inserted: bool = False
    struck: bool = False
    lit: bool = False
    """A ground or a colour sets it off."""
    stressed: bool = False
    """Bold, italic or underlined."""
    raised: bool = False
    """Above the line: marks of notes among such characters are not read, so none of them is counted as visible."""
    lines: bool = False
    """Line breaks of the source are line breaks."""
    font: str = ""


@dataclass(slots=True)
class Converted:
    """``docx`` is the package. ``visible`` counts the characters of the body that are neither white space, deleted,
    hidden nor field codes. ``codes`` are the field codes; ``doubts`` what did not add up."""

    docx: bytes
    visible: int = 0
    codes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def clean(value: str) -> str:
    """Text without what XML cannot hold."""
    return _ILLEGAL.sub("", value)


def size(value: str) -> int:
    """How many characters of a text are seen."""
    seen = "".join(value.split())
    return len(seen if seen.isprintable() else UNSEEN.sub("", seen))


def run(content: str, look: Look) -> str:
    """A w:r around ``content``, within the change it belongs to."""
    inside = f"<w:rFonts w:ascii={quoteattr(look.font)}/>" if is_symbol_font(look.font) else ""
    if look.hidden:
        inside += "<w:vanish/>"
    if look.struck:
        inside += "<w:strike/>"
    if look.lit:
        inside += '<w:highlight w:val="yellow"/>'
    if look.stressed:
        inside += '<w:u w:val="single"/>'
    if look.raised:
        inside += '<w:vertAlign w:val="superscript"/>'
    made = f"<w:r>{f'<w:rPr>{inside}</w:rPr>' if inside else ''}{content}</w:r>"
    if look.deleted:
        return f"<w:del>{made}</w:del>"
    return f"<w:ins>{made}</w:ins>" if look.inserted else made


def text(value: str, look: Look) -> str:
    """The runs of a text; a sign typed in a symbol font is the same as one inserted."""
    tag = "delText" if look.deleted else "t"
    out = ""
    for piece in SIGNS.split(value):
        if SIGNS.fullmatch(piece):
            out += symbol(ord(piece), look)
        elif piece:
            out += run(f'<w:{tag} xml:space="preserve">{escape(piece)}</w:{tag}>', look)
    return out


def symbol(code: int, look: Look) -> str:
    """A sign of the look's font, by its code."""
    return run(f'<w:sym w:font={quoteattr(look.font)} w:char="{code:04X}"/>', look)


def instruction(code: str) -> str:
    """A piece of a field's code."""
    return f'<w:r><w:instrText xml:space="preserve">{escape(code)}</w:instrText></w:r>'


def check_box(ticked: bool) -> str:
    """The data of a form's check box, for :func:`begin`."""
    return f'<w:ffData><w:checkBox><w:checked w:val="{int(ticked)}"/></w:checkBox></w:ffData>'


def drop_down(chosen: int, entries: Sequence[str]) -> str:
    """The data of a form's list, for :func:`begin`."""
    items = "".join(f"<w:listEntry w:val={quoteattr(e)}/>" for e in entries)
    return f'<w:ffData><w:ddList><w:result w:val="{chosen}"/>{items}</w:ddList></w:ffData>'


def begin(data: str) -> str:
    """The begin of a field that holds form data."""
    return f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'


def text_box(content: str) -> str:
    """What a run holds where a text box is anchored."""
    return f"<w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict>"


def paragraph(inline: str, properties: str = "") -> str:
    """A w:p."""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inline}</w:p>"


def package(body: str, parts: Sequence[Part] = ()) -> bytes:
    """A Word package of a body and its parts, whose kinds are those of their relationships."""
    out = io.BytesIO()
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{R}/{part.kind}" Target="{part.name}.xml"/>' for i, part in enumerate(parts)
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        made.writestr(DOCUMENT, _document("document", f"<w:body>{body}</w:body>"))
        made.writestr("word/_rels/document.xml.rels", f"{rels}</Relationships>")
        for part in parts:
            made.writestr(f"word/{part.name}.xml", _document(_ROOTS.get(part.kind, part.kind), part.content))
    return out.getvalue()


def _document(root: str, content: str) -> str:
    return f"<w:{root} {NS}>{clean(content)}</w:{root}>"
