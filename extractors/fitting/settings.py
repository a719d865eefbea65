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
    beside_years: int = 3
    """Cells beside three bare years that head columns: what the figures are, and columns of the applicant's own (备注, 同比)."""
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
    several: int = 2
    """So many pieces, figures or values are several."""
    head: int = 20
    """The longest head over figures (实施后, 同比)."""
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
class LabelSettings:
    """Words that are compared. Likeness is rapidfuzz's ratio, 0-100, of folded texts."""

    longest: int = 90
    """Characters beyond which a text is no label: the form's longest has 72, with its instruction."""
    fuzzy: float = 82.0
    """Least likeness of a reworded label."""
    likely: float = 62.0
    """Least likeness where the value itself is of the field's type (boxes with its options, a date, a percentage)."""
    clear: float = 6.0
    """By how much the likeliest field must be likelier than the next."""
    shortest_alike: int = 3
    """The shortest label found by likeness: one character of two is half of it."""
    long: int = 4
    """A label, heading or instruction of so many characters tells something by itself; 名称, 电话 and 备注 stand anywhere."""
    more: int = 8
    """Characters that a text may have beyond a label it contains."""
    told_by: int = 2
    """A column's head that no more tables have tells them from the others."""
    hint: int = 2
    """The shortest instruction of the form that is taken off an answer."""
    prompt: int = 64
    """The longest mark of a template; 40 for its prompt in words."""
    prompt_words: int = 40
    short_answer: int = 60
    """The longest answer that may be an example, an instruction or masked."""


@dataclass(frozen=True, slots=True)
class RecognitionSettings:
    """Which form a file is, counted in its folded labels."""

    title_likeness: float = 80.0
    """Least likeness (rapidfuzz partial ratio) of a title to the form's."""
    kind: int = 3
    """The last characters of a title say what it is (申报书, 申请表, 汇总表),"""
    programme: int = 4
    """and so many at its beginning whose it is (智能制造)."""
    lead: int = 6
    """By so many labels of its own another form must lead to be meant in spite of the title on the cover: applicants' own
    headings and columns read like labels of the sister form."""
    few: int = 4
    """Labels of a form alone below which a title says more than they do."""
    cover: int = 2
    """So many items of the cover make a title the form's own."""
    labels: int = 8
    """So many labels make a file the form without a title,"""
    labels_titled: int = 4
    """and so many with a title that is not the form they speak for."""
    labels_own_title: int = 2
    """and so many with its own title."""
    several_forms: int = 10
    """Cells with labels of the form, below which a file with the titles of several is the notice, not an application."""
    name: int = 4
    """The shortest name of the catalog that a text read by OCR is put for; one character may differ, from
    :attr:`long_name` on two."""
    long_name: int = 8
    surely_own: float = 0.6
    """Share of its form's labels from which a document is this notice's without a look at others,"""
    foreign: float = 2.0
    """and how many times that share another notice's form must reach."""
    gap: int = 3
    """Paragraphs within which a title goes on in a second line,"""
    tail: int = 20
    """and the longest such line."""


@dataclass(frozen=True, slots=True)
class ChapterSettings:
    """Headings of chapters and their text. Likeness is rapidfuzz's ratio, 0-100."""

    alike: float = 55.0
    """Least likeness of a heading that stands in its turn with the form's own number."""
    nearly: float = 78.0
    """Least likeness of a heading that lacks the form's number."""
    instructs: float = 75.0
    """Least likeness of an instruction that was retyped."""
    contained: int = 2
    """The shortest heading that may stand within the form's, or hold it."""
    heading: int = 60
    """The longest line that is a heading alone,"""
    reworded: int = 40
    """one in other words with a number,"""
    foreign: int = 30
    """one that cannot be told and ends the chapter,"""
    unnumbered: tuple[int, int] = (4, 25)
    """one in other words without a number (shortest and longest),"""
    unnumbered_parent: tuple[int, int] = (4, 20)
    """and one that heads chapters."""
    instruction: int = 20
    """The shortest paragraph in brackets that may be an instruction."""
    tells: int = 14
    """So many characters in common at its beginning make it an instruction of the form."""
    boxed_in: int = 2
    """The last column of a table in which a chapter's heading stands: a number may stand before it."""
    own_heading: int = 4
    """The longest title of a table that is the applicant's own heading within a chapter (关键装备)."""
    guide: int = 20
    """The longest heading of instructions for filling in."""


@dataclass(frozen=True, slots=True)
class TableSettings:
    """The form's own tables. Likeness is rapidfuzz's ratio, 0-100."""

    head_like: float = 70.0
    """Least likeness of a head in other words."""
    instance_like: float = 85.0
    """Least likeness of a scene instance's name to the one in 附1 that it stands for."""
    head: int = 120
    """The longest head of a column, its instruction included."""
    note: int = 120
    """The longest line that names a scene instance, and the longest row of instructions."""
    heads: int = 2
    """A row with fewer known heads is no head."""
    head_word: int = 2
    """The shortest head that is guessed,"""
    head_read: int = 3
    """and the shortest in which a character read wrongly is put right."""
    heads_known: int = 3
    """So many known heads let the others be guessed."""
    head_share: float = 0.6
    """Share of a row's texts that are heads, at least: a row of values has none."""
    heads_unfilled: int = 4
    """Heads with as many blanks between them, fewer than these, are labels whose values are not filled in."""
    marginal: int = 2
    """Cells of a row with a note beneath the rows, or a line that names an instance, at most; the last column it begins in."""
    goes_on: int = 2
    """Cells that say something in a row which goes on with the one above, at most, and cells that would name it, at least."""
    item: int = 16
    """The longest label of an item in the applicant's own words."""
    field_labels: int = 2
    """Labels of fields that end a table's rows."""
    short: int = 60
    """The longest such label."""
    example_cells: int = 4
    """Cells of the printed example that must hold something for the row to be an applicant's own,"""
    example_long: tuple[int, int] = (12, 8)
    """printed texts longer than the first, overwritten by texts of the second at least, tell it,"""
    example_own: int = 3
    """so many of them."""
    hint_start: int = 8
    """Characters in common at its beginning that make a row an instruction,"""
    hint_more: int = 4
    """and how much longer it may be."""
    upright_rows: int = 3
    """Rows of a table with its heads at the side, at least,"""
    upright_cells: int = 2
    """cells of a row that looks like a head across and is none, at most,"""
    upright_strong: int = 2
    """heads that tell the table, at least,"""
    upright_heads: tuple[int, int] = (3, 4)
    """heads in all, the second in a table of more columns than"""
    upright_wide: int = 6
    side_label: int = 3
    """The longest label that parts from its text only where it stands alone in its row."""


@dataclass(frozen=True, slots=True)
class LayoutSettings:
    """Where one is in a file."""

    title: int = 60
    """The longest title, heading or line of a list of contents."""
    cover: int = 2
    """So many items of the cover behind a title make what stands before it another paper."""
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
    fields_share: float = 0.6
    """Share of the form's fields whose labels were met, more than, from which its parts count as read."""
    chapters: int = 2
    """So many chapters of a form in a file without its title make it a part of one."""


LABELS = LabelSettings()
RECOGNITION = RecognitionSettings()
CHAPTERS = ChapterSettings()
TABLES = TableSettings()
LAYOUT = LayoutSettings()
ROWS = RowSettings()
ANSWERS = AnswerSettings()
LINES = LineSettings()
