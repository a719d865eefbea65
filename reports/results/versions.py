"""What changed between two versions of an application: fields, cells, chapters."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.meaning.versions import application_id
from records.models import Record, Row, Value
from reports.results.model import DistrictResult, Item, Status

_PIECE = re.compile(r"[^。；！？\n]*[。；！？\n]?")


@dataclass(frozen=True)
class Change:
    """A place that says something else than before. ``pieces`` are (text, is it in both, which has it alone): ``same``, ``before``,
    ``after``."""

    label: str
    before: str
    after: str
    pieces: tuple[tuple[str, str], ...]


def former(result: DistrictResult, item: Item) -> Item | None:
    """The version of an application that this one has replaced: the last of those that were received too, None where there is none."""
    if item.status is Status.SUPERSEDED:
        return None
    mine = application_id(result.catalog, item.record)
    older = [
        i
        for i in result.items
        if i.status is Status.SUPERSEDED
        and application_id(result.catalog, i.record) == mine
        and i.record.source.sha256 != item.record.source.sha256
    ]
    return max(older, key=lambda i: (i.submission.modified, i.document), default=None)


def changes(result: DistrictResult, before: Record, after: Record) -> list[Change]:
    """What of the form differs, in its order; texts as they stand in the files."""
    return [*_values(result, before, after), *_cells(result, before, after)]


def _values(result: DistrictResult, before: Record, after: Record) -> Iterator[Change]:
    for old, new in ((before.fields, after.fields), (before.sections, after.sections)):
        for key in dict.fromkeys((*new, *old)):
            label = result.field_label(after.form, key) or key
            yield from _change(label, old.get(key), new.get(key))


def _cells(result: DistrictResult, before: Record, after: Record) -> Iterator[Change]:
    for name in dict.fromkeys((*after.tables, *before.tables)):
        old, new = before.tables.get(name, []), after.tables.get(name, [])
        matcher = difflib.SequenceMatcher(
            None, [_row_text(r) for r in old], [_row_text(r) for r in new], autojunk=False
        )
        for what, i0, i1, j0, j1 in matcher.get_opcodes():
            if what == "equal":
                continue
            for n in range(max(i1 - i0, j1 - j0)):
                one = old[i0 + n] if i0 + n < i1 else {}
                other = new[j0 + n] if j0 + n < j1 else {}
                at = j0 + n + 1 if other else i0 + n + 1
                for column in dict.fromkeys((*other, *one)):
                    label = result.field_label(after.form, f"{name}.{column}") or column
                    yield from _change(
                        f"{_table(result, after.form, name)}第{at}行 {label}", one.get(column), other.get(column)
                    )


def _table(result: DistrictResult, form: str, name: str) -> str:
    known = result.catalog.forms.get(form)
    table = known.table(name) if known is not None else None
    return (table.annex or table.short) if table is not None else name


def _row_text(row: Row) -> str:
    return "\x1f".join(v.raw for v in row.values())


def _change(label: str, before: Value | None, after: Value | None) -> Iterator[Change]:
    old, new = before.raw if before is not None else "", after.raw if after is not None else ""
    if "".join(old.split()) != "".join(new.split()):
        yield Change(label, old, new, tuple(_pieces(old, new)))


def _pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    for what, i0, i1, j0, j1 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "".join(new[j0:j1]), "same"
            continue
        if i1 > i0:
            yield "".join(old[i0:i1]), "before"
        if j1 > j0:
            yield "".join(new[j0:j1]), "after"
