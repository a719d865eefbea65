"""推荐汇总表（草稿）.docx: the notice's own table of recommendation, drawn from the pack's form, for the office to check and send.

It never ranks: rows stand in the office's order where the office sent a table, and without a number where it did not. What
cannot simply be put forward (not eligible, received twice, not in the office's table, put forward by another office too)
stands in a list apart, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from catalog.forms import BOXED, ColumnRole, Form, FormColumn, FormTable, Role
from checks.meaning.matching import table_of
from checks.meaning.names import fold
from records.book.events import VERDICTS
from records.models import Record, as_text
from records.outputs import DRAFT
from records.roles import by_role
from records.roles import name as as_name
from reports.papers.templates.layout import CELL, add, new_document, packed, ruled_table, unindented
from reports.papers.word import dated, marked, render, with_digest
from reports.results.model import ASIDE, DistrictResult, Item, Status
from reports.results.recommend import compare, put_forward, scene_lines
from reports.results.rulebook import rule_title
from reports.safe.text import line

NAME = "推荐汇总表（草稿）.docx"
TEMPLATE = "推荐汇总表.docx"
"""An office's own layout of the table, where it has one among its templates."""
_PAGE = 156.0
"""Millimetres between the margins."""
_WIDTHS: dict[ColumnRole, float] = {"seq": 12, "company": 34, "task": 25, "contact": 16, "mobile": 30}
_SETTLED_ELSEWHERE = "one_recommender"
"""The check of applicants that two recommenders put forward."""


@dataclass
class Draft:
    """Rows by application form in the office's order, and what stands apart: (applicant, project, why)."""

    rows: dict[str, list[tuple[str, Item]]] = field(default_factory=dict)
    apart: list[tuple[str, str, str]] = field(default_factory=list)


def summary_table(result: DistrictResult) -> bytes | None:
    """The draft as bytes, with a digest of its text: an office that fills it in and sends it back sends a table of its own.
    None where the notice asks for no such table. Raises :class:`reports.papers.word.BrokenTemplate`."""
    form = next((result.catalog.forms[name] for name in result.catalog.summaries), None)
    if form is None:
        return None
    draft = drawn_up(result)
    if result.templates is not None and (result.templates / TEMPLATE).is_file():
        return with_digest(render(TEMPLATE, context(result, draft), result.templates, what=DRAFT, date=result.today))
    return with_digest(dated(marked(_document(result, form, draft), DRAFT), result.today))


def drawn_up(result: DistrictResult) -> Draft:
    """What of the district's applications the table holds, and what not."""
    draft = Draft({name: [] for name in result.catalog.applications})
    seen: set[str] = set()
    for pair in compare(result):
        item, order = pair.item, pair.order if result.summaries else ""
        numbered = f"汇总表第{order}号，" if order else ""
        if item is None:
            draft.apart.append((line(pair.company, 60), "", f"{numbered}没有收到申报书"))
        elif item.document in seen:
            draft.apart.append((*_named(item), f"{numbered}汇总表中重复列出"))
        elif why := _why_apart(result, item, listed=pair.row is not None):
            draft.apart.append((*_named(item), numbered + why))
        else:
            draft.rows[pair.form].append((order, item))
        if item is not None:
            seen.add(item.document)
    for item in result.items:
        if item.status in ASIDE:
            why = "重复收到" if item.status is Status.DOUBLED else "已有较新的版本"
            draft.apart.append((*_named(item), why))
    draft.rows = {form: _ranked(result, form, rows) for form, rows in draft.rows.items()}
    return draft


def _ranked(result: DistrictResult, form: str, rows: list[tuple[str, Item]]) -> list[tuple[str, Item]]:
    """The rows in the order that people decided on, where they did: what they left out stands behind, without a number."""
    order = {application: n for n, application in enumerate(result.decided.ranks.get(form, ()))}
    if not order:
        return rows
    placed = [(order.get(result.application(item), len(order)), item) for _, item in rows]
    placed.sort(key=lambda pair: pair[0])
    return [(str(n) if at < len(order) else "", item) for n, (at, item) in enumerate(placed, 1)]


def _named(item: Item) -> tuple[str, str]:
    """An application's applicant and project."""
    return line(item.name, 60), line(item.project, 80)


def _why_apart(result: DistrictResult, item: Item, *, listed: bool) -> str:
    reasons, verdict, ruling = [], result.verdict(item), result.ruling(item)
    passed = verdict is not None and verdict.verdict == VERDICTS[0]
    if verdict is not None and not passed:
        reasons.append(f"审定：{verdict.told()}")
    if item.status is Status.REJECT and not passed:
        titles = (rule_title(result.catalog, f.code) for f in item.findings if f.level == "reject")
        reasons.append(f"不符合申报条件（{'、'.join(dict.fromkeys(titles))}）")
    elsewhere = result.catalog.codes(_SETTLED_ELSEWHERE)
    if ruling is not None:
        if ruling.stands[:1] != (result.district,):
            reasons.append(ruling.told())
    elif any(f.code in elsewhere for f in item.findings):
        reasons.append("另有推荐单位也推荐了该申报单位，待确定由谁推荐")
    if result.summaries and not listed:
        reasons.append("推荐单位报送的汇总表没有列入")
    return "；".join(reasons)


def context(result: DistrictResult, draft: Draft) -> dict[str, Any]:
    """What an office's own template may use: the rows by class of applications, what stands apart."""
    rows = {
        result.catalog.forms[name].of_class: [
            dict(zip(_NAMES, _texts(number, item), strict=True)) for number, item in found
        ]
        for name, found in draft.rows.items()
    }
    apart = [{"企业": who, "项目": what, "原因": why} for who, what, why in draft.apart]
    return {"推荐单位": _recommender(result), "未列入": apart, **rows}


