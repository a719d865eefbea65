"""The register of letters: drafted by the program, issued, sent, answered and closed by people. What was issued is kept, byte for
byte, with its number, date, deadline and contact in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from catalog.oserror import cause
from flows.desk.desk import Desk
from flows.desk.letters import STEPS, Letter, due_of, letters_of
from flows.desk.numbers import Numbers
from flows.desk.rights import Person, Refused, Role
from flows.desk.round import NoRound
from records.book.events import Entry, Event
from records.book.keeping import Taken
from reports.outgoing import issue_of, issued_at, whose, withheld_of
from reports.papers.issuing import NotIssuable, Terms, issued
from reports.results.posting import FOLDER
from reports.safe.atomic import is_open, write_bytes
from reports.safe.text import line

logger = logging.getLogger("shenbao.desk")
Step = Literal["send", "answer", "close"]
_NOTHING = "（未作任何改动）"


@dataclass(frozen=True)
class Wanted:
    """With what letters are to be issued, as it was typed. ``number`` may hold {n} for a number in order, from ``first`` on (None:
    after the last); what is "" is as the drafts and the office have it. ``again``: what was issued and not yet sent is issued anew."""

    number: str = ""
    first: int | None = None
    date: str = ""
    due: str = ""
    contact: str = ""
    phone: str = ""
    again: bool = False


@dataclass(frozen=True)
class _Ready:
    """A letter about to be issued."""

    letter: Letter
    terms: Terms
    data: bytes
    kept: dict[str, Any]
    draft: str
    """SHA-256 of the draft that it was made from."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Register:
    """The register of an office's letters, in the hands of one person."""

    desk: Desk
    person: Person
    office: str
    seen: int

    @cached_property
    def _letters(self) -> dict[str, Letter]:
        return {x.id: x for x in letters_of(self.desk, self.office)}

    @cached_property
    def _due(self) -> dict[str, dict[str, Any]]:
        return due_of(self.desk, self.office)

    def letter(self, id_: str) -> Letter:
        found = self._letters.get(id_)
        if found is None:
            raise Refused("没有这封通知：重新审查之后它已不在了，请刷新", 404)
        return found

    def issue(self, ids: Sequence[str], wanted: Wanted) -> list[Event]:
        """Issue letters as they lie in the office's folder, with what was typed in them, and keep their very bytes: all or none.
        Raises :class:`Refused`."""
        numbers = Numbers.of(self.desk, self.office)
        date = _day(wanted.date) or today(self.desk)
        scheme = line(wanted.number, 60) or numbers.usual(date.year)
        if scheme and "{n}" not in scheme and len(ids) > 1:
            raise Refused(f"一次签发多封，文号中须有 {{n}}，否则各封文号相同{_NOTHING}", 422)
        at = wanted.first if wanted.first is not None else numbers.next(scheme)
        ready = []
        for n, id_ in enumerate(ids, at):
            letter = self._issuable(id_, again=wanted.again)
            number = scheme.replace("{n}", str(n)) if scheme else letter.number
            self._free(numbers, letter, number)
            terms = Terms(number, date, _day(wanted.due), line(wanted.contact, 30), line(wanted.phone, 40))
            ready.append(self._ready(letter, terms))
        return self._put_all(ready)

    def _free(self, numbers: Numbers, letter: Letter, number: str) -> None:
        """Raises :class:`Refused` where a number is missing, or is another letter's."""
        if not number:
            raise Refused(f"请填写文号{_NOTHING}", 422)
        if numbers.issued.get(number, letter.id) != letter.id:
            raise Refused(f"文号“{number}”已经用过，不能再用{_NOTHING}", 409)

    def _issuable(self, id_: str, *, again: bool) -> Letter:
        """A letter that may be issued. Raises :class:`Refused` where it was already, or still tells of what was withdrawn."""
        letter = self.letter(id_)
        if letter.step != ("issue" if again else ""):
            raise Refused("这封通知已经发出，不能改签" if again and letter.step else "这封通知已经签发过", 409)
        if letter.withheld:
            raise Refused("所涉材料带有密级或保密标志，这封通知不能改签，请交本单位保密工作人员", 403)
        if letter.withdrawn and self._is_as_drafted(letter):
            raise Refused(
                f"{letter.applicant}的{letter.title}写成之后，其中{letter.withdrawn}处问题已被撤销；请重新运行审查，或在 Word 中改过草稿再签发",
                409,
            )
        return letter

    def _is_as_drafted(self, letter: Letter) -> bool:
        """Whether nobody has changed the draft since the program wrote it."""
        return hashlib.sha256(self._draft(letter)).hexdigest() == self._kept(letter).get("sha256")

    def _kept(self, letter: Letter) -> dict[str, Any]:
        """What the last run kept of a draft; of one that is due no longer, what the book has."""
        events = self.desk.decisions.now().of(self.office).letters.get(letter.id, ())
        return self._due.get(letter.id) or dict(issue_of(events).get("letter", {}))

    def _draft(self, letter: Letter) -> bytes:
        path = self._path(letter) if letter.draft else issued_at(self.desk.settings.out, letter.sha256)
        try:
            return path.read_bytes()
        except OSError as problem:
            raise Refused(f"读不到 {FOLDER}/{letter.file}：可能已被移走，请重新运行审查", 404) from problem

    def _path(self, letter: Letter) -> Path:
        return self.desk.settings.out / self.office / FOLDER / letter.file

    def _ready(self, letter: Letter, terms: Terms) -> _Ready:
        draft = self._draft(letter)
        try:
            data, stands = issued(draft, self.desk.catalog.letters, letter.title, letter.number, terms)
        except NotIssuable as problem:
            raise Refused(f"{letter.applicant}的{letter.title}：{problem}{_NOTHING}", 422) from problem
        if stands.due is not None and stands.due < stands.date:
            raise Refused(
                f"{letter.applicant}的{letter.title}：期限{stands.due}早于日期{stands.date}，请改正{_NOTHING}", 422
            )
        return _Ready(letter, stands, data, self._kept(letter), hashlib.sha256(draft).hexdigest())

    def _put_all(self, ready: Sequence[_Ready]) -> list[Event]:
        entries, keys = [], []
        secret = set[tuple[str, str]]()
        with suppress(NoRound):
            secret = withheld_of(self.desk.office(self.office).result)
        for r in ready:
            write_bytes(issued_at(self.desk.settings.out, r.sha256), r.data)
            about = {k: r.kept.get(k) for k in ("file", "title", "applicant", "form", "mark", "points", "due")}
            if whose(r.kept) in secret:
                about["withheld"] = True
            terms = r.terms
            after = {
                "number": terms.number,
                "date": terms.date.isoformat(),
                "due": terms.due.isoformat() if terms.due else "",
                "contact": terms.contact,
                "phone": terms.phone,
                "sha256": r.sha256,
                "draft": r.draft,
                "letter": about,
            }
            entries.append(self._entry("issue", r.letter.id, after, ""))
            # A letter that is issued anew may keep its number.
            keys.append(
                "" if terms.number == r.letter.number and r.letter.step else f"number:{self.office}:{terms.number}"
            )
        try:
            events = self.desk.decisions.put_down_all(
                entries, seen=self.seen, about=tuple(r.letter.id for r in ready), keys=keys
            )
        except Taken as problem:
            raise Refused(f"文号“{problem.key.rpartition(':')[2]}”刚被用掉，请再试一次{_NOTHING}", 409) from problem
        for r in ready:
            self._show(r)
        return events

    def _show(self, ready: _Ready) -> None:
        """What was issued also lies where its draft lay; who has that open finds it there after the next review."""
        path = self._path(ready.letter)
        if not ready.letter.draft or is_open(path):
            return
        try:
            write_bytes(path, ready.data)
        except OSError as problem:
            logger.warning("签发的通知没有写到 %s：%s", FOLDER, cause(problem))

    def _drafted(self, letter: Letter) -> str:
        """SHA-256 of the draft that a letter was issued from; "" where the book does not say."""
        events = self.desk.decisions.now().of(self.office).letters.get(letter.id, ())
        return str(issue_of(events).get("draft", ""))

    def show_issued(self) -> None:
        """What was issued also where its draft still lies as it was: the program was stopped between the two."""
        for letter in self._letters.values():
            drafted = self._drafted(letter) if letter.draft and letter.sha256 else ""
            path = self._path(letter)
            with suppress(OSError):
                if drafted and hashlib.sha256(path.read_bytes()).hexdigest() == drafted and not is_open(path):
                    write_bytes(path, issued_at(self.desk.settings.out, letter.sha256).read_bytes())

    def step(self, ids: Sequence[str], what: Step, date: str, words: str) -> list[Event]:
        """Send letters, note what came back, or close them. Raises :class:`Refused`."""
        day = _day(date) or today(self.desk)
        for id_ in ids:
            letter = self.letter(id_)
            if what not in letter.next:
                raise Refused(f"{letter.applicant}的{letter.title}现在不能登记为“{STEPS[what]}”{_NOTHING}", 409)
            if day.isoformat() < letter.at:
                raise Refused(
                    f"{letter.applicant}的{letter.title}：{STEPS[what]}的日期{day}早于{STEPS[letter.step]}的日期{letter.at}{_NOTHING}",
                    422,
                )
            if day > today(self.desk):
                raise Refused(f"日期{day}还没有到，请写实际的日期{_NOTHING}", 422)
        entries = [self._entry(what, id_, {"date": day.isoformat()}, words) for id_ in ids]
        return self.desk.decisions.put_down_all(entries, seen=self.seen, about=tuple(ids))

    def _entry(self, what: Any, id_: str, after: dict[str, Any], reason: str) -> Entry:
        return Entry(
            who=self.person.name,
            office=self.office,
            what=what,
            target=id_,
            after=after,
            reason=reason.strip(),
            source="desk",
        )


def show_issued(desk: Desk) -> None:
    """Put what was issued where its draft lay, where the program was stopped before it came to that."""
    for office in desk.round.offices():
        Register(desk, Person("", Role.LEAD, office), office, 0).show_issued()


def today(desk: Desk) -> dt.date:
    """The date where the office is."""
    return dt.datetime.now(ZoneInfo(desk.settings.timezone)).date()


def _day(text: str) -> dt.date | None:
    """A date, None for none. Raises :class:`Refused`."""
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as problem:
        raise Refused(f"日期须写成 2023-08-15 的样子{_NOTHING}", 422) from problem
