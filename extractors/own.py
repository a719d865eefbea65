"""What this program wrote itself is no application: known by a mark in it, whatever it is called and wherever it lies."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import olefile

from extractors.formats import Sniffed
from records.models import SCHEMA
from records.outputs import DRAFT, MARK, MISPLACED, REPORT, WORKBOOK, marked, text_digest

_MAX_PART = 8 << 20
_NAMES = {REPORT: "审查文书", WORKBOOK: "审查台账"}
_MAX_DATA = 64 << 20
_SQLITE = b"SQLite format 3\0"
_SCHEMA_BYTES = 1 << 18
_TABLES = {"台账": ("inputs", "readings", "outputs", "rounds"), "决定簿": ("book_version", "books", "decisions")}
_PAGE = f'<meta name="generator" content="{MARK}">'.encode()
_SCHEMAS = {"shenbao.run/1": "运行记录", "shenbao.book/1": "决定簿"}
_LINES = {
    "findings.jsonl": {"id", "code", "level", "district", "document", "applicant", "clause"},
    "assessments.jsonl": {"document", "code", "outcome", "why"},
    "decisions.jsonl": {"finding", "action", "reason", "evidence_mark"},
    "决定簿.jsonl": {"seq", "at", "who", "office", "what", "target", "previous", "hash"},
    "progress.json": {"current", "previous", "copies", "letters", "workbook"},
}
"""The keys of the first line of what is written without a schema, by its usual name."""


def own_output(data: bytes, kind: Sniffed, name: str = "") -> str:
    """Why a file is passed over as our own (Chinese), "" where it is not ours. Never raises on bad content.

    A 推荐汇总表 that we drew up and somebody changed since is a document of the office that sends it: not ours any more.
    ``name`` only tells empty files.
    """
    match kind.format:
        case "docx" | "xlsx":
            what = _of_package(data)
        case "doc" | "xls":
            what = _of_compound(data)
        case "empty":
            what = "审查数据" if name.rpartition("/")[2] in _LINES else ""
        case _:
            what = _of_text(data)
    if what == DRAFT:
        return "本程序写出的推荐汇总表草稿，内容没有改动；推荐单位采用的，请核对、排序后报送，或打印盖章后报送扫描件"
    belongs = f"；{MISPLACED}" if what == WORKBOOK else ""
    return f"本程序写出的{_NAMES.get(what, what)}，不是申报材料{belongs}" if what else ""


def _of_package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            core = next((n for n in package.namelist() if n.lower() == "docprops/core.xml"), None)
            found = marked(_part(package, core).decode("utf-8", "replace")) if core else None
            if found is None:
                return ""
            what, digest = found
            if what == DRAFT and digest != text_digest(_part(package, "word/document.xml")):
                return ""
            return what
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        LookupError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        return ""


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as stream:
        return stream.read(_MAX_PART)


def _of_compound(data: bytes) -> str:
    """Of a report saved in the format of Word or Excel 97. Whether a table was changed cannot be told there: it is theirs."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            facts = ole.openstream("\x05SummaryInformation").read(65536)
    except (OSError, ValueError, LookupError, struct.error, AttributeError, TypeError, RecursionError):
        return ""
    found = marked(facts.replace(b"\0", b"").decode("latin-1"))  # UTF-16 or not
    return found[0] if found is not None and found[0] != DRAFT else ""


def _of_text(data: bytes) -> str:
    """Of pages, data and ledgers. What applicants wrote stands in them, so that they may look like anything."""
    if data.startswith(_SQLITE):
        head = data[:_SCHEMA_BYTES]
        return next((k for k, v in _TABLES.items() if all(f"CREATE TABLE {t} ".encode() in head for t in v)), "")
    if data.startswith(b'shenbaoDetail("') or _PAGE in data[:4096]:
        return "审查网页"
    if not data.startswith(b"{") or len(data) > _MAX_DATA:
        return ""
    facts = _first_object(data)
    if (what := _SCHEMAS.get(str(facts.get("schema")))) is not None:
        return what
    known = facts.get("schema") == SCHEMA or any(keys <= facts.keys() for keys in _LINES.values())
    return "审查数据" if known else ""


def _first_object(data: bytes) -> dict[str, Any]:
    """The first line as JSON, else the whole; {} where neither is an object."""
    for text in (data.partition(b"\n")[0], data):
        try:
            facts = json.loads(text)
        except (ValueError, RecursionError):
            continue
        return facts if isinstance(facts, dict) else {}
    return {}
