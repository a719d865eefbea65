"""The text of a cell: lines that its width broke are one, as far as a picture tells how wide it is."""

from __future__ import annotations

import pytest

from extractors.document.doubts import OCR_LINE, TICK_FAINT, WRAPPED
from extractors.page.characters import Char
from extractors.page.text import cell_text, doubts_about

SIZE = 10.0


def lines(*texts: str) -> list[Char]:
    found: list[Char] = []
    for number, text in enumerate(texts):
        x = 100.0
        for char in text:
            wide = SIZE if ord(char) > 0x2E80 else 0.54 * SIZE
            found.append(Char(char, x, x + wide, 100 + 13.0 * number, SIZE, run=number))
            x += wide
    return found


@pytest.mark.parametrize("closing", ["）", ")"])
def test_a_bracket_open_at_the_end_of_a_line_goes_on_whichever_way_its_end_was_read(closing: str) -> None:
    label = lines("主营业务收入（万", f"元{closing}")
    assert cell_text(label, 98, 100 + 10.5 * SIZE).text == f"主营业务收入（万元{closing}"


def test_a_figure_cut_by_a_narrow_cell_is_one_and_doubted() -> None:
    cut = cell_text(lines("76.5", "6%"), 98, 100 + 4.2 * SIZE)
    assert cut.text == "76.56%"
    assert doubts_about(cut.lines) == (WRAPPED,)
    assert cell_text(lines("76.5", "6%"), 98, 100 + 9 * SIZE).text == "76.5\n6%", "there was room for more"
    assert cell_text(lines("76", "6%"), 98, 100 + 4.2 * SIZE).text == "76\n6%"
    assert cell_text(lines("76.5", "6.2"), 98, 100 + 4.2 * SIZE).text == "76.5\n6.2"


def test_a_slip_in_a_long_text_is_let_pass_but_not_that_of_its_box() -> None:
    chars = lines("□一级" + "其他能力证明材料说明可后附" * 6)
    chars[5].doubt = OCR_LINE.at(0.6)
    assert doubts_about(cell_text(chars, 98, 1000).lines) == ()
    chars[0].mark, chars[0].doubt = "drawn", TICK_FAINT
    assert doubts_about(cell_text(chars, 98, 1000).lines) == (TICK_FAINT,)
