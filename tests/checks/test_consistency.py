"""Group K: the document against itself."""

from __future__ import annotations

from typing import Any

import pytest

from checks.contacts import email_faults, phone_faults
from extractors.read import read_bytes
from records import normalise
from records.models import Value
from tests import forms
from tests.checks.outcomes import findings, outcome
from tests.forms import Data, factory, scene

INSTANCE = "柔轮齿形在线检测与磨齿补偿"


def results(text: str, **fields: Any) -> Data:
    return scene(fields, tables={"scenes": {1: {"results": text}}})


def solution(text: str, provider: str, **fields: Any) -> Data:
    return scene({"solution_provider": provider} | fields, tables={"scenes": {1: {"solution": text}}})


def test_cover_and_table_name_different_companies() -> None:
    (found,) = findings("K01", scene({"applicant": "上海澄驰精密装备有限公司"}))
    assert found.level == "fix"
    assert outcome("K01", scene({"applicant": "上海 澄驰精密传动（有限）公司"})) == "pass"
    assert outcome("K01", scene({"applicant": None})) == "not_applicable"
    differs = scene({"applicant": "上海澄驰精密装备有限公司"})
    assert outcome("K01", differs, confidence={"applicant": 0.7}) == "cannot_tell"
    slip = scene({"applicant": "上海澄驰精密传劫有限公司"})
    assert outcome("K01", slip) == "finding"
    assert outcome("K01", slip, format="scan") == "cannot_tell", "a scan may misread one character"


def test_the_basic_information_names_an_instance_that_the_table_lacks() -> None:
    (found,) = findings("K02", scene({"instance_name": "柔轮齿形在线检测与补偿"}))
    assert found.field == "instance_name"
    assert found.expected == INSTANCE, "the closest is named"
    assert [f.field for f in findings("K02", scene({"link_name": "生产作业"}))] == ["link_name"]
    assert [f.field for f in findings("K02", scene({"scene_name": "质量精准追溯"}))] == ["scene_name"]


@pytest.mark.parametrize("word", ["/", "无", "——"])
def test_a_word_for_nothing_is_no_name_that_differs(word: str) -> None:
    assert outcome("K01", scene({"applicant": word})) == "not_applicable"
    assert outcome("K01", scene({"company_name": word})) == "not_applicable"
    for key in ("link_name", "scene_name", "instance_name"):
        assert outcome("K02", scene({key: word})) == "pass", key
    for column in ("link", "scene"):
        assert outcome("K02", scene(tables={"scenes": {1: {column: word}}})) == "pass", column


@pytest.mark.parametrize("word", [None, "/", "无"])
def test_a_row_without_a_name_may_be_the_one_that_is_named_elsewhere(word: str | None) -> None:
    unnamed = scene(tables={"scenes": {1: {"instance": word}}})
    assert outcome("C08", unnamed) == "finding"
    assert outcome("K02", unnamed) == "cannot_tell"
    assert outcome("K03", unnamed) == "cannot_tell"
    both = scene(tables={"scenes": {1: {"instance": word}}, "software": {1: {"instance": "别的场景"}}})
    assert [f.evidence for f in findings("K03", both)] == ["别的场景"], (
        "one row without a name can be one instance only"
    )


def test_what_is_wrong_with_a_telephone_is_said() -> None:
    for number, said in (("021-5550", "区号后是4位，应为8位"), ("1390000010", "是10位，手机号应为11位")):
        (found,) = findings("K10", scene({"contact_mobile": number}))
        assert said in found.message


@pytest.mark.parametrize(
    "fields",
    [
        {"instance_name": "1. 柔轮齿形在线检测与磨齿补偿"},
        {"instance_name": "1.柔轮齿形在线检测与磨齿补偿；2.减速器关键零件一物一码追溯", "scene_name": "智能在线检测"},
        {"instance_name": "质量管控—智能在线检测—柔轮齿形在线检测与磨齿补偿"},
        {"link_name": "3.质量管控", "scene_name": "（6）智能在线检测"},
        {"instance_name": None},
    ],
)
def test_the_basic_information_near_misses(fields: dict[str, Any]) -> None:
    assert outcome("K02", scene(fields)) == "pass"


