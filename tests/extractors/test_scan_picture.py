"""What is read from the picture itself, without OCR: levelling, seals, rules, boxes, sizes of files."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="the extra 'ocr' is not installed")

from extractors import scan  # noqa: E402
from extractors.errors import Unreadable  # noqa: E402
from extractors.pdf_grid import find_grids  # noqa: E402
from extractors.scan_engine import ReadChar  # noqa: E402
from extractors.scan_prepare import frames, ink, prepare, rotated, skew  # noqa: E402
from extractors.scan_rules import find_rules  # noqa: E402
from extractors.scan_seals import find_seals, lift  # noqa: E402
from extractors.scan_sure import DISPUTED, sure_of, weighed  # noqa: E402
from extractors.scan_ticks import find_boxes  # noqa: E402

HEIGHT, WIDTH, EM = 2339, 1654, 30
RED, BLUE, GREY = (200, 40, 45), (50, 60, 200), (165, 165, 165)


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


@pytest.mark.parametrize(("colour", "name"), [(RED, "red"), (BLUE, "blue"), (GREY, "grey")])
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


def test_no_seal_on_a_clean_page_nor_in_red_text() -> None:
    image = page()
    assert find_seals(image) == []
    cv2.rectangle(image, (300, 200), (1300, 250), RED, -1)  # a line of red text, or a red rule
    for x in range(300, 1300, 40):
        cv2.rectangle(image, (x, 2050), (x + 26, 2080), BLUE, 3)
    assert find_seals(image) == []


@pytest.mark.parametrize("angle", [-2.5, -0.4, 0.0, 1.3, 3.0])
def test_skew_is_measured(angle: float) -> None:
    grey = rotated(cv2.cvtColor(page(), cv2.COLOR_RGB2GRAY), -angle)
    assert skew(grey) == pytest.approx(angle, abs=0.12)


def ruled(image: np.ndarray) -> list[tuple[int, int, int, int]]:
    grey = prepare(image).grey
    found = find_rules(ink(grey), EM, 842 / HEIGHT)
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


def test_grid_with_merged_cells() -> None:
    assert ruled(with_table(page())) == SPANS


def test_walls_of_a_row_lower_than_characters_are_long() -> None:
    image = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for y in (700, 734, 800):
        cv2.line(image, (200, y), (1400, y), (20, 20, 20), 2)
    for x, end in ((200, 800), (600, 734), (1400, 800)):
        cv2.line(image, (x, 700), (x, end), (20, 20, 20), 2)
    cv2.line(image, (900, 706), (900, 728), (20, 20, 20), 2)  # the stroke of a character
    assert ruled(image) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)]


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
    monkeypatch.setattr("extractors.scan_prepare.MAX_PIXELS", 100 * 100)
    with pytest.raises(Unreadable, match="像素过多"):
        list(frames(whole))


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not scan.available()
    with pytest.raises(Unreadable, match=r"pip install 'shenbao\[ocr\]'"):
        scan.read_image(picture("PNG"))
    with pytest.raises(Unreadable, match=r"pip install 'shenbao\[ocr\]'"):
        scan.read_page(page(), 1)


def chars(text: str, sure: float = 0.99) -> list[ReadChar]:
    return [ReadChar(c, (i + 0.5) / len(text), sure) for i, c in enumerate(text)]


def test_what_two_readings_dispute_is_unsure() -> None:
    both = sure_of(chars("91310114MA1"), chars("9131O114MA1"))
    assert [c.text for c in both if c.sure <= DISPUTED] == ["0"]
    assert all(a.at < b.at for a, b in pairwise(both))
    assert min(c.sure for c in sure_of(chars("（集团）"), chars("(集团)"))) > 0.95, (
        "the width of a bracket is no dispute"
    )


def test_marks_between_words_do_not_make_a_text_unsure_but_those_in_numbers_do() -> None:
    text = [ReadChar("数", 0.2, 0.99), ReadChar("，", 0.5, 0.5), ReadChar("据", 0.8, 0.99)]
    assert min(c.sure for c in weighed(text)) > 0.95
    number = [ReadChar("1", 0.2, 0.99), ReadChar(",", 0.5, 0.5), ReadChar("5", 0.8, 0.99)]
    assert min(c.sure for c in weighed(number)) == 0.5


def test_lookalikes_are_unsure_in_codes_of_letters_and_digits_alone() -> None:
    assert [c.text for c in weighed(chars("BLT-S400A", 0.99)) if c.sure < 0.95] == ["S", "0", "0"]
    assert min(c.sure for c in weighed(chars("18050", 0.99))) > 0.95
