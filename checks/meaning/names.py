"""Names, telephones and cells as they are compared: what is folded away, what counts, and how a cell is taken apart.

Names are compared after NFKC, without white space, brackets' signs and punctuation (brackets' content stays);
telephones by their digits (rule book, end of group K).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from catalog.models import Catalog
from checks.lists import Item, list_of
from checks.meaning.width import nfkc as plain_width
from records.models import Value, as_text
from records.numbers import NUMERALS

SEPARATORS = re.compile(r"[、,;/|\n\t]+")
"""What parts several entries of one cell, after NFKC (，；／ are among them)."""

_NUMERAL = rf"(?:\d{{1,3}}|[{NUMERALS}]{{1,3}})"
_NUMBER = re.compile(
    rf"""\s*(?:
        [((\[【]\s*{_NUMERAL}\s*[))\]】]\s*[.、:,]?        # （8）
      | (?:场景实例|场景|环节|实例|序号)\s*{_NUMERAL}\s*[.、:,)\s]  # 场景8：
      | 第{_NUMERAL}(?:个|项)\s*[.、:,]?                    # 第八项
      | {_NUMERAL}\s*[.、:,)\]]+(?!\d)                      # 8. 8、 八、 8）
      | {_NUMERAL}\s+                                       # 8 名称
      | \d{{1,2}}\s*-+(?!\d)                                 # 8-名称
    )\s*""",
    re.VERBOSE,
)
_NOT_DONE = re.compile(r"(?:尚|暂)?(?:未|没有|不|无)(?:采用|使用|应用|涉及|开展|实施|统计|配置|部署|投用|适用|需)")
_NO_PART_OF_A_NAME = re.compile(r"[\W_]+")
_CIRCLED = re.compile("[①-⑳]")
_BRACKETED = re.compile(r"[(\[【〔{<《][^()\[\]【】〔〕{}<>《》]*[)\]】〕}>》]")
_SAYS_NO, _JUST_NO = 16, 8
"""Characters of an answer that only says that something is not done (未采用先进过程控制), or only begins with a no."""


def nfkc(text: str) -> str:
    """NFKC: full-width letters, digits and brackets become their plain forms; ① becomes (1), not a bare 1."""
    return plain_width(_CIRCLED.sub(lambda m: f"({ord(m[0]) - ord('①') + 1})", text))


def fold(text: str) -> str:
    """The name as it is compared: NFKC, case folded, no white space, punctuation, symbols or control characters. Remembered:
    many rules compare the same names and texts."""
    return _fold_name(text) if len(text) <= _NAME else _fold_text(text)


def _fold(text: str) -> str:
    return _NO_PART_OF_A_NAME.sub("", nfkc(text).casefold())


_NAME = 60
"""Characters of a name, of which a round has thousands; a longer text is one document's."""
_fold_name, _fold_text = functools.lru_cache(maxsize=16384)(_fold), functools.lru_cache(maxsize=1024)(_fold)


@functools.lru_cache(maxsize=64)
def folded_words(words: tuple[str, ...]) -> frozenset[str]:
    """Words of the pack as they are compared."""
    return frozenset(map(fold, words))


def same(one: str, other: str) -> bool:
    """True where two names are the same name; two blanks are not."""
    folded = fold(one)
    return bool(folded) and folded == fold(other)


def digits(text: str) -> str:
    """The digits of a telephone number, by which two numbers are compared."""
    return "".join(c for c in nfkc(text) if c.isdigit())


def without_brackets(text: str) -> str:
    """The text without its brackets and what stands in them."""
    plain = nfkc(text)
    while (shorter := _BRACKETED.sub("", plain)) != plain:
        plain = shorter
    return plain


def without_number(text: str) -> str:
    """The name without the number in front of it: 8.环保管控, （8）环保管控, 八、环保管控. 5G专网 keeps its 5."""
    plain = nfkc(text).strip()
    number = _NUMBER.match(plain)
    return plain[number.end() :] if number else plain


def parts(text: str) -> list[str]:
    """The entries of a cell that holds several, in order, blanks dropped."""
    return [p.strip() for p in SEPARATORS.split(nfkc(text)) if p.strip()]


def means_blank(text: str, blank_words: Iterable[str]) -> bool:
    """True where the text says that there is nothing: "/", "—", "无", "不涉及", or a short negation without a digit
    (未采用先进过程控制)."""
    folded = fold(text)
    if not folded or folded in folded_words(tuple(blank_words)):
        return True
    if re.search(r"\d", folded):
        return False
    if len(folded) <= _SAYS_NO and _NOT_DONE.match(folded):
        return True
    return len(folded) <= _JUST_NO and bool(re.match(r"无(?!锡|人)|未|暂|不|没有|非流程|非|空|略|待", folded))


_ITEMS: dict[tuple[str, str], dict[str, Item]] = {}
"""Catalog version and list → its entries by folded names and aliases: they are asked for at every cell."""


def item_named(catalog: Catalog, list_name: str, name: str) -> Item | None:
    """The entry of a list of that name or alias; numbers in front and what an entry is called behind it do not matter."""
    found = list_of(catalog, list_name)
    key = (catalog.version, list_name)
    if key not in _ITEMS:
        _ITEMS[key] = {fold(n): i for i in reversed(found.items) for n in (i.name, *i.aliases)}
    known = _ITEMS[key]
    return known.get(fold(name)) or next((known[s] for s in _spellings(name, found.what) if s in known), None)


def link_of(catalog: Catalog, name: str) -> Item | None:
    """The entry of the upper list of scenes (环节) of that name or alias; None where there is no such list."""
    found = catalog.list_by_role("link")
    return item_named(catalog, found.name, name) if found is not None else None


def scene_of(catalog: Catalog, name: str) -> Item | None:
    """The entry of the lower list of scenes (场景) of that name or alias; None where there is no such list."""
    found = catalog.list_by_role("scene")
    return item_named(catalog, found.name, name) if found is not None else None


def _spellings(name: str, word: str) -> list[str]:
    """The folded forms under which a name of the catalog may stand in a cell."""
    found: set[str] = set()
    for text in (name, without_number(name)):
        folded = fold(text)
        bare = fold(without_number(without_brackets(text)))
        found |= {folded, folded.removesuffix(word), folded.lstrip("0123456789")}
        if bare:
            found |= {bare, bare.removesuffix(word)}
        found |= {f.removesuffix(word + "名") for f in (folded, bare)}
    return sorted(found - {""})


def industry_named(catalog: Catalog, option: str) -> str:
    """The catalog's name of one of the four industries, "" where the text is none of them."""
    folded = fold(option)
    for industry in catalog.industries:
        if folded in {fold(n) for n in (industry.name, industry.full_name, *industry.option_aliases)}:
            return industry.name
    return ""


def text_of(value: Value | None) -> str:
    """The text of a value: its value, or its raw text where it could not be normalised."""
    if value is None:
        return ""
    return as_text(value.value) if value.value is not None else value.raw


def doubtful(value: Value | None) -> bool:
    """True where a value is unsure, or blank only because its text could not be read as its type."""
    return value is not None and (not value.certain or (value.value is None and bool(value.raw)))


def empty(value: Value | None) -> bool:
    """True where the form has certainly nothing here."""
    return value is None or (value.certain and value.blank)
