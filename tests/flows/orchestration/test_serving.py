"""``shenbao serve``: what it registers is there, runs by hand go through, nobody without the secret gets in, and two of
them live side by side."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.flows.rounds import fill
from tests.flows.serving import ROOT, Serving, environment, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="SIGTERM")]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One that was started where modules of our names lie about."""
    root = tmp_path_factory.mktemp("serving")
    fill(root / "inbox", 2)
    cwd = root / "cwd"
    for name in ("reports", "flows", "records"):
        (cwd / name).mkdir(parents=True)
        (cwd / name / "__init__.py").write_text("raise SystemExit('another program')\n")
    with Serving(root, cwd) as started:
        started.deployment("review-inbox", "scheduled")
        started.deployment("review-district", "by-hand")
        yield started


class Answer(NamedTuple):
    status: int
    origin: str | None
    body: bytes


def _request(
    serving: Serving, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=60)
    headers = {"Host": f"127.0.0.1:{serving.port}", "Content-Type": "application/json", **(headers or {})}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    with contextlib.closing(connection):
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("access-control-allow-origin"), answer.read())


def test_what_is_registered_runs_by_hand(serving: Serving) -> None:
    scheduled = serving.deployment("review-inbox", "scheduled")
    by_hand = serving.deployment("review-district", "by-hand")
    assert [s["schedule"]["cron"] for s in scheduled["schedules"]] == ["30 8 * * 1"]
    assert set(by_hand["parameter_openapi_schema"]["properties"]) == {"district", "settle_seconds"}
    # The pages lie where the user may write, not among the installed packages.
    assert b'<div id="app">' in _request(serving, "GET", "/").body
    assert list((serving.home / "pages").rglob("index.html"))
    run = serving.run(by_hand, district="静安区")
    assert serving.ended(run)["state"]["type"] == "COMPLETED", serving.said
    assert (serving.out / "静安区" / "审查报告.docx").exists()
    assert not (serving.out / "浦东新区").exists()
    assert wait_for(60, lambda: [m for m in serving.messages(run["id"]) if "2" in m])
    elsewhere = serving.root / "elsewhere"
    refused = serving.run(by_hand, district="静安区", out=str(elsewhere))
    assert serving.ended(refused)["state"]["type"] in ("CRASHED", "FAILED")
    assert not elsewhere.exists()


def test_who_does_not_know_the_secret_gets_nothing(serving: Serving) -> None:
    by_hand = serving.deployment("review-district", "by-hand")
    steps = {"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "true"}}]}
    for method, path, body in (
        ("POST", "/api/deployments/filter", {}),
        ("GET", f"/api/deployments/{by_hand['id']}", None),
        ("PATCH", f"/api/deployments/{by_hand['id']}", steps),
        ("POST", f"/api/deployments/{by_hand['id']}/create_flow_run", {"parameters": {"district": "静安区"}}),
        ("GET", "/api/openapi.json", None),
    ):
        assert _request(serving, method, path, body=body).status == 401, path
        wrong = {"Authorization": "Basic c2hlbmJhbzpndWVzcw=="}
        assert _request(serving, method, path, wrong, body).status == 401, path
    assert serving.ask(f"deployments/{by_hand['id']}")["pull_steps"] in (None, [])
    socket_ = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    socket_ |= {"Sec-WebSocket-Key": "c2hlbmJhby1zaGVuYmFvIQ==", "Origin": "http://other.example"}
    for path in ("/api/events/in", "/api/events/out", "/api/logs/out"):
        assert _request(serving, "GET", path, socket_).status == 403, path


def test_pages_of_another_origin_or_name_get_nothing(serving: Serving) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    other = _request(serving, "OPTIONS", "/api/deployments/filter", {**asks, "Origin": "http://other.example"})
    assert (other.status, other.origin) == (400, None)
    own = f"http://127.0.0.1:{serving.port}"
    ours = _request(serving, "OPTIONS", "/api/deployments/filter", {**asks, "Origin": own})
    assert (ours.status, ours.origin) == (200, own)
    # A name that resolves to this machine makes a page of another site one of the same origin.
    for path in ("/", "/api/health", "/ui-settings", "/openapi.json"):
        assert _request(serving, "GET", path, {"Host": f"other.example:{serving.port}"}).status == 400, path


def test_the_secret_is_the_users_alone(serving: Serving) -> None:
    file = serving.home / "secret.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(serving.home.stat().st_mode) == 0o700
    assert str(file) in serving.said
    password = serving.secret.partition(":")[2]
    assert len(password) >= 32
    for text in (serving.said, _command_lines()):
        assert password not in text


def _command_lines() -> str:
    """Of all processes, as whoever is on the machine sees them; a bare machine has no ``ps``."""
    told = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # ended meanwhile
            told.append(file.read_text(encoding="utf-8", errors="replace"))
    if not told:
        told.append(subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True).stdout)
    return "\n".join(told)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)")
