"""The text of a cell → Candidate: hints of the blank form taken off, the text typed, its place and confidence kept."""

from __future__ import annotations

import functools
import re

from catalog.forms import BOUNDED, BOXED, CODES, MONEY_UNIT, PHONES, SHAPED, FormColumn, FormField
from extractors.document.doubts import (
    INSTRUCTION_PRINTED,
    MASKED,
    NOT_UNDERSTOOD,
    Doubts,
    by_names,
    together,
)
from extractors.fitting.candidates import Candidate
from extractors.fitting.labels import bare
from extractors.fitting.settings import LABELS
from records import codes, dates, normalise
from records.choices import choose, choose_several
from records.instances import instances
from records.normalise import NOTHING, Typed
from records.yes_no import yes_no

_LEADERS = re.compile(
    r"[_＿]{2,}|^[_＿](?=[\u4e00-\u9fff（(])|(?<=[\u4e00-\u9fff）)])[_＿]$"
    r"|(?<=\t)[.…·]{2,}|^\s*(?:[.·]{3,}|…+)|\.{6,}\s*$"
)
"""What a blank is drawn with: underlines, of which a scan may read one alone, and rows of dots at the ends of a text."""
_DRAWN = re.compile(r"[_＿…·]|\.\.|^\W*$")
_FIGURES = BOUNDED | SHAPED
"""Types of which not every text is one."""
_PROMPT = re.compile(
    r"[\s(（\[【<《]*(?:(?:请|点击|单击|双击|单击或点击|点击或单击|点按)(?:您)?(?:在)?(?:此处|这里|此|下方)?(?:以|来)?"
    r"(?:输入|填写|填入|填报|录入|键入|选择|补充)[^，,。；;：:\d]{0,12}|待(?:填写?|填报|补充|完善)|(?:单击|点击)(?:或(?:单击|点击|点按))?此处|请?选择(?:一项|日期)"
    r"|(?:请)?(?:您)?(?:在)?(?:本|申报|填报)?系统(?:[中内里上])?(?:自动)?(?:点击|单击|下拉)?(?:选择|选取|识别|生成|填写|填报)"
    r"|(?:请)?(?:点击|单击)?下拉(?:菜单|列表|框)?[中内]?(?:选择|选取)|click (?:or tap )?(?:here )?to enter (?:text|a date)|choose an item|[xX×Ｘｘ╳]{3,}|[*＊]{3,})[\s)）\]】>》。.…]*",
    re.IGNORECASE,
)
"""What a template prompts with (请填写, 单击此处输入文字。, XXXX): nobody has answered yet."""
_PROMPTS = frozenset("请点单双待选在系下本申填cCxX×Ｘｘ╳*＊(（[【<《 {$«#nNuU")
_UNFILLED = re.compile(
    r"[$#]?\{\{?[^{}\n]{1,60}\}?\}|«[^«»\n]{1,60}»|<%[^%\n]{1,60}%>|\[\[[^\[\]\n]{1,60}\]\]|null|undefined|NaN|None"
)
"""What a program leaves where it had nothing to put into its template: its own mark ({{fax}}, ${fax}, «传真»), or its word for
nothing."""
_TOLD = re.compile(
    r"[(（\[【]?\s*(?:示\s*例|例\s*如|例|比如|如)\s*[:：].*"
    r"|[(（\[【](?=[^()（）]*(?:填[写报]|选择|一致|全称|位数|\d位|请|须|应|如实))[^()（）]{2,30}[)）\]】]|[(（]?如(?:19|20)\d\d[年.\-/].*",
    re.DOTALL,
)
"""An example or an instruction that an office printed where the answer goes: nothing of the applicant's."""
_MASKED = re.compile(r"[×Ｘｘ╳]{2,}|[xX]{3,}|[*＊]{3,}|^[xX]{2}(?![A-Za-z0-9])")
"""Signs that stand for what is to be written, or that hide it: XX公司, 138××××××××."""
_WHOLE = PHONES | CODES | SHAPED | {"email"}
"""What is no answer with a part of it hidden."""
_TOLD_BEGINS = frozenset("(（[【示例比如")
_BOXES_OR_MORE = BOXED | {"instances"}
_UNIT = re.compile(r"[(（](?:单位[:：]?)?(万元|亿元|元|千元|百万元)(?:人民币)?(?:[)）]|$)")
_UNIT_BENEATH = re.compile(r"(万元|亿元|元|千元|百万元)[)）]?")
"""On a line of its own beneath the label, where a scan lost its brackets or one of them."""
_OPENING, _CLOSING = "(（", ")）"


