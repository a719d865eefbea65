"""Rules E01 and E02: the 统一社会信用代码 (GB 32100-2015), and the place of registration it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.cn import uscc as gb32100

from checks.names import empty, means_blank, nfkc, text_of, without_brackets
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from records.models import Value

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of GB 32100-2015: no I, O, S, V, Z."""
_LIKELY = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
_LENGTH = 18
"""Characters of a code (GB 32100-2015)."""
_OLD_LENGTH = 15
"""Of the 工商注册号 before 2015 (GS 15-2006)."""


def code_faults(code: str) -> str:
    """What is wrong with a 统一社会信用代码 (GB 32100-2015), as a clause of a sentence; "" where it is right."""
    if len(code) != _LENGTH:
        old = f"（{_OLD_LENGTH}位是旧的工商注册号）" if len(code) == _OLD_LENGTH and code.isdigit() else ""
        return f"应为{_LENGTH}位，填写的是{len(code)}位{old}"
    wrong = [(i, c) for i, c in enumerate(code, 1) if c not in ALPHABET]
    if wrong:
        likely = "、".join(f"第{i}位“{c}”" + (f"（疑为{_LIKELY[c]}）" if c in _LIKELY else "") for i, c in wrong)
        return f"{likely}不是代码可用的字符（数字和除I、O、S、V、Z外的大写字母）"
    if not code[2:8].isdigit():
        return f"第3至8位“{code[2:8]}”应为登记管理机关的行政区划码，须是6位数字"
    expected = gb32100.calc_check_digit(code[:17])
    if code[17] != expected:
        return f"末位校验码“{code[17]}”不符，按前17位计算应为“{expected}”，其中某一位填写有误"
    return ""


def _code(ctx: Context) -> tuple[Value, str] | Result:
    """The applicant's code as written, or why it cannot be judged."""
    value = ctx.reading.record.get("uscc")
    if empty(value) or value is None:
        return NotApplicable("统一社会信用代码未填（见C02）")
    if not value.certain:
        return CannotTell("统一社会信用代码识别没有把握")
    # A label or a remark beside the code (三证合一) is no part of it.
    code = re.sub(r"[\s:,;.\-\u3400-\u9fff]+", "", without_brackets(text_of(value))).upper()
    code = code or "".join(nfkc(text_of(value)).split()).upper()
    if means_blank(code, ctx.catalog.words.get("blank", ())):
        return NotApplicable("统一社会信用代码未填（见C02）")
    return value, code


@rule("E01", "fix", "一（一）", "统一社会信用代码不合GB 32100-2015", reads=("uscc",))
def credit_code(ctx: Context) -> Iterator[Result]:
    """统一社会信用代码应为18位，只用数字和大写字母（不用I、O、S、V、Z），第3至8位是行政区划码，末位校验码与前17位相符
    （GB 32100-2015）。

    触发示例：只填了17位；末位校验码与计算结果不同。
    不触发：代码中有空格、全角字符或小写字母，去掉后正确。
    如何补正：对照营业执照重新填写。
    局限：前17位中有一位填错时，只能看出校验码不符，不能指出是哪一位。
    """
    found = _code(ctx)
    if not isinstance(found, tuple):
        yield found
        return
    value, code = found
    if fault := code_faults(code):
        yield Trip(
            f"统一社会信用代码“{code}”{fault}。请对照营业执照核实后重新填写。",
            about="uscc",
            field="uscc",
            where=value.where,
            evidence=value.raw or code,
            expected="18位统一社会信用代码（GB 32100-2015）",
        )


@rule("E02", "reject", "一（一）", "不在上海市注册", reads=("uscc",))
def registered_here(ctx: Context) -> Iterator[Result]:
    """申报主体应在上海市行政区域内注册：统一社会信用代码第3至8位应为31开头的行政区划码。100000（国家登记机关）看不出
    注册地，给出提示。代码本身有误的只报E01。

    触发示例：代码第3至8位为320500（江苏省苏州市）。
    不触发：310115、310000（市级登记）、已撤并区县的旧码310225。
    如何补正：由在上海市注册的法人单位申报。
    局限：企业迁入上海后沿用原代码的，代码仍是原登记地的区划码，以营业执照住所为准。
    """
    found = _code(ctx)
    if not isinstance(found, tuple):
        yield found
        return
    value, code = found
    if code_faults(code):
        yield CannotTell("统一社会信用代码有误（见E01），看不出注册地")
        return
    region, division = ctx.catalog.region, code[2:8]
    if division.startswith(region.code_prefix):
        return
    if division in region.national_codes:
        yield Trip(
            f"统一社会信用代码“{code}”由国家登记机关赋码（{division}），看不出注册地。"
            f"请查看营业执照住所是否在{region.name}。",
            about="uscc",
            field="uscc",
            where=value.where,
            evidence=value.raw or code,
            expected=f"在{region.name}行政区域内注册",
            level="note",
        )
        return
    yield Trip(
        f"统一社会信用代码“{code}”第3至8位为“{division}”，不是{region.name}的行政区划码（{region.code_prefix}开头）。"
        f"通知要求申报主体在{region.name}行政区域内注册；确已迁入的，请附营业执照说明。",
        about="uscc",
        field="uscc",
        where=value.where,
        evidence=value.raw or code,
        expected=f"在{region.name}行政区域内注册（区划码{region.code_prefix}开头）",
    )
