"""Whatever becomes of a document, the collector is on again afterwards."""

from __future__ import annotations

import gc

import pytest

from extractors.document.errors import Unreadable
from extractors.word.docx import read_docx
from tests.extractors.wordml import package, paragraph


def test_the_collector_is_as_it_was_after_reading() -> None:
    read_docx(package(paragraph("甲")))
    assert gc.isenabled()
    with pytest.raises(Unreadable):
        read_docx(b"PK\x03\x04 broken")
    assert gc.isenabled()
    gc.disable()
    try:
        read_docx(package(paragraph("甲")))
        assert not gc.isenabled()
    finally:
        gc.enable()