def test_the_basic_information_that_cannot_be_compared() -> None:
    other = scene({"instance_name": "另一个实例"})
    assert outcome("K02", other, confidence={"scenes.instance": 0.8}) == "cannot_tell"
    for basic, column in (("link_name", "link"), ("scene_name", "scene")):
        wrong = scene({basic: "仓储物流"})
        assert outcome("K02", wrong) == "finding"
        assert outcome("K02", wrong, confidence={f"scenes.{column}": 0.8}) == "cannot_tell", "附1 was not read clearly"
        assert outcome("K02", wrong, confidence={basic: 0.8}) == "cannot_tell"
    assert outcome("K02", scene(tables={"scenes": []})) == "not_applicable"
    assert outcome("K02", factory()) == "not_applicable"


def test_annex_two_names_an_instance_that_annex_one_lacks() -> None:
    wrong = {n: {"instance": "齿形检测"} for n in (1, 2)}
    (found,) = findings("K03", scene(tables={"equipment": wrong}))
    assert found.row == 1
    assert outcome("K03", scene(tables={"equipment": {1: {"instance": f"场景实例1：{INSTANCE}"}}})) == "pass"
    unsure = {"equipment.instance": 0.7}
    assert outcome("K03", scene(tables={"equipment": wrong}), confidence=unsure) == "cannot_tell"
    assert outcome("K03", scene(tables={"scenes": []})) == "not_applicable"


@pytest.mark.parametrize(
    ("size", "revenue", "expected"),
    [
        ("大型企业", 39999.99, "finding"),
        ("大型企业", 40000, "pass"),
        ("中型企业", 1999, "finding"),
        ("中型企业", 2000, "pass"),
        ("小型企业", 299, "finding"),
        ("微型企业", 1, "pass"),
        ("小型企业", 900000, "pass"),
        (None, 10, "not_applicable"),
        ("大型企业", None, "not_applicable"),
        ("大型企业", "见审计报告", "cannot_tell"),
    ],
)
def test_size_against_revenue(size: str | None, revenue: Any, expected: str) -> None:
    assert outcome("K04", scene({"size": size, "revenue_2022": revenue})) == expected


@pytest.mark.parametrize(
    ("start", "end", "founded", "expected"),
    [
        ("2022-06", "2021-12", "2012-05-18", "finding"),
        ("2022-06-15", "2022-06-14", "2012-05-18", "finding"),
        ("2022-06-15", "2022-06", "2012-05-18", "pass"),
        ("2021", "2021", "2012-05-18", "pass"),
        ("2019-12", "2022-01", "2020-01", "finding"),
        ("2020", "2022-01", "2020-05-18", "pass"),
        ("2021-03", None, "2012", "pass"),
    ],
)
def test_periods(start: str, end: str | None, founded: str, expected: str) -> None:
    data = scene({"build_period": {"start": start, "end": end}, "founded_on": founded})
    assert outcome("K05", data) == expected


def test_periods_that_cannot_be_read() -> None:
    assert outcome("K05", scene({"build_period": None})) == "not_applicable"
    assert outcome("K05", scene({"build_period": Value(raw="2021年?月至今")})) == "cannot_tell"
    early = scene({"build_period": {"start": "2010-01", "end": "2012-01"}})
    assert outcome("K05", early, confidence={"founded_on": 0.8}) == "cannot_tell"


@pytest.mark.parametrize(
    "fields",
    [
        {"networked_rate": 120},
        {"operating_cost_cut": 100.1},
        {"productivity_gain": "显著提升"},
        {"co2_cut": "由5吨减至2吨"},
    ],
)
def test_percentages_that_cannot_be(fields: dict[str, Any]) -> None:
    (found,) = findings("K06", scene(fields))
    assert found.field in fields


