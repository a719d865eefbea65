"""Group C: what the form asks for is there. Which fields, chapters and columns are asked for, and when, the form declares
(``required``, ``one_of``); rows and seals are in checks/annexes.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Literal, TypeVar

from catalog.forms import BOXED, Condition, Form, FormColumn, FormField, FormTable, ValueType
from catalog.models import Catalog
from checks.asked import Questions, asked, questions
from checks.library import FieldKey, Params, Part, Say, TableKey, Words, check
from checks.meaning.answers import Answers, State, about_row, clean, name_of, row_place, text_of
from checks.meaning.text import fold, shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.choices import ticks
from records.models import Row, Value

_Told = TypeVar("_Told", bound=Params)
NOTHING_ASKED = "本表没有要求填写的相应栏目"


class Covers(Params):
    """The fields a rule covers: those of ``parts`` that the form asks for, of ``types`` (all where none is told) but not of
    ``other_types``; with ``under_heads``, ``behind_options`` only those that stand under a column's head (2021年) or in an
    option's brackets, or, where false, only the others."""

    parts: tuple[Part, ...] = ()
    types: tuple[ValueType, ...] = ()
    other_types: tuple[ValueType, ...] = ()
    under_heads: bool | None = None
    behind_options: bool | None = None

    @property
    def everything(self) -> bool:
        """It is told of nothing, and looks at whatever the form asks for."""
        return not self.parts

    def looks_at(self, field: FormField) -> bool:
        return (self.everything or field.part in self.parts) and self._covers(field)

    def fields(self, form: Form) -> list[FormField]:
        return [f for f in form.fields if self.looks_at(f)]

    def _covers(self, field: FormField) -> bool:
        asked_for = field.required not in ("optional", "conditional")
        typed = (not self.types or field.type in self.types) and field.type not in self.other_types
        heads = self.under_heads in (None, bool(field.column))
        return asked_for and typed and heads and self.behind_options in (None, bool(field.after_option))


class Filled(Covers):
    """``chapters`` covers the form's required chapters, ``tables`` the required columns of their rows. ``open`` is what it means
    for a field where the answer on which it hangs is not there, or is a no that is not sure. Told of none of the three, it covers all
    but what is ticked."""

    chapters: bool = False
    tables: tuple[TableKey, ...] = ()
    open: Literal["not_asked", "cannot_tell"] = "not_asked"

    @property
    def everything(self) -> bool:
        return not (self.parts or self.chapters or self.tables)

    def _covers(self, field: FormField) -> bool:
        return super()._covers(field) and not (self.everything and field.type in BOXED)

    says: ClassVar[Mapping[str, str]] = {
        "blank": "label stands of remedy name row row_of",
        "unnamed?": "label stands row row_of",
        "none_of?": "labels of remedy",
        "expected?": "label",
        "unread?": "label",
        "unsure?": "of how",
        "none?": "",
        "no_rows?": "",
    }


@dataclass(frozen=True, slots=True)
class Asking(Generic[_Told]):
    """``questions`` are the conditions under which the forms ask for their fields."""

    told: _Told
    questions: Questions

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for q in self.questions.values() for key in q.given.reads))


def asking(catalog: Catalog, forms: Sequence[Form], told: _Told) -> Asking[_Told]:
    """Raises CatalogError on a condition that does not hold together."""
    return Asking(told, questions(catalog, forms))


@check("filled", Filled, ready=asking)
def filled(ctx: Context, asking: Asking[Filled], say: Say) -> Iterator[Result]:
    """Fields, chapters and columns that the form asks for and that are blank."""
    answers, told = Answers.of(ctx), asking.told
    fields = told.fields(answers.form)
    chapters = [s for s in answers.form.sections if (told.chapters or told.everything) and s.required == "required"]
    tables = [t for t in answers.form.tables if t.key in told.tables or (told.everything and _asks(t))]
    if not (fields or chapters or tables):
        yield NotApplicable(NOTHING_ASKED)
    if fields:
        yield from _fields(answers, fields, asking, say)
    for section in chapters:
        yield from _blank(answers, section.key, None, "", say)
    for table in tables:
        yield from _rows(answers, table, say)


def _asks(table: FormTable) -> bool:
    return any(column.required == "required" for column in table.columns)


