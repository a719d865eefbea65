"""Telephones, mobiles and e-mail addresses: whether they are well formed (rule K10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from checks.library import Params, Say, Words, check
from checks.meaning.answers import label_of
from checks.meaning.names import doubtful, means_blank, nfkc, text_of, without_brackets
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.phones import COUNTRY, LOCAL, MOBILE, SHORT_AREA, bare, in_plan, without_extension

REGION = "CN"
_SPLIT = re.compile(r"[、,;/|\n\t]+|或者?|以?及|和")
_ELSEWHERE = re.compile("^[同与]")
"""A number that stands in another cell of the form (同手机); 见附件 sends whoever reads it out of the form."""
_PLACEHOLDER = re.compile(r"[*×xX•]{2,}")


def phone_faults(text: str) -> list[str]:
    """What is wrong with the telephone numbers of a cell, one clause each; [] where all are well formed.

    Fixed lines with or without area code, extensions (转618, -8012), mobiles, 400 numbers and numbers of other
    countries (+…) are well formed; several may stand in a cell, and names beside them.
    """
    plain = re.sub(r"[—–−‐‑－﹣~～]", "-", re.sub(r"[\w.+-]{1,64}@[\w.-]+", " ", nfkc(text)))
    if not re.search(r"\d", plain):
        return ["没有号码"]
    faults = []
    before = ""
    for chunk in (c.strip() for c in _SPLIT.split(plain) if re.search(r"\d", c)):
        if not (before and re.fullmatch(r"\d{1,4}", chunk)):
            faults += _chunk_faults(chunk)
        before = chunk
    return faults


def _chunk_faults(chunk: str) -> list[str]:
    if _PLACEHOLDER.search(chunk) and re.search(r"\d", chunk):
        return [f"“{chunk}”有号码被遮掩"]
    body = without_extension(chunk)
    if re.search(r"\d[a-z]|[a-z]\d", re.sub(r"^[a-z.() ]+[:.)\s]*", "", body, flags=re.I), re.I):
        return [f"“{chunk}”中有字母"]
    pieces = _pieces(body)
    if len(pieces) > 1 and all(_well_formed(p) for p in pieces):
        return []
    joined = "".join(pieces)
    if _well_formed(joined) or _well_formed("".join(_pieces(without_extension(body, unmarked=True)))):
        return []
    return [_reason(joined)]


def _pieces(text: str) -> list[str]:
    """The parts of a text that have digits, without the words beside them."""
    return [p for p in re.sub(r"[^\d+()\-.\s]", " ", text).split() if re.search(r"\d", p)]


def _well_formed(number: str) -> bool:
    return any(in_plan(n) or _valid(n) for n in (number, without_extension(number, unmarked=True)))


def _valid(number: str) -> bool:
    """By the library, which knows the blocks in use and the numbers of other countries."""
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return False
    if number.startswith("+") and parsed.country_code != COUNTRY:
        return phonenumbers.is_possible_number(parsed)
    return phonenumbers.is_valid_number(parsed)


def _reason(number: str) -> str:
    digits = bare(number)
    if len(digits) > MOBILE + 1:
        digits = bare(without_extension(number, unmarked=True))
    count = len(digits)
    if digits.startswith("1"):
        if count != MOBILE:
            return f"“{number}”是{count}位，手机号应为{MOBILE}位"
        return f"“{number}”不是手机号段（第2位应为3至9）"
    if re.match(rf"0{SHORT_AREA}", "0" + digits.lstrip("0")) and digits.startswith("0"):
        return (
            f"“{number}”区号后是{count - 3}位，应为{LOCAL}位"
            if count - 3 != LOCAL
            else f"“{number}”不是有效的固定电话号码"
        )
    if digits.startswith("0"):
        return f"“{number}”区号后是{max(count - 4, 0)}位，应为7位或{LOCAL}位"
    return f"“{number}”是{count}位，固定电话应为{LOCAL}位（外地号码须加区号），手机号应为{MOBILE}位"


def email_faults(text: str) -> list[str]:
    """What is wrong with the e-mail addresses of a cell by their syntax alone; no name is looked up."""
    plain = re.sub(
        r"^\s*(?:e-?mail|邮箱|电子邮箱|mailto)\s*[:：]\s*", "", nfkc(text).strip().rstrip(".。;,、"), flags=re.I
    )
    if "@" in without_brackets(plain):
        plain = without_brackets(plain.replace("<", " ").replace(">", " ")).strip()
    chunks = [c.strip().strip("<>") for c in re.split(r"[、,;/|\n\t]+", plain) if c.strip()]
    if len(chunks) > 1 and not all("@" in c for c in chunks):
        chunks = [plain]
    if plain.count("@") > len(chunks):
        chunks = [p for c in chunks for p in c.split()]
    return [f for chunk in chunks if (f := _email_fault("".join(chunk.split())))]


def _email_fault(address: str) -> str:
    name, at, domain = address.rpartition("@")
    if not at:
        return f"“{address}”没有“@”"
    if "@" in name:
        return f"“{address}”有两个“@”"
    if wrong := re.search(r"[^\x21-\x7e]", address):
        return f"“{address}”中有不能用的字符“{wrong[0]}”"
    if not name:
        return f"“{address}”“@”前没有用户名"
    if "." not in domain:
        return f"“{address}”“@”后的域名不完整"
    if any(domain.lower() == d or domain.lower().endswith("." + d) for d in SPECIAL_USE_DOMAIN_NAMES):
        domain = "mail.cn"
    try:
        validate_email(f"{name}@{domain}", check_deliverability=False)
    except EmailNotValidError:
        return f"“{address}”不合电子邮箱的格式"
    return ""


_PHONES = frozenset({"phone", "mobile"})
_EMAIL = "email"
"""Types of the form's fields."""


class WellFormed(Params):
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "faulty": "label text faults",
        "expected_email": "",
        "expected_phone": "",
        "none": "",
    }


@check("well_formed_contacts", WellFormed)
def well_formed_contacts(ctx: Context, told: WellFormed, say: Say) -> Iterator[Result]:
    """A telephone number or e-mail address of the form is malformed; the form says which fields hold one."""
    form = ctx.catalog.forms.get(ctx.form)
    asked = False
    for field in (f for f in (form.fields if form else ()) if f.type in _PHONES or f.type == _EMAIL):
        value = ctx.reading.record.get(field.key)
        text = text_of(value)
        if value is None or not text.strip() or means_blank(text, ctx.catalog.words[told.blank]):
            continue
        asked = True
        is_email = field.type == _EMAIL
        faults = email_faults(text) if is_email else phone_faults(text)
        if not faults:
            continue
        label = label_of(form, field.key)
        if doubtful(value):
            yield CannotTell(f"{label}没有读清")
        elif _ELSEWHERE.match(nfkc(text).strip()) and not re.search(r"\d", text):
            yield CannotTell(f"{label}写的是“{shorten(text)}”，不是号码")
        else:
            yield Trip(
                say("faulty", label=label, text=shorten(text), faults="；".join(faults)),
                about=field.key,
                field=field.key,
                where=value.where,
                evidence=value.raw or text,
                expected=say("expected_email" if is_email else "expected_phone"),
            )
    if not asked:
        yield NotApplicable(say("none"))
