"""An official paper in Word: styles, page, page numbers and tables that the templates are built from.

Layout after GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 方正小标宋 2号, body 仿宋 3号, headings 黑体 and 楷体,
lines of 29 pt, page numbers — 1 — in 4号 宋体, right on odd pages and left on even ones. Sizes: 2号 22 pt, 3号 16 pt,
4号 14 pt, 5号 10.5 pt.
"""
# ruff: noqa: SLF001 - python-docx has no public way to most of what an official layout needs

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt

from reports.safe.atomic import MADE, repack

SONG_TITLE, FANGSONG, HEITI, KAITI, SONGTI = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
# What Word, WPS and LibreOffice take where a font is missing, in this order.
ALTERNATIVES = {
    SONG_TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体,SimSun",
    FANGSONG: "仿宋_GB2312,FangSong,华文仿宋,STFangsong,方正仿宋_GBK",
    HEITI: "SimHei,华文黑体,方正黑体_GBK",
    KAITI: "楷体_GB2312,KaiTi,华文楷体,STKaiti,方正楷体_GBK",
    SONGTI: "SimSun,方正书宋_GBK,华文宋体",
}
BODY, CELL, HEAD = "Normal", "表格文字", "表格标题"
LISTED, LISTED_TITLE, DENSE, CONTENTS_TITLE, PICTURE = "清单文字", "清单标题", "清单简行", "目录标题", "图"
"""Styles of :func:`list_styles`."""


def new_document() -> Any:
    """An empty document with the styles, page and page numbers of an official paper."""
    doc = Document()
    body = doc.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    _styles(doc)
    _page(doc)
    _page_numbers(doc)
    _font_table(doc)
    _drop_unused(doc)
    props = doc.core_properties
    props.author, props.title, props.comments, props.last_modified_by = "shenbao", "", "", "shenbao"
    props.created = props.modified = MADE
    return doc


def _font(style: Any, name: str, size: float, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = "Times New Roman", Pt(size), bold
    style.font.color.rgb = None
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:color")):
        properties.remove(old)
    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{key}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), name)


def _paragraph(style: Any, *, line: float, indent: int = 0, align: Any = None) -> None:
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    form.alignment = align
    form.widow_control = True
    _indent(style.element.get_or_add_pPr(), indent)


def _indent(properties: Any, characters: int) -> None:
    """Indent the first line by so many characters (of 16 pt), 0 for none though the base style has one."""
    ind = properties.get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(characters * 100))
    ind.set(qn("w:firstLine"), str(characters * 320))


def _styles(doc: Any) -> None:
    styles = doc.styles
    normal = styles[BODY]
    _font(normal, FANGSONG, 16)
    _paragraph(normal, line=29, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    title = styles["Title"]
    for old in title.element.get_or_add_pPr().findall(qn("w:pBdr")):
        title.element.pPr.remove(old)
    _font(title, SONG_TITLE, 22)
    _paragraph(title, line=36, align=WD_ALIGN_PARAGRAPH.CENTER)
    for level, font, bold in ((1, HEITI, False), (2, KAITI, False), (3, FANGSONG, True)):
        heading = styles[f"Heading {level}"]
        _font(heading, font, 16, bold=bold)
        _paragraph(heading, line=29, indent=2, align=WD_ALIGN_PARAGRAPH.LEFT)
        heading.paragraph_format.keep_with_next = True
    for name, font, align in ((CELL, FANGSONG, WD_ALIGN_PARAGRAPH.LEFT), (HEAD, HEITI, WD_ALIGN_PARAGRAPH.CENTER)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        # A head never stands alone at the foot of a page.
        style.paragraph_format.keep_with_next = name == HEAD
        _font(style, font, 10.5)
        _paragraph(style, line=16, align=align)


def list_styles(doc: Any) -> None:
    """Add the styles of long lists, which body text would make twice as long, and those of a table of contents."""
    for name, font, size, line, indent in (
        (LISTED, FANGSONG, 12, 20, 2), (LISTED_TITLE, HEITI, 12, 22, 0), (DENSE, FANGSONG, 10.5, 15, 0),
        (CONTENTS_TITLE, HEITI, 16, 29, 0), ("toc 1", FANGSONG, 12, 20, 0), ("toc 2", FANGSONG, 12, 20, 0),
    ):  # fmt: skip
        style = doc.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = doc.styles[BODY]
        style.paragraph_format.keep_with_next = name == LISTED_TITLE
        _font(style, font, size)
        _paragraph(
            style, line=line, align=WD_ALIGN_PARAGRAPH.CENTER if name == CONTENTS_TITLE else WD_ALIGN_PARAGRAPH.LEFT
        )
        ind = style.element.get_or_add_pPr().get_or_add_ind()
        ind.set(qn("w:firstLine"), str(int(indent * size * 20)))
        if indent:
            ind.set(qn("w:firstLineChars"), str(indent * 100))
        if name.startswith("toc"):
            style.element.set(qn("w:styleId"), f"TOC{name[-1]}")
            style.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
            style.paragraph_format.left_indent = Mm(8 * (int(name[-1]) - 1))
    picture = doc.styles.add_style(PICTURE, WD_STYLE_TYPE.PARAGRAPH)
    picture.base_style = doc.styles[BODY]
    _paragraph(picture, line=29, align=WD_ALIGN_PARAGRAPH.CENTER)
    picture.paragraph_format.line_spacing_rule, picture.paragraph_format.line_spacing = None, 1.0


def contents_field(doc: Any, deepest: int) -> None:
    """A field for the table of contents down to a level of headings, as Word inserts it."""
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    code = f'<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{deepest}" \\h \\z \\u </w:instrText></w:r>'
    shown = "<w:r><w:t>（目录）</w:t></w:r>"
    add(doc, "", "toc 1")._p.extend(parse_xml(f"<w:p {nsdecls('w')}>{marks[0]}{code}{marks[1]}{shown}{marks[2]}</w:p>"))


def _drop_unused(doc: Any) -> None:
    """Leave out what python-docx's own template brings and no paper of ours uses: it is read and written with each."""
    styles = doc.styles.element
    kept = {
        BODY,
        "Title",
        "Table Grid",
        "Normal Table",
        "Default Paragraph Font",
        "No List",
        "Header",
        "Footer",
        CELL,
        HEAD,
    }
    kept |= {f"Heading {level}" for level in (1, 2, 3)}
    for style in list(styles.findall(qn("w:style"))):
        name = style.find(qn("w:name")).get(qn("w:val"))
        if name not in kept and name.replace("heading", "Heading") not in kept and name.title() not in kept:
            styles.remove(style)
        else:
            for link in style.findall(qn("w:link")):
                style.remove(link)
    package = doc.part.package
    for owner in (package, doc.part):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml", "/numbering", "/stylesWithEffects")):
                del owner.rels[key]


def _page(doc: Any) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)


def _page_numbers(doc: Any) -> None:
    doc.settings.odd_and_even_pages_header_footer = True
    section = doc.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        fonts = '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
        paragraph = parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:ind w:firstLineChars="0" w:firstLine="0" w:leftChars="100" w:left="280" '
            f'w:rightChars="100" w:right="280"/><w:jc w:val="{align}"/></w:pPr>'
            f'<w:r>{fonts}<w:t xml:space="preserve">— </w:t></w:r>'
            f'<w:fldSimple w:instr=" PAGE "><w:r>{fonts}<w:t>1</w:t></w:r></w:fldSimple>'
            f'<w:r>{fonts}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
        )
        for old in list(footer._element):
            footer._element.remove(old)
        footer._element.append(paragraph)


