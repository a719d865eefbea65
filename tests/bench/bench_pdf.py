"""Reading PDFs, against pdfplumber's own table extraction of the same pages."""

from __future__ import annotations

import io
from pathlib import Path

import pdfplumber

from extractors.pdf import read_pdf
from tests.bench.measure import Row, in_turns
from tests.pdfs import Page, pdf

TITLE = "PDF：同样的页面，与 pdfplumber 自己的表格提取相比"
CASES = Path(__file__).parents[3] / "shared" / "cases" / "documents"


def rows() -> list[Row]:
    files = {"自制的表格 6 页": _sample()}
    for path in sorted(CASES.glob("pdf-*.pdf")):
        files[path.stem] = path.read_bytes()
    found: list[Row] = []
    for name, data in files.items():

        def tables(data: bytes = data) -> object:
            with pdfplumber.open(io.BytesIO(data)) as document:
                return [page.extract_tables() for page in document.pages]

        took = in_turns({"ours": lambda data=data: read_pdf(data), "plumber": tables}, rounds=2)
        found.append(Row(name, took["ours"], took["ours"] / took["plumber"], "pdfplumber", "≤ 0.3"))
    return found


def _sample() -> bytes:
    """Six pages of the density of 附1: eight columns, long cells."""
    text = "部署三维工艺规划系统，与其他\n系统集成，沉淀典型工艺模板；\n利用虚拟装配验证可达性，由\n某某公司提供，知识库自建。"
    made = []
    for number in range(6):
        page = Page((842, 595)).text(60, 40, f"场景实例描述（{number + 1}）", 16)
        page.table(40, 60, [30, 60, 150, 150, 150, 150], [[str(r), "环节", text, text, text, text] for r in range(7)])
        made.append(page)
    return pdf(*made)
