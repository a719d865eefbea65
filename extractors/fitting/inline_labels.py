"""Labels and values in one text: ``企业名称：某公司``, ``姓名：张三 电话：021…``, a label on its own lines above its value."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalog.forms import BOXED
from extractors.document.doubts import ANSWER_IN_LABEL, LABEL_BEFORE_GAP, LABEL_GLUED, NOTE_OR_FIGURE, Doubts, together
from extractors.fitting.labels import LONGEST, NOTE_MARK, LabelIndex, Target, bare, fold_label
from records.signs import TICKED, UNTICKED
from records.yes_no import yes_no

_BOX = re.escape(TICKED + UNTICKED)
_BOX_AT = re.compile(rf"[{_BOX}]|\[[ xX√✓]?\]|[(（]\s*+(?:[√✓]|是|否)?\s*+[)）]")
_COLON = re.compile(r"[^:：\n]{1,90}?[:：]")
_LETTER = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_IN_BRACKETS = re.compile(r"[(（【\[]([^()（）【】\[\]]{2,40})[)）】\]]\s*[:：]?")
_GAP = re.compile(r"\t+|[ \u3000\u00a0]{2,}|[_＿]{2,}|[)）](?=[^)）\s])")
_ANSWERED = re.compile(r"[(（]([^()（）]{1,12})[)）]$")
_BOTH = re.compile(r"是\W*否")
"""Both answers, without boxes."""
_SPACED = re.compile(r"(\S{2,20})[ \u3000\u00a0](\S.*)$", re.DOTALL)
_SPREAD = re.compile(r"(?:\S[ \u3000\u00a0]++){3,12}(?=\S)")
"""Letters set apart by blanks, and one behind them."""
_DATED = re.compile(r"(?:[1１][9９]|[2２][0０])\d\d(?:\s*+[年./．／、-]|[01０１]\d[0-3０-３]\d(?!\d))")
_SEAL_BEFORE = re.compile(r"\A[(（](?:加盖|单位)?(?:盖章|公章|签章)[)）]\s*+(?=\S)")
"""The place for the seal of the item above, on a page read as the beginning of the next line."""
_BLANKS = re.compile(r"[ \u3000\u00a0]+")
_GAPS = re.compile(r"(?<=\S)[ \t\u3000\u00a0]+(?=\S)")
_TAIL = re.compile(r"\n[^\S\n]*+[(（]([^()（）\n]{2,40})[)）][ \t]*+[:：]?")
_FIGURE = re.compile(r"[ \t\u3000]*\d")
FIGURES = frozenset(("percent", "money", "number"))
_OPENED, _CLOSED = re.compile(r"[(（]"), re.compile(r"[)）]")
_CODE = re.compile(r"(?<=[\u4e00-\u9fff])[0-9０-９]{2}$")
_UNIT = re.compile(r"[(（]\s*+(?:[%％‰]|万元|亿元|元|家|个)\s*+[)）]\s*+[:：]?\s*+")
_HINT = re.compile(r"[(（]([^()（）]{2,40})[)）]\s*+[:：]?\s*+")
_LONGEST_OF_COVER = 12
_LETTERS = re.compile(r"[\u4e00-\u9fff]+")
_ITEMS_APART, _ITEMS_GLUED = 2, 3
"""So many items of a cover in one paragraph are known without colons, set apart by blanks or by nothing."""
_BEHIND_LABEL = re.compile(r"\s*+(?:[(（](?:加盖|单位)?(?:盖章|公章|签章)[)）]\s*+)?(?:[:：]\s*+|(?<=[\s)）]))")
_MAX_LABEL_LINES = 12
_LEAST_GLUED = 4
"""Characters of a label that is known in the midst of a text."""
_TELLING = re.compile(rf"[\s:：(（)）【\[_＿{_BOX}]")
"""What parts a label from its value in one text: without any of these a text holds no label and value."""


class Pair(NamedTuple):
    """A label found in a text, its targets, and the value behind it."""

    label: str
    targets: list[Target]
    value: str
    doubts: Doubts = ()


def leading(text: str, index: LabelIndex) -> Pair | None:
    """The label that ``text`` begins with and the value behind it, None where it begins with none (or is one alone)."""
    if not text or text.isspace():
        return None
    if not _TELLING.search(text, 0, 3 * LONGEST):
        return (_glued(text.strip(), index) or _dated(text.strip(), index)) if len(text) <= LONGEST else None
    stripped = _SEAL_BEFORE.sub("", text.strip(), count=1)
    head = stripped[: 3 * LONGEST]
    line_end = head.find("\n")
    found = _bracketed(stripped, index) if stripped[0] in "(（【[" else None
    if found is None and line_end > 0 and _BOX_AT.search(head, 0, line_end):
        found = _by_box(stripped, index)
    if found is None and line_end >= 0:
        found = _by_lines(stripped, index)
    if found is None:
        match = _COLON.match(head)
        targets = index.exact(match[0][:-1]) if match else []
        if match and targets and not _only_number(match[0]):
            return Pair(match[0][:-1], targets, stripped[match.end() :])
        found = _by_box(stripped, index) or _dated(stripped, index)
        found = found or _by_gap(stripped, index) or _glued(stripped, index)
    return None if found is None else _past_note(stripped, found, index)


def _past_note(text: str, pair: Pair, index: LabelIndex) -> Pair:
    """The label with the form's note mark that stands where its value begins: digits right behind it and before its unit or
    instruction (投用率 8（%）), or alone. Behind a bracket (投用率（%）8) digits may be either."""
    code = _CODE.search(pair.label)
    if (
        code is not None
        and text.startswith(pair.label)
        and pair.value.strip()
        and all(t.field.type == "text" for t in pair.targets)
    ):
        # 行业大类34 通用设备制造业: two digits are an answer's rather than a mark's
        doubts = together(pair.doubts, (NOTE_OR_FIGURE,))
        return pair._replace(label=pair.label[: code.start()], value=text[code.start() :], doubts=doubts)
    found = NOTE_MARK.match(pair.value)
    if found is None:
        return pair
    plain, rest = found["mark"].isdecimal(), pair.value[found.end() :]
    figure = plain and all(t.field.type in FIGURES for t in pair.targets)
    unit = _UNIT.match(rest)
    hint = None if unit else _HINT.match(rest)
    within = unit or (hint if hint and bare(hint[1]) in index.hints else None)
    if within is not None:
        doubts = (NOTE_OR_FIGURE,) if figure and within.end() == len(rest) else ()
        return Pair(pair.label + found[0] + within[0], pair.targets, rest[within.end() :], doubts)
    if rest or (plain and not pair.label.endswith((")", "）"))):
        return pair
    if figure:
        return pair._replace(doubts=together(pair.doubts, (NOTE_OR_FIGURE,)))
    return Pair(pair.label + pair.value, pair.targets, "")


def _glued(text: str, index: LabelIndex) -> Pair | None:
    """A label in whose own cell the form prints where to choose, and the answer right behind it: 行业门类C 制造业."""
    if len(text) > LONGEST or not fold_label(text[:12]).startswith(index.glued):
        return None
    for cut in range(min(len(text) - 1, 12), 3, -1):
        targets = [t for t in index.exact(text[:cut]) if index.in_label.get(t.field.key) and t.field.group]
        if targets and not index.exact(text):
            return Pair(text[:cut], targets, text[cut:], (LABEL_GLUED,))
    return None


def _dated(text: str, index: LabelIndex) -> Pair | None:
    """A label of a date and the date right behind it: 申报日期2023年7月1日."""
    found = _DATED.search(text, 0, LONGEST)
    targets = [t for t in index.exact(text[: found.start()]) if t.field.type == "date"] if found else []
    if found is None or not targets or text[found.start() - 1].isspace():
        return None
    return Pair(text[: found.start()], targets, text[found.start() :], (LABEL_GLUED,))


def _only_number(label: str) -> bool:
    return not _LETTER.search(label)


def _bracketed(text: str, index: LabelIndex) -> Pair | None:
    """（其他成效指标）人均产值提升32%."""
    match = _IN_BRACKETS.match(text)
    if match:
        targets = index.exact(match[1])
        if targets and text[match.end() :].strip():
            return Pair(match[0], targets, text[match.end() :])
    return None


def _by_lines(text: str, index: LabelIndex) -> Pair | None:
    """The first lines are the label (of one or more paragraphs), the rest the value. The longest label wins."""
    lines = text.split("\n")
    best: Pair | None = None
    taken = ""
    for number, line in enumerate(lines[:-1][:_MAX_LABEL_LINES], 1):
        taken += line
        if len(taken) > LONGEST:
            break
        if _is_cut(taken):
            continue  # its instruction goes on in the next line
        targets = index.exact(taken)
        if targets:
            best = Pair(taken, targets, "\n".join(lines[number:]))
    return best


def _is_cut(label: str) -> bool:
    """Whether a bracket of a label is still open: its instruction goes on behind it."""
    return len(_OPENED.findall(label)) > len(_CLOSED.findall(label))


def _by_box(text: str, index: LabelIndex) -> Pair | None:
    """A label followed by its boxes, without a colon: ``是否申报智慧供应链相关内容（□是 □否），不申报无需填报``."""
    first = _BOX_AT.search(text, 0, 2 * LONGEST)
    at = first.start() if first else 0
    if at <= 0:
        return None
    # the boxes may stand behind their options: the shortest beginning that is a label, up to the first box
    for cut in [*(i for i in range(1, at) if text[i] in "(（[【 \t\n"), at]:
        targets = [t for t in index.exact(text[:cut]) if t.field.type in BOXED]
        if targets:
            return Pair(text[:cut], targets, text[cut:])
    return None


def _by_gap(text: str, index: LabelIndex) -> Pair | None:
    """A label and its value parted by a tab, by two blanks, or by the label's own bracket (行业门类（下拉选择）C 制造业)."""
    for match in reversed(list(_GAP.finditer(text[: 2 * LONGEST]))):  # the longest: 申  报  日 is a label as well
        label = text[: match.end()]
        targets = [] if _is_cut(label) else index.exact(label)
        if targets and text[match.end() :].strip():
            within = _ANSWERED.search(label)
            said = yes_no(within[1]) if within and all(t.field.type == "yesno" for t in targets) else None
            if within and said and (said.value is not None or _BOTH.search(within[1])):
                return Pair(
                    label[: within.start()], targets, text[within.start() :], (ANSWER_IN_LABEL,)
                )  # 是否申报…（不申报），…
            return Pair(label, targets, text[match.end() :], () if match[0][0] in "\t_＿" else (LABEL_BEFORE_GAP,))
    spaced = _SPACED.match(text)
    if spaced is not None and not _is_cut(spaced[1]):
        targets = index.exact(spaced[1])
        if targets and len(text) <= 2 * LONGEST:
            return Pair(spaced[1], targets, spaced[2], (LABEL_GLUED,))
    spread = _SPREAD.match(text)
    ends = [m.end() for m in _BLANKS.finditer(spread[0])] if spread is not None else []
    for end in reversed(ends):
        targets = index.exact(text[:end])
        if targets:
            return Pair(text[:end], targets, text[end:], (LABEL_GLUED,))
    return None


