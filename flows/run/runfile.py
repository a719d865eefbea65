"""run.json: what ran, on what, with what outcome. The only output that holds clock times."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

from flows.guarded.reading import ReadInput
from flows.masking import mask
from flows.run.account import RunFile
from flows.run.summary import RunSummary
from flows.versions import versions
from records.models import UNKNOWN, UNREAD, Outline
from reports.safe.atomic import write_bytes
from reports.safe.text import cleaned

FILE_FAULTS = {"F01": "unreadable", "F02": "protected", "F09": "unsafe", UNREAD: "not_read"}


def write_run_file(run: RunSummary, *, ended: float) -> Path:
    """Write ``out/run.json`` (whole or not at all). Raises OSError where the output folder cannot be written."""
    text = json.dumps(run_facts(run, ended=ended), ensure_ascii=False, indent=1)
    return write_bytes(run.settings.out / "run.json", f"{text}\n".encode())


def run_facts(run: RunSummary, *, ended: float) -> dict[str, Any]:
    """What run.json says (:class:`flows.run.account.RunFile`). Every file of the inbox stands in ``inputs`` or ``passed_over``;
    times are ISO 8601, UTC."""
    said = run.unchanged or what_was_received(run)
    facts = {
        "notice": run.settings.notice,
        "catalog": run.catalog.version,
        "inbox": str(run.settings.inbox),
        "districts": list(run.wanted) or None,
        "started": _iso(run.started),
        "ended": _iso(ended),
        "seconds": {**run.seconds, "合计": round(ended - run.started, 3)},
        "versions": versions(),
        "unchanged": run.unchanged is not None,
        "recalled": run.recalled,
        "counts": said["counts"],
        "inputs": said["inputs"],
        "passed_over": [{"path": p.path, "reason": p.reason} for p in run.passed_over],
        "words": {
            "heard": {name: told for name, told in sorted(run.told.items()) if told},
            "unplaced": run.unplaced(),
        },
        "decisions": run.decisions,
        "failed": [{"part": f.part, "what": f.what, "message": f.message} for f in run.failures],
        "reports": {name: [_below(p, run.settings.out) for p in paths] for name, paths in sorted(run.reports.items())},
    }
    return RunFile.model_validate(cleaned(facts)).model_dump(by_alias=True)


def what_was_received(run: RunSummary) -> dict[str, Any]:
    """The parts of run.json that stay as long as inbox and output do: ``counts``, ``inputs``, of what is passed over our
    ``own``, ``unplaced``."""
    districts = {s.document: name for name, result in run.districts.items() for s in result.submissions}
    inputs = [_input(done, districts) for done in run.reads if not done.is_aside]
    inputs += [
        {"document": i.document, "sha256": "", "size": i.size, "outcome": "not_read", "records": []} for i in run.unread
    ]
    own = [[path, why] for done in run.reads for path, why in done.aside]
    ordered = sorted(inputs, key=lambda i: str(i["document"]))
    return {"counts": _counts(run, inputs), "inputs": ordered, "own": own, "unplaced": run.unplaced()}


def _input(done: ReadInput, districts: dict[str, str]) -> dict[str, Any]:
    """An input and what became of it: ``read``, ``part`` or ``annex`` of another, ``no_form``, ``unreadable`` …; ``cause``:
    the exception that stopped the reader, where one did."""
    records = [_document(o, districts) for o in done.outlines]
    outcomes = {str(r["outcome"]) for r in records} or {done.role or "annex"}
    facts: dict[str, Any] = {
        "document": done.input.document,
        "sha256": done.sha256,
        "size": done.input.size,
        "seconds": round(done.seconds, 3),
        "outcome": outcomes.pop() if len(outcomes) == 1 else "read",
        "records": records,
    }
    causes = dict.fromkeys(mask(o.failed.partition("\n")[0]) for o in done.outlines if o.failed)
    if causes:
        facts["cause"] = "；".join(causes)
    return facts | ({"of": done.owner} if done.owner and not records else {})


def _document(outline: Outline, districts: dict[str, str]) -> dict[str, Any]:
    document = outline.source.path
    facts: dict[str, Any] = {"document": document, "form": outline.form, "format": outline.source.format}
    fault = next((FILE_FAULTS[n.code] for n in outline.notes if n.code in FILE_FAULTS), None)
    facts["outcome"] = "read" if outline.form != UNKNOWN else fault or "no_form"
    if document in districts:
        facts["district"] = districts[document]
    return facts


def _counts(run: RunSummary, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    forms = Counter(r["form"] for i in inputs for r in i["records"])
    levels = Counter(f.level for result in run.districts.values() for f in result.outcomes.findings)
    return {
        "inputs": len(inputs),
        "passed_over": len(run.passed_over),
        "outcomes": dict(sorted(Counter(i["outcome"] for i in inputs).items())),
        "forms": dict(sorted(forms.items())),
        "findings": {level: levels[level] for level in ("reject", "fix", "note")},
        "districts": {name: len(result.submissions) for name, result in sorted(run.districts.items())},
    }


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")


def _below(path: Path, out: Path) -> str:
    return path.relative_to(out).as_posix() if path.is_relative_to(out) else path.as_posix()
