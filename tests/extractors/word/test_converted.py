"""RTF, web pages and Word 2003 XML that come under the name of .doc read as what a person sees in them."""

from __future__ import annotations

import pytest

from extractors.document.errors import Protected, Unavailable, Unreadable
from extractors.document.model import Document
from extractors.formats import Sniffed
from extractors.read import read_document
from extractors.word.html import look


@pytest.fixture(autouse=True)
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_SOFFICE", "")


def read_word(data: bytes, form: str) -> Document:
    return read_document(data, "", Sniffed(form, True))


def cells(document: Document) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for t in document.tables() for c in t.cells]


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines()]


# ---------------------------------------------------------------------------------------------------------------- RTF
RTF = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\fnil\fcharset2 Wingdings;}"
    rb"{\f2\fnil\fcharset0 Arial{\*\falt Helvetica};}}{\stylesheet{\s1\outlinelevel0 heading 1;}}"
    rb"{\info{\upr{\title x}{\*\ud{\title \u26631\'b1}}}}%s}"
)


def rtf(body: bytes) -> Document:
    return read_word(RTF % body, "rtf")


def gbk(text: str) -> bytes:
    return b"".join(b"\\'%02x" % b for b in text.encode("gb18030"))


def test_rtf_text_in_every_encoding() -> None:
    document = rtf(
        rb"\pard\s1 " + gbk("标题") + rb"\par\pard\plain\f0 " + gbk("上海") + rb"\u20225?\u19994?\par"
        rb"\uc2\u20225\'c6\'f3\u-10177\'3f\'3f\u-8289\'3f\'3f ok\par\uc0\u20225\f2 \'b7\par"
    )
    assert texts(document) == ["标题", "上海企业", "企\U0001ff9f ok", "企·"]
    assert document.blocks[0].level == 1  # type: ignore[union-attr]


def test_rtf_hidden_deleted_and_inserted_text() -> None:
    document = rtf(rb"\pard a{\v b}{\deleted c}{\revised d}\par")
    assert [b.text for b in document.blocks] == ["ad"]  # type: ignore[union-attr]
    assert {n.code for n in document.notes} == {"F05", "S03"}


def test_struck_out_text_is_left_away() -> None:
    for document in (
        rtf(rb"\pard a{\strike b}c\par"),
        page("<p>a<s>b</s><span style='text-decoration:line-through'>d</span>c"),
    ):
        assert [(b.text, b.confidence) for b in document.blocks] == [("ac", 0.9)]  # type: ignore[union-attr]
        assert [n.code for n in document.notes] == ["F05"]


def test_rtf_tables_with_merges_and_nesting() -> None:
    row = rb"\trowd\clvmgf\cellx1000\cellx2000\cellx3000\pard\intbl A\cell B\cell C\cell\row"
    merged = rb"\trowd\clvmrg\cellx1000\cellx3000\pard\intbl\cell D\cell\row"
    nested = (
        rb"\trowd\cellx3000\pard\intbl x\par\pard\intbl\itap2 n1\nestcell n2\nestcell"
        rb"{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}{\nonesttables\par}\pard\intbl y\cell\row"
    )
    document = rtf(row + merged + nested + rb"\pard z\par")
    assert cells(document) == [
        (1, 1, 2, 1, "A"), (1, 2, 1, 1, "B"), (1, 3, 1, 1, "C"), (2, 2, 1, 2, "D"), (3, 1, 1, 3, "x\ny"),
        (1, 1, 1, 1, "n1"), (1, 2, 1, 1, "n2"),
    ]  # fmt: skip


def test_rtf_fields_boxes_symbols_and_numbers() -> None:
    box = rb"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres%d{\*\ffname c}\ffdefres0}}}{\fldrslt}}"
    listed = rb"{\field{\*\fldinst FORMDROPDOWN {\*\formfield{\fftype2\ffres1{\*\ffl one}{\*\ffl two}}}}{\fldrslt}}"
    document = rtf(
        rb"\pard " + box % 1 + b"a" + box % 0 + rb"b\par " + listed + rb"\par{\listtext\pard\plain 1.\tab}item\par"
        rb"{\f1 \'fe}yes{\f1\'a8}no\par{\field{\*\fldinst DATE}{\fldrslt 2023}}\par{\pict 00ff}\par"
        rb"{\footnote note}{\header head\par}{\*\unknown gone}end\par"
    )
    assert [b.text for b in document.blocks] == ["☑a□b", "two", "1.item", "☑yes□no", "2023", "", "end"]  # type: ignore[union-attr]
    assert [(p.place, p.text) for p in document.aside] == [("header", "head"), ("footnote", "note")]
    assert document.blocks[5].pictures == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "damage", [rb"\pard a\cell b", rb"{{{\pard a", rb"}}}\pard a\par", rb"\pard a\'zz\u\trowd\row"]
)
def test_damaged_rtf_loses_no_text(damage: bytes) -> None:
    assert "a" in "".join(texts(rtf(damage)))