def people_or_items(label: str, index: LabelIndex) -> list[Target]:
    """What a label stands for on a line; one that names people (法人代表, 联系人) stands for their name, too."""
    targets = index.exact(label)
    leader = index.leaders.get(fold_label(label)) if len(label) <= LONGEST else None
    return targets if leader is None or leader in targets else [leader, *targets]


def pairs(text: str, index: LabelIndex, *, people: bool = False) -> list[Pair]:
    """Every label of a text that is followed by a colon, with what stands between it and the next. A text that holds
    only one begins with it; several may stand on a line. ``people``: 联系人：王芳 gives a name."""
    found: list[_Labelled] = []
    for match in re.finditer(r"[:：]", text):
        lo = found[-1].end if found else 0
        segment = text[max(lo, match.start() - LONGEST) : match.start()]
        figure = bool(found) and bool(_FIGURE.match(segment))  # 提升：5、下降：3 has no item numbered 5
        for cut in _suffixes(segment):
            if figure and not segment[:cut].strip():
                continue
            label = segment[cut:]
            targets = people_or_items(label, index) if people else index.exact(label)
            if found and targets and _names_option(found[-1].targets, label, index):
                break
            if targets and not _only_number(label):
                within = _label_within(segment, cut, index) if found else 0
                if within:
                    label, targets = segment[within:], index.exact(segment[within:])
                found.append(_Labelled(match.start() - len(label), match.end(), label, targets))
                break
        else:
            found += _on_cover(segment, match, found, index)
    out = []
    for number, (_, end, label, targets, glued) in enumerate(found):
        behind = found[number + 1] if number + 1 < len(found) else None
        value = text[end:] if behind is None else text[end : behind.start].rstrip().rstrip("；;，,、")
        doubts = (LABEL_GLUED,) if glued or (behind is not None and behind.glued) else ()
        out.append(Pair(label, targets, value, doubts))
    tail = _TAIL.search(out[-1].value) if out else None
    targets = index.exact(tail[1]) if tail else []
    if tail and targets:  # （其他成效指标）… on a line of its own beneath
        held = out[-1]
        out[-1] = held._replace(value=held.value[: tail.start()].rstrip())
        out.append(Pair(tail[1], targets, held.value[tail.end() :]))
    before = text[: found[0].start] if found else ""
    if before.strip() and len(out) == 1 and not re.search(r"[\s；;，,]$", before):
        return []
    return out


