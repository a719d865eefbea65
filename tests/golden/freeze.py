"""What the program says of a case, as lines of JSON: one a value, a finding, an outcome.

A value is ``[where in the record, value, raw, place, confidence]``; raw is null where it is the value. Nothing is frozen that
depends on the machine, the path of the checkout or the clock: hashes of files, and ids made from them, are left out.
Long texts stand once in texts.jsonl, under their digest.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from catalog.names import find_recommender
from checks.assessments import Assessments
from checks.registry import Outcomes
from checks.run import check_document, check_round
from extractors import read_bytes, read_folder
from records.models import Finding, Reading, Submission
from tests.forms import CATALOG
from tests.golden.case import Case, Files

LONG = 60
MARK = "«"


class Texts(dict[str, str]):
    """Digest → text."""

    def keep(self, text: str) -> str:
        if len(text) <= LONG:
            return text
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        self[digest] = text
        return f"{MARK}{digest} {len(text)}字 {' '.join(text[:16].split())}…"

    def whole(self, line: str) -> str:
        """The line with its texts written out."""
        while MARK in line:
            before, _, rest = line.partition(MARK)
            digest = rest[:10]
            if digest not in self:
                return line
            line = before + json.dumps(self[digest], ensure_ascii=False)[1:-1] + rest.partition("…")[2]
        return line


def frozen(case: Case, texts: Texts) -> list[str]:
    """The lines of a case."""
    files = case.make()
    found = _round(files, texts, case.values) if len(files) > 1 else _alone(files, texts)
    return [json.dumps(item, ensure_ascii=False, separators=(", ", ": ")) for item in found]


def _alone(files: Files, texts: Texts) -> Iterator[Any]:
    ((path, data),) = files.items()
    for reading in read_bytes(data, CATALOG, path):
        yield from _reading(reading, texts)
        outcomes = check_document(CATALOG, reading, reading.record.source.path)
        yield from _outcomes(outcomes, known=bool(_company(reading)))


def _round(files: Files, texts: Texts, values: bool) -> Iterator[Any]:
    """As an inbox of folders: what lies deeper than an office's folder is one application."""
    units: dict[str, dict[str, bytes]] = {}
    for path, data in sorted(files.items()):
        parts = PurePosixPath(path).parts
        units.setdefault("/".join(parts[:2]) if len(parts) > 2 else path, {})[path] = data
    submissions = []
    for head, inside in units.items():
        readings = read_folder(inside, CATALOG) if head not in inside else read_bytes(inside[head], CATALOG, head)
        for reading in readings:
            office = find_recommender(CATALOG, reading.record.source.path.partition("/")[0])
            district = office.name if office else "未归口"
            submissions.append(
                Submission(district=district, document=reading.record.source.path, reading=reading, modified=0.0)
            )
    outcomes = check_round(CATALOG, submissions)
    known = {s.document: bool(_company(s.reading)) for s in submissions} | {"": True}
    for submission in submissions:
        whole = _reading(submission.reading, texts)
        yield from whole if values else itertools.islice(whole, 1)
    for document in known:
        part = Outcomes(
            [f for f in outcomes.findings if f.document == document],
            Assessments(a for a in outcomes.assessments if a.document == document),
        )
        yield ["outcomes of", document]
        yield from _outcomes(part, known=known[document])
    assert outcomes.faults == []


def _company(reading: Reading) -> str:
    """What ids of findings are made from; where there is none they are made from the file's hash."""
    record = reading.record
    return record.text("company_name") or record.text("applicant") or record.text("recommender")


def _reading(reading: Reading, texts: Texts) -> Iterator[Any]:
    record = reading.record
    by_ocr = record.source.format in ("scan", "image")
    source = record.source.model_dump(exclude={"sha256"}, exclude_none=True)
    yield ["document", record.form, source]
    facts = reading.model_dump(exclude={"record", "lines", "missing_labels"}, exclude_defaults=True)
    facts["missing labels"] = " ".join(m.key for m in reading.missing_labels)
    yield from ([name, fact] for name, fact in sorted(facts.items()) if fact not in ([], None, ""))
    yield from (["note", note.model_dump(exclude_defaults=True)] for note in record.notes)
    for part, values in (("fields", record.fields), ("sections", record.sections)):
        for key, value in values.items():
            yield _value(f"{part}.{key}", value, texts, by_ocr=by_ocr)
    for name, rows in record.tables.items():
        for number, row in enumerate(rows, 1):
            for column, value in row.items():
                yield _value(f"{name}.{number}.{column}", value, texts, by_ocr=by_ocr)


def _value(key: str, value: Any, texts: Texts, *, by_ocr: bool = False) -> list[Any]:
    held = value.model_dump()
    typed, raw = held.pop("value"), held.pop("raw")
    where, confidence = held.pop("where"), held.pop("confidence")
    same = raw == ("" if typed is None else typed)
    line = [key, texts.keep(typed) if isinstance(typed, str) else typed, None if same else texts.keep(raw), where]
    if by_ocr:
        # What a model is sure of differs a little from processor to processor.
        confidence = 1 if value.certain else "unsure"
        if value.certain:
            held.pop("doubts", None)
    line += [confidence] if confidence != 1 else []
    return [*line, held] if any(held.values()) else line


def _outcomes(outcomes: Outcomes, *, known: bool) -> Iterator[Any]:
    assert outcomes.faults == [], [str(f) for f in outcomes.faults]
    for finding in outcomes.findings:
        yield ["finding", _finding(finding, known=known)]
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in sorted(outcomes.assessments, key=lambda a: a.code):
        district = () if one.document else (one.district,)
        alike.setdefault((one.outcome, one.why, *district), []).append(one.code)
    yield from ([*what, " ".join(codes)] for what, codes in sorted(alike.items()))


def _finding(finding: Finding, *, known: bool) -> dict[str, Any]:
    held = finding.model_dump(exclude_defaults=True)
    return held if known else held | {"id": f"{finding.code}-…"}
