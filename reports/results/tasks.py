"""What is to be done about a district's material, by whom and by when: the list that whoever signs goes by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reports.results.model import UNSEEN, DistrictResult, Standing, Status
from reports.results.packwords import ACTORS
from reports.results.posting import MAILING, Sending, acting, corrections, posts


@dataclass(frozen=True)
class Task:
    """``how`` fits into a line of the table, so that page one holds all of them and the signatures. ``count`` says of what (``12份``), ``by`` is a date in words, "" where the notice sets none."""

    what: str
    count: str
    how: str
    by: str = ""


def tasks(result: DistrictResult) -> list[Task]:
    """What is left to do, gravest first; [] where nothing is."""
    return [task for task in (*_applications(result), *_findings(result), *_reading(result)) if task.count[0] != "0"]


def _applications(result: DistrictResult) -> Iterator[Task]:
    letters, sending = posts(result), Sending.of(result)
    for kind in result.catalog.letters.kinds:
        own = [post for post in letters if post.kind is kind]
        due = "期限已过，另定" if sending.passed(kind) else _by(sending.deadline(kind))
        points = sum(len(post.points) for post in own)
        yield Task(f"须发{kind.title}的", f"{len(own)}份、{points}处", f"核对后发出，见{MAILING}", due)
    recommenders = _by(result.catalog.deadlines.get("recommenders"))
    yield Task("须推荐单位更正的", f"{len(corrections(result))}处", "按更正清单更正后重报", recommenders)
    city = [f for f in result.open_findings if f.level != "note" and acting(result, f) == "city"]
    yield Task(f"须{ACTORS['city']}裁定的", f"{len(city)}处", f"报{ACTORS['city']}", recommenders)


def _findings(result: DistrictResult) -> Iterator[Task]:
    again = sum(result.standing(f) is Standing.REOPENED for f in result.open_findings)
    yield Task("撤销后证据有变化的", f"{again}处", "重新确认维持还是撤销")
    unseen = sum(item is not None and item.status in UNSEEN for item, _ in result.unsure)
    of_them = f"，其中{unseen}项属没有读取的文件" if unseen else ""
    yield Task("程序不能判断的", f"{len(result.unsure)}项", f"对照原件核对，见审查依据{of_them}")
    notes = sum(f.level == "note" for f in result.open_findings)
    yield Task("提示", f"{notes}处", "审查人员留意，见审查依据")


def _reading(result: DistrictResult) -> Iterator[Task]:
    tally = result.tally(result.items)
    yield Task("无法读取的", f"{tally[Status.UNREADABLE]}份", "请报送单位重新报送")
    yield Task("因本机缺少组件未读取的", f"{tally[Status.UNREAD]}份", "组件装好后重新审查")
    yield Task("不属本次申报表的", f"{tally[Status.OTHER]}份", "核对是否误报")


def _by(date: dt.date | None) -> str:
    return f"{date.year}年{date.month}月{date.day}日前" if date else ""
