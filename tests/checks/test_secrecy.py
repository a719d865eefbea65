"""S: markings, identity numbers, hidden text."""

from __future__ import annotations

import json

import pytest

from catalog.load import load
from checks.meaning.text import mask_identities
from checks.run import check_document
from records.models import Note, Place, TextLine
from tests.checks.outcomes import findings, outcome
from tests.forms import clean_factory, clean_scene, clean_summary, reading_of, scene

# Made up: the region, date and check character are valid, the person is not known.
NUMBER = "310101199003076330"

FULL_WIDTH = "".join(chr(ord(c) + 0xFEE0) for c in NUMBER)


def with_line(text: str, place: Place) -> object:
    return reading_of(clean_scene(), lines=[TextLine(text, "段落99", place)])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("机密★5年", "header"),
        ("机密 ★ 5年", "cover"),
        ("绝密★启用前", "header"),
        ("秘密10年", "body"),
        ("秘密★", "body"),
        ("【机密★3年】", "body"),
        ("机密★5年        编号：2023-001", "body"),
        ("密级：机密", "cover"),
        ("上海某某公司   机密★长期   第3页", "footer"),
        ("内部资料 不得外传", "footer"),
        ("内部资料，严禁外传！", "body"),
        ("内部资料 请勿外传", "cell"),
        ("商业秘密", "header"),
        ("商业秘密 请勿外传", "textbox"),
        ("商业秘密", "body"),
        ("某某公司商业秘密", "footer"),
        ("机　密★10年", "header"),  # as GB/T 9704 sets it
        ("机\u00a0密★10年", "body"),
        ("秘 密 ★ 5 年", "header"),
        ("密 级： 机 密", "cover"),
        ("附件3-1      机　密", "header"),
        ("商 业 秘 密", "header"),
        ("机密\uf0ab10年", "header"),
        ("机密（★10年）", "header"),
        ("机密·10年", "footer"),
        ("商密★3年", "header"),
        ("【机密】", "header"),
        ("机密文件", "header"),
        ("密级:__机密__", "header"),
        ("国家秘密", "footer"),
        ("涉密", "header"),
        ("仅供内部使用", "footer"),
        ("Confidential", "header"),
        ("商業秘密　不得复制", "cover"),
        ("機密★10年", "header"),
        ("机\u200b密★10年", "header"),
        ("机\n密", "header"),
        ("内部★一年", "body"),
        ("密级：内部", "cover"),
        ("密级：□公开 □内部 ☑秘密 □机密", "body"),
        ("秘密　一　年", "header"),
        ("秘密-10年", "footer"),
        ("秘密★2028年12月31日前", "header"),
        ("商业秘密10年", "body"),
        ("核心商业秘密", "header"),
        ("CONFIDENTIAL 机密文件", "header"),
        ("秘密级文件", "header"),
        ("某某公司 机密", "header"),
        ("保密期限：长期", "header"),
        ("内部", "header"),
        ("本资料属商业秘密，未经许可不得复制", "body"),
    ],
)
def test_a_marking_standing_alone(text: str, place: Place) -> None:
    found = findings("S01", with_line(text, place))  # type: ignore[arg-type]
    assert [f.level for f in found] == ["reject"]
    assert found[0].where == "段落99"
    assert found[0].evidence


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("本项目不涉及国家秘密、商业秘密等内容。", "body"),
        ("公司建立了国家秘密和商业秘密保护制度，严禁外传。", "cell"),
        ("文件标注“机密★10年”的，按照保密规定管理。", "body"),
        ("数据按照公开、内部、秘密、机密四级分类管理。", "cell"),
        ("基于国密算法的商业秘密保护平台", "header"),
        ("商业秘密保护管理系统建设项目", "cover"),
        ("机密性", "body"),
        ("计算机 密码管理系统", "header"),
        ("商业秘密·知识产权保护", "header"),
        ("机密", "body"),
        ("国家秘密", "body"),
        ("Secret Garden", "header"),
        ("智能制造 3年", "header"),
        ("秘密", "cell"),
        ("商业秘密", "cell"),
        ("内部使用", "cell"),
        ("密级：公开", "cover"),
        ("★5年质保", "body"),
        ("智能制造试点示范项目申报书", "header"),
        ("内部", "cell"),
        ("内部控制", "header"),
        ("密级：☑公开 □内部 □秘密 □机密", "body"),
        ("保密协议", "header"),
        ("具有国家秘密载体印制秘密级资质", "cover"),
        ("某某公司保密制度", "header"),
    ],
)
def test_words_of_a_sentence_are_no_marking(text: str, place: Place) -> None:
    assert outcome("S01", with_line(text, place)) == "pass"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        (("机密", "★", "10年"), "cell"),
        (("密级", "机密"), "cell"),
        (("密级：", "机密★10年"), "cell"),
        (("秘", "密", "★", "5", "年"), "body"),
        (("机", "密"), "header"),
        (("内部", "资料"), "textbox"),
    ],
)
def test_a_marking_set_in_several_cells_or_lines(texts: tuple[str, ...], place: Place) -> None:
    lines = [TextLine(text, f"表1 行1 列{n}", place) for n, text in enumerate(texts, 1)]
    (found,) = findings("S01", reading_of(clean_scene(), lines=lines))
    assert found.evidence in ("".join(texts), texts[-1])


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        (("数据级别", "说明", "机密", "核心工艺", "秘密", "一般工艺", "公开"), "cell"),
        (("秘密级", "5年", "资质"), "cell"),
        (("随机", "密集"), "body"),
        (("机密性", "完整性"), "textbox"),
    ],
)
def test_cells_and_lines_beside_one_another_are_no_marking(texts: tuple[str, ...], place: Place) -> None:
    lines = [TextLine(text, f"表1 行1 列{n}", place) for n, text in enumerate(texts, 1)]
    assert outcome("S01", reading_of(clean_scene(), lines=lines)) == "pass"


