"""A pack, and what differs in one, in words of the people who answer for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog.diff import Change, by_place
from catalog.forms import Condition, Requirement
from catalog.models import Catalog
from catalog.rules import Actor, Level

LEVELS: dict[Level, str] = {"reject": "不符合申报条件", "fix": "需补正", "note": "提示"}
ACTORS: dict[Actor, str] = {
    "applicant": "申报单位",
    "recommender": "推荐单位",
    "city": "市级主管部门",
    "reader": "人工查看",
}
KINDS = {"added": "新增", "removed": "删去", "renamed": "改名", "moved": "移动", "changed": "修改"}
WHAT = {
    "notice": "通知", "form": "表", "field": "栏目", "table": "表格", "column": "列", "section": "章节", "list": "目录",
    "entry": "条目", "quota": "名额", "clause": "条款", "recommender": "推荐单位", "industry": "行业", "industry_code": "行业代码",
    "words": "词表", "rule_group": "规则类别", "rule": "规则",
}  # fmt: skip
TYPES = {
    "text": "文字", "long_text": "长文字", "code": "代码", "date": "日期", "period": "起止日期", "percent": "百分数", "money": "金额",
    "number": "数字", "choice": "单选", "choices": "多选", "yesno": "是否", "phone": "电话", "mobile": "手机", "email": "邮箱",
    "url": "网址", "uscc": "统一社会信用代码", "id_number": "证件号码", "postcode": "邮政编码", "instances": "多项",
}  # fmt: skip
_ATTRIBUTES = {
    "id": "编号", "year": "年度", "number": "编号", "title": "标题", "issuer": "印发单位", "years": "填报年度", "deadlines": "期限",
    "region": "地域", "numbers": "数额", "flag": "条件的标记", "condition": "条件", "labels": "叫法", "threshold": "界限", "quota": "名额", "params": "参数", "called": "简称", "of_class": "类别", "annex": "附件", "kind": "种类",
    "title_marks": "标题中的标志", "headings": "小标题", "placeholders": "填写处的原样文字", "parts": "部分", "listed": "列表所示栏目",
    "label": "名称", "part": "部分", "type": "类型", "required": "必填", "one_of": "填一项即可", "aliases": "别的写法", "group": "所在组",
    "column": "所在列", "options": "选项", "option_aliases": "选项的别的写法", "in_list": "目录", "role": "用途", "after_option": "所在选项",
    "of_field": "所在栏目", "unit": "单位", "limit": "字数", "min": "下限", "max": "上限", "pattern": "格式", "pattern_says": "格式要求", "star": "星号", "stars": "星号的意思", "each": "逐行一表", "hints": "填写说明", "clause": "依据",
    "columns": "列", "min_rows": "最少行数", "max_rows": "最多行数", "per": "每项一表", "example": "示例", "parent": "上级章节",
    "what": "层级", "above": "上级", "below": "下级", "under": "上级", "text": "文字", "facts": "其他内容", "words": "词语",
    "full_name": "全称", "codes": "代码", "retired_codes": "旧代码", "address_words": "地址字样", "lies_in": "所在地",
    "code": "编号", "check": "核对方法", "level": "级别", "forms": "适用的表", "reads": "读取", "explanation": "说明", "actor": "由谁办理", "letter": "文书", "letters": "文书", "sender": "发文单位",
    "alone": "单份核对", "messages": "用语", "remedy": "如何补正", "when": "何时核对", "message": "用语", "about": "涉及", "key": "键",
}  # fmt: skip
_REQUIRED = {"required": "必填", "optional": "选填", "conditional": "视情况必填"}
_VALUES: dict[str, Mapping[Any, str]] = {"required": _REQUIRED, "type": TYPES, "level": LEVELS, "actor": ACTORS}
_SHOWN = 60
"""Characters of a text that a line shows."""


def required(requirement: Requirement, label: str = "") -> str:
    """Whether something must be filled in; of a condition, ``label`` is that of the field it hangs on."""
    if not isinstance(requirement, Condition):
        return _REQUIRED[requirement]
    other = f"“{label or requirement.field}”"
    if requirement.when:
        when = f"{requirement.when}"
    elif requirement.by_year is not None:
        when = f"{other}在{requirement.by_year}年或以前"
    elif requirement.says:
        when = f"{other}只写着{requirement.says}"
    else:
        when = f"{other}为“{said(requirement.value)}”"
    return f"{when}时{'选填，否则必填' if requirement.unless else '必填'}"


def said(value: Any) -> str:
    """A value of a pack in words."""
    if value is None or value in ("", [], (), {}):
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "；".join(f"{key}：{said(v)}" for key, v in value.items() if v not in (None, "", [], {}))
    if isinstance(value, (list, tuple)):
        return "、".join(map(said, value))
    return str(value)


def attribute(path: str, what: str = "") -> str:
    """The name of an attribute of ``what``: ``quotas.district.scene`` → 名额 district.scene."""
    head, _, rest = path.partition(".")
    if (what, head) == ("notice", "number"):
        return "文号"
    return " ".join(part for part in (_ATTRIBUTES.get(head, head), rest) if part)


def told(changes: Iterable[Change]) -> Iterator[str]:
    """The changes, a line each, under the places where they stand."""
    for place, group in by_place(list(changes)):
        if place:
            yield f"【{' › '.join(place)}】"
        for change in group:
            yield f"  {_line(change)}" if place else _line(change)


def _line(change: Change) -> str:
    name = f"{WHAT[change.what]}“{change.name}”" if change.name else WHAT[change.what]
    match change.kind:
        case "added" | "removed":
            facts = change.after if change.kind == "added" else change.before
            return f"{KINDS[change.kind]} {name}{_facts(facts or {}, change.name)}"
        case "renamed":
            known = "（已列为别的写法）" if change.attribute else ""
            return f"改名 {WHAT[change.what]}“{change.before}” → “{change.after}”{known}"
        case "moved" if change.attribute == "order":
            before, after = (f"在“{one}”之后" if one else "在最前" for one in (change.before, change.after))
            return f"移动 {name}：原{before}，现{after}"
    return f"{KINDS[change.kind]} {name} {attribute(change.attribute, change.what)}：{_difference(change)}"


def _facts(facts: Mapping[str, Any], name: str) -> str:
    """What is worth saying of an entry that stands on one side alone."""
    parts = [
        _REQUIRED.get(str(value), said(value)) if key == "required" else TYPES.get(str(value), said(value))
        if key == "type" else f"{attribute(key)} {_short(said(value))}"
        for key, value in facts.items()
        if key in ("type", "required", "limit", "options", "unit", "level", "clause", "text") and value != name
    ]  # fmt: skip
    return f"（{'；'.join(parts)}）" if parts else ""


def _difference(change: Change) -> str:
    before, after = change.before, change.after
    if isinstance(before, list) and isinstance(after, list) and before and after:
        more, less = [v for v in after if v not in before], [v for v in before if v not in after]
        parts = [f"{word} {_short(said(values))}" for word, values in (("增加", more), ("去掉", less)) if values]
        return "；".join(parts) or f"次序改为 {_short(said(after))}"
    words = _VALUES.get(change.attribute, {})
    one, other = (words.get(v, said(v)) if isinstance(v, str) else said(v) for v in (before, after))
    return f"{_around(one, other)} → {_around(other, one)}"


def _around(text: str, other: str) -> str:
    """A long text about where it begins to differ from another."""
    if len(text) <= _SHOWN:
        return text
    same = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    start = max(0, same - _SHOWN // 3)
    return f"{'…' if start else ''}{_short(text[start:])}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def summary(pack: Catalog) -> str:
    """A pack in a line."""
    return f"{pack.id}　{pack.number}　{pack.title}"
