"""The answers of a document so far: of the fields that a label may stand for the one that is meant, and its text as its type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalog.forms import BOXED, CODES, OPTIONED, PEOPLE, PHONES, FormField
from extractors.document.doubts import (
    HOLDS_A_LABEL,
    LIKE_A_LABEL,
    NOT_A_PLAIN_NAME,
    NOT_UNDERSTOOD,
    SAID_ELSEWHERE,
    SAID_TWICE,
    Doubts,
    together,
)
from extractors.document.model import Cell
from extractors.fitting import inline_labels as inline
from extractors.fitting.candidates import Candidate
from extractors.fitting.fields.by_look import by_look
from extractors.fitting.fields.commitment import date_of, ends_in_date
from extractors.fitting.fields.nested_text import options_text, table_text
from extractors.fitting.fields.same_cell import behind_option, name_and_phone, remainder, split_contact
from extractors.fitting.labels import LabelIndex, Target, bare, fold_label
from extractors.fitting.settings import ANSWERS
from extractors.fitting.values import make, unit_of
from records import normalise
from records.choices import as_boxes
from records.signs import TICKED, UNTICKED
from records.yes_no import yes_no

_SEAL = re.compile(r"[(（](?:加盖|单位)?(?:盖章|公章|签章)[)）]|[(（](?:加|加盖|单位)?[盖公签]?章?\s*$")
"""（盖章）, or its beginning where the line ends within it."""
_NEXT_ITEM = re.compile(
    r"(?:\t|(?<![ \u3000\u00a0])[ \u3000\u00a0]{2,}+)[\u4e00-\u9fff]{2,8}(?:[(（][^()（）]{1,8}[)）])?[:：]"
    r"|(?:\t|(?<![ \u3000\u00a0])[ \u3000\u00a0]{2,}+)(?=(?:[1１][9９]|[2２][0０])\d\d\s*+[年./．／-]\s*+\d)"
    r"|[ \u3000\u00a0](?:填[表报]|联系|经办|审核|负责)?(?:人|单位|电话|日期|时间)(?:[(（][^()（）]{1,8}[)）])?[:：]"
)
"""An item of another form's behind the value, on the same line: 推荐单位：某区经委  填表人：…"""
_NONE = Candidate()
_BOXES = frozenset(TICKED + UNTICKED)
_SHORT_TEXTS = PHONES | CODES | {"text", "email", "url"}
_LONG_OR_TICKED = BOXED | {"long_text"}
_PLAIN_NAME = re.compile(
    r"[\u4e00-\u9fff](?: ?[\u4e00-\u9fff]){1,4}|[\u4e00-\u9fff·]{2,15}|[A-Za-z][A-Za-z .'\-]{1,40}"
)
_LABEL_AGAIN = re.compile(r"\s*([\u4e00-\u9fff]{2,10})\s?[:：]\s*(?=\S)")
"""工厂地址 | 地址：…"""
_CONTACT = re.compile("联[系络]人")
_OPENING, _COLONS = ("(", "（"), (":", "：")
STRANGER = "?"
"""The group of a row about people the form does not ask for."""


