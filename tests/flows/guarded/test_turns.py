"""Whose file is read next, without processes: who waits, who goes first, who goes last."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from flows.guarded.turns import SHARE_SECONDS, Turns
from flows.received.grouping import Unit
from flows.received.inbox import Input


def unit(name: str) -> Unit:
    return (Input(name, Path(name), name.partition("/")[0], 1, 1),)


def turns(names: Iterable[str], slow: Iterable[str] = (), **given: Any) -> Turns:
    return Turns(map(unit, names), lambda u: u[0].folder, share=SHARE_SECONDS, slow=map(unit, slow), **given)


def given(of: Turns) -> tuple[str, float]:
    turn = of.next()
    assert turn is not None
    return turn.unit[0].document, turn.share


def test_a_slow_file_is_read_at_the_end_with_the_whole_time_and_once() -> None:
    all_ = turns(["a/1", "a/2", "b/1"])
    assert given(all_) == ("a/1", SHARE_SECONDS)
    all_.late(unit("a/1"))
    assert given(all_) == ("a/2", SHARE_SECONDS)
    assert given(all_) == ("b/1", SHARE_SECONDS)
    all_.done(unit("a/2"))
    all_.done(unit("b/1"))
    assert given(all_) == ("a/1", 0)
    all_.done(unit("a/1"))
    assert (all_.next(), all_.left) == (None, [])


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_five_hundred_slow_files_hold_back_no_other_district_by_more_than_a_minute(processes: int) -> None:
    """By a clock of our own: the slow ones use up their share, the others take half a second each."""
    now = [0.0]
    names = [*(f"a/{n:03}" for n in range(500)), *(f"b/{n:03}" for n in range(300)), *(f"c/{n}" for n in range(5))]
    all_ = turns(names, clock=lambda: now[0])
    in_hand: list[tuple[float, str]] = []
    while {"b", "c"} & all_.unfinished:
        while len(in_hand) < processes:
            name, share = given(all_)
            in_hand.append((now[0] + (share if name[0] == "a" else 0.5), name))
        in_hand.sort()
        now[0], name = in_hand.pop(0)
        (all_.late if name[0] == "a" else all_.done)(unit(name))
    undisturbed = 305 * 0.5 / processes
    assert now[0] <= undisturbed + 60 + 0.5


def test_the_sound_files_of_a_slow_district_come_after_those_of_others_but_are_read() -> None:
    all_ = turns(["a/1", "a/2", "a/3", "b/1", "b/2"])
    assert given(all_)[0] == "a/1"
    all_.late(unit("a/1"))
    assert given(all_)[0] == "a/2"
    all_.late(unit("a/2"))
    order = []
    while (turn := all_.next()) is not None:
        order.append((turn.unit[0].document, turn.share))
        all_.done(turn.unit)
    assert order == [("b/1", SHARE_SECONDS), ("b/2", SHARE_SECONDS), ("a/3", SHARE_SECONDS), ("a/1", 0), ("a/2", 0)]


def test_what_an_earlier_run_found_slow_is_not_given_a_share_first() -> None:
    all_ = turns(["a/1", "a/2"], slow=["a/1"])
    assert [given(all_), given(all_)] == [("a/2", SHARE_SECONDS), ("a/1", 0)]


def test_what_nobody_answers_is_given_up() -> None:
    all_ = turns(["a/1", "a/2", "a/3"])
    given(all_)
    assert all_.give_up() == [unit("a/1")]
    assert all_.left == [unit("a/2"), unit("a/3")]
    assert all_.give_up_all() == [unit("a/2"), unit("a/3")]
    assert (all_.next(), all_.has_more) == (None, False)
