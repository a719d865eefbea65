"""The 统一社会信用代码 (GB 32100-2015): is it well formed, and which place of registration does it tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from stdnum.cn import uscc as gb32100

from catalog.forms import Form
from catalog.models import Catalog
from checks.library import FieldKey, Params, Say, Unfit, Words, check
from checks.meaning.names import empty, means_blank, nfkc, text_of, without_brackets
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
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


class CreditCode(Params):
    field: FieldKey
    blank: Words
    says: ClassVar[Mapping[str, str]] = {"faulty": "code fault", "expected": "", "unfilled": "", "unsure": ""}


@check("credit_code", CreditCode)
def credit_code(ctx: Context, told: CreditCode, say: Say) -> Iterator[Result]:
    """The code breaks GB 32100-2015."""
    found = _code(ctx, told, say)
    if not isinstance(found, tuple):
        yield found
        return
    value, code = found
    if fault := code_faults(code):
        yield Trip(
            say("faulty", code=code, fault=fault),
            about=told.field,
            field=told.field,
            where=value.where,
            evidence=value.raw or code,
            expected=say("expected"),
        )


def _code(ctx: Context, told: CreditCode, say: Say) -> tuple[Value, str] | Result:
    """The applicant's code as written, or why it cannot be judged."""
    value = ctx.reading.record.get(told.field)
    if empty(value) or value is None:
        return NotApplicable(say("unfilled"))
    if not value.certain:
        return CannotTell(say("unsure"))
    # A label or a remark beside the code (三证合一) is no part of it.
    code = re.sub(r"[\s:,;.\-\u3400-\u9fff]+", "", without_brackets(text_of(value))).upper()
    code = code or "".join(nfkc(text_of(value)).split()).upper()
    if means_blank(code, ctx.catalog.words[told.blank]):
        return NotApplicable(say("unfilled"))
    return value, code


class RegisteredHere(CreditCode):
    """``catalog.region`` tells which codes are of this region, and which of the national register."""

    says: ClassVar[Mapping[str, str]] = {
        "elsewhere": "code division prefix",
        "expected_here": "prefix",
        "national": "code division",
        "expected": "",
        "faulty": "",
        "unfilled": "",
        "unsure": "",
    }


def _needs_region(catalog: Catalog, _forms: Sequence[Form], told: RegisteredHere) -> RegisteredHere:
    if not catalog.region.code_prefix:
        raise Unfit(
            "check", "本包没有写申报单位的所在地（notice.toml 的 [region] code_prefix），请补上，或删去这条规则"
        )
    return told


@check("registered_here", RegisteredHere, ready=_needs_region)
def registered_here(ctx: Context, told: RegisteredHere, say: Say) -> Iterator[Result]:
    """The code was given out in another region; a note where the national register gave it, which tells no place."""
    found = _code(ctx, told, say)
    if not isinstance(found, tuple):
        yield found
        return
    value, code = found
    if code_faults(code):
        yield CannotTell(say("faulty"))
        return
    region, division = ctx.catalog.region, code[2:8]
    if division.startswith(region.code_prefix):
        return
    national = division in region.national_codes
    prefix = region.code_prefix
    yield Trip(
        say("national" if national else "elsewhere", code=code, division=division, prefix=prefix),
        about=told.field,
        field=told.field,
        where=value.where,
        evidence=value.raw or code,
        expected=say("expected") if national else say("expected_here", prefix=prefix),
        level="note" if national else None,
    )
