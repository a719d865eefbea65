"""The draft as the files of a pack: the only module that knows how a pack is laid out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.drafting.model import DraftColumn, DraftField, DraftForm, DraftSection, DraftTable, Undecided
from extractors.drafting.toml_text import lines, remark

DECIDE = "待定"
"""What stands before every remark that asks for a decision."""
SURE_ROLE = 0.5
"""A role guessed less surely than this is asked about, not written."""
_SHOWN = 60
"""Characters of a text that a remark shows."""
_YEAR = re.compile(r"((?:19|20)\d{2})年?(?:度)?")
_SIGNED = frozenset({"applicant", "project", "credit_code"})
"""Roles without which an application cannot be told from another: drafted as required."""


def form_toml(form: DraftForm) -> str:
    """One form's file."""
    asked = _by_place(form.undecided)
    out = [
        *remark(f"{form.annex} {form.title}".strip()),
        *remark(f"据空白表起草，未经核对。标有“{DECIDE}”的各处须由人定；全部列在 {DECIDE}.md。"),
        *_questions(asked.pop("", [])),
        *lines(
            {
                "name": form.name,
                "annex": form.annex or form.name,
                "title": form.title or f"（{DECIDE}：表的标题）",
                "title_marks": form.marks or [form.title or f"（{DECIDE}）"],
                "headings": list(dict.fromkeys(form.headings)),
            }
        ),
        *lines({"placeholders": _placeholders(form)}, drop_empty=False),
        *lines({"order": [f.key for f in form.fields] + [t.key for t in form.tables]}, drop_empty=False),
        *(f"# 表中印有：{note}" for text in form.notes for note in text.split("\n")),
    ]
    for item in form.fields:
        out += ["", "[[fields]]", *_questions(asked.pop(item.where, [])), *_field(item, form)]
    for table in form.tables:
        out += ["", "[[tables]]", *_questions(asked.pop(table.where, [])), *_table(table, form)]
    for section in form.sections:
        out += ["", "[[sections]]", *_questions(asked.pop(section.where, [])), *_section(section)]
    for where, questions in asked.items():
        out += ["", *(f"# {DECIDE}（{where}）：{what}" for what in questions)]
    out += ["", *(f"# {DECIDE}（{u.where}）：这段文字没有用上：{_short(u.what)}" for u in form.unused)]
    return "\n".join(out).rstrip() + "\n"


def _by_place(items: Sequence[Undecided]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in items:
        found.setdefault(item.where, []).append(item.what)
    return found


def _questions(questions: Sequence[str]) -> list[str]:
    return [line for what in questions for line in remark(f"{DECIDE}：{what}")]


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def _placeholders(form: DraftForm) -> list[str]:
    """What the blank prints where answers go: the blanks of dates, and instructions printed more than once."""
    often = [h for f in form.fields for h in f.hints if h.startswith("（")]
    return list(dict.fromkeys([*form.placeholders, *(h for h in often if often.count(h) > 1)]))


def _field(item: DraftField, form: DraftForm) -> list[str]:
    role = item.role if item.role and item.role.confidence >= SURE_ROLE else None
    remarks = [f"# {item.where}" + (f"；用途似为 {role.name}（把握 {role.confidence:.0%}）" if role else "")]
    return [
        *remarks,
        *lines(
            {
                "key": item.key,
                "part": item.part,
                "type": {"choices": "choice"}.get(item.type, item.type),
                "unit": item.unit,
                "label": item.label,
                "group": [item.group] if item.group else [],
                "column": _column_words(item.column),
                "options": item.options,
                "after_option": item.after,
                "of_field": item.of.key if item.of else "",
                "limit": item.limit,
                "hints": _hints([*item.hints, *([item.label] if item.of and not item.after else [])]),
            }
        ),
        *_required(item, form, role is not None and role.name in _SIGNED),
    ]


def _required(item: DraftField, form: DraftForm, identity: bool) -> list[str]:
    if item.of is not None:
        return ['required = "conditional"']
    if item.stars:
        marks = "*" * item.stars
        legend = next((n for n in form.notes if re.match(rf"[*＊★]{{{item.stars}}}(?![*＊★])", n)), "")
        sure = item.stars == 1 and (not legend or "必填" in legend)
        said = f"印有 {marks}" + (f"：{legend.lstrip('*＊★ ')}" if legend else "")
        return [f'required = "{"required" if sure else "conditional"}"  # {said}']
    return ['required = "required"'] if identity and not item.optional else []


def _column_words(head: str) -> list[str]:
    year = _YEAR.fullmatch(head)
    return [f"{year[1]}年", f"{year[1]}年度", year[1]] if year else [head] if head else []


def _hints(hints: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(h for h in hints if h.strip()))


def _table(table: DraftTable, form: DraftForm) -> list[str]:
    keys = [c.key for c in table.columns]
    out = [
        f"# {table.where}",
        *lines(
            {
                "key": table.key,
                "annex": table.annex or form.annex or form.name,
                "titles": [table.title] if table.title else [],
                "per": [table.per] if table.per else [],
                "hints": _hints(table.hints),
            }
        ),
    ]
    if table.example:
        out += ["", "[tables.example]", *lines({keys[at]: text for at, text in table.example.items()})]
    for column in table.columns:
        out += ["", "[[tables.columns]]", *_column(column)]
    return out


def _column(column: DraftColumn) -> list[str]:
    note = [f"# 单位：{column.unit}"] if column.unit else []
    return [
        *note,
        *lines(
            {
                "key": column.key,
                "label": column.label,
                "type": column.type if column.type == "instances" else "",
                "limit": column.limit,
                "hints": _hints(column.hints),
                "parts": {part: [word] for part, word in column.parts.items()},
                "merged": column.merged,
                "required": "required" if column.stars == 1 else "",
            }
        ),
    ]


def _section(section: DraftSection) -> list[str]:
    return [
        f"# {section.where}",
        *lines({"key": section.key, "number": section.number}, drop_empty=False),
        *lines(
            {
                "parent": section.parent,
                "heading": section.heading,
                "required": "optional" if section.optional else "",
                "limit": section.limit,
                "hints": _hints(section.hints),
            }
        ),
    ]
