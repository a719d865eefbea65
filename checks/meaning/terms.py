"""Chinese words of a text, and TF-IDF over them: the one seam to jieba.

rjieba is used where it is installed (the same tokens, 17 times as fast, no start-up time to speak of), else jieba. The
catalog's own names and technical terms are given to either as a user dictionary.

The weights are those of scikit-learn's ``TfidfVectorizer(sublinear_tf=True)``: smoothed idf, rows of length 1. They are
computed here because importing scikit-learn takes 3.8 s (measured on two cores), 100 times what checking an application
costs, and `shenbao check` would pay it each time; tests/checks/test_fit.py holds the numbers against scikit-learn's.
"""

from __future__ import annotations

import importlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from catalog.models import Catalog
from checks.lists import list_of
from checks.lists import names as list_names
from checks.meaning.names import nfkc

WORD_FREQUENCY = 20_000
"""High enough for a term of the catalog to stay whole; search mode gives its parts as well."""
_WORD = re.compile(r"[㐀-鿿]{2,}|[a-z][a-z0-9+#]+|[0-9]+[a-z]+")


@lru_cache(maxsize=8)
def _cutter(dictionary: tuple[str, ...]) -> Callable[[str], Iterable[str]]:
    """A function that cuts a text in search mode, with the words of ``dictionary`` known."""
    try:
        fast = importlib.import_module("rjieba").Jieba()
    except ImportError:
        return _plain_cutter(dictionary)
    for word in dictionary:
        fast.add_word(word, WORD_FREQUENCY, "n")
    cut: Callable[[str], Iterable[str]] = fast.cut_for_search
    return cut


def _plain_cutter(dictionary: tuple[str, ...]) -> Callable[[str], Iterable[str]]:
    """The same by jieba itself."""
    jieba = importlib.import_module("jieba")
    jieba.setLogLevel(60)
    slow = jieba.Tokenizer()
    for word in dictionary:
        slow.add_word(word, WORD_FREQUENCY, "n")
    cut: Callable[[str], Iterable[str]] = slow.cut_for_search
    return cut


def dictionary_of(catalog: Catalog) -> tuple[str, ...]:
    """The catalog's terms: the names of its lists, and the technical terms of the pack."""
    names = (name for listed in list_names(catalog) for name in list_of(catalog, listed).names)
    return tuple(dict.fromkeys([*names, *catalog.words.get("terms", ())]))


def terms(text: str, dictionary: tuple[str, ...] = ()) -> list[str]:
    """The words of a text: Chinese words of two characters or more and Latin words, lower case."""
    return [w for w in _words(text, dictionary) if _WORD.fullmatch(w)]


def _words(text: str, dictionary: tuple[str, ...]) -> Iterable[str]:
    # A lone surrogate, as broken files may hold, cannot be handed to rjieba.
    plain = nfkc(text).lower().encode("utf-8", "replace").decode("utf-8")
    return _cutter(dictionary)(plain)


class TfIdf:
    """Texts by name, and how well another text fits each of them (cosine, 0 to 1)."""

    def __init__(self, texts: Mapping[str, str], dictionary: tuple[str, ...] = ()) -> None:
        self._dictionary = dictionary
        counts = {name: Counter(terms(text, dictionary)) for name, text in texts.items()}
        seen: Counter[str] = Counter(word for words in counts.values() for word in words)
        self._idf = {word: math.log((1 + len(counts)) / (1 + n)) + 1 for word, n in seen.items()}
        self._rows = {name: self._weigh(words) for name, words in counts.items()}
        self._holding: dict[str, list[tuple[str, float]]] = {}
        for name, row in self._rows.items():
            for word, weight in row.items():
                self._holding.setdefault(word, []).append((name, weight))

    def _weigh(self, words: Counter[str]) -> dict[str, float]:
        row = {w: (1 + math.log(n)) * self._idf[w] for w, n in words.items() if w in self._idf}
        length = math.sqrt(sum(v * v for v in row.values()))
        return {w: v / length for w, v in row.items()} if length else {}

    def scores(self, text: str) -> dict[str, float]:
        """Name → how well the text fits, best first; equal ones in the order given."""
        row = self._weigh(Counter(w for w in _words(text, self._dictionary) if w in self._idf))
        found = dict.fromkeys(self._rows, 0.0)
        for word, own in row.items():
            for name, weight in self._holding.get(word, ()):
                found[name] += own * weight
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def reasons(self, text: str, name: str, count: int = 12) -> list[str]:
        """The words that the text and the named text share, the weightiest first."""
        row, other = self._weigh(Counter(terms(text, self._dictionary))), self._rows[name]
        shared = {w: v * other[w] for w, v in row.items() if w in other}
        return sorted(shared, key=lambda w: (-shared[w], w))[:count]