@pytest.mark.parametrize(
    "fields",
    [
        {"networked_rate": 100},
        {"productivity_gain": 150},
        {"sales_growth": 240},
        *({"defect_cut": w} for w in ("/", "—", "无", "不涉及", "未统计", "暂无数据")),
    ],
)
def test_percentages_near_misses(fields: dict[str, Any]) -> None:
    assert outcome("K06", scene(fields)) == "pass"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("显著提升", "finding"),
        ("由5吨减至2吨", "finding"),
        ("未统计", "pass"),
        ("20%—30%", "cannot_tell"),
        ("约30", "pass"),
    ],
)
def test_words_in_a_metrics_cell_of_a_file_as_it_is_read(written: str, left: str) -> None:
    content = forms.fill("scene", scene({"defect_cut": written}))
    reading = read_bytes(content, forms.CATALOG, "a.docx")[0]
    assert outcome("K06", reading) == left
    reading.record.source.format = "scan"  # of a picture, words may be figures that were read wrongly
    assert outcome("K06", reading) == ("pass" if left == "pass" else "cannot_tell")


def test_words_in_a_telephones_cell_of_a_file_as_it_is_read() -> None:
    for written, left in (("电话同手机", "finding"), ("王芳", "finding"), ("无", "pass"), ("021-55500102", "pass")):
        content = forms.fill("scene", scene({"contact_phone": written}))
        assert outcome("K10", read_bytes(content, forms.CATALOG, "a.docx")[0]) == left, written


def test_the_printed_placeholder_of_a_choice_is_blank() -> None:
    content = forms.fill(
        "scene", scene({"industry_group": "（在系统中下拉选择）", "link_name": "（在系统中下拉选择）"})
    )
    reading = read_bytes(content, forms.CATALOG, "a.docx")[0]
    assert {f.field for f in findings("C02", reading)} == {"industry_group", "link_name"}
    assert outcome("F08", reading) == "pass"


def test_who_must_give_a_figure_is_not_told_to_write_a_stroke() -> None:
    said = {
        f.field: f.message
        for f in findings("K06", scene({k: Value(raw="保密") for k in ("resource_gain", "defect_cut")}))
    }
    assert "没有的填“/”" in said["defect_cut"]
    assert "没有的填" not in said["resource_gain"]
    assert "必填项" in said["resource_gain"]


@pytest.mark.parametrize("word", ["待定", "TBD", "未统计", "略", "待补充"])
def test_a_figure_that_is_yet_to_come_is_blank(word: str) -> None:
    content = forms.fill("scene", scene({"productivity_gain": word, "unit_cost_cut": word, "contact_name": word}))
    reading = read_bytes(content, forms.CATALOG, "a.docx")[0]
    assert [f.field for f in findings("C03", reading)] == ["productivity_gain"]
    assert [f.field for f in findings("C02", reading)] == ["contact_name"]
    assert outcome("K06", reading) == "pass"
    assert outcome("F08", reading) == "pass"


def test_every_word_of_the_pack_for_nothing_is_none_to_the_reader() -> None:
    words = forms.CATALOG.words["blank"]
    assert [w for w in words if not normalise.is_blank(w) and w not in ("XXX", "xxx", "×")] == []


def test_percentages_that_cannot_be_told() -> None:
    assert outcome("K06", scene({"defect_cut": "20%-30%"})) == "cannot_tell"
    assert outcome("K06", scene({"defect_cut": 430}), confidence={"defect_cut": 0.8}) == "cannot_tell"
    assert outcome("K06", factory({"chain_purchase_cost": 101})) == "finding"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"revenue_2021": 194661000}, {"revenue_2021"}),
        ({"revenue_2022": 194661000}, {"revenue_2022"}),
        ({"revenue_2020": 194661000}, {"revenue_2021"}),
        ({"networked_rate": 0.95}, {"networked_rate"}),
        ({"cnc_rate": 1}, {"cnc_rate"}),
        ({"productivity_gain": 0.28}, {"productivity_gain"}),
        ({"debt_ratio_2021": 0.396}, {"debt_ratio_2021"}),
        ({"profit_margin_2021": 0.104}, {"profit_margin_2021"}),
        (
            {"profit_margin_2020": 0.091, "profit_margin_2021": 0.104, "profit_margin_2022": 0.11},
            {"profit_margin_2020", "profit_margin_2021", "profit_margin_2022"},
        ),
    ],
)
def test_units_that_look_wrong(fields: dict[str, Any], key: set[str]) -> None:
    found = findings("K07", scene(fields))
    assert {f.field for f in found} == key
    assert {f.level for f in found} == {"note"}


