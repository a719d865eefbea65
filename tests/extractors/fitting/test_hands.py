"""Forms as other hands fill them in: prompts left standing, figures with a remark, labels and headings in other places."""

from __future__ import annotations

import functools

import pytest

from extractors.document.doubts import INK_NOT_READ, Doubts
from extractors.document.model import Cell, Paragraph, Table
from extractors.fitting.fit import fit
from extractors.read import read_document
from records.models import Source
from tests import forms
from tests.extractors import small
from tests.extractors.small import HEAD, TITLE
from tests.extractors.small import read as _read

_table = functools.partial(small.table, spread=True)
EXAMPLE_COLUMNS = ("link", "scene", "instance", "description", "pain_points", "solution", "results")
BASICS = (
    ("企业名称", "上海甲公司"),
    ("环节名称", "生产作业"),
    ("场景名称", "智能协同作业"),
    ("供应商准时交付率提升（%）", "4"),
    ("销售增长率（%）", "12"),
)


@pytest.mark.parametrize(
    "prompt",
    [
        "请填写",
        "（请填写）",
        "单击或点击此处输入文字。",
        "XXXX",
        "……",
        "______",
        "【请填写】",
        "待填写",
        "{{address}}",
        "${address}",
        "«地址»",
        "null",
    ],
)
def test_a_prompt_left_standing_is_no_answer(prompt: str) -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("工厂地址", prompt), ("成立时间", prompt)))
    for key in ("factory_address", "founded_on"):
        assert reading.record.fields[key].blank


def test_words_that_only_begin_like_a_prompt_are_an_answer() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("场景实例名称", "请购审批流程在线协同")))
    assert reading.record.fields["instance_name"].value == "请购审批流程在线协同"


def test_a_hint_behind_the_answer_goes_with_its_whole_bracket() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("所属行业", "行业门类\nC 制造业（在系统中下拉选择）")))
    assert reading.record.fields["industry_section"].value == "C 制造业"


def test_an_instruction_in_the_labels_cell_leaves_the_answer_to_the_cell_beside() -> None:
    rows = (
        (f"行业{n}（系统中下拉选择）", text) for n, text in (("门类", "制造业"), ("大类", "38 电气机械和器材制造业"))
    )
    fields = _read(TITLE, _table(1, *BASICS, *rows)).record.fields
    assert [fields[k].value for k in ("industry_section", "industry_division")] == ["制造业", "38 电气机械和器材制造业"]


def test_labels_that_print_their_instruction_may_head_the_answers_beneath() -> None:
    heads = tuple(f"行业{n}（系统中\n下拉选择）" for n in ("门类", "大类", "中类"))
    answers = ("C 制造业", "C18 纺织服装、服饰业", "C181 机织服装制造")
    cells = [Cell(1, 1, 2, 1, "所属行业"), *(Cell(1, n, text=t) for n, t in enumerate(heads, 2))]
    cells += [Cell(2, n, text=t) for n, t in enumerate(answers, 2)]
    cells += [Cell(3, 1, 1, 1, "工厂地址"), Cell(3, 2, 1, 3, "上海市青浦区华徐公路9号")]
    fields = _read(TITLE, _table(1, *BASICS), Table(2, 3, 4, cells)).record.fields
    assert [fields[f"industry_{k}"].value for k in ("section", "division", "group")] == list(answers)


@pytest.mark.parametrize("seal", ["（盖章）", "（盖", "(公章", "（加盖公", "（"])
def test_the_place_for_the_seal_is_no_part_of_a_name_wherever_its_line_ends(seal: str) -> None:
    cover = (Paragraph(f"推荐单位：上海市宝山区科学技术和经济委员会{seal}", 2), Paragraph("申报日期：2023年8月9日", 3))
    fields = _read(TITLE, *cover, _table(1, *BASICS)).record.fields
    assert fields["recommender"].value == "上海市宝山区科学技术和经济委员会"


