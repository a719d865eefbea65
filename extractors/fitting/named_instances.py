"""The catalog's names of 环节 and 场景 tell what was read: where the parts of an item of 附件4 end, whatever stands between them,
and in a picture, which character was taken for one like it; so does the alphabet of 统一社会信用代码. What a picture shows of the
line beneath an answer of the cover is no part of it."""

from __future__ import annotations

from typing import Literal

from catalog.forms import Form
from catalog.models import Catalog
from extractors.document.doubts import INSTANCES_MISSED, LIKENED_TO_A_NAME, OCR_LINE, OF_INSTANCES
from extractors.fitting.candidates import Candidate, CandidateRow
from extractors.fitting.settings import RECOGNITION
from records.instances import by_names, runs_on

_NOT_IN_USCC = str.maketrans("OIZS", "0125")
"""Letters that GB 32100 leaves out, and the figures that a picture shows them for."""
_USCC = 18
_BLANK, _LEVEL = " _", "一—"
"""What an underline leaves of itself beside an answer, and what a picture shows its end as."""
_NAME_ENDS = ("司", "会", "厂", "）", ")")
_DASHES = ("一", "—")
"""How the rest of a dash may be read that stands before a name."""
_PARTS: tuple[Literal["link", "scene"], ...] = ("link", "scene")


def read_by_names(
    fields: dict[str, Candidate], tables: dict[str, list[CandidateRow]], form: Form, catalog: Catalog, by_ocr: bool
) -> None:
    """Puts right the cells of instances whose 环节 or 场景 are none of the catalog's, where both stand in the text, and in what
    was read from a picture the names a character from one of the catalog's."""
    if by_ocr:
        _as_in_a_picture(fields, form)
    columns = [(t.key, c.key) for t in form.tables for c in t.columns if c.type == "instances"]
    if not (by_ocr or columns):
        return
    upper, lower = catalog.list_by_role("link"), catalog.list_by_role("scene")
    if upper is None or lower is None:
        return
    links, scenes = upper.spellings, lower.spellings
    if by_ocr:
        listed = form.instances()
        for part, names in zip(_PARTS, (links, scenes), strict=True):
            field = form.by_role(part)
            if field is not None and field.key in fields:
                fields[field.key] = _likened(fields[field.key], names)
            part_of = listed.by_role(part) if listed is not None else None
            if listed is not None and part_of is not None:
                for row in tables.get(listed.key, ()):
                    if part_of.key in row:
                        row[part_of.key] = _likened(row[part_of.key], names)
    for table, column in columns:
        for row in tables.get(table, ()):
            held = row.get(column)
            if held is None or not isinstance(held.value, list):
                continue
            ran_on = any(runs_on(item, links, scenes) for item in held.value)
            dashed = by_ocr and any(item["instance"].startswith(_DASHES) for item in held.value)
            known = all(item["link"] in links and item["scene"] in scenes for item in held.value)
            if known and not ran_on and not dashed:
                continue
            named = by_names(held.raw, links, scenes)
            if named is not None and len(named) >= len(held.value) + ran_on:
                settled = tuple(d for d in held.doubts if d not in OF_INSTANCES)
                row[column] = held._replace(value=named, doubts=settled)
            elif ran_on:
                row[column] = held.doubted(INSTANCES_MISSED)


def _as_in_a_picture(fields: dict[str, Candidate], form: Form) -> None:
    """Puts right the fields whose kind tells what was read of them."""
    for item in form.fields:
        held = fields.get(item.key)
        if held is None:
            continue
        if item.type == "uscc" or item.role == "credit_code":
            fields[item.key] = _without_letters(held)
        elif item.part == "cover" and item.type == "text":
            fields[item.key] = _without_underline(held)


def _without_underline(held: Candidate) -> Candidate:
    """An answer of a cover without what was read of the line that it is written on; ``raw`` keeps it."""
    text = held.value
    if not isinstance(text, str):
        return held
    plain = text.strip(_BLANK)
    stem = plain.rstrip(_BLANK + _LEVEL)
    if stem != plain and (plain[len(stem)] in _BLANK or stem.endswith(_NAME_ENDS)):  # not 项目一
        plain = stem
    return held._replace(value=plain).doubted(OCR_LINE) if plain and plain != text else held


def _without_letters(held: Candidate) -> Candidate:
    """A 统一社会信用代码 with figures for the letters that none has; ``raw`` keeps what was read."""
    text = held.value
    if not isinstance(text, str) or len(text) != _USCC or (code := text.translate(_NOT_IN_USCC)) == text:
        return held
    return held._replace(value=code).doubted(OCR_LINE)


def _likened(held: Candidate, names: tuple[str, ...]) -> Candidate:
    """The name of the catalog that differs from what was read in a character (in long names two), where one does."""
    text = held.value
    if not isinstance(text, str) or len(text) < RECOGNITION.name or text in names:
        return held
    apart = {n: sum(a != b for a, b in zip(n, text, strict=True)) for n in names if len(n) == len(text)}
    like = [n for n, count in apart.items() if count <= (1 if len(text) < RECOGNITION.long_name else 2)]
    if len(like) != 1:
        return held
    return held._replace(value=like[0]).doubted(LIKENED_TO_A_NAME)
