"""What each kind of letter says, and to whom: the rules' findings on made applications, so that the pack's own words are tried."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from docx import Document

from catalog import Catalog
from checks.run import check_round
from records.models import Assessment
from reports.papers.corrections import correction_list
from reports.papers.letters import Issue, Writer, letters
from reports.papers.report import review_report
from reports.results.model import DistrictResult, Item
from reports.results.posting import posts, without_letter
from tests.forms import factory, scene, submission_of
from tests.reports.conftest import DISTRICT, Make, finding

ONE = f"{DISTRICT}/001.docx"


def text_of(data: bytes) -> str:
    doc = Document(io.BytesIO(data))
    cells = [c.text for t in doc.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in doc.paragraphs] + cells)


def ruled(catalog: Catalog, form: str = "scene", **fields: Any) -> DistrictResult:
    """An application as the rules find it."""
    data = (scene if form == "scene" else factory)(fields=fields)
    given = [submission_of(data, DISTRICT, ONE)]
    return DistrictResult(catalog, DISTRICT, given, check_round(catalog, given).of_district(DISTRICT))


def the_letter(result: DistrictResult) -> str:
    (data,) = letters(result).values()
    return text_of(data)


def test_a_date_after_the_deadline_is_to_be_explained_and_not_corrected(catalog: Catalog) -> None:
    text = the_letter(ruled(catalog, application_date="2023-09-01"))
    assert text.startswith("核实函")
    assert "书面说明实际完成申报的时间" in text
    for word in ("应为", "改正", "补正"):
        assert word not in text


def test_a_declared_accident_asks_for_certificates_and_not_for_the_tick_to_be_removed(catalog: Catalog) -> None:
    text = the_letter(ruled(catalog, had_major_accident=True, accident_name="某厂区火灾"))
    assert text.startswith("核实函")
    assert "主管部门出具的事故等级认定或者证明材料" in text
    for word in ("误勾", "应为", "改正"):
        assert word not in text


def test_who_is_not_eligible_is_told_why_in_the_clauses_words_and_may_be_heard(catalog: Catalog) -> None:
    text = the_letter(ruled(catalog, uscc="91320583MA1N0M958U", contact_mobile=""))
    assert text.startswith("不予受理通知")
    assert "申报主体为在上海市行政区域内注册，具有独立法人资格" in text
    assert "陈述、申辩" in text
    assert "补正" not in text


def test_what_can_be_mended_stands_in_the_letter_that_asks_for_more(catalog: Catalog) -> None:
    result = ruled(catalog, application_date="2023-09-01", legal_rep_name="")
    (post,) = posts(result)
    assert [(g.kind.kind, len(g.points)) for g in post.groups] == [("verify", 1), ("mend", 1)]
    text = the_letter(result)
    assert "现一次性告知" in text
    assert "连同补正后的完整申报书" in text


@pytest.mark.parametrize("case", ["cannot tell", "unreadable", "partial", "of another"])
def test_nothing_is_called_complete_while_something_is_open(make: Make, case: str) -> None:
    unsure = [Assessment(document=ONE, code="C05", outcome="cannot_tell", why="不清", district=DISTRICT)]
    other = [finding(2, ONE, id="D02-2", code="D02", message="与别的推荐单位重复")]
    result = make(
        1, [finding(1, ONE), *(other if case == "of another" else [])],
        broken=case == "unreadable", unsure=unsure if case == "cannot tell" else [],
    )  # fmt: skip
    result.partial = case == "partial"
    text = the_letter(result)
    assert "一次性" not in text
    assert "其余内容仍在核对" in text


def test_of_a_file_with_a_secrecy_marking_nothing_is_told_but_its_name_and_the_marking(make: Make) -> None:
    marked = finding(
        1, ONE, id="S01-1", code="S01", level="reject", message="页眉标有“机密★3年”。", field=None, place="页眉"
    )
    result = make(1, [marked, finding(2, ONE, message="企业名称未填写")], broken=False)
    text = the_letter(result)
    assert text.startswith("保密事项告知函")
    assert "机密★3年" in text
    assert "001.docx" in text
    for word in ("示例项目1", "企业名称", "一次性", "补正"):
        assert word not in text


def test_the_copy_of_a_marked_file_is_not_asked_for_again(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter to correct and send it anew would pass its text on; whose file it shares words with is no applicant's business."""
    monkeypatch.setattr(Item, "withheld", property(lambda _: True))
    result = make(1, [finding(2, ONE, message="企业名称未填写")], broken=False)
    assert posts(result) == []
    (none,) = without_letter(result)
    assert "保密工作机构" in none.why


