"""The text of a file with a secrecy marking stands in no output, nor in what is kept beside it."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from stdnum.cn.uscc import calc_check_digit
from typer.testing import CliRunner

import catalog
from flows.command.cli import app
from flows.exits import PartFailed
from flows.run import core
from reports.data import export
from samples.formbuilder import build
from tests.checks.test_duplicates import PROSE
from tests.flows.rounds import form, settings
from tests.forms import scene

COPIED = "甲字号谐振腔"
"""In the passage that another company's application has too."""
OWN = {
    "project_name": "乙字号风洞改造",
    "factory_address": "上海市丙字号码头路7号",
    "contact_name": "丁字号联络员",
    "company_profile": "本公司为戊字号装药线而设。",
    "solution_provider": "己字号集成有限公司",
}
SENTINELS = ("甲字号", "乙字号", "丙字号", "丁字号", "戊字号", "己字号", "庚字号", "辛字号", "壬字号", "癸字号")
PASSAGE = PROSE.replace("。", f"，配{COPIED}。", 3)


def code(number: int) -> str:
    begins = f"91310115MA1K000{number}"
    return begins + calc_check_digit(begins)


def secret(company: str, marking: str, **fields: Any) -> bytes:
    fields = {"uscc": code(91), **fields}
    rows = {1: {"instance": "庚字号实例", "results": "辛字号成效提升三成", "solution": "壬字号方案"}}
    data = scene({"applicant": company, "company_name": company, **OWN, **fields}, {"scenes": rows})
    for row in data["tables"]["scenes"]:  # its own words: one passage is shared, and no more
        row.update({key: str(text)[::-1] for key, text in row.items() if len(str(text)) > 40})
    data["sections"] = {
        "construction_plan": PASSAGE,
        "upgrade_plan": "癸字号计划分三年实施。",
        "promotion_plan": "另行安排。",
    }
    document = docx.Document(io.BytesIO(build("scene", data)))
    document.sections[0].header.paragraphs[0].text = marking
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def copying() -> bytes:
    name = "上海抄录制造有限公司"
    data = scene({"applicant": name, "company_name": name, "project_name": "抄录项目", "uscc": code(92)})
    data["sections"]["construction_plan"] = PASSAGE
    return build("scene", data)


def fill(inbox: Path, marking: str) -> None:
    """A marked application and an older state of it, its company once more with another recommender, with its own text and with
    that of the marked one, and for another project, and one that has a passage of it."""
    files = {
        "浦东新区/密件.docx": secret("上海密件制造有限公司", marking),
        "浦东新区/密件旧稿.docx": secret("上海密件制造有限公司", "", application_date="2023年8月1日"),
        "静安区/同一企业.docx": form(
            1, applicant="上海密件制造有限公司", company_name="上海密件制造有限公司", uscc=code(91)
        ),
        "静安区/另一推荐单位.docx": secret("上海密件制造有限公司", "", project_name="另一项目"),
        "浦东新区/另一项目.docx": secret("上海密件制造有限公司", "", project_name="再一项目"),
        "静安区/抄录.docx": copying(),
        "静安区/无关.docx": form(2, uscc=code(93)),
    }
    for path, data in files.items():
        (inbox / path).parent.mkdir(parents=True, exist_ok=True)
        (inbox / path).write_bytes(data)