@pytest.mark.parametrize(
    "fields",
    [
        {"revenue_2020": 400, "revenue_2021": 19466.1},
        {"profit_margin_2020": 3.7, "profit_margin_2021": 0.5, "profit_margin_2022": 2.1},
        {"defect_cut": Value(value=0.3, raw="0.3%")},
        {"sales_growth": 1},
        {"profit_margin_2020": -0.091},
    ],
)
def test_units_near_misses(fields: dict[str, Any]) -> None:
    expected = "finding" if fields == {"profit_margin_2020": -0.091} else "pass"
    assert outcome("K07", scene(fields)) == expected


def test_units_that_cannot_be_told() -> None:
    assert outcome("K07", scene({"revenue_2021": 194661000}), confidence={"revenue_2021": 0.7}) == "cannot_tell"


@pytest.mark.parametrize(
    "text",
    [
        "系统投用后，生产效率提升40%。",
        "生产效率较改造前提高了约40%，质量损失率下降37.5%",
        "实现生产效率提升超过30%",
        "关键设备联网率达到80%",
    ],
)
def test_results_that_contradict_the_outcome_table(text: str) -> None:
    (found,) = findings("K08", results(text))
    assert found.level == "note"
    assert found.row == 1


@pytest.mark.parametrize(
    "text",
    [
        "生产效率提升28%，产品不良率下降43%",
        "生产效率提升约30%",
        "生产效率提升超过25%",
        "生产效率由54%提升至91%",
        "生产效率提升10个百分点",
        "单台设备生产效率提升40%",
        "研制周期缩短至18天",
        "联网率提升15%",
        "单位产品成本下降12%",
        "效率显著提高。",
    ],
)
def test_results_near_misses(text: str) -> None:
    assert outcome("K08", results(text)) == "pass"


def test_results_of_another_instance_or_not_readable() -> None:
    other = scene(tables={"scenes": {2: {"results": "生产效率提升40%"}}})
    assert outcome("K08", other) == "pass"
    assert outcome("K08", results("生产效率提升40%"), confidence={"scenes.results": 0.9}) == "cannot_tell"
    assert outcome("K08", results("生产效率提升40%", instance_name="另一个实例")) == "cannot_tell"
    assert (
        outcome(
            "K08",
            results(""),
        )
        == "not_applicable"
    )
    assert outcome("K08", factory()) == "not_applicable"


@pytest.mark.parametrize(
    ("form", "industry", "value", "expected"),
    [
        (scene, "装备制造", 85, "fix"),
        (scene, "电子信息", 85, "fix"),
        (scene, "消费品", 85, "not_applicable"),
        (scene, "装备制造", "/", "pass"),
        (scene, "装备制造", 0, "pass"),
        (scene, "原材料", None, "note"),
        (scene, "原材料", "/", "note"),
        (scene, "原材料", "不涉及", "pass"),
        (scene, "原材料", 96, "pass"),
        (factory, "消费品", 85, "fix"),
        (factory, "原材料", None, "note"),
        (factory, None, 85, "not_applicable"),
    ],
)
def test_advanced_process_control(form: Any, industry: str | None, value: Any, expected: str) -> None:
    data = form({"industry_category": industry, "apc_rate": value})
    if expected in ("fix", "note"):
        assert [f.level for f in findings("K09", data)] == [expected]
    else:
        assert outcome("K09", data) == expected


