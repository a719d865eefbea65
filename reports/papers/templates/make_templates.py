"""Makes the Word templates beside it. Run it to have them anew; an office may edit them in Word.

python -m reports.papers.templates.make_templates
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from reports.papers.templates.layout import CELL, add, add_table, new_document, packed, unindented

HERE = Path(__file__).resolve().parent

FINDING_WIDTHS = (11, 24, 31, 68, 22)
FINDING_HEADS = ("序号", "级别", "位置", "问题、证据与要求", "依据")
FINDING_CELLS = ("{{ 问题.序号 }}", "{{ 问题.级别 }}", "{{ 问题.位置 }}", "{{ 问题.内容 }}", "{{ 问题.依据 }}")


def save(doc: Any, name: str) -> None:
    (HERE / name).write_bytes(packed(doc))


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
        (26, 18, 25, 18, 25, 25, 19),
        ("类别", "申报书", "未发现问题", "需补正", "不符合条件", "汇总表推荐", "推荐限额"),
        "行 in 统计",
        tuple(
            f"{{{{ 行.{k} }}}}"
            for k in ("类别", "申报书", "未发现问题", "需补正", "不符合条件", "汇总表推荐", "推荐限额")
        ),
        centred=range(7),
    )
    add(doc, "{%p if 常见问题 %}")
    add(doc, "最常见的问题：").paragraph_format.keep_with_next = True
    add_table(
        doc,
        (16, 98, 21, 21),
        ("规则", "内容", "涉及项目", "问题处数"),
        "行 in 常见问题",
        ("{{ 行.规则 }}", "{{ 行.内容 }}", "{{ 行.项目 }}", "{{ 行.处数 }}"),
        centred=(0, 2, 3),
    )
    add(doc, "{%p endif %}")
    _recommendation(doc)
    _applications(doc)
    _unsure(doc)
    _scope(doc)
    add(doc, "")
    unindented(doc, "审查人：　　　　　复核人：　　　　　　　年　　月　　日")
    save(doc, "审查报告.docx")


def _recommendation(doc: Any) -> None:
    add(doc, "二、推荐情况", "Heading 1")
    add(doc, "{%p for 段 in 推荐概述 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    add(doc, "{%p if 推荐问题 %}")
    add_table(doc, FINDING_WIDTHS, FINDING_HEADS, "问题 in 推荐问题", FINDING_CELLS, centred=(0, 1), whole=False)
    add(doc, "{%p endif %}")


def _applications(doc: Any) -> None:
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
    add_table(doc, FINDING_WIDTHS, FINDING_HEADS, "问题 in 项目.问题", FINDING_CELLS, centred=(0, 1), whole=False)
    add(doc, "{%p endif %}")
    add(doc, "{%p endfor %}")
    add(doc, "{%p if 组.清单 %}")
    add(doc, "{{ 组.清单说明 }}").paragraph_format.keep_with_next = True
    add_table(
        doc,
        (12, 52, 22, 70),
        ("序号", "申报单位", "表式", "项目名称"),
        "行 in 组.清单",
        ("{{ 行.序号 }}", "{{ 行.单位 }}", "{{ 行.表式 }}", "{{ 行.项目名称 }}"),
        centred=(0, 2),
    )
    add(doc, "{%p endif %}")
    add(doc, "{%p endfor %}")


def _unsure(doc: Any) -> None:
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


def _scope(doc: Any) -> None:
    add(doc, "五、审查范围", "Heading 1")
    add(doc, "{{ 范围说明 }}")
    add_table(
        doc,
        (14, 52, 25, 13, 13, 21, 18),
        ("规则", "内容", "级别", "应用", "发现", "不能判断", "不适用"),
        "行 in 规则",
        tuple(f"{{{{ 行.{k} }}}}" for k in ("规则", "内容", "级别", "应用", "发现", "不能判断", "不适用")),
        centred=(0, 2, 3, 4, 5, 6),
    )
    add(doc, "{%p if 未纳入 %}")
    add(doc, "下列文件未纳入审查：")
    add_table(doc, (100, 56), ("文件", "原因"), "行 in 未纳入", ("{{ 行.文件 }}", "{{ 行.原因 }}"))
    add(doc, "{%p endif %}")


def letter() -> None:
    """补正通知 and what goes in its place: all words are the pack's."""
    doc = new_document()
    add(doc, "{{ 标题 }}", "Title")
    unindented(doc, "{{ 文号 }}", WD_ALIGN_PARAGRAPH.CENTER)
    add(doc, "")
    unindented(doc, "{{ 申报单位 }}：")
    _paragraphs(doc, "正文")
    add(doc, "{%p for 类 in 事项 %}")
    add(doc, "{{ 类.标题 }}", "Heading 1")
    add(doc, "{{ 类.要求 }}").paragraph_format.keep_with_next = True
    add(doc, "{%p for 项 in 类.项 %}")
    point = add(doc, "{{ 项.序号 }}.{% if 项.位置 %}{{ 项.位置 }}：{% endif %}{{ 项.内容 }}（{{ 项.依据 }}）")
    # Codes and addresses do not break: justified, the line before them would be torn apart.
    point.alignment = WD_ALIGN_PARAGRAPH.LEFT
    add(doc, "{%p endfor %}")
    add(doc, "{%p endfor %}")
    _paragraphs(doc, "结尾", keep=True)
    add(doc, "{{ 联系 }}").paragraph_format.keep_with_next = True
    add(doc, "").paragraph_format.keep_with_next = True
    sender = unindented(doc, "{{ 署名 }}　　", WD_ALIGN_PARAGRAPH.RIGHT)
    sender.paragraph_format.keep_with_next = True
    unindented(doc, "{{ 日期 }}　　", WD_ALIGN_PARAGRAPH.RIGHT)
    save(doc, "补正通知.docx")


