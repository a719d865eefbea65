"""Sets the fields of a form: of the fields a label may stand for the one meant, its text typed, and what stands in the same
cell with it (the name behind 是, a telephone beside a name, the date of the commitment)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalog.forms import FormField
from extractors.document.doubts import (
    HOLDS_A_LABEL,
    INTERPRETED,
    LIKE_A_LABEL,
    NOT_A_PLAIN_NAME,
    NOT_UNDERSTOOD,
    SAID_ELSEWHERE,
    SAID_TWICE,
    SPLIT_FROM_ONE_CELL,
    Doubts,
    together,
)
from extractors.document.model import PICTURE, Cell, Table
from extractors.fitting.candidates import Candidate
from extractors.fitting.labels import LabelIndex, Target, bare, fold_label
from extractors.fitting.values import is_empty_date, make, unit_of
from records import normalise
from records.choices import as_boxes, yes_no
from records.phones import WRITTEN
from records.signs import TICKED, UNSEEN, UNTICKED

_SEAL = re.compile(r"[(（](?:加盖|单位)?(?:盖章|公章|签章)[)）]|[(（](?:加|加盖|单位)?[盖公签]?章?\s*$")
"""（盖章）, or its beginning where the line ends within it."""
_NEXT_ITEM = re.compile(
    r"(?:\t|[ \u3000\u00a0]{2,})[\u4e00-\u9fff]{2,8}(?:[(（][^()（）]{1,8}[)）])?[:：]"
    r"|(?:\t|[ \u3000\u00a0]{2,})(?=(?:19|20)\d\d\s*[年./-]\s*\d)"
    r"|[ \u3000\u00a0](?:填[表报]|联系|经办|审核|负责)?(?:人|单位|电话|日期|时间)(?:[(（][^()（）]{1,8}[)）])?[:：]"
)
"""An item of another form's behind the value, on the same line: 推荐单位：某区经委  填表人：…"""
_DATE_LINE = re.compile(r"(?:日期[:：]?)?\s*((?:19|20)\d{2}\s*[年./-].*|[〇○零一二三四五六七八九]{4}\s*年.*)")
_NONE = Candidate()
PEOPLE = frozenset(("legal_rep_name", "contact_name", "provider_contact"))
_PLAIN_NAME = re.compile(
    r"[\u4e00-\u9fff](?: ?[\u4e00-\u9fff]){1,4}|[\u4e00-\u9fff·]{2,15}|[A-Za-z][A-Za-z .'\-]{1,40}"
)
_NAME_AND_POST = re.compile(r"([\u4e00-\u9fff]{2,4})[\s,，、/(（]+([\u4e00-\u9fff/、]{2,12})[)）]?")
_CONTACT = re.compile("联[系络]人")
_BETWEEN = " \t\n\u3000\u00a0,，、;；/:："
STRANGER = "?"
"""The group of a row about people the form does not ask for."""


