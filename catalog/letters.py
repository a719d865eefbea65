"""The letters of a notice as data (``letters.toml``): their kinds, their words, and by which rules they are written.

A pack without such a file has the letters of ``catalog/letters.toml``. Sentences name their facts in braces; what a fact
may be called is verified when the pack is loaded.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from catalog.errors import CatalogError
from catalog.pack import PackFile
from catalog.rules import Level, RuleEntry

FACTS = frozenset(
    {"applicant", "form", "about", "file", "year", "notice", "office", "count", "told", "also", "due", "days"}
)
"""What sentences of a letter may name."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LetterKind(_Strict):
    """One kind of letter. ``level``: rules of that level lead to it where they name no letter of their own. ``deadline`` names
    one of the notice's; the sentence is ``due`` where it is to come, ``overdue`` where it has passed, ``open`` where there is none.
    ``also`` are kinds whose points stand in it too. ``alone``: nothing else of the file is told, not even its project."""

    kind: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str
    level: Level | None = None
    opening: str
    heading: str
    ask: str
    deadline: str = ""
    due: str
    overdue: str
    open: str
    closing: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    also_asks: str = ""
    """What is asked for beside where such points are there."""
    alone: bool = False
    quotes: bool = False
    """The clause is quoted in its words."""
    expects: bool = False
    """What is expected is told. Of a condition that is not met nobody is told which answer would do."""


class LetterWords(_Strict):
    """The words that letters share. ``whole`` where all is told, ``part`` where something is still open. ``blank``, ``day`` and
    ``number`` are lines to fill in where nothing is known."""

    whole: str
    part: str
    more: str
    about: str
    about_file: str
    blank: str
    day: str
    date: str
    number: str
    contact: str
    signed: str
    clause: str
    quoted: str
    expected: str
    instead: str


class Corrections(_Strict):
    """The list of what the recommender has to correct. ``files`` heads what could not be read or is no form of the notice."""

    title: str
    opening: str
    none: str
    table: str
    applications: str
    files: str
    closing: str
    signed: str
    many: str
    """What stands behind a name where the same is asked of several."""


class Letters(_Strict):
    """``kinds`` go from the gravest on: of an application one letter is written, of the first kind that it has a point for."""

    kinds: tuple[LetterKind, ...]
    words: LetterWords
    corrections: Corrections

    def kind(self, name: str) -> LetterKind:
        return next(k for k in self.kinds if k.kind == name)

    def of(self, rule: RuleEntry | None, level: Level) -> LetterKind | None:
        """The kind that a finding of ``level`` by ``rule`` leads to; None: nobody is written to."""
        if level == "note":
            return None
        if rule is not None and rule.letter:
            return self.kind(rule.letter)
        return next((k for k in self.kinds if k.level == level), None)


class Sender(_Strict):
    """What an office says of itself in its letters, all blank where it said nothing. ``number`` is its scheme
    (``某经函〔{year}〕{number}号``), ``first`` the number to begin with; ``reply`` gives deadlines of its own by kind of letter."""

    number: str = ""
    first: int = Field(1, ge=1)
    contact: str = ""
    phone: str = ""
    reply: dict[str, dt.date] = {}


def load_letters(file: PackFile) -> Letters:
    """The letters of a file. Raises CatalogError."""
    kinds = file.items("letter", LetterKind)
    words, corrections = file.model("words", LetterWords), file.model("corrections", Corrections)
    return Letters(kinds=kinds, words=words, corrections=corrections)


def verify_letters(file: PackFile, letters: Letters, rules_file: Path, rules: Iterable[RuleEntry]) -> None:
    """Raise CatalogError at the first name that is none of the pack's."""
    names = [k.kind for k in letters.kinds]
    for index, kind in enumerate(letters.kinds, 1):
        key = f"letter[{index}]"
        if names.index(kind.kind) != index - 1:
            raise CatalogError(file.path, f"{key}.kind", f"“{kind.kind}”出现两次，请改其一")
        for other in kind.also:
            _one_of(file.path, f"{key}.also", other, names)
        for name in ("opening", "ask", "due", "overdue", "open"):
            _known(file, f"{key}.{name}", getattr(kind, name))
        for text in kind.closing:
            _known(file, f"{key}.closing", text)
    for rule in rules:
        if rule.letter:
            _one_of(rules_file, f"{rule.place}.letter", rule.letter, names)


def _one_of(path: Path, key: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise CatalogError(path, key, f"“{name}”不是文书的种类；有：{'、'.join(names)}")


def verify_sender(file: PackFile, key: str, sender: Sender, kinds: Iterable[str]) -> None:
    """Raise CatalogError where a scheme of numbers or a kind of letter is none."""
    if sender.number:
        wrong = sorted(set(_named(sender.number)) - {"year", "number"})
        if wrong or "number" not in _named(sender.number):
            raise CatalogError(
                file.path, f"{key}.number", "文号写作 某经函〔{year}〕{number}号，花括号里只能是 year、number"
            )
    for name in sender.reply:
        _one_of(file.path, f"{key}.reply", name, list(kinds))


def _known(file: PackFile, key: str, text: str) -> None:
    for name in _named(text):
        if name not in FACTS:
            raise CatalogError(file.path, key, f"花括号里的“{name}”不认识；可用：{'、'.join(sorted(FACTS))}")


def _named(text: str) -> list[str]:
    """The names in braces; "{" where the braces are no pairs."""
    try:
        return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return ["{"]