class _Labelled(NamedTuple):
    """A label of a text, from ``start`` to where its value begins; ``glued``: nothing parts it from the value before."""

    start: int
    end: int
    label: str
    targets: list[Target]
    glued: bool = False


def _on_cover(segment: str, colon: re.Match[str], found: list[_Labelled], index: LabelIndex) -> list[_Labelled]:
    """The cover's next item right behind the value of the one before, as where its lines became one: …工厂申报单位：…"""
    if not found or not all(t.field.part == "cover" for t in found[-1].targets):
        return []
    for cut in range(1, len(segment) - _LEAST_GLUED + 1):
        label = segment[cut:]
        targets = [t for t in index.exact(label) if t.field.part == "cover"]
        if targets and not any(t in f.targets for f in found for t in targets):
            return [_Labelled(colon.start() - len(label), colon.end(), label, targets, glued=True)]
    return []


def cover_items(text: str, index: LabelIndex) -> list[Pair]:
    """The items of a cover whose lines became one paragraph, with or without colons: 项目名称 甲工厂  申报单位 乙公司（盖章）…
    Labels that nothing parts from the text around them count where three stand in it."""
    found: list[_Labelled] = []
    at = len(text) - len(text.lstrip())
    while at < len(text):
        item = _item_at(text, at, index, found)
        if item is None and not found:
            return []
        at = at + 1 if item is None else item.end
        if item is not None:
            found.append(item)
    if len(found) < (_ITEMS_GLUED if any(item.glued for item in found) else _ITEMS_APART):
        return []
    ends = [item.start for item in found[1:]] + [len(text)]
    values = [text[item.end : end].strip() for item, end in zip(found, ends, strict=True)]
    return [Pair(item.label, item.targets, said, (LABEL_GLUED,)) for item, said in zip(found, values, strict=True)]


