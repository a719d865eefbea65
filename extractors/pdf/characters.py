"""The characters of a PDF page, each where a reader sees it.

pdfium gives characters in drawing order and in the page's own coordinates. Here they come upright (``/Rotate`` and text
that is drawn sideways are turned back), from the top left, in points, without the blanks pdfium makes up, without
characters printed twice to look bold, and with the signs of symbol fonts as ☑ and □.
"""

from __future__ import annotations

import ctypes
import math
import struct
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium

from extractors.document.doubts import BEYOND_THE_PAGE, RARE_CHARACTER
from extractors.document.errors import Unreadable
from extractors.document.model import TICKED, UNTICKED
from extractors.document.radicals import beyond_basic, meant
from extractors.document.symbols import is_symbol_font, symbol
from extractors.page.characters import BOXES, CHECKS, Char, PageChars, Turn
from extractors.page.rules import Box
from extractors.pdf.blank_font import is_blank
from extractors.pdf.pdfium import SPACE, Colour, Font, Raw, Run, plain, pointer
from extractors.pdf.places import downwards, moved
from extractors.pdf.settings import CHARACTERS
from extractors.pdf.watermarks import (
    doubt_stamps,
    huge,
    is_pale,
    is_red,
    larger,
    level_watermarks,
    seal_letters,
    texts_of,
    usual_size,
)

MAX_CHARS = 200_000
"""Characters on one page. A dense A3 page holds some 10,000; more is no form and costs memory."""
RARE = "\u3400", "\u4dbf"
"""Characters few people write; a program that asks a font which character a glyph stands for may get one of them (㬵 for 胶)."""
RARER = "\U00020000"
"""The first Chinese character beyond the basic plane: in names of people, substances and places."""
ACCENTED = "\u00c0", "\u02ff"
"""Letters of other languages: where a file does not explain a font, Chinese characters may get their codes."""
PRIVATE = "\ue000", "\uf8ff"
"""Characters of a font's own: a program that asks a font may get them for common ones (digits of Noto CJK)."""
INVISIBLE = 3
"""Text rendering mode of the text layer under a scan (ISO 32000-1, 9.3.6)."""
OUTLINED = 2
"""Text rendering mode of text that is filled and outlined: bold."""
OPAQUE = 255
HALF_TURN, THREE_QUARTERS = 2, 3
_MEANINGLESS = frozenset({0, 0xFFFD})
_SURROGATES = range(0xD800, 0xE000)
_CONTROLS = range(0x7F, 0xA0)
_SYMBOLS = range(0xF000, 0xF100)
"""Codes of fonts of signs, as Word writes them."""
_SIGNS = frozenset("×÷ˇˉ")
_BLANKS = frozenset({0xA0, 0x3000, 0xAD, 0xFEFF})
_SPACES = range(0x2000, 0x2010)
_HYPHENS = {0x02: "-", 0xFFFE: "-"}
"""pdfium gives a hyphen at the end of a line as one of these codes."""
_DINGBATS = {"4": "✔", "3": "✓", "8": "×", "n": "■", "o": UNTICKED, "q": UNTICKED, "p": UNTICKED, "r": UNTICKED}


_P, _I = ctypes.c_void_p, ctypes.c_int
_get_object = plain(pdfium.FPDFText_GetTextObject, _P)
_get_code = plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
_get_box = plain(pdfium.FPDFText_GetLooseCharBox, _I)
_get_origin = plain(pdfium.FPDFText_GetCharOrigin, _I)
_get_matrix = plain(pdfium.FPDFText_GetMatrix, _I)
_get_size = plain(pdfium.FPDFText_GetFontSize, ctypes.c_double)
_get_mode = plain(pdfium.FPDFTextObj_GetTextRenderMode, _I)
_get_font = plain(pdfium.FPDFTextObj_GetFont, _P)
_get_name = plain(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, _P, _P, ctypes.c_size_t)
_get_fill = plain(pdfium.FPDFPageObj_GetFillColor, _I)
_place_of = struct.Struct("4f2d").unpack_from
"""A character's box as pdfium gives it (left, top, right, bottom) and its origin."""


