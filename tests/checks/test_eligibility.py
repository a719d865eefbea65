"""Group E: codes, branches, maturity, accidents, losses, carriers, recommenders, dates, addresses."""

from __future__ import annotations

from typing import Any

import pytest
from stdnum.cn import uscc as gb32100

from catalog.lists import Entry
from catalog.load import load
from checks.run import check_document
from records.models import Finding, Value
from tests.checks.outcomes import findings, outcome
from tests.forms import Data, clean_summary, factory, reading_of, scene

TAIL = "MA1H0A01X"


def code_of(division: str, tail: str = TAIL) -> str:
    """A valid code with these division digits."""
    body = f"91{division}{tail}"
    return body + str(gb32100.calc_check_digit(body))


def in_round(code: str, data: Data, district: str, **overrides: Any) -> tuple[str, list[Finding]]:
    """Outcome and findings of one rule on a document received in a district's folder."""
    reading = reading_of(data, **overrides)
    outcomes = check_document(load(), reading, reading.record.source.path, district)
    assert not outcomes.faults
    (assessed,) = [a.outcome for a in outcomes.assessments if a.code == code]
    return assessed, [f for f in outcomes.findings if f.code == code]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91310115MA1H0A01X", "17位"),
        ("310115001234567", "旧的工商注册号"),
        ("91310115MA1HOA01X1", "疑为0"),
        ("9131O115MA1H0A01X1", "第5位“O”"),
        ("91310115MA1H0A01X2", "应为“1”"),
        ("91A10115MA1H0A01X1", "行政区划码"),
    ],
)
def test_a_faulty_code_is_named_with_its_fault(code: str, said: str) -> None:
    (found,) = findings("E01", scene({"uscc": code}))
    assert said in found.message
    assert outcome("E02", scene({"uscc": code})) == "cannot_tell", "a malformed code gets E01 alone"


@pytest.mark.parametrize(
    "code", ["91310115MA1H0A01X1", "9131 0115 MA1H 0A01X1", "９１３１０１１５ｍａ１ｈ０ａ０１ｘ１"]
)
def test_width_spaces_and_case_do_not_make_a_code_wrong(code: str) -> None:
    assert outcome("E01", scene({"uscc": code})) == "pass"


def test_a_code_read_with_doubt_is_not_judged() -> None:
    wrong = scene({"uscc": "91310115MA1H0A01X2"})
    assert outcome("E01", wrong, confidence={"uscc": 0.8}) == "cannot_tell"
    assert outcome("E01", scene({"uscc": None})) == "not_applicable"
    assert outcome("E02", scene({"uscc": None})) == "not_applicable"


def test_registration_outside_the_city_is_rejected() -> None:
    (found,) = findings("E02", scene({"uscc": code_of("320500")}))
    assert found.level == "reject"
    (national,) = findings("E02", scene({"uscc": code_of("100000")}))
    assert national.level == "note"


@pytest.mark.parametrize("division", ["310115", "310000", "310225", "310108"])
def test_city_level_and_retired_districts_are_in_the_city(division: str) -> None:
    assert outcome("E02", scene({"uscc": code_of(division)})) == "pass"


@pytest.mark.parametrize(
    "name",
    ["上海澄驰精密传动有限公司嘉定分公司", "上海澄驰精密传动有限公司第二分厂", "上海澄驰传动有限公司分公司（临港）"],
)
def test_a_branch_applies(name: str) -> None:
    (found,) = findings("E03", scene({"company_name": name}))
    assert found.level == "fix"


@pytest.mark.parametrize("name", ["上海微分部件有限公司", "上海积分厂务科技有限公司", "上海澄驰精密传动有限公司"])
def test_a_name_that_happens_to_hold_the_word_is_no_branch(name: str) -> None:
    assert outcome("E03", scene({"company_name": name, "applicant": name})) == "pass"