def _font_table(doc: Any) -> None:
    """Name each font's alternatives, so that a machine without 方正小标宋 falls back to a Song."""
    part = next(p for p in doc.part.package.parts if str(p.partname) == "/word/fontTable.xml")
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        '<w:pitch w:val="default"/></w:font>'
        for name, others in ALTERNATIVES.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    part._blob = xml.encode("utf-8")


_BODY = 2
"""The row of a table in a template that is filled in, between `for` and `endfor`: heads, for, cells, endfor."""


def add_table(
    doc: Any,
    widths: Sequence[float],
    heads: Sequence[str],
    loop: str,
    cells: Sequence[str],
    *,
    centred: Sequence[int] = (),
    whole: bool = True,
    tight: bool = False,
) -> None:
    """A ruled table with a head row that repeats, and a row for each round of ``loop`` (``问题 in 项目.问题``).

    ``whole`` rows are not divided between pages; ``tight`` ones have no space above and below their text."""
    table = doc.add_table(rows=4, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(int(Emu(Mm(width)).twips)))
    rows = [list(heads), [f"{{%tr for {loop} %}}"], list(cells), ["{%tr endfor %}"]]
    for number, texts in enumerate(rows):
        row = table.rows[number]
        properties = row._tr.get_or_add_trPr()
        if whole or number == 0:
            properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for at, width in enumerate(widths):
            cell = row.cells[at]
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.style = doc.styles[HEAD if number == 0 else CELL]
            if number == _BODY and at in centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if at < len(texts):
                paragraph.add_run(texts[at])
    _margins(table, 0 if tight else 40)


def ruled_table(
    doc: Any,
    widths: Sequence[float],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    centred: Sequence[int] = (),
) -> None:
    """A ruled table with a head row that repeats; a line feed in a text becomes a line break."""
    table = doc.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    twips = [int(Emu(Mm(width)).twips) for width in widths]
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), twips, strict=True):
        grid.set(qn("w:w"), str(width))
    styles = [doc.styles[name].style_id for name in (HEAD, CELL)]
    for number, texts in enumerate([heads, *rows]):
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
            f'<w:pStyle w:val="{styles[number > 0]}"/>{_CENTRE if number and at in centred else ""}</w:pPr>'
            f"<w:r>{_runs(text)}</w:r></w:p></w:tc>"
            for at, (width, text) in enumerate(zip(twips, texts, strict=True))
        )
        head = "" if number else "<w:tblHeader/>"
        table._tbl.append(parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{head}</w:trPr>{cells}</w:tr>"))
    _margins(table)


_CENTRE = '<w:jc w:val="center"/>'


def _runs(text: str) -> str:
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n"))
    return "<w:br/>".join(parts)


def _margins(table: Any, above: int = 40) -> None:
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:top w:w="{above}" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        f'<w:bottom w:w="{above}" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
    )
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)


def add(doc: Any, text: str, style: str = BODY, align: Any = None) -> Any:
    paragraph = doc.add_paragraph(text, style=doc.styles[style])
    if align is not None:
        paragraph.alignment = align
    return paragraph


def unindented(doc: Any, text: str, align: Any = None) -> Any:
    """A paragraph of body text without the indent of two characters."""
    paragraph = add(doc, text, BODY, align)
    _indent(paragraph._p.get_or_add_pPr(), 0)
    return paragraph


def packed(doc: Any) -> bytes:
    """The document as bytes; equal documents give equal bytes."""
    buffer = io.BytesIO()
    doc.save(buffer)
    return repack(buffer.getvalue())
