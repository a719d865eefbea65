"""Filled-in forms of programmes that do not exist, read with the packs drafted from their blanks: nothing but what was written."""

from __future__ import annotations

import io
from collections.abc import Mapping

import docx
import pytest

import catalog
from catalog.models import Catalog
from extractors import read_bytes, read_document
from extractors.drafting import draft
from extractors.drafting.layout import pack_files
from extractors.drafting.notice import DraftNotice
from records.models import Record
from tests.extractors.drafting import invented


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    blanks = (invented.band(), invented.reservoir(), invented.summary(), invented.signed_at_the_end())
    forms = [form for data in blanks for form in draft(read_document(data, "blank.docx"))]
    folder = tmp_path_factory.mktemp("pack")
    for name, text in pack_files(forms, DraftNotice()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return catalog.load_dir(folder)


def filled(blank: bytes, lines: Mapping[str, str], cells: Mapping[tuple[int, int, int], str]) -> bytes:
    """A blank with text behind the lines that begin so, and in the cells (table, row, column from 0)."""
    document = docx.Document(io.BytesIO(blank))
    for paragraph in document.paragraphs:
        for begins, text in lines.items():
            if paragraph.text.startswith(begins):
                paragraph.text = begins + text
    for (table, row, column), text in cells.items():
        document.tables[table].cell(row, column).text = text
    return invented.saved(document)


def read(data: bytes, pack: Catalog) -> Record:
    [reading] = read_bytes(data, pack, "filled.docx")
    return reading.record


def test_a_table_with_headings_across_it(pack: Catalog) -> None:
    cells = {
        (0, 1, 2): "云岭民乐团",
        (0, 2, 2): "2019年5月6日",
        (0, 2, 5): "☑新建 □提升 □巡演",
        (0, 3, 2): "林某某",
        (0, 4, 4): "13900000001",
        (0, 6, 1): "甲某",
        (0, 6, 3): "二胡",
        (0, 11, 2): "30000",
        (0, 14, 0): "全年演出十二场，下乡四场。",
        (0, 15, 2): "本团承诺所填内容属实。\n负责人签字：林某某\n2031年3月1日",
    }
    record = read(filled(invented.band(), {}, cells), pack)
    assert record.form == "application_1"
    assert {key: v.value for key, v in record.fields.items() if v.value is not None} == {
        "field_1": "云岭民乐团",
        "founded_on": "2019-05-06",
        "class": "新建",
        "leader_name": "林某某",
        "leader_mobile": "13900000001",
        "field_8_1": 3,  # ten thousand yuan
        "commitment_date": "2031-03-01",
    }
    assert [{k: v.value for k, v in row.items() if v.value} for row in record.tables["members"]] == [
        {"name": "甲某", "column_3": "二胡"}
    ]
    assert record.sections["chapter_3"].value == "全年演出十二场，下乡四场。"


def test_a_cover_years_and_groups(pack: Catalog) -> None:
    lines = {"示范点名称：": "青石水库管护示范点", "申 报 单 位：": "青石镇水务站", "填 报 日 期：": "2031年3月2日"}
    cells = {
        (0, 0, 1): "青石镇水务站",
        (0, 1, 1): "□事业单位 □国有企业 ☑其他：合作社",
        (1, 0, 2): "王某",
        (1, 1, 2): "13900000002",
        (1, 2, 2): "□是（发生时间：       ）  ☑否",
        (2, 1, 1): "12.5",
        (2, 2, 2): "44",
    }
    record = read(filled(invented.reservoir(), lines, cells), pack)
    assert record.form == "application_2"
    assert {key: v.value for key, v in record.fields.items() if v.value is not None} == {
        "field_1": "青石水库管护示范点",
        "applicant": "青石镇水务站",
        "application_date": "2031-03-02",
        "company_name": "青石镇水务站",
        "ownership": "其他",
        "ownership_detail": "合作社",
        "contact_name": "王某",
        "contact_mobile": "13900000002",
        "field_16": False,
        "field_18_2029": 12.5,
        "field_20_2030": 44,
    }


def test_a_table_of_recommendations(pack: Catalog) -> None:
    cells = {(0, 3, 1): "云岭民乐团", (0, 3, 2): "林某某", (0, 3, 3): "13900000001", (0, 3, 4): "3"}
    record = read(filled(invented.summary(), {}, cells), pack)
    assert record.form == "summary"
    [rows] = record.tables.values()
    assert [[v.value for v in row.values() if v.value] for row in rows] == [
        ["1", "云岭民乐团", "林某某", "13900000001", 3]
    ]


def test_a_chapter_ends_where_the_table_of_the_promise_begins(pack: Catalog) -> None:
    promise = "本单位对材料的真实性负责。\n\n负责人（签字）：林某某        （盖章）\n2031年3月1日"
    blank = filled(invented.signed_at_the_end(), {"（用数据说明": "略）亩产提高一成。"}, {(2, 0, 1): promise})
    record = read(blank, pack)
    [chapter] = record.sections.values()
    assert "亩产提高一成" in str(chapter.value)
    assert "真实性" not in str(chapter.value)
    assert record.fields["commitment_date"].value == "2031-03-01"