def test_advanced_process_control_that_cannot_be_told() -> None:
    data = scene({"apc_rate": 85})
    assert outcome("K09", data, confidence={"apc_rate": 0.8}) == "cannot_tell"
    assert outcome("K09", data, confidence={"industry_category": 0.8}) == "cannot_tell"


@pytest.mark.parametrize(
    "text",
    [
        "021-5550010", "5550010", "1390000010", "139000001011", "12000000101", "139****0101", "1390O000101",
        "021-555001022", "0573-555001", "021-05550010", "办公室",
    ],
)  # fmt: skip
def test_telephones_that_are_malformed(text: str) -> None:
    assert phone_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "021-55500101", "（021）5550 0101", "021 55500101", "55500101", "021-55500101转618", "021－55500101－8012",
        "021-55500101 ext. 618", "(021)55500101转618", "13900000101", "+86 139 0000 0101", "0086-21-55500101",
        "013900000101", "400-820-0101", "0573-8555010", "0755-85550101", "+852 2345 6789", "周岚 13900000101",
        "021-55500101/13900000101", "021-55500101、55500102", "021-55500101 13900000101", "021-55500101/02",
        "办公：021-55500101；手机：13900000101", "021—55500101", "021-55500101（转分机618）",
        "021-55500101 618", "021-55500101-123456", "（021-55500101转618）",
    ],
)  # fmt: skip
def test_telephones_as_people_write_them(text: str) -> None:
    assert phone_faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "zhou.lan",
        "zhou.lan@chengchi",
        "zhou@@chengchi-example.cn",
        "周岚@chengchi-example.cn",
        "zhou@chengchi-example。cn",
        "zhou,lan@chengchi-example.cn",
    ],
)
def test_addresses_that_are_malformed(text: str) -> None:
    assert email_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "zhou.lan@chengchi-example.cn",
        "zhou＠chengchi-example.cn",
        "a@x-example.cn；b@x-example.cn",
        "a@x-example.cn b@x-example.cn",
        "邮箱：a@x-example.cn",
        "Zhou_Lan+1@mail.x-example.com.cn",
    ],
)
def test_addresses_as_people_write_them(text: str) -> None:
    assert email_faults(text) == []


def test_contacts_on_a_form() -> None:
    (found,) = findings("K10", scene({"contact_mobile": "1390000010"}))
    assert found.field == "contact_mobile"
    assert "10位" in found.message
    assert outcome("K10", scene({"contact_fax": "/", "contact_phone": None})) == "pass"
    assert outcome("K10", scene({"contact_mobile": "1390000010"}), confidence={"contact_mobile": 0.8}) == "cannot_tell"
    assert outcome("K10", scene({"provider_phone": "同上"})) == "cannot_tell"
    assert (
        outcome("K10", scene({"contact_phone": "见附件"}))
        == outcome("K10", scene({"contact_email": "详见名片"}))
        == "finding"
    )
    keys = ("legal_rep_phone", "contact_phone", "contact_mobile", "contact_fax", "contact_email", "provider_phone")
    assert outcome("K10", scene(dict.fromkeys(keys))) == "not_applicable"


def test_figures_of_years_before_the_founding() -> None:
    found = findings("K11", scene({"founded_on": "2022-03"}))
    assert [f.field for f in found] == ["assets_2020", "assets_2021"]
    assert outcome("K11", scene({"founded_on": "2020-12-31"})) == "pass"
    earlier = {
        f"{k}_2020": v
        for k, v in zip(("assets", "revenue", "debt_ratio", "profit_margin"), ("/", None, 0, None), strict=True)
    }
    assert outcome("K11", scene({"founded_on": "2021-05"} | earlier)) == "pass"
    assert outcome("K11", scene({"founded_on": None})) == "not_applicable"
    assert outcome("K11", scene({"founded_on": "2022"}), confidence={"founded_on": 0.8}) == "cannot_tell"