def test_the_page_asks_for_the_secret_once(serving: Serving) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context().new_page()
        page.goto(f"http://127.0.0.1:{serving.port}/deployments", timeout=120_000)
        page.wait_for_url("**/login**", timeout=120_000)
        page.fill("input[type=password]", serving.secret)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url, timeout=120_000)
        page.goto(f"http://127.0.0.1:{serving.port}/deployments", timeout=120_000)
        page.get_by_text("by-hand-out").first.wait_for(timeout=120_000)
        assert "/login" not in page.url
        browser.close()


def test_two_live_side_by_side_and_beside_a_review(serving: Serving, tmp_path: Path) -> None:
    shared = {"PREFECT_HOME": str(serving.root / "prefect")}
    before = serving.deployment("review-inbox", "scheduled")
    fill(tmp_path / "inbox", 1)
    with Serving(tmp_path, SHENBAO_CRON="15 9 * * 2", **shared) as second:
        other = second.deployment("review-inbox", "scheduled")
        assert [s["schedule"]["cron"] for s in other["schedules"]] == ["15 9 * * 2"]
        second.deployment("review-district", "by-hand")
        assert len(second.ask("deployments/filter", limit=10)) == len(serving.ask("deployments/filter", limit=10)) == 2
        review = _shenbao(serving.root, "review", "--out", str(serving.out))
        assert review.returncode == 0, review.stderr
        assert (serving.out / "浦东新区" / "审查报告.docx").exists()
    after = serving.deployment("review-inbox", "scheduled")
    assert (after["id"], after["paused"], after["schedules"]) == (before["id"], before["paused"], before["schedules"])
    assert not [r for r in serving.ask("flow_runs/filter", limit=50) if "进程或机器" in str(r["state"]["message"])]


def test_two_share_the_server_that_they_are_told_of(serving: Serving, tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    before = serving.deployment("review-inbox", "scheduled")
    told = {"PREFECT_API_URL": serving.api, "PREFECT_API_AUTH_STRING": serving.secret}
    with Serving(tmp_path, SHENBAO_CRON="15 9 * * 2", **told) as second:
        other = serving.deployment("review-inbox", "scheduled", second.out)
        assert [s["schedule"]["cron"] for s in other["schedules"]] == ["15 9 * * 2"]
        by_hand = serving.deployment("review-district", "by-hand", second.out)
        run = serving.run(by_hand, district="浦东新区")
        assert serving.ended(run)["state"]["type"] == "COMPLETED", second.said
        assert (second.out / "浦东新区" / "审查报告.docx").exists()
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(120) == 0
        assert serving.secret not in second.said
    assert serving.deployment("review-inbox", "scheduled", second.out)["paused"]  # nobody is there to run it
    after = serving.deployment("review-inbox", "scheduled")
    assert (after["id"], after["paused"], after["schedules"]) == (before["id"], False, before["schedules"])


def test_a_second_one_for_the_same_output_or_port_says_so(serving: Serving, tmp_path: Path) -> None:
    again = _shenbao(serving.root, "serve", SHENBAO_OUT=str(serving.out))
    assert (again.returncode, "已有一个 shenbao serve" in again.stderr) == (2, True), again.stderr
    assert f":{serving.port}" in again.stderr
    taken = _shenbao(serving.root, "serve", SHENBAO_OUT=str(tmp_path / "out"), SHENBAO_PREFECT_PORT=str(serving.port))
    assert (taken.returncode, f"端口 {serving.port} 已被占用" in taken.stderr) == (2, True), taken.stderr
    assert "Traceback" not in again.stderr + taken.stderr


def test_it_stops_when_told(serving: Serving) -> None:
    before = len(serving.said)
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(120) == 0
    assert serving.said[before:].split() == ["正在停止……", "已停止。正在进行的审查记为中断，下次接着做完。"]
    with pytest.raises(OSError, match=r"refused|拒绝"):
        socket.create_connection(("127.0.0.1", serving.port), timeout=2)


def _shenbao(root: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    given = environment(root, SHENBAO_INBOX=str(root / "inbox"), SHENBAO_WORKERS="0", **more)
    given.setdefault("SHENBAO_PREFECT_START_SECONDS", "600")
    return subprocess.run(
        [sys.executable, "-P", "-m", "flows.command.cli", *arguments],
        capture_output=True, text=True, encoding="utf-8", env=given, cwd=ROOT.parent, timeout=900, check=False,
    )  # fmt: skip
