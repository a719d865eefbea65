"""Pictures of pages: the place of words is framed where they stand, and nowhere else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from extractors.pdf.pictures import page_picture
from tests.pdfs import Page, pdf


def test_words_are_framed_where_they_stand() -> None:
    data = pdf(Page().text(60, 60, "封面", 16), Page().text(300, 400, "申报单位", 12))
    found = page_picture(data, None, ["申报单位"])
    assert (found.number, found.pages) == (2, 2)
    ((left, top, right, bottom),) = found.frames
    assert 300 / 595 - 0.02 < left < right < 0.7
    assert 0.42 < top < bottom < 0.52
    assert Image.open(io.BytesIO(found.png)).size[0] > 500


def test_a_figure_is_not_framed_within_a_longer_one() -> None:
    data = pdf(
        Page().text(60, 60, "9120.5", 12).text(60, 100, "120.5", 12).text(60, 140, "1200", 12),
        Page().text(60, 60, "120", 12),
    )
    assert page_picture(data, None, ["120"]).number == 2
    assert page_picture(data, 1, ["120"]).frames == []


def test_a_page_that_is_not_there_is_told_of() -> None:
    with pytest.raises(IndexError):
        page_picture(pdf(Page().text(60, 60, "封面", 16)), 2, [])
