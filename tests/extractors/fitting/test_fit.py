"""A form drawn in many ways gives the record that was written into it; another form gives none."""

from __future__ import annotations

from typing import Any

import pytest

from extractors import read_bytes
from extractors.document.doubts import OCR_LINE, TABLE_GUESSED
from extractors.document.model import Document, Paragraph, Table
from extractors.fitting.fit import fit
from records.models import Reading, Source, Value
from tests import forms
from tests.extractors.small import HEAD, TITLE
from tests.extractors.small import read as _read
from tests.extractors.small import table as _table

WAYS: dict[str, dict[str, Any]] = {
    "as printed": {},
    "black boxes": {"tick": "■"},
    "typed ticks": {"tick": "√"},
    "symbols": {"tick": "sym"},
    "controls": {"tick": "control"},
    "ticks behind": {"tick": "√", "tick_right": True},
    "only the ticked option left": {"only_ticked": True},
    "labels spaced": {"spaced": True},
    "tables split": {"split": True},
    "columns swapped": {"swapped": True},
    "one table a scene": {"vertical": True},
    "cover as a table": {"cover": "table"},
    "several at once": {"split": True, "spaced": True, "tick": "sym", "cover": "table"},
}


def values(reading: Reading) -> dict[str, Any]:
    record = reading.record
    out: dict[str, Any] = {k: v.value for k, v in (record.fields | record.sections).items()}
    for name, rows in record.tables.items():
        out[name] = [{k: v.value for k, v in row.items() if k != "seq"} for row in rows]
    return out


def certain(reading: Reading) -> bool:
    record = reading.record
    found: list[Value] = [*record.fields.values(), *record.sections.values()]
    found += [v for rows in record.tables.values() for row in rows for v in row.values()]
    return all(v.certain for v in found if v.value is not None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", ["scene", "factory"])
def test_what_was_written_is_read(form: str, way: str) -> None:
    data = forms.clean_scene() if form == "scene" else forms.clean_factory()
    (reading,) = read_bytes(forms.fill(form, data, **WAYS[way]), forms.CATALOG, "申报书.docx")
    assert values(reading) == values(forms.reading_of(data))
    assert certain(reading)
    assert reading.missing_labels == []


@pytest.mark.parametrize("form", ["scene", "factory", "summary"])
def test_a_blank_form_has_no_value(form: str) -> None:
    (reading,) = read_bytes(forms.fill(form, None), forms.CATALOG, "空表.docx")
    assert reading.record.form == form
    filled = {k: v for k, v in values(reading).items() if v}
    assert filled == {}


BASICS = (
    ("企业名称", "上海甲公司"),
    ("环节名称", "生产作业"),
    ("场景名称", "智能协同作业"),
    ("场景实例建设投资（万元）", "100"),
    ("质量损失率下降（%）", "12"),
)


def test_a_value_that_reads_like_a_label_is_a_value() -> None:
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("联系人", "职务", "负责人", "手机", "13900000000")))
    assert (reading.record.text("contact_title"), reading.record.text("contact_mobile")) == ("负责人", "13900000000")


def test_a_reworded_label_is_read_but_not_as_certain() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("企业生产工厂地址", "上海市嘉定区甲路1号")))
    found = reading.record.fields["factory_address"]
    assert found.value == "上海市嘉定区甲路1号"
    assert not found.certain


def test_labels_above_their_values() -> None:
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("成立时间", "工厂地址"), ("2001年3月", "甲路1号")))
    assert (reading.record.text("founded_on"), reading.record.text("factory_address")) == ("2001-03", "甲路1号")


def test_several_labels_in_one_paragraph() -> None:
    line = Paragraph("法定代表人姓名：张三　　联系人姓名：李四；手机：13900000000", 2)
    reading = _read(TITLE, line, _table(1, *BASICS))
    assert [reading.record.text(k) for k in ("legal_rep_name", "contact_name", "contact_mobile")] == [
        "张三",
        "李四",
        "13900000000",
    ]


