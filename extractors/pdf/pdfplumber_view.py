"""pdfplumber's view of a page, for pages whose grid is in doubt.

It costs some fifteen times as much as the fast way; so it is asked only where rules gave shapes that are no rectangles, or left
text outside every cell, and its tables are kept only where they hold the page's text better.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pdfplumber
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from extractors.page.characters import Char
from extractors.page.content import PageContent, fill_page
from extractors.page.grid import Grid, GridCell
from extractors.page.rules import Box
from extractors.page.settings import RULES, TWO_UP

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it remarks on each font of an odd file


def better(data: bytes, content: PageContent, chars: Sequence[Char]) -> PageContent:
    """``content`` read again with the tables pdfplumber finds, where those leave less text outside cells; else itself."""
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[content.number]) as document:
            page = document.pages[0]
            if abs(page.width - content.width) > TWO_UP.same_width:  # turned otherwise than we read it
                return content
            grids = [grid for table in page.find_tables() if (grid := to_grid(table.cells)) is not None]
            page.close()
    except (PDFSyntaxError, PSException, MalformedPDFException, PdfminerException, ValueError, KeyError, TypeError):
        return content  # a file that only pdfium reads
    other = replace(content, tables=[], lines=[], doubt="")
    fill_page(other, list(chars), grids)
    return other if grids and _unsure(other) < _unsure(content) else content


def _unsure(content: PageContent) -> tuple[bool, int, int]:
    """How unsure a page's tables are: shapes, text outside cells, then (more is better) cells."""
    return bool(content.doubt), sum(t.stray for t in content.tables), -sum(len(t.table.cells) for t in content.tables)


def to_grid(cells: Sequence[Any]) -> Grid | None:
    """A grid of rectangles (x0, top, x1, bottom); None where they do not fill their raster without overlap."""
    boxes = [Box(*(float(v) for v in cell)) for cell in cells]
    if not boxes:
        return None
    xs = _edges([e for b in boxes for e in (b.x0, b.x1)], RULES.snap_x)
    ys = _edges([e for b in boxes for e in (b.y0, b.y1)], RULES.snap_y)
    owner = [[-1] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    found: list[GridCell] = []
    for box in sorted(boxes, key=lambda b: (b.y0, b.x0)):
        c0, c1, r0, r1 = _near(xs, box.x0), _near(xs, box.x1), _near(ys, box.y0), _near(ys, box.y1)
        if c1 <= c0 or r1 <= r0:
            continue
        for r in range(r0, r1):
            for c in range(c0, c1):
                if owner[r][c] >= 0:
                    return None
                owner[r][c] = len(found)
        found.append(GridCell(r0, c0, r1 - r0, c1 - c0, Box(xs[c0], ys[r0], xs[c1], ys[r1])))
    if not found:
        return None
    return Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), xs, ys, found, owner)


def _edges(values: list[float], near: float) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > near:
            found.append(value)
    return found


def _near(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))