@pytest.mark.parametrize(
    ("name", "rest", "whole"),
    [
        ("上海申锐动力电池（集团）股份有限公", "司（盖章）", "上海申锐动力电池（集团）股份有限公司"),
        ("上海申锐动力电池（集团）股份有限公", "司", "上海申锐动力电池（集团）股份有限公司"),
        ("中国（上海）自由贸易试验", "区临港新片区管理委员会", "中国（上海）自由贸易试验区临港新片区管理委员会"),
        ("上海申锐动力电池有限公司", "申报专用章", "上海申锐动力电池有限公司"),
        ("上海申锐动力电池有限公司", "（盖章）", "上海申锐动力电池有限公司"),
    ],
)
def test_the_end_of_a_name_on_the_next_line_of_a_cover_belongs_to_it(name: str, rest: str, whole: str) -> None:
    lines = (f"申报单位：{name}", rest, "申报日期：2023年8月9日")
    cover = [Paragraph(text, number, page=1) for number, text in enumerate(lines, 2)]
    held = _read(TITLE, *cover, _table(1, *BASICS)).record.fields["applicant"]
    assert held.value == whole
    assert held.certain is (whole == name)


def test_a_label_and_its_answer_without_anything_between() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("所属行业", "行业门类C 制造业", "行业大类C35 专用设备制造业")))
    fields = reading.record.fields
    assert [fields[k].value for k in ("industry_section", "industry_division")] == ["C 制造业", "C35 专用设备制造业"]


def test_what_stands_there_and_cannot_be_read_is_not_certain() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("建设投资", "详见附表2、附表3"), ("成立时间", "建国初期")))
    for key in ("investment", "founded_on"):
        held = reading.record.fields[key]
        assert held.value is None
        assert held.raw
        assert not held.certain


def test_options_whose_boxes_were_lost_are_not_certain() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("企业性质", "中央企业 地方国企 民营企业 三资企业")))
    held = reading.record.fields["ownership"]
    assert held.value is None
    assert not held.certain


def test_a_choice_with_a_cell_an_option() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("企业类型", "□大型企业", "□中型企业", "☑小型企业", "□微型企业")))
    assert reading.record.fields["size"].value == "小型企业"


def test_a_choice_drawn_as_a_table_with_the_ticks_beneath() -> None:
    table = _table(1, *BASICS, ("企业类型", ""))
    options = _table(2, ("大型企业", "中型企业", "小型企业", "微型企业"), ("", "√", "", ""))
    next(c for c in table.cells if (c.row, c.column) == (6, 2)).tables.append(options)
    assert _read(TITLE, table).record.fields["size"].value == "中型企业"


def test_a_person_whose_post_is_a_word_of_the_form() -> None:
    rows = (("姓名", "李四", "电话", "021-12345678"), ("职务", "联系人", "手机", "13800000000"))
    table = _table(1, *BASICS, *(("联系人", *r) for r in rows))
    table.cells = [c for c in table.cells if (c.row, c.column) != (7, 1)]
    next(c for c in table.cells if (c.row, c.column) == (6, 1)).row_span = 2
    fields = _read(TITLE, table).record.fields
    assert fields["contact_title"].value == "联系人"
    assert fields["contact_mobile"].value == "13800000000"


def test_a_year_of_foundation_is_no_column_head() -> None:
    reading = _read(TITLE, _table(1, *BASICS, ("成立时间", "2020年")))
    assert reading.record.fields["founded_on"].value == "2020"


def test_the_applicants_own_figure_is_no_number_of_the_next_item() -> None:
    text = "产品不良率下降（%）：48.3\n质量损失率下降*（%）：28；运营成本下降：5、库存周转率提升：3"
    fields = _read(TITLE, _table(1, *BASICS, ("整体建设成效", text))).record.fields
    keys = ("defect_cut", "quality_loss_cut", "operating_cost_cut", "inventory_turnover_gain")
    assert [fields[k].value for k in keys] == [48.3, 28, 5, 3]


def test_a_telephone_in_brackets_behind_a_name() -> None:
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    rows = (("揭榜任务具体名称", "智能工厂"), ("系统解决方案供应商联系人及联系方式", "张三（021-54483399）"))
    fields = _read(title, _table(1, *BASICS[:2], *rows)).record.fields
    assert [fields[k].value for k in ("provider_contact", "provider_phone")] == ["张三", "021-54483399"]