def test_the_unit_in_the_label_counts() -> None:
    rows = (("", "2020年", "2021年", "2022年"), ("资产总额（亿元）", "1.2", "1.3", "5000万元"))
    reading = _read(TITLE, _table(1, *BASICS), _table(2, *rows))
    assert [reading.record.fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == [12000, 13000, 5000]


@pytest.mark.parametrize(
    "unit", ["亿元", " 亿元 ", "（亿元）", "（亿元", "亿元）", "（亿\n元）", "（单位：亿元）", "（含税）\n亿元"]
)
def test_a_unit_beneath_its_label_is_the_labels_with_brackets_or_where_a_scan_lost_them(unit: str) -> None:
    rows = (("起止日期", "2020.12至2022.04", f"揭榜任务总投资\n{unit}", "3.3"),)
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    assert _read(title, _table(1, *BASICS), _table(2, *rows)).record.fields["investment"].value == 33000


def test_an_underline_of_which_a_scan_read_one_sign_is_no_part_of_the_value() -> None:
    line = Paragraph("申报单位：_上海甲公司（集团）有限公司_", 2)
    assert _read(TITLE, line, _table(1, *BASICS)).record.fields["applicant"].value == "上海甲公司（集团）有限公司"


@pytest.mark.parametrize(
    "read", ["_上海甲有限公司 一", "上海甲有限公司一", "_ 上海甲有限公司 _ 一一", "上海甲有限公司 —"]
)
def test_the_line_that_a_cover_is_written_on_is_no_part_of_what_a_picture_shows(read: str) -> None:
    document = Document("scan", [TITLE, Paragraph(f"申报单位：{read}", 2), _table(1, *BASICS)], by_ocr=True)
    found = fit(document, forms.CATALOG, Source(path="a", sha256="0", format="scan")).record.fields["applicant"]
    assert (found.value, found.certain) == ("上海甲有限公司", False)


def test_the_end_of_a_unit_over_two_lines_is_not_the_unit() -> None:
    """（万 | 元）: 2771.3 was 0.27713, certain."""
    rows = (("起止日期", "2020.12至2022.04", "揭榜任务总投资（万\n元）", "2771.3"),)
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    assert _read(title, _table(1, *BASICS), _table(2, *rows)).record.fields["investment"].value == pytest.approx(2771.3)


def test_a_field_given_twice_with_different_answers_is_unsure() -> None:
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("企业名称", "上海乙公司")))
    assert not reading.record.fields["company_name"].certain


def test_a_merged_link_counts_for_each_row_and_an_example_for_none() -> None:
    rows = [
        HEAD,
        ("示例", "生产作业", "人机协同制造", "甲", "乙", "丙", "丁", "戊"),
        ("1", "仓储物流", "智能仓储", "一", "二", "三", "四", "五"),
        ("2", "", "精准配送", "六", "七", "八", "九", "十"),
    ]
    found = _table(2, *rows)
    found.cells = [c for c in found.cells if (c.row, c.column) != (4, 2)]
    next(c for c in found.cells if (c.row, c.column) == (3, 2)).row_span = 2
    reading = _read(TITLE, _table(1, *BASICS), found)
    assert [(r["link"].value, r["scene"].value, r["safeguards"].value) for r in reading.record.tables["scenes"]] == [
        ("仓储物流", "智能仓储", None),
        ("仓储物流", "精准配送", None),
    ]
    assert "scenes.safeguards" in {m.key for m in reading.missing_labels}


def test_an_unknown_document_has_no_values() -> None:
    other = _table(
        1,
        ("企业名称", "上海甲公司"),
        ("统一社会信用代码", "x"),
        ("联系人", "张三"),
        ("成立时间", "2001年"),
        ("邮箱", "a@b.cn"),
    )
    reading = _read(Paragraph("专精特新企业申请书", 1), other)
    assert (reading.record.form, reading.record.fields, [n.code for n in reading.record.notes]) == (
        "unknown",
        {},
        ["F06"],
    )


