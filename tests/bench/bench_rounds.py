"""What it costs to look for copied passages (rule D03) in ever larger rounds, and what is found.

Each application is a 示范工厂 of ten scenes and nine chapters, some 14,000 characters: sentences of words as frequent as
Chinese has them, every fifth from a stock of 400 that all share, with numbers and products of their own, as real forms
have. One application in fifty holds a passage of another company's, with 30 % of its words changed.
"""

from __future__ import annotations

import importlib
import random
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.load import load
from checks.making import rules_of
from checks.meaning.names import fold
from checks.registry import At, Result, Round, Trip
from records.models import Reading, Record, Row, Source, Submission, Value
from tests.bench.measure import Row as Line

TITLE = "雷同文字（D03）：份数增加时的用时（处理器时间），与份数成正比为1"
SIZES = (250, 500, 1000, 2000)
PLANTED = 50
"""One application in so many holds a passage of another's."""
CHANGED = 0.3
_COLUMNS = {
    "description": 220,
    "pain_points": 120,
    "solution": 280,
    "safeguards": 100,
    "results": 220,
    "economics": 160,
}
_CHAPTERS = {
    "overall": 700, "construction_plan": 1500, "integration": 500, "novelty": 400, "achievements": 400,
    "expected_goals": 250, "next_steps": 300, "growth": 250, "promotion_plan": 250,
}  # fmt: skip
_MARKS = "，，，，、。"


@dataclass
class Corpus:
    submissions: list[Submission]
    planted: set[frozenset[str]]
    """Pairs of documents that share a passage."""


def shared_text(round_: Round) -> Iterator[tuple[At, Result]]:
    """What the rule yields, as the pack tells it."""
    rule = next(r for r in rules_of(round_.catalog) if r.code == "D03")
    assert rule.round_check is not None
    yield from rule.round_check(round_)


def rows() -> list[Line]:
    lines: list[Line] = []
    first = 0.0
    list(shared_text(Round(load(), tuple(make(2).submissions))))  # loads what is loaded once
    for size in SIZES:
        corpus = make(size)
        started = time.process_time()
        found = list(shared_text(Round(load(), tuple(corpus.submissions))))
        taken = time.process_time() - started
        pairs = {frozenset((at.document, result.about)) for at, result in found if isinstance(result, Trip)}
        names = {s.document: s.record.text("company_name") for s in corpus.submissions}
        wanted = {frozenset((d, fold(names[o]))) for pair in corpus.planted for d in pair for o in pair - {d}}
        first = first or taken / size
        lines.append(
            Line(
                f"{size} 份：抄录{len(wanted)}处找到{len(wanted & pairs)}处，另报{len(pairs - wanted)}处，"
                f"内存峰值{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
                taken,
                taken / size / first,
                "250 份时每份用时",
                "接近 1",
            )
        )
    return lines


def make(size: int, seed: int = 2023) -> Corpus:
    """A round of ``size`` applications by as many companies."""
    rng = random.Random(seed)
    stock = [[_word(rng) for _ in range(rng.randint(8, 16))] for _ in range(400)]
    texts = [_application(rng, stock) for _ in range(size)]
    planted: set[frozenset[str]] = set()
    for at in range(0, size - 1, PLANTED):
        other = rng.randrange(size)
        if other == at:
            continue
        words = texts[other]["construction_plan"]
        start = rng.randrange(len(words) - 220)
        passage = [_word(rng) if len(w) > 1 and rng.random() < CHANGED else w for w in words[start : start + 200]]
        texts[at]["overall"][40:40] = passage
        planted.add(frozenset((_document(at), _document(other))))
    return Corpus([_submission(n, text) for n, text in enumerate(texts)], planted)


def _document(number: int) -> str:
    return f"浦东新区/{number:05}.docx"


def _application(rng: random.Random, stock: list[list[str]]) -> dict[str, list[str]]:
    """Key of a field, chapter or cell → its words."""
    sizes = {"company_profile": 450, "project_summary": 450, **_CHAPTERS}
    sizes |= {f"{row}.{column}": size for row in range(10) for column, size in _COLUMNS.items()}
    product = _word(rng)
    return {key: list(_words(rng, stock, product, size)) for key, size in sizes.items()}


def _words(rng: random.Random, stock: list[list[str]], product: str, size: int) -> Iterator[str]:
    length = 0
    while length < size:
        shared = rng.random() < 0.2
        sentence = list(rng.choice(stock)) if shared else [_word(rng) for _ in range(rng.randint(8, 16))]
        if shared:
            sentence[rng.randrange(len(sentence))] = product
            sentence[rng.randrange(len(sentence))] = str(rng.randint(2, 99))
        for word in (*sentence, rng.choice(_MARKS)):
            length += len(word)
            yield word


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """jieba's words of two characters or more with the frequencies it gives them, added up."""
    path = Path(str(importlib.import_module("jieba").__file__)).with_name("dict.txt")
    words: list[str] = []
    sums: list[float] = []
    total = 0.0
    for line in path.read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        if len(word) > 1 and int(frequency) > 20:
            total += float(frequency) ** 0.9
            words.append(word)
            sums.append(total)
    return words, sums


def _word(rng: random.Random) -> str:
    words, sums = _vocabulary()
    return rng.choices(words, cum_weights=sums)[0]


def _submission(number: int, texts: dict[str, list[str]]) -> Submission:
    values = {key: Value(value="".join(words), raw="", where=key) for key, words in texts.items()}
    name = f"上海第{number}制造有限公司"
    fields = {key: values[key] for key in ("company_profile", "project_summary")} | {"company_name": Value(value=name)}
    scenes: list[Row] = [
        {"instance": Value(value=f"实例{row}")} | {column: values[f"{row}.{column}"] for column in _COLUMNS}
        for row in range(10)
    ]
    record = Record(
        form="factory",
        source=Source(path=_document(number), sha256=f"{number:064}", format="docx"),
        fields=fields,
        tables={"scenes": scenes},
        sections={key: values[key] for key in _CHAPTERS},
    )
    return Submission(district="浦东新区", document=_document(number), reading=Reading(record=record))
