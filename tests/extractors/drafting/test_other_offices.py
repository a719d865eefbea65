"""Blank forms of another office's programme, drafted and read back: what a notice may print, and what clerks make of it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import docx
import openpyxl
import pytest

import catalog
from catalog.models import Catalog
from checks.making import rules_of
from extractors import read_bytes, read_document
from extractors.drafting import DraftForm, draft
from extractors.drafting.layout import pack_files
from extractors.drafting.notice import DraftNotice, draft_notice
from extractors.fitting.recognise import recognise
from records.models import Record
from tests.extractors.drafting.invented import grid, saved

TITLE = "示例市首台（套）重大技术装备推荐汇总表"
COMPANIES = ["序号", "企业名称", "工厂名称", "联系人", "手机"]
DEVICES = ["序号", "申请单位", "装备名称", "联系人", "手机"]


def drafted(data: bytes) -> DraftForm:
    [form] = draft(read_document(data, "blank.docx"))
    return form


def pack_of(forms: Iterable[DraftForm], folder: Path, *, renamed: tuple[str, str] = ("", "")) -> Catalog:
    for name, text in pack_files(list(forms), DraftNotice()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace(*renamed) if renamed[0] else text, encoding="utf-8")
    return catalog.load_dir(folder)


def read(data: bytes, pack: Catalog, name: str = "filled.docx") -> Record:
    [reading] = read_bytes(data, pack, name)
    return reading.record


def value(record: Record, label: str, pack: Catalog) -> object:
    [key] = [f.key for f in pack.forms[record.form].fields if f.label == label]
    found = record.fields[key]
    return found.value if found.confidence >= 0.95 else ("doubted", found.value)


# ---------------------------------------------------------------------------------------------- a table that recommends


def word_summary(factories: list[list[str]], devices: list[list[str]], clerk: str = "", phone: str = "") -> bytes:
    d = docx.Document()
    d.add_paragraph("附件3")
    d.add_paragraph(TITLE)
    d.add_paragraph("推荐单位（盖章）：              填报日期：    年  月  日")
    d.add_paragraph("一、绿色工厂")
    grid(d, [COMPANIES, *factories])
    d.add_paragraph("二、首台（套）重大技术装备")
    grid(d, [DEVICES, *devices])
    d.add_paragraph(f"填表人：{clerk or '        '}    联系电话：{phone}")
    return saved(d)


def sheet_summary(devices: list[list[str]], clerk: str, phone: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        [TITLE], ["推荐单位（盖章）：甲区"], ["一、绿色工厂"], COMPANIES, [], ["二、首台（套）重大技术装备"], DEVICES,
        *devices, [], [f"填表人：{clerk}", None, None, f"联系电话：{phone}"],
    ):  # fmt: skip
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BLANK_ROWS = [["1", "", "", "", ""], ["2", "", "", "", ""]]
ROW = ["1", "甲岭机械有限公司", "污泥干化机", "林某某", "13900000001"]


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return pack_of([drafted(word_summary(BLANK_ROWS, BLANK_ROWS))], tmp_path_factory.mktemp("pack"))


def test_a_title_with_brackets_is_found_again(summary: Catalog) -> None:
    """The words of the file lost their brackets, those of the pack kept them: a table of few columns was no form of its pack."""
    blank = read_document(word_summary(BLANK_ROWS, BLANK_ROWS), "blank.docx")
    assert recognise(blank, summary).titled == "summary"
    record = read(word_summary([ROW], BLANK_ROWS), summary)
    assert [len(rows) for rows in record.tables.values()] == [1, 0]


def test_what_stands_beneath_the_tables_is_read(summary: Catalog) -> None:
    record = read(word_summary([ROW], [ROW], "王某", "010-80000001"), summary)
    assert (value(record, "填表人", summary), value(record, "联系电话", summary)) == ("王某", "010-80000001")


def test_what_stands_beneath_the_rows_of_a_sheet_is_read(summary: Catalog) -> None:
    record = read(sheet_summary([ROW], "王某", "010-80000001"), summary, "filled.xlsx")
    assert [len(rows) for rows in record.tables.values()] == [0, 1]
    assert (value(record, "填表人", summary), value(record, "联系电话", summary)) == ("王某", "010-80000001")


def test_the_number_of_a_row_is_known_by_its_role(tmp_path: Path) -> None:
    """A row that holds its printed number alone is blank, whatever the pack calls the column."""
    pack = pack_of([drafted(word_summary(BLANK_ROWS, BLANK_ROWS))], tmp_path, renamed=('key = "seq"', 'key = "no"'))
    record = read(word_summary(BLANK_ROWS, [ROW, BLANK_ROWS[1]]), pack)
    assert [len(rows) for rows in record.tables.values()] == [0, 1]


# ---------------------------------------------------------------------------------------------- a promise to be signed

SIGNED = (
    "单位负责人（签字）：{signer}        日期：{date}",
    "法定代表人（签字）：{signer}    （单位盖章）\n{date}",
    "法定代表人签字：{signer}\n日期：{date}",
)
NO_DATE = "    年   月   日"


def promising(
    head: str, signed: str, *, chapter: str | None = None, legal: str = "", signer: str = "", date: str = NO_DATE
) -> bytes:
    d = docx.Document()
    d.add_paragraph("示例市绿色车间评价申报书")
    for label in ("申报单位", "车间名称", "推荐单位", "填报日期"):
        d.add_paragraph(f"{label}：__________")
    d.add_paragraph("一、基本情况")
    grid(
        d, [["单位名称", "", "统一社会信用代码", ""], ["法定代表人", legal, "联系电话", ""], ["联系人", "", "手机", ""]]
    )
    if chapter is not None:
        d.add_paragraph("二、车间建设情况（500字以内）")
        d.add_paragraph(chapter)
    d.add_paragraph(head)
    d.add_paragraph("本单位承诺所填内容真实、准确，如有不实，愿承担责任。")
    for line in signed.split("\n"):
        d.add_paragraph(line.format(signer=signer or "          ", date=date))
    return saved(d)


@pytest.mark.parametrize("head", ["承 诺 书", "企业声明", "六、真实性承诺"])
@pytest.mark.parametrize("signed", SIGNED)
@pytest.mark.parametrize("chapter", [None, "新建车间。"])
def test_the_date_of_a_promise_under_a_heading_of_its_own(
    head: str, signed: str, chapter: str | None, tmp_path: Path
) -> None:
    """The heading without a number was a line of the chapter above, the signature the chapter's text; without a chapter above
    the heading, its date was not looked for."""
    form = drafted(promising(head, signed, chapter=None if chapter is None else ""))
    assert [f.role.name for f in form.fields if f.part == "commitment" and f.role] == ["commitment"]
    pack = pack_of([form], tmp_path)
    record = read(promising(head, signed, chapter=chapter, signer="王某", date="2031年3月5日"), pack)
    [promise] = [f.key for f in pack.forms[record.form].fields if f.role == "commitment"]
    assert (record.fields[promise].value, record.fields[promise].confidence) == ("2031-03-05", 1.0)
    assert [s.value for s in record.sections.values()] == ([] if chapter is None else [chapter])
    empty = read(promising(head, signed, chapter=chapter), pack).fields[promise]
    assert (empty.value, empty.raw, empty.confidence) == (None, "", 1.0)


def test_who_signed_is_not_an_item_of_that_name(tmp_path: Path) -> None:
    """法定代表人（签字）：… beneath the promise filled the table's 法定代表人, or its seal did."""
    pack = pack_of([drafted(promising("承诺书", SIGNED[1]))], tmp_path)
    for signer in ("", "王某"):
        record = read(promising("承诺书", SIGNED[1], signer=signer), pack)
        assert value(record, "法定代表人", pack) is None
    assert value(read(promising("承诺书", SIGNED[1], legal="李某", signer="王某"), pack), "法定代表人", pack) == "李某"