UNIT_LINE = re.compile(
    r"[(（]?\s*+(?:金额|货币|计量)?单位\s*+[:：]?\s*+(?:人民币)?\s*+(?:百万元|万元|亿元|千元|元)(?:[、，,].{1,6})?\s*+[)）]?"
)
"""A line that states the unit of the amounts beneath it."""
_STATED = re.compile(r"(?:单位\s*+[:：]?\s*+(?:人民币)?\s*+|[(（]\s*+)(百万元|万元|亿元|千元|元)")


def unit_stated(text: str) -> str:
    """The money unit that the head of a table states for its figures (近三年发展情况（单位：亿元）), "" for none."""
    match = _STATED.search(text) if "元" in text else None
    return match[1] if match else ""


def unit_of(label: str, default: str) -> str:
    """The money unit a label states (资产总额（亿元）), else the form's own."""
    match = _UNIT.search("".join(label.split()))
    if match is None:
        before, _, last = label.strip().rpartition("\n")
        opened = sum(map(before.count, _OPENING)) > sum(map(before.count, _CLOSING))  # 总投资（万 | 元）
        match = _UNIT_BENEATH.fullmatch(last.strip()) if before and not opened else None
    return match[1] if match else default


def strip_hints(text: str, hints: tuple[str, ...]) -> str:
    """``text`` without the instructions that the blank form prints in the value's place, wherever they stand: whole
    paragraphs, and brackets before or behind the answer. Compared without white space and punctuation."""
    if "_" in text or "＿" in text or ".." in text or "…" in text or "·" in text:
        text = _LEADERS.sub(" ", text)
    if not hints or not text.strip():
        return text
    folded = _folded(hints)
    plain = bare(text)
    if not any(hint in plain for hint in folded):
        return text
    text = "\n".join(line for line in text.split("\n") if bare(line) not in folded)
    before = ""
    while text != before:  # hints stand behind one another, in any order
        before = text
        for hint in folded:
            text = _cut(text, hint)
    return text


@functools.lru_cache(maxsize=1000)
def _folded(hints: tuple[str, ...]) -> tuple[str, ...]:
    """Hints as they are compared; those of a single character tell nothing."""
    return tuple(
        sorted({h for h in (bare(hint) for hint in hints) if len(h) >= LABELS.hint}, key=lambda h: (-len(h), h))
    )


def is_prompt(text: str) -> bool:
    """Whether a text is a template's prompt to fill in, not an answer."""
    plain = text.strip()
    if not (0 < len(plain) <= LABELS.prompt and plain[0] in _PROMPTS):
        return False
    return (len(plain) <= LABELS.prompt_words and bool(_PROMPT.fullmatch(plain))) or bool(_UNFILLED.fullmatch(plain))


def _cut(text: str, hint: str) -> str:
    """Cut one hint that stands at the start or the end of the text, with the brackets around it."""
    plain = bare(text)
    if hint not in plain:
        return text
    at = plain.find(hint)
    if at != 0 and at + len(hint) != len(plain):
        return text
    kept: list[int] = [i for i, c in enumerate(text) if bare(c)]
    # bare() works a character at a time but for white space, which it drops either way
    if len(kept) != len(plain):
        return text
    start, end = kept[at], kept[at + len(hint) - 1] + 1
    if end < len(text) and text[end] in ")）]】":  # a word more within the bracket: （在系统中下拉选择）
        within = re.search(r"[(（\[【][^()（）\[\]【】]{1,2}$", text[:start])
        start = within.start() if within else start
    while start > 0 and text[start - 1] in "(（[【":
        start -= 1
    while end < len(text) and text[end] in ")）]】。.：:，,、；; \t\n":
        end += 1
    return (text[:start] + text[end:]).strip()


