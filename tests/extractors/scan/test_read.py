"""Scanned pages end to end, through OCR."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.document.model import Document, Paragraph, Table
from extractors.scan import read as scan
from tests import scanpages

pytestmark = [
    pytest.mark.skipif(not scan.available(), reason="the extra 'ocr' is not installed"),
    pytest.mark.skipif(scanpages.font_path() is None, reason="no Chinese font on this machine"),
    pytest.mark.slow,
]


def read(image: np.ndarray) -> Document:
    return scan.read_image(scanpages.as_png(image))


def table_of(document: Document) -> Table:
    (table,) = [b for b in document.blocks if isinstance(b, Table)]
    return table


def cells(table: Table) -> dict[str, str]:
    """Each label with the text to its right."""
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        rows.setdefault(cell.row, []).append(cell.text.replace(" ", "").replace("(", "（").replace(")", "）"))
    return {row[i]: row[i + 1] for row in rows.values() for i in range(0, len(row) - 1, 2)}


EXPECTED = {
    "企业名称": "上海青禾精密传动有限公司",
    "企业性质": "□中央企业□地方国企☑民营企业□三资企业",
    "成立时间": "2009年5月",
    "联系电话": "021-57390416",
    "资产总额（万元）": "48260.5",
    "利润率（%）": "7",
}


def test_scanned_form_with_a_seal() -> None:
    page = scanpages.scanned(scanpages.stamped(scanpages.form_page(prose=1), 620, 420))
    document = read(page)
    assert (document.format, document.by_ocr, document.pages) == ("image", True, 1)
    assert document.seals is not None
    assert [s.colour for s in document.seals] == ["red"]
    assert document.seals[0].where.startswith("第1页")

    table = table_of(document)
    found = cells(table)
    assert {k: found.get(k) for k in EXPECTED} == EXPECTED
    assert found["企业简介"].replace(",", "，") == scanpages.PROFILE, "the lines of a cell are one paragraph"
    assert next(c for c in table.cells if c.text.startswith("上海青禾")).column_span == 3
    ticks = next(c for c in table.cells if "民营" in c.text)
    assert [(m.ticked, m.kind) for m in ticks.marks] == [
        (False, "drawn"),
        (False, "drawn"),
        (True, "drawn"),
        (False, "drawn"),
    ]
    assert all(ticks.text[m.offset] in "☑□" for m in ticks.marks)

    paragraphs = [b for b in document.blocks if isinstance(b, Paragraph)]
    assert [p.text.replace("(", "（").replace(")", "）") for p in paragraphs[:1]] == ["（一）申报主体基本信息"]
    assert paragraphs[1].text == scanpages.PROSE
    assert all(p.where.startswith("第1页") for p in paragraphs)


@pytest.mark.parametrize(("mark", "certain"), [(scanpages.CROSSED, True), (scanpages.RINGED, False)])
def test_options_marked_by_hand(mark: str, certain: bool) -> None:
    table = table_of(read(scanpages.scanned(scanpages.form_page(prose=0, mark=mark))))
    ticks = next(c for c in table.cells if "地方" in c.text)
    assert ticks.text.replace(" ", "") == "□中央企业□地方国企☑民营企业□三资企业"
    assert (ticks.confidence >= 0.95) == certain, "a ring leaves room for doubt"


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_pages_laid_the_wrong_way_are_turned(quarters: int) -> None:
    page = np.rot90(scanpages.scanned(scanpages.form_page(prose=0)), quarters)
    found = cells(table_of(read(np.ascontiguousarray(page))))
    assert {k: found.get(k) for k in EXPECTED} == EXPECTED


def test_two_pages_side_by_side_on_a_sheet_are_read_one_after_the_other() -> None:
    left, right = scanpages.form_page(prose=1), scanpages.form_page(prose=0)
    document = read(scanpages.scanned(np.hstack([left, right]), angle=0.3))
    tables = [b for b in document.blocks if isinstance(b, Table)]
    assert len(tables) == 2
    found = [cells(t).get("企业名称") for t in tables]
    assert found == [EXPECTED["企业名称"]] * 2
    kinds = ["table" if isinstance(b, Table) else b.text[:6] for b in document.blocks]
    assert kinds.index(scanpages.PROSE[:6]) < len(kinds) - 1 - kinds[::-1].index("table")


def test_table_over_two_pages_that_lay_differently() -> None:
    first, second = scanpages.broken_table()
    document = scan.read_image(scanpages.as_tiff([scanpages.scanned(first, 0.9), scanpages.scanned(second, -0.7)]))
    table = table_of(document)
    rows = [
        [c.text for c in sorted(table.cells, key=lambda c: c.column) if c.row == row]
        for row in range(1, table.rows + 1)
    ]
    assert [row[0] for row in rows] == ["序号", "1", "2", "3"], "the repeated header is dropped, the cut row is one"
    assert rows[2][2] == scanpages.LONG
    assert rows[3] == ["3", "精准配送", "按节拍配送物料。"]


def test_a_table_goes_on_from_the_left_page_of_a_sheet_to_the_right_one() -> None:
    sheet = scanpages.scanned(np.hstack(scanpages.broken_table()), 0.3)
    table = table_of(read(sheet))
    rows = [["".join(c.text.split()) for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]
    assert [row[0] for row in rows] == ["序号", "1", "2", "3"]
    assert rows[2][2] == scanpages.LONG


def test_blank_page_gives_nothing() -> None:
    document = read(np.full((2339, 1654, 3), 250, np.uint8))
    assert document.blocks == []
    assert document.seals == []


def test_nothing_beneath_a_seal_is_certain_where_no_colour_tells_them_apart() -> None:
    page = scanpages.stamped(scanpages.form_page(), 700, 1100)
    black_and_white = np.where(page.min(axis=2, keepdims=True) > 160, 255, 0).astype(np.uint8).repeat(3, axis=2)
    document = read(black_and_white)
    assert [(s.colour, s.where) for s in document.seals or ()] == [("grey", "第1页 中部")]
    assert [(n.code, n.where) for n in document.notes] == [("F08", "第1页 中部")]
    prose = [b for b in document.blocks if isinstance(b, Paragraph) and "质量管控" in b.text]
    assert prose
    assert "under_a_stamp" in {d.name for b in prose for d in b.doubts}
    name = next(c for c in table_of(document).cells if c.text.startswith("上海青禾"))
    assert "under_a_stamp" not in {d.name for d in name.doubts}, "far from the seal"