# ---------------------------------------------------------------------------------------------- units, totals, names


def basics(*rows: list[str]) -> DraftForm:
    d = docx.Document()
    d.add_paragraph("示例市绿色工厂评价申报书")
    d.add_paragraph("企业名称（公章）：__________")
    d.add_paragraph("一、基本情况")
    grid(d, [["企业名称", "<", "", "<", "<"], *rows])
    return drafted(saved(d))


def test_a_unit_stated_beside_several_rows_is_theirs() -> None:
    form = basics(
        ["经济指标（万元）", "指标", "2030年", "2031年", "备注"],
        ["^", "营业收入", "", "", ""],
        ["^", "利税总额", "", "", ""],
        ["^", "资产负债率", "", "", ""],
        ["^", "单位产值能耗（吨标准煤/万元）", "", "", ""],
    )
    told = {f.label: (f.type, f.unit) for f in form.fields if f.column == "2031年"}
    assert told == {
        "营业收入": ("money", "万元"),
        "利税总额": ("money", "万元"),
        "资产负债率": ("percent", ""),
        "单位产值能耗": ("number", "吨标准煤/万元"),
    }
    assert {f.type for f in form.fields if f.column == "备注"} == {"text", "percent", "number"}


def test_two_dates_with_their_words_are_a_period() -> None:
    form = basics(["研制起止日期", "<", "自    年  月  日起至    年  月  日止", "<", "<"])
    assert [(f.label, f.type) for f in form.fields[2:]] == [("研制起止日期", "period")]