def test_what_a_rule_over_the_round_says_of_others_stays_inside(make: Make) -> None:
    told = "与上海他家科技有限公司的申报书雷同：“独家工艺”"
    fault = finding(1, ONE, id="D03-1", code="D03", message=told, evidence=told, expected="独家工艺", actor="applicant")
    result = make(1, [fault], broken=False)
    text = the_letter(result)
    assert "他家" not in text
    assert "独家工艺" not in text
    assert "文字与其他企业的申报书雷同，请核对更正。" in text


def test_what_the_recommender_corrects_stands_in_its_list_and_in_no_letter(make: Make) -> None:
    faults = [
        finding(1, ONE, id="E08-1", code="E08", message="推荐单位写错", actor="recommender"),
        finding(
            2,
            f"{DISTRICT}/汇总表.docx",
            id="Q05-2",
            code="Q05",
            form="summary",
            message="手机不一致",
            actor="recommender",
        ),
        finding(3, f"{DISTRICT}/汇总表.docx", id="F04-3", code="F04", form="summary", message="汇总表带有宏"),
        finding(4, ONE, id="D02-4", code="D02", message="两处推荐", actor="city"),
        finding(5, ONE, id="E06-5", code="E06", level="note", message="有亏损", actor="recommender"),
    ]
    result = make(1, faults)
    assert letters(result) == {}
    text = text_of(correction_list(result))
    for word in ("推荐单位写错", "手机不一致", "汇总表带有宏", "文件不能打开", "下列4处"):
        assert word in text
    for word in ("两处推荐", "有亏损"):
        assert word not in text
    assert "没有须由推荐单位更正的事项" in text_of(correction_list(make(1, broken=False)))


def test_who_gets_no_letter_is_listed_with_the_reason(make: Make) -> None:
    faults = [
        finding(1, ONE),
        finding(2, f"{DISTRICT}/002.docx", id="D02-2", code="D02", message="两处推荐", actor="city"),
        finding(3, f"{DISTRICT}/003.docx", level="note", message="请留意"),
    ]
    why = {n.item.document.rpartition("/")[2]: n.why for n in without_letter(make(4, faults))}
    assert set(why) == {"002.docx", "003.docx", "004.docx", "损坏.docx"}
    assert "市级主管部门" in why["002.docx"]
    assert "只有提示" in why["003.docx"]
    assert "更正清单" in why["损坏.docx"]


def test_a_letter_holds_no_value_that_is_missing_and_no_doubled_mark(catalog: Catalog) -> None:
    for result in (
        ruled(catalog, application_date="2023-09-01", project_name="", legal_rep_name=""),
        ruled(catalog, uscc="91320583MA1N0M958U"),
        ruled(catalog, form="factory", had_major_accident=True),
    ):
        result.today = dt.date(2023, 9, 5)
        writer = Writer(result)
        for post in posts(result):
            text = text_of(writer.written(post, Issue("试〔2023〕1号", dt.date(2023, 9, 5))))
            for wrong in ("。。", "：：", "（）", "“”", "{", "}", "None", "。，", "，。", "：。", "；。"):
                assert wrong not in text, (wrong, text)


def test_what_is_expected_is_told_only_where_it_says_something(make: Make) -> None:
    faults = [
        finding(1, ONE, message="联系人邮箱有误", expected="正确的电子邮箱"),
        finding(2, ONE, message="编号有误", field="uscc", expected="18位代码"),
    ]
    text = the_letter(make(1, faults, broken=False))
    assert "正确的电子邮箱" not in text
    assert text.count("应为：18位代码。") == 1


def test_the_report_says_to_whom_no_letter_goes_and_why(make: Make) -> None:
    faults = [finding(1, ONE), finding(2, f"{DISTRICT}/002.docx", id="D02-2", code="D02", message="两处推荐")]
    text = text_of(review_report(make(3, faults)))
    assert "所指问题由市级主管部门办理，不由申报单位补正（1份）：上海示例002机械有限公司。" in text
    assert "没有查出须补正的问题（1份）：上海示例003机械有限公司。" in text


def test_another_notice_is_told_of_in_its_own_words(catalog: Catalog) -> None:
    """Its class of applications, not the title that its form is known by; what is applied for by the form's label."""
    own = catalog.forms["scene"]
    fields = tuple(f.model_copy(update={"label": "装备名称"}) if f.role == "project" else f for f in own.fields)
    title = "示例市首台（套）装备认定申请表"
    form = own.model_copy(
        update={"of_class": "首台（套）装备", "title": title, "title_marks": (title,), "fields": fields}
    )
    other = catalog.model_copy(update={"forms": catalog.forms | {"scene": form}, "version": "other words"})
    result = ruled(other, application_date="2023-09-01")
    assert result.form_label("scene") == "首台（套）装备"
    text = the_letter(result)
    assert "首台（套）装备申报材料（装备名称：" in text
    assert "项目名称" not in text
