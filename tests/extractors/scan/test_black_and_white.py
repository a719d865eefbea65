"""Pages that came in black and white alone: paper of dots, the uneven points of a fax, rules with gaps. Without OCR."""

from __future__ import annotations

import io

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="the extra 'ocr' is not installed")

from extractors.page.tables.ruled import find_grids  # noqa: E402
from extractors.scan.black_and_white.screens import smoothed  # noqa: E402
from extractors.scan.prepare import frames, prepare  # noqa: E402
from extractors.scan.rules import find_rules  # noqa: E402

HEIGHT, WIDTH = 2339, 1654
GRID = [(0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 2, 1), (1, 0, 1, 1), (1, 1, 1, 1), (2, 0, 1, 3)]
COLUMNS, ROWS = (200, 600, 1000, 1400), (700, 800, 900, 1000)


def table(paper: int = 255, ink: int = 0) -> np.ndarray:
    """Three rows and three columns; a cell merged over two rows, one over all columns, a word's worth of strokes in each."""
    image = np.full((HEIGHT, WIDTH, 3), paper, np.uint8)
    colour = (ink,) * 3
    for y in ROWS:
        cv2.line(image, (COLUMNS[0], y), (COLUMNS[2] if y == 800 else COLUMNS[3], y), colour, 2)
    for x in COLUMNS:
        cv2.line(image, (x, ROWS[0]), (x, ROWS[3] if x in (200, 1400) else ROWS[2]), colour, 2)
    for y in (*range(200, 640, 60), *range(735, 1000, 100), *range(1100, 2000, 60)):
        for x in range(240, 1360, 34):
            if not 560 < x % 400 + 400 < 610:
                cv2.putText(image, "E", (x, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.9, colour, 2)
    return image


def cells(image: np.ndarray) -> list[tuple[int, int, int, int]]:
    prepared = prepare(image)
    height, width = prepared.grey.shape
    grids, _ = find_grids(prepared.ruled.lines, 842 * width / height, 842.0)
    assert len(grids) == 1
    return [(c.row, c.column, c.row_span, c.column_span) for c in grids[0].cells]


def dithered(image: np.ndarray) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.fromarray(image).convert("1").convert("RGB"))


def screened(image: np.ndarray, pitch: float = 4.5) -> np.ndarray:
    """In halftones: dots in rows at 45°."""
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    u, v = ((x + y) * 4.44 / pitch, (x - y) * 4.44 / pitch)
    level = (np.cos(u) + np.cos(v) + 2) / 4 * 255
    return np.where(image > level[:, :, None], 255, 0).astype(np.uint8)


@pytest.mark.parametrize("paper", [225, 245])
@pytest.mark.parametrize("by", [dithered, screened])
def test_paper_that_came_as_dots_is_paper(by: type, paper: int) -> None:
    page = by(table(paper, 40))
    prepared = prepare(page)
    assert prepared.two_tone, "its figures may have lost a stroke"
    assert 18 < prepared.em < 26
    assert float((prepared.inked[2020:2200, 200:1400] > 0).mean()) < 0.001, "what is left of the dots is no ink"
    assert cells(page) == GRID


def test_paper_without_dots_is_left_as_it_is() -> None:
    page = table(240, 30)
    grainy = np.clip(page + np.random.default_rng(5).normal(0, 7, page.shape), 0, 255).astype(np.uint8)
    for picture in (page, grainy, np.where(table() > 128, 255, 0).astype(np.uint8), page[:30], page[:, :8]):
        same, rest = smoothed(picture)
        assert same is picture
        assert rest == 0.0


@pytest.mark.parametrize("dpi", [(204, 98), (204, 196)])
def test_the_points_of_a_fax_become_squares(dpi: tuple[int, int]) -> None:
    from PIL import Image

    small = cv2.resize(table(), (1728, round(1728 * HEIGHT / WIDTH * dpi[1] / dpi[0])), interpolation=cv2.INTER_AREA)
    file = io.BytesIO()
    pages = [Image.fromarray(small).convert("1")] * 2
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=dpi)
    first, second = frames(file.getvalue())
    assert first.shape == second.shape
    assert first.shape[0] / first.shape[1] == pytest.approx(HEIGHT / WIDTH, rel=0.01)


def test_rules_with_gaps_part_their_cells_and_merged_cells_stay_one() -> None:
    page = table()
    for x0, x1, y in ((330, 480, 800), (700, 940, 900), (1250, 1399, 900), (202, 420, 1000)):
        page[y - 2 : y + 4, x0:x1] = 255
    for y0, y1, x in ((730, 770, 600), (850, 899, 1000)):
        page[y0:y1, x - 2 : x + 4] = 255
    assert cells(page) == GRID


def test_an_underline_within_a_cell_parts_nothing() -> None:
    page = table()
    page[902:999, 202:1399] = 255
    cv2.line(page, (500, 960), (760, 960), (0, 0, 0), 2)
    cv2.line(page, (900, 960), (1180, 960), (0, 0, 0), 2)
    assert cells(page) == GRID


def test_short_rules_that_run_into_broken_ones_are_rules_and_brackets_are_not() -> None:
    marks = np.zeros((400, 1200), np.uint8)
    for y in (100, 134):
        marks[y : y + 3, 60:1140] = 255
    marks[133, 604:900] = 255  # the scan's slant: a step begins where the upright rule stands
    for x in (100, 600, 1098):
        marks[100:136, x : x + 3] = 255
    for y in range(100, 136):  # )
        x = 800 + round(6 * np.sin((y - 100) / 36 * np.pi))
        marks[y, x : x + 3] = 255
    assert sorted(int(r.at) for r in find_rules(marks, 255 - marks, 30, 1.0).lines.vertical) == [101, 601, 1099]
