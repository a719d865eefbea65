"""What the targets of decisions are called, for those who may see the material."""

from __future__ import annotations

from collections.abc import Iterable

from checks.meaning.versions import application_id
from flows.desk.asking import offices_of
from flows.desk.desk import Desk
from flows.desk.register import letters_of
from flows.desk.rights import Act, Person
from flows.desk.round import NoRound
from reports.page.district import column_label
from reports.results.model import DistrictResult


def called(desk: Desk, person: Person, targets: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The names of targets, given with their office (or the whole region); those that are there no longer have none."""
    asked = set(targets)
    offices = {office for office, _ in asked}
    whole = desk.catalog.region.whole in offices
    names: dict[str, str] = {}
    fields: dict[str, tuple[DistrictResult, str]] = {}
    for office in offices_of(desk, person, Act.SEE):
        if whole or office in offices:
            _office(desk, office, names, fields)
    return {target: name for _, target in asked if (name := _name(target, names, fields))}


def _office(desk: Desk, office: str, names: dict[str, str], fields: dict[str, tuple[DistrictResult, str]]) -> None:
    try:
        result = desk.office(office).result
    except NoRound:
        return
    for item in (*result.items, *result.summaries):
        name = result.item_label(item)
        id_ = application_id(result.catalog, item.record)
        names[id_], fields[id_] = name, (result, item.form)
        names |= {f.id: f"{f.code} {name}" for f in (*item.findings, *item.withdrawn)}
    names |= {f"{office}/{form}": f"{office} {result.form_label(form)}" for form in result.catalog.applications}
    names |= {letter.id: f"{letter.title} {letter.applicant}" for letter in letters_of(desk, office)}


def _name(target: str, names: dict[str, str], fields: dict[str, tuple[DistrictResult, str]]) -> str:
    sides = [names[t] for t in target.split("|") if t in names]
    if sides:
        return "；".join(sides)
    id_, _, place = target.partition("#")
    if id_ not in fields:
        return ""
    result, form = fields[id_]
    table, *rest = place.split(".")
    label = column_label(result, form, table, rest[-1]) if rest else result.field_label(form, place)
    return f"{names[id_]} {label or place}"
