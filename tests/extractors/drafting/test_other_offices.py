"""Blank forms of another office's programme, drafted and read back: what a notice may print, and what clerks make of it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import docx
import openpyxl
import pytest

import catalog
from catalog.models import Catalog
from extractors import read_bytes, read_document
from extractors.drafting import DraftForm, draft
from extractors.drafting.layout import pack_files
from extractors.drafting.notice import DraftNotice
from extractors.fitting.recognise import recognise
from records.models import Record
from tests.extractors.drafting.invented import grid, saved

TITLE = "示例市首台（套）重大技术装备推荐汇总表"
COMPANIES = ["序号", "企业名称", "工厂名称", "联系人", "手机"]
DEVICES = ["序号", "申请单位", "装备名称", "联系人", "手机"]


def drafted(data: bytes) -> DraftForm:
    [form] = draft(read_document(data, "blank.docx"))
    return form


def pack_of(forms: Iterable[DraftForm], folder: Path, *, renamed: tuple[str, str] = ("", "")) -> Catalog:
    for name, text in pack_files(list(forms), DraftNotice()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace(*renamed) if renamed[0] else text, encoding="utf-8")
    return catalog.load_dir(folder)


def read(data: bytes, pack: Catalog, name: str = "filled.docx") -> Record:
    [reading] = read_bytes(data, pack, name)
    return reading.record


def value(record: Record, label: str, pack: Catalog) -> object:
    [key] = [f.key for f in pack.forms[record.form].fields if f.label == label]
    found = record.fields[key]
    return found.value if found.confidence >= 0.95 else ("doubted", found.value)


# ---------------------------------------------------------------------------------------------- a table that recommends


def word_summary(factories: list[list[str]], devices: list[list[str]], clerk: str = "", phone: str = "") -> bytes:
    d = docx.Document()
    d.add_paragraph("附件3")
    d.add_paragraph(TITLE)
    d.add_paragraph("推荐单位（盖章）：              填报日期：    年  月  日")
    d.add_paragraph("一、绿色工厂")
    grid(d, [COMPANIES, *factories])
    d.add_paragraph("二、首台（套）重大技术装备")
    grid(d, [DEVICES, *devices])
    d.add_paragraph(f"填表人：{clerk or '        '}    联系电话：{phone}")
    return saved(d)


def sheet_summary(devices: list[list[str]], clerk: str, phone: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        [TITLE], ["推荐单位（盖章）：甲区"], ["一、绿色工厂"], COMPANIES, [], ["二、首台（套）重大技术装备"], DEVICES,
        *devices, [], [f"填表人：{clerk}", None, None, f"联系电话：{phone}"],
    ):  # fmt: skip
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BLANK_ROWS = [["1", "", "", "", ""], ["2", "", "", "", ""]]
ROW = ["1", "甲岭机械有限公司", "污泥干化机", "林某某", "13900000001"]


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return pack_of([drafted(word_summary(BLANK_ROWS, BLANK_ROWS))], tmp_path_factory.mktemp("pack"))


def test_a_title_with_brackets_is_found_again(summary: Catalog) -> None:
    """The words of the file lost their brackets, those of the pack kept them: a table of few columns was no form of its pack."""
    blank = read_document(word_summary(BLANK_ROWS, BLANK_ROWS), "blank.docx")
    assert recognise(blank, summary).titled == "summary"
    record = read(word_summary([ROW], BLANK_ROWS), summary)
    assert [len(rows) for rows in record.tables.values()] == [1, 0]


def test_what_stands_beneath_the_tables_is_read(summary: Catalog) -> None:
    record = read(word_summary([ROW], [ROW], "王某", "010-80000001"), summary)
    assert (value(record, "填表人", summary), value(record, "联系电话", summary)) == ("王某", "010-80000001")


def test_what_stands_beneath_the_rows_of_a_sheet_is_read(summary: Catalog) -> None:
    record = read(sheet_summary([ROW], "王某", "010-80000001"), summary, "filled.xlsx")
    assert [len(rows) for rows in record.tables.values()] == [0, 1]
    assert (value(record, "填表人", summary), value(record, "联系电话", summary)) == ("王某", "010-80000001")


def test_the_number_of_a_row_is_known_by_its_role(tmp_path: Path) -> None:
    """A row that holds its printed number alone is blank, whatever the pack calls the column."""
    pack = pack_of([drafted(word_summary(BLANK_ROWS, BLANK_ROWS))], tmp_path, renamed=('key = "seq"', 'key = "no"'))
    record = read(word_summary(BLANK_ROWS, [ROW, BLANK_ROWS[1]]), pack)
    assert [len(rows) for rows in record.tables.values()] == [0, 1]