def test_the_covers_label_heads_the_companys_name_in_the_table() -> None:
    part = Paragraph("一、申报主体和优秀场景基本信息", 4)
    cover = (Paragraph("推荐单位：某区经委", 2), Paragraph("申报单位：上海甲公司", 3))
    fields = _read(TITLE, *cover, part, _table(1, ("申报单位", "上海甲公司"), *BASICS[1:])).record.fields
    assert fields["applicant"].value == fields["company_name"].value == "上海甲公司"


def test_a_text_beneath_its_label_and_instruction() -> None:
    rows = (("企业简介（发展历程、主营业务、市场份额等方面基本情况，不超过500字。）",), ("公司成立于1998年。",))
    reading = _read(TITLE, _table(1, *BASICS, *rows))
    assert reading.record.fields["company_profile"].value == "公司成立于1998年。"


@pytest.mark.parametrize(("chapter", "part"), [("{}. ", "{}.{} "), ("第{c}部分 ", "（{c}）"), ("{c}、", "（{c}）")])
def test_chapters_numbered_in_another_way(chapter: str, part: str) -> None:
    signs = " 一二三四"
    top = [
        Paragraph(chapter.format(n, c=signs[n]) + t, 0)
        for n, t in ((2, "场景实例建设方案与情况"), (3, "下一步提升和推广计划"), (4, "附件材料"))
    ]
    sub = [Paragraph(part.format(3, n, c=signs[n]) + t, 0) for n, t in ((1, "提升改造计划"), (2, "推广应用计划"))]
    said = [Paragraph(f"正文之{n}。", 0) for n in range(4)]
    begin = Paragraph(chapter.format(1, c="一") + "申报主体和优秀场景基本信息", 0)
    blocks = [begin, _table(1, *BASICS), top[0], said[0], top[1], sub[0], said[1], sub[1], said[2], top[2], said[3]]
    sections = _read(TITLE, *blocks).record.sections
    keys = ("construction_plan", "upgrade_plan", "promotion_plan", "attachments")
    assert [sections[k].value for k in keys] == [p.text for p in said]


def test_chapters_in_cells_under_a_heading_of_their_own() -> None:
    rows = (
        ("二、场景实例建设方案及情况", "方案正文。"),
        ("三、下一步提升与推广计划", ""),
        ("（一）提升改造计划", "提升正文。"),
        ("（二）推广计划", "推广正文。"),
    )
    sections = _read(TITLE, _table(1, *BASICS), _table(2, *rows)).record.sections
    keys = ("construction_plan", "upgrade_plan", "promotion_plan")
    assert [sections[k].value for k in keys] == ["方案正文。", "提升正文。", "推广正文。"]


def test_the_other_forms_instruction_is_no_part_of_a_chapter() -> None:
    guide = "（此部分参考《智能制造典型场景参考指引》进行编写。请围绕工厂实际情况展开，突出特色。）"
    blocks = (Paragraph("二、场景实例建设方案及情况", 2), Paragraph(guide, 3), Paragraph("（一期）已投用。", 4))
    assert _read(TITLE, _table(1, *BASICS), *blocks).record.sections["construction_plan"].value == "（一期）已投用。"


def test_an_example_row_written_over_is_a_row_but_not_certain() -> None:
    texts = (
        "磨床群联网加工与监测",
        "二十台磨床联网，采集振动与功率。",
        "人工巡检多，停机发现迟。",
        "部署边缘网关与模型。",
        "停机时间减少三成。",
    )
    rows = (HEAD, ("示例", "设备管理", "在线运行监测", *texts))
    found = _read(TITLE, _table(1, *BASICS), Paragraph("附1", 2), Paragraph("场景实例描述", 3), _table(2, *rows))
    (row,) = found.record.tables["scenes"]
    assert row["instance"].value == "磨床群联网加工与监测"
    assert not row["instance"].certain
    assert row["seq"].value is None


