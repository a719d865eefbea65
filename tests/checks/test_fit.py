"""Rule M10, and the evidence on which its margin was set."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from catalog.load import load
from checks.fit import BetterFit
from checks.meaning.closest import index_of
from checks.meaning.terms import TfIdf, dictionary_of, terms
from tests.checks.outcomes import findings, outcome
from tests.forms import scene

TEXTS = [
    (t["scene"], t["text"])
    for t in tomllib.loads((Path(__file__).parent / "data" / "fit_texts.toml").read_text("utf-8"))["text"]
]
ENERGY = (
    "建立蒸汽、电力、压缩空气多介质能源平衡模型，预测未来四小时用能负荷，优化锅炉、空压机和制冷机组的启停与负荷分配，"
    "结合峰谷电价安排储能充放，实现能源综合平衡与优化调度。"
)


def test_every_scene_has_a_text() -> None:
    assert {s for s, _ in TEXTS} == {s.name for s in load().lists["scenes"].items}


def test_the_claimed_scene_wins_and_the_rule_is_hardly_ever_wrong() -> None:
    catalog = load()
    told = BetterFit.model_validate(next(r.params for r in catalog.rules if r.code == "M10"))
    index, margin = index_of(catalog, "scenes", told.rows.shown), told.margin
    link = {s.name: s.under for s in catalog.lists["scenes"].items}
    wins = wrong = found = named = claims = 0
    for true, text in TEXTS:
        scores = index.scores(text)
        best = next(iter(scores))
        wins += best == true
        wrong += scores[best] - scores[true] >= margin
        for claimed in (s for s in scores if link[s] != link[true]):
            claims += 1
            if scores[best] - scores[claimed] >= margin:
                found += 1
                named += best == true
    assert wins >= 62, "of 67 texts the claimed scene fits best"
    assert wrong == 0, "no text is said to fit another scene better than its own"
    assert found / claims > 0.92, "of claims under a wrong 环节"
    assert named / found > 0.94, "names the right scene"


def test_two_words_in_common_are_no_better_fit() -> None:
    row = {
        "link": "能源管理",
        "scene": "能效平衡与优化",
        "instance": "退火炉群负荷优化",
        "description": "预测各炉升温需求，错峰安排罩式炉启动，氢气与电耗联合考虑。",
        "pain_points": "多炉同时升温，需量电费高。",
        "solution": "由某公司提供优化软件，接入电、气、氢计量150点。",
        "results": "吨材能耗下降11%，需量电费降低9%。",
    }
    assert outcome("M10", scene(tables={"scenes": {1: row}})) == "pass"


def test_weights_are_those_of_scikit_learn() -> None:
    catalog = load()
    dictionary = dictionary_of(catalog)
    texts = {s.name: s.text for s in catalog.lists["scenes"].items}
    ours = TfIdf(texts, dictionary)
    theirs = TfidfVectorizer(analyzer=lambda text: terms(text, dictionary), sublinear_tf=True)
    rows = theirs.fit_transform(texts.values())
    for _, text in TEXTS[:20]:
        expected = (rows @ theirs.transform([text]).T).toarray().ravel()
        scores = ours.scores(text)
        assert np.allclose([scores[name] for name in texts], expected)


def test_a_text_about_something_else_is_noted() -> None:
    data = scene(
        tables={
            "scenes": {
                1: {"instance": "能源优化", "description": ENERGY, "pain_points": "", "solution": ENERGY, "results": ""}
            }
        }
    )
    (found,) = findings("M10", data)
    assert found.level == "note"
    assert found.expected == "能效平衡与优化"
    assert "相符程度" in found.message
    assert outcome("M10", data, confidence={"scenes.solution": 0.8}) == "cannot_tell"


def test_a_fitting_or_a_short_text_is_left_alone() -> None:
    assert outcome("M10", scene()) == "pass"
    short = dict.fromkeys(("description", "pain_points", "solution", "results"), "能源平衡优化调度。")
    assert outcome("M10", scene(tables={"scenes": {1: short, 2: short}})) == "not_applicable"


@pytest.mark.parametrize("mark", ["产品碳足迹核算（新场景）", "智能再线检测"])
def test_a_scene_that_is_not_in_the_catalog_is_not_compared(mark: str) -> None:
    data = scene(tables={"scenes": {n: {"scene": mark, "description": ENERGY, "solution": ENERGY} for n in (1, 2)}})
    assert outcome("M10", data) == "not_applicable"
