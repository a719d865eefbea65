"""Reading PDFs, against pdfplumber's own table extraction of the same pages."""

from __future__ import annotations

import io
from pathlib import Path

import pdfplumber

from extractors.pdf.read import read_pdf
from tests.bench.measure import Row, in_turns
from tests.pdfs import page_kinds

TITLE = "PDF：同样的页面，与 pdfplumber 自己的表格提取相比"
ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "samples" / "inbox", ROOT.parent / "shared" / "cases" / "documents")


def rows() -> list[Row]:
    found: list[Row] = []
    for path in (path for folder in FOLDERS for path in sorted(folder.rglob("*.pdf"))):
        data = path.read_bytes()
        if any(kind != "text" for kind in page_kinds(data)):
            continue  # scans are measured elsewhere

        def tables(data: bytes = data) -> object:
            with pdfplumber.open(io.BytesIO(data)) as document:
                return [page.extract_tables() for page in document.pages]

        took = in_turns({"ours": lambda data=data: read_pdf(data), "plumber": tables}, rounds=3)
        found.append(Row(path.stem, took["ours"], took["ours"] / took["plumber"], "pdfplumber", "≤ 0.3"))
    return found
