"""D01 to D05: doubles in a district, two recommenders, copied and repeated text."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Sequence
from typing import Any

import pytest

from catalog.load import load
from checks.duplicates import shared_passage
from checks.meaning.terms import terms
from checks.run import check_round
from records.models import Submission
from tests.checks.outcomes import findings, outcome, over_round
from tests.forms import Data, changed, clean_factory, clean_scene, factory, scene, submission_of

CODES = ("91310115MA1K35QY0U", "91310114MA1GX2TW8E", "91310113MA1JNAE04G", "91310112MA1GE5XL0Y")


def another(data: Data, name: str, **fields: Any) -> Data:
    """The application of another company. Its texts are another's too, so that none of them is shared."""
    new = changed(data, {"company_name": name, "applicant": name, "uscc": None, **fields})
    rng = random.Random(name)
    for key, value in (new["fields"] | new["sections"]).items():
        if isinstance(value, str) and len(value) > 100:
            new["fields" if key in new["fields"] else "sections"][key] = shuffled(value, rng)
    for row in new["tables"]["scenes"]:
        row |= {k: shuffled(v, rng) for k, v in row.items() if isinstance(v, str) and k in load().keys["scene_texts"]}
    return new


def shuffled(text: str, rng: random.Random) -> str:
    words = list(text)
    rng.shuffle(words)
    return "".join(words)


def outcomes(code: str, submissions: Sequence[Submission]) -> dict[str, str]:
    return {a.document: a.outcome for a in check_round(load(), submissions).assessments if a.code == code}


# ---------------------------------------------------------------------------------------------------- D01


def twice(data: Data, **fields: Any) -> list[Submission]:
    other = changed(data, {"project_name": "另一项目", **fields})
    return [submission_of(data, "嘉定区", "嘉定区/1.docx"), submission_of(other, "嘉定区", "嘉定区/2.docx")]


@pytest.mark.parametrize("data", [clean_factory(), clean_scene()])
def test_a_second_application_of_a_company_is_noted_and_no_clause_is_said_to_forbid_it(data: Data) -> None:
    found = over_round(twice(data), "D01")
    assert [(f.document, f.level) for f in found] == [("嘉定区/1.docx", "note"), ("嘉定区/2.docx", "note")]
    assert {f.clause for f in found} == {"工作要求"}
    assert "另一项目" in found[0].message
    assert "嘉定区/2.docx" in found[0].message
    assert "确认是否都申报" in found[0].message
    assert len({f.id for f in found}) == 2


def test_one_company_is_known_by_its_code_or_its_folded_name() -> None:
    name = clean_factory()["fields"]["company_name"]
    assert over_round(twice(clean_factory(), company_name="更名后的公司", applicant="更名后的公司"), "D01")
    assert over_round(twice(clean_factory(), company_name=f" {name[:4]}（{name[4:]}） ", uscc=None), "D01")
    assert not over_round(twice(clean_factory(), company_name="另一家公司", applicant="另一家公司", uscc=None), "D01")


def test_what_is_no_code_does_not_make_two_companies_one() -> None:
    one = another(clean_factory(), "上海甲制造有限公司", uscc="/")
    other = another(clean_factory(), "上海乙制造有限公司", uscc="/")
    submissions = [submission_of(d, "嘉定区") for d in (one, other)]
    assert not over_round(submissions, "D01")
    assert not over_round([submissions[0], submission_of(other, "浦东新区")], "D02")


def test_versions_the_other_form_and_another_district_are_no_doubles() -> None:
    old = changed(clean_factory(), {"application_date": "2023-08-01", "investment": 100})
    versions = [submission_of(d, "嘉定区", f"嘉定区/{n}.docx") for n, d in enumerate((old, clean_factory()))]
    assert not over_round(versions, "D01")
    names = {k: clean_factory()["fields"][k] for k in ("company_name", "uscc", "applicant")}
    forms = [submission_of(clean_factory(), "嘉定区"), submission_of(scene(names), "嘉定区")]
    assert outcomes("D01", forms) == {s.document: "pass" for s in forms}


