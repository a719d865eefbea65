"""A file that holds several forms gives a record for each that is filled in; one with a little in it is told of."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from extractors.document.model import Block, Document, Table
from extractors.fitting import fit as fit_module
from extractors.fitting.fit import fit, fit_each
from extractors.read import read_bytes, read_document, read_folder
from records.models import Reading, Source
from tests import forms


def _blocks(form: str, *, filled: bool) -> list[Block]:
    data = (forms.clean_scene() if form == "scene" else forms.clean_factory()) if filled else None
    return read_document(forms.fill(form, data), "申报书.docx").blocks


def _read(*parts: list[Block]) -> Reading:
    blocks = [b for part in parts for b in part]
    for number, block in enumerate(blocks, 1):
        if not isinstance(block, Table):
            block.index = number
    return fit(Document("docx", blocks), forms.CATALOG, Source(path="a", sha256="0", format="docx"))


@pytest.mark.parametrize("form", ["scene", "factory"])
@pytest.mark.parametrize("first", [True, False])
def test_blank_forms_before_and_behind_the_filled_one_do_not_matter(form: str, first: bool) -> None:
    other = "factory" if form == "scene" else "scene"
    blank, filled = _blocks(other, filled=False), _blocks(form, filled=True)
    summary = read_document(forms.fill("summary", None), "附件4.docx").blocks
    found = _read(blank, filled, summary) if first else _read(filled, blank, summary)
    alone = _read(_blocks(form, filled=True))
    assert found.record.form == form
    assert {k: v.value for k, v in found.record.fields.items()} == {k: v.value for k, v in alone.record.fields.items()}
    assert {k: v.value for k, v in found.record.sections.items()} == {
        k: v.value for k, v in alone.record.sections.items()
    }
    assert [n.code for n in found.record.notes] == []


def _word(*parts: bytes) -> bytes:
    """The Word files as one, their contents one behind the other."""
    bodies = []
    for data in parts:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            bodies.append(package.read("word/document.xml").decode())
    whole = "".join(body.partition("<w:body>")[2].rpartition("<w:sectPr")[0] for body in bodies)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(parts[0])) as package, zipfile.ZipFile(out, "w") as made:
        for name in package.namelist():
            data = package.read(name)
            if name == "word/document.xml":
                data = re.sub(r"<w:body>.*</w:body>", lambda _: f"<w:body>{whole}</w:body>", bodies[0], flags=re.DOTALL)
            made.writestr(name, data)
    return out.getvalue()


def test_each_application_of_a_file_gives_a_record_as_it_would_alone() -> None:
    scene, factory = forms.fill("scene", forms.clean_scene()), forms.fill("factory", forms.clean_factory())
    kept: list[str] = []
    found = read_bytes(_word(scene, factory), forms.CATALOG, "宝山/申报书.docx", keep=lambda path, _: kept.append(path))
    alone = [read_bytes(data, forms.CATALOG, "a.docx")[0] for data in (scene, factory)]
    for got, expected in zip(found, alone, strict=True):
        assert got.record.form == expected.record.form
        assert {k: v.value for k, v in got.record.fields.items()} == {
            k: v.value for k, v in expected.record.fields.items()
        }
        assert [n.code for n in got.record.notes] == []
    assert [r.record.source.path for r in found] == ["宝山/申报书.docx", "宝山/申报书.docx!/第2份（附件3-2）"]
    assert [r.record.source.member_of for r in found] == [None, "宝山/申报书.docx"]
    assert len({r.record.source.sha256 for r in found}) == 2
    assert kept == [r.record.source.path for r in found]


def test_each_application_of_a_file_in_an_archive_gives_a_record() -> None:
    both = _word(forms.fill("scene", forms.clean_scene()), forms.fill("factory", forms.clean_factory()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("申报书.docx", both)
    found = read_bytes(out.getvalue(), forms.CATALOG, "包.zip")
    assert [(r.record.form, r.record.source.path, r.record.source.member_of) for r in found] == [
        ("scene", "包.zip!/申报书.docx", "包.zip"),
        ("factory", "包.zip!/申报书.docx!/第2份（附件3-2）", "包.zip"),
    ]


def test_a_second_form_with_a_little_in_it_is_told_of() -> None:
    blank = _blocks("factory", filled=False)
    table = next(b for b in blank if isinstance(b, Table))
    empty = [c for c in table.cells if not c.text.strip()]
    for cell, text in zip(empty, [f"甲{n}" for n in range(12)], strict=False):
        cell.text = text
    found = _read(_blocks("scene", filled=True), blank)
    assert found.record.form == "scene"
    assert [n.code for n in found.record.notes] == ["F06"]
    assert found.record.notes[0].where


def test_two_applications_of_one_form_are_not_mixed_and_keep_what_follows_each() -> None:
    title = [b for b in _blocks("scene", filled=False)[:4] if "申报书" in getattr(b, "text", "")]
    blocks = _blocks("scene", filled=True)
    cut = max(n for n, b in enumerate(blocks) if getattr(b, "text", "").startswith("附1"))
    alone = _read(blocks).record
    parted = [*blocks[:cut], *title, *blocks[cut:]]  # the title once more above the annexes
    each = fit_each(
        Document("docx", [*parted, *_blocks("scene", filled=True)]),
        forms.CATALOG,
        Source(path="a", sha256="0", format="docx"),
    )
    assert [len(r.record.tables["scenes"]) for _, r in each] == [len(alone.tables["scenes"])] * 2


def test_a_filled_summary_behind_an_application_is_a_record_of_its_own() -> None:
    data = forms.clean_summary(forms.clean_scene())
    both = _word(forms.fill("scene", forms.clean_scene()), forms.fill("summary", data))
    found = read_bytes(both, forms.CATALOG, "a.docx")
    assert [r.record.form for r in found] == ["scene", "summary"]
    assert len(found[1].record.tables["scene_recommendations"]) == 1


def test_each_application_of_a_file_in_a_folder_gives_a_record() -> None:
    both = _word(forms.fill("scene", forms.clean_scene()), forms.fill("factory", forms.clean_factory()))
    found = read_folder({"甲/申报书.docx": both}, forms.CATALOG)
    assert [(r.record.form, r.record.source.path, r.record.source.member_of) for r in found] == [
        ("scene", "甲/申报书.docx", None),
        ("factory", "甲/申报书.docx!/第2份（附件3-2）", "甲/申报书.docx"),
    ]


@pytest.mark.parametrize(
    ("parts", "title_again", "reads", "records"), [(1, False, 1, 1), (1, True, 1, 1), (2, False, 2, 2)]
)
def test_a_file_is_read_once(
    monkeypatch: pytest.MonkeyPatch, parts: int, title_again: bool, reads: int, records: int
) -> None:
    """Alone, with the title on a cover page and again above the form, and two applications one behind the other: the forms are
    fitted as often as there are applications (the title twice once meant three times)."""
    fitted: list[Document] = []
    fit_form = fit_module.fit_form
    monkeypatch.setattr(fit_module, "fit_form", lambda d, index: (fitted.append(d), fit_form(d, index))[1])
    filled = _blocks("scene", filled=True)
    title = [b for b in filled[:4] if "申报书" in getattr(b, "text", "")]
    blocks = [*(title if title_again else []), *(b for _ in range(parts) for b in _blocks("scene", filled=True))]
    each = fit_each(Document("docx", blocks), forms.CATALOG, Source(path="a", sha256="0", format="docx"))
    assert (len(fitted), len(each)) == (reads, records)
    assert all(r.record.text("company_name") for _, r in each)
