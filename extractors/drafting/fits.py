"""Blank forms beside the definitions of a pack: what a blank prints and a definition lacks, and the other way round."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalog.assembly import assemble
from catalog.diff import Change, best_form, compare_printed
from catalog.forms import Form
from extractors.document.model import Document
from extractors.drafting.form import draft
from extractors.drafting.layout import form_toml
from extractors.drafting.model import Undecided
from extractors.drafting.printed import joined


class Fitted(NamedTuple):
    """A form that a blank holds: ``drafted`` from it, and the pack's own that is like it, None where none is. ``unused`` are
    printed texts that neither of them holds."""

    drafted: Form
    own: Form | None
    unused: list[Undecided]

    def changes(self) -> list[Change]:
        """What the blank prints otherwise than the pack's form says: ``before`` is the pack's."""
        return compare_printed([self.own], [self.drafted]) if self.own is not None else []


def fitted(document: Document, forms: Sequence[Form]) -> list[Fitted]:
    """The forms of a blank file with those of a pack that they are."""
    out = []
    for number, form in enumerate(draft(document), 1):
        form.name = f"form_{number}"
        drafted = Form.model_validate(assemble(form.name, tomllib.loads(form_toml(form)), {}))
        own = best_form(drafted, forms)
        if own is not None and not form.annex:
            drafted = drafted.model_copy(update={"annex": own.annex})  # the blank does not print any
        known = "".join(joined(text) for text in _texts(own.model_dump())) if own is not None else ""
        out.append(Fitted(drafted, own, [u for u in form.unused if joined(u.what) not in known]))
    return out


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
