"""One field from its label and the room beside it: what type it is, what it allows, what must be asked."""

from __future__ import annotations

import re

from extractors.drafting import printed as p
from extractors.drafting.model import DraftColumn, DraftField, DraftForm
from extractors.drafting.printed import LONG_TEXT, Options, joined, printed
from extractors.drafting.words import holds, known_column, known_label, person, type_by_ending, unit_type, words

_ROOMY = 3
"""So many empty lines in a cell are room for a text."""
_PERSONAL = re.compile(r"\d{7}|@\w|^\d+(?:\.\d+)?$")
"""What no label holds: the digits of a telephone or an identity number, an address for mail, a bare figure."""
_OPTION = 6
"""The longest option of those that stand with strokes between (国家级/省级)."""
_SLASHED = re.compile(r"[^\s/、|]{1,10}(?:\s*[/|]\s*[^\s/、|]{1,10})+")
_SINGLE = ("phone", "mobile", "email", "code", "uscc", "id_number", "postcode", "url", "date")
"""Types of one value: a label that joins two things (联系人及联系方式) asks for a text."""
_TO = re.compile(r"[—–\-－~～至]")


def _has_two_dates(room: str) -> bool:
    """Whether a dash or 至 stands between two 年."""
    first, last = room.find("年"), room.rfind("年")
    return first < last and _TO.search(room, first, last) is not None


def make_field(
    form: DraftForm, text: str, where: str, room: str = "", *, part: str, group: str = "", unit: str = ""
) -> DraftField:
    """The field of a printed label ``text``; ``room`` is what the form prints where the answer goes, ``unit`` the one stated
    for several rows at once, of amounts and figures that print none themselves."""
    said = printed(text)
    shared = unit if guess_type(said.label, "", part) in ("text", "number", unit_type(unit)) else ""
    made = DraftField(
        said.label, where, part, group=group, unit=said.unit or shared, limit=said.limit, stars=said.stars,
        optional=said.optional, hints=list(said.hints), several=said.several,
    )  # fmt: skip
    if said.required:
        made.stars = max(made.stars, 1)
    form.fields.append(made)
    _take_room(form, made, room)
    if not made.options and made.type == "text":
        made.type = _type(form, made, room)
    if made.type == "text":
        _add_phone(form, made)
    return made


def _add_phone(form: DraftForm, made: DraftField) -> None:
    """联系人及联系方式: a name and a telephone in one cell are two fields."""
    persons, joints, numbers = ("|".join(words("instructions", key)) for key in ("persons", "joints", "numbers"))
    match = re.fullmatch(rf"(.*(?:{persons}))(?:{joints}|/)({numbers})", made.label)
    if match:
        before = re.sub(rf"(?:{persons})$", "", match[1])
        form.fields.append(DraftField(before + match[2], made.where, made.part, "phone", made.group, of=made))


def _take_room(form: DraftForm, made: DraftField, room: str) -> None:
    """Options, placeholders and instructions printed in the answer's place."""
    found = p.options(room)
    if found is not None:
        take_options(form, made, found)
        if found.head:
            made.hints.append(found.head)
        return
    if unit_type(room):
        made.unit = made.unit or room.strip()
        return
    if p.is_fill(room):
        if p.is_date(room):
            form.placeholders.append("".join(room.split()))
        return
    lines = [line.strip() for line in room.split("\n") if line.strip() and not p.is_fill(line)]
    made.hints += [line for line in lines if line not in made.hints]
    made.limit = made.limit or next((n for n in map(p.limit_of, lines) if n), None)
    made.several = made.several or any(holds(line, "several") for line in lines)
    made.optional = made.optional or any(holds(line, "optional") for line in lines)
    plain = joined(room)
    if _SLASHED.fullmatch(plain):
        names = [name.strip() for name in re.split(r"[/|]", plain)]
        if set(names) == {"是", "否"}:
            made.type = "yesno"
        else:
            made.type, made.options = "choice", names
            form.ask(made.where, f"“{made.label}”处印有“{plain}”，已作为选项，请核对")
        made.hints.remove(room.strip())


def take_options(form: DraftForm, made: DraftField, found: Options) -> None:
    """The options of a choice, and the fields in their brackets or beneath them."""
    if found.yes_or_no:
        made.type = "yesno"
    else:
        made.type = "choices" if made.several else "choice"
        made.options = found.names
        if not made.several:
            form.ask(made.where, f"“{made.label}”是单选还是多选：现作单选")
    if found.tail:
        made.hints.append(found.tail)
    for option, label in found.after.items():
        form.fields.append(DraftField(label, made.where, made.part, of=made, after=option))
    for line in found.rest:
        if p.is_hint(line) or p.is_fill(line):
            made.hints.append(line)
        else:
            said = printed(line)
            form.fields.append(DraftField(said.label, made.where, made.part, of=made, hints=[*said.hints]))