@pytest.mark.parametrize(
    "path",
    [
        "机密★10年-申报书.docx",
        "【机密】申报书.docx",
        "申报书（秘密）.docx",
        "机密文件/申报书.docx",
        "材料.zip!/秘密★5年.docx",
    ],
)
def test_a_marking_in_a_name(path: str) -> None:
    (found,) = findings("S01", reading_of(clean_scene(), path=path))
    assert (found.where, found.place) == ("文件名称", "文件名称")


@pytest.mark.parametrize(
    "path",
    [
        "商业秘密管理制度.docx",
        "保密资格（秘密级）.pdf",
        "保密协议/申报书.docx",
        "机密封装产线.docx",
        "内部控制手册.docx",
    ],
)
def test_words_of_a_name_are_no_marking(path: str) -> None:
    assert outcome("S01", reading_of(clean_scene(), path=path)) == "pass"


def test_a_header_on_every_page_is_one_finding() -> None:
    lines = [TextLine("机密★5年", f"第{n}页 页眉1", "header") for n in range(1, 6)]
    assert len(findings("S01", reading_of(clean_scene(), lines=lines))) == 1


@pytest.mark.parametrize(
    "text",
    [f"法定代表人身份证号{NUMBER}", f"（{NUMBER}）", FULL_WIDTH, "310101 19900307 6330", f"ID{NUMBER}"],
)
def test_an_identity_number_is_noted_and_never_shown(text: str) -> None:
    reading = with_line(text, "cell")
    found = findings("S02", reading)  # type: ignore[arg-type]
    assert [f.level for f in found] == ["note"]
    assert "19900307" not in json.dumps(found[0].model_dump(), ensure_ascii=False)
    assert "310***" in found[0].evidence


@pytest.mark.parametrize(
    "text",
    [
        "310101199003076338",  # wrong check character
        "310101199013076330",  # no such month
        f"订单{NUMBER}0",  # part of a longer number
        f"{NUMBER}88",
        "91310115MA1K35X47C",
        "A" + NUMBER,
        "合同金额1234567890",
    ],
)
def test_other_long_numbers_are_none(text: str) -> None:
    assert outcome("S02", with_line(text, "cell")) == "pass"  # type: ignore[arg-type]


def test_a_number_with_a_slip_in_it_is_masked_all_the_same() -> None:
    assert mask_identities("310101199003076338") == "310*************38"


def test_identity_numbers_are_masked_in_every_finding() -> None:
    data = scene({"factory_address": NUMBER, "contact_mobile": NUMBER}, {"scenes": {1: {"results": NUMBER}}})
    outcomes = check_document(
        load(), reading_of(data, notes=[Note(code="F05", message=f"批注：{NUMBER}")]), "申报书.docx"
    )
    assert any(f.code == "S02" for f in outcomes.findings)
    assert NUMBER not in "".join(f.model_dump_json() for f in outcomes.findings)
    assert NUMBER not in "".join(a.model_dump_json() for a in outcomes.assessments)


def test_masking_leaves_the_rest_of_the_text() -> None:
    masked = mask_identities(f"张某，身份证{NUMBER}，电话021-00000000")
    assert masked == "张某，身份证310*************30，电话021-00000000"


def test_hidden_text_and_outside_links_come_from_the_reader() -> None:
    note = Note(code="S03", message="有2处隐藏文字", where="段落8", evidence="暂不公开")
    reading = reading_of(clean_scene(), notes=[note])
    assert [(f.level, f.where, f.evidence) for f in findings("S03", reading)] == [("note", "段落8", "暂不公开")]
    assert outcome("S03", clean_factory()) == "pass"


@pytest.mark.parametrize("code", ["S01", "S02"])
def test_without_text_nothing_can_be_told(code: str) -> None:
    reading = reading_of(clean_scene())
    reading.lines.clear()
    assert outcome(code, reading) == "cannot_tell"


@pytest.mark.parametrize(("code", "of_foreign"), [("S01", "pass"), ("S02", None), ("S03", None)])
def test_a_summary_table_is_looked_at_too_and_a_foreign_file_for_a_marking_alone(
    code: str, of_foreign: str | None
) -> None:
    assert outcome(code, clean_summary()) == "pass"
    foreign = reading_of(clean_scene())
    foreign.record.form = "unknown"
    assert outcome(code, foreign) == of_foreign


@pytest.mark.parametrize(
    ("words", "place"),
    [("★机密", "header"), ("秘密（5年）", "footer"), ("核心商密▲5年", "header"), ("注：内部资料，请勿外传", "body")],
)
def test_rarer_ways_to_mark(words: str, place: Place) -> None:
    [found] = findings("S01", reading_of(scene(), lines=[TextLine(words, "页眉", place)]))
    assert found.level == "reject"


def test_a_body_line_before_the_first_part_stands_on_the_cover() -> None:
    reading = reading_of(scene())
    body = [TextLine("一、申报主体和优秀场景基本信息", "段落9", "body"), *reading.lines]
    reading.lines = [TextLine("内部资料", "段落1", "body"), *body]
    assert [f.where for f in findings("S01", reading)] == ["段落1"]
    reading.lines = [*body, TextLine("内部资料", "段落99", "body")]
    assert findings("S01", reading) == []
