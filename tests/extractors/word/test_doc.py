"""Word 97-2003 files: nothing a person sees is lost, nothing hidden or deleted becomes a value."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

import olefile
import pytest

from extractors.document.doubts import FILE_INCONSISTENT
from extractors.document.errors import Protected, Unavailable, Unreadable
from extractors.document.model import Document, Table
from extractors.fitting.fit import fit
from extractors.office import libreoffice
from extractors.word import second_opinion as second
from extractors.word.binary.properties import CharProps, ParaProps, TableCell, apply_char, apply_para, sprms
from extractors.word.binary.tables import TableStack
from extractors.word.doc import _notes, read_doc
from extractors.word.docx import read_docx
from extractors.word.markup import Converted, package
from records.models import CERTAIN, Source
from tests import forms

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[4] / "shared"
ODD = (DATA / "odd.doc").read_bytes()
sys.path.insert(0, str(DATA))
from make_odd import odd_docx  # noqa: E402


def flat(document: Document) -> list[str]:
    """A document as lines, to compare two of them: texts, spans and ticks."""
    out: list[str] = []

    def put(table: Table, depth: int) -> None:
        out.append(f"{'  ' * depth}table {table.rows}×{table.columns}, {table.header_rows} header rows")
        for c in table.cells:
            marks = [(m.offset, m.ticked, m.kind) for m in c.marks]
            out.append(f"{'  ' * depth}{c.row},{c.column} {c.row_span}×{c.column_span} {c.text!r} {marks} {c.pictures}")
            for inner in c.tables:
                put(inner, depth + 1)

    for block in document.blocks:
        if isinstance(block, Table):
            put(block, 0)
        else:
            marks = [(m.offset, m.ticked, m.kind) for m in block.marks]
            out.append(f"{block.place} {block.level} {block.text!r} {marks} {block.pictures}")
    return out + [f"{p.place} {p.text}" for p in document.aside]


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_SOFFICE", "")


def patched(offset: int, value: bytes, tmp_path: Path, stream: str = "WordDocument") -> bytes:
    """odd.doc with some bytes of a stream replaced."""
    path = tmp_path / "patched.doc"
    path.write_bytes(ODD)
    with olefile.OleFileIO(path, write_mode=True) as ole:
        data = bytearray(ole.openstream(stream).read())
        data[offset : offset + len(value)] = value
        ole.write_stream(stream, bytes(data))
    return path.read_bytes()


@pytest.mark.usefixtures("no_office")
def test_a_doc_reads_as_the_docx_it_was_made_from() -> None:
    document = read_doc(ODD)
    assert flat(document) == flat(read_docx(odd_docx()))
    assert document.format == "doc"
    assert [n.code for n in document.notes] == ["F05", "S03"]


@pytest.mark.usefixtures("no_office")
def test_what_is_hidden_or_deleted_is_no_text_and_ticks_in_fields_are_kept() -> None:
    text = "\n".join(line.text for line in read_doc(ODD).lines() if line.place != "hidden")
    assert "删去" not in text
    assert "隐藏字" not in text
    assert "添上" in text
    assert "☑大型□小型" in text
    assert "乙项之后" in text


def test_a_protected_file_says_so(tmp_path: Path) -> None:
    flags = struct.unpack_from("<H", olefile.OleFileIO(io.BytesIO(ODD)).openstream("WordDocument").read(), 10)[0]
    with pytest.raises(Protected):
        read_doc(patched(10, struct.pack("<H", flags | 0x0100), tmp_path))


@pytest.mark.usefixtures("no_office")
def test_a_damaged_file_is_at_fault_an_older_one_waits_for_what_would_read_it(tmp_path: Path) -> None:
    for data in (ODD[:9000], patched(154 + 33 * 8, b"\xff" * 8, tmp_path)):
        with pytest.raises(Unreadable, match="已损坏") as caught:
            read_doc(data)
        assert caught.value.code == "F01"
    with pytest.raises(Unavailable, match="libreoffice-writer-nogui"):
        read_doc(patched(2, struct.pack("<H", 0x65), tmp_path))


def test_a_file_older_than_word_97_goes_to_libreoffice_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str | None] = []

    def run(
        _office: str, _paths: object, _out: Path, _profile: Path, _to: str, _limit: float, infilter: str | None
    ) -> tuple[bool, str]:
        asked.append(infilter)
        return True, ""

    monkeypatch.setattr(libreoffice, "find_soffice", lambda: "soffice")
    monkeypatch.setattr(libreoffice, "_run", run)
    with pytest.raises(Unreadable):
        read_doc(patched(2, struct.pack("<H", 0x65), tmp_path))
    assert asked == ["MS Word 95"]


@pytest.mark.usefixtures("no_office")
def test_names_of_streams_are_found_in_any_case() -> None:
    assert flat(read_doc(ODD.replace("WordDocument".encode("utf-16-le"), "WORDDOCUMENT".encode("utf-16-le")))) == flat(
        read_doc(ODD)
    )


def test_doubt_goes_to_libreoffice_and_without_it_lowers_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(texts: list[str]) -> bytes:
        cells = "".join(f"<w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in texts)
        return package(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")

    doubted = Converted(made(["甲", "乙"]), doubts=["表格第1行有2个单元格，行定义为3个"])
    monkeypatch.setattr(libreoffice, "find_soffice", lambda: None)
    (table,) = second.settle(b"", "doc", doubted).tables()
    assert table.doubts == (FILE_INCONSISTENT,)
    assert [c.confidence < CERTAIN for c in table.cells] == [True, True]
    monkeypatch.setattr(libreoffice, "find_soffice", lambda: "soffice")
    monkeypatch.setattr(libreoffice, "to_docx", lambda *_: made(["甲", "乙", "丙"]))
    (table,) = second.settle(b"", "doc", doubted).tables()
    assert [(c.text, table.confidence) for c in table.cells] == [("甲", 1.0), ("乙", 1.0), ("丙", 1.0)]
    monkeypatch.setattr(
        libreoffice, "to_docx", lambda *_: made(["甲"])
    )  # a second reader that lost text is not believed
    assert [len(t.cells) for t in second.settle(b"", "doc", doubted).tables()] == [2]


def test_what_a_second_reader_did_not_confirm_is_certain_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_soffice", lambda: None)
    filled = forms.fill("scene", forms.clean_scene())
    for converted, kinds in (
        (Converted(filled, doubts=["表格第1行有2个单元格，行定义为3个"]), ("fields", "tables")),
        (Converted(filled, visible=10**6), ("fields", "tables", "sections")),
    ):
        document = second.settle(b"", "doc", converted)
        record = fit(document, forms.CATALOG, Source(path="a", sha256="0", format="doc")).record
        values = {
            "fields": [v for v in record.fields.values() if v.where.startswith("表")],
            "tables": [v for rows in record.tables.values() for row in rows for v in row.values()],
            "sections": list(record.sections.values()),
        }
        for kind in kinds:
            assert values[kind]
            assert all(v.confidence < CERTAIN for v in values[kind] if v.raw), kind


def test_rows_whose_definition_does_not_fit_are_doubted_and_lose_nothing() -> None:
    doubts: list[str] = []
    stack = TableStack(doubts)
    for text in ("甲", "乙"):
        stack.paragraph(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>", ParaProps(in_table=True), "\x07")
    row = ParaProps(in_table=True, row_end=True, edges=[0, 1000], cells=[TableCell()])
    stack.paragraph("<w:p/>", row, "\x07")
    stack.paragraph("<w:p><w:r><w:t>未完</w:t></w:r></w:p>", ParaProps(in_table=True), "\r")
    texts = [c.text for t in read_docx(package(stack.finish())).tables() for c in t.cells]
    assert texts == ["甲", "乙", "未完"]
    assert len(doubts) >= 2


def test_modifiers_that_change_a_row_are_applied_in_order() -> None:
    definition = struct.pack("<HHB4h", 0xD608, 1 + 1 + 2 * 4 + 60, 3, 0, 1000, 2000, 3000) + bytes(60)
    props = ParaProps()
    apply_para(props, definition + struct.pack("<HBBh", 0x7621, 1, 1, 500), b"")  # a cell of 500 twips before the 2nd
    assert props.edges == [0, 1000, 1500, 2500, 3500]
    apply_para(props, struct.pack("<HBB", 0x5622, 0, 1), b"")  # the first is deleted
    assert props.edges == [0, 500, 1500, 2500]
    apply_para(props, struct.pack("<HBB", 0x5624, 1, 3), b"")  # the last two are merged
    assert [c.merged for c in props.cells] == [False, False, True]
    apply_para(props, struct.pack("<HBBB", 0xD62B, 2, 0, 3), b"")  # the first begins a vertical merge
    assert props.cells[0].starts


def test_a_property_list_that_is_cut_off_ends_quietly() -> None:
    whole = struct.pack("<HB", 0x2416, 1) + struct.pack("<H", 0xD608)
    assert [s for s, _ in sprms(whole)] == [0x2416]
    assert [s for s, _ in sprms(whole[:-1])] == [0x2416]


def test_macros_and_embedded_objects_are_told_and_equations_are_not() -> None:
    class Opened:
        def openstream(self, path: list[str]) -> io.BytesIO:
            return io.BytesIO("Equation.3".encode("utf-16-le") if path[1] == "_1" else b"Package")

    def told(*paths: str) -> list[str]:
        streams = {p: p.split("/") for p in ("WordDocument", "1Table", *paths)}
        return [n.evidence for n in _notes(Opened(), streams)]  # type: ignore[arg-type]

    equation = ("ObjectPool/_1/\x01CompObj", "ObjectPool/_1/Equation Native")
    assert told(*equation) == []
    assert told(*equation, "ObjectPool/_2/\x01CompObj", "ObjectPool/_2/\x01Ole10Native") == ["ObjectPool/_2"]
    assert told("Macros/VBA/dir", "Macros/PROJECT") == ["Macros"]


@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize("at", range(512, len(ODD), 1171))
def test_any_damage_gives_a_document_or_an_error_of_ours(at: int) -> None:
    for value in (0x00, 0xFF, 0x80):
        try:
            read_doc(ODD[:at] + bytes([value] * 4) + ODD[at + 4 :])
        except (Unreadable, Unavailable) as error:
            assert error.message  # noqa: PT017 - most damage does no harm at all


@pytest.mark.skipif(not (SHARED / "real").is_dir(), reason="the shared documents are not beside this checkout")
def test_files_that_word_and_wps_wrote_read_without_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    doubts: list[str] = []
    monkeypatch.setattr(second, "_confirmed", lambda *a: doubts.append(a[1]) or a[2])
    documents = {p.name: read_doc(p.read_bytes()) for p in sorted((SHARED / "real").glob("*.doc"))}
    assert not doubts
    assert {name.split("_")[0]: [n.code for n in d.notes] for name, d in documents.items()} == {
        "dachuang": [],
        "szcshl": ["F04"],
    }
    nested = next(d for n, d in documents.items() if "3.3-07" in n)
    assert [(t.rows, t.columns) for t in nested.tables()] == [(2, 8), (16, 6)]


@pytest.mark.slow
@pytest.mark.skipif(libreoffice.find_soffice() is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same(tmp_path: Path) -> None:
    theirs = flat(read_docx(libreoffice.to_docx(ODD, "doc")))
    ours = flat(read_doc(ODD))
    assert [x for x in ours if "textbox" not in x] == [x for x in theirs if "textbox" not in x]


@pytest.mark.parametrize(
    ("grpprl", "lit"),
    [
        ("0c2a07", True), ("0c2a00", False), ("7068ff000000", True), ("7068000000ff", False),
        ("71ca0a000000ffffff00000000", True), ("71ca0a000000ff000000ff0000", False), ("71ca0a000000ff", False),
    ],
)  # fmt: skip
def test_characters_with_a_ground_or_a_colour_are_set_off(grpprl: str, *, lit: bool) -> None:
    props = CharProps()
    apply_char(props, bytes.fromhex(grpprl), None)
    assert props.lit is lit
