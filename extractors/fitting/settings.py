"""The numbers that decide in fitting, a settings object a stage, each with its unit and what it tells apart.

Lengths are in characters of the text as it stands. Most were set so that the forms in the tests and the golden cases are read,
blank and filled, as typed and as scanned; where something else chose one, it stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowSettings:
    """Rows of tables that hold fields."""

    half_label: int = 12
    """The longest piece of a label that was written into two cells (企业 | 名称)."""
    several: int = 2
    """So many labels, heads or answers are several: they cannot be words of one answer by chance."""
    bare_heads: int = 3
    """So many labels beside one another, a strange word among them, are heads of the row beneath; two may be an answer's."""
    corner: int = 12
    """The longest text in the corner of a table of heads; a longer one is an answer."""
    person_row: int = 5
    """Cells of a row of one person whose post is a word of the form (联系人 | 王芳 | 联系人 | 139… | 邮箱)."""
    stranger_row: int = 3
    """Cells of a row about somebody else, at least: who it is, a label, an answer."""
    shortest_inline: int = 3
    """The shortest cell that holds a label and its answer."""
    longest_inline: int = 90
    """The longest cell with a colon in which a reworded label is looked for."""
    unit_row: int = 2
    """Cells of a row that only states the unit of the amounts, at most."""
    apart_columns: int = 5
    """Columns of a table whose merged cells were taken apart, at least: forms have four and more cells a row."""
    apart_blank: int = 3
    """More than one in so many of such a table's cells is empty: each merged cell leaves one at least."""


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """Texts beside labels as answers. Costs rank the fields that one label may stand for."""

    backwards: float = 200.0
    """The cost of a field before the last one taken: more than there are fields in a form."""
    taken: float = 500.0
    """The cost of a field that has an answer: more than any place."""
    like_label: int = 24
    """The longest answer that may be another field's label."""
    label_rest: int = 5
    """Characters beyond a label that an answer like one may have."""
    label_least: int = 6
    """The shortest label that an answer may begin with and be like it."""
    options_cell: int = 120
    """The longest text with the options of a choice, or of several items of a person, where one answer is asked for."""
    options: int = 2
    """A choice with more options than this is known by them; 是 and 否 stand in many."""
    before_colon: int = 8
    """The longest label of a person's item that stands in another's answer."""
    word: int = 2
    """The shortest word that may be such a label."""
    date_line: int = 60
    """The longest line of the date of the commitment."""
    spread_date: int = 6
    """So many cells of one character each are an answer in pieces (9|1|3|1|…)."""
    date_piece: int = 12
    """The longest piece of a date in pieces."""
    mail_pieces: int = 4
    """The most pieces of an address of mail, its @ one of them."""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """Lines outside tables as items of the form."""

    unit_line: int = 30
    """The longest line that states a unit or names people alone."""
    tail: int = 40
    """The longest second line of a name or title."""
    name_tail: int = 8
    """The longest second line of a name that a page's line was too short for, where no seal follows."""


@dataclass(frozen=True, slots=True)
class LayoutSettings:
    """Where one is in a file."""

    title: int = 60
    """The longest title, heading or line of a list of contents."""
    annex_line: int = 10
    """The longest line that names an annex alone (附件2：)."""
    annex_reach: int = 8
    """Blocks, the line included, within which the annex's title or table comes."""
    many_labels: int = 8
    """A table with the labels of so many fields is the form's own."""
    contents: int = 3
    """So many headings right behind one another may be a list of contents."""
    contents_share: float = 2 / 3
    """Share of them that comes again later, at least: a file may lack chapters that its list of contents names."""
    chapters: int = 2
    """So many chapters of a form in a file without its title make it a part of one."""


LAYOUT = LayoutSettings()
ROWS = RowSettings()
ANSWERS = AnswerSettings()
LINES = LineSettings()
