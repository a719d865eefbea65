"""The draft as the files of a pack: the only module that knows how a pack is laid out."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
import typing
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from catalog.forms import ColumnRole, Role
from catalog.models import Recommender
from extractors.drafting.model import DraftColumn, DraftField, DraftForm, DraftSection, DraftTable, Undecided
from extractors.drafting.notice import DraftList, DraftNotice
from extractors.drafting.toml_text import Value, lines, remark, value
from extractors.drafting.usual_rules import usual_rules
from extractors.drafting.words import role_name

DECIDE = "待定"
"""What stands before every remark that asks for a decision."""
SURE_ROLE = 0.5
"""A role guessed less surely than this is asked about, not written."""
_SHOWN = 60
"""Characters of a text that a remark shows."""
_ROLES, _COLUMN_ROLES = typing.get_args(Role), typing.get_args(ColumnRole)
_LISTED = ("credit_code", "recommender", "date", "contact", "mobile", "email", "address", "class", "industry")
_MOST_LISTED = 12
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
                "kind": form.kind,
                "of_class": _class(form),
                "parts": {
                    part: form.parts[part] for part in dict.fromkeys(f.part for f in form.fields) if part in form.parts
                },
                "listed": _listed(form),
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


def _class(form: DraftForm) -> str:
    """The class of applications that an application form is for: what stands in brackets behind its title."""
    return form.marks[0] if form.kind == "application" and form.marks else ""


def _listed(form: DraftForm) -> list[str]:
    """What lists of applications show: what tells them apart, then choices."""
    roles = [f.key for f in form.fields if f.role and f.role.name in _LISTED and f.role.confidence >= SURE_ROLE]
    choices = [f.key for f in form.fields if f.options and f.key not in roles]
    return [*roles, *choices][:_MOST_LISTED]


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
    unused = [u.what for u in form.unused if len(u.what) <= _SHOWN and "\n" not in u.what]
    often = [h for f in form.fields for h in f.hints if h.startswith("（")]
    return list(dict.fromkeys([*form.placeholders, *(h for h in often if often.count(h) > 1), *unused]))


def _field(item: DraftField, form: DraftForm) -> list[str]:
    role = item.role if item.role and item.role.confidence >= SURE_ROLE else None
    block = f"，在“{item.block}”之下" if item.block and item.block != item.group else ""
    remarks = [
        f"# {item.where}{block}"
        + (f"；用途似为{role_name(role.name)} {role.name}（把握 {role.confidence:.0%}）" if role else "")
    ]
    return [
        *remarks,
        *lines(
            {
                "key": item.key,
                "role": role.name if role and role.name in _ROLES else "",
                "part": item.part,
                "type": item.type,
                "unit": item.unit,
                "label": item.label,
                "aliases": item.aliases,
                "group": [item.group, *item.group_aliases] if item.group else [],
                "column": _column_words(item.column),
                "options": item.options,
                "after_option": item.after,
                "of_field": item.of.key if item.of else "",
                "limit": item.limit,
                "star": item.stars,
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
        f"# {table.where}" + (f"，在“{table.over}”之下" if table.over else ""),
        *lines(
            {
                "key": table.key,
                "of_class": table.of_class,
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
    return [
        *lines(
            {
                "key": column.key,
                "role": column.role.name if column.role and column.role.name in _COLUMN_ROLES else "",
                "label": column.label,
                "aliases": column.aliases,
                "type": column.type if column.type != "text" else "",
                "unit": column.unit if column.type in ("money", "number") else "",
                "limit": column.limit,
                "star": column.stars,
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


# ------------------------------------------------------------------------------------------------ the pack as a whole
def pack_files(forms: Sequence[DraftForm], notice: DraftNotice) -> dict[str, str]:
    """Every file of a drafted pack: path within it → text. Names the forms."""
    name_forms(forms)
    out = {f"forms/{form.name}.toml": form_toml(form) for form in forms}
    out["notice.toml"] = _notice_toml(forms, notice)
    out["clauses.toml"] = _clauses_toml(notice)
    out |= {f"{name}.toml": f"# {DECIDE}：{what}\n{text}" for name, (what, text) in _frame(forms).items()}
    for number, found in enumerate(notice.lists, 1):
        out[f"{DECIDE}/lists/list_{number}.toml"] = _list_toml(found, f"list_{number}")
    out[f"{DECIDE}.md"] = undecided_md(forms, notice)
    return out


def name_forms(forms: Sequence[DraftForm]) -> None:
    """Give each form the name under which the pack knows it, numbered where there are several of a kind."""
    for kind in dict.fromkeys(form.kind for form in forms):
        found = [form for form in forms if form.kind == kind]
        for number, form in enumerate(found, 1):
            form.name = f"{kind}_{number}" if len(found) > 1 else kind
    classes = [c for c in map(_class, forms) if c]
    for table in (t for form in forms if form.kind == "summary" for t in form.tables):
        table.of_class = next((c for c in classes if c in table.title), "")


def _notice_toml(forms: Sequence[DraftForm], notice: DraftNotice) -> str:
    years = sorted({int(m[1]) for f in forms for item in f.fields if (m := _YEAR.fullmatch(item.column))})
    out = [
        f"# {DECIDE}：以下期限、数额、限值都是占位的数，不会使任何材料被判为有问题；通知中可能的数见 {DECIDE}.md，请逐项改定。",
        f"# {DECIDE}：id 与其他轮次区别（小写字母、数字、短横），year 是年度",
        *lines({"id": "draft", "year": max(years, default=0) + 1}, drop_empty=False),
        *lines({"number": notice.number or DECIDE, "title": notice.title or DECIDE, "issuer": notice.issuer or DECIDE}),
        *lines({"forms": [form.name for form in forms], "years": years}, drop_empty=False),
    ]
    out += ["", f"[deadlines]  # {DECIDE}", *lines({"applicants": dt.date(9999, 12, 31)})]
    for proposal in notice.proposals:
        out += ["", f"# {DECIDE}（{proposal.kind}，依据 {proposal.ref}）：{proposal.value}", f"#   {proposal.quote}"]
    return "\n".join(out) + "\n"


def _clauses_toml(notice: DraftNotice) -> str:
    clauses = [(c.ref, c.text, c.where) for c in notice.clauses] or [(DECIDE, f"（{DECIDE}：照通知原文填写条款）", "")]
    out = [f"# {DECIDE}：条款文字与通知原文核对"]
    for ref, text, where in clauses:
        out += ["", "[[clause]]", *([f"# {where}"] if where else []), *lines({"ref": ref, "text": text})]
    return "\n".join(out) + "\n"


def _neutral(model: type[BaseModel]) -> dict[str, Value]:
    """A value for each key that a part of the notice must have, by which nothing is found wrong."""
    known = _neutral_values()
    out: dict[str, Value] = {}
    for name, info in model.model_fields.items():
        if name in known:
            out[name] = known[name]
        elif info.is_required():
            out[name] = _of_type(info.annotation)
    return out


@functools.cache
def _neutral_values() -> dict[str, Value]:
    return tomllib.loads((files(__package__) / "frame.toml").read_text("utf-8"))


def _of_type(kind: Any) -> Value:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _neutral(kind)
    plain: dict[Any, Value] = {int: 0, float: 0.0, bool: False, str: DECIDE, dt.date: dt.date(9999, 12, 31)}
    return plain.get(kind, {} if typing.get_origin(kind) is dict else [])


def _frame(forms: Sequence[DraftForm]) -> dict[str, tuple[str, str]]:
    """The further files that a pack must have: name → what must be decided, text."""

    def entry(table: str, model: type[BaseModel], /, **own: Value) -> str:
        needed = {k: v for k, v in _neutral(model).items() if k not in _DERIVED}
        return "\n".join([f"[[{table}]]", *lines(needed | own, drop_empty=False), ""])

    words = f"（{DECIDE}）"
    return {
        "rules": (
            "规则",
            "".join(f"[[group]]\nletter = {value(k)}\nname = {value(v)}\n\n" for k, v in _GROUPS.items())
            + usual_rules(forms),
        ),
        "offices": (
            "推荐单位",
            '[kinds]\ndistrict = "区"\n\n'
            + entry("recommender", Recommender, name=words, full_name=words, kind="district"),
        ),
    }


_GROUPS = {
    "F": "文件本身", "C": "完整性", "L": "篇幅", "E": "申报条件", "M": "与目录对照", "K": "申报书前后一致", "S": "不得出现的内容",
    "D": "与本轮其他申报书对照", "Q": "推荐与收到材料对照",
}  # fmt: skip
_DERIVED = frozenset({"quota"})
"""What the loader works out itself."""


def _list_toml(found: DraftList, name: str) -> str:
    """A catalogue as a pack has it: it loads as soon as the file stands in ``lists/``."""
    levels = [level or f"{DECIDE}：第{n}层" for n, level in enumerate(found.levels, 1)]
    keys = [f"{name}_{n}" for n in range(1, len(levels) + 1)]
    out = [
        f"# {DECIDE}：据{found.annex or '表格'}起草的目录，未经核对，没有启用。核对后移到 lists/，把各层的键写进栏目的 in；",
        "# 只作分组、不供选填的一层，在它的 [[levels]] 里写 groups = true。",
        *lines({"title": found.title or DECIDE, "clause": found.annex}),
    ]
    for key, level in zip(keys, levels, strict=True):
        out += ["", "[[levels]]", *lines({"key": key, "what": level})]
    for item in found.entries:
        entry: dict[str, Value] = {"name": item.name, "under": item.parent if item.level > 1 else "", "text": item.text}
        out += ["", f"[[{keys[item.level - 1]}]]", *lines(entry)]
    return "\n".join(out) + "\n"


def undecided_md(forms: Sequence[DraftForm], notice: DraftNotice) -> str:
    """What a person must still decide, for reading: form by form with places, then what the notice's text suggests."""
    out = [f"# {DECIDE}", "", "通知包是据空白表起草的，以下各处须由人决定，决定后改在所列的文件里。", ""]
    for form in forms:
        out += [f"## {form.annex} {form.title}（forms/{form.name}.toml）".replace("  ", " "), ""]
        out += [f"- {f'{u.where}：' if u.where else ''}{u.what}" for u in form.undecided]
        out += [f"- {u.where}：印有“{_short(u.what)}”，没有用上，请看是否要填" for u in form.unused]
        out += ["- 必填的栏目：除印有星号和申报单位、项目名称、代码外，都先作选填", ""]
        roles = [f for f in form.fields if f.role]
        if roles:
            out += ["| 用途 | 栏目 | 所在处 | 把握 |", "|---|---|---|---|"]
            out += [
                f"| {role_name(f.role.name)} {f.role.name} | {f.label} | {f.where} | {f.role.confidence:.0%} |"
                for f in roles
                if f.role
            ]
            out.append("")
    out += [
        "## 通知（notice.toml）",
        "",
        "- 编号、标题、发文单位、申报地区、推荐单位、目录、词表、规则",
        "- 期限、数额、限值：现在是占位的数，什么都不检查",
        "",
    ]
    if notice.proposals:
        out += ["通知正文里可能有关的数，都没有启用：", "", "| 类别 | 数 | 依据 | 原文 |", "|---|---|---|---|"]
        out += [f"| {p.kind} | {p.value} | {p.ref} | {p.quote} |" for p in notice.proposals]
        out.append("")
    for number, found in enumerate(notice.lists, 1):
        counts = "、".join(f"{level or f'第{n}层'} {found.count(n)} 条" for n, level in enumerate(found.levels, 1))
        out.append(f"- {found.annex}{found.title}：{counts}，在 {DECIDE}/lists/list_{number}.toml，没有启用")
    return "\n".join(out).rstrip() + "\n"