@pytest.mark.parametrize(
    "division", ["C26 化学原料和化学制品制造业", "25", "石油、煤炭及其他燃料加工业", "C32 有色金属冶炼和压延加工业"]
)
def test_branches_of_petrochemicals_and_nonferrous_metals_may_apply(division: str) -> None:
    data = scene({"company_name": "上海某石化股份有限公司金山分公司", "industry_division": division})
    assert outcome("E03", data) == "pass"


def test_a_branch_whose_industry_is_not_known_is_left_open() -> None:
    data = scene({"company_name": "上海某有限公司金山分公司", "industry_division": None, "industry_group": None})
    assert outcome("E03", data) == "cannot_tell"
    blank = scene({"company_name": None, "applicant": None})
    assert outcome("E03", blank) == "not_applicable"


def test_maturity_below_level_two() -> None:
    low = factory({"maturity_level": "一级", "capability_proof": None})
    (found,) = findings("E04", low)
    assert found.level == "reject"
    proved = factory({"maturity_level": "一级", "capability_proof": "符合食品行业智能工厂建设指南，证明见附件"})
    assert [f.level for f in findings("E04", proved)] == ["note"]
    assert [f.level for f in findings("E04", factory({"maturity_level": "一级", "capability_proof": "无"}))] == [
        "reject"
    ]


@pytest.mark.parametrize(
    "proof",
    [
        "自评估编号：ZN2023-00312",
        "编号：CMMM-31-2023-0456",
        "智能制造能力成熟度自评估报告（编号 CMMM-31-2023-0456），见附件2",
        "已在智能制造评估评价公共服务平台（www.c3mep.cn）完成自评估，报告编号20230715001",
        "自评估等级为一级，得分1.6",
        "（可后附）：自评估报告",
        "自评估报告编号：ZN-2023-31-00876，见附件。其他能力证明材料说明：自评估报告编号 ZN-2023-31-00876",
        "自评估报告见附件，自评估报告编号ZN202300312，自评估报告截图附后",
    ],
)
def test_the_self_assessment_itself_is_no_other_proof(proof: str) -> None:
    [found] = findings("E04", factory({"maturity_level": "一级", "capability_proof": proof}))
    assert found.level == "reject"
    assert "自评估本身的编号或报告" in found.message


@pytest.mark.parametrize(
    "proof",
    [
        "自评估编号ZN2023-00312；另附食品行业智能工厂建设指南符合性说明",
        "DCMM三级证书；自评估编号ZN2023-00312",
        "两化融合管理体系评定证书（编号AIITRE-00923）",
        "第三方智能制造能力成熟度评估证书",
        "见附件3",
        "见附件3，编号A12",
        "自评估报告编号ZN2023-00312[图片]",
    ],
)
def test_what_may_be_another_proof_is_left_to_a_person(proof: str) -> None:
    [found] = findings("E04", factory({"maturity_level": "一级", "capability_proof": proof}))
    assert found.level == "note"


def test_a_self_assessment_read_with_doubt_is_not_judged() -> None:
    low = factory({"maturity_level": "一级", "capability_proof": "自评估编号：ZN2023-00312"})
    assert outcome("E04", low, confidence={"capability_proof": 0.7}) == "cannot_tell"


def test_maturity_near_misses_and_silence() -> None:
    assert outcome("E04", factory({"maturity_level": "二级"})) == "pass"
    assert outcome("E04", factory({"maturity_level": None})) == "not_applicable"
    assert outcome("E04", factory({"maturity_level": ["一级", "三级"]})) == "cannot_tell"
    low = factory({"maturity_level": "一级"})
    assert outcome("E04", low, confidence={"maturity_level": 0.7}) == "cannot_tell"
    assert outcome("E04", scene()) == "not_applicable"


def test_accidents() -> None:
    (found,) = findings("E05", scene({"had_major_accident": True, "accident_name": "某仓库火灾事故"}))
    assert found.level == "reject"
    assert "某仓库火灾事故" in found.message
    assert outcome("E05", scene({"had_major_accident": False, "accident_name": "无"})) == "pass"
    assert outcome("E05", scene({"had_major_accident": None})) == "not_applicable"
    assert outcome("E05", scene({"had_major_accident": ["是", "否"]})) == "cannot_tell"


