"""Doubts have one registry: each has a sentence and a line in the documentation, and the confidence follows from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extractors.document import doubts
from extractors.document.doubts import Doubt, by_names, confidence, names, together
from extractors.document.model import Cell, Paragraph, Table
from records.doubts import SENTENCES
from records.models import CERTAIN
from tests.extractors.small import TITLE, read, table

ROOT = Path(__file__).parents[3]
REGISTRY = {name: held for name, held in vars(doubts).items() if isinstance(held, Doubt)}
GRAVE, OTHER, SLIGHT, FAINT = Doubt("a", 0.9), Doubt("b", 0.6), Doubt("c", 0.97), Doubt("d", 0.96)


def test_each_doubt_has_a_sentence_and_each_sentence_a_doubt() -> None:
    assert {d.name for d in REGISTRY.values()} == set(SENTENCES)
    assert all(0 < d.factor < 1 and d.evidence for d in REGISTRY.values())


def test_each_doubt_is_raised_somewhere() -> None:
    code = "\n".join(
        p.read_text("utf-8") for k in ("extractors", "records") for p in (ROOT / k).rglob("*.py") if p.stem != "doubts"
    )
    raised = {name for name, held in REGISTRY.items() if re.search(rf'\b{name}\b|"{held.name}"', code)}
    assert set(REGISTRY) == raised


def test_what_readers_of_texts_name_is_a_doubt() -> None:
    """records/ knows doubts by their names alone: each name there has its number here."""
    modules = [ROOT / "records" / f"{name}.py" for name in ("normalise", "choices", "instances")]
    named = {n for m in modules for n in re.findall(r'"([a-z]+(?:_[a-z]+)+)"', m.read_text("utf-8"))}
    assert {d.name for d in by_names(tuple(n for n in SENTENCES if n in named))} == named


def test_each_doubt_is_documented() -> None:
    """docs/doubts.md lists the names as the record has them, the sentences, and how sure a value is in spite of each."""
    told = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|", (ROOT / "docs/doubts.md").read_text("utf-8"), re.MULTILINE)
    factors: dict[str, list[float]] = {}
    for doubt in REGISTRY.values():
        factors.setdefault(doubt.name, []).append(doubt.factor)
    assert told == [(name, SENTENCES[name], _range(factors[name])) for name in SENTENCES]


def _range(factors: list[float]) -> str:
    return "–".join(f"{f:g}" for f in dict.fromkeys((min(factors), max(factors))))


@pytest.mark.parametrize(
    ("held", "sure", "told"),
    [
        ((), 1.0, ()),
        ((GRAVE,), 0.9, ("a",)),
        ((GRAVE, OTHER, SLIGHT), 0.6, ("a", "b")),
        ((SLIGHT,), 0.97, ("c",)),
        ((SLIGHT, FAINT), 0.9312, ("c", "d")),
    ],
)
def test_the_confidence_follows_from_the_gravest_and_slight_ones_add_up(
    held: doubts.Doubts, sure: float, told: tuple[str, ...]
) -> None:
    assert (confidence(held), names(held)) == (sure, told)


def test_what_comes_together_has_each_doubt_once_at_its_gravest() -> None:
    assert together((), (GRAVE,), ()) == (GRAVE,)
    assert together((GRAVE, SLIGHT), (GRAVE.at(0.5),)) == (GRAVE.at(0.5), SLIGHT)


def test_a_value_tells_its_doubts_and_a_certain_one_has_none() -> None:
    joined = Table(2, 1, 2, [Cell(1, 1, text="生产效率提升（%）"), Cell(1, 2, text="18")])
    joined.cells[1].doubts = (doubts.JOINED_OVER_A_PAGE,)
    basics = table(
        1, ("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12")
    )
    fields = read(TITLE, basics, Paragraph("说明", 3), joined).record.fields
    assert (fields["company_name"].doubts, fields["company_name"].confidence) == ((), 1.0)
    assert fields["productivity_gain"].doubts == ("joined_over_a_page",)
    assert fields["sales_growth"].certain
    assert fields["cnc_rate"].doubts == ("not_found",)
    assert '"doubts":["joined_over_a_page"]' in fields["productivity_gain"].model_dump_json()
    assert "doubts" not in fields["company_name"].model_dump_json()


def test_no_value_is_less_than_certain_without_a_name_for_it() -> None:
    """A filled form with reworded labels, blanks and figures by year without years: every factor has its reason."""
    rows = (
        ("企业的名称", "上海甲公司"),
        ("环节名称", "生产作业"),
        ("场景名称", "智能协同作业"),
        ("销售增长率（%）", "12"),
        ("质量损失下降率（%）", "5"),
        ("资产总额（万元）", "1", "2", "3"),
    )
    record = read(TITLE, table(1, *rows)).record
    held = [*record.fields.values(), *record.sections.values()]
    assert all(v.doubts for v in held if v.confidence < 1)
    assert all(set(v.doubts) <= set(SENTENCES) for v in held)
    assert any(v.confidence < CERTAIN for v in held if v.value is not None)
