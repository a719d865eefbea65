"""What a form declares of an answer (type, pattern, least and most, list, rows) is judged by one check each, for any form: here an
invented one with a field of every type, read from text as readers read it. A rule that names the check alone says all else itself."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

import catalog
from catalog.errors import CatalogError
from catalog.forms import Asked, ValueType
from catalog.models import Catalog
from checks.making import rules_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from checks.run import check_document
from extractors.document.doubts import OCR_LINE
from extractors.fitting.values import make
from records.models import Reading, Record, Source, Value

FORM = """
name = "fair"
title = "科技市集摊位申请表"
annex = "表甲"
title_marks = ["科技市集"]
parts = { basic = "一、摊位" }
stars = { 1 = true, 2 = { field = "sells", value = true } }
order = [
  "name", "story", "seats", "share", "fee", "opened_on", "open", "size", "tools", "sells", "phone", "mobile", "email", "site", "uscc", "id_number",
  "postcode", "stall_no", "trade", "licence", "sum", "goods", "part_lists",
]

[[fields]]
key = "name"
label = "摊位名称"
part = "basic"
type = "text"
star = 1

[[fields]]
key = "story"
label = "摊位故事"
part = "basic"
type = "long_text"
limit = 10

[[fields]]
key = "seats"
label = "座位数"
part = "basic"
type = "number"
unit = "个"
min = 2
max = 40

[[fields]]
key = "share"
label = "自产比例"
part = "basic"
type = "percent"
min = 30

[[fields]]
key = "fee"
label = "摊位费"
part = "basic"
type = "money"
unit = "元"
max = "params.most_fee"

[[fields]]
key = "opened_on"
label = "开业日期"
part = "basic"
type = "date"
min = 2020-05-01
max = "deadlines.applicants"

[[fields]]
key = "open"
label = "摆摊时间"
part = "basic"
type = "period"
max = 2031-12-31

[[fields]]
key = "size"
label = "摊位大小"
part = "basic"
type = "choice"
options = ["大摊", "小摊"]
required = true

[[fields]]
key = "tools"
label = "所需设施"
part = "basic"
type = "choices"
options = ["电源", "水源", "雨棚"]
required = true

[[fields]]
key = "sells"
label = "是否售卖"
part = "basic"
type = "yesno"

[[fields]]
key = "phone"
label = "电话"
part = "basic"
type = "phone"

[[fields]]
key = "mobile"
label = "手机"
part = "basic"
type = "mobile"

[[fields]]
key = "email"
label = "邮箱"
part = "basic"
type = "email"

[[fields]]
key = "site"
label = "网址"
part = "basic"
type = "url"

[[fields]]
key = "uscc"
label = "统一社会信用代码"
part = "basic"
type = "uscc"

[[fields]]
key = "id_number"
label = "摊主身份证号"
part = "basic"
type = "id_number"

[[fields]]
key = "postcode"
label = "邮编"
part = "basic"
type = "postcode"

[[fields]]
key = "stall_no"
label = "摊位编号"
part = "basic"
type = "code"
pattern = '[A-C]-?\\d{8}'
pattern_says = "A、B、C之一和8位数字"

[[fields]]
key = "trade"
label = "经营类别"
part = "basic"
in = "trades"

[[fields]]
key = "licence"
label = "许可证"
part = "basic"
star = 2

[[fields]]
key = "sum"
label = "营业额"
part = "basic"
type = "money"
unit = "元"
max = 100
columns = { first = "第一年", second = ["第二年", "次年"] }

[[tables]]
key = "goods"
annex = "表乙"
titles = ["货品"]
min_rows = 1
max_rows = 3

[[tables.columns]]
key = "what"
label = "货品"
in = "trades"
required = true

[[tables.columns]]
key = "price"
label = "单价"
type = "money"
unit = "元"
min = 1

[[tables.columns]]
key = "kinds"
label = "标签"
type = "choices"
options = ["新品", "特价", "限量"]

[[tables]]
key = "part_lists"
annex = "表丙"
titles = ["配料"]
per = ["货品名称"]
each = "goods.what"

[[tables.columns]]
key = "part"
label = "配料"
"""
BARE = """
name = "bare"
title = "意见箱"
annex = "表丁"
title_marks = ["意见箱"]
order = ["words"]

