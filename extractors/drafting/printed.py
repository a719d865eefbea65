"""A printed text taken apart: the label, its unit, limit, star and instructions; the options of a choice; blanks to fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.drafting.words import holds, is_a, unit_type, words
from records.normalise import fold
from records.signs import UNTICKED

LABEL = 45
"""The longest label, its brackets aside; yes-or-no questions are longer and known by their boxes."""
LONG_TEXT = 100
"""A limit of so many characters asks for a text."""
_WRAPPED = 8
"""The longest line of a label that was broken to fit its cell (统一社会/信用代码)."""
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f\s])\s++|(?<!\s)\s++(?=[^\x00-\x7f])")
_BRACKETED = re.compile(
    r"[（(【\[〔]([^（）()【】\[\]〔〕]*(?:[（(][^（）()]*[)）][^（）()【】\[\]〔〕]*)*)[)）】\]〕]"
)
_LIMIT = re.compile(
    r"(?:(?:不超过|不多于|限|控制在|少于|不得超过|约|在)\s*+)?(\d{2,5})\s*+(?:个?字)(?:符)?\s*+(以内|之内|以下|内|左右)?"
)
_LEAST = re.compile(r"(?:不少于|不低于|至少|大于)\s*\d+\s*字")
_STARS = re.compile(r"[*＊★﹡∗]+")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}\s*[.．、]\s*(?!\d)|[（(]\d{1,2}[)）]\s*|[①-⑳]\s*)")
_DAY = r"[\d\s_＿×xX〇○]*年[\s_＿]*月(?:[\d\s_＿]*日)?"
_DATE = re.compile(rf"(?:\s*[自从])?{_DAY}(?:\s*[起始])?(?:\s*[至到—–~～\-]+{_DAY}(?:\s*止)?)?|[\s_＿]+年(?:度)?")
"""The blanks of a date; 2020年 alone is the head of a column."""
_LINE_TO_WRITE_ON = re.compile(r"[_＿]{2,}+|\s{3,}+")
_FILL = re.compile(r"[\s_＿—…\.·﹍﹏/／\-]*")
BOX = re.compile(rf"[{UNTICKED}☑☒■]|[（(\[]\s*[)）\]]")
_PAIR = re.compile(r"(?:^|(?<=[\s_＿　，,；;。)）]))([^\s：:_＿，,；;。][^：:\n_＿，,；;。]{0,40}?)\s*[：:]")


@dataclass(slots=True)
class Printed:
    """A label as printed, taken apart. ``hints`` are the instructions that stood with it, as printed."""

    label: str
    unit: str = ""
    limit: int | None = None
    stars: int = 0
    optional: bool = False
    required: bool = False
    several: bool = False
    hints: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Options:
    """The options of a choice. ``after``: option → the label of the blank in its brackets; ``head`` and ``tail`` are the texts
    before the first box and behind the last option; ``rest`` the lines beneath."""

    names: list[str] = field(default_factory=list)
    after: dict[str, str] = field(default_factory=dict)
    head: str = ""
    tail: str = ""
    rest: list[str] = field(default_factory=list)

    @property
    def yes_or_no(self) -> bool:
        return set(self.names) == {"是", "否"}


def joined(text: str) -> str:
    """A label as one line: spaces and breaks between Chinese characters go, those between Latin words stay one space."""
    return " ".join(_BETWEEN.sub("", text).split())


def limit_of(text: str) -> int | None:
    """The most characters that a text allows, None where it says nothing of the kind."""
    return next((int(m[1]) for m in _LIMIT.finditer(_LEAST.sub("", fold(text))) if m[0] and _tells(m)), None)


def _tells(match: re.Match[str]) -> bool:
    return bool(match[2]) or not match[0].strip()[0].isdigit()


def is_fill(text: str) -> bool:
    """Whether nothing is printed but room to write: spaces, underlines, dots, the blanks of a date."""
    return _FILL.fullmatch(text) is not None or is_date(text)


def is_date(text: str) -> bool:
    return _DATE.fullmatch(text.rstrip()) is not None


def has_boxes(text: str) -> bool:
    return BOX.search(text) is not None


def is_hint(text: str) -> bool:
    """Whether a text instructs: in brackets as a whole, or a sentence that says what to write."""
    plain = joined(text)
    if not plain:
        return False
    inner = _BRACKETED.fullmatch(plain)
    if inner:
        return len(inner[1]) > LABEL or holds(inner[1], "signs")
    if plain[0] in "（(" and plain[-1] in "）)。":
        return holds(plain, "signs") or len(plain) > LABEL
    if plain.startswith(("注：", "注:", "说明：", "备注：", "如：", "例如", "请")):
        return True
    return len(plain) > LABEL // 3 and (plain[-1] in "。；;" or (len(plain) > LABEL and holds(plain, "signs")))


def is_seal(text: str) -> bool:
    inner = _BRACKETED.fullmatch(joined(text))
    return inner is not None and is_a(inner[1], "seals")


def whole_in_brackets(text: str) -> str:
    """What stands in the brackets that hold the whole text, "" where they do not."""
    inner = _BRACKETED.fullmatch(joined(text))
    return inner[1] if inner else ""


def printed(text: str) -> Printed:
    """A label taken apart: ``生产效率提升*（%）`` → 生产效率提升, unit %, one star."""
    first, rest = _label_and_lines(text)
    out = Printed("")
    out.hints += [line.strip() for line in rest if line.strip()]
    out.limit = next((n for n in map(limit_of, [first, *rest]) if n), None)
    plain = _NUMBERED.sub("", joined(first))
    wrapped = whole_in_brackets(plain)
    plain = wrapped or _BRACKETED.sub(lambda m: _bracket(m, out), plain)
    out.stars = max((len(m) for m in _STARS.findall(plain)), default=0)
    plain = _STARS.sub("", plain).strip().rstrip("：:").rstrip("，,、")
    if limit_of(plain):
        plain, _, told = re.sub(r"[，,；;]", "\n", plain, count=1).partition("\n")
        out.hints += [told] if told else []
    if "/" in plain and plain[-1] not in ")）" and unit_type(plain.rpartition("/")[2]):
        plain, _, out.unit = plain.rpartition("/")
    out.label = plain.strip()
    return out


def _bracket(match: re.Match[str], out: Printed) -> str:
    """Takes a unit, a limit or an instruction off a label; other brackets are part of it."""
    inner = match[1].strip()
    unit = re.sub(r"^单位\s*[：:]\s*", "", inner)
    if unit_type(unit) == "number" and match.string[match.end() :].strip(" *＊★（(:："):
        return match[0]  # 首台（套）装备: a word for counting within a name
    if unit_type(unit):
        out.unit = unit
        return ""
    out.optional = out.optional or any(word in inner for word in words("instructions", "optional"))
    out.required = out.required or any(word == inner for word in words("instructions", "required"))
    out.several = out.several or any(word in inner for word in words("instructions", "several"))
    if limit_of(inner) or holds(inner, "signs"):
        out.hints.append(match[0])
        return ""
    return match[0]


def _label_and_lines(text: str) -> tuple[str, list[str]]:
    """The label, and the lines beneath it that are no part of it. Short lines are one label broken to fit its cell."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) <= 1 or all(len(line.strip()) <= _WRAPPED for line in lines):
        return text, []
    taken = 1
    while taken < len(lines) and not _begins_note(lines[taken], lines[:taken]):
        taken += 1
    return "".join(lines[:taken]), lines[taken:]


