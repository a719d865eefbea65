"""``shenbao serve``: what it registers is there, its page is served, a rerun by hand goes through."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.flows.rounds import fill

ROOT = Path(__file__).parents[2]


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _ask(url: str, **body: Any) -> Any:
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read().decode()
    return json.loads(text) if "json" in answer.headers["content-type"] else text


def _wait(seconds: float, look: Any) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            found = look()
        except OSError:  # not up yet, or not registered
            found = None
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError("it did not come in time")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGTERM")
def test_serve_registers_runs_by_hand_and_stops_when_told(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 2)
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment |= {"PREFECT_HOME": str(tmp_path / "prefect"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    environment |= {"SHENBAO_PREFECT_PORT": str(port), "SHENBAO_WORKERS": "0", "SHENBAO_CRON": "30 8 * * 1"}
    with (tmp_path / "log").open("w") as log:
        serving = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "serve"], env=environment, cwd=tmp_path, stdout=log, stderr=log
        )
    api = f"http://127.0.0.1:{port}/api"
    try:
        scheduled = _wait(240, lambda: _ask(f"{api}/deployments/name/review-inbox/scheduled"))
        by_hand = _wait(120, lambda: _ask(f"{api}/deployments/name/review-district/by-hand"))
        assert [s["schedule"]["cron"] for s in scheduled["schedules"]] == ["30 8 * * 1"]
        assert "district" in by_hand["parameter_openapi_schema"]["properties"]
        # The pages lie where the user may write, not among the installed packages.
        assert '<div id="app">' in _ask(f"http://127.0.0.1:{port}/")
        assert list((tmp_path / "prefect" / "pages").rglob("index.html"))
        run = _ask(f"{api}/deployments/{by_hand['id']}/create_flow_run", parameters={"district": "静安区"})
        ended = _wait(240, lambda: (r := _ask(f"{api}/flow_runs/{run['id']}"))["state"]["type"] in _ENDED and r)
        assert ended["state"]["type"] == "COMPLETED", (tmp_path / "log").read_text()
        assert (tmp_path / "out" / "静安区" / "审查报告.docx").exists()
        assert not (tmp_path / "out" / "浦东新区").exists()
        told = _wait(60, lambda: [m for m in _messages(api, run["id"]) if m.startswith("inbox walked")])
        assert told == ["inbox walked: 2 files, 0 passed over"]
    finally:
        serving.send_signal(signal.SIGTERM)
        ended_with = serving.wait(120)
    assert ended_with in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    with pytest.raises(OSError, match=r"refused|拒绝"):
        socket.create_connection(("127.0.0.1", port), timeout=2)


_ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def _messages(api: str, run: str) -> list[str]:
    found = _ask(f"{api}/logs/filter", logs={"flow_run_id": {"any_": [run]}}, limit=200)
    return [entry["message"] for entry in found]
