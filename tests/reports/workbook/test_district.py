"""The workbook: opens without repair, text stays text, links lead where they should."""

import io
import re
import zipfile

from openpyxl import load_workbook

from catalog import Catalog
from records.models import Assessment, Note, Reading, Record, Source, Submission
from reports.results.recommend import compare, put_forward
from reports.workbook.district import workbook
from tests.forms import clean_summary, submission_of
from tests.reports.conftest import DISTRICT, Make, application, finding, form_of, ruled

ONE = f"{DISTRICT}/001.docx"


def test_its_sheets_have_heads_that_stay_filters_and_print_titles(make: Make) -> None:
    book = load_workbook(io.BytesIO(workbook(make(3, [finding(1, ONE)]))))
    assert book.sheetnames[:5] == ["申报项目", "场景实例", "问题清单", "规则结果", "推荐对照"]
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows == "$1:$1"
    choices = book["问题清单"].data_validations.dataValidation[0]
    assert choices.formula1 == '"维持,撤销"'


def test_a_finding_leads_to_its_application_and_back(make: Make) -> None:
    book = load_workbook(io.BytesIO(workbook(make(3, [finding(1, f"{DISTRICT}/002.docx")]))))
    link = next(c for c in book["问题清单"]["A"] if c.hyperlink and c.value == "002")
    sheet, _, cell = link.hyperlink.location.partition("!")
    row = (
        [c.value for c in book[sheet.strip("'")][cell][0:1]]
        if isinstance(book[sheet.strip("'")][cell], tuple)
        else [book[sheet.strip("'")][cell].value]
    )
    assert row == ["002"]
    back = next(c for c in book["申报项目"]["A"] if c.value == "002")
    assert back.hyperlink.location == f"'问题清单'!A{link.row}"


