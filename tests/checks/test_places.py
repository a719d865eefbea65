"""Where a finding is, in the form's own words: whatever counts tables, rows and paragraphs stays for programs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from catalog import load
from checks.places import place_of, place_of_table
from records.models import Reading, TextLine, Value
from tests.forms import clean_factory, clean_scene, clean_summary, reading_of

COUNTED = re.compile(r"段落\d|表\d|列\d|行\d")
KINDS: dict[str, Any] = {"scene": clean_scene, "factory": clean_factory, "summary": clean_summary}


def told(form: str, field: str | None, row: int | None = None, where: str = "", evidence: str = "") -> str:
    reading = reading_of(KINDS[form]())
    return place_of(load(), reading, field=field, row=row, where=where, evidence=evidence)


@pytest.mark.parametrize(
    ("form", "field", "row", "place"),
    [
        ("scene", "contact_email", None, "第一部分（一）—联系人—邮箱"),
        ("scene", "recommender", None, "封面—推荐单位"),
        ("scene", "revenue_2022", None, "第一部分（一）—主营业务收入—2022年"),
        ("factory", "chain_products", None, "第一部分（三）—揭榜任务生产的主要产品"),
        ("scene", "commitment_date", None, "真实性承诺"),
        ("scene", "scenes.solution", 1, "附1 第1行—采用的技术方案"),
        ("scene", "scenes", None, "附1"),
        ("scene", "scenes.link", None, "附1—环节名称"),
        ("scene", "promotion_plan", None, "第三部分（二）"),
        ("summary", "scene_recommendations.mobile", 1, "附件4“智能制造优秀场景” 第1行—联系方式（手机号）"),
    ],
)
def test_a_key_of_the_form_gives_its_part_label_annex_or_chapter(
    form: str, field: str, row: int | None, place: str
) -> None:
    assert told(form, field, row, "表9 行9 列9") == place


def test_every_key_of_every_form_has_a_place_that_counts_nothing() -> None:
    for name, form in load().forms.items():
        keys = [*(f.key for f in form.fields), *(s.key for s in form.sections)]
        keys += [f"{t.key}.{c.key}" for t in form.tables for c in t.columns] + [t.key for t in form.tables]
        for key in keys:
            said = told(name, key, None, "表1 行2 列3")
            assert said, key
            assert not COUNTED.search(said), (key, said)
            assert key not in said


def test_a_row_of_an_annex_for_each_instance_is_counted_within_its_instance() -> None:
    reading = reading_of(clean_factory())
    rows = reading.record.tables["equipment"]
    number, owner = len(rows), rows[-1]["instance"].raw
    own = sum(r["instance"].raw == owner for r in rows)
    said = place_of(load(), reading, field="equipment.name", row=number, where="")
    assert said == f"附2“装备”（{owner[:19] + '…' if len(owner) > 20 else owner}） 第{own}行—名称"


def test_a_row_is_told_with_the_number_that_is_printed_where_it_is_another() -> None:
    reading = reading_of(clean_scene())
    reading.record.tables["scenes"][0]["seq"] = Value(value="4", raw="4")
    assert place_of(load(), reading, field="scenes.link", row=1, where="") == "附1 第1行（序号4）—环节名称"


def test_the_paragraph_of_a_chapter_is_told_by_what_stands_in_it() -> None:
    reading = reading_of(clean_scene())
    text = "首段交代背景情况。\n次段说明设备联网的做法，采集网关逐台部署。\n末段。"
    reading.record.sections["promotion_plan"] = Value(value=text, raw=text, where="段落30")
    evidence = "“次段说明设备联网的做法，采集网关”；对方“另一段”"
    assert (
        place_of(load(), reading, field="promotion_plan", row=None, where="段落30", evidence=evidence)
        == "第三部分（二）第2段"
    )


@pytest.mark.parametrize(
    ("where", "kind", "place"),
    [
        ("页眉1", "header", "页眉"),
        ("第4页 页脚2", "footer", "第4页页脚"),
        ("段落2", "body", "正文"),
        ("表7 行1 列1", "cell", "表格中"),
        ("隐藏文字", "hidden", "隐藏文字"),
        ("文件", "body", "整份文件"),
        ("", "body", "整份文件"),
    ],
)
def test_what_is_no_value_of_the_form_is_told_by_its_kind(where: str, kind: Any, place: str) -> None:
    base = reading_of(clean_scene())
    reading = Reading(record=base.record, lines=[TextLine("附注一行", where, kind)])
    assert place_of(load(), reading, field=None, row=None, where=where) == place


def test_a_line_without_a_key_is_told_by_the_value_that_stands_there() -> None:
    reading = reading_of(clean_scene())
    value = reading.record.fields["company_name"]
    assert place_of(load(), reading, field=None, row=None, where=value.where) == "第一部分（一）—企业名称"


def test_an_office_without_a_table_is_told_of_the_table() -> None:
    assert place_of_table(load()) == "推荐汇总表"
    assert told("summary", None) == "推荐汇总表"
