"""A page picture made ready for reading: bounded in size, evenly lit, seals lifted off, upright and level."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from extractors.document.errors import Unreadable
from extractors.scan.black_and_white.screens import smoothed, whitened
from extractors.scan.marks_over_text import coloured_ink
from extractors.scan.paper import sheet_of, straightened, without_surround
from extractors.scan.picture_settings import PREPARE
from extractors.scan.rules import Ruled, em_of, find_rules
from extractors.scan.seals import SealSpot, find_seals, lift

A4_LONG_POINTS = 842.0
"""A picture's long side counts as that of A4 paper: pictures seldom say how large the paper was."""
MAX_PIXELS = 200_000_000
MAX_FRAMES = 300
WHITE = 255
_ORIENTATION = 0x0112
_SIDEWAYS = frozenset((5, 6, 7, 8))
"""Values of that EXIF tag of pictures taken with the camera on its side."""


@dataclass(slots=True)
class Prepared:
    """``grey`` is dark on white (uint8), level; ``seals`` were lifted off it. ``inked`` marks its ink (255 on 0), ``em`` is the
    size of most text in pixels, ``ruled`` its rules in points; ``two_tone``: the page came in black and white alone,
    or its paper as dots. ``coloured``: ink with a colour (see :func:`extractors.scan.marks_over_text.coloured_ink`)."""

    grey: Any
    inked: Any
    em: float
    ruled: Ruled
    seals: list[SealSpot] = field(default_factory=list)
    angle: float = 0.0
    two_tone: bool = False
    coloured: Any | None = None


def frames(data: bytes) -> Iterator[Any]:
    """The pictures of an image file as arrays (height × width × 3, RGB), turned as the camera says.

    Raises :class:`Unreadable` where it is damaged, or over :data:`MAX_PIXELS` (each frame) or :data:`MAX_FRAMES`.
    """
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # The bound is checked here, before a pixel is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                # Only TIFF holds pages; the further frames of others are previews or moves.
                for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                    if number > MAX_FRAMES:
                        raise Unreadable(f"图片文件超过{MAX_FRAMES}页，请将申报书与佐证材料分开提交")
                    _bounded(frame.width, frame.height)
                    stretch = _stretch(frame)
                    upright = ImageOps.exif_transpose(frame)
                    yield shrunk(_stretched(np.asarray(_flat(upright)), *stretch))
                    if image.format != "TIFF":
                        break
    except Image.DecompressionBombError as error:
        raise Unreadable("图片像素过多，未予打开；请按 300 dpi 以内重新扫描") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable("图片文件已损坏或不完整，无法打开，请重新扫描或导出后提交") from error


