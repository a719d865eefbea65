"""Reading PDFs, against pdfium's own text of the same pages, and against pdfplumber's own table extraction."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pdfplumber
import pypdfium2

from extractors.pdf.read import read_pdf
from tests.bench.measure import Row, in_turns
from tests.pdfs import page_kinds

TITLE = "PDF：与 pdfium 取出同样页面的文字相比，与 pdfplumber 自己的表格提取相比"
ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "samples" / "inbox", ROOT.parent / "shared" / "cases" / "documents")


def rows() -> list[Row]:
    found: list[Row] = []
    for path in (path for folder in FOLDERS for path in sorted(folder.rglob("*.pdf"))):
        data = path.read_bytes()
        if any(kind != "text" for kind in page_kinds(data)):
            continue  # scans are measured elsewhere

        def text(data: bytes = data) -> object:
            with pypdfium2.PdfDocument(data) as document:
                return [page.get_textpage().get_text_range() for page in document]

        def tables(data: bytes = data) -> object:
            with pdfplumber.open(io.BytesIO(data)) as document:
                return [page.extract_tables() for page in document.pages]

        ways = {"ours": lambda data=data: read_pdf(data), "pdfium": text}
        took = in_turns(ways, rounds=7, clock=time.process_time)
        took |= in_turns({"plumber": tables}, rounds=3, clock=time.process_time)
        found.append(Row(path.stem, took["ours"], took["ours"] / took["pdfium"], "pdfium", "≤ 6，力求 4"))
        found.append(Row("", took["plumber"], took["ours"] / took["plumber"], "pdfplumber", "≤ 0.3"))
    return found
