"""Why values were not read with certainty, in the words that people see."""

from __future__ import annotations

from records.doubts import in_words, unsure
from reports.results.model import DistrictResult, Item
from reports.results.rulebook import rule_reads


def doubts_behind(result: DistrictResult, item: Item, code: str) -> str:
    """What of a rule's fields is in doubt on an application and why, a line each; "" where nothing is."""
    reads = rule_reads(result.catalog, code)
    lines = []
    for key, names in unsure(item.record).items():
        if names and (key in reads or key.partition(".")[0] in reads):
            lines.append(f"{result.field_label(item.form, key) or key}：{in_words(names)}")
    return "\n".join(dict.fromkeys(lines))
