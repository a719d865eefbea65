"""What other programs are told of our data is what the program writes: the schemas against a round, the page against the models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from catalog.load import built_in, load
from flows.command import datapage, schemas
from flows.run.book import open_book
from flows.run.core import review
from flows.settings import Settings
from records.book.events import KINDS, Entry, What
from records.book.state import present
from samples import make_samples

INBOX = Path(make_samples.__file__).parent / "inbox"


@pytest.fixture(scope="module")
def checked() -> dict[str, Draft202012Validator]:
    made = schemas.schemas(load())
    for schema in made.values():
        Draft202012Validator.check_schema(schema)
    return {name: Draft202012Validator(schema) for name, schema in made.items()}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo's round, reviewed."""
    given = Settings(inbox=INBOX, out=tmp_path_factory.mktemp("schema") / "out", workers=2)
    assert not review(given).failures
    return given


def lines(out: Path, name: str) -> Iterator[dict[str, Any]]:
    for path in sorted(out.glob(f"*/{name}")):
        yield from map(json.loads, path.read_text("utf-8").splitlines())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "file"),
    [("record", "records.jsonl"), ("finding", "findings.jsonl"), ("assessment", "assessments.jsonl")],
)
def test_what_a_round_writes_is_as_its_schema_says(name, file, settings, checked) -> None:  # type: ignore[no-untyped-def]
    found = list(lines(settings.out, file))
    assert len(found) > 10
    for one in found:
        checked[name].validate(one)
    for key in found[0]:  # every key that is written is told of
        assert key in checked[name].schema["properties"]


@pytest.mark.slow
def test_run_json_is_as_its_schema_says(settings: Settings, checked: dict[str, Draft202012Validator]) -> None:
    told = json.loads((settings.out / "run.json").read_text("utf-8"))
    checked["run"].validate(told)
    assert set(told) == set(checked["run"].schema["properties"])


@pytest.mark.slow
def test_the_book_is_as_its_schema_says(settings: Settings, checked: dict[str, Draft202012Validator]) -> None:
    finding = next(lines(settings.out, "findings.jsonl"))["id"]
    entries = [
        Entry(who="甲", office="浦东新区", what="withdraw", target=finding, reason="已核实", source="desk"),
        Entry(who="甲", office="浦东新区", what="assign", target="A-1", after={"to": "乙"}, source="desk"),
    ]
    with open_book(settings) as book:
        book.append(entries)
        bodies, state = [json.loads(body) for _, body in book.bodies()], present(book.events())
    assert [b["what"] for b in bodies] == ["withdraw", "assign"]
    for body in bodies:
        checked["decision"].validate(body)
    for decision in state.of("浦东新区").findings.values():
        checked["handling"].validate(json.loads(decision.model_dump_json()))


def test_a_schema_refuses_what_lacks_a_key_or_holds_another_type(checked: dict[str, Draft202012Validator]) -> None:
    whole = {"document": "甲.docx", "code": "C02", "outcome": "pass", "why": ""}
    assert checked["assessment"].is_valid(whole | {"more": 1})
    assert not checked["assessment"].is_valid(whole | {"outcome": "passed"})
    assert not checked["assessment"].is_valid({k: v for k, v in whole.items() if k != "why"})
    source = {"path": "甲.docx", "sha256": "", "format": "docx", "pages": None, "member_of": None}
    value = {"raw": "约五百", "where": "", "confidence": 1.0}
    record: dict[str, Any] = {"schema": "shenbao.record/1", "form": "scene", "source": source}
    record |= {"tables": {}, "sections": {}, "notes": []}
    assert checked["record"].is_valid(record | {"fields": {"assets_2022": value | {"value": 500}}})
    assert not checked["record"].is_valid(record | {"fields": {"assets_2022": value | {"value": "约五百"}}})


def test_every_key_says_what_it_means() -> None:
    def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
        yield model
        for field in model.model_fields.values():
            for part in (
                field.annotation,
                *get_args(field.annotation),
                *sum(map(get_args, get_args(field.annotation)), ()),
            ):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    yield from models(part)

    every = {m for written, *_ in schemas.WRITTEN.values() for m in models(written)}
    assert len(every) > len(schemas.WRITTEN)
    silent = {
        f"{m.__name__}.{n}" for m in every for n, f in m.model_fields.items() if not f.exclude and not f.description
    }
    assert silent == set()
    assert set(KINDS) == set(get_args(What))


@pytest.mark.parametrize("notice", built_in())
def test_every_notice_has_its_schemas_and_its_page(notice: str) -> None:
    pack = load(notice)
    for schema in schemas.schemas(pack).values():
        Draft202012Validator.check_schema(schema)
    text = datapage.page(pack)
    assert all(f"`{f.key}`" in text for form in pack.forms.values() for f in form.fields)


def test_the_page_is_current() -> None:
    assert datapage.PAGE.read_text("utf-8") == datapage.page(load()), "run python -m flows.command.datapage"
