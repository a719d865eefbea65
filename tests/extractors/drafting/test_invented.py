"""Blanks of other programmes, laid out in other ways: what is drafted of each."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest

from extractors import read_document
from extractors.drafting import DraftForm, draft
from extractors.drafting.layout import form_toml
from tests.extractors.drafting import invented
from tests.extractors.drafting.drafted import as_form


def drafted(blank: Callable[[], bytes]) -> DraftForm:
    [form] = draft(read_document(blank(), "blank.docx"))
    form.name = "summary" if form.kind == "summary" else "scene"
    return form


def told(form: DraftForm) -> list[tuple[str, str, str, str]]:
    return [(f.label, f.type, f.group or f.column or f.after, f.part) for f in form.fields]


def test_cover_groups_years_boxes_and_chapters() -> None:
    form = drafted(invented.reservoir)
    assert (form.annex, form.title, form.kind) == ("附件2", "乡村小水库管护示范点申报书", "application")
    assert told(form) == [
        ("示范点名称", "text", "", "cover"),
        ("申报单位", "text", "", "cover"),
        ("推荐单位", "text", "", "cover"),
        ("填报日期", "date", "", "cover"),
        ("单位名称", "text", "", "basic"),
        ("统一社会信用代码", "uscc", "", "basic"),
        ("单位性质", "choice", "", "basic"),
        ("说明", "text", "其他", "basic"),
        ("职工人数", "number", "", "basic"),
        ("通讯地址", "text", "", "basic"),
        ("邮政编码", "postcode", "", "basic"),
        ("姓名", "text", "联系人", "basic"),
        ("职务", "text", "联系人", "basic"),
        ("手机", "mobile", "联系人", "basic"),
        ("电子邮箱", "email", "联系人", "basic"),
        ("是否发生过安全事故", "yesno", "", "basic"),
        ("发生时间", "text", "是", "basic"),
        ("管护经费", "money", "2029年", "project"),
        ("管护经费", "money", "2030年", "project"),
        ("巡查次数", "number", "2029年", "project"),
        ("巡查次数", "number", "2030年", "project"),
        ("设备完好率", "percent", "2029年", "project"),
        ("设备完好率", "percent", "2030年", "project"),
    ]
    assert [(t.title, t.annex, [c.label for c in t.columns]) for t in form.tables] == [
        ("管护人员名册", "附表1", ["序号", "姓名", "岗位", "上岗时间", "备注"])
    ]
    assert [(s.number, s.heading, s.parent, s.limit) for s in form.sections] == [
        ("三", "管护工作情况", "", 1500),
        ("四（一）", "工作目标", "下一步工作计划", None),
        ("四（二）", "保障措施", "下一步工作计划", 800),
    ]
    assert form.unused == []


def test_one_table_with_headings_across_it() -> None:
    form = drafted(invented.band)
    assert told(form) == [
        ("乐团名称", "text", "", "basic"),
        ("成立时间", "date", "", "basic"),
        ("申请类别", "choice", "", "basic"),
        ("姓名", "text", "负责人", "basic"),
        ("性别", "text", "负责人", "basic"),
        ("身份证号码", "id_number", "负责人", "basic"),
        ("手机号码", "mobile", "负责人", "basic"),
        ("乐器购置", "money", "申请金额", "basic"),
        ("乐器购置", "money", "自筹金额", "basic"),
        ("排练场地", "money", "申请金额", "basic"),
        ("排练场地", "money", "自筹金额", "basic"),
        ("诚信承诺", "date", "", "commitment"),
        ("街道审核意见", "long_text", "", "basic"),
    ]
    assert form.fields[2].options == ["新建", "提升", "巡演"]
    assert [(t.title, [c.label for c in t.columns]) for t in form.tables] == [
        ("主要成员", ["姓名", "年龄", "乐器", "从艺年限"])
    ]
    assert [(s.number, s.heading, s.limit) for s in form.sections] == [("三", "演出计划", 600)]
    asked = [u.what for u in form.undecided]
    assert any("街道审核意见" in what and "由谁填写" in what for what in asked)
    assert [u.what for u in form.unused] == ["（贴照片处）"]


def test_a_summary_with_heads_of_two_levels_and_an_example() -> None:
    form = drafted(invented.summary)
    assert (form.kind, [f.label for f in form.fields]) == ("summary", ["推荐单位", "填表日期"])
    [table] = form.tables
    assert [c.label for c in table.columns] == ["序号", "乐团名称", "负责人姓名", "负责人手机", "申请金额"]
    assert table.example == {1: "晨曦乐团", 2: "某某", 4: "3"}
    assert table.columns[4].unit == "万元"


def test_a_cover_without_colons() -> None:
    form = drafted(invented.plain_cover)
    assert form.title == "社区科普讲堂申报书"
    assert [(f.label, f.type, f.part) for f in form.fields] == [
        ("项目编号", "text", "cover"),
        ("项目名称", "text", "cover"),
        ("申报单位", "text", "cover"),
        ("申报日期", "date", "cover"),
        ("单位名称", "text", "basic"),
        ("联系人", "text", "basic"),
    ]


def test_people_s_rows_boxes_behind_units_and_signatures() -> None:
    form = drafted(invented.progress)
    assert [(f.label, f.type, f.group, f.unit) for f in form.fields] == [
        ("项目负责人", "text", "", ""),
        ("单位", "text", "", ""),
        ("联系电话", "phone", "项目负责人", ""),
        ("E-mail", "email", "项目负责人", ""),
        ("指导老师", "text", "", ""),
        ("职称", "text", "指导老师", ""),
        ("检查时间", "period", "", ""),
        ("已到位资金", "money", "", "万元"),
        ("自筹经费", "text", "", ""),
        ("执行情况", "choice", "", ""),
        ("项目进展和资金使用情况（含阶段成果）", "long_text", "", ""),
        ("县级农业部门审核意见", "long_text", "", ""),
    ]
    assert form.fields[9].options == ["提前完成", "按时完成"]
    assert [u.what for u in form.unused] == ["填表人签字：        年  月  日"]
    assert any("自筹经费" in u.what and "没有印单位" in u.what for u in form.undecided)


@pytest.mark.parametrize("blank", [invented.reservoir, invented.band, invented.summary, invented.progress])
def test_keys_are_unique_ascii_and_the_same_again(blank: Callable[[], bytes]) -> None:
    form = drafted(blank)
    keys = [f.key for f in form.fields] + [t.key for t in form.tables] + [s.key for s in form.sections]
    assert len(keys) == len(set(keys))
    assert all(key.isascii() and key.isidentifier() for key in keys)
    assert form_toml(form) == form_toml(drafted(blank))


@pytest.mark.parametrize("blank", [invented.reservoir, invented.band, invented.summary, invented.progress])
def test_the_file_is_a_form_of_a_pack_and_asks_where_to_decide(blank: Callable[[], bytes]) -> None:
    form = drafted(blank)
    assert [f.key for f in as_form(form).fields] == [f.key for f in form.fields]
    text = form_toml(form)
    assert all(item.what in text for item in form.undecided)
    assert tomllib.loads(text)["title"] == form.title


def test_answers_of_a_filled_form_are_not_taken_over() -> None:
    [form] = draft(read_document(invented.filled(), "filled.docx"))
    assert [f.label for f in form.fields] == ["项目名称", "联系人", "手机", "身份证号码", "电子邮箱"]
    assert form.filled == 5
    assert "填写过" in form.undecided[0].what
    assert "13900000000" not in form_toml(form)


def test_every_type_is_told_by_its_label_and_a_promise_is_no_chapter() -> None:
    form = drafted(invented.midterm)
    types = {f.label: f.type for f in form.fields if f.type != "text"}
    assert types == {
        "填表日期": "date",
        "立项日期": "date",
        "起止时间": "period",
        "联系手机": "mobile",
        "身份证号码": "id_number",
        "邮政编码": "postcode",
        "单位网址": "url",
        "统一社会信用代码": "uscc",
        "总经费": "money",
        "经费执行率": "percent",
        "研究领域": "choices",
        "项目进展": "choice",
        "阶段成果摘要": "long_text",
        "承担单位承诺": "date",
    }
    promise = form.fields[-1]
    assert (promise.part, promise.aliases, form.parts["commitment"]) == ("commitment", ["承诺日期"], "承担单位承诺")
    assert [(c.label, c.type) for c in form.tables[0].columns] == [
        ("科目", "text"), ("预算数", "money"), ("完成率", "percent"), ("联系电话", "phone"),
    ]  # fmt: skip
    assert [s.heading for s in form.sections] == ["存在问题及改进措施"]
    toml = form_toml(form)
    assert 'type = "choices"' in toml
    assert "star = 1" in toml
    assert form.unused == []


def test_a_chapter_with_a_limit_before_a_table_is_no_title_of_it() -> None:
    form = drafted(invented.signed_at_the_end)
    assert [(s.heading, s.limit) for s in form.sections] == [("实施成效", 1000)]
    assert "（填写近三年的项目，不少于2项）" in form.notes
    assert form.parts["commitment"] == "申报单位承诺"
