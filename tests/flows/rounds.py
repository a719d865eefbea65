"""Inboxes and outputs for tests of whole runs: small real forms, and a digest of all that a run wrote."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flows.settings import Settings
from samples.formbuilder import build
from tests.forms import scene

DISTRICTS = ("浦东新区", "静安区")
_STATE = (
    "run.json",
    *(f"{name}.sqlite{end}" for name in ("ledger", "decisions") for end in ("", "-wal", "-shm")),
    "decisions.json",
)


def form(number: int, **changes: Any) -> bytes:
    """A filled 附件3-1 of a company of its own."""
    name = f"上海第{number}制造有限公司"
    return build("scene", scene({"company_name": name, "applicant": name, "project_name": f"项目{number}", **changes}))


def fill(inbox: Path, count: int) -> list[Path]:
    """``count`` applications in the folders of two districts."""
    paths = []
    for number in range(count):
        path = inbox / DISTRICTS[number % 2] / f"{number:03}.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(form(number))
        paths.append(path)
    return paths


def settings(root: Path, **given: Any) -> Settings:
    """Settings that read in this process."""
    return Settings(**{"inbox": root / "inbox", "out": root / "out", "workers": 0, "batch_size": 5, **given})


def written(out: Path) -> dict[str, str]:
    """Every file below an output with its hash, but for what holds times."""
    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file() and p.name not in _STATE):
        found[path.relative_to(out).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
