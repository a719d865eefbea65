"""What a person sees in a Word file is what the reader sees: once, in its place, with every change accepted."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.document.errors import Unreadable
from extractors.document.model import Document, Paragraph, Table
from extractors.document.radicals import meant
from extractors.word.docx import read_docx
from tests.extractors.wordml import NAMESPACES, cell, package, paragraph, relation, table


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def only_table(document: Document) -> Table:
    (found,) = [b for b in document.blocks if isinstance(b, Table)]
    return found


def spans(found: Table) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in found.cells]


def read(body: str, **more: object) -> Document:
    return read_docx(package(body, **more))  # type: ignore[arg-type]


def test_changes_are_read_as_if_accepted() -> None:
    body = "<w:p><w:r><w:t>投资</w:t></w:r><w:del><w:r><w:delText>100</w:delText></w:r></w:del><w:ins><w:r><w:t>200</w:t></w:r></w:ins></w:p>"
    document = read(body)
    assert texts(document) == ["投资200"]
    assert [n.code for n in document.notes] == ["F05"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = paragraph("上海某某", "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>") + paragraph("有限公司")
    assert texts(read(body)) == ["上海某某有限公司"]


def test_a_deleted_row_is_no_row() -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('旧')}</w:tr>"
    body = f"<w:tbl><w:tblGrid/>{gone}<w:tr>{cell('新')}</w:tr></w:tbl>"
    assert spans(only_table(read(body))) == [(1, 1, 1, 1, "新")]


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="0052"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "□"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>þ</w:t></w:r>', "☑"),
        ("<w:r><w:t>\uf0fe</w:t></w:r>", "☑"),
        (
            '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>',
            "☑",
        ),
        (
            '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>',
            "□",
        ),
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
            '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "☑",
        ),
    ],
)
def test_a_tick_in_every_encoding(markup: str, seen: str) -> None:
    assert texts(read(f"<w:p>{markup}<w:r><w:t>民营企业</w:t></w:r></w:p>")) == [f"{seen}民营企业"]


@pytest.mark.parametrize("word", ["WMS", "\uf057\uf04d\uf053"])
def test_the_letters_of_a_word_are_no_ticks_whatever_its_font(word: str) -> None:
    run = f'<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/></w:rPr><w:t>{word}</w:t></w:r>'
    assert texts(read(f"<w:p><w:r><w:t>仓储</w:t></w:r>{run}</w:p>")) == [f"仓储{word}"]
    assert texts(read(f"<w:p>{run.replace(word, 'R民营')}</w:p>")) == ["☑民营"]


def test_a_field_gives_its_result_and_not_its_code() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE \\@ yyyy</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2023年8月1日</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert texts(read(f"<w:p>{field}</w:p>")) == ["2023年8月1日"]


def test_hidden_text_and_grey_prompts_stand_apart() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部报价</w:t></w:r>"
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击或点击此处输入文字。</w:t></w:r></w:sdtContent></w:sdt>"
    document = read(f"<w:p><w:r><w:t>甲公司</w:t></w:r>{hidden}{prompt}</w:p>")
    assert texts(document) == ["甲公司"]
    assert sorted(p.text for p in document.aside if p.place == "hidden") == ["内部报价", "单击或点击此处输入文字。"]
    assert [(n.code, n.evidence) for n in document.notes] == [("S03", "内部报价")]


def test_a_filled_control_that_kept_its_prompt_flag_is_read() -> None:
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>上海甲公司</w:t></w:r></w:sdtContent></w:sdt>"
    assert texts(read(f"<w:p>{control}</w:p>")) == ["上海甲公司"]


def test_alternate_content_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>项目名称：甲</w:t></w:r></w:p></w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = read(f"<w:p>{both}</w:p>")
    assert [t for t in texts(document) if t] == ["项目名称：甲"]
    assert [b.place for b in document.blocks if isinstance(b, Paragraph)] == ["body", "textbox"]


def test_merged_cells_stand_once_with_their_spans() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        cell("联系人", down) + cell("姓名") + cell("张三", '<w:gridSpan w:val="2"/>'),
        cell("", on) + cell("电话") + cell("1") + cell("2"),
        widths=(1000, 1000, 1000, 1000),
    )
    assert spans(only_table(read(body))) == [
        (1, 1, 2, 1, "联系人"), (1, 2, 1, 1, "姓名"), (1, 3, 1, 2, "张三"), (2, 2, 1, 1, "电话"), (2, 3, 1, 1, "1"), (2, 4, 1, 1, "2"),
    ]  # fmt: skip


def test_a_merge_without_a_start_is_a_cell_of_its_own() -> None:
    assert spans(only_table(read(table(cell("甲", "<w:vMerge/>") + cell("乙"))))) == [
        (1, 1, 1, 1, "甲"),
        (1, 2, 1, 1, "乙"),
    ]


def test_cells_and_rows_inside_content_controls_keep_their_place() -> None:
    inside = f"<w:sdt><w:sdtPr/><w:sdtContent>{cell('乙')}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent><w:tr>{cell('丁')}{cell('戊')}{cell('己')}</w:tr></w:sdtContent></w:sdt>"
    body = f"<w:tbl><w:tblGrid/><w:tr>{cell('甲')}{inside}{cell('丙')}</w:tr>{row}</w:tbl>"
    assert [(c.row, c.column, c.text) for c in only_table(read(body)).cells] == [
        (1, 1, "甲"), (1, 2, "乙"), (1, 3, "丙"), (2, 1, "丁"), (2, 2, "戊"), (2, 3, "己"),
    ]  # fmt: skip


def test_rows_that_begin_after_the_grid_and_borders_a_hair_apart() -> None:
    two = '<w:gridSpan w:val="2"/>'
    late = '<w:trPr><w:gridBefore w:val="2"/></w:trPr>'
    body = table(
        cell("标题一") + cell("标题二", two),
        cell("值一", two) + cell("值二"),
        late + cell("值三"),
        widths=(2000, 20, 2000),
    )
    assert [(c.row, c.column, c.column_span) for c in only_table(read(body)).cells] == [
        (1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 2, 1), (3, 2, 1),
    ]  # fmt: skip


def test_a_nested_table_stands_in_its_cell() -> None:
    body = table(cell("外") + cell(table(cell("内一") + cell("内二")) + paragraph("后")))
    outer = only_table(read(body))
    (inner,) = outer.cells[1].tables
    assert [c.text for c in inner.cells] == ["内一", "内二"]
    assert inner.where_cell(inner.cells[1]) == "表1 行1 列2 表1 行1 列2"


def test_automatic_numbers_are_text() -> None:
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>'
    body = paragraph("总体情况", numbered) + paragraph("实施成效", numbered)
    document = read(
        body, parts={"word/numbering.xml": numbering}, relations=relation("r9", "numbering", "numbering.xml")
    )
    assert texts(document) == ["一、总体情况", "二、实施成效"]


def test_a_list_that_does_not_say_where_it_starts_counts_from_nought() -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>'
    body = paragraph("甲", numbered) + paragraph("乙", numbered)
    related = relation("r9", "numbering", "numbering.xml")
    assert texts(read(body, parts={"word/numbering.xml": numbering}, relations=related)) == ["0.甲", "1.乙"]


@pytest.mark.parametrize("separated", [True, False])
def test_a_field_that_is_never_closed_takes_no_text_with_it(separated: bool) -> None:
    begin, separate = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate"))
    code = "<w:r><w:instrText> REF x </w:instrText></w:r>"
    field = f"{begin}{code}{separate if separated else ''}"
    document = read(f"<w:p><w:r><w:t>前</w:t></w:r>{field}<w:r><w:t>甲</w:t></w:r></w:p>{paragraph('乙')}")
    assert texts(document) == ["前甲", "乙"]


def test_strict_and_flat_files_read_alike() -> None:
    plain = package(paragraph("甲"))
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        xml = archive.read("word/document.xml")
    strict = xml.replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert texts(read_docx(_with_document(strict))) == ["甲"]
    flat = (
        b'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        b'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>' + xml + b"</pkg:xmlData></pkg:part></pkg:package>"
    )
    assert texts(read_docx(flat)) == ["甲"]


def _with_document(xml: bytes) -> bytes:
    source, out = zipfile.ZipFile(io.BytesIO(package(paragraph("乙")))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name == "word/document.xml" else source.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "relations", "codes"),
    [
        ({"word/vbaProject.bin": b"x"}, "", ["F04"]),
        ({"word/embeddings/oleObject1.bin": b"x"}, relation("o1", "oleObject", "embeddings/oleObject1.bin"), ["F04"]),
        ({}, relation("h", "hyperlink", "http://www.example.com/", external=True), []),
        ({}, relation("h", "hyperlink", "file:///C:/甲.docx", external=True), ["S03"]),
        ({}, relation("i", "image", "http://www.example.com/a.png", external=True), ["S03"]),
    ],
)
def test_what_a_file_carries_is_noticed(parts: dict[str, bytes], relations: str, codes: list[str]) -> None:
    assert [n.code for n in read(paragraph("甲"), parts=parts, relations=relations).notes] == codes


_OLE = {"word/embeddings/oleObject1.bin": b"x"}
_HOLDS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_HELD = _HOLDS.format(relation("o1", "oleObject", "embeddings/oleObject1.bin"))


@pytest.mark.parametrize(
    "parts",
    [
        {"word/header1.xml": f"<w:hdr {NAMESPACES}/>", "word/_rels/header1.xml.rels": _HELD, **_OLE},
        {"word/_rels/footnotes.xml.rels": _HELD, **_OLE},
        {"word/_rels/comments.xml.rels": _HELD.replace("embeddings/", "media/"), "word/media/oleObject1.bin": b"x"},
        _OLE,
        {"word/embeddings/Package.pdf": b"x"},
    ],
)  # fmt: skip
def test_an_object_is_told_of_wherever_it_is_held(parts: dict[str, str | bytes]) -> None:
    notes = read(paragraph("甲"), parts=parts).notes
    assert [(n.code, n.message) for n in notes] == [("F04", "文件中含有嵌入的对象，本系统不予运行")]


def test_workbooks_of_charts_and_equations_are_no_programs() -> None:
    o = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    equation = f'<w:p><w:r><w:object><o:OLEObject {o} ProgID="Equation.3" r:id="o1"/></w:object></w:r></w:p>'
    parts: dict[str, str | bytes] = {
        "word/charts/chart1.xml": "<c/>",
        "word/charts/_rels/chart1.xml.rels": _HOLDS.format(relation("p", "package", "../embeddings/book.xlsx")),
        "word/embeddings/book.xlsx": b"x",
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{equation}</w:hdr>",
        "word/_rels/header1.xml.rels": _HELD,
        **_OLE,
    }
    assert not read(paragraph("甲"), parts=parts, relations=relation("c", "chart", "charts/chart1.xml")).notes
    program = parts | {"word/header1.xml": str(parts["word/header1.xml"]).replace("Equation.3", "Package")}
    assert [
        n.code
        for n in read(paragraph("甲"), parts=program, relations=relation("c", "chart", "charts/chart1.xml")).notes
    ] == ["F04"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PK\x03\x04 broken", package(paragraph("甲"))[:300],
        _with_document(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><w:document/>'), _with_document(b"<w:document"),
    ],
)  # fmt: skip
def test_a_damaged_or_hostile_file_says_so(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_docx(data)
    assert "重新" in caught.value.message


def test_a_span_of_a_thousand_million_columns_is_bounded() -> None:
    found = only_table(read(table(cell("甲", '<w:gridSpan w:val="1000000000"/>'))))
    assert found.columns <= 256


def test_a_merge_of_two_thousand_rows_is_read() -> None:
    rows = [
        cell("头", '<w:vMerge w:val="restart"/>') + cell("1"),
        *(cell("", "<w:vMerge/>") + cell(str(n)) for n in range(2, 2001)),
    ]
    found = only_table(read(table(*rows)))
    assert (found.cells[0].row_span, len(found.cells)) == (2000, 2001)


# ---------------------------------------------------------------------------------------------------- conservation
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)
runs = words.map(lambda t: f'<w:r><w:t xml:space="preserve">{html.escape(t)}</w:t></w:r>')
wrapped = st.recursive(
    runs,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        inner.map(lambda x: f"<w:ins>{x}</w:ins>"),
        inner.map(lambda x: f"<w:hyperlink>{x}</w:hyperlink>"),
        inner.map(lambda x: f"<w:sdt><w:sdtContent>{x}</w:sdtContent></w:sdt>"),
        inner.map(lambda x: f"<w:smartTag>{x}</w:smartTag>"),
        inner.map(
            lambda x: (
                f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p>{x}</w:p></w:txbxContent></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
            )
        ),
    ),
    max_leaves=6,
)
paragraphs = wrapped.map(lambda x: f"<w:p>{x}</w:p>")
bodies = st.recursive(
    paragraphs,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3).map(
            lambda rows: (
                "<w:tbl><w:tblGrid/>"
                + "".join("<w:tr>" + "".join(f"<w:tc>{c}<w:p/></w:tc>" for c in row) + "</w:tr>" for row in rows)
                + "</w:tbl>"
            )
        ),
        inner.map(lambda x: f"<w:sdt><w:sdtContent>{x}</w:sdtContent></w:sdt>"),
    ),
    max_leaves=8,
)


def characters(document: Document) -> list[str]:
    def of(found: Table) -> list[str]:
        return [c for cell_ in found.cells for c in (*cell_.text, *(x for t in cell_.tables for x in of(t)))]

    seen = [c for b in document.blocks for c in (b.text if isinstance(b, Paragraph) else of(b))]
    return sorted(c for c in seen if not c.isspace())


@given(bodies)
@settings(max_examples=150, deadline=None)
def test_every_character_of_the_body_is_read_once(body: str) -> None:
    written = [c for t in re.findall(r"<w:t[^>]*>([^<]*)</w:t>", body) for c in html.unescape(t) if not c.isspace()]
    assert characters(read(body)) == sorted(meant("".join(written)))


def _visible(path: Path) -> list[str]:
    """The characters of w:t in the body that no change, field code or fallback hides."""
    from lxml import etree

    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    skip = {f"{w}del", f"{w}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
    return sorted(
        c
        for t in root.iter(f"{w}t")
        if not any(a.tag in skip for a in t.iterancestors())
        for c in t.text or ""
        if not c.isspace()
    )


@pytest.mark.parametrize("path", sorted(Path("samples").glob("**/*.docx")), ids=lambda p: p.name)
def test_samples_lose_no_character(path: Path) -> None:
    try:
        document = read_docx(path.read_bytes())
    except Unreadable:
        pytest.skip("a sample that is damaged on purpose")
    numbers = sorted(c for b in document.blocks if isinstance(b, Paragraph) for c in b.numbering if not c.isspace())
    read_ = characters(document)
    for c in numbers:
        read_.remove(c)
    ticks = [c for c in read_ if c in "☑□"]
    assert [c for c in read_ if c not in ticks] == [c for c in _visible(path) if c not in "☑□☐☒"]


def test_characters_of_no_width_are_not_read() -> None:
    shy, zero, mark = "\u00ad", "\u200b", "\ufeff"
    document = read(paragraph(f"上海{zero}泽霖") + table(cell(f"手{shy}机"), cell(f"13{mark}9&#8203;0000 0000")))
    assert texts(document) == ["上海泽霖"]
    assert [c.text for c in only_table(document).cells] == ["手机", "1390000 0000"]


@pytest.mark.parametrize("sign", ["<w:strike/>", '<w:dstrike w:val="true"/>'])
def test_struck_out_text_is_deleted_text_and_what_stands_beside_it_is_unsure(sign: str) -> None:
    struck = f"<w:r><w:rPr>{sign}</w:rPr><w:t>2019年</w:t></w:r><w:r><w:t>2020年</w:t></w:r>"
    document = read(f"<w:p>{struck}</w:p>" + table(cell(f"<w:p>{struck}</w:p>"), cell("甲")))
    assert texts(document) == ["2020年"]
    assert [(c.text, c.confidence) for c in only_table(document).cells] == [("2020年", 0.9), ("甲", 1.0)]
    assert [n.code for n in document.notes] == ["F05"]


def test_text_that_says_it_is_not_struck_out_is_read() -> None:
    document = read('<w:p><w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>甲</w:t></w:r></w:p>')
    assert [(b.text, b.confidence) for b in document.blocks if isinstance(b, Paragraph)] == [("甲", 1.0)]
    assert not document.notes


CHUNK = '<w:altChunk r:id="c1"/>'
WEB = "<html><body><table><tr><td rowspan=2>甲<td>乙<tr><td>丙</table><p>&#8203;丁</p></body></html>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/c.htm", WEB.encode()),
        ("word/c.mht", b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + WEB.encode()),
        ("word/c.docx", package(table(cell("甲"), cell("乙")) + paragraph("丁"))),
    ],
)
def test_a_document_within_the_document_is_read_in_its_place(name: str, content: bytes) -> None:
    body = paragraph("前") + CHUNK + paragraph("后")
    document = read(body, parts={name: content}, relations=relation("c1", "aFChunk", name.removeprefix("word/")))
    assert texts(document) == ["前", "丁", "后"]
    assert [c.text for c in only_table(document).cells][:2] == ["甲", "乙"]


def test_a_document_within_the_document_that_cannot_be_read_does_not_go_missing() -> None:
    with pytest.raises(Unreadable):
        read(paragraph("前") + CHUNK)
    with pytest.raises(Unreadable):
        read(CHUNK, parts={"word/c.bin": b"\x00\x01"}, relations=relation("c1", "aFChunk", "c.bin"))


def test_a_table_around_the_whole_page_is_no_table() -> None:
    inner = table(cell("企业名称") + cell("甲"))
    framed = table(cell("") + cell(paragraph("标题") + inner + paragraph("正文")))
    document = read(table(cell(framed + paragraph(""))))
    assert [t for t in texts(document) if t] == ["标题", "正文"]
    assert [c.text for c in only_table(document).cells] == ["企业名称", "甲"]
    assert document.blocks[1] is only_table(document)


def test_a_table_with_a_table_in_one_of_its_cells_stays_one() -> None:
    document = read(table(cell("联系人") + cell(table(cell("姓名")) + paragraph(""))))
    assert [(c.text, len(c.tables)) for c in only_table(document).cells] == [("联系人", 0), ("", 1)]


def test_a_tick_laid_over_a_box_whose_field_has_an_empty_result() -> None:
    code = r"<w:r><w:instrText> eq \o\ac(□,√)</w:instrText></w:r>"
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end"))
    document = read(f"<w:p>{begin}{code}{separate}<w:r><w:t></w:t></w:r>{end}<w:r><w:t>是 □否</w:t></w:r></w:p>")
    assert texts(document) == ["☑是 □否"]


def test_a_hidden_row_is_no_row() -> None:
    row = f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('藏')}</w:tr><w:tr>{cell('显')}</w:tr>"
    document = read(f"<w:tbl>{row}</w:tbl>")
    assert spans(only_table(document)) == [(1, 1, 1, 1, "显")]
    assert [(p.place, p.text) for p in document.aside] == [("hidden", "藏")]


def test_a_package_with_backslashes_in_its_names() -> None:
    data = package(paragraph("甲"))
    for name in (b"word/document.xml", b"word/_rels/document.xml.rels", b"_rels/.rels"):
        data = data.replace(name, name.replace(b"/", b"\\"))
    assert texts(read_docx(data)) == ["甲"]


def test_radicals_are_read_as_the_characters_people_write() -> None:
    body = (
        paragraph("⻋间主任⻓⼯⾯向⻔⻛") + f"<w:tbl><w:tblGrid/><w:tr>{cell('⽰例')}{cell(chr(0xF900))}</w:tr></w:tbl>"
    )
    document = read(body)
    assert texts(document) == ["车间主任长工面向门风"]
    assert [c.text for c in only_table(document).cells] == ["示例", chr(0x8C48)]


def test_a_watermark_that_word_draws_across_the_page_is_a_text_of_the_header() -> None:
    drawn = (
        '<w:p><w:r><w:pict><v:shape type="#_x0000_t136"><v:textpath style="font-size:1pt" string="机密★10年"/></v:shape>'
        "</w:pict></w:r></w:p>"
    )
    parts: dict[str, str | bytes] = {"word/header1.xml": f"<w:hdr {NAMESPACES}>{drawn}</w:hdr>"}
    made = package(paragraph("正文"), parts, relation("r9", "header", "header1.xml"))
    assert [(p.text, p.place) for p in read_docx(made).aside] == [("机密★10年", "header")]


def _raised(text: str) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{text}</w:t></w:r>'


@pytest.mark.parametrize(
    ("before", "raised", "seen"),
    [
        ("021-49522684转758", "①", "021-49522684转758"),
        ("某某路10号", "[2]", "某某路10号"),
        ("35%", "1", "35%"),
        ("产能居前列", "3,4", "产能居前列"),
        ("占地300m", "2", "占地300m2"),
        ("精度10", "-3", "精度10-3"),
        ("菌落10", "5", "菌落105"),
    ],
)
def test_the_mark_of_a_note_is_no_text_and_an_exponent_is(before: str, raised: str, seen: str) -> None:
    document = read(f"<w:p><w:r><w:t>{before}</w:t></w:r>{_raised(raised)}</w:p>")
    assert [(p.text, p.confidence) for p in document.blocks if isinstance(p, Paragraph)] == [(seen, 1.0)]


@pytest.mark.parametrize(
    ("runs", "seen"), [(("（", "2", "）"), "某某路"), (("①", "②"), "某某路"), (("（", "暂", "）"), "某某路（暂）")]
)
def test_the_mark_of_a_note_is_one_in_however_many_runs(runs: tuple[str, ...], seen: str) -> None:
    held = "".join(map(_raised, runs))
    assert texts(read(f"<w:p><w:r><w:t>某某路</w:t></w:r>{held}<w:r><w:t>1号</w:t></w:r></w:p>")) == [f"{seen}1号"]


def test_a_raised_figure_behind_a_figure_may_be_the_mark_of_a_note() -> None:
    held = f"<w:tc><w:p><w:r><w:t>35</w:t></w:r>{_raised('1')}</w:p></w:tc>"
    (found,) = only_table(read(f"<w:tbl><w:tblGrid/><w:tr>{held}</w:tr></w:tbl>")).cells
    assert (found.text, [d.name for d in found.doubts]) == ("351", ["note_or_figure"])