def test_a_word_for_counting_within_a_name_is_no_unit() -> None:
    form = basics(["首台（套）装备名称", "<", "", "<", "<"], ["数量（台）", "<", "", "<", "<"])
    assert [(f.label, f.unit) for f in form.fields[2:]] == [("首台（套）装备名称", ""), ("数量", "台")]


def test_the_name_on_the_cover_asked_for_again_in_the_table() -> None:
    roles = [(f.part, f.role.name if f.role else "") for f in basics().fields if f.label == "企业名称"]
    assert roles == [("cover", "applicant"), ("basic", "applicant_again")]


def test_somebody_named_in_a_row_owns_its_telephone() -> None:
    form = basics(["申报单位", "法定代表人", "", "电话", ""], ["^", "联系人", "", "手机", ""])
    assert [(f.label, f.group) for f in form.fields if f.label in ("电话", "手机")] == [
        ("电话", "法定代表人"),
        ("手机", "联系人"),
    ]


def test_a_row_of_totals_is_no_field() -> None:
    """The reader leaves it out of the rows; as a field it was never found."""
    d = docx.Document()
    d.add_paragraph("示例市绿色工厂评价申报书")
    d.add_paragraph("二、产品清单")
    grid(d, [["序号", "产品名称", "销售额（万元）"], ["1", "", ""], ["2", "", ""], ["合  计", "<", ""]])
    form = drafted(saved(d))
    assert ([t.title for t in form.tables], form.fields) == (["产品清单"], [])
    assert [u.what for u in form.unused] == ["合  计"]


def test_a_heading_over_opinions_is_no_chapter() -> None:
    d = docx.Document()
    d.add_paragraph("示例市绿色工厂评价申报书")
    d.add_paragraph("七、推荐意见")
    grid(d, [["区主管部门意见", "□同意 □不同意\n（盖章）\n年  月  日"]])
    form = drafted(saved(d))
    assert (form.sections, form.headings) == ([], ["推荐意见"])


# ---------------------------------------------------------------------------------------------- rules for a beginning


def test_a_draft_has_the_rules_that_every_notice_has_a_use_for(tmp_path: Path) -> None:
    """All of them as notes, without a clause, and none that finds fault with what was not decided yet."""
    pack = pack_of([basics(), drafted(word_summary(BLANK_ROWS, BLANK_ROWS))], tmp_path)
    rules = {r.code: r for r in pack.rules}
    assert {"F01", "F06", "F08", "C01", "C02", "L01", "K01", "K03", "E01", "D01", "Q01", "Q02", "Q03"} <= set(rules)
    assert {(r.level, r.clause) for r in rules.values()} == {("note", "工作要求")}
    assert rules["K03"].params == {"field": "company_name", "other": "company_name_2"}
    assert len(rules_of(pack)) == len(rules)
    alone = {r.code for r in pack_of([basics()], tmp_path / "alone").rules}
    assert {c for c in rules if c not in alone} == {"E01", "Q01", "Q02", "Q05"}  # no table, nobody who recommends


def test_the_telephone_of_another_is_not_the_contacts() -> None:
    form = basics(["法定代表人", "姓名", "", "电话", ""], ["联系人", "姓名", "", "手机", ""])
    assert {f.role.name for f in form.fields if f.role and f.label in ("电话", "手机")} == {"mobile"}


# ---------------------------------------------------------------------------------------------- the notice's text


@pytest.mark.parametrize(
    "lines",
    [
        [
            "示例市工业和信息化局文件",
            "示工信〔2031〕8号",
            "关于组织申报绿色工厂的通知",
            "各区：",
            "一、申报条件",
            "在本市注册。",
        ],
        [
            "关于组织申报绿色工厂的通知",
            "各区：",
            "一、申报条件",
            "在本市注册。",
            "示例市工业和信息化局",
            "2031年3月1日",
        ],
    ],
)
def test_who_issues_a_notice_whose_title_does_not_say(lines: list[str]) -> None:
    d = docx.Document()
    body = [f"{n}.在本市注册，具有独立法人资格，近三年没有发生较大及以上的安全、环保事故。" for n in range(1, 9)]
    for line in [*lines[:4], *body, *lines[4:]]:
        d.add_paragraph(line)
    made = draft_notice(read_document(saved(d), "notice.docx"))
    assert (made.title, made.issuer) == ("关于组织申报绿色工厂的通知", "示例市工业和信息化局")