def test_losses_and_debts() -> None:
    found = findings("E06", scene({"profit_margin_2021": -0.1, "debt_ratio_2022": 100.5}))
    assert {f.field for f in found} == {"profit_margin_2021", "debt_ratio_2022"}
    assert {f.level for f in found} == {"note"}
    assert outcome("E06", scene({"profit_margin_2021": 0, "debt_ratio_2022": 100})) == "pass"
    assert outcome("E06", scene({"profit_margin_2020": "/"})) == "pass"
    assert outcome("E06", scene({"profit_margin_2020": "见审计报告"})) == "cannot_tell"


def test_those_who_carry_a_task_already() -> None:
    lists = load().lists
    one = Entry(name="上海禾沁食品有限公司", facts={"year": 2021})
    carrying = load().model_copy(
        update={"lists": lists | {"carrier": lists["carrier"].model_copy(update={"items": (one,)})}}
    )

    def judged(data: Data, **overrides: Any) -> str:
        outcomes = check_document(carrying, reading_of(data, **overrides), "申报书.docx")
        return next(a.outcome for a in outcomes.assessments if a.code == "E07")

    assert judged(factory({"company_name": "上海禾沁食品（有限公司）"})) == "finding"
    assert (
        judged(factory({"company_name": "上海禾沁食品销售有限公司", "applicant": "上海禾沁食品销售有限公司"})) == "pass"
    )
    assert judged(factory(), confidence={"company_name": 0.6, "applicant": 0.6}) == "cannot_tell"
    assert judged(factory({"company_name": None, "applicant": None})) == "not_applicable"


def test_the_cover_names_another_recommender_than_the_folder() -> None:
    assessed, (found,) = in_round("E08", scene(), "嘉定区")
    assert assessed == "finding"
    assert "浦东新区" in found.message
    assert "嘉定区" in found.message
    assert in_round("E08", scene({"recommender": "上海某某集团有限公司"}), "浦东新区")[0] == "finding"


@pytest.mark.parametrize("name", ["浦东新区科经委", "上海市浦东新区科技和经济委员会（盖章）", "浦东"])
def test_other_ways_of_writing_the_recommender(name: str) -> None:
    assert in_round("E08", scene({"recommender": name}), "浦东新区")[0] == "pass"


def test_the_recommender_is_only_compared_in_a_round() -> None:
    assert outcome("E08", scene({"recommender": "某某集团"})) is None
    assert in_round("E08", scene({"recommender": None}), "浦东新区")[0] == "not_applicable"
    assert in_round("E08", scene(), "嘉定区", confidence={"recommender": 0.7})[0] == "cannot_tell"


def test_a_summary_table_of_another_recommender_gets_the_finding_itself() -> None:
    table = clean_summary(recommender="上海市松江区经济委员会")
    assert in_round("E08", table, "浦东新区")[0] == "finding"
    assert in_round("E08", scene(), "浦东新区")[0] == "pass"


@pytest.mark.parametrize("date", ["2023-08-20", "2023-09", "2022-08-10", "2022", "2024-01-01"])
def test_late_or_of_another_year(date: str) -> None:
    assert outcome("E09", scene({"application_date": date})) == "finding"


@pytest.mark.parametrize("date", ["2023-08-19", "2023-08", "2023", "2023-01-03"])
def test_on_the_last_day_is_in_time(date: str) -> None:
    assert outcome("E09", scene({"application_date": date})) == "pass"


def test_a_date_that_cannot_be_read() -> None:
    unread = Value(value=None, raw="2023年8月3?日", where="段落4")
    assert outcome("E09", scene({"application_date": unread})) == "cannot_tell"
    assert outcome("E09", scene({"application_date": None})) == "not_applicable"


