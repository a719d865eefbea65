"""Findings in the words of reports: nothing twice, passages side by side, nothing of others in letters."""

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from catalog import Catalog
from records.models import Submission
from reports.page.round import round_page
from reports.papers.letters import letters
from reports.papers.round import round_context
from reports.results.matters import concerns, matters_of
from reports.results.round import RoundView, views
from reports.results.wording import copied_passages, told
from tests.forms import submission_of
from tests.reports.conftest import DISTRICT, finding, form_of, ruled

PASSAGE = (
    "项目首先对机组进行分级，按照故障后果与发生频次划分为三级，对一级机组安装振动、温度、油液和电流四类传感器，对二级机组安装振动与"
    "温度传感器，对三级机组保留人工巡检并配置手持采集仪。采集网关在现场完成频谱计算和特征提取，仅把特征值与异常波形上传服务器，"
    "网络带宽占用下降到原方案的五分之一。诊断模型先由厂家提供的机理规则起步，再用两年的检修记录逐台修正阈值，误报从每周九次降到每月两次。"
    "检修工单由系统自动生成，备件需求同步推送仓库，班组在手持终端上确认到场、拆检和复装三个节点，结论回写模型作为下一轮修正的样本。"
)


@pytest.mark.parametrize(
    ("message", "evidence", "labels"),
    [
        ("封面“甲公司”与“乙公司”不一致", "甲公司；乙公司", []),
        ("手机为“139”，申报书为“138”", "申报书“138”；汇总表“139”", ["证据"]),
        ("只覆盖6个环节（产品设计、质量管控）", "6个环节：产品设计、质量管控", []),
        ("企业简介共546字", "本公司成立于2006年…", ["证据"]),
        ("没有填写", "", []),
    ],
)
def test_evidence_that_the_message_quotes_is_not_told_twice(message: str, evidence: str, labels: list[str]) -> None:
    said = told(finding(message=message, evidence=evidence, expected=""), 100)
    assert [label for label, _ in said.more] == labels


def test_what_was_expected_is_told_only_of_what_can_be_mended() -> None:
    assert dict(told(finding(expected="18位代码", evidence=""), 100).more) == {"应为": "18位代码"}
    assert told(finding(expected="18位代码", evidence="", level="reject"), 100).more == ()
    assert told(finding(expected="填写企业名称", evidence=""), 100).more == ()


def test_words_to_mark_in_the_document_are_pieces_of_the_evidence() -> None:
    assert told(finding(evidence="申报书“13900000301”；汇总表“13900000399”"), 100).marks[-2:] == (
        "13900000301",
        "13900000399",
    )
    assert told(finding(evidence="本公司成立于2006年，注册…"), 100).marks[0] == "本公司成立于2006年，注册"


def copies(other: str = "窑炉", **fields: Any) -> list[Submission]:
    """Two companies of two districts with one passage, the second's about the ``other``; the first is put forward by both."""
    made = []
    for number, district in ((1, DISTRICT), (2, "嘉定区"), (1, "嘉定区")):
        data = form_of(number, form="factory" if (number, district) == (1, "嘉定区") else "scene", **fields)
        if district == DISTRICT or number == 2:
            own = ("厂房建于开发区东侧，产线分三期投用。", "主营纺织零部件，客户遍布各省各地。")[number - 1] * 6
            data["sections"]["construction_plan"] = (
                own + PASSAGE.replace("机组", "机组" if number == 1 else other) + own
            )
        if number == 2:  # its own scenes: one passage is shared, and no more
            for row in data["tables"]["scenes"]:
                row.update({key: str(text)[::-1] for key, text in row.items() if len(str(text)) > 40})
        made.append(submission_of(data, district, f"{district}/{number}{data['form']}.docx"))
    return made


def test_a_copied_passage_stands_once_in_the_round_with_both_texts(catalog: Catalog) -> None:
    results = [ruled(catalog, copies(), d) for d in (DISTRICT, "嘉定区")]
    assert sum(f.code == "D03" for r in results for f in r.open_findings) == 2
    (pair,) = copied_passages(results)
    assert {pair.document, pair.shared.other_document} == {f"{DISTRICT}/1scene.docx", "嘉定区/2scene.docx"}
    assert {"机组" in pair.shared.mine, "机组" in pair.shared.theirs} == {True, False}


@pytest.mark.parametrize(("other", "quoted"), [("窑炉", 2), ("机组", 1)])
def test_the_city_reads_a_copied_passage_once_where_both_wrote_the_same(
    catalog: Catalog, other: str, quoted: int
) -> None:
    offices = [ruled(catalog, copies(other), d) for d in (DISTRICT, "嘉定区")]
    every = matters_of(catalog, [concern for office in offices for concern in concerns(office)])
    (matter,) = (m for m in every if m.code == "D03")
    assert "".join(matter.words).count("按照故障后果与发生频次划分为三级") == quoted
    assert len(matter.words) == 2
    assert all(f"示例00{n}" in words for n, words in zip((1, 2), matter.words, strict=True))


@pytest.mark.parametrize(("other", "labels"), [("窑炉", ["本申报书", "对方"]), ("机组", ["双方都写"])])
def test_a_passage_that_both_wrote_alike_is_told_once(catalog: Catalog, other: str, labels: list[str]) -> None:
    result = ruled(catalog, copies(other), DISTRICT)
    (found,) = (f for f in result.open_findings if f.code == "D03")
    assert [label for label, _ in told(found, 200).more] == labels


def test_evidence_with_quotation_marks_of_its_own_is_quoted_by_the_standard() -> None:
    evidence = "申报书“138”；汇总表“139”"
    assert told(finding(evidence=evidence, expected=""), 100).more == (("证据", "“申报书‘138’；汇总表‘139’”"),)


def test_a_copied_passage_is_shown_on_the_page_and_in_the_report(catalog: Catalog, tmp_path: Path) -> None:
    view = RoundView(views([ruled(catalog, copies(), d) for d in (DISTRICT, "嘉定区")], tmp_path))
    assert "窑炉" in round_page(view).decode()
    (row,) = round_context(view)["雷同"]
    assert {row["甲"], row["乙"]} == {f"上海示例001机械有限公司\n（{DISTRICT}）", "上海示例002机械有限公司\n（嘉定区）"}
    assert "甲写：“" in row["情况"]


def test_letters_say_nothing_of_other_companies_or_districts(catalog: Catalog) -> None:
    for district in (DISTRICT, "嘉定区"):
        result = ruled(catalog, copies(contact_email=None), district)
        assert {f.code for f in result.open_findings} >= {"D02", "D03", "Q07"}
        named = letters(result)
        assert named
        for name, data in named.items():
            text = "\n".join(p.text for p in Document(io.BytesIO(data)).paragraphs)
            assert "邮箱" in text
            for word in ("雷同", "D0", "Q0", "推荐汇总表", "分别推荐", "传感器"):
                assert word not in text
            if "001" in name:
                assert "上海示例002" not in text
                assert ("嘉定区" in text) == (district == "嘉定区")
