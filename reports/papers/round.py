"""全市审查报告.docx: the round in words, for print."""

from __future__ import annotations

from typing import Any

from reports.charts.charts import round_charts
from reports.papers.report import shown
from reports.papers.word import render
from reports.results.coverage import Coverage
from reports.results.district import until
from reports.results.round import STATES, RoundView, has_table
from reports.results.wording import Pair
from reports.safe.text import line, plain

TEMPLATE = "全市审查报告.docx"


def round_report(view: RoundView) -> bytes:
    """全市审查报告.docx. Raises :class:`reports.papers.word.BrokenTemplate`."""
    told, first = round_context(view), view.results[0]
    return render(TEMPLATE, told, first.templates, pictures=[one["图"] for one in told["图表"]], date=first.today)


def round_context(view: RoundView) -> dict[str, Any]:
    """What the template may use; every leaf is text."""
    whole, _ = view.coverage()
    changes = view.changes()
    return {
        "年度": str(view.catalog.year),
        "通知文号": view.catalog.number,
        "通知标题": view.catalog.title,
        "概述": _round_overview(view),
        "裁定说明": f"下列{len(view.matters)}项涉及推荐名额或者不同的申报书、推荐单位，请逐项作出决定："
        if view.matters
        else "没有超过推荐名额的，也没有涉及不同申报书、推荐单位的事项。",
        "裁定": [
            {
                "序号": str(n),
                "事项": f"{m.title}\n（{m.level}，{m.code}）",
                "各方": "\n".join(m.sides),
                "情况": plain("\n".join(m.words)),
                "决定": m.decide,
            }
            for n, m in enumerate(view.matters[:_MOST_MATTERS], 1)
        ],
        "类别": [{"名称": view.label(f)} for f in view.catalog.applications],
        "各单位": [
            {
                "推荐单位": r["district"],
                "各类": [
                    {"报送": str(r["received"][f]), "限额": str(quota if quota is not None else "—")}
                    for f, quota in r["quota"].items()
                ],
                **{s.value: str(n) for s, n in zip(STATES, r["states"], strict=True)},
                "无法读取": str(r["unreadable"]),
            }
            for r in view.rows
        ],
        "常见问题": [
            {"规则": code, "内容": title, "项目": str(apps), "处数": str(count)}
            for code, title, apps, count in view.faults
        ],
        "覆盖标题": _cover_title(view),
        "覆盖": _cover_words(view, whole),
        "雷同说明": f"发现申报书之间大段文字雷同{len(view.copied)}处，供核对{_first(view)}。"
        if view.copied
        else "没有发现申报书之间大段雷同的文字。",
        "雷同": [_report_pair(p) for p in view.copied[:_MOST]],
        "图表": shown(round_charts(view)),
        "变化说明": "各推荐单位问题的变化如下：" if changes else "",
        "变化": [
            {"推荐单位": str(d), "新": str(n), "改": str(m), "仍": str(s), "去": str(g)} for d, n, m, s, g in changes
        ],
    }


_MOST_MATTERS = 100
"""Matters that the report lists; all stand in the workbook."""
_MOST = 20
"""Copied passages that the report lists; all stand in the workbook."""


def _first(view: RoundView) -> str:
    return f"，下表列出最长的{_MOST}处，其余见{view.catalog.region.whole}审查台账" if len(view.copied) > _MOST else ""


def _report_pair(pair: Pair) -> dict[str, str]:
    shared = pair.shared
    words = [f"甲{shared.place}与乙{shared.other_place}约{shared.length}字高度雷同（相同率{shared.share}）。"]
    if shared.mine == shared.theirs:
        words.append(f"双方都写：“{line(shared.mine, 80)}”")
    else:
        words += [f"甲写：“{line(shared.mine, 80)}”", f"乙写：“{line(shared.theirs, 80)}”"]
    return {
        "甲": f"{line(pair.name, 60)}\n（{line(pair.district, 40)}）",
        "乙": f"{line(shared.other, 60)}\n（{line(shared.other_district, 40)}）",
        "情况": plain("\n".join(words)),
    }


def _round_overview(view: RoundView) -> list[str]:
    forms = "、".join(f"{view.label(f)}{view.received(f)}份" for f in view.catalog.applications)
    states = "，".join(f"{s.value}{view.tally[s]}份" for s in STATES)
    over = [r["district"] for r in view.rows if any(r["over"].values())]
    without = [r["district"] for r in view.rows if has_table(r) == "没有"]
    strays = [r["district"] for r in view.rows if not r["known"]]
    missing = view.missing()
    out = [
        f"{until(view.results[0])}共有{len(view.results) - len(strays)}个推荐单位报送，收到申报书{view.applications}份（{forms}）。其中{states}。"
    ]
    out.append(
        f"推荐数量超过限额、不符合条件、须减至限额以内的：{'、'.join(over)}（见第三部分）。"
        if over
        else "各推荐单位均未超过推荐限额。"
    )
    if without:
        out.append(f"没有收到推荐汇总表的：{'、'.join(without)}。")
    unread = [r["district"] for r in view.rows if r["unread"]]
    if unread:
        out.append(f"有文件因本机缺少组件未读取、情况不全的：{'、'.join(unread)}。")
    if strays:
        sent = sum(sum(r["received"].values()) for r in view.rows if not r["known"])
        out.append(f"另有{sent}份申报书不属于通知所列的推荐单位（见“{'、'.join(strays)}”），已计入上述数字。")
    if missing:
        out.append(f"尚未收到材料的推荐单位{len(missing)}个：{'、'.join(missing)}。")
    if settled := view.settled():
        out.append(
            f"跨单位事项已裁定{len(settled)}项：{'；'.join(f'{what}，{said}' for what, said in settled[:_MOST])}。"
        )
    return out


def _cover_title(view: RoundView) -> str:
    scenes = view.catalog.list_by_role("scene")
    what = [*(["行业"] if view.catalog.industries else []), *([scenes.what] if scenes is not None else [])]
    return f"{'与'.join(what)}覆盖" if what else "目录覆盖"


def _cover_words(view: RoundView, whole: Coverage) -> list[str]:
    out = []
    if view.catalog.industries:
        industries = "、".join(f"{name}{count}份" for name, count in view.industries())
        out.append(f"申报书按行业分：{industries}。")
    scenes = view.catalog.list_by_role("scene")
    if scenes is None:
        return out or ["没有须统计覆盖情况的目录。"]
    if scenes is None:
        return out
    bare = [name for name in scenes.names if not whole.scenes.get(name)]
    total = len(scenes.names)
    out.append(f"目录所列{total}个{scenes.what}中，已有申报的{total - len(bare)}个。")
    if bare:
        out.append(f"尚无申报的：{'、'.join(bare)}。")
    if whole.other:
        out.append(f"目录以外的{scenes.what}{len(whole.other)}个：{'、'.join(sorted(whole.other)[:20])}。")
    return out
