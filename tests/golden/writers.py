"""A sheet as a file: Word, Word 2003 XML, RTF, a web page (plain or as a single file), PDF. The same sheet gives the same bytes."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable

from tests import pdfs
from tests.extractors import wordml
from tests.golden.sheets import NOTE, Box, Grid, Para, Sheet, noted

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OLD = "http://schemas.microsoft.com/office/word/2003/wordml"

Inline = Callable[[str], str]
"""Writes the runs of one paragraph."""


# ------------------------------------------------------------------------------------------------------------- Word


def docx(blocks: Sheet, inline: Inline | None = None) -> bytes:
    """A docx. ``inline`` writes a paragraph's text as runs (by default one)."""
    return wordml.package(_word_body(blocks, inline or runs), {"word/footnotes.xml": _FOOTNOTES})


_FOOTNOTES = f'<w:footnotes xmlns:w="{_WORD}"/>'


def runs(text: str) -> str:
    first, *rest = text.split(NOTE)
    return _run(first) + "".join(
        f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{part[:1]}</w:t></w:r>{_run(part[1:])}'
        for part in rest
    )


def split_runs(text: str) -> str:
    """Each character in a run of its own, between marks that Word leaves behind."""
    return "".join(f'<w:proofErr w:type="spellStart"/>{_run(c)}<w:proofErr w:type="spellEnd"/>' for c in noted(text))


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{html.escape(text, quote=False)}</w:t></w:r>' if text else ""


def _word_body(blocks: Sheet, inline: Inline) -> str:
    out = []
    for block in blocks:
        if isinstance(block, Para):
            level = f'<w:pPr><w:outlineLvl w:val="{block.level - 1}"/></w:pPr>' if block.level else ""
            out.append(f"<w:p>{level}{inline(block.text)}</w:p>")
        else:
            out.append(_word_table(block, inline))
    return "".join(out)


def _word_table(table: Grid, inline: Inline) -> str:
    at = _places(table)
    widths = table.widths or [8844 // table.columns] * table.columns
    rows = []
    for r in range(table.rows):
        cells, column = "", 0
        while column < table.columns:
            box = at.get((r, column))
            if box is None:
                cells += "<w:tc><w:tcPr/><w:p/></w:tc>"
                column += 1
                continue
            span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
            merge = "" if box.rows == 1 else '<w:vMerge w:val="restart"/>' if box.row == r else "<w:vMerge/>"
            inner = "".join(f"<w:p>{inline(line)}</w:p>" for line in box.text.split("\n")) if box.row == r else "<w:p/>"
            inner += "".join(f"{_word_table(t, inline)}<w:p/>" for t in box.inner) if box.row == r else ""
            cells += f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{inner}</w:tc>"
            column += box.columns
        rows.append(f"<w:tr>{cells}</w:tr>")
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _places(table: Grid) -> dict[tuple[int, int], Box]:
    """Each box by every row it spans and its first column."""
    return {(r, c.column): c for c in table.cells for r in range(c.row, c.row + c.rows)}


def wordml2003(blocks: Sheet) -> bytes:
    body = _word_body(blocks, runs).replace("w:vMerge", "w:vmerge")
    body = body.replace("<w:vmerge/>", '<w:vmerge w:val="continue"/>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
        f'<w:wordDocument xmlns:w="{_OLD}"><w:body>{body}</w:body></w:wordDocument>'
    ).encode()


def flat_opc(blocks: Sheet) -> bytes:
    package, office = "http://schemas.microsoft.com/office/2006/xmlPackage", "application/vnd.openxmlformats"
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        ' Target="word/document.xml"/></Relationships>'
    )
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{_word_body(blocks, runs)}</w:body></w:document>'
    return (
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="{package}">'
        f'<pkg:part pkg:name="/_rels/.rels" pkg:contentType="{office}-package.relationships+xml">'
        f'<pkg:xmlData>{relation}</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/document.xml"'
        f' pkg:contentType="{office}-officedocument.wordprocessingml.document.main+xml">'
        f"<pkg:xmlData>{document}</pkg:xmlData></pkg:part></pkg:package>"
    ).encode()


