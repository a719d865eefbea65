"""What a file is, told from its content; its name only says whether the two agree (rule F11).

Offices save Word documents as .doc, and so do systems that write RTF, HTML or a renamed .docx under that name; WPS uses
.wps for the same binary format. Nothing here opens more of a file than it needs to tell its kind.
"""

from __future__ import annotations

import csv
import importlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

import olefile

from extractors.document.model import Document
from records.models import Note


class Format(NamedTuple):
    """``words`` name the format in a message, ``extensions`` are those that its files carry. ``reader`` is the function below
    ``extractors`` (module:function) that makes a Document of the bytes, "" where there is none: it is loaded when the first
    such file comes, since readers bring libraries along."""

    words: str
    extensions: tuple[str, ...] = ()
    reader: str = ""


FORMATS = {
    "docx": Format("Word 文档（docx）", ("docx", "docm", "dotx", "dotm"), "word.docx:read_docx"),
    "flat-opc": Format("Word XML 文档", ("xml",), "word.docx:read_docx"),
    "wordml": Format("Word 2003 XML 文档", ("xml",), "word.word2003:read_word2003"),
    "doc": Format("Word 97-2003 文档（doc）", ("doc", "dot", "wps", "wpt"), "word.doc:read_doc"),
    "wps": Format("Microsoft Works 文档（wps）", ("wps",), "word.converted:read_works"),
    "rtf": Format("RTF 文档", ("rtf",), "word.converted:read_rtf"),
    "html": Format("网页（HTML）", ("html", "htm", "xhtml"), "word.converted:read_html"),
    "mht": Format("单个文件网页（MHT）", ("mht", "mhtml"), "word.converted:read_mht"),
    "odt": Format("OpenDocument 文本文档", ("odt", "ott"), "word.converted:read_odt"),
    "fodt": Format("OpenDocument 文本文档（单个 XML 文件）", ("fodt", "xml"), "word.converted:read_fodt"),
    "pdf": Format("PDF 文档", ("pdf",), "pdf.read:read_pdf"),
    "jpg": Format("JPEG 图片", ("jpg", "jpeg", "jpe", "jfif"), "scan.read:read_image"),
    "png": Format("PNG 图片", ("png",), "scan.read:read_image"),
    "tiff": Format("TIFF 图片", ("tif", "tiff"), "scan.read:read_image"),
    "bmp": Format("BMP 图片", ("bmp", "dib"), "scan.read:read_image"),
    "webp": Format("WebP 图片", ("webp",), "scan.read:read_image"),
    "gif": Format("GIF 图片", ("gif",), "scan.read:read_image"),
    "zip": Format("zip 压缩包", ("zip",)),
    "7z": Format("7z 压缩包", ("7z",)),
    "rar": Format("rar 压缩包", ("rar",)),
    "tar": Format("tar 压缩包", ("tar", "tgz", "gz", "bz2", "tbz2", "xz", "txz")),
    "heic": Format("HEIC 图片", ("heic", "heif")),
    "ofd": Format("OFD 版式文档", ("ofd",)),
    "xlsx": Format("Excel 工作簿", ("xlsx", "xlsm", "xltx", "xltm", "et", "ett"), "sheet.read:read_xlsx"),
    "xls": Format("Excel 97-2003 工作簿", ("xls", "xlt", "et", "ett"), "sheet.read:read_xls"),
    "csv": Format("文本表格（CSV）", ("csv", "tsv", "tab"), "sheet.read:read_csv"),
    "excel-xml": Format("Excel 2003 XML 表格", ("xml",), "sheet.read:read_excel_xml"),
    "xlsb": Format("Excel 二进制工作簿", ("xlsb",), "sheet.read:read_xlsb"),
    "ods": Format("OpenDocument 电子表格", ("ods", "ots"), "sheet.read:read_ods"),
    "fods": Format("OpenDocument 电子表格（单个 XML 文件）", ("fods", "xml"), "sheet.read:read_fods"),
    "pptx": Format("PowerPoint 演示文稿", ("pptx", "pptm", "ppsx", "potx", "dps")),
    "ppt": Format("PowerPoint 97-2003 演示文稿", ("ppt", "pps", "dps")),
    "ole": Format("其他 OLE 复合文档"),
    "encrypted": Format("加密的 Office 文档"),
    "text": Format("纯文本"),
    "empty": Format("空文件"),
    "unknown": Format("无法识别的文件"),
}
"""Every ``format`` that :func:`sniff` gives. Another format is a line here, what tells it below, and its reader."""