def test_rtf_bombs_are_refused() -> None:
    with pytest.raises(Unreadable):
        rtf(b"{" * 2000)


# --------------------------------------------------------------------------------------------------------------- HTML
def page(body: str, encoding: str = "utf-8") -> Document:
    return read_word(
        f"<html><head><meta charset={encoding}><title>题</title></head><body>{body}</body></html>".encode(encoding),
        "html",
    )


def test_html_tables_with_spans_and_nesting() -> None:
    document = page(
        "<table><tr><td rowspan=3>甲</td><td colspan=2>乙</td></tr><tr><td>丙<td>丁<table><tr><td>内</table>"
        "<tr><td colspan=2>戊</table>"
    )
    assert cells(document) == [
        (1, 1, 3, 1, "甲"), (1, 2, 1, 2, "乙"), (2, 2, 1, 1, "丙"), (2, 3, 1, 1, "丁"), (3, 2, 1, 2, "戊"), (1, 1, 1, 1, "内"),
    ]  # fmt: skip


def test_html_text_as_a_browser_shows_it() -> None:
    document = page(
        "<h2>标题</h2><p>a\n  b&nbsp;c<br>d<br></p><div>前<p>中</p>后</div><p><span style='display:none'>藏</span>显"
        "<del>删</del><ins>添</ins><a href='#_ftn1'>[1]</a></p><script>x()</script><!-- 注 -->"
        "<p><input type=checkbox checked>是<input type=checkbox>否<span style='font-family:Wingdings'>&thorn;</span></p>"
        "<div style='mso-element:footnote' id=ftn1><p><a href='#_ftnref1'>[1]</a>脚注</p></div>",
        "gb2312",
    )
    shown = [b.text for b in document.blocks]  # type: ignore[union-attr]
    assert shown == ["标题", "a b\u00a0c\nd", "前", "中", "后", "显添", "☑是□否☑"]
    assert [(p.place, p.text) for p in document.aside] == [("footnote", "脚注"), ("hidden", "藏")]
    assert document.blocks[0].level == 2  # type: ignore[union-attr]


def test_a_line_of_source_that_ends_within_chinese_text_parts_no_word() -> None:
    word, other = '<meta name=Generator content="Microsoft Word 15">', '<meta name="generator" content="LibreOffice">'
    shown = [page(f"{by}<p>上海\n某某\nA股\nB</p>").blocks[0].text for by in (word, other)]  # type: ignore[union-attr]
    assert shown == ["上海某某 A股 B", "上海 某某 A股 B"]


def test_a_single_file_page_reads_like_the_page() -> None:
    import base64

    body = base64.b64encode("<html><body><p>单个文件</p></body></html>".encode("gb18030")).decode()
    data = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        f'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n'
    )
    assert texts(read_word(data.encode(), "mht")) == ["单个文件"]


# ------------------------------------------------------------------------------------------------------ Word 2003 XML
def test_word_2003_xml_in_its_own_words() -> None:
    xml = """<?xml version="1.0"?><?mso-application progid="Word.Document"?>
    <w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" w:macrosPresent="yes"
      xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core"
      xmlns:v="urn:schemas-microsoft-com:vml">
    <w:body><wx:sect>
    <w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><wx:t wx:val="一、"/></w:listPr></w:pPr><w:r><w:t>基本信息</w:t></w:r></w:p>
    <w:p><w:r><w:t>甲</w:t></w:r><aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>删</w:delText></w:r>
      </aml:content></aml:annotation><aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t>添</w:t></w:r></aml:content>
      </aml:annotation><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>
      <w:hlink w:dest="mailto:a@b.cn"><w:r><w:t>a@b.cn</w:t></w:r></w:hlink></w:p>
    <w:tbl><w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>竖</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>
    <w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>&lt;乙&gt;</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
    <w:p><w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r></w:p>
    <w:sectPr><w:hdr w:type="odd"><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr></w:sectPr></wx:sect></w:body></w:wordDocument>"""
    document = read_word(xml.encode(), "wordml")
    assert [b.text for b in document.blocks if hasattr(b, "text")] == ["一、基本信息", "甲添☑a@b.cn", ""]
    assert cells(document) == [(1, 1, 2, 1, "竖"), (1, 2, 1, 1, ""), (2, 2, 1, 1, "<乙>")]
    assert [(p.place, p.text) for p in document.aside] == [("header", "页眉")]
    assert {n.code for n in document.notes} == {"F04", "F05"}