def test_a_title_in_the_header_does_not_overrule_what_the_document_holds() -> None:
    data = forms.fill("factory", forms.clean_factory(), header="智能制造试点示范项目申报书（优秀场景）")
    (reading,) = read_bytes(data, forms.CATALOG, "x.docx")
    assert reading.record.form == "factory"


# ------------------------------------------------------------------------------------------ what came in otherwise
def _field(reading: Reading, key: str) -> Any:
    return reading.record.fields[key].value


def test_a_number_behind_a_colon_is_the_value_and_one_behind_a_label_a_footnote() -> None:
    rows = (
        ("关键设备数控化率（%）：", "关键设备联网率（%）：81"),
        ("企业类型4", "☑大型企业 □中型企业 □小型企业 □微型企业"),
    )
    reading = _read(TITLE, _table(1, *BASICS), _table(2, *rows))
    assert (_field(reading, "cnc_rate"), _field(reading, "networked_rate"), _field(reading, "size")) == (
        None,
        81,
        "大型企业",
    )


def test_a_label_written_into_two_cells() -> None:
    reading = _read(
        TITLE, _table(1, *BASICS[1:]), _table(2, ("企业", "名称", "上海甲公司"), ("工厂", "地址", "甲路1号"))
    )
    assert (_field(reading, "company_name"), _field(reading, "factory_address")) == ("上海甲公司", "甲路1号")


def test_marked_labels_labels_with_a_seal_note_and_a_colon_of_its_own() -> None:
    cover = _table(
        1,
        ("★项目名称", "：", "甲项目"),
        ("申报单位（盖章）", "：", "上海甲公司"),
        ("※推荐单位", "：", "嘉定区经济委员会"),
    )
    reading = _read(TITLE, cover, _table(2, *BASICS))
    assert [_field(reading, k) for k in ("project_name", "applicant", "recommender")] == [
        "甲项目",
        "上海甲公司",
        "嘉定区经济委员会",
    ]


def test_people_as_rows_and_people_the_form_does_not_ask_for() -> None:
    rows = (
        ("财务负责人", "姓名", "钱甲", "电话", "1"),
        ("人员", "姓名", "职务", "手机", "邮箱"),
        ("法人代表", "张三", "", "", ""),
        ("联系人", "李四", "主任", "13900000000", "a@b.cn"),
    )
    reading = _read(TITLE, _table(1, *BASICS), _table(2, rows[0]), _table(3, *rows[1:]))
    keys = ("legal_rep_name", "contact_name", "contact_title", "contact_mobile")
    assert [_field(reading, k) for k in keys] == ["张三", "李四", "主任", "13900000000"]


def test_a_persons_name_beside_the_groups_own_label() -> None:
    reading = _read(
        TITLE,
        _table(1, *BASICS),
        _table(2, ("法定代表人", "张三", "电话", "021-1"), ("联系人", "李四", "电话", "021-2")),
    )
    keys = ("legal_rep_name", "legal_rep_phone", "contact_name", "contact_phone")
    assert [_field(reading, k) for k in keys] == ["张三", "021-1", "李四", "021-2"]


def test_years_as_rows_in_the_cell_and_above_each_figure() -> None:
    years = [f"2020年：{1}", "2021年：2", "2022年："]
    across = _table(2, ("资产总额（万元）", *years))
    down = _table(3, ("年份", "主营业务收入（万元）"), ("2020年", "4"), ("2021年", "5"), ("2022年", "6"))
    reading = _read(TITLE, _table(1, *BASICS), across, down)
    assert [_field(reading, f"assets_{y}") for y in (2020, 2021, 2022)] == [1, 2, None]
    assert [_field(reading, f"revenue_{y}") for y in (2020, 2021, 2022)] == [4, 5, 6]


def test_a_year_alone_is_a_value_where_it_stands_alone() -> None:
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("成立时间", "2020")))
    assert _field(reading, "founded_on") == "2020"


