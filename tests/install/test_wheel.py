"""The wheel: everything that runs is in it, and it runs outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"][
    "packages"
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    made = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next(made.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path):
    there = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    assert there <= held
    assert {name.split("/")[0] for name in held if ".dist-info/" not in name} == set(PACKAGES)


def test_what_the_wheel_declares_is_true(wheel: Path):
    with zipfile.ZipFile(wheel) as packed:
        about = packed.read(next(n for n in packed.namelist() if n.endswith("METADATA"))).decode()
        typed = [n for n in packed.namelist() if n.endswith("py.typed")]
    assert ("Typing :: Typed" in about) == bool(typed)
    assert "Requires-Python: >=3.11" in about


@pytest.mark.parametrize("words", [["rules"], ["explain", "C02"], ["districts"], ["check", "{form}"]])
def test_it_runs_outside_the_checkout(wheel: Path, tmp_path: Path, words: list[str]):
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    elsewhere = tmp_path / "elsewhere"
    # What lies where it is started is never taken for its own.
    (elsewhere / "reports").mkdir(parents=True)
    (elsewhere / "records.py").write_text("raise RuntimeError('not ours')\n")
    form = next((ROOT / "samples" / "blank").rglob("*3-1*.docx"))
    command = [sys.executable, "-P", "-m", "flows", *(w.format(form=form) for w in words)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip()
