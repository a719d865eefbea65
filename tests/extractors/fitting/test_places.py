"""Where else labels, values and headings stand: in one cell, beneath one another, in nested tables, in frames."""

from __future__ import annotations

import pytest

from extractors.document.model import Paragraph
from tests.extractors.fitting.test_hands import BASICS, HEAD, TITLE, _read, _table


def test_people_in_tables_of_their_own_are_read_once() -> None:
    table = _table(1, *BASICS, ("法人代表/负责人", ""), ("联系人", ""))
    inner = {
        6: _table(1, ("姓名", "张三", "电话", "")),
        7: _table(1, ("姓名", "李四", "电话", "021-12345678"), ("职务", "主任", "手机", "13800000000")),
    }
    for cell in table.cells:
        if cell.column == 2 and cell.row in inner:
            cell.tables.append(inner[cell.row])
    fields = _read(TITLE, table).record.fields
    keys = ("legal_rep_name", "legal_rep_phone", "contact_name", "contact_phone", "contact_mobile", "provider_contact")
    got = [fields[k].value for k in (*keys, "provider_phone")]
    assert got == ["张三", None, "李四", "021-12345678", "13800000000", None, None]


def test_a_figure_beneath_its_label_is_no_footnote() -> None:
    rows = (("2020年资产负债率（%）\n80",), ("2021年资产负债率（%）\n75.5",), ("企业类型\n1",))
    fields = _read(TITLE, _table(1, *BASICS, *rows)).record.fields
    assert [fields[f"debt_ratio_{y}"].value for y in (2020, 2021)] == [80, 75.5]


def test_scenes_with_label_and_text_in_one_cell() -> None:
    texts = (
        "1",
        "设备管理",
        "在线运行监测",
        "磨床联网",
        "二十台磨床联网。",
        "停机发现迟。",
        "边缘网关。",
        "停机减少三成。",
    )
    rows = [(f"{label}：{text}",) for label, text in zip((*HEAD, "备注"), (*texts, "已投用"), strict=True)]
    found = _read(TITLE, _table(1, *BASICS), Paragraph("附1", 2), Paragraph("场景实例描述", 3), _table(2, *rows))
    (row,) = found.record.tables["scenes"]
    keys = ("seq", "link", "instance", "description", "results", "remark")
    assert [row[k].value for k in keys] == ["1", "设备管理", "磨床联网", "二十台磨床联网。", "停机减少三成。", "已投用"]


def test_labels_of_a_blank_scene_are_no_rows() -> None:
    rows = (
        ("场景实例1",),
        ("环节名称", "", "场景名称", ""),
        ("场景实例名称", ""),
        ("场景实例描述（300字以内）", ""),
        ("解决的痛点问题描述（300字以内）", ""),
    )
    found = _read(TITLE, _table(1, *BASICS), Paragraph("附1", 2), Paragraph("场景实例描述", 3), _table(2, *rows))
    assert found.record.tables["scenes"] == []


def test_instructions_in_a_row_beneath_the_heads_are_no_row() -> None:
    hints = (
        "",
        "",
        "",
        "",
        "（结合要素条件进行描述，300字以内，可配图）",
        "（300字以内）",
        "（包括供应商）（300字以内）",
        "",
    )
    row = ("1", "设备管理", "在线运行监测", "磨床联网", "甲", "乙", "丙", "丁")
    blocks = (Paragraph("附1", 2), Paragraph("场景实例描述", 3), _table(2, HEAD, hints, row))
    rows = _read(TITLE, _table(1, *BASICS), *blocks).record.tables["scenes"]
    assert [r["instance"].value for r in rows] == ["磨床联网"]


@pytest.mark.parametrize("chapter", ["{c} {t}", "{d} {t}", "【{c}、{t}】", "{c}、\t{t}"])
def test_headings_parted_by_a_blank_or_in_a_frame(chapter: str) -> None:
    titles = ("场景实例建设方案及情况", "下一步提升和推广计划", "相关附件")
    top = [chapter.format(c="二三四"[n], d=n + 2, t=t) for n, t in enumerate(titles)]
    texts = (
        top[0],
        "方案正文。",
        top[1],
        "（一）提升计划",
        "提升正文。",
        "（二）推广应用计划",
        "推广正文。",
        top[2],
        "1.营业执照",
    )
    blocks = [Paragraph(t, n) for n, t in enumerate(texts, 2)]
    sections = _read(TITLE, _table(1, *BASICS), *blocks).record.sections
    keys = ("construction_plan", "upgrade_plan", "promotion_plan", "attachments")
    assert [sections[k].value for k in keys] == ["方案正文。", "提升正文。", "推广正文。", "1.营业执照"]


def test_chapters_without_numbers_and_in_other_words() -> None:
    texts = (
        "场景实例建设方案与情况",
        "方案正文。",
        "下一步提升与推广计划",
        "提升计划",
        "提升正文。",
        "推广计划",
        "推广正文。",
        "附件材料",
        "1.营业执照",
    )
    blocks = [Paragraph(t, n) for n, t in enumerate(texts, 2)]
    sections = _read(TITLE, _table(1, *BASICS), *blocks).record.sections
    keys = ("construction_plan", "upgrade_plan", "promotion_plan", "attachments")
    assert [sections[k].value for k in keys] == ["方案正文。", "提升正文。", "推广正文。", "1.营业执照"]
    assert not sections["promotion_plan"].certain


