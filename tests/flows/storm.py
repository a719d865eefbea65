"""Some two hundred hostile and broken inputs, built from nothing but the standard library and the blank forms."""

from __future__ import annotations

import io
import os
import random
import socket
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.flows.rounds import form

SEED = 2023
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def files() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each."""
    whole = form(500)
    pdf = a_pdf("申报书")
    yield from _cut(whole, "docx", 25)
    yield from _flipped(whole, "docx", 40)
    yield from _cut(pdf, "pdf", 20)
    yield from _flipped(pdf, "pdf", 40)
    yield from _words(whole)
    yield from _archives(whole)
    yield from _disguised(whole, pdf)
    yield from _noise(40)


def odd_names() -> Iterator[tuple[str, bytes]]:
    """Sound forms and rubbish under names that no one should give."""
    names = ["换\n行.docx", "制\t表.docx", "引'号\".docx", "-rf.docx", "$(touch x).docx", "a;b|c&d.docx", "％00.docx"]
    names += ["=cmd|'calc'.docx", "<script>alert(1)</script>.docx".replace("/", "∕"), "{{ 7*7 }}.docx", "空 格　.docx"]
    names += ["长" * 81 + "x.docx", "\u202ecod.exe.docx", "e\u0301.docx", "CON.docx", "..docx", "...", "没有扩展名"]
    for number, name in enumerate(names):
        yield name, form(600 + number) if number % 2 else b"rubbish"


def special(folder: Path) -> None:
    """Pipes, sockets, loops of links, links out, folders without end, files that cannot be read."""
    os.mkfifo(folder / "管道.docx")
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(folder)  # a socket's path may not be long
    listening.bind("套接字.docx")
    os.chdir(here)
    listening.close()
    (folder / "环1").symlink_to("环2")
    (folder / "环2").symlink_to("环1")
    (folder / "自己").symlink_to(folder)
    (folder / "外面.docx").symlink_to("/etc/passwd")
    (folder / "没有.docx").symlink_to("nowhere")
    (folder / "零.docx").symlink_to("/dev/zero")
    deep = folder.joinpath(*["深"] * 70)
    deep.mkdir(parents=True)
    (deep / "底.docx").write_bytes(b"x")
    (folder / "锁着.docx").write_bytes(b"x")
    (folder / "锁着.docx").chmod(0)
    os.makedirs(os.fsencode(folder) + b"/\xc9\xea\xb1\xa8")  # 申报 in GBK
    Path(os.fsdecode(os.fsencode(folder) + b"/\xc9\xea\xb1\xa8/\xb1\xed.docx")).write_bytes(b"rubbish")


def a_docx(document: bytes, **parts: bytes) -> bytes:
    """A Word file with ``document`` as its document.xml and further parts (name with ``__`` for ``/``)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form(1))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, document if name == "word/document.xml" else old.read(name))
        for name, data in parts.items():
            new.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def a_pdf(text: str, objects: bytes = b"") -> bytes:
    """A PDF of one page with a table's lines."""
    stream = zlib.compress(
        b"BT /F1 12 Tf 72 700 Td (" + text.encode("ascii", "replace") + b") Tj ET 50 50 400 600 re S"
    )
    body = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n",
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n" % (len(stream), stream),
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n",
    ]
    data = b"%PDF-1.4\n" + b"".join(body) + objects
    return data + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n"


