"""What is told as unsure, and what is not taken for the form: each of these was once a value shown as certain."""

from __future__ import annotations

from extractors.document.doubts import OCR_LINE
from extractors.document.model import Cell, Paragraph, Table
from extractors.pdf.read import read_pdf
from tests.extractors.small import HEAD, TITLE, read, table
from tests.pdfs import Page, pdf

BASICS = (("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))


def test_a_list_that_shares_some_heads_with_annex_one_is_not_annex_one() -> None:
    own = (
        "序号",
        "场景名称",
        "场景实例名称",
        "采用的技术方案",
        "牵头部门",
        "时间节点",
        "预算",
        "验收人",
        "风险",
        "状态",
    )
    row = ("1", "智能仓储", "甲库", "立体仓库", "生产部", "2021年", "200", "张三", "无", "完成")
    reading = read(TITLE, table(1, *BASICS), Paragraph("建设计划表", 5), table(2, own, row))
    assert reading.record.tables["scenes"] == []


def test_a_letter_with_a_few_of_the_forms_labels_before_the_title_is_not_the_form() -> None:
    people = table(
        1, ("序号", "企业名称", "联系人", "手机", "成立时间"), ("1", "上海甲公司", "李四", "13900000000", "2001年")
    )
    letter = [
        Paragraph("关于报送材料的函", 1),
        Paragraph("推荐单位：某行业协会", 2),
        Paragraph("申报日期：2022年1月1日", 3),
        people,
    ]
    reading = read(*letter, TITLE, Paragraph("推荐单位：嘉定区经济委员会", 5), table(2, *BASICS))
    fields = reading.record.fields
    assert fields["recommender"].value == "嘉定区经济委员会"
    assert fields["recommender"].certain
    assert fields["application_date"].value is None


def _scene_down_the_side(*rows: tuple[str, str]) -> Table:
    return table(2, *rows)


def test_a_label_not_understood_makes_the_blank_columns_unsure() -> None:
    rows = [(head, f"{head}的内容") for head in HEAD[1:]]
    (row,) = read(TITLE, table(1, *BASICS), Paragraph("附1", 5), _scene_down_the_side(*rows)).record.tables["scenes"]
    assert (row["economics"].value, row["economics"].certain) == (None, True)
    rows.insert(4, ("效益及推广价值的说明", "可以推广"))
    (row,) = read(TITLE, table(1, *BASICS), Paragraph("附1", 5), _scene_down_the_side(*rows)).record.tables["scenes"]
    assert (row["economics"].value, row["economics"].certain) == (None, False)


def _cut(first: float, second: float) -> Table:
    """A row whose label a page break cut, its halves read with these confidences."""
    cells = [
        Cell(1, 1, 1, 1, "企业名称"), Cell(1, 2, 1, 1, "上海甲公司"),
        Cell(2, 1, 1, 1, "企业", page=1, page_row=2), Cell(2, 2, 1, 1, "公司主营传动部件，", doubts=(OCR_LINE.at(first),)),
        Cell(3, 1, 1, 1, "简介", page=2, page_row=1), Cell(3, 2, 1, 1, "产品出口多国。", page=2, page_row=1, doubts=(OCR_LINE.at(second),)),
    ]  # fmt: skip
    return Table(1, 3, 2, cells, page=1)


def test_a_row_that_a_page_break_cut_through_its_label_is_as_sure_as_its_less_sure_half() -> None:
    for first, second in ((0.7, 1.0), (1.0, 0.7), (1.0, 1.0)):
        found = read(TITLE, _cut(first, second), table(2, *BASICS[1:])).record.fields["company_profile"]
        assert found.value == "公司主营传动部件，产品出口多国。"
        assert found.certain is (min(first, second) == 1.0)


def test_a_head_that_a_page_break_cut_is_one_head_and_no_row() -> None:
    """Labels of 附2 broken by hand, the page ending within them: the second halves once were a row, shown as certain."""
    halves = (("关键装", "名称", "规格", "供应商", "备注"), ("备种类", "", "/型号", "", ""))
    first = [Cell(1, n, 1, 1, text, page=1, page_row=1) for n, text in enumerate(halves[0], 1)]
    second = [Cell(2, n, 1, 1, text, page=2, page_row=1) for n, text in enumerate(halves[1], 1)]
    row = ("智能检测与装配装备", "检测工位", "YZ-1", "上海乙公司", "6套")
    own = [Cell(3, n, 1, 1, text, page=2, page_row=2) for n, text in enumerate(row, 1)]
    part = Table(1, 3, 5, [*first, *second, *own], page=1)
    (made,) = read(TITLE, table(1, *BASICS), Paragraph("附2", 5), part).record.tables["equipment"]
    assert [made[k].value for k in ("kind", "name", "model", "supplier", "remark")] == list(row)


def test_a_row_that_only_goes_on_with_the_text_above_is_as_sure_as_its_less_sure_part() -> None:
    row = ("1", "生产作业", "人机协同制造", "机加线", "搭建柔性产线，", "痛点", "方案", "成效")
    part = table(2, HEAD, row, ("", "", "", "", "接入系统。", "", "", ""))
    (made,) = read(TITLE, table(1, *BASICS), part).record.tables["scenes"]
    assert made["description"].value == "搭建柔性产线，\n接入系统。"
    assert made["description"].confidence <= 0.9
    part.cells[-4].doubts = (OCR_LINE.at(0.5),)
    (made,) = read(TITLE, table(1, *BASICS), part).record.tables["scenes"]
    assert made["description"].confidence == 0.5


def _listed(second: float) -> Table:
    """A company of 附件4 merged down beside two instances, the second read with this confidence."""
    head = ("序号", "申报企业名称", "申报智能制造典型场景实例（罗列）", "联系人", "联系方式（手机号）")
    first = ("1", "上海甲公司", "质量管控—智能在线检测—甲实例", "张三", "13900000000")
    found = table(1, head, first, ("", "", "仓储物流—智能仓储—乙实例", "", ""))
    found.cells = [c for c in found.cells if c.row < 3 or c.column == 3]
    for cell in found.cells:
        cell.row_span = 2 if cell.row == 2 and cell.column != 3 else 1
        cell.doubts = (OCR_LINE.at(second),) if cell.row == 3 else ()
    return found


def test_instances_listed_over_several_rows_are_as_sure_as_the_least_sure() -> None:
    for second in (1.0, 0.6):
        title = Paragraph("2023年上海市智能制造试点示范项目推荐汇总表", 1)
        reading = read(title, Paragraph("1.智能制造优秀场景", 2), _listed(second))
        (row,) = reading.record.tables["scene_recommendations"]
        assert [i["instance"] for i in row["instances"].value] == ["甲实例", "乙实例"]
        assert row["instances"].confidence == second


def test_a_long_text_on_further_rows_beside_its_label_is_one_text_and_certain() -> None:
    found = table(2, ("企业简介", "公司创立于2012年。"), ("", "主营传动部件。"), ("工厂地址", "甲路1号"))
    found.cells = [c for c in found.cells if (c.row, c.column) != (2, 1)]
    found.cells[0].row_span = 2
    fields = read(TITLE, table(1, *BASICS), found).record.fields
    assert (fields["company_profile"].value, fields["company_profile"].certain) == (
        "公司创立于2012年。\n主营传动部件。",
        True,
    )
    assert fields["factory_address"].value == "甲路1号"


def test_the_other_outcomes_beneath_several_items_in_one_cell() -> None:
    cell = "产品不良率下降（%）：43；质量损失率下降（%）：37；研制周期缩短（%）：18\n（其他成效指标）客户投诉减少。"
    fields = read(TITLE, table(1, *BASICS), table(2, (cell,))).record.fields
    got = [fields[k].value for k in ("defect_cut", "quality_loss_cut", "rd_cycle_cut", "other_outcomes")]
    assert got == [43, 37, 18, "客户投诉减少。"]
    assert all(fields[k].certain for k in ("defect_cut", "quality_loss_cut", "rd_cycle_cut"))


def test_rows_of_different_shapes_on_either_side_of_a_page_break_stay_apart() -> None:
    table_ = _cut(1.0, 1.0)
    table_.cells[-1].text = "公司"
    table_.cells.append(Cell(3, 3, 1, 1, "主营", page=2, page_row=1))
    table_.columns = 3
    fields = read(TITLE, table_, table(2, *BASICS[1:])).record.fields
    assert fields["company_name"].value == "上海甲公司"
    assert fields["company_profile"].value is None


def test_a_title_over_a_scene_drawn_down_the_side_leaves_its_blanks_certain() -> None:
    rows = [("场景实例一",), *((head, f"{head}的内容") for head in HEAD[1:])]
    part = table(2, *rows, spread=True)
    (row,) = read(TITLE, table(1, *BASICS), Paragraph("附1", 5), part).record.tables["scenes"]
    assert (row["economics"].value, row["economics"].certain) == (None, True)


def test_two_rows_that_count_as_one_cut_by_a_page_break_are_two_where_either_has_a_label_of_the_form() -> None:
    """The first row's label and value end where their lines are full, and the second's value is blank: both were null, their text gone."""
    one, two = Page((595, 300)), Page((595, 300))
    rows = [("环节名称", "生产作业"), ("场景名称", "人机协同制造"), *((head, "已完成。") for head in HEAD[4:])]
    one.table(60, 60, [92, 218], [*rows, ("经济性和可推广性", "软硬件均为通用产品，其他工厂也可照此推广。")])
    two.table(60, 60, [92, 218], [("备注", "")])
    (part,) = read_pdf(pdf(one, two)).tables()
    (row,) = read(TITLE, table(1, *BASICS), Paragraph("附1", 5), part).record.tables["scenes"]
    assert row["economics"].value == "软硬件均为通用产品，其他工厂也可照此推广。"
    assert not row["economics"].certain
    assert row["remark"].value is None
    assert row["remark"].where == "第2页 表（接第1页 表1） 行1 列2"
