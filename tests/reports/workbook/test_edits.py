"""Whatever people do to the workbook: their words are taken in where they belong, or kept and told of."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from catalog import Catalog
from checks.registry import Outcomes
from reports.results.model import DistrictResult
from reports.results.progress import State
from reports.workbook.exports import STORE, UNPLACED_STORE, load_store, load_unplaced
from reports.workbook.saving import Heard
from reports.write import write_workbook
from tests.reports.conftest import DISTRICT, application, finding
from tests.reports.workbook.edits import BOOK, EDITS, KEYS, Word

FIELDS = ("company_name", "uscc", "size", "industry_category", "contact_name", "contact_mobile")


@pytest.fixture(scope="module")
def result(catalog: Catalog) -> DistrictResult:
    """Two applications with three findings each, whose evidence and place tell them apart."""
    findings = [
        finding(n, f"{DISTRICT}/{n % 2 + 1:03d}.docx", field=FIELDS[n - 1], evidence=f"原文{n}", where=f"表1 行{n}")
        for n in range(1, 7)
    ]
    return DistrictResult(catalog, DISTRICT, [application(1), application(2)], Outcomes(findings))


def write(result: DistrictResult, folder: Path) -> tuple[Path, Heard, list[str]]:
    """Write the workbook as a run does; it, what was heard, and what was said of it."""
    heard, said = Heard(), list[str]()
    paths = write_workbook(replace(result), folder, State.load(folder), heard, said.append)
    return paths[-1], heard, said


@pytest.fixture(scope="module")
def fresh(result: DistrictResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the first run leaves it."""
    folder = tmp_path_factory.mktemp("fresh")
    write(result, folder)
    return folder


Edited = tuple[Path, list[Word]]


@pytest.fixture(scope="module")
def by_openpyxl(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edited]:
    root = tmp_path_factory.mktemp("openpyxl")
    return {e.name: (root / e.name, e.change(Path(shutil.copytree(fresh, root / e.name)))) for e in EDITS}


@pytest.fixture(scope="module")
def by_libreoffice(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edited]:
    """The same edits, every workbook then saved anew by LibreOffice, in one go: starting it takes longest."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    root, work = tmp_path_factory.mktemp("libreoffice"), tmp_path_factory.mktemp("work")
    edited = {e.name: (root / e.name, e.change(Path(shutil.copytree(fresh, root / e.name)))) for e in EDITS}
    del edited["damaged"]  # it mends what it can
    for suffix, kind in ((".xlsx", "xlsx:Calc MS Excel 2007 XML"), (".xlsm", "xlsm:Calc MS Excel 2007 VBA XML")):
        paths = [
            p for p in sorted(root.rglob(f"*{suffix}")) if p.read_bytes()[:2] == b"PK" and "damaged" not in p.parts
        ]
        for n, path in enumerate(paths):
            shutil.copyfile(path, work / f"{n}{suffix}")
        profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        made = [str(work / f"{n}{suffix}") for n in range(len(paths))]
        command = [program, "--headless", profile, "--convert-to", kind, "--outdir", str(work / "out"), *made]
        subprocess.run(command, check=True, capture_output=True, timeout=900)
        for n, path in enumerate(paths):
            shutil.copyfile(work / "out" / f"{n}{suffix}", path)
    return edited


@pytest.mark.parametrize("program", ["openpyxl", "libreoffice"])
@pytest.mark.parametrize("name", [e.name for e in EDITS])
def test_no_word_is_lost(
    name: str, program: str, result: DistrictResult, fresh: Path, request: pytest.FixtureRequest
) -> None:
    edited: dict[str, Edited] = request.getfixturevalue(f"by_{program}")
    if name not in edited:
        pytest.skip("LibreOffice mends it")
    tmp_path, words = edited[name]
    before = (fresh / BOOK).read_bytes()
    left = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    written, heard, said = write(result, tmp_path)

    for word in words:
        if not word.seen:
            named = tmp_path / (word.text if "." in word.text else BOOK)
            assert any(named.name in s for s in said)
            assert named.read_bytes() == left[named]
            assert named.name in sheet_text(written, "未能归入的意见")
        elif word.back:
            came_back(word, written, heard)
        elif word.key:
            taken_in(word, written, tmp_path)
        else:
            told_of(word, written, tmp_path, heard)
    assert sum("没有带回" in m for m in heard.messages) == 0
    assert {u.finding for u in load_unplaced(tmp_path / UNPLACED_STORE).values()} <= {"", *KEYS}
    placed = {w.key for w in words}
    assert all(d.finding in placed for d in load_store(tmp_path / STORE).values() if d.action or d.reason)
    everything = {p.read_bytes() for p in tmp_path.rglob("*.xls*")}
    assert all(data in everything for p, data in left.items() if p.suffix in (".xlsx", ".xlsm") and data != before)

    # A second run finds nothing new, and everything stays as it is.
    again = written.read_bytes()
    assert write(result, tmp_path)[1].messages == []
    assert written.read_bytes() == again


def sheet_text(path: Path, name: str) -> str:
    book = load_workbook(path)
    return "\n".join(str(c.value) for row in book[name] for c in row if c.value) if name in book.sheetnames else ""


def came_back(word: Word, written: Path, heard: Heard) -> None:
    cells = [c for row in load_workbook(written)[word.back] for c in row]
    looks = {"删除线": lambda c: c.font.strike, "底色FFFF00": lambda c: c.fill.fgColor.rgb == "FFFFFF00"}
    shown = looks.get(word.text, lambda c: word.text in (str(c.value), c.comment.text if c.comment else ""))
    assert any(shown(c) for c in cells)
    assert not any(word.text in str(u.cells) for u in heard.waiting())


def taken_in(word: Word, written: Path, folder: Path) -> None:
    decision = load_store(folder / STORE)[word.key]
    text = "\n".join((decision.action, decision.asked, decision.reason, decision.by, *decision.history))
    assert "".join(word.text.split()) in "".join(text.split())
    shown = sheet_text(written, "问题清单") + sheet_text(written, "往期意见")
    assert "".join(word.text.split()) in "".join(shown.split())


def told_of(word: Word, written: Path, folder: Path, heard: Heard) -> None:
    kept = load_unplaced(folder / UNPLACED_STORE).values()
    assert any(word.text in f"{k}：{v}" for u in kept for k, v in u.cells.items())
    assert word.text in sheet_text(written, "未能归入的意见")
    assert any("未能归入的意见" in m for m in heard.messages)
    assert not any(word.text in d.reason for d in load_store(folder / STORE).values() if word.text not in ("提示",))
