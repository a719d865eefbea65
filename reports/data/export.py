"""The round as tables for those who analyse it: what stands in an output folder as xlsx, csv or parquet.

pandas is loaded here alone. The tables are made from the JSON Lines of the output, so that they hold nothing that the
output does not: 申报材料 (a row a document, a column a field), 数值 (every value with its raw text, place and confidence),
a table for each table of the forms, 问题 with what reviewers decided, 规则结果, and 栏目, which says what the heads mean.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from catalog.forms import FormTable
from catalog.models import Catalog
from records import outputs
from records.models import Decision
from reports.safe.atomic import MADE, write_bytes
from reports.safe.text import plain

DOCUMENTS, VALUES, FINDINGS, OUTCOMES, KEYS = "申报材料", "数值", "问题", "规则结果", "栏目"
_EXCEL_ROWS, _EXCEL_CELL = 1_048_575, 32_767
"""What a sheet takes below its head, and a cell in UTF-16 units."""
_NAME, _UNFIT = 31, re.compile(r"[\[\]:*?/\\<>|\"\s]+")
"""The length of a sheet's name, and what neither it nor a file's name takes."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would take for a formula when it opens a csv."""

Facts = dict[str, Any]


class TooLarge(Exception):
    """A table has more rows than a sheet takes. The message is Chinese and says what to do."""


class NoParquet(Exception):
    """The package that writes parquet is not installed. The message is Chinese and says what to do."""


def tables(out: Path, catalog: Catalog) -> dict[str, pd.DataFrame]:
    """The tables of the round in ``out``, by name, each sorted by document; {} where nothing was reviewed. Raises OSError,
    ValueError on a line that is no JSON."""
    records = list(_lines(out, "records.jsonl"))
    if not records:
        return {}
    found = {
        DOCUMENTS: pd.DataFrame([_document(r) for r in records]),
        VALUES: pd.DataFrame([row for r in records for row in _values(r)]),
        FINDINGS: _with_decisions(out),
        OUTCOMES: pd.DataFrame(_lines(out, "assessments.jsonl")),
    }
    found |= dict(_form_tables(records, catalog))
    found[KEYS] = pd.DataFrame(_keys(catalog), columns=["表", "键", "名称"])
    return found


def write_xlsx(made: Mapping[str, pd.DataFrame], target: Path) -> list[Path]:
    """One workbook, a sheet a table; texts stay texts. Raises TooLarge, OSError."""
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        writer.book.set_properties({"keywords": outputs.mark(outputs.WORKBOOK), "created": MADE})
        for name, frame in made.items():
            if len(frame) > _EXCEL_ROWS:
                raise TooLarge(f"“{name}”有{len(frame)}行，超过一张工作表的行数，请用 --format csv 或 parquet")
            frame.map(_for_cell).to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 1))
    return [write_bytes(target / "审查数据.xlsx", buffer.getvalue())]


def write_csv(made: Mapping[str, pd.DataFrame], target: Path) -> list[Path]:
    """A file a table, in UTF-8 with a mark that Excel knows; a text that would be taken for a formula gets a ' before it.
    Raises OSError."""
    return [
        write_bytes(target / f"{name}.csv", frame.map(_no_formula).to_csv(index=False).encode("utf-8-sig"))
        for name, frame in made.items()
    ]


def write_parquet(made: Mapping[str, pd.DataFrame], target: Path) -> list[Path]:
    """A file a table, with the types of its columns. Raises NoParquet, OSError."""
    try:
        import pyarrow  # noqa: F401 - what pandas writes parquet with
    except ImportError as problem:
        raise NoParquet("写 parquet 需要另装组件：请安装 shenbao[parquet]，或者改用 --format csv") from problem
    paths = []
    for name, frame in made.items():
        buffer = io.BytesIO()
        _one_type(frame).to_parquet(buffer, index=False)
        paths.append(write_bytes(target / f"{name}.parquet", buffer.getvalue()))
    return paths


WRITERS: dict[str, Callable[[Mapping[str, pd.DataFrame], Path], list[Path]]] = {
    "xlsx": write_xlsx,
    "csv": write_csv,
    "parquet": write_parquet,
}


