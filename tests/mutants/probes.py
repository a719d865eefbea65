"""What a mutant is tried against: tests, and the golden cases with all that does not depend on it done beforehand."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.golden import freeze
from tests.golden.case import Case
from tests.golden.cases import all_cases

TESTS = [
    "tests/checks",
    "tests/records",
    "tests/extractors/fitting/test_forms_apart.py",
    "tests/reports/workbook/test_decisions.py",
]
FIT_TESTS = "tests/extractors/fitting/test_*.py"
NEAR = {
    "matching": "recommendation", "channel": "recommendation", "names": "recommendation", "instances": "recommendation",
    "kinds": "catalogue", "entries": "catalogue", "coverage": "catalogue", "industries": "consistency",
    "annexes": "completeness", "answers": "completeness", "statements": "consistency", "figures": "consistency",
    "contacts": "consistency", "alignment": "agreement", "text": "length", "credit_code": "eligibility",
    "companies": "eligibility", "choices": "completeness", "repeated": "duplicates", "prose": "fit", "terms": "fit",
    "versions": "file", "registry": "run", "lists": "catalogue", "library": "other_programme",
    "making": "other_programme", "params": "other_programme",
}  # fmt: skip
"""Modules of checks/ and the test file that says most of them, where the two have different names."""
GROUPS = ("docx", "drawn", "pdf", "round", "word", "written")
"""Golden cases that differ in what is fitted and checked; the others differ in how a file is opened."""


@dataclass(frozen=True, slots=True)
class Probe:
    name: str
    fails: Callable[[], bool]


def of_item(item: pytest.Item) -> Probe:
    """All is taken down behind it, as the next may be any other."""
    return Probe(item.nodeid, lambda: any(r.failed for r in runtestprotocol(item, log=False, nextitem=None)))


def rank(module: str, test: str) -> int:
    """In which order a module's tests are tried: those written for it, golden cases, then the rest."""
    package, _, path = module.removesuffix(".py").partition("/")
    name = path.rpartition("/")[2]
    if test.startswith("golden"):
        return 1
    if package == "checks":
        return 0 if f"tests/checks/test_{NEAR.get(name, name)}.py" in test else 2
    return 0 if test.startswith(f"tests/{package}/") else 2


def golden() -> list[Probe]:
    """Each golden case twice: its findings from readings made beforehand, and its record from documents opened beforehand.
    Nothing is written; what is right is what this program says before it is mutated."""
    from extractors import read as reader

    opened: dict[tuple[bytes, str], bytes] = {}
    real_open, real_read, real_folder = reader.read_document, freeze.read_bytes, freeze.read_folder

    def keep_document(data: bytes, name: str, *others: Any, **named: Any) -> Any:
        key = (data, name)
        if key not in opened:
            try:
                opened[key] = pickle.dumps(real_open(data, name, *others, **named))
            except Exception as error:  # noqa: BLE001 - raised again below, as the reader did
                opened[key] = pickle.dumps(error)
        found = pickle.loads(opened[key])
        if isinstance(found, Exception):
            raise found
        return found

    reader.read_document = keep_document
    probes = []
    for case in all_cases():
        if case.group not in GROUPS or case.lacks():
            continue
        files = dict(case.make())
        read: dict[str, bytes] = {}

        def known(data: bytes, catalog: Any, path: str, read: dict[str, bytes] = read) -> Any:
            if path not in read:
                read[path] = pickle.dumps(real_read(data, catalog, path))
            return pickle.loads(read[path])

        def known_folder(inside: dict[str, bytes], catalog: Any, read: dict[str, bytes] = read) -> Any:
            key = "/".join(sorted(inside))
            if key not in read:
                read[key] = pickle.dumps(real_folder(inside, catalog))
            return pickle.loads(read[key])

        held = Case(case.group, case.name, lambda files=files: files, values=case.values)
        probes += [_checked(held, known, known_folder), _read(held, real_read, real_folder)]
    return probes


def _checked(case: Case, read: Any, folder: Any) -> Probe:
    def said() -> list[str]:
        freeze.read_bytes, freeze.read_folder = read, folder
        return freeze.frozen(case, freeze.Texts())

    right = said()
    return Probe(f"golden checked {case.id}", lambda: said() != right)


def _read(case: Case, read: Any, folder: Any) -> Probe:
    def said() -> list[Any]:
        readings = []
        for path, data in case.make().items():
            if case.values or "/" not in path:
                readings += read(data, freeze.CATALOG, path)
        return [r.model_dump(exclude={"lines"}) for r in readings]

    right = said()
    return Probe(f"golden read {case.id}", lambda: said() != right)