def read_chars(page: Any) -> PageChars:
    """The characters of a ``pypdfium2.PdfPage``; raises :class:`Unreadable` over :data:`MAX_CHARS`."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page.raw, rect):
        return PageChars()
    bounds = (rect.left, rect.bottom, rect.right, rect.top)
    raws = _raw_chars(page)
    found = PageChars(invisible=sum(1 for r in raws if not r.run.visible and r.code > SPACE))
    runs = {r.run.number: r.run for r in raws}
    found.objects = {run.drawn: number for number, run in runs.items()}
    found.blank = {number for number, run in runs.items() if run.blank}
    raws = [r for r in raws if r.run.visible]
    red = {number for number, run in runs.items() if run.red}
    seal = seal_letters(raws) if red else set()
    quarters = Counter(r.run.quarter for r in raws if r.code > SPACE)
    found.odd = quarters.pop(None, 0)
    seen = [run for run in runs.values() if run.visible]
    aslant = [run for run in seen if run.quarter is None]
    usual = usual_size(run for run in seen if run.quarter is not None)
    apart = found.odd < CHARACTERS.slanted_share * quarters.total()
    if found.odd and (apart or all(run.pale or larger(run, usual) for run in aslant)):
        found.slanted = texts_of((r, _seen(r.code, r.run.font)[0]) for r in raws if r.run.quarter is None)
        raws = [r for r in raws if r.run.quarter is not None]
    washed = level_watermarks(raws) if any(run.pale or huge(run, usual) for run in seen) else set()
    if washed:
        found.slanted += texts_of((r, _seen(r.code, r.run.font)[0]) for r in raws if r.run.number in washed)
        raws = [r for r in raws if r.run.number not in washed]
    shown = page.get_rotation() // 90
    main, many = quarters.most_common(1)[0] if quarters else (None, 0)
    # The page is turned so that most of its text runs to the right, whatever /Rotate says; with little text, as shown.
    turns = shown if main is None or (many < CHARACTERS.few and quarters.get(shown)) else main
    found.turn, found.width, found.height = turning(bounds, turns)
    found.chars = _merge_ticks(_undouble(_placed(raws, found, turns)))
    if red:
        doubt_stamps(found.chars, red, seal)
    return found


def turning(bounds: tuple[float, float, float, float], quarters: int) -> tuple[Turn, float, float]:
    """How points of the page (y upwards) are seen after ``quarters`` clockwise turns (y downwards), and its size."""
    left, bottom, right, top = bounds
    width, height = right - left, top - bottom
    if quarters == 1:
        return (lambda x, y: (y - bottom, x - left)), height, width
    if quarters == HALF_TURN:
        return (lambda x, y: (right - x, y - bottom)), width, height
    if quarters == THREE_QUARTERS:
        return (lambda x, y: (top - y, right - x)), height, width
    return (lambda x, y: (x - left, top - y)), width, height


def _raw_chars(page: Any) -> list[Raw]:
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    if not text_page:
        return []
    try:
        count = pdfium.FPDFText_CountChars(text_page)
        if count > MAX_CHARS:
            raise Unreadable(f"一页上的文字过多（{count}字），不是申报材料，请检查文件")
        return _each(text_page, count)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _each(text_page: Any, count: int) -> list[Raw]:
    runs: dict[int, Run] = {}
    fonts: dict[int, Font] = {}
    found: list[Raw] = []
    at, matrix, place = pointer(ctypes.cast(text_page, _P).value or 0), pdfium.FS_MATRIX(), (ctypes.c_double * 4)()
    new = tuple.__new__  # of a named tuple, half the cost of its own constructor
    box_at, x_at, y_at = ctypes.byref(place), ctypes.byref(place, 16), ctypes.byref(place, 24)
    for index in range(count):
        drawn = _get_object(at, index)
        if not drawn:  # a blank or line end that pdfium made up
            continue
        _get_box(at, index, box_at)
        _get_origin(at, index, x_at, y_at)
        left, top, right, bottom, x, y = _place_of(place)
        run = runs.get(drawn)
        if run is None:
            _get_matrix(at, index, ctypes.byref(matrix))
            units = _get_size(at, index)
            run = runs[drawn] = _run(drawn, units, matrix, len(runs) + 1, fonts)
            if abs(x - matrix.e) + abs(y - matrix.f) > CHARACTERS.moved:
                run.placed = moved(drawn, matrix)
            if abs(right - left - units) + abs(top - bottom - units) < CHARACTERS.square * units:
                run.placed = downwards(matrix)
        raw = new(Raw, (_get_code(at, index), left, bottom, right, top, x, y, run))
        found.append(raw if run.placed is None else run.placed(raw))
    return found


def _run(drawn: int, size: float, matrix: Any, number: int, fonts: dict[int, Font]) -> Run:
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    size *= math.hypot(c, d) or 1.0
    at = pointer(drawn)
    mode = _get_mode(at)
    font = _get_font(at) or 0
    if font not in fonts:
        fonts[font] = _font(font)
    name, bold, blank = fonts[font]
    degrees = math.degrees(math.atan2(b, a)) % 360 if b or a <= 0 else 0.0
    quarter = round(degrees / 90) % 4
    colour = _colour(at)
    visible = mode != INVISIBLE and colour.alpha > 0
    straight = min(abs(degrees - 90 * q) for q in range(5)) < CHARACTERS.askew if degrees else True
    upright = quarter if straight else None
    pale, red = (False, False) if colour is _BLACK else (is_pale(colour), is_red(colour))
    return Run(
        number, abs(size), upright, visible, bold or mode == OUTLINED, name, drawn, colour.alpha, pale, red, blank=blank
    )


_BLACK = Colour(0, 0, 0, 255)


def _colour(drawn: Any) -> Colour:
    """The colour a text is filled with, and how opaque it is; that of nearly all text is one object."""
    parts = (ctypes.c_uint * 4)()
    byref = ctypes.byref
    if not _get_fill(drawn, byref(parts), byref(parts, 4), byref(parts, 8), byref(parts, 12)):
        return _BLACK
    red, green, blue, alpha = parts
    return _BLACK if alpha == OPAQUE and not (red or green or blue) else Colour(red, green, blue, alpha)


def _font(font: int) -> Font:
    if not font:
        return Font("", False, False)
    buffer = ctypes.create_string_buffer(256)
    _get_name(font, ctypes.addressof(buffer), 256)
    name = buffer.value.decode("utf-8", "replace").split("+")[-1].lower()
    bold = any(word in name for word in ("bold", "heavy", "black", "simhei", "黑体"))
    return Font(name.removesuffix("-regular").replace("itcdingbats", "dingbats"), bold, is_blank(font))


def _placed(raws: list[Raw], page: PageChars, turns: int) -> list[Char]:
    """The characters as seen, without those outside the page and those that have no code."""
    found: list[Char] = []
    known: dict[tuple[int, str], tuple[str, bool]] = {}
    turn, width, height = page.turn, page.width, page.height
    edge, no_width, (least, largest) = CHARACTERS.off_page, CHARACTERS.no_width, CHARACTERS.sizes
    right_most = CHARACTERS.beyond * width
    origin = half = (0, 0.0, 0.0)
    from_left, from_top = turn(0.0, 0.0)
    for code, left, bottom, right, top, x, y, run in raws:
        key = (code, run.font)
        seen = known.get(key)
        if seen is None:
            seen = known[key] = _seen(code, run.font)
        text, glyph = seen
        if not text and code in _SURROGATES:
            text = beyond_basic(half, (code, x, y))
            half = code, x, y
            page.unmapped -= bool(text)  # its first half was counted
        if not text:
            page.unmapped += 1
            if code in _MEANINGLESS:
                (ax, ay), (bx, by) = turn(left, top), turn(right, bottom)
                page.unread.append(Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
            continue
        if turns:
            (ax, ay), (bx, by), (start, base) = turn(left, top), turn(right, bottom), turn(x, y)
            x0, x1, y0, y1 = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        else:  # the same, as nearly every page is drawn
            x0, x1, start = left + from_left, right + from_left, x + from_left
            y0, y1, base = from_top - top, from_top - bottom, from_top - y
        if text == " " and x1 - x0 < no_width:
            continue  # made up by pdfium, between letters set apart
        outside = x0 > width + edge
        if x1 < -edge or y1 < -edge or x0 > right_most or y0 > height + edge:
            continue
        size = run.size if least <= run.size <= largest else max(y1 - y0, 1.0)
        quarter = 0 if run.quarter is None else (run.quarter - turns) % 4
        mark = "glyph" if glyph and text in BOXES else ""
        if quarter in (1, 3):  # sideways in an upright page: kept by its box; its own direction is used inside its cell
            base = (y0 + y1) / 2 + 0.3 * size
        # The box of a drawn glyph (Type 3) is its ink; a replacement text (ActualText) has one origin for all its characters.
        elif quarter == 0 and start < x0 < start + size and origin != (run.number, x, y):
            x0 = start
        origin = (run.number, x, y)
        char = Char(text, x0, x1, base, size, quarter * 90, run.number, run.bold, mark)
        if outside:
            char.doubt = BEYOND_THE_PAGE
            page.beyond.append(char)
        else:
            if (
                RARE[0] <= text <= RARE[1]
                or PRIVATE[0] <= text <= PRIVATE[1]
                or text >= RARER
                or (ACCENTED[0] <= text <= ACCENTED[1] and text not in _SIGNS)
            ):
                char.doubt = RARE_CHARACTER
            found.append(char)
    return found


def _seen(code: int, font: str) -> tuple[str, bool]:
    """The character a person sees, and whether it came from a symbol font; "" where the file does not say."""
    if code in _HYPHENS:
        return "-", False
    if code in _MEANINGLESS or code in _SURROGATES or code > sys.maxunicode:
        return "", False
    if code < SPACE or code in _CONTROLS:
        return (" ", False) if code in (0x09, 0x0A, 0x0D) else ("", False)
    if is_symbol_font(font) or code in _SYMBOLS:
        return (chr(code), False) if code in (0x20, 0xA0) else (_box(symbol(code, font)), True)
    if "dingbats" in font and chr(code) in _DINGBATS:
        return _DINGBATS[chr(code)], True
    if code in _BLANKS or code in _SPACES:
        return " ", False
    return meant(chr(code)), False


def _box(text: str) -> str:
    return TICKED if text == "☒" else text


_LIGATURES = frozenset("fgt—…")
"""Letters and strokes that fonts join with themselves in one glyph."""
_JOINED = _LIGATURES | frozenset("hijklT")
"""Letters that fonts join with others in one glyph (ffi, fl, tt)."""


def _undouble(chars: list[Char]) -> list[Char]:
    """Without characters printed again at nearly the same place, as some programs do to make them bold."""
    kept: list[Char] = []
    seen: dict[tuple[str, int, int], list[Char]] = {}
    least, ems, strip = CHARACTERS.doubled, CHARACTERS.doubled_ems, CHARACTERS.strip
    glyph: list[Char] = []
    place: tuple[float, float, float, int] | None = None
    for char in chars:
        text, x, y = char.text, char.x0, char.base
        if text == " ":
            kept.append(char)
            continue
        near = max(least, ems * char.size)
        left, right = int((x - near) // strip), int((x + near) // strip)
        over, under = int((y - near) // strip), int((y + near) // strip)
        others = seen.get((text, left, over), [])
        if left != right or over != under:
            cells = ((text, column, row) for column in {left, right} for row in {over, under})
            others = [other for cell in cells for other in seen.get(cell, ())]
        double = any(abs(other.x0 - x) < near and abs(other.base - y) < near for other in others) if others else False
        if text in _JOINED:
            its = (x, char.x1, y, char.run)
            if its != place:
                glyph, place = [] if double else [char], its
            elif not glyph:
                double = True  # as the letter before it in this glyph
            elif not double or text in _LIGATURES:
                glyph.append(char)
                _share(glyph, x, char.x1)
                double = False
        if not double:
            seen.setdefault((text, int(x // strip), int(y // strip)), []).append(char)
            kept.append(char)
    return kept


def _share(letters: Sequence[Char], left: float, right: float) -> None:
    """The letters of a ligature (ffi), which all have the place of its one glyph, stand one after another in it."""
    step = (right - left) / len(letters)
    for number, char in enumerate(letters):
        char.x0, char.x1 = left + number * step, left + (number + 1) * step


def _merge_ticks(chars: list[Char]) -> list[Char]:
    """A tick set upon a printed box is one ticked box."""
    checks = [c for c in chars if c.text in CHECKS]
    boxes = [c for c in chars if c.text in ("□", "☐")]  # empty as printed: others are ticked or bullets
    if not checks or not boxes:
        return chars
    used: set[int] = set()
    for check in checks:
        for box in boxes:
            if (
                abs(check.middle - box.middle) < CHARACTERS.tick_across * box.size
                and abs(check.level - box.level) < CHARACTERS.tick_down * box.size
            ):
                box.text, box.mark = TICKED, "drawn"
                used.add(id(check))
                break
    return [c for c in chars if id(c) not in used]
