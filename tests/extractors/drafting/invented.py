"""Blank forms of programmes that do not exist, each laid out in another way, with python-docx."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.table import Table


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def grid(document: Document, rows: Sequence[Sequence[str]]) -> Table:
    """A table; "<" joins a cell with the one before it, "^" with the one above."""
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)), style="Table Grid")
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("<", "^"):
                table.cell(r, c).text = text
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            right, down = c, r
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while down + 1 < len(rows) and rows[down + 1][c] == "^":
                down += 1
            if (right, down) != (c, r):
                table.cell(r, c).merge(table.cell(down, right)).text = text
    return table


def reservoir() -> bytes:
    """水库: underlined cover lines, four columns of labels, groups, years, boxes, numbered chapters."""
    d = docx.Document()
    for line in ("附件2", "乡村小水库管护示范点", "申报书", "（2031年度）"):
        d.add_paragraph(line)
    for line in ("示范点名称", "申 报 单 位", "推 荐 单 位", "填 报 日 期"):
        d.add_paragraph(f"{line}：____________________")
    d.add_paragraph("填表说明")
    d.add_paragraph("一、本表用A4纸打印，一式三份。")
    d.add_paragraph("二、没有的内容请填写“无”。")
    d.add_paragraph("一、申报单位基本情况")
    grid(
        d,
        [
            ["单位名称", "", "统一社会信用代码", ""],
            ["单位性质", "□事业单位 □国有企业 □其他：______", "职工人数（人）", ""],
            ["通讯地址", "", "邮政编码", ""],
            ["负责人", "姓名", "", "办公电话"],
            ["", "", "", ""],
        ][:3],
    )
    grid(
        d,
        [
            ["联系人", "姓名", "", "职务", ""],
            ["^", "手机", "", "电子邮箱", ""],
            ["是否发生过安全事故", "<", "□是（发生时间：       ）  □否", "<", "<"],
        ],
    )
    d.add_paragraph("二、水库与管护情况")
    grid(
        d,
        [
            ["项目", "2029年", "2030年"],
            ["管护经费（万元）", "", ""],
            ["巡查次数（次）", "", ""],
            ["设备完好率（%）", "", ""],
        ],
    )
    d.add_paragraph("三、管护工作情况（不超过1500字）")
    d.add_paragraph("（围绕组织、制度、经费、成效等方面填写。）")
    d.add_paragraph("四、下一步工作计划")
    d.add_paragraph("（一）工作目标")
    d.add_paragraph("")
    d.add_paragraph("（二）保障措施（800字以内）")
    d.add_paragraph("")
    d.add_paragraph("附表1")
    d.add_paragraph("管护人员名册")
    grid(
        d,
        [
            ["序号", "姓名", "岗位", "上岗时间", "备注"],
            ["1", "", "", "", ""],
            ["2", "", "", "", ""],
            ["……", "", "", "", ""],
        ],
    )
    return saved(d)


def band() -> bytes:
    """群众乐团: one table with headings across, a person's block, members, money by item, room beneath, opinions."""
    d = docx.Document()
    d.add_paragraph("群众乐团扶持项目申请表")
    grid(
        d,
        [
            ["一、基本信息", "<", "<", "<", "<", "<"],
            ["乐团名称", "<", "", "<", "<", "<"],
            ["成立时间", "<", "", "<", "申请类别", "新建/提升/巡演"],
            ["负责人", "姓名", "", "性别", "", "（贴照片处）"],
            ["^", "身份证号码", "", "手机号码", "", "^"],
            ["主要成员", "姓名", "年龄", "乐器", "从艺年限（年）", "<"],
            ["^", "", "", "", "", "<"],
            ["^", "", "", "", "", "<"],
            ["^", "", "", "", "", "<"],
            ["二、资金情况", "<", "<", "<", "<", "<"],
            ["科目", "<", "申请金额（元）", "<", "自筹金额（元）", "<"],
            ["乐器购置", "<", "", "<", "", "<"],
            ["排练场地", "<", "", "<", "", "<"],
            ["三、演出计划（限600字）", "<", "<", "<", "<", "<"],
            ["\n\n\n", "<", "<", "<", "<", "<"],
            ["诚信\n承诺", "<", "本团承诺所填内容属实。\n负责人签字：\n年   月   日", "<", "<", "<"],
            ["街道审核意见", "<", "（盖章）\n年   月   日", "<", "<", "<"],
        ],
    )
    return saved(d)


def summary() -> bytes:
    """推荐汇总表: a line above, heads of two levels, an example."""
    d = docx.Document()
    d.add_paragraph("附件5")
    d.add_paragraph("群众乐团扶持项目推荐汇总表")
    d.add_paragraph("推荐单位（盖章）：              填表日期：    年  月  日")
    grid(
        d,
        [
            ["序号", "乐团名称", "负责人", "<", "申请金额（万元）"],
            ["^", "^", "姓名", "手机", "^"],
            ["示例", "晨曦乐团", "某某", "", "3"],
            ["1", "", "", "", ""],
            ["2", "", "", "", ""],
        ],
    )
    d.add_paragraph("注：按推荐顺序填写。")
    return saved(d)


