"""Files are what they hold, not what they are called."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from extractors.formats import FORMATS, IMAGES, SHEETS, WORD, reader_of, sniff

DATA = Path(__file__).parent / "data"
sys.path.insert(0, str(DATA))
from make_odd import odd_docx  # noqa: E402

ODD_DOC = (DATA / "odd.doc").read_bytes()
TYPES = '<Types><Override PartName="/{0}" ContentType="application/vnd.{1}{2}"/></Types>'
RELS = (
    '<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="{0}"/></Relationships>'
)
HTML = "<html><head><meta charset=gb2312></head><body><table><tr><td>企业名称</td></tr></table></body></html>"
WORDML = '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'
FLAT = '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>'


def package(main: str, kind: str, *, end: str = ".main+xml", **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", TYPES.format(main, kind, end))
        made.writestr("_rels/.rels", RELS.format(main))
        for name, data in {main: b"<x/>", **more}.items():
            made.writestr(name, data)
    return out.getvalue()


def plain_zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, b"x" * 40)
    return out.getvalue()


def mimetype(kind: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", kind)
    return out.getvalue()


OFFICE = "openxmlformats-officedocument"
CASES = [
    (odd_docx(), "docx"),
    (ODD_DOC.replace("WordDocument".encode("utf-16-le"), "WORDDOCUMENT".encode("utf-16-le")), "doc"),
    (package("word/document.xml", "ms-word.document.macroEnabled"), "docx"),
    (package("word/document.xml", f"{OFFICE}.wordprocessingml.template"), "docx"),
    (package("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet", **{"word/document.xml": b"<x/>"}), "xlsx"),
    (package("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation"), "pptx"),
    (plain_zip("word/document.xml"), "zip"),
    (ODD_DOC, "doc"),
    (b"{\\rtf1\\ansi x}", "rtf"),
    (HTML.encode("gb18030"), "html"),
    (HTML.encode("utf-16"), "html"),
    (b"\xef\xbb\xbf\r\n" + HTML.encode(), "html"),
    (
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"/>',
        "fodt",
    ),
    (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "mht"),
    (WORDML.encode(), "wordml"),
    (FLAT.encode(), "flat-opc"),
    (b"%PDF-1.7\n", "pdf"),
    (b"junk\n%PDF-1.7\n", "pdf"),
    (b"\xff\xd8\xff\xe0" + bytes(20), "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0" + bytes(8), "tiff"),
    (b"BM" + bytes(12) + b"\x28\0\0\0" + bytes(20), "bmp"),
    (b"RIFF\0\0\0\0WEBP", "webp"),
    (b"GIF89a", "gif"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07\x01\0", "rar"),
    ("项目说明\n第一行".encode("gb18030"), "text"),
    ("见附件,共三页\n第一行,二,三\n完".encode(), "text"),
    ("序号,企业,电话\n1,甲,2\n2,乙,3\n".encode("gb18030"), "csv"),
    ("序号\t企业\t电话\n1\t甲\t2\n2\t乙\t3\n".encode("utf-16"), "csv"),
    ('序号,企业,电话\n1,"甲,\n乙",2\n2,丙,3\n'.encode(), "csv"),
    (package("xl/workbook.bin", "ms-excel.sheet.binary.macroEnabled", end=".main"), "xlsb"),
    (package("xl/workbook.xml", "ms-excel.sheet.macroEnabled"), "xlsx"),
    (mimetype("application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    (b"\x09\x08\x10\0\0\6\5\0" + bytes(30), "xls"),
    (b"", "empty"),
    (bytes(4096), "empty"),
    (bytes(range(256)) * 4, "unknown"),
]


@pytest.mark.parametrize(("data", "form"), CASES, ids=[f"{i}-{f}" for i, (_, f) in enumerate(CASES)])
def test_the_content_tells(data: bytes, form: str) -> None:
    assert sniff(data, "申报书.doc").format == form
    assert form in FORMATS


def test_every_reader_of_the_registry_is_there() -> None:
    readers = {name: reader_of(name) for name in FORMATS}
    assert {name for name, reader in readers.items() if reader} == WORD | SHEETS | IMAGES | {"pdf"}


def test_an_encrypted_office_file_is_told_from_other_ole_files() -> None:
    # directory entries of an OLE file hold names in UTF-16: renaming one makes the file another kind
    renamed = ODD_DOC.replace("WordDocument".encode("utf-16-le"), "EncryptedPac".encode("utf-16-le"), 1)
    assert sniff(renamed).format == "ole"
    renamed = ODD_DOC.replace("WordDocument".encode("utf-16-le"), "EncryptionIn".encode("utf-16-le"), 1)
    assert sniff(renamed).format == "ole"
    workbook = ODD_DOC.replace("WordDocument\0".encode("utf-16-le"), "Workbook\0\0\0\0\0".encode("utf-16-le"), 1)
    assert sniff(workbook).format in ("xls", "ole")


@pytest.mark.parametrize(
    ("data", "name", "shown"),
    [
        (odd_docx(), "申报书.doc", "Word 文档（docx）"),
        (HTML.encode(), "申报书.doc", "网页（HTML）"),
        (b"{\\rtf1 x}", "申报书.DOC", "RTF 文档"),
        (b"%PDF-1.7", "申报书.docx", "PDF 文档"),
    ],
)
def test_a_name_that_disagrees_is_noted(data: bytes, name: str, shown: str) -> None:
    note = sniff(data, name).note()
    assert note is not None
    assert note.code == "F11"
    assert shown in note.message


@pytest.mark.parametrize(
    ("data", "name"),
    [(odd_docx(), "a.docx"), (odd_docx(), "a.docm"), (ODD_DOC, "a.doc"), (ODD_DOC, "a.wps"), (ODD_DOC, "无扩展名"),
     (b"\xff\xd8\xff\xe0" + bytes(20), "a.JPEG"), (b"", "a.docx"), ("说明".encode(), "说明.txt")],
)  # fmt: skip
def test_a_name_that_agrees_is_not(data: bytes, name: str) -> None:
    assert sniff(data, name).note() is None


def test_a_cut_off_docx_is_still_called_one() -> None:
    cut = sniff(odd_docx()[:3000], "a.docx")
    assert cut.format == "docx"
    assert "损坏" in cut.detail
