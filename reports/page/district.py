"""index.html: the district's results to look at, offline, with each document as read beside its findings.

The page is one file: styles, script and data stand in it, and a content security policy lets nothing else in. Where the
documents would make it larger than :data:`INLINE` bytes, each stands in a script of its own in ``index_files`` beside
the page (a page opened from a shared drive may load a script, but not fetch data), loaded when it is opened.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from catalog.forms import Asked
from records.doubts import in_words
from records.models import Finding, Record, Value
from records.outputs import MARK
from reports.charts.charts import Bars, Chart, district_charts
from reports.results.coverage import called, coverage
from reports.results.district import overview, recommendation, totals
from reports.results.model import LEVELS, DistrictResult, Item
from reports.results.progress import Past, Progress
from reports.results.rulebook import rule_rows
from reports.results.unsure import by_document, grouped
from reports.results.wording import told
from reports.safe.text import LONG, line, plain
from reports.workbook.district import ordered_findings, shown
from reports.workbook.sheets import Link, Toned

ASSETS = Path(__file__).resolve().parent
DETAILS = "index_files"
INLINE = 3_500_000
_READ = 200
"""Characters of a value, where only what was read is listed."""
_CELL = 4_000
"""Characters of one cell that the page shows; forms allow some hundreds."""
_MAIN = 10
"""Of the fields that lists show, those that the page shows beside an application's name."""


def index_page(result: DistrictResult, progress: Progress) -> tuple[bytes, Iterator[tuple[str, bytes]]]:
    """The page, and the files that stand beside it in ``index_files`` with their names (none where all fits into the page).

    Those are made one at a time as they are asked for: a district's documents together may be larger than any memory.
    """
    items = [*result.items, *_numbered(result)]
    data = _data(result, progress)
    first, whole = _first(result, items)
    title = f"{result.heading}{result.catalog.year}年度申报材料审查"
    if whole:
        inside = ",".join(f'"{_key(item)}":{text}' for item, text in zip(items, first, strict=True))
        return page(title, data, "district", f"{{{inside}}}"), iter(())
    return page(title, data, "district"), _beside(result, items, first)


def _first(result: DistrictResult, items: Sequence[Item]) -> tuple[list[str], bool]:
    """The first documents, as many as fit into the page, and whether those are all."""
    found: list[str] = []
    size = 0
    for item in items:
        found.append(dumps(detail(result, item)))
        size += len(found[-1].encode("utf-8", "replace"))
        if size > INLINE:
            return found, False
    return found, True


def _beside(result: DistrictResult, items: Sequence[Item], first: list[str]) -> Iterator[tuple[str, bytes]]:
    for number, item in enumerate(items):
        text = first[number] if number < len(first) else dumps(detail(result, item))
        yield f"{_key(item)}.js", f'shenbaoDetail("{_key(item)}",{text});\n'.encode("utf-8", "replace")


def _key(item: Item) -> str:
    return f"{item.number:03d}"


def page(title: str, data: dict[str, Any], kind: str, details: str = "{}") -> bytes:
    """A whole page from the assets: ``kind`` is district or round, ``details`` the documents in it, as JSON."""
    style = (ASSETS / "page.css").read_text(encoding="utf-8")
    script = (ASSETS / "page.js").read_text(encoding="utf-8")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)} 'self' file:",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    html = (ASSETS / "page.html").read_text(encoding="utf-8")
    # Only our own words are put into markup; everything from applicants stands in the data, which the script
    # puts on the page as text.
    for mark, text in (
        ("%MARK%", MARK),
        ("%POLICY%", policy),
        ("%TITLE%", escape(title)),
        ("%KIND%", kind),
        ("%STYLE%", style),
        ("%SCRIPT%", script),
        ("%DATA%", f'{dumps(data)[:-1]},"details":{details}}}'),
    ):
        html = html.replace(mark, text)
    return html.encode("utf-8", "replace")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def escape(text: str) -> str:
    from html import escape as html_escape

    return html_escape(line(text))


