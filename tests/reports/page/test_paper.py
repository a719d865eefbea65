"""A finding's place on the paper is where its words stand."""

from __future__ import annotations

from typing import Any

import pytest

from reports.page.paper import Hit, Paragraph, lay_out

PARAGRAPHS = ("先写别的话。", "接着写的话是抄来的。", "再写一段，也有抄来的。")


@pytest.mark.parametrize(
    ("marks", "where", "framed"),
    [
        (("抄来的",), "段落1", 1),  # a chapter is named by its first paragraph
        (("抄来的",), "段落3", 2),
        (("没有的话",), "段落1", 0),
        ((), "段落2", 1),
    ],
)
def test_the_paragraph_that_has_the_words_is_framed(marks: tuple[str, ...], where: str, framed: int) -> None:
    blocks: list[dict[str, Any]] = [{"w": f"段落{n}", "p": text} for n, text in enumerate(PARAGRAPHS, 1)]
    paper = lay_out({"blocks": blocks}, [Hit("D", "D03", "note", "", where, marks)])
    drawn = [block for block in paper.blocks if isinstance(block, Paragraph)]
    assert [bool(block.hits) for block in drawn] == [n == framed for n in range(3)]
    assert paper.places["D"] == drawn[framed].anchor
