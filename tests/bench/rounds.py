"""Inboxes of any size for the bench, and whole runs over them in processes of their own.

``python -m tests.bench.rounds INBOX OUT WORKERS [prefect|read]`` runs one (or its reading stage alone, without ledger and
output) and prints what it took, as JSON.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

from samples.formbuilder import build
from samples.formbuilder.data import application
from tests.bench.bench_rounds import _word, _words

ROOT = Path(__file__).parents[2]
MODELS = (("factory", "hexin"), ("scene", "qiheng"))
_LONG = 30
"""Texts of more characters than this are an applicant's own prose."""


@dataclass(frozen=True)
class Model:
    """A filled form with its prose and names left open: ``sizes`` of the prose by the mark that stands for it."""

    parts: dict[str, bytes]
    sizes: dict[str, int]
    names: dict[str, str]


@functools.cache
def _models() -> list[Model]:
    return [_model(form, application(name)) for form, name in MODELS]


def _model(form: str, facts: dict[str, Any]) -> Model:
    sizes: dict[str, int] = {}

    def opened(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: opened(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [opened(inner) for inner in value]
        if isinstance(value, str) and len(value) > _LONG:
            mark = f"〔{len(sizes)}号正文〕"
            sizes[mark] = len(value)
            return mark
        return value

    names = {
        key: str(facts["fields"][key]) for key in ("company_name", "uscc", "project_name") if key in facts["fields"]
    }
    with zipfile.ZipFile(io.BytesIO(build(form, opened(facts)))) as package:
        return Model({n: package.read(n) for n in package.namelist()}, sizes, names)


def form(number: int) -> bytes:
    """A filled form of a company of its own with prose of its own; every eighth a 示范工厂, the others 优秀场景."""
    model = _models()[0 if number % 8 == 0 else 1]
    rng = random.Random(number)
    digits = f"91310115MA{number:07d}"
    mine = {
        "company_name": f"上海第{number}智造有限公司",
        "uscc": digits + uscc.calc_check_digit(digits),
        "project_name": f"第{number}号智能制造项目",
    }
    text = model.parts["word/document.xml"].decode()
    for key, old in model.names.items():
        text = text.replace(old, mine[key])
    for mark, size in model.sizes.items():
        text = text.replace(mark, "".join(_words(rng, _stock(), "产品", size))[:size])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for member, data in model.parts.items():
            package.writestr(member, text.encode() if member == "word/document.xml" else data)
    return out.getvalue()


@functools.cache
def _stock() -> list[list[str]]:
    rng = random.Random(0)
    return [[_word(rng) for _ in range(rng.randint(8, 16))] for _ in range(400)]


def inbox(folder: Path, count: int, districts: int | None = None) -> Path:
    """``count`` applications, in the folders of all recommenders (or the first ``districts``) in turn."""
    import catalog

    names = [r.name for r in catalog.load().recommenders][:districts]
    for number in range(count):
        path = folder / names[number % len(names)] / f"{number:05}.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(form(number))
    return folder


def run(inbox_: Path, out: Path, workers: int, *, prefect: bool = False) -> dict[str, Any]:
    """One run in a fresh process: ``seconds`` of the run (a Prefect server's start apart), of its parts, of the ledger;
    ``memory`` of this process at most, in MB."""
    return _apart(str(inbox_), str(out), str(workers), *(["prefect"] if prefect else []))


def read(inbox_: Path, workers: int) -> float:
    """The seconds of the reading stage in a fresh process."""
    return float(_apart(str(inbox_), os.devnull, str(workers), "read")["seconds"])


def by_hand(inbox_: Path, out: Path, district: str) -> tuple[float, float]:
    """A rerun for one office as a person starts it: the seconds of the command, and of the review in it."""
    command = [
        sys.executable,
        "-m",
        "flows.command.cli",
        "review",
        "--quiet",
        "--inbox",
        str(inbox_),
        "--out",
        str(out),
    ]
    apart = {"PREFECT_HOME": str(out.parent / "prefect"), "SHENBAO_PREFECT_IDLE_SECONDS": "0"}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    began = time.perf_counter()
    subprocess.run([*command, "--district", district], check=True, cwd=ROOT, env={**os.environ, **apart}, **quiet)
    seconds = time.perf_counter() - began
    return seconds, float(json.loads((out / "run.json").read_text("utf-8"))["seconds"]["合计"])


def _apart(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.rounds", *arguments]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _main(inbox_: str, out: str, workers: str, how: str = "") -> None:
    from flows.settings import Settings

    settings = Settings(inbox=Path(inbox_), out=Path(out), workers=int(workers))
    if how == "read":
        sys.stdout.write(f"{json.dumps({'seconds': _only_read(settings)})}\n")
        return
    ledger = _timed_ledger()
    with _review(how) as review:
        began = time.perf_counter()
        summary = review(settings)
        seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert not summary.failures, summary.failures
    facts = {"seconds": seconds, "memory": memory, "parts": summary.seconds, "ledger": ledger[0]}
    sys.stdout.write(f"{json.dumps(facts)}\n")


def _only_read(settings: Any) -> float:
    import catalog
    from flows.received import inbox as inboxes
    from flows.run import batch
    from flows.run.remember import Memory
    from flows.run.steps import Plain
    from flows.run.summary import RunSummary

    pack = catalog.load(settings.notice)
    walked = inboxes.walk(settings.inbox, now=time.time())
    run = RunSummary(settings, pack, walked, (), time.time())
    memory = Memory(settings, None, pack)
    began = time.perf_counter()
    batch.read(run, memory, Plain(), batch.plan(run, memory))
    seconds = time.perf_counter() - began
    assert len(run.reads) == len(walked.inputs)
    assert not run.failures, run.failures
    return seconds


@contextlib.contextmanager
def _review(how: str) -> Any:
    if how != "prefect":
        from flows.run import core

        yield core.review
        return
    os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
    from flows.orchestration.local_server import LocalServer
    from flows.orchestration.prefect_home import new_secret

    with (
        tempfile.TemporaryDirectory(prefix="shenbao-bench-prefect-", ignore_cleanup_errors=True) as home,
        LocalServer(Path(home), new_secret()) as server,
    ):
        server.wait(120)
        import flows.orchestration.review
        from flows.orchestration.launch import _call, _load_engines

        _load_engines()
        _serve_one(server.api_url, server.secret)
        yield lambda settings: _call(flows.orchestration.review, settings, (), server)


def _serve_one(api_url: str, secret: str) -> None:
    """Have the server serve a run, so that it is one that runs, not one that starts."""
    from prefect import flow
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

    @flow(name="warm-up")
    def warm_up() -> None: ...

    with temporary_settings({PREFECT_API_URL: api_url, PREFECT_API_AUTH_STRING: secret}):
        warm_up()


def _timed_ledger() -> list[float]:
    """The seconds spent in the ledger from now on, in the one item of the list."""
    from flows.run.remember import Memory

    total = [0.0]

    def timed(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*args, **kwargs)
            finally:
                total[0] += time.perf_counter() - began

        return call

    for name in ("plan", "keep", "recalled", "note", "forget_missing", "writing", "written", "note_round", "end"):
        setattr(Memory, name, timed(getattr(Memory, name)))
    return total


if __name__ == "__main__":
    _main(*sys.argv[1:])
