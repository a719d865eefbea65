"""Rounds: the sample inbox, and small inboxes that trip the rules between applications."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import forms
from tests.golden import writers
from tests.golden.applications import LONG
from tests.golden.case import Case, Files
from tests.golden.sheets import sheet, short

INBOX = Path(__file__).parents[2] / "samples" / "inbox"


def samples() -> Files:
    return {p.relative_to(INBOX).as_posix(): p.read_bytes() for p in sorted(INBOX.rglob("*")) if p.is_file()}


def _word(data: forms.Data) -> bytes:
    return writers.docx(sheet(data["form"], data))


def _of(name: str, **fields: Any) -> forms.Data:
    return forms.changed(
        short(forms.clean_scene()), {"company_name": name, "applicant": name, "project_name": f"{name}的项目"} | fields
    )


def doubled() -> Files:
    """The same bytes twice, an earlier version, the same company twice and in two offices, near-identical texts."""
    first = _of("上海甲制造有限公司")
    text = "".join(f"第{n}步，{LONG}" for n in range(9))
    alike = forms.changed(_of("上海丙制造有限公司", uscc=None), sections={"construction_plan": text})
    alike_too = forms.changed(
        _of("上海丁制造有限公司", uscc=None), sections={"construction_plan": text.replace("平台", "中心", 1)}
    )
    return {
        "浦东新区/甲.docx": _word(first),
        "浦东新区/甲（副本）.docx": _word(first),
        "浦东新区/甲旧稿.docx": _word(forms.changed(first, {"application_date": "2023-08-01", "investment": 5})),
        "浦东新区/甲另一项目.docx": _word(forms.changed(first, {"project_name": "另一个全然不同的工程"})),
        "嘉定区/甲.docx": _word(
            forms.changed(first, {"project_name": "第三个工程", "recommender": "嘉定区经济委员会"})
        ),
        "嘉定区/丙.docx": _word(alike),
        "嘉定区/丁.docx": _word(alike_too),
        "未知地方/戊.docx": _word(_of("上海戊制造有限公司")),
        "己.docx": _word(_of("上海己制造有限公司", uscc=None)),
    }


def recommended() -> Files:
    """A table that does not agree with what was received, over its quota, in a folder that is not its own."""
    companies = [_of(f"上海第{n}制造有限公司", uscc=None) for n in range(1, 14)]
    table = forms.clean_summary(*companies[:12], forms.clean_factory(), recommender="临港新片区管委会")
    rows = table["tables"]["scene_recommendations"]
    rows[0] |= {"contact": "别人", "mobile": "13900009999"}
    rows[1]["instances"] = [{"link": "质量管控", "scene": "智能在线检测", "instance": "另一个平台建设"}]
    rows[2]["seq"], rows[4]["seq"] = "9", "4"
    foreign = forms.clean_summary(companies[12], recommender="嘉定区经济委员会")
    return {
        "临港新片区/推荐汇总表.docx": _word(table),
        **{f"临港新片区/{n:02}.docx": _word(company) for n, company in enumerate(companies[:4], 1)},
        "临港新片区/没有推荐.docx": _word(companies[12]),
        "奉贤区/推荐汇总表.docx": _word(foreign),
    }


def one_industry() -> Files:
    """Ten applications of one industry, without a table."""
    return {f"青浦区/{n:02}.docx": _word(_of(f"上海第{n}制造有限公司", uscc=None)) for n in range(1, 11)}


def in_folders() -> Files:
    """Applications in folders: in one file with its annexes, and in parts."""
    from tests.golden.archives import LICENCE, _in_parts

    parts = {f"浦东新区/乙公司/{name}": data for name, data in _in_parts().items()}
    return {
        "浦东新区/甲公司/申报书.docx": _word(_of("上海甲制造有限公司")),
        "浦东新区/甲公司/营业执照.png": LICENCE,
        **parts,
        "浦东新区/推荐汇总表.docx": _word(forms.clean_summary(_of("上海甲制造有限公司"))),
    }


def cases() -> Iterator[Case]:
    for make, values in (
        (samples, True),
        (doubled, False),
        (recommended, False),
        (one_industry, False),
        (in_folders, True),
    ):
        yield Case("round", make.__name__.replace("_", " "), make, values=values)
