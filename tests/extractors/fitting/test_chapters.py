"""Chapters whose own parts read like chapters of a form, of this one or of its sister."""

from __future__ import annotations

import functools

import pytest

from extractors.document.model import Paragraph
from extractors.word.docx import read_docx
from tests.extractors import small, wordml
from tests.extractors.small import TITLE, read

_table = functools.partial(small.table, spread=True)
BASICS = (("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))
FACTORY = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
TASK = (("揭榜任务具体名称", "甲工厂"), ("揭榜任务细分行业", "汽车"), ("企业名称", "上海甲公司"))


def test_a_part_of_a_chapter_that_reads_like_another_chapter_is_its_own() -> None:
    lines = (
        "三、场景实例建设方案及情况", "（一）总体思路", "统一规划。", "（二）建设内容", "建设产线。", "（三）保障措施", "专班推进。",
        "（四）系统集成方案", "打通系统。", "四、系统集成方案", "平台集成。",
    )  # fmt: skip
    sections = read(FACTORY, _table(1, *TASK), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert sections["construction_plan"].value == "\n".join(lines[1:9])
    assert sections["integration"].value == "平台集成。"


def test_a_chapter_met_again_under_its_own_number_is_that_one() -> None:
    lines = (
        "三、场景实例建设方案及情况",
        "统一规划。",
        "（四）系统集成方案",
        "打通系统。",
        "四、系统集成方案",
        "平台集成。",
    )
    sections = read(FACTORY, _table(1, *TASK), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert sections["construction_plan"].value == "\n".join(lines[1:4])
    assert not sections["construction_plan"].certain
    assert sections["integration"].value == "平台集成。"


def test_a_chapter_without_a_number_behind_a_part_that_reads_like_it() -> None:
    lines = ("场景实例建设方案及情况", "统一规划。", "（四）系统集成方案", "打通系统。", "系统集成方案", "平台集成。")
    sections = read(FACTORY, _table(1, *TASK), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert sections["construction_plan"].value == "\n".join(lines[1:4])
    assert sections["integration"].value == "平台集成。"
    assert not sections["integration"].certain


def test_chapters_in_a_table_behind_a_list_of_contents_are_read_once() -> None:
    headings = ("二、项目总体情况", "三、场景实例建设方案及情况", "四、系统集成方案")
    listed = [Paragraph(t, n) for n, t in enumerate(headings, 2)]
    table = _table(2, *((f"{t}\n第{n}章的内容。",) for n, t in enumerate(headings, 1)))
    record = read(FACTORY, *listed, Paragraph("一、申报主体和示范工厂基本信息", 9), _table(1, *TASK), table).record
    keys = ("overall", "construction_plan", "integration")
    assert [record.sections[k].value for k in keys] == [f"第{n}章的内容。" for n in (1, 2, 3)]


@pytest.mark.parametrize("title", ["智能制造优秀场景申报书（优秀场景）", "2022年智能制造优秀场景申报书"])
def test_another_years_title_names_the_form(title: str) -> None:
    own = (("所属四大行业", "原材料"), ("项目起止日期", "2021年3月-2022年3月"), ("设备名称", "数量"))
    assert read(Paragraph(title, 1), _table(1, *BASICS, *own)).record.form == "scene"


def test_the_title_on_the_cover_outweighs_headings_of_the_applicants_own() -> None:
    lines = (
        "二、场景实例建设方案及情况",
        "1.系统集成方案",
        "打通系统。",
        "2.项目实施成效",
        "提升。",
        "3.成长性分析",
        "增长。",
    )
    own = _table(3, ("序号", "设备名称", "数量"), ("1", "机器人", "3"))
    assert (
        read(TITLE, _table(1, *BASICS), *(Paragraph(t, n) for n, t in enumerate(lines, 3)), own).record.form == "scene"
    )


def test_chapters_numbered_in_brackets_end_at_the_next_one() -> None:
    lines = ("（二）项目总体情况", "（二）建设内容", "建设产线。", "（三）场景实例建设方案及情况", "统一规划。")
    sections = read(FACTORY, _table(1, *TASK), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert sections["overall"].value == "（二）建设内容\n建设产线。"
    assert sections["construction_plan"].value == "统一规划。"


def test_a_chapters_heading_met_twice_makes_it_unsure() -> None:
    lines = ("（三）场景实例建设方案及情况", "（四）系统集成方案", "打通系统。", "（四）系统集成方案", "平台集成。")
    sections = read(FACTORY, _table(1, *TASK), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert sections["integration"].value
    assert not sections["integration"].certain


@pytest.mark.parametrize(
    ("lines", "own"),
    [
        # A heading that counts on from the open chapter's ends it, whatever it is called; within a part as well.
        (("三、下一步提升和推广计划", "（一）提升计划", "扩大应用。", "（二）资金来源说明", "自筹。"), "扩大应用。"),
        (("三、下一步提升和推广计划", "（一）提升计划", "扩大应用。", "三、资金来源说明", "自筹。"), "扩大应用。\n三、资金来源说明\n自筹。"),
        (("三、下一步提升和推广计划", "（一）提升计划", "扩大应用。", "（五）资金来源说明", "自筹。"), "扩大应用。\n（五）资金来源说明\n自筹。"),
    ],
)  # fmt: skip
def test_a_part_of_a_chapter_ends_where_the_next_begins(lines: tuple[str, ...], own: str) -> None:
    sections = read(TITLE, _table(1, *BASICS), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert sections["upgrade_plan"].value == own


@pytest.mark.parametrize(("number", "swallowed"), [("三", False), ("五", True), ("二", True)])
def test_a_chapter_ends_at_the_next_number_alone(number: str, swallowed: bool) -> None:
    lines = ("二、场景实例建设方案及情况", "统一规划。", f"{number}、资金来源说明", "自筹。")
    sections = read(TITLE, _table(1, *BASICS), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert ("自筹" in str(sections["construction_plan"].value)) is swallowed


def test_a_heading_whose_mark_before_it_was_deleted_with_the_chapters_end_is_a_heading() -> None:
    """As Word stores it where somebody marked the last sentence to its very end and deleted it with changes tracked."""
    change = 'w:id="1" w:author="审稿人" w:date="2023-08-01T00:00:00Z"'
    cut = (
        f"<w:p><w:pPr><w:rPr><w:del {change}/></w:rPr></w:pPr><w:r><w:t>已建成。</w:t></w:r>"
        f"<w:del {change}><w:r><w:delText>旧句。</w:delText></w:r></w:del></w:p>"
    )
    ends = ("三、下一步提升和推广计划", "（一）提升计划", "扩大。", "（二）推广应用计划", "推广。")
    for before, after, chapter in (
        (cut, "三、下一步提升和推广计划", "已建成。"),
        (cut, "并已验收。", "已建成。并已验收。"),
    ):
        body = wordml.paragraph("二、场景实例建设方案及情况") + before + wordml.paragraph(after)
        rest = ends[1:] if after == ends[0] else ends
        blocks = read_docx(wordml.package(body + "".join(map(wordml.paragraph, rest)))).blocks
        sections = small.read(TITLE, _table(1, *BASICS), *blocks).record.sections
        assert [sections[k].value for k in ("construction_plan", "upgrade_plan")] == [chapter, "扩大。"]


@pytest.mark.parametrize("own", ["（1）建设目标", "（一）建设目标", "1.建设目标", "（1）预期目标"])
def test_a_part_of_a_chapter_that_reads_like_a_part_of_a_later_one_is_its_own(own: str) -> None:
    lines = (
        "二、项目总体情况", own, "建成一座工厂。", "七、后续实施计划", "（一）预期目标", "扩大产能。", "（二）下一步建设主要内容和实施计划",
        "建二期。", "（1）建设目标", "建三期。",
    )  # fmt: skip
    sections = read(FACTORY, _table(1, *TASK), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record.sections
    assert sections["overall"].value == f"{own}\n建成一座工厂。"
    assert sections["expected_goals"].value == "扩大产能。"
    assert sections["next_steps"].value == "建二期。\n（1）建设目标\n建三期。"


@pytest.mark.parametrize("line", ["— 15 —", "-3-", "第 4 页 共 30 页"])
def test_the_number_of_a_page_among_the_paragraphs_is_no_part_of_a_chapter(line: str) -> None:
    lines = ("二、项目总体情况", "建成一座工厂。", line, "均已投产。")
    record = read(FACTORY, _table(1, *TASK), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record
    assert record.sections["overall"].value == "建成一座工厂。\n均已投产。"


@pytest.mark.parametrize(
    ("annex", "heads", "row", "key"),
    [
        (
            "附2",
            ("序号", "设备名称", "规格型号", "数量", "供应商"),
            ("1", "点胶机", "D-300", "4", "某公司"),
            "equipment",
        ),
        ("附 7", ("序号", "专利名称", "专利类型", "专利号"), ("1", "一种夹具", "发明", "ZL201720001111.2"), "patents"),
    ],
)
def test_a_table_in_a_chapter_like_one_of_an_annex_that_follows_is_the_chapters_own(
    annex: str, heads: tuple[str, ...], row: tuple[str, ...], key: str
) -> None:
    record = read(
        FACTORY, _table(1, *TASK), Paragraph("三、场景实例建设方案及情况", 3), Paragraph("投入设备如下。", 4), _table(2, heads, row),
        Paragraph("设备已投产。", 5), Paragraph(annex, 6), _table(3, heads, tuple(f"{c}甲" for c in row)),
    ).record  # fmt: skip
    assert [r["name"].value for r in record.tables[key]] == [f"{row[1]}甲"]
    text = str(record.sections["construction_plan"].value)
    assert row[1] in text
    assert text.endswith("设备已投产。")


def test_a_table_of_the_applicants_own_within_a_chapter_is_none_of_the_forms_and_ends_no_chapter() -> None:
    own = _table(2, ("序号", "设备名称", "投资（万元）"), ("1", "加工中心", "500"), ("合计", "", "500"))
    blocks = (
        Paragraph("二、项目总体情况", 3),
        Paragraph("建成一座工厂。", 4),
        own,
        Paragraph("均已投产。", 5),
        Paragraph("附4", 6),
    )
    annex = _table(3, ("序号", "装备名称", "关键参数（两到三个核心参数）", "备注"), ("1", "压装机", "效率300件", ""))
    listed = Paragraph("项目突破的关键装备清单（选填）", 7)
    record = read(FACTORY, _table(1, *TASK), *blocks, listed, annex).record
    assert [row["name"].value for row in record.tables["key_equipment"]] == ["压装机"]
    assert str(record.sections["overall"].value).startswith("建成一座工厂。\n序号")
    assert str(record.sections["overall"].value).endswith("均已投产。")


@pytest.mark.parametrize("number", ["错误!未定义书签。", "错误！未找到引用源。", "Error: Reference source not found"])
def test_a_list_of_contents_whose_pages_are_not_known_is_no_chapter(number: str) -> None:
    heads = ("二、项目总体情况", "三、场景实例建设方案及情况", "四、系统集成方案")
    contents = [Paragraph(f"{head}\t{number}", n) for n, head in enumerate(heads, 2)]
    chapters = [
        Paragraph(t, n) for n, t in enumerate(("二、项目总体情况", "总体文字。", "四、系统集成方案", "平台集成。"), 9)
    ]
    sections = read(FACTORY, *contents, _table(1, *TASK), *chapters).record.sections
    assert [sections[k].value for k in ("overall", "integration")] == ["总体文字。", "平台集成。"]
    assert sections["construction_plan"].value is None


@pytest.mark.parametrize("title", ["附1 场景实例描述表", "附1：场景实例描述", "附件1 场景实例描述一览表"])
def test_the_title_of_an_annex_ends_the_chapter_with_a_word_for_a_table_behind_it_too(title: str) -> None:
    row = ("1", "生产作业", "人机协同制造", "机加线人机协同", "描述", "痛点", "方案", "成效")
    blocks = (Paragraph("四、相关附件", 3), Paragraph(title, 4), Paragraph("场景实例1", 5), _table(2, small.HEAD, row))
    record = read(TITLE, _table(1, *BASICS), *blocks).record
    assert record.sections["attachments"].value is None
    assert [r["instance"].value for r in record.tables["scenes"]] == ["机加线人机协同"]
