"""Labels and values in lines outside tables: the cover, items written as paragraphs, values that go on in the next line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.document.doubts import (
    IN_NEXT_CELL,
    IN_NEXT_PARAGRAPH,
    LABELS_SIDE_BY_SIDE,
    RUNS_ON,
    RUNS_OVER_ITEMS,
    WRAPPED,
    Doubt,
    together,
)
from extractors.document.model import Paragraph
from extractors.fitting import inline_labels as inline
from extractors.fitting.candidates import Candidate
from extractors.fitting.fields.answers import Answers
from extractors.fitting.fields.rows import RowFitter
from extractors.fitting.labels import LabelIndex, Target, bare, fold_label
from extractors.fitting.settings import LINES
from extractors.fitting.values import UNIT_LINE, is_empty_date, unit_stated
from records import normalise

_WHOLE = re.compile(r"(?:公司|集团|[厂院所局委会府办部社行处]|中心|大学)\s*+(?:[(（][^()（）]*+[)）]\s*+)?$")
_WHOLE_TITLE = re.compile(r"(?:场景|工厂|项目)\s*+(?:[(（][^()（）]*+[)）]\s*+)?$")
"""How names of companies and offices, and titles of projects, end."""
_NO_TAIL = re.compile(
    r"[:：]|盖章|公章|(?:19|20)\d\d\s*年|[〇○零二][〇○零一二三四五六七八九]{3}年|^[(（].*[)）]$|(?:编?制|印|监制)$"
)
"""What stands on a cover by itself: items, seals, dates, remarks in brackets, who issues the form."""
_SEALED = re.compile(r"[(（](?:加盖|单位)?(?:盖章|公章|签章)[)）]\s*+$")

_SIGNED = re.compile(r"签[字名章]")


def _ends(held: str, rest: str, *, sealed: bool) -> bool:
    """Whether ``rest``, on a line of its own, is the end of the name ``held``; ``sealed``: the place for a seal follows."""
    if not re.fullmatch(r"[\u4e00-\u9fff()（）]{1,14}", rest):
        return False
    return not _WHOLE.search(held) if sealed else len(rest) <= LINES.name_tail and not _WHOLE.search(held)


def _is_signature(pair: inline.Pair) -> bool:
    """Whether a label asks for somebody's signature (法定代表人（签字）) that no item of the form asks for: the name there is not
    the item's of that name, which stands elsewhere or was left blank."""
    if not _SIGNED.search(pair.label):
        return False
    return not any(_SIGNED.search(w) for t in pair.targets for w in (t.field.label, *t.field.aliases, *t.field.hints))


