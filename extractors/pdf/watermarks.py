"""Watermarks of a page: text that runs aslant, and large pale letters that lie level over (or under) the page's text; and stamps set
upon it as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from extractors.document.doubts import UNDER_A_STAMP
from extractors.pdf.pdfium import SPACE
from extractors.pdf.settings import WATERMARKS

if TYPE_CHECKING:
    from extractors.page.characters import Char
    from extractors.pdf.pdfium import Colour, Raw, Run


def is_pale(colour: Colour) -> bool:
    return colour.alpha < WATERMARKS.washed or min(colour[:3]) > WATERMARKS.pale


def usual_size(runs: Iterable[Run]) -> float:
    """The size of the middle run, in points; 0 where there is none."""
    sizes = sorted(run.size for run in runs)
    return sizes[len(sizes) // 2] if sizes else 0.0


def larger(run: Run, usual: float) -> bool:
    """Whether a run is as large as a watermark's letters are beside text of the ``usual`` size."""
    return run.size > WATERMARKS.larger * usual > 0


def huge(run: Run, usual: float) -> bool:
    """Whether a run is so large that it is a watermark, whatever its colour, where other text lies upon it: pdfium does not tell the
    opacity of a form that a text stands in (LibreOffice's watermarks)."""
    return run.size > WATERMARKS.huge * usual > 0


def texts_of(chars: Iterable[tuple[Raw, str]]) -> list[str]:
    """The texts of characters, each once; those set character by character are put together again."""
    runs: dict[int, list[str]] = {}
    number, last = 0, (0.0, 0.0)
    for raw, text in chars:
        if math.hypot(raw.x - last[0], raw.y - last[1]) > WATERMARKS.apart * raw.run.size:
            number += 1
        last = (raw.x, raw.y)
        runs.setdefault(number, []).append(text)
    return [text for text in dict.fromkeys("".join(run).strip() for run in runs.values()) if text]


def level_watermarks(raws: Sequence[Raw]) -> set[int]:
    """The numbers of the runs that are watermarks: large letters that one sees through, or pale or huge ones with text on them."""
    sizes = sorted(r.run.size for r in raws if not r.run.pale)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    large = [r for r in raws if larger(r.run, usual) and (r.run.pale or huge(r.run, usual))]
    found: set[int] = {r.run.number for r in large if r.run.alpha < WATERMARKS.washed}
    for code, left, bottom, right, top, _, _, run in large:
        if run.number in found or code <= SPACE:
            continue
        beneath = 0
        for _, x0, y0, x1, y1, _, _, other in raws:
            if (
                other.size < run.size / WATERMARKS.over
                and left < (x0 + x1) / 2 < right
                and bottom < (y0 + y1) / 2 < top
            ):
                beneath += 1
        if beneath >= WATERMARKS.lying:
            found.update(r.run.number for r in large if r.run.size == run.size)
    return found


def is_red(colour: Colour) -> bool:
    return colour.red > WATERMARKS.red and max(colour[1:3]) < WATERMARKS.not_red


def seal_letters(raws: Sequence[Raw]) -> set[int]:
    """The numbers of the level red runs among red letters that stand on a curve, as those of a seal drawn as text do: its top letter, the
    line across its middle."""
    slanted = [r for r in raws if r.run.red and r.run.quarter is None and r.code > SPACE]
    if len(slanted) < WATERMARKS.seal:
        return set()
    size = max(r.run.size for r in slanted)
    left, right = min(r.x for r in slanted) - size, max(r.x for r in slanted) + size
    bottom, top = min(r.y for r in slanted) - size, max(r.y for r in slanted) + size
    return {
        r.run.number
        for r in raws
        if r.run.red and r.run.quarter is not None and left < r.x < right and bottom < r.y < top
    }


def doubt_stamps(chars: Sequence[Char], red: set[int], seal: set[int]) -> None:
    """Doubts large red letters (in the runs ``red``) and those of a ``seal``: what they stand in may be another's text."""
    sizes = sorted(c.size for c in chars if c.run not in red and c.text != " ")
    least = WATERMARKS.stamp * sizes[len(sizes) // 2] if sizes else 0.0
    for char in chars:
        if (char.run in red and char.size > least > 0) or char.run in seal:
            char.doubted(UNDER_A_STAMP)
