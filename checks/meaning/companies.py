"""Which applications are one company's: the same credit code, or the same name after folding (rules D01–D03, Q02–Q05)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz import fuzz

from catalog.forms import Role
from catalog.models import Catalog
from checks.credit_code import code_faults
from checks.meaning.names import nfkc
from checks.meaning.text import fold
from records.models import Record, Submission
from records.roles import by_role, name, text_by_role

NAMES: tuple[Role, ...] = ("applicant_again", "applicant")
"""Where a form asks for the company's name, the most telling first."""
_NAMED_IN_PATH = 85.0
"""Likeness (0 to 100) from which a file's path names a company."""
_NAMES_ANYBODY = 3
"""Chinese characters of a file's name from which it may say whose it is."""


def names_of(catalog: Catalog, record: Record) -> list[str]:
    """The company's folded names: the basic information's, then the cover's where it is another."""
    return list(dict.fromkeys(name for key in NAMES if (name := fold(text_by_role(catalog, record, key)))))


def code_of(catalog: Catalog, record: Record) -> str:
    """The credit code where it is a valid one, else "": what is no code tells no company from another."""
    code = text_by_role(catalog, record, "credit_code")
    return code if code and not code_faults(code) else ""


def called(catalog: Catalog, record: Record) -> str:
    """The company's name as it is printed."""
    return name(text_by_role(catalog, record, *NAMES)) or "（企业名称未读出）"


def known(catalog: Catalog, record: Record) -> bool:
    """Whether the company can be told: a name or a code that was read with certainty."""
    roles: tuple[Role, ...] = ("credit_code", *NAMES)
    return any((v := by_role(catalog, record, r)) is not None and v.certain and v.value is not None for r in roles)


def by_company(catalog: Catalog, submissions: Iterable[Submission]) -> list[list[Submission]]:
    """Groups of one company each, in the order given. Equal names or equal codes join; a company whose name on the cover
    differs from that of the basic information (rule K01) goes by the latter."""
    return joined(submissions, lambda record: (code_of(catalog, record), *names_of(catalog, record)[:1]))


def joined(submissions: Iterable[Submission], keys: Callable[[Record], Iterable[str]]) -> list[list[Submission]]:
    """Groups of submissions that share a key, directly or through others, in the order given; "" is no key."""
    ordered = list(submissions)
    root = list(range(len(ordered)))

    def find(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    first: dict[str, int] = {}
    for number, submission in enumerate(ordered):
        for key in keys(submission.record):
            if key:
                one, other = find(first.setdefault(key, number)), find(number)
                root[max(one, other)] = min(one, other)
    groups: dict[int, list[Submission]] = {}
    for number, submission in enumerate(ordered):
        groups.setdefault(find(number), []).append(submission)
    return list(groups.values())


def core(catalog: Catalog, name: str) -> str:
    """What tells a company's name from others: folded, without the region before it and the legal form behind it
    (上海澄驰精密传动有限公司 → 澄驰精密传动). The whole where nothing else would be left."""
    folded = fold(name)
    short = re.sub(rf"^(?:{fold(catalog.region.name)}|{fold(catalog.region.short)})", "", folded)
    for suffix in sorted(map(fold, catalog.words.get("company_suffix", ())), key=len, reverse=True):
        if short.endswith(suffix):
            short = short.removesuffix(suffix)
            break
    return short or folded


def path_names(catalog: Catalog, file: Submission, company: str) -> bool:
    """Whether an unreadable file's path names a company."""
    name = core(catalog, company)
    return len(name) > 1 and fuzz.partial_ratio(name, fold(file.document)) >= _NAMED_IN_PATH


def path_names_nobody(catalog: Catalog, file: Submission) -> bool:
    """Whether an unreadable file's path says nothing of whose it is: only words such as 申报书, 扫描件, numbers."""
    path = fold(re.sub(r"\.\w{2,5}$", "", nfkc(file.document)))
    recommender = catalog.recommender(file.district)
    words = [*catalog.words.get("file_words", ())]
    words += [w for f in catalog.forms.values() for w in (f.title, f.annex, *f.title_marks)]
    words += [file.district, *((recommender.full_name, *recommender.aliases) if recommender else ())]
    for word in sorted({fold(w) for w in words} - {""}, key=len, reverse=True):
        path = path.replace(word, "")
    return len(re.sub(r"[^㐀-鿿]", "", path)) < _NAMES_ANYBODY