def _begins_note(line: str, before: list[str]) -> bool:
    opened = "".join(before)
    if opened.count("（") + opened.count("(") > opened.count("）") + opened.count(")"):
        return False  # the bracket goes on
    return is_hint(line) or has_boxes(line) or len(joined(opened)) + len(joined(line)) > LABEL


def options(text: str) -> Options | None:
    """The options that stand with boxes in a text, None where there are none."""
    lines = text.split("\n")
    boxed = [n for n, line in enumerate(lines) if has_boxes(line)]
    if not boxed:
        return None
    body = "\n".join(lines[boxed[0] : boxed[-1] + 1])
    out = Options(rest=[line.strip() for line in lines[boxed[-1] + 1 :] if line.strip()])
    marks = list(BOX.finditer(body))
    pieces = [
        body[m.end() : after.start() if after else len(body)]
        for m, after in zip(marks, [*marks[1:], None], strict=True)
    ]
    head = "\n".join(lines[: boxed[0]]) + body[: marks[0].start()]
    behind = pieces[-1].strip(" \t　）)；;。")
    told = behind.startswith(("请", "（请", "(请", "注")) or (
        bool(behind) and whole_in_brackets(behind) != "" and is_hint(behind)
    )
    if (not behind or told) and head.strip():
        # the boxes stand behind the options: 是□ 否□
        begin, _, first = re.sub(r"\s{2,}|[:：（(\n]", "\n", head.rstrip()).rpartition("\n")
        pieces, head, out.tail = [first, *pieces[:-1]], begin, behind
    out.head = head.strip()
    for at, piece in enumerate(pieces):
        _option(piece, out, last=at == len(pieces) - 1)
    return out if len(out.names) > 1 else None