def _item_at(text: str, at: int, index: LabelIndex, found: list[_Labelled]) -> _Labelled | None:
    """The item of the cover whose label stands at ``at``, if it was not met before."""
    for cut in range(min(at + _LONGEST_OF_COVER, len(text)), at + _LEAST_GLUED - 1, -1):
        plain = _LETTERS.fullmatch(text, at, cut)
        targets = [t for t in index.exact(text[at:cut]) if t.field.part == "cover"] if plain else []
        if not targets or any(t in f.targets for f in found for t in targets):
            continue
        behind = _BEHIND_LABEL.match(text, cut)
        apart = at == 0 or text[at - 1].isspace() or text[at - 1] in ")）"
        glued = not apart or (behind is None and not _DATED.match(text, cut))
        return _Labelled(at, behind.end() if behind else cut, text[at:cut], targets, glued=glued)
    return None


def _label_within(segment: str, cut: int, index: LabelIndex) -> int:
    """Where a label that is two words begins with the answer to the item before it: of ``职务：联系人  手机：`` the post is
    联系人 and the label 手机. 0 where it is one label."""
    if segment[:cut].strip(" \u3000\u00a0"):
        return 0  # the item before has an answer, or a line of its own
    gap = _GAPS.search(segment, cut)
    if gap is None or not segment[cut : gap.start()].strip() or not index.exact(segment[gap.end() :]):
        return 0
    return gap.end()


def _names_option(before: list[Target], label: str, index: LabelIndex) -> bool:
    """Whether a label is what the form prints behind an option of the item before: □是（项目名称：  ） □否."""
    folded = fold_label(label)
    children = (c for t in before for c in index.children.get(t.field.key, ()) if c.after_option)
    return any(fold_label(child.label) == folded for child in children)


def _suffixes(segment: str) -> list[int]:
    """Where a label may begin in the text before a colon: at its start, after a line break, a blank or a mark; the
    longest first."""
    starts = [0] + [m.end() for m in re.finditer(r"[\s；;，,。、|]", segment)]
    return [s for s in starts if segment[s:].strip()]
