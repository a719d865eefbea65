"""Small PDFs for tests, written by hand: what stands in the bytes is what the test says.

Coordinates are points from the top left. Chinese text uses a font that is not embedded, with the predefined character map
UniGB-UCS2-H (ISO 32000-1, 9.7.5.2): Chinese characters are one em wide, ASCII half an em.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from extractors.page.content import Kind
from extractors.pdf.page import read_pages
from extractors.pdf.read import open_pdf

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def set_width(text: str, size: float) -> float:
    """How wide a text is set, in points."""
    return sum(0.5 if ord(c) < 0x7F else 1.0 for c in text) * size


TaggedCell = tuple[int, Sequence[tuple[int, int]]]
"""A cell in a file's tags: the columns it spans, and the page (from 0) and number of each of its marked contents."""


class Page:
    """A page under construction; ``turn`` is its /Rotate."""

    def __init__(self, size: tuple[float, float] = (595.0, 842.0), turn: int = 0) -> None:
        self.size, self.turn = size, turn
        self.sideways = False
        """Draw everything turned a quarter to the left, as a landscape page printed on portrait paper."""
        self.body: list[str] = []
        self.extra = ""
        self.widgets: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10.5,
        *,
        angle: int = 0,
        mode: int = 0,
        font: str = "F1",
        tag: int | None = None,
        units: float = 1,
    ) -> Page:
        """A text whose baseline begins at (x, y); ``angle`` 90 runs upwards; ``mode`` 3 is invisible; font F2 is Wingdings, F3 is
        written downwards from (x, y), the middle of its first character's top. ``tag``: its number as marked content. ``units``: how
        many of the text's own are a point (20 as WPS writes it)."""
        a, b, c, d = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 270: (0, -1, 1, 0)}[angle]
        shown = text.encode("latin-1").hex() if font == "F2" else text.encode("utf-16-be").hex()
        at = f"{a / units} {b / units} {c / units} {d / units} {x:.2f} {self.size[1] - y:.2f} Tm"
        drawn = f"BT /{font} {size * units} Tf {mode} Tr {at} <{shown}> Tj ET"
        self.body.append(drawn if tag is None else f"/P << /MCID {tag} >> BDC {drawn} EMC")
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.5, dash: str = "") -> Page:
        height = self.size[1]
        set_dash = f"[{dash}] 0 d" if dash else "[] 0 d"
        self.body.append(f"{set_dash} {weight} w {x0:.2f} {height - y0:.2f} m {x1:.2f} {height - y1:.2f} l S")
        return self

    def box(self, x0: float, y0: float, x1: float, y1: float, paint: str = "S") -> Page:
        """A rectangle, stroked (S) or filled (f)."""
        self.body.append(f"{x0:.2f} {self.size[1] - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re {paint}")
        return self

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        height: float = 20,
        size: float = 10.5,
        strips: bool = False,
        dash: str = "",
    ) -> float:
        """A ruled table without merged cells, lines of a cell parted by line feeds; returns where it ends. ``strips``: its
        rules are filled strips, a piece for each cell, as Word draws them."""
        xs = [x + sum(widths[:i]) for i in range(len(widths) + 1)]
        top = y
        for row in rows:
            lines = max((cell.count("\n") + 1 for cell in row), default=1)
            bottom = top + height + (lines - 1) * size * 1.2
            for i, cell in enumerate(row):
                for j, line in enumerate(cell.split("\n")):
                    self.text(xs[i] + 4, top + 14 + j * size * 1.2, line, size)
                if strips:
                    self.box(xs[i], top, xs[i + 1], top + 0.5, "f").box(xs[i], bottom, xs[i + 1], bottom + 0.5, "f")
                    self.box(xs[i], top, xs[i] + 0.5, bottom, "f").box(xs[i + 1], top, xs[i + 1] + 0.5, bottom, "f")
            if not strips:
                for at in (top, bottom):
                    self.rule(xs[0], at, xs[-1], at, dash=dash)
                for at in xs:
                    self.rule(at, top, at, bottom, dash=dash)
            top = bottom
        return top

    def picture(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        """A grey picture over a part of the page."""
        self.body.append(f"q {x1 - x0:.2f} 0 0 {y1 - y0:.2f} {x0:.2f} {self.size[1] - y1:.2f} cm /I1 Do Q")
        return self


def pdf(
    *pages: Page,
    attachment: str = "",
    script: str = "",
    password: str | None = None,
    owner: str = "owner",
    fields: bool = False,
    tagged: Sequence[Sequence[TaggedCell]] = (),
) -> bytes:
    """The bytes of a PDF. ``password`` "" encrypts it so that it opens without one, another so that it does not. ``fields``: the
    pages' widgets are the fields of a form whose appearance is left to the viewer. ``tagged``: the rows of a table in the file's tags."""
    objects: list[bytes] = []

    def add(content: str, stream: bytes | None = None) -> int:
        number = len(objects) + 1
        data = content.encode("latin-1")
        if stream is not None:
            stream = _rc4(_object_key(key, number), stream) if key else stream
            data = data[:-2] + f" /Length {len(stream)} >>".encode() + b"\nstream\n" + stream + b"\nendstream"
        objects.append(data)
        return number

    key, encrypt = _encryption(password, owner) if password is not None else (b"", "")
    cid = add("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
              " /Supplement 2 >> /DW 1000 /W [1 95 500] /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
              " /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>")  # fmt: skip
    song = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [{cid} 0 R] >>"
    )
    downwards = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-V /DescendantFonts [{cid} 0 R] >>"
    )
    wing = add("<< /Type /Font /Subtype /TrueType /BaseFont /Wingdings-Regular /FirstChar 32 /LastChar 255 /Widths ["
               + "900 " * 224 + "] /FontDescriptor << /Type /FontDescriptor /FontName /Wingdings-Regular /Flags 4 /FontBBox"
               " [0 -211 1359 899] /ItalicAngle 0 /Ascent 899 /Descent -211 /CapHeight 719 /StemV 80 >> >>")  # fmt: skip
    image = add(
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 >>", b"\xcc"
    )
    tree = len(objects) + 2 * len(pages) + 1 + sum(len(p.widgets) for p in pages)
    kids: list[int] = []
    for page in pages:
        drawn = "\n".join(page.body)
        width, height = page.size
        if page.sideways:
            drawn, width, height = f"q 0 1 -1 0 {height} 0 cm\n{drawn}\nQ", height, width
        content = add("<< >>", drawn.encode("latin-1"))
        notes = [add(w) for w in page.widgets]
        annots = f"/Annots [{' '.join(f'{n} 0 R' for n in notes)}]" if notes else ""
        kids.append(add(
            f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {width} {height}] /Rotate {page.turn} {annots}"
            f" /StructParents {len(kids)}"
            f" /Contents {content} 0 R /Resources << /Font << /F1 {song} 0 R /F2 {wing} 0 R /F3 {downwards} 0 R >> /XObject << /I1 {image} 0 R >> {page.extra} >> >>"
        ))  # fmt: skip
    assert add(f"<< /Type /Pages /Kids [{' '.join(f'{k} 0 R' for k in kids)}] /Count {len(kids)} >>") == tree
    names = ""
    if attachment:
        held = add("<< /Type /EmbeddedFile >>", b"MZ")
        names += f"/EmbeddedFiles << /Names [(a) << /Type /Filespec /F ({attachment}) /UF ({attachment}) /EF << /F {held} 0 R >> >>] >>"
    if script:
        names += f" /JavaScript << /Names [(s) << /S /JavaScript /JS ({script}) >>] >>"
    form = ""
    if fields:
        own = [n + 1 for n, content in enumerate(objects) if b"/Subtype /Widget" in content]
        form = (
            f"/AcroForm << /Fields [{' '.join(f'{n} 0 R' for n in own)}] /NeedAppearances true"
            f" /DR << /Font << /F1 {song} 0 R >> >> /DA (/F1 10 Tf 0 g) >>"
        )
    tags = ""
    if tagged:
        tags = f"/MarkInfo << /Marked true >> /StructTreeRoot {len(objects) + 1} 0 R"
        for content in _structure(tagged, kids, len(objects) + 1):
            add(content)
    root = add(f"<< /Type /Catalog /Pages {tree} 0 R /Names << {names} >> {form} {tags} >>")
    return file_of(objects, root, encrypt)