def test_a_subheading_of_a_numbered_file_opens_no_chapter() -> None:
    texts = (
        "二、场景实例建设方案及情况",
        "方案正文。",
        "提升计划执行情况",
        "再提升。",
        "三、下一步提升和推广计划",
        "（一）提升计划",
        "提升正文。",
    )
    blocks = [Paragraph(t, n) for n, t in enumerate(texts, 2)]
    sections = _read(TITLE, _table(1, *BASICS), *blocks).record.sections
    assert sections["construction_plan"].value == "方案正文。\n提升计划执行情况\n再提升。"
    assert sections["upgrade_plan"].value == "提升正文。"


def test_the_companys_name_under_the_covers_label_in_a_line() -> None:
    part = Paragraph("一、申报主体和优秀场景基本信息", 4)
    line = Paragraph("申报企业：上海甲公司", 5)
    fields = _read(TITLE, Paragraph("申报单位：上海甲公司", 2), part, line, _table(1, *BASICS[1:])).record.fields
    assert [fields[k].value for k in ("applicant", "company_name")] == ["上海甲公司", "上海甲公司"]


def test_labels_within_a_long_text_are_its_own() -> None:
    rows = (("成立时间：2001年3月",), ("企业简介：成立时间：1998年，后搬迁。\n企业性质：民营；联系电话：见官网。",))
    fields = _read(TITLE, _table(1, *BASICS, *rows)).record.fields
    assert fields["company_profile"].value == "成立时间：1998年，后搬迁。\n企业性质：民营；联系电话：见官网。"
    assert (fields["founded_on"].value, fields["founded_on"].certain) == ("2001-03", True)


def test_a_bracketed_label_on_its_own_line_beneath_other_items() -> None:
    text = "运营成本下降：5；库存周转率提升：3\n（其他成效指标）年节水1.2万吨"
    fields = _read(TITLE, _table(1, *BASICS, ("整体建设成效", text))).record.fields
    assert [fields[k].value for k in ("inventory_turnover_gain", "other_outcomes")] == [3, "年节水1.2万吨"]


def test_a_row_that_a_page_break_cut_through_its_label_is_one() -> None:
    rows = (
        ("企业名称", "上海青禾有限公司"),
        ("企业", "装配线改造缩短了交付"),
        ("简介", "周期。"),
        ("工厂地址", "上海市奉贤区某路1号"),
    )
    cut = _table(1, *BASICS[1:], *rows)
    cut.page = 1
    for cell in cut.cells:
        if cell.row >= len(cut.cells) // 2 - 1:
            cell.page, cell.page_row = 2, cell.row - len(cut.cells) // 2 + 2
    fields = _read(TITLE, cut).record.fields
    assert fields["company_profile"].value == "装配线改造缩短了交付周期。"
    assert fields["factory_address"].value == "上海市奉贤区某路1号"


def test_a_proof_of_capability_in_a_row_of_its_own_is_read() -> None:
    rows = (
        ("智能制造能力成熟度评估结果或其他能力证明材料", "□一级 ☑二级 □三级 □四级 □五级"),
        ("其他能力证明材料说明（可后附）", "两化融合管理体系证书"),
    )
    fields = _read(Paragraph("智能制造试点示范项目申报书（示范工厂）", 1), _table(1, *BASICS, *rows)).record.fields
    assert (fields["maturity_level"].value, fields["capability_proof"].value) == ("二级", "两化融合管理体系证书")


@pytest.mark.parametrize(
    "level",
    [
        "选择：四级",
        "选择：□三级 ☑四级",
        "□ 三 级  ☑ 四 级  □ 五 级",
        "1.一级 2.二级 3.三级 4.四级√ 5.五级",
        "□一级；□二级；□三级；☑四级；□五级。",
    ],
)
def test_what_stands_around_the_levels_is_no_proof_of_capability(level: str) -> None:
    said = f"{level}\n其他能力证明材料说明（可后附）：两化融合管理体系证书"
    rows = (("智能制造能力成熟度评估结果或其他能力证明材料", said),)
    fields = _read(Paragraph("智能制造试点示范项目申报书（示范工厂）", 1), _table(1, *BASICS, *rows)).record.fields
    assert (fields["maturity_level"].value, fields["capability_proof"].value) == ("四级", "两化融合管理体系证书")


def test_a_label_parted_from_its_value_by_a_blank_alone_is_not_certain_on_a_page() -> None:
    """What follows may go on in the next line, which nothing tells."""
    for page, sure in ((None, True), (2, False)):
        line = Paragraph("工厂地址 某某路1号三幢", 3, page=page)
        found = _read(TITLE, _table(1, *BASICS), line).record.fields["factory_address"]
        assert found.value == "某某路1号三幢"
        assert (found.confidence >= 0.95) is sure


