"""What of a pack no rule uses: fields that nothing reads, clauses that nothing carries out, lists that nothing names."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from typing import Any

from catalog.forms import Form, FormField
from catalog.models import Catalog
from catalog.rules import CONDITION, RuleEntry
from checks.making import named, params_of
from records.models import NOTES, SCANNED

PROGRAM_WORDS = frozenset(
    {"blank", "company_suffix", "file_words", "summary_file", "terms", "not_recommender", "not_recommender_anywhere"}
)
"""Word lists that the program reads of any pack, whatever its rules."""
_NAME = re.compile(r"[A-Za-z_*][\w*]*")


def unread_fields(catalog: Catalog) -> list[tuple[Form, FormField]]:
    """Fields of applications that no rule names, that no rule reads with their part, and that have no role. Where a rule says
    ``assets_*``, all that begin so are read."""
    out = []
    told_of = params_of(catalog)
    for name in catalog.applications:
        form = catalog.forms[name]
        rules = [entry for entry in catalog.rules if name in (entry.forms or catalog.applications)]
        told = {word for entry in rules for word in _words(entry)}
        patterns = [word for word in told if "*" in word.strip("*")]
        looking = [told_of[entry.code] for entry in rules]
        out += [
            (form, field)
            for field in form.fields
            if field.key not in told
            and field.role is None
            and not any(params.looks_at(field) for params in looking)
            and not any(fnmatch.fnmatchcase(field.key, pattern) for pattern in patterns)
        ]
    return out


def idle_clauses(catalog: Catalog) -> list[str]:
    """The places of the clauses that no rule carries out, in the notice's order."""
    whole = {_squeezed(entry.clause) for entry in catalog.rules}
    wanted = whole | {part for clause in whole for part in re.split(r"[,，、]", clause)}
    return [clause.ref for clause in catalog.clauses if _squeezed(clause.ref) not in wanted]


def idle_words(catalog: Catalog) -> list[str]:
    """The lists of words.toml that neither a rule nor a form's condition names, and that the program does not read itself."""
    used = named(catalog, "words") | named(catalog, "keys") | _in_conditions(catalog) | PROGRAM_WORDS
    return [name for name in (*catalog.words, *catalog.keys) if name not in used]


def idle_lists(catalog: Catalog) -> list[str]:
    """The lists of ``lists/`` that no field, column or rule names, and that stand above or below none that is."""
    used = named(catalog, "list") | _in_conditions(catalog)
    for form in catalog.forms.values():
        used |= {f.in_list for f in form.fields} | {c.in_list for t in form.tables for c in t.columns}
    near = {name for key in used if (own := catalog.lists.get(key)) is not None for name in (own.above, own.below)}
    return [name for name in catalog.lists if name not in used | near]


def untold_notes(catalog: Catalog) -> list[str]:
    """The codes of readers' notes that no rule takes: what a reader notices there, nobody is told."""
    taken = {str(entry.params.get("note", "")) for entry in catalog.rules}
    taken |= {SCANNED} if catalog.codes("unsure") else set()
    return [code for code in NOTES if code not in taken]


def _in_conditions(catalog: Catalog) -> set[str]:
    """The names in the conditions of ``[[rule]]``."""
    return {word for entry in catalog.rules if entry.check == CONDITION for word in _words(entry)}


def _words(entry: RuleEntry) -> Iterator[str]:
    """Every name in a rule's values, conditions among them, and in what it says that it reads."""
    for text in _texts([*entry.params.values(), entry.reads]):
        yield from _NAME.findall(text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (str(key), *_texts(one))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
