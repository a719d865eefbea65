"""A file that holds several forms is read for the one that is filled in; a second one filled in is told of."""

from __future__ import annotations

import pytest

from extractors.document import Block, Document, Table
from extractors.fit import fit
from extractors.read import read_document
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


def test_a_second_form_that_is_filled_in_is_told_of() -> None:
    found = _read(_blocks("scene", filled=True), _blocks("factory", filled=True))
    assert [n.code for n in found.record.notes] == ["F06"]
    assert found.record.notes[0].where


def test_two_applications_of_one_form_are_not_mixed() -> None:
    found = _read(_blocks("scene", filled=True), _blocks("scene", filled=True))
    alone = _read(_blocks("scene", filled=True))
    assert len(found.record.tables["scenes"]) == len(alone.record.tables["scenes"])
    assert [n.code for n in found.record.notes] == ["F06"]
