"""Checking one application against reading it, both forms; and what the first one of a process costs beside."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial

import catalog
from catalog.models import Catalog
from checks.run import check_document
from extractors import read_bytes
from samples.formbuilder import build
from samples.formbuilder.data import application
from tests.bench.measure import Row, in_turns

TITLE = "核对一份申报书（全部单份规则），与读取同一份相比"
FORMS = {"scene": ("chengchi", "优秀场景"), "factory": ("hexin", "示范工厂")}


def _read(data: bytes, pack: Catalog) -> list[str]:
    return [r.record.to_json() for r in read_bytes(data, pack, "申报书.docx")]


def rows() -> list[Row]:
    pack = catalog.load()
    lines: list[Row] = []
    for form, (name, title) in FORMS.items():
        data = build(form, application(name))
        (reading,) = read_bytes(data, pack, "申报书.docx")
        took = in_turns(
            {
                "read": partial(_read, data, pack),
                "check": partial(check_document, pack, reading, "申报书.docx"),
            },
            rounds=15,
            clock=time.process_time,
        )
        lines += [
            Row(f"{title}：读成记录", took["read"], 1, "读取"),
            Row(f"{title}：核对", took["check"], took["check"] / took["read"], "读取", "≤ 0.4"),
        ]
    return [*lines, *_first_import()]


def _first_import() -> list[Row]:
    """Starting Python and loading what reading needs, and with it what checking needs."""
    reading, checking = "import extractors", "import catalog, extractors, checks.run as r; r.rules_of(catalog.load())"
    took = {code: min(_seconds(code) for _ in range(5)) for code in (reading, checking)}
    return [
        Row("启动并载入读取部分", took[reading], 1, "载入读取部分"),
        Row("启动并载入读取和规则", took[checking], took[checking] / took[reading], "载入读取部分"),
    ]


def _seconds(code: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started
