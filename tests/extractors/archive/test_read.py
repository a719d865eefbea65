"""Archives: names as their authors saw them, nothing let out, nothing blown up, applications kept apart."""

from __future__ import annotations

import io
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from extractors.archive.applications import Probe, group_members
from extractors.archive.read import Limits, open_archive
from extractors.document.errors import Protected, Unavailable, Unreadable, Unsafe
from extractors.read import read_bytes
from tests import forms

CASES = Path(__file__).parents[4] / "shared" / "cases" / "documents"


def make_zip(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data, compress_type=method)
    return out.getvalue()


def make_raw_zip(name: bytes, data: bytes, flags: int = 0, extra: bytes = b"", size: int | None = None) -> bytes:
    """A stored zip of one member whose name is ``name`` byte for byte, as other programs write it."""
    crc, declared = zlib.crc32(data), len(data) if size is None else size
    common = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0x21, crc, len(data), declared, len(name), len(extra))
    local = b"PK\x03\x04" + common + name + extra + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + extra
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def paths(data: bytes, **limits: int) -> list[str]:
    return [m.path for m in open_archive(data, "包.zip", Limits(**limits))]


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("申报书（优秀场景）.docx".encode("gb18030"), 0),
        ("申报书（优秀场景）.docx".encode(), 0),
        ("申报书（优秀场景）.docx".encode(), 0x800),
    ],
    ids=["gbk", "utf8-unmarked", "utf8-marked"],
)
def test_names_read_as_their_author_saw_them(name: bytes, flags: int) -> None:
    assert paths(make_raw_zip(name, b"x", flags)) == ["申报书（优秀场景）.docx"]


def test_the_unicode_path_field_wins_where_it_is_about_this_name() -> None:
    name = "申報.docx".encode("big5")
    body = b"\x01" + struct.pack("<I", zlib.crc32(name)) + "申報.docx".encode()
    field = struct.pack("<HH", 0x7075, len(body)) + body
    assert paths(make_raw_zip(name, b"x", extra=field)) == ["申報.docx"]
    stale = b"\x01" + struct.pack("<I", 1) + "別的.docx".encode()
    field = struct.pack("<HH", 0x7075, len(stale)) + stale
    assert "別的.docx" not in paths(make_raw_zip(name, b"x", extra=field))


@pytest.mark.parametrize(
    "name", ["../外.docx", "a/../../外.docx", "/etc/passwd", "C:\\x.docx", "\\\\host\\x.docx", "..\\外.docx"]
)
def test_paths_that_lead_out_are_unsafe(name: str) -> None:
    with pytest.raises(Unsafe, match="指向包外") as caught:
        open_archive(make_raw_zip(name.encode(), b"x", 0x800))
    assert caught.value.code == "F09"


def test_dots_within_a_name_are_no_escape() -> None:
    assert paths(make_zip(("a/申报书..docx", b"x"), ("b\\c.docx", b"y"))) == ["a/申报书..docx", "b/c.docx"]


def test_links_are_unsafe() -> None:
    link = zipfile.ZipInfo("证书.pdf")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(Unsafe, match="链接"):
        open_archive(make_zip((link, b"/etc/passwd")))


def test_a_bomb_is_refused_by_ratio_and_a_well_packed_text_is_not() -> None:
    with pytest.raises(Unsafe, match="压缩比异常"):
        open_archive(make_zip(("a.docx", b"\0" * (8 << 20))))
    text = "".join(f"第{i}行，设备编号{i * 7919 % 10007}。\n" for i in range(20000)).encode()
    assert paths(make_zip(("a.txt", text))) == ["a.txt"]


def test_limits_on_total_entries_names_and_depth() -> None:
    with pytest.raises(Unsafe, match="过大"):
        paths(make_zip(("a", b"x" * 900), ("b", b"y" * 900), method=zipfile.ZIP_STORED), total=1000)
    with pytest.raises(Unsafe, match="过多"):
        paths(make_zip(*((f"{i}", b"") for i in range(12))), entries=10)
    with pytest.raises(Unsafe, match="文件名过长"):
        paths(make_zip(("名" * 300, b"x")))
    nested = make_zip(("a.docx", b"x"))
    for _ in range(3):
        nested = make_zip(("内.zip", nested))
    with pytest.raises(Unsafe, match="嵌套过深"):
        open_archive(nested)


