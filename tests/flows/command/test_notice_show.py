"""``shenbao notice show``: what the head of an office approves stands in it, as text and as the same in Word."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest

import catalog
from catalog.forms import Condition
from checks.making import rules_of
from records.outputs import REPORT, marked
from reports.papers.pack import as_paper, as_text, outline
from tests.flows.command.test_notice_draft import Run, shenbao

__all__ = ["shenbao"]


def test_a_pack_as_a_person_reads_it(shenbao: Run) -> None:
    code, out, _ = shenbao("notice", "show", "2023")
    pack = catalog.load("2023")
    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert [line for line in out.splitlines() if line[:2] in ("一、", "二、", "三、", "四、", "五、", "六、")] == [
        "一、期限和名额", "二、表格", "三、目录", "四、规则", "五、文书", "六、没有核对的内容",
    ]  # fmt: skip
    assert pack.number in out
    assert ["推荐单位报送推荐汇总表", "2023-08-21"] in rows
    assert ["长兴岛", "管委会", "上海市长兴岛开发建设管理委员会", "10", "5"] in rows
    assert ["区", "获评区级及以上智能制造试点示范项目累计数量超过50个", "25", "15"] in rows
    assert ["4", "企业性质", "单选", "必填", "", "中央企业、地方国企、民营企业、三资企业"] in rows
    assert [r[3:5] for r in rows if r[1:2] == ["企业简介"]] == [["必填", "500字以内"], ["必填", "500字以内"]]
    for rule in rules_of(pack):
        assert [row[3] for row in rows if row[0] == rule.code] == [rule.title]


@pytest.mark.parametrize("name", ["2023", "students"])
def test_what_is_signed_has_words_and_no_keys(name: str) -> None:
    pack = catalog.load(name)
    lines = "\n".join(line for line in as_text(outline(pack)) if not line.startswith("通知包："))
    allowed = {"docx", *(str(value).strip(".") for value in pack.params.values())}
    assert (
        set(re.findall(r"[a-z][a-z_.]{3,}[a-z]", lines.replace(".edu", "edu")))
        - {w.replace(".edu", "edu") for w in allowed}
        == set()
    )


def test_a_condition_is_told_by_the_labels_of_what_it_names() -> None:
    pack = catalog.load("students")
    form = pack.forms["innovation"]
    first, other = form.fields[0], form.fields[1]
    asked = Condition(when=f"filled({other.key})")
    fields = (first.model_copy(update={"required": asked}), *form.fields[1:])
    changed = pack.model_copy(
        update={"forms": {**pack.forms, "innovation": form.model_copy(update={"fields": fields})}}
    )
    assert f"filled(“{other.label}”)时必填" in "\n".join(as_text(outline(changed, "innovation")))


def test_one_form_and_its_rules(shenbao: Run) -> None:
    code, out, _ = shenbao("notice", "show", "2023", "--form", "summary")
    assert code == 0
    assert "附件4" in out
    assert "附件3-1" not in out.partition("规则")[0]
    codes = {line.split("\t")[0] for line in out.splitlines()}
    assert "Q06" in codes
    assert "C01" not in codes


def test_the_paper_says_the_same_and_is_signed() -> None:
    blocks = outline(catalog.load("2023"))
    data = as_paper(blocks)
    assert data == as_paper(outline(catalog.load("2023")))
    paper = docx.Document(io.BytesIO(data))
    written = [p.text for p in paper.paragraphs]
    written += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    told = {cell for line in as_text(blocks) for cell in line.split("\t") if cell}
    assert {t for t in told if t not in {w.replace("\n", " ") for w in written}} == set()
    assert [text for text in written if "负责人（批准）" in text] != []
    assert marked(paper.core_properties.keywords) == (REPORT, "")


def test_the_paper_is_written_once(shenbao: Run, tmp_path: Path) -> None:
    out = tmp_path / "新" / "核定稿.docx"
    assert shenbao("notice", "show", "2023", "--out", str(out))[:2] == (0, f"{out}\n")
    before = out.read_bytes()
    code, _, err = shenbao("notice", "show", "2023", "--out", str(out))
    assert code == 2
    assert "没有改动" in err
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["1999"], "没有“1999”"),
        (["2023", "--form", "scenes"], "没有表“scenes”；有：scene、factory、summary"),
        (["2023", "--out", "核定稿.pdf"], ".docx"),
    ],
)
def test_what_cannot_be_shown(shenbao: Run, words: list[str], says: str) -> None:
    code, out, err = shenbao("notice", "show", *words)
    assert (code, out) == (2, "")
    assert says in err
