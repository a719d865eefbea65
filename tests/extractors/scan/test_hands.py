"""What is drawn by hand and what is hardly to be seen: marks over options, pale boxes, points close to a figure."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="the extra 'ocr' is not installed")

from extractors.scan.boxes_in_ink import TickBox, faint_marks, find_boxes  # noqa: E402
from extractors.scan.certainty import hides_a_point  # noqa: E402
from extractors.scan.marks_over_text import coloured_ink, doubt_pens, take_strokes  # noqa: E402
from extractors.scan.pieces import Piece  # noqa: E402
from extractors.scan.recognition import ReadChar  # noqa: E402
from extractors.scan.seals import SealSpot  # noqa: E402
from extractors.scan.text import Line  # noqa: E402

EM, SIDE = 30, 24
STARTS = (60, 260, 460)


def options() -> tuple[np.ndarray, list[TickBox]]:
    """A line of three options, each an empty box and a word of four characters; ink 255 on 0."""
    ink = np.zeros((220, 700), np.uint8)
    boxes = []
    for x in STARTS:
        cv2.rectangle(ink, (x, 100), (x + SIDE, 100 + SIDE), 255, 2)
        boxes.append(TickBox(x, 100, x + SIDE + 1, 100 + SIDE + 1, False, 0.0))
        for i in range(4):
            at = x + 32 + 29 * i
            cv2.rectangle(ink, (at, 101), (at + 22, 123), 255, 2)
            cv2.line(ink, (at + 11, 101), (at + 11, 123), 255, 2)
    return ink, boxes


def tick(ink: np.ndarray, x: int, y: int, size: float, thick: int = 2) -> None:
    points = [(x - 10 * size, y), (x, y + 12 * size), (x + 18 * size, y - 24 * size)]
    cv2.polylines(ink, [np.array(points, np.int32)], False, 255, thick)


def test_a_tick_over_the_word_of_an_option_ticks_it_but_not_for_certain() -> None:
    ink, boxes = options()
    tick(ink, STARTS[1] + 80, 112, 1.4)
    take_strokes(boxes, ink, ink, EM)
    assert [b.ticked for b in boxes] == [False, True, False]
    assert boxes[1].ringed, "it counts for less than a box that is ticked"


def test_a_ring_around_an_option_ticks_it() -> None:
    ink, boxes = options()
    cv2.ellipse(ink, (STARTS[2] + 72, 112), (92, 27), 0, 0, 360, 255, 2)
    take_strokes(boxes, ink, ink, EM)
    assert [b.ticked for b in boxes] == [False, False, True]


def test_a_ring_around_an_option_whose_box_was_not_found_ticks_no_other() -> None:
    ink, boxes = options()
    cv2.ellipse(ink, (STARTS[2] + 72, 112), (92, 27), 0, 0, 360, 255, 2)
    take_strokes(boxes[:2], ink, ink, EM)
    assert not any(b.ticked for b in boxes[:2])
    assert all(b.doubted for b in boxes[:2])


def test_a_tick_printed_in_place_of_a_box_is_not_the_option_before_its() -> None:
    ink, boxes = options()
    ink[95:130, STARTS[1] - 2 : STARTS[1] + SIDE + 3] = 0
    tick(ink, STARTS[1] + 8, 112, 0.9)
    take_strokes([boxes[0], boxes[2]], ink, ink, EM)
    assert not any(b.ticked for b in boxes)


def test_print_alone_ticks_nothing_and_is_not_doubted() -> None:
    ink, boxes = options()
    take_strokes(boxes, ink, ink, EM)
    assert not any(b.ticked or b.doubted for b in boxes)


def test_a_second_option_marked_by_hand_makes_the_first_unsure() -> None:
    ink, boxes = options()
    boxes[0].ticked = True
    tick(ink, STARTS[1] + 80, 112, 1.4)
    take_strokes(boxes, ink, ink, EM)
    assert [b.ticked for b in boxes] == [True, False, False]
    assert all(b.doubted for b in boxes)


def test_boxes_with_sides_paler_than_ink_are_found() -> None:
    grey = np.full((220, 700), 250, np.uint8)
    for x in STARTS:
        cv2.rectangle(grey, (x, 100), (x + SIDE, 100 + SIDE), 222, 1)
    none = np.zeros_like(grey)
    assert find_boxes(none, EM) == []
    assert [b.x0 for b in find_boxes(none, EM, faint_marks(grey, none, EM))] == pytest.approx(list(STARTS), abs=2)


def figures(*, point: bool, size: int = 20) -> np.ndarray:
    part = np.zeros((size + 8, 4 * size), bool)
    for x in (4, 4 + size):
        part[4 : 4 + size, x : x + size // 2] = True
    if point:
        part[size:, size : size + 3] = True
        part[size + 4 :] = False
    return part


def test_a_point_in_the_picture_that_was_not_read_is_noticed() -> None:
    def read(text: str) -> list[ReadChar]:
        return [ReadChar(c, 0.5, 0.999) for c in text]

    assert hides_a_point(read("33"), figures(point=True))
    assert not hides_a_point(read("3.3"), figures(point=True))
    assert not hides_a_point(read("33"), figures(point=False))
    assert not hides_a_point(read("三三"), figures(point=True)), "only numbers have points"
    assert hides_a_point(read("33"), figures(point=False, size=10)), "too small to tell"


BLACK, BLUE = (25, 25, 30), (30, 40, 150)


def written(*colours: tuple[int, int, int]) -> tuple[np.ndarray, list[Line], np.ndarray]:
    """A page of lines in these colours, the lines as they were read, and its ink."""
    rgb = np.full((60 * len(colours) + 20, 400, 3), 250, np.uint8)
    lines = []
    for number, colour in enumerate(colours):
        top = 20 + 60 * number
        for x in range(40, 240, 10):
            rgb[top : top + 30, x : x + 4] = colour
        lines.append(Line(Piece(38, top - 2, 242, top + 32), [ReadChar("见", 0.2, 0.99), ReadChar("附", 0.6, 0.99)]))
    return rgb, lines, np.where(rgb.min(axis=2) < 200, 255, 0).astype(np.uint8)


def test_words_in_ink_of_another_colour_are_never_sure() -> None:
    rgb, lines, ink = written(BLACK, BLUE, BLACK)
    doubt_pens(lines, coloured_ink(rgb, ()), ink)
    assert [max(c.sure for c in line.chars) >= 0.95 for line in lines] == [True, False, True]


@pytest.mark.parametrize("colours", [(BLACK, BLACK), (BLUE, BLUE, BLUE, BLACK)], ids=["none", "the page's own"])
def test_the_colour_of_most_of_a_page_is_its_print(colours: tuple[tuple[int, int, int], ...]) -> None:
    rgb, lines, ink = written(*colours)
    doubt_pens(lines, coloured_ink(rgb, ()), ink)
    assert all(c.sure >= 0.95 for line in lines for c in line.chars)


def test_what_a_seal_colours_is_not_by_hand() -> None:
    rgb, lines, ink = written(BLACK, BLUE, BLACK)
    doubt_pens(lines, coloured_ink(rgb, [SealSpot(0, 70, 400, 120, "blue")]), ink)
    assert all(c.sure >= 0.95 for line in lines for c in line.chars)
