"""The blank forms that come with the program, drafted, beside the definitions that people wrote of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import catalog
from extractors import read_bytes
from extractors.fitting.labels import fold_label
from records.models import Record
from tests.extractors.drafting.drafted import NAMES, drafted, drafted_catalog
from tests.extractors.drafting.measure import compare, pair, pair_tables

INBOX = Path(__file__).parents[3] / "samples" / "inbox"


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_the_blank_prints_is_drafted(name: str) -> None:
    found = compare(drafted(name), catalog.load().forms[name])
    print(name, found)
    assert found.missing == []


def test_stars_are_told() -> None:
    assert [f.label for f in drafted("scene").fields if f.stars == 1] == [
        "生产效率提升", "资源综合利用率提升", "运营成本下降", "质量损失率下降",
    ]  # fmt: skip
    assert [f.label for f in drafted("scene").fields if f.stars > 1] == ["先进过程控制投用率"]
    assert sum(1 for f in drafted("factory").fields if f.stars) == 4


def test_titles_annexes_and_kinds() -> None:
    told = [(f.annex, f.title, f.marks, f.kind) for f in map(drafted, NAMES)]
    assert told == [
        ("附件3-1", "智能制造试点示范项目申报书（优秀场景）", ["优秀场景"], "application"),
        ("附件3-2", "智能制造试点示范项目申报书（示范工厂）", ["示范工厂"], "application"),
        ("附件4", "智能制造试点示范项目推荐汇总表", [], "summary"),
    ]


@pytest.mark.parametrize("name", ["scene", "factory"])
def test_roles_are_guessed(name: str) -> None:
    roles = {f.role.name: f.label for f in drafted(name).fields if f.role}
    assert roles == {
        "project": "项目名称",
        "applicant": "申报单位",
        "recommender": "推荐单位",
        "date": "申报日期",
        "applicant_again": "企业名称",
        "credit_code": "统一社会信用代码",
        "address": "工厂地址",
        "contact": "姓名",
        "phone": "电话",
        "mobile": "手机",
        "email": "邮箱",
        "commitment": "真实性承诺",
        "person": "姓名",
    }
    contact = next(f for f in drafted(name).fields if f.role and f.role.name == "contact")
    assert contact.group == "联系人"


def test_the_sample_inbox_reads_the_same_with_the_drafts() -> None:
    ours, theirs = catalog.load(), drafted_catalog()
    same: Counter[str] = Counter()
    every: Counter[str] = Counter()
    other = []
    for path in sorted(p for p in INBOX.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for a, b in zip(read_bytes(data, ours, path.name), read_bytes(data, theirs, path.name), strict=True):
            assert a.record.form == b.record.form
            for kind, what, equal in _compared(a.record, b.record):
                every[kind] += 1
                same[kind] += equal
                if not equal:
                    other.append(f"{path.name} {what}")
    print({kind: f"{same[kind]}/{n}" for kind, n in every.items()}, other)
    assert same["field"] >= 0.987 * every["field"] > 0
    assert same["cell"] >= 0.987 * every["cell"] > 0
    assert same["chapter"] >= 0.987 * every["chapter"] > 0


def _compared(ours: Record, theirs: Record) -> list[tuple[str, str, bool]]:
    """Each field, cell and chapter that ours has, and whether theirs says the same."""
    if ours.form == "unknown":
        return []
    form, made = catalog.load().forms[ours.form], drafted(ours.form)
    out = []
    pairs = pair(made, form)
    for key, value in ours.fields.items():
        other = theirs.fields.get(pairs[key].key) if key in pairs else None
        out.append(("field", key, other is not None and other.value == value.value))
    tables = pair_tables(made, form)
    for table in form.tables:
        drafted_table = tables.get(table.key)
        rows = theirs.tables.get(drafted_table.key, []) if drafted_table else []
        keys = {fold_label(c.label): c.key for c in drafted_table.columns} if drafted_table else {}
        for at, row in enumerate(ours.tables.get(table.key, [])):
            for column in table.columns:
                if column.key in row:
                    cell = rows[at].get(keys.get(fold_label(column.label), "")) if at < len(rows) else None
                    equal = cell is not None and cell.value == row[column.key].value
                    out.append(("cell", f"{table.key}.{at}.{column.key}", equal))
    chapters = {fold_label(s.heading): s.key for s in made.sections}
    for key, value in ours.sections.items():
        section = form.section(key)
        other = theirs.sections.get(chapters.get(fold_label(section.heading), "")) if section else None
        out.append(("chapter", key, other is not None and other.value == value.value))
    return out