_NAMES = ("序号", "企业", "工厂", "实例", "联系人", "手机")
_ROLES: tuple[ColumnRole, ...] = ("seq", "company", "task", "instances", "contact", "mobile")


def _texts(number: str, item: Item) -> tuple[str, ...]:
    """What an application puts into the columns, in the order of :data:`_ROLES`."""
    instances = "\n".join(f"{n}.{line(text, 120)}" for n, text in enumerate(scene_lines(item.catalog, item.record), 1))
    doubtful = any(not v.certain for row in item.instances for v in row.values())
    return (
        number,
        _sure(item, *_COMPANY),
        _sure(item, "task", "project"),
        f"{instances}{_CHECK}" if doubtful and instances else instances,
        _sure(item, "contact"),
        _sure(item, "mobile"),
    )


_CHECK = "（待核对）"
"""Stands behind what was not read with certainty: the office sends this table."""


_COMPANY: tuple[Role, ...] = ("applicant_again", "applicant")


def _sure(item: Item, *roles: Role) -> str:
    for role in roles:
        value = by_role(item.catalog, item.record, role)
        if value is not None and value.value is not None:
            text = line(value.value, 80)
            return (as_name(text) if role in _COMPANY else text) + ("" if value.certain else _CHECK)
    return ""


def _recommender(result: DistrictResult) -> str:
    known = result.catalog.recommender(result.district)
    return known.full_name if known else line(result.district, 60)


def _document(result: DistrictResult, form: Form, draft: Draft) -> bytes:
    doc = new_document()
    unindented(doc, form.annex)
    add(doc, form.title, "Title")
    unindented(doc, "（草稿，须经推荐单位核对、排序、盖章）", WD_ALIGN_PARAGRAPH.CENTER)
    label = next((f.label for f in form.fields if f.role == "recommender"), "推荐单位")
    unindented(doc, f"{label}（盖章）：{_recommender(result)}")
    if not result.summaries and not result.decided.ranks:
        unindented(doc, "没有收到推荐单位的汇总表，序号留空，由推荐单位按优先顺序填写。")
    for text in _too_many(result):
        unindented(doc, text)
    for number, (table, found) in enumerate(_tables(result, form, draft), 1):
        add(doc, f"{number}.{next(iter(table.titles), table.short)}", "Heading 1")
        heads = [c.printed or c.label + (f"（{c.unit}）" if c.unit else "") for c in table.columns]
        rows = [_row(table, _texts(order, item), item) for order, item in found] or [[""] * len(heads)]
        ruled_table(doc, _widths(table), heads, rows, centred=_centred(table))
        if table.note:
            add(doc, table.note, CELL)
    if draft.apart:
        add(doc, "未列入上表的项目及原因（报送前删去）", "Heading 1")
        ruled_table(doc, (45, 51, 60), ("申报单位", "项目名称", "原因"), draft.apart)
    return packed(doc)


def _too_many(result: DistrictResult) -> Iterator[str]:
    """Of what more is put forward than the quota allows: whom to leave out is the office's to say."""
    counts, quota = put_forward(result), result.quota
    source = "汇总表列" if result.summaries else "收到"
    for name, count in counts.items() if quota is not None else ():
        allowed = quota.get(result.catalog.forms[name].of_class, 0) if quota else 0
        if count > allowed:
            yield f"{result.form_label(name)}：{source}{count}个，名额{allowed}个，由推荐单位取舍，超出的不得报送。"


def _tables(result: DistrictResult, form: Form, draft: Draft) -> Iterator[tuple[FormTable, Sequence[tuple[str, Item]]]]:
    """The form's tables in their order, each with the applications of its class."""
    for table in form.tables:
        names = [n for n in draft.rows if table_of(result.catalog, form.name, n) is table]
        yield table, [pair for name in names for pair in draft.rows[name]]


def _row(table: FormTable, texts: Sequence[str], item: Item) -> list[str]:
    by_role = dict(zip(_ROLES, texts, strict=True))
    form = item.catalog.forms[item.record.form]
    return [by_role.get(c.role, "") if c.role else as_applied(form, item.record, c) for c in table.columns]


def as_applied(form: Form, record: Record, column: FormColumn) -> str:
    """What an application says under the very label of a column, "" where it has no such field or two answers."""
    label = fold(column.label)
    found = [
        (f, value)
        for f in form.fields
        if fold(f.label) == label and f.unit == column.unit and not (f.column or f.after_option or f.group)
        if (value := record.get(f.key)) is not None and value.value is not None
    ]
    said = {as_text(value.value) for _, value in found}
    if len(said) != 1:
        return ""
    item, value = found[0]
    text = as_text(value.value) if item.type in BOXED else value.raw or as_text(value.value)
    return line(text, 80) + ("" if all(v.certain for _, v in found) else _CHECK)


def _widths(table: FormTable) -> list[float]:
    """Narrow columns by what they hold; what is left of the page is shared by the others."""
    fixed = [_WIDTHS.get(c.role, 0.0) if c.role else 0.0 for c in table.columns]
    free = fixed.count(0.0)
    rest = max(20.0, (_PAGE - sum(fixed)) / free) if free else 0.0
    return [width or rest for width in fixed]


def _centred(table: FormTable) -> list[int]:
    return [at for at, c in enumerate(table.columns) if c.role in ("seq", "contact", "mobile")]
