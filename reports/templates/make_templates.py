"""Makes the Word templates beside it. Run it once to have them anew; an office may then edit them in Word.

    python reports/templates/make_templates.py

Layout after GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 方正小标宋 2号, body 仿宋 3号, headings 黑体 and 楷体,
lines of 29 pt, page numbers — 1 — in 4号 宋体, right on odd pages and left on even ones. Sizes: 2号 22 pt, 3号 16 pt,
4号 14 pt, 5号 10.5 pt.
"""
# ruff: noqa: SLF001 - python-docx has no public way to most of what an official layout needs

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt

from catalog import Catalog, load
from reports.atomic import repack

HERE = Path(__file__).resolve().parent
SONG_TITLE, FANGSONG, HEITI, KAITI, SONGTI = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
# What Word, WPS and LibreOffice take where a font is missing, in this order.
ALTERNATIVES = {
    SONG_TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体,SimSun",
    FANGSONG: "仿宋_GB2312,FangSong,华文仿宋,STFangsong,方正仿宋_GBK",
    HEITI: "SimHei,华文黑体,方正黑体_GBK",
    KAITI: "楷体_GB2312,KaiTi,华文楷体,STKaiti,方正楷体_GBK",
    SONGTI: "SimSun,方正书宋_GBK,华文宋体",
}
BODY, CELL, HEAD = "Normal", "表格文字", "表格标题"


def new_document() -> Any:
    """An empty document with the styles, page and page numbers of an official paper."""
    doc = Document()
    body = doc.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    _styles(doc)
    _page(doc)
    _page_numbers(doc)
    _font_table(doc)
    _drop_unused(doc)
    props = doc.core_properties
    props.author, props.title, props.comments, props.last_modified_by = "shenbao", "", "", "shenbao"
    props.created = props.modified = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Office knows no time zone here
    return doc


def _font(style: Any, name: str, size: float, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = "Times New Roman", Pt(size), bold
    style.font.color.rgb = None
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:color")):
        properties.remove(old)
    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{key}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), name)


def _paragraph(style: Any, *, line: float, indent: int = 0, align: Any = None) -> None:
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    form.alignment = align
    form.widow_control = True
    _indent(style.element.get_or_add_pPr(), indent)


def _indent(properties: Any, characters: int) -> None:
    """Indent the first line by so many characters (of 16 pt), 0 for none though the base style has one."""
    ind = properties.get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(characters * 100))
    ind.set(qn("w:firstLine"), str(characters * 320))


def _styles(doc: Any) -> None:
    styles = doc.styles
    normal = styles[BODY]
    _font(normal, FANGSONG, 16)
    _paragraph(normal, line=29, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    title = styles["Title"]
    for old in title.element.get_or_add_pPr().findall(qn("w:pBdr")):
        title.element.pPr.remove(old)
    _font(title, SONG_TITLE, 22)
    _paragraph(title, line=36, align=WD_ALIGN_PARAGRAPH.CENTER)
    for level, font, bold in ((1, HEITI, False), (2, KAITI, False), (3, FANGSONG, True)):
        heading = styles[f"Heading {level}"]
        _font(heading, font, 16, bold=bold)
        _paragraph(heading, line=29, indent=2, align=WD_ALIGN_PARAGRAPH.LEFT)
        heading.paragraph_format.keep_with_next = True
    for name, font, align in ((CELL, FANGSONG, WD_ALIGN_PARAGRAPH.LEFT), (HEAD, HEITI, WD_ALIGN_PARAGRAPH.CENTER)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        # A head never stands alone at the foot of a page.
        style.paragraph_format.keep_with_next = name == HEAD
        _font(style, font, 10.5)
        _paragraph(style, line=16, align=align)


def _drop_unused(doc: Any) -> None:
    """Leave out what python-docx's own template brings and no paper of ours uses: it is read and written with each."""
    styles = doc.styles.element
    kept = {
        BODY,
        "Title",
        "Table Grid",
        "Normal Table",
        "Default Paragraph Font",
        "No List",
        "Header",
        "Footer",
        CELL,
        HEAD,
    }
    kept |= {f"Heading {level}" for level in (1, 2, 3)}
    for style in list(styles.findall(qn("w:style"))):
        name = style.find(qn("w:name")).get(qn("w:val"))
        if name not in kept and name.replace("heading", "Heading") not in kept and name.title() not in kept:
            styles.remove(style)
        else:
            for link in style.findall(qn("w:link")):
                style.remove(link)
    package = doc.part.package
    for owner in (package, doc.part):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/customXml", "/numbering", "/stylesWithEffects")):
                del owner.rels[key]


def _page(doc: Any) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)


def _page_numbers(doc: Any) -> None:
    doc.settings.odd_and_even_pages_header_footer = True
    section = doc.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        fonts = '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
        paragraph = parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:ind w:firstLineChars="0" w:firstLine="0" w:leftChars="100" w:left="280" '
            f'w:rightChars="100" w:right="280"/><w:jc w:val="{align}"/></w:pPr>'
            f'<w:r>{fonts}<w:t xml:space="preserve">— </w:t></w:r>'
            f'<w:fldSimple w:instr=" PAGE "><w:r>{fonts}<w:t>1</w:t></w:r></w:fldSimple>'
            f'<w:r>{fonts}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
        )
        for old in list(footer._element):
            footer._element.remove(old)
        footer._element.append(paragraph)


