"""What is read from the picture itself, without OCR: levelling, seals, rules, boxes, sizes of files."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="the extra 'ocr' is not installed")

from extractors.document.errors import Unavailable, Unreadable  # noqa: E402
from extractors.document.model import Cell, Mark  # noqa: E402
from extractors.page.characters import Char  # noqa: E402
from extractors.page.lines import Line as PageLine  # noqa: E402
from extractors.page.lines import to_lines  # noqa: E402
from extractors.page.rules import Box  # noqa: E402
from extractors.page.tables.ruled import find_grids  # noqa: E402
from extractors.scan import read as scan  # noqa: E402
from extractors.scan.boxes_in_ink import TickBox, fellows, find_boxes, take_rings  # noqa: E402
from extractors.scan.certainty import (  # noqa: E402
    agree,
    gapes,
    on_two_tones,
    parted,
    plain_of,
    stacked,
    stretches,
    sure_of,
    weighed,
)
from extractors.scan.components import components  # noqa: E402
from extractors.scan.lines import text_pieces  # noqa: E402
from extractors.scan.marks_over_text import doubt_broken_off, doubt_cut_by_rules, doubt_strokes  # noqa: E402
from extractors.scan.page import _lacks_a_box, _real_boxes  # noqa: E402
from extractors.scan.pieces import (  # noqa: E402
    Piece,
    is_stray,
    left_over,
)
from extractors.scan.prepare import _two_tone, frames, ink, levelled, lies_level, prepare, rotated, skew  # noqa: E402
from extractors.scan.readings import crop, readings  # noqa: E402
from extractors.scan.recognition import ReadChar  # noqa: E402
from extractors.scan.rules import find_rules  # noqa: E402
from extractors.scan.seals import SealSpot, find_seals, lift  # noqa: E402
from extractors.scan.settings import CERTAINTY  # noqa: E402
from extractors.scan.spelling import number_one, spelt  # noqa: E402
from extractors.scan.text import Line, _doubt_beside_unread  # noqa: E402

HEIGHT, WIDTH, EM = 2339, 1654, 30
RED, BLUE, PURPLE, GREY = (200, 40, 45), (50, 60, 200), (120, 50, 150), (165, 165, 165)


def everywhere(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    return np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)


def page() -> np.ndarray:
    """A page of 'text': rows of small dark blots, as a scanner sees it at 200 dpi."""
    rng = np.random.default_rng(3)
    image = np.full((HEIGHT, WIDTH, 3), 248, np.uint8)
    for y in range(300, 2000, 60):
        for x in range(200, 1400, 34):
            for _ in range(3):
                a, b = rng.integers(0, 20, 2)
                cv2.rectangle(image, (x + int(a), y + int(b)), (x + int(a) + 8, y + int(b) + 3), (30, 30, 30), -1)
    return image


def stamped(
    image: np.ndarray, colour: tuple[int, int, int], x: int = 800, y: int = 900, radius: int = 160
) -> np.ndarray:
    layer = np.full_like(image, 255)
    cv2.circle(layer, (x, y), radius, colour, 9)
    cv2.circle(layer, (x, y), 40, colour, -1)
    for angle in range(0, 360, 24):
        px, py = x + int(120 * np.cos(np.radians(angle))), y + int(120 * np.sin(np.radians(angle)))
        cv2.rectangle(layer, (px - 12, py - 12), (px + 12, py + 12), colour, 4)
    return np.minimum(image, layer)


@pytest.mark.parametrize(("colour", "name"), [(RED, "red"), (BLUE, "blue"), (PURPLE, "purple"), (GREY, "grey")])
def test_seal_is_found_and_lifted(colour: tuple[int, int, int], name: str) -> None:
    clean = page()
    image = stamped(clean, colour)
    seals = find_seals(image)
    assert [s.colour for s in seals] == [name]
    assert abs((seals[0].x0 + seals[0].x1) / 2 - 800) < 25
    lifted = lift(image, seals)
    assert lifted[900 - 4 : 900 + 4, 640].mean() > 225, "the ring is gone"
    dark_before = (cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)[740:1060, 640:960] < 100).sum()
    dark_after = (lifted[740:1060, 640:960] < 100).sum()
    assert 0.9 * dark_before < dark_after < 1.1 * dark_before, "the text beneath is whole"


def test_seals_that_overlap_are_seen_each() -> None:
    image = stamped(stamped(page(), RED, 700, 900), RED, 930, 1040)
    seals = find_seals(image)
    assert [s.colour for s in seals] == ["red", "red"]
    assert [round((s.x0 + s.x1) / 2, -1) for s in seals] == pytest.approx([700, 930], abs=20)


def test_a_seal_on_a_black_and_white_scan_is_a_ring() -> None:
    grey = cv2.cvtColor(stamped(page(), RED), cv2.COLOR_RGB2GRAY)
    grey[:, 40:44] = grey[500:504] = 0
    image = np.where(grey > 150, 255, 0).astype(np.uint8)[:, :, None].repeat(3, 2)
    (seal,) = find_seals(image)
    assert (seal.x0 + seal.x1) / 2 == pytest.approx(800, abs=20)


def test_no_seal_on_a_clean_page_nor_in_red_text() -> None:
    image = page()
    assert find_seals(image) == []
    cv2.rectangle(image, (300, 200), (1300, 250), RED, -1)  # a line of red text, or a red rule
    for x in range(300, 1300, 40):
        cv2.rectangle(image, (x, 2050), (x + 26, 2080), BLUE, 3)
    assert find_seals(image) == []


def test_a_pale_seal_in_pieces_is_one_and_lines_of_red_text_are_none() -> None:
    image = page()
    for start in range(0, 360, 60):
        cv2.ellipse(image, (800, 900), (160, 160), 0, start, start + 51, RED, 8)
    cv2.circle(image, (800, 900), 30, RED, -1)
    (seal,) = find_seals(image)
    assert (seal.x0 < 660, seal.x1 > 940, seal.colour) == (True, True, "red")

    image = page()
    for y in range(700, 1000, 50):
        for x in range(600, 900, 34):
            cv2.rectangle(image, (x, y), (x + 26, y + 26), RED, 4)
    assert find_seals(image) == []


def test_a_blurred_page_whose_text_has_grey_edges_has_no_seals() -> None:
    """A little out of focus, text is of a middle grey nearly everywhere: any circle meets some of it."""
    rng = np.random.default_rng(5)
    image = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for y in range(150, 2200, 40):
        for x in range(150, 1500, 34):
            for _ in range(4):
                a, b = rng.integers(0, 20, 2)
                cv2.line(image, (x + int(a), y), (x + int(b), y + 20), (10, 10, 10), 3)
    image = cv2.GaussianBlur(image, (0, 0), 5.0)
    cv2.rectangle(image, (0, 2330), (WIDTH, HEIGHT), (0, 0, 0), -1)
    assert find_seals(image) == []


@pytest.mark.parametrize("angle", [-2.5, -0.4, 0.0, 1.3, 3.0])
def test_skew_is_measured(angle: float) -> None:
    grey = rotated(cv2.cvtColor(page(), cv2.COLOR_RGB2GRAY), -angle)
    assert skew(grey) == pytest.approx(angle, abs=0.12)


def ruled(image: np.ndarray) -> list[tuple[int, int, int, int]]:
    grey = prepare(image).grey
    found = find_rules(ink(grey), grey, EM, 842 / HEIGHT)
    grids, _ = find_grids(found.lines, WIDTH * 842 / HEIGHT, 842.0)
    assert len(grids) == 1
    return [(c.row, c.column, c.row_span, c.column_span) for c in grids[0].cells]


def with_table(image: np.ndarray) -> np.ndarray:
    """Three rows and three columns; the first column is merged over two rows, the last row over all columns."""
    xs, ys = (200, 500, 900, 1400), (700, 760, 830, 900)
    image[680:920, 180:1420] = 248
    for y in ys:
        cv2.line(image, (xs[0] if y != ys[1] else xs[1], y), (xs[-1], y), (20, 20, 20), 2)
    for x in xs:
        cv2.line(image, (x, ys[0]), (x, ys[-1] if x in (xs[0], xs[-1]) else ys[2]), (20, 20, 20), 2)
    return image


SPANS = [(0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 3)]


@pytest.mark.parametrize("size", [(1, 1), (10, 600), (24, 24)])
def test_a_picture_too_small_to_be_a_page_lies_level(size: tuple[int, int]) -> None:
    assert skew(np.full(size, 255, np.uint8)) == 0.0


def test_grid_with_merged_cells() -> None:
    assert ruled(with_table(page())) == SPANS


def test_walls_of_a_row_lower_than_characters_are_long() -> None:
    image = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for y in (700, 734, 800):
        cv2.line(image, (200, y), (1400, y), (20, 20, 20), 2)
    for x, end in ((200, 800), (600, 734), (1400, 800)):
        cv2.line(image, (x, 700), (x, end), (20, 20, 20), 2)
    cv2.line(image, (900, 706), (900, 728), (20, 20, 20), 2)  # the stroke of a character
    cv2.ellipse(image, (1000, 717), (8, 18), 0, -90, 90, (20, 20, 20), 2)  # a bracket as high as the row
    assert ruled(image) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)]


@pytest.mark.parametrize(
    ("crossed", "cells"),
    [((9, 9), 2), ((9, None), 3), ((None, None), 3)],
    ids=["strokes", "a stroke over a wall", "a wall drawn in pieces"],
)
def test_strokes_above_one_another_in_low_rows_are_no_wall(crossed: tuple[int | None, ...], cells: int) -> None:
    """Between a stroke and the rule that it all but touches there is the grey of both their edges."""
    image = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for x, ends, down in ((600, (702, 728), crossed[0]), (600, (732, 758), crossed[1])):
        cv2.line(image, (x, ends[0]), (x, ends[1]), (135, 135, 135), 2)
        cv2.line(image, (x, ends[0] + 2), (x, ends[1] - 2), (20, 20, 20), 2)
        if down is not None:
            cv2.line(image, (x - 8, ends[0] + down), (x + 6, ends[0] + down), (20, 20, 20), 2)
    for y in (700, 730, 760, 820):
        cv2.line(image, (200, y), (1400, y), (20, 20, 20), 2)
    for x in (200, 900, 1400):
        cv2.line(image, (x, 700), (x, 820 if x != 900 else 760), (20, 20, 20), 2)
    assert sum(row == 1 for row, *_ in ruled(image)) == cells


def test_grid_on_a_crooked_shaded_noisy_page() -> None:
    image = with_table(page()).astype(np.float32)
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 1.7, 1)
    image = cv2.warpAffine(image, turn, (WIDTH, HEIGHT), borderValue=(240, 240, 240))
    shade = np.linspace(0.6, 1.0, WIDTH)[None, :, None] * np.array([1.0, 0.97, 0.9])
    image = image * shade + np.random.default_rng(1).normal(0, 6, image.shape)
    assert ruled(image.clip(0, 255).astype(np.uint8)) == SPANS


def test_grid_seen_by_a_camera_from_the_side() -> None:
    image = with_table(page())
    corners = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    seen = np.array([(40, 30), (WIDTH - 5, 0), (WIDTH - 60, HEIGHT - 20), (10, HEIGHT)], np.float32)
    view = cv2.getPerspectiveTransform(corners, seen)
    image = cv2.warpPerspective(image, view, (WIDTH, HEIGHT), borderValue=(70, 60, 50))  # it lies on a dark table
    assert ruled(image) == SPANS


def boxes_of(draw: object) -> list[bool]:
    image = np.zeros((300, 600), np.uint8)
    draw(image)  # type: ignore[operator]
    return [box.ticked for box in sorted(find_boxes(image, EM), key=lambda b: b.x0)]


def square(image: np.ndarray, x: int, thick: int = 2) -> None:
    cv2.rectangle(image, (x, 100), (x + 25, 125), 255, thick)


def tick(image: np.ndarray, x: int, over: int = 0) -> None:
    cv2.polylines(image, [np.array([(x + 5, 112), (x + 11, 121), (x + 21 + over, 104 - over)])], False, 255, 2)


def test_boxes_ticked_crossed_filled_and_empty() -> None:
    def draw(image: np.ndarray) -> None:
        square(image, 50)
        square(image, 150)
        tick(image, 150)
        square(image, 250)
        tick(image, 250, over=7)  # a tick that runs out of its box
        square(image, 350)
        cv2.line(image, (354, 104), (371, 121), 255, 2)
        cv2.line(image, (371, 104), (354, 121), 255, 2)
        square(image, 450, thick=-1)

    assert boxes_of(draw) == [False, True, True, True, True]


def test_box_touched_by_a_neighbour_is_found() -> None:
    def draw(image: np.ndarray) -> None:
        square(image, 50)
        cv2.line(image, (76, 113), (100, 113), 255, 2)
        cv2.line(image, (88, 100), (88, 130), 255, 2)

    assert boxes_of(draw) == [False]


def test_characters_with_strokes_within_are_no_boxes() -> None:
    def draw(image: np.ndarray) -> None:
        for x, parts in ((50, ((0, 12, 25, 12),)), (150, ((0, 12, 25, 12), (12, 0, 12, 25)))):  # 日, 田
            square(image, x)
            for a, b, c, d in parts:
                cv2.line(image, (x + a, 100 + b), (x + c, 100 + d), 255, 2)
        cv2.rectangle(image, (250, 100), (400, 125), 255, 2)  # a frame around a word

    assert boxes_of(draw) == []


def test_a_box_that_a_bold_cross_or_ring_hides_is_found_beside_empty_ones() -> None:
    image = np.zeros((300, 600), np.uint8)
    for x in (50, 150, 250, 350):
        square(image, x)
    cv2.line(image, (46, 96), (80, 130), 255, 5)
    cv2.line(image, (80, 96), (46, 130), 255, 5)
    cv2.ellipse(image, (374, 112), (46, 22), 0, 0, 360, 255, 2)
    found = find_boxes(image, EM)
    assert len(found) < 4
    found += fellows(found, image, EM)
    found.sort(key=lambda b: b.x0)
    assert [b.ticked for b in found] == [True, False, False, False]

    ringed = [b for b in found if b.x0 > 100]
    take_rings(ringed, image)
    assert [b.ticked for b in ringed] == [False, False, True]
    assert ringed[2].ringed
    assert not ringed[1].ringed


def test_a_square_within_which_a_character_is_surely_read_is_no_box() -> None:
    class Reader:
        """Reads the same of every picture."""

        def __init__(self, *read: ReadChar) -> None:
            self.read = list(read)

        def recognise(self, crops: list[np.ndarray]) -> list[list[ReadChar]]:
            return [self.read for _ in crops]

    image = np.zeros((300, 600), np.uint8)
    square(image, 50)
    square(image, 150)
    tick(image, 150)

    def kept(*read: ReadChar) -> int:
        return len(_real_boxes(find_boxes(image, EM), 255 - image, image, EM, Reader(*read)))  # type: ignore[arg-type]

    assert kept(ReadChar("□", 0.5, 0.95)) == 2
    assert kept(ReadChar("Z", 0.5, 0.9)) == 1, "a stroke in a frame with four corners is no letter"
    assert kept(ReadChar("(", 0.2, 0.88), ReadChar("系", 0.7, 0.99)) == 0
    assert kept(ReadChar("0", 0.3, 0.9), ReadChar("2", 0.7, 0.99)) == 0


def test_a_cross_over_the_sides_of_a_box_in_a_row_of_boxes_is_no_letter() -> None:
    class Reader:
        def recognise(self, crops: list[np.ndarray]) -> list[list[ReadChar]]:
            return [[ReadChar("X", 0.5, 0.98)] for _ in crops]

    image = np.zeros((300, 600), np.uint8)
    square(image, 50)
    square(image, 150)
    cv2.line(image, (146, 96), (180, 130), 255, 5)
    cv2.line(image, (180, 96), (146, 130), 255, 5)
    (empty,) = (b for b in find_boxes(image, EM) if b.x0 < 100)
    for box in (empty, TickBox(150, empty.y0, 150 + empty.width, empty.y1, True, 0.5)):
        kept = _real_boxes([box], 255 - image, image, EM, Reader(), beside=True)  # type: ignore[arg-type]
        assert [b.ticked for b in kept] == ([True] if box.ticked else [])


def test_a_box_with_nothing_in_its_middle_is_not_ticked() -> None:
    class Reader:
        def recognise(self, crops: list[np.ndarray]) -> list[list[ReadChar]]:
            return [[] for _ in crops]

    image = np.zeros((100, 200), np.uint8)
    for x in (40, 120):
        cv2.rectangle(image, (x, 40), (x + 20, 61), 255, 1)
        cv2.rectangle(image, (x, 57), (x + 20, 61), 255, -1)  # a side that a crooked page made thick
    cv2.line(image, (124, 58), (136, 44), 255, 2)
    boxes = [TickBox(x, 40, x + 21, 62, True, 0.16) for x in (40, 120)]
    empty, ticked = _real_boxes(boxes, 255 - image, image, 24, Reader())  # type: ignore[arg-type]
    assert (empty.ticked, ticked.ticked) == (False, True)


def test_characters_beside_empty_boxes_are_no_boxes() -> None:
    image = np.zeros((300, 600), np.uint8)
    square(image, 50)
    for x in (80, 112, 144):  # 国, 固, 目: strokes around them, others above and below
        square(image, x)
        cv2.line(image, (x, 94), (x + 25, 94), 255, 2)
        cv2.line(image, (x + 6, 112), (x + 19, 112), 255, 2)
    assert fellows([b for b in find_boxes(image, EM) if b.x0 < 70], image, EM) == []


def test_a_page_of_narrow_columns_scanned_sideways_is_told_by_the_paper_between_its_lines() -> None:
    level = page()
    assert lies_level(prepare(level), everywhere(level)) is True
    turned = np.ascontiguousarray(np.rot90(level))
    assert lies_level(prepare(turned), everywhere(turned)) is False
    blank = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    assert lies_level(prepare(blank), everywhere(blank)) is None


def test_what_lies_around_the_text_does_not_turn_the_page() -> None:
    grained = page()
    grained[:, :1400] = np.where(np.arange(1400) % 24 < 6, 60, 200)[None, :, None]
    quads = np.array([[[1400, 250], [WIDTH, 250], [WIDTH, 2050], [1400, 2050]]], np.float32)
    grained[300:2000, 1400:] = page()[300:2000, 400:654]
    assert lies_level(prepare(grained), quads) is not False


def test_rules_that_a_fax_left_as_dashes_part_their_cells() -> None:
    image = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for y in (700, 900):
        cv2.line(image, (200, y), (1400, y), (20, 20, 20), 2)
    for x in (200, 800, 1400):
        cv2.line(image, (x, 700), (x, 900), (20, 20, 20), 2)
    cv2.line(image, (200, 800), (500, 800), (20, 20, 20), 2)
    for x in range(504, 1400, 14):
        cv2.line(image, (x, 800), (x + 9, 800), (20, 20, 20), 2)
    assert ruled(image) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_a_merged_cell_with_a_piece_of_rule_on_its_neighbours_line_may_be_two() -> None:
    mask = np.zeros((400, 400), np.uint8)
    boxes = [Box(0, 0, 100, 100), Box(0, 100, 100, 200), Box(100, 0, 300, 200)]
    assert not parted(boxes[2], boxes, mask, 1.0)
    mask[100, 120:190] = 255
    assert parted(boxes[2], boxes, mask, 1.0)
    mask[:] = 0
    mask[60, 120:190] = 255  # an underline on no line of the table
    assert not parted(boxes[2], boxes, mask, 1.0)


def test_lines_of_a_merged_cell_that_stand_in_two_of_its_neighbours_may_be_two_cells() -> None:
    boxes = [Box(0, 0, 100, 40), Box(0, 40, 100, 80), Box(100, 0, 300, 80)]

    def text(*bases: float) -> list[PageLine]:
        return to_lines([Char(c, 110 + 10 * x, 120 + 10 * x, base, 10) for base in bases for x, c in enumerate("张三")])

    assert stacked(boxes[2], boxes, text(24, 64))
    assert not stacked(boxes[2], boxes, text(36, 51)), "lines of one text, in the middle of its cell"
    assert not stacked(boxes[2], boxes, text(15, 30))
    assert not stacked(boxes[0], boxes, text(15, 36))


def test_words_of_a_cell_far_apart_may_be_two_cells() -> None:
    def line(*parts: str) -> list[Char]:
        placed = enumerate("    ".join(parts))
        return [Char(c, 100 + 10 * x, 110 + 10 * x, 50, 10) for x, c in placed if c != " "]

    assert gapes(line("任子涵", "电话"))
    assert gapes(line("1148817", "1286278"))
    assert not any(
        map(gapes, (line("任子涵电话"), line("2023年", "8月"), line("地址：", "上海"), line("（盖", "章）")))
    )


def test_options_of_which_one_has_no_box_are_unsure_where_none_is_ticked() -> None:
    def cell(text: str) -> Cell:
        marks = [Mark(i, ticked=c == "☑", kind="drawn") for i, c in enumerate(text) if c in "□☑"]
        return Cell(1, 1, 1, 1, text, marks)

    assert _lacks_a_box(cell("中央企业 □地方国企 □民营企业"))
    assert _lacks_a_box(cell("□大型企业 中型企业 □小型企业"))
    assert _lacks_a_box(cell("□是（事故名称：\t否"))
    assert not _lacks_a_box(cell("□大型企业 □中型企业 □小型企业"))
    assert not _lacks_a_box(cell("大型企业□ 中型企业□ 小型企业□"))
    assert not _lacks_a_box(cell("□是（事故名称：      ） □否"))
    assert not _lacks_a_box(cell("中央企业 ☑地方国企 □民营企业"))
    assert _lacks_a_box(Cell(1, 1, 1, 1, "中央企业 地方国企", [Mark(0, ticked=False, kind="drawn")]))


def blots(image: np.ndarray, places: list[tuple[int, int]]) -> None:
    for x, y in places:
        cv2.rectangle(image, (x + 3, y + 3), (x + 24, y + 6), 255, -1)
        cv2.rectangle(image, (x + 12, y + 3), (x + 15, y + 24), 255, -1)


def test_ink_that_the_detector_passed_over_becomes_pieces_however_high_it_stands() -> None:
    ink_ = np.zeros((700, 600), np.uint8)
    blots(ink_, [(300, 100 + 34 * i) for i in range(7)])  # a column one character wide
    none = np.zeros((0, 4, 2), np.float32)
    pieces = text_pieces(none, ink_, np.zeros_like(ink_), [], EM)
    assert len(pieces) == 7
    assert left_over(pieces, ink_, EM) == []
    assert len(left_over(pieces[:5], ink_, EM)) == 2


def test_columns_of_characters_that_overlap_are_read_as_their_lines() -> None:
    ink_ = np.zeros((300, 600), np.uint8)
    blots(ink_, [(100 + 30 * i, 100 + 34 * j) for i in range(4) for j in range(3)])
    quads = np.array([[(x, 98), (x + 92, 98), (x + 92, 200), (x, 200)] for x in (98, 128)], np.float32)
    pieces = text_pieces(quads, ink_, np.zeros_like(ink_), [], EM)
    assert [(p.width > 110, p.height < 40) for p in pieces] == [(True, True)] * 3


def test_a_character_left_out_makes_those_beside_it_unsure() -> None:
    ink_ = np.zeros((100, 400), np.uint8)
    blots(ink_, [(50 + 30 * i, 40) for i in range(4)])
    piece = Piece(50, 37, 170, 70)
    whole = Line(piece, [ReadChar(c, (i + 0.5) / 4, 0.999) for i, c in enumerate("上海青禾")])
    _doubt_beside_unread(whole, ink_, EM)
    assert min(c.sure for c in whole.chars) > 0.99
    short = Line(piece, [whole.chars[0], whole.chars[1], whole.chars[3]])
    _doubt_beside_unread(short, ink_, EM)
    assert [c.text for c in short.chars if c.sure <= CERTAINTY.disputed] == ["海", "禾"]


def test_a_character_whose_place_is_guessed_has_all_ink_that_no_blank_parts() -> None:
    ink_ = np.zeros((100, 400), np.uint8)
    blots(ink_, [(50, 40), (90, 40)])
    piece = Piece(47, 37, 130, 70)
    off = Line(piece, [ReadChar(c, at, 0.999) for c, at in (("姓", 0.33), ("名", 0.66))])
    _doubt_beside_unread(off, ink_, EM)
    assert min(c.sure for c in off.chars) > 0.99
    ink_[40:66, 50:140] = 255  # three that touch
    three = Line(Piece(47, 37, 143, 70), [ReadChar("姓", 0.2, 0.999), ReadChar("名", 0.5, 0.999)])
    _doubt_beside_unread(three, ink_, EM)
    assert [c.text for c in three.chars if c.sure <= CERTAINTY.disputed] == ["名"]


@pytest.mark.parametrize(
    ("read", "sure", "at", "stray"),
    [
        ("不", 0.4, (300, 300), True),  # what is left of its star
        ("(", 0.85, (205, 300), True),  # its rim
        ("851", 0.3, (300, 300), True),
        ("7", 0.95, (300, 300), False),
        ("秦赟", 0.7, (300, 300), False),  # a name that it covers
        ("不", 0.4, (600, 300), False),  # a character beside it
    ],
)
def test_what_is_left_of_a_seal_is_no_character(read: str, sure: float, at: tuple[int, int], stray: bool) -> None:
    seal = SealSpot(200, 200, 400, 400, "red")
    x, y = at
    ink_ = np.zeros((800, 800), np.uint8)
    ink_[y - 12 : y + 12, x - 12 : x + 12 : 3] = 255
    piece = Piece(x - 15, y - 15, x + 15, y + 15)
    assert is_stray(piece, chars(read, sure), ink_, [seal], 30) is stray


@pytest.mark.parametrize("found", [True, False])
def test_marks_of_a_seal_that_the_detector_passed_over_are_no_words(found: bool) -> None:
    seal = SealSpot(200, 200, 400, 400, "grey")
    piece = Piece(285, 285, 345, 315, found)
    ink_ = np.zeros((800, 800), np.uint8)
    assert is_stray(piece, chars("VN", 0.68), ink_, [seal], 30) is not found
    assert is_stray(piece, [*chars("上", 0.3), ReadChar('"', 0.8, 0.97)], ink_, [seal], 30)
    assert not is_stray(piece, chars("秦赟", 0.95), ink_, [seal], 30)


@pytest.mark.parametrize(("sure", "stray"), [(0.6, True), (0.9, False)])
def test_a_piece_of_a_ring_drawn_by_hand_is_no_character(sure: float, stray: bool) -> None:
    ring = cv2.ellipse(np.zeros((300, 400), np.uint8), (200, 150), (110, 50), 0, 0, 360, 255, 3)
    side = Piece(86, 130, 100, 170, found=False)
    assert is_stray(side, chars("(", sure), ring, [], 30) is stray
    assert not is_stray(Piece(80, 90, 320, 210), chars("(", 0.6), ring, [], 30), "a mark that ends within its piece"


@pytest.mark.parametrize("angle", [-4.0, 3.0])
def test_a_seal_lies_elsewhere_on_the_page_made_level(angle: float) -> None:
    page = np.full((1400, 1000, 3), 255, np.uint8)
    cv2.circle(page, (800, 1200), 90, (205, 40, 45), 7)
    cv2.circle(page, (800, 1200), 30, (205, 40, 45), -1)
    (askew,), (level,) = find_seals(page), find_seals(rotated(page, angle))
    (found,) = levelled([askew], angle, page.shape)
    assert (found.x0, found.y0, found.x1, found.y1) == pytest.approx((level.x0, level.y0, level.x1, level.y1), abs=8)
    assert abs(found.x0 - askew.x0) > 20


def test_a_stroke_that_was_not_read_is_told_of() -> None:
    ink_ = np.zeros((200, 400), np.uint8)
    ink_[98:102, 100:128] = 255
    assert left_over([], ink_, 30) == [pytest.approx((113.5, 99.5))]
    ink_[98:102, 100:330] = 255  # what is left of a rule
    assert left_over([], ink_, 30) == []


def test_a_dash_is_read_with_paper_above_and_below() -> None:
    page = np.full((100, 100), 255, np.uint8)
    page[48:52, 20:46] = 0
    low = crop(page, Piece(17, 45, 49, 55), 30)
    assert low.shape == (30, 32)
    assert (low[13:17, 3:29] == 0).all()
    assert crop(page, Piece(17, 35, 49, 66), 30).shape == (31, 32)


def test_a_mark_that_runs_into_a_rule_is_surely_no_character() -> None:
    rules = np.zeros((300, 600), np.uint8)
    rules[:, 200:203] = 255
    beside = Line(Piece(150, 100, 170, 130, found=False), [ReadChar("1", 0.5, 0.99)])
    into = Line(Piece(186, 100, 203, 130, found=False), [ReadChar("1", 0.5, 0.99)])
    text = Line(Piece(120, 150, 203, 180), [ReadChar("7", 0.5, 0.99)])
    doubt_strokes([beside, into, text], rules, EM)
    assert [line.chars[0].sure > 0.95 for line in (beside, into, text)] == [True, False, True]


def test_a_line_beside_characters_that_were_not_read_is_not_certain() -> None:
    """A seal lies on the end of 远茂半导体制造（中国）有限公司, and what is read ends before it."""
    lines = [Line(Piece(100, y, 400, y + 30), [ReadChar("国", 0.9, 0.99)]) for y in (100, 150, 200)]
    doubt_broken_off(lines, [(420.0, 115.0), (600.0, 165.0)], EM)
    assert [line.chars[0].sure > 0.95 for line in lines] == [False, True, True]


def test_a_text_that_runs_over_its_cells_rule_is_not_certain() -> None:
    """021-63480172-8016 in a cell too narrow for it: 021-63480172-8 before the rule, 016 behind it."""
    rules = np.zeros((300, 900), np.uint8)
    rules[:, [100, 101, 400, 401]] = 255
    within = Line(Piece(110, 20, 388, 50), [ReadChar("7", 0.5, 0.99)])
    before = Line(Piece(110, 100, 401, 130), [ReadChar("8", 0.5, 0.99)])
    behind = Line(Piece(402, 100, 520, 130), [ReadChar("0", 0.5, 0.99)])
    lines = [within, before, behind]
    doubt_cut_by_rules(lines, rules, EM)
    assert [line.chars[0].sure > 0.95 for line in lines] == [True, False, False]


def test_a_column_of_characters_a_little_askew_is_read_downwards() -> None:
    text = "已获评年市级优秀"
    column = [Char(c, 100 + 0.3 * (i % 3), 108 + 0.3 * (i % 3), 50 + 10.5 * i, 8.0) for i, c in enumerate(text)]
    assert "".join(line.text for line in to_lines(column, one_cell=True)) == text


def picture(kind: str, pages: int = 1, size: tuple[int, int] = (400, 300)) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    made = [Image.new("RGB", size, (255, 255 - i, 255)) for i in range(pages)]
    more = {"save_all": True, "append_images": made[1:]} if pages > 1 else {}
    made[0].save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP", "TIFF"])
def test_picture_formats(kind: str) -> None:
    assert [f.shape[2] for f in frames(picture(kind))] == [3]


def test_pages_of_a_tiff() -> None:
    assert len(list(frames(picture("TIFF", pages=3)))) == 3


def test_damaged_and_oversized_pictures_are_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = picture("PNG")
    for data in (b"", b"not a picture", whole[:40]):
        with pytest.raises(Unreadable):
            list(frames(data))
    monkeypatch.setattr("extractors.scan.prepare.MAX_PIXELS", 100 * 100)
    with pytest.raises(Unreadable, match="像素过多"):
        list(frames(whole))


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not scan.available()
    with pytest.raises(Unavailable, match=r"pip install 'shenbao\[ocr\]'"):
        scan.read_image(picture("PNG"))
    with pytest.raises(Unavailable, match=r"pip install 'shenbao\[ocr\]'"):
        scan.read_page(page(), 1)


def chars(text: str, sure: float = 0.99) -> list[ReadChar]:
    return [ReadChar(c, (i + 0.5) / len(text), sure) for i, c in enumerate(text)]


def test_what_two_readings_dispute_is_unsure() -> None:
    both = sure_of(chars("91310114MA1"), chars("9131O114MA1"))
    assert [c.text for c in both if c.sure <= CERTAINTY.disputed] == ["0"]
    assert all(a.at < b.at for a, b in pairwise(both))
    more = sure_of(chars("3026", 0.999), chars("13026", 0.9))
    assert [c.text for c in more if c.sure <= CERTAINTY.disputed] == ["3"], "one reading has a character more"
    assert min(c.sure for c in sure_of(chars("（集团）"), chars("(集团)"))) > 0.95, (
        "the width of a bracket is no dispute"
    )


def test_words_tell_characters_that_look_alike() -> None:
    twin = spelt(chars("基于数字李生的", 0.7))
    assert "".join(c.text for c in twin) == "基于数字孪生的"
    assert twin[4].sure > 0.95
    assert "".join(c.text for c in spelt(chars("李生与数字化"))) == "李生与数字化"
    assert "".join(c.text for c in spelt(chars("562号（—厂区）"))) == "562号（一厂区）"
    assert "".join(c.text for c in spelt(chars("（—12）—厂区"))) == "（—12）—厂区"
    assert "".join(c.text for c in spelt(chars("造《已在工厂应用《带动22"))) == "造。已在工厂应用。带动22"
    assert "".join(c.text for c in spelt(chars("造《已按《规范》应用"))) == "造。已按《规范》应用"
    assert "".join(c.text for c in spelt(chars("按《规范》和《指南"))) == "按《规范》和《指南"
    assert "".join(c.text for c in spelt(chars("科里奧利"))) == "科里奥利"
    assert "".join(c.text for c in spelt(chars("系统上线后．返工减少15%．"))) == "系统上线后，返工减少15%．"
    assert "".join(c.text for c in spelt(chars("一．项目3.5万元"))) == "一．项目3.5万元"
    (name, _) = spelt(chars("黃霞"))
    assert (name.text, name.sure < 0.95) == ("黄", True)
    assert "".join(c.text for c in spelt(chars("推厂应用到主推厂商"))) == "推广应用到主推厂商"
    assert "".join(c.text for c in spelt(chars("—种刀具"))) == "一种刀具"
    assert "".join(c.text for c in spelt(chars("按照IS 09001:2015"))) == "按照ISO 9001:2015"
    assert number_one("一种齿轮检测方法", 0)
    assert number_one("一级", 0)
    assert not number_one("一种植", 0)
    assert number_one("熔深一致性", 2)
    assert number_one("产供销一体化", 3)
    assert not number_one("质量管控一体系", 4)
    assert number_one("作为唯一依据", 3)
    assert number_one("2号（一厂区）", 3)
    assert not number_one("一厂区", 0)
    assert number_one("（一）", 1)
    assert not number_one("生产作业一智能协同", 4)
    assert not number_one("（环节名）一种植", 5)


def test_the_host_of_an_address_of_mail_is_spelt() -> None:
    read = spelt(chars("lin@foxmai1.com", 0.999))
    assert "".join(c.text for c in read) == "lin@foxmail.com"
    assert min(c.sure for c in read) < 0.95
    assert "".join(c.text for c in spelt(chars("mai1@163.com"))) == "mai1@163.com"


def test_names_of_standards_are_no_figures() -> None:
    assert (
        "".join(c.text for c in spelt(chars("通过IS09001、1S014001和1ATF16949认证")))
        == "通过ISO9001、ISO14001和IATF16949认证"
    )
    assert "".join(c.text for c in spelt(chars("型号IS0和1S05"))) == "型号IS0和1S05"


def test_characters_that_differ_by_a_stroke_are_unsure_but_a_day_is_not() -> None:
    assert min(c.sure for c in weighed(chars("洗烨", 0.98))) < 0.95
    assert min(c.sure for c in weighed(chars("洗烨", 0.999))) > 0.95
    assert min(c.sure for c in weighed(chars("2023年8月9日", 0.98))) > 0.95


def test_which_of_two_marks_it_was_is_open_where_it_was_read_poorly() -> None:
    read = [*chars("脱节"), ReadChar("。", 0.9, 0.57)]
    assert [c.text for c in weighed(read) if c.sure < 0.95] == ["。"]
    assert min(c.sure for c in weighed([*chars("脱节"), ReadChar("。", 0.9, 0.7)])) > 0.95
    assert min(c.sure for c in weighed([*chars("主任"), ReadChar("”", 0.9, 0.4)])) < 0.95, "a full stop on a bad copy"


def test_figures_of_a_page_without_greys_have_to_be_read_plainly() -> None:
    assert [c.sure < 0.95 for c in on_two_tones([*chars("1", 0.99), *chars("4", 0.999), *chars("年", 0.97)])] == [
        True,
        False,
        False,
    ]
    white = np.full((400, 300, 3), 255, np.uint8)
    white[100:110] = 0
    assert _two_tone(white)
    assert _two_tone(cv2.resize(white, None, fx=1.3, fy=1.3, interpolation=cv2.INTER_AREA))
    thin = np.full((400, 300, 3), 255, np.uint8)
    thin[20:380:16, 20:280] = 0
    thin[20:380, 20:280:16] = 0
    assert _two_tone(cv2.resize(thin, None, fx=4 / 3, fy=4 / 3, interpolation=cv2.INTER_LINEAR)), (
        "thin strokes, enlarged"
    )
    grain = np.random.default_rng(4).integers(0, 6, white.shape).astype(np.uint8)
    assert not _two_tone(np.where(white > 0, white - grain, grain))


def test_marks_between_words_do_not_make_a_text_unsure_but_those_in_numbers_do() -> None:
    text = [ReadChar("数", 0.2, 0.99), ReadChar("，", 0.5, 0.7), ReadChar("据", 0.8, 0.99)]
    assert min(c.sure for c in weighed(text)) > 0.95
    left = [ReadChar("工", 0.4, 0.99), ReadChar("！", 0.8, 0.5)]
    assert min(c.sure for c in weighed(left)) == 0.5, "what is left of 厂"
    comma = [ReadChar("户", 0.2, 0.99), ReadChar("·", 0.5, 0.63), ReadChar("出", 0.8, 0.99)]
    assert min(c.sure for c in weighed(comma)) == 0.63, "a comma of two tones"
    number = [ReadChar("1", 0.2, 0.99), ReadChar(",", 0.5, 0.5), ReadChar("5", 0.8, 0.99)]
    assert min(c.sure for c in weighed(number)) == 0.5


def test_lookalikes_are_unsure_in_codes_of_letters_and_digits_alone() -> None:
    assert [c.text for c in weighed(chars("BLT-S400A", 0.99)) if c.sure < 0.95] == ["S", "0", "0"]
    assert min(c.sure for c in weighed(chars("18050", 0.99))) > 0.95
    assert [c.text for c in weighed(chars("chenlI@qq.com", 0.99)) if c.sure < 0.95] == ["l", "I", "o"]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 1.0])
def test_marks_are_measured_as_opencv_does(share: float) -> None:
    mask = (np.random.default_rng(3).random((211, 170)) < share).astype(np.uint8) * 255
    count, labels, stats, middles = cv2.connectedComponentsWithStats(mask)
    found = components(mask)
    assert found.count == count
    assert np.array_equal(found.labels, labels)
    assert np.array_equal(found.stats[1:], stats[1:])
    assert np.allclose(found.middles[1:], middles[1:])
    odd = np.arange(count) % 2 == 1
    assert np.array_equal(found.among(odd).mask > 0, odd[labels])
    assert np.array_equal(found.among(odd).labels, np.where(odd, np.cumsum(odd), 0)[labels])
    assert np.array_equal(found.of(labels), np.arange(count))


class _Reads:
    """Reads in every picture of a whole line, pressed together or with paper around it, and in those of its stretches what it is
    told."""

    def __init__(self, line: list[ReadChar], near: list[ReadChar]) -> None:
        self.line, self.near = line, near
        self.stretches = 0

    def recognise(self, crops: list[Any], narrowed: float = 1.0) -> list[list[ReadChar]]:
        whole = [narrowed < 1 or crop.shape[0] > 40 for crop in crops]
        self.stretches += whole.count(False)
        return [list(self.line if w else self.near) for w in whole]


def _twice(line: list[ReadChar], near: list[ReadChar]) -> tuple[list[ReadChar], int]:
    """A line read so, its stretches so; and how many were read."""
    paper, reads = np.zeros((60, 420), np.uint8), _Reads(line, near)
    _, (found,) = readings([Piece(0, 0, 400, 40)], paper, reads, paper, paper, 30)  # type: ignore[arg-type]
    return found, reads.stretches


@pytest.mark.parametrize(
    ("read", "near", "doubted"),
    [
        ("降至0.67%，", ".67%0，", "%"),  # ‰, whose smaller ring was lost
        ("降至0.67%，", ".67‰，", "%"),
        ("降至0.67%0", ".67%", "%"),
        ("降至0.67% o", ".67%", "%"),
        ("降至0.67%，", "67%，", ""),
        ("0.5％至10％", "5%0", "％％"),
        ("合格率%0", "合格率%0", ""),
    ],
)
def test_a_percent_that_may_be_per_mille_is_never_certain(read: str, near: str, doubted: str) -> None:
    line, _ = _twice(chars(read), chars(near))
    assert "".join(c.text for c in line if c.text in "%％" and c.sure < 0.95) == doubted


def test_an_unsure_character_is_read_again_with_those_beside_it() -> None:
    line = chars("上海赟拓精密锻压有限公司", 0.999)
    line[2].sure = 0.7
    sure, looks = _twice(line, chars("海赟拓", 0.99))
    assert looks == 1
    assert min(c.sure for c in sure) > 0.98, "both say the same, the second surely"
    other, _ = _twice(line, chars("海斌拓", 0.99))
    assert [c.text for c in other if c.sure < 0.95] == ["赟"]
    longer, _ = _twice(line, chars("海赟赟拓", 0.99))
    assert [c.text for c in longer if c.sure < 0.95] == ["赟"], "one more stands there"
    line[2].sure = 0.99
    assert _twice(line, [])[1] == 0


def test_the_end_of_a_stretch_may_cut_the_character_beside_it() -> None:
    line = chars("共投入4200万元", 0.999)
    (stretch,) = stretches(line)
    assert agree(line, stretch, chars("人4200一"))
    assert agree(line, stretch, chars("4200万"))
    assert not agree(line, stretch, chars("入42001万")), "but a figure more is one"
    assert not agree(line, stretch, chars("投入4200万")), "and two characters more are not cut off"


def test_signs_beside_a_figure_are_compared_with_it() -> None:
    assert plain_of("约-3.20％±0.5，") == "-3.20%±0.5"
    assert plain_of("12‰") != plain_of("12%")
    line = chars("温度为-25%至", 0.99)
    (stretch,) = stretches(line)
    assert agree(line, stretch, chars("-25%至"))
    assert not agree(line, stretch, chars("25%至")), "the sign before the figure"
    assert not agree(line, stretch, chars("-25‰至"))
