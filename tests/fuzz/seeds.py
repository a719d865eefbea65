"""A small sound file of each format, to be changed."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from tests.flows.rounds import form
from tests.flows.storm import a_pdf
from tests.pdfs import Page, pdf

_HERE = Path(__file__).resolve().parent
_SAMPLES = _HERE.parents[1] / "samples" / "inbox"
_RTF = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\fnil\fcharset2 Wingdings;}}"
    rb"{\stylesheet{\s1\outlinelevel0 heading 1;}}\pard\s1 \'c9\'cf\'ba\'a3\par\uc1\u20225?\u19994?{\f1 \'fe}\par"
    rb"\trowd\cellx2000\cellx4000\pard\intbl a\cell b\cell\row\trowd\clvmgf\cellx2000\cellx4000\intbl c\cell d\cell\row"
    rb"{\field{\*\fldinst FORMCHECKBOX{\*\formfield{\fftype1\ffres1}}}{\fldrslt }}{\footnote x\par}{\listtext 1.\tab}e\par}"
)
_HTML = (
    "<html><head><meta charset='utf-8'><style>.h{display:none}</style></head><body><h1>申报书</h1><ol start='3'><li value='5'>甲<li>乙</ol>"
    "<table><tr><td rowspan='2' colspan='3'>丙<td>丁<tr><td><input type='checkbox' checked>戊</table><p class='h'>己</p><select><option>庚</select>"
    "</body></html>"
).encode()


@lru_cache(maxsize=1)
def _form() -> bytes:
    return form(1)


@lru_cache(maxsize=1)
def _tables() -> bytes:
    page = Page()
    page.text(60, 60, "智能制造试点示范项目申报书")
    for row in range(4):
        page.text(70, 110 + 20 * row, "企业名称")
        page.text(200, 110 + 20 * row, f"上海{row}有限公司 12{row}.5")
    return pdf(page)


def _picture(kind: str) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    image = Image.new("RGB", (320, 200), "white")
    image.paste((0, 0, 0), (20, 20, 200, 24))
    image.save(out, kind)
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("甲/申报书.docx", _form())
        archive.writestr("乙/说明.html", _HTML)
        archive.writestr("丙.rtf", _RTF)
    return out.getvalue()


def _tar(mode: str, style: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=style) as archive:  # type: ignore[call-overload]
        for name, data in ((f"{'长' * 60}/申报书.html", _HTML), ("乙.rtf", _RTF)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _seven() -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(_HTML, "甲.html")
        archive.writestr(_RTF, "乙/丙.rtf")
    return out.getvalue()


def _mht() -> bytes:
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset="utf-8"\n'
    return head + b"Content-Transfer-Encoding: 8bit\n\n" + _HTML + b"\n--b\nContent-Type: image/png\n\nx\n--b--\n"


def _odt() -> bytes:
    from tests.fuzz.mutations import _packed

    text = "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>"
    return _packed([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", text.encode())])


SEEDS: dict[str, tuple[Callable[[], bytes], ...]] = {
    "docx": (_form, lambda: min(_SAMPLES.rglob("*.docx")).read_bytes()),
    "doc": ((_HERE.parent / "extractors" / "data" / "odd.doc").read_bytes,),
    "rtf": (lambda: _RTF,),
    "html": (lambda: _HTML,),
    "mht": (_mht,),
    "odt": (_odt,),
    "pdf": (_tables, lambda: a_pdf("x")),
    "png": (lambda: _picture("PNG"),),
    "tiff": (lambda: _picture("TIFF"),),
    "jpg": (lambda: _picture("JPEG"),),
    "webp": (lambda: _picture("WEBP"),),
    "gif": (lambda: _picture("GIF"),),
    "bmp": (lambda: _picture("BMP"),),
    "zip": (_zip,),
    "7z": (_seven,),
    "tar": (
        lambda: _tar("w", tarfile.GNU_FORMAT),
        lambda: _tar("w", tarfile.PAX_FORMAT),
        lambda: _tar("w:gz", tarfile.PAX_FORMAT),
    ),
}
"""What a sound file of a format is made by."""
PICTURES = frozenset(("png", "tiff", "jpg", "webp", "gif", "bmp"))