def _font_table(doc: Any) -> None:
    """Name each font's alternatives, so that a machine without 方正小标宋 falls back to a Song."""
    part = next(p for p in doc.part.package.parts if str(p.partname) == "/word/fontTable.xml")
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        '<w:pitch w:val="default"/></w:font>'
        for name, others in ALTERNATIVES.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    part._blob = xml.encode("utf-8")


def add_table(
    doc: Any,
    widths: Sequence[float],
    heads: Sequence[str],
    loop: str,
    cells: Sequence[str],
    *,
    centred: Sequence[int] = (),
    whole: bool = True,
) -> None:
    """A ruled table with a head row that repeats, and a row for each round of ``loop`` (``问题 in 项目.问题``).

    ``whole`` rows are not divided between pages."""
    table = doc.add_table(rows=4, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(int(Emu(Mm(width)).twips)))
    rows = [list(heads), [f"{{%tr for {loop} %}}"], list(cells), ["{%tr endfor %}"]]
    for number, texts in enumerate(rows):
        row = table.rows[number]
        properties = row._tr.get_or_add_trPr()
        if whole or number == 0:
            properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for at, width in enumerate(widths):
            cell = row.cells[at]
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.style = doc.styles[HEAD if number == 0 else CELL]
            if number == 2 and at in centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if at < len(texts):
                paragraph.add_run(texts[at])
    _margins(table)


def _margins(table: Any) -> None:
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
    )
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)


def add(doc: Any, text: str, style: str = BODY, align: Any = None) -> Any:
    paragraph = doc.add_paragraph(text, style=doc.styles[style])
    if align is not None:
        paragraph.alignment = align
    return paragraph


def unindented(doc: Any, text: str, align: Any = None) -> Any:
    """A paragraph of body text without the indent of two characters."""
    paragraph = add(doc, text, BODY, align)
    _indent(paragraph._p.get_or_add_pPr(), 0)
    return paragraph


def save(doc: Any, name: str) -> None:
    buffer = io.BytesIO()
    doc.save(buffer)
    (HERE / name).write_bytes(repack(buffer.getvalue()))


FINDING_WIDTHS = (12, 20, 28, 72, 24)
FINDING_HEADS = ("序号", "级别", "位置", "问题、证据与要求", "依据")
FINDING_CELLS = ("{{ 问题.序号 }}", "{{ 问题.级别 }}", "{{ 问题.位置 }}", "{{ 问题.内容 }}", "{{ 问题.依据 }}")


