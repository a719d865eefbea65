"""Runs every rule on documents one value of which is a hostile repeat as long as rules may see it, and prints what takes
long: ``python -m tests.linear.rules [--every]``. Processor time counts, in a process of its own.

Without ``--every`` each value is given one of the repeats, in turn.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice, pairwise

from catalog.load import load
from catalog.models import Catalog
from checks.bounds import bound
from checks.comparing import Compared, round_rules
from checks.run import check_document
from records.models import Reading, TextLine, Value
from tests.forms import Data, clean_factory, clean_scene, clean_summary, submission_of

SECONDS = 2.0
"""Of processor time for one rule on one document; the limit of a guarded process is many times that."""


_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
"""What is read of a date or nothing: never another text."""


def repeats(catalog: Catalog) -> list[str]:
    """What is repeated: what the rules' patterns and lists look for, alone and mixed."""
    links = "".join(link.name for link in catalog.lists["links"].items[:2])
    return [
        "9",
        "1a",
        "(",
        "（）",
        "、",
        catalog.lists["links"].items[0].name,
        links + "、",
        " ",
        "\n",
        "-",
        "1.",
        "1、甲",
        "甲",
        "2023年",
        "新增",
        "（新增",
        "a@",
        "13800138000 ",
        "其他:",
        "提升10%，",
        "☑是□否",
        "一、（二）3.",
    ]


def places(data: Data) -> Iterator[tuple[str, str]]:
    """(table or "", key) of each value of a document; of a table the first row."""
    yield from (("", key) for key in (*data["fields"], *data["sections"]))
    for table, rows in data["tables"].items():
        yield from ((table, column) for column in (rows[0] if rows else ()))


def hostile(catalog: Catalog, reading: Reading, table: str, key: str, repeat: str) -> Reading:
    """The reading with that value repeated to its bound, in the record and among the lines."""
    record = reading.record
    most = bound(catalog.forms.get(record.form), table, key)
    text = (repeat * (most // len(repeat) + 1))[:most]
    group = record.tables[table][0] if table else record.sections if key in record.sections else record.fields
    old = group[key]
    typed = type(old.value) in (bool, int, float) or (type(old.value) is str and _DATE.fullmatch(old.value))
    group[key] = Value(value=None if typed else text, raw=text, where=old.where)
    if type(old.value) is list:
        group[key].value = [{"link": text, "scene": text, "instance": text}]
    kept = [line for line in reading.lines if line.where != old.where]
    reading.lines = [*kept, *(TextLine(line, old.where, "cell") for line in text.split("\n") if line)]
    return reading


def slow(catalog: Catalog, data: Data, table: str, key: str, repeat: str) -> Iterator[str]:
    """What takes too long on the document with that value, each in a line."""
    one = submission_of(data, "浦东新区", "甲.docx")
    hostile(catalog, one.reading, table, key, repeat)
    what = f"{data['form']} {table}.{key} {repeat!r}"
    marks: list[tuple[str, float]] = []
    outcomes = check_document(
        catalog, one.reading, one.document, one.district, begin=lambda code: marks.append((code, time.process_time()))
    )
    marks.append(("", time.process_time()))
    for (code, begun), (_, ended) in pairwise(marks):
        if ended - begun > SECONDS:
            yield f"{what}: {code} {ended - begun:.1f}"
    yield from (f"{what}: {fault}" for fault in outcomes.faults)
    others = [submission_of(d, "浦东新区", f"{n}.docx") for n, d in enumerate((clean_scene(), clean_factory()))]
    compared = Compared.of(catalog, (one, *others))
    for rule in round_rules(catalog):
        begun = time.process_time()
        found = compared.check(rule)
        if time.process_time() - begun > SECONDS:
            yield f"{what}: {rule.code} {time.process_time() - begun:.1f}"
        yield from (f"{what}: {fault}" for fault in found.faults)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.linear.rules")
    parser.add_argument("--every", action="store_true", help="every repeat in every value")
    every = parser.parse_args(arguments).every
    catalog = load()
    texts = repeats(catalog)
    turns = cycle(texts)
    for data in (clean_scene(), clean_factory(), clean_summary(clean_scene(), clean_factory())):
        for table, key in places(data):
            for repeat in texts if every else islice(turns, 1):
                for line in slow(catalog, data, table, key, repeat):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
