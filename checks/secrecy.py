"""What must not be in an application: secrecy markings, identity numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from checks.library import Params, Say, Words, check
from checks.meaning.text import identity_numbers, masked, shorten
from checks.registry import CannotTell, Context, Result, Trip
from records.markings import IN_NAME, known, markings

_NO_TEXT = "没有读到文字"


class Marking(Params):
    """``grades`` of state secrets, which stand with ★ or a term; ``phrases`` that mark by themselves."""

    grades: Words
    phrases: Words
    says: ClassVar[Mapping[str, str]] = {"marked": "place mark", "expected": ""}


@check("marking", Marking, withholds=True)
def marked(ctx: Context, told: Marking, say: Say) -> Iterator[Result]:
    """A secrecy marking stands in it or in its name, once for each."""
    words = ctx.catalog.words
    found = markings(
        known(words[told.grades], words[told.phrases]), ctx.reading.lines, "/".join((ctx.document, *ctx.reading.parts))
    )
    if not found and not ctx.reading.lines:
        yield CannotTell(_NO_TEXT)
    for mark in found:
        place = IN_NAME if mark.line.where == IN_NAME else _PLACES.get(mark.line.place, "文中")
        yield Trip(
            say("marked", place=place, mark=shorten(mark.text)),
            about=mark.key,
            where=mark.line.where,
            evidence=mark.text,
            expected=say("expected"),
        )


_PLACES = {
    "header": "页眉",
    "footer": "页脚",
    "cover": "封面",
    "textbox": "文本框",
    "cell": "表格中",
    "hidden": "隐藏文字中",
}


class IdentityNumber(Params):
    says: ClassVar[Mapping[str, str]] = {"number": "shown", "expected": ""}


@check("identity_number", IdentityNumber)
def identity_number(ctx: Context, _told: IdentityNumber, say: Say) -> Iterator[Result]:
    """A citizen's identity number stands in it, told of masked."""
    if not ctx.reading.lines:
        yield CannotTell(_NO_TEXT)
        return
    seen: set[str] = set()
    for line in ctx.reading.lines:
        for match in identity_numbers(line.text):
            number = re.sub(r"[\s-]", "", match[0]).upper()
            if number in seen:
                continue
            seen.add(number)
            shown = masked(number)
            yield Trip(
                say("number", shown=shown),
                about=hashlib.sha256(number.encode()).hexdigest(),
                where=line.where,
                evidence=shown,
                expected=say("expected"),
            )
