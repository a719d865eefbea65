"""records.jsonl, findings.jsonl and assessments.jsonl: what other programs read, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from checks.assessments import Of, Told
from checks.meaning.text import mask_identities
from records.compact import copy_to_dump
from records.models import Assessment, Record
from reports.results.model import DistrictResult
from reports.safe.atomic import write_if_changed
from reports.safe.text import cleaned


def _dumped(model: BaseModel) -> str:
    """One line of JSON; what UTF-8 cannot carry is replaced, identity numbers are masked.

    The plain dump is checked first because almost no record needs the walk; it is checked on the dump with every escape
    parted from what follows, so that a number at the start of a line is seen as one.
    """
    try:
        text = model.to_json() if isinstance(model, Record) else _flat(model)
        text.encode()
    except ValueError:
        text = ""
    apart = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")
    if text and mask_identities(apart) == apart:
        return text
    return json.dumps(cleaned(copy_to_dump(model).model_dump(by_alias=True)), ensure_ascii=False, separators=(",", ":"))


def _flat(model: BaseModel) -> str:
    """A model of texts and numbers as pydantic dumps it, without leaving anything on it."""
    held = {name: getattr(model, name) for name in _written(type(model))}
    return json.dumps(held, ensure_ascii=False, separators=(",", ":"))


@cache
def _written(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if not field.exclude)


def lines(models: Iterable[BaseModel]) -> bytes:
    return "".join(f"{_dumped(m)}\n" for m in models).encode("utf-8")


def write_jsonl(result: DistrictResult, out_dir: Path) -> list[Path]:
    """Write the three files of a district: records by document, findings and assessments as they were given."""
    records = [s.record for s in sorted(result.submissions, key=lambda s: s.document)]
    groups = "".join(g.letter for g in result.catalog.rule_groups)
    findings = sorted(result.outcomes.findings, key=lambda f: (f.document, groups.find(f.code[0]), f.code, f.id))
    assessed = sorted(result.outcomes.assessments.groups(), key=lambda group: group[0][1])
    return [
        write_if_changed(out_dir / "records.jsonl", lines(records)),
        write_if_changed(out_dir / "findings.jsonl", lines(findings)),
        write_if_changed(out_dir / "assessments.jsonl", _outcomes(assessed, groups)),
    ]


_BETWEEN = ',"code":'
"""What stands between an assessment's document and the rest, and in no text, where quotes are escaped."""


def _outcomes(assessed: Iterable[tuple[Of, Sequence[Told]]], groups: str) -> bytes:
    """The lines of assessments. Nine lines in ten of an output are such, and nearly all those of other documents too: what is the same
    is written once."""
    ends: dict[Told, str] = {}
    out = []
    for (_, document), every in assessed:
        begin = _dumped(Assessment(document=document, code="", outcome="pass")).partition(_BETWEEN)[0]
        for one in sorted(every, key=lambda told: (groups.find(told.code[0]), told.code)):
            if one not in ends:
                ends[one] = _dumped(Assessment(document="", **one._asdict())).partition(_BETWEEN)[2]
            out.append(f"{begin}{_BETWEEN}{ends[one]}\n")
    return "".join(out).encode()
