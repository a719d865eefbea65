"""Writing: whole files or none, the same bytes again, nothing of other people's overwritten."""

import datetime as dt
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

import reports.write
from records.models import Assessment
from reports.results.progress import State
from reports.results.round import views
from reports.safe import atomic
from reports.write import write_district, write_jsonl, write_round
from tests.reports.conftest import DISTRICT, Make, application, finding

ONE = f"{DISTRICT}/001.docx"
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_every_file_of_the_contract_is_there(make: Make, tmp_path: Path) -> None:
    out = tmp_path / DISTRICT
    paths = write_district(make(3, [finding(1, ONE)]), out)
    letter = "补正通知/上海示例001机械有限公司（优秀场景）.docx"
    files = ("records.jsonl", "findings.jsonl", "assessments.jsonl", "审查报告.docx", "审查台账.xlsx", "index.html")
    for name in (*files, "审查依据.docx", "推荐汇总表（草稿）.docx", letter):
        assert out / name in paths
        assert (out / name).stat().st_size > 0
    whole = write_round(views([make(2)], tmp_path), tmp_path / "全市")
    assert {p.suffix for p in whole} == {".html", ".xlsx", ".docx"}


def test_the_same_results_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_district(make(3, [finding(1, ONE)]), tmp_path / name)
        write_round(views([make(3, [finding(1, ONE)])], tmp_path / name), tmp_path / name / "全市")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    write_district(make(3, [finding(1, ONE)]), tmp_path / "a")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_jsonl_keeps_the_contracts_keys_and_masks_identity_numbers(make: Make, tmp_path: Path) -> None:
    secret = "首行\n11010519491231002X"
    result = make(
        submissions=[application(1, text=secret)],
        findings=[finding(1, ONE, evidence=secret)],
        unsure=[Assessment(document=ONE, code="C05", outcome="cannot_tell", why="不清", district=DISTRICT)],
    )
    write_jsonl(result, tmp_path)
    for name in ("records", "findings", "assessments"):
        assert "19491231" not in (tmp_path / f"{name}.jsonl").read_text(encoding="utf-8")
    record, found, outcome = (
        json.loads((tmp_path / f"{n}.jsonl").read_text(encoding="utf-8").splitlines()[0])
        for n in ("records", "findings", "assessments")
    )
    assert list(record) == ["schema", "form", "source", "fields", "tables", "sections", "notes"]
    assert record["fields"]["project_name"]["value"] == "首行\n110*************2X"
    assert list(found) == (
        [
            "id",
            "code",
            "level",
            "district",
            "document",
            "applicant",
            "form",
            "field",
            "row",
            "where",
            "evidence",
            "expected",
            "message",
            "clause",
            "place",
            "actor",
        ]
    )
    assert list(outcome) == ["document", "code", "outcome", "why"]