def review_report() -> None:
    doc = new_document()
    add(doc, "{{ 推荐单位 }}{{ 年度 }}年度申报材料审查报告", "Title")
    unindented(doc, "（{{ 通知文号 }}）", WD_ALIGN_PARAGRAPH.CENTER)
    add(doc, "")
    add(doc, "一、总体情况", "Heading 1")
    add(doc, "{%p for 段 in 概述 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    add_table(
        doc,
        (30, 18, 24, 20, 24, 20, 20),
        ("类别", "申报书", "未发现问题", "需补正", "不符合条件", "汇总表推荐", "推荐限额"),
        "行 in 统计",
        tuple(
            f"{{{{ 行.{k} }}}}"
            for k in ("类别", "申报书", "未发现问题", "需补正", "不符合条件", "汇总表推荐", "推荐限额")
        ),
        centred=range(7),
    )
    add(doc, "{%p if 常见问题 %}")
    add(doc, "最常见的问题：", BODY)
    add_table(
        doc,
        (16, 100, 20, 20),
        ("规则", "内容", "涉及项目", "问题处数"),
        "行 in 常见问题",
        ("{{ 行.规则 }}", "{{ 行.内容 }}", "{{ 行.项目 }}", "{{ 行.处数 }}"),
        centred=(0, 2, 3),
    )
    add(doc, "{%p endif %}")
    add(doc, "二、推荐情况", "Heading 1")
    add(doc, "{%p for 段 in 推荐概述 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    add(doc, "{%p if 推荐问题 %}")
    add_table(doc, FINDING_WIDTHS, FINDING_HEADS, "问题 in 推荐问题", FINDING_CELLS, centred=(0, 1))
    add(doc, "{%p endif %}")
    add(doc, "三、各申报项目审查情况", "Heading 1")
    add(doc, "{%p for 组 in 分组 %}")
    add(doc, "{{ 组.标题 }}", "Heading 2")
    add(doc, "{%p for 项目 in 组.项目 %}")
    add(doc, "{{ 项目.标题 }}", "Heading 3")
    add(doc, "{%p for 段 in 项目.说明 %}")
    add(doc, "{{ 段 }}").paragraph_format.keep_with_next = True
    add(doc, "{%p endfor %}")
    add(doc, "{{ 项目.文件 }}", CELL).paragraph_format.keep_with_next = True
    add(doc, "{%p if 项目.问题 %}")
    add_table(doc, FINDING_WIDTHS, FINDING_HEADS, "问题 in 项目.问题", FINDING_CELLS, centred=(0, 1))
    add(doc, "{%p endif %}")
    add(doc, "{%p endfor %}")
    add(doc, "{%p if 组.清单 %}")
    add(doc, "{{ 组.清单说明 }}").paragraph_format.keep_with_next = True
    add_table(
        doc,
        (10, 52, 20, 74),
        ("序号", "申报单位", "表式", "项目名称"),
        "行 in 组.清单",
        ("{{ 行.序号 }}", "{{ 行.单位 }}", "{{ 行.表式 }}", "{{ 行.项目名称 }}"),
        centred=(0, 2),
    )
    add(doc, "{%p endif %}")
    add(doc, "{%p endfor %}")
    add(doc, "四、须人工核对的事项", "Heading 1")
    add(doc, "{{ 待判断说明 }}")
    add(doc, "{%p if 待判断 %}")
    add_table(
        doc,
        (12, 44, 40, 60),
        ("项目", "申报单位", "审查内容", "为何不能判断"),
        "行 in 待判断",
        ("{{ 行.项目 }}", "{{ 行.单位 }}", "{{ 行.内容 }}", "{{ 行.原因 }}"),
        centred=(0,),
    )
    add(doc, "{%p endif %}")
    add(doc, "五、审查范围", "Heading 1")
    add(doc, "{{ 范围说明 }}")
    add_table(
        doc,
        (14, 58, 24, 14, 14, 16, 16),
        ("规则", "内容", "级别", "应用", "发现", "不能判断", "不适用"),
        "行 in 规则",
        tuple(f"{{{{ 行.{k} }}}}" for k in ("规则", "内容", "级别", "应用", "发现", "不能判断", "不适用")),
        centred=(0, 2, 3, 4, 5, 6),
    )
    add(doc, "{%p if 未纳入 %}")
    add(doc, "下列文件未纳入审查：")
    add_table(doc, (100, 56), ("文件", "原因"), "行 in 未纳入", ("{{ 行.文件 }}", "{{ 行.原因 }}"))
    add(doc, "{%p endif %}")
    add(doc, "")
    unindented(doc, "审查人：　　　　　复核人：　　　　　　　年　　月　　日")
    save(doc, "审查报告.docx")


def letter() -> None:
    """补正通知: a letter an applicant understands."""
    doc = new_document()
    add(doc, "补正通知", "Title")
    add(doc, "")
    unindented(doc, "{{ 申报单位 }}：")
    which = "（{% if 项目名称 %}项目名称：{{ 项目名称 }}，{% endif %}文件：{{ 文件 }}）"
    basis = "依据《{{ 通知标题 }}》（{{ 通知文号 }}）审查，有下列{{ 件数 }}处须核实或者补正，现一次性告知。"
    add(doc, f"你单位报送的{{{{ 年度 }}}}年度{{{{ 表式 }}}}申报材料{which}收悉。{basis}")
    for key, title, ask in (
        (
            "条件",
            "涉及申报条件的事项",
            "下列内容与申报条件不符。填写有误的，请更正并附证明材料；填写无误的，请书面说明：",
        ),
        ("补正", "须补正的事项", "请按下列意见逐项补正："),
    ):
        add(doc, f"{{%p if {key} %}}")
        add(doc, title, "Heading 1")
        add(doc, ask)
        add(doc, f"{{%p for 项 in {key} %}}")
        add(doc, "{{ 项.序号 }}.{% if 项.位置 %}{{ 项.位置 }}：{% endif %}{{ 项.内容 }}（依据：{{ 项.依据 }}）")
        add(doc, "{%p endfor %}")
        add(doc, "{%p endif %}")
    add(
        doc,
        "请于{{ 期限 }}前将补正后的完整申报书重新报送{{ 推荐单位 }}主管部门，纸质材料与线上填报内容应当一致。",
    ).paragraph_format.keep_with_next = True
    add(doc, "").paragraph_format.keep_with_next = True
    sender = unindented(doc, "{{ 推荐单位 }}主管部门（盖章）　　", WD_ALIGN_PARAGRAPH.RIGHT)
    sender.paragraph_format.keep_with_next = True
    unindented(doc, "年　　月　　日　　", WD_ALIGN_PARAGRAPH.RIGHT)
    save(doc, "补正通知.docx")


def summary_table(catalog: Catalog) -> None:
    """附件4 as the notice prints it; its title, heads and note are the catalog's."""
    form = catalog.forms["summary"]
    doc = new_document()
    paragraph = unindented(doc, form.annex)
    for run in paragraph.runs:
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEITI)
    add(doc, form.title, "Title")
    unindented(doc, "推荐单位（盖章）：{{ 推荐单位 }}")
    layouts = {
        "scene_recommendations": ("优秀场景", (12, 34, 64, 16, 30), ("序号", "企业", "实例", "联系人", "手机")),
        "factory_recommendations": (
            "示范工厂",
            (12, 25, 25, 48, 16, 30),
            ("序号", "企业", "工厂", "实例", "联系人", "手机"),
        ),
    }
    for number, table in enumerate(form.tables, 1):
        key, widths, cells = layouts[table.key]
        add(doc, f"{number}.{table.titles[0]}", "Heading 1")
        heads = [c.label for c in table.columns]
        fields = tuple(f"{{{{ 行.{cell} }}}}" for cell in cells)
        add_table(doc, widths, heads, f"行 in {key}", fields, centred=(0, len(cells) - 2, len(cells) - 1), whole=False)
        add(doc, catalog.clause(f"{form.annex} 注"), CELL)
    save(doc, "推荐汇总表.docx")


