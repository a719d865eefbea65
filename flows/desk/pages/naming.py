"""What the targets of decisions are called, for those who may see the material."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from flows.desk.asking import offices_of
from flows.desk.desk import Desk
from flows.desk.letters import letters_of
from flows.desk.rights import Act, Person
from flows.desk.round import NoRound, Office
from reports.page.district import column_label

Names = tuple[dict[str, str], dict[str, str]]
"""What the targets of an office are called, and of those that are applications the form."""


def called(desk: Desk, person: Person, targets: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The names of targets, given with their office (or the whole region); those that are there no longer have none."""
    asked = set(targets)
    offices = {office for office, _ in asked}
    whole = desk.catalog.region.whole in offices
    names: dict[str, str] = {}
    forms: dict[str, tuple[str, str]] = {}
    for office in offices_of(desk, person, Act.SEE):
        if whole or office in offices:
            with suppress(NoRound):
                own, own_forms = desk.derived(office, _names)
                names |= own
                forms |= {id_: (office, form) for id_, form in own_forms.items()}
    return {target: name for _, target in asked if (name := _name(desk, target, names, forms))}


def _names(desk: Desk, office: Office) -> Names:
    result, names, forms = office.result, dict[str, str](), dict[str, str]()
    for item in (*result.items, *result.summaries):
        name, id_ = result.item_label(item), result.application(item)
        names[id_], forms[id_] = name, item.form
        names.update((f.id, f"{f.code} {name}") for f in (*item.findings, *item.withdrawn))
    names.update((f"{office.name}/{f}", f"{office.name} {result.form_label(f)}") for f in result.catalog.applications)
    names.update((letter.id, f"{letter.title} {letter.applicant}") for letter in letters_of(desk, office.name))
    return names, forms


def _name(desk: Desk, target: str, names: dict[str, str], forms: dict[str, tuple[str, str]]) -> str:
    sides = [names[t] for t in target.split("|") if t in names]
    if sides:
        return "；".join(sides)
    id_, _, place = target.partition("#")
    if id_ not in forms:
        return ""
    office, form = forms[id_]
    result = desk.office(office).result
    table, *rest = place.split(".")
    label = column_label(result, form, table, rest[-1]) if rest else result.field_label(form, place)
    return f"{names[id_]} {label or place}"
