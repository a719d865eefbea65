"""What holds now, from the events of the book: one pure fold, from which every paper, page and table follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from records.book.events import FIRST, Event
from records.book.words import later, said
from records.models import Decision, Level, Unplaced

ACTIONS: Mapping[str, Literal["维持", "撤销", ""]] = {"confirm": "维持", "withdraw": "撤销", "restore": ""}


@dataclass(frozen=True, slots=True)
class Added:
    """A person's own finding on an application. ``place`` in the form's own words; ``field`` its key where it is one's."""

    id: str
    application: str
    level: Level
    place: str
    message: str
    field: str | None
    who: str
    about: str = ""
    """The application in words, so that the finding still speaks when the application is gone."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A value as a person read it. It holds as long as the file has ``raw`` there."""

    application: str
    place: str
    """The field's key, or ``table.row.column`` with the row from 1."""
    raw: str
    text: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided on an application (``verdict``), or between applications or offices (``stands``, ``words``)."""

    who: str
    office: str
    at: str
    reason: str
    verdict: str = ""
    stands: tuple[str, ...] = ()
    words: str = ""

    def told(self) -> str:
        """In a line: what was decided, by whom, why."""
        what = self.verdict or self.words or (f"由{self.stands[0]}推荐" if self.stands else "")
        by = "：".join(p for p in (self.who, self.reason) if p)
        return f"{'' if self.verdict else f'{self.office}裁定：'}{what}{f'（{by}）' if by else ''}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a person found where the program could not tell."""

    who: str
    at: str
    reason: str

    def told(self) -> str:
        return f"{self.who}已核对：{self.reason}"


@dataclass(slots=True)
class Decided:
    """What an office has decided. ``head`` is the hash of the last event that concerns it, its own or the city's."""

    findings: dict[str, Decision] = field(default_factory=dict)
    """By id: of a finding, of a person's own one, or of words that belong to none."""
    unplaced: dict[str, Unplaced] = field(default_factory=dict)
    added: dict[str, Added] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)
    """By target."""
    checked: dict[str, Checked] = field(default_factory=dict)
    """What the program could not tell and a person has looked at, by target (:func:`records.book.events.open_point`)."""
    assigned: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Ruling] = field(default_factory=dict)
    ranks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By form: the applications' ids in their order."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    """By application."""
    letters: dict[str, list[Event]] = field(default_factory=dict)
    """By letter: what was done with it, in order."""
    head: str = FIRST


@dataclass(slots=True)
class Present:
    """What all have decided. ``seq`` and ``hash`` are of the last event."""

    offices: dict[str, Decided] = field(default_factory=dict)
    settled: dict[str, Ruling] = field(default_factory=dict)
    """By target (:func:`records.book.events.pair`)."""
    seq: int = 0
    hash: str = FIRST
    city_head: str = FIRST
    """The hash of the last event that concerns every office."""

    def of(self, office: str) -> Decided:
        """What an office has decided; nothing where it has not."""
        return self.offices.get(office) or Decided()

    def mark(self, office: str) -> str:
        """What an office's papers follow from: changes with each event that concerns it."""
        return f"{self.of(office).head}{self.city_head}"


def present(events: Iterable[Event], before: Present | None = None) -> Present:
    """The state after ``events``, which follow on ``before`` (by default: nothing), which is carried on."""
    return _fold(events, before or Present())


def followed(before: Present, events: Sequence[Event]) -> Present:
    """The same as another state: ``before`` stays as it is, for those who are looking at it."""
    offices = dict(before.offices)
    for name in {e.office for e in events} & set(offices):
        offices[name] = _copied(offices[name])
    return _fold(events, replace(before, offices=offices, settled=dict(before.settled)))


def _copied(decided: Decided) -> Decided:
    held = {f.name: getattr(decided, f.name) for f in fields(decided)}
    copies: dict[str, Any] = {name: dict(value) for name, value in held.items() if isinstance(value, dict)}
    for name in ("notes", "letters"):  # lists that grow
        copies[name] = {key: list(rows) for key, rows in copies[name].items()}
    return replace(decided, **copies)