def test_an_example_whose_number_ran_into_the_next_rows_is_no_row_and_the_next_one_is_not_certain() -> None:
    """The rule beneath 示例 was not made out on a fax: one cell beside both rows says 示例 1."""
    printed = forms.CATALOG.forms["scene"].table("scenes").example
    example = ("示例\n1", *(printed[k] for k in EXAMPLE_COLUMNS))
    own = (
        "",
        "设备管理",
        "在线运行监测",
        "磨床联网",
        "二十台磨床联网。",
        "停机发现迟。",
        "部署模型。",
        "停机减少三成。",
    )
    rows = _table(2, HEAD, example, own)
    rows.cells = [c for c in rows.cells if (c.row, c.column) != (3, 1)]
    next(c for c in rows.cells if (c.row, c.column) == (2, 1)).row_span = 2
    found = _read(TITLE, _table(1, *BASICS), Paragraph("附1", 2), Paragraph("场景实例描述", 3), rows)
    (row,) = found.record.tables["scenes"]
    assert (row["instance"].value, row["seq"].value) == ("磨床联网", None)
    assert not any(v.certain for v in row.values())


def test_a_head_that_reaches_into_the_rows_beneath_is_no_value() -> None:
    rows = _table(2, (*HEAD, "备注"), ("1", "设备管理", "在线运行监测", "磨床联网", *"甲乙丙丁", ""))
    rows.cells = [c for c in rows.cells if (c.row, c.column) != (2, 9)]
    next(c for c in rows.cells if (c.row, c.column) == (1, 9)).row_span = 2
    found = _read(TITLE, _table(1, *BASICS), Paragraph("附1", 2), Paragraph("场景实例描述", 3), rows)
    (row,) = found.record.tables["scenes"]
    assert (row["remark"].value, row["remark"].certain) == (None, False)
    assert row["instance"].certain


@pytest.mark.parametrize(("doubts", "certain"), [((INK_NOT_READ,), False), ((), True)])
def test_a_row_whose_number_was_not_read_is_not_certain(doubts: Doubts, certain: bool) -> None:
    texts = ("二十台磨床联网。", "停机发现迟。", "部署边缘网关与模型。", "停机时间减少三成。")
    rows = _table(2, HEAD, ("", "设备管理", "在线运行监测", "磨床群联网", *texts))
    next(c for c in rows.cells if (c.row, c.column) == (2, 1)).doubts = doubts
    found = _read(TITLE, _table(1, *BASICS), Paragraph("附1", 2), Paragraph("场景实例描述", 3), rows)
    (row,) = found.record.tables["scenes"]
    assert row["instance"].value == "磨床群联网"
    assert row["instance"].certain is certain, "what stands under a hole or a staple may be 示例"


def test_a_scene_with_its_texts_beneath_their_labels() -> None:
    rows = (
        ("环节名称", "设备管理"),
        ("场景名称", "在线运行监测"),
        ("场景实例名称", "磨床联网"),
        ("场景实例描述（300字以内）",),
        ("二十台磨床联网。",),
        ("解决的痛点问题描述",),
        ("停机发现迟。",),
        ("采用的技术方案",),
        ("边缘网关。",),
        ("已实施成效",),
        ("停机减少三成。",),
    )
    found = _read(TITLE, _table(1, *BASICS), Paragraph("附1", 2), Paragraph("场景实例描述", 3), _table(2, *rows))
    (row,) = found.record.tables["scenes"]
    keys = ("description", "pain_points", "solution", "results")
    assert [row[k].value for k in keys] == ["二十台磨床联网。", "停机发现迟。", "边缘网关。", "停机减少三成。"]


@pytest.mark.parametrize("line", ["场景实例：{}", "场景实例名称：{}", "{}"])
def test_a_list_of_annex_two_with_lines_that_name_the_instance(line: str) -> None:
    scenes = [
        ("1", "设备管理", "在线运行监测", "磨床联网", *"甲乙丙丁"),
        ("2", "仓储物流", "智能仓储", "立体仓库", *"戊己庚辛"),
    ]
    head = ("关键装备种类", "名称", "规格/型号", "供应商", "备注")
    rows = [head]
    for name, machine in (("磨床联网", "磨床"), ("立体仓库", "堆垛机")):
        rows += [(line.format(name),), ("行业成套装备", machine, "M1", "甲厂", "")]
    found = _read(
        TITLE,
        _table(1, *BASICS),
        Paragraph("附1", 2),
        Paragraph("场景实例描述", 3),
        _table(2, HEAD, *scenes),
        Paragraph("附2", 4),
        Paragraph("具体场景实例采用的关键装备、软件、工艺、技术情况", 5),
        _table(3, *rows),
    )
    got = [(r["instance"].value, r["name"].value) for r in found.record.tables["equipment"]]
    assert got == [("磨床联网", "磨床"), ("立体仓库", "堆垛机")]


