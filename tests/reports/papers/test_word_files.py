"""The Word files: official layout, text that stays text, broken templates that say so."""

import functools
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm

import catalog
from catalog.forms import FormColumn
from records.models import Note, Reading, Record, Source, Submission, Value
from reports.papers.grounds import grounds
from reports.papers.letters import letters
from reports.papers.recommendation import as_applied, summary_table
from reports.papers.report import review_report
from reports.papers.word import TEMPLATES, BrokenTemplate, render
from reports.write import write_district
from tests.forms import clean_summary, submission_of
from tests.reports.conftest import DISTRICT, Make, application, finding, form_of

ONE = f"{DISTRICT}/001.docx"
EVIL = '=HYPERLINK("http://x.example","点")<w:p/>&amp;{{ 7*7 }}{% for x in y %}{{r z }}\x07]]>\u202e‮<script>'


def text_of(data: bytes) -> str:
    doc = Document(io.BytesIO(data))
    cells = [c.text for t in doc.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in doc.paragraphs] + cells)


def xml_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml").decode()


def test_the_report_is_laid_out_as_gbt_9704_asks(make: Make) -> None:
    doc = Document(io.BytesIO(review_report(make(2, [finding(1, ONE)]))))
    section = doc.sections[0]
    sizes = (section.page_width, section.page_height)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(v / Mm(1)) for v in (*sizes, *margins)] == [210, 297, 37, 35, 28, 26]
    assert doc.styles["Normal"].font.size.pt == 16
    assert doc.styles["Title"].font.size.pt == 22
    assert doc.styles["Normal"].paragraph_format.line_spacing.pt == 29
    assert " PAGE " in section.footer._element.xml
    assert " PAGE " in section.even_page_footer._element.xml


def test_the_report_says_what_a_head_of_office_asks(make: Make) -> None:
    findings = [
        finding(1, ONE),
        finding(2, f"{DISTRICT}/002.docx", id="E05-2", code="E05", level="reject", message="发生过重大事故"),
        finding(3, f"{DISTRICT}/003.docx", level="note", message="请留意"),
    ]
    text = text_of(review_report(make(4, findings)))
    assert "收到浦东新区报送文件6份：申报书4份（优秀场景3份、示范工厂1份），推荐汇总表1份，无法读取的1份。" in text
    assert "未发现问题2份，需补正1份，不符合条件1份" in text
    assert "限额分别为20个、10个，均未超过限额" in text
    assert (
        "001 上海示例001机械有限公司（优秀场景）\n1.【需补正】第1个问题：企业名称未填写（第一部分（一）—企业名称，依据：《通知》附件3申报书第一部分，C02）"
        in text
    )
    for word in ("请留意", "证据：", "锁文件"):  # these stand in the annex
        assert word not in text


@pytest.mark.parametrize("place", ["applicant", "evidence", "where"])
def test_text_from_applicants_stays_text(make: Make, place: str) -> None:
    item = application(1, text=EVIL)
    fault = finding(1, ONE, **{place: EVIL, "message": f"问题{EVIL}"})
    result = make(submissions=[item], findings=[fault], broken=False, table=False)
    for data in (review_report(result), grounds(result), summary_table(result) or b"", *letters(result).values()):
        assert "{{ 7*7 }}" in text_of(data)
        assert "49" not in re.findall(r"点[^\n]*", text_of(data))
        xml = xml_of(data)
        assert "&lt;script&gt;" in xml
        assert "<script" not in xml
        assert set(re.findall(r"<w:hyperlink w:anchor=.([^'\"]*)", xml)) == set(re.findall(r"PAGEREF (\S+)", xml))
        assert "\u202e" not in xml


def test_identity_numbers_are_masked_in_every_word_file(make: Make) -> None:
    secret = "联系人证号11010519491231002X"
    result = make(submissions=[application(1, text=secret)], findings=[finding(1, ONE, evidence=secret)], broken=False)
    for data in (review_report(result), grounds(result), summary_table(result) or b"", *letters(result).values()):
        assert "19491231" not in xml_of(data)
        assert "110*************2X" in xml_of(data)


def test_equal_results_give_equal_bytes(make: Make) -> None:
    first, again = (make(3, [finding(1, ONE)]) for _ in range(2))
    assert review_report(first) == review_report(again)
    assert grounds(first) == grounds(again)
    assert letters(first) == letters(again)
    assert summary_table(first) == summary_table(again)