def _lines(out: Path, name: str) -> Iterator[Facts]:
    for path in sorted(out.glob(f"*/{name}")):
        with path.open(encoding="utf-8") as file:  # never split at other line ends: texts hold them
            for line in file:
                if line.strip():
                    yield {"district": path.parent.name, **json.loads(line)}


def _head(record: Facts) -> Facts:
    return {"district": record["district"], "document": record["source"]["path"], "form": record["form"]}


def _document(record: Facts) -> Facts:
    source = record["source"]
    facts = _head(record) | {key: source.get(key) for key in ("format", "pages", "sha256")}
    for key, value in {**record["fields"], **record["sections"]}.items():
        facts |= _columns(key, value["value"])
    return facts


def _values(record: Facts) -> Iterator[Facts]:
    head = _head(record)
    for key, value in {**record["fields"], **record["sections"]}.items():
        yield head | {"key": key, "row": None} | _told(value)
    for table, rows in record["tables"].items():
        for number, row in enumerate(rows, 1):
            for column, value in row.items():
                yield head | {"key": f"{table}.{column}", "row": number} | _told(value)


def _told(value: Facts) -> Facts:
    shown = value["value"]
    text = shown if isinstance(shown, str) or shown is None else json.dumps(shown, ensure_ascii=False)
    doubts = "、".join(value.get("doubts") or ())
    return {
        "value": text,
        "raw": value["raw"],
        "where": value["where"],
        "confidence": value["confidence"],
        "doubts": doubts,
    }


def _columns(key: str, value: Any) -> Facts:
    """A value as columns: a period as its two ends, a list as one text."""
    if isinstance(value, dict):
        return {f"{key}_{end}": date for end, date in value.items()}
    if isinstance(value, list):
        parts = ("—".join(str(p) for p in v.values() if p) if isinstance(v, dict) else str(v) for v in value)
        return {key: "；".join(parts)}
    return {key: value}


def _form_tables(records: Iterable[Facts], catalog: Catalog) -> Iterator[tuple[str, pd.DataFrame]]:
    titles = {table.key: _title(table) for form in catalog.forms.values() for table in form.tables}
    rows: dict[str, list[Facts]] = {}
    for record in records:
        for table, some in record["tables"].items():
            for number, row in enumerate(some, 1):
                facts = _head(record) | {"row": number}
                for column, value in row.items():
                    facts |= _columns(column, value["value"])
                rows.setdefault(table, []).append(facts)
    for table in sorted(rows, key=list(titles).index):
        yield titles[table], pd.DataFrame(rows[table])


def _title(table: FormTable) -> str:
    """A table's name for a sheet or a file."""
    return _UNFIT.sub("", table.titles[0] if table.titles else table.key)[:_NAME]


def _with_decisions(out: Path) -> pd.DataFrame:
    """The findings, each with what reviewers decided on it."""
    findings = pd.DataFrame(_lines(out, "findings.jsonl"))
    decided = [Decision.model_validate(d) for d in _lines(out, "decisions.jsonl")]
    said = pd.DataFrame(
        [(d.finding, d.action, d.reason, d.by) for d in decided], columns=["id", "处理", "说明", "处理人"]
    )
    if findings.empty:
        return findings
    return findings.merge(said.drop_duplicates("id", keep="last"), on="id", how="left")


def _keys(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    seen = set()
    for form in catalog.forms.values():
        rows = [(DOCUMENTS, f.key, f.label) for f in form.fields]
        rows += [(DOCUMENTS, s.key, s.heading) for s in form.sections]
        rows += [(_title(t), c.key, c.label) for t in form.tables for c in t.columns]
        for row in rows:
            if row not in seen:
                seen.add(row)
                yield row


def _for_cell(value: Any) -> Any:
    return plain(value, _EXCEL_CELL) if isinstance(value, str) else value


def _no_formula(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _one_type(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of one type each: those that hold texts beside numbers become texts."""
    mixed = [c for c in frame.columns if frame[c].dropna().map(type).nunique() > 1]
    return frame.astype(dict.fromkeys(mixed, "string"))
