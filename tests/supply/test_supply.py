"""What is installed is what was locked, byte for byte, and under licences that an office may use."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from tests.supply import licences

_REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<rest>(?:.*\\\n)*.*)", re.M)
_STRONG = re.compile(r"(?<![A-Z])A?GPL")


@pytest.mark.parametrize("lock", licences.LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_has_its_hashes_and_no_address(lock: Path):
    text = lock.read_text("utf-8")
    found = list(_REQUIREMENT.finditer(text))
    assert len(found) > 100
    assert [m["name"] for m in found if "--hash=sha256:" not in m["rest"]] == []
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url|--find-links", text) == []


def test_make_installs_nothing_whose_hash_is_unknown():
    makefile = (licences.ROOT / "Makefile").read_text("utf-8")
    lines = [line for line in makefile.replace("\\\n", " ").splitlines() if " -r requirements" in line]
    assert len(lines) == len(licences.LOCKS)
    assert all("--require-hashes" in line for line in lines)


def test_what_a_review_needs_is_locked_alike_for_tests():
    review, tests = (
        {m["name"]: m["rest"].split()[0] for m in _REQUIREMENT.finditer(lock.read_text("utf-8"))}
        for lock in licences.LOCKS
    )
    assert review.items() <= tests.items()
    assert "scikit-learn" not in review


def test_the_page_of_licences_is_true_of_the_lock():
    listed = re.findall(r"^\| ([a-z0-9._-]+) \| (.*?) \| (.*?) \|$", licences.PAGE.read_text("utf-8"), re.M)
    try:
        assert listed == [(x.package, x.declares, x.used) for x in licences.licences()]
    except PackageNotFoundError as problem:
        pytest.skip(f"{problem.name} is not installed here")


def test_a_package_under_gpl_alone_is_not_used():
    listed = re.findall(r"^\| ([a-z0-9._-]+) \| (.*?) \| (.*?) \|$", licences.PAGE.read_text("utf-8"), re.M)
    assert [name for name, declared, used in listed if _STRONG.search(used or declared)] == []
    assert [name for name, declared, used in listed if re.search(r" OR |;", declared) and not used] == []


@pytest.mark.slow
def test_the_bill_of_materials_names_what_is_installed(tmp_path: Path):
    pytest.importorskip("cyclonedx_py")
    bill = tmp_path / "sbom.json"
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "-o", str(bill)]
    subprocess.run([*command, sys.executable], check=True, capture_output=True, timeout=900)
    facts = json.loads(bill.read_text("utf-8"))
    assert facts["bomFormat"] == "CycloneDX"
    named = {c["name"].lower().replace("_", "-"): c["version"] for c in facts["components"]}
    for package in ("prefect", "lxml", "pydantic", "python-docx"):
        assert named[package] == version(package)