def test_no_text_becomes_a_formula_or_a_link_to_the_outside(make: Make) -> None:
    evil = [
        "=1+1",
        "+SUM(A1)",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "http://x.example",
        "mailto:a@x.example",
        "<b>&\x00\x1f\ud800",
    ]
    items = [application(n, text=text) for n, text in enumerate(evil, 1)]
    findings = [
        finding(n, f"{DISTRICT}/{n:03d}.docx", evidence=text, message=text, where=text, expected=text, applicant=text)
        for n, text in enumerate(evil, 1)
    ]
    data = workbook(make(submissions=items, findings=findings))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not any("<f>" in s for s in sheets)
        assert not any(b"TargetMode" in package.read(n) for n in package.namelist() if n.endswith(".rels"))
    shown = {c.value for row in load_workbook(io.BytesIO(data))["问题清单"] for c in row}
    assert {"=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "http://x.example"} <= shown


def test_very_long_values_are_cut_and_every_cell_fits(make: Make) -> None:
    data = workbook(
        make(submissions=[application(1, text="长" * 40_000)], findings=[finding(1, ONE, evidence="据" * 40_000)])
    )
    book = load_workbook(io.BytesIO(data))
    longest = max(len(str(c.value or "")) for sheet in book for row in sheet for c in row)
    assert longest < 1000


def test_the_recommendation_is_compared_row_by_row_as_the_rules_compare_it(catalog: Catalog) -> None:
    table = clean_summary(*[form_of(n) for n in (2, 1, 4, 9)], recommender=DISTRICT)
    rows = table["tables"]["scene_recommendations"]
    rows[1]["company"] = "上海示例001机戒有限公司"
    rows[2]["mobile"] = "13800000000"
    rows[3]["company"] = "西安另一家重工股份公司"
    chosen = [application(n) for n in (1, 2, 3, 4)]
    result = ruled(catalog, [*chosen, submission_of(table, DISTRICT, f"{DISTRICT}/表.docx")])
    sheet = load_workbook(io.BytesIO(workbook(result)))["推荐对照"]
    heads = [c.value for c in sheet[1]]
    compared = [dict(zip(heads, (c.value for c in r), strict=True)) for r in sheet.iter_rows(min_row=2)]
    verdicts = [(r["汇总表所列单位"], r["申报单位"], r["对照结果"]) for r in compared]
    assert verdicts == [
        ("上海示例002机械有限公司", "上海示例002机械有限公司", "一致"),
        ("上海示例001机戒有限公司", "上海示例001机械有限公司", "单位名称不一致"),
        ("上海示例004机械有限公司", "上海示例004机械有限公司", "内容不一致"),
        ("西安另一家重工股份公司", None, "未收到申报书"),
        (None, "上海示例003机械有限公司", "未列入汇总表"),
    ]
    raised = {code: [f.applicant for f in result.outcomes.findings if f.code == code] for code in ("Q02", "Q03", "Q05")}
    assert len(raised["Q02"]) == 1
    assert raised["Q03"] == ["上海示例003机械有限公司"]
    assert "上海示例004机械有限公司" in raised["Q05"]
    assert ["[Q02]" in (r["有关问题"] or "") for r in compared] == [False, False, False, True, False]


def test_a_table_that_a_later_one_replaces_does_not_count(catalog: Catalog) -> None:
    chosen = [application(n) for n in (1, 2, 3)]
    tables = [
        submission_of(
            clean_summary(*[form_of(n) for n in listed], recommender=DISTRICT), DISTRICT, f"{DISTRICT}/{name}", at
        )
        for name, listed, at in (("初稿.docx", (1, 2), 1.0), ("定稿.docx", (1, 2, 3), 2.0))
    ]
    result = ruled(catalog, [*chosen, *tables])
    assert [p.item.applicant for p in compare(result) if p.item and p.row] == [
        f"上海示例{n:03d}机械有限公司" for n in (1, 2, 3)
    ]
    assert put_forward(result) == {"scene": 3, "factory": 0}


def test_an_unreadable_file_that_may_be_the_application_is_left_to_a_person(catalog: Catalog) -> None:
    table = clean_summary(form_of(1), form_of(2), recommender=DISTRICT)
    note = Note(code="F01", message="文件不完整")
    record = Record(source=Source(path="x", sha256="0" * 64, format="docx"), notes=[note])
    lost = Submission(district=DISTRICT, document=f"{DISTRICT}/申报书.docx", reading=Reading(record=record))
    result = ruled(catalog, [application(1), lost, submission_of(table, DISTRICT, f"{DISTRICT}/表.docx")])
    assert [p.verdict for p in compare(result)] == ["一致", "未见申报书，须核对"]


def test_what_could_not_be_told_has_its_own_sheet(make: Make) -> None:
    unsure = [Assessment(document=ONE, code="C05", outcome="cannot_tell", why="扫描页字迹不清")]
    book = load_workbook(io.BytesIO(workbook(make(1, unsure=unsure))))
    assert "扫描页字迹不清" in {c.value for row in book["待人工判断"] for c in row}


def test_the_sheet_of_what_could_not_be_told_says_what_was_read_with_doubt(make: Make) -> None:
    """E01 judges by 统一社会信用代码: why that was not read with certainty stands beside; what it does not judge by does not."""
    held = application(1)
    for key, doubt in (("uscc", "joined_over_a_page"), ("factory_address", "wrapped")):
        value = held.record.fields[key]
        value.confidence, value.doubts = 0.9, (doubt,)
    unsure = [Assessment(document=ONE, code="E01", outcome="cannot_tell", why="代码没有读准")]
    book = load_workbook(io.BytesIO(workbook(make(submissions=[held], unsure=unsure))))
    told = [c.value for row in book["待人工判断"] for c in row]
    assert "统一社会信用代码：跨页接合" in told
    assert not any("下一行" in str(v) for v in told)


def test_a_reason_that_holds_for_many_is_one_row_and_there_is_no_sheet_without_rows(make: Make) -> None:
    unsure = [
        Assessment(document=f"{DISTRICT}/{n:03d}.docx", code="E01", outcome="cannot_tell", why="读取把握不足")
        for n in (1, 2, 4)
    ]
    book = load_workbook(io.BytesIO(workbook(make(4, unsure=unsure))))
    (row,) = book["待人工判断"].iter_rows(min_row=2, max_col=5, values_only=True)
    assert (row[0], row[3], str(row[4]).count("\n")) == ("E01", 3, 2)
    bare = load_workbook(io.BytesIO(workbook(make(0, table=False))))
    assert bare.sheetnames == ["申报项目", "问题清单", "规则结果"]
    assert all(sheet.max_row > 1 for sheet in bare)


def test_equal_results_give_equal_bytes(make: Make) -> None:
    assert workbook(make(3, [finding(1, ONE)])) == workbook(make(3, [finding(1, ONE)]))


def test_it_holds_no_time_of_its_making(make: Make) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(make(1)))) as package:
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2000-01-01"}


def test_a_table_of_many_rows_is_compared_without_going_through_the_findings_for_each(catalog: Catalog) -> None:
    class Watched(list):  # type: ignore[type-arg]
        gone_through = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            Watched.gone_through += 1
            return super().__iter__()

    counts = []
    for rows in (1, 30):
        data = clean_summary(*(form_of(n) for n in range(1, rows + 1)), recommender=DISTRICT)
        result = ruled(catalog, [submission_of(data, DISTRICT, f"{DISTRICT}/汇总表.docx")])
        result.outcomes.findings = Watched(result.outcomes.findings)
        Watched.gone_through = 0
        assert len(compare(result)) == rows
        counts.append(Watched.gone_through)
    assert counts[0] == counts[1]
