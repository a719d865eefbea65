"""Which slips of the hand in the core would no test notice? ``python -m tests.mutants.run [part of a module's path …]``.

Draws mutants at random (cosmic-ray's operators), puts each into a process of its own (fork: Linux, macOS) and tries it against
the tests and golden cases that run the function it changes, quickest first, until one fails. What survives is printed with its
line. ``--count``, ``--seed``: which mutants; ``--seconds``: how long the tests of one may take together before it counts as a
survivor. Which test runs which function is found out first and kept in .mutants/.
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import pickle
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mutants import live, made, probes
from tests.mutants.made import ROOT, Mutant
from tests.mutants.probes import Probe

KEPT = ROOT / ".mutants"
Runs = dict[str, tuple[float, list[str]]]
"""Probe → its seconds, and the functions it runs as "path:qualified name"."""
KILLED, SURVIVED, NOT_TRIED, NO_TEST = "killed", "survived", "not tried", "no test"


class Plugin:
    """Takes the place of pytest's loop: the tests are collected once, and run in forks."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.results: list[tuple[Mutant, str, str]] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        every = {p.name: p for p in map(probes.of_item, session.items)}
        every |= {p.name: p for p in probes.golden()}
        runs = _runs(every, again=self.options.again)
        mutants = made.sample(self.options.count, self.options.seed, self.options.only)
        if self.options.mutants:
            wanted = Path(self.options.mutants).read_text("utf-8").splitlines()
            mutants = [m for m in mutants if m.name in wanted]
        live.caches()  # looked for once, not in each fork
        for number, mutant in enumerate(mutants, 1):
            result, by = try_one(mutant, every, runs, self.options.seconds)
            self.results.append((mutant, result, by))
            print(f"{number}/{len(mutants)} {result:9} {mutant.name} {by}", flush=True)
        return True


def try_one(mutant: Mutant, every: dict[str, Probe], runs: Runs, seconds: float) -> tuple[str, str]:
    names = {f"{mutant.module}:{n}" for n in live.changed(mutant)}
    if not names:
        names = {f"{mutant.module}:{n}" for n in live.functions(mutant.module, mutant.source)}
    chosen = sorted(
        (probes.rank(mutant.module, name), s, name)
        for name, (s, hit) in runs.items()
        if names & set(hit) and name in every
    )
    if not chosen:
        return NO_TEST, ""

    def attempt() -> tuple[str, str]:
        try:
            live.put_in(mutant)
        except live.NotPossible:
            return NOT_TRIED, ""
        spent = time.process_time()
        for _, _, name in chosen:
            try:
                failed = every[name].fails()
            except BaseException as error:  # noqa: BLE001 - whatever a mutant raises, it is noticed
                return KILLED, f"{name} ({type(error).__name__})"
            if failed:
                return KILLED, name
            if time.process_time() - spent > seconds:
                return SURVIVED, "(not all tests run)"
        return SURVIVED, f"({len(chosen)} tests)"

    # A mutant that loops for ever is noticed too.
    return _forked(attempt, seconds=10 * seconds) or (KILLED, "it does not end")


def _forked(work: Callable[[], Any], seconds: float = 0) -> Any:
    """What ``work`` gives, done in a fork; None where it died or took longer."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        signal.alarm(int(seconds))
        try:
            with os.fdopen(into, "wb") as file:
                pickle.dump(work(), file)
        finally:
            os._exit(0)  # never back into pytest
    os.close(into)
    with os.fdopen(out, "rb") as file:
        data = file.read()
    os.waitpid(child, 0)
    return pickle.loads(data) if data else None


def _runs(every: dict[str, Probe], *, again: bool) -> Runs:
    path = KEPT / "runs.json"
    known: Runs = {} if again or not path.exists() else json.loads(path.read_text("utf-8"))
    new = [p for name, p in every.items() if name not in known]
    if new:
        print(f"finding out what {len(new)} tests run …", flush=True)
        known |= _forked(lambda: _watched(new)) or sys.exit("a test died")
        KEPT.mkdir(exist_ok=True)
        path.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    return known


def _watched(some: list[Probe]) -> Runs:
    hit: set[str] = set()
    for module in made.modules():
        live.watch(module, hit)
    found: Runs = {}
    for probe in some:
        # What is remembered from one test to the next would hide who runs it.
        for cache in live.caches():
            cache.cache_clear()
        hit.clear()
        began = time.process_time()
        failed = probe.fails()
        found[probe.name] = (time.process_time() - began, [] if failed else sorted(hit))
    return found


def report(results: list[tuple[Mutant, str, str]]) -> None:
    counts = Counter(result for _, result, _ in results)
    for mutant, result, by in results:
        if result in (SURVIVED, NO_TEST):
            print(f"\n{mutant.name} {by}\n{mutant.change()}")
    tried = counts[KILLED] + counts[SURVIVED] + counts[NO_TEST]
    left = tried - counts[KILLED]
    print(f"\n{dict(counts)}: {left} of {tried} survive ({100 * left / max(tried, 1):.1f} %)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--again", action="store_true", help="find out anew which test runs what")
    parser.add_argument("--mutants", help="a file with the names of those to try, as printed")
    options = parser.parse_args()
    if not hasattr(os, "fork"):
        sys.exit("needs a system that can fork (Linux, macOS)")
    plugin = Plugin(options)
    tests = [*probes.TESTS, *sorted(glob.glob(probes.FIT_TESTS, root_dir=ROOT))]
    pytest.main(["-q", "-p", "no:cacheprovider", "--capture=no", *tests], plugins=[plugin])
    report(plugin.results)


if __name__ == "__main__":
    main()
