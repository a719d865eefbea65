"""审查报告 and 审查依据: short enough to be read, each thing said once, nothing left out of both."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from catalog import Catalog
from records.models import Assessment
from reports.papers.corrections import context as correction_context
from reports.papers.grounds import context as annex
from reports.papers.grounds import grounds
from reports.papers.report import context, review_report
from reports.papers.word import TEMPLATES
from reports.results.progress import Past, Progress
from reports.results.round import views
from reports.write import write_district, write_round
from tests.forms import clean_summary, submission_of
from tests.reports.conftest import DISTRICT, Make, application, finding, form_of, ruled
from tests.reports.papers.test_word_files import text_of, xml_of

ONE = f"{DISTRICT}/001.docx"


def test_the_annex_holds_what_the_report_leaves_out(make: Make) -> None:
    findings = [finding(1, ONE), finding(2, ONE, level="note", message="请留意")]
    text = text_of(grounds(make(4, findings)))
    for word in (
        "证据：“原文如此”",
        "请留意",
        "锁文件",
        "第一部分（一）—企业名称",
        "《通知》附件3申报书第一部分",
        "统一社会信用代码不合",
    ):
        assert word in text


def test_page_one_says_what_to_do_by_when(make: Make) -> None:
    findings = [
        finding(1, ONE),
        finding(2, ONE),
        finding(3, f"{DISTRICT}/002.docx", id="E05-3", code="E05", level="reject"),
        finding(4, f"{DISTRICT}/003.docx", id="Q03-4", code="Q03"),
        finding(5, f"{DISTRICT}/003.docx", id="D02-5", code="D02"),
        finding(6, ONE, level="note"),
    ]
    unsure = [Assessment(document=ONE, code="C05", outcome="cannot_tell", why="不清", district=DISTRICT)]
    rows = context(make(4, findings, unsure=unsure), Progress())["办理"]
    assert {r["事项"]: (r["数量"], r["期限"]) for r in rows} == {
        "须发核实函的": ("1份、1处", "2023年8月21日前"),
        "须发补正通知的": ("1份、2处", "2023年8月19日前"),
        "须推荐单位更正的": ("2处", "2023年8月21日前"),
        "须市级主管部门裁定的": ("1处", "2023年8月21日前"),
        "程序不能判断的": ("1项", "—"),
        "提示": ("1处", "—"),
        "无法读取的": ("1份", "—"),
    }


def test_what_holds_for_many_applications_is_said_once(make: Make) -> None:
    unsure = [
        Assessment(document=f"{DISTRICT}/{n:03d}.docx", code="E01", outcome="cannot_tell", why="读取把握不足")
        for n in (1, 2, 4)
    ]
    (row,) = annex(make(4, unsure=unsure), Progress())["待判断"]
    assert (row["规则"], row["份数"]) == ("E01", "3")
    assert row["单位"].count("、") == 2


def test_what_is_asked_of_many_is_one_row_of_the_list_of_corrections(make: Make) -> None:
    findings = [
        finding(
            n,
            f"{DISTRICT}/{n:03d}.docx",
            code="Q03",
            id=f"Q03-{n:012x}",
            applicant=f"上海示例{n:03d}机械有限公司",
            message=f"“上海示例{n:03d}机械有限公司”的申报书已收到，但推荐汇总表没有列入。请补列，或说明不予推荐。",
            expected="列入推荐汇总表",
            actor="recommender",
        )
        for n in (1, 2, 4)
    ]
    result = make(4, findings, broken=False)
    (group,) = correction_context(result)["事项"]
    (row,) = group["项"]
    assert [whom.partition(" ")[0] for whom in row["对象"].split("\n")] == ["001", "002", "003"]
    assert row["内容"].startswith("“上海示例001机械有限公司”等3份（见左栏）的申报书已收到")
    assert "应为" not in row["内容"]
    assert "有下列3处" in correction_context(result)["正文"][0]


def test_nothing_is_announced_that_does_not_follow(make: Make) -> None:
    result = make(1, [finding(1, "", code="Q08", id="Q08-1", level="note", form="summary", applicant="")], broken=False)
    told = context(result, Progress())
    assert told["推荐问题"] == []
    assert not any(p.endswith("：") for p in told["推荐概述"])
    assert any("另有提示1处，见审查依据" in p for p in told["推荐概述"])


def test_a_report_says_until_when_it_tells_of(make: Make) -> None:
    result = replace(make(1, [finding(1, ONE)]), today=dt.date(2023, 8, 7))
    assert context(result, Progress())["概述"][0].startswith("截至2023年8月7日，收到浦东新区报送文件")


def test_the_last_review_is_told_of_only_where_there_was_one(make: Make) -> None:
    result = make(1, [finding(1, ONE)])
    for data in (review_report(result), grounds(result)):
        assert "上次" not in text_of(data)
    mended = Past("C01-1", "C01", "fix", "上海示例001机械有限公司", "scene", "封面没有填")
    again = Progress(first=False, still=[finding(1, ONE)], mended=[mended])
    assert "已改正1处，仍未改正1处，新出现0处。" in text_of(review_report(result, again))
    assert "封面没有填" in text_of(grounds(result, again))


def test_parts_of_the_annex_that_are_empty_are_left_out_and_the_others_numbered_on(make: Make) -> None:
    result = make(1, [finding(1, ONE)], broken=False, table=False)
    result.passed_over = []
    heads = [p.text for p in Document(io.BytesIO(grounds(result))).paragraphs if p.style.name == "Heading 1"]
    assert heads == ["一、审查范围", "二、审查规则和结果", "三、各申报项目的问题和提示"]


def test_many_findings_are_told_by_their_rules_and_the_rest_counted(make: Make) -> None:
    findings = [
        finding(n, f"{DISTRICT}/{n % 30 + 1:03d}.docx", field=f"f{n}", level="fix" if n > 29 else "reject")
        for n in range(180)
    ]
    (group,) = [g for g in context(make(30, findings), Progress())["分组"] if "不符合条件" in g["标题"]]
    assert len(group["逐行"]) == 30
    assert group["逐行"][0].endswith("；等6处。")
    assert "：基本信息必填项未填（C02，原文如此）；基本信息必填项未填（C02）；" in group["逐行"][0]


def test_a_long_report_has_a_table_of_contents_that_is_already_filled_in(make: Make) -> None:
    assert "PAGEREF" not in xml_of(review_report(make(3)))
    data = review_report(make(30, [finding(1, ONE)]))
    doc = Document(io.BytesIO(data))
    entries = [p.text.strip() for p in doc.paragraphs if p.style.style_id.startswith("TOC")]
    heads = [p.text for p in doc.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    assert entries == heads
    assert heads[-3:] == ["（一）需补正（1份）", "（二）无法读取（1份）", "六、问题分布与覆盖"]
    xml = xml_of(data)
    assert re.findall(r"PAGEREF (\S+)", xml) == re.findall(r'bookmarkStart w:id="\d+" w:name="(_Toc[^"]*)"', xml)


def test_an_offices_own_template_gets_its_table_of_contents_too(make: Make, tmp_path: Path) -> None:
    own = Document(str(TEMPLATES / "审查依据.docx"))
    (head,) = [p for p in own.paragraphs if p.text == "一、审查范围"]
    head.runs[0].text = "第一部分 范围"
    own.sections[0].footer.paragraphs[0].add_run("{{ 推荐单位 }}")
    own.save(str(tmp_path / "审查依据.docx"))
    result = make(1)
    result.templates = tmp_path
    doc = Document(io.BytesIO(grounds(result)))
    entries = [p.text.strip() for p in doc.paragraphs if p.style.style_id.startswith("TOC")]
    assert entries[0] == "第一部分 范围"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_three_hundred_applications_take_forty_pages_at_most(make: Make, tmp_path: Path) -> None:
    codes = ("E05", "C02", "L01", "E01", "C05")
    findings = [
        finding(n, f"{DISTRICT}/{n % 300 + 1:03d}.docx", code=codes[n // 300], id=f"{n}", field=f"f{n}")
        for n in range(1500)
    ]
    items = [application(n) for n in range(1, 301)]
    (tmp_path / "审查报告.docx").write_bytes(review_report(make(submissions=items, findings=findings)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "审查报告.docx")], check=True, capture_output=True)
    pypdfium2 = pytest.importorskip("pypdfium2")
    pdf = pypdfium2.PdfDocument(tmp_path / "审查报告.pdf")
    assert len(pdf) <= 40
    assert "审查人：" in pdf[0].get_textpage().get_text_range()
    assert re.search(r"五、须办理的问题\.+\s*\d+", pdf[1].get_textpage().get_text_range())


def test_the_rounds_report_tells_of_the_last_review_only_where_there_was_one(make: Make, tmp_path: Path) -> None:
    def heads() -> list[str]:
        doc = Document(str(tmp_path / "全市" / "全市审查报告.docx"))
        return [p.text for p in doc.paragraphs if p.style.name == "Heading 1"]

    for findings, last in (([finding(1, ONE)], ["附：图表"]), ([finding(2, ONE)], ["七、与上次相比", "附：图表"])):
        result = make(12, findings)
        write_district(result, tmp_path / DISTRICT)
        write_round(views([result], tmp_path), tmp_path / "全市")
        assert heads()[6:] == last


def test_a_name_with_stray_blanks_is_printed_without_them_and_kept_as_it_stood(
    catalog: Catalog, tmp_path: Path
) -> None:
    odd = "上海 示例001　机械有限公司"
    own = form_of(1, company_name=odd, applicant=odd, contact_email="无效")
    table = submission_of(clean_summary(own, recommender=DISTRICT), DISTRICT, f"{DISTRICT}/汇总表.docx")
    write_district(ruled(catalog, [submission_of(own, DISTRICT, ONE), table]), tmp_path)
    papers = [text_of(p.read_bytes()) for p in sorted(tmp_path.rglob("*.docx"))]
    sheets = [str(c.value) for b in tmp_path.rglob("*.xlsx") for s in load_workbook(b) for row in s for c in row]
    assert sum("上海示例001机械有限公司" in text for text in (*papers, "\n".join(sheets))) >= len(papers)
    assert not any("上海 示例" in text for text in (*papers, *sheets))
    assert "上海 示例001" in (tmp_path / "records.jsonl").read_text("utf-8")
