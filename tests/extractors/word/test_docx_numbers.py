"""Numbers in a Word file's markup that are none, or beyond what Word writes, harm nothing but themselves."""

from __future__ import annotations

import pytest

from extractors.document.errors import Unreadable
from extractors.document.model import Document
from extractors.word.docx import read_docx
from tests.extractors.wordml import NAMESPACES, cell, package, paragraph, relation


def read(body: str, numbering: str = "", styles: str = "") -> Document:
    parts: dict[str, str | bytes] = {
        "word/numbering.xml": f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>",
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
    }
    relations = relation("n", "numbering", "numbering.xml") + relation("s", "styles", "styles.xml")
    return read_docx(package(body, parts, relations))


ODD = ("²", "٣", "３", "-1", "0", "", "1e9", "99999999999", "9" * 5000, "很多", " 2 ", "+2")
"""What stands where the standard wants a number."""


@pytest.mark.parametrize("value", ODD)
def test_numbers_of_the_markup_may_be_anything(value: str) -> None:
    grid = f'<w:tblGrid><w:gridCol w:w="{value}"/><w:gridCol w:w="{value}.5"/></w:tblGrid>'
    first = f'<w:tr><w:trPr><w:gridBefore w:val="{value}"/></w:trPr>{cell("甲", f"""<w:gridSpan w:val="{value}"/>""")}</w:tr>'
    number = f'<w:numPr><w:ilvl w:val="{value}"/><w:numId w:val="1"/></w:numPr>'
    levels = f'<w:lvl w:ilvl="{value}"><w:start w:val="{value}"/><w:lvlRestart w:val="{value}"/><w:lvlText w:val="%1."/></w:lvl>'
    levels = (
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/>'
    )
    levels += f'<w:lvlOverride w:ilvl="{value}"><w:startOverride w:val="{value}"/></w:lvlOverride></w:num>'
    style = f'<w:style w:styleId="a"><w:pPr>{number}<w:outlineLvl w:val="{value}"/></w:pPr></w:style>'
    chosen = f'<w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="{value}"/><w:listEntry w:val="是"/></w:ddList></w:ffData></w:fldChar><w:fldChar w:fldCharType="end"/>'
    body = paragraph("乙", f'<w:pPr><w:pStyle w:val="a"/>{number}<w:outlineLvl w:val="{value}"/></w:pPr>')
    whole = f"{body}<w:p><w:r>{chosen}</w:r></w:p><w:tbl>{grid}{first}</w:tbl>"
    if value.startswith("9"):
        with pytest.raises(Unreadable, match="列"):
            read(whole, levels, style)
    else:
        assert {"甲", "乙"} <= {line.text[-1] for line in read(whole, levels, style).lines()}


@pytest.mark.parametrize("style", ["upperLetter", "lowerRoman", "decimal", "ideographDigital"])
def test_a_list_that_counts_beyond_reason_has_short_numbers(style: str) -> None:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="2000000000"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{"%1" * 200}"/></w:lvl>'
    levels = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    (line,) = read(paragraph("丙", listed), levels).texts()
    assert line.endswith("丙")
    assert len(line) <= 256