[[fields]]
key = "words"
label = "意见"
part = "basic"
"""
CHECKS = (
    "of_type",
    "of_pattern",
    "in_bounds",
    "from_list",
    "within_limit",
    "row_count",
    "filled",
    "ticked",
    "part_for_each",
)
RULES = '[[group]]\nletter = "N"\nname = "市集"\n' + "".join(
    f'[[use]]\ncode = "N{n:02d}"\ncheck = "{name}"\nlevel = "fix"\nclause = "3.1"\n' for n, name in enumerate(CHECKS, 1)
)
LIST = 'title = "类别"\n[[levels]]\nkey = "trades"\nwhat = "类别"\n[[trades]]\nname = "手工艺品"\naliases = ["手作"]\n[[trades]]\nname = "植物盆栽"\n'


def pack(folder: Path, form: str = FORM, more: str = "") -> Catalog:
    files = {
        "forms/fair.toml": form,
        "forms/bare.toml": BARE,
        "lists/trades.toml": LIST,
        "rules.toml": RULES,
        "clauses.toml": '[[clause]]\nref = "3.1"\ntext = "如实填写。"\n',
        "offices.toml": '[kinds]\ndistrict = "街道"\n[[recommender]]\nname = "甲街道"\nfull_name = "甲街道"\nkind = "district"\n',
        "notice.toml": 'id = "fair"\nyear = 2031\nnumber = "市集〔2031〕1号"\ntitle = "市集"\nissuer = "街道"\nforms = ["fair", "bare"]\n'
        f"[deadlines]\napplicants = 2031-08-19\n[params]\nmost_fee = 500\n{more}",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return catalog.load_dir(folder)


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return pack(tmp_path_factory.mktemp("fair"))


def read(asked: Asked, text: str, *, scanned: bool = False) -> Value:
    """The value that readers make of a text; of a picture they are less sure."""
    return make(asked, text, "表1 行1 列2", (OCR_LINE.at(0.6),) if scanned else ()).as_value()


def judged(
    pack: Catalog, check: str, form: str = "fair", goods: tuple[dict[str, Value], ...] = (), **fields: Value
) -> list[Result]:
    record = Record(
        form=form,
        source=Source(path="a.docx", sha256="0" * 64, format="docx"),
        fields=fields,
        tables={"goods": list(goods)},
    )
    rule = rules_of(pack)[CHECKS.index(check)]
    assert rule.check is not None
    return list(rule.check(Context(pack, Reading(record=record), "a.docx")))


TABLE = [
    # check, field, right, wrong, what is said of it
    ("of_type", "seats", "约12个", "看情况", "“座位数”填写的“看情况”不是数，请核对更正。"),
    ("of_type", "share", "35%", "大部分", "“自产比例”填写的“大部分”不是百分数"),
    ("of_type", "fee", "300元", "待议", "“摊位费”填写的“待议”不是金额"),
    ("of_type", "opened_on", "2030年2月28日", "2030年2月30日", "“开业日期”填写的“2030年2月30日”不是日历上有的日期"),
    ("of_type", "open", "2031.3-2031.5", "2031.5-2031.3", "止于起始之前"),
    ("of_type", "phone", "021-62345678", "021-6234", "位"),
    ("of_type", "mobile", "138 0013 8000", "见名片", "“手机”填写的“见名片”不是手机号码"),
    ("of_type", "mobile", "+86 13800138000", "12800138000", "不是手机号段"),
    ("of_type", "email", "a@b.cn", "a@@b.cn", "有两个“@”"),
    ("of_type", "site", "https://www.example.cn/a?b=1", "百度一下", "“网址”填写的“百度一下”不是网址"),
    ("of_type", "uscc", "91310000MA1FL0CU56", "91310000MA1FL0CU5", "不是统一社会信用代码"),
    ("of_type", "id_number", "11010519491231002X", "110105194912310021", "末位校验码不符"),
    ("of_type", "postcode", "200 031", "20003", "不是邮政编码"),
    ("of_pattern", "stall_no", "b-12345678", "D-12345678", "“摊位编号”填写的“D-12345678”不合要求：A、B、C之一和8位数字"),
    ("in_bounds", "seats", "40", "41", "“座位数”填写的“41”大于40个"),
    ("in_bounds", "seats", "2", "1", "小于2个"),
    ("in_bounds", "share", "30%", "29.9%", "小于30%"),
    ("in_bounds", "fee", "500元", "501元", "大于500元"),
    ("in_bounds", "fee", "500", "0.06万元", "大于500元"),
    ("in_bounds", "opened_on", "2020-05-01", "2020-04-30", "早于2020年5月1日"),
    ("in_bounds", "opened_on", "2031年8月", "2031年9月", "晚于2031年8月19日"),
    ("in_bounds", "open", "2031.3-2031.5", "2031.3-2032.1", "晚于2031年12月31日"),
    ("in_bounds", "sum_second", "100", "101", "“第二年营业额”填写的“101”大于100元"),
    ("from_list", "trade", "手作、植物盆栽", "植物盆景", "“经营类别”填写的“植物盆景”不是目录中的类别（是否为“植物盆栽”）"),
    ("within_limit", "story", "字" * 10, "字" * 11, "“摊位故事”11字，超过10字，多1字，请删减。"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "key", "right", "wrong", "said"), TABLE)
def test_right_passes_wrong_is_told_unread_cannot_be_told(
    fair: Catalog, check: str, key: str, right: str, wrong: str, said: str
) -> None:
    field = fair.forms["fair"].field(key)
    assert field is not None
    assert judged(fair, check, **{key: read(field, right)}) == []
    (trip,) = judged(fair, check, **{key: read(field, wrong)})
    assert isinstance(trip, Trip)
    assert said in trip.message
    assert (trip.field, trip.about, trip.where) == (key, key, "表1 行1 列2")
    for text in (wrong,) if check == "within_limit" else (right, wrong):
        assert [type(r) for r in judged(fair, check, **{key: read(field, text, scanned=True)})] == [CannotTell]


@pytest.mark.parametrize("check", CHECKS)
def test_a_form_that_declares_nothing_of_the_kind_is_not_judged(fair: Catalog, check: str) -> None:
    found = judged(fair, check, "bare", words=Value(value="很好", raw="很好"))
    assert [type(r) for r in found] == [NotApplicable]


WRONG = {
    "number": "一些", "percent": "大半", "money": "若干", "date": "不久前", "period": "春天", "choice": "□大摊 □小摊", "choices": "□电源 □水源 □雨棚",
    "yesno": "□是 □否", "mobile": "1380013", "url": "见名片", "uscc": "9131", "id_number": "1101051949", "postcode": "沪",
}  # fmt: skip
"""A text that is none of the type, for every type that not any text is of."""


@pytest.mark.parametrize("kind", get_args(ValueType))
def test_what_is_not_of_its_type_is_neither_certain_nor_lost(fair: Catalog, kind: str) -> None:
    field = next((f for f in fair.forms["fair"].fields if f.type == kind), None)
    if kind not in WRONG:
        assert kind in ("text", "long_text", "code", "phone", "email", "instances")
        return
    assert field is not None
    value = read(field, WRONG[kind])
    assert (value.value, value.raw) == (None, WRONG[kind])
    assert not value.certain or kind in ("choice", "choices", "yesno"), "a form with no box ticked is read as that"


def test_several_ticks_are_a_list(fair: Catalog) -> None:
    tools = fair.forms["fair"].field("tools")
    assert tools is not None
    ticks = {
        "☑电源 □水源 ☑雨棚": ["电源", "雨棚"],
        "□电源 □水源 ☑雨棚": ["雨棚"],
        "电源√ 水源 雨棚√": ["电源", "雨棚"],
        "电源、雨棚": ["电源", "雨棚"],
    }
    assert {text: read(tools, text).value for text in ticks} == ticks
    assert all(read(tools, text).certain for text in ticks)
    assert read(tools, "电源、水源、雨棚").value is None  # the boxes were lost: which were ticked nobody can tell
    other = read(tools, "☑电源 □水源 □雨棚 ☑音响")
    assert (other.value, other.certain, other.raw) == (["电源"], False, "☑电源 □水源 □雨棚 ☑音响")


def test_ticks_that_are_asked_for(fair: Catalog) -> None:
    form = fair.forms["fair"]
    size, tools = form.field("size"), form.field("tools")
    assert size is not None
    assert tools is not None

    def said(one: str, several: str) -> list[str]:
        found = judged(fair, "ticked", size=read(size, one), tools=read(tools, several))
        return [r.message for r in found if isinstance(r, Trip)]

    assert said("☑大摊 □小摊", "☑电源 ☑水源 □雨棚") == []
    both = said("☑大摊 ☑小摊", "□电源 □水源 □雨棚")
    assert [m.split("（")[0] for m in both] == ["“摊位大小”勾选了2项", "“所需设施”未勾选"]


def test_stars_say_what_is_required(fair: Catalog) -> None:
    def blank(**fields: Value) -> list[str | None]:
        found = judged(fair, "filled", goods=(), **fields)
        return [r.field for r in found if isinstance(r, Trip)]

    name = Value(value="手作摊", raw="手作摊")
    assert blank() == ["name"]
    assert blank(name=name, sells=Value(value=False, raw="否")) == []
    assert blank(name=name, sells=Value(value=True, raw="是")) == ["licence"]


def test_a_tables_cells_are_judged_as_fields_are(fair: Catalog) -> None:
    table = fair.forms["fair"].table("goods")
    assert table is not None

    def row(**cells: str) -> dict[str, Value]:
        return {c.key: read(c, cells.get(c.key, "")) for c in table.columns}

    clean = row(what="手工艺品", price="2元", kinds="☑新品 ☑特价 □限量")
    assert clean["kinds"].value == ["新品", "特价"]
    for check in ("of_type", "in_bounds", "from_list", "row_count", "filled"):
        found = judged(fair, check, goods=(clean,), name=Value(value="摊", raw="摊"))
        assert [r for r in found if isinstance(r, (Trip, CannotTell))] == [], check
    wrong = row(what="塑料花", price="0.5元"), row(what="塑料花", price="面议")
    about = {r.about for r in judged(fair, "in_bounds", goods=wrong) if isinstance(r, Trip)}
    assert len(about) == 1
    (cheap,) = (r for r in judged(fair, "in_bounds", goods=wrong) if isinstance(r, Trip))
    assert (cheap.field, cheap.row) == ("goods.price", 1)
    assert "小于1元" in cheap.message
    (words,) = (r for r in judged(fair, "of_type", goods=wrong) if isinstance(r, Trip))
    assert "第2行”填写的“面议”不是金额" in words.message
    few, many = judged(fair, "row_count"), judged(fair, "row_count", goods=(clean,) * 4)
    assert [r.message for r in (*few, *many) if isinstance(r, Trip)] == [
        "表乙货品共0行，应至少1行，请补填。",
        "表乙货品共4行，超过3行，请删减。",
    ]


def test_a_table_for_each_row_of_another(fair: Catalog) -> None:
    rows = tuple({"what": Value(value=name, raw=name, where="表2 行2")} for name in ("手工艺品", "植物盆栽"))
    record = Record(
        form="fair",
        source=Source(path="a.docx", sha256="0" * 64, format="docx"),
        tables={
            "goods": list(rows),
            "part_lists": [{"instance": Value(value="手工艺品", raw="手工艺品"), "part": Value(value="布", raw="布")}],
        },
    )
    found = [f for f in check_document(fair, Reading(record=record), "a.docx").findings if f.code == "N09"]
    assert [f.message for f in found] == ["“植物盆栽”没有对应的表丙配料，请补填。"]


def test_an_identity_number_is_never_shown_whole(fair: Catalog) -> None:
    field = fair.forms["fair"].field("id_number")
    assert field is not None
    (trip,) = judged(fair, "of_type", id_number=read(field, "110105194913310021"))
    assert isinstance(trip, Trip)
    assert "1949" not in trip.message + trip.evidence


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('type = "number"', 'type = "numbr"', "应为下列之一"),
        ("min = 2\nmax = 40", "min = 2\nmax = 1", "fields.seats.max：小于 min"),
        ("min = 2\n", "min = 2020-01-01\n", "应为数"),
        ("min = 2020-05-01", "min = 3", "应为日期"),
        ('in = "trades"\n\n[[fields]]\nkey = "licence"', 'min = 3\n\n[[fields]]\nkey = "licence"', "text 没有大小"),
        ("params.most_fee", "params.most_fees", "notice.toml 里没有“params.most_fees”"),
        ('max = "params.most_fee"', 'max = "most_fee"', "params.名、deadlines.名"),
        ("[A-C]-?", "[A-C", "不是正则表达式"),
        ('in = "trades"', 'in = "trade"', "不是本包的目录"),
        ('options = ["电源", "水源", "雨棚"]\n', "", "请列出选项"),
        ("goods.what", "goods.whatever", "应为本表另一张表格的列"),
        ('columns = { first = "第一年", second = ["第二年", "次年"] }', 'columns = ["第一年"]', "应写作"),
        ("stars = { 1 = true,", 'stars = { one = true,', "应为星号的个数"),
    ],
)  # fmt: skip
def test_a_declaration_that_does_not_fit_is_an_error(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in FORM
    with pytest.raises(CatalogError, match=said):
        pack(tmp_path, FORM.replace(old, new, 1))