# -------------------------------------------------------------------------------------------------------- web pages


def page(blocks: Sheet, charset: str = "utf-8") -> bytes:
    """A web page, as Word and report systems save it."""
    body = "\n".join(_html(b) for b in blocks)
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    return f"<html><head>{head}</head><body>{body}</body></html>".encode(charset, "xmlcharrefreplace")


def mht(blocks: Sheet) -> bytes:
    content = base64.encodebytes(page(blocks, "gb18030")).decode()
    return (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="part"\r\n\r\n--part\r\n'
        "Content-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Type: text/html; charset="gb2312"\r\n\r\n{content}\r\n--part--\r\n'
    ).encode()


def _html(block: Para | Grid) -> str:
    if isinstance(block, Para):
        tag = f"h{block.level}" if block.level else "p"
        return f"<{tag}>{_html_text(block.text)}</{tag}>"
    rows = []
    for r in range(block.rows):
        cells = "".join(
            f'<td rowspan="{c.rows}" colspan="{c.columns}">'
            + "".join(f"<p>{_html_text(line)}</p>" for line in c.text.split("\n"))
            + "".join(_html(t) for t in c.inner)
            + "</td>"
            for c in block.row(r)
        )
        rows.append(f"<tr>{cells}</tr>")
    return f'<table border="1">{"".join(rows)}</table>'


def _html_text(text: str) -> str:
    return noted(html.escape(text, quote=False), "<sup>", "</sup>") or "&nbsp;"


# --------------------------------------------------------------------------------------------------------------- RTF


def rtf(blocks: Sheet) -> bytes:
    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}"
    return (head + "".join(_rtf(b) for b in blocks) + "}").encode("ascii")


def _rtf(block: Para | Grid) -> str:
    if isinstance(block, Para):
        return rf"\pard\plain {_rtf_text(block.text)}\par" + "\n"
    at = _places(block)
    width = 9000 // block.columns
    rows = []
    for r in range(block.rows):
        definition, content, column = r"\trowd", "", 0
        while column < block.columns:
            box = at.get((r, column))
            columns = box.columns if box else 1
            if box is not None and box.rows > 1:
                definition += r"\clvmgf" if box.row == r else r"\clvmrg"
            column += columns
            definition += rf"\cellx{column * width}"
            lines = box.text.split("\n") if box is not None and box.row == r else [""]
            content += r"\pard\intbl " + r"\par ".join(_rtf_text(line) for line in lines) + r"\cell"
        rows.append(definition + content + r"\row" + "\n")
    return "".join(rows)


def _rtf_text(text: str) -> str:
    escaped = "".join(c if c.isascii() and c not in "\\{}" else _rtf_char(c) for c in text if c != NOTE)
    if NOTE not in text:
        return escaped
    marked = noted(text, "\ue001", "\ue002")
    escaped = "".join(c if c.isascii() and c not in "\\{}" else _rtf_char(c) for c in marked)
    return escaped.replace(_rtf_char("\ue001"), r"{\super ").replace(_rtf_char("\ue002"), "}")


def _rtf_char(char: str) -> str:
    if char in "\\{}":
        return f"\\{char}"
    code = ord(char)
    return rf"\u{code if code < 0x8000 else code - 0x10000}?"


# --------------------------------------------------------------------------------------------------------------- PDF

MARGIN, WIDTH, SIZE, LEADING = 50.0, 495.0, 10.5, 13.0
_NO_START = "，。、；：）】》”？！％%"


def pdf(blocks: Sheet, *, strips: bool = False, dash: str = "", height: float = 842.0) -> bytes:
    """Pages of a PDF: text wrapped into its cells, rows cut where the page ends. ``strips``: rules are filled strips, as Word
    draws them; ``dash`` a dash pattern for the rules; ``height`` the page's, to cut rows more often."""
    return _Printer(strips, dash, height).print(blocks)


