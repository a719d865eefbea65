"""A ``shenbao serve`` of its own for tests: started, asked, and told to stop."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flows.orchestration.prefect_home import output_key

ROOT = Path(__file__).parents[2]
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def environment(root: Path, **more: str) -> dict[str, str]:
    """What a command sees that keeps all it writes below ``root``, with no Prefect configured."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "SHENBAO_"))}
    return kept | {"PREFECT_HOME": str(root / "prefect"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | more


def wait_for(seconds: float, look: Any) -> Any:
    """What ``look`` finds, as soon as it finds something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            found = look()
        except OSError:  # not up yet, or not registered
            found = None
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come in time")


def ask(api: str, secret: str, path: str, method: str | None = None, **body: Any) -> Any:
    """What a Prefect server answers, asked again while its database is busy, as Prefect's own clients do."""
    headers = {
        "content-type": "application/json",
        "authorization": f"Basic {base64.b64encode(secret.encode()).decode()}",
    }
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"{api}/{path}", data, headers, method=method)
    for _ in range(60):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            if refused.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            time.sleep(1)
    raise AssertionError(f"{path}: the server's database stays busy")


class Serving:
    """``shenbao serve`` over ``root/inbox`` into ``root/out``, started in ``cwd``."""

    def __init__(self, root: Path, cwd: Path | None = None, **settings: str) -> None:
        self.root = root
        self.out = root / "out"
        self._homes = Path(settings.pop("PREFECT_HOME", root / "prefect"))
        self.port = int(settings.get("SHENBAO_PREFECT_PORT", free_port()))
        self.api = f"http://127.0.0.1:{self.port}/api"
        given = {"SHENBAO_INBOX": str(root / "inbox"), "SHENBAO_OUT": str(self.out), "SHENBAO_WORKERS": "0"}
        given |= {"SHENBAO_CRON": "30 8 * * 1", "SHENBAO_PREFECT_PORT": str(self.port), **settings}
        given.setdefault("SHENBAO_PREFECT_START_SECONDS", "600")
        with (root / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "flows.command.cli", "serve"],
                env=environment(root, PREFECT_HOME=str(self._homes), **given), cwd=cwd or root, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return (self.root / "log").read_text("utf-8")

    @property
    def home(self) -> Path:
        return self._homes / "shenbao" / f"out-{output_key(self.out)}" / "serve"

    @property
    def secret(self) -> str:
        return (self.home / "secret.txt").read_text().strip()

    def deployment(self, flow: str, kind: str, out: Path | None = None) -> Any:
        """What stands registered for an output; waits until it does."""
        name = urllib.parse.quote(f"{kind}-out-{output_key(out or self.out)[:8]}")

        def look() -> Any:
            assert self.process.poll() is None, self.said
            return self.ask(f"deployments/name/{flow}/{name}")

        return wait_for(600, look)

    def ask(self, path: str, method: str | None = None, **body: Any) -> Any:
        return ask(self.api, self.secret, path, method, **body)

    def run(self, deployment: Any, **parameters: Any) -> Any:
        return self.ask(f"deployments/{deployment['id']}/create_flow_run", parameters=parameters)

    def ended(self, run: Any) -> Any:
        """The run, when it has ended."""
        return wait_for(600, lambda: (r := self.ask(f"flow_runs/{run['id']}"))["state"]["type"] in ENDED and r)

    def messages(self, run: str) -> list[str]:
        found = self.ask("logs/filter", logs={"flow_run_id": {"any_": [run]}}, limit=200)
        return [entry["message"] for entry in found]

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
