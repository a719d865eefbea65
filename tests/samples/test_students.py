"""The second programme, whole: its blanks, its round, what is found in it, and no word of another notice in anything written."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

import catalog
from catalog.models import Catalog
from extractors import read_bytes
from flows.run import core
from flows.settings import Settings
from reports.workbook.district import sheets
from reports.workbook.round import round_sheets
from samples import students

TOLD = tomllib.loads((students.SAMPLES / "students.toml").read_text(encoding="utf-8"))
FINDS = {raw["path"]: raw.get("finds", []) for raw in (*TOLD["application"], *TOLD["summary"])}


@pytest.fixture(scope="module")
def pack() -> Catalog:
    return catalog.load("students")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("students")
    run = core.review(Settings(inbox=students.INBOX, out=folder, notice="students", workers=0))
    assert run.failures == []
    return folder


def test_the_files_are_what_the_script_makes() -> None:
    made = students.files()
    for path, content in made.items():
        assert _members(content) == _members(path.read_bytes()), path
    assert {p for p in students.INBOX.rglob("*") if p.is_file()} == {p for p in made if students.INBOX in p.parents}


def _members(content: bytes) -> dict[str, bytes]:
    import io

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.parametrize(("name", "form"), sorted(students.BLANK_NAMES.items()))
def test_every_label_of_a_blank_is_found_and_nothing_read(name: str, form: str, pack: Catalog) -> None:
    (reading,) = read_bytes((students.BLANKS / name).read_bytes(), pack, name)
    assert (reading.record.form, reading.missing_labels) == (form, [])
    read = {k: v.value for k, v in (reading.record.fields | reading.record.sections).items() if v.value is not None}
    assert (read, [row for rows in reading.record.tables.values() for row in rows]) == ({}, [])


def test_amounts_are_told_in_the_unit_of_their_field(out: Path) -> None:
    said = "".join(p.read_text(encoding="utf-8") for p in out.rglob("findings.jsonl"))
    assert "申请经费15000元，超过限额" in said
    assert "经费总预算11000元，申请经费8000元、自筹经费2000元，两项之和与总预算不符" in said
    page = next(p for p in out.rglob("index.html") if "申请经费" in p.read_text(encoding="utf-8"))
    assert re.search("申请经费[^0-9]{1,20}8000元", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(FINDS))
def test_every_fault_put_in_is_found_and_no_other(path: str, out: Path) -> None:
    found = [f for f in _lines(out, "findings.jsonl") if f["document"] == path]
    assert sorted(f["code"] for f in found) == sorted(FINDS[path]), [f["message"] for f in found]


def test_right_applications_are_told_to_be_so(out: Path) -> None:
    right = {p for p, codes in FINDS.items() if not codes}
    assert len(right) > 2
    assert not right & {f["document"] for f in _lines(out, "findings.jsonl")}


def test_no_word_of_another_notice_stands_in_anything_written(out: Path, pack: Catalog) -> None:
    own = "\n".join(p.read_text(encoding="utf-8") for p in catalog.find("students").rglob("*.toml"))
    words = {w for w in _words(catalog.load("2023")) if w not in own}
    assert {"上海市", "智能仓储", "示范工厂", "附件4", "场景", "环节"} <= words
    met = {
        (path.name, word) for path in out.rglob("*") if path.suffix in _READ for word in words if word in _text(path)
    }
    assert met == set()


def test_the_rounds_own_files_are_called_after_its_place(out: Path) -> None:
    assert sorted(p.name for p in (out / "全省").iterdir() if p.suffix in _READ) == [
        "index.html",
        "全省审查台账.xlsx",
        "全省审查报告.docx",
    ]


def test_the_workbooks_sheets_are_known_again_as_the_programs(out: Path, pack: Catalog) -> None:
    for path in sorted(out.glob("*/*审查台账.xlsx"), key=lambda p: p.parent.name == "全省"):
        known = round_sheets(pack) if path.parent.name == "全省" else sheets(pack)
        names = openpyxl.load_workbook(path, read_only=True).sheetnames
        assert set(names) <= set(known), path
    assert "学科门类覆盖" in names


def test_letters_hold_what_the_applicant_can_mend_alone(out: Path) -> None:
    (letter,) = (out / "示例师范大学" / "补正通知").glob("青禾小队*.docx")
    text = _text(letter)
    assert "项目创新点" in text
    assert "由示例师范大学、示例理工大学分别推荐" not in text
    assert "线上填报" not in text


def test_the_papers_speak_in_the_packs_own_words(out: Path) -> None:
    (asked,) = (out / "示例理工大学" / "补正通知").glob("*（创业训练）.docx")
    text = _text(asked)
    assert "核实函" in text
    assert "你团队报送的2031年度创业训练项目申报材料" in text
    assert "由指导教师签字" in text
    assert "书面说明实际完成申报的时间" in text
    assert "你单位" not in text
    assert "推荐学校" in _text(out / "示例理工大学" / "更正清单.docx")
    assert "没有须由推荐学校更正的事项" in _text(out / "示例师范大学" / "更正清单.docx")
    assert asked.name in _text(out / "示例理工大学" / "补正通知" / "发文清单.xlsx")


_READ = {".docx", ".xlsx", ".html", ".jsonl"}


def _lines(out: Path, name: str) -> Iterator[dict[str, str]]:
    for path in sorted(out.glob(f"*/{name}")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _text(path: Path) -> str:
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as file:
        return "".join(re.sub(r"<[^>]+>", "", file.read(n).decode()) for n in file.namelist() if n.endswith(".xml"))


def _words(pack: Catalog) -> set[str]:
    """What stands for a notice: its place, offices, forms, classes, lists, annexes."""
    found = {pack.number, pack.title, pack.issuer, pack.region.name, pack.region.short, "附件4", "附件3"}
    found |= {w for r in pack.recommenders for w in (r.name, r.full_name)}
    found |= {w for f in pack.forms.values() for w in (f.title, f.called, f.of_class, f.annex)}
    found |= {w for x in pack.lists.values() for w in (x.what, x.title, *x.names, *x.groups)}
    found |= {w for i in pack.industries for w in (i.name, i.full_name, *i.subindustries)}
    return {w for w in found if len(w) > 1}