@dataclass(slots=True)
class LineFitter:
    """Reads paragraphs into the answers."""

    index: LabelIndex
    answers: Answers
    rows: RowFitter
    cover_only: bool = False
    """Before part 一: paragraphs there hold items of the cover alone."""
    people: str = ""
    """The people whose items the lines are about, after a line that names them alone (联系人)."""
    wraps: Target | None = None
    """The item of the cover whose value may go on in the next paragraph."""
    wraps_at: int = 0
    """The number of the paragraph that holds it."""
    pending: Target | None = None
    """A label of the cover whose value is to be looked for in the next paragraph."""
    running: Target | None = None
    """A long text whose further paragraphs may follow."""
    above: list[Target] = field(default_factory=list)
    """Labels of the cover that stand beside one another, their values to be looked for beneath."""

    def rest(self) -> None:
        """A heading, a title or a table was met: no value goes on behind it."""
        self.pending = self.wraps = self.running = None

    def paragraph(self, paragraph: Paragraph) -> bool:
        """Labels and values of a paragraph outside tables; True where it held any."""
        text = paragraph.text
        if len(text) <= LINES.unit_line and "元" in text and UNIT_LINE.fullmatch(text.strip()):
            self.rows.unit_above = unit_stated(text)
            return True
        if self.answers.awaiting_date and self.answers.take_date(text, paragraph.where, paragraph.doubts):
            return True
        if "\t" in text and self._side_by_side(paragraph):
            return True
        if not self.cover_only and self._names_people(text):
            return True
        several = inline.pairs(text, self.index, people=True)
        if not several:
            pair = inline.leading(text, self.index)
            several = [pair] if pair else []
        if several and all(map(_is_signature, several)):
            return True
        if self.cover_only:
            items = inline.cover_items(text, self.index)
            several = items if len(items) > len(several) else several
            several = [p for p in several if any(t.field.part == "cover" for t in p.targets)]
        said = self.running is not None and bool(several) and self._were_met(several[0].targets)
        if said and self._runs_on(paragraph, RUNS_OVER_ITEMS):  # a text that tells of its company's items
            return True
        if not several and (self._wrapped(paragraph) or self._runs_on(paragraph, RUNS_ON)):
            return True
        self.wraps = self.running = None
        for pair in several:
            self._take_on_line(pair, paragraph, alone=len(several) == 1)
        if len(several) == 1 and several[0].value.strip():
            found = self.answers.again(several[0].targets)
            self.wraps = found if found is not None and found.field.part == "cover" else None
            self.wraps_at = paragraph.index
        if several:
            last = self.answers.again(several[-1].targets)
            own = last is not None and self.answers.values.get(last.field.key, Candidate()).where == paragraph.where
            self.running = last if own and last is not None and last.field.type == "long_text" else None
        cover = any(t.field.part == "cover" for t in self.index.exact(text))
        if not several and self.index.exact(text) and (cover or not self.cover_only):
            target = self.answers.choose(self.index.exact(text), "")
            if target is not None:
                self.answers.met(target, text)
                is_long = target.field.type == "long_text"
                self.running, self.pending = (target, None) if is_long else (None, target)
                return True
        self.pending = self._pending_of(several)
        return bool(several)

    def _names_people(self, text: str) -> bool:
        """A line that only names the people whose items come next (联系人, 二、法定代表人)."""
        folded = fold_label(text) if len(text) <= LINES.unit_line and text.rstrip()[-1:] not in ":：" else ""
        if not folded or not self._are_meant(folded, self.index.exact(text)):
            return False
        self.people, self.pending = folded, None
        return True

    def _are_meant(self, group: str, targets: list[Target]) -> bool:
        """Whether a word for people means those of the form's next items, not another's (联系人 of the supplier)."""
        leader = self.index.leaders.get(group)
        return leader is not None and self.answers.choose([leader, *(t for t in targets if t != leader)], "") == leader

    def _take_on_line(self, pair: inline.Pair, paragraph: Paragraph, *, alone: bool) -> None:
        """Take an item of a line; one of the people named last, where it can be theirs."""
        named = fold_label(pair.label)
        if named in self.index.leaders:
            self.people = named if self._are_meant(named, pair.targets) else ""
            if self.people and not pair.value.strip():
                return
        if self.answers.of_another(pair.label, pair.targets, self.people):
            if not alone:
                return
            self.people = ""  # on a line of its own it may be another's
        keys = self.index.groups.get(self.people, set())
        if self.people and not any(t.field.key in keys for t in pair.targets):
            self.people = ""
        # On a page nothing but a blank may part a label from a value that goes on in the next line.
        doubts = together(paragraph.doubts, (WRAPPED,)) if paragraph.page and pair.doubts else paragraph.doubts
        self.answers.take_pair(pair, paragraph.where, doubts, self.people, None)

    def _side_by_side(self, paragraph: Paragraph) -> bool:
        """Takes a line of labels of the cover alone, and the line of as many values beneath it; neither is certain."""
        parts = [part.strip() for part in re.split(r"\t+", paragraph.text.strip())]
        found = [[t for t in self.index.exact(part) if t.field.part == "cover"] for part in parts]
        if all(found):
            self.above = [targets[0] for targets in found]
            return True
        beneath, self.above = self.above, []
        if len(beneath) != len(parts) or any(self.index.exact(part) for part in parts):
            return False
        for target, part in zip(beneath, parts, strict=True):
            self.answers.assign(
                target, part, paragraph.where, together(paragraph.doubts, (LABELS_SIDE_BY_SIDE,)), target.field.label
            )
        return True

    def _wrapped(self, paragraph: Paragraph) -> bool:
        """A paragraph beneath a value of the cover that goes on with it: read so, but not as certain. It is set in, or is the
        end of a line that was too long for a page (上海某某股份有限公 / 司（盖章）), or of a title written as two paragraphs."""
        text = paragraph.text
        if self.wraps is None or any(bare(text) == h for h in self.index.hints):
            return False
        key = self.wraps.field.key
        held = self.answers.values.get(key)
        if held is None or held.value is None or self.wraps.field.type != "text" or re.search("[:：]", text):
            return False
        set_in, sealed = re.match(r"[\s\u3000]{2,}\S", text), _SEALED.search(text)
        between = "\n"
        if paragraph.page and (sealed or not set_in):
            rest = _SEALED.sub("", text).strip()
            if not _ends(str(held.value), rest, sealed=bool(sealed)) and (
                sealed or not self._next_line(paragraph, key)
            ):
                return False
            text, between = rest, ""
        elif sealed or not (set_in or self._next_line(paragraph, key)):
            return False
        whole = normalise.fold_text(f"{held.value}{between}{text}")
        raw = f"{held.raw} {normalise.fold(text)}" if between else f"{held.raw}{text}"
        self.answers.values[key] = held._replace(value=whole, raw=raw).doubted(WRAPPED)
        self.wraps = None
        return True

    def _next_line(self, paragraph: Paragraph, key: str) -> bool:
        """Whether a paragraph that is not set in goes on with the value right above: programs that know no hanging lines write
        a long title as two paragraphs, and on a page nothing tells how far a line is set in. Where the value above reads as whole, it stays as it is, but is not certain."""
        text, held = paragraph.text.strip(), self.answers.values.get(key)
        if paragraph.index - self.wraps_at not in (0, 1) or held is None or len(text) > LINES.tail:
            return False
        if _NO_TAIL.search(text) or not re.search(r"[\u4e00-\u9fff]", text) or not isinstance(held.value, str):
            return False
        field = self.index.form.field(key)
        title = field is not None and field.role == "project"
        whole = _WHOLE_TITLE if title else _WHOLE
        another = title and _WHOLE.search(text) and not _WHOLE_TITLE.search(text)
        if not whole.search(held.value) and not another:
            return True
        if not paragraph.page:  # on a page it may be a seal's text
            self.answers.values[key] = held.doubted(WRAPPED)
        return False

    def _were_met(self, targets: list[Target]) -> bool:
        return bool(targets) and all(t.field.key in self.answers.labels for t in targets)

    def _runs_on(self, paragraph: Paragraph, doubt: Doubt) -> bool:
        """A further paragraph of a long text whose label stands in the paragraph above, up to the next label or heading."""
        target, text = self.running, paragraph.text
        if target is None or self.index.exact(text) or any(bare(text) == h for h in self.index.hints):
            return False
        held = self.answers.values.get(target.field.key) or Candidate(where=paragraph.where)
        more = normalise.fold_long(text)
        joined = held._replace(
            value=more if held.value is None else f"{held.value}\n{more}",
            raw=f"{held.raw} {normalise.fold(text)}".strip(),
        )
        self.answers.values[target.field.key] = joined.doubted(doubt, *paragraph.doubts)
        return True

    def _pending_of(self, several: list[inline.Pair]) -> Target | None:
        if not several or is_empty_date(several[-1].value):
            return None  # 2023年 月 日 is the place for the answer, and left blank
        target = self.answers.again(several[-1].targets)
        if target is None:
            return None
        value = self.answers.values.get(target.field.key)
        return target if value is not None and value.blank and target.field.part == "cover" else None

    def continue_pending(self, paragraph: Paragraph) -> None:
        """A paragraph beneath a label that had no value: its value, unless it is a hint or a title."""
        target, text = self.pending, paragraph.text
        if target is None or not text.strip():
            return
        if any(bare(text) == h for h in self.index.hints) or fold_label(text) in self.index.enders:
            return
        # On a page it may as well be the next cell of a table without rules.
        doubt = IN_NEXT_CELL if paragraph.page and target.field.part != "cover" else IN_NEXT_PARAGRAPH
        self.answers.assign(target, text, paragraph.where, together((doubt,), paragraph.doubts), target.field.label)
        self.pending = None
