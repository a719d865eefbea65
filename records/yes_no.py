"""Answers to a yes-or-no question, ticked or in words, and the name that stands in the bracket behind 是."""

from __future__ import annotations

import re
from typing import NamedTuple

from records.choices import UNTOLD, Names, State, as_boxes, choose, options_in, words
from records.signs import TICKED, UNTICKED

_IN_WORDS = ("answered_in_words",)
_ANSWER = 40
"""Characters of a denial that is the answer itself, and no text about it."""
_AS_PRINTED = 2
"""The words of a yes-or-no question: 是 and 否, once each."""
_YES_WORDS = ("是", "有", "申报")
_NO_WORDS = ("否", "无", "没有", "未发生", "不申报", "未申报", "不是")
_DENIED = re.compile(
    r"(?:我?[公本]?[司单][司位]?|企业)?(?:近三年)?来?(?:内|均|从|尚)*(?:未曾?|没有?|从未|无)(?:发生|申报|获|被|此类|该|任何|重大)"
)
_CROSSED = re.compile(rf"(?:[{re.escape(UNTICKED)}]\s*+|\s{{0,20}})[×✗✘╳](?=\s*[是否有无])")
"""A cross before an answer: √是 ×否"""
_HOWEVER = re.compile(r"\d|[但除]|后来|待|不确定")
_ANY = re.escape(TICKED + UNTICKED + "口囗")
_STROKE = re.compile(rf"(?<=[{_ANY}])\s*[/\\丿ノ]\s*(?=[是否])")
"""The end of a tick that runs from its box towards the word, read as a character."""
_NUMBER = re.compile(rf"(?<![\w.])\d{{1,2}}[.,、)]?[ \u3000]{{0,2}}(?=[{_ANY}]?[ \u3000]?[是否])")
"""The number of an answer: 1.是 2.否"""
_YES = re.compile(rf"(?:(?<=[{_ANY}\s:：、,，;；/|(（])|^)\s{{0,20}}是(?!否)(?=$|[\s{_ANY}(（:：,，;；、/|)）])")
_NO = re.compile(rf"(?:(?<=[{_ANY}\s:：、,，;；/|)）])|^)\s{{0,20}}否(?=$|[\s{_ANY}(（:：,，;；、/|)）。])")
_MARKS_BEFORE = re.compile(rf"[{_ANY}\s]*")
_MARKS_BEHIND = re.compile(rf"(?<![{_ANY}\s])[{_ANY}\s]*+$")
_NAMED = re.compile(r"^(?:[^:：]{0,8}[:：]|(?:项目|事故)?名称[为是])")
_PRINTED = re.compile(r"系统自动识别|[^:：]{0,6}名称|")
"""What the form prints where the name is to stand."""
_AROUND = " \t_＿,，;；、/"


class YesNo(NamedTuple):
    """``name`` is what stands in the brackets behind 是 (a project's or an accident's name), "" where blank."""

    state: State
    value: bool | None
    name: str = ""
    doubts: Names = ()


def yes_no(text: str) -> YesNo:
    """Yes or no, and the name behind 是. Neither or both ticked gives None."""
    plain = _NUMBER.sub("  ", _STROKE.sub("", as_boxes(text)))
    plain, crosses = _CROSSED.subn("□", plain)
    meant = crosses > 0 and not any(c in plain for c in TICKED)  # ×是 □否: a cross alone may be the tick
    if not plain.strip():
        return YesNo("none", None)
    no = list(_NO.finditer(plain))
    yes = list(_YES.finditer(plain))
    if len(yes) > 1 and no:
        yes = [m for m in yes if m.end() <= no[-1].start()][:1] or yes[:1]
    if not yes and not no:
        bare = words(plain)
        if bare in _YES_WORDS:
            return YesNo("one", True, "", _IN_WORDS)
        if bare in _NO_WORDS or (len(bare) <= _ANSWER and _DENIED.match(bare) and not _HOWEVER.search(bare)):
            return YesNo("one", False, "", _IN_WORDS)
        there = choose(plain, ("有", "无"))
        if there.state in ("one", "many") and options_in(plain, ("有", "无"), {})[1:]:
            return YesNo(there.state, None if there.value is None else there.value == "有", "", there.doubts)
        return YesNo("unclear", None, "", UNTOLD)
    name, without = _bracket(plain, yes[0], no[-1] if no else None) if yes else ("", plain)
    chosen = choose(without, ("是", "否"))
    if chosen.state == "one":
        return YesNo("one", chosen.value == "是", name, chosen.doubts)
    again = chosen.state == "none" and len(yes) + len(no) > _AS_PRINTED  # □是 □否  否
    return YesNo(chosen.state, None, name, UNTOLD if again or meant else chosen.doubts)


def _name(text: str) -> str:
    """The name of a text, "" where it is what the form prints for it, or says that there is none."""
    name = _NAMED.sub("", text.strip(_AROUND), count=1).strip(_AROUND)
    return "" if _PRINTED.fullmatch(name) or not words(name) or name in ("无", "/", "否") else name


def _bracket(text: str, yes: re.Match[str], no: re.Match[str] | None) -> tuple[str, str]:
    """(name behind 是, the text without it)."""
    start = yes.end()
    end = no.start() if no is not None and no.start() >= start else len(text)
    inner = text[start:end]
    marks_after = _MARKS_BEHIND.search(inner)
    body_end = marks_after.start() if marks_after else len(inner)
    lead = _MARKS_BEFORE.match(inner)
    body_start = lead.end() if lead else 0
    body = inner[body_start:body_end] if body_start < body_end else ""
    name, behind = body.strip(), ""
    if name[:1] in "(（":
        depth = 0
        for i, c in enumerate(name):
            depth += (c in "(（") - (c in ")）")
            if depth == 0:
                name, behind = name[1:i], name[i + 1 :]
                break
        else:
            name = name[1:]
    name = _name(name) or _name(behind)  # （项目名称）：甲工厂
    without = text[: start + body_start] + " " + text[start + body_end :] if body else text
    return name, without
