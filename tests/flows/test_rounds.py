"""Several rounds at once: each by its own notice, and what came into the wrong inbox is told of, not misread."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

import catalog
from flows.exits import UsageFault
from flows.run import core
from flows.settings import Settings, load, load_for
from tests.flows.rounds import form, settings

STUDENTS = Path(__file__).parents[2] / Path("samples/students-inbox/示例师范大学")
INNOVATION = (STUDENTS / "青禾小队-创新训练申报书.docx").read_bytes()
STARTUP = (STUDENTS / "手机课堂-创业训练申报书.docx").read_bytes()
TABLE = (STUDENTS / "推荐汇总表.docx").read_bytes()
SHANGHAI, UNIVERSITY = "浦东新区", "示例师范大学"

ONE = '[[round]]\nnotice = "2023"\ninbox = "收件"\nout = "输出"\n'
TWO = ONE + '[[round]]\nname = "大创"\nnotice = "students"\ninbox = "收件2"\nout = "输出2"\ncron = "0 9 * * *"\n'


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes a shenbao.toml into a folder of its own, which is then the one we are in."""
    monkeypatch.chdir(tmp_path)
    return lambda text: (tmp_path / "shenbao.toml").write_text(text, "utf-8")


def facts(given: Settings) -> dict[str, Any]:
    return json.loads((given.out / "run.json").read_text("utf-8"))  # type: ignore[no-any-return]


def reasons(given: Settings) -> dict[str, str]:
    return {p["path"]: p["reason"] for p in facts(given)["passed_over"]}


def put(given: Settings, **files: bytes) -> None:
    for name, data in files.items():
        path = given.inbox / name.replace("__", "/").replace("_docx", ".docx").replace("_zip", ".zip")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def zipped(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_docx", ".docx"), content)
    return data.getvalue()


# ---------------------------------------------------------------------------------------------------------- settings
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ONE + ONE, "两个轮次同名“2023”"),
        (ONE + ONE.replace("2023", "students"), "输出目录相同"),
        (ONE + ONE.replace("2023", "students").replace("输出", "./输出/../输出"), "输出目录相同"),
        (ONE + ONE.replace("2023", "students").replace("输出", "输出/大创"), "一个在另一个里面"),
        (ONE + ONE.replace("2023", "students").replace("输出", "收件/大创"), "在“2023”的收件目录里"),
        (ONE.replace("inbox", "inbx"), "round.第1段.inbox：没有写"),
        (ONE.replace("inbox", "inbx"), "round.第1段.inbx：没有这项设置（是不是 inbox？）"),
        (ONE.replace('"收件"', "3"), "round.第1段.inbox：应为路径"),
        (ONE + 'name = "a/b"\n', "round.第1段.name：名称里不能有空白、斜杠和百分号"),
        (ONE.replace('"2023"', '""'), "round.第1段.notice：不能是空的"),
        (ONE.replace("[[round]]", "[round]"), "round：应写成 [[round]] 各段"),
    ],
)
def test_a_round_that_is_set_wrongly_is_told_of(told: Any, text: str, says: str) -> None:
    told(text)
    with pytest.raises(UsageFault, match=re.escape(says)):
        load()


def test_a_round_is_asked_for_by_name(told: Any) -> None:
    told(TWO)
    given = load_for("大创")
    assert (given.notice, given.inbox, given.out, given.cron) == (
        "students", Path("收件2"), Path("输出2"), "0 9 * * *",
    )  # fmt: skip
    assert load_for("2023").cron == Settings.model_fields["cron"].default
    for name, more, says in (
        ("大创", {"out": Path("别处")}, "不能再给 --out"),
        ("2031", {}, "没有名为“2031”的轮次；有：2023、大创"),
        (None, {}, "请用 --round 指定一个：2023、大创"),
    ):
        with pytest.raises(UsageFault, match=says):
            load_for(name, **more)
    assert load_for(None, inbox=Path("收件3")).out == Path("out")
    told("workers = 1\n")
    with pytest.raises(UsageFault, match=r"没有 \[\[round\]\]"):
        load_for("2023")


