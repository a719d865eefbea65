"""A blank as Word 97-2003 or as PDF gives the same draft as its docx."""

from __future__ import annotations

import pytest

from extractors import read_document
from extractors.drafting import DraftForm, draft
from extractors.office import libreoffice
from samples.formbuilder import build
from tests.extractors.drafting import invented

BLANKS = {
    "factory": build("factory", None),
    "reservoir": invented.reservoir(),
    "band": invented.band(),
    "midterm": invented.midterm(),
}


def told(form: DraftForm) -> list[object]:
    """What a draft says, but for places."""
    fields = [
        (f.label, f.type, f.part, f.group, f.column, f.options, f.after, f.unit, f.limit, f.stars) for f in form.fields
    ]
    tables = [(t.title, t.annex, t.per, [(c.label, c.limit) for c in t.columns], t.example) for t in form.tables]
    sections = [(s.number, s.heading, s.parent, s.limit) for s in form.sections]
    return [form.title, form.annex, form.kind, fields, tables, sections, [u.what for u in form.unused]]


@pytest.mark.slow
@pytest.mark.skipif(libreoffice.find_soffice() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("to", ["doc", "pdf"])
def test_a_blank_of_another_format_is_drafted_the_same(to: str) -> None:
    converted = libreoffice.convert([(f"{name}.docx", data) for name, data in BLANKS.items()], to)
    for name, data in BLANKS.items():
        other = converted[f"{name}.docx"]
        assert isinstance(other, bytes)
        [ours], [theirs] = draft(read_document(data, f"{name}.docx")), draft(read_document(other, f"{name}.{to}"))
        assert told(theirs) == told(ours), name
