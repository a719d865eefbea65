"""A rule as a condition against the same rule in Python; and loading a pack with its rules."""

from __future__ import annotations

import time
from pathlib import Path

import catalog
from catalog.load import find, load_dir
from catalog.rules import RuleEntry
from checks.conditions import compiled
from checks.making import rules_of
from checks.registry import Context, Rule
from extractors import read_bytes
from samples.formbuilder import build
from samples.formbuilder.data import application
from tests.bench.measure import Row, in_turns

TITLE = "写成条件的规则（[[rule]]），与同一规则写成 Python 相比；载入通知包"
TIMES = 500
CODE = "E12"
"""Whose condition is below: an investment beyond the company's means."""
MUST = "investment <= assets_2022 && investment <= 3 * revenue_2022"


def rows() -> list[Row]:
    pack = catalog.load()
    entry = next(r for r in pack.rules if r.code == CODE)
    stated = RuleEntry(
        **entry.model_dump(include={"code", "level", "clause", "title", "explanation"}),
        check="condition", params={"must": MUST, "about": ("investment",)}, messages={"message": "投资{investment}万元。"},
    )  # fmt: skip
    python, condition = _rule(pack), _rule(pack.model_copy(update={"rules": (stated,)}))
    (reading,) = read_bytes(build("scene", application("chengchi")), pack, "申报书.docx")

    def document() -> Context:
        """As each document is seen, with nothing found of it yet."""
        return Context(pack, reading, "申报书.docx")

    alone = compiled(MUST, dict.fromkeys(("investment", "assets_2022", "revenue_2022"), "number"), {})
    values = {"investment": 100.0, "assets_2022": 900.0, "revenue_2022": 800.0}
    took = in_turns(
        {
            "python": lambda: [list(python.check(document())) for _ in range(TIMES) if python.check],
            "condition": lambda: [list(condition.check(document())) for _ in range(TIMES) if condition.check],
            "alone": lambda: [alone.evaluate(values) for _ in range(TIMES)],
            "load": lambda: load_dir(Path(find("2023"))),
            "with rules": lambda: rules_of(load_dir(Path(find("2023")))),
        },
        rounds=9,
        clock=time.process_time,
    )
    return [
        Row(f"{CODE}：写成 Python（{TIMES}次）", took["python"], 1, "写成 Python"),
        Row(
            f"{CODE}：写成条件（{TIMES}次）",
            took["condition"],
            took["condition"] / took["python"],
            "写成 Python",
            "≤ 1",
        ),
        Row(f"其中求值（{TIMES}次）", took["alone"], took["alone"] / took["python"], "写成 Python"),
        Row("载入 2023 通知包", took["load"], 1, "载入"),
        Row("连同全部规则", took["with rules"], took["with rules"] / took["load"], "载入", "0.15 秒"),
    ]


def _rule(pack: catalog.Catalog) -> Rule:
    return next(r for r in rules_of(pack) if r.code == CODE)