def _fields(answers: Answers, fields: list[FormField], asking: Asking[Filled], say: Say) -> Iterator[Result]:
    groups: dict[tuple[bool, bool, str], list[FormField]] = {}
    for field in fields:
        if _of_a_blank(answers, field, fields):
            continue
        key = (isinstance(field.required, Condition), bool(field.one_of), field.one_of or field.key)
        groups.setdefault(key, []).append(field)
    any_asked = False
    # What is asked of everybody stands before what hangs on an answer.
    for _, members in sorted(groups.items(), key=lambda g: g[0][:2]):
        first = members[0]
        needed, of = asked(answers, first, asking.questions)
        if needed == "no" or (needed == "open" and asking.told.open == "not_asked"):
            continue
        any_asked = True
        results = list(
            _none_of(answers, members, of, say) if first.one_of else _blank(answers, first.key, first, of, say)
        )
        if results and needed != "yes":
            how = "未能读准" if needed == "unsure" else "未能读出"
            yield CannotTell(say("unsure", of=of, how=how) or f"“{of}”{how}")
        else:
            yield from results
    if not any_asked and (why := say("none")):
        yield NotApplicable(why)


def _of_a_blank(answers: Answers, field: FormField, fields: list[FormField]) -> bool:
    """Whether the field stands in the cell of another that is blank and told of: one cell is asked for once."""
    whole = next((f for f in fields if f.key == field.of_field and not field.after_option), None)
    return whole is not None and {answers.state(f.key) for f in (whole, field)} == {"blank"}


def _remedy(field: FormField | None) -> str:
    return field.required.remedy if field is not None and isinstance(field.required, Condition) else ""


def _stands(raw: str) -> str:
    return f"（现为“{shorten(raw, 30)}”）" if raw else ""


def _called(label: str, field: FormField | None) -> str:
    """What a person would fill in: of a promise, which is labelled by its heading, the date."""
    dated = field is not None and field.role == "commitment" and field.type == "date" and "日期" not in label
    return f"{label}的日期" if dated else label


def _blank(answers: Answers, key: str, field: FormField | None, of: str, say: Say) -> Iterator[Result]:
    """A finding where the field or chapter is blank, cannot tell where it could not be read."""
    state = answers.state(key)
    label = _called(answers.label(key), field) if state != "filled" else ""
    match state:
        case "blank":
            value = answers.value(key)
            raw = value.raw if value is not None else ""
            about = {
                "stands": _stands(raw),
                "of": of,
                "remedy": _remedy(field),
                "name": "",
                "row": "",
                "row_of": "",
            }
            yield Trip(
                say("blank", label=label, **about),
                about=key,
                field=key,
                where=answers.where(key),
                evidence=raw,
                expected=say("expected", label=label) or f"填写{label}",
            )
        case "unreadable":
            yield CannotTell(say("unread", label=label) or f"“{label}”未能读出")
        case _:
            pass


def _none_of(answers: Answers, members: list[FormField], of: str, say: Say) -> Iterator[Result]:
    """Fields of which one is enough."""
    states = [answers.state(f.key) for f in members]
    if "filled" in states:
        return
    labels = "、".join(answers.label(f.key) for f in members)
    if "unreadable" in states:
        yield CannotTell(f"{labels}未能读出")
        return
    first = members[0]
    message = say("none_of", labels=labels, of=of, remedy=_remedy(first))
    yield Trip(
        message or f"{labels}均未填写，请至少补填一项。",
        about=first.one_of,
        field=first.key,
        where=answers.where(first.key),
        expected=f"{labels}至少填写一项",
    )


def _rows(answers: Answers, table: FormTable, say: Say) -> Iterator[Result]:
    rows = list(answers.rows(table.key))
    if not rows:
        yield NotApplicable(say("no_rows") or f"{answers.label(table.key)}没有内容")
    required = [column for column in table.columns if column.required == "required"]
    for number, row in rows:
        for column in required:
            if (state := answers.cell(table, column, row)) != "filled":
                yield from _cell(answers, table, column, state, number, row, say)


