"""The main job through Prefect, on real files."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from logging.handlers import BufferingHandler
from pathlib import Path

import pytest

from flows.settings import Settings
from samples.formbuilder import build
from tests.forms import clean_scene

ROOT = Path(__file__).parents[3]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox" / "浦东新区"
    folder.mkdir(parents=True)
    (folder / "申报书.docx").write_bytes(build("scene", clean_scene()))
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 cut off")
    return folder.parent


@pytest.mark.slow
def test_the_flow_reviews_an_inbox_and_leaves_artifacts(prefect_server: None, inbox: Path, tmp_path: Path) -> None:
    from prefect import get_client

    import flows.orchestration.review
    import flows.run.writing

    logger = logging.getLogger("shenbao")  # as in a worker's process, where the command has not set it up
    logger.setLevel(logging.NOTSET)
    handler = BufferingHandler(1000)
    logger.addHandler(handler)
    settings = Settings(inbox=inbox, out=tmp_path / "out")
    with flows.orchestration.review.under(settings):
        state = flows.orchestration.review.review_inbox(return_state=True)
    summary = state.result().value
    logger.removeHandler(handler)
    told = [r.getMessage() for r in handler.buffer if r.name == "shenbao.run"]
    assert told == [
        "收件目录：2 个文件，略过 0 个",
        "2 个文件，1 个推荐单位的报告（0 个文件此前已读过），失败 0 处",
    ]
    assert state.is_completed()
    assert state.message == "1个推荐单位，材料2份：无法读取1份、未发现问题1份"
    assert [o.form for d in summary.reads for o in d.outlines] == ["unknown", "scene"]
    assert (tmp_path / "out" / "浦东新区" / "审查报告.docx").exists()

    (tmp_path / "out" / "浦东新区" / "审查报告.docx").unlink()  # so that there is something to write

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as patch, flows.orchestration.review.under(settings):
        patch.setattr(flows.run.writing, "write_district", broken)
        state = flows.orchestration.review.review_district("浦东", return_state=True)
    assert state.is_failed()
    partial = state.result(raise_on_failure=False).value
    assert [(f.part, f.what) for f in partial.failures] == [("报告", "浦东新区")]
    assert len(partial.reads) == 2

    with flows.orchestration.review.under(settings):
        state = flows.orchestration.review.review_district("亚特兰蒂斯", return_state=True)
    assert state.is_failed()
    assert "亚特兰蒂斯" in (state.message or "")

    with get_client(sync_client=True) as client:
        found = [(artifact.key, str(artifact.data)) for artifact in client.read_artifacts()]
    tables = [json.loads(data) for key, data in found if key == "shenbao-districts"]
    assert {row["推荐单位"] for table in tables for row in table} == {"浦东新区"}
    assert any("失败" in data for key, data in found if key == "shenbao-review")


@pytest.mark.slow
def test_the_command_brings_its_own_server_and_leaves_none_behind(inbox: Path, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment |= {"PREFECT_HOME": str(tmp_path / "prefect"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "flows.command.cli", "review", "--inbox", str(inbox), "--out", str(tmp_path / "out")],
        capture_output=True, text=True, encoding="utf-8", env=environment, cwd=tmp_path, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "正在启动 Prefect" in done.stderr
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert all(path.exists() for path in paths)
    assert {p.name for p in paths} >= {"审查报告.docx", "审查台账.xlsx", "run.json"}
    if sys.platform == "linux":
        mine = str(tmp_path / "prefect").encode()
        assert not [p for p in Path("/proc").glob("[0-9]*/environ") if mine in _bytes(p)]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # ended meanwhile, or another user's
        return b""


def test_prefects_pages_offer_the_recommenders_of_the_notice() -> None:
    import catalog
    import flows.orchestration.review

    names = [r.name for r in catalog.load("2023").recommenders]
    one = flows.orchestration.review.review_district.parameters.properties
    many = flows.orchestration.review.review_inbox.parameters.properties
    assert one["district"]["enum"] == [*names, "未归口"]
    assert many["districts"]["anyOf"][0]["items"]["enum"] == [*names, "未归口"]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"district": "浦东新区"}, "2023 浦东新区"),
        ({"districts": ["静安区", "松江区"]}, "2023 静安区、松江区"),
        ({}, "2023 全市"),
    ],
)
def test_a_run_is_named_by_round_and_office(
    asked: dict[str, object], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.orchestration.review

    class Running:
        parameters = asked

    monkeypatch.setattr(flows.orchestration.review.runtime, "flow_run", Running)
    assert flows.orchestration.review.run_name() == name


@pytest.mark.slow
def test_a_name_that_is_none_is_a_failed_run_that_says_so(prefect_server: None, inbox: Path, tmp_path: Path) -> None:
    import flows.orchestration.review

    with flows.orchestration.review.under(Settings(inbox=inbox, out=tmp_path / "out")):
        state = flows.orchestration.review.review_district("蒲东", return_state=True)
    assert state.is_failed()
    assert "没有名为“蒲东”的推荐单位" in (state.message or "")
