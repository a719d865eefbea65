"""``shenbao notice check``: a pack loaded strictly, its rules made, its blanks fitted, its cases run, what nothing uses told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import catalog as packs
from catalog.cases import FOLDER as CASES
from catalog.cases import Case, load_cases
from catalog.diff import Change
from catalog.forms import Form
from catalog.models import Catalog
from checks import unused
from checks.making import rules_of
from checks.meaning.text import mask_identities
from checks.run import check_document, check_round
from flows.command.alone import Reader
from flows.command.drafting import BLANKS, document_of
from flows.command.packs import folder, load
from flows.exits import PartFailed, UsageFault
from records.models import NOTES, Finding, Reading, Submission

_PRINTED = ("added", "removed", "renamed", "changed")
"""Differences that a blank shows and that are no guess of the draft."""
_GUESSED = frozenset({"type", "kind"})
_SHOWN = 40
"""Characters of a printed text that a line shows."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to say of a pack. ``wrong``: it has to be mended; else it is for information."""

    wrong: bool
    text: str


def check_pack(notice: str) -> Iterator[Told]:
    """What is wrong with a pack, and what is worth knowing of it. Raises UsageFault where it cannot be loaded, PartFailed where
    the program fails on a case."""
    pack = load(notice)
    where = folder(notice)
    try:
        rules = rules_of(pack)
        cases = load_cases(
            where,
            forms=tuple(pack.forms),
            codes={r.code for r in rules},
            recommenders={r.name for r in pack.recommenders},
        )
    except packs.CatalogError as problem:
        raise UsageFault(f"通知包有误：{problem}") from problem
    with closing(Reader(notice)) as reader:
        yield from _blanks(pack, where / BLANKS, reader)
        yield from _cases(pack, where / CASES, cases, reader)
    yield from _unused(pack)


# ------------------------------------------------------------------------------------------------ blanks
def _blanks(pack: Catalog, blanks: Path, reader: Reader) -> Iterator[Told]:
    paths = sorted(p for p in blanks.rglob("*") if _is_blank(p))
    seen: set[str] = set()
    for path in paths:
        readings = _readings(path, reader)
        seen |= {reading.record.form for reading in readings}
        yield from _as_read(pack, path, readings)
        yield from _as_printed(pack, path, {missing.label for r in readings for missing in r.missing_labels})
    for name, form in pack.forms.items():
        if name not in seen:
            yield Told(False, f"{BLANKS}/ 里没有“{form.short}”的空白表，没有核对 forms/{name}.toml 与它是否一致")


def _readings(path: Path, reader: Reader) -> Sequence[Reading]:
    """What a file of the pack reads as. Raises PartFailed where the program fails on it."""
    done = reader.reading(path)
    if done.fault:
        raise PartFailed("读取", f"{path}：{done.fault}")
    return done.readings


