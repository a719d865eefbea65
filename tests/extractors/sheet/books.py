"""Workbooks of 附件4 for tests: drawn by openpyxl, and saved in other formats by LibreOffice where it is installed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extractors.read import read_bytes
from extractors.sheet.read import read_xlsx
from records.models import Reading
from tests import forms

TITLE = "智能制造试点示范项目推荐汇总表"
SCENES = ("序号", "申报企业名称", "申报智能制造典型场景实例（罗列）", "联系人", "联系方式（手机号）")
FACTORIES = ("序号", "揭榜单位名称", "示范工厂名称", "涉及典型场景实例（罗列）", "联系人", "联系方式（手机号）")
INSTANCES = "1.生产作业—人机协同制造—壳体柔性加工\n2.仓储物流—智能仓储—成品立体仓储"
OFFICE = "上海市浦东新区科技和经济委员会"
ROWS = [
    (1, "上海澄驰传动有限公司", INSTANCES, "宁采臣", 13900001501),
    (2, "上海柏川器械有限公司", INSTANCES.partition("\n")[0], "燕赤霞", "13900001502"),
]
WORKS = [(1, "上海昱能电气有限公司", "断路器工厂", INSTANCES, "聂小倩", 13900001503)]


def line(sheet: Worksheet, row: int, text: str, width: int = 6) -> None:
    """A title over the whole table."""
    sheet.cell(row, 1, text)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)


def grid(sheet: Worksheet, row: int, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> int:
    """A table from ``row`` on; the row behind it."""
    for at, cells in enumerate([head, *rows], row):
        for column, value in enumerate(cells, 1):
            sheet.cell(at, column, value)
    return row + 1 + len(list(rows))


def table(change: Callable[[Workbook, Worksheet], None] = lambda _book, _sheet: None) -> bytes:
    """附件4 on one sheet as an office draws it, changed by ``change``."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "附件4"
    sheet["A1"] = "附件4"
    line(sheet, 2, TITLE)
    line(sheet, 3, f"推荐单位（盖章）：{OFFICE}")
    line(sheet, 4, "智能制造优秀场景")
    after = grid(sheet, 5, SCENES, ROWS)
    line(sheet, after + 1, "智能制造示范工厂")
    after = grid(sheet, after + 2, FACTORIES, WORKS)
    sheet.cell(after, 1, "注：1.推荐智能制造示范工厂排名有先后；2.推荐数量不能超过规定的上限。")
    change(book, sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, name: str = "附件4.xlsx") -> Reading:
    (reading,) = read_bytes(data, forms.CATALOG, name)
    return reading


def said(reading: Reading) -> dict[str, list[tuple[Any, ...]]]:
    """The values of the tables, row by row."""
    return {k: [tuple(v.value for v in row.values()) for row in rows] for k, rows in reading.record.tables.items()}


def texts(data: bytes) -> list[str]:
    """Every text of a workbook as read, paragraphs and cells."""
    return [t for t in read_xlsx(data).texts() if t]


TRUE = {
    "scene_recommendations": [
        (
            str(seq),
            company,
            [dict(zip(("link", "scene", "instance"), i[2:].split("—"), strict=True)) for i in named.split("\n")],
            contact,
            str(mobile),
        )
        for seq, company, named, contact, mobile in ROWS
    ],
    "factory_recommendations": [
        (
            str(seq),
            company,
            factory,
            [dict(zip(("link", "scene", "instance"), i[2:].split("—"), strict=True)) for i in named.split("\n")],
            contact,
            str(mobile),
        )
        for seq, company, factory, named, contact, mobile in WORKS
    ],
}
"""What a person reads in :func:`table`."""
