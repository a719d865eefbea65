"""What is cut from a part before it is parsed is never anything that is read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.document.errors import Unreadable
from extractors.word import docx
from extractors.word.docx import read_docx
from extractors.word.lean import lean_body, lean_styles
from tests.extractors.wordml import NAMESPACES, cell, package, paragraph, relation, table

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "documents"
FILES = [*sorted(Path("samples").glob("**/*.docx")), *sorted(CASES.glob("*.docx"))]

WORD = NAMESPACES.split()[0]


def whole(data: bytes) -> object:
    """What is read where nothing is cut and every run is looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(docx, "lean_body", lambda part, hidden: (part, False))
        patch.setattr(docx, "lean_styles", lambda part: part)
        return read_docx(data)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_files_read_the_same_whole_and_cut(path: Path) -> None:
    data = path.read_bytes()
    try:
        found = read_docx(data)
    except Unreadable:
        pytest.skip("damaged on purpose")
    assert found == whole(data)


LOOKS = [
    "<w:rPr/>", '<w:rPr><w:b/><w:sz w:val="21"/></w:rPr>', "<w:rPr><w:vanish/></w:rPr>", '<w:rPr><w:vanish w:val="0"/></w:rPr>',
    '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>', '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>',
    '<w:rPr ><w:b/></w:rPr >', '<w:rPr><w:rStyle w:val="Unseen"/></w:rPr>', '<w:rPr><w:color w:val="FF0000">\n</w:color></w:rPr>',
    '<w:rPr><w:b/><w:rPrChange w:id="1" w:author="甲"><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr>',
]  # fmt: skip
PARAGRAPH_LOOKS = [
    "", '<w:pPr><w:jc w:val="center"/></w:pPr>', '<w:pPr><w:tabs><w:tab w:val="left" w:pos="420"/></w:tabs><w:ind w:left="1"/></w:pPr>',
    "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", '<w:pPr><w:outlineLvl w:val="0"/><w:rPr><w:b/></w:rPr></w:pPr>',
    '<w:pPr><w:pStyle w:val="Unseen"/></w:pPr>', '<w:pPr><w:rPr><w:ins w:id="1"/></w:rPr></w:pPr>',
]  # fmt: skip
runs = st.builds(
    lambda looks, text: f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t><w:tab/></w:r>',
    st.sampled_from(LOOKS),
    st.sampled_from(["甲", "\uf0fe", "乙?&gt;丙", "&lt;w:jc/&gt;", "丁!"]),
)
paragraphs = st.builds(
    lambda looks, inner: f"<w:p>{looks}{''.join(inner)}</w:p>",
    st.sampled_from(PARAGRAPH_LOOKS),
    st.lists(runs, max_size=2),
)
cells = st.builds(
    lambda looks, inner: f"<w:tc><w:tcPr>{looks}</w:tcPr>{inner}</w:tc>",
    st.sampled_from(
        [
            "",
            '<w:tcW w:w="1" w:type="dxa"/><w:gridSpan w:val="2"/>',
            '<w:tcBorders><w:top w:val="nil"/></w:tcBorders><w:vMerge/>',
            '<w:shd w:fill="auto"></w:shd><w:vMerge w:val="restart"/>',
        ]
    ),
    paragraphs,
)
bodies = st.lists(st.one_of(paragraphs, st.builds(table, cells, cells)), min_size=1, max_size=3).map("".join)
STYLES = (
    f"<w:styles {WORD}><w:latentStyles><w:lsdException/></w:latentStyles>"
    '<w:style w:type="table" w:styleId="T"><w:name w:val="Table Grid"/></w:style>'
    '<w:style w:type="character" w:styleId="Unseen"><w:name w:val="Unseen"/>{}</w:style>'
    '<w:style w:type="table" w:styleId="U"><w:name w:val="Table List"/></w:style></w:styles>'
)


@given(bodies, st.booleans())
@settings(max_examples=300, deadline=None)
def test_odd_bodies_read_the_same_whole_and_cut(body: str, hidden: bool) -> None:
    styles = STYLES.format("<w:rPr><w:vanish/></w:rPr>" if hidden else "")
    data = package(body, parts={"word/styles.xml": styles}, relations=relation("s", "styles", "styles.xml"))
    assert read_docx(data) == whole(data)


@pytest.mark.parametrize(
    "text",
    ["<![CDATA[<w:rPr>甲</w:rPr>]]>", "<!-- <w:rPr> -->甲<!-- </w:rPr> -->", "<?note <w:rPr>?>甲<?note </w:rPr>?>"],
)
def test_text_that_looks_like_a_property_is_text(text: str) -> None:
    document = read_docx(package(paragraph(text)))
    assert "甲" in next(iter(document.texts()))


def test_another_prefix_and_strict_documents_are_read() -> None:
    body = paragraph("甲", "<w:pPr><w:jc w:val='center'/></w:pPr>") + table(cell("乙"))
    data = package(body)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read("word/document.xml").decode()
    other = (
        part.replace("<w:", "<x:").replace("</w:", "</x:").replace(" w:val", " x:val").replace("xmlns:w=", "xmlns:x=")
    )
    strict = part.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    for written in (other, strict):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                new.writestr(name, written if name == "word/document.xml" else old.read(name))
        assert list(read_docx(out.getvalue()).texts()) == ["甲", "乙"]


def test_a_form_is_parsed_at_a_third_of_its_size() -> None:
    with zipfile.ZipFile("samples/blank/附件3-2示范工厂申报书.docx") as archive:
        part, styles = archive.read("word/document.xml"), archive.read("word/styles.xml")
    assert len(lean_body(part, hidden_styles=False)[0]) < 0.45 * len(part)
    assert len(lean_styles(styles)) < 0.3 * len(styles)


SPLIT = '<w:r w:rsidR="00A1"><w:t>上海</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">某 </w:t></w:r><w:proofErr w:type="gramEnd"/><w:r w:rsidR="00B2" w:rsidRPr="00B3"><w:t>公司</w:t></w:r>'


def test_runs_with_nothing_between_are_one() -> None:
    data = package(f"<w:p>{SPLIT}</w:p>" + table(f"<w:tc><w:p>{SPLIT}</w:p></w:tc>"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lean, _ = lean_body(archive.read("word/document.xml"), hidden_styles=False)
    assert lean.count(b"<w:t>") == 2
    assert list(read_docx(data).texts()) == ["上海某 公司"] * 2
    assert read_docx(data) == whole(data)


def test_runs_of_a_prompt_stay_apart() -> None:
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t></w:r><w:r><w:t>甲</w:t></w:r>"
        "</w:sdtContent></w:sdt>"
    )
    data = package(f"<w:p>{prompt}</w:p>")
    assert list(read_docx(data).texts()) == ["甲"]
    assert read_docx(data) == whole(data)
