"""A district's results for tests: clean applications with findings set by hand, so that no rule is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from stdnum.cn.uscc import calc_check_digit

from catalog import Catalog, load
from checks.assessments import Assessments
from checks.registry import Outcomes
from checks.run import check_round
from records.models import Assessment, Finding, Note, Reading, Record, Source, Submission
from reports.results.model import DistrictResult
from tests.forms import Data, clean_summary, factory, scene, submission_of

DISTRICT = "浦东新区"
Make = Callable[..., DistrictResult]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


def finding(number: int = 1, document: str = "", **changes: Any) -> Finding:
    """A finding of rule C02 on an application; the id follows ``number``."""
    values: dict[str, Any] = {
        "id": f"C02-{number:012x}",
        "code": "C02",
        "level": "fix",
        "district": DISTRICT,
        "document": document,
        "applicant": "上海示例001机械有限公司",
        "form": "scene",
        "field": "company_name",
        "where": "表1 行1 列2",
        "place": "第一部分（一）—企业名称",
        "evidence": "原文如此",
        "expected": "填写企业名称",
        "message": f"第{number}个问题：企业名称未填写",
        "clause": "附件3 一",
    }
    values |= changes
    return Finding(**({"actor": load().actor(values["code"])} | values))


def form_of(number: int, *, form: str = "scene", text: str | None = None, **fields: Any) -> Data:
    """A clean form of its own company; ``text`` goes into every place an applicant writes into."""
    name = f"上海示例{number:03d}机械有限公司"
    own: dict[str, Any] = {"company_name": name, "applicant": name, "project_name": f"示例项目{number}"}
    if text is not None:
        own = dict.fromkeys(own, text) | {"company_profile": text, "contact_name": text}
    code = f"91310115MA1K{number:05d}"
    own |= {"uscc": code + calc_check_digit(code), "contact_mobile": f"1390000{number:04d}"}
    data = (scene if form == "scene" else factory)(fields=own | fields)
    for row in data["tables"]["scenes"]:
        row["instance"] += f"{number}号线"
        if text is not None:
            row |= {"instance": text, "scene": text}
    if form == "scene" and text is None:
        data["fields"]["instance_name"] += f"{number}号线"
    return data


def application(number: int, *, form: str = "scene", text: str | None = None, **fields: Any) -> Submission:
    """:func:`form_of` as received."""
    data = form_of(number, form=form, text=text, **fields)
    return submission_of(data, DISTRICT, f"{DISTRICT}/{number:03d}.docx")


def ruled(catalog: Catalog, submissions: Sequence[Submission], district: str = DISTRICT) -> DistrictResult:
    """A district's result as the rules over the round leave it."""
    own = [s for s in submissions if s.district == district]
    return DistrictResult(catalog, district, own, check_round(catalog, submissions).of_district(district))


@pytest.fixture
def make(catalog: Catalog) -> Make:
    """Builds a result of ``count`` applications (every third a factory), a summary table, one unreadable file."""

    def build(
        count: int = 3,
        findings: Sequence[Finding] = (),
        *,
        submissions: Sequence[Submission] | None = None,
        district: str = DISTRICT,
        table: bool = True,
        unsure: Sequence[Assessment] = (),
        broken: bool = True,
    ) -> DistrictResult:
        chosen = list(
            submissions or [application(n, form="factory" if n % 3 == 0 else "scene") for n in range(1, count + 1)]
        )
        outcomes = Outcomes(list(findings))
        if broken:
            document = f"{district}/损坏.docx"
            note = Note(code="F01", message="文件不完整")
            record = Record(source=Source(path=document, sha256="0" * 64, format="docx"), notes=[note])
            chosen.append(Submission(district=district, document=document, reading=Reading(record=record)))
            outcomes.findings.append(
                finding(
                    999,
                    document,
                    id="F01-999",
                    code="F01",
                    field=None,
                    form="unknown",
                    applicant="",
                    message="文件不能打开",
                    where="",
                    evidence="",
                    expected="",
                )
            )
        if table:
            chosen.append(submission_of(clean_summary(recommender=district), district, f"{district}/汇总表.docx"))
        outcomes.assessments = Assessments(
            [Assessment(document=s.document, code=code, outcome="pass") for s in chosen for code in ("F01", "C02")]
            + list(unsure)
        )
        chosen.sort(key=lambda s: s.document)
        return DistrictResult(catalog, district, chosen, outcomes, passed_over=[(f"{district}/~$a.docx", "锁文件")])

    return build
