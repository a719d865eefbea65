"""A finding in the words of a report: nothing said twice, and copied passages set side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.duplicates import Shared, shared_passage
from checks.meaning.names import fold
from records.models import Finding
from reports.results.model import DistrictResult
from reports.safe.text import line, plain

_QUOTED = re.compile(r"“([^“”]*(?:“[^“”]*”[^“”]*)*)”")
_WITHIN = str.maketrans("“”", "‘’")
"""Quotation marks within quotation marks (GB/T 15834-2011, 4.8.3)."""
_LEAST = 2
"""Characters of the shortest piece of evidence worth marking in the document, a number of one digit apart."""


@dataclass(frozen=True)
class Told:
    """``message``, then ``more``: what stands in the document and what is asked, as (label, text), where the message
    does not say so already. ``marks`` are the words to mark in the document, best first."""

    message: str
    more: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]
    shared: Shared | None


def told(finding: Finding, limit: int) -> Told:
    """``finding`` for a report that shows at most ``limit`` characters of a text."""
    shared = shared_passage(finding)
    if shared is not None:
        alike = shared.mine == shared.theirs
        texts = [("双方都写", shared.mine)] if alike else [("本申报书", shared.mine), ("对方", shared.theirs)]
        more = tuple((label, f"“{plain(text, limit)}”") for label, text in texts)
        return Told(plain(shared.brief, 2 * limit), more, (plain(shared.mine.rstrip("…")),), shared)
    message, parts = plain(finding.message, 2 * limit), []
    if _adds(finding.evidence, finding.message):
        evidence = plain(finding.evidence, limit)
        parts.append(("证据", evidence if evidence[0] in "“《" else f"“{evidence.translate(_WITHIN)}”"))
    if expected := asked(finding):
        parts.append(("应为", plain(expected, limit)))
    return Told(message, tuple(parts), tuple(_marks(finding.evidence)), None)


_EMPTY = ("填写", "正确的", "列入推荐汇总表", "能够打开的", "收到该", "汇总表与申报书一致")
"""What is expected says no more than the message where it begins so."""


def asked(finding: Finding) -> str:
    """What is expected, where it adds to the message; "" else. Only of what can be mended: of a condition that is not met the
    message says what the notice asks, and nobody is told which answer would do."""
    says = finding.level == "fix" and not finding.expected.startswith(_EMPTY)
    return finding.expected if says and finding.expected and _adds(finding.expected, finding.message) else ""


def _adds(text: str, message: str) -> bool:
    """Whether a part of ``text`` is not in the message, punctuation and quotation marks apart."""
    said = fold(message)
    return any(fold(piece) not in said for piece in re.split("[；;]", text))


def _marks(evidence: str) -> Iterable[str]:
    for piece in (evidence, *re.split("[；;]", evidence), *_QUOTED.findall(evidence)):
        bare = line(piece).rstrip("…").strip("“”")
        if len(bare) >= _LEAST or bare.isdigit():
            yield bare


@dataclass(frozen=True)
class Pair:
    """Two applications that share a passage, told once."""

    name: str
    district: str
    document: str
    shared: Shared


def copied_passages(results: Iterable[DistrictResult]) -> list[Pair]:
    """The copied passages of a round, longest first: both applications carry the finding, here it stands once."""
    found: dict[frozenset[str], Pair] = {}
    for result in results:
        for finding in result.open_findings:
            shared = shared_passage(finding)
            if shared is not None:
                pair = Pair(finding.applicant, result.district, finding.document, shared)
                found.setdefault(frozenset((finding.document, shared.other_document)), pair)
    return sorted(found.values(), key=lambda p: (-p.shared.length, p.document, p.shared.other_document))
