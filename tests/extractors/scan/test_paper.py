"""The sheet in a picture: the table it was photographed on and what a scanner shows around it are taken away."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="the extra 'ocr' is not installed")

from extractors.scan.paper import sheet_of, without_surround  # noqa: E402


def on_a_table(height: int = 1200, width: int = 1000) -> np.ndarray:
    picture = np.full((height, width, 3), (70, 60, 50), np.uint8)
    cv2.fillConvexPoly(picture, np.array([[150, 120], [860, 140], [880, 1080], [130, 1060]]), (225, 222, 215))
    for y in range(300, 900, 40):
        cv2.line(picture, (260, y), (760, y), (30, 30, 30), 3)
    return picture


def test_the_table_around_a_photographed_sheet_is_cut_off() -> None:
    cut = sheet_of(on_a_table())
    assert cut.shape[0] == pytest.approx(960, abs=20)
    assert cut.shape[1] == pytest.approx(750, abs=20)
    assert cut[:12, :12].min() > 200, "white around the slanting edge"
    assert (cut < 60).any(), "the text stays"


def test_a_page_that_fills_its_picture_stays_as_it_is() -> None:
    scanned = np.full((1200, 1000, 3), 240, np.uint8)
    scanned[300:900:40, 260:760] = 30
    assert sheet_of(scanned) is scanned
    dark_head = scanned.copy()
    dark_head[:200] = 60
    assert (sheet_of(dark_head)[400:] == 30).any()


def test_a_page_with_the_shadows_of_two_creases_is_one_sheet() -> None:
    page = np.full((1600, 1100, 3), 240, np.uint8)
    for crease in (500, 830):  # grey towards the crease, bright behind it
        page[crease - 160 : crease, :] = np.linspace(240, 170, 160).astype(np.uint8)[:, None, None]
        page[crease : crease + 40, :] = 252
    page[200:220, 100:700] = 30
    assert sheet_of(page) is page


def test_a_seal_over_the_edge_of_the_page_does_not_take_the_table_with_it() -> None:
    grey = np.full((1200, 850), 250, np.uint8)
    for y in range(200, 1001, 80):
        cv2.line(grey, (100, y), (760, y), 20, 3)
    for x in (100, 430, 760):
        cv2.line(grey, (x, 200), (x, 1000), 20, 3)
    grey[:, :14] = 30  # the scanner's lid
    cv2.circle(grey, (850, 600), 130, 90, 6)
    without_surround(grey)
    assert grey[600, :14].min() == 255
    assert grey[195:206, 300].min() == 20
    assert grey[500, 425:436].min() == 20
