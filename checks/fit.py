"""Does the text of a row fit the entry of a list (场景) that it claims?

TF-IDF over jieba's words, against the entries (name, text of the list, and the form's printed example for the entry it
belongs to). The margin stands with the rule. For 2023 it was set on the 67 texts written for known scenes in
tests/checks/data/fit_texts.toml: the claimed scene wins with 63, and the rule is wrong with none; of claims under a
wrong 环节 it finds 94 in 100, and names the right scene for 96 in 100 of these. On 83 rows by another hand, on which
nothing was set, 79 win, none is wrong, and 90 in 100 are found (tests/checks/test_fit.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from checks.library import Params, Say, Words, check
from checks.lists import list_of
from checks.meaning.closest import index_of
from checks.meaning.entries import Entry, Levels, column_of, entries
from checks.meaning.names import text_of
from checks.meaning.terms import TfIdf
from checks.meaning.text import count_words
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip

_NAMED = 5
"""Words in common that a finding quotes."""
_SHARED = 3
"""Words in common from which a text fits an entry clearly: two may be there by chance (能耗, 计量 in a text about balancing furnaces)."""


class BetterFit(Params):
    """``least`` characters are enough to tell by; another entry must fit better by ``margin`` (0 to 1); ``common`` are
    words that every application has."""

    rows: Levels
    least: int
    margin: float
    common: Words
    says: ClassVar[Mapping[str, str]] = {
        "better": "place claimed upper best score own words",
        "unsure": "place",
        "nothing": "",
    }


@check("better_fit", BetterFit)
def better_fit(ctx: Context, told: BetterFit, say: Say) -> Iterator[Result]:
    """The text fits another entry of the list clearly better than the one it claims."""
    rows = told.rows
    index = index_of(ctx.catalog, rows.lower_list, rows.shown)
    judged = False
    for entry in entries(ctx, rows):
        if not entry.lower.known:
            continue
        values = [entry.row[c] for c in map(column_of, rows.texts) if c in entry.row]
        text = "。".join(text_of(v) for v in values if v.value is not None)
        if count_words(text) < told.least:
            continue
        judged = True
        trip = _judge(ctx, told, say, entry, index, text)
        if trip is not None and not all(v.certain for v in (entry.row[column_of(rows.lower)], *values)):
            yield CannotTell(say("unsure", place=entry.place))
        elif trip is not None:
            yield trip
    if not judged:
        yield NotApplicable(say("nothing"))


def _judge(ctx: Context, told: BetterFit, say: Say, entry: Entry, index: TfIdf, text: str) -> Trip | None:
    scores = index.scores(text)
    best = next(iter(scores))
    claimed = max(entry.lower.known, key=lambda name: scores[name])
    if scores[best] - scores[claimed] < told.margin:
        return None
    upper = next(i.under for i in list_of(ctx.catalog, told.rows.lower_list).items if i.name == best)
    common = ctx.catalog.words[told.common]
    reasons = [w for w in index.reasons(text, best) if w not in common]
    if len(reasons) < _SHARED:
        return None
    shared = "”“".join(reasons[:_NAMED])
    score, own = f"{scores[best]:.2f}", f"{scores[claimed]:.2f}"
    return Trip(
        say("better", place=entry.place, claimed=claimed, upper=upper, best=best, score=score, own=own, words=shared),
        about=entry.identity,
        field=told.rows.lower,
        row=entry.number,
        where=entry.row[column_of(told.rows.lower)].where,
        evidence=claimed,
        expected=best,
    )