def test_a_size_that_lies_is_not_believed() -> None:
    with pytest.raises((Unsafe, Unreadable)):
        open_archive(make_raw_zip(b"a.docx", b"x" * 5000, size=10))


def test_nested_archives_open_in_place_and_a_broken_one_does_not_sink_the_rest() -> None:
    inner = make_zip(("b/申报书.docx", b"inner"))
    members = open_archive(make_zip(("a.docx", b"outer"), ("内.zip", inner), ("坏.zip", inner[:40])))
    assert {m.path: m.data for m in members if not m.error} == {"a.docx": b"outer", "内.zip!/b/申报书.docx": b"inner"}
    broken = [m for m in members if m.error]
    assert [(m.path, m.error.code) for m in broken if m.error] == [("坏.zip", "F01")]


def test_encrypted_and_damaged_archives_say_which() -> None:
    with pytest.raises(Protected):
        open_archive(make_raw_zip(b"a.docx", b"x" * 40, flags=0x1))
    good = make_zip(("a.docx", bytes(range(256)) * 40))
    with pytest.raises(Unreadable) as caught:
        open_archive(good[: len(good) // 2])
    assert caught.value.code == "F01"
    flipped = bytearray(make_zip(("a.docx", b"x" * 400), method=zipfile.ZIP_STORED))
    flipped[100] ^= 0xFF
    with pytest.raises(Unreadable):
        open_archive(bytes(flipped))


def test_system_files_are_listed_as_passed_over() -> None:
    members = open_archive(
        make_zip(("a.docx", b"x"), ("__MACOSX/._a.docx", b"j"), ("x/.DS_Store", b"j"), ("~$a.docx", b"j"))
    )
    assert [m.path for m in members if not m.passed_over] == ["a.docx"]
    assert len([m for m in members if m.passed_over]) == 3


def test_what_an_archive_holds_is_told_of_to_the_last_file() -> None:
    told: list[str] = []
    letter = make_zip(
        ("信.txt", b"x"), ("__MACOSX/a/._a", b"j"), ("__MACOSX/._b", b"j"), ("x/.DS_Store", b"j"), ("y.part", b"j")
    )
    read_bytes(letter, forms.CATALOG, "包.zip", aside=lambda path, _why: told.append(path))
    assert sorted(told) == ["包.zip!/__MACOSX", "包.zip!/x/.DS_Store", "包.zip!/y.part"]


def test_an_empty_archive_cannot_be_read() -> None:
    (reading,) = read_bytes(make_zip(), forms.CATALOG, "包.zip")
    assert [n.code for n in reading.record.notes] == ["F01"]


def test_an_archive_by_another_name_says_so_once() -> None:
    (blank,) = (Path(__file__).parents[3] / "samples" / "inbox" / "浦东新区").glob("01*.docx")
    member = ("甲/申报书.docx", blank.read_bytes())
    (reading,) = read_bytes(make_zip(member), forms.CATALOG, "申报书.docx")
    assert [n.code for n in reading.record.notes] == ["F11"]
    assert not read_bytes(make_zip(member), forms.CATALOG, "申报书.zip")[0].record.notes


def test_names_that_differ_only_in_case_or_not_at_all_are_both_kept() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = make_zip(("a.docx", b"1"), ("A.docx", b"2"), ("a.docx", b"3"))
    assert sorted(m.data for m in open_archive(data)) == [b"1", b"2", b"3"]
    assert len({m.path.casefold() for m in open_archive(data)}) == 3


def test_tar_gives_its_files_and_refuses_links() -> None:
    def make(kind: bytes) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            info = tarfile.TarInfo("申报/a.docx")
            info.type, info.size, info.linkname = kind, 3 if kind == tarfile.REGTYPE else 0, "/etc/passwd"
            archive.addfile(info, io.BytesIO(b"abc"))
        return out.getvalue()

    assert [(m.path, m.data) for m in open_archive(make(tarfile.REGTYPE))] == [("申报/a.docx", b"abc")]
    with pytest.raises(Unsafe):
        open_archive(make(tarfile.SYMTYPE))


def test_7z_in_memory_with_its_limits() -> None:
    py7zr = pytest.importorskip("py7zr", reason="7z reading is an extra")

    def make(*members: tuple[str, bytes], password: str | None = None) -> bytes:
        out = io.BytesIO()
        with py7zr.SevenZipFile(out, "w", password=password) as archive:
            for name, data in members:
                archive.writestr(data, name)
        return out.getvalue()

    data = make(("申报/a.docx", b"abc" * 100), ("空.txt", b""), ("b.docx", b"z"))
    assert {m.path: m.data for m in open_archive(data)} == {"申报/a.docx": b"abc" * 100, "空.txt": b"", "b.docx": b"z"}
    with pytest.raises(Unsafe, match="压缩比异常"):
        open_archive(make(("a.docx", b"\0" * (24 << 20))))
    with pytest.raises(Protected):
        open_archive(make(("a.docx", b"abc"), password="x"))
    with pytest.raises(Unreadable):
        open_archive(data[:-20])
    assert open_archive(make_zip(("内.7z", data)))[0].path.startswith("内.7z!/")


def make_rar(name: bytes, data: bytes, attributes: int = 0x20, host: int = 2) -> bytes:
    """A RAR 2 archive of one stored member, written out by hand: no free program makes them."""

    def block(kind: int, flags: int, body: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    size = struct.pack(
        "<IIBIIBBHI", len(data), len(data), host, zlib.crc32(data), 0x21 << 16, 20, 0x30, len(name), attributes
    )
    return (
        b"Rar!\x1a\x07\0"
        + block(0x73, 0, bytes(6))
        + block(0x74, 0x8000, size + name)
        + data
        + block(0x7B, 0x4000, b"")
    )


def test_rar_members_and_links() -> None:
    pytest.importorskip("rarfile", reason="rar reading is an extra")
    members = open_archive(make_rar("申报\\申报书.docx".encode("gb18030"), b"abc" * 50))
    assert [(m.path, m.data) for m in members] == [("申报/申报书.docx", b"abc" * 50)]
    with pytest.raises(Unsafe):
        open_archive(make_rar(b"..\\x.docx", b"abc"))
    with pytest.raises(Unsafe, match="链接"):
        open_archive(make_rar(b"x.docx", b"/etc/passwd", stat.S_IFLNK | 0o777, host=3))
    with pytest.raises(Unreadable):
        open_archive(make_rar(b"x.docx", b"abc" * 50)[:-60])


def test_rar_without_an_unpacker_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    rarfile = pytest.importorskip("rarfile", reason="rar reading is an extra")

    def refuse(*_: object, **__: object) -> None:
        raise rarfile.RarCannotExec("no tool")

    monkeypatch.setattr(rarfile.RarFile, "open", refuse)
    with pytest.raises(Unavailable, match="unar"):
        open_archive(make_rar(b"x.docx", b"abc"))


# Grouping ------------------------------------------------------------------------------------------------------------


def whole(path: str, applicant: str = "", **more: bool) -> Probe:
    parts = {"has_cover": True, "has_basic": True, "has_tables": True} | more
    return Probe(path, "scene", **parts, applicant=applicant)


def grouped(*probes: Probe) -> list[tuple[list[str], list[str]]]:
    return [(a.parts, a.annexes) for a in group_members(probes)]


def test_cover_tables_and_licence_apart_are_one_application() -> None:
    body = whole("申报材料/申报书.docx", "甲公司", has_tables=False)
    tables = Probe("申报材料/附1附2.docx", "scene", has_tables=True)
    licence = Probe("申报材料/营业执照.jpg")
    assert grouped(licence, tables, body) == [
        (["申报材料/申报书.docx", "申报材料/附1附2.docx"], ["申报材料/营业执照.jpg"])
    ]


def test_every_part_in_a_file_and_folder_of_its_own() -> None:
    cover = Probe("1封面/封面.docx", "scene", has_cover=True, applicant="甲公司")
    basic = Probe("2申报书/基本信息.docx", "unknown", has_basic=True, applicant="甲公司")
    tables = [Probe(f"3附件/附{i}.docx", "unknown", has_tables=True) for i in (1, 2, 10)]
    parts = ["1封面/封面.docx", "2申报书/基本信息.docx", "3附件/附1.docx", "3附件/附2.docx", "3附件/附10.docx"]
    assert grouped(*tables, basic, cover) == [(parts, [])]


def test_applications_of_several_companies_stay_apart() -> None:
    assert grouped(whole("甲.docx", "甲公司"), whole("乙.docx", "乙公司"), Probe("说明.pdf")) == [
        (["乙.docx"], ["说明.pdf"]),
        (["甲.docx"], []),
    ]


def test_each_folder_keeps_its_own_tables_and_annexes() -> None:
    files = []
    for company in ("甲公司", "乙公司"):
        files += [
            whole(f"{company}/申报书.docx", company, has_tables=False),
            Probe(f"{company}/附件/附1.docx", "scene", has_tables=True),
            Probe(f"{company}/附件/执照.png"),
        ]
    assert grouped(*files) == [
        (["乙公司/申报书.docx", "乙公司/附件/附1.docx"], ["乙公司/附件/执照.png"]),
        (["甲公司/申报书.docx", "甲公司/附件/附1.docx"], ["甲公司/附件/执照.png"]),
    ]


def test_loose_tables_beside_two_applications_go_by_name_or_stand_alone() -> None:
    a, b = (whole(f"{c}申报书.docx", f"{c}公司", has_tables=False) for c in "甲乙")
    named = Probe("甲公司附1.docx", "scene", has_tables=True)
    assert (["甲申报书.docx", "甲公司附1.docx"], []) in grouped(a, b, named)
    unnamed = Probe("附1.docx", "scene", has_tables=True)
    assert (["附1.docx"], []) in grouped(a, b, unnamed)


def test_one_company_may_apply_for_two_scenes_and_a_factory() -> None:
    factory = Probe("工厂.docx", "factory", True, True, True, "甲公司")
    files = (whole("场景1.docx", "甲公司"), whole("场景2.docx", "甲公司"), factory)
    assert len(grouped(*files)) == 3


def test_the_same_document_in_word_and_pdf_is_one_and_so_is_a_sealed_cover() -> None:
    word, pdf = whole("申报书.docx", "甲公司"), whole("申报书.pdf", "甲公司")
    cover = Probe("盖章封面.jpg", "scene", has_cover=True, applicant="甲 公司")
    assert grouped(pdf, cover, word) == [(["申报书.docx"], ["申报书.pdf", "盖章封面.jpg"])]


def test_pictured_pages_follow_each_other_by_number() -> None:
    first = whole("第1页.jpg", has_basic=False, has_tables=False)
    pages = [first, *(Probe(f"第{i}页.jpg") for i in (10, 2)), Probe("营业执照.jpg")]
    assert grouped(*pages) == [(["第1页.jpg", "第2页.jpg", "第10页.jpg"], ["营业执照.jpg"])]


def test_a_summary_table_is_its_own_and_an_archive_without_forms_is_one() -> None:
    summary = Probe("附件4.docx", "summary", has_tables=True)
    assert grouped(summary, whole("甲.docx", "甲公司")) == [(["甲.docx"], []), (["附件4.docx"], [])]
    assert grouped(Probe("信.docx"), Probe("执照.jpg")) == [([], ["信.docx", "执照.jpg"])]


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside this checkout")
def test_the_case_archive_opens() -> None:
    members = open_archive((CASES / "zip-scene-split.zip").read_bytes())
    assert [m.path.split("/")[-1] for m in members if m.data][-1].endswith((".docx", ".jpg"))
    assert len(members) == 3


def test_an_editable_and_a_sealed_copy_are_one_application() -> None:
    both = {"form": "scene", "has_cover": True, "has_basic": True, "has_tables": True, "applicant": "上海甲公司"}
    word, sealed = Probe("可编辑版.docx", project="甲项目", **both), Probe("盖章版.pdf", project="甲项目", **both)  # type: ignore[arg-type]
    other = Probe("另一项目.pdf", project="乙项目", **both)  # type: ignore[arg-type]
    (one,) = group_members([sealed, word])
    assert (one.parts, one.annexes) == (["可编辑版.docx"], ["盖章版.pdf"])
    assert sorted(a.parts[0] for a in group_members([word, other])) == ["另一项目.pdf", "可编辑版.docx"]