def test_central_enterprises_go_through_their_group() -> None:
    (found,) = findings("E10", scene({"ownership": "中央企业"}))
    assert found.level == "note"
    assert in_round("E10", scene({"ownership": "中央企业"}), "临港新片区")[0] == "finding"
    assert outcome("E10", scene({"ownership": "地方国企"})) == "pass"
    assert outcome("E10", scene({"ownership": None})) == "not_applicable"
    assert outcome("E10", scene({"ownership": "中央企业"}), confidence={"ownership": 0.6}) == "cannot_tell"


def test_an_address_in_another_district() -> None:
    elsewhere = scene({"factory_address": "上海市松江区新桥镇某路9号"})
    assert in_round("E11", elsewhere, "浦东新区")[0] == "finding"
    assert outcome("E11", elsewhere) == "finding", "taken alone, the cover says whose it is"
    assert outcome("E11", elsewhere, confidence={"factory_address": 0.5}) == "cannot_tell"
    assert outcome("E11", scene({"factory_address": None})) == "not_applicable"


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("上海市杨浦区松江路100号", "杨浦区"),
        ("上海市浦东新区泥城镇某路1号", "临港新片区"),
        ("上海市临港新片区云水路1号", "奉贤区"),
        ("上海化学工业区目华路1号", "金山区"),
        ("上海市长兴岛江南大道1号", "崇明区"),
        ("秀沿西路9988号", "嘉定区"),
    ],
)
def test_addresses_that_are_no_contradiction(address: str, district: str) -> None:
    assert in_round("E11", scene({"factory_address": address}), district)[0] == "pass"


def test_no_proof_behind_the_forms_own_words_is_no_proof() -> None:
    [found] = findings("E04", factory(fields={"maturity_level": "一级", "capability_proof": "（可后附）：无"}))
    assert found.level == "reject"


@pytest.mark.parametrize("written", ["统一社会信用代码：{}", "{}（三证合一）"])
def test_words_beside_the_credit_code_are_no_part_of_it(written: str) -> None:
    code = scene()["fields"]["uscc"]
    assert outcome("E01", scene(fields={"uscc": written.format(code)})) == "pass"


LAST_YEAR = {"assets_2022": 3000, "revenue_2022": 1000}


@pytest.mark.parametrize(
    ("investment", "says"),
    [
        (3000.5, ["2022年资产总额（3000万元）", "2022年主营业务收入（1000万元）的3倍"]),
        (3000, []),
        (2999, []),
    ],
)
def test_an_investment_beyond_the_companys_size(investment: float, says: list[str]) -> None:
    for data in (scene(LAST_YEAR | {"investment": investment}), factory(LAST_YEAR | {"investment": investment})):
        found = findings("E12", data)
        assert [f.level for f in found] == ["note"] * bool(says)
        for words in says:
            assert words in found[0].message


def test_an_investment_beyond_one_of_the_two() -> None:
    [assets] = findings("E12", scene(LAST_YEAR | {"assets_2022": 900, "investment": 901}))
    assert "主营业务收入" not in assets.message
    [revenue] = findings("E12", scene(LAST_YEAR | {"revenue_2022": 100, "investment": 301}))
    assert "资产总额（" not in revenue.message


def test_an_investment_that_cannot_be_compared() -> None:
    large = LAST_YEAR | {"investment": 9000}
    assert outcome("E12", scene(large), confidence={"investment": 0.7}) == "cannot_tell"
    unread = Value(value=None, raw="3?00", where="表1")
    assert outcome("E12", scene(LAST_YEAR | {"investment": 10, "assets_2022": unread})) == "cannot_tell"
    assert outcome("E12", scene(large | {"assets_2022": unread})) == "finding", "the revenue alone decides"
    assert outcome("E12", scene(large | {"investment": None})) == "not_applicable"
    assert outcome("E12", scene(large | {"investment": "/"})) == "not_applicable"
    assert outcome("E12", scene(large | {"assets_2022": None, "revenue_2022": "/"})) == "not_applicable"
    assert outcome("E12", scene(large | {"assets_2022": None})) == "finding"