def test_a_suppliers_name_and_telephone_in_one_cell() -> None:
    data = forms.clean_factory()
    for written in (
        "王德明 13900000000",
        "联系人：王德明　联系电话：13900000000",
        "王德明（13900000000）",
        "姓名：王德明，手机13900000000",
    ):
        table = _table(
            2, ("揭榜任务具体名称", "甲"), ("揭榜行业", "☑消费品"), ("系统解决方案供应商联系人及联系方式", written)
        )
        title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
        reading = _read(title, table, _table(3, ("质量损失率下降（%）", "1", "订单准时交付率提升（%）", "2")))
        assert (_field(reading, "provider_contact"), _field(reading, "provider_phone")) == ("王德明", "13900000000"), (
            written
        )
    assert data["form"] == "factory"


@pytest.mark.parametrize(
    ("written", "name", "number", "certain"),
    [
        ("王德明 021-5052 5472", "王德明", "021-5052 5472", True),
        ("王德明、021-5052-5472", "王德明", "021-5052-5472", True),
        ("王德明　１３９００００００００", "王德明", "１３９００００００００", True),
        ("王德明（+86 21 50525472）", "王德明", "+86 21 50525472", True),
        ("王德明（021-50525472/13900000000）", "王德明", "021-50525472、13900000000", False),
        ("王德明 021.5052.5472", "王德明 021.5052.5472", None, False),
    ],
)
def test_a_name_and_a_number_in_one_cell_however_the_number_is_written(
    written: str, name: str, number: str | None, *, certain: bool
) -> None:
    task = _table(
        2, ("揭榜任务具体名称", "甲"), ("揭榜行业", "☑消费品"), ("系统解决方案供应商联系人及联系方式", written)
    )
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    fields = _read(title, task, _table(3, ("质量损失率下降（%）", "1"))).record.fields
    who, phone = fields["provider_contact"], fields["provider_phone"]
    assert (who.value, phone.value, who.certain, phone.certain) == (name, number, certain, certain)


def test_instructions_before_the_title_are_no_answers() -> None:
    guide = [
        Paragraph("填报说明", 1),
        Paragraph("3.企业简介：不超过500字。", 2),
        Paragraph("4.推荐单位：由各区经委填写。", 3),
    ]
    reading = _read(*guide, TITLE, Paragraph("推荐单位：嘉定区经济委员会", 5), _table(1, *BASICS))
    assert (_field(reading, "recommender"), _field(reading, "company_profile")) == ("嘉定区经济委员会", None)


CHAPTERS = [
    Paragraph("二、场景实例建设方案与情况", 10),
    Paragraph("第一段。", 11),
    Paragraph("三、下一步提升及推广计划", 12),
    Paragraph("（一）提升计划。第二段。", 13),
    Paragraph("（二）推广计划", 14),
    Paragraph("第三段。", 15),
    Paragraph("四、附件", 16),
    Paragraph("附件1：营业执照", 17),
]


def test_reworded_headings_and_a_heading_with_its_text_on_one_line() -> None:
    sections = _read(TITLE, _table(1, *BASICS), *CHAPTERS).record.sections
    got = {k: v.value for k, v in sections.items()}
    assert got == {
        "construction_plan": "第一段。",
        "upgrade_plan": "第二段。",
        "promotion_plan": "第三段。",
        "attachments": "附件1：营业执照",
    }
    assert not sections["construction_plan"].certain
    assert sections["upgrade_plan"].certain


def test_a_chapter_under_a_foreign_heading_is_not_swallowed() -> None:
    foreign = [CHAPTERS[0], CHAPTERS[1], Paragraph("三、其他需要说明的事项", 12), Paragraph("别的话。", 13)]
    sections = _read(TITLE, _table(1, *BASICS), *foreign).record.sections
    assert sections["construction_plan"].value == "第一段。"


def test_a_list_of_contents_is_no_chapter() -> None:
    contents = [Paragraph("二、场景实例建设方案及情况\t5", 2), Paragraph("四、相关附件…………9", 3)]
    sections = _read(TITLE, *contents, _table(1, *BASICS), *CHAPTERS).record.sections
    assert sections["construction_plan"].value == "第一段。"


