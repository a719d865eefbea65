"""A pack as a person reads it: what the office will check, as text and as the paper that its head approves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.forms import Condition, Form, FormColumn, FormField
from catalog.models import Catalog, Quota
from checks.book import split
from checks.making import rules_of
from checks.unused import idle_clauses, unread_fields
from records import outputs
from records.numbers import chinese
from reports.results.packwords import ACTORS, LEVELS, TYPES, required, said

_WORDS = 3
"""Words of a list that stand for it."""
_SIGNED = ("拟稿人：　　　　　　　　复核人：", "负责人（批准）：　　　　　　　　　　　年　　月　　日")
_FIELD_HEADS, _FIELD_WIDTHS = ("序号", "栏目", "类型", "必填", "限制", "选项、所选目录"), (11, 46, 20, 32, 18, 29)
_COLUMN_HEADS, _COLUMN_WIDTHS = ("序号", "列", "类型", "必填", "限制", "所选目录"), (11, 58, 20, 19, 20, 28)
_SECTION_HEADS, _SECTION_WIDTHS = ("编号", "章节", "必填", "限制"), (24, 84, 24, 24)
_RULE_HEADS = ("编号", "级别", "依据", "规则", "如何补正", "办理", "文书")
_RULE_WIDTHS = (12, 16, 22, 36, 34, 18, 18)


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 0 is the title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its widths in mm."""

    heads: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]


Block = Heading | Line | Grid


def outline(catalog: Catalog, form: str = "") -> list[Block]:
    """The whole of a pack, or one form with the rules that apply to it."""
    forms = [catalog.forms[form]] if form else list(catalog.forms.values())
    chapters: list[tuple[str, list[Block]]] = []
    if not form:
        chapters += [("期限和名额", list(_quotas(catalog))), ("目录", list(_lists(catalog)))]
    chapters.insert(1 if not form else 0, ("表格", [block for one in forms for block in _form(catalog, one)]))
    chapters.append(("规则", list(_rules(catalog, {one.name for one in forms}))))
    if not form:
        chapters.append(("文书", list(_letters(catalog))))
        chapters.append(("没有核对的内容", list(_left(catalog))))
    out: list[Block] = [Heading("通知数据核定稿", 0), *_head(catalog)]
    for number, (title, blocks) in enumerate(chapters, 1):
        out += [Heading(f"{chinese(number)}、{title}"), *blocks]
    return out


def as_text(blocks: Iterable[Block]) -> Iterator[str]:
    """Line by line; the cells of a table are separated by tabs."""
    for block in blocks:
        match block:
            case Heading(text, level):
                yield from ((text,) if not level else ("", text))
            case Line(text):
                yield text
            case Grid(heads, _, rows):
                yield from ("\t".join(cell.replace("\n", " ") for cell in row) for row in (heads, *rows))


def as_paper(blocks: Iterable[Block]) -> bytes:
    """The same as a Word file, with lines for those who sign it; equal packs give equal bytes."""
    from reports.papers.templates.layout import add, new_document, packed, ruled_table, unindented

    doc = new_document()
    doc.core_properties.keywords = outputs.mark(outputs.REPORT)
    for block in blocks:
        match block:
            case Heading(text, level):
                add(doc, text, f"Heading {level}" if level else "Title")
            case Line(text):
                add(doc, text)
            case Grid(heads, widths, rows):
                ruled_table(doc, widths, heads, rows, centred=(0,))
    add(doc, "")
    for text in _SIGNED:
        unindented(doc, text).paragraph_format.keep_with_next = text != _SIGNED[-1]
    return packed(doc)


def _head(catalog: Catalog) -> Iterator[Block]:
    yield Line(f"通知：{catalog.number}《{catalog.title}》")
    yield Line(f"印发单位：{catalog.issuer}；年度：{catalog.year}；地域：{catalog.region.name}")
    yield Line(f"填报数据的年度：{said(catalog.years)}")
    yield Line(f"通知包：{catalog.id}，版本 {catalog.version[:12]}")
    for name, value in catalog.params.items():
        yield Line(f"{catalog.labels.get(f'params.{name}', name)}：{said(value)}")