class _Printer:
    def __init__(self, strips: bool, dash: str, height: float) -> None:
        self.strips, self.dash, self.height = strips, dash, height
        self.pages: list[pdfs.Page] = []
        self._new()

    def print(self, blocks: Sheet) -> bytes:
        for block in blocks:
            if isinstance(block, Para):
                for line in _wrapped(noted(block.text), WIDTH, SIZE) if block.text.strip() else [""]:
                    self._room(LEADING)
                    self.page.text(MARGIN, self.y + SIZE, line)
                    self.y += LEADING + 4
            else:
                self._table(block)
                self.y += 8
        return pdfs.pdf(*self.pages)

    def _new(self) -> None:
        self.page = pdfs.Page((595.0, self.height))
        self.pages.append(self.page)
        self.y = MARGIN

    @property
    def bottom(self) -> float:
        return self.height - MARGIN

    def _room(self, need: float) -> None:
        if self.y + need > self.bottom:
            self._new()

    def _table(self, table: Grid) -> None:
        widths = table.widths or [1] * table.columns
        scale = WIDTH / sum(widths)
        xs = [MARGIN + scale * sum(widths[:n]) for n in range(table.columns + 1)]
        size = SIZE if len(widths) < 11 or sum(widths) < 9000 else 7.5
        lines: dict[int, list[str]] = {
            id(c): _wrapped(noted(c.text), xs[c.column + c.columns] - xs[c.column] - 8, size) for c in table.cells
        }
        step = size * LEADING / SIZE
        needs = [
            max((len(lines[id(c)]) for c in table.cells if c.row == r and c.rows == 1), default=1)
            for r in range(table.rows)
        ]
        for cell in table.cells:
            lack = len(lines[id(cell)]) - sum(needs[cell.row : cell.row + cell.rows])
            if cell.rows > 1 and lack > 0:
                needs[cell.row + cell.rows - 1] += lack
        at = _places(table)
        self._room(step * min(needs[0], 3) + 6)
        for r in range(table.rows):
            row = [at[r, c] for c in range(table.columns) if (r, c) in at]
            left = needs[r]
            while left > 0:
                fit = int((self.bottom - self.y - 6) // step)
                if fit < 1:
                    self._new()
                    continue
                now = min(left, fit)
                self._piece(row, xs, lines, now, step, size, last=r, ends=now == left)
                left -= now
                if left:
                    self._new()

    def _piece(
        self,
        row: list[Box],
        xs: list[float],
        lines: dict[int, list[str]],
        count: int,
        step: float,
        size: float,
        *,
        last: int,
        ends: bool,
    ) -> None:
        """As much of a row as the page holds, with its rules."""
        top, bottom = self.y, self.y + count * step + 6
        for cell in row:
            x0, x1 = xs[cell.column], xs[cell.column + cell.columns]
            for n, line in enumerate(lines[id(cell)][:count]):
                self.page.text(x0 + 4, top + 3 + size + n * step, line, size)
            del lines[id(cell)][:count]
            level = []
            if cell.row == last or top == MARGIN:
                level.append(top)
            if cell.row + cell.rows - 1 == last or not ends or bottom + step > self.bottom:
                level.append(bottom)
            for y in level:
                self._rule(x0, y, x1, y)
            self._rule(x0, top, x0, bottom)
            self._rule(x1, top, x1, bottom)
        self.y = bottom

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.strips:
            self.page.box(x0, y0, max(x1, x0 + 0.5), max(y1, y0 + 0.5), "f")
        else:
            self.page.rule(x0, y0, x1, y1, dash=self.dash)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    found: list[str] = []
    for part in text.split("\n"):
        found.append("")
        for word in re.findall(r"[!-~]+|.", part):
            wide = pdfs.set_width(found[-1] + word, size) > width
            if wide and found[-1] and word not in _NO_START:
                found.append("")
            while pdfs.set_width(word, size) > width and len(word) > 1:
                cut = max(1, int(width / size * 2) - 1)
                found[-1] += word[:cut]
                word = word[cut:]
                found.append("")
            found[-1] += word
    return found