def test_kinds_that_need_libreoffice_or_a_password_say_so() -> None:
    for form in ("wps", "odt", "fodt"):
        with pytest.raises(Unavailable, match="libreoffice-writer-nogui"):
            read_word(b"x", form)
    with pytest.raises(Protected):
        read_word(b"x", "encrypted")


def test_the_items_of_an_ordered_list_have_their_numbers() -> None:
    document = page(
        "<ol start=3><li>甲</li><li><p>乙</p><p>丙</p></li></ol><ul><li>丁</li></ul><ol type=a><li>戊<li><p></p></ol>"
        "<ol style='list-style-type:none'><li>己</ol>"
    )
    assert [b.text for b in document.blocks if b.text] == ["3.甲", "4.乙", "丙", "丁", "a.戊", "b.", "己"]  # type: ignore[union-attr]


def test_the_numbers_of_a_long_list_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    tag_of = look.tag_of
    monkeypatch.setattr(look, "tag_of", lambda node: looked.append(node) or tag_of(node))
    inner = "<ol start=7><li>丙</li><li value=9>丁</li><li>戊</li></ol>"
    document = page(f"<ol>{'<li>甲</li>' * 300}<li>乙{inner}</li><li>己</li></ol>")
    texts = [b.text for b in document.blocks if b.text]  # type: ignore[union-attr]
    assert texts[299:] == ["300.甲", "301.乙", "7.丙", "9.丁", "10.戊", "302.己"]
    assert len(looked) < 5 * 306


@pytest.mark.parametrize(
    ("body", "shown", "aside"),
    [
        ("<style>@media print {.n {display:none} .m {display:none}}</style><p class=m>显</p>", ["显"], []),
        (
            "<style>/* {} */ p.h, #i {display:none}</style><p class='a h'>藏</p><p id=i>隐</p><p>显</p>",
            ["显"],
            ["藏", "隐"],
        ),
        ("<p><span style='visibility:hidden'>藏</span><b hidden>隐</b>显</p>", ["显"], ["藏", "隐"]),
        (
            "<p><span style='font:9pt Wingdings'>&thorn;</span>是<span style='font:9pt \"Wingdings 2\"'>&pound;</span>否</p>",
            ["☑是□否"],
            [],
        ),
        (
            "<p><font face='Wingdings 2, serif'>R</font>是<font face='Wingdings 2, serif'>&pound;</font>否</p>",
            ["☑是□否"],
            [],
        ),
        (
            "<p>甲<a class=msocomanchor href='#_msocom_1'>[a1]</a></p><div style='mso-element:comment-list'>评</div>",
            ["甲"],
            [],
        ),
        ("<p><a style='mso-element:field-begin'></a>PAGE<a style='mso-element:field-separator'></a>3</p>", ["3"], []),
        ("<p>甲</p><div style='mso-element:header'><p>眉</p></div>", ["甲"], ["眉"]),
        (
            "<pre>甲\n乙</pre><p><select><option>大型<option>中型</select><button>打印</button></p>",
            ["甲\n乙", "大型"],
            [],
        ),
    ],
)
def test_what_a_browser_shows_of_a_page(body: str, shown: list[str], aside: list[str]) -> None:
    document = page(body)
    assert [b.text for b in document.blocks if b.text] == shown  # type: ignore[union-attr]
    assert [p.text for p in document.aside] == aside


def test_html_tables_that_old_pages_write() -> None:
    document = page("<table><caption>附1</caption><form><tr><td>甲<td>乙</tr></form><td>丙<td>丁</table>")
    assert document.blocks[0].text == "附1"  # type: ignore[union-attr]
    assert [(row, column, text) for row, column, _, _, text in cells(document)] == [
        (1, 1, "甲"), (1, 2, "乙"), (2, 1, "丙"), (2, 2, "丁"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "form", "seen"),
    [
        ("<p>企业类型<sup>1</sup></p><p>长300m<sup>2</sup></p>".encode(), "html", ["企业类型", "长300m2"]),
        (rb"{\rtf1\ansi Type{\super [1]}\par 300m{\super 2}\par}", "rtf", ["Type", "300m2"]),
    ],
)
def test_the_mark_of_a_note_left_away_is_no_text_lost(data: bytes, form: str, seen: list[str]) -> None:
    document = read_word(data, form)
    assert texts(document) == seen
    assert all(block.doubts == () for block in document.blocks)
