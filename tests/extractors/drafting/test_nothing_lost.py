"""Every word that a blank prints is in its draft: as a label, an instruction, a title, an example, or told as unused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from extractors import read_document
from extractors.drafting import draft
from extractors.drafting.layout import form_toml, undecided_md
from extractors.drafting.notice import DraftNotice
from samples.formbuilder import build
from tests.extractors.drafting import invented

_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,}")
ROOM = ("年月日", "示例")
"""The blanks of a date, and the head of an example's row."""
BLANKS: dict[str, Callable[[], bytes]] = {
    "scene": lambda: build("scene", None),
    "factory": lambda: build("factory", None),
    "summary": lambda: build("summary", None),
    "reservoir": invented.reservoir,
    "band": invented.band,
    "table": invented.summary,
    "progress": invented.progress,
    "cover": invented.plain_cover,
    "signed": invented.signed_at_the_end,
}


@pytest.mark.parametrize("name", BLANKS)
def test_every_word_is_in_the_draft(name: str) -> None:
    document = read_document(BLANKS[name](), f"{name}.docx")
    forms = draft(document)
    for form in forms:
        form.name = "scene"
    written = "".join(map(form_toml, forms)) + undecided_md(forms, DraftNotice())
    written = "".join(written.split()).replace("\\n", "")
    lost = [
        run
        for text in document.texts()
        for run in _RUN.findall("".join(text.split()).removesuffix("年月日"))
        if run not in written and run not in ROOM
    ]
    assert lost == []