HEAD_LEFT = ("序号", "环节名称", "场景名称", "场景实例名称", "场景实例描述", "解决的痛点问题描述")
HEAD_RIGHT = ("序号", "采用的技术方案", "已实施成效", "经济性和可推广性")


def test_a_table_cut_into_two_side_by_side() -> None:
    left = _table(
        2, HEAD_LEFT, ("1", "仓储物流", "智能仓储", "一", "二", "三"), ("2", "仓储物流", "精准配送", "四", "五", "六")
    )
    right = _table(3, HEAD_RIGHT, ("1", "七", "八", "九"), ("2", "十", "甲", "乙"))
    rows = _read(TITLE, _table(1, *BASICS), left, right).record.tables["scenes"]
    assert [(r["instance"].value, r["solution"].value, r["economics"].value) for r in rows] == [
        ("一", "七", "九"),
        ("四", "十", "乙"),
    ]


def test_a_table_goes_on_without_a_head_but_not_into_another_form() -> None:
    first = _table(2, HEAD, ("1", "仓储物流", "智能仓储", "一", "二", "三", "四", "五"))
    more = _table(3, ("2", "仓储物流", "精准配送", "六", "七", "八", "九", "十"))
    reading = _read(TITLE, _table(1, *BASICS), first, more)
    assert [r["instance"].value for r in reading.record.tables["scenes"]] == ["一", "六"]
    tools = _table(4, ("技术名称", "应用描述"), ("甲技术", "乙"))
    opinion = _table(5, ("推荐单位", "某协会"), ("推荐意见", "同意推荐"))
    reading = _read(TITLE, _table(1, *BASICS), first, Paragraph("附2", 9), tools, opinion)
    assert [r["name"].value for r in reading.record.tables["technologies"]] == ["甲技术"]


def test_a_row_written_as_paragraphs() -> None:
    texts = [
        "附1",
        "场景实例描述",
        "序号：1",
        "环节名称：仓储物流",
        "场景名称：智能仓储",
        "场景实例名称：甲",
        "场景实例描述：乙",
        "序号：2",
        "环节名称：生产作业",
        "场景实例名称：丙",
    ]
    reading = _read(TITLE, _table(1, *BASICS), *(Paragraph(t, n) for n, t in enumerate(texts, 20)))
    rows = reading.record.tables["scenes"]
    assert [(r["link"].value, r["instance"].value, r["description"].value) for r in rows] == [
        ("仓储物流", "甲", "乙"),
        ("生产作业", "丙", None),
    ]


def test_the_instance_of_an_annex_merged_down_beside_its_part() -> None:
    part = _table(2, ("甲实例", "关键装备种类", "名称", "规格/型号", "供应商"), ("", "行业成套装备", "机", "X", "乙厂"))
    part.cells = [c for c in part.cells if (c.row, c.column) != (2, 1)]
    part.cells[0].row_span = 2
    reading = _read(TITLE, _table(1, *BASICS), Paragraph("附2", 9), part)
    (row,) = reading.record.tables["equipment"]
    assert (row["instance"].value, row["name"].value, row["supplier"].value) == ("甲实例", "机", "乙厂")


def test_the_notice_itself_and_another_programmes_list_are_no_form() -> None:
    words = [
        "企业名称",
        "环节名称",
        "场景名称",
        "场景实例名称",
        "关键设备数控化率（%）",
        "生产效率提升*（%）",
        "质量损失率下降*（%）",
        "揭榜行业",
        "项目简述",
    ]
    titles = ["智能制造试点示范项目申报书", "（优秀场景）", "智能制造试点示范项目申报书", "（示范工厂）"]
    notice = _read(*(Paragraph(t, n) for n, t in enumerate(titles + words, 1)))
    listed = _read(
        Paragraph("上海市专精特新企业推荐汇总表", 1),
        Paragraph("推荐单位（盖章）：甲区", 2),
        _table(1, ("序号", "企业名称", "主导产品", "联系人", "手机号"), ("1", "甲", "乙", "丙", "1")),
    )
    assert [r.record.form for r in (notice, listed)] == ["unknown", "unknown"]


