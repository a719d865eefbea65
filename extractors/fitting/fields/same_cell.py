"""Several answers in one cell: a name and a telephone, a choice and what stands behind it."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalog.forms import FormField
from extractors.document.doubts import SPLIT_FROM_ONE_CELL, TICK_NOT_TOLD, Doubts, together
from extractors.document.model import PICTURE, Cell
from extractors.fitting.candidates import Candidate
from extractors.fitting.labels import bare
from extractors.fitting.values import make
from records import normalise
from records.choices import as_boxes, has_boxes
from records.phones import parted, written
from records.signs import TICKED, UNTICKED

_NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}|[A-Za-z .]{3,30}")
_NAME_AND_POST = re.compile(r"([\u4e00-\u9fff]{2,4})[\s,，、/(（]+([\u4e00-\u9fff/、]{2,12})[)）]?")
_PHONE_WORD = re.compile(r"(?<![\s,，(（])[\s,，(（]*+(?:联系)?(?:电话|手机|方式)$")
_CONTACT_WORD = re.compile(r"(?:联系)?(?:电话|手机|方式|人|姓名)\s*[:：]|(?:联系)?(?:电话|手机|方式)\s*$")
_DIGIT = re.compile(r"\d")
_BETWEEN = " \t\n\u3000\u00a0,，、;；/:："


class NameAndPhone(NamedTuple):
    name: Candidate
    post: Candidate | None
    phone: Candidate


def name_and_phone(value: Candidate) -> NameAndPhone | None:
    """A name with its telephone behind it, and the post between, apart; None where the text is not that."""
    spans = written(value.raw) if isinstance(value.value, str) else []
    if not spans:
        return None
    start = spans[0][0]
    name = _PHONE_WORD.sub("", value.raw[:start].strip(" ,，、;；/:：(（"))
    titled = _NAME_AND_POST.fullmatch(name)
    if titled is None and not _NAME.fullmatch(name):
        return None
    number = value.raw[start:].strip(" ")
    if len(re.findall("[)）]", number)) > len(re.findall("[(（]", number)):
        number = number.rstrip(" )）")
    value = value.doubted(SPLIT_FROM_ONE_CELL)
    post = value._replace(value=titled[2]) if titled else None
    return NameAndPhone(value._replace(value=titled[1] if titled else name), post, value._replace(value=number))


def split_contact(text: str, where: str, doubts: Doubts) -> tuple[Candidate, Candidate]:
    """The name and the telephones of a cell that asks for both."""
    rest, numbers = parted(text)
    name = _CONTACT_WORD.sub(" ", rest)
    name = re.sub(r"[(（][\s/／、,，;；]*[)）]", " ", name).strip(_BETWEEN)
    uneven = len(re.findall("[(（]", name)) != len(re.findall("[)）]", name))
    if uneven or re.fullmatch("[(（][^()（）]*[)）]", name):
        name = name.strip(_BETWEEN + "()（）")
    if len(numbers) > 1 or _DIGIT.search(name):  # a number that was not known as one
        doubts = together(doubts, (SPLIT_FROM_ONE_CELL,))
    raw = normalise.fold(text)
    who = None if normalise.is_blank(text) or not name else normalise.fold_text(name)
    number = normalise.fold_text("、".join(numbers)) or None
    said = "" if not text.strip() else raw
    return Candidate(who, said, where, doubts), Candidate(number, raw if number else "", where, doubts)


def remainder(item: FormField, child: FormField, text: str, where: str, doubts: Doubts, cell: Cell | None) -> Candidate:
    """What the cell of a choice holds beyond its options."""
    words = (*item.options, *(a for aliases in item.option_aliases.values() for a in aliases))
    names = "|".join(r"\s{0,3}".join(map(re.escape, word)) for word in words)
    boxes = rf"[{re.escape(TICKED + UNTICKED)}口囗]?\s?"
    rest = re.sub(rf"^\s*[\u4e00-\u9fff]{{1,6}}[:：]\s*(?={boxes}(?:{names}))", "", as_boxes(text))  # 选择：四级
    number = rf"(?:\d{{1,2}}\s?[.、．)）]|[①-⑳A-G][.、．]?)\s?(?={names})"
    rest = re.sub(rf"^(?:[\s{re.escape(TICKED + UNTICKED)}口囗、,，;；。/|]|{number}|{names})+", "", rest)
    value = make(child, rest, where, doubts, hints=item.hints)
    left = re.sub(r"^[:：\s]+", "", str(value.value or ""))
    if bare(left):
        value = value._replace(value=left)
        return value.doubted(TICK_NOT_TOLD) if has_boxes(left) else value
    if cell is not None and cell.pictures:
        return Candidate(PICTURE, PICTURE, where, doubts)
    return Candidate(None, "", where, doubts)


def behind_option(text: str, child: FormField) -> str:
    """What was written behind an option that asks for it (☑其他：…, ☑其他（请注明：…）), "" where nothing was."""
    boxes = re.escape(TICKED + UNTICKED + "口囗")
    found = re.search(rf"{re.escape(child.after_option)}([^{boxes}\n]*)", as_boxes(text))
    rest = (found[1] if found else "").strip(" \t\u3000:：()（）_＿")
    return rest.removeprefix(child.label).strip(" \t\u3000:：()（）_＿;；。、")