WORD = frozenset(name for name, form in FORMATS.items() if form.reader.startswith("word."))
SHEETS = frozenset(name for name, form in FORMATS.items() if form.reader.startswith("sheet."))
IMAGES = frozenset(name for name, form in FORMATS.items() if form.reader.startswith("scan."))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"GIF8", "gif"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "tar"),
    (b"BZh", "tar"),
    (b"\xfd7zXZ\0", "tar"),
    # Excel 2 to 5 without a compound file around it: BOF and its length.
    (b"\x09\x00\x04\x00", "xls"),
    (b"\x09\x02\x06\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x08\x08\x00", "xls"),
    (b"\x09\x08\x10\x00", "xls"),
)
_OPC_MAIN = (
    ("ms-excel.sheet.binary", "xlsb"),
    ("wordprocessingml", "docx"),
    ("ms-word", "docx"),
    ("spreadsheetml", "xlsx"),
    ("ms-excel", "xlsx"),
    ("presentationml", "pptx"),
    ("ms-powerpoint", "pptx"),
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|div|style)[\s>]", re.IGNORECASE)
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
"""The streams of a compound file that tell its kind, in any case ([MS-CFB] 2.6.4): some programs write WORKBOOK."""
_MAX_PART = 1 << 20
_ROWS = 3
"""Rows, and cells of each, from which a text that is even throughout is a table."""
_BMP_LEAST = 26
_BMP_HEADS = (12, 40, 52, 56, 64, 108, 124)
"""Bytes of a bitmap file at least, and of the information headers that there are."""


def extensions_of(formats: Iterable[str]) -> frozenset[str]:
    """The extensions that files of these formats carry."""
    return frozenset(e for name in formats for e in FORMATS[name].extensions)


def reader_of(name: str) -> Callable[[bytes], Document] | None:
    """The reader of a format; None where there is none."""
    module, _, function = FORMATS[name].reader.partition(":")
    if not module:
        return None
    found: Callable[[bytes], Document] = getattr(importlib.import_module(f"extractors.{module}"), function)
    return found


@dataclass(frozen=True, slots=True)
class Sniffed:
    """``format`` is a key of :data:`FORMATS`. ``detail`` says more where there is more to say (the stream or main
    part that told). ``extension`` is the name's own, lower case, without its dot."""

    format: str
    extension_agrees: bool
    detail: str = ""
    extension: str = ""

    @property
    def kind(self) -> str:
        """The format in the words of a message."""
        return FORMATS[self.format].words

    def note(self) -> Note | None:
        """The remark of rule F11, None where name and content agree."""
        if self.extension_agrees or self.format in ("empty", "unknown", "encrypted"):
            return None
        return Note(
            code="F11",
            message=f"文件扩展名为“.{self.extension}”，内容实为{self.kind}，已按实际内容读取；请改用与内容一致的扩展名",
            evidence=f".{self.extension}",
        )


def sniff(data: bytes, name: str = "") -> Sniffed:
    """The kind of a file from its bytes; ``name`` only for its extension. Never raises on bad content."""
    extension = PurePosixPath(name.replace("\\", "/")).suffix[1:].lower()
    form, detail = _format(data, extension)
    known = FORMATS[form].extensions
    agrees = not extension or not known or extension in known
    if form in ("text", "csv"):
        agrees = extension in known or extension not in extensions_of(FORMATS)
    return Sniffed(form, agrees, detail, extension)


def _format(data: bytes, extension: str) -> tuple[str, str]:
    if not data.strip(b"\0 \r\n\t"):
        return "empty", ""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(data, extension)
    if data.startswith(_OLE):
        return _ole(data)
    for magic, form in _MAGIC:
        if data.startswith(magic):
            return form, ""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp", ""
    if data[:2] == b"BM" and len(data) > _BMP_LEAST and struct.unpack_from("<I", data, 14)[0] in _BMP_HEADS:
        return "bmp", ""
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        return "heic", ""
    if data[257:262] == b"ustar":
        return "tar", ""
    # A PDF may carry up to 1,024 bytes of anything before its header (ISO 32000-1 annex H, note 13).
    if b"%PDF-" in data[:1024]:
        return "pdf", "文件头前有多余内容"
    return _textual(data, extension)


def _zip(data: bytes, extension: str) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = _part(archive, "mimetype") if "mimetype" in names else b""
            for sign, form in ((b"opendocument.text", "odt"), (b"opendocument.spreadsheet", "ods")):
                if sign in kind:
                    return form, ""
            if "OFD.xml" in names:
                return "ofd", ""
            return _opc(archive, names)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        # Cut off or damaged: what its first members or its name say, so that the message names the right thing.
        head = data[:65536]
        if b"word/document.xml" in data or (b"[Content_Types].xml" in head and extension in FORMATS["docx"].extensions):
            return "docx", "压缩结构损坏"
        if extension in FORMATS["docx"].extensions:
            return "docx", "压缩结构损坏"
        if extension in FORMATS["xlsx"].extensions or b"xl/workbook.xml" in data:
            return "xlsx", "压缩结构损坏"
        return "zip", "压缩结构损坏"


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(_MAX_PART)