def test_a_form_whose_cover_lies_behind_it_keeps_its_chapters() -> None:
    labels = (
        "企业名称",
        "统一社会信用代码",
        "成立时间",
        "企业性质",
        "工厂地址",
        "环节名称",
        "场景名称",
        "场景实例名称",
        "企业简介",
    )
    form = _table(1, *((label, f"答{number}") for number, label in enumerate(labels)))
    chapter = (Paragraph("二、场景实例建设方案及情况", 2), Paragraph("一期改造两条产线。", 3))
    reading = _read(
        form, *chapter, Paragraph("智能制造试点示范项目申报书（优秀场景）", 4), Paragraph("项目名称：磨床联网", 5)
    )
    assert reading.record.sections["construction_plan"].value == "一期改造两条产线。"
    assert reading.record.fields["company_name"].value == "答0"
    assert reading.record.fields["project_name"].value == "磨床联网"


def test_labels_of_the_cover_beside_one_another_have_their_values_beneath() -> None:
    lines = (
        "项目名称\t申报单位",
        "某某智能仓储\t某精密机械公司",
        "推荐单位\t申报日期",
        "某某区经济委员会\t2023年8月2日",
    )
    cover = [Paragraph(text, 2 + n, page=1) for n, text in enumerate(lines)]
    part = Paragraph("一、申报主体和优秀场景基本信息", 9, page=2)
    fields = _read(TITLE, *cover, part, _table(1, *BASICS)).record.fields
    keys = ("project_name", "applicant", "recommender", "application_date")
    assert [fields[k].value for k in keys] == ["某某智能仓储", "某精密机械公司", "某某区经济委员会", "2023-08-02"]
    assert all(fields[k].confidence < 0.95 for k in keys)


def test_an_item_in_brackets_with_nothing_behind_it_is_surely_blank() -> None:
    rows = (*BASICS, ("（其他成效指标）",), ("真实性承诺", "我单位承诺"))
    form = _table(1, *rows)
    form.cells[2 * len(BASICS)].column_span = form.columns
    held = _read(TITLE, form).record.fields["other_outcomes"]
    assert (held.value, held.certain) == (None, True)
    form.cells[2 * len(BASICS)].text = "（其他成效指标）人均产值提高两成"
    assert _read(TITLE, form).record.fields["other_outcomes"].value == "人均产值提高两成"


def test_labels_whose_room_holds_blanks_that_do_not_break_have_their_values_beneath() -> None:
    blank = "\u00a0"
    rows = (
        ("企业名称", "统一社会信用代码", "成立时间"),
        ("上海甲公司", "91310000MA1FL0XX1X", "2009年5月6日"),
        ("工厂地址", blank, blank),
        ("上海市奉贤区某路1号", blank, blank),
    )
    fields = _read(TITLE, _table(1, *rows), _table(2, *BASICS[1:])).record.fields
    assert fields["factory_address"].value == "上海市奉贤区某路1号"


def test_a_letters_table_in_front_of_the_form_fills_no_field() -> None:
    rows = (("企业名称", "推荐的公司"), ("项目名称", "推荐的项目"), ("统一社会信用代码", "91310000MA1FL00000"))
    letter = _table(1, *rows, ("联系人", "经办人"))
    letter.cells[-1].tables.append(_table(1, ("成立时间", "2001年1月")))
    front = (Paragraph("关于推荐申报智能制造优秀场景的函", 1), letter)
    cover = [
        Paragraph(text, n)
        for n, text in enumerate(
            ("项目名称：甲项目", "申报单位：上海甲公司", "推荐单位：", "申报日期：2023年8月1日"), 3
        )
    ]
    form = _table(2, *BASICS, ("统一社会信用代码", ""), ("联系人", ""), ("成立时间", ""))
    fields = _read(*front, TITLE, *cover, Paragraph("一、申报主体和优秀场景基本信息", 8), form).record.fields
    assert [fields[k].value for k in ("project_name", "company_name")] == ["甲项目", "上海甲公司"]
    assert all(fields[k].certain for k in ("project_name", "company_name"))
    assert [fields[k].value for k in ("uscc", "contact_name", "founded_on")] == [None, None, None]


def test_the_forms_own_table_is_read_though_its_cover_lies_behind_it() -> None:
    fields = _read(_table(1, *BASICS), TITLE, Paragraph("项目名称：甲项目", 3)).record.fields
    assert [fields[k].value for k in ("project_name", "company_name")] == ["甲项目", "上海甲公司"]


@pytest.mark.parametrize(
    "line",
    ["申报日期：2023年   月   日", "申报日期\u3000\u30002023年   月   日\u3000", "申  报  日  期  2023年   月   日"],
)
def test_a_date_left_blank_is_not_the_one_at_the_foot_of_the_cover(line: str) -> None:
    cover = (Paragraph("申报单位：上海甲公司", 2), Paragraph(line, 3), Paragraph("二〇二三年七月", 4))
    fields = _read(TITLE, *cover, Paragraph("一、申报主体和优秀场景基本信息", 5), _table(1, *BASICS)).record.fields
    assert fields["application_date"].value is None
