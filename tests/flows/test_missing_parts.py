"""What this installation cannot do is its own failure: no finding, no letter, told once, and read when it can be."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from flows.command import alone, operating
from flows.run import core
from flows.settings import Settings
from reports.results.model import Status
from samples.formbuilder import build
from tests.flows.rounds import form, settings
from tests.forms import clean_summary

HOME = "浦东新区"
ODT = b"<?xml version='1.0'?><office:document xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'/>"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 560), "white").save(out, "PNG")
    return out.getvalue()


def rar() -> bytes:
    """The head of a RAR archive: it is never unpacked here."""
    return b"Rar!\x1a\x07\x01\x00" + bytes(64)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the extras and without LibreOffice."""
    for name in ("rapidocr", "onnxruntime", "cv2", "rarfile", "py7zr"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setenv("SHENBAO_SOFFICE", "")


def put(given: Settings, **files: bytes) -> None:
    for name, data in files.items():
        path = given.inbox / HOME / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def told(given: Settings) -> dict[str, Any]:
    return json.loads((given.out / "run.json").read_text("utf-8"))  # type: ignore[no-any-return]


def rows(given: Settings, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (given.out / HOME / name).read_text("utf-8").splitlines()]


@pytest.mark.usefixtures("bare")
def test_what_the_installation_lacks_is_told_once_a_part_and_held_against_nobody(tmp_path: Path) -> None:
    given = settings(tmp_path)
    put(
        given,
        甲_docx=form(1),
        乙_png=picture(),
        丙_png=picture(),
        丁_rar=rar(),
        戊_7z=b"7z\xbc\xaf\x27\x1c" + bytes(64),
    )
    put(given, 己_fodt=ODT)
    summary = core.review(given)
    failed = [(f["what"], f["message"]) for f in told(given)["failed"]]
    assert sorted(what for what, _ in failed) == ["1个文件", "1个文件", "1个文件", "2个文件"]
    for part in ("文字识别（OCR）组件", "LibreOffice", "rar 解压组件", "7z 解压组件"):
        assert sum(part in message for _, message in failed) == 1
    unread = {f"{HOME}/{name}" for name in ("乙.png", "丙.png", "丁.rar", "戊.7z", "己.fodt")}
    assert not [f for f in rows(given, "findings.jsonl") if f["document"] in unread]
    assessed = {(a["document"], a["outcome"]) for a in rows(given, "assessments.jsonl") if a["document"] in unread}
    assert assessed == {(document, "cannot_tell") for document in unread}
    assert {i["document"]: i["outcome"] for i in told(given)["inputs"] if i["outcome"] == "not_read"}.keys() == unread
    assert [i.status for i in summary.districts[HOME].items if i.document in unread] == [Status.UNREAD] * 5
    letters = given.out / HOME / "补正通知"
    assert not letters.exists() or all("第1制造" in p.name for p in letters.glob("*.docx"))


@pytest.mark.usefixtures("bare")
def test_an_unread_file_may_be_what_seems_to_be_missing(tmp_path: Path) -> None:
    given = settings(tmp_path)
    summary = build("summary", clean_summary())
    put(given, 汇总表_docx=summary, 上海甲乙丙_png=picture())
    core.review(given)
    verdicts = {a["code"]: a["outcome"] for a in rows(given, "assessments.jsonl") if a["document"].endswith("docx")}
    assert (verdicts["Q01"], verdicts["Q02"]) == ("cannot_tell", "cannot_tell")
    (given.inbox / HOME / "汇总表.docx").unlink()
    put(given, 申报书_docx=form(1))
    core.review(given)
    verdicts = {a["code"]: a["outcome"] for a in rows(given, "assessments.jsonl") if not a["document"]}
    assert verdicts["Q07"] == "cannot_tell"


def test_it_is_read_as_soon_as_the_part_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(tmp_path)
    put(given, 甲_fodt=ODT)
    monkeypatch.setenv("SHENBAO_SOFFICE", "")
    core.review(given)
    assert told(given)["failed"]
    assert "LibreOffice" in "\n".join(operating.status(given)).partition("搁置")[0]  # it waits, it is not set aside
    monkeypatch.setattr("extractors.office.libreoffice.find_soffice", lambda: "soffice")
    monkeypatch.setattr("extractors.office.libreoffice.to_docx", lambda *_: form(1))
    summary = core.review(given)
    assert (summary.failures, summary.recalled) == ([], 0)
    assert [i.form for i in summary.districts[HOME].items] == ["scene"]


def test_reports_stand_where_what_was_read_before_cannot_be_read_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings(tmp_path)
    put(given, 甲_fodt=ODT)
    with monkeypatch.context() as there:
        there.setattr("extractors.office.libreoffice.find_soffice", lambda: "soffice")
        there.setattr("extractors.office.libreoffice.to_docx", lambda *_: form(1))
        core.review(given)
    before = (given.out / HOME / "records.jsonl").read_bytes()
    (given.out / "ledger.sqlite").unlink()
    monkeypatch.setenv("SHENBAO_SOFFICE", "")
    summary = core.review(given)
    assert summary.failures
    assert (given.out / HOME / "records.jsonl").read_bytes() == before


@pytest.mark.usefixtures("bare")
def test_an_application_that_lacks_something_beside_an_unread_file_is_unread(tmp_path: Path) -> None:
    given = settings(tmp_path)
    put(given, 甲公司__申报书_docx=form(1), 甲公司__执照_png=picture())
    put(given, 乙公司__正文_docx=without_cover(form(2)), 乙公司__封面_png=picture())
    core.review(given)
    status = {r["source"]["path"]: [n["code"] for n in r["notes"]] for r in rows(given, "records.jsonl")}
    assert "UNREAD" not in status[f"{HOME}/甲公司/申报书.docx"]  # whole: what lies beside it is an annex
    assert status[f"{HOME}/乙公司/正文.docx"] == ["UNREAD"]
    assert [f["what"] for f in told(given)["failed"]] == ["1个文件"]


def without_cover(data: bytes) -> bytes:
    """A form whose cover was scanned apart: the paragraphs before its first table are gone."""
    import docx

    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    for child in list(body):
        if child.tag.endswith("}tbl"):
            break
        body.remove(child)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.usefixtures("bare")
def test_the_quick_verbs_say_so_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_WORKERS", "0")  # in this process, which lacks the parts
    path = tmp_path / "扫描.png"
    path.write_bytes(picture())
    faults: list[str] = []
    with closing(alone.Reader("2023")) as reader, alone.checking("2023") as checked:
        assert '"UNREAD"' in "".join(alone.extract(path, reader, faults))
        list(alone.read(path, reader, faults))
        assert "未读取" in "".join(alone.check(path, reader, checked, as_text=True))
    assert len([*faults, *checked.faults]) == 3
    assert not checked.needs_correction


def test_a_password_on_an_archive_that_may_hold_any_number_leaves_the_table_open(tmp_path: Path) -> None:
    given = settings(tmp_path)
    locked = io.BytesIO()
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("a.docx", b"x")
    data = bytearray(locked.getvalue())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    put(given, 汇总表_docx=build("summary", clean_summary()), 申报材料_zip=bytes(data))
    core.review(given)
    verdicts = {a["code"]: a["outcome"] for a in rows(given, "assessments.jsonl") if a["document"].endswith("docx")}
    assert verdicts["Q02"] == "cannot_tell"