@dataclass(slots=True)
class ValueFitter:
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
        return min(targets, key=self._distance)

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
        if len(targets) < 2 or target.order >= self.last or target.field.key in self.index.groups.get(group, ()):
            return False
        return any(t.order > self.last for t in targets)

    def _distance(self, target: Target) -> float:
        ahead = target.order - self.last
        cost = float(ahead) if ahead > 0 else 200.0 - ahead
        value = self.values.get(target.field.key)
        return cost + (500.0 if value is not None and not value.blank else 0.0)

    def assign(
        self, target: Target, text: str, where: str, doubts: Doubts, label: str, cell: Cell | None = None
    ) -> None:
        """Set a field from the text beside its label, with the fields that stand in the same cell."""
        target = self._by_options(target, text)
        item = target.field
        self.last = target.order
        self.labels.setdefault(item.key, label)
        if item.part == "commitment":
            self._commitment(item, text, where, doubts)
            return
        if item.part == "cover" and item.type == "text":
            seal = _SEAL.search(text)
            if seal is not None and text[: seal.start()].strip():
                text = text[: seal.start()]  # what stands behind （盖章） is the next item
            behind = _NEXT_ITEM.search(text)
            if behind is not None and text[: behind.start()].strip():
                text = text[: behind.start()]
        if text.lstrip()[:1] in (":", "："):
            text = text.lstrip(" :：\u3000")  # the label's colon, written a second time
        if not text.strip() and cell is not None and cell.tables:
            inner = cell.tables[0]
            text = _options_text(inner, item) if item.type in ("choice", "yesno") else _table_text(inner)
        hints = self.index.hint_texts if text.lstrip()[:1] in ("(", "（") else ()
        value = make(
            item,
            text,
            where,
            doubts,
            unit=unit_of(label, (self.unit if item.column else "") or item.unit),
            hints=hints,
        )
        if item.type in ("text", "phone", "email", "code") and len(text) <= 24 and self._like_label(text, item):
            value = value.doubted(LIKE_A_LABEL)
        if item.type not in ("long_text", "choice", "yesno") and self._holds_label(item, text):
            value = value.doubted(HOLDS_A_LABEL)
        if value.value is None and value.raw and cell is not None and cell.page and not self._says_nothing(item, value):
            value = value.doubted(NOT_UNDERSTOOD)
        if item.key in ("provider_contact", "provider_phone") and self._split_contact(text, where, doubts):
            return
        if item.key.endswith("_name") and item.group and self._name_and_phone(item, value):
            return
        if item.key in PEOPLE and isinstance(value.value, str) and not _PLAIN_NAME.fullmatch(value.value):
            value = value.doubted(NOT_A_PLAIN_NAME)  # 张三（总经理）, 张三、李四
        self._set(item.key, value)
        self._inside(item, text, where, doubts, cell)

    def _like_label(self, text: str, item: FormField) -> bool:
        """Whether a value reads like the label of another field, or begins with one and says little more."""
        folded = fold_label(text)
        if folded in self.index.fields:
            return True
        starts = (self.index.fields.get(folded[:n]) for n in range(max(6, len(folded) - 5), len(folded)))
        return any(found and all(t.field.key != item.key for t in found) for found in starts)

    def _by_options(self, target: Target, text: str) -> Target:
        """The choice whose options stand, with their boxes, where a text should be: 所属行业大类（四大行业） | □原材料 ☑装备制造 …"""
        if target.field.type != "text" or len(text) > 120 or not any(c in text for c in TICKED + UNTICKED):
            return target
        for number, item in enumerate(self.index.form.fields):
            if item.type == "choice" and len(item.options) > 2 and all(o in text for o in item.options):
                return Target(item, number)
        return target

    def _holds_label(self, item: FormField, text: str) -> bool:
        """Whether further labels stand in a short answer: two cells, or two items of a person, that were read as one."""
        if item.group and len(text) <= 120 and self._runs_into_label(item, text):
            return True
        words = text.split()[1:] if len(text) <= 120 else []
        found = [t for word in words if len(word) >= 2 for t in self.index.exact(word.rstrip(":："))]
        return any(t.field.key != item.key for t in found)

    def _runs_into_label(self, item: FormField, text: str) -> bool:
        """Whether a person's item goes on into another's label with nothing between: 张三电话：021-…"""
        for colon in re.finditer("[:：]", text):
            before = text[max(0, colon.start() - 8) : colon.start()]
            found = (t for n in range(len(before) - 1) for t in self.index.exact(before[n:]))
            if any(t.field.key != item.key for t in found):
                return True
        return False

    def _says_nothing(self, item: FormField, value: Candidate) -> bool:
        """Whether an answer means that there is none: a sign for nothing, boxes of which none is ticked (or two are)."""
        if item.type in ("choice", "yesno"):
            return any(sign in as_boxes(value.raw) for sign in (TICKED, UNTICKED))
        return normalise.is_blank(value.raw)

    def holds(self, target: Target, text: str) -> bool:
        held = self.values.get(target.field.key)
        return held is not None and held.value is not None and bare(str(held.value)) == bare(text)

    def _set(self, key: str, value: Candidate) -> None:
        before = self.values.get(key)
        if self.later and before is not None and before.value is None and value.value is not None:
            # blank in the form itself; what the applicant's own table says under the same word, a person must see
            self.values[key] = before.doubted(SAID_ELSEWHERE)
            return
        if before is None or (before.value is None and (value.value is not None or (before.blank and not value.blank))):
            self.values[key] = value
        elif value.value is not None and "表" in value.where and "表" not in before.where and self._in_table(key):
            self.values[key] = value  # the form's own table, not a paper put in before it
        elif not value.blank and value.value != before.value and value.value is not None and before.value is not None:
            # the same label twice with different answers: which one holds, a person must say
            self.values[key] = before.doubted(SAID_TWICE)

    def _in_table(self, key: str) -> bool:
        item = self.index.form.field(key)
        return item is not None and item.part != "cover"

    def _inside(self, item: FormField, text: str, where: str, doubts: Doubts, cell: Cell | None) -> None:
        """The fields that stand in the cell of another: a name behind 是, the proof behind the maturity level."""
        for child in self.index.children.get(item.key, ()):
            if child.after_option:
                name = yes_no(text).name
                self._set(child.key, Candidate(name or None, name, where, doubts))
                self.labels.setdefault(child.key, child.label)
            elif item.type == "choice":
                self._remainder(item, child, text, where, doubts, cell)

    def _remainder(
        self, item: FormField, child: FormField, text: str, where: str, doubts: Doubts, cell: Cell | None
    ) -> None:
        """What the cell of a choice holds beyond its options."""
        self.labels.setdefault(child.key, child.label)
        names = "|".join((*item.options, *(a for words in item.option_aliases.values() for a in words)))
        rest = re.sub(rf"^(?:[\s{re.escape(TICKED + UNTICKED)}口囗、,，;；/|]|{names})+", "", as_boxes(text))
        value = make(child, rest, where, doubts, hints=item.hints)
        text_left = re.sub(r"^[:：\s]+", "", str(value.value or ""))
        if bare(text_left):
            self._set(child.key, value._replace(value=text_left))
        elif cell is not None and cell.pictures:
            self._set(child.key, Candidate(PICTURE, PICTURE, where, doubts))
        else:
            self._set(child.key, Candidate(None, "", where, doubts))

    def _name_and_phone(self, item: FormField, value: Candidate) -> bool:
        """A person's name with the telephone behind it (法人代表姓名及电话): each to its own field, neither certain."""
        phone = self.index.form.field(item.key.removesuffix("_name") + "_phone")
        found = WRITTEN.search(value.raw) if phone is not None and isinstance(value.value, str) else None
        if phone is None or found is None or self.values.get(phone.key, _NONE).value is not None:
            return False
        name = value.raw[: found.start()].strip(" ,，、;；/:：(（")
        name = re.sub(r"[\s,，(（]*(?:联系)?(?:电话|手机|方式)$", "", name)
        titled = _NAME_AND_POST.fullmatch(name)
        if titled is None and not re.fullmatch(r"[\u4e00-\u9fff·]{2,8}|[A-Za-z .]{3,30}", name):
            return False
        value = value.doubted(SPLIT_FROM_ONE_CELL)
        self._set(item.key, value._replace(value=titled[1] if titled else name))
        post = self.index.form.field(item.key.removesuffix("_name") + "_title")
        if titled and post is not None and self.values.get(post.key, _NONE).value is None:
            self._set(post.key, value._replace(value=titled[2]))
            self.labels.setdefault(post.key, post.label)
        number = value.raw[found.start() :].strip(" ")
        if len(re.findall("[)）]", number)) > len(re.findall("[(（]", number)):
            number = number.rstrip(" )）")
        self._set(phone.key, value._replace(value=number))
        self.labels.setdefault(phone.key, phone.label)
        return True

    def _split_contact(self, text: str, where: str, doubts: Doubts) -> bool:
        """A name and a telephone in one cell (factory form). False where the form has them apart."""
        phone = self.index.form.field("provider_phone")
        if phone is None or phone.of_field != "provider_contact":
            return False
        held = self.values.get("provider_contact")
        if held is not None and held.value is not None:
            return False
        numbers = WRITTEN.findall(text)
        name = WRITTEN.sub(" ", text)
        name = re.sub(r"(?:联系)?(?:电话|手机|方式|人|姓名)\s*[:：]|(?:联系)?(?:电话|手机|方式)\s*$", " ", name)
        name = re.sub(r"[(（]\s*[)）]", " ", name).strip(_BETWEEN)
        if len(re.findall("[(（]", name)) != len(re.findall("[)）]", name)) or re.fullmatch(
            "[(（][^()（）]*[)）]", name
        ):
            name = name.strip(_BETWEEN + "()（）")
        doubts = doubts if len(numbers) <= 1 else together(doubts, (SPLIT_FROM_ONE_CELL,))
        raw = normalise.fold(text)
        blank = normalise.is_blank(text)
        who = None if blank or not name else normalise.fold_text(name)
        self._set("provider_contact", Candidate(who, "" if not text.strip() else raw, where, doubts))
        number = normalise.fold_text("、".join(numbers)) or None
        self._set(phone.key, Candidate(number, raw if number else "", where, doubts))
        self.labels.setdefault(phone.key, phone.label)
        self.labels.setdefault("provider_contact", phone.label)
        return True

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
        if item is None:
            return False
        plain = UNSEEN.sub("", text).strip()
        found = _DATE_LINE.search(plain) if len(plain) <= 60 or "\n" not in plain else None
        tail = re.search(
            r"(?:(?:19|20)\d{2}|[〇○零一二三四五六七八九]{4})?\s*年[\s\d_一二三四五六七八九十〇]*月[\s\d_一二三四五六七八九十〇]*日\s*$",
            plain,
        )
        compact = re.fullmatch(r"\D{0,12}((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))", plain)
        piece = tail[0] if tail else (found[1] if found else (compact[1] if compact else ""))
        if not piece:
            return False
        if is_empty_date(piece) or (normalise.date(piece).value is None and re.fullmatch(r"[年月日\s_]*", piece)):
            self._set(item.key, Candidate(None, "", where, doubts))
        else:
            typed = normalise.date(piece)
            if typed.sure < 1.0:
                doubts = together(doubts, (INTERPRETED.at(typed.sure),))
            self._set(item.key, Candidate(typed.value, normalise.fold(piece), where, doubts))
        self.awaiting_date = False
        return True


