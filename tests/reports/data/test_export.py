"""``shenbao export``: the round as tables, with nothing lost, nothing that computes, and what people decided."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import catalog as packs
from flows.command import exporting
from flows.exits import UsageFault
from flows.run import core
from records.models import Decision
from reports.data import export
from tests.flows.rounds import form, settings


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reviewed round of three applications in two districts, one finding of it withdrawn."""
    root = tmp_path_factory.mktemp("round")
    for district, number, changes in (
        ("浦东新区", 1, {"investment": "1.2亿元"}),
        ("浦东新区", 2, {"company_profile": "=1+1的公司", "contact_email": "坏的"}),
        ("静安区", 3, {}),
    ):
        path = root / "inbox" / district / f"{number}.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(form(number, **changes))
    core.review(settings(root))
    findings = lines_of(root / "out" / "浦东新区" / "findings.jsonl")
    said = Decision(
        finding=next(f["id"] for f in findings if f["code"] == "K10"), action="撤销", reason="已电话核实", by="张三"
    )
    (root / "out" / "浦东新区" / "decisions.jsonl").write_text(said.model_dump_json() + "\n", "utf-8")
    return root


@pytest.fixture(scope="module")
def made(root: Path) -> dict[str, pd.DataFrame]:
    return export.tables(root / "out", packs.load("2023"))


def test_every_document_and_value_is_there(root: Path, made: dict[str, pd.DataFrame]) -> None:
    records = [r for path in (root / "out").glob("*/records.jsonl") for r in lines_of(path)]
    documents = made[export.DOCUMENTS]
    assert sorted(documents["document"]) == sorted(r["source"]["path"] for r in records)
    assert documents.set_index("document").loc["浦东新区/1.docx", "investment"] == 12000
    values = sum(
        len(r["fields"]) + len(r["sections"]) + sum(len(x) for t in r["tables"].values() for x in t) for r in records
    )
    assert len(made[export.VALUES]) == values
    raw = made[export.VALUES].query("document == '浦东新区/1.docx' and key == 'investment'")["raw"]
    assert list(raw) == ["1.2亿元"]
    scenes = next(frame for name, frame in made.items() if "场景实例" in name)
    assert len(scenes) == sum(len(r["tables"].get("scenes", ())) for r in records)


def test_findings_come_with_what_reviewers_decided(made: dict[str, pd.DataFrame]) -> None:
    findings = made[export.FINDINGS]
    said = findings[findings["处理"].notna()]
    assert list(zip(said["code"], said["处理"], said["说明"], said["处理人"], strict=True)) == [
        ("K10", "撤销", "已电话核实", "张三")
    ]


def test_a_workbook_holds_the_tables_and_computes_nothing(made: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    (path,) = export.write_xlsx(made, tmp_path)
    book = load_workbook(path)
    assert book.sheetnames == list(made)
    assert [c.coordinate for sheet in book for row in sheet for c in row if c.data_type == "f"] == []
    assert book[export.DOCUMENTS].max_row == len(made[export.DOCUMENTS]) + 1


def test_a_csv_opens_in_excel_as_text(made: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    paths = export.write_csv(made, tmp_path)
    assert [p.stem for p in paths] == list(made)
    data = next(p for p in paths if p.stem == export.DOCUMENTS).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    profiles = pd.read_csv(io.BytesIO(data)).set_index("document")["company_profile"]
    assert profiles["浦东新区/2.docx"] == "'=1+1的公司"


def test_parquet_gives_the_tables_back(made: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    paths = export.write_parquet(made, tmp_path)
    back = pd.read_parquet(next(p for p in paths if p.stem == export.DOCUMENTS))
    assert list(back["document"]) == list(made[export.DOCUMENTS]["document"])
    assert back.set_index("document").loc["浦东新区/1.docx", "investment"] == 12000


def test_what_cannot_be_exported_is_said(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="先运行 shenbao review"):
        exporting.export(settings(root, out=tmp_path / "none"), None, "xlsx")
    with pytest.raises(UsageFault, match="收件目录"):
        exporting.export(settings(root), root / "inbox" / "浦东新区", "csv")
    assert exporting.export(settings(root), None, "csv")[0].parent == root / "out" / "导出"


def test_without_its_package_parquet_says_what_to_install(
    made: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(export.NoParquet, match="parquet"):
        export.write_parquet(made, tmp_path)
