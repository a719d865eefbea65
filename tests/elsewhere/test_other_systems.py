"""The same results wherever it runs: on a system without POSIX's own calls, in a bare environment, from odd places."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INBOX = ROOT / "samples" / "inbox"
RESULTS = ("records.jsonl", "findings.jsonl", "assessments.jsonl")

pytestmark = pytest.mark.slow


def review(
    out: Path, *, inbox: Path, env: dict[str, str] | None = None, before: Sequence[str] = (), cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-P", "-m", "flows", "review", "--inbox", str(inbox), "--out", str(out)]
    path = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH", "")) if p)
    return subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": path, **(env or {})},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One office of the samples, without its scans: they would take most of the time."""
    folder = tmp_path_factory.mktemp("收件")
    for path in sorted((INBOX / "嘉定区").rglob("*")):
        if path.suffix == ".docx" or "推荐" in path.name:
            target = folder / path.relative_to(INBOX)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return folder


@pytest.fixture(scope="module")
def usual(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an ordinary run gives."""
    out = tmp_path_factory.mktemp("usual") / "out"
    done = review(out, inbox=inbox)
    assert done.returncode == 0, done.stderr
    return results(out)


def results(out: Path) -> dict[str, bytes]:
    found = {f"{p.parent.name}/{p.name}": p.read_bytes() for p in out.rglob("*.jsonl") if p.name in RESULTS}
    assert found
    return found


def test_a_system_without_posix_gives_the_same(inbox: Path, usual: dict[str, bytes], tmp_path: Path):
    hidden = os.pathsep.join((str(Path(__file__).parent), str(ROOT)))
    done = review(tmp_path / "out", inbox=inbox, env={"PYTHONPATH": hidden})
    assert done.returncode == 0, done.stderr
    assert results(tmp_path / "out") == usual
    ran = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert ran["failed"] == []


def test_posix_is_really_hidden_from_our_code():
    code = "import flows.guarded.worker as w, flows.guarded.guard as g; print(g.os.name, w.sys.platform, hasattr(g.os, 'killpg'))"
    hidden = os.pathsep.join((str(Path(__file__).parent), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env={**os.environ, "PYTHONPATH": hidden}, capture_output=True, text=True
    )
    assert done.stdout.split() == ["nt", "win32", "False"], done.stderr


def test_the_c_locale_no_terminal_and_a_long_path(inbox: Path, usual: dict[str, bytes], tmp_path: Path):
    folder = tmp_path
    while len(str(folder)) < 200:
        folder = folder / "一个很长很长的文件夹名称"
    bare = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": "dumb"}
    done = review(folder / "out", inbox=inbox, env=bare)
    assert done.returncode == 0, done.stderr
    assert results(folder / "out") == usual
    assert "嘉定区" in done.stdout
    assert "读取文件" in done.stderr


def test_no_administrator_and_a_home_that_is_read_only(inbox: Path, usual: dict[str, bytes], tmp_path: Path):
    nobody = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    if shutil.which("unshare") is None or subprocess.run([*nobody, "true"], capture_output=True).returncode:
        pytest.skip("this system does not let a process become another user")
    home, place = tmp_path / "home", tmp_path / "place"
    home.mkdir(mode=0o555)
    place.mkdir()
    env = {"HOME": str(home), "TMPDIR": str(place), "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""}
    done = review(place / "out", inbox=inbox, env=env, before=nobody, cwd=place)
    assert done.returncode == 0, done.stderr
    assert results(place / "out") == usual
    assert list(home.iterdir()) == []