def test_another_process_finds_the_same_rounds(told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(TWO)
    given = load().absolute()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for name, value in given.as_environment().items():
        monkeypatch.setenv(name, value)
    assert load() == given
    assert load_for("大创").inbox == tmp_path / "收件2"


# ------------------------------------------------------------------------------------- what came into the wrong inbox
def test_a_students_form_among_those_of_2023_is_told_of(tmp_path: Path) -> None:
    given = settings(tmp_path)
    put(given, 浦东新区__甲_docx=form(1), 浦东新区__创新_docx=INNOVATION, 浦东新区__表_docx=TABLE)
    put(
        given,
        浦东新区__包_zip=zipped(创业_docx=STARTUP),
        浦东新区__乙__申报书_docx=form(2),
        浦东新区__乙__附件_docx=STARTUP,
    )
    put(given, 浦东新区__两份_zip=zipped(甲_docx=form(3), 乙_docx=INNOVATION))
    run = core.review(given)
    said = reasons(given)
    assert sorted(said) == [
        f"{SHANGHAI}/{name}" for name in ("两份.zip!/乙.docx", "乙/附件.docx", "创新.docx", "包.zip", "表.docx")
    ]
    for path, form_ in (
        ("创新.docx", "大学生创新训练项目申报书"),
        ("包.zip", "大学生创业训练项目申报书"),
        ("表.docx", "推荐汇总表"),
    ):
        reason = said[f"{SHANGHAI}/{path}"]
        assert all(word in reason for word in ("students-2031", form_, "没有按本通知读取", "请移到")), reason
    assert [p.path for p in run.foreign] == sorted(said)
    # It is no application of this round: not counted, not recorded, nothing found against it.
    assert facts(given)["counts"]["forms"] == {"scene": 3}
    assert run.standings[SHANGHAI].received == 3
    for name in ("records.jsonl", "findings.jsonl"):
        text = (given.out / SHANGHAI / name).read_text("utf-8")
        assert "创新.docx" not in text
        assert "附件.docx" not in text


def test_a_form_of_2023_among_the_students_is_told_of(tmp_path: Path) -> None:
    given = settings(tmp_path, notice="students")
    put(given, 示例师范大学__创新_docx=INNOVATION, 示例师范大学__表_docx=TABLE, 示例师范大学__场景_docx=form(1))
    run = core.review(given)
    assert list(reasons(given)) == [f"{UNIVERSITY}/场景.docx"]
    assert "shanghai-2023-643" in run.foreign[0].reason
    assert facts(given)["counts"]["forms"] == {"innovation": 1, "summary": 1}


def test_where_two_notices_are_alike_it_is_the_rounds(tmp_path: Path) -> None:
    """Next year's notice, hardly changed: its forms and last year's could each be the other's."""
    pack = tmp_path / "next"
    shutil.copytree(catalog.find("2023"), pack)
    head = (pack / "notice.toml").read_text("utf-8")
    (pack / "notice.toml").write_text(head.replace("shanghai-2023-643", "shanghai-2031"), "utf-8")
    for name, notice in (("old", "2023"), ("new", str(pack))):
        given = settings(tmp_path / name, notice=notice, round=[
            {"notice": "2023", "inbox": "a", "out": "b"}, {"notice": str(pack), "inbox": "c", "out": "d"},
        ])  # fmt: skip
        put(given, 浦东新区__甲_docx=form(1))
        core.review(given)
        assert facts(given)["counts"]["forms"] == {"scene": 1}
        assert reasons(given) == {}


def test_a_pack_of_another_round_that_is_broken_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    given = settings(tmp_path, round=[{"notice": "没有的", "inbox": "a", "out": "b"}])
    put(given, 浦东新区__甲_docx=form(1))
    assert core.review(given).failures == []
    assert "另一轮的通知包有误" in caplog.text


def test_what_was_read_before_a_round_was_there_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings(tmp_path)
    put(given, 浦东新区__甲_docx=form(1), 浦东新区__创新_docx=INNOVATION)
    with monkeypatch.context() as alone:
        alone.setattr(Settings, "neighbours", ())
        core.review(given)
        assert facts(given)["counts"]["forms"] == {"scene": 1, "unknown": 1}
    run = core.review(given)
    assert list(reasons(given)) == [f"{SHANGHAI}/创新.docx"]
    assert run.recalled == 1
    assert core.review(given).unchanged is not None
    assert list(reasons(given)) == [f"{SHANGHAI}/创新.docx"]
