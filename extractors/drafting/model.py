"""What a blank form says of itself: fields, tables, chapters, each with its place in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.drafting.words import words


class Undecided(NamedTuple):
    """Something a person must decide. ``where`` is its place in the blank, "" for the form as a whole."""

    where: str
    what: str


class Role(NamedTuple):
    """What a field is for rules and reports (applicant, date …), guessed from its label at ``confidence`` (0-1)."""

    name: str
    confidence: float


@dataclass(slots=True)
class DraftField:
    """A field. ``group`` is the label of the row or block it stands in; ``column`` the head of its column; ``of`` the field in whose
    cell it stands and ``after`` the option in whose brackets; ``stars`` how many the form prints at its label."""

    label: str
    where: str
    part: str = "basic"
    type: str = "text"
    group: str = ""
    column: str = ""
    options: list[str] = field(default_factory=list)
    several: bool = False
    of: DraftField | None = None
    after: str = ""
    unit: str = ""
    limit: int | None = None
    stars: int = 0
    optional: bool = False
    hints: list[str] = field(default_factory=list)
    key: str = ""
    role: Role | None = None
    aliases: list[str] = field(default_factory=list)
    """Usual wordings of the same label that stand for nothing else on the form; likewise of the group."""
    group_aliases: list[str] = field(default_factory=list)
    block: str = ""
    """The label or heading of the block it stands in, also where its own label tells it well enough."""


@dataclass(slots=True)
class DraftColumn:
    label: str
    type: str = "text"
    unit: str = ""
    limit: int | None = None
    stars: int = 0
    optional: bool = False
    hints: list[str] = field(default_factory=list)
    merged: bool = False
    parts: dict[str, str] = field(default_factory=dict)
    """Of a column that lists several things a cell: part → the word the example prints for it."""
    key: str = ""
    role: Role | None = None
    aliases: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DraftTable:
    """A table of rows to fill in. ``per`` is the label of the line above it that says what each such table belongs to."""

    title: str
    where: str
    annex: str = ""
    columns: list[DraftColumn] = field(default_factory=list)
    example: dict[int, str] = field(default_factory=dict)
    """Column (from 0) → the text that the form prints there as an example."""
    per: str = ""
    hints: list[str] = field(default_factory=list)
    optional: bool = False
    limit: int | None = None
    key: str = ""
    of_class: str = ""
    """Of a table that recommends: the class of applications that it lists."""
    over: str = ""
    """The title printed over it and others together."""


@dataclass(slots=True)
class DraftSection:
    """A chapter of prose; ``number`` in Chinese numerals (二, 三（一）), "" where the form prints none."""

    heading: str
    where: str
    number: str = ""
    parent: str = ""
    limit: int | None = None
    stars: int = 0
    optional: bool = False
    hints: list[str] = field(default_factory=list)
    key: str = ""


@dataclass(slots=True)
class DraftForm:
    """One form. ``kind``: application or summary. ``unused`` are the printed texts that became nothing, with their places."""

    title: str = ""
    kind: str = "application"
    annex: str = ""
    marks: list[str] = field(default_factory=list)
    fields: list[DraftField] = field(default_factory=list)
    tables: list[DraftTable] = field(default_factory=list)
    sections: list[DraftSection] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    """Part → its heading as the form prints it."""
    notes: list[str] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    unused: list[Undecided] = field(default_factory=list)
    name: str = ""
    filled: int = 0
    """Answers that somebody wrote into the form: it is no blank."""

    def kind_of_title(self) -> str:
        """summary where the title ends as the tables of recommenders do, else application."""
        plain = re.sub(r"[（(][^（()）]*[)）]$", "", self.title)
        return "summary" if plain.endswith(words("titles", "summary")) else "application"

    def ask(self, where: str, what: str) -> None:
        item = Undecided(where, what)
        if item not in self.undecided:
            self.undecided.append(item)