def file_of(objects: Sequence[bytes], root: int, encrypt: str = "") -> bytes:
    """A PDF of numbered objects (the first is 1), of which ``root`` is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    secured = f" /Encrypt {encrypt} /ID [<00> <00>]" if encrypt else ""
    out += f"trailer\n<< /Size {len(objects) + 1} /Root {root} 0 R{secured} >>\nstartxref\n{start}\n%%EOF\n".encode(
        "latin-1"
    )
    return bytes(out)


def _structure(rows: Sequence[Sequence[TaggedCell]], pages: Sequence[int], first: int) -> list[str]:
    """The objects of a tree with one table, numbered from ``first``."""
    table = first + 1
    found = ["", ""]
    row_numbers: list[int] = []
    marks: dict[int, dict[int, int]] = {}
    for row in rows:
        number = first + len(found) + len(row)
        cells = []
        for span, contents in row:
            cells.append(first + len(found))
            for page, mark in contents:
                marks.setdefault(page, {})[mark] = cells[-1]
            kids = " ".join(f"<< /Type /MCR /Pg {pages[page]} 0 R /MCID {mark} >>" for page, mark in contents)
            found.append(
                f"<< /Type /StructElem /S /TD /P {number} 0 R /K [{kids}] /A << /O /Table /ColSpan {span} >> >>"
            )
        found.append(f"<< /Type /StructElem /S /TR /P {table} 0 R /K [{' '.join(f'{c} 0 R' for c in cells)}] >>")
        row_numbers.append(number)
    nums = " ".join(
        f"{page} [{' '.join(f'{own[n]} 0 R' if n in own else 'null' for n in range(max(own) + 1))}]"
        for page, own in sorted(marks.items())
    )
    found[0] = f"<< /Type /StructTreeRoot /K [{table} 0 R] /ParentTree << /Nums [{nums}] >> >>"
    found[1] = f"<< /Type /StructElem /S /Table /P {first} 0 R /K [{' '.join(f'{n} 0 R' for n in row_numbers)}] >>"
    return found


def _encryption(user: str, owner: str) -> tuple[bytes, str]:
    """The key of the file and its encryption dictionary (standard handler, revision 2, ISO 32000-1, 7.6.3)."""
    padded = [(word.encode() + PAD)[:32] for word in (owner, user)]
    o = _rc4(hashlib.md5(padded[0]).digest()[:5], padded[1])
    key = hashlib.md5(padded[1] + o + (-4 & 0xFFFFFFFF).to_bytes(4, "little") + b"\x00").digest()[:5]
    u = _rc4(key, PAD)
    return key, f"<< /Filter /Standard /V 1 /R 2 /O <{o.hex()}> /U <{u.hex()}> /P -4 >>"


def _object_key(key: bytes, number: int) -> bytes:
    return hashlib.md5(key + number.to_bytes(3, "little") + b"\x00\x00").digest()[: len(key) + 5]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def page_kinds(data: bytes) -> list[Kind]:
    """For each page, how it is to be read: "text", "scan" (a picture), or "mixed" (a picture with a little text)."""
    with open_pdf(data) as document:
        return [read_pages(page, number)[0].kind for number, page in enumerate(document, 1)]
