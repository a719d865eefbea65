"""What writing a district's reports costs beside the whole run that they end, and which of them costs what.

The run goes through 300 applications of one recommender in this process, and what it found is written again in turns. The
applications carry each the three or four faults of the sample they were made from.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from flows.run.core import review
from flows.settings import Settings
from records.models import held
from reports.data.jsonl import write_jsonl
from reports.page.district import index_page
from reports.page.round import round_page
from reports.papers.letters import letters
from reports.papers.recommendation import summary_table
from reports.papers.report import review_report
from reports.papers.round import round_report
from reports.results.model import DistrictResult
from reports.results.progress import Progress
from reports.results.round import RoundView, views
from reports.workbook.district import workbook
from reports.workbook.round import round_book
from reports.workbook.saving import Heard
from reports.write import write_district
from tests.bench import rounds
from tests.bench.measure import Row, in_turns

TITLE = "写报告：一个推荐单位300份申报书"
COUNT = 300


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="shenbao-bench-") as name:
        folder = Path(name)
        inbox = rounds.inbox(folder / "in", COUNT, districts=1)
        started = _processor_seconds()
        run = review(Settings(inbox=inbox, out=folder / "out", workers=1))
        whole = _processor_seconds() - started
        (result,) = run.districts.values()
        with held(result.submissions):  # as in a run
            return [Row("整批审查（读取、规则、报告）", whole, 1, "全部"), *_parts(result, folder, whole)]


def _processor_seconds() -> float:
    """Of this process and of those that it started and that have ended: a busy machine does not change it."""
    return sum(os.times()[:4])


def _parts(result: DistrictResult, folder: Path, whole: float) -> list[Row]:
    def fresh() -> None:
        shutil.rmtree(folder / "one", ignore_errors=True)
        write_district(result, folder / "one")

    view = RoundView(views([result], folder))
    jobs = {
        "一个推荐单位的全部报告": fresh,
        "其中 jsonl 三份": lambda: write_jsonl(result, folder / "jsonl"),
        "其中 审查台账.xlsx": lambda: workbook(result),
        "其中 index.html": lambda: index_page(result, Progress()),
        "其中 审查报告.docx": lambda: review_report(result),
        "其中 推荐汇总表（草稿）.docx": lambda: summary_table(result),
        f"其中 补正通知（{len(letters(result))}封）": lambda: letters(result),
        "另 全市的三份": lambda: (round_page(view), round_book(view, Heard()), round_report(view)),
    }
    taken = in_turns(jobs, rounds=3, clock=time.process_time)
    pages = sum(len(data) for data in (index_page(result, Progress())[0], workbook(result)))
    return [
        *(Row(name, seconds, seconds / whole, "全部") for name, seconds in taken.items()),
        Row(f"index.html 和 审查台账.xlsx 合计 {pages / 1e6:.1f} MB", 0.0),
    ]
