"""The samples: blank forms that carry every label, files that can be made again, and what a review finds in them."""

from __future__ import annotations

import io
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from email_validator import validate_email
from lxml import etree
from stdnum.cn import uscc

import catalog
from catalog.models import Catalog
from checks.run import check_round
from extractors import read_bytes
from records.models import Finding, Reading, Row, Submission, Value
from samples import make_samples
from samples.formbuilder.data import application, names
from tests import forms

SAMPLES = Path(make_samples.__file__).parent
INBOX = SAMPLES / "inbox"
EXPECTED: list[dict[str, Any]] = tomllib.loads((SAMPLES / "expected.toml").read_text(encoding="utf-8"))["document"]
WRONG_CODE = {"bochuan"}
"""Applications whose credit code is wrong on purpose."""


@pytest.fixture(scope="module")
def pack() -> Catalog:
    return catalog.load("2023")


def squeezed(text: str) -> str:
    return "".join(text.split())


def words(data: bytes) -> str:
    """All text of a Word file's body without white space; footnote numbers stand apart from it."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        root = etree.fromstring(file.read("word/document.xml"))
    return squeezed("".join(str(part) for part in root.itertext("{*}t")))


# -------------------------------------------------------------------------------------- the blank forms


@pytest.mark.parametrize(("name", "form"), sorted(make_samples.BLANK.items()))
def test_a_blank_form_carries_every_label_of_the_catalog(name: str, form: str, pack: Catalog) -> None:
    text = words((SAMPLES / "blank" / name).read_bytes())
    wanted = pack.forms[form]
    printed = [(field.label, *field.aliases) for field in wanted.fields]
    printed += [(column.label, *column.aliases) for table in wanted.tables for column in table.columns]
    printed += [(section.heading, *section.aliases) for section in wanted.sections]
    assert [labels[0] for labels in printed if not any(squeezed(label) in text for label in labels)] == []


@pytest.mark.parametrize(("name", "form"), sorted(make_samples.BLANK.items()))
def test_a_blank_form_is_read_as_blank(name: str, form: str, pack: Catalog) -> None:
    reading = only_reading((SAMPLES / "blank" / name).read_bytes(), name, pack)
    record = reading.record
    assert record.form == form
    assert reading.missing_labels == []
    filled = {key: value.value for key, value in (record.fields | record.sections).items() if value.value is not None}
    assert filled == {}
    assert [row for table in record.tables.values() for row in table] == []


# ------------------------------------------------------------------------------------------- made again


def members(data: bytes) -> dict[str, Any]:
    """What is inside: compression may differ between machines, content may not."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {"": data}
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        inside: dict[str, Any] = {info.filename: (info.date_time, file.read(info)) for info in file.infolist()}
    for name, (at, content) in inside.items():
        if name.endswith(".docx"):
            inside[name] = (at, members(content))
    return inside


def test_samples_are_what_the_script_makes() -> None:
    made = make_samples.files()
    again = make_samples.files()
    assert made == again
    damaged = "/".join(("inbox", *make_samples.DAMAGED[:2]))
    for path, content in made.items():
        if path != damaged:
            assert members(content) == members((SAMPLES / path).read_bytes()), path
    pdfs = {f"inbox/{application(n)['district']}/{application(n)['file']}" for n in names()} - set(made)
    there = {path.relative_to(SAMPLES).as_posix() for path in INBOX.rglob("*") if path.is_file()}
    assert there == {path for path in made if path.startswith("inbox/")} | pdfs


@pytest.mark.parametrize("name", names())
def test_invented_companies_have_valid_codes_and_addresses(name: str) -> None:
    fields = application(name)["fields"]
    assert uscc.is_valid(fields["uscc"]) != (name in WRONG_CODE)
    if name != "ruijia":
        validate_email(fields["contact_email"], check_deliverability=False)


# ---------------------------------------------------------------------------------------------- as read


def only_reading(data: bytes, name: str, pack: Catalog) -> Reading:
    (reading,) = read_bytes(data, pack, name)
    return reading


