"""Which applications hold text of given ones: of whatever company, form and office, counted or set aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalog.models import Catalog
from checks.bounds import within
from checks.duplicates import MANY, PIECE, SharedText, together
from checks.making import params_of
from checks.meaning.companies import names_of
from checks.meaning.prose import Prose, form_words, prose
from records.models import Submission, held

LEAST = 200
"""Characters of a passage where no rule of the pack says how many."""
_PORTION = 100
"""Applications that are looked at together: a round holds thousands."""


def copies_of(catalog: Catalog, own: Sequence[Submission], others: Sequence[Submission]) -> set[str]:
    """The documents among ``others`` that share a passage with one of ``own``. What more than MANY other companies have is a
    template's, and makes a copy of none of them."""
    found: set[str] = set()
    by_text: dict[tuple[str, str], list[_Shared]] = {}
    with held(own):
        for shared in _passages(catalog, own, others):
            if shared.company in names_of(catalog, shared.own.record):
                found.add(shared.other)
            elif shared.spread <= MANY:
                by_text.setdefault((shared.own.document, shared.text), []).append(shared)
    for every in by_text.values():
        for one in every:
            if len({o.company for o in every if o.overlaps(one)}) <= MANY:
                found.add(one.other)
    return found


class _Shared(NamedTuple):
    """A passage (first and last characters) of one of the given applications, and who has it too."""

    own: Submission
    text: str
    span: tuple[int, int]
    other: str
    company: str
    spread: int

    def overlaps(self, other: _Shared) -> bool:
        """Whether the greater part of the other's passage lies in this one's."""
        (first, last), (begin, end) = self.span, other.span
        return 2 * (min(last, end) - max(first, begin)) > end - begin


def _passages(catalog: Catalog, own: Sequence[Submission], others: Sequence[Submission]) -> Iterator[_Shared]:
    from checks.meaning import passages  # numpy is not loaded where nothing is compared

    told = (params for params in params_of(catalog).values() if isinstance(params, SharedText))
    least = min((params.least for params in told), default=LEAST)
    words, wanted = form_words(catalog), range(len(own))
    for at in range(0, len(others), _PORTION):
        some = (*own, *others[at : at + _PORTION])
        with held(some[len(own) :]):
            seen = [_texts(catalog, s) for s in some]
            singly = [(n, text.label, text.text) for n, texts in enumerate(seen) for text in texts]
            rows = [(n, str(row.cells[0].row), row.text) for n, texts in enumerate(seen) for row in together(texts)]
            names = [next(iter(names_of(catalog, s.record)), s.record.source.sha256) for s in some]
        for flat, piece in ((singly, None), (rows, PIECE)):
            texts = [passages.Text(n, text) for n, _, text in flat]
            for copy in passages.copied(texts, words, least=least, piece=piece, only=wanted):
                (mine, label, _), (other, *_) = flat[copy.one], flat[copy.other]
                if other >= len(own):  # they stand first
                    yield _Shared(some[mine], label, copy.span, some[other].document, names[other], copy.spread)


def _texts(catalog: Catalog, submission: Submission) -> list[Prose]:
    record = within(catalog, submission.reading)[0].record
    table = catalog.forms[record.form].instances()
    return prose(catalog, record, [c.key for c in table.columns] if table is not None else [])