def test_a_company_that_was_not_read_cannot_be_told() -> None:
    unsure = dict.fromkeys(("company_name", "uscc", "applicant"), 0.6)
    lost = submission_of(clean_factory(), "嘉定区", confidence=unsure)
    assert outcomes("D01", [lost]) == {lost.document: "cannot_tell"}
    assert outcomes("D02", [lost]) == {lost.document: "cannot_tell"}


# ---------------------------------------------------------------------------------------------------- D02


def test_two_recommenders_are_named_in_both_documents() -> None:
    names = {k: clean_factory()["fields"][k] for k in ("company_name", "uscc", "applicant")}
    both = [submission_of(clean_factory(), "嘉定区"), submission_of(scene(names), "临港新片区")]
    found = over_round(both, "D02")
    assert {f.clause for f in found} == {"二（二）"}
    assert [(f.district, f.level) for f in found] == [("临港新片区", "fix"), ("嘉定区", "fix")]
    for finding in found:
        assert "嘉定区" in finding.message
        assert "临港新片区" in finding.message
        assert any(s.document in finding.message for s in both if s.district != finding.district)


def test_the_same_file_before_two_recommenders_is_one_company_twice() -> None:
    both = [submission_of(clean_scene(), d, f"{d}/a.docx") for d in ("浦东新区", "奉贤区")]
    assert len(over_round(both, "D02")) == 2


def test_one_recommender_or_none_is_no_conflict() -> None:
    other = changed(clean_scene(), {"project_name": "另一项目"})
    assert not over_round([submission_of(d, "浦东新区", f"{n}") for n, d in enumerate((clean_scene(), other))], "D02")
    stray = [submission_of(clean_scene(), "浦东新区"), submission_of(other, "未归口")]
    assert outcomes("D02", stray) == {stray[0].document: "pass", stray[1].document: "not_applicable"}


# ---------------------------------------------------------------------------------------------------- D03

PROSE = (
    "项目首先对机组进行分级，按照故障后果与发生频次划分为三级，对一级机组安装振动、温度、油液和电流四类传感器，对二级机组安装振动与"
    "温度传感器，对三级机组保留人工巡检并配置手持采集仪。采集网关在现场完成频谱计算和特征提取，仅把特征值与异常波形上传服务器，"
    "网络带宽占用下降到原方案的五分之一。诊断模型先由厂家提供的机理规则起步，再用两年的检修记录逐台修正阈值，误报从每周九次降到每月两次。"
    "检修工单由系统自动生成，备件需求同步推送仓库，班组在手持终端上确认到场、拆检和复装三个节点，结论回写模型作为下一轮修正的样本。"
)
OTHER_WORDS = [
    "灌装",
    "发酵",
    "配料",
    "冷链",
    "包装",
    "批次",
    "酵母",
    "糖度",
    "风味",
    "杀菌",
    "瓶盖",
    "码垛",
    "酿造",
    "原浆",
    "果汁",
    "稀释",
    "均质",
    "脱气",
    "过滤",
    "贴标",
]


def rewritten(text: str, share: float, seed: int = 3) -> str:
    """The text with that share of its words replaced."""
    rng = random.Random(seed)
    out = text
    words = [w for w in dict.fromkeys(terms(text)) if len(w) == 2 and text.count(w)]
    target, changed_so_far = share * len(re.findall(r"\w", text)), 0
    while changed_so_far < target and words:
        word = words.pop(rng.randrange(len(words)))
        changed_so_far += 2 * out.count(word)
        out = out.replace(word, rng.choice(OTHER_WORDS))
    return out


def pair(passage: str, other_passage: str, key: str = "construction_plan") -> list[Submission]:
    """Applications of two companies whose chapters hold the passages, between words of their own."""
    made = []
    for name, text, district in (("甲", passage, "浦东新区"), ("乙", other_passage, "嘉定区")):
        data = another(clean_scene(), f"上海{name}制造有限公司")
        data["sections"][key] = shuffled(OTHER, random.Random(name)) + text + shuffled(OTHER, random.Random(name * 2))
        made.append(submission_of(data, district))
    return made


