"""What this program wrote is no application, wherever somebody drops it; a table that an office made its own is one."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from flows.run import core
from flows.settings import Settings
from tests.flows.rounds import DISTRICTS, fill, form, settings, written

HERE = DISTRICTS[0]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that a run writes; one application has something to correct, so that there is a letter."""
    root = tmp_path_factory.mktemp("first")
    given = settings(root)
    fill(given.inbox, 2)
    (given.inbox / HERE / "缺.docx").write_bytes(form(9, uscc=None))
    core.review(given)
    return given.out


def files(out: Path) -> list[Path]:
    return sorted(p for p in out.rglob("*") if p.is_file() and not p.name.endswith(("-wal", "-shm")))


def told(given: Settings) -> dict[str, Any]:
    return json.loads((given.out / "run.json").read_text("utf-8"))  # type: ignore[no-any-return]


def test_every_output_is_known_whatever_it_is_called_and_wherever_it_lies(outputs: Path, tmp_path: Path) -> None:
    given = settings(tmp_path)
    fill(given.inbox, 1)
    home = given.inbox / HERE
    names = {p.name for p in files(outputs)}
    assert {
        "审查报告.docx",
        "审查依据.docx",
        "审查台账.xlsx",
        "index.html",
        "推荐汇总表（草稿）.docx",
        "run.json",
        "ledger.sqlite",
    } <= names
    assert any(p.parent.name == "补正通知" for p in files(outputs))
    expected = set()
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for n, path in enumerate(files(outputs)):
            for name in (path.name, f"材料{n}{path.suffix}") if path.stat().st_size else (path.name,):
                for folder in ("", "第0制造/", "/"):  # among the applications, in one's folder, at the root
                    at = home / folder / name if folder != "/" else given.inbox / name
                    at = at.with_name(f"{n}-{at.name}") if at.exists() else at
                    at.parent.mkdir(parents=True, exist_ok=True)
                    if path.stat().st_size or at.name == path.name:
                        shutil.copyfile(path, at)
                        expected.add(at.relative_to(given.inbox).as_posix())
            archive.write(path, f"{n}/{path.name}")
    (home / "第0制造" / "申报书.docx").write_bytes(form(20))
    (home / "结果.zip").write_bytes(whole.getvalue())
    expected.add(f"{HERE}/结果.zip")
    summary = core.review(given)
    said = {p["path"]: p["reason"] for p in told(given)["passed_over"]}
    assert expected <= said.keys()
    assert all("本程序写出的" in said[path] for path in expected)
    assert not summary.failures
    assert {i["document"] for i in told(given)["inputs"]} == {f"{HERE}/000.docx", f"{HERE}/第0制造/申报书.docx"}
    findings = (given.out / HERE / "findings.jsonl").read_text("utf-8")
    assert not [path for path in expected if f'"document":"{path}"' in findings]
    before = (written(given.out), told(given)["passed_over"])
    again = core.review(given)
    assert again.unchanged is not None
    assert (written(given.out), told(given)["passed_over"]) == before


def test_an_archive_with_an_application_beside_our_own_gives_the_application(outputs: Path, tmp_path: Path) -> None:
    given = settings(tmp_path)
    (given.inbox / HERE).mkdir(parents=True)
    with zipfile.ZipFile(given.inbox / HERE / "甲.zip", "w") as archive:
        archive.writestr("申报书.docx", form(3))
        archive.write(outputs / HERE / "审查报告.docx", "退回意见.docx")
    core.review(given)
    assert [(i["document"], i["outcome"]) for i in told(given)["inputs"]] == [(f"{HERE}/甲.zip", "read")]
    assert [p["path"] for p in told(given)["passed_over"]] == [f"{HERE}/甲.zip!/退回意见.docx"]


def resaved(data: bytes, change: Callable[[Any], None] = lambda _: None) -> bytes:
    document = Document(io.BytesIO(data))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_draft_that_an_office_filled_in_is_its_table(outputs: Path, tmp_path: Path) -> None:
    draft = (outputs / HERE / "推荐汇总表（草稿）.docx").read_bytes()
    given = settings(tmp_path)
    fill(given.inbox, 1)
    path = given.inbox / HERE / "汇总表.docx"
    path.write_bytes(resaved(draft))
    core.review(given)
    assert ["推荐汇总表草稿" in p["reason"] for p in told(given)["passed_over"]] == [True]

    def reorder(document: Any) -> None:
        document.tables[0].rows[1].cells[0].text = "7"

    path.write_bytes(resaved(draft, reorder))
    core.review(given)
    assert told(given)["passed_over"] == []
    assert {i["document"]: i["records"][0]["form"] for i in told(given)["inputs"]}[f"{HERE}/汇总表.docx"] == "summary"


def test_a_report_stays_ours_when_people_have_worked_in_it(outputs: Path, tmp_path: Path) -> None:
    given = settings(tmp_path)
    fill(given.inbox, 1)
    report = (outputs / HERE / "审查报告.docx").read_bytes()
    (given.inbox / HERE / "审查报告.docx").write_bytes(resaved(report, lambda d: d.add_paragraph("已阅")))
    book = openpyxl.load_workbook(outputs / HERE / "审查台账.xlsx")
    book.active["A1"] = "改"
    book.save(given.inbox / HERE / "我的台账.xlsx")
    core.review(given)
    assert len(told(given)["passed_over"]) == 2


def test_an_applicants_file_is_never_taken_for_ours(tmp_path: Path) -> None:
    """Its words may be ours: only what stands in the file's properties counts, or the whole structure of a data file."""
    given = settings(tmp_path)
    home = given.inbox / HERE
    home.mkdir(parents=True)
    (home / "甲.docx").write_bytes(form(1, company_profile="shenbao.output/1 审查报告"))
    (home / "乙.json").write_text('{"schema": "shenbao.other/1", "document": "x"}', "utf-8")
    (home / "丙.json").write_text("[" * 100_000, "utf-8")
    (home / "丁.json").write_text('{"a":' * 100_000, "utf-8")
    core.review(given)
    assert told(given)["passed_over"] == []
    assert len(told(given)["inputs"]) == 4


def test_a_person_who_names_our_own_file_is_shown_what_is_in_it(outputs: Path) -> None:
    from flows.command import alone

    with closing(alone.Reader("2023")) as reader:
        assert "".join(alone.extract(outputs / HERE / "审查报告.docx", reader, []))
