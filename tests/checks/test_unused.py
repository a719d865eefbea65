"""What of a pack no rule uses: told of fields, clauses and lists that nothing names, of nothing that is used."""

from __future__ import annotations

import re
from pathlib import Path

import catalog
from catalog.lists import NoticeList
from catalog.models import Clause
from checks import unused

ROOT = Path(unused.__file__).parents[1]
PACKAGES = ("catalog", "checks", "extractors", "flows", "records", "reports")


def test_the_words_that_the_program_reads_of_any_pack_are_known() -> None:
    """A list that a module takes by its own name is no rule's to name."""
    asked = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            asked |= set(re.findall(r'\bwords(?:\.get\(|\[)"(\w+)"', path.read_text("utf-8")))
    assert asked != set()
    assert asked - unused.PROGRAM_WORDS == set()


def test_a_field_is_read_that_a_rule_names_or_whose_part_it_looks_at() -> None:
    pack = catalog.load()
    unread = {(form.name, field.key) for form, field in unused.unread_fields(pack)}
    assert ("scene", "contact_title") in unread
    for key in ("uscc", "industry_section", "contact_mobile", "assets_2021", "legal_rep_name"):
        assert ("scene", key) not in unread
    without = pack.model_copy(update={"rules": ()})
    bare = {field.key for form, field in unused.unread_fields(without) if form.name == "scene"}
    assert {f.key for f in pack.forms["scene"].fields if f.role is None} == bare


def test_a_clause_a_word_list_and_a_list_that_nothing_names() -> None:
    pack = catalog.load()
    assert "一（四）" in unused.idle_clauses(pack)
    assert "二（四）" not in unused.idle_clauses(pack)
    assert (unused.idle_words(pack), unused.idle_lists(pack)) == ([], [])
    more = pack.model_copy(
        update={
            "clauses": (*pack.clauses, Clause(ref="九（九）", text="另行规定。")),
            "words": {**pack.words, "spare": ("备用",)},
            "lists": {**pack.lists, "more": NoticeList(name="more", what="项", title="另一目录")},
        }
    )
    assert unused.idle_clauses(more) == [*unused.idle_clauses(pack), "九（九）"]
    assert (unused.idle_words(more), unused.idle_lists(more)) == (["spare"], ["more"])
