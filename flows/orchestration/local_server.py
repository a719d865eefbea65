"""A Prefect server of our own, where none is configured: for the length of a run, or to serve.

Prefect starts one by itself, but only when the first flow runs, after loading the whole server into the client, and it
tells nobody. Started as the very first thing, in a process of its own, it loads while this process loads what it needs:
the wait is half as long (docs/prefect.md has the figures). It answers only who knows its secret, at this machine's own
address. This module imports neither Prefect nor anything heavy; run as a script it is the server.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO, Any

LOOPBACK = "127.0.0.1"
_HOSTS = (LOOPBACK, "localhost")
_TAKEN = "taken"
"""What the child says in place of its port, where another program has it."""

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
_PRUNED = {
    # Prefect keeps runs for ever unless told otherwise, at some 240 KB each.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
}
_DAY = 86400


class ServerFailed(Exception):
    """The server did not come up. The message is Chinese and carries the last lines it wrote."""


class PortTaken(ServerFailed):
    """Another program listens on the port asked for."""


class LocalServer:
    """A Prefect server in a child process on a port of the loopback address, 0 for any that is free.

    Its database lies in ``home``, where runs stay for ``keep_days``; who asks it must know ``secret`` (user:password).
    The child ends when this process does, however it ends: it watches the pipe on its standard input. ``scheduling``
    starts a whole server, with its scheduler and its pages.
    """

    def __init__(
        self, home: Path, secret: str, *, scheduling: bool = False, port: int = 0, keep_days: float = 30
    ) -> None:
        self.home = home
        self.secret = secret
        self._scheduling = scheduling
        self._keep_days = keep_days
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
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed in stop
        apart: dict[str, Any] = {}  # Ctrl+C is for us: we still need the server to end what is running
        if os.name == "nt":
            apart["creationflags"] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        else:
            apart["start_new_session"] = True
        # -P keeps this folder's modules (settings, inbox …) from hiding libraries of the same name.
        self._child = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-P", str(Path(__file__).resolve()), str(self._port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=self._environment(),
            text=True,
            **apart,
        )
        assert self._child.stdin is not None
        with contextlib.suppress(OSError):  # it died at once: told when it is waited for
            # Not in the environment, which other programs of this user can look into.
            self._child.stdin.write(f"{self.secret}\n")
            self._child.stdin.flush()

    def _environment(self) -> dict[str, str]:
        keep = {
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(max(self._keep_days * _DAY, 2 * 3600)),
            **_PRUNED,
        }
        environment = {**keep, **os.environ, **QUIET, "PREFECT_HOME": str(self.home)}
        if self._scheduling:
            # Its pages are copied to where this user may write: the installed packages are often another's.
            environment |= {"PREFECT_UI_API_URL": self.api_url}
            environment.setdefault("PREFECT_UI_STATIC_DIRECTORY", str(self.home / "pages"))
        else:
            environment |= _FOR_ONE_RUN
        return environment

    def wait(self, seconds: float) -> None:
        """Return when the server answers. Raises :class:`ServerFailed`."""
        assert self._child is not None
        assert self._child.stdout is not None
        until = time.monotonic() + seconds
        line = self._child.stdout.readline()  # comes at once, before the server is loaded; "" where the child died
        if line.strip() == _TAKEN:
            raise PortTaken(f"端口 {self._port} 已被占用")
        if not line.strip().isdigit():
            raise ServerFailed(f"Prefect 未能启动：{self._last_words()}")
        self._port = int(line)
        while not self._answers():
            if self._child.poll() is not None:
                raise ServerFailed(f"Prefect 启动时退出（代码{self._child.returncode}）：{self._last_words()}")
            if time.monotonic() > until:
                raise ServerFailed(f"Prefect 在{seconds:g}秒内没有启动完毕：{self._last_words()}")
            time.sleep(0.05)

    def stop(self, *, at_once: bool = False) -> None:
        """End the child, ``at_once`` without waiting for what it still does; harmless where it is not running."""
        child, self._child = self._child, None
        if child is not None:
            child.kill() if at_once else child.terminate()
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
                return bool(answer.status == HTTPStatus.OK)
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
    """The child: be told the secret, bind, say the port, load the server, serve until the parent is gone."""
    import socket
    import threading

    secret = sys.stdin.readline().strip()
    listening = socket.socket()
    if os.name != "nt":  # on Windows this option would let two servers share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except OSError:
        sys.stdout.write(f"{_TAKEN}\n")
        sys.stdout.flush()
        return
    port = listening.getsockname()[1]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()

    def leave_with_parent() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=leave_with_parent, daemon=True).start()
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = secret
    own = ",".join(f"http://{host}:{port}" for host in _HOSTS)
    os.environ["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] = own

    import uvicorn

    config = uvicorn.Config(_app, factory=True, log_level="error", lifespan="on")
    uvicorn.Server(config).run(sockets=[listening])


def _app() -> Any:
    """Prefect's application, for requests to this machine by its own name alone: a page of another name that a resolver
    points here gets nothing."""
    from prefect.server.api.server import create_app
    from prefect.server.services import db_vacuum
    from prefect.server.services.perpetual_services import perpetual_service
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    if os.environ.get("PREFECT__SERVER_EPHEMERAL"):  # such a server would never delete old runs
        perpetual_service(enabled_getter=lambda: True, run_in_ephemeral=True)(db_vacuum.schedule_vacuum_tasks)
    app = create_app()
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_HOSTS))
    return app


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