def test_an_unknown_label_behind_an_empty_cell_is_no_value() -> None:
    rows = (("法定代表人", "姓名", "", "总机号码", "021-12345678"), ("联系人", "姓名", "", "总机号码", ""))
    fields = _read(TITLE, _table(1, *BASICS, *rows)).record.fields
    assert fields["legal_rep_name"].value is None
    assert fields["contact_name"].value is None


def test_empty_cells_beside_their_labels_take_nothing_from_the_row_beneath() -> None:
    rows = (("传真", "", "邮箱", ""), ("近三年主要指标", "2020年", "2021年", "2022年"))
    fields = _read(TITLE, _table(1, *BASICS, *rows)).record.fields
    assert fields["contact_fax"].blank
    assert fields["contact_email"].blank


def test_a_unit_in_a_cell_of_its_own() -> None:
    rows = (("质量损失率下降", "%", "12.5"), ("场景实例建设投资", "亿元", "1.2"), ("复制推广的企业数量", "家", "11"))
    fields = _read(TITLE, _table(1, *BASICS, *rows)).record.fields
    assert [fields[k].value for k in ("quality_loss_cut", "investment", "replicated_firms")] == [12.5, 12000, 11]


def test_a_long_text_in_rows_beside_one_label() -> None:
    table = _table(1, *BASICS, ("企业简介", "公司成立于1998年。"), ("", "主营磨床。"))
    table.cells = [c for c in table.cells if (c.row, c.column) != (7, 1)]
    next(c for c in table.cells if (c.row, c.column) == (6, 1)).row_span = 2
    held = _read(TITLE, table).record.fields["company_profile"]
    assert held.value == "公司成立于1998年。\n主营磨床。"


def test_the_options_tell_which_choice_is_meant() -> None:
    row = ("所属行业大类（四大行业）", "□原材料 ☑装备制造 □消费品 □电子信息")
    fields = _read(TITLE, _table(1, *BASICS, row)).record.fields
    assert fields["industry_category"].value == "装备制造"
    assert fields["industry_division"].value is None


def test_a_value_that_begins_with_another_label_is_not_certain() -> None:
    rows = (("企业名称", "统一社会信用代码及编号"), ("上海甲公司", "91310000123456789X"))
    held = _read(TITLE, _table(1, *BASICS[1:], *rows)).record.fields["company_name"]
    assert not held.certain


def test_a_reworded_label_and_its_value_in_one_cell() -> None:
    held = _read(TITLE, _table(1, *BASICS, ("订单准时交付率：23", "库存周转率提升：5"))).record.fields[
        "order_ontime_gain"
    ]
    assert held.value == 23
    assert not held.certain


def test_papers_behind_a_blank_form_fill_nothing() -> None:
    document = read_document(forms.fill("scene", None), "空表.docx")
    number = max(b.index for b in document.blocks) + 1
    licence = Paragraph("统一社会信用代码：91310000123456789X", number)
    opinion = _table(90, ("联系人", "赵主任"), ("联系电话", "021-69990000"))
    document.blocks += [Paragraph("推荐意见表", number), opinion, licence]
    fields = fit(document, forms.CATALOG, Source(path="a", sha256="0", format="docx")).record.fields
    assert {k for k, v in fields.items() if v.value is not None} == set()


def test_a_label_whose_merged_cells_were_taken_apart() -> None:
    rows = (
        ("企业名称", "", "上海甲公司", "", "", ""),
        ("成立时间", "", "2001年3月", "", "工厂地址", "甲路1号"),
        ("环节名称", "", "生产作业", "", "", ""),
        ("场景名称", "", "智能协同作业", "", "", ""),
        ("供应商准时交付率提升（%）", "", "4", "", "销售增长率（%）", "12"),
    )
    fields = _read(TITLE, _table(1, *rows)).record.fields
    got = [fields[k].value for k in ("company_name", "founded_on", "factory_address", "scene_name", "sales_growth")]
    assert got == ["上海甲公司", "2001-03", "甲路1号", "智能协同作业", 12]