def test_the_draft_follows_the_districts_order_and_ranks_nobody_itself(make: Make) -> None:
    chosen = [application(n) for n in (1, 2, 3)]
    order = clean_summary(*[form_of(n) for n in (3, 1)], recommender=DISTRICT)
    sent = make(submissions=[*chosen, submission_of(order, DISTRICT, f"{DISTRICT}/表.docx")], table=False)
    drawn = Document(io.BytesIO(summary_table(sent) or b""))
    rows = [[c.text for c in r.cells] for r in drawn.tables[0].rows[1:]]
    assert [r[:2] for r in rows] == [["1", "上海示例003机械有限公司"], ["2", "上海示例001机械有限公司"]]
    assert rows[0][2].startswith("1.质量管控—")
    apart = [[c.text for c in r.cells] for r in drawn.tables[-1].rows[1:]]
    assert [(r[0], r[2]) for r in apart] == [("上海示例002机械有限公司", "推荐单位报送的汇总表没有列入")]

    nothing_sent = Document(io.BytesIO(summary_table(make(submissions=chosen, table=False)) or b""))
    assert [r.cells[0].text for r in nothing_sent.tables[0].rows[1:]] == ["", "", ""]
    assert any("序号留空" in p.text for p in nothing_sent.paragraphs)


def test_the_draft_is_the_notices_table_to_the_letter_and_says_that_it_is_a_draft(make: Make) -> None:
    doc = Document(io.BytesIO(summary_table(make(1)) or b""))
    text = [p.text for p in doc.paragraphs]
    assert text[:2] == ["附件4", "智能制造试点示范项目推荐汇总表"]
    assert "草稿" in text[2]
    heads = [[c.text for c in t.rows[0].cells] for t in doc.tables[:2]]
    assert heads[0] == ["序号", "申报企业名称", "申报智能制造典型场景实例（罗列）", "联系人", "联系方式（手机号）"]
    assert heads[1][:3] == ["序号", "揭榜单位名称", "示范工厂名称"]
    assert "注：1.推荐智能制造示范工厂排名有先后；2.推荐数量不能超过规定的上限。" in text


def test_what_cannot_simply_be_put_forward_stands_apart(make: Make) -> None:
    faults = [
        finding(1, ONE, id="E05-1", code="E05", level="reject"),
        finding(2, f"{DISTRICT}/002.docx", id="D02-2", code="D02"),
    ]
    chosen = [application(n) for n in (1, 2, 3)]
    doc = Document(io.BytesIO(summary_table(make(submissions=chosen, findings=faults, table=False)) or b""))
    assert [r.cells[1].text for r in doc.tables[0].rows[1:]] == ["上海示例003机械有限公司"]
    apart = {r.cells[0].text: r.cells[2].text for r in doc.tables[-1].rows[1:]}
    assert "近三年发生过重大事故" in apart["上海示例001机械有限公司"]
    assert "另有推荐单位" in apart["上海示例002机械有限公司"]


def test_a_letter_tells_the_applicant_what_to_correct_and_nothing_internal(make: Make) -> None:
    other = "上海示例002机械有限公司"
    findings = [
        finding(1, ONE, message="统一社会信用代码未填写", field="uscc", expected="18位代码"),
        finding(2, ONE, level="note", message="内部提示不要外传"),
        finding(3, ONE, id="D02-3", code="D02", message=f"与{other}重复"),
        finding(4, ONE, id="K01-4", code="K01", message=f"与{other}的名称不一致"),
        finding(5, ONE, id="Q03-5", code="Q03", message="没有列入汇总表"),
    ]
    named = letters(make(2, findings))
    assert list(named) == ["上海示例001机械有限公司（优秀场景）.docx"]  # the damaged file has no applicant to write to
    text = text_of(named["上海示例001机械有限公司（优秀场景）.docx"])
    assert "统一社会信用代码未填写" in text
    assert "应为：18位代码" in text
    assert "《通知》附件3申报书第一部分" in text
    assert "2023年8月19日" in text
    for word in (other, "内部提示", "没有列入汇总表", f"{DISTRICT}/"):
        assert word not in text