def _options_text(table: Table, item: FormField) -> str:
    """A table of options, each with its mark beneath or beside it, as one line: （√）民营企业 （ ）三资企业."""
    names = {bare(o) for o in item.options} or {"是", "否"}
    options = [c for c in table.cells if bare(c.text) in names]
    marks = {(c.row, c.column): c.text.strip() for c in table.cells if c.text.strip() in TICKED}
    if len(options) < 2 or not marks:
        return _table_text(table)
    rows = {c.row for c in options}
    down = len(rows) == 1  # options beside one another: their marks stand beneath or above
    columns = {c.column for c in options}
    if not down and len(columns) != 1:
        return _table_text(table)
    line = next(iter(rows if down else columns))
    near = {(r if down else c) - line for r, c in marks}
    if len(near) != 1 or abs(next(iter(near))) != 1:
        return _table_text(table)
    at = line + next(iter(near))
    ticked = [bool(marks.get((at, c.column) if down else (c.row, at))) for c in options]
    return " ".join(f"（{'√' if on else ' '}）{c.text.strip()}" for c, on in zip(options, ticked, strict=True))


def _table_text(table: Table) -> str:
    """A nested table as text, a line a row: for a value written into a table of its own."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell.text.strip())
    return "\n".join(" ".join(parts) for _, parts in sorted(rows.items()))
