"""The job of a worker that runs the rules (:mod:`flows.guarded.worker`): documents as requests, outcomes as answers.

A request is a line of JSON that says what to do, and behind it the submissions it is about. The worker says what it has
in hand: with several documents the number of each, with one document or a comparison the code of each rule.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from catalog.models import Catalog
from checks.assessments import told
from checks.comparing import Compared, round_rules
from checks.making import rules_of
from checks.registry import Outcomes, RuleFault
from checks.run import check_document
from flows.guarded.payload import as_json
from flows.guarded.shelf import Shelved, slim
from flows.guarded.worker import Answer, Say
from records.compact import built, copy_to_dump
from records.models import Finding, Reading, Submission

_READINGS = TypeAdapter(list[Reading])
_FINDINGS = TypeAdapter(list[Finding])


def request(
    do: str,
    submissions: Sequence[Submission] = (),
    *,
    alone: bool = False,
    left_out: Mapping[str, Any] | None = None,
) -> bytes:
    """``do`` is one of "check" (each document by itself; ``alone``: outside a round), "begin" (a round), "take" (more of its
    submissions, in order), "aside" (what of them is not checked further) and "compare" (the rules over the round).
    ``left_out`` has why, by rule; to compare, by rule and document."""
    facts = [[s.district, s.document, s.modified] for s in submissions]
    head = {"do": do, "facts": facts, "alone": alone, "left_out": left_out or {}}
    readings = b",".join(map(as_text, submissions))
    return b"\n".join((json.dumps(head).encode(), b"[" + readings + b"]"))


def as_text(submission: Submission) -> bytes:
    """A submission's reading as JSON: what was put down goes on as it is."""
    lent = submission.lent
    return lent.json() if isinstance(lent, Shelved) else as_json(copy_to_dump(submission.reading))


def prepare(told: dict[str, Any]) -> Answer:
    """Checks under the notice and office that ``told`` names."""
    import catalog

    pack = catalog.load(told["notice"], Path(told["office"]) if told["office"] else None)
    rules_of(pack)  # loaded before memory is limited
    round_ = _Round(pack)

    def answer(request: bytes, say: Say) -> bytes:
        line, _, body = request.partition(b"\n")
        head = json.loads(line)
        match head["do"]:
            case "check":
                return as_bytes(list(_check(pack, head, _given(head, body), say)))
            case "begin":
                round_.submissions, round_.compared = [], None
            case "take":
                round_.submissions += _given(head, body, pack.summaries)
            case "aside":
                return json.dumps(sorted(round_.whole().aside)).encode()
            case "compare":
                return as_bytes([round_.compare(head["left_out"], say)])
        return b""

    return answer


@dataclass
class _Round:
    """The round that a worker holds."""

    catalog: Catalog
    submissions: list[Submission] = field(default_factory=list)
    compared: Compared | None = None

    def whole(self) -> Compared:
        if self.compared is None:
            self.compared = Compared.of(self.catalog, self.submissions)
        return self.compared

    def compare(self, left_out: dict[str, dict[str, str]], say: Say) -> Outcomes:
        outcomes = Outcomes()
        for rule in round_rules(self.catalog):
            say(rule.code.encode())
            outcomes.extend(self.whole().check(rule, left_out.get(rule.code, {})))
        return outcomes


def _given(head: dict[str, Any], body: bytes, with_lines: Collection[str] | None = None) -> list[Submission]:
    """The submissions of a request; ``with_lines``: the forms whose lines are looked at (None: all), for the round is held as a whole."""
    found = []
    for (district, document, modified), reading in zip(head["facts"], _READINGS.validate_json(body), strict=True):
        if with_lines is not None and reading.record.form not in with_lines:
            reading.lines = []
        slim(reading)
        found.append(Submission(district=district, document=document, modified=modified, reading=reading))
    return found


def _check(catalog: Catalog, head: dict[str, Any], given: list[Submission], say: Say) -> Iterator[Outcomes]:
    begin = (lambda code: say(code.encode())) if len(given) == 1 else None
    for number, one in enumerate(given):
        if begin is None:
            say(str(number).encode())
        district = None if head["alone"] else one.district
        yield check_document(catalog, one.reading, one.document, district, left_out=head["left_out"], begin=begin)


def as_bytes(every: Sequence[Outcomes]) -> bytes:
    """Outcomes as JSON: no pickles, what a document made of its worker is only ever data."""
    return json.dumps([_facts(outcomes) for outcomes in every]).encode()


def from_bytes(data: bytes) -> list[Outcomes]:
    """The outcomes that :func:`as_bytes` gave. Raises ValueError on bytes that are none of ours."""
    return [_outcomes(facts) for facts in json.loads(data)]


def _facts(outcomes: Outcomes) -> dict[str, Any]:
    return {
        "findings": [f.model_dump() for f in outcomes.findings],
        "assessments": [[*of, every] for of, every in outcomes.assessments.groups()],
        "faults": [f.args for f in outcomes.faults],
    }


def _outcomes(facts: dict[str, Any]) -> Outcomes:
    outcomes = Outcomes([_compact(found) for found in _FINDINGS.validate_python(facts["findings"])])
    for district, document, every in facts["assessments"]:
        outcomes.assessments.add((district, document), *(told(*one) for one in every))
    outcomes.faults = [RuleFault(*fault) for fault in facts["faults"]]
    return outcomes


_FOUND = set(Finding.model_fields)
_ALIKE = ("code", "level", "district", "document", "applicant", "form", "field", "clause", "actor", "expected")


def _compact(finding: Finding) -> Finding:
    """A finding that takes little room: a round has several a document, and much of them is the same."""
    held = {name: getattr(finding, name) for name in Finding.model_fields}
    held |= {name: sys.intern(held[name]) for name in _ALIKE if held[name] is not None}
    return built(Finding, _FOUND, held)