def _cell(
    answers: Answers, table: FormTable, column: FormColumn, state: State, number: int, row: Row, say: Say
) -> Iterator[Result]:
    key = column.key
    label = answers.label(f"{table.key}.{key}")
    match state:
        case "unreadable":
            yield CannotTell(f"第{number}行{label}未能读出")
        case "blank":
            value = row.get(key) or Value()
            row_of = f"{table.annex}{table.short}第{number}行"
            facts = {"label": clean(column.label), "stands": _stands(value.raw), "row": number, "row_of": row_of}
            named = not table.named_by or bool(text_of(row, table.named_by[0]))
            name = name_of(row, number, table.named_by)
            message = "" if named else say("unnamed", **facts)
            yield Trip(
                message or say("blank", name=name, of="", remedy="", **facts),
                about=about_row(row, table, key),
                field=f"{table.key}.{key}",
                row=number,
                where=value.where or row_place(row),
                evidence=value.raw,
                expected=say("expected", label=label) or f"填写{label}",
            )
        case _:
            pass


class Ticked(Covers):
    types: tuple[ValueType, ...] = ("choice", "choices", "yesno")
    says: ClassVar[Mapping[str, str]] = {"unticked": "label stands", "ticked": "label stands count"}


@check("ticked", Ticked, ready=asking)
def ticked(ctx: Context, asking: Asking[Ticked], say: Say) -> Iterator[Result]:
    """A choice with no box ticked, or more than one where one is asked for."""
    answers, told = Answers.of(ctx), asking.told
    fields = told.fields(answers.form)
    if not fields:
        yield NotApplicable(NOTHING_ASKED)
    for field in fields:
        needed, of = asked(answers, field, asking.questions)
        if needed in ("no", "open"):
            continue
        results = list(_choice(answers, field, say))
        if results and needed != "yes":
            yield CannotTell(f"“{of}”未能读准，不能判断“{answers.label(field.key)}”是否须勾选")
        else:
            yield from results


def _choice(answers: Answers, field: FormField, say: Say) -> Iterator[Result]:
    value = answers.value(field.key)
    label = answers.label(field.key)
    if value is not None and value.value is not None:
        return
    count = ticks(value.raw) if value is not None else 0
    unsure = field.key in answers.missing or (value is not None and not value.certain)
    if (
        unsure
        or count == 1
        or (count and field.type == "choices")
        or (value is not None and count is None and value.raw)
    ):
        yield CannotTell(f"“{label}”的勾选未能读出")
        return
    options = "、".join(field.options) or "是、否"
    raw = value.raw if value is not None else ""
    facts = {"label": label, "stands": f"（“{shorten(raw)}”）" if raw else ""}
    yield Trip(
        say("ticked", count=count, **facts) if count else say("unticked", **facts),
        about=field.key,
        field=field.key,
        where=answers.where(field.key),
        evidence=raw,
        expected=f"{options}中{'至少' if field.type == 'choices' else ''}勾选一项",
    )


class Proved(Params):
    """``field`` is a level that is ticked; ``proof``, or a picture in either cell, may stand for it, unless it is one of the
    words ``no_proof``."""

    field: FieldKey
    proof: FieldKey
    no_proof: Words
    says: ClassVar[Mapping[str, str]] = {"unproved": "stands", "expected": "", "unread": ""}


@check("proved", Proved)
def proved(ctx: Context, told: Proved, say: Say) -> Iterator[Result]:
    """Neither a level was ticked nor another proof given."""
    answers = Answers.of(ctx)
    level, proof = answers.value(told.field), answers.value(told.proof)
    if answers.state(told.field) == "filled" or _is_proof(answers, proof, told):
        return
    if any(v is not None and "图片" in v.raw for v in (level, proof)):
        return
    boxes = ticks(level.raw) if level is not None else None
    unsure = any(v is not None and not v.certain for v in (level, proof))
    lost = bool({told.field, told.proof} & answers.missing)
    odd = level is not None and boxes is None and answers.state(told.field) == "unreadable"
    if boxes or unsure or lost or odd:
        yield CannotTell(say("unread"))
        return
    evidence = proof.raw if proof is not None else ""
    yield Trip(
        say("unproved", stands=_stands(evidence)),
        field=told.field,
        where=answers.where(told.field),
        evidence=evidence,
        expected=say("expected"),
    )


def _is_proof(answers: Answers, proof: Value | None, told: Proved) -> bool:
    if proof is None or proof.value is None:
        return False
    none = {fold(w) for w in answers.context.catalog.words[told.no_proof]}
    return answers.state(told.proof) == "filled" and answers.said(told.proof) not in none