def is_empty_date(text: str) -> bool:
    """The blank form's ``2023年 月 日``: a year at most, and the signs for month and day with nothing before them."""
    plain = normalise.squeeze(text)
    return "月" in plain and bool(re.fullmatch(r"(?:20\d\d)?[_\-]*+年?[_\-]*+月[_\-]*+日?[。.]?", plain))


def typed(item: FormField | FormColumn, text: str, unit: str = "") -> Typed:
    """``text`` as the type of the field; hints are already off."""
    match item.type:
        case "percent":
            return normalise.percent(text, item.label)
        case "money":
            return normalise.money(text, unit or item.unit or MONEY_UNIT)
        case "number":
            return normalise.number(text, item.unit)
        case "date":
            return NOTHING if is_empty_date(text) else dates.date(text)
        case "period":
            return dates.period(text)
        case "code":
            return codes.code(text, item.pattern)
        case "phone":
            return codes.phone(text)
        case "email":
            return codes.email(text)
        case "mobile" | "uscc" | "id_number" | "postcode" | "url":
            return codes.shaped(item.type, text)
        case "choice":
            chosen = choose(text, item.options, item.option_aliases)
            return Typed(chosen.value, chosen.doubts)
        case "choices":
            chosen = choose_several(text, item.options, item.option_aliases)
            return Typed(chosen.values, chosen.doubts)
        case "yesno":
            answer = yes_no(text)
            return Typed(answer.value, answer.doubts)
        case "instances":
            return instances(text)
        case "long_text":
            return normalise.long(text)
    return normalise.short(text)


def make(
    item: FormField | FormColumn,
    text: str,
    where: str,
    doubts: Doubts = (),
    *,
    unit: str = "",
    long: bool = False,
    hints: tuple[str, ...] = (),
) -> Candidate:
    """What a text says for a field or column. A placeholder alone is blank; text that is not of its type keeps its raw and has no
    value."""
    raw = normalise.fold(text)
    if not raw or (raw[0] in _PROMPTS and is_prompt(raw)):
        return Candidate(None, "", where, doubts)
    if len(raw) <= LABELS.short_answer and not long and item.type not in _BOXES_OR_MORE:
        if raw[0] in _TOLD_BEGINS and bare(raw) in _folded(item.hints + hints):
            return Candidate(None, "", where, doubts)
        if raw[0] in _TOLD_BEGINS and _TOLD.fullmatch(raw):
            return Candidate(None, raw, where, together(doubts, (INSTRUCTION_PRINTED,)))
        if item.type != "long_text" and _MASKED.search(raw):
            doubts = together(doubts, (MASKED,))
            if item.type in _WHOLE or (isinstance(item, FormField) and _MASKED.match(raw)):
                return Candidate(None, raw, where, doubts)
    if item.type == "text" and not hints and not item.hints and "\n" not in text and not _DRAWN.search(text):
        return Candidate(raw, raw, where, doubts)
    body = strip_hints(text, item.hints + hints)
    if not body.strip() or (item.type not in BOXED and not body.strip(" \t\n\r_＿:：\u3000\u00a0")):
        return Candidate(None, "", where, doubts)
    if item.type == "date" and is_empty_date(body):
        return Candidate(None, "", where, doubts)
    if is_prompt(body):
        return Candidate(None, "", where, doubts)
    found = normalise.long(body) if long and item.type == "text" else typed(item, body, unit)
    if found.value is None and item.type in _FIGURES and not normalise.is_blank(body):
        doubts = together(doubts, (NOT_UNDERSTOOD,))
    elif found.doubts:
        doubts = together(doubts, by_names(found.doubts))
    return Candidate(found.value, raw, where, doubts)
