"""A blank form as the definition it implies: a Document → a draft that a person completes, and the files of a pack.

Nothing here is certain: what a person must still decide stands in the draft with its place in the blank.
"""

from extractors.drafting.form import draft
from extractors.drafting.model import DraftForm, Undecided

__all__ = ["DraftForm", "Undecided", "draft"]
