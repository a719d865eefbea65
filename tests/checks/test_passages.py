"""Shared passages: what is found among many texts, where it stands, and that everything found is really there."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.meaning.alignment import excerpt, passages, plain
from checks.meaning.passages import Text, copied

VOCABULARY = [chr(0x4E00 + n) + chr(0x5000 + n * 3) for n in range(900)]


def prose(rng: random.Random, words: int) -> str:
    return "".join(rng.choice(VOCABULARY) + ("，" if rng.random() < 0.1 else "") for _ in range(words))


def changed(rng: random.Random, text: str, share: float) -> str:
    pairs = [text[at : at + 2] for at in range(0, len(text), 2)]
    return "".join(rng.choice(VOCABULARY) if rng.random() < share else p for p in pairs)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3])
def test_planted_passages_are_found_among_many_texts_and_nothing_else(share: float) -> None:
    rng = random.Random(5)
    texts = [prose(rng, 260) for _ in range(120)]
    planted = set()
    for at in range(0, 40, 2):
        passage = texts[at][100:380]
        texts[at + 60] = prose(rng, 60) + changed(rng, passage, share) + prose(rng, 60)
        planted.add((at, at + 60))
    found = copied([Text(n, text) for n, text in enumerate(texts)], [], least=200)
    pairs = {(c.one, c.other) for c in found}
    assert pairs <= planted
    assert len(pairs) >= len(planted) * (1 if share < 0.3 else 0.95)
    assert all(c.share >= 0.98 for c in found if share == 0.0)


def test_both_places_hold_the_passage() -> None:
    rng = random.Random(6)
    passage = prose(rng, 120)
    one, other = (
        f"前文 {prose(rng, 20)}\n{passage}\n后文",
        f"{prose(rng, 50)} {passage[:60]}\n{passage[60:]}，{prose(rng, 9)}",
    )
    (copy,) = copied([Text(0, one), Text(1, other)], [], least=200)
    assert plain(excerpt(one, copy.span)).strip(",") in plain(one)
    for raw, span in ((one, copy.span), (other, copy.other_span)):
        assert plain(passage)[5:-5] in plain(excerpt(raw, span))
    assert copy.length == pytest.approx(len(plain(passage)), abs=4)


def test_a_passage_of_a_very_long_text() -> None:
    rng = random.Random(7)
    passage = prose(rng, 150)
    one = prose(rng, 4000) + passage + prose(rng, 2500)
    other = prose(rng, 300) + passage + prose(rng, 6000)
    found = copied([Text(0, one), Text(1, other)], [], least=200)
    assert [c.length for c in found] == [pytest.approx(len(passage), abs=4)]
    assert all(plain(excerpt(one, c.span))[20:60] in plain(passage) for c in found)


def test_words_of_the_form_do_not_count_but_do_not_part_a_passage() -> None:
    rng = random.Random(8)
    form, passage = prose(rng, 100), prose(rng, 130)
    text = passage[:120] + form + passage[120:]
    assert copied([Text(0, form), Text(1, form)], [form], least=150) == []
    (copy,) = copied([Text(0, text), Text(1, text)], [form], least=200)
    assert copy.length == pytest.approx(len(plain(passage)), abs=12)


def test_texts_of_one_company_are_not_compared() -> None:
    text = prose(random.Random(9), 150)
    assert copied([Text(3, text), Text(3, text)], [], least=200) == []
    assert copied([], [], least=200) == []


def test_spread_tells_a_template_from_a_copy() -> None:
    rng = random.Random(10)
    template, own = prose(rng, 130), prose(rng, 130)
    texts = [template + prose(rng, 30) for _ in range(20)]
    texts += [own + rng.choice(texts)[:40], prose(rng, 20) + own]
    found = copied([Text(n, t) for n, t in enumerate(texts)], [], least=200)
    assert {c.spread for c in found if (c.one, c.other) == (20, 21)} == {2}
    assert {c.spread for c in found if c.other < 20} == {20}
    linked = {n for c in found for n in (c.one, c.other)}
    assert linked == set(range(22)), "each of many is linked to its neighbours"


@settings(max_examples=150, deadline=None)
@given(
    st.text("甲乙丙丁，。 \n２a", max_size=120),
    st.text("甲乙丙丁，。 \n２a", max_size=120),
    st.integers(4, 40),
)
def test_whatever_the_texts_a_passage_lies_in_both(one: str, other: str, least: int) -> None:
    a, b = plain(one), plain(other)
    for shared in passages(a, b, least=least, share=0.6):
        assert 0 <= shared.start < shared.end <= len(a)
        assert 0 <= shared.other_start < shared.other_end <= len(b)
        assert shared.length >= least
        assert 0.6 <= shared.share <= 1
        assert excerpt(one, (shared.start, shared.end - 1)) in one


def test_white_space_and_width_do_not_matter() -> None:
    assert plain(" ＡＢ（１）\n　ｃ，\x00") == "ab(1)c,"
    assert plain("㎡") == "㎡", "one character stays one"
