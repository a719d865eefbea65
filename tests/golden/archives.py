"""Archives and files that cannot be read."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

from tests import forms, pdfs
from tests.golden import writers
from tests.golden.case import Case
from tests.golden.sheets import sheet, short


@cache
def _scene(name: str = "", **fields: str) -> bytes:
    data = short(forms.clean_scene())
    own = {"company_name": name, "applicant": name} if name else {}
    return writers.docx(sheet("scene", forms.changed(data, own | fields)))


@cache
def _factory() -> bytes:
    return writers.docx(sheet("factory", short(forms.clean_factory())))


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 8, 10, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _in_parts() -> dict[str, bytes]:
    """Cover, tables and annexes of one application in files of their own."""
    blocks = sheet("scene", short(forms.clean_scene()))
    at = [n for n, b in enumerate(blocks) if getattr(b, "text", "") in ("附1", "附2")]
    first = next(n for n, b in enumerate(blocks) if getattr(b, "text", "").startswith("一、"))
    parts = {
        "1封面.docx": blocks[:first],
        "2正文.docx": blocks[first : at[0]],
        "3附1.docx": blocks[at[0] : at[1]],
        "4附2.docx": blocks[at[1] :],
    }
    return {name: writers.docx(part) for name, part in parts.items()}


def _encrypted() -> bytes:
    data = bytearray(packed({"申报书.docx": _scene()}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


LICENCE = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "one application": ("甲.zip", lambda: packed({"甲公司/申报书.docx": _scene(), "甲公司/营业执照.png": LICENCE})),
    "in parts": ("甲.zip", lambda: packed(_in_parts())),
    "word and web page": (
        "甲.zip",
        lambda: packed(
            {"申报书.docx": _scene(), "申报书.html": writers.page(sheet("scene", short(forms.clean_scene())))}
        ),
    ),
    "several": (
        "各企业.zip",
        lambda: packed(
            {"甲/申报书.docx": _scene(), "乙/申报书.docx": _scene("上海乙制造有限公司"), "丙.docx": _factory()}
        ),
    ),
    "with summary": (
        "全区.zip",
        lambda: packed({"汇总表.docx": forms.fill("summary", forms.clean_summary()), "申报书.docx": _scene()}),
    ),
    "nested": (
        "外.zip",
        lambda: packed({"内.zip": packed({"申报书.docx": _scene()}), "另.zip": packed({"b.docx": _factory()})}),
    ),
    "tar": ("甲.tar", lambda: _tar({"申报书.docx": _scene()})),
    "nothing in it": ("空.zip", lambda: packed({})),
    "no form in it": ("附件.zip", lambda: packed({"营业执照.png": LICENCE, "说明.txt": "请查收".encode()})),
    "path escape": ("逃.zip", lambda: packed({"../../申报书.docx": _scene(), "/etc/b.docx": _factory()})),
    "bomb": ("弹.zip", lambda: packed({"a.docx": bytes(60_000_000), "b.docx": bytes(60_000_000)})),
    "password": ("密.zip", _encrypted),
    "one of two broken": ("半.zip", lambda: packed({"申报书.docx": _scene(), "另一份.docx": b"PK\x03\x04 broken"})),
}
BROKEN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("空.docx", lambda: b""),
    "noise": ("坏.docx", lambda: b"\x00\x01\x02 no document" * 40),
    "cut docx": ("断.docx", lambda: _scene()[: len(_scene()) // 2]),
    "text": ("说明.txt", lambda: "企业名称：上海甲公司".encode()),
    "program": ("安装.exe", lambda: b"MZ" + b"\0" * 200),
    "pdf with password": ("密.pdf", lambda: pdfs.pdf(pdfs.Page().text(60, 60, "x"), password="secret")),
    "pdf cut": ("断.pdf", lambda: pdfs.pdf(pdfs.Page().text(60, 60, "x"))[:300]),
    "pdf script and attachment": ("附.pdf", lambda: pdfs.pdf(pdfs.Page().text(60, 60, "x"), attachment="a.exe", script="app.alert")),
    "rtf as doc": ("申报书.docx", lambda: writers.rtf(sheet("summary", forms.clean_summary()))),
}  # fmt: skip


def cases() -> Iterator[Case]:
    for group, files in (("archive", FILES), ("broken", BROKEN)):
        for name, (path, make) in files.items():
            yield Case(group, name, lambda p=path, m=make: {p: m()})
