"""Makes the Word templates beside it. Run it to have them anew; an office may edit them in Word.

python -m reports.papers.templates.make_templates
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from reports.papers.templates.layout import (
    BODY,
    CELL,
    CONTENTS_TITLE,
    DENSE,
    LISTED,
    LISTED_TITLE,
    PICTURE,
    add,
    add_table,
    contents_field,
    list_styles,
    new_document,
    packed,
    unindented,
)

HERE = Path(__file__).resolve().parent

FINDING_WIDTHS = (11, 24, 31, 68, 22)
FINDING_HEADS = ("序号", "级别", "位置", "问题、证据与要求", "依据")
FINDING_CELLS = tuple(f"{{{{ 问题.{k} }}}}" for k in ("序号", "级别", "位置", "内容", "依据"))


def save(doc: Any, name: str) -> None:
    (HERE / name).write_bytes(packed(doc))


def table_of(
    doc: Any,
    loop: str,
    columns: Sequence[tuple[str, str, float]],
    centred: Sequence[int] = (),
    *,
    tight: bool = False,
) -> None:
    """A table whose columns are (head, key, width in mm) of each row of ``loop`` (``统计``)."""
    heads, keys, widths = zip(*columns, strict=True)
    add_table(
        doc, widths, heads, f"行 in {loop}", [f"{{{{ 行.{key} }}}}" for key in keys], centred=centred, tight=tight
    )


def every(doc: Any, loop: str, text: str, style: str = BODY) -> None:
    """A paragraph for each round of ``loop`` (``段 in 概述``)."""
    add(doc, f"{{%p for {loop} %}}")
    add(doc, text, style)
    add(doc, "{%p endfor %}")


def only_if(doc: Any, condition: str, *parts: Callable[[], Any]) -> None:
    """What stands there only where ``condition`` holds."""
    add(doc, f"{{%p if {condition} %}}")
    for part in parts:
        part()
    add(doc, "{%p endif %}")


def on_new_page(paragraph: Any) -> None:
    paragraph.paragraph_format.page_break_before = True


def finding_table(doc: Any, loop: str) -> None:
    add_table(doc, FINDING_WIDTHS, FINDING_HEADS, f"问题 in {loop}", FINDING_CELLS, centred=(0, 1), whole=False)


def review_report() -> None:
    doc = new_document()
    list_styles(doc)
    add(doc, "{{ 推荐单位 }}{{ 年度 }}年度申报材料审查报告", "Title")
    unindented(doc, "（{{ 通知文号 }}）", WD_ALIGN_PARAGRAPH.CENTER)
    _conclusion(doc)
    add(doc, "{%p if 目录 %}")
    on_new_page(add(doc, "目录", CONTENTS_TITLE))
    contents_field(doc, 2)
    add(doc, "三、申报项目一览", "Heading 1")
    add(doc, "{%p else %}")
    on_new_page(add(doc, "三、申报项目一览", "Heading 1"))
    add(doc, "{%p endif %}")
    _list(doc)
    add(doc, "四、推荐情况", "Heading 1")
    every(doc, "段 in 推荐概述", "{{ 段 }}", LISTED)
    every(doc, "段 in 推荐问题", "{{ 段 }}", LISTED)
    _to_act(doc)
    charts(doc, "六、问题分布与覆盖")
    save(doc, "审查报告.docx")


def charts(doc: Any, title: str) -> None:
    """The pictures, where there are any."""
    add(doc, "{%p if 图表 %}")
    add(doc, title, "Heading 1")
    add(doc, "{%p for 一 in 图表 %}")
    add(doc, "{{ 一.标题 }}", LISTED_TITLE)
    # As high as its picture: an exact height of line would cut it.
    add(doc, "{{ 一.图 }}", PICTURE)
    add(doc, "{%p endfor %}")
    add(doc, "{%p endif %}")


def _conclusion(doc: Any) -> None:
    """Page one: the conclusion, the numbers, what to do by when, and the signatures."""
    add(doc, "一、审查结论", "Heading 1")
    every(doc, "段 in 概述", "{{ 段 }}", LISTED)
    only_if(doc, "变化", lambda: add(doc, "{{ 变化 }}", LISTED))
    states = ("类别", "申报书", "未发现问题", "需补正", "不符合条件", "汇总表推荐", "推荐限额")
    columns = list(zip(states, states, (26, 18, 25, 18, 25, 25, 19), strict=True))
    table_of(doc, "统计", columns, range(7))
    add(doc, "二、办理事项", "Heading 1")
    columns = [("事项", "事项", 41), ("数量", "数量", 27), ("怎样办理", "办法", 50), ("期限", "期限", 38)]
    only_if(doc, "办理", lambda: table_of(doc, "办理", columns, (1, 3)))
    only_if(doc, "not 办理", lambda: add(doc, "没有须办理的事项。", LISTED))
    add(doc, "本报告是形式审查的结果，以审查人员核定为准；依据见审查依据。", LISTED)
    unindented(doc, "审查人：　　　　　复核人：　　　　　　　年　　月　　日")


def _list(doc: Any) -> None:
    """One row an application."""
    columns = [
        ("序号", "序号", 11), ("申报单位", "单位", 63), ("表式", "表式", 19), ("审查结果", "状态", 23),
        ("不符合", "不符合条件处数", 10), ("补正", "需补正处数", 10), ("提示", "提示处数", 10), ("不能判断", "不能判断", 10),
    ]  # fmt: skip
    table_of(doc, "申报项目", columns, (0, 2, 3, 4, 5, 6, 7), tight=True)
    add(doc, "{%p if 不发文书 %}")
    keep(add(doc, "不发文书的及原因（名单见发文清单）：", LISTED))
    every(doc, "段 in 不发文书", "{{ 段 }}", LISTED)
    add(doc, "{%p endif %}")
    add(doc, "{%p if 常见问题 and not 图表 %}")
    add(doc, "最常见的问题：", LISTED).paragraph_format.keep_with_next = True
    columns = [("规则", "规则", 16), ("内容", "内容", 98), ("涉及项目", "项目", 21), ("问题处数", "处数", 21)]
    table_of(doc, "常见问题", columns, (0, 2, 3))
    add(doc, "{%p endif %}")


def _to_act(doc: Any) -> None:
    """The findings that something follows from, by application."""
    add(doc, "五、须办理的问题", "Heading 1")
    add(doc, "{%p for 组 in 分组 %}")
    add(doc, "{{ 组.标题 }}", "Heading 2")
    only_if(doc, "组.说明", lambda: keep(add(doc, "{{ 组.说明 }}", LISTED)))
    add(doc, "{%p for 项目 in 组.项目 %}")
    add(doc, "{{ 项目.标题 }}", LISTED_TITLE)
    every(doc, "段 in 项目.问题", "{{ 段 }}", LISTED)
    add(doc, "{%p endfor %}")
    every(doc, "段 in 组.逐行", "{{ 段 }}", DENSE)
    add(doc, "{%p endfor %}")


def keep(paragraph: Any) -> Any:
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def grounds() -> None:
    """审查依据: what the report rests on."""
    doc = new_document()
    list_styles(doc)
    add(doc, "{{ 推荐单位 }}{{ 年度 }}年度申报材料审查依据", "Title")
    unindented(doc, "（审查报告附件，{{ 通知文号 }}）", WD_ALIGN_PARAGRAPH.CENTER)
    add(doc, "目录", CONTENTS_TITLE)
    contents_field(doc, 1)
    add(doc, "一、审查范围", "Heading 1")
    add(doc, "{{ 范围说明 }}", LISTED)
    add(doc, "{{ 节.规则 }}、审查规则和结果", "Heading 1")
    counts = ("应用", "发现", "不能判断", "不适用")
    columns = [("规则", "规则", 14), ("内容", "内容", 52), ("级别", "级别", 25)]
    columns += list(zip(counts, counts, (13, 13, 21, 18), strict=True))
    table_of(doc, "规则", columns, (0, 2, 3, 4, 5, 6))
    _every_finding(doc)
    columns = [("规则", "规则", 12), ("内容", "内容", 34), ("为何不能判断", "原因", 46), ("份数", "份数", 11)]
    _part(doc, "待判断", "程序不能判断、须对照原件核对的", [*columns, ("申报单位", "单位", 53)], (0, 3))
    add(doc, "{%p if 节.撤销 %}")
    add(doc, "{{ 节.撤销 }}、经审查人员撤销的", "Heading 1")
    finding_table(doc, "撤销")
    add(doc, "{%p endif %}")
    add(doc, "{%p if 节.变化 %}")
    add(doc, "{{ 节.变化 }}、与上次相比", "Heading 1")
    add(doc, "{{ 变化说明 }}", LISTED)
    add(doc, "{%p if 变化 %}")
    columns = [("情况", "情况", 20), ("申报单位", "单位", 46), ("内容", "内容", 78), ("规则", "规则", 12)]
    table_of(doc, "变化", columns, (0, 3))
    add(doc, "{%p endif %}")
    add(doc, "{%p endif %}")
    _part(doc, "未纳入", "未纳入审查的文件", [("文件", "文件", 100), ("原因", "原因", 56)])
    save(doc, "审查依据.docx")


def _part(
    doc: Any, key: str, title: str, columns: Sequence[tuple[str, str, float]], centred: Sequence[int] = ()
) -> None:
    """A section that is one table, where there is anything in it."""
    add(doc, f"{{%p if 节.{key} %}}")
    add(doc, f"{{{{ 节.{key} }}}}、{title}", "Heading 1")
    table_of(doc, key, columns, centred)
    add(doc, "{%p endif %}")


def _every_finding(doc: Any) -> None:
    add(doc, "{%p if 节.推荐 %}")
    add(doc, "{{ 节.推荐 }}、推荐方面的问题和提示", "Heading 1")
    finding_table(doc, "推荐问题")
    add(doc, "{%p endif %}")
    add(doc, "{%p if 节.项目 %}")
    add(doc, "{{ 节.项目 }}、各申报项目的问题和提示", "Heading 1")
    add(doc, "{%p for 项目 in 项目 %}")
    add(doc, "{{ 项目.标题 }}　{{ 项目.状态 }}", LISTED_TITLE)
    keep(add(doc, "{{ 项目.文件 }}", CELL))
    finding_table(doc, "项目.问题")
    add(doc, "{%p endfor %}")
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


def _matters(doc: Any) -> None:
    """What stands between offices, with room to decide."""
    add(doc, "三、须裁定和处理的跨单位事项", "Heading 1")
    add(doc, "{{ 裁定说明 }}")
    add(doc, "{%p if 裁定 %}")
    add_table(
        doc,
        (11, 30, 45, 45, 25),
        ("序号", "事项", "各方", "情况", "须作出的决定"),
        "行 in 裁定",
        ("{{ 行.序号 }}", "{{ 行.事项 }}", "{{ 行.各方 }}", "{{ 行.情况 }}", "{{ 行.决定 }}"),
        centred=(0,),
    )
    add(doc, "{%p endif %}")


def round_report() -> None:
    """全市审查报告: the districts side by side."""
    doc = new_document()
    list_styles(doc)
    add(doc, "{{ 年度 }}年度申报材料审查情况汇总", "Title")
    unindented(doc, "（{{ 通知文号 }}）", WD_ALIGN_PARAGRAPH.CENTER)
    add(doc, "")
    add(doc, "一、总体情况", "Heading 1")
    add(doc, "{%p for 段 in 概述 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    _recommenders(doc)
    _matters(doc)
    add(doc, "四、最常见的问题", "Heading 1")
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
    add(doc, "五、{{ 覆盖标题 }}", "Heading 1")
    add(doc, "{%p for 段 in 覆盖 %}")
    add(doc, "{{ 段 }}")
    add(doc, "{%p endfor %}")
    add(doc, "六、雷同文字", "Heading 1")
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
    add(doc, "{%p if 变化 %}")
    add(doc, "七、与上次相比", "Heading 1")
    keep(add(doc, "{{ 变化说明 }}"))
    add_table(
        doc,
        (48, 27, 27, 27, 27),
        ("推荐单位", "新出现", "已改正", "仍未改正", "不再收到"),
        "行 in 变化",
        ("{{ 行.推荐单位 }}", "{{ 行.新 }}", "{{ 行.改 }}", "{{ 行.仍 }}", "{{ 行.去 }}"),
        centred=range(1, 5),
    )
    add(doc, "{%p endif %}")
    keep(add(doc, ""))
    keep(unindented(doc, "审查人：　　　　　审核人：　　　　　　　年　　月　　日"))
    unindented(doc, "联系人：　　　　　联系电话：")
    charts(doc, "附：图表")  # behind the signatures, which else might stand alone on a page
    save(doc, "全市审查报告.docx")


def main() -> None:
    review_report()
    grounds()
    letter()
    corrections()
    round_report()


if __name__ == "__main__":
    main()