def progress() -> bytes:
    """中期检查表: people's rows, boxes behind the options, units in the answer's cell, a span of days, texts to be signed."""
    d = docx.Document()
    d.add_paragraph("山地果园改造项目中期检查表")
    grid(
        d,
        [
            ["项目负责人", "", "单位", ""],
            ["联系电话", "", "E-mail", ""],
            ["指导老师", "", "职称", ""],
            ["检查时间", "   年  月  日至   年  月  日", "已到位资金", "万元"],
            ["自筹经费", "", "执行情况", "提前完成（  ） 按时完成（  ） 请打“√”"],
            ["项目进展和资金使用情况（含阶段成果）：\n\n\n项目负责人签名：\n  年  月  日", "<", "<", "<"],
            ["县级农业部门审核意见：\n\n（盖章）\n  年  月  日", "<", "<", "<"],
            ["填表人签字：        年  月  日", "<", "<", "<"],
        ],
    )
    return saved(d)


def midterm() -> bytes:
    """中期检查表 of a research project: an answer of nearly every type, several boxes to tick, figures in columns, a promise beneath a heading."""
    d = docx.Document()
    for line in ("附件5", "区级科研项目中期检查表"):
        d.add_paragraph(line)
    for label in ("项目编号", "项目名称", "承担单位", "归口管理部门"):
        d.add_paragraph(f"{label}：______________")
    d.add_paragraph("填表日期：2032年  月  日")
    d.add_paragraph("一、项目基本情况")
    grid(
        d,
        [
            ["立项日期", "年  月  日", "起止时间", "年 月 至 年 月"],
            ["项目负责人", "", "联系手机", ""],
            ["身份证号码", "", "邮政编码", ""],
            ["单位网址", "", "统一社会信用代码", ""],
            ["总经费（万元）", "", "经费执行率（%）*", ""],
            ["研究领域（可多选）", "□新材料  □生物医药  □集成电路", "<", "<"],
            ["项目进展", "□提前  □按期  □滞后", "<", "<"],
            ["阶段成果摘要（限300字以内）", "", "<", "<"],
        ],
    )
    d.add_paragraph("二、经费使用情况")
    grid(d, [["科目", "预算数（万元）", "完成率（%）", "联系电话"], ["", "", "", ""], ["", "", "", ""]])
    d.add_paragraph("三、存在问题及改进措施（不超过800字）")
    d.add_paragraph("（写明问题、原因和下一步打算）")
    d.add_paragraph("四、承担单位承诺")
    d.add_paragraph("本单位承诺以上内容真实。")
    d.add_paragraph("法定代表人（签字）：        单位（盖章）：")
    d.add_paragraph("承诺日期：2032年  月  日")
    return saved(d)


def signed_at_the_end() -> bytes:
    """A chapter with a limit right before the table of the promise and the office's opinion; a table with words above it."""
    d = docx.Document()
    for line in ("附件2", "示范果园申报书"):
        d.add_paragraph(line)
    for label in ("果园名称", "申报单位", "推荐单位"):
        d.add_paragraph(f"{label}：______________")
    d.add_paragraph("一、果园基本情况")
    grid(d, [["占地面积（亩）", "", "联系人", ""], ["主栽品种", "", "联系手机", ""]])
    d.add_paragraph("二、改造项目")
    d.add_paragraph("（填写近三年的项目，不少于2项）")
    grid(d, [["序号", "项目名称", "总投资（万元）"], ["1", "", ""], ["2", "", ""]])
    d.add_paragraph("三、实施成效")
    d.add_paragraph("（用数据说明，限1000字）")
    d.add_paragraph("")
    grid(
        d,
        [
            ["申报单位承诺", "本单位对材料的真实性负责。\n\n负责人（签字）：        （盖章）\n    年   月   日"],
            ["推荐单位意见", "\n\n        （盖章）\n    年   月   日"],
        ],
    )
    return saved(d)


def plain_cover() -> bytes:
    """科普讲堂: a caption before the title, cover lines without colons, a date among them."""
    d = docx.Document()
    for line in (
        "附件：社区科普讲堂申报书",
        "项目编号：",
        "社区科普讲堂",
        "申报书",
        "项目名称                  ",
        "申报单位                  ",
    ):
        d.add_paragraph(line)
    d.add_paragraph("申报日期      年   月   日")
    d.add_paragraph("一、申报单位基本情况")
    grid(d, [["单位名称", "", "联系人", ""]])
    return saved(d)


def filled() -> bytes:
    """A form that somebody filled in, given in place of a blank."""
    d = docx.Document()
    d.add_paragraph("小型气象站建设申请表")
    d.add_paragraph("项目名称：云台山小型气象站")
    grid(
        d,
        [
            ["联系人", "林某某", "手机", "13900000000"],
            ["身份证号码", "11010119900101999X", "电子邮箱", "lin@somewhere-example.cn"],
        ],
    )
    return saved(d)
