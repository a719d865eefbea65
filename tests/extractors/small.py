"""Documents of a few paragraphs and tables for tests of the fit, and what is read from them."""

from __future__ import annotations

from extractors.document.model import Cell, Document, Paragraph, Table
from extractors.fitting.fit import fit
from records.models import Reading, Source
from tests import forms

TITLE = Paragraph("智能制造试点示范项目申报书（优秀场景）", 1)
HEAD = (
    "序号",
    "环节名称",
    "场景名称",
    "场景实例名称",
    "场景实例描述",
    "解决的痛点问题描述",
    "采用的技术方案",
    "已实施成效",
)
"""The head of 附1, as far as its columns are required."""


def read(*blocks: Paragraph | Table) -> Reading:
    """What is fitted onto a Word document of these blocks."""
    return fit(Document("docx", list(blocks)), forms.CATALOG, Source(path="a", sha256="0", format="docx"))


def table(index: int, *rows: tuple[str, ...], spread: bool = False) -> Table:
    """Rows of cells. ``spread``: a row shorter than the longest gives its last cell the columns that are left."""
    width = max(len(r) for r in rows)
    cells = []
    for row, texts in enumerate(rows, 1):
        for column, text in enumerate(texts, 1):
            span = width - column + 1 if spread and column == len(texts) else 1
            cells.append(Cell(row, column, 1, span, text))
    return Table(index, len(rows), width, cells)