OTHER = "本章说明建设背景和总体思路。" * 6


def test_a_copied_passage_is_told_of_in_both_documents_with_both_texts() -> None:
    both = pair(PROSE, PROSE)
    found = over_round(both, "D03")
    assert [(f.district, f.level) for f in found] == [("嘉定区", "note"), ("浦东新区", "note")]
    for finding, other in zip(found, ("上海甲制造有限公司", "上海乙制造有限公司"), strict=True):
        assert other in finding.message
        assert finding.message.count("项目首先对机组进行分级") == 2
        assert "相同率100%" in finding.message
        assert finding.field == "construction_plan"
        assert finding.where.startswith("段落")


def test_what_a_finding_says_of_a_passage_can_be_set_side_by_side() -> None:
    both = pair(PROSE, PROSE.replace("机组", "生产线"))
    for finding in over_round(both, "D03"):
        shared = shared_passage(finding)
        assert shared is not None
        other = next(s for s in both if s.document != finding.document)
        assert (shared.other_document, shared.other_district) == (other.document, other.district)
        assert shared.length >= 200
        assert shared.mine[:8] in finding.evidence
        assert ("生产线" in shared.mine) != ("生产线" in shared.theirs)
        assert shared.mine not in shared.brief
        assert f"约{shared.length}字高度雷同（相同率{shared.share}）。通知要求" in shared.brief
        assert shared_passage(finding.model_copy(update={"message": "两处文字相同。"})) is None


@pytest.mark.parametrize("seed", range(4))
def test_a_rewritten_passage_is_found(seed: int) -> None:
    new = rewritten(PROSE, 0.3, seed)
    assert new != PROSE
    found = over_round(pair(PROSE, new), "D03")
    assert len(found) == 2
    shares = [int(s) for f in found for s in re.findall(r"相同率(\d+)%", f.message)]
    assert all(55 <= share <= 90 for share in shares)