def test_letters_of_like_names_do_not_collide(make: Make) -> None:
    items = [application(n, applicant="上海ABC公司", company_name="上海ABC公司") for n in (1, 2)]
    items.append(application(3, applicant="上海abc公司", company_name="上海abc公司"))
    findings = [finding(n, f"{DISTRICT}/{n:03d}.docx") for n in (1, 2, 3)]
    named = letters(make(submissions=items, findings=findings, broken=False))
    assert len({n.casefold() for n in named}) == 3


def test_letters_of_names_that_are_one_to_a_file_system_do_not_collide(make: Make) -> None:
    names = ("上海Café公司", "上海Cafe\u0301公司", "上海CAFÉ公司")
    items = [application(n, applicant=name, company_name=name) for n, name in enumerate(names, 1)]
    findings = [finding(n, f"{DISTRICT}/{n:03d}.docx") for n in (1, 2, 3)]
    named = letters(make(submissions=items, findings=findings, broken=False))
    assert len({unicodedata.normalize("NFC", n).casefold() for n in named}) == 3


def test_what_is_no_application_is_a_line_for_the_office(make: Make) -> None:
    kinds = {"安装.exe": ("other", "F01"), "照片.jpg": ("image", "F06"), "README.txt": ("text", "F01")}
    items, findings = [], []
    for n, (name, (form, code)) in enumerate(kinds.items(), 1):
        document = f"{DISTRICT}/{name}"
        notes = [Note(code=code, message="不是申报书")] if code == "F01" else []
        record = Record(source=Source(path=document, sha256=f"{n}" * 64, format=form), notes=notes)
        items.append(Submission(district=DISTRICT, document=document, reading=Reading(record=record)))
        findings.append(finding(n, document, code=code, form="unknown", applicant="", message=f"{name}不是申报书"))
    result = make(submissions=items, findings=findings, broken=False)
    assert letters(result) == {}
    text = text_of(review_report(result))
    assert "收到的其他文件（3份）" in text
    for name in kinds:
        assert text.count(f"{DISTRICT}/{name}：") == 1
    assert "无法读取（" not in text


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{{ 推荐单位 }}", "{{ 推荐单位 }", "标记写错了"),
        ("{{ 推荐单位 }}", "{{ 推荐单伟 }}", "推荐单伟"),
        ("{%p endfor %}", "", "标记写错了"),
    ],
)
def test_a_broken_template_says_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    with (
        zipfile.ZipFile(TEMPLATES / "审查报告.docx") as package,
        zipfile.ZipFile(tmp_path / "审查报告.docx", "w") as out,
    ):
        for name in package.namelist():
            data = package.read(name)
            if name == "word/document.xml":
                assert old in data.decode()
                data = data.decode().replace(old, new, 1).encode()
            out.writestr(name, data)
    with pytest.raises(BrokenTemplate, match=says) as caught:
        render("审查报告.docx", {}, tmp_path)
    assert "审查报告.docx" in str(caught.value)


def test_a_template_that_is_no_word_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "补正通知.docx").write_bytes(b"not a zip")
    with pytest.raises(BrokenTemplate, match="不能打开"):
        render("补正通知.docx", {}, tmp_path)


