"""A Prefect server of our own for the length of a run, where none is configured.

Prefect starts one by itself, but only when the first flow runs, after loading the whole server into the client, and it
tells nobody. Started as the very first thing, in a process of its own, it loads while this process loads what it needs:
the wait is half as long (docs/prefect.md has the figures). This module imports neither Prefect nor anything heavy;
run as a script it is the server.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import IO

LOOPBACK = "127.0.0.1"

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "OTEL_SDK_DISABLED": "true",
}
"""Nothing leaves the machine: Prefect's telemetry is off, for this process and every one it starts."""

_FOR_ONE_RUN = {
    # Marks the server as one that lives for a run: it runs no scheduler and serves no pages.
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_UI_ENABLED": "0",
    # No flow here uses blocks; registering them costs most of a second.
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "0",
}


class ServerFailed(Exception):
    """The server did not come up. The message is Chinese and carries the last lines it wrote."""


class LocalServer:
    """A Prefect server in a child process on a free port of the loopback address.

    The child ends when this process does, however it ends: it watches the pipe on its standard input.
    ``scheduling`` starts a whole server, with its scheduler and its pages, on ``port``.
    """

    def __init__(self, *, scheduling: bool = False, port: int = 0) -> None:
        self._scheduling = scheduling
        self._port = port
        self._child: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api"

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._port}"

    def start(self) -> None:
        """Start the child and return at once."""
        environment = {**os.environ, **QUIET, **({} if self._scheduling else _FOR_ONE_RUN)}
        if self._scheduling:
            environment["PREFECT_UI_API_URL"] = f"{self.url}/api"
            # Its pages are copied to where this user may write: the installed packages are often another's.
            environment.setdefault("PREFECT_UI_STATIC_DIRECTORY", str(_home() / "pages"))
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed in stop
        # -P keeps this folder's modules (settings, inbox …) from hiding libraries of the same name.
        self._child = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-P", str(Path(__file__).resolve()), str(self._port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            text=True,
            start_new_session=True,  # Ctrl+C is for us: we still need the server to end what is running
        )

    def wait(self, seconds: float) -> None:
        """Return when the server answers. Raises :class:`ServerFailed`."""
        assert self._child is not None
        assert self._child.stdout is not None
        until = time.monotonic() + seconds
        line = self._child.stdout.readline()  # comes at once, before the server is loaded; "" where the child died
        if not line.strip().isdigit():
            raise ServerFailed(f"Prefect 未能启动：{self._last_words()}")
        self._port = int(line)
        while not self._answers():
            if self._child.poll() is not None:
                raise ServerFailed(f"Prefect 启动时退出（代码{self._child.returncode}）：{self._last_words()}")
            if time.monotonic() > until:
                raise ServerFailed(f"Prefect 在{seconds:g}秒内没有启动完毕：{self._last_words()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the child; harmless where it is not running."""
        child, self._child = self._child, None
        if child is not None:
            child.terminate()
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
        if self._log is not None:
            self._log.close()
            self._log = None

    def __enter__(self) -> LocalServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.api_url}/health", timeout=5) as answer:  # noqa: S310 - http, loopback
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _last_words(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        return " / ".join(line.strip() for line in self._log.readlines()[-4:] if line.strip()) or "没有说明原因"


def configured_elsewhere() -> bool:
    """Whether Prefect may have been told of a server (environment, profile, project file), told without importing it.

    True is only a reason to ask Prefect itself before starting one.
    """
    if os.environ.get("PREFECT_API_URL") or os.environ.get("PREFECT_PROFILE"):
        return True
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH") or _home() / "profiles.toml")
    project = Path("pyproject.toml")
    signs = ((profiles, "prefect_api_url"), (Path(".env"), "prefect_api_url"), (project, "[tool.prefect"))
    return Path("prefect.toml").exists() or any(_holds(path, sign) for path, sign in signs)


def _home() -> Path:
    return Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")


def _holds(path: Path, sign: str) -> bool:
    try:
        return sign in path.read_text(encoding="utf-8", errors="replace").lower()
    except OSError:
        return False


def _serve(port: int) -> None:
    """The child: bind, say the port, load the server, serve until the parent is gone."""
    import socket
    import threading

    listening = socket.socket()
    if os.name != "nt":  # on Windows this option would let two servers share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((LOOPBACK, port))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()

    def leave_with_parent() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=leave_with_parent, daemon=True).start()

    import uvicorn

    config = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