def _opc(archive: zipfile.ZipFile, names: set[str]) -> tuple[str, str]:
    """The kind of an OPC package by its main part; a plain zip where there is none (ISO/IEC 29500-2 §6)."""
    lower = {n.lower(): n for n in names}
    types_name, rels_name = lower.get("[content_types].xml"), lower.get("_rels/.rels")
    if types_name is None:
        return ("docx", "缺少 [Content_Types].xml") if rels_name and "word/document.xml" in names else ("zip", "")
    types = _part(archive, types_name).decode("utf-8", "replace")
    target = ""
    if rels_name is not None:
        rels = _part(archive, rels_name).decode("utf-8", "replace")
        for node in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", rels):
            if re.search(r'Type\s*=\s*["\'][^"\']*/officeDocument["\']', node):
                found = re.search(r'Target\s*=\s*["\']/?([^"\']+)', node)
                target = found[1] if found else ""
    main = [c for c in re.findall(r'ContentType\s*=\s*["\']([^"\']+)', types) if c.endswith(("main+xml", ".main"))]
    own = [n for n in re.findall(r"<(?:\w+:)?Override\s[^>]*>", types) if target and f"/{target}" in n]
    for text in own + main:
        for sign, form in _OPC_MAIN:
            if sign in text:
                return form, "macroEnabled" if "macroEnabled" in text else ""
    if target.startswith("word/"):
        return "docx", ""
    return "zip", ""


def _ole(data: bytes) -> tuple[str, str]:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {"/".join(path) for path in ole.listdir()}
            held = {stream for stream in ("EncryptedPackage", "EncryptionInfo", *_STREAMS) if ole.exists(stream)}
    except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError, RecursionError) as error:
        word = "WordDocument".encode("utf-16-le") in data
        return "doc" if word else "ole", f"复合文档结构损坏：{error}"
    if held & {"EncryptedPackage", "EncryptionInfo"}:
        return "encrypted", "EncryptedPackage"
    for stream, form in _STREAMS.items():
        if stream in held:
            return form, stream
    if "MatOST" in names or "CONTENTS" in names:
        return "wps", "Microsoft Works"
    return "ole", "、".join(sorted(names)[:5])


def _textual(data: bytes, extension: str) -> tuple[str, str]:
    head = _decode(data[:16384])
    if head is None:
        return "unknown", ""
    start = head.lstrip("\ufeff \r\n\t")
    if start.startswith("{\\rtf"):
        return "rtf", ""
    if start.startswith("<") and "schemas.microsoft.com/office/2006/xmlPackage" in head:
        return "flat-opc", ""
    if start.startswith("<") and "schemas.microsoft.com/office/word/2003/wordml" in head:
        return "wordml", ""
    if start.startswith("<") and "<office:document" in head and "opendocument:xmlns:text" in head:
        return "fodt", ""
    if start.startswith("<") and re.search(
        r"<(?:\w{1,9}:)?Workbook\s[^<]{0,999}urn:schemas-microsoft-com:office:spreadsheet", head
    ):
        return "excel-xml", ""
    if start.startswith("<") and "<office:document" in head and "opendocument:xmlns:table" in head:
        return "fods", ""
    if re.match(r"(?:MIME-Version|From|Date|Subject|Content-Type|X-[\w-]+)\s*:", start, re.IGNORECASE) and re.search(
        r"Content-Type:\s*(?:multipart/related|text/html)", head, re.IGNORECASE
    ):
        return "mht", ""
    if _HTML.search(head):
        return "html", ""
    controls = sum(1 for c in head if c < " " and c not in "\r\n\t\f\x1a")
    if controls * 100 >= len(head):
        return "unknown", ""
    return ("csv" if extension in FORMATS["csv"].extensions or _is_table(head) else "text"), ""


def _is_table(head: str) -> bool:
    """Whether a text is a table: all its rows have as many cells, and more than two. (The last may be cut off.)"""
    for separator in ("\t", ",", ";"):
        try:
            rows = [r for r in csv.reader(io.StringIO(head, newline=""), delimiter=separator, strict=True) if r]
        except csv.Error:  # a cell that the end of the head cuts, or no quotation marks after all
            rows = [line.split(separator) for line in head.splitlines() if line.strip()]
        widths = {len(r) for r in (rows[:-1] if len(rows) > _ROWS else rows)}
        if len(rows) >= _ROWS and len(widths) == 1 and widths.pop() > _ROWS - 1:
            return True
    return False


def text_of(data: bytes) -> str | None:
    """A text file's whole text: by its mark, else UTF-8, else GB 18030; None where it is no text."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _decode(head: bytes) -> str | None:
    """The head of a text file: by its mark, else UTF-8, else GB 18030; None where it is no text."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace")
    if head[:3] == b"\xef\xbb\xbf":
        return head.decode("utf-8-sig", "replace")
    if b"\0" in head:
        return None
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the head may end within a character
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None