def test_a_broken_template_does_not_stop_the_other_files(make: Make, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "审查报告.docx").write_bytes(b"not a zip")
    result = make(1, [finding(1, ONE)])
    result.templates = tmp_path / "own"
    with pytest.raises(BrokenTemplate, match=r"审查报告\.docx"):
        write_district(result, tmp_path / "out")
    written = {p.name for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert {
        "index.html",
        "审查台账.xlsx",
        "推荐汇总表（草稿）.docx",
        "上海示例001机械有限公司（优秀场景）.docx",
    } <= written


def test_an_offices_own_template_is_used_and_the_others_are_the_programs(make: Make, tmp_path: Path) -> None:
    own = Document(str(TEMPLATES / "补正通知.docx"))
    own.paragraphs[0].text = "本区补正告知书"
    own.save(str(tmp_path / "补正通知.docx"))
    result = make(1, [finding(1, ONE)], broken=False)
    result.templates = tmp_path
    assert all("本区补正告知书" in text_of(data) for data in letters(result).values())
    assert "审查报告" in text_of(review_report(result))


def test_a_template_with_a_field_in_its_footer_is_filled_there_too(make: Make, tmp_path: Path) -> None:
    own = Document(str(TEMPLATES / "补正通知.docx"))
    own.sections[0].footer.paragraphs[0].add_run("{{ 推荐单位 }}")
    own.save(str(tmp_path / "补正通知.docx"))
    result = make(1, [finding(1, ONE)], broken=False)
    result.templates = tmp_path
    (data,) = letters(result).values()
    assert Document(io.BytesIO(data)).sections[0].footer.paragraphs[0].text.endswith("上海市浦东新区科技和经济委员会")
    assert "企业名称未填写" in text_of(data)


def test_a_template_edited_while_the_program_runs_is_read_anew(make: Make, tmp_path: Path) -> None:
    result = make(1, [finding(1, ONE)], broken=False)
    result.templates = tmp_path
    for words in ("第一稿", "修改后的第二稿"):
        own = Document(str(TEMPLATES / "补正通知.docx"))
        own.paragraphs[0].text = words
        own.save(str(tmp_path / "补正通知.docx"))
        (data,) = letters(result).values()
        assert words in text_of(data)


def test_the_templates_are_those_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a change of the script reaches the templates. An office edits its own copies."""
    from reports.papers.templates import make_templates

    monkeypatch.setattr(make_templates, "HERE", tmp_path)
    make_templates.main()
    made = {p.name: p.read_bytes() for p in tmp_path.glob("*.docx")}
    assert made == {p.name: p.read_bytes() for p in TEMPLATES.glob("*.docx")}


def test_the_draft_says_what_of_the_offices_table_it_leaves_out(make: Make) -> None:
    chosen = [application(n) for n in (1, 2)]
    order = clean_summary(*[form_of(n) for n in (2, 9, 1, 2)], recommender=DISTRICT)
    fault = finding(1, ONE, id="E05-1", code="E05", level="reject")
    result = make(
        submissions=[*chosen, submission_of(order, DISTRICT, f"{DISTRICT}/表.docx")], findings=[fault], table=False, broken=False
    )  # fmt: skip
    doc = Document(io.BytesIO(summary_table(result) or b""))
    assert [[c.text for c in r.cells][:2] for r in doc.tables[0].rows[1:]] == [["1", "上海示例002机械有限公司"]]
    apart = [(r.cells[0].text, r.cells[2].text) for r in doc.tables[-1].rows[1:]]
    assert apart == [
        ("上海示例009机械有限公司", "汇总表第2号，没有收到申报书"),
        ("上海示例001机械有限公司", "汇总表第3号，不符合申报条件（近三年发生过重大事故）"),
        ("上海示例002机械有限公司", "汇总表第4号，汇总表中重复列出"),
    ]


def test_the_draft_of_an_office_without_a_table_does_not_choose_for_it(make: Make) -> None:
    doc = Document(
        io.BytesIO(summary_table(make(submissions=[application(n) for n in range(1, 22)], table=False)) or b"")
    )
    assert any("收到21个，名额20个，由推荐单位取舍" in p.text for p in doc.paragraphs)
    assert {r.cells[0].text for r in doc.tables[0].rows[1:]} == {""}
    assert [c.text for c in doc.tables[1].rows[1].cells] == [""] * 6


def test_what_was_not_read_with_certainty_is_marked_in_the_draft(make: Make) -> None:
    item = application(1)
    item.record.fields["contact_mobile"] = item.record.fields["contact_mobile"].model_copy(update={"confidence": 0.6})
    doc = Document(io.BytesIO(summary_table(make(submissions=[item], table=False)) or b""))
    assert doc.tables[0].rows[1].cells[4].text == "13900000001（待核对）"


def test_a_column_without_a_use_is_filled_from_the_field_of_that_name() -> None:
    form = catalog.load("students").forms["innovation"]
    record = Record(
        form=form.name,
        source=Source(path="a.docx", sha256="0" * 64, format="docx"),
        fields={"category": Value(value="工学", raw="工学"), "grant": Value(value=0.8, raw="8000")},
    )
    column = functools.partial(FormColumn, key="a")
    assert as_applied(form, record, column(label="学科门类")) == "工学"
    assert as_applied(form, record, column(label="申请经费", type="money", unit="元")) == "8000"
    assert as_applied(form, record, column(label="申请经费", type="money", unit="万元")) == ""
    assert as_applied(form, record, column(label="备注")) == ""
