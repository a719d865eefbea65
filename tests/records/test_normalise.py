"""What people write into a form's cells, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import codes, dates
from records import normalise as n


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30%", 30), ("约35%", 35), ("提升28%", 28), ("≥95%", 95), ("18.5个百分点", 18.5), ("１２．５％", 12.5), ("－３．１", -3.1), ("-8", -8),
        ("35%以上", 35), ("95.0", 95), ("5‰", 0.5), ("0.3", 0.3),
    ],
)  # fmt: skip
def test_percent(written: str, meant: float) -> None:
    assert n.percent(written) == (meant, ())


@pytest.mark.parametrize("written", ["", "/", "—", "——%", "无", "不涉及", "暂无", " ／ ", "N/A"])
def test_what_means_none_is_blank(written: str) -> None:
    assert n.percent(written).value is None
    assert n.money(written).value is None
    assert n.is_blank(written)


@pytest.mark.parametrize("written", ["30-35%", "由50%提升至80%", "提升3倍", "1/3", "详见附件", "20%\n30%", "12 15"])
def test_a_text_that_is_no_single_percentage_is_not_guessed(written: str) -> None:
    assert n.percent(written).value is None
    assert not n.is_blank(written)


@pytest.mark.parametrize(
    ("written", "unit", "meant"),
    [
        ("1.2亿元", "万元", 12000), ("3500000元", "万元", 350), ("2,835万", "万元", 2835), ("2，911.95", "万元", 2911.95), ("1亿2000万元", "万元", 12000),
        ("约3,000万元", "万元", 3000), ("-300", "万元", -300), ("3500000", "元", 350), ("1.2", "亿元", 12000), ("1 234.5", "万元", 1234.5),
        ("（约）81324", "万元", 81324), ("人民币（万元）：257709.64", "万元", 257709.64), ("5866.00万元（2022年为预估）", "万元", 5866), ("10.381億元", "万元", 103810), ("8,000萬元", "万元", 8000),
        ("0.3758亿元", "万元", 3758), ("163,830,000元", "万元", 16383),
    ],
)  # fmt: skip
def test_money_is_in_ten_thousand_yuan(written: str, unit: str, meant: float) -> None:
    assert n.money(written, unit) == (meant, ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2000万元（其中设备1500万元）", 2000),
        ("1.2亿元，其中自筹8000万元", 12000),
        ("总投资5235.73万元，其中设备投资2617万元", 5235.73),
        ("8318（其中软件1663）", 8318),
    ],
)
def test_an_amount_with_what_of_it_goes_where(written: str, meant: float) -> None:
    assert n.money(written).value == meant


@pytest.mark.parametrize(
    "written",
    ["500万美元", "12万/年", "100\n200", "自筹", "一期300万，二期500", "1500万元（其中设备1000万元），软件500万元"],
)
def test_money_that_cannot_be_told_is_none(written: str) -> None:
    assert n.money(written).value is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8 Jan 1986", "1986-01-08"), ("January 8th, 1986", "1986-01-08"), ("Jan. 1986", "1986-01"),
        ("2021年3月", "2021-03"), ("2021.03", "2021-03"), ("2021-3-1", "2021-03-01"), ("二〇二一年三月", "2021-03"), ("2023 年 8 月 6 日", "2023-08-06"),
        ("二〇二三年八月十八日", "2023-08-18"), ("二○一○年十二月三十一日", "2010-12-31"), ("1998年", "1998"), ("20210301", "2021-03-01"),
        ("2023年8月  日", "2023-08"), ("2013-01-01 00:00:00", "2013-01-01"), ("1997。9。17", "1997-09-17"), ("2015_02_14", "2015-02-14"), ("1996/9/23", "1996-09-23"),
    ],
)  # fmt: skip
def test_date(written: str, meant: str) -> None:
    assert dates.date(written) == (meant, ())


@pytest.mark.parametrize("written", ["2023-13-01", "2023年2月30日", "98年", "不详", "2020年1月至2021年2月"])
def test_no_date_of_the_calendar(written: str) -> None:
    assert dates.date(written).value is None


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2022.3-12", "2022-03", "2022-12"), ("2021年3月至今", "2021-03", None), ("2020-2022", "2020", "2022"), ("2021年3月-9月", "2021-03", "2021-09"),
        ("自2020年6月起至2022年6月止", "2020-06", "2022-06"), ("2021/05/13—2023/01/18", "2021-05-13", "2023-01-18"), ("2021-03 至 2023-05", "2021-03", "2023-05"),
        ("2020.6~2023.4", "2020-06", "2023-04"), ("2020.1.1-12.31", "2020-01-01", "2020-12-31"), ("202001-202212", "2020-01", "2022-12"),
    ],
)  # fmt: skip
def test_period(written: str, start: str, end: str | None) -> None:
    assert dates.period(written).value == {"start": start, "end": end}


@pytest.mark.parametrize("written", ["2021年3月", "2022-3-12", "三年", "2020年1月至2021年2月，2022年3月"])
def test_one_date_or_three_are_no_period(written: str) -> None:
    assert dates.period(written).value is None


def test_code_loses_blanks_and_gains_upper_case() -> None:
    assert codes.code("9131 0106 8325 4827 1g").value == "91310106832548271G"
    assert codes.code("９１３１０１１５ＭＡ１ＪＧ７ＰＴ９８").value == "91310115MA1JG7PT98"


def test_a_code_is_known_by_the_pattern_that_the_form_has_for_it() -> None:
    assert codes.code("c3411").doubts == ("unlike_a_code",)  # shorter than any code of everywhere
    assert codes.code("c34 11", "[A-Z]?\\d{4}") == ("C3411", ())
    assert codes.code("Y-2031-08", "Y-\\d{4}-\\d{2}") == ("Y-2031-08", ())
    assert codes.code("341", "[A-Z]?\\d{4}").doubts == ("unlike_a_code",)


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("5200吨标准煤", "吨标准煤", 5200), ("1.2万吨标准煤", "吨标准煤", 12000), ("约 3,200 立方米", "立方米", 3200), ("0.52万吨", "吨", 5200),
        ("120万千瓦时", "万千瓦时", 120), ("120万千瓦时", "千瓦时", 1_200_000), ("0.35吨标准煤/万元", "吨标准煤/万元", 0.35), ("5200吨", "万吨", None),
        ("1.2万", "吨", None), ("3至5吨", "吨", None), ("1吨2吨", "吨", None), ("12套", "台", 12),
    ],
)  # fmt: skip
def test_a_figure_with_the_unit_that_the_form_prints(written: str, unit: str, value: float | None) -> None:
    assert n.number(written, unit).value == value


def test_a_remark_behind_a_code_is_no_part_of_it_and_other_words_make_it_unsure() -> None:
    assert codes.code("91310106832548271G（三证合一）") == ("91310106832548271G", ())
    assert codes.code("新码91310106832548271G").doubts == ("unlike_a_code",)


def test_long_text_keeps_its_paragraphs_and_short_text_its_line() -> None:
    assert n.long(" 第一段 \n\n  第二 段 ").value == "第一段\n第二 段"
    assert n.short("上海市\n浦东新区").value == "上海市浦东新区"
    assert n.short("KUKA\nRobot").value == "KUKA Robot"


@given(st.text(max_size=40))
def test_any_text_gives_a_value_of_its_type_or_none(text: str) -> None:
    for reader in (n.percent, n.money, n.number):
        assert reader(text).value is None or isinstance(reader(text).value, int | float)
    assert dates.date(text).value is None or isinstance(dates.date(text).value, str)
    found = dates.period(text).value
    assert found is None or set(found) == {"start", "end"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("21(%)", 21), ("84.92（%）", 84.92), ("由原来提高14%", 14), ("较原来提升12.5%", 12.5)],
)
def test_percent_with_its_sign_in_brackets_or_a_word_before(written: str, meant: float) -> None:
    assert n.percent(written).value == meant


def test_a_time_of_day_behind_a_date_is_no_part_of_it() -> None:
    assert dates.date("2017-8-3 0:00:00").value == "2017-08-03"
    assert dates.date("2017/12/1 00:00").value == "2017-12-01"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("共计4922万元", 4922),
        ("6538.89（人民币万元）", 6538.89),
        ("21837（万元人民币）", 21837),
        ("1.2（亿元）", 12000),
    ],
)
def test_money_with_a_word_around_it(written: str, meant: float) -> None:
    assert n.money(written).value == meant


def test_a_percentage_behind_another_items_label_is_not_taken() -> None:
    assert n.percent("订单准时交付率：提升13.1%").value is None


def test_a_count_with_a_remark_in_brackets() -> None:
    assert n.number("3家（集团内）").value == 3
    assert n.number("3家（另有2家在谈）").value is None


def test_the_mark_of_a_note_is_no_digit() -> None:
    assert n.money("1200①").value == 1200
    assert n.percent("12.5%②").value == 12.5
    assert n.number("30³").value == 30
    for text in ("①15000", "15000①3000", "①12000②3000", "30²0", "⒈30", "㊿", "30½", "¹⁵"):
        assert {n.money(text).value, n.percent(text).value, n.number(text).value} == {None}, text
    assert dates.date("2008年①月").value != "2008-01"


def test_two_amounts_in_one_cell_are_not_added_up() -> None:
    assert n.money("1200万元\n800万元").value is None
    assert n.money("1亿\n2000万元").value == 12000


def test_what_was_reached_is_not_certainly_what_was_gained() -> None:
    assert n.percent("下降到8%").doubts == ("level_reached",)
    assert n.percent("下降8%").doubts == ()
    assert n.percent("达到95%", "生产效率提升（%）").doubts == ("level_reached",)
    assert n.percent("达到95%", "关键设备联网率（%）").doubts == n.percent("达95%").doubts == ()


@pytest.mark.parametrize(
    ("asked", "said", "certain"),
    [
        ("生产效率提升", "下降5%", False), ("生产效率提升", "降低30%", False), ("销售增长率", "减少3%", False), ("运营成本下降", "上升15%", False),
        ("运营成本下降", "下降 -15%", False), ("研制周期缩短", "提升20%", False), ("生产效率提升", "提升28%", True), ("运营成本下降", "降低15%", True),
        ("研制周期缩短", "减少了15%", True), ("关键设备数控化率", "提升28%", True), ("先进过程控制投用率", "下降5%", True), ("运营成本下降", "-15%", False), ("生产效率提升", "-5", False), ("销售增长率", "-5", True), ("利润率", "-5", True),
    ],
)  # fmt: skip
def test_a_change_the_other_way_than_asked_is_not_certain(asked: str, said: str, *, certain: bool) -> None:
    found = n.percent(said, asked)
    assert found.value is not None
    assert ("other_direction" not in found.doubts) is certain


@pytest.mark.parametrize(
    ("asked", "said", "certain"),
    [
        ("关键设备数控化率（%）", "下降5%", False), ("关键设备联网率（%）", "提升28%", False), ("资产负债率（%）", "降低3个百分点", False),
        ("关键设备数控化率（%）", "提升至95%", True), ("关键设备数控化率（%）", "达95%", True), ("利润率（%）", "12%", True),
    ],
)  # fmt: skip
def test_a_change_where_a_level_is_asked_for_is_not_certain(asked: str, said: str, *, certain: bool) -> None:
    found = n.percent(said, asked)
    assert found.value is not None
    assert (found.doubts == ()) is certain


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("百分之二十九", 29),
        ("提升百分之三十五点五", 35.5),
        ("百分之百", 100),
        ("百分之七左右", 7),
        ("几十个百分点", None),
        ("三成", None),
    ],
)
def test_a_percentage_in_numerals(written: str, meant: float | None) -> None:
    assert n.percent(written).value == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("三十四家", 34),
        ("八家", 8),
        ("一百零三家企业", 103),
        ("十余家", 10),
        ("一家", 1),
        ("十几家", None),
        ("数十家", None),
        ("一", None),
    ],
)
def test_a_count_in_numerals(written: str, meant: int | None) -> None:
    assert n.number(written).value == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("壹亿元整", 10000), ("一亿二千万元", 12000), ("人民币叁佰万元", 300), ("几百万元", None), ("一期三百万元", None)],
)
def test_an_amount_in_numerals(written: str, meant: float | None) -> None:
    assert n.money(written).value == meant


def test_a_date_with_another_in_brackets_is_read_in_doubt() -> None:
    assert dates.date("1991年8月11日（2019年6月更名）") == ("1991-08-11", ("date_in_words",))
    assert dates.date("1991年8月11日、2019年6月").value is None


@pytest.mark.parametrize("written", ["2018年1月\n2020年8月", "2018.1\n2020.8", "二〇一八年一月\n二〇二〇年八月"])
def test_two_dates_beneath_one_another_are_a_period(written: str) -> None:
    assert dates.period(written).value == {"start": "2018-01", "end": "2020-08"}


def test_a_change_between_two_years_is_read_in_doubt() -> None:
    assert n.percent("2022年较2020年下降26%", "研制周期缩短（%）") == (26, ("figure_in_words",))
    assert n.percent("2020年35%，2022年38%").value is None


def test_a_rate_of_growth_that_fell_is_below_nought() -> None:
    assert n.percent("同比下降21%", "销售增长率（%）") == (-21, ("other_direction",))
    assert n.percent("下降21%", "生产效率提升（%）") == (21, ("other_direction",))


def test_a_period_told_backwards_in_words_is_not_certain() -> None:
    assert dates.period("2021年3月完成（2019年3月立项）").doubts == ("period_in_words",)
    assert dates.period("起止日期：2022年6月至2020年3月").doubts == ()


def test_halves_and_quarters_of_a_year_are_not_told_exactly() -> None:
    assert dates.period("2021年上半年至2022年下半年").doubts == ("period_in_words",)


def test_characters_of_no_width_part_no_words() -> None:
    assert n.fold("13\ufeff9 0000\u200b0000\n") == "139 00000000"
    assert n.percent("3\u00ad5%") == (35, ())


@pytest.mark.parametrize("written", ["（2.1）", "(2.1)", "（2.1%）", "（2.1）%", "（2.1）（审计数）"])
def test_a_figure_in_accountants_brackets_is_below_nought(written: str) -> None:
    assert n.percent(written) == (-2.1, ())


def test_an_amount_in_accountants_brackets_is_below_nought() -> None:
    assert n.money("（1,234.5）") == (-1234.5, ())
    assert n.money("（300万元）") == (-300, ())
    assert n.money("1,234.5（审计数）") == (1234.5, ())
    assert n.number("（12）").value is None  # nobody counts below nought


@pytest.mark.parametrize(
    "written", ["推广12家上下游企业", "已在集团内12家工厂复制", "2022年推广12家", "复制推广企业12家"]
)
def test_a_count_among_words_is_read_and_doubted(written: str) -> None:
    assert n.number(written) == (12, ("figure_in_words",))


@pytest.mark.parametrize("written", ["上游5家，下游7家", "12-15家", "3个行业12家企业", "12家（含在建3家）", "第12类"])
def test_several_counts_are_none(written: str) -> None:
    assert n.number(written).value is None