def _type(form: DraftForm, made: DraftField, room: str) -> str:
    found = guess_type(made.label, made.unit, made.part)
    if _has_two_dates(room):
        return "period"
    if p.is_date(room) and found == "text":
        return "date"
    if found == "text" and ((made.limit or 0) >= LONG_TEXT or room.count("\n") >= _ROOMY):
        return "long_text"
    if found == "money" and not made.unit:
        form.ask(made.where, f"“{made.label}”像是金额，没有印单位：现作文字，请写明 type 和 unit")
        return "text"
    return found


def guess_type(label: str, unit: str, part: str = "") -> str:
    """The type that unit, vocabulary or last words of a label suggest; text where they say nothing."""
    if unit:
        return unit_type(unit)
    known = known_label(label, part)
    found = (known.type if known else "") or type_by_ending(label) or "text"
    return "text" if found in _SINGLE and known is None and holds(label, "joints") else found


def make_column(text: str) -> DraftColumn:
    said = printed(text)
    known = known_column(said.label)
    ending = type_by_ending(said.label)
    guessed = ending if ending in _SINGLE and not holds(said.label, "joints") else "text"
    return DraftColumn(
        said.label, unit_type(said.unit) or guessed, said.unit, said.limit, said.stars, said.optional, said.hints,
        merged=bool(known and known.merged),
    )  # fmt: skip


_NAMED = re.compile(r"[（(]([^（()）]{1,8})[)）]")


def parts_of(example: str) -> dict[str, str]:
    """Part → word, where a cell's example names the parts of what it lists: 甲（环节名）—乙（场景名）."""
    found: dict[str, str] = {}
    for word in _NAMED.findall(example):
        known = known_column(word) or known_column(f"{word}称")
        if known and known.role:
            found.setdefault(known.role, word)
    return found if len(found) > 1 else {}


def is_answer(text: str) -> bool:
    """Whether a cell is room for an answer: blank, with instructions, options or something to sign."""
    if p.is_fill(text) or p.is_hint(text) or is_block(text) or unit_type(text):
        return True
    found = p.options(text)
    if found is not None:
        return not found.head.strip("（( ")
    pieces = re.split(r"[/|]", joined(text))
    return len(pieces) > 1 and all(0 < len(piece.strip()) <= _OPTION for piece in pieces)


def is_personal(text: str) -> bool:
    """Whether a text holds what no blank prints: a telephone's or identity number's digits, an address for mail, a figure."""
    return _PERSONAL.search("".join(text.split())) is not None


def looks_filled(label: str, text: str, *, has_room: bool) -> bool:
    """Whether the text behind a label is somebody's answer: the form was filled in. Such a text is never taken over.
    ``has_room``: there is room behind the text, as behind a label."""
    said = printed(text)
    if not said.label or p.is_hint(text) or p.has_boxes(text) or is_block(text):
        return False
    if is_personal(text):
        return True
    before = printed(label).label
    if known_label(before) is None or (person(before) and has_room):
        return False
    return known_label(said.label) is None and type_by_ending(said.label) == "" and not (said.unit or said.hints)


def is_block(text: str) -> bool:
    """Whether a cell is to be signed: a promise or an opinion."""
    if p.is_seal(text) or not holds(text, "signatures"):
        return False
    return "\n" in text.strip() or bool(re.search(r"年\s*月\s*日", text))


def only_signed(text: str) -> bool:
    """Whether a cell holds nothing but places for signatures: it asks for no value."""
    lines = [line for line in text.split("\n") if not p.is_fill(line)]
    return all(p.is_signature(label) for line in lines for label, _ in p.pairs(line) or [(line, "")])


def make_block(form: DraftForm, label: str, text: str, where: str, part: str) -> DraftField:
    """A promise to sign, or the opinion of somebody who signs."""
    lines = [line.strip() for line in text.split("\n") if line.strip() and (p.is_date(line) or not p.is_fill(line))]
    headed = re.fullmatch(r"([^：:。]{2,45})[：:]", lines[0])
    apart = text.strip().partition("\n")[2].partition("\n")[0].strip() == "" and len(lines[0]) <= p.LABEL
    if not p.is_signature(lines[0]) and (headed or (apart and not label and len(lines) > 1)):
        label = printed(lines[0]).label
        del lines[0]
    promise = holds(label, "commitments") or (not holds(label, "opinions") and holds(text, "commitments"))
    made = DraftField(label or "承诺", where, "commitment" if promise else part, hints=lines)
    made.type = "date" if promise else "long_text"
    for line in lines if promise else ():
        for dated, rest in p.pairs(line):
            if rest and p.is_date(rest):  # 承诺日期：    年  月  日
                made.hints.remove(line)
                made.aliases.append(dated)
                form.placeholders.append("".join(rest.split()))
    if promise:
        form.parts.setdefault(made.part, made.label)
    form.fields.append(made)
    if not label:
        form.ask(where, f"这一处要签字盖章，没有印栏名：现名“{made.label}”")
    if not promise:
        form.ask(where, f"“{made.label}”由谁填写：如不由申报单位填写，请删去这一栏")
    return made