def test_a_row_of_signs_for_nothing_is_blank() -> None:
    part = _table(2, ("工艺名称", "应用描述"), ("/", "/"), ("甲工艺", "—"))
    reading = _read(TITLE, _table(1, *BASICS), Paragraph("附2", 9), part)
    assert [r["name"].value for r in reading.record.tables["processes"]] == ["甲工艺"]


def test_papers_before_part_one_and_behind_the_annexes_fill_no_item() -> None:
    papers = [Paragraph("承诺书", 2), Paragraph("联系人：别人　电话：000", 3), Paragraph("日期：2022年1月1日", 4)]
    part_one = Paragraph("一、申报主体和优秀场景基本信息", 5)
    reading = _read(TITLE, *papers, part_one, _table(1, *BASICS), _table(2, ("联系人", "姓名", "李四")))
    assert [_field(reading, k) for k in ("contact_name", "provider_contact", "commitment_date")] == ["李四", None, None]


def test_an_office_may_write_a_value_of_the_cover_on_two_lines() -> None:
    reading = _read(
        TITLE, Paragraph("项目名称：水性涂料智能", 2), Paragraph("　　　　制造优秀场景", 3), _table(1, *BASICS)
    )
    found = reading.record.fields["project_name"]
    assert (found.value, found.certain) == ("水性涂料智能制造优秀场景", False)


def test_instructions_between_the_cover_and_part_one_are_no_answers() -> None:
    guide = [
        Paragraph("填表须知", 2),
        Paragraph("一、申报单位应为独立法人。", 3),
        Paragraph("二、推荐单位：各区主管部门全称。", 4),
        Paragraph("一、申报主体和优秀场景基本信息", 5),
    ]
    reading = _read(TITLE, *guide, _table(1, *BASICS))
    assert _field(reading, "recommender") is None
    told = Paragraph("3.推荐单位：填写各区主管部门全称。", 2)
    assert _field(_read(TITLE, told, guide[-1], _table(1, *BASICS)), "recommender") is None


@pytest.mark.parametrize(
    "prompt", ["单击或点击此处输入文字。", "请输入", "选择一项。", "Click or tap here to enter text."]
)
def test_what_a_field_prompts_for_is_no_answer(prompt: str) -> None:
    found = _read(TITLE, _table(1, *BASICS, ("工厂地址", prompt))).record.fields["factory_address"]
    assert (found.value, found.raw) == (None, "")


def test_an_answer_that_holds_another_label_is_not_certain() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("邮箱", "a@b.cn 传真 021-1234567"), ("工厂地址", "甲路1号 2幢")))
    assert not reading.record.fields["contact_email"].certain
    assert reading.record.fields["factory_address"].certain


def test_ink_that_no_value_was_made_of_is_not_certain_on_a_page() -> None:
    table = _table(1, *BASICS, ("销售增长率（%）", "见附件"), ("关键设备联网率（%）", "/"))
    for cell in table.cells:
        cell.page = 1
    fields = _read(TITLE, table).record.fields
    assert (fields["sales_growth"].value, fields["sales_growth"].certain) == (None, False)
    assert (fields["networked_rate"].value, fields["networked_rate"].certain) == (None, True)


def test_a_column_of_a_guessed_table_that_is_not_there_is_not_certain() -> None:
    heads = ("序号", "环节名称", "场景名称", "场景实例名称", "解决的痛点问题描述", "采用的技术方案")
    table = _table(2, heads, ("1", "生产作业", "智能协同作业", "甲", "痛点。", "方案。"))
    table.doubts = (TABLE_GUESSED,)
    (row,) = _read(TITLE, _table(1, *BASICS), table).record.tables["scenes"]
    assert (row["economics"].value, row["economics"].certain) == (None, False)


def _scanned(index: int, *rows: tuple[str, ...], sure: dict[str, float]) -> Table:
    """A table as OCR gives it: each cell with its confidence (0.99 where ``sure`` has none for its text)."""
    table = _table(index, *rows)
    for cell in table.cells:
        cell.doubts = (OCR_LINE.at(sure.get(cell.text, 0.99)),)
    return table


