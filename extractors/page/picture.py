"""What is read from the picture of a page, whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from extractors.document.model import Block, Paragraph
from extractors.page.content import PageContent
from records.models import Note, Seal


class Picture:
    """What a picture reader gives for one page: its blocks, what stands aside, the seals it saw, and what it noticed.

    A reader that knows where everything stands gives ``contents`` instead of blocks (of two pages on one sheet both, the left one
    first): then page breaks are mended and running headers set aside as on typed pages.
    """

    def __init__(
        self,
        blocks: list[Block],
        aside: list[Paragraph] | None = None,
        seals: list[Seal] | None = None,
        contents: list[PageContent] | None = None,
        notes: list[Note] | None = None,
    ) -> None:
        self.blocks, self.aside, self.seals = blocks, aside or [], seals or []
        self.contents, self.notes = contents or [], notes or []


PictureReader = Callable[[Any, int], Picture]
"""Takes the page as a numpy array (height × width × 3, RGB) and its number."""
