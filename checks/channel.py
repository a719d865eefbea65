"""Rules E08 to E11: was the application made in time, and through the recommender that the notice asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from catalog.models import Recommender
from catalog.names import district_of_address, find_recommender, same_area
from checks.choices import unticked
from checks.forms import FITTED
from checks.names import doubtful, empty, fold, text_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule

_FULL_DATE = 10
"""Length of an ISO date with its day."""


@rule(
    "E08",
    "fix",
    "二（二）",
    "推荐单位与收件目录不一致",
    forms=FITTED,
    reads=("recommender",),
    alone=False,
)
def recommender(ctx: Context) -> Iterator[Result]:
    """申报书封面（或推荐汇总表）上的推荐单位，应是收到它的那个区或管委会，并且是通知所列的推荐单位。汇总表写错推荐单位的，
    问题记在汇总表上，不记在各申报书上。只在整批审查时检查。

    触发示例：放在嘉定区目录下的申报书，封面推荐单位写“上海市松江区经济委员会”；推荐单位写“某某集团有限公司”。
    不触发：写“嘉定区经委”“上海市嘉定区经济委员会（盖章）”等别称。
    如何补正：改正推荐单位，或转交所属的区、管委会推荐。
    局限：按名称和别称辨认，新改名的部门须在目录包中补别称。
    """
    if ctx.district is None:
        yield NotApplicable("单独检查时没有收件目录")
        return
    value = ctx.reading.record.get("recommender")
    if empty(value) or value is None:
        yield NotApplicable("推荐单位未填（见C01）")
        return
    folder = find_recommender(ctx.catalog, ctx.district)
    named = find_recommender(ctx.catalog, text_of(value))
    if named is not None and folder is not None and named.name == folder.name:
        return
    if not value.certain:
        yield CannotTell("推荐单位识别没有把握")
        return
    what = "推荐汇总表" if ctx.form == "summary" else "申报书封面"
    if named is None:
        message = (
            f"{what}的推荐单位“{text_of(value)}”不是通知所列的区主管部门或管委会。通知要求由各区域主管部门负责推荐，"
            "请改正推荐单位；中央企业通过集团总部推荐的，不在本批收件。"
        )
    elif folder is None:
        return
    else:
        message = (
            f"{what}的推荐单位“{text_of(value)}”是{named.name}，而材料是在{folder.name}收到的。"
            "请改正推荐单位，或转交相应的推荐单位。"
        )
    yield Trip(
        message,
        about="recommender",
        field="recommender",
        where=value.where,
        evidence=value.raw or text_of(value),
        expected=folder.full_name if folder else "通知所列的区主管部门或管委会",
    )


@rule("E09", "fix", "二（一）", "申报日期晚于截止日期，或不在本年度", reads=("application_date",))
def application_date(ctx: Context) -> Iterator[Result]:
    """封面申报日期不得晚于申报截止日期，并且应在本年度。日期只写到月的按月比较，只写年的按年比较。

    触发示例：申报日期为截止日之后一天；申报日期为上一年。
    不触发：申报日期就是截止日；只写到截止日所在的月。
    如何补正：核实并改正申报日期。
    局限：只看封面所写日期，不看实际提交时间。
    """
    value = ctx.reading.record.get("application_date")
    if empty(value) or value is None:
        yield NotApplicable("申报日期未填（见C01）")
        return
    if doubtful(value):
        yield CannotTell(f"申报日期“{value.raw}”没有读清")
        return
    date, deadline = str(value.value), ctx.catalog.deadlines.applicants
    late = date > deadline.isoformat()[: len(date)]
    if not late and date[:4] == ctx.catalog.year:
        return
    said = _date_words(date)
    reason = f"晚于申报截止日期{_date_words(deadline.isoformat())}" if late else f"不在{ctx.catalog.year}年度"
    yield Trip(
        f"申报日期{said}{reason}。通知要求{_date_words(deadline.isoformat())}前完成申报，请核实并改正。",
        about="application_date",
        field="application_date",
        where=value.where,
        evidence=value.raw or date,
        expected=f"{ctx.catalog.year}年，不晚于{_date_words(deadline.isoformat())}",
    )


def _date_words(date: str) -> str:
    """2023-08-19 as 2023年8月19日; shorter dates likewise."""
    if len(date) == _FULL_DATE:
        day = dt.date.fromisoformat(date)
        return f"{day.year}年{day.month}月{day.day}日"
    year, _, month = date.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"


def _recommended_by(ctx: Context) -> Recommender | None:
    """The recommender: the inbox folder's, or the cover's where the file is taken alone."""
    if ctx.district is not None:
        return find_recommender(ctx.catalog, ctx.district)
    value = ctx.reading.record.get("recommender")
    return find_recommender(ctx.catalog, text_of(value)) if value is not None and value.certain else None


@rule("E10", "note", "二（三）", "中央企业通过区或管委会申报", reads=("ownership", "recommender"))
def central_enterprise(ctx: Context) -> Iterator[Result]:
    """各在沪中央企业通过中央企业集团总部进行推荐，不通过区或管委会。

    触发示例：企业性质勾选“中央企业”，推荐单位是浦东新区科技和经济委员会。
    不触发：地方国企通过区推荐。
    如何补正：改由中央企业集团总部推荐。
    局限：只看勾选的企业性质；央企下属的混合所有制企业由人判断。
    """
    value = ctx.reading.record.get("ownership")
    if why := unticked(value, "企业性质", "C04"):
        yield why
        return
    if value is None:
        return
    central = {fold(w) for w in ctx.catalog.words.get("central_enterprise", ())}
    if fold(text_of(value)) not in central:
        return
    through = _recommended_by(ctx)
    if through is None:
        yield CannotTell("看不出推荐单位")
        return
    yield Trip(
        f"企业性质为“{text_of(value)}”，却通过{through.name}申报。通知要求在沪央企通过中央企业集团总部推荐，请核实推荐渠道。",
        about="ownership",
        field="ownership",
        where=value.where,
        evidence=value.raw or text_of(value),
        expected="通过中央企业集团总部推荐",
    )


@rule("E11", "note", "二（二）", "工厂地址不在推荐单位辖区", reads=("factory_address", "recommender"))
def address(ctx: Context) -> Iterator[Result]:
    """各区域主管部门推荐本地区的申报项目。工厂地址写明的区与推荐单位不同的，给出提示。临港新片区跨浦东、奉贤，化学工业区
    跨金山、奉贤，长兴岛在崇明，不算不同。

    触发示例：推荐单位是嘉定区，工厂地址为“上海市松江区某路8号”。
    不触发：地址里没有写区；推荐单位是临港新片区，地址在浦东新区；路名里的“浦东大道”。
    如何补正：核实工厂所在地，由所在区推荐。
    局限：只认地址里写出的区名，不按路名推断。
    """
    value = ctx.reading.record.get("factory_address")
    if empty(value) or value is None:
        yield NotApplicable("工厂地址未填（见C02）")
        return
    through = _recommended_by(ctx)
    if through is None:
        yield NotApplicable("看不出推荐单位")
        return
    named = district_of_address(ctx.catalog, text_of(value))
    if not named or any(same_area(ctx.catalog, through.name, name) for name in named):
        return
    if not value.certain:
        yield CannotTell("工厂地址识别没有把握")
        return
    place = "、".join(named)
    yield Trip(
        f"工厂地址“{text_of(value)}”在{place}，而推荐单位是{through.name}。通知要求各区域主管部门推荐本地区的申报项目，"
        "请核实工厂所在地与推荐单位。",
        about="factory_address",
        field="factory_address",
        where=value.where,
        evidence=value.raw,
        expected=f"{through.name}辖区内的地址",
    )