def test_a_dim_label_that_reads_as_the_forms_does_not_make_its_value_unsure() -> None:
    reading = _read(
        TITLE,
        _scanned(
            1,
            *BASICS,
            ("成立时间", "2009年5月"),
            sure={"企业名称": 0.7, "2009年5月": 0.7},
        ),
    )
    assert reading.record.fields["company_name"].confidence > 0.95
    assert reading.record.fields["founded_on"].confidence < 0.95


def test_a_head_with_a_character_misread_still_begins_its_part() -> None:
    reading = _read(
        TITLE,
        Paragraph("附2", 2),
        _scanned(
            1,
            ("具体场景实例名称", "车间智能排产", "", ""),
            ("关键装备种类", "名称", "规格/型号", "供应商"),
            ("智能检测与装配装备", "视觉检测仪", "VX-20", "上海青禾有限公司"),
            ("关键软件种类", "名称", "规格/型", "L供应商"),
            ("生产控制类", "排产软件", "V5.1", "上海明远有限公司"),
            sure={"规格/型": 0.8, "L供应商": 0.5},
        ),
    )
    assert [row["name"].value for row in reading.record.tables["equipment"]] == ["视觉检测仪"]
    (software,) = reading.record.tables["software"]
    assert (software["name"].value, software["model"].value) == ("排产软件", "V5.1")
    assert software["supplier"].value == "上海明远有限公司"


def test_a_row_that_stands_by_unsure_text_alone_is_not_certain_by_its_scene_instance() -> None:
    reading = _read(
        TITLE,
        Paragraph("附2", 2),
        _scanned(
            1,
            ("具体场景实例名称", "车间智能排产"),
            ("技术名称", "应用描述"),
            ("", "康有A"),
            ("数字孪生", "用于排产"),
            sure={"康有A": 0.4},
        ),
    )
    scrap, real = reading.record.tables["technologies"]
    assert not any(v.certain for v in scrap.values() if v.raw)
    assert real["instance"].certain


def test_a_label_of_several_fields_taken_out_of_turn_is_not_certain() -> None:
    supplier = ("场景实例建设系统解决方案供应商名称", "上海某某软件有限公司")
    reading = _read(TITLE, _table(1, *BASICS, supplier, ("联系人", "钱一"), supplier, ("联系人", "孙二")))
    fields = reading.record.fields
    assert (fields["provider_contact"].value, fields["provider_contact"].certain) == ("钱一", True)
    assert not fields["contact_name"].certain


def test_a_letter_that_no_uscc_has_is_a_figure_in_a_picture_alone() -> None:
    rows = (*BASICS[:1], ("统一社会信用代码", "9131O115MA1K3L5T6X"), *BASICS[1:])
    for by_ocr, expected in ((True, "91310115MA1K3L5T6X"), (False, "9131O115MA1K3L5T6X")):
        document = Document("scan" if by_ocr else "docx", [TITLE, _table(1, *rows)], by_ocr=by_ocr)
        code = fit(document, forms.CATALOG, Source(path="a", sha256="0", format="scan")).record.fields["uscc"]
        assert (code.value, code.raw) == (expected, "9131O115MA1K3L5T6X")
        assert code.certain is not by_ocr


def test_a_scene_a_character_from_one_of_the_catalog_is_that_one_in_a_picture_alone() -> None:
    rows = (("企业名称", "上海甲公司"), ("环节名称", "工厂建设"), ("场景名称", "数字李生工厂建设"), *BASICS[3:])
    for by_ocr, expected in ((True, "数字孪生工厂建设"), (False, "数字李生工厂建设")):
        document = Document("scan" if by_ocr else "docx", [TITLE, _table(1, *rows)], by_ocr=by_ocr)
        scene = fit(document, forms.CATALOG, Source(path="a", sha256="0", format="scan")).record.fields["scene_name"]
        assert (scene.value, scene.raw) == (expected, "数字李生工厂建设")
        assert scene.certain is not by_ocr


