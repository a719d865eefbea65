"""The file as received. Most of what is wrong with it the reader noticed; here it becomes findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from catalog.forms import Form
from checks.library import FieldKey, Params, Say, check, round_check
from checks.meaning import versions
from checks.meaning.answers import is_scan, label_of
from checks.meaning.matching import dated as given
from checks.meaning.matching import districts
from checks.meaning.text import fold, shorten
from checks.registry import At, CannotTell, Context, Result, Round, Trip
from records.doubts import in_words, unsure
from records.models import Record, Submission

_LISTED = 30
"""How many unsure values a message lists before it only counts the rest."""


class Noted(Params):
    """``note`` is the code of the reader's notes. ``unread``: where the file could not be read, nothing can be told."""

    note: str
    unread: bool = False
    says: ClassVar[Mapping[str, str]] = {"noted": "said", "expected": ""}


@check("noted", Noted)
def noted(ctx: Context, told: Noted, say: Say) -> Iterator[Result]:
    """One finding for each note of the reader with this code."""
    own = [note for note in ctx.reading.record.notes if note.code == told.note]
    for note in own:
        said = note.message.rstrip("。；")
        yield Trip(
            say("noted", said=said),
            about=re.sub(r"[\d\s]+", "", said) + "\x1e" + note.evidence,
            where=note.where,
            evidence=note.evidence,
            expected=say("expected"),
        )
    if told.unread and not own and versions.unreadable(ctx.reading.record):
        yield CannotTell("文件未能读出")


class Doubled(Params):
    says: ClassVar[Mapping[str, str]] = {"kept": "document others", "set_aside": "document others", "expected": ""}


@round_check("doubled", Doubled, scope="received")
def doubled(round_: Round, _told: Doubled, say: Say) -> Iterator[tuple[At, Result]]:
    """The same bytes were received twice."""
    for group in versions.doubles(round_.submissions):
        for submission in group:
            others = "”“".join(s.document for s in group if s is not submission)
            aside = submission.document in round_.superseded
            yield (
                At.of(submission),
                Trip(
                    say("set_aside" if aside else "kept", document=submission.document, others=others),
                    about="重复件" if aside else "保留件",
                    where="文件",
                    evidence=others,
                    expected=say("expected"),
                ),
            )


class Foreign(Params):
    """``note``: the code of the reader's notes of another form, hardly filled in, within the file."""

    note: str
    says: ClassVar[Mapping[str, str]] = {
        "foreign": "forms",
        "foreign_begins": "forms begin",
        "another_within": "said",
        "expected_within": "",
    }


@check("foreign", Foreign)
def foreign(ctx: Context, told: Foreign, say: Say) -> Iterator[Result]:
    """The file is none of the notice's forms, or has another within it that was not read."""
    record = ctx.reading.record
    own = [n for n in record.notes if n.code == told.note]
    if record.form != "unknown":
        for note in own:
            yield Trip(
                say("another_within", said=note.message),
                where=note.where or "文件",
                evidence=note.evidence,
                expected=say("expected_within"),
            )
        return
    if versions.unreadable(record):
        yield CannotTell("文件未能读出")
        return
    at_first = own[0] if own else None
    forms = "、".join(f"{form.annex}《{form.title}》" for form in ctx.catalog.forms.values())
    first = next((line for line in ctx.reading.lines if line.text.strip()), None)
    begin = (at_first.evidence if at_first else "") or (shorten(first.text) if first else "")
    where = (at_first.where if at_first else "") or (first.where if first else "")
    said = say("foreign_begins", forms=forms, begin=begin) if begin else say("foreign", forms=forms)
    if ctx.reading.elsewhere:
        said = say("another_within", said=ctx.reading.elsewhere)
    yield Trip(
        said,
        where=where or "文件",
        evidence=begin,
        expected=forms,
    )


class LabelsMissing(Params):
    """``no_content``: columns without which an application says no less; an applicant need not be called about them."""

    no_content: tuple[str, ...] = ()
    says: ClassVar[Mapping[str, str]] = {"missing": "labels annex", "expected": ""}


@check("labels_missing", LabelsMissing)
def labels_missing(ctx: Context, told: LabelsMissing, say: Say) -> Iterator[Result]:
    """Labels of the form are not there: rows or parts of it were deleted or rewritten."""
    form = ctx.catalog.forms[ctx.form]
    missing = [m for m in ctx.reading.missing_labels if not _optional_table(form, m.key)]
    if not missing:
        return
    by_part: dict[str, list[str]] = {}
    for label in missing:
        by_part.setdefault(label.part, []).append(label.label.strip("*＊ "))
    labels = "；".join(f"{part}中的“{'”“'.join(dict.fromkeys(own))}”" for part, own in by_part.items())
    if is_scan(ctx):
        yield CannotTell(f"扫描件中未认出{labels}，请人工核对")
        return
    yield Trip(
        say("missing", labels=labels, annex=form.annex),
        field=missing[0].key if len(missing) == 1 else None,
        where="；".join(by_part),
        evidence="缺少：" + "、".join(dict.fromkeys(m.label for m in missing)),
        expected=say("expected"),
        level="note" if all(m.key.partition(".")[2] in told.no_content for m in missing) else None,
    )