def _cut(data: bytes, suffix: str, count: int) -> Iterator[tuple[str, bytes]]:
    for n in range(count):
        yield f"截断{n:02}.{suffix}", data[: len(data) * n // count]


def _flipped(data: bytes, suffix: str, count: int) -> Iterator[tuple[str, bytes]]:
    rng = random.Random(SEED)
    for n in range(count):
        broken = bytearray(data)
        for _ in range(1 << (n % 8)):
            broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
        yield f"翻位{n:02}.{suffix}", bytes(broken)


def _noise(count: int) -> Iterator[tuple[str, bytes]]:
    rng = random.Random(SEED)
    heads = [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1", b"\xff\xd8\xff\xe0"]
    heads += [b"II*\0", b"\x89PNG\r\n\x1a\n", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00"]
    suffixes = ["docx", "doc", "pdf", "rtf", "jpg", "tiff", "png", "7z", "rar", "wps", "zip"]
    for n in range(count):
        yield f"噪声{n:02}.{suffixes[n % len(suffixes)]}", heads[n % len(heads)] + rng.randbytes(1 << (n % 14))


def _words(whole: bytes) -> Iterator[tuple[str, bytes]]:
    """Word files whose XML means harm."""
    body = f'<w:document xmlns:w="{_WORD}"><w:body>%s</w:body></w:document>'
    entity = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    laughs = "<!DOCTYPE d [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    text = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
    cell = "<w:tbl><w:tr><w:tc><w:tcPr>%s</w:tcPr><w:p/></w:tc></w:tr></w:tbl>"
    nested = "<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000
    documents = {
        "外部实体": entity + body % (text % "&x;"),
        "实体爆炸": laughs + "]>" + body % (text % "&a11;"),
        "远程DTD": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">' + body % "",
        "跨列十亿": body % (cell % '<w:gridSpan w:val="1000000000"/>'),
        "跨列为负": body % (cell % '<w:gridSpan w:val="-5"/>'),
        "跨列非数": body % (cell % '<w:gridSpan w:val="很多"/>'),
        "纵向合并无头": body % (cell % "<w:vMerge/>"),
        "前空十亿": body
        % '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="999999999"/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
        "嵌套三千": body % nested,
        "深层标签": body % ("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000),
        "空文档": body % "",
        "别的根": "<a/>",
        "不是XML": "hello",
        "没有内容": "",
        "一个段落一千万字": body % (text % ("字" * 3_000_000)),
        "二十万个段落": body % ((text % "x") * 100_000),
        "控制字符": body % (text % "&#xFFFE;&#x1;"),
    }
    for name, document in documents.items():
        yield f"{name}.docx", a_docx(document.encode("utf-8", "surrogatepass"))
    yield "宽表.docx", a_docx((body % ("<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 20_000 + "</w:tr></w:tbl>")).encode())
    bomb = b"<w:t>" + b"0" * 300_000_000
    yield "炸弹.docx", a_docx((body % "").encode(), word__extra=b"") if sys.maxsize < 2**32 else a_docx(bomb)
    yield "成员重名.docx", _twice(whole)
    yield "目录遍历.docx", a_docx((body % "").encode(), **{"..__..__..__escaped.txt": b"out"})


def _twice(whole: bytes) -> bytes:
    import warnings

    out = io.BytesIO(whole)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr("word/document.xml", b"<other/>")
    return out.getvalue()


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def _archives(whole: bytes) -> Iterator[tuple[str, bytes]]:
    zeros = bytes(50_000_000)
    nested = _zip({"申报书.docx": whole})
    for _ in range(12):
        nested = _zip({"又一层.zip": nested})
    quine = _zip({"x.zip": _zip({"x.zip": b""})})
    encrypted = bytearray(_zip({"申报书.docx": whole}))
    encrypted[6] |= 1
    encrypted[encrypted.rindex(b"PK\x01\x02") + 8] |= 1
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as package:
        member = tarfile.TarInfo("../../escaped.txt")
        package.addfile(member)
    lying = bytearray(_zip({"a.docx": whole}, zipfile.ZIP_STORED))
    lying[18:26] = (10).to_bytes(4, "little") * 2
    archives = {
        "炸弹.zip": _zip({"a.docx": zeros, "b.docx": zeros}),
        "套娃.zip": nested,
        "自含.zip": quine,
        "遍历.zip": _zip({"../../escaped.txt": b"out", "/etc/escaped.txt": b"out", "C:\\escaped.txt": b"out"}),
        "遍历与正本.zip": _zip({"../escaped.docx": whole}),
        "万个.zip": _zip({f"{n}.txt": b"" for n in range(5000)}),
        "长名.zip": _zip({"长" * 500 + ".docx": whole}),
        "加密.zip": bytes(encrypted),
        "谎报.zip": bytes(lying),
        "空.zip": _zip({}),
        "重名.zip": _twice(_zip({"word/document.xml": whole})),
        "其他.tar.gz": tar.getvalue(),
        "截断.zip": _zip({"申报书.docx": whole})[:-30],
    }
    yield from archives.items()


def _disguised(whole: bytes, pdf: bytes) -> Iterator[tuple[str, bytes]]:
    loop = b"6 0 obj<</Type/Pages/Kids[6 0 R]/Count 1000000>>endobj\n"
    yield from {
        "改名.pdf": whole,
        "改名.docx": pdf,
        "空.docx": b"",
        "空.pdf": b"",
        "页树成环.pdf": pdf.replace(b"Kids[3 0 R]", b"Kids[2 0 R]") + loop,
        "巨页.pdf": pdf.replace(b"0 0 595 842", b"0 0 9e9 9e9"),
        "加密.pdf": pdf.replace(b"/Size 6", b"/Size 6/Encrypt<</Filter/Standard/V 4/R 4/O(x)/U(x)/P -4/Length 128>>"),
        "网页.doc": b"<html><script>while(1){}</script><iframe src='http://127.0.0.1:9/'></iframe></html>",
        "宏.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
        "深.rtf": b"{\\rtf1" + b"{" * 200_000,
        "巨图.png": _png(60_000, 60_000),
    }.items()


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + b"\x01\0\0\0\0") + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


Build = Callable[[], Iterator[tuple[str, bytes]]]
