"""Pictures of pages: the place of words is framed where they stand, and nowhere else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from extractors.document.model import Paragraph
from extractors.pdf.pictures import page_picture
from extractors.pdf.read import read_pdf
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


def test_a_box_filled_with_a_gradient_is_ticked_though_its_colour_counts_as_white() -> None:
    page = Page()
    page.extra = (
        "/Pattern << /P1 << /PatternType 2 /Shading << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 0 842] /Extend [true true]"
        " /Function << /FunctionType 2 /Domain [0 1] /N 1 /C0 [0.1 0.4 1] /C1 [0 0.3 0.8] >> >> >> >>"
    )
    page.text(60, 100, "企业类型：")
    for number, word in enumerate(("大型企业", "中型企业", "小型企业")):
        left = 130.0 + 90 * number
        if number == 1:
            page.body.append("1 1 1 rg /Pattern cs /P1 scn")
            page.box(left + 1, 92, left + 8, 99, "f")
            page.body.append("0 g")
        page.box(left, 91, left + 9, 100).text(left + 13, 100, word)
    text = "".join(b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph))
    assert "".join(text.split()) == "企业类型：□大型企业☑中型企业□小型企业"