def _quotas(catalog: Catalog) -> Iterator[Block]:
    dates = [
        (catalog.labels.get(f"deadlines.{name}", name), date.isoformat()) for name, date in catalog.deadlines.items()
    ]
    if dates:
        yield Grid(("期限", "日期"), (78, 78), dates)
    classes = list(dict.fromkeys(c for form in catalog.forms.values() if (c := form.of_class)))
    width = 60 / max(len(classes), 1)
    if catalog.quotas:
        yield Line("推荐名额：")
        yield Grid(
            ("类别", "条件", *classes), (40, 56, *(width for _ in classes)),
            [
                (catalog.kinds.get(q.kind, q.kind), _condition(q), *(str(q.numbers.get(c, "不限")) for c in classes))
                for q in catalog.quotas
            ],
        )  # fmt: skip
    yield Line(f"推荐单位{len(catalog.recommenders)}个，各自的名额：")
    yield Grid(
        ("推荐单位", "类别", "全称", *classes), (26, 18, 52, *(width for _ in classes)),
        [
            (r.name, catalog.kinds.get(r.kind, r.kind), r.full_name, *(str(r.quota.get(c, "不限")) for c in classes))
            for r in catalog.recommenders
        ],
    )  # fmt: skip


def _condition(quota: Quota) -> str:
    """On what a quota hangs."""
    return quota.condition or quota.flag


def _form(catalog: Catalog, form: Form) -> Iterator[Block]:
    yield Heading(f"{form.annex}　{form.short}", 2)
    counts = [(len(form.fields), "栏目"), (len(form.tables), "表格"), (len(form.sections), "章节")]
    yield Line(f"《{form.title}》，{'、'.join(f'{what}{n}个' for n, what in counts if n)}。")
    labels = {field.key: field.label for field in form.fields}
    for part in dict.fromkeys(f.part for f in form.fields):
        fields = [f for f in form.fields if f.part == part]
        yield Line(f"{form.parts.get(part, part)}各栏：")
        yield Grid(
            _FIELD_HEADS, _FIELD_WIDTHS,
            [
                (str(n), _name(f), TYPES.get(f.type, f.type), _required(catalog, f, labels) + _one_of(f), _limits(f), _choices(catalog, f))
                for n, f in enumerate(fields, 1)
            ],
        )  # fmt: skip
    for table in form.tables:
        rows = f"，至少{table.min_rows}行" if table.min_rows else ""
        rows += f"，至多{table.max_rows}行" if table.max_rows is not None else ""
        yield Line(f"{table.annex} {next(iter(table.titles), table.short)}（{required(table.required)}{rows}）：")
        yield Grid(
            _COLUMN_HEADS, _COLUMN_WIDTHS,
            [
                (str(n), c.label, TYPES.get(c.type, c.type), required(c.required), _limits(c), _chosen(catalog, c))
                for n, c in enumerate(table.columns, 1)
            ],
        )  # fmt: skip
    if form.sections:
        yield Line("章节：")
        yield Grid(
            _SECTION_HEADS,
            _SECTION_WIDTHS,
            [(s.number, s.heading, required(s.required), _limits(s)) for s in form.sections],
        )


def _name(field: FormField) -> str:
    beside = [*field.group[:1], *field.column[:1]]
    return field.label + (f"（{'，'.join(beside)}）" if beside else "")


def _required(catalog: Catalog, field: FormField, labels: Mapping[str, str]) -> str:
    """When a field must be filled in, with labels and words in place of keys."""
    match field.required:
        case Condition(when=when) as condition if when:
            named = re.sub(r"(?<![\w.'\"])[a-z]\w*", lambda m: f"“{labels[m[0]]}”" if m[0] in labels else m[0], when)
            return required(condition.model_copy(update={"when": named}))
        case Condition() as condition:
            words = "、".join(catalog.words.get(condition.says, ())[:_WORDS])
            return required(
                condition.model_copy(update={"says": f"“{words}”等"}) if words else condition, labels[condition.field]
            )
        case said:
            return required(said)


def _one_of(field: FormField) -> str:
    return "（同类填一项即可）" if field.one_of else ""