def _is_blank(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() != ".md" and not path.name.startswith((".", "~$"))


def _as_read(pack: Catalog, path: Path, readings: Iterable[Reading]) -> Iterator[Told]:
    """A blank is read as its form, with every label found and no answer."""
    for reading in readings:
        record = reading.record
        at = f"{BLANKS}/{path.name}"
        form = pack.forms.get(record.form)
        if form is None:
            why = "；".join(note.message for note in record.notes) or "请核对 title、title_marks"
            yield Told(True, f"{at}：没有认出是本包的哪张表（{why}）")
            continue
        for missing in reading.missing_labels:
            beside = f"，在“{missing.part}”" if missing.part else ""
            yield Told(
                True,
                f"{at}：没有找到“{missing.label}”（{missing.key}{beside}）；请核对 forms/{form.name}.toml 的 label，或补 aliases",
            )
        for key, text in _answers(reading):
            yield Told(
                True,
                f"{at}：空白表上印的“{text[:_SHOWN]}”被读成了 {key} 的答案；请列入该项的 hints 或表的 placeholders",
            )


def _answers(reading: Reading) -> Iterator[tuple[str, str]]:
    record = reading.record
    for key, value in (record.fields | record.sections).items():
        if value.value is not None:
            yield key, mask_identities(str(value.raw or value.value))
    for key, rows in record.tables.items():
        for row in rows:
            for column, cell in row.items():
                if cell.value is not None:
                    yield f"{key}.{column}", mask_identities(str(cell.raw or cell.value))


def _as_printed(pack: Catalog, path: Path, missing: Collection[str]) -> Iterator[Told]:
    """Whatever a blank prints is in its form's definition, and the other way round; ``missing`` are labels that were told."""
    from extractors.drafting.fits import fitted

    for found in fitted(document_of(path), list(pack.forms.values())):
        at = f"{BLANKS}/{path.name}"
        if found.own is None:
            yield Told(True, f"{at}：“{found.drafted.title}”与本包的哪张表都不像")
            continue
        for change in found.changes():
            told = change.kind == "removed" and change.name in missing
            told |= change.kind == "added" and change.name in found.own.placeholders
            if change.kind in _PRINTED and change.attribute not in _GUESSED | {"aliases"} and not told:
                yield Told(True, f"{at}：{_printed(change, found.own)}")
        for text in found.unused:
            yield Told(False, f"{at} {text.where}：印有“{text.what[:_SHOWN]}”，forms/{found.own.name}.toml 里没有")


def _printed(change: Change, own: Form) -> str:
    from reports.results.packwords import WHAT, attribute, said

    file = f"forms/{own.name}.toml"
    what = f"{WHAT[change.what]}“{change.name}”"
    match change.kind:
        case "added":
            return f"印有{what}，{file} 里没有"
        case "removed":
            return f"没有印{what}，{file} 里有"
        case "renamed":
            return f"印作“{change.after}”，{file} 里是“{change.before}”；请改 label，或列入 aliases"
    return f"{what}的{attribute(change.attribute)}印作 {said(change.after)}，{file} 里是 {said(change.before)}"


# ------------------------------------------------------------------------------------------------ cases
def _cases(pack: Catalog, where: Path, cases: tuple[Case, ...], reader: Reader) -> Iterator[Told]:
    if not cases:
        yield Told(False, f"{CASES}/ 里没有样例：请放几份填对的和填错的申报书，并在 expected.toml 写明应当发现什么")
        return
    read = {case.file: _readings(where / case.file, reader) for case in cases}
    found: dict[str, list[Finding]] = {case.file: [] for case in cases}
    faults: list[str] = []
    for case in cases:
        if not case.recommender:
            for reading in read[case.file]:
                outcomes = check_document(pack, reading, case.file)
                found[case.file] += outcomes.findings
                faults += map(str, outcomes.faults)
    submissions = [
        Submission(district=case.recommender, document=case.file, reading=reading)
        for case in cases
        if case.recommender
        for reading in read[case.file]
    ]
    if submissions:
        outcomes = check_round(pack, submissions)
        faults += map(str, outcomes.faults)
        for finding in outcomes.findings:
            found.get(finding.document, []).append(finding)
    if faults:
        raise PartFailed("核对样例", "；".join(faults))
    for case in cases:
        yield from (
            Told(True, f"{CASES}/{case.file}：{text}") for text in _off(case, pack, read[case.file], found[case.file])
        )


def _off(case: Case, pack: Catalog, readings: Iterable[Reading], found: Iterable[Finding]) -> Iterator[str]:
    """How a case came out otherwise than it should."""
    by_code: dict[str, list[Finding]] = {}
    for finding in found:
        by_code.setdefault(finding.code, []).append(finding)
    forms = [r.record.form for r in readings]
    if case.form and case.form not in forms:
        yield f"应当读作 {case.form}，实际读作 {'、'.join(forms)}"
    for code in case.found:
        if code not in by_code:
            yield f"应当发现 {code}（{_title(pack, code)}），没有发现{f'；{case.why}' if case.why else ''}"
    for code, findings in by_code.items():
        extra = case.only and code not in case.found and any(f.level != "note" for f in findings)
        if code in case.not_found or extra:
            yield f"不应发现 {code}（{_title(pack, code)}），却有：{findings[0].message}"


def _title(pack: Catalog, code: str) -> str:
    titles: Mapping[str, str] = {rule.code: rule.title for rule in rules_of(pack)}
    return titles.get(code, code)


# ------------------------------------------------------------------------------------------------ what nothing uses
def _unused(pack: Catalog) -> Iterator[Told]:
    for name in unused.idle_words(pack):
        yield Told(True, f"words.toml：没有规则用到“{name}”，请删去，或核对拼写")
    for name in unused.idle_lists(pack):
        yield Told(True, f"lists/：没有栏目或规则用到“{name}”，请删去，或写入栏目的 in")
    for form in pack.forms.values():
        fields = [f"{f.label}（{f.key}）" for own, f in unused.unread_fields(pack) if own is form]
        if fields:
            yield Told(False, f"forms/{form.name}.toml：没有规则读取的栏目：{'、'.join(fields)}")
    notes = [f"{NOTES[code]}（{code}）" for code in unused.untold_notes(pack)]
    if notes:
        yield Told(
            False,
            f'rules.toml：读取时会注意到、但没有规则报告的情况：{"、".join(notes)}；请各加一条 check = "noted"、note 为该编号的规则',
        )
    clauses = unused.idle_clauses(pack)
    if clauses:
        yield Told(False, f"clauses.toml：没有规则落实的条款：{'、'.join(clauses)}")