def _option(piece: str, out: Options, *, last: bool) -> None:
    name = piece.strip().partition("\n")[0].rstrip() if not last else piece.strip()
    if last and out.head.endswith(("（", "(")):
        name, _, out.tail = name.partition("）" if "）" in name else ")")
        out.head = out.head[:-1]
    match = re.search(r"[（(]([^（）()]*+)[)）]?\s*+$|[:：]([^:：]*+)$", name)
    bracket = re.search(r"[（(]([^（）()]*)[)）]?", name)
    if bracket and match:
        inner = bracket[1]
        label = inner.strip(" _＿：:")
        asks = bool(re.search(r"[:：]\s*$|[_＿]|\s{2,}|^\s*$", inner))
        rest = name[bracket.end() :].strip()
        name = name[: bracket.start()]
        if is_hint(bracket[0]) and not asks:
            out.tail = bracket[0]
        elif asks:
            out.after[_clean(name)] = label or "说明"
        if rest and last:
            out.tail = rest
    elif match and match[2] is not None:
        blank = match[0].strip(" _＿")
        name = name[: match.start()]
        out.after[_clean(name)] = blank.strip("：: ") or "说明"
    elif asked := _blank_behind(name):
        name = name[: asked.start]
        out.after[_clean(name)] = _clean(asked.label) or "说明"
    name = _clean(name)
    if name:
        out.names.append(name)


class _Asked(NamedTuple):
    start: int
    label: str


def _blank_behind(name: str) -> _Asked | None:
    """What is asked for by a line to write on at an option's end, behind its last comma: 其他，请说明____."""
    runs = list(_LINE_TO_WRITE_ON.finditer(name))
    if not runs or re.search(r"\s", name[runs[-1].end() :]):
        return None
    before = name[: runs[-1].start()]
    comma = max(before.rfind("，"), before.rfind(","))
    return _Asked(max(comma, 0), before[comma + 1 :] + name[runs[-1].end() :])


def _clean(name: str) -> str:
    return joined(name).strip(" 、，,；;。/|：:（(）)_＿.")


def pairs(text: str) -> list[tuple[str, str]]:
    """Every ``label：`` of a line with what is printed behind it."""
    found = list(_PAIR.finditer(text))
    ends = [*(m.start(1) for m in found[1:]), len(text)][: len(found)]
    return [(m[1].strip(), text[m.end() : end].strip()) for m, end in zip(found, ends, strict=True)]


def is_signature(label: str) -> bool:
    return holds(label, "signatures") or is_a(label, "seals")