@pytest.mark.parametrize(
    ("division", "group", "category", "expected"),
    [
        ("C27 医药制造业", "C276 生物药品制品制造", "装备制造", "finding"),
        ("医药制造业", None, "消费品", "pass"),
        ("C34 通用设备制造业", None, "装备制造", "pass"),
        ("C38 电气机械和器材制造业", "C385 家用电力器具制造", "消费品", "pass"),
        ("C38 电气机械和器材制造业", "C385 家用电力器具制造", "原材料", "finding"),
        ("C38 电气机械和器材制造业", "C382 输配电及控制设备制造", "消费品", "finding"),
        ("C38 电气机械和器材制造业", None, "消费品", "pass"),
        ("B06 煤炭开采和洗选业", None, "原材料", "not_applicable"),
        ("某某业", None, "原材料", "cannot_tell"),
        (None, None, "原材料", "not_applicable"),
        ("C27 医药制造业", None, None, "not_applicable"),
    ],
)
def test_industry_by_its_code(division: str | None, group: str | None, category: str | None, expected: str) -> None:
    data = scene({"industry_division": division, "industry_group": group, "industry_category": category})
    assert outcome("K12", data) == expected


@pytest.mark.parametrize(
    "data",
    [
        solution(
            "该方案由上海映准光学检测技术有限公司负责集成实施。", "自建", provider_contact=None, provider_phone=None
        ),
        solution("全部由我公司自主开发。", "自建", provider_contact="上海映准光学检测技术有限公司 陆星河"),
        solution("系统由我公司自主开发，自主实施。", "上海映准光学检测技术有限公司"),
        solution("略", "上海映准光学检测技术有限公司", provider_contact="周岚", provider_phone="139-0000-0101"),
    ],
)
def test_the_provider_against_the_text(data: Data) -> None:
    assert [f.level for f in findings("K13", data)] == ["note"]


@pytest.mark.parametrize(
    "data",
    [
        solution("全部由我公司自主开发实施。", "自建", provider_contact=None),
        solution(
            "主要设备由江苏铭砥机床有限公司提供，系统由上海澄驰精密传动有限公司开发。", "自建", provider_contact=None
        ),
        solution("系统由上海映准光学检测技术有限公司实施，知识库自建。", "上海映准光学检测技术有限公司"),
        solution("检测工位联网，数据进入平台。", "自建", provider_contact="陆星河"),
        solution("系统由公司自主开发，上海映准光学检测技术有限公司提供算法。", "上海映准光学检测技术有限公司"),
    ],
)
def test_the_provider_near_misses(data: Data) -> None:
    assert outcome("K13", data) == "pass"


OUTSIDE = "上海映准光学检测技术有限公司"
PLAIN = "检测工位联网，数据进入平台。"


@pytest.mark.parametrize(
    "fields",
    [
        {"provider_contact": f"陆星河（{OUTSIDE}）"},
        {"provider_contact": f"{OUTSIDE}陆星河"},
        {"provider_contact": f"{OUTSIDE}（陆星河）"},
        {"provider_contact": f"单位：{OUTSIDE}，联系人：陆星河"},
        {"provider_contact": "上海映准（集团）有限公司陆工"},
        {"provider_contact": "某大学机械学院 陆星河"},
        {"provider_contact": "陆星河", "provider_phone": f"{OUTSIDE} 021-55500199"},
    ],
)
def test_self_built_with_the_contact_of_an_outside_firm(fields: dict[str, str]) -> None:
    (found,) = findings("K13", solution(PLAIN, "自建", **fields))
    assert found.level == "note"
    assert "供应商联系人写有外部单位" in found.message


@pytest.mark.parametrize(
    "contact",
    [
        "周岚（公司信息中心）", "公司信息中心周岚", "周岚（上海澄驰精密传动有限公司）", "上海澄驰精密传动有限公司周岚",
        "澄驰公司周岚", "集团信息部 周岚", "周岚（本公司）", "周岚", "周岚（大学城厂区）", "/",
    ],
)  # fmt: skip
def test_self_built_with_a_contact_of_the_own_house(contact: str) -> None:
    assert outcome("K13", solution(PLAIN, "自建", provider_contact=contact, provider_phone="021-55500101")) == "pass"


