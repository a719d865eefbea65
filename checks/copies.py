"""Which documents hold text of given ones: of whatever company, form and office, counted or set aside, forms or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalog.models import Catalog
from checks.bounds import within
from checks.duplicates import MANY, PIECE, SharedText
from checks.making import params_of
from checks.meaning.companies import names_of
from checks.meaning.prose import form_words, prose
from records.models import Submission, held

LEAST = 100
"""Characters that the passages come to together."""
_PORTION = 100
"""Documents that are looked at together: a round holds thousands."""


def copies_of(catalog: Catalog, own: Sequence[Submission], others: Sequence[Submission]) -> set[str]:
    """The documents among ``others`` that share passages with one of ``own``. What more than MANY other companies have is a
    template's, and makes a copy of none of them."""
    found: set[str] = set()
    by_text: dict[tuple[str, bool], list[_Shared]] = {}
    with held(own):
        for shared in _passages(catalog, own, others):
            if shared.company in names_of(catalog, shared.own.record):
                found.add(shared.other)
            elif shared.spread <= MANY:
                by_text.setdefault((shared.own.document, shared.exact), []).append(shared)
    for every in by_text.values():
        for one in every:
            if len({o.company for o in every if o.overlaps(one)}) <= MANY:
                found.add(one.other)
    return found


class _Shared(NamedTuple):
    """A passage (first and last characters) of one of the given documents, and who has it too."""

    own: Submission
    span: tuple[int, int]
    other: str
    company: str
    exact: bool
    """Word for word, wherever it stands; else in the same order, and rewritten in part."""
    spread: int = 1

    def overlaps(self, other: _Shared) -> bool:
        """Whether the greater part of the other's passage lies in this one's."""
        (first, last), (begin, end) = self.span, other.span
        return 2 * (min(last, end) - max(first, begin)) > end - begin


def _passages(catalog: Catalog, own: Sequence[Submission], others: Sequence[Submission]) -> Iterator[_Shared]:
    from checks.meaning import passages  # numpy is not loaded where nothing is compared

    rules = [params for params in params_of(catalog).values() if isinstance(params, SharedText)]
    columns = {c for rule in rules for c in catalog.keys[rule.columns]}
    words = form_words(catalog)
    for at in range(0, len(others), _PORTION):
        some = (*own, *others[at : at + _PORTION])
        with held(some[len(own) :]):
            texts = [_text(catalog, s, columns) for s in some]
            names = [next(iter(names_of(catalog, s.record)), s.record.source.sha256) for s in some]
        numbered = [passages.Text(n, text) for n, text in enumerate(texts)]
        for copy in passages.copied(numbered, words, least=LEAST, piece=PIECE, only=range(len(own))):
            if copy.other >= len(own):  # they stand first
                of = some[copy.other].document, names[copy.other]
                yield _Shared(some[copy.one], copy.span, *of, exact=False, spread=copy.spread)
        for mine, text in zip(own, texts, strict=False):
            for n, span in passages.verbatim(text, texts[len(own) :], words, least=LEAST, piece=PIECE):
                yield _Shared(mine, span, some[len(own) + n].document, names[len(own) + n], exact=True)


def _text(catalog: Catalog, submission: Submission, columns: set[str]) -> str:
    """What an application says at length (all columns of its instances where no rule names any); of another document every line."""
    reading, _ = within(catalog, submission.reading)
    if reading.record.form not in catalog.applications:
        return "\n".join(line.text for line in reading.lines)
    table = catalog.forms[reading.record.form].instances()
    kept = [c.key for c in table.columns if c.key in columns or not columns] if table is not None else []
    return "\n".join(text.text for text in prose(catalog, reading.record, kept))
