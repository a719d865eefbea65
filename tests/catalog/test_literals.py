"""No notice stands in the program: what a built-in pack names is in no string of the source.

What still does is listed in literals.toml, file by file. The list can only shrink: a word that is gone from the source must go from
it, and a new one fails. ``python -m tests.catalog.test_literals`` prints what stands there now, as the file has it.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import catalog
from catalog import built_in
from catalog.forms import ColumnRole, Role, ValueType
from catalog.models import Catalog
from records.models import NOTES

ROOT = Path(catalog.__file__).parent.parent
PACKAGES = ("catalog", "checks", "extractors", "flows", "records", "reports")
KNOWN = Path(__file__).with_name("literals.toml")
PLAIN = frozenset((*get_args(Role), *get_args(ColumnRole), *get_args(ValueType), "summary", "level", "size"))
"""Names of roles, types and kinds: the program's own, which a key may share."""
GENERAL = frozenset(("单位", "示例"))
"""Words of any notice, which a built-in pack happens to have for an entry or a place."""
_LEAST = 2
"""A shorter word says nothing by itself."""


def keys_of(pack: Catalog) -> set[str]:
    """What only a pack should name: forms, and the keys of fields, tables and chapters, lists, word lists, codes of rules."""
    found = {*pack.lists, *pack.keys, *(r.code for r in pack.rules), *(q.flag for q in pack.quotas)}
    for form in pack.forms.values():
        found |= {form.name, *(f.key for f in form.fields), *(t.key for t in form.tables)}
        found |= {s.key for s in form.sections}
    return {w for w in found - PLAIN - set(NOTES) if len(w) > _LEAST}  # notes: the readers' own codes


def words_of(pack: Catalog) -> set[str]:
    """Its places, titles, classes, annexes, lists: words that give a notice away wherever they stand in a text."""
    found = {pack.number, pack.title, pack.issuer, pack.region.name, pack.region.short, pack.id}
    found |= {w for r in pack.recommenders for w in (r.name, r.full_name)}
    found |= {w for f in pack.forms.values() for w in (f.title, f.of_class, *(t.annex for t in f.tables))}
    found |= {f"附件{n}" for f in pack.forms.values() for n in re.findall(r"附件([\d-]+)", f.annex)}
    found |= {w for x in pack.lists.values() for w in (x.what, x.title, *x.names, *x.groups)}
    found |= {w for i in pack.industries for w in (i.full_name, *i.subindustries)}
    return {w for w in found - GENERAL if len(w) >= _LEAST}


def literals(path: Path) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def standing() -> dict[str, list[str]]:
    """File → the words of packs in its strings, sorted; files without any are left out."""
    packs = [catalog.load(name) for name in built_in()]
    keys = {k for p in packs for k in keys_of(p)}
    words = {w for p in packs for w in words_of(p)}
    any_word = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    found: dict[str, list[str]] = {}
    for path in sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py")):
        texts = set(literals(path))
        met = (texts & keys) | {m[0] for text in texts for m in any_word.finditer(text)}
        if met:
            found[path.relative_to(ROOT).as_posix()] = sorted(met)
    return found


def test_no_more_of_a_notice_stands_in_the_program_than_is_known() -> None:
    known: dict[str, list[str]] = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    now = standing()
    more = {file: new for file, found in now.items() if (new := sorted(set(found) - set(known.get(file, []))))}
    gone = {file: old for file, listed in known.items() if (old := sorted(set(listed) - set(now.get(file, []))))}
    count = sum(map(len, now.values()))
    print(f"{count} words of built-in notices in {len(now)} files of the program")
    assert more == {}, "these belong in a pack"
    assert gone == {}, "these are gone: take them from literals.toml"


def test_a_word_of_a_notice_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""示范工厂"""\nx = f"{y}份示范工厂"\nz = "maturity_level"\n', encoding="utf-8")
    assert sorted(literals(module)) == ["maturity_level", "份示范工厂"]


def main() -> None:
    print(
        "# Words of built-in packs that still stand in the source, by file (test_literals.py). Take out what is gone; add nothing.\n"
    )
    for file, found in standing().items():
        listed = ", ".join(f'"{w}"' for w in found)
        print(f'"{file}" = [{listed}]')


if __name__ == "__main__":
    main()
