"""The rule book is whole: codes, levels, clauses, words; what is not so is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from catalog.errors import CatalogError
from catalog.load import find, load, load_dir
from checks import book
from checks.making import rules_of
from checks.registry import RuleFault, finding_id

CONTRACT = {
    "F": "fix fix note fix note fix fix note fix note note",
    "C": "fix fix fix fix fix fix fix fix fix fix fix fix fix fix note",
    "L": "fix fix fix fix note",
    "E": "fix reject fix reject reject note reject fix fix note note note",
    "M": "fix fix fix fix fix reject reject note note note",
    "K": "fix fix fix note fix fix note note fix fix note note note",
    "S": "reject note note",
    "D": "note fix note note note",
    "Q": "reject fix fix fix fix fix fix note",
}
"""The level of each rule, group by group in order: a code never changes its meaning."""


def test_every_rule_of_the_book_is_carried_out_at_its_level() -> None:
    expected = {
        f"{group}{number:02}": level
        for group, levels in CONTRACT.items()
        for number, level in enumerate(levels.split(), start=1)
    }
    # M08 is a note whose sterner case is a fix: whichever of the two the registry carries.
    found = {r.code: r.level for r in rules_of(load()) if r.code != "M08"}
    del expected["M08"]
    assert found == expected
    assert any(r.code == "M08" for r in rules_of(load()))


def test_rules_stand_in_the_order_of_the_book() -> None:
    codes = [r.code for r in rules_of(load())]
    assert codes == sorted(codes, key=lambda c: ("FCLEMKSDQ".index(c[0]), c))


@pytest.mark.parametrize("code", [r.code for r in rules_of(load())])
def test_a_rule_explains_itself(code: str) -> None:
    found = book.find(code, load())
    words, parts = book.split(found.explanation)
    assert words.endswith("。")
    assert list(parts) == list(book.PARTS)
    assert all(parts.values())
    assert re.search("[\u4e00-\u9fff]", found.title)
    assert load().clause(found.clause), f"the catalog has no wording for {found.clause}"
    text = book.explain(code, load())
    assert load().clause(found.clause).splitlines()[0] in text
    assert book.LEVELS[found.level] in text


def test_explain_takes_any_case_and_says_what_is_unknown() -> None:
    assert book.explain(" c03", load()) == book.explain("C03", load())
    with pytest.raises(book.UnknownRule, match="X99"):
        book.explain("X99", load())


def test_the_page_of_the_rule_book_is_current() -> None:
    assert book.PAGE.read_text(encoding="utf-8") == book.rule_book(load()), "run python -m checks.book"


def test_codes_are_taken_once_and_words_are_needed(tmp_path: Path) -> None:
    shutil.copytree(find("2023"), tmp_path / "pack")
    rules = tmp_path / "pack" / "rules.toml"
    whole = rules.read_text("utf-8")
    rules.write_text(whole.replace('code = "F02"', 'code = "F01"', 1), "utf-8")
    with pytest.raises(CatalogError, match="F01"):
        load_dir(tmp_path / "pack")
    rules.write_text(whole.replace("explanation = ", "explained = ", 1), "utf-8")
    with pytest.raises(CatalogError, match="explained"):
        rules_of(load_dir(tmp_path / "pack"))


def test_ids_depend_on_what_is_found_alone() -> None:
    one = finding_id("C02", "上海示例有限公司", "scene", "uscc")
    assert re.fullmatch(r"C02-[0-9a-f]{12}", one)
    assert one == finding_id("C02", "上海示例有限公司", "scene", "uscc")
    others = [("C03", "上海示例有限公司", "scene", "uscc"), ("C02", "乙", "scene", "uscc")]
    others += [("C02", "上海示例有限公司", "factory", "uscc"), ("C02", "上海示例有限公司", "scene", "size")]
    assert len({one, *(finding_id(*o) for o in others)}) == 5
    assert finding_id("C02", "\ud800", "scene", "") != one  # a lone surrogate is no fault


def test_a_fault_survives_being_sent_to_another_process() -> None:
    import pickle

    fault = pickle.loads(pickle.dumps(RuleFault("C02", "a.docx", "KeyError: 'x'", "trace")))
    assert (fault.code, fault.document, fault.error, fault.trace) == ("C02", "a.docx", "KeyError: 'x'", "trace")
    assert "C02" in str(fault)
    assert "a.docx" in str(fault)