def dumps(value: Any) -> str:
    """JSON that may stand inside a script element: no ``<``, no line separators that old engines choke on."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _data(result: DistrictResult, progress: Progress) -> dict[str, Any]:
    covered, unsure = coverage(result.catalog, result.applications()), by_document(result)
    place = {i.document: i.number for i in result.items} | {i.document: i.number for i in _numbered(result)}
    return {
        "district": line(result.heading),
        "year": str(result.catalog.year),
        "notice": f"{result.catalog.title}（{result.catalog.number}）",
        "levels": LEVELS,
        "overview": [*overview(result), *recommendation(result, "另列于下。")],
        "totals": totals(result),
        "district_findings": [f.id for f in result.district_findings],
        "items": [_item(result, i, unsure[i.document]) for i in [*result.items, *_numbered(result)]],
        "findings": [finding_data(result, f, place.get(f.document, 0)) for f in ordered_findings(result)],
        "unsure": _unsure(result, place),
        "rules": [
            [r.code, r.title, r.level, result.catalog.clause_called(r.clause), r.applied]
            + [r.outcomes[o] for o in ("finding", "pass", "cannot_tell", "not_applicable")]
            for r in rule_rows(result.catalog, [result])
        ],
        "what": called(result.catalog),
        "links": [[k.name, k.group] for k in result.catalog.items_by_role("link")],
        "matrix": {
            str(n): [links.get(k.name, 0) for k in result.catalog.items_by_role("link")]
            for n, links in covered.links.items()
        },
        "scenes": [
            [s.number, s.name, s.under, covered.scenes.get(s.name, 0), covered.by_scene.get(s.name, [])]
            for s in result.catalog.items_by_role("scene")
        ],
        "others": sorted(covered.other.items()),
        "progress": progress_data(progress),
        "passed": [[line(p, 200), line(why, 200)] for p, why in sorted(result.passed_over)],
        "beside": DETAILS,
        "charts": page_charts(district_charts(result, least=1)),
    }


def page_charts(charts: Sequence[Chart]) -> list[dict[str, Any]]:
    """The charts of names beside one another; the list of two levels is drawn from its own data, which leads on."""
    return [asdict(chart) for chart in charts if isinstance(chart, Bars)]


def _original(result: DistrictResult, document: str) -> str:
    """The address of what was received; of a file in an archive, that of the archive. "" where it is not known."""
    return f"{result.inbox}/{quote(document.partition('!/')[0])}" if result.inbox else ""


def progress_data(progress: Progress) -> dict[str, Any] | None:
    """New and open findings by id, those mended or gone with what they said; None on a first run."""
    if progress.first:
        return None

    def past(items: list[Past]) -> list[list[str]]:
        return [[p.code, LEVELS.get(p.level, p.level), line(p.applicant, 60), line(p.message, 300)] for p in items]

    return {
        "new": [f.id for f in progress.new],
        "still": len(progress.still),
        "mended": past(progress.mended),
        "gone": past(progress.gone),
    }


def _unsure(result: DistrictResult, place: Mapping[str, int]) -> list[list[Any]]:
    """[numbers of the documents (0 for the office itself), rule ("": all), what, why, how many]."""
    return [
        [
            [place.get(i.document, 0) if i is not None else 0 for i in u.whom],
            u.code,
            u.title,
            plain(u.why, 300),
            u.count,
        ]
        for u in grouped(result)
    ]


def _numbered(result: DistrictResult) -> list[Item]:
    """The summary tables, numbered on after the applications, so that each document has one number on the page."""
    from dataclasses import replace

    return [replace(i, number=len(result.items) + n) for n, i in enumerate(result.summaries, 1)]


def _item(result: DistrictResult, item: Item, unsure: int) -> dict[str, Any]:
    record = item.record
    form = result.catalog.forms.get(item.form)
    shown_first = form.listed[:_MAIN] if form is not None else ()
    main = [
        [result.field_label(item.form, k), _text(record.fields.get(k), result.asked(item.form, k))]
        for k in shown_first
        if k in record.fields
    ]
    ruling = result.verdict(item)
    decided = [["结论", ruling.verdict if item.withheld else line(ruling.told(), 300)]] if ruling is not None else []
    return {
        "n": item.number,
        "form": result.form_label(item.form),
        "table": item.form in result.catalog.summaries,
        "name": line(item.name, 80),
        "project": line(item.project, 100),
        "status": item.status.value,
        "counts": [item.count(level) for level in LEVELS],
        "withdrawn": len(item.withdrawn),
        "unsure": unsure,
        "instances": len(item.instances),
        "document": line(item.document, 300),
        "original": _original(result, item.document),
        "format": record.source.format,
        "pages": record.source.pages,
        "main": [m for m in [*decided, *main] if m[1]],
        **({"verdict": ruling.verdict} if ruling is not None else {}),
        "annexes": [line(a.rsplit("/", 1)[-1], 80) for a in item.submission.reading.annexes],
    }


def finding_data(result: DistrictResult, finding: Finding, number: int) -> dict[str, Any]:
    said = told(finding, LONG)
    out: dict[str, Any] = {
        "id": finding.id,
        "n": number,
        "code": finding.code,
        "level": finding.level,
        "name": line(finding.applicant, 60),
        "where": line(finding.where, 120),
        "place": line(finding.place, 120),
        "message": said.message,
        "clause": line(result.catalog.clause_called(finding.clause), 60),
        "standing": result.standing(finding).name.lower(),
        "remark": plain(result.remark(finding)),
        "more": [list(part) for part in said.more],
        "marks": [plain(m, LONG) for m in said.marks],
    }
    if said.shared:
        out["other"] = document_address(result, said.shared.other_district, said.shared.other_document)
    return {k: v for k, v in out.items() if v not in ("", [])}


def document_address(result: DistrictResult | None, district: str, document: str) -> str:
    """Where a page shows a document: on the page of its district, which is this one where it is ``result``'s."""
    page = "" if result is not None and result.district == district else f"../{quote(district)}/index.html"
    return f"{page}#doc/{quote(line(document, 300), safe='')}"


