"""Reading one filled 附件3-2 (file to record, JSON made), against its floor and against python-docx; tables that grow."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

from docx import Document as PythonDocx
from lxml import etree

import catalog
from checks.run import check_document
from extractors import read_bytes
from extractors.word.docx import read_docx
from samples.formbuilder import build
from samples.formbuilder.data import application
from tests.bench.measure import Row, calls, in_turns

TITLE = "Word：一份填好的附件3-2（示范工厂）"
COLUMNS = 12


def rows() -> list[Row]:
    return [*_one_form(), *_growth()]


def _one_form() -> list[Row]:
    data = build("factory", application("hexin"))
    pack = catalog.load()
    (reading,) = read_bytes(data, pack, "申报书.docx")

    def floor() -> object:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return etree.fromstring(package.read("word/document.xml"))

    def every_cell() -> object:
        return [c.text for t in PythonDocx(io.BytesIO(data)).tables for row in t.rows for c in row.cells]

    took = in_turns(
        {
            "floor": floor,
            "document": lambda: read_docx(data),
            "record": lambda: [r.record.to_json() for r in read_bytes(data, pack, "申报书.docx")],
            "docx": every_cell,
            "check": lambda: check_document(pack, reading, "申报书.docx"),
        },
        rounds=15,
        clock=time.process_time,
    )
    base = took["floor"]
    reading_calls = calls(lambda: [r.record.to_json() for r in read_bytes(data, pack, "申报书.docx")])
    checking_calls = calls(lambda: check_document(pack, reading, "申报书.docx"))
    return [
        Row("下限：解压并用 lxml 解析 document.xml", base, 1, "下限"),
        Row("读成 Document（一遍走完）", took["document"], took["document"] / base, "下限"),
        Row("读成记录并生成 JSON", took["record"], took["record"] / base, "下限", "≤ 4，力求 3"),
        Row(f"其中函数调用{reading_calls:,}次", 0.0),
        Row("python-docx 读出全部单元格", took["docx"], took["docx"] / base, "下限"),
        Row("读成记录，与 python-docx 相比", took["record"], took["record"] / took["docx"], "python-docx"),
        Row("单独核对一份（全部规则）", took["check"], took["check"] / took["record"], "读成记录", "≤ 0.4"),
        Row(f"其中函数调用{checking_calls:,}次", 0.0, checking_calls / reading_calls, "读成记录的次数"),
    ]


def _growth() -> list[Row]:
    small, large = _table(50), _table(500)
    took = in_turns(
        {"small": lambda: read_docx(small), "large": lambda: read_docx(large)}, rounds=7, clock=time.process_time
    )
    return [
        Row(f"50行×{COLUMNS}列的表", took["small"], 1, "50行"),
        Row(f"500行×{COLUMNS}列的表", took["large"], took["large"] / took["small"], "50行", "≤ 11"),
    ]


def _table(count: int) -> bytes:
    """A document of one table of ``count`` rows, with the text that such cells have."""
    cell = "<w:tc><w:tcPr><w:tcW w:w='800' w:type='dxa'/></w:tcPr><w:p><w:r><w:t>第{0}行第{1}列的内容</w:t></w:r></w:p></w:tc>"
    body = "".join(f"<w:tr>{''.join(cell.format(r, c) for c in range(COLUMNS))}</w:tr>" for r in range(count))
    grid = "<w:gridCol w:w='800'/>" * COLUMNS
    blank = build("summary", None)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                table = f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
                data = f'<w:document xmlns:w="{word}"><w:body>{table}<w:p/></w:body></w:document>'.encode()
            new.writestr(Path(name).as_posix(), data)
    return out.getvalue()
