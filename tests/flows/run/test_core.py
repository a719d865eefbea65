"""The run without Prefect: every file accounted for, and one bad part never stops the others."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import extractors
from catalog.models import Catalog
from flows import progress
from flows.exits import UsageFault
from flows.guarded import readers
from flows.guarded.reading import Contents, ReadInput
from flows.received.grouping import MOST_FILES
from flows.run import batch, core, writing
from flows.run.steps import Plain
from flows.settings import Settings
from records.models import Note, Reading, Record, Source
from tests.forms import clean_scene, clean_summary, reading_of, scene

Reader = Callable[..., list[Reading]]


def unknown(name: str, code: str = "F06") -> Reading:
    source = Source(path=name, sha256="0" * 64, format="docx")
    return Reading(record=Record(source=source, notes=[Note(code=code, message="读不出")]))


def stand_in(inbox: Path, data: bytes, catalog: Catalog, name: str, **_: object) -> list[Reading]:
    """Reads the word that a test wrote into a file instead of a form."""
    match data.decode("utf-8").split("\n")[0].split(" "):
        case ["scene", company, recommender]:
            data = scene({"company_name": company, "applicant": company, "recommender": recommender})
            return [reading_of(data, path=name)]
        case ["summary"]:
            return [reading_of(clean_summary(), path=name)]
        case ["licence"]:
            return [unknown(name)]
        case ["archive"]:
            return [reading_of(scene({"company_name": f"上海{n}号有限公司"}), path=f"{name}!/{n}.docx") for n in "ab"]
        case ["broken"]:
            return [unknown(name, "F01")]
        case ["growing"]:
            (inbox / name).write_text("growing\nmore")
            return [unknown(name)]
        case ["bug"]:
            raise RecursionError("too deep, call 13812345678")
    raise AssertionError(name)


def stand_in_folder(files: dict[str, bytes], catalog: Catalog, **_: object) -> list[Reading]:
    """One application with parts and annexes, told from the words in the files; others alone."""
    words = {name: data.decode("utf-8").split(" ")[0] for name, data in files.items()}
    if "bug" in words.values():
        raise RecursionError
    (head,) = (name for name, word in words.items() if word == "scene")
    reading = reading_of(scene(), path=head)
    reading.parts = [head, *(name for name, word in words.items() if word == "part")]
    reading.annexes = [name for name, word in words.items() if word == "licence"]
    return [reading, *(unknown(name, "F01") for name, word in words.items() if word == "broken")]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], Settings]:
    monkeypatch.setattr(extractors, "read_bytes", functools.partial(stand_in, tmp_path / "inbox"))
    monkeypatch.setattr(extractors, "read_folder", stand_in_folder)

    def make(files: dict[str, str]) -> Settings:
        for name, word in files.items():
            path = tmp_path / "inbox" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(word, "utf-8")
        return Settings(inbox=tmp_path / "inbox", out=tmp_path / "out", batch_size=2, workers=0)

    return make


def run_json(settings: Settings) -> dict[str, Any]:
    return json.loads((settings.out / "run.json").read_text("utf-8"))  # type: ignore[no-any-return]


def documents(settings: Settings, district: str) -> list[str]:
    lines = (settings.out / district / "records.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["source"]["path"] for line in lines]


def test_documents_go_to_their_district(inbox: Callable[[dict[str, str]], Settings]) -> None:
    settings = inbox(
        {
            "浦东/甲.docx": "scene 上海甲有限公司 上海市浦东新区科技和经济委员会",
            "浦东新区/乙.docx": "scene 上海乙有限公司 静安区",
            "丙.docx": "scene 上海丙有限公司 临港新片区管委会",
            "丁.docx": "scene 上海丁有限公司 月球管委会",
            "其他/戊.docx": "scene 上海戊有限公司 静安区",
            "坏.docx": "broken",
        }
    )
    summary = core.review(settings)
    assert documents(settings, "浦东新区") == ["浦东/甲.docx", "浦东新区/乙.docx"]
    assert documents(settings, "临港新片区") == ["丙.docx"]
    assert documents(settings, "静安区") == ["其他/戊.docx"]
    assert documents(settings, "未归口") == ["丁.docx", "坏.docx"]
    assert summary.failures == []
    assert (settings.out / "全市").is_dir()


def test_every_file_stands_in_run_json(inbox: Callable[[dict[str, str]], Settings]) -> None:
    settings = inbox(
        {
            "浦东新区/甲.docx": "scene 上海甲有限公司 浦东新区",
            "浦东新区/乙/申报书.docx": "scene 上海乙有限公司 浦东新区",
            "浦东新区/乙/附1.docx": "part",
            "浦东新区/乙/附件/执照.docx": "licence",
            "浦东新区/乙/坏.docx": "broken",
            "浦东新区/执照.docx": "licence",
            "浦东新区/包.zip": "archive",
            "浦东新区/坏.docx": "broken",
            "浦东新区/汇总表.docx": "summary",
            "浦东新区/~$甲.docx": "x",
            "浦东新区/长.docx": "growing",
        }
    )
    core.review(settings)
    facts = run_json(settings)
    on_disk = {p.relative_to(settings.inbox).as_posix() for p in settings.inbox.rglob("*") if p.is_file()}
    inputs = {i["document"]: i for i in facts["inputs"]}
    passed_over = {p["path"]: p["reason"] for p in facts["passed_over"]}
    assert inputs.keys() | passed_over.keys() == on_disk
    assert not inputs.keys() & passed_over.keys()
    assert passed_over["浦东新区/长.docx"] == "读取期间有变动，留待下次"
    assert {d: i["outcome"] for d, i in inputs.items()} == {
        "浦东新区/甲.docx": "read",
        "浦东新区/乙/申报书.docx": "read",
        "浦东新区/乙/附1.docx": "part",
        "浦东新区/乙/附件/执照.docx": "annex",
        "浦东新区/乙/坏.docx": "unreadable",
        "浦东新区/执照.docx": "no_form",
        "浦东新区/包.zip": "read",
        "浦东新区/坏.docx": "unreadable",
        "浦东新区/汇总表.docx": "read",
    }
    assert [r["document"] for r in inputs["浦东新区/包.zip"]["records"]] == [
        "浦东新区/包.zip!/a.docx",
        "浦东新区/包.zip!/b.docx",
    ]
    assert {i["of"] for i in inputs.values() if i["outcome"] in ("part", "annex")} == {"浦东新区/乙/申报书.docx"}
    assert all(len(i["sha256"]) == 64 for i in inputs.values())
    assert facts["counts"]["inputs"] == 9


def test_an_annex_is_no_finding_and_no_record(inbox: Callable[[dict[str, str]], Settings]) -> None:
    settings = inbox({"浦东新区/乙/申报书.docx": "scene 上海乙有限公司 浦东新区", "浦东新区/乙/执照.docx": "licence"})
    summary = core.review(settings)
    assert documents(settings, "浦东新区") == ["浦东新区/乙/申报书.docx"]
    assert not [f for f in summary.districts["浦东新区"].outcomes.findings if "执照" in f.document]
    (submission,) = summary.districts["浦东新区"].submissions
    assert submission.reading.annexes == ["浦东新区/乙/执照.docx"]


def test_a_folder_that_cannot_be_read_together_is_read_file_by_file(
    inbox: Callable[[dict[str, str]], Settings],
) -> None:
    settings = inbox({"浦东新区/乙/申报书.docx": "scene 上海乙有限公司 浦东新区", "浦东新区/乙/怪.docx": "bug"})
    summary = core.review(settings)
    assert documents(settings, "浦东新区") == ["浦东新区/乙/怪.docx", "浦东新区/乙/申报书.docx"]
    assert [i["document"] for i in run_json(settings)["inputs"] if "cause" in i] == ["浦东新区/乙/怪.docx"]
    assert summary.failures == []


def test_a_large_folder_is_many_applications(inbox: Callable[[dict[str, str]], Settings]) -> None:
    names = [f"浦东新区/优秀场景/{n:02d}.docx" for n in range(MOST_FILES + 1)]
    settings = inbox({name: f"scene 上海{name[-7:-5]}有限公司 浦东新区" for name in names})
    core.review(settings)
    assert documents(settings, "浦东新区") == names


def test_a_reader_that_fails_on_one_file_stops_nothing(
    inbox: Callable[[dict[str, str]], Settings], caplog: pytest.LogCaptureFixture
) -> None:
    settings = inbox(
        {f"浦东新区/{n}.docx": f"scene 上海{n}有限公司 浦东新区" for n in "甲乙丙"} | {"浦东新区/丁.docx": "bug"}
    )
    summary = core.review(settings)
    assert len(documents(settings, "浦东新区")) == 4
    assert summary.failures == []
    assert "F01" in {
        f.code for f in summary.districts["浦东新区"].outcomes.findings if f.document == "浦东新区/丁.docx"
    }
    (found,) = (i for i in run_json(settings)["inputs"] if i["document"] == "浦东新区/丁.docx")
    assert (found["outcome"], found["cause"]) == ("unreadable", "RecursionError: too deep, call 138********")
    assert "Traceback" in caplog.text


def test_what_is_in_hand_when_a_reader_fails_is_named(
    inbox: Callable[[dict[str, str]], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = inbox({f"浦东新区/{n}.docx": f"scene 上海{n}有限公司 浦东新区" for n in "甲乙丙丁"})
    encode = readers.encode

    def failing(reads: list[ReadInput], contents: Contents) -> bytes:
        if any("乙" in done.input.document for done in reads):
            raise ZeroDivisionError
        return encode(reads, contents)

    monkeypatch.setattr(readers, "encode", failing)
    summary = core.review(settings)
    outcomes = {i["document"]: i["outcome"] for i in run_json(settings)["inputs"]}
    assert sorted(outcomes.values()) == ["not_read", "read", "read", "read"]
    assert outcomes["浦东新区/乙.docx"] == "not_read"
    assert len(documents(settings, "浦东新区")) == 3
    assert [(f.part, f.what) for f in summary.failures] == [("读取", "浦东新区/乙.docx")]


def test_reports_that_fail_in_one_district_leave_the_others(
    inbox: Callable[[dict[str, str]], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = inbox({"浦东新区/甲.docx": "scene 甲 浦东新区", "静安区/乙.docx": "scene 乙 静安区"})
    write = writing.write_district

    def failing(result: Any, *args: Any, **options: Any) -> Any:
        if result.district == "浦东新区":
            raise OSError(28, "No space left on device")
        return write(result, *args, **options)

    monkeypatch.setattr(writing, "write_district", failing)
    summary = core.review(settings)
    assert (settings.out / "静安区" / "审查报告.docx").exists()
    assert ("报告", "浦东新区", "磁盘已满") in {(f.part, f.what, f.message) for f in summary.failures}


def test_rules_that_cannot_run_leave_the_last_reports_alone(
    inbox: Callable[[dict[str, str]], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = inbox({"浦东新区/甲.docx": "scene 甲 浦东新区"})
    core.review(settings)
    before = (settings.out / "浦东新区" / "findings.jsonl").read_bytes()

    inbox({"浦东新区/乙.docx": "scene 乙 浦东新区"})

    def failing(*_: object) -> None:
        raise RuntimeError("no rules")

    monkeypatch.setattr(core, "judge", failing)
    summary = core.review(settings)
    assert [f.part for f in summary.failures] == ["规则"]
    assert (settings.out / "浦东新区" / "findings.jsonl").read_bytes() == before


def test_an_empty_inbox_leaves_the_last_reports_alone(inbox: Callable[[dict[str, str]], Settings]) -> None:
    settings = inbox({"浦东新区/甲.docx": "scene 甲 浦东新区"})
    core.review(settings)
    before = (settings.out / "浦东新区" / "records.jsonl").read_bytes()
    (settings.inbox / "浦东新区" / "甲.docx").unlink()
    summary = core.review(settings)
    assert summary.districts == {}
    assert (settings.out / "浦东新区" / "records.jsonl").read_bytes() == before


def test_one_district_is_rewritten_with_the_findings_of_the_whole_round(
    inbox: Callable[[dict[str, str]], Settings],
) -> None:
    company = clean_scene()["fields"]["company_name"]
    settings = inbox({"浦东新区/甲.docx": f"scene {company} 浦东新区", "静安区/乙.docx": f"scene {company} 静安区"})
    core.review(settings)
    before = (settings.out / "浦东新区" / "findings.jsonl").read_bytes()
    (settings.out / "静安区" / "findings.jsonl").write_text("untouched")
    summary = core.review(settings, ["浦东"])
    assert list(summary.districts) == ["浦东新区"]
    assert (settings.out / "浦东新区" / "findings.jsonl").read_bytes() == before
    assert (settings.out / "静安区" / "findings.jsonl").read_text() == "untouched"
    assert run_json(settings)["districts"] == ["浦东新区"]


def test_the_same_inbox_gives_the_same_bytes(inbox: Callable[[dict[str, str]], Settings], tmp_path: Path) -> None:
    settings = inbox({f"浦东新区/{n}.docx": f"scene 上海{n}有限公司 浦东新区" for n in "甲乙丙"})
    core.review(settings)
    other = Settings(inbox=settings.inbox, out=tmp_path / "again", batch_size=50, workers=0)
    core.review(other)
    for name in ("records.jsonl", "findings.jsonl", "assessments.jsonl"):
        assert (settings.out / "浦东新区" / name).read_bytes() == (other.out / "浦东新区" / name).read_bytes()


def test_what_does_not_exist_is_said_before_anything_runs(inbox: Callable[[dict[str, str]], Settings]) -> None:
    settings = inbox({"浦东新区/甲.docx": "scene 甲 浦东新区"})
    with pytest.raises(UsageFault, match="亚特兰蒂斯"):
        core.review(settings, ["亚特兰蒂斯"])
    with pytest.raises(UsageFault, match="收件目录不存在"):
        core.review(Settings(inbox=settings.inbox / "没有", out=settings.out))
    assert not settings.out.exists()


def test_a_part_that_fails_is_kept_with_its_error() -> None:
    attempts = list(Plain().map("除法", lambda n: 6 // n, [1, 0, 2]))
    assert [a.result for a in attempts] == [6, None, 3]
    assert isinstance(attempts[1].error, ZeroDivisionError)


def test_a_reader_that_never_reads_ends_the_reading(
    inbox: Callable[[dict[str, str]], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = inbox({f"浦东新区/{n}.docx": f"scene 上海{n}有限公司 浦东新区" for n in "甲乙"})

    class Nobody:
        def read(self, source: object) -> None:
            raise ZeroDivisionError

        def close(self) -> None:
            return

    monkeypatch.setattr(batch, "open_reader", lambda *_: Nobody())
    summary = core.review(settings)
    assert sorted(i.document for i in summary.unread) == ["浦东新区/乙.docx", "浦东新区/甲.docx"]
    assert [(f.part, f.what) for f in summary.failures] == [("读取", "浦东新区/乙.docx 等2个文件")]


def test_an_office_whose_files_have_all_gone_is_told_of_and_its_reports_stand(
    inbox: Callable[[dict[str, str]], Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("浦东新区/甲.docx", "嘉定区/乙.docx", "嘉定区/丙.docx")
    settings = inbox({name: f"scene 上海{name[-6]}有限公司 {name.split('/')[0]}" for name in names})
    with progress.shown():
        core.review(settings)
    assert "收件目录里" not in capsys.readouterr().err
    stood = (settings.out / "嘉定区" / "findings.jsonl").read_bytes()
    for name in names[1:]:
        (settings.inbox / name).unlink()
    with progress.shown():
        run = core.review(settings)
    assert "嘉定区：上次报告中的2份材料这次都不在收件目录里，报告保持不变" in capsys.readouterr().err
    assert list(run.districts) == ["浦东新区"]
    assert (settings.out / "嘉定区" / "findings.jsonl").read_bytes() == stood