def test_a_passage_below_the_limit_is_none() -> None:
    limit = 200
    assert outcomes("D03", pair(PROSE[: limit + 5], PROSE[: limit + 5])) == dict.fromkeys(
        (s.document for s in pair("", "")), "finding"
    )
    assert not over_round(pair(PROSE[: limit - 15], PROSE[: limit - 15]), "D03")
    spaced = " ".join(PROSE[: limit // 2])
    assert not over_round(pair(spaced, spaced), "D03")


COLUMNS = ("description", "solution", "results")


def rows_sharing(*lengths: int) -> list[Submission]:
    """Two companies' applications that share so many characters in columns of one row of 附1, with own text around them."""
    row = {c: PROSE[80 * n : 80 * n + length] for n, (c, length) in enumerate(zip(COLUMNS, lengths, strict=True))}
    sent = []
    for name in ("上海甲制造有限公司", "上海乙制造有限公司"):
        rng = random.Random(name)
        data = another(clean_factory(), name)
        for column, text in row.items():
            own = [shuffled(PROSE, rng)[:60] for _ in range(2)]
            data["tables"]["scenes"][0][column] = f"{own[0]}。{text}。{own[1]}。"
        sent.append(submission_of(data, "浦东新区", f"浦东新区/{name}.docx"))
    return sent


def test_the_texts_of_one_row_count_together() -> None:
    assert len(PROSE) >= 240
    found = over_round(rows_sharing(80, 80, 80), "D03")
    assert len(found) == 2
    for finding in found:
        assert finding.row == 1
        for label in ("场景实例描述", "采用的技术方案", "已实施成效"):
            assert label in finding.message
        shared = shared_passage(finding)
        assert shared is not None
        assert 230 <= shared.length <= 260
        assert int(shared.share.removesuffix("%")) >= 90
        assert PROSE[10:70] in finding.message


def test_rows_that_share_less_together_are_none() -> None:
    assert not over_round(rows_sharing(60, 60, 60), "D03")
    assert not over_round(rows_sharing(80, 80, 0), "D03")


def test_words_of_the_form_and_the_catalog_do_not_count() -> None:
    pack = load()
    form = pack.forms["factory"]
    hints = "".join(h for s in form.sections for h in s.hints)
    assert len(hints) > 400
    assert not over_round(pair(hints, hints), "D03")
    scenes = "".join(s.text for s in pack.lists["scenes"].items[:6])
    assert not over_round(pair(scenes, scenes), "D03")


def test_a_company_may_use_its_own_text_twice() -> None:
    one, other = pair(PROSE, PROSE)
    for s in (one, other):
        s.record.fields["company_name"].value = s.record.fields["applicant"].value = "上海甲制造有限公司"
    assert not over_round([one, other], "D03")


def test_ids_of_copied_text_stay_when_files_move() -> None:
    before = {f.id for f in over_round(pair(PROSE, PROSE), "D03")}
    moved = [
        Submission(district=s.district, document=f"{s.district}/新/{n}.docx", reading=s.reading)
        for n, s in enumerate(pair(PROSE, PROSE))
    ]
    assert {f.id for f in over_round(moved, "D03")} == before


def test_a_template_that_many_use_is_told_of_once() -> None:
    many: list[Submission] = []
    for number in range(14):
        data = another(clean_scene(), f"上海第{number}制造有限公司")
        data["sections"]["construction_plan"] = PROSE.replace("机组", f"{number}号机")
        many.append(submission_of(data, "浦东新区"))
    found = over_round(many, "D03")
    assert sorted(f.document for f in found) == sorted(s.document for s in many)
    assert all("14家企业" in f.message for f in found)


def test_short_texts_and_unsure_ones() -> None:
    short = another(clean_scene(), "上海甲制造有限公司")
    for key, value in (short["fields"] | short["sections"]).items():
        if isinstance(value, str) and len(value) > 100:
            short["fields" if key in short["fields"] else "sections"][key] = "见附件。"
    for row in short["tables"]["scenes"]:
        row |= {k: v[:20] for k, v in row.items() if isinstance(v, str)}
    alone = submission_of(short, "浦东新区")
    assert outcomes("D03", [alone]) == {alone.document: "not_applicable"}
    blurred = submission_of(
        scene(sections={"construction_plan": PROSE}), "浦东新区", confidence={"construction_plan": 0.7}
    )
    assert outcomes("D03", [blurred]) == {blurred.document: "cannot_tell"}


# ---------------------------------------------------------------------------------------------- D04, D05


def with_cells(*cells: tuple[int, str, Any]) -> Data:
    """The clean scene form with cells of 附1 changed: (row, column, text)."""
    data = copy.deepcopy(clean_scene())
    for row, column, text in cells:
        data["tables"]["scenes"][row - 1][column] = text
    return data


LONG = (
    "在车间搭建由五台加工中心和两台机器人组成的柔性单元，自动完成上下料、换夹具和在线检测，人员只负责巡检与异常处置。"
)


@pytest.mark.parametrize(
    ("cells", "places"),
    [
        ([(1, "solution", LONG), (2, "solution", LONG)], "2个场景实例"),
        ([(1, "description", LONG), (1, "solution", LONG)], "2个栏目"),
        ([(1, "results", LONG), (2, "results", LONG.replace("，", ", "))], "2个场景实例"),
        ([(1, "results", LONG * 3), (2, "results", LONG * 3 + "已完成。")], "2个场景实例"),
    ],
)
def test_a_text_used_twice(cells: list[tuple[int, str, str]], places: str) -> None:
    found = findings("D04", with_cells(*cells))
    assert [f.level for f in found] == ["note"]
    assert places in found[0].message
    assert found[0].where not in found[0].message


def test_only_texts_that_are_one_are_called_the_same() -> None:
    def said(other: str) -> str:
        (found,) = findings("D04", with_cells((1, "results", LONG * 3), (2, "results", other)))
        return found.message

    assert "填写了相同的文字" in said(LONG.replace("，", ", ") * 3)
    near = said(LONG * 3 + "已完成。")
    assert "填写了几乎相同的文字" in near
    assert "均为" not in near
    within = said(LONG * 3 + LONG.replace("柔性", "无人") + "由上海某某自动化有限公司负责实施。")
    assert "填写了同一段文字" in within


def test_a_whole_text_within_another_column_is_used_twice() -> None:
    added = LONG + "由上海某某自动化有限公司负责实施，采用国产控制系统，二〇二二年底投用。"
    (found,) = findings(
        "D04",
        with_cells(
            (1, "description", LONG + "全线二十人，三班运转，全年无休，夜间无人值守。"),
            (1, "solution", LONG + "全线二十人，三班运转，全年无休，夜间无人值守。" + added),
        ),
    )
    assert "2个栏目填写了同一段文字" in found.message
    assert (found.row, found.level) == (1, "note")
    short = "人工上下料劳动强度大，换型时间长，质量不稳定，难以追溯到工序。"
    assert outcome("D04", with_cells((1, "pain_points", short), (1, "solution", short + added))) == "pass", (
        "a sentence quoted"
    )


def test_what_may_well_be_the_same_twice() -> None:
    measures = "成立专项工作组，建立周例会和月度评价制度，对操作、检修人员分批开展培训并考核上岗。"
    figures = "项目总投入{}万元，每年可节约成本约{}万元，所用设备以国产通用设备为主，适合在行业内推广应用。"
    assert outcome("D04", with_cells((1, "solution", "见附件"), (2, "solution", "见附件"))) == "pass"
    assert outcome("D04", with_cells((1, "safeguards", measures), (2, "safeguards", measures))) == "pass"
    assert (
        outcome("D04", with_cells((1, "economics", figures.format(85, 30)), (2, "economics", figures.format(120, 48))))
        == "pass"
    )
    assert (
        outcome("D04", with_cells((1, "economics", figures.format(85, 30)), (2, "economics", figures.format(85, 30))))
        == "finding"
    )
    assert outcome("D04", clean_factory()) == "pass"


def test_a_repeated_text_that_was_not_read_with_certainty() -> None:
    twice_used = with_cells((1, "solution", LONG), (2, "solution", LONG))
    assert outcome("D04", twice_used, confidence={"scenes.solution": 0.8}) == "cannot_tell"
    empty = changed(clean_scene(), tables={"scenes": []})
    assert outcome("D04", empty) == "not_applicable"


def test_ids_of_a_repeated_text_do_not_count_rows() -> None:
    data = with_cells((1, "solution", LONG), (2, "solution", LONG))
    before = [f.id for f in findings("D04", data)]
    data["tables"]["scenes"].reverse()
    assert [f.id for f in findings("D04", data)] == before


def test_text_taken_from_the_notice() -> None:
    text = load().lists["scenes"].items[28].text
    found = findings("D05", with_cells((1, "description", f"我公司{text}成效明显。")))
    assert [(f.level, f.field, f.row) for f in found] == [("note", "scenes.description", 1)]
    assert load().lists["scenes"].items[28].name in found[0].message
    chapter = scene(sections={"upgrade_plan": f"公司将持续完善。{load().lists['links'].items[3].text}"})
    assert [f.field for f in findings("D05", chapter)] == ["upgrade_plan"]
    assert outcome("D05", with_cells((1, "description", text)), confidence={"scenes.description": 0.7}) == "cannot_tell"


def test_the_example_taken_over() -> None:
    table = load().forms["scene"].table("scenes")
    assert table is not None
    found = findings(
        "D05", with_cells((2, "results", table.example["results"]), (2, "pain_points", table.example["pain_points"]))
    )
    assert len(found) == 1
    assert "示例" in found[0].message
    assert found[0].row == 2


def test_a_phrase_or_an_instruction_is_not_taken() -> None:
    phrase = load().lists["scenes"].items[28].text[:25]
    assert outcome("D05", with_cells((1, "description", f"我公司{phrase}，已覆盖三个车间的全部物料。"))) == "pass"
    hint = load().forms["scene"].section("construction_plan").hints[0]  # type: ignore[union-attr]
    assert outcome("D05", scene(sections={"construction_plan": hint + "我公司自行编写的方案。"})) == "pass"
    assert outcome("D05", factory()) == "pass"
