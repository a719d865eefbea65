"""A PostgreSQL server for tests, on a folder and a port of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any


class Server:
    """Started on entering, ended and wiped on leaving. The server refuses to run as root: it then runs as another."""

    def __init__(self, tools: Path, user: str | None) -> None:
        self._tools = tools
        self._user = user
        self._folder = Path(tempfile.mkdtemp(prefix="shenbao-postgresql-"))

    @classmethod
    def find(cls) -> Server | None:
        """A server, where this machine has one that we may run."""
        places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
        places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        tools = next((p for p in places if (p / "initdb").exists() and (p / "pg_ctl").exists()), None)
        if tools is None or os.name == "nt":
            return None
        if os.geteuid() != 0:
            return cls(tools, None)
        return cls(tools, "postgres" if _exists("postgres") else "nobody") if shutil.which("runuser") else None

    def __enter__(self) -> str:
        if self._user:
            shutil.chown(self._folder, self._user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data = self._folder / "data"
        self._run("initdb", "-D", data, "-U", "shenbao", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-p {port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "-o", options, "start")
        return f"postgresql://shenbao@127.0.0.1:{port}/postgres"

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, tool: str, *arguments: Any) -> None:
        command = [str(self._tools / tool), *map(str, arguments)]
        if self._user:
            command = ["runuser", "-u", self._user, "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=self._folder)


def _exists(user: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