@pytest.mark.parametrize(
    "text",
    [
        f"系统委托{OUTSIDE}开发。",
        f"系统集成商为{OUTSIDE}，数据进入平台。",
        f"承建单位：{OUTSIDE}。",
        f"{OUTSIDE}作为总集成商完成部署。",
    ],
)
def test_self_built_while_the_text_names_who_built_it(text: str) -> None:
    (found,) = findings("K13", solution(text, "自建", provider_contact=None, provider_phone=None))
    assert found.row == 1
    assert found.expected.startswith(f"“{OUTSIDE}”")


@pytest.mark.parametrize(
    "text",
    [
        "检测系统全部由我公司自主开发、自主实施。",
        "全部自建，数据进入平台。",
        "整套方案均由公司信息中心自主研发。",
        "由公司技术团队完成，无外部供应商。",
        "方案自主设计，未采用任何第三方集成商。",
    ],
)
def test_an_outside_provider_while_the_text_says_that_all_is_self_built(text: str) -> None:
    (found,) = findings("K13", solution(text, OUTSIDE))
    assert (found.level, found.field, found.row) == ("note", "solution_provider", 1)
    rows = {n: {"solution": text} for n in range(1, len(factory()["tables"]["scenes"]) + 1)}
    whole = factory({"solution_provider": OUTSIDE}, tables={"scenes": rows})
    assert [f.field for f in findings("K13", whole)] == ["solution_provider"], "a factory: every row says so"
    part = factory({"solution_provider": OUTSIDE}, tables={"scenes": {1: {"solution": text}}})
    assert outcome("K13", part) == "pass", "one scene of a factory is not all of it"


@pytest.mark.parametrize(
    "text",
    [
        "核心算法均由我公司自主研发。",
        "检测软件全部自主开发，设备外购。",
        "控制模型全部由公司自主开发。",
        f"方案由{OUTSIDE}实施，知识库全部自建。",
        "系统由映准光学与我公司共同建设。",
        PLAIN,
    ],
)
def test_a_part_that_is_self_built_leaves_room_for_the_provider(text: str) -> None:
    assert outcome("K13", solution(text, OUTSIDE)) == "pass"


def test_a_provider_that_is_partly_the_applicant_itself() -> None:
    assert outcome("K13", solution("全部由我公司自主开发。", f"自建、{OUTSIDE}")) == "pass"


def test_the_provider_not_given_or_not_readable() -> None:
    assert outcome("K13", scene({"solution_provider": None})) == "not_applicable"
    data = solution("该方案由上海映准光学检测技术有限公司负责集成实施。", "自建")
    assert outcome("K13", data, confidence={"scenes.solution": 0.8}) == "cannot_tell"


def test_a_unit_in_brackets_makes_no_text_of_a_number() -> None:
    assert outcome("K06", scene(fields={"replicated_firms": "12（家）"})) == "pass"


@pytest.mark.parametrize(
    ("key", "text"), [("contact_phone", "021-55500102 转 618 分机"), ("contact_email", "zhou@mail.cn（工作）")]
)
def test_remarks_beside_a_number_or_address(key: str, text: str) -> None:
    assert outcome("K10", scene(fields={key: text})) == "pass"


@pytest.mark.parametrize("between", ["、", "", "\n", "②"])
def test_several_instances_in_one_cell(between: str) -> None:
    data = scene()
    names = [row["instance"] for row in data["tables"]["scenes"]]
    fields = {"instance_name": between.join(names), "scene_name": "智能在线检测、质量精准追溯"}
    assert outcome("K02", scene(fields=fields)) == "pass"
    assert outcome("K02", scene(fields=fields | {"instance_name": names[0] + between + "车间能耗监控"})) == "finding"


@pytest.mark.parametrize("text", ["未采用先进过程控制", "百分之十"])
def test_words_that_mean_nothing_or_a_number_are_no_text(text: str) -> None:
    assert outcome("K06", scene(fields={"apc_rate": text})) in ("pass", "cannot_tell")
