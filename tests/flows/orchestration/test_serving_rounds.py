"""``shenbao serve`` over several rounds: each is registered by its name, and a run stays within its own."""

from __future__ import annotations

import json
import os
import shutil
import urllib.parse
from pathlib import Path

import pytest

from flows.orchestration.prefect_home import output_key
from tests.flows.rounds import fill
from tests.flows.serving import ROOT, Serving, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="SIGTERM")]


def test_each_round_is_registered_and_runs_by_itself(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    shutil.copytree(ROOT / "samples" / "students-inbox" / "示例师范大学", tmp_path / "students" / "示例师范大学")
    outs = {"2023": tmp_path / "out", "大创": tmp_path / "out2"}
    rounds = [
        {"notice": "2023", "inbox": str(tmp_path / "inbox"), "out": str(outs["2023"])},
        {"name": "大创", "notice": "students", "inbox": str(tmp_path / "students"), "out": str(outs["大创"]), "cron": "1 2 * * *"},
    ]  # fmt: skip
    with Serving(tmp_path, SHENBAO_ROUND=json.dumps(rounds)) as serving:

        def deployment(flow: str, kind: str, name: str) -> object:
            out = outs[name]
            told = urllib.parse.quote(f"{kind}-{name}-{out.name}-{output_key(out)[:8]}")

            def look() -> object:
                assert serving.process.poll() is None, serving.said
                return serving.ask(f"deployments/name/{flow}/{told}")

            return wait_for(600, look)

        crons = {}
        for name in outs:
            found = deployment("review-inbox", "scheduled", name)
            assert isinstance(found, dict)
            crons[name] = found["schedules"][0]["schedule"]["cron"]
        assert crons == {"2023": "30 8 * * 1", "大创": "1 2 * * *"}
        by_hand = deployment("review-district", "by-hand", "大创")
        assert isinstance(by_hand, dict)
        asked = by_hand["parameter_openapi_schema"]["properties"]
        assert "示例师范大学" in asked["district"]["enum"]
        assert "浦东新区" not in asked["district"]["enum"]
        assert asked["round_name"]["enum"] == ["大创"]
        run = serving.ended(serving.run(by_hand, district="示例师范大学"))
        assert run["state"]["type"] == "COMPLETED", serving.said
        assert run["name"] == "大创 示例师范大学"
        assert (outs["大创"] / "示例师范大学" / "审查报告.docx").exists()
        assert not outs["2023"].exists()
