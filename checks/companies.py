"""Which applications are one company's: the same credit code, or the same name after folding (rules D01–D03, Q02–Q05)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalog.models import Catalog
from checks.credit_code import code_faults
from checks.text import fold
from records.models import Record, Submission

NAMES = ("company_name", "applicant")


def names_of(record: Record) -> list[str]:
    """The company's folded names: the basic information's, then the cover's where it is another."""
    return list(dict.fromkeys(name for key in NAMES if (name := fold(record.text(key)))))


def code_of(record: Record) -> str:
    """The credit code where it is a valid one, else "": what is no code tells no company from another."""
    code = record.text("uscc")
    return code if code and not code_faults(code) else ""


def called(record: Record) -> str:
    """The company's name as it stands in the form."""
    return record.text("company_name") or record.text("applicant") or "（企业名称未读出）"


def known(record: Record) -> bool:
    """Whether the company can be told: a name or a code that was read with certainty."""
    values = [record.fields[key] for key in ("uscc", *NAMES) if key in record.fields]
    return any(v.certain and v.value is not None for v in values)


def by_company(submissions: Iterable[Submission]) -> list[list[Submission]]:
    """Groups of one company each, in the order given. Equal names or equal codes join; a company whose name on the cover
    differs from that of the basic information (rule K01) goes by the latter."""
    ordered = list(submissions)
    root = list(range(len(ordered)))

    def find(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    first: dict[str, int] = {}
    for number, submission in enumerate(ordered):
        for key in (code_of(submission.record), *names_of(submission.record)[:1]):
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
    short = re.sub(rf"^(?:{fold(catalog.region.name)}|{fold(catalog.region.name.removesuffix('市'))})", "", folded)
    for suffix in sorted(map(fold, catalog.words.get("company_suffix", ())), key=len, reverse=True):
        if short.endswith(suffix):
            short = short.removesuffix(suffix)
            break
    return short or folded
