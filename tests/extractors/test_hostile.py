"""Files that stopped a run once, by their kind: each is read, or says why not in the words of its rule."""

from __future__ import annotations

import io
import tarfile
import warnings
import zipfile
from collections.abc import Iterator

import pytest

from extractors import read_bytes
from extractors.archive.read import open_archive
from extractors.document.errors import NotRead, Unreadable, Unsafe
from extractors.word.converted import read_html, read_mht
from extractors.word.docx import read_docx
from records.models import Reading
from tests import forms
from tests.extractors.wordml import NAMESPACES, package, paragraph, relation
from tests.flows.rounds import form


@pytest.fixture(autouse=True)
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_SOFFICE", "")


def a_zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def codes(readings: list[Reading]) -> list[str]:
    assert not any(r.failed for r in readings)
    return [n.code for r in readings for n in r.record.notes]


def test_a_zip_whose_entry_has_no_name() -> None:
    members = open_archive(a_zip(("", form(1)), ("", b""), ("甲.docx", form(2))))
    assert [(m.path, len(m.data) > 0) for m in members] == [("未命名文件", True), ("甲.docx", True)]


def test_a_damaged_member_leaves_those_beside_it() -> None:
    names = [f"{n}.docx" for n in range(3)]
    data = bytearray(a_zip(*((name, form(n)) for n, name in enumerate(names))))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("1.docx")
    middle = info.header_offset + 30 + info.compress_size // 2
    data[middle : middle + 40] = bytes(40)
    readings = read_bytes(bytes(data), forms.CATALOG, "a.zip")
    found = {r.record.source.path: (r.record.form, [n.code for n in r.record.notes]) for r in readings}
    assert found["a.zip!/1.docx"] == ("unknown", ["F01"])
    assert [found[f"a.zip!/{n}.docx"][0] for n in (0, 2)] == ["scene", "scene"]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("lost", [1, 200, 5000])
def test_a_docx_that_lost_bytes_in_its_middle(share: float, lost: int) -> None:
    data = form(3)
    at = int(len(data) * share)
    assert codes(read_bytes(data[:at] + data[at + lost :], forms.CATALOG, "a.docx")) in ([], ["F01"])


@pytest.mark.parametrize(
    "charset", ["hex", "zlib", "rot13", "base64", "idna", "punycode", "undefined", "unicode_escape", "x", ""]
)
def test_a_charset_that_is_none(charset: str) -> None:
    page = f"<html><meta charset='{charset}'><body><p>上海</p></body></html>".encode()
    (line,) = read_html(page).lines()
    assert line.text == "上海"
    mail = b"MIME-Version: 1.0\nContent-Type: text/html; charset=" + charset.encode()
    mail += b"\nContent-Transfer-Encoding: 8bit\n\n<html><body><p>" + "上海".encode() + b"</p></body></html>"
    (line,) = read_mht(mail).lines()
    assert line.text == "上海"


def mails() -> Iterator[tuple[str, bytes]]:
    page = b"\n\n<html><body><p>x</p></body></html>"
    head = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8"
    yield "brackets", b"From: " + b"(" * 50_000 + b"\nContent-Type: text/html; charset=" + b"(" * 50_000 + page
    yield "headers", b"".join(b"X-%d: y\n" % n for n in range(100_000)) + head + page
    yield "continued", head + b";\n x=y" * 50_000 + page
    yield "parts", head.replace(b"text/html", b"multipart/related; boundary=b") + b"\n\n" + b"--b\n\nx\n" * 20_000
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    yield "nested", b"MIME-Version: 1.0\n" + deep + head + page
    yield "charset", head.replace(b"utf-8", b'"\0"') + page
    yield "encoded", head.replace(b"charset=utf-8", b"charset*=hex''%00") + page


@pytest.mark.parametrize(("name", "mail"), mails(), ids=[name for name, _ in mails()])
def test_mails_that_mean_harm(name: str, mail: bytes) -> None:
    try:
        read_mht(mail)
    except NotRead as error:
        assert type(error) is Unreadable  # noqa: PT017 - either may come of it


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK])
def test_headers_of_a_tar_are_bounded(kind: bytes) -> None:
    for count, size in ((1, 50_000_000), (3000, 512)):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for _ in range(count):
                info = tarfile.TarInfo("x")
                info.type, info.size = kind, size
                record = (
                    b"%d comment=" % size
                )  # a sound pax record: some versions of Python refuse others by themselves
                archive.addfile(info, io.BytesIO(record + b"a" * (size - len(record) - 1) + b"\n"))
            archive.addfile(tarfile.TarInfo("甲.docx"))
        with pytest.raises(Unsafe, match="扩展信息"):
            open_archive(out.getvalue(), "a.tar.gz")


def test_long_names_and_pax_records_of_honest_tars_are_read() -> None:
    for style in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=style, pax_headers={"comment": "甲"}) as archive:
            for n in range(3):
                info = tarfile.TarInfo(f"{'长' * 60}/{n}.docx")
                info.size = 1
                archive.addfile(info, io.BytesIO(b"x"))
        assert len(open_archive(out.getvalue(), "a.tar")) == 3


def test_a_word_file_without_end_is_set_aside() -> None:
    with pytest.raises(Unreadable, match="段落超过"):
        read_docx(package(paragraph("x") * 50_001))
    with pytest.raises(Unreadable, match="部件"):
        read_docx(package(paragraph("x"), {f"word/{n}.xml": b"" for n in range(10_000)}))


def test_a_part_without_a_name_is_none() -> None:
    assert read_docx(package(paragraph("x"), {"": b"y"})).blocks


def test_a_header_that_comes_a_thousand_times_is_read_once() -> None:
    relations = "".join(relation(f"h{n}", "header", "header1.xml") for n in range(1000))
    header = f"<w:hdr {NAMESPACES}>{paragraph('页眉')}</w:hdr>"
    assert len(read_docx(package(paragraph("x"), {"word/header1.xml": header}, relations)).aside) == 1


@pytest.mark.parametrize("size", [(300, 2), (2, 300), (1, 1), (5000, 3), (1, 3000), (301, 2), (900, 20)])
def test_a_strip_of_a_picture_can_be_prepared(size: tuple[int, int]) -> None:
    pytest.importorskip("cv2")
    import numpy as np

    from extractors.scan.prepare import prepare, shrunk

    picture = np.full((size[1], size[0], 3), 255, np.uint8)
    picture[::2, ::3] = 0
    assert min(shrunk(picture).shape[:2]) * 30 >= max(shrunk(picture).shape[:2])
    prepare(picture)
