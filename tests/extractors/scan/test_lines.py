"""Lines of a picture that stand as close as their characters: each is one piece, none is read twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="the extra 'ocr' is not installed")

from extractors.scan.lines import text_pieces  # noqa: E402
from extractors.scan.page import _turned  # noqa: E402
from extractors.scan.pieces import Piece, left_over  # noqa: E402
from extractors.scan.prepare import prepare  # noqa: E402
from extractors.scan.readings import recut  # noqa: E402
from extractors.scan.recognition import Engine, ReadChar  # noqa: E402
from extractors.scan.text import Line, _doubt_doubles, _is_text, _measure, chars_of, recognised  # noqa: E402

EM = 24
LEFT, RIGHT = 100, 340


def lines(count: int, pitch: int, gap: int = 1) -> np.ndarray:
    """Ink of ``count`` rows of characters ``pitch`` pixels apart, with ``gap`` rows of paper between them."""
    ink = np.zeros((600, 600), np.uint8)
    for number in range(count):
        y = 100 + number * pitch
        for place, x in enumerate(range(LEFT, RIGHT, EM)):
            high = (0, pitch - 1 - gap) if place % 3 == 0 else (3, pitch - 4 - gap)
            cv2.line(ink, (x + EM // 2, y + high[0]), (x + EM // 2, y + high[1]), 255, 2)
            for share in (0.3, 0.7):
                cv2.line(ink, (x, y + int(share * pitch)), (x + EM - 3, y + int(share * pitch)), 255, 2)
    return ink


def quads(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    return np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, y0, x1, y1 in boxes], np.float32)


def test_a_box_over_two_lines_is_cut_by_the_line_it_reaches_into() -> None:
    ink = lines(3, 25)
    found = text_pieces(
        quads((LEFT, 98, RIGHT, 127), (LEFT, 110, RIGHT, 150), (LEFT, 148, RIGHT, 177)), ink, ink * 0, [], EM
    )
    assert [(p.x0 <= LEFT, p.x1 >= RIGHT - 4) for p in found] == [(True, True)] * 3
    assert [round((p.y0 + p.y1) / 2) for p in found] == pytest.approx([112, 137, 162], abs=3)


@pytest.mark.parametrize("boxes", [quads(), quads((LEFT, 99, RIGHT, 147))], ids=["missed", "found"])
@pytest.mark.parametrize("gap", [3, 8])
def test_lines_of_smaller_characters_are_pieces_of_their_own(boxes: np.ndarray, gap: int) -> None:
    ink = lines(2, 26, gap=gap)
    found = text_pieces(boxes, ink, ink * 0, [], 32)
    assert [round((p.y0 + p.y1) / 2) for p in found] == pytest.approx([109, 135], abs=3)


def test_a_column_of_characters_set_close_is_read_one_by_one() -> None:
    ink = lines(3, 25, gap=3) | np.roll(lines(2, 25, gap=3), 79, axis=0)  # one gap as wide as between characters
    ink[:, LEFT + EM :] = 0
    found = text_pieces(quads((LEFT - 5, 95, LEFT + EM + 5, 232)), ink, ink * 0, [], 26)
    assert [round((p.y0 + p.y1) / 2) for p in found] == pytest.approx([111, 136, 161, 190, 215], abs=3)


def test_characters_of_two_lines_that_touch_are_no_tall_ones() -> None:
    ink = lines(2, 26, gap=3)
    ink[:, LEFT + 3 * EM :] = 0
    ink[126:, LEFT + EM :] = 0
    ink[100:150, LEFT + EM // 2] = 255
    found = text_pieces(quads(), ink, ink * 0, [], EM)
    assert [round((p.y0 + p.y1) / 2) for p in found] == pytest.approx([111, 138], abs=3)


def test_a_full_stop_behind_the_box_belongs_to_its_line() -> None:
    ink = lines(1, 25)
    cv2.circle(ink, (RIGHT + 8, 120), 3, 255, 1)
    (piece,) = text_pieces(quads((LEFT, 98, RIGHT, 127)), ink, ink * 0, [], EM)
    assert piece.x1 > RIGHT + 11


def test_a_speck_above_the_line_does_not() -> None:
    ink = lines(1, 25)
    cv2.circle(ink, (RIGHT + 8, 103), 3, 255, 1)
    (piece,) = text_pieces(quads((LEFT, 98, RIGHT, 127)), ink, ink * 0, [], EM)
    assert piece.x1 < RIGHT + 6


def reader(sure_height: int) -> tuple[list[list[Piece]], Callable[[Sequence[Piece]], list[list[ReadChar]]]]:
    """A recogniser that is sure of pieces up to a height alone."""
    calls: list[list[Piece]] = []

    def read(pieces: Sequence[Piece]) -> list[list[ReadChar]]:
        calls.append(list(pieces))
        return [[ReadChar("字", 0.5, 0.99 if p.height <= sure_height else 0.3)] * 4 for p in pieces]

    return calls, read


def test_a_block_that_reads_badly_is_read_line_by_line() -> None:
    ink = lines(4, 22, gap=0)
    calls, read = reader(30)
    block = Piece(LEFT - 2, 97, RIGHT + 2, 191)
    pieces, texts = recut([block], [[ReadChar("乱", 0.5, 0.3)]], read, ink, ink * 0, EM)
    assert len(calls) == 1
    assert len(pieces) == len(texts) == 4
    assert [round((p.y0 + p.y1) / 2) for p in pieces] == pytest.approx([111, 133, 155, 177], abs=5)


def test_a_block_that_reads_no_better_in_lines_stays() -> None:
    ink = lines(2, 22, gap=0)
    _, read = reader(0)
    block = Piece(LEFT - 2, 97, RIGHT + 2, 147)
    text = [ReadChar("题", 0.5, 0.6)]
    assert recut([block], [text], read, ink, ink * 0, EM) == ([block], [text])


def test_a_column_of_characters_and_the_lines_beside_it_are_the_lines_of_one_block() -> None:
    ink = lines(3, 25, gap=2)
    _, read = reader(32)
    column = Piece(LEFT - 2, 98, LEFT + 46, 177)
    beside = [Piece(LEFT + 48, y, RIGHT, y + 29) for y in (98, 123, 148)]
    texts = [[ReadChar("乱", 0.5, 0.2)], *[[ReadChar("字", 0.5, 0.99)] * 3] * 3]
    wide = [Piece(LEFT - 2, 174, RIGHT, 203)]  # the last line, as the detector saw it
    ink[173:198, LEFT:RIGHT] = ink[98:123, LEFT:RIGHT]
    found, _ = recut([column, *beside, *wide], [*texts, texts[1]], read, ink, ink * 0, EM)
    assert [(p.x0 <= LEFT, p.x1 >= RIGHT - 4) for p in found] == [(True, True)] * 4


def test_no_block_goes_across_a_rule() -> None:
    ink = lines(4, 22, gap=0)
    calls, read = reader(30)
    ruled = ink * 0
    ruled[:, LEFT + 100] = 255
    block = Piece(LEFT - 2, 97, RIGHT + 2, 191)
    recut([block], [[ReadChar("乱", 0.5, 0.3)]], read, ink, ruled, EM)
    assert calls == []


def test_lines_that_are_read_well_are_read_once() -> None:
    ink = lines(2, 22, gap=0)
    calls, read = reader(99)
    pieces = [Piece(LEFT, 98, RIGHT, 123), Piece(LEFT, 120, RIGHT, 147)]
    recut(pieces, [[ReadChar("字", 0.5, 0.99)]] * 2, read, ink, ink * 0, EM)
    assert calls == []


def test_what_two_pieces_may_both_hold_is_not_sure() -> None:
    one = Line(Piece(100, 100, 200, 130), [ReadChar("可", 0.9, 0.999)])
    over = Line(Piece(180, 104, 300, 128), [ReadChar("可", 0.1, 0.999)])
    apart = Line(Piece(100, 140, 200, 170), [ReadChar("行", 0.5, 0.999)])
    _doubt_doubles([one, over, apart])
    assert one.chars[0].sure < 0.95
    assert over.chars[0].sure < 0.95
    assert apart.chars[0].sure == 0.999


def test_a_line_is_no_higher_than_its_characters_are_wide() -> None:
    ink = lines(1, 25)
    ink[132:140, LEFT:RIGHT:3] = 255  # the heads of the next line's characters
    places = [(x - LEFT + EM / 2) / (RIGHT - LEFT) for x in range(LEFT, RIGHT, EM)]
    line = Line(Piece(LEFT, 98, RIGHT, 140), [ReadChar("中", at, 0.99) for at in places])
    _measure(line, ink, EM)
    assert line.top == pytest.approx(101, abs=3)
    assert line.bottom == pytest.approx(124, abs=3)


@pytest.mark.parametrize("count", [3, 10])
def test_a_second_line_in_a_piece_of_which_one_was_read_is_told_of(count: int) -> None:
    ink = lines(2, 26, gap=8)
    right = LEFT + count * EM
    ink[:, right:] = 0
    line = Line(Piece(LEFT, 98, right, 148), [ReadChar("中", (i + 0.5) / count, 0.99) for i in range(count)])
    assert not left_over([line.piece], ink, EM)
    _measure(line, ink, EM)
    below = [y for _, y in left_over([line.piece], ink, EM)]
    assert below
    assert min(below) > 120


def test_a_ring_that_the_detector_passed_over_is_no_character() -> None:
    ring = Line(Piece(100, 100, 400, 400, found=False), [ReadChar("0", 0.5, 0.9)])
    digit = Line(Piece(100, 100, 115, 124, found=False), [ReadChar("0", 0.5, 0.9)])
    assert (_is_text(ring, EM), _is_text(digit, EM)) == (False, True)


def test_columns_of_characters_that_read_as_no_words_do_not_turn_a_page() -> None:
    """Text set as on squared paper: the detector takes its columns for lines, and there is no more paper one way than the other."""
    image = np.full((1600, 1200, 3), 250, np.uint8)
    rng = np.random.default_rng(5)
    for y in range(200, 1400, 30):
        for x in range(150, 1050, 30):
            cv2.rectangle(image, (x, y), (x + 22, y + 22), (20, 20, 20), 2)
            cv2.line(image, (x + int(rng.integers(3, 20)), y), (x + 11, y + 22), (20, 20, 20), 2)
    columns = quads(*((x - 2, 198, x + 25, 1400) for x in range(150, 700, 30)))
    lines_ = quads(*((700, y - 2, 1050, y + 25) for y in range(200, 500, 30)))

    class Reader:
        """Reads words across the page, and nonsense down it."""

        def __init__(self, across: str, down: str) -> None:
            self.texts = (across, down)

        def recognise(self, crops: Sequence[np.ndarray]) -> list[list[ReadChar]]:
            return [[ReadChar(c, 0.5, 0.9) for c in self.texts[crop.shape[1] > 500]] for crop in crops]

        def upside_down(self, crops: Sequence[np.ndarray]) -> bool:
            return False

    prepared = prepare(image)
    found = np.concatenate([columns, lines_])
    assert _turned(prepared, found, Reader("场景实例名称", "条和色对裂")) == 0  # type: ignore[arg-type]
    assert _turned(prepared, found, Reader("条和色对裂", "场景实例名称")) == 1  # type: ignore[arg-type]


def test_figures_of_a_long_line_are_read_alone_in_full_width() -> None:
    words = "公司总投资为1200000元并建成覆盖设计工艺制造检测各个环节的数据平台和质量追溯系统以及供应链协同平台"
    short = words.replace("1200000", "120000")  # pressed together, three figures alike were read as two
    calls: list[tuple[list[int], float]] = []

    class Reader:
        def recognise(self, crops: Sequence[np.ndarray], narrowed: float = 1.0) -> list[list[ReadChar]]:
            calls.append(([crop.shape[1] for crop in crops], narrowed))
            texts = [short if narrowed < 1 else words if crop.shape[1] > 700 else "1200000元" for crop in crops]
            return [[ReadChar(c, (i + 0.5) / len(text), 0.999) for i, c in enumerate(text)] for text in texts]

    piece = Piece(100, 100, 100 + EM * len(words), 100 + round(1.24 * EM))
    plain = np.zeros((400, 1600), np.uint8)
    plain[104:124, 100:1300:2] = 255
    (line,) = recognised([piece], 255 - plain, Reader(), plain, np.zeros_like(plain), EM)  # type: ignore[arg-type]
    assert "".join(c.text for c in line.chars) == words
    assert min(c.sure for c in line.chars if c.text == "0") < 0.95, "two readings differ there"
    assert [narrowed < 1 for _, narrowed in calls] == [True, False, False]
    assert calls[1][0][0] < 0.3 * piece.width, "the figures and what stands beside them"


@pytest.mark.parametrize("on_head", [True, False])
def test_lines_of_which_the_classifier_is_not_agreed_are_read_both_ways_up(on_head: bool) -> None:
    """Seven long lines of a page scanned sideways: it took two of them for upright, and was not sure of two more."""
    votes = [("180", 0.99), ("180", 0.99), ("0", 0.56), ("180", 0.58), ("0", 0.86), ("180", 0.99), ("180", 0.65)]

    class Ocr:
        def __call__(self, *_: object, **__: object) -> None:
            pass

        def text_cls(self, _: object) -> SimpleNamespace:
            return SimpleNamespace(cls_res=votes)

    heads = np.zeros((40, 900), np.uint8)
    heads[-1] = 255  # its last row: the first, the right way up
    engine = object.__new__(Engine)
    engine._ocr = Ocr()
    engine.recognise = lambda crops, narrowed=1.0: [  # type: ignore[method-assign]
        [ReadChar("字", 0.5, 0.99 if bool(c[0, 0]) == on_head else 0.5)] for c in crops
    ]
    assert engine.upside_down([heads] * 7) is on_head


def test_of_long_lines_the_beginning_tells_which_way_up_they_stand() -> None:
    looked_at: list[int] = []

    class Ocr:
        def __call__(self, *_: object, **__: object) -> None:
            pass

        def text_cls(self, crops: Sequence[np.ndarray]) -> SimpleNamespace:
            looked_at.extend(crop.shape[1] for crop in crops)
            return SimpleNamespace(cls_res=[("180", 0.7)] * len(crops))

    def read(crops: Sequence[np.ndarray], narrowed: float = 1.0) -> list[list[ReadChar]]:
        looked_at.extend(crop.shape[1] for crop in crops)
        return [[] for _ in crops]

    engine = object.__new__(Engine)
    engine._ocr = Ocr()
    engine.recognise = read  # type: ignore[method-assign]
    assert not engine.upside_down([np.zeros((40, 1200), np.uint8), np.zeros((40, 90), np.uint8)])
    assert max(looked_at) <= 10 * 40, "pressed together to four heights, a long line is no text"
    assert min(looked_at) == 90


def test_a_bracket_without_ink_at_the_end_of_a_line_was_not_read() -> None:
    size = 30
    for last_ink, expected in ((118, "收入（万"), (138, "收入（万）")):
        plain = np.zeros((100, 200), np.uint8)
        plain[24:54, 13 : last_ink + 1] = 255
        piece = Piece(10, 20, last_ink + 4, 57)
        at = [(18, "收"), (45, "入"), (70, "（"), (93, "万"), (105 if last_ink < 120 else 118, "）")]

        class Reader:
            def recognise(self, crops: list[np.ndarray], narrowed: float = 1.0) -> list[list[ReadChar]]:
                chars_ = [ReadChar(c, x / piece.width, 0.999) for x, c in at]  # noqa: B023
                return [chars_ for _ in crops]

        (line,) = recognised([piece], 255 - plain, Reader(), plain, np.zeros_like(plain), size)  # type: ignore[arg-type]
        assert "".join(c.text for c in line.chars) == expected


@pytest.mark.parametrize(("rise", "up", "sizes"), [(14, 0, [30, 30]), (0, 14, [18, 18])])
def test_figures_at_the_end_of_a_line_that_slopes_are_no_marks_of_a_footnote(
    rise: int, up: int, sizes: list[int]
) -> None:
    """A photographed line, rising towards its end; and a level one with a mark of two figures."""
    plain = np.zeros((120, 400), np.uint8)
    texts = [
        (20, 28, 28, "时"),
        (52, 28, 28, "间"),
        (84, 28, 28, "缩"),
        (116, 28, 28, "短"),
        (142, 12, 18, "4"),
        (158, 12, 18, "0"),
    ]
    for x, wide, high, text in texts:
        foot = 80 - round(rise * x / 158) - (up if text.isdigit() else 0)
        plain[foot - high : foot, x - wide // 2 : x + wide // 2] = 255
    piece = Piece(0, 30, 180, 84)
    line = Line(piece, [ReadChar(text, x / 180, 0.999) for x, _, _, text in texts], 80 - 28 - rise, 80, 30.0)
    found = chars_of([line], plain, 1.0)
    assert [round(c.size) for c in found[-2:]] == sizes