def test_a_record_is_written_as_it_prints_itself(make: Make, tmp_path: Path) -> None:
    result = make(2)
    write_jsonl(result, tmp_path)
    lines = (tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines == [s.record.to_json() for s in result.submissions]


def test_a_lone_surrogate_stops_nothing(make: Make, tmp_path: Path) -> None:
    broken = application(1)
    bad = broken.record.fields["project_name"].model_copy(update={"value": "坏\ud800字", "raw": "坏\ud800字"})
    broken.record.fields["project_name"] = bad
    write_district(make(submissions=[broken], findings=[finding(1, ONE)]), tmp_path)
    assert "坏\ufffd字" in (tmp_path / "records.jsonl").read_text(encoding="utf-8")


def test_a_full_disk_leaves_the_old_files_whole(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_district(make(1, [finding(1, ONE)]), tmp_path)
    before = tree(tmp_path)

    def full(handle: int, mode: str) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "fdopen", full)
    with pytest.raises(OSError, match="No space"):
        write_district(make(2, [finding(2, ONE)]), tmp_path)
    assert tree(tmp_path) == before


def test_a_file_locked_by_windows_is_written_beside(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_district(make(1), tmp_path)
    real: Callable[..., None] = atomic.os.replace

    def locked(source: str, target: Path) -> None:
        if Path(target).name == "审查报告.docx":
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(atomic.os, "replace", locked)
    said: list[str] = []
    paths = write_district(make(1, [finding(1, ONE)]), tmp_path, say=said.append)
    assert tmp_path / "审查报告（新）.docx" in paths
    assert any("审查报告.docx" in s for s in said)
    assert not list(tmp_path.glob(".*.part"))


def test_an_edited_letter_is_kept_and_one_no_longer_needed_goes(make: Make, tmp_path: Path) -> None:
    two = finding(2, f"{DISTRICT}/002.docx")
    write_district(make(2, [finding(1, ONE), two]), tmp_path)
    folder = tmp_path / "补正通知"
    edited = folder / "上海示例001机械有限公司（优秀场景）.docx"
    edited.write_bytes(b"my words")
    said: list[str] = []
    write_district(make(2, [finding(1, ONE, message="改了")]), tmp_path, say=said.append)
    assert edited.read_bytes() == b"my words"
    assert (folder / "上海示例001机械有限公司（优秀场景）（新）.docx").exists()
    assert not (folder / "上海示例002机械有限公司（优秀场景）.docx").exists()
    assert any("人工修改" in s for s in said)


def _edit(path: Path, text: str) -> bytes:
    document = Document(str(path))
    document.add_paragraph(text)
    document.save(str(path))
    return path.read_bytes()


@pytest.mark.parametrize("name", ["审查报告.docx", "审查依据.docx"])
def test_a_report_changed_by_hand_is_put_by_with_its_date_and_told_of(make: Make, tmp_path: Path, name: str) -> None:
    write_district(make(1, [finding(1, ONE)]), tmp_path)
    left = _edit(tmp_path / name, "我改的话")
    said: list[str] = []
    for findings in ([finding(1, ONE), finding(2, ONE)], [finding(1, ONE), finding(2, ONE)]):
        write_district(make(1, findings), tmp_path, say=said.append)
        kept = list(tmp_path.glob(f"{Path(name).stem}（人工修改 20*.docx"))
        assert [p.read_bytes() for p in kept] == [left]
        assert "我改的话" not in "".join(p.text for p in Document(str(tmp_path / name)).paragraphs)
    assert [name in s and kept[0].name in s for s in said] == [True]


def test_one_changed_though_the_new_one_says_the_same_is_put_by_too(make: Make, tmp_path: Path) -> None:
    write_district(make(1, [finding(1, ONE)]), tmp_path)
    left = _edit(tmp_path / "审查报告.docx", "我改的话")
    said: list[str] = []
    write_district(make(1, [finding(1, ONE)]), tmp_path, say=said.append)
    assert left in [p.read_bytes() for p in tmp_path.glob("审查报告（人工修改*")]
    assert len(said) == 1


def test_the_rounds_report_changed_by_hand_is_put_by(make: Make, tmp_path: Path) -> None:
    out, said = tmp_path / "全市", list[str]()
    write_round(views([make(1)], out.parent), out, say=said.append)
    left = _edit(out / "全市审查报告.docx", "我改的话")
    write_round(views([make(1, [finding(1, ONE)])], out.parent), out, say=said.append)
    assert left in [p.read_bytes() for p in out.glob("全市审查报告（人工修改*")]
    assert len(said) == 1


def test_a_report_that_a_killed_run_wrote_is_no_persons(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_district(make(1, [finding(1, ONE)]), tmp_path)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reports.write, "_write_outgoing", killed)
        with pytest.raises(KeyboardInterrupt):
            write_district(make(1, [finding(1, ONE), finding(2, ONE)]), tmp_path)
    said: list[str] = []
    write_district(make(1, [finding(1, ONE), finding(3, ONE)]), tmp_path, say=said.append)
    assert said == []
    assert not list(tmp_path.glob("*人工修改*"))


def test_a_report_of_an_earlier_version_is_known_by_what_it_says_of_itself(make: Make, tmp_path: Path) -> None:
    write_district(make(1, [finding(1, ONE)]), tmp_path)
    state = json.loads((tmp_path / "progress.json").read_text("utf-8"))
    (tmp_path / "progress.json").write_text(
        json.dumps(state | {"papers": {n: h for n, h in state["papers"].items() if "审查" not in n}}), "utf-8"
    )
    said: list[str] = []
    write_district(make(1, [finding(1, ONE), finding(2, ONE)]), tmp_path, say=said.append)
    assert said == []
    assert not list(tmp_path.glob("*人工修改*"))


def test_papers_say_the_day_of_the_run_and_a_letter_its_own(make: Make, tmp_path: Path) -> None:
    first, second = dt.date(2023, 8, 7), dt.date(2023, 8, 9)
    write_district(replace(make(2, [finding(1, ONE)]), today=first), tmp_path)
    write_district(replace(make(2, [finding(1, ONE), finding(2, ONE, level="note")]), today=second), tmp_path)
    for name in ("审查报告.docx", "审查依据.docx", "推荐汇总表（草稿）.docx"):
        properties = Document(str(tmp_path / name)).core_properties
        assert (properties.created.date(), properties.modified.date()) == (second, second)
    letter = next((tmp_path / "补正通知").glob("*.docx"))
    assert Document(str(letter)).core_properties.created.date() == first
    for name in ("审查台账.xlsx", "补正通知/发文清单.xlsx"):
        assert load_workbook(tmp_path / name).properties.created.date() == second


def test_every_workbook_as_people_left_it_is_kept_once(make: Make, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    one, path = finding(1, ONE), tmp_path / "审查台账.xlsx"
    write_district(make(1, [one]), tmp_path)
    write_district(make(1, [one, finding(2, ONE, field="uscc")]), tmp_path)
    assert not (tmp_path / "台账存档").exists()
    for note in ("电话已打", "电话没打通"):
        book = load_workbook(path)
        book.create_sheet("我的笔记")["A1"] = note
        book.save(path)
        os.utime(path, (1_795_000_000, 1_795_000_000))
        left = path.read_bytes()
        for _ in range(2):
            write_district(make(1, [one]), tmp_path)
        kept = [p for p in (tmp_path / "台账存档").iterdir() if p.read_bytes() == left]
        assert len(kept) == 1
        assert kept[0].name.startswith(time.strftime("审查台账 %Y-%m-%d %H%M ", time.localtime(1_795_000_000)))
    assert len(list((tmp_path / "台账存档").iterdir())) == 2


def test_a_mended_name_on_the_cover_is_no_application_gone(make: Make, tmp_path: Path) -> None:
    slip = application(1, applicant="上海示例零零一机械有限公司")
    fault = finding(1, slip.document, code="K01", applicant="上海示例零零一机械有限公司")
    write_district(make(submissions=[slip], findings=[fault]), tmp_path)
    progress = State.load(tmp_path).advance(make(submissions=[application(1)]))
    assert [p.id for p in progress.mended] == [fault.id]
    assert progress.gone == []


def test_progress_tells_new_mended_and_still_open(make: Make, tmp_path: Path) -> None:
    one, two, three = finding(1, ONE), finding(2, ONE, field="uscc"), finding(3, ONE, field="size")
    write_district(make(2, [one, two]), tmp_path)
    write_district(make(2, [one, three]), tmp_path)
    for _ in range(2):  # looking again, and an unchanged rerun, tell the same
        progress = State.load(tmp_path).advance(make(2, [one, three]))
        told = {f.id for f in progress.new}, {p.id for p in progress.mended}, {f.id for f in progress.still}
        assert told == ({three.id}, {two.id}, {one.id, "F01-999"})
        write_district(make(2, [one, three]), tmp_path)


def test_findings_of_an_application_no_longer_received_are_not_called_mended(make: Make, tmp_path: Path) -> None:
    gone = finding(1, f"{DISTRICT}/002.docx", applicant="上海示例002机械有限公司")
    write_district(make(2, [gone]), tmp_path)
    write_district(make(1, []), tmp_path)
    progress = State.load(tmp_path).advance(make(1, []))
    assert [p.id for p in progress.gone] == [gone.id]
    assert progress.mended == []


def test_a_round_without_results_writes_nothing(tmp_path: Path) -> None:
    assert write_round([], tmp_path / "全市") == []
    assert not (tmp_path / "全市").exists()