@pytest.mark.parametrize(
    "written", ["２０２３年８月４日", "2023、8、4", "2023—08—04", "日期：２０２３．８．４", "二〇二三年八月四日"]
)
def test_the_date_of_the_commitment_however_written(written: str) -> None:
    commitment = (
        "我单位申报的所有材料，均真实、完整，如有不实，愿承担相应的责任。\n法定代表人签章：\n公    章：\n" + written
    )
    reading = _read(TITLE, _table(1, *BASICS), _table(2, ("真实性承诺", commitment)))
    assert _field(reading, "commitment_date") == "2023-08-04"


@pytest.mark.parametrize(
    ("signed", "meant", "certain"),
    [
        ("2023年8月4日\n（注：2022年度审计报告附后）", "2023-08-04", True),
        ("2023年8月4日\n附：2022年12月31日资产负债表复印件", "2023-08-04", True),
        ("2023年8月4日\n本承诺有效期至2024年12月31日", "2023-08-04", True),
        ("2023年8月4日附：2022年12月31日资产负债表复印件", "2023-08-04", True),
        ("二〇二三年八月四日附：2022年12月31日资产负债表复印件", "2023-08-04", True),
        ("2023年8月4日（注：2022年度审计报告附后）", "2023-08-04", False),
        ("2023年13月4日", None, False),
    ],
)
def test_a_date_in_a_sentence_is_not_that_of_the_commitment(signed: str, meant: str | None, *, certain: bool) -> None:
    said = f"均真实、完整。\n法定代表人签章：\n公    章：\n{signed}"
    found = _read(TITLE, _table(1, *BASICS), _table(2, ("真实性承诺", said))).record.fields["commitment_date"]
    assert (found.value, found.certain) == (meant, certain)


@pytest.mark.parametrize(
    "written",
    [
        "申 报 日 期 2023年8月21日",
        "申 报 日 期2023年8月21日",
        "申报日期2023.08.21",
        "（盖章）申 报 日 期20230821",
        "申　报　日　期　２０２３年８月２１日",
    ],
)
def test_a_label_without_a_colon_and_its_date(written: str) -> None:
    reading = _read(TITLE, Paragraph(written, 2), Paragraph("一、申报主体和优秀场景基本信息", 5), _table(1, *BASICS))
    value = reading.record.fields["application_date"]
    assert (value.value, value.doubts) == ("2023-08-21", ("label_glued",))


def test_the_lines_of_a_cover_that_became_one_are_parted_at_its_labels() -> None:
    written = (
        "项目名称：某某智能工厂申报单位（盖章）：上海某某食品有限公司推荐单位：某区经济委员会申报日期：2023年8月21日"
    )
    reading = _read(TITLE, Paragraph(written, 2), Paragraph("一、申报主体和优秀场景基本信息", 5), _table(1, *BASICS))
    read = {key: reading.record.fields[key] for key in ("project_name", "applicant", "recommender", "application_date")}
    assert [v.value for v in read.values()] == ["某某智能工厂", "上海某某食品有限公司", "某区经济委员会", "2023-08-21"]
    assert all("label_glued" in v.doubts for v in read.values())


def test_a_label_set_apart_by_blanks_without_a_colon() -> None:
    lines = [Paragraph("申 报 单 位 上海某某食品有限公司", 2), Paragraph("（盖章）推 荐 单 位 某区经济委员会", 3)]
    reading = _read(TITLE, *lines, Paragraph("一、申报主体和优秀场景基本信息", 5), _table(1, *BASICS))
    assert _field(reading, "applicant") == "上海某某食品有限公司"
    assert _field(reading, "recommender") == "某区经济委员会"


def test_another_date_beneath_a_blank_one_is_not_certainly_it() -> None:
    lines = (TITLE, Paragraph("申报日期：2023年   月   日", 2), Paragraph("编制日期：2023年7月1日", 3))
    date = _read(*lines, _table(1, *BASICS)).record.fields["application_date"]
    assert (date.value, date.certain, date.doubts) == ("2023-07-01", False, ("said_elsewhere",))
