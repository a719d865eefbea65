"""Reading a .doc in-process against one start of LibreOffice for the same file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from extractors.office.libreoffice import find_soffice, to_docx
from extractors.word.doc import read_doc
from tests.bench.measure import Row, in_turns

TITLE = ".doc：与启动一次 LibreOffice 转换同一文件相比"
ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "tests" / "extractors" / "data", ROOT.parent / "shared" / "cases" / "documents")
MOST = 4


def rows() -> list[Row]:
    if find_soffice() is None:
        return [Row("本机没有 LibreOffice，未测", 0.0)]
    found: list[Row] = []
    paths = [path for folder in FOLDERS for path in sorted(folder.rglob("*.doc"))]
    for path in paths[:MOST]:
        data = path.read_bytes()
        took = in_turns({"ours": partial(read_doc, data), "office": partial(to_docx, data)}, rounds=2)
        found.append(Row(path.stem, took["ours"], took["ours"] / took["office"], "启动一次 LibreOffice", "≤ 0.5"))
    return found or [Row("没有 .doc 样本，未测", 0.0)]