def _text(value: Value | None, asked: Asked | None = None) -> str:
    cell = shown(value, asked)
    if asked is not None and asked.own_unit and isinstance(cell, int | float):
        return f"{cell:.15g}{asked.own_unit}"
    return plain(cell.text if isinstance(cell, Link | Toned) else cell, _CELL)


def detail(result: DistrictResult, item: Item) -> dict[str, Any]:
    """A document as read, and what was read from each place of it, in the page's short form."""
    document = result.documents.get(item.document) or {}
    out: dict[str, Any] = {"read": _read(result, item.record)}
    if document.get("blocks"):
        out["blocks"] = [_block(b) for b in document["blocks"]]
        out["aside"] = [_block(b) for b in document.get("aside", [])]
    else:
        out["tables"] = _tables(result, item.record)
        out["sections"] = [
            [result.field_label(item.form, k) or k, _text(v), line(v.where)] for k, v in item.record.sections.items()
        ]
    return out


def _read(result: DistrictResult, record: Record) -> list[list[Any]]:
    """[label, value, place, confidence, doubts in words] of every field that is not blank, and of every unsure cell."""
    out: list[list[Any]] = []
    for key, value in record.fields.items():
        if not value.blank:
            label = result.field_label(record.form, key) or key
            out.append(_read_value(label, value, result.asked(record.form, key)))
    for name, rows in record.tables.items():
        for row in rows:
            for column, value in row.items():
                if not value.certain and not value.blank:
                    key = f"{name}.{column}"
                    label = column_label(result, record.form, name, column)
                    out.append(_read_value(label, value, result.asked(record.form, key)))
    return out


def _read_value(label: str, value: Value, asked: Asked | None) -> list[Any]:
    why = plain(in_words(value.doubts), 300) if not value.certain else ""
    text = _text(value, asked)
    text = text if len(text) <= _READ else f"{text[:_READ]}……（此处从略）"
    return [label, text, line(value.where), round(value.confidence, 2), why]


def table_label(result: DistrictResult, form: str, name: str) -> str:
    """A table of a form as the form calls it."""
    known = result.catalog.forms.get(form)
    table = known.table(name) if known else None
    return " ".join((table.annex, *table.titles[:1])) if table else name


def column_label(result: DistrictResult, form: str, name: str, column: str) -> str:
    """A column as the form calls it; no form prints the one by which an annex's table is joined to its instance."""
    return result.field_label(form, f"{name}.{column}") or called(result.catalog).get(column) or column


def _tables(result: DistrictResult, record: Record) -> list[dict[str, Any]]:
    """The record's tables, for documents whose own tables are not at hand."""
    out = []
    for name, rows in record.tables.items():
        if not rows:
            continue
        columns = list(rows[0])
        heads = [column_label(result, record.form, name, c) for c in columns]
        asked = {c: result.asked(record.form, f"{name}.{c}") for c in columns}
        cells = [
            [[_text(row.get(c), asked[c]), line(row[c].where) if c in row else ""] for c in columns] for row in rows
        ]
        out.append({"title": table_label(result, record.form, name), "heads": heads, "rows": cells})
    return out


def _block(block: dict[str, Any]) -> dict[str, Any]:
    """A block of ``Document.to_dict()`` in the page's short form: paragraphs ``{p, w}``, tables ``{w, c: [cells]}``."""
    if block.get("type") != "table":
        out = {"p": plain(block.get("text", ""), _CELL), "w": line(block.get("where", ""))}
        return out | ({"a": block["place"]} if block.get("place") else {})
    return {"w": line(block.get("where", "")), "c": [_cell(c) for c in block.get("cells", [])]}


def _cell(cell: dict[str, Any]) -> list[Any]:
    """[row, column, row span, column span, text, nested tables?, place where it is not the table's?]."""
    out: list[Any] = [cell["row"], cell["column"], cell.get("row_span", 1), cell.get("column_span", 1)]
    out.append(plain(cell.get("text", ""), _CELL))
    nested = [_block(t) for t in cell.get("tables", [])]
    where = line(cell["where"]) if cell.get("where") else ""
    return out + ([nested, where] if nested or where else [])