def pieces(path: Path) -> Iterator[bytes]:
    """Every text that a file holds: itself, members of packages, rows of databases, and what is compressed in them."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            yield from (package.read(name) for name in package.namelist())
    if data.startswith(b"SQLite format 3"):
        with sqlite3.connect(path) as connection:
            for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
                for row in connection.execute(f'select * from "{table}"'):
                    for cell in row:
                        blob = cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "replace")
                        yield blob
                        yield from inflated(blob)
    else:
        yield from inflated(data)


def inflated(data: bytes) -> Iterator[bytes]:
    for head in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b"):
        at = data.find(head)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj(47).decompress(data[at:])
            at = data.find(head, at + 1)


def leaks(out: Path) -> list[str]:
    words = [(w, form) for w in SENTINELS for form in (w.encode(), json.dumps(w)[1:-1].encode(), w.encode("utf-16-le"))]
    found = {
        f"{path.relative_to(out)}: {word}"
        for path in sorted(p for p in out.rglob("*") if p.is_file())
        for piece in pieces(path)
        for word, encoded in words
        if encoded in piece
    }
    return sorted(found)


@pytest.mark.parametrize("marking", ["机密★5年", "内部资料 不得外传"])
def test_no_byte_of_the_output_has_a_word_of_a_marked_file(
    marking: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    fill(tmp_path / "inbox", marking)
    for _ in range(2):  # what is kept of the first run is used by the second
        run = core.review(settings(tmp_path))
        assert run.failures == []
        assert leaks(tmp_path / "out") == []
    tables = export.tables(tmp_path / "out", catalog.load())
    for write in (export.write_csv, export.write_xlsx):
        write(tables, tmp_path / "out")
    assert leaks(tmp_path / "out") == []
    said = caplog.text + "".join(capsys.readouterr())
    assert [w for w in SENTINELS if w in said] == []
    files = [json.loads(line) for line in (tmp_path / "out/浦东新区/records.jsonl").read_text("utf-8").splitlines()]
    assert [f["fields"]["company_name"]["value"] for f in files] == ["上海密件制造有限公司"] * 3
    found = [json.loads(line) for line in (tmp_path / "out/浦东新区/findings.jsonl").read_text("utf-8").splitlines()]
    assert ("浦东新区/密件.docx", marking.split()[0]) in {
        (f["document"], f["evidence"].split()[0]) for f in found if f["code"] == "S01"
    }
    report = "".join(p.text for p in docx.Document(str(tmp_path / "out/静安区/审查报告.docx")).paragraphs)
    assert "“静安区/抄录.docx”" in report
    assert "停止传阅" in report
    other = (tmp_path / "out/静安区/records.jsonl").read_text("utf-8")
    assert "项目2" in other


def test_a_round_with_a_marked_file_can_be_unchanged(tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "浦东新区"
    folder.mkdir(parents=True)
    (folder / "密.docx").write_bytes(secret("上海密件制造有限公司", "秘密★1年"))
    (folder / "平.docx").write_bytes(form(1))
    first = core.review(settings(tmp_path))
    assert first.unchanged is None
    assert core.review(settings(tmp_path)).unchanged is not None
    (folder / "新.docx").write_bytes(form(2))  # then the marked one is read again, and nothing is said to be damaged
    third = core.review(settings(tmp_path))
    assert (third.unchanged, third.recalled, third.failures) == (None, 1, [])
    assert core.review(settings(tmp_path)).unchanged is not None


def test_without_the_marking_all_of_it_is_there(tmp_path: Path) -> None:
    """The search finds what is to be found: else it would prove nothing."""
    fill(tmp_path / "inbox", "正式稿")
    core.review(settings(tmp_path))
    found = leaks(tmp_path / "out")
    assert {word for leak in found if (word := leak.partition(": ")[2])} == set(SENTINELS)
    assert any(leak.startswith("ledger.sqlite") for leak in found)
    assert any(".docx" in leak for leak in found)
    assert any(".xlsx" in leak for leak in found)


def test_what_was_withheld_stays_so_when_the_marked_file_has_gone(tmp_path: Path) -> None:
    """Whoever finds the marking takes the file away, as told: what shared its text is still there. It becomes no more with time."""
    fill(tmp_path / "inbox", "机密★5年")
    core.review(settings(tmp_path))
    before = _withheld(tmp_path / "out")
    (tmp_path / "inbox/浦东新区/密件.docx").unlink()
    for attempt in range(3):
        (tmp_path / "inbox/静安区/无关.docx").write_bytes(form(2, project_name=f"无关{attempt}", uscc=code(93)))
        assert core.review(settings(tmp_path)).failures == []
        assert leaks(tmp_path / "out") == []
        assert _withheld(tmp_path / "out") == before - {"浦东新区/密件.docx"}


@pytest.mark.parametrize(("second", "mark"), [("附件2.docx", "秘　密★5年"), ("附件2（秘密）.docx", "工艺")])
def test_an_annex_with_a_marking_is_a_file_of_its_own(second: str, mark: str, tmp_path: Path) -> None:
    """Else nobody would be told, and what the application beside it has of its text would stand everywhere."""
    folder = tmp_path / "inbox/浦东新区/某企业"
    folder.mkdir(parents=True)
    (folder / "申报书.docx").write_bytes(copying())
    for name, marking in (("附件1.docx", "工艺说明"), (second, mark)):
        annex = docx.Document()
        annex.sections[0].header.paragraphs[0].text = marking
        annex.add_paragraph(PASSAGE if name == second else "产品照片。" * 30)
        annex.save(str(folder / name))
    core.review(settings(tmp_path))
    assert leaks(tmp_path / "out") == []
    found = [json.loads(x) for x in (tmp_path / "out/浦东新区/findings.jsonl").read_text("utf-8").splitlines()]
    assert [f["document"] for f in found if f["code"] == "S01"] == [f"浦东新区/某企业/{second}"]
    assert _withheld(tmp_path / "out") == {"浦东新区/某企业/申报书.docx", f"浦东新区/某企业/{second}"}


def test_a_run_of_one_office_tells_of_another_whose_report_has_the_text(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", "正式稿")
    core.review(settings(tmp_path))
    (tmp_path / "inbox/浦东新区/密件.docx").write_bytes(secret("上海密件制造有限公司", "机密★5年"))
    told = core.review(settings(tmp_path), ["浦东新区"]).failures
    assert [f.what for f in told] == ["静安区"]
    assert "“静安区/另一推荐单位.docx”" in told[0].message
    assert "全市的报告里也有" in told[0].message
    assert core.review(settings(tmp_path), ["静安区"]).failures == []
    assert leaks(tmp_path / "out" / "静安区") == []


@pytest.mark.parametrize("name", ["另一推荐单位.docx", "再存的.docx"], ids=["in its place", "under another name"])
def test_a_withheld_file_that_was_saved_anew_stays_so_when_the_marked_one_has_gone(name: str, tmp_path: Path) -> None:
    """Until it was taken out of the inbox and a round was run without it."""
    inbox = tmp_path / "inbox"
    fill(inbox, "机密★5年")
    core.review(settings(tmp_path))
    for path in ("浦东新区/密件.docx", "静安区/另一推荐单位.docx"):
        (inbox / path).unlink()
    again = secret("上海密件制造有限公司", "", project_name="另一项目", application_date="2023年8月9日")
    (inbox / "静安区" / name).write_bytes(again)
    for _ in range(2):
        assert core.review(settings(tmp_path)).failures == []
        assert leaks(tmp_path / "out") == []
        assert f"静安区/{name}" in _withheld(tmp_path / "out")
    (inbox / "静安区" / name).unlink()
    core.review(settings(tmp_path))
    (inbox / "静安区" / name).write_bytes(again)
    core.review(settings(tmp_path))
    assert f"静安区/{name}" not in _withheld(tmp_path / "out")


def test_a_marking_that_is_no_longer_there_mends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "inbox/浦东新区/密.docx"
    path.parent.mkdir(parents=True)
    path.write_bytes(secret("上海密件制造有限公司", "机密★5年"))
    core.review(settings(tmp_path))
    path.write_bytes(secret("上海密件制造有限公司", ""))
    core.review(settings(tmp_path))
    assert _withheld(tmp_path / "out") == {"浦东新区/密.docx"}
    report = docx.Document(str(tmp_path / "out/浦东新区/审查报告.docx"))
    said = "".join(p.text for p in report.paragraphs)
    assert "已改正0处" in said
    assert "请立即停止传阅" in said


def _withheld(out: Path) -> set[str]:
    records = [json.loads(x) for p in out.glob("*/records.jsonl") for x in p.read_text("utf-8").splitlines()]
    return {r["source"]["path"] for r in records if r.get("withheld")}


def test_a_marked_file_alone_is_printed_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "密件.docx"
    path.write_bytes(secret("上海密件制造有限公司", "机密★5年"))
    for verb in ("extract", "read", "check"):
        found = CliRunner().invoke(app, [verb, str(path)])
        said = found.output
        assert found.exit_code == 0, said
        assert "密件.docx" in said
        assert [w for w in SENTINELS if w in said] == [], verb
        assert "密级或保密标志" in said or verb == "check", verb  # who reads it sees why there is nothing


def test_where_it_cannot_be_told_what_was_withheld_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "out/浦东新区/records.jsonl").mkdir(parents=True)
    (tmp_path / "inbox").mkdir()
    with pytest.raises(PartFailed, match="读不到"):
        core.review(settings(tmp_path))
