"""Figures: findings by rule, coverage of the lists."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import APIRouter, Request, Response

from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.desk import Desk
from flows.desk.rendering import render
from flows.desk.rights import Act, Person
from flows.desk.round import Office
from reports.results.coverage import called, coverage
from reports.results.model import DistrictResult
from reports.results.rulebook import rule_title

router = APIRouter()


def figures(result: DistrictResult) -> dict[str, Any]:
    """Findings by rule (those that stand), and how the two levels of the list are covered."""
    catalog = result.catalog
    by_rule = Counter(f.code for f in result.open_findings)
    covered = coverage(catalog, result.applications())
    links = Counter[str]()
    for row in covered.links.values():
        links.update(row)
    return {
        "rules": [(code, rule_title(catalog, code), count) for code, count in by_rule.most_common()],
        "what": called(catalog),
        "links": [(k.name, links.get(k.name, 0)) for k in catalog.items_by_role("link")],
        "scenes": [(s.under, s.name, covered.scenes.get(s.name, 0)) for s in catalog.items_by_role("scene")],
    }


def figures_of(_: Desk, office: Office) -> dict[str, Any]:
    return figures(office.result)


@router.get("/o/{office}/figures", include_in_schema=False)
def page(request: Request, office: str, person: Person = allowed(Act.SEE)) -> Response:
    desk = desk_of(request)
    result = desk.office(office).result
    context = {
        "office": office,
        "offices": offices_of(desk, person, Act.SEE),
        "result": result,
        **desk.derived(office, figures_of),
    }
    return render(request, "figures.html", context)


@router.get("/api/offices/{office}/figures", tags=["推荐单位"], dependencies=[allowed(Act.SEE)])
def list_figures(request: Request, office: str) -> dict[str, Any]:
    """The office's figures."""
    return desk_of(request).derived(office, figures_of)
