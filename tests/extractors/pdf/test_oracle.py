"""Our grid against pdfplumber's, cell by cell, on pages that both can read; and pdfplumber where ours is in doubt."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pdfplumber
import pytest

from extractors.document.model import Table
from extractors.page.grid import Grid
from extractors.pdf.page import read_pages
from extractors.pdf.pdfplumber_view import better, to_grid
from extractors.pdf.read import open_pdf, read_pdf
from tests.pdfs import Page, pdf

CASES = Path(__file__).parents[4] / "shared" / "cases" / "documents"


def folded(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def ours(data: bytes) -> Counter[str]:
    with open_pdf(data) as document:
        pages = []
        for index in range(len(document)):
            page = document[index]
            pages.extend(read_pages(page, index + 1))
            page.close()
    return Counter(folded(c.text) for p in pages for t in p.tables for c in t.table.cells if c.text)


def theirs(data: bytes) -> Counter[str]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return Counter(
            folded(cell) for page in document.pages for t in page.extract_tables() for row in t for cell in row if cell
        )


def test_same_cells_as_pdfplumber_on_a_form_drawn_here() -> None:
    page = Page()
    rows = [[f"标签{r}{c}", f"值{r}-{c}，甲乙丙"] for r in range(6) for c in (1,)]
    end = page.table(60, 60, [80, 200], rows)
    page.table(
        60, end + 20, [60, 60, 60, 160], [["1", "名称", "型号A-1", "供应商有限公司\n第二行文字较短"]] * 5, strips=True
    )
    data = pdf(page)
    assert ours(data) == theirs(data)


@pytest.mark.parametrize("name", ["pdf-chromium-factory.pdf", "pdf-typst-summary.pdf", "pdf-lo-scene.pdf"])
def test_same_cells_as_pdfplumber_on_forms_by_other_programs(name: str) -> None:
    path = CASES / name
    if not path.exists():
        pytest.skip("the shared cases are not here")
    data = path.read_bytes()
    mine, other = ours(data), theirs(data)
    # What differs is the order of mixed sizes and footnote digits, which pdfplumber keeps.
    assert sum((mine & other).values()) >= 0.95 * sum(other.values())


def test_a_page_in_doubt_is_read_with_pdfplumber_where_that_holds_its_text_better() -> None:
    page = Page()
    page.table(60, 60, [100, 100], [["名称", "甲"], ["型号", "乙"]])
    data = pdf(page)
    with open_pdf(data) as document:
        opened = document[0]
        content = read_pages(opened, 1)[0]
        opened.close()
    content.doubt = "表格线不成矩形"
    again = better(data, content, content.chars)
    assert again is not content
    assert [c.text for c in again.tables[0].table.cells] == ["名称", "甲", "型号", "乙"]
    content.doubt = ""
    assert better(data, content, content.chars) is content


def test_rectangles_to_grid() -> None:
    grid = to_grid([(0, 0, 50, 20), (50, 0, 100, 40), (0, 20, 50, 40)])
    assert isinstance(grid, Grid)
    assert [(c.row, c.column, c.row_span, c.column_span) for c in grid.cells] == [
        (0, 0, 1, 1),
        (0, 1, 2, 1),
        (1, 0, 1, 1),
    ]
    assert to_grid([(0, 0, 50, 20), (20, 0, 100, 20)]) is None, "overlapping cells are no grid"
    assert to_grid([]) is None


def test_rules_that_give_no_rectangle_are_told_by_the_confidence() -> None:
    page = Page()
    for x0, y0, x1, y1 in ((60, 60, 260, 60), (60, 120, 260, 120), (60, 60, 60, 120), (260, 60, 260, 120)):
        page.rule(x0, y0, x1, y1)
    page.rule(160, 60, 160, 90).rule(160, 90, 260, 90)  # an L-shaped cell
    page.text(64, 80, "左上").text(164, 80, "右上").text(64, 110, "下面")
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    assert table.confidence < 0.95
    assert {"左上", "右上", "下面"} <= {c.text for c in table.cells} | set(
        "".join(c.text for c in table.cells).split("\n")
    )
