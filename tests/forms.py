"""Filled forms for tests: data that is clean by every rule, and readings made from it without a file.

``scene(...)`` and ``factory(...)`` give the clean data with one thing changed; ``reading_of`` turns data into the
:class:`Reading` that a faultless reader would give for it. In data a value is typed (number, bool, ISO date,
period dict), or the text as written where it cannot be typed, or a :class:`Value` to say everything oneself; None
is blank.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from records.models import (
    FormName,
    MissingLabel,
    Note,
    Place,
    Reading,
    Record,
    Row,
    Seal,
    Source,
    Submission,
    TextLine,
    Value,
)
from samples.formbuilder import written
from samples.formbuilder.data import application

Data = dict[str, Any]

YEARS = ("2020", "2021", "2022")
MONEY = {f"{kind}_{year}" for kind in ("assets", "revenue") for year in YEARS} | {"investment"}
PERCENT = {f"{kind}_{year}" for kind in ("debt_ratio", "profit_margin") for year in YEARS} | {
    "cnc_rate", "networked_rate", "productivity_gain", "resource_gain", "rd_cycle_cut", "operating_cost_cut",
    "unit_cost_cut", "defect_cut", "quality_loss_cut", "sales_growth", "equipment_utilisation_gain",
    "inventory_turnover_gain", "supplier_ontime_gain", "order_ontime_gain", "apc_rate", "energy_cut", "co2_cut",
    "chain_incoming_quality", "chain_purchase_cost", "chain_logistics_cost", "chain_delivery_cycle",
}  # fmt: skip
NUMBERS = MONEY | PERCENT | {"replicated_firms"}
YESNO = {
    "in_key_region", "had_major_accident", "is_national_pilot", "is_national_benchmark", "is_provincial_pilot",
    "applies_supply_chain",
}  # fmt: skip
OPTIONS: dict[str, tuple[str, ...]] = {
    "ownership": ("中央企业", "地方国企", "民营企业", "三资企业"),
    "size": ("大型企业", "中型企业", "小型企业", "微型企业"),
    "industry_category": ("原材料", "装备制造", "消费品", "电子信息"),
    "maturity_level": ("一级", "二级", "三级", "四级", "五级"),
} | dict.fromkeys(sorted(YESNO), ("是", "否"))
NAMED = {
    "had_major_accident": ("accident_name", "事故名称"),
    "is_national_pilot": ("national_pilot_name", "项目名称"),
    "is_national_benchmark": ("national_benchmark_name", "项目名称"),
    "is_provincial_pilot": ("provincial_pilot_name", "项目名称"),
}

COVER = ("project_name", "applicant", "recommender", "application_date")
_BASIC = (
    "company_name", "uscc", "founded_on", "ownership", "size", "industry_section", "industry_division",
    "industry_group", "industry_category", "factory_address", "in_key_region", "legal_rep_name", "legal_rep_phone",
    "contact_name", "contact_phone", "contact_title", "contact_mobile", "contact_fax", "contact_email",
    *(f"{kind}_{year}" for kind in ("assets", "debt_ratio", "revenue", "profit_margin") for year in YEARS),
    "had_major_accident", "accident_name", "company_profile", "commitment_date", "build_period", "investment",
    "solution_provider", "provider_contact", "provider_phone", "cnc_rate", "networked_rate", "productivity_gain",
    "resource_gain", "rd_cycle_cut", "operating_cost_cut", "unit_cost_cut", "defect_cut", "quality_loss_cut",
    "sales_growth", "equipment_utilisation_gain", "inventory_turnover_gain", "supplier_ontime_gain",
    "order_ontime_gain", "apc_rate", "energy_cut", "co2_cut", "replicated_firms", "other_outcomes",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "scene": (*COVER, *_BASIC, "link_name", "scene_name", "instance_name"),
    "factory": (
        *COVER, *_BASIC, "is_national_pilot", "national_pilot_name", "is_national_benchmark",
        "national_benchmark_name", "is_provincial_pilot", "provincial_pilot_name", "maturity_level",
        "capability_proof", "task_name", "task_subindustry", "task_address", "project_summary", "applies_supply_chain",
        "chain_products", "chain_partners", "chain_roles", "chain_provider", "chain_incoming_quality",
        "chain_purchase_cost", "chain_logistics_cost", "chain_delivery_cycle", "chain_other",
    ),
    "summary": ("recommender",),
}  # fmt: skip
SECTIONS: dict[str, tuple[str, ...]] = {
    "scene": ("construction_plan", "upgrade_plan", "promotion_plan", "attachments"),
    "factory": (
        "overall", "construction_plan", "integration", "novelty", "achievements", "expected_goals", "next_steps",
        "growth", "promotion_plan",
    ),
    "summary": (),
}  # fmt: skip
_SCENES = (
    "seq", "link", "scene", "instance", "description", "pain_points", "solution", "safeguards", "results", "other",
    "economics", "remark",
)  # fmt: skip
_USED: dict[str, tuple[str, ...]] = {
    "scenes": _SCENES,
    "equipment": ("instance", "kind", "name", "model", "supplier", "remark"),
    "software": ("instance", "kind", "name", "model", "supplier"),
    "processes": ("instance", "name", "application"),
    "technologies": ("instance", "name", "application"),
}
_LISTS: dict[str, tuple[str, ...]] = {
    "key_technologies": ("seq", "name", "parameters", "remark"),
    "key_equipment": ("seq", "name", "parameters", "remark"),
    "key_software": ("seq", "name", "parameters", "remark"),
    "standards": ("seq", "name", "kind", "status", "number", "remark"),
    "patents": ("seq", "name", "kind", "status", "number", "remark"),
}
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "scene": _USED,
    "factory": _USED | _LISTS,
    "summary": {
        "scene_recommendations": ("seq", "company", "instances", "contact", "mobile"),
        "factory_recommendations": ("seq", "company", "factory", "instances", "contact", "mobile"),
    },
}


# ---------------------------------------------------------------------------------------------- data


def clean_scene() -> Data:
    """A 附件3-1 application that no rule objects to (浦东新区, 装备制造, two instances)."""
    return _whole(application("chengchi"))


def clean_factory() -> Data:
    """A 附件3-2 application that no rule objects to (嘉定区, 消费品, eight 环节 and 智慧供应链)."""
    return _whole(application("hexin"))


def clean_summary(*applications: Data, recommender: str = "") -> Data:
    """The 附件4 that puts forward ``applications`` (by default the clean scene) as they describe themselves."""
    chosen = applications or (clean_scene(),)
    data: Data = {
        "form": "summary",
        "fields": {"recommender": recommender or chosen[0]["fields"]["recommender"]},
        "tables": {"scene_recommendations": [], "factory_recommendations": []},
        "sections": {},
    }
    for one in chosen:
        rows = data["tables"][f"{one['form']}_recommendations"]
        row = {"seq": str(len(rows) + 1), "company": one["fields"]["company_name"]}
        if one["form"] == "factory":
            row["factory"] = one["fields"]["task_name"]
        row["instances"] = [{key: r[key] for key in ("link", "scene", "instance")} for r in one["tables"]["scenes"]]
        rows.append(row | {"contact": one["fields"]["contact_name"], "mobile": one["fields"]["contact_mobile"]})
    return data


def scene(
    fields: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    sections: Mapping[str, Any] | None = None,
) -> Data:
    """The clean scene application, changed: ``fields``/``sections`` by key; ``tables`` by table, either the new rows
    or ``{row number from 1: {column: value}}`` to change cells."""
    return changed(clean_scene(), fields, tables, sections)


def factory(
    fields: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    sections: Mapping[str, Any] | None = None,
) -> Data:
    """The clean factory application, changed as with :func:`scene`."""
    return changed(clean_factory(), fields, tables, sections)


def changed(
    data: Data,
    fields: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    sections: Mapping[str, Any] | None = None,
) -> Data:
    """A copy of ``data`` with values replaced. An unknown key is an error: a test must not pass by a slip."""
    new = copy.deepcopy(data)
    for part, changes in (("fields", fields), ("sections", sections)):
        for key, value in (changes or {}).items():
            if key not in new[part]:
                raise KeyError(f"{new['form']} has no {key} in its {part}")
            new[part][key] = value
    for name, change in (tables or {}).items():
        columns = TABLES[new["form"]][name]
        rows = change if isinstance(change, list) else new["tables"][name]
        for at, cells in change.items() if isinstance(change, Mapping) else ():
            rows[at - 1] |= cells
        for row in rows:
            if unknown := set(row) - set(columns):
                raise KeyError(f"{name} has no column {sorted(unknown)}")
        new["tables"][name] = [dict.fromkeys(columns) | row for row in rows]
    return new


def without_rows(data: Data, table: str, *numbers: int) -> Data:
    """A copy without those rows (from 1)."""
    new = copy.deepcopy(data)
    new["tables"][table] = [row for at, row in enumerate(new["tables"][table], start=1) if at not in numbers]
    return new


def _whole(data: Data) -> Data:
    """Every key of the form, None where the data leaves it blank."""
    form = data["form"]
    tables = {
        name: [dict.fromkeys(columns) | row for row in data["tables"].get(name, [])]
        for name, columns in TABLES[form].items()
    }
    return {
        "form": form,
        "fields": dict.fromkeys(FIELDS[form]) | data["fields"],
        "tables": tables,
        "sections": dict.fromkeys(SECTIONS[form]) | data["sections"],
    }


# ------------------------------------------------------------------------------------------ readings


def value_of(key: str, value: Any, where: str = "", fields: Mapping[str, Any] | None = None) -> Value:
    """The Value a faultless reader gives for what stands in the data under ``key``."""
    if isinstance(value, Value):
        return value
    if key in OPTIONS:
        return _choice(key, value, where, fields or {})
    raw = written.text(value)
    if value is None or raw == "":
        return Value(where=where)
    if key in NUMBERS and isinstance(value, str):
        return Value(value=None, raw=raw, where=where)
    return Value(value=value.strip("\n") if isinstance(value, str) else value, raw=raw, where=where)


def _choice(key: str, value: Any, where: str, fields: Mapping[str, Any]) -> Value:
    """A choice: one option, a list where several boxes are ticked (no value), None where none is."""
    after = {}
    if key in NAMED:
        name, label = NAMED[key]
        after["是"] = f"（{label}：{written.text(fields.get(name))}）"
    several = isinstance(value, list) and len(value) != 1
    one = value[0] if isinstance(value, list) and not several else value
    return Value(value=None if several else one, raw=written.boxes(OPTIONS[key], value, after=after), where=where)


def reading_of(
    data: Data,
    *,
    path: str = "申报书.docx",
    lines: Iterable[TextLine] = (),
    notes: Iterable[Note] = (),
    missing_labels: Iterable[MissingLabel] = (),
    seals: list[Seal] | None = None,
    annexes: Iterable[str] = (),
    confidence: Mapping[str, float] | None = None,
    format: str = "docx",  # noqa: A002
) -> Reading:
    """The reading of ``data``. ``lines`` come on top of those the form itself gives; ``confidence`` lowers that of a
    field, section or ``table.column``."""
    form: FormName = data["form"]
    unsure = dict(confidence or {})
    fields = {
        key: value_of(key, value, f"表1 行{at}", data["fields"])
        for at, (key, value) in enumerate(data["fields"].items(), start=1)
    }
    sections = {
        key: value_of(key, value, f"段落{20 + 10 * at}") for at, (key, value) in enumerate(data["sections"].items())
    }
    tables: dict[str, list[Row]] = {}
    for number, (name, rows) in enumerate(data["tables"].items(), start=2):
        tables[name] = [
            {
                column: value_of(f"{name}.{column}", value, f"表{number} 行{at + 1} 列{nth}")
                for nth, (column, value) in enumerate(row.items(), start=1)
            }
            for at, row in enumerate(rows, start=1)
        ]
    for key, value in (fields | sections).items():
        value.confidence = unsure.get(key, value.confidence)
    for name, rows_read in tables.items():
        for row in rows_read:
            for column, value in row.items():
                value.confidence = unsure.get(f"{name}.{column}", value.confidence)
    digest = hashlib.sha256(f"{path}\n{data!r}".encode()).hexdigest()
    record = Record(
        form=form,
        source=Source(path=path, sha256=digest, format=format),
        fields=fields,
        tables=tables,
        sections=sections,
        notes=list(notes),
    )
    return Reading(
        record=record,
        lines=[*_lines(record), *lines],
        missing_labels=list(missing_labels),
        seals=seals,
        annexes=list(annexes),
    )


def _lines(record: Record) -> list[TextLine]:
    """Each line of text that the form holds, with its place."""
    found: list[TextLine] = []
    for key, value in record.fields.items():
        place: Place = "cover" if key in COVER else "cell"
        found += [TextLine(line, value.where, place) for line in value.raw.split("\n") if line]
    for rows in record.tables.values():
        for row in rows:
            found += [TextLine(v.raw, v.where, "cell") for v in row.values() if v.raw]
    for value in record.sections.values():
        found += [TextLine(line, value.where, "body") for line in value.raw.split("\n") if line]
    return found


def submission_of(
    data: Data, district: str = "", document: str = "", modified: float = 0.0, **overrides: Any
) -> Submission:
    """A reading with its standing in a round; the path defaults to one below the district's folder."""
    fields = data["fields"]
    name = fields.get("company_name") or fields.get("recommender") or "申报书"
    document = document or f"{district + '/' if district else ''}{name}-{data['form']}.docx"
    reading = reading_of(data, path=document, **overrides)
    return Submission(district=district, document=document, reading=reading, modified=modified)
