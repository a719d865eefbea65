"""The files open without a repair prompt: element order as the schemas ask, whole packages, no loss in LibreOffice."""

import posixpath
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from docx import Document
from lxml import etree
from openpyxl import load_workbook

from reports.results.round import views
from reports.write import write_district, write_round
from tests.reports.conftest import DISTRICT, Make, finding
from tests.reports.papers.test_word_files import EVIL

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# The sequences of ISO/IEC 29500-1, as far as anything of ours could be in them.
ORDER = {
    f"{W}pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    f"{W}rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
    "eastAsianLayout specVanish oMath",
    f"{W}tbl": "tblPr tblGrid tr",
    f"{W}tr": "tblPrEx trPr tc",
    f"{W}tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    f"{W}tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    f"{W}tblCellMar": "top left start bottom right end",
    f"{W}sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    f"{W}style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    f"{S}worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties "
    "cellWatches ignoredErrors smartTags drawing legacyDrawing",
}


@pytest.fixture
def files(make: Make, tmp_path: Path) -> Path:
    """Everything that a run writes, hostile words in every finding."""
    findings = [
        finding(
            n, f"{DISTRICT}/{n:03d}.docx", level=level, evidence=EVIL, message=f"{EVIL}{n}", where=EVIL, expected=EVIL
        )
        for n, level in enumerate(("fix", "reject", "note"), 1)
    ]
    results = [make(4, findings), make(1, district="临港新片区")]
    for result in results:
        write_district(result, tmp_path / "out" / result.district)
    write_round(views(results, tmp_path / "out"), tmp_path / "out" / "全市")
    return tmp_path / "out"


def parts(path: Path) -> Iterator[tuple[str, etree._Element]]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "[Content_Types].xml"
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, etree.fromstring(package.read(name))


def test_elements_stand_in_the_order_of_the_schemas(files: Path) -> None:
    looked = set()
    for path in [*files.rglob("*.docx"), *files.rglob("*.xlsx")]:
        for name, root in parts(path):
            for element in root.iter(*ORDER):
                order = ORDER[element.tag].split()
                at = [order.index(etree.QName(child).localname) for child in element]
                assert at == sorted(at), (path.name, name, etree.tostring(element)[:300])
                looked.add(element.tag)
    assert looked == set(ORDER)


def test_tables_are_whole(files: Path) -> None:
    for path in files.rglob("*.docx"):
        for _, root in parts(path):
            for table in root.iter(f"{W}tbl"):
                columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
                for row in table.findall(f"{W}tr"):
                    spans = [c.find(f"{W}tcPr/{W}gridSpan") for c in row.findall(f"{W}tc")]
                    assert sum(1 if s is None else int(s.get(f"{W}val")) for s in spans) == columns
                for cell in table.iter(f"{W}tc"):
                    assert cell[-1].tag == f"{W}p"


def test_every_part_is_declared_and_every_relation_leads_somewhere(files: Path) -> None:
    for path in [*files.rglob("*.docx"), *files.rglob("*.xlsx")]:
        found = dict(parts(path))
        types = found["[Content_Types].xml"]
        declared = {t.get("PartName", "").lstrip("/") for t in types} | {f".{t.get('Extension')}" for t in types}
        for name in found:
            assert name == "[Content_Types].xml" or name in declared or PurePosixPath(name).suffix in declared, name
        for name, root in found.items():
            if name.endswith(".rels"):
                base = PurePosixPath(name).parent.parent
                for relation in root:
                    target = relation.get("Target", "")
                    assert relation.get("TargetMode") != "External"
                    at = target.lstrip("/") if target.startswith("/") else posixpath.normpath(str(base / target))
                    assert at in found, (path.name, name, target)


def test_word_and_excel_files_open_and_hold_what_was_written(files: Path) -> None:
    for path in files.rglob("*.docx"):
        assert any(p.text for p in Document(str(path)).paragraphs)
    for path in files.rglob("*.xlsx"):
        for sheet in load_workbook(path):
            assert sheet.max_row >= 1
            assert not any(cell.data_type == "f" for row in sheet for cell in row)


def words_of(path: Path) -> list[str]:
    """The texts of a file, without the page numbers of a table of contents, which the program that opens it works out."""
    if path.suffix == ".docx":
        doc = Document(str(path))
        texts = [re.sub(r"\t\d*$", "", p.text) for p in doc.paragraphs] + [
            c.text for t in doc.tables for r in t.rows for c in r.cells
        ]
    else:
        texts = [str(c.value) for sheet in load_workbook(path) for row in sheet for c in row if c.value is not None]
    return ["".join(t.split()) for t in texts if t.strip()]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_libreoffice_takes_and_gives_back_every_word(files: Path, tmp_path: Path, kind: str) -> None:
    chosen = sorted(files.rglob(f"*.{kind}"))
    named = {tmp_path / f"{n}.{kind}": path for n, path in enumerate(chosen)}
    for copy, path in named.items():
        shutil.copy(path, copy)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "again")]
    subprocess.run([*command, *map(str, named)], check=True, timeout=300, capture_output=True)
    for copy, path in named.items():
        assert words_of(tmp_path / "again" / copy.name) == words_of(path)
