"""Every reason to doubt what was read, in one place: its name, how sure a value is in spite of it, and what shows it.

Readers put doubts on characters, cells, paragraphs and tables; fitting adds its own and gives each value the names of all.
:func:`confidence` is the only way from doubts to a number. A factor below :data:`records.models.CERTAIN` says "a person must
look"; one above it is slight, and leaves the value certain unless several come together. The factors rank doubts, they are
no probabilities; those of pictures (``ocr_…``) are measured for each text (:meth:`Doubt.at`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from records.models import CERTAIN


class Doubt(NamedTuple):
    """``name`` is a key of :data:`records.doubts.SENTENCES`; ``factor`` 0-1; ``evidence`` says what shows it."""

    name: str
    factor: float
    evidence: str = ""

    def at(self, factor: float) -> Doubt:
        """The same doubt as measured on one text."""
        return Doubt(self.name, factor, self.evidence)


Doubts = tuple[Doubt, ...]


def deciding(doubts: Doubts) -> Doubts:
    """Those that the confidence follows from: the grave ones, or where there are none, the slight ones."""
    return tuple(d for d in doubts if d.factor < CERTAIN) or doubts


def confidence(doubts: Doubts) -> float:
    """How sure a value with these doubts is: as its gravest one says; slight ones alone add up."""
    if not doubts:
        return 1.0
    gravest = min(d.factor for d in doubts)
    return round(gravest if gravest < CERTAIN else math.prod(d.factor for d in doubts), 4)


def together(*several: Doubts) -> Doubts:
    """The doubts of what was put together from several places: each name once, at its gravest."""
    found: Doubts = ()
    for doubts in several:
        if doubts:  # seldom: most of what is read is certain
            found = _both(found, doubts) if found else doubts
    return found


def _both(one: Doubts, other: Doubts) -> Doubts:
    found = {doubt.name: doubt for doubt in one}
    for doubt in other:
        held = found.get(doubt.name)
        if held is None or doubt.factor < held.factor:
            found[doubt.name] = doubt
    return tuple(found.values())


def names(doubts: Doubts) -> tuple[str, ...]:
    """What a VALUE carries: the names of the deciding doubts."""
    return tuple(d.name for d in deciding(doubts)) if doubts else ()


# ------------------------------------------------------------------------------------------ characters and pictures
OCR_LINE = Doubt("ocr_line", 0.9, "the recogniser's own probability, of the least sure character")
OCR_LABEL = Doubt("ocr_label", 0.9, "the same, of a label that is not word for word the form's")
TICK_PLAIN = Doubt("ocr_tick", 0.97, "a box in a picture, plainly empty or plainly marked")
TICK_FAINT = Doubt("ocr_tick", 0.85, "a box with 2 to 10 % of ink in its middle, or a ring around it")
TICK_DISPUTED = Doubt("ocr_tick", 0.6, "a box whose sides or whose place are in question")
BLANK_PLAIN = Doubt("ocr_blank", 0.97, "an empty cell of a picture with at most 12 dark pixels")
BLANK_SPECKLED = Doubt("ocr_blank", 0.8, "with 13 to 59")
BLANK_INKED = Doubt("ocr_blank", 0.5, "with 60 or more: perhaps writing that the detector missed")
INK_NOT_READ = Doubt("ink_not_read", 0.6, "ink in the cell that no piece of text covers")
MAYBE_TWO_CELLS = Doubt(
    "maybe_two_cells", 0.6, "a piece of a rule runs through the cell where its neighbours are parted"
)
MAYBE_TWO_BY_GAP = Doubt(
    "maybe_two_cells", 0.6, "a line of the cell of a picture has a gap as wide as between two cells"
)
OPTION_WITHOUT_A_BOX = Doubt("option_without_a_box", 0.9, "no option ticked, and one stands without a box")
COLUMN_MAYBE_LOST = Doubt("column_maybe_lost", 0.9, "a table of a picture: a column not found may be on the paper")
LIKENED_TO_A_NAME = Doubt("likened_to_a_name", 0.9, "one name of the catalog is a character (long ones two) away")
TYPED_UPON_A_SCAN = Doubt("typed_upon_a_scan", 0.6, "placed by the file's codes, the scan beneath may lie askew")
TICKED_BY_HAND = Doubt("ticked_by_hand", 0.9, "a stroke of about its size over a typed box")
BESIDE_STRUCK_OUT = Doubt("beside_struck_out", 0.9, "the text beside it was struck out by hand")
BEYOND_THE_PAGE = Doubt("beyond_the_page", 0.9, "stands in the file right of the page's edge")
OVERPRINTED = Doubt("overprinted", 0.9, "characters or lines over one another")
UNDER_A_STAMP = Doubt(
    "under_a_stamp", 0.9, "large red letters among the text; in a picture without colours, a line that a seal crosses"
)
TEXT_MISSING = Doubt("text_missing", 0.9, "the reader left out a text that touches this one")
TEXT_PUT_BACK = Doubt("text_put_back", 0.9, "a text left out, taken from the same one drawn before")
RARE_CHARACTER = Doubt(
    "rare_character", 0.9, "a character of CJK extension A or of private use: a font may name a glyph so by mistake"
)
FILLS_ITS_BOX = Doubt("fills_its_box", 0.9, "text reaches the right edge of the field it was typed in")
LINES_IN_COLUMNS = Doubt("lines_in_columns", 0.9, "a paragraph whose lines are parted as columns are")

# --------------------------------------------------------------------------------------------------------- tables
JOINED_OVER_A_PAGE = Doubt("joined_over_a_page", 0.9, "not every sign says whether a row goes on over the page break")
TABLE_GUESSED = Doubt("table_guessed", 0.9, "columns told by gaps between texts alone")
TABLE_BY_TAGS = Doubt("table_by_tags", 0.9, "cells told by the file's tags, no rules to confirm them")
TABLE_UNEVEN = Doubt("table_uneven", 0.9, "rules that close no rectangle, or were filled in")
BORDER_MISSING = Doubt("border_missing", 0.9, "a blank place that no rule closes was given to the cell above")
ROW_RAGGED = Doubt("row_ragged", 0.9, "fewer cells than the head: a merged one was left out and the rest moved up")
FILE_INCONSISTENT = Doubt(
    "file_inconsistent", 0.9, "parts of the file do not add up, and no second reader confirmed them"
)

# -------------------------------------------------------------------------------------------------------- workbooks
HIDDEN_CELL = Doubt(
    "hidden_cell", 0.9, "the cell's row, column or sheet is hidden: a filter left on, or a thing taken out"
)
FORMULA_WITHOUT_RESULT = Doubt("formula_without_result", 0.6, "a formula that was never computed, or gave an error")
DIGITS_LOST = Doubt(
    "digits_lost", 0.6, "a number of more digits than a spreadsheet keeps: the last ones are zeros of its own"
)
NUMBER_FORMAT = Doubt("number_format", 0.9, "a format of the cell that is not understood: it may show something else")

# --------------------------------------------------------------------------------------------------------- labels
LABEL_WRITTEN_OVER = Doubt(
    "label_written_over", 0.9, "an answer in the cell that printed its label, by its place in the row"
)
LABEL_FUZZY = Doubt(
    "label_fuzzy", 0.9, "the label is not the form's word for word: by likeness, or borne out by its value"
)
LABEL_BEFORE_GAP = Doubt("label_before_gap", 0.97, "two blanks or the label's bracket part it from the value, no colon")
LABEL_GLUED = Doubt("label_glued", 0.96, "one blank or nothing parts the label from the value")
NOTE_OR_FIGURE = Doubt("note_or_figure", 0.9, "one or two digits where the form's note mark or the figure may stand")
LABEL_OUT_OF_TURN = Doubt(
    "label_out_of_turn", 0.9, "a label of several fields, the one next in the form's order being filled"
)
LABELS_SIDE_BY_SIDE = Doubt("labels_side_by_side", 0.9, "labels on one line, as many values on the next")
HEADS_IN_TABLE_BEFORE = Doubt(
    "heads_in_table_before", 0.97, "as many columns as heads of the table before, in their order"
)
HEAD_FUZZY = Doubt("head_fuzzy", 0.9, "a column head like the form's by 70 in 100 or more")
HEAD_BY_PLACE = Doubt(
    "head_by_place", 0.85, "as many unknown heads between known ones as the form has columns there, or no head at all"
)
HEAD_NOT_UNDERSTOOD = Doubt("head_not_understood", 0.9, "no such column, but a head that could not be told")
HEADING_REWORDED = Doubt("heading_reworded", 0.9, "a chapter's heading in other words, or another line may be it")
YEAR_BY_ORDER = Doubt("year_by_order", 0.8, "figures by year without a year at their head")
NOT_FOUND = Doubt("not_found", 0.9, "nothing stands where the answer would")

# -------------------------------------------------------------------------------------------- where a value stands
VALUE_APART = Doubt("value_apart", 0.9, "an empty cell between the label and the text")
SEVERAL_FIGURES = Doubt("several_figures", 0.85, "several figures beside one label, one of them taken")
PIECED_TOGETHER = Doubt("pieced_together", 0.9, "an address over several cells")
RUNS_ON = Doubt("runs_on", 0.97, "a further paragraph of a long text, up to the next label")
RUNS_OVER_ITEMS = Doubt("runs_on", 0.9, "the same, with labels in it that were met before")
WRAPPED = Doubt("wrapped", 0.9, "a value of the cover that may go on in the next line")
IN_NEXT_PARAGRAPH = Doubt("in_next_paragraph", 0.97, "a label alone, a paragraph beneath it")
IN_NEXT_CELL = Doubt("in_next_paragraph", 0.9, "the same on a page, where it may be a cell of a table without rules")
ROW_GOES_ON = Doubt("row_goes_on", 0.9, "a row in which all that names it is blank, joined to the row above")
MERGED_OR_BLANK = Doubt("merged_or_blank", 0.9, "a blank cell in a column that forms merge downwards")
SAID_TWICE = Doubt("said_twice", 0.9, "one label twice with different answers")
SAID_ELSEWHERE = Doubt("said_elsewhere", 0.9, "blank in the form, said in a table of its chapters or annexes")
INSTANCE_UNKNOWN = Doubt("instance_unknown", 0.9, "a table of one item under no item's name")
INSTANCE_FUZZY = Doubt("instance_fuzzy", 0.9, "an item's name not word for word that of the list of items")
INSTANCE_MAYBE_OTHER = Doubt("instance_maybe_other", 0.8, "a line between that may name another scene instance")
EXAMPLE_ROW = Doubt("example_row", 0.9, "the printed example row, written over")

# ------------------------------------------------------------------------------------------------ what a value says
LIKE_A_LABEL = Doubt("like_a_label", 0.6, "another field's label where the value should be")
HOLDS_A_LABEL = Doubt("holds_a_label", 0.9, "a further label within a short answer")
OWN_ITEM = Doubt(
    "own_item", 0.8, "an item in words that are not the form's, among paragraphs that are columns of a row"
)
ITEM_MAYBE_ELSEWHERE = Doubt("own_item", 0.9, "a blank column of a row with such an item")
SPLIT_FROM_ONE_CELL = Doubt("split_from_one_cell", 0.9, "a name and a telephone in one cell")
NOT_A_PLAIN_NAME = Doubt("not_a_plain_name", 0.9, "more than the name of one person")
ANSWER_IN_LABEL = Doubt("answer_in_label", 0.9, "是 or 否 in the bracket of the label")
INSTRUCTION_PRINTED = Doubt("instruction_printed", 0.9, "an office's example or instruction where the answer goes")
MASKED = Doubt("masked", 0.8, "signs that stand for what is to be written, or hide it")
NOT_UNDERSTOOD = Doubt("not_understood", 0.9, "text that is not of the field's type")

# ---------------------------------------------------------------- how it is written: named by records.normalise, choices, instances
LEVEL_REACHED = Doubt("level_reached", 0.85, "下降到8%: what was reached, where the gain is asked for")
OTHER_DIRECTION = Doubt("other_direction", 0.8, "提升 | 下降5%: the change goes the other way than the label asks")
CHANGE_SAID = Doubt("change_said", 0.8, "数控化率 | 下降5%: a change where a level is asked for")
FIGURE_IN_WORDS = Doubt("figure_in_words", 0.9, "one figure in percent, or one count, with other words around it")
AMOUNT_IN_WORDS = Doubt("amount_in_words", 0.97, "an amount with words before it, or with what of it goes where")
DATE_IN_WORDS = Doubt("date_in_words", 0.9, "one date with other words around it")
PERIOD_IN_WORDS = Doubt(
    "period_in_words", 0.85, "two dates with other words or figures around them, or parts of a year"
)
UNLIKE_A_CODE = Doubt("unlike_a_code", 0.9, "other signs than letters and digits, or fewer than nine")
TICK_NOT_TOLD = Doubt("tick_not_told", 0.9, "no option of the form, no box, or marks that cannot be told apart")
TICK_BETWEEN = Doubt("tick_between", 0.6, "a tick as near to one option as to the next")
TICK_WITHOUT_ITS_BOX = Doubt("tick_without_its_box", 0.89, "a tick between two options, the second without a box")
ANSWERED_IN_WORDS = Doubt("answered_in_words", 0.9, "是, 否 or words to that effect, no box")
CHOSEN_AMONG_WORDS = Doubt("chosen_among_words", 0.85, "one option alone, no box, with other words around it")
CHOSEN_BY_LOOK = Doubt(
    "chosen_by_look", 0.85, "no box ticked, one option set off by its ground, frame, colour, weight or a line beneath"
)
KIND_LEFT_OUT = Doubt("kind_left_out", 0.9, "the word for its level behind a name, left away")
PARTS_LEFT_OUT = Doubt("parts_left_out", 0.8, "an instance without its upper level")
INSTANCE_ALONE = Doubt("instance_alone", 0.7, "an instance without its two upper levels")
INSTANCES_MISSED = Doubt(
    "instances_missed", 0.8, "the upper level's label more often than instances that could be told"
)
OF_INSTANCES = (KIND_LEFT_OUT, PARTS_LEFT_OUT, INSTANCE_ALONE, INSTANCES_MISSED)
_BY_NAME = {
    doubt.name: doubt
    for doubt in (
        LEVEL_REACHED, OTHER_DIRECTION, CHANGE_SAID, FIGURE_IN_WORDS, AMOUNT_IN_WORDS, DATE_IN_WORDS, PERIOD_IN_WORDS, UNLIKE_A_CODE, TICK_NOT_TOLD, TICK_BETWEEN,
        TICK_WITHOUT_ITS_BOX, ANSWERED_IN_WORDS, CHOSEN_AMONG_WORDS, *OF_INSTANCES,
    )
}  # fmt: skip


def by_names(found: tuple[str, ...]) -> Doubts:
    """The doubts that a reader of texts (:mod:`records.normalise` and its sisters) named."""
    return tuple(_BY_NAME[name] for name in dict.fromkeys(found))
