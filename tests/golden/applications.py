"""What applicants write: applications with something wrong, and values written in every way, each by a name.

What is wrong stands together where it does not hide each other: the set must trip every rule that files can trip.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.forms import Data, changed, clean_factory, clean_scene, clean_summary, factory, scene, without_rows
from tests.golden.sheets import short

INSTANCE = "柔轮齿形在线检测与磨齿补偿"
LONG = "公司持续推进数字化改造，建设覆盖设计、工艺、制造、检测的数据平台，"
EXAMPLE = {"seq": "9", "link": "工艺设计", "scene": "离散型工艺数字化设计", "instance": "基于XX的工艺设计",
           "description": "简要描述", "pain_points": "简要描述"}  # fmt: skip


def _rows(data: Data, table: str, *more: dict[str, Any]) -> Data:
    return changed(data, tables={table: [*data["tables"][table], *more]})


def _cover() -> Data:
    return scene(
        {"project_name": None, "applicant": "上海澄驰精密装备有限公司", "recommender": "上海市甲乙区经委",
         "application_date": "2023-09-02", "commitment_date": None},
    )  # fmt: skip


def _gaps() -> Data:
    blank = dict.fromkeys(("factory_address", "contact_email", "company_profile", "uscc", "legal_rep_phone"))
    marks = {"quality_loss_cut": "/", "resource_gain": "—", "operating_cost_cut": "无", "productivity_gain": "不涉及"}
    rows = {2: {"pain_points": None, "economics": None}}
    return scene(blank | marks | {"assets_2021": None, "investment": "/"}, {"scenes": rows}, {"promotion_plan": None})


def _choices() -> Data:
    return scene({"ownership": ["民营企业", "三资企业"], "size": None, "industry_category": ["装备制造", "消费品"],
                  "had_major_accident": [True, False], "in_key_region": None})  # fmt: skip


def _empty_tables() -> Data:
    return scene(tables={"scenes": [], "equipment": [], "software": [], "processes": [], "technologies": []})


def _annexes() -> Data:
    data = scene(tables={"equipment": {1: {"kind": "检测设备", "instance": "另一个实例"}, 2: {"kind": None}},
                         "software": {1: {"kind": "MES"}}, "scenes": {2: {"instance": "没有附2的实例"}}})  # fmt: skip
    return _rows(data, "scenes", EXAMPLE)


def _too_long() -> Data:
    text = LONG * 18
    return scene(
        {"company_profile": text},
        {
            "scenes": {
                1: {
                    "description": text,
                    "safeguards": text,
                    "economics": LONG * 90,
                    "results": "短",
                    "solution": "也短",
                }
            }
        },
        {"construction_plan": "\n".join([LONG * 100] * 2)},
    )


def _not_eligible() -> Data:
    name = "苏州澄驰精密传动有限公司上海分公司"
    return scene({"company_name": name, "applicant": name, "uscc": "91320500MA1H0A01XA", "ownership": "中央企业",
                  "had_major_accident": True, "accident_name": None, "profit_margin_2021": -3.2,
                  "debt_ratio_2022": 104.5, "investment": 98000,
                  "factory_address": "上海市松江区新桥镇某路9号"})  # fmt: skip


def _code_elsewhere() -> Data:
    return scene({"uscc": "91320500MA1MXQ0T3K", "application_date": "2022-08-01"})


def _code_wrong() -> Data:
    return scene({"uscc": "91310115MA1H0A01X2"})


def _catalogue() -> Data:
    rows = {1: {"link": "质量管空", "scene": "智能再线检测"}, 2: {"link": "生产作业", "scene": "智能在线检测"}}
    return scene({"link_name": "质量管空"}, {"scenes": rows})


def _new_scene() -> Data:
    return scene(
        {"link_name": "供应链金融（新环节）", "scene_name": "应收账款确权"},
        {"scenes": {1: {"link": "供应链金融（新环节）", "scene": "应收账款确权", "remark": "新场景"}}},
    )


def _other_scene() -> Data:
    text = "建设立体仓库与自动化出入库系统，应用堆垛机、AGV和仓储管理系统WMS，实现物料自动入库、出库、盘点与库存优化。"
    row = {
        "link": "质量管控",
        "scene": "智能在线检测",
        "description": text,
        "solution": text[6:],
        "pain_points": text[3:],
        "results": "系统投用后，生产效率提升40%，人员减少五分之一。",
    }
    return scene(tables={"scenes": {1: row}})


def _against_itself() -> Data:
    return scene(
        {"instance_name": "柔轮齿形检测", "size": "大型企业", "build_period": {"start": "2022-11", "end": "2021-03"},
         "defect_cut": 430, "cnc_rate": 120, "networked_rate": "较高", "revenue_2021": 194661000, "debt_ratio_2020": 0.41,
         "apc_rate": 85, "contact_mobile": "1390000010", "contact_email": "zhou.lan@chengchi", "contact_phone": "5550",
         "industry_division": "C14 食品制造业", "solution_provider": "自建"},
        {"scenes": {1: {"results": "产品不良率下降20%，质量损失率下降12%，生产效率提升35%，人员减少五分之一。"}}},
    )  # fmt: skip


def _young() -> Data:
    return scene({"founded_on": "2022-03-01", "build_period": {"start": "2021-03", "end": None}})


def _personal() -> Data:
    return scene(
        {"legal_rep_name": "顾望舒 31011519800101001X"},
        {"scenes": {1: {"safeguards": "负责人身份证号31011519800101001X，编制规范，对操作工分批培训并持证上岗。"}}},
        {"attachments": "机密★3年\n1.营业执照\n2.验收报告"},
    )


def _copied() -> Data:
    data = clean_scene()
    text = data["tables"]["scenes"][0]["description"]
    return changed(data, tables={"scenes": {1: {"solution": text}, 2: {"description": text}}})


def _from_the_notice() -> Data:
    from tests.forms import CATALOG

    link = next(one for one in CATALOG.lists["links"].items if one.name == "质量管控")
    words = link.text
    return scene(sections={"upgrade_plan": f"公司将持续完善。{words}"})


def _factory_low() -> Data:
    return factory({"maturity_level": "一级", "capability_proof": None, "task_subindustry": "集成电路制造",
                    "apc_rate": 90, "is_national_pilot": True, "national_pilot_name": None})  # fmt: skip


def _factory_unproved() -> Data:
    return factory({"maturity_level": None, "capability_proof": "无", "is_provincial_pilot": [True, False],
                    "project_summary": LONG * 20}, sections={"integration": None, "overall": "（此处填写）"})  # fmt: skip


def _factory_chain() -> Data:
    data = factory({"chain_products": None, "chain_roles": None, **dict.fromkeys(
        ("chain_incoming_quality", "chain_purchase_cost", "chain_logistics_cost", "chain_delivery_cycle"))})  # fmt: skip
    return without_rows(data, "scenes", 9, 8, 7)


def _factory_raw_material() -> Data:
    return factory({"industry_category": "原材料", "task_subindustry": "石化化工", "industry_division": "C26 化学原料和化学制品制造业",
                    "company_name": "上海禾沁石化股份有限公司金山分公司"})  # fmt: skip


def _values() -> Data:
    """Figures, dates and telephones as people write them."""
    return scene(
        {"assets_2020": "2.43亿元", "assets_2021": "27,840.20", "assets_2022": "312758000元", "revenue_2020": "约15820万元",
         "debt_ratio_2020": "41.2%", "debt_ratio_2021": "０．３９６", "debt_ratio_2022": "/", "profit_margin_2020": "（9.1）",
         "profit_margin_2021": "10.4％", "profit_margin_2022": "百分之十一", "cnc_rate": "≥92.5%", "networked_rate": "95以上",
         "productivity_gain": "提升28%", "resource_gain": "12.6个百分点", "rd_cycle_cut": "18→15天", "defect_cut": "40%~45%",
         "unit_cost_cut": "从11%降至8%", "energy_cut": "-7.4%", "replicated_firms": "3家", "investment": "壹仟贰佰捌拾万元整",
         "founded_on": "二〇一二年五月十八日", "application_date": "2023.8.12", "commitment_date": "2023/8/11",
         "build_period": "2021.3-2022.11", "contact_mobile": "139-0000-0101", "contact_phone": "(021)55500102转8",
         "contact_email": "ZHOU.LAN@chengchi-example.cn；b@c-example.cn", "uscc": "91310115 MA1H0A01X1",
         "contact_fax": "021-55500109/021-55500108", "sales_growth": "１６．６", "co2_cut": "不适用"},
    )  # fmt: skip


def _periods() -> Data:
    return scene({"build_period": "2022.3-12", "founded_on": "2012年5月", "application_date": "2023年8月",
                  "commitment_date": "二零二三年八月", "contact_phone": "周岚 13900000101（同手机）"})  # fmt: skip


def _until_now() -> Data:
    return scene({"build_period": "2021年3月至今", "founded_on": "2012", "investment": "1280万（其中软件400万）",
                  "revenue_2022": "2.27E4", "assets_2022": "1" * 400})  # fmt: skip


def _odd_text() -> Data:
    return scene(
        {"company_name": "上海 澄驰（精密）传动有限公司", "applicant": "上海澄驰(精密)传动有限公司", "contact_name": "周　岚/李四",
         "factory_address": "\u200b上海市浦东新区康桥镇\u00a0秀沿西路9988号", "solution_provider": "自建、上海映准光学检测技术有限公司",
         "other_outcomes": "无"},
    )  # fmt: skip


def _provider() -> Data:
    return factory({"provider_contact": "姓名：王德明", "provider_phone": "手机13900000000", "solution_provider": "自建",
                    "task_address": "同上", "contact_title": "负责人"})  # fmt: skip


def _summary_of_two() -> Data:
    return clean_summary(clean_scene(), clean_factory(), recommender="上海市浦东新区科技和经济委员会")


WRITTEN: dict[str, Callable[[], Data]] = {
    "clean scene": clean_scene,
    "clean factory": clean_factory,
    "short scene": lambda: short(clean_scene()),
    "cover": _cover,
    "gaps": _gaps,
    "choices": _choices,
    "empty tables": _empty_tables,
    "annexes": _annexes,
    "too long": _too_long,
    "not eligible": _not_eligible,
    "code elsewhere": _code_elsewhere,
    "code wrong": _code_wrong,
    "catalogue": _catalogue,
    "new scene": _new_scene,
    "another scene": _other_scene,
    "against itself": _against_itself,
    "young": _young,
    "personal": _personal,
    "copied within": _copied,
    "from the notice": _from_the_notice,
    "factory low": _factory_low,
    "factory unproved": _factory_unproved,
    "factory chain": _factory_chain,
    "factory raw material": _factory_raw_material,
    "values": _values,
    "periods": _periods,
    "until now": _until_now,
    "odd text": _odd_text,
    "provider": _provider,
    "summary of two": _summary_of_two,
}
