"""S: what must not be in an application."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalog.models import Catalog
from checks.forms import FITTED
from checks.registry import CannotTell, Context, Result, Trip, rule
from checks.text import identity_numbers, masked, shorten, tidy
from records.models import TextLine

_BRACKETS = "【】[]（）()《》<>〔〕「」“”\"'"
_BULLETS = "■◆●★☆*※·"
_TERM = r"(?:长期|永久|启用前|解密前|\d+(?:年|个月|月|日|天))"
_STAR = r"[★☆✩✭⭐*]"
_ON_MARGIN = ("header", "footer", "cover", "textbox")
_FORBID = (
    r"(?:(?:不得|请勿|严禁|禁止|切勿|不准|不可)(?:外传|泄露|泄漏|外泄|扩散|传播|复制|翻印|转发|传阅)"
    r"|注意(?:保密|保管|保存))"
)
_WHOSE = (
    r"(?:注意?|说明|提示)?:?"
    r"(?:(?:本|我)?(?:公司|单位|企业|集团|材料|文件|资料|文档|申报书)|.{2,20}(?:公司|集团))?"
    r"(?:的|为|属于?|含有?|涉及)?"
)
_WORD, _MARKING = 4, 12
"""Characters up to which a phrase is a word alone, and up to which it can be a marking."""


class _Patterns(NamedTuple):
    words: tuple[str, ...]
    worth: re.Pattern[str]
    grade: re.Pattern[str]
    starred: re.Pattern[str]
    phrase: re.Pattern[str]


@functools.cache
def _patterns(grades: tuple[str, ...], words: tuple[str, ...]) -> _Patterns:
    one = "|".join(map(re.escape, grades))
    mark = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    return _Patterns(
        words,
        re.compile(f"{one}|{mark}"),
        re.compile(
            rf"(?:{one})级?{_STAR}+(?:{_TERM})?|{_STAR}(?:{one})级?|(?:{one})级?\(?(?:期限)?{_TERM}\)?"
            rf"|(?:密级|保密等级|秘密等级):?(?:{one})级?{_STAR}*(?:{_TERM})?"
        ),
        re.compile(rf"(?:{one})级?\s*{_STAR}\s*(?:{_TERM})?"),
        re.compile(rf"{_WHOSE}(?:{mark})(?:[,。;!、]?(?:{mark}|{_FORBID}))*(?:[▲△★☆]+(?:{_TERM})?)?[。!]?"),
    )


def marking(catalog: Catalog, line: TextLine) -> str:
    """The secrecy marking that this line is, "" where it is none.

    State secrets are marked by grade with ★ or a term (机密★5年, 秘密 10年, 密级：机密); trade secrets and internal
    papers by set phrases. A marking stands alone: in a header, footer, text box or on the cover as a piece of its own,
    elsewhere as the whole line, and in a table's cell (商业秘密 may be an answer there) with a prohibition. Words of a
    sentence are none.
    """
    known = _patterns(catalog.words.get("secrecy", ()), catalog.words.get("secrecy_mark", ()))
    if not known.worth.search(line.text):
        return ""
    text = unicodedata.normalize("NFKC", line.text)
    whole = tidy(text).strip(_BRACKETS)
    bare = whole.strip(_BRACKETS + _BULLETS)
    if known.grade.fullmatch(whole) or (known.phrase.fullmatch(bare) and _stands_alone(line, bare)):
        return line.text.strip()
    for piece in text.split():
        if known.starred.fullmatch(piece.strip(_BRACKETS)):
            return piece
    if line.place in _ON_MARGIN:
        starred = known.starred.search(text)
        if starred:
            return starred[0].strip()
        for piece in re.split(r"[\s,。;|/\-—]+", text):
            inner = piece.strip(_BRACKETS + _BULLETS)
            if known.grade.fullmatch(inner) or inner in known.words:
                return inner
    return ""


def _stands_alone(line: TextLine, bare: str) -> bool:
    """Whether a set phrase outside a sentence is a marking: on the margin always; in the body where it names a secret
    or forbids something; in a cell only where it forbids (内部使用 and 商业秘密 may be answers)."""
    if line.place in _ON_MARGIN:
        return True
    forbids = re.search(rf"{_FORBID}|不得|严禁", bare) is not None and len(bare) > _WORD
    return forbids or (line.place != "cell" and re.search(r"密", bare) is not None and len(bare) <= _MARKING)


_FIRST_PART = re.compile(r"\s*(?:[一1]\s*[、.]|[(（][一1][)）])")


def _with_cover(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """The lines; those of the body before the first part of the form stand on its cover."""
    for at, line in enumerate(lines):
        if line.place in ("cell", "body") and (line.place == "cell" or _FIRST_PART.match(line.text)):
            yield from lines[at:]
            return
        yield line._replace(place="cover") if line.place == "body" else line


@rule("S01", "reject", "一（五）", "有密级或保密标志", forms=FITTED, reads=("全文（含页眉、页脚、封面、文本框）",))
def secrecy(context: Context) -> Iterator[Result]:
    """申报材料不得涉及国家秘密、商业秘密。页眉、页脚、封面或单独一行标有“机密★5年”“秘密 10年”“内部资料 不得外传”
    “商业秘密”等标志的，不符合申报要求。

    触发示例：页眉标有“机密★3年”；封面右上角标有“商业秘密 请勿外传”。
    不触发：正文写“建立商业秘密保护制度”“不涉及国家秘密”。
    如何补正：由申报单位确认内容是否涉密；涉密内容不得报送，误标的去除标志后重新报送。
    局限：只认标志，不判断内容是否涉密；图片中的标志（扫描件除外）认不出。
    """
    if not context.reading.lines:
        yield CannotTell("没有读到文字")
        return
    seen: set[str] = set()
    for line in _with_cover(context.reading.lines):
        mark = marking(context.catalog, line)
        key = tidy(mark).strip(_BRACKETS + _BULLETS)
        if not mark or key in seen:
            continue
        seen.add(key)
        yield Trip(
            f"{_PLACES.get(line.place, '文中')}标有“{shorten(mark)}”。"
            "通知一（五）要求申报材料不涉及国家秘密、商业秘密等内容。请申报单位确认：涉密的不得报送；误标的去除标志后重新报送。",
            about=key,
            where=line.where,
            evidence=mark,
            expected="没有密级和保密标志",
        )


_PLACES = {
    "header": "页眉",
    "footer": "页脚",
    "cover": "封面",
    "textbox": "文本框",
    "cell": "表格中",
    "hidden": "隐藏文字中",
}


@rule("S02", "note", "个人信息保护法", "有公民身份号码", forms=FITTED, reads=("全文",))
def identity(context: Context) -> Iterator[Result]:
    """申报书不要求填写公民身份号码。文中有18位公民身份号码（GB 11643，校验码正确）的，提示核对，并在各项输出中遮蔽。

    触发示例：法人代表姓名后写有身份证号码。
    不触发：统一社会信用代码；校验码不符的18位数字；更长数字中的一段。
    如何补正：如无必要，请申报单位删去后重新报送，注意保护个人信息。
    局限：15位旧号码不作判断；图片中的号码（扫描件除外）认不出。
    """
    if not context.reading.lines:
        yield CannotTell("没有读到文字")
        return
    seen: set[str] = set()
    for line in context.reading.lines:
        for match in identity_numbers(line.text):
            number = re.sub(r"[\s-]", "", match[0]).upper()
            if number in seen:
                continue
            seen.add(number)
            shown = masked(number)
            yield Trip(
                f"文中写有公民身份号码“{shown}”（已遮蔽）。申报书不要求填写身份号码，请核对是否必要，注意保护个人信息。",
                about=hashlib.sha256(number.encode()).hexdigest(),
                where=line.where,
                evidence=shown,
                expected="不写公民身份号码",
            )


@rule("S03", "note", "二（一）", "有隐藏文字或外部链接", forms=FITTED, reads=("文件",))
def hidden(context: Context) -> Iterator[Result]:
    """文件中有隐藏文字，或者链接到文件以外的内容（链接的图片和对象、附加模板、本机或局域网文件），打印件与电子版可能不一致。

    触发示例：正文中有设为“隐藏”的段落；图片链接到申报人电脑上的文件。
    不触发：普通的网页链接和电子邮件链接。
    如何补正：显示并确认隐藏文字，把链接的图片改为嵌入，重新报送。
    局限：与底色同色的文字、极小的文字不一定认得出。
    """
    for note in context.reading.record.notes:
        if note.code == "S03":
            message = note.message.rstrip("。；")
            yield Trip(
                f"{message}。通知二（一）要求纸质版材料与网上填报内容一致，请核对，必要时请申报单位改正后重新报送。",
                about=re.sub(r"[\d\s]+", "", message) + "\x1e" + note.evidence,
                where=note.where,
                evidence=note.evidence,
                expected="没有隐藏文字和外部链接",
            )