def _optional_table(form: Form, key: str) -> bool:
    """Whether the label belongs to a list that the form itself calls 选填. One that belongs to the rows of another table is
    none of them."""
    table = form.table(key.split(".", 1)[0])
    return table is not None and table.required == "optional" and not table.per


class Unsure(Params):
    says: ClassVar[Mapping[str, str]] = {
        "scan": "doubts",
        "scan_alone": "",
        "unsure": "doubts",
        "expected": "",
        "too_long": "cut",
        "expected_length": "",
    }


@check("unsure", Unsure)
def unsure_values(ctx: Context, _told: Unsure, say: Say) -> Iterator[Result]:
    """Read from a picture, or with values of little confidence, or longer than rules see of them."""
    form = ctx.catalog.forms.get(ctx.form)
    doubts: dict[str, tuple[str, ...]] = {}
    for key, names in unsure(ctx.reading.record).items():
        label = label_of(form, key)
        doubts[label] = (*doubts.get(label, ()), *names)
    yield from _longer_than_read(ctx.cut, say)
    if not doubts and not is_scan(ctx):
        return
    more = f"等{len(doubts)}项" if len(doubts) > _LISTED else ""
    listed = _with_reasons(doubts) + more
    sentence = "unsure" if not is_scan(ctx) else "scan" if doubts else "scan_alone"
    yield Trip(
        say(sentence, doubts=listed),
        where="文件",
        evidence="、".join(list(doubts)[:_LISTED]) + more,
        expected=say("expected"),
    )


def _with_reasons(doubts: dict[str, tuple[str, ...]]) -> str:
    """``工厂地址、企业简介（跨页接合）；销售增长率（栏目名称与表中不完全一致）``: what is in doubt for the same reasons together."""
    by_reason: dict[str, list[str]] = {}
    for label, names in list(doubts.items())[:_LISTED]:
        by_reason.setdefault(in_words(names), []).append(label)
    return "；".join("、".join(labels) + (f"（{reason}）" if reason else "") for reason, labels in by_reason.items())


def _longer_than_read(cuts: Sequence[str], say: Say) -> Iterator[Result]:
    if cuts:
        cut = "；".join(cuts[:_LISTED]) + (f"等{len(cuts)}处" if len(cuts) > _LISTED else "")
        yield Trip(say("too_long", cut=cut), about="过长", where="文件", evidence=cut, expected=say("expected_length"))


class Superseded(Params):
    """``date`` and ``names`` are the application's date and what its project is called, the first that is filled."""

    date: FieldKey
    names: tuple[FieldKey, ...]
    says: ClassVar[Mapping[str, str]] = {
        "changed": "document dated later later_dated changes",
        "unchanged": "document dated later later_dated",
        "table?": "document dated later later_dated",
        "expected_table?": "",
        "expected": "",
    }


@round_check("superseded", Superseded, scope="received", sets_aside=True)
def superseded(round_: Round, told: Superseded, say: Say) -> Iterator[tuple[At, Result]]:
    """A later version of the same application was received."""
    for group in versions.versions(round_.catalog, round_.submissions):
        for old in group.older:
            yield At.of(old), _superseded_by(round_, told, say, old, group.latest)
    for district in districts(round_):
        for old, later in district.aside:
            yield At.of(old), _replaced_by(say, old, later)


def _replaced_by(say: Say, old: Submission, later: Submission) -> Trip:
    """A recommender's table that a later one replaces: nobody compares with it any more, and the office should know."""
    dated, later_dated = ((given(s) or ("未填",))[0] for s in (old, later))
    facts = {"document": old.document, "dated": dated, "later": later.document, "later_dated": later_dated}
    return Trip(
        say("table", **facts) or f"推荐汇总表“{old.document}”已有较新的“{later.document}”，以较新的一份核对。",
        about="table",
        where="文件",
        evidence=f"{old.document}；{later.document}",
        expected=say("expected_table") or say("expected"),
    )


def _superseded_by(round_: Round, told: Superseded, say: Say, old: Submission, latest: Submission) -> Trip:
    changed = changes(round_.catalog.forms.get(old.record.form), old.record, latest.record)
    dated, later_dated = (s.record.text(told.date) or "未填" for s in (old, latest))
    return Trip(
        say(
            "changed" if changed else "unchanged",
            document=old.document,
            dated=dated,
            later=latest.document,
            later_dated=later_dated,
            changes=changed[:_LISTED],
        ),
        about=fold(next((t for k in told.names if (t := old.record.text(k))), "")),
        field=told.date,
        where="文件",
        evidence=f"{old.document}；{latest.document}",
        expected=say("expected"),
    )


def changes(form: Form | None, old: Record, new: Record) -> list[str]:
    """The labels of what differs between two versions: fields and chapters by name, tables by the rows that changed."""
    found = [
        label_of(form, key)
        for key in dict.fromkeys([*old.fields, *old.sections, *new.fields, *new.sections])
        if old.text(key) != new.text(key)
    ]
    for table in dict.fromkeys([*old.tables, *new.tables]):
        rows = [
            [{c: v.value for c, v in row.items() if v.value is not None} for row in record.tables.get(table, [])]
            for record in (old, new)
        ]
        if rows[0] != rows[1]:
            count = f"（{len(rows[0])}行改为{len(rows[1])}行）" if len(rows[0]) != len(rows[1]) else ""
            found.append(label_of(form, table) + count)
    return found