def _limits(item: Any) -> str:
    """What bounds an answer, in words; what a definition does not know of is not asked for."""
    bounds = (
        ("limit", "{}字以内"),
        ("min", "不小于{}"),
        ("max", "不大于{}"),
        ("pattern_says", "格式：{}"),
        ("unit", "单位{}"),
    )
    return "，".join(
        words.format(value) for name, words in bounds if (value := getattr(item, name, None)) not in (None, "")
    )


def _choices(catalog: Catalog, field: FormField) -> str:
    return "；".join(part for part in ("、".join(field.options), _chosen(catalog, field)) if part)


def _chosen(catalog: Catalog, asked: FormField | FormColumn) -> str:
    """The list that an answer is chosen from."""
    found = catalog.lists.get(asked.in_list)
    return f"《{found.title}》的{found.what}" if found is not None else ""


def _lists(catalog: Catalog) -> Iterator[Block]:
    rows = [(one.what, one.title, one.clause, str(len(one.items))) for one in catalog.lists.values()]
    if rows:
        yield Grid(("层级", "所属目录", "依据", "条数"), (32, 78, 28, 18), rows)
    yield Line(f"条款{len(catalog.clauses)}条，词表{len(catalog.words) + len(catalog.keys)}个。")


def _rules(catalog: Catalog, forms: set[str]) -> Iterator[Block]:
    """The rules by group; what they are told about who acts stands in the pack."""
    entries = {entry.code: entry for entry in catalog.rules}
    rules = [
        rule for rule in rules_of(catalog) if forms & set(rule.forms) or not rule.forms or forms == set(catalog.forms)
    ]
    counts = "，".join(f"{word}{n}条" for level, word in LEVELS.items() if (n := sum(r.level == level for r in rules)))
    yield Line(f"共{len(rules)}条：{counts or '没有'}。")
    for group in catalog.rule_groups:
        rows = []
        for rule in rules:
            if rule.code[0] == group.letter:
                _, parts = split(rule.explanation)
                entry = entries.get(rule.code)
                actor = ACTORS[entry.actor] if entry is not None else ""
                letter = catalog.letters.of(entry, rule.level) if actor == ACTORS["applicant"] else None
                how, title = parts.get("如何补正", ""), letter.title if letter is not None else ""
                rows.append((rule.code, LEVELS[rule.level], rule.clause, rule.title, how, actor, title))
        if rows:
            yield Heading(f"{group.letter}　{group.name}", 2)
            yield Grid(_RULE_HEADS, _RULE_WIDTHS, rows)


def _letters(catalog: Catalog) -> Iterator[Block]:
    """The letters in their words: what a head approves is what companies will read."""
    yield Line("一份申报书只发一种文书，有几种问题的发排在前面的一种。【】内由程序填写。")
    for kind in catalog.letters.kinds:
        due = catalog.deadlines.get(kind.deadline)
        yield Heading(kind.title, 2)
        asks = (kind.due, kind.overdue, kind.open) if due else (kind.open,)
        for text in (kind.opening, f"{kind.heading}：{kind.ask}", *dict.fromkeys(asks), *kind.closing):
            yield Line(_filled(text, due))
    said = catalog.letters.corrections
    yield Heading("更正清单", 2)
    yield from (Line(_filled(text, None)) for text in (said.title, said.opening, said.none, said.closing))


_FACTS = {
    "applicant": "申报单位", "form": "表式", "about": "项目名称、文件", "file": "文件", "year": "年度", "notice": "通知", "office": "推荐单位",
    "count": "处数", "told": "是否一次性告知", "also": "并补正", "days": "待填日期", "due": "期限",
}  # fmt: skip


def _filled(text: str, due: dt.date | None) -> str:
    facts = {name: f"【{called}】" for name, called in _FACTS.items()}
    return text.format(**{**facts, **({"due": f"{due.year}年{due.month}月{due.day}日"} if due else {})})


def _left(catalog: Catalog) -> Iterator[Block]:
    """What the program does not check, so that nobody takes it for checked."""
    yield Line(f"没有规则落实的条款：{said(idle_clauses(catalog))}。")
    for form in catalog.forms.values():
        labels = [f.label for own, f in unread_fields(catalog) if own is form]
        if labels:
            yield Line(f"{form.short}中没有规则读取的栏目：{said(labels)}。")