def round_report() -> None:
    """全市审查报告: the districts side by side."""
    doc = new_document()
    add(doc, "{{ 年度 }}年度申报材料审查情况汇总", "Title")
    unindented(doc, "（{{ 通知文号 }}）", WD_ALIGN_PARAGRAPH.CENTER)
    add(doc, "")
    add(doc, "一、总体情况", "Heading 1")
    add(doc, "{%p for 段 in 概述 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    add(doc, "二、各推荐单位情况", "Heading 1")
    heads = ("推荐单位", "场景", "限额", "工厂", "限额", "未发现问题", "需补正", "不符合条件", "无法读取")
    keys = ("推荐单位", "场景", "场景限额", "工厂", "工厂限额", "未发现问题", "需补正", "不符合条件", "无法读取")
    cells = tuple(f"{{{{ 行.{key} }}}}" for key in keys)
    add_table(doc, (28, 13, 13, 13, 13, 20, 18, 20, 18), heads, "行 in 各单位", cells, centred=range(1, 9))
    add(doc, "三、最常见的问题", "Heading 1")
    add(doc, "{%p if not 常见问题 %}")
    add(doc, "未发现问题。")
    add(doc, "{%p endif %}")
    add(doc, "{%p if 常见问题 %}")
    add_table(
        doc,
        (16, 100, 20, 20),
        ("规则", "内容", "涉及项目", "问题处数"),
        "行 in 常见问题",
        ("{{ 行.规则 }}", "{{ 行.内容 }}", "{{ 行.项目 }}", "{{ 行.处数 }}"),
        centred=(0, 2, 3),
    )
    add(doc, "{%p endif %}")
    add(doc, "四、行业与场景覆盖", "Heading 1")
    add(doc, "{%p for 段 in 覆盖 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    add(doc, "五、雷同文字", "Heading 1")
    add(doc, "{{ 雷同说明 }}")
    add(doc, "{%p if 雷同 %}")
    add_table(
        doc,
        (44, 26, 86),
        ("申报单位", "推荐单位", "情况"),
        "行 in 雷同",
        ("{{ 行.单位 }}", "{{ 行.推荐单位 }}", "{{ 行.情况 }}"),
    )
    add(doc, "{%p endif %}")
    add(doc, "六、与上次相比", "Heading 1")
    add(doc, "{{ 变化说明 }}")
    add(doc, "{%p if 变化 %}")
    add_table(
        doc,
        (48, 27, 27, 27, 27),
        ("推荐单位", "新出现", "已改正", "仍未改正", "不再收到"),
        "行 in 变化",
        ("{{ 行.推荐单位 }}", "{{ 行.新 }}", "{{ 行.改 }}", "{{ 行.仍 }}", "{{ 行.去 }}"),
        centred=range(1, 5),
    )
    add(doc, "{%p endif %}")
    save(doc, "全市审查报告.docx")


def main() -> None:
    review_report()
    letter()
    summary_table(load())
    round_report()


if __name__ == "__main__":
    main()