@dataclass(slots=True)
class Answers:
    """The fields of one document so far. ``last`` is the place in the form's order of the field found last: of labels that
    occur twice, the next in the form's order is meant where no group tells."""

    index: LabelIndex
    values: dict[str, Candidate] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Field key → its label as it stands in the file."""
    last: int = -1
    unit: str = ""
    """The unit that the table being read states for its amounts by year (单位：亿元), "" where it states none."""
    later: bool = False
    """The form's chapters or annexes are being read: a table there that has an item's label may be the applicant's own."""
    awaiting_date: bool = False
    """The commitment was met and its date not yet."""

    # ---------------------------------------------------------------------------------------------- which field is meant
    def choose(self, targets: list[Target], group: str) -> Target | None:
        """Of the fields a label may stand for, the one of the row's group, else the next in the form's order."""
        if not targets:
            return None
        if group == STRANGER:
            targets = [t for t in targets if not t.field.group]
            return min(targets, key=self._distance, default=None)
        if len(targets) == 1:
            return targets[0]
        covers = [t for t in targets if t.field.part == "cover"]
        if covers and len(covers) < len(targets):  # 申报单位 is the cover's; met again, it heads the company's name
            fresh = [t for t in covers if t.field.key not in self.labels]
            targets = fresh or [t for t in targets if t.field.part != "cover"]
        if group:
            keys = self.index.groups.get(group, set())
            inside = [t for t in targets if t.field.key in keys]
            if inside:
                return min(inside, key=self._distance)
        own = [] if group else [t for t in targets if self._of_those_last(t)]
        if own:
            return min(own, key=self._distance)
        return min(targets, key=self._distance)

    def _of_those_last(self, target: Target) -> bool:
        """Whether a field is of the person whose items are being read, and its label was not met yet: a table may be cut
        between them."""
        fields, group = self.index.form.fields, target.field.group
        return (
            bool(group) and self.last >= 0 and fields[self.last].group == group and target.field.key not in self.labels
        )

    def of_another(self, label: str, targets: list[Target], group: str) -> bool:
        """Whether an item in a row or line about one person is asked for of others alone: 职务 of the 法人代表."""
        keys = self.index.groups.get(group, set())
        if not keys or group not in self.index.leaders or not targets or _CONTACT.search(label):
            return False
        return all(t.field.group and t.field.key not in keys and t.field.part == "basic" for t in targets)

    def again(self, targets: list[Target]) -> Target | None:
        """The target just taken, where it is among these; else :meth:`choose`."""
        return next((t for t in targets if t.order == self.last), None) or self.choose(targets, "")

    def out_of_turn(self, target: Target, targets: list[Target], group: str) -> bool:
        """Whether a label that several fields have was taken for one behind, the one that comes next in the form's order being
        filled already: labels before it may not have been read (联系人 of the company, 联系人 of the supplier)."""
        if len(targets) == 1 or target.order >= self.last or target.field.key in self.index.groups.get(group, ()):
            return False
        return any(t.order > self.last for t in targets)

    def _distance(self, target: Target) -> float:
        ahead = target.order - self.last
        cost = float(ahead) if ahead > 0 else ANSWERS.backwards - ahead
        value = self.values.get(target.field.key)
        return cost + (ANSWERS.taken if value is not None and not value.blank else 0.0)

    # ---------------------------------------------------------------------------------------------- its text as its value
    def assign(
        self, target: Target, text: str, where: str, doubts: Doubts, label: str, cell: Cell | None = None
    ) -> None:
        """Set a field from the text beside its label, with the fields that stand in the same cell."""
        target = self._by_options(target, text)
        item = target.field
        first, held = self.labels.get(item.key, label), self.values.get(item.key)
        self.met(target, label)
        if item.part == "commitment":
            self._commitment(item, text, where, doubts)
            return
        text = _of_this_item(item, text, cell)
        hints = self.index.hint_texts if text.lstrip()[:1] in _OPENING else ()
        unit = unit_of(label, (self.unit if item.column else "") or item.unit)
        value = make(item, text, where, doubts, unit=unit, hints=hints)
        value = by_look(item, value.doubted(*self._doubts(item, text, value, cell)), text, cell)
        if self._split_contact(item, text, where, doubts):
            return
        if item.key.endswith("_name") and item.group and self._name_and_phone(item, value):
            return
        name = value.value if item.role in PEOPLE and isinstance(value.value, str) else ""
        if not (normalise.is_blank(name) or _PLAIN_NAME.fullmatch(name)):
            value = value.doubted(NOT_A_PLAIN_NAME)  # 张三（总经理）, 张三、李四
        if held is not None and held.blank and value.value is not None and fold_label(first) != fold_label(label):
            value = value.doubted(SAID_ELSEWHERE)  # 申报日期 left blank, 编制日期 beneath it
        self.set(item.key, value)
        self._inside(item, text, where, doubts, cell)

    def met(self, target: Target, label: str) -> None:
        """Note that the label of a field was met."""
        self.last = target.order
        self.labels.setdefault(target.field.key, label)

    def take_pair(self, pair: inline.Pair, where: str, doubts: Doubts, group: str, cell: Cell | None) -> None:
        """Take a label and its value from one text; a word for people (联系人：张三) stands for their name too."""
        leader = self.index.leaders.get(fold_label(pair.label)) if pair.value.strip() else None
        targets = pair.targets if leader is None or leader in pair.targets else [*pair.targets, leader]
        target = self.choose(targets, group)
        same = [t for t in targets if self._holds(t, pair.value)] if len(targets) > 1 else []
        own = target is not None and target.field.part != "cover" and all(t.field.part == "cover" for t in same)
        if same and target not in same and not own:
            target = same[0]  # a second copy of the table
        if target is not None:
            self.assign(target, pair.value, where, together(doubts, pair.doubts), pair.label, cell)

    def set(self, key: str, value: Candidate) -> None:
        """Hold a value: the first that says something, unless the form's own table says it later. What is said otherwise
        elsewhere is doubted."""
        before = self.values.get(key)
        if self.later and before is not None and before.value is None and value.value is not None:
            self.values[key] = before.doubted(SAID_ELSEWHERE)
        elif before is None or (
            before.value is None and (value.value is not None or (before.blank and not value.blank))
        ):
            self.values[key] = value
        elif value.value is not None and "表" in value.where and "表" not in before.where and self._in_table(key):
            self.values[key] = value  # the form's own table, not a paper put in before it
        elif not value.blank and value.value != before.value and value.value is not None and before.value is not None:
            self.values[key] = before.doubted(SAID_TWICE)

    def _in_table(self, key: str) -> bool:
        item = self.index.form.field(key)
        return item is not None and item.part != "cover"

    def _holds(self, target: Target, text: str) -> bool:
        held = self.values.get(target.field.key)
        return held is not None and held.value is not None and bare(str(held.value)) == bare(text)

    def _by_options(self, target: Target, text: str) -> Target:
        """The choice whose options stand, with their boxes, where a text should be: 所属行业大类（四大行业） | □原材料 ☑装备制造 …"""
        if target.field.type != "text" or len(text) > ANSWERS.options_cell or _BOXES.isdisjoint(text):
            return target
        for number, item in enumerate(self.index.form.fields):
            if item.type in OPTIONED and len(item.options) > ANSWERS.options and all(o in text for o in item.options):
                return Target(item, number)
        return target

    # ---------------------------------------------------------------------------------------------- what makes it doubtful
    def _doubts(self, item: FormField, text: str, value: Candidate, cell: Cell | None) -> Doubts:
        """What a text says against being the answer to its label."""
        found = []
        if item.type in _SHORT_TEXTS and len(text) <= ANSWERS.like_label and self._like_label(text, item):
            found.append(LIKE_A_LABEL)
        if item.type not in _LONG_OR_TICKED and self._holds_label(item, text):
            found.append(HOLDS_A_LABEL)
        if value.value is None and value.raw and cell is not None and cell.page and not _says_nothing(item, value):
            found.append(NOT_UNDERSTOOD)  # ink of a page that no value was made of
        return tuple(found)

    def _like_label(self, text: str, item: FormField) -> bool:
        """Whether a value reads like the label of another field, or begins with one and says little more."""
        folded = fold_label(text)
        if folded in self.index.fields:
            return True
        ends = range(max(ANSWERS.label_least, len(folded) - ANSWERS.label_rest), len(folded))
        starts = (self.index.fields.get(folded[:n]) for n in ends)
        return any(found and all(t.field.key != item.key for t in found) for found in starts)

    def _holds_label(self, item: FormField, text: str) -> bool:
        """Whether further labels stand in a short answer: two cells, or two items of a person, that were read as one."""
        if len(text) > ANSWERS.options_cell:
            return False
        if item.group and self._runs_into_label(item, text):
            return True
        words = (word for word in text.split()[1:] if len(word) >= ANSWERS.word)
        found = [t for word in words for t in self.index.exact(word.rstrip(":："))]
        return any(t.field.key != item.key for t in found)

    def _runs_into_label(self, item: FormField, text: str) -> bool:
        """Whether a person's item goes on into another's label with nothing between: 张三电话：021-…"""
        for colon in re.finditer("[:：]", text):
            before = text[max(0, colon.start() - ANSWERS.before_colon) : colon.start()]
            found = (t for n in range(len(before) - 1) for t in self.index.exact(before[n:]))
            if any(t.field.key != item.key for t in found):
                return True
        return False

    # ---------------------------------------------------------------------------------------------- in the same cell
    def _inside(self, item: FormField, text: str, where: str, doubts: Doubts, cell: Cell | None) -> None:
        """The fields that stand in the cell of another: a name behind 是, the proof behind the maturity level."""
        own = self.values.get(item.key, _NONE)
        if own.value is None and own.raw and own.doubts:
            doubts = together(doubts, own.doubts)  # what was chosen is not known, nor what belongs to it
        for child in self.index.children.get(item.key, ()):
            if child.after_option:
                name = yes_no(text).name if item.type == "yesno" else behind_option(text, child)
                said = Candidate(name or None, name, where, doubts)
                self.set(child.key, said if child.type == "text" else make(child, name, where, doubts))
            elif item.type in OPTIONED:
                self.set(child.key, remainder(item, child, text, where, doubts, cell))
            else:
                continue
            self.labels.setdefault(child.key, child.label)

    def _name_and_phone(self, item: FormField, value: Candidate) -> bool:
        """A person's name with the telephone behind it (法人代表姓名及电话): each to its own field, neither certain."""
        who = item.key.removesuffix("_name")
        phone, post = self.index.form.field(f"{who}_phone"), self.index.form.field(f"{who}_title")
        if phone is None or self.values.get(phone.key, _NONE).value is not None:
            return False
        parted = name_and_phone(value)
        if parted is None:
            return False
        self.set(item.key, parted.name)
        if parted.post is not None and post is not None and self.values.get(post.key, _NONE).value is None:
            self.set(post.key, parted.post)
            self.labels.setdefault(post.key, post.label)
        self.set(phone.key, parted.phone)
        self.labels.setdefault(phone.key, phone.label)
        return True

    def _split_contact(self, item: FormField, text: str, where: str, doubts: Doubts) -> bool:
        """A name and a telephone in one cell, where the form's telephone stands in the cell of the name. False where it has them
        apart."""
        form = self.index.form
        own = next((c for c in self.index.children.get(item.key, ()) if c.type in PHONES), None)
        who, phone = (form.field(item.of_field), item) if item.type in PHONES and item.of_field else (item, own)
        if who is None or phone is None or self.values.get(who.key, _NONE).value is not None:
            return False
        name, number = split_contact(text, where, doubts)
        for key, value in ((who.key, name), (phone.key, number)):
            self.set(key, value)
            self.labels.setdefault(key, phone.label)
        return True

    # ---------------------------------------------------------------------------------------------- the commitment
    def _commitment(self, item: FormField, text: str, where: str, doubts: Doubts) -> None:
        self.awaiting_date = True
        for line in reversed(text.split("\n")):
            if self.take_date(line, where, doubts):
                return
        if item.key not in self.values:
            self.values[item.key] = Candidate(None, "", where, doubts)

    def take_date(self, text: str, where: str, doubts: Doubts) -> bool:
        """Take a line as the date of the commitment, if it is one (a blank one ends the search too)."""
        item = next((f for f in self.index.form.fields if f.part == "commitment"), None)
        piece = ends_in_date(text) if item is not None else ""
        if item is None or not piece:
            return False
        self.set(item.key, date_of(piece, where, doubts))
        self.awaiting_date = False
        return True


def _of_this_item(item: FormField, text: str, cell: Cell | None) -> str:
    """The text that is the item's own: without the next item on a line of the cover, without the label's colon written a second
    time; of a table within the cell where the cell has no text of its own."""
    if item.part == "cover" and item.type == "text":
        for behind in (_SEAL, _NEXT_ITEM):
            found = behind.search(text)
            if found is not None and text[: found.start()].strip():
                text = text[: found.start()]
    if text.lstrip()[:1] in _COLONS:
        text = text.lstrip(" :：\u3000")
    again = _LABEL_AGAIN.match(text) if item.type in _SHORT_TEXTS else None
    if again is not None and any(word.endswith(again[1]) for word in (item.label, *item.aliases)):
        text = text[again.end() :]
    if not text.strip() and cell is not None and cell.tables:
        inner = cell.tables[0]
        return options_text(inner, item) if item.type in BOXED else table_text(inner)
    return text


def _says_nothing(item: FormField, value: Candidate) -> bool:
    """Whether an answer means that there is none: a sign for nothing, boxes of which none is ticked (or two are)."""
    if item.type in BOXED:
        return any(sign in as_boxes(value.raw) for sign in (TICKED, UNTICKED))
    return normalise.is_blank(value.raw)
