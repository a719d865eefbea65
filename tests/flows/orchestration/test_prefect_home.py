"""A Prefect home for each output, its secret, and who holds it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flows.orchestration.prefect_home import SECRET, Taken, held, home_of, kept_secret

ROOT = Path(__file__).parents[3]
posix = pytest.mark.skipif(os.name == "nt", reason="file modes")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    monkeypatch.setenv("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_each_output_has_its_own(tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = home_of(tmp_path / "a" / "out", "serve"), home_of(tmp_path / "b" / "out", "serve")
    assert one != other
    assert one.is_relative_to(state)
    assert one != home_of(tmp_path / "a" / "out", "review")
    monkeypatch.chdir(tmp_path)
    assert home_of(Path("a/../a/out"), "serve") == one
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "own"))
    assert home_of(Path("a/out"), "serve").is_relative_to(tmp_path / "own")


def test_where_the_user_cannot_write_the_output_is_taken(tmp_path: Path, state: Path) -> None:
    state.write_text("no folder")
    assert home_of(tmp_path / "out", "review") == tmp_path / "out" / ".prefect" / "review"


@posix
def test_nobody_else_may_look_in(tmp_path: Path) -> None:
    home = home_of(tmp_path / "out", "serve")
    secret = kept_secret(home)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (home, home.parent, home / SECRET)] == [0o700, 0o700, 0o600]
    (home / SECRET).chmod(0o644)
    home.chmod(0o755)
    assert kept_secret(home_of(tmp_path / "out", "serve")) == secret
    assert [stat.S_IMODE(p.stat().st_mode) for p in (home, home / SECRET)] == [0o700, 0o600]


def test_a_secret_is_kept_and_one_that_is_none_made_anew(tmp_path: Path) -> None:
    home = home_of(tmp_path / "out", "serve")
    secret = kept_secret(home)
    assert kept_secret(home) == secret
    assert kept_secret(home_of(tmp_path / "other", "serve")) != secret
    (home / SECRET).write_text("")
    assert len(kept_secret(home)) == len(secret)
    assert kept_secret(home) != secret


def test_only_one_process_holds_it(tmp_path: Path) -> None:
    home = home_of(tmp_path / "out", "serve")
    hold = "import sys; from pathlib import Path; from flows.orchestration.prefect_home import held\nwith held(Path(sys.argv[1]), '在这里'): print('held', flush=True); sys.stdin.read()"
    other = subprocess.Popen([sys.executable, "-c", hold, str(home)], cwd=ROOT, stdin=-1, stdout=-1, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(Taken, match="在这里"), held(home, ""):
        pass
    other.kill()
    other.communicate()
    with held(home, ""):
        pass