def _fold(events: Iterable[Event], state: Present) -> Present:
    for event in events:
        own = state.offices.setdefault(event.office, Decided())
        own.head = event.hash
        state.seq, state.hash = event.seq, event.hash
        _take(state, own, event)
    return state


def _take(state: Present, own: Decided, event: Event) -> None:
    after: dict[str, Any] = event.after or {}
    target = event.target
    match event.what:
        case "confirm" if "#" in target:
            own.checked[target] = Checked(event.who, event.at, event.reason)
        case "restore" if "#" in target:
            own.checked.pop(target, None)
        case "confirm" | "withdraw" | "restore":
            own.findings[target] = _decided(own.findings.get(target), event, after)
        case "note" if "unplaced" in after:
            own.unplaced.pop(target, None)  # the last said stands last
            own.unplaced[target] = Unplaced.model_validate(after["unplaced"])
        case "note" if target.startswith("A-"):
            own.notes.setdefault(target, []).append(f"{event.who}：{event.reason}".lstrip("："))
        case "note":
            own.findings[target] = _noted(own.findings.get(target), event, after)
        case "add":
            own.added[after["id"]] = Added(
                after["id"],
                target,
                after["level"],
                after.get("place", ""),
                after["message"],
                after.get("field"),
                event.who,
                after.get("about", ""),
            )
        case "correct" if event.after is None:
            own.corrections.pop(target, None)
        case "correct":
            application, _, place = target.partition("#")
            raw = str((event.before or {}).get("raw", ""))
            own.corrections[target] = Correction(application, place, raw, after["text"], event.who, event.reason)
        case "assign":
            own.assigned[target] = str(after.get("to", ""))
        case "decide" if event.after is None:
            own.verdicts.pop(target, None)
        case "decide":
            own.verdicts[target] = Ruling(event.who, event.office, event.at, event.reason, verdict=after["verdict"])
        case "rank":
            own.ranks[target.partition("/")[2]] = tuple(after.get("order", ()))
        case "settle":
            state.city_head = event.hash
            state.settled[target] = Ruling(
                event.who,
                event.office,
                event.at,
                event.reason,
                stands=tuple(after.get("stands") or ()),
                words=str(after.get("words") or ""),
            )
        case "issue" | "send" | "answer" | "close":
            own.letters.setdefault(target, []).append(event)


def _decided(old: Decision | None, event: Event, after: Mapping[str, Any]) -> Decision:
    new = Decision(
        finding=event.target,
        action=ACTIONS[event.what],
        reason=event.reason,
        by=str(after.get("by", event.who if ACTIONS[event.what] or event.reason else "")),
        evidence=str(after.get("evidence", "")),
        evidence_mark=str(after.get("evidence_mark", "")),
        about=str(after.get("about", "")),
        history=list(after.get("history", ())),
        source=event.source,
        asked=str(after.get("asked", "")),
    )
    return later(_undisputed(old), new)


def _noted(old: Decision | None, event: Event, after: Mapping[str, Any]) -> Decision:
    """A remark: it takes the place of an earlier one; beside a decision it goes into the history, and words against a
    decision make a dispute."""
    if old is not None and "against" in after:
        mine = f"{'工作台' if old.source == 'desk' else '命令' if old.source == 'command' else '台账'}：{said(old)}"
        disputed = list(dict.fromkeys([*(old.disputed or [mine]), str(after["against"])]))
        return old.model_copy(update={"disputed": disputed})
    if old is not None and old.action and event.source != "workbook":
        words = f"备注{f'（{event.who}）' if event.who else ''}：{event.reason}"
        return old.model_copy(update={"history": list(dict.fromkeys([*old.history, words]))})
    return _decided(old, event.model_copy(update={"what": "restore"}), after)


def _undisputed(old: Decision | None) -> Decision | None:
    """What was in dispute goes into the history when a person settles it."""
    if old is None or not old.disputed:
        return old
    words = [f"{w}（有过不一致，后由人核定）" for w in old.disputed]
    return old.model_copy(update={"disputed": [], "history": [*old.history, *words]})