def _paragraphs(doc: Any, name: str, *, keep: bool = False) -> None:
    """A list of texts, a paragraph each; ``keep`` keeps them with what follows."""
    add(doc, f"{{%p for 段 in {name} %}}")
    add(doc, "{{ 段 }}").paragraph_format.keep_with_next = keep
    add(doc, "{%p endfor %}")


def corrections() -> None:
    """更正清单: what the recommender has to correct itself."""
    doc = new_document()
    add(doc, "{{ 标题 }}", "Title")
    add(doc, "")
    _paragraphs(doc, "正文")
    add(doc, "{%p for 类 in 事项 %}")
    add(doc, "{{ 类.标题 }}", "Heading 1")
    add_table(
        doc,
        (11, 42, 58, 25, 20),
        ("序号", "对象", "须更正的问题", "依据", "更正情况"),
        "项 in 类.项",
        ("{{ 项.序号 }}", "{{ 项.对象 }}", "{{ 项.内容 }}", "{{ 项.依据 }}", ""),
        centred=(0,),
        whole=False,
    )
    add(doc, "{%p endfor %}")
    _paragraphs(doc, "结尾", keep=True)
    add(doc, "").paragraph_format.keep_with_next = True
    unindented(doc, "{{ 署名 }}")
    save(doc, "更正清单.docx")


def _recommenders(doc: Any) -> None:
    """The recommenders beside one another, with two columns for each class of applications."""
    add(doc, "二、各推荐单位情况", "Heading 1")
    states = ("未发现问题", "需补正", "不符合条件", "无法读取")
    each = ("{%tc for 类 in 类别 %}", "{{ 类.名称 }}", "限额", "{%tc endfor %}")
    counts = ("{%tc for 数 in 行.各类 %}", "{{ 数.报送 }}", "{{ 数.限额 }}", "{%tc endfor %}")
    cells = ("{{ 行.推荐单位 }}", *counts, *(f"{{{{ 行.{key} }}}}" for key in states))
    add_table(
        doc,
        (26, 13, 13, 13, 13, 24, 16, 24, 19),
        ("推荐单位", *each, *states),
        "行 in 各单位",
        cells,
        centred=range(1, 9),
    )


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
    _recommenders(doc)
    add(doc, "三、最常见的问题", "Heading 1")
    add(doc, "{%p if not 常见问题 %}")
    add(doc, "未发现问题。")
    add(doc, "{%p endif %}")
    add(doc, "{%p if 常见问题 %}")
    add_table(
        doc,
        (16, 98, 21, 21),
        ("规则", "内容", "涉及项目", "问题处数"),
        "行 in 常见问题",
        ("{{ 行.规则 }}", "{{ 行.内容 }}", "{{ 行.项目 }}", "{{ 行.处数 }}"),
        centred=(0, 2, 3),
    )
    add(doc, "{%p endif %}")
    add(doc, "四、{{ 覆盖标题 }}", "Heading 1")
    add(doc, "{%p for 段 in 覆盖 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    add(doc, "五、雷同文字", "Heading 1")
    add(doc, "{{ 雷同说明 }}")
    add(doc, "{%p if 雷同 %}")
    add_table(
        doc,
        (34, 34, 88),
        ("申报单位甲", "申报单位乙", "情况"),
        "行 in 雷同",
        ("{{ 行.甲 }}", "{{ 行.乙 }}", "{{ 行.情况 }}"),
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
    corrections()
    round_report()


if __name__ == "__main__":
    main()