def differences(reading: Reading, data: forms.Data) -> list[str]:
    """Where the record holds something else than the data it was written from."""
    record, wanted = reading.record, forms.reading_of(data).record
    found = [
        f"{key}: {value.value!r} for {expected(wanted.get(key))!r}"
        for key, value in (record.fields | record.sections).items()
        if value.value != expected(wanted.get(key)) and key != "capability_proof"
    ]
    for name, rows in wanted.tables.items():
        # 附2 stands in the form by instance, in the data by kind of thing.
        read, given = (sorted(str(plain(row)) for row in part) for part in (record.tables.get(name, []), rows))
        found += [f"{name}: {row}" for row in read if row not in given] + [row for row in given if row not in read]
    return found


def plain(row: Row) -> dict[str, Any]:
    return {key: value.value for key, value in row.items()}


def expected(value: Value | None) -> Any:
    return None if value is None else value.value


@pytest.mark.parametrize("name", [n for n in names() if application(n)["file"].endswith(".docx")])
def test_a_sample_is_read_as_it_was_written(name: str, pack: Catalog) -> None:
    data = application(name)
    reading = only_reading((INBOX / data["district"] / data["file"]).read_bytes(), data["file"], pack)
    assert differences(reading, forms.whole(data)) == []


# ------------------------------------------------------------------------------------------ what is found


@cache
def findings() -> dict[str, list[Finding]]:
    """The findings of a review of the whole inbox, by document."""
    pack = catalog.load("2023")
    submissions = []
    for path in sorted(INBOX.rglob("*")):
        if path.is_file():
            document = path.relative_to(INBOX).as_posix()
            for reading in read_bytes(path.read_bytes(), pack, document):
                district = document.partition("/")[0]
                submissions.append(Submission(district=district, document=reading.record.source.path, reading=reading))
    outcomes = check_round(pack, submissions)
    assert outcomes.faults == []
    found: dict[str, list[Finding]] = {submission.document: [] for submission in submissions}
    for finding in outcomes.findings:
        found.setdefault(finding.document, []).append(finding)
    return found


def meets(put_in: dict[str, Any], finding: Finding) -> bool:
    field = put_in.get("field")
    fields = [field] if isinstance(field, str) else field
    same = (put_in["code"], put_in["level"]) == (finding.code, finding.level)
    return same and (fields is None or finding.field in fields)


def test_every_sample_is_described() -> None:
    assert {entry["path"] for entry in EXPECTED} == set(findings())


@pytest.mark.parametrize("entry", EXPECTED, ids=[entry["path"].rpartition("/")[2] for entry in EXPECTED])
def test_a_review_finds_what_was_put_in_and_nothing_else(entry: dict[str, Any]) -> None:
    found = findings()[entry["path"]]
    put_in = entry.get("finding", [])
    assert [one for one in put_in if not any(meets(one, finding) for finding in found)] == []
    allowed = set(entry.get("may", []))
    beyond = [
        (finding.code, finding.level, finding.field, finding.message)
        for finding in found
        if finding.level != "note" and finding.code not in allowed and not any(meets(one, finding) for one in put_in)
    ]
    assert beyond == []
    if entry.get("clean"):
        assert put_in == []


LAYOUTS: list[dict[str, Any]] = [
    *({"tick": tick} for tick in ("■", "√", "sym", "control")),
    {"tick": "√", "tick_right": True},
    {"only_ticked": True},
    {"spaced": True},
    {"split": True},
    {"swapped": True},
    {"vertical": True},
    {"cover": "table", "example": False, "hints": False},
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("form", ["scene", "factory"])
def test_a_form_is_read_alike_in_every_layout(form: str, layout: dict[str, Any], pack: Catalog) -> None:
    data = forms.clean_scene() if form == "scene" else forms.clean_factory()
    reading = only_reading(forms.fill(form, data, **layout), "申报书.docx", pack)
    assert differences(reading, data) == []
    assert reading.missing_labels == []