def test_an_instance_named_once_for_the_rows_beneath() -> None:
    rows = (
        ("场景实例名称", "关键装备种类", "名称", "规格/型号", "供应商", "备注"),
        ("磨床联网", "行业成套装备", "磨床", "M1", "甲厂", ""),
        ("", "行业成套装备", "车床", "C6", "乙厂", ""),
    )
    annex = (Paragraph("附2", 4), Paragraph("具体场景实例采用的关键装备、软件、工艺、技术情况", 5))
    found = _read(TITLE, _table(1, *BASICS), *annex, _table(2, *rows)).record.tables["equipment"]
    assert [(r["instance"].value, r["instance"].certain) for r in found] == [("磨床联网", True), ("磨床联网", False)]


def test_an_instance_behind_empty_cells() -> None:
    rows = (
        ("具体场景实例名称", "", "", "磨床联网", ""),
        ("关键装备种类", "名称", "规格/型号", "供应商", "备注"),
        ("行业成套装备", "磨床", "M1", "甲厂", ""),
    )
    annex = (Paragraph("附2", 4), Paragraph("具体场景实例采用的关键装备、软件、工艺、技术情况", 5))
    (row,) = _read(TITLE, _table(1, *BASICS), *annex, _table(2, *rows)).record.tables["equipment"]
    assert row["instance"].value == "磨床联网"


def test_people_under_headings_of_their_own() -> None:
    rows = (
        ("法人代表/负责人",),
        ("姓名", "张三"),
        ("电话", ""),
        ("联系人",),
        ("姓名", "李四"),
        ("电话", "021-12345678"),
        ("手机", "13800000000"),
    )
    fields = _read(TITLE, _table(1, *BASICS, *rows)).record.fields
    keys = ("legal_rep_name", "legal_rep_phone", "contact_name", "contact_phone", "contact_mobile")
    assert [fields[k].value for k in keys] == ["张三", None, "李四", "021-12345678", "13800000000"]


def test_a_name_with_the_telephone_behind_it() -> None:
    fields = _read(TITLE, _table(1, *BASICS, ("法人代表姓名及电话", "张三 021-12345678"))).record.fields
    assert [fields[k].value for k in ("legal_rep_name", "legal_rep_phone")] == ["张三", "021-12345678"]


def test_a_colon_written_twice() -> None:
    fields = _read(TITLE, Paragraph("项目名称：：磨床联网", 2), _table(1, *BASICS)).record.fields
    assert fields["project_name"].value == "磨床联网"


def test_a_chapters_own_subheading_opens_no_other_chapter() -> None:
    texts = (
        "二、场景实例建设方案及情况",
        "1、提升计划",
        "方案正文。",
        "三、下一步提升和推广计划",
        "（一）提升计划",
        "1、提升计划",
        "提升正文。",
    )
    blocks = [Paragraph(t, n) for n, t in enumerate(texts, 2)]
    sections = _read(TITLE, _table(1, *BASICS), *blocks).record.sections
    assert sections["construction_plan"].value == "1、提升计划\n方案正文。"
    assert sections["upgrade_plan"].value == "1、提升计划\n提升正文。"


@pytest.mark.parametrize(
    "cover",
    [
        ("项目名称 甲项目    申报单位 上海乙公司    推荐单位 上海市宝山区经济委员会（盖章）    申报日期 2023年8月5日",),
        ("项目名称 甲项目 申报单位 上海乙公司（盖章） 推荐单位：上海市宝山区经济委员会 申报日期 2023年8月5日",),
        ("项目名称 甲项目", "申报单位 上海乙公司（盖章） 推荐单位 上海市宝山区经济委员会 申报日期 2023年8月5日"),
        ("项目名称甲项目申报单位上海乙公司（盖章）推荐单位上海市宝山区经济委员会申报日期2023年8月5日",),
    ],
)
def test_a_cover_whose_lines_became_one_is_parted_without_colons(cover: tuple[str, ...]) -> None:
    part = Paragraph("一、申报主体和优秀场景基本信息", 9)
    fields = _read(TITLE, *(Paragraph(t, n) for n, t in enumerate(cover, 2)), part, _table(1, *BASICS)).record.fields
    keys = ("project_name", "applicant", "recommender", "application_date")
    assert [fields[k].value for k in keys] == ["甲项目", "上海乙公司", "上海市宝山区经济委员会", "2023-08-05"]