def _bounded(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unreadable(f"图片像素过多（{width}×{height}），未予打开；请按 300 dpi 以内重新扫描")


def _stretch(image: Any) -> tuple[float, float]:
    """How many times as wide and as high a picture has to be made whose points are no squares: a fax has 204 to an inch across
    and 98 or 196 down."""
    across, down = (float(v) for v in image.info.get("dpi") or image.info.get("resolution") or (1.0, 1.0))
    if not (across > 0 and down > 0 and PREPARE.uneven[0] < max(across / down, down / across) < PREPARE.uneven[1]):
        return 1.0, 1.0
    wide, high = max(1.0, down / across), max(1.0, across / down)
    lies = image.getexif().get(_ORIENTATION, 1) in _SIDEWAYS
    return (high, wide) if lies else (wide, high)


def _stretched(rgb: Any, wide: float, high: float) -> Any:
    import cv2

    if wide == high:
        return rgb
    height, width = rgb.shape[:2]
    _bounded(round(wide * width), round(high * height))
    return cv2.resize(rgb, (round(wide * width), round(high * height)), interpolation=cv2.INTER_LINEAR)


def _flat(image: Any) -> Any:
    """RGB on white: what is transparent shows paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        from PIL import Image

        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        paper.alpha_composite(rgba)
        return paper.convert("RGB")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        values = np.asarray(image, np.float32)
        from PIL import Image

        return Image.fromarray((values * (255.0 / max(1.0, float(values.max())))).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def _with_margin(rgb: Any) -> Any:
    """The picture, a mere strip (a rule, a line of text) with paper beside it: brought to any size, it keeps two sides."""
    height, width = rgb.shape[:2]
    least = -(-max(height, width) // PREPARE.strip)
    beside = ((0, max(0, least - height)), (0, max(0, least - width)), (0, 0))
    return np.pad(rgb, beside, constant_values=255) if min(height, width) < least else rgb


def shrunk(rgb: Any) -> Any:
    """The picture with its longest side between :data:`PREPARE.least_side` and :data:`PREPARE.work_side`."""
    import cv2

    rgb = _with_margin(rgb)
    height, width = rgb.shape[:2]
    _bounded(width, height)
    side = max(height, width)
    if PREPARE.least_side <= side <= PREPARE.work_side or side < PREPARE.no_page_side:
        return rgb
    scale = (PREPARE.work_side if side > PREPARE.work_side else PREPARE.least_side) / side
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def prepare(rgb: Any) -> Prepared:
    """Evens the light, lifts seals off, levels the lines. Turning by quarters is the caller's (it needs the text)."""
    import cv2

    rgb = _with_margin(rgb[:, :, :3])
    smooth, grain = smoothed(np.ascontiguousarray(rgb))
    even = whitened(_even(shrunk(sheet_of(smooth))), grain)
    seals = find_seals(even)
    grey = lift(even, seals) if seals else cv2.cvtColor(even, cv2.COLOR_RGB2GRAY)
    coloured = coloured_ink(even, seals)
    without_surround(grey)
    angle = skew(grey)
    if abs(angle) >= PREPARE.level:
        grey = rotated(grey, angle)
        coloured = rotated(coloured, angle) if coloured is not None else None
    marks, em, ruled = _ruled(grey)
    straight = straightened(grey, ruled.mask, ruled.upright, em)
    if straight is not None:
        grey = straight
        marks, em, ruled = _ruled(grey)
    return Prepared(grey, marks, em, ruled, seals, angle, bool(grain) or _two_tone(rgb), coloured)


def _two_tone(rgb: Any) -> bool:
    """True for a picture of black and white alone, as it came or scaled: its paper has no grain, its edges few greys."""
    some = rgb[::3, ::3, 1]
    paper, dark, between = (
        some[some > PREPARE.paper],
        float((some < PREPARE.black).mean()),
        float(((some >= PREPARE.black) & (some < PREPARE.between)).mean()),
    )
    return (
        bool(paper.size)
        and dark > PREPARE.inked_share
        and float((paper == WHITE).mean()) > PREPARE.white_share
        and between < PREPARE.between_most * dark
    )


def _ruled(grey: Any) -> tuple[Any, float, Ruled]:
    marks = ink(grey)
    em = em_of(marks)
    return marks, em, find_rules(marks, grey, em, A4_LONG_POINTS / max(grey.shape))


def lies_level(page: Prepared, quads: Any) -> bool | None:
    """True where the lines of text run across the page, False where they run up or down it (a page scanned sideways), None
    where there is too little text to tell. Between lines there is more paper than between the characters of one: in narrow
    columns that shows where the shape of what the detector found (``quads``) does not. What lies outside of it is no text:
    the grain of a table on which the page was photographed runs any way."""
    import cv2

    text = cv2.bitwise_and(page.inked, cv2.bitwise_not(cv2.dilate(page.ruled.mask, np.ones((3, 3), np.uint8)))) > 0
    found = np.zeros(text.shape, np.uint8)
    cv2.fillPoly(found, [quad.astype(np.int32) for quad in quads], 1)
    text &= cv2.dilate(found, np.ones((5, 5), np.uint8)) > 0
    side = max(16, round(5 * page.em))
    across = down = 0.0
    tiles = 0
    for y in range(0, text.shape[0] - side, side):
        for x in range(0, text.shape[1] - side, side):
            tile = text[y : y + side, x : x + side]
            if PREPARE.tile_share[0] < float(tile.mean()) < PREPARE.tile_share[1]:
                across += float(tile.mean(axis=1).var())
                down += float(tile.mean(axis=0).var())
                tiles += 1
    if tiles < PREPARE.tiles or PREPARE.across[0] * down < across < PREPARE.across[1] * down:
        return None
    return across > down


def _even(rgb: Any) -> Any:
    """The picture divided by its paper: shadows, yellow light and grey paper become white."""
    import cv2

    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 9), (0, 0), 4)
    paper = cv2.resize(np.maximum(paper, 60), (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(rgb, paper, scale=250)


def ink(grey: Any) -> Any:
    """Where there is ink: 255 on 0."""
    import cv2

    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    level = min(215.0, max(120.0, level + 20))
    return cv2.threshold(grey, level, 255, cv2.THRESH_BINARY_INV)[1]


def skew(grey: Any) -> float:
    """By how many degrees the lines run downwards to the right (less than :data:`PREPARE.max_skew`); 0 where that is unclear."""
    import cv2

    scale = PREPARE.skew_side / max(grey.shape)
    # The edges of the paper need not run along with the text.
    edge_y, edge_x = grey.shape[0] // 25, grey.shape[1] // 25
    if not (edge_y and edge_x):
        return 0.0  # a dot, a line: no page
    small = cv2.resize(
        ink(grey[edge_y:-edge_y, edge_x:-edge_x]), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
    ).astype(np.float32)
    if small.mean() < PREPARE.inked:
        return 0.0
    ys, xs = np.nonzero(small > PREPARE.skew_ink)
    weights = small[ys, xs]
    if len(ys) > PREPARE.skew_points:
        step = len(ys) // 60_000 + 1
        ys, xs, weights = ys[::step], xs[::step], weights[::step]
    middle = small.shape[1] / 2
    # Whole rows alone would always favour no slant at all.
    ys = ys + (xs * 0.618034) % 1.0

    def sharpness(angle: float) -> float:
        # Rows along the slant: the more uneven their sums, the better they follow the lines.
        rows = ys - (xs - middle) * np.tan(np.radians(angle))
        counts = np.bincount((rows + 200).clip(0).astype(np.int64), weights)
        return float(np.square(np.diff(counts)).sum())

    flat = sharpness(0.0)
    angles = np.arange(-PREPARE.max_skew, PREPARE.max_skew + 0.1, 0.5)
    scores = [sharpness(float(a)) for a in angles]
    best = float(angles[int(np.argmax(scores))])
    for stride in (0.1, 0.02):
        near = [best + i * stride for i in range(-5, 6)]
        best = max(near, key=sharpness)
    if abs(best) > PREPARE.max_skew - PREPARE.skew_margin or sharpness(best) < PREPARE.sharper * flat:
        return 0.0
    return best


def rotated(grey: Any, angle: float) -> Any:
    """The picture turned so that lines which ran down by ``angle`` degrees are level; new corners are white."""
    import cv2

    height, width = grey.shape[:2]
    return cv2.warpAffine(grey, _turn(grey.shape, angle), (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def levelled(seals: Sequence[SealSpot], angle: float, shape: tuple[int, ...]) -> list[SealSpot]:
    """Where seals lie on the page turned by ``angle`` degrees to be level (:func:`rotated`)."""
    turn = _turn(shape, angle)
    found: list[SealSpot] = []
    for seal in seals:
        middle = np.array([(seal.x0 + seal.x1) / 2, (seal.y0 + seal.y1) / 2])
        across, down = (round(float(v)) for v in turn[:, :2] @ middle + turn[:, 2] - middle)
        found.append(SealSpot(seal.x0 + across, seal.y0 + down, seal.x1 + across, seal.y1 + down, seal.colour))
    return found


def _turn(shape: tuple[int, ...], angle: float) -> Any:
    import cv2

    height, width = shape[:2]
    return cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
