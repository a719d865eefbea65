"""Letters as they go out: numbered, kept while they say the same, put by and accounted for when they do not.

A letter about what the one before was about is that letter, with its number and date. One about something else is a new one;
the one before goes to 已发 and stays there. Nothing that a person changed is written over. What was issued is in the book of
decisions, and stays as it was issued, whatever becomes of the state kept here; an office that issues at the desk has its letters
numbered there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from records.book.events import Event
from records.folders import make_folder
from reports.papers.letters import Issue, Writer
from reports.results.model import DistrictResult
from reports.results.posting import FOLDER, SENT, Post, Sending, addressed, free, names, posts, same_name
from reports.results.progress import State
from reports.safe.atomic import is_open

Kept = dict[str, Any]
"""What is kept of a letter: file, sha256, mark (what it is about), order and number, date, due, title, applicant, form,
points (ids of findings); of one put by also its outcome, of one that the book has as issued its SHA-256 then (``issued``)."""
Replace = Callable[..., Path]
ISSUED = "已签发"
"""The folder below the output that holds what was issued, under its SHA-256; nothing is ever taken out of it."""
_REWORDED = "事项未变，文字或者格式有调整，另存旧文"
_SAME_POINTS = "事项未变，期限或者文字有变化，已另行发文"
_MENDED = "已答复：所列问题均已改正"
_WITHDRAWN = "审查人员已撤销所列问题，不再要求办理"
_PASSED_ON = "所列问题不再由申报单位办理"
_GONE = "不再收到该申报书"


@dataclass
class Outbox:
    """The letters of one district in ``folder``. ``replace`` writes a file (:func:`reports.write.replace`)."""

    result: DistrictResult
    folder: Path
    state: State
    tell: Callable[[str], None]
    replace: Replace

    def send(self) -> tuple[list[Path], list[tuple[Post, Kept]]]:
        """Write the letters; their paths, and each with what is kept of it.

        Raises :class:`reports.papers.word.BrokenTemplate` before anything is written, OSError."""
        self.state.withheld = sorted({*self.state.withheld, *issued_before(self.result)})
        writer = Writer(self.result)
        used = {int(kept.get("order") or 0) for kept in (*self.state.letters.values(), *self.state.sent)}
        issued = [(post, self._kept(post, self._mark(writer, post), used)) for post in posts(self.result)]
        made = [writer.written(post, _issue(kept)) for post, kept in issued]
        due = {post.name: kept for post, kept in issued}
        for name, before in list(self.state.letters.items()):
            if (now := due.get(name, {})).get("mark") != before.get("mark"):
                self._put_by(name, {**before, **self._issued(letter_id(before))}, now)
        paths = [self._write(post.name, kept, data) for (post, kept), data in zip(issued, made, strict=True)]
        return paths, issued

    def _mark(self, writer: Writer, post: Post) -> str:
        """What a letter is about. One that was issued in time stays that letter when its deadline has passed; one that did not say that it
        asks for all at once stays that letter when people have looked at what rules could not tell, or something more came up."""
        passed = writer.sending.passed(post.kind)
        now = _mark(writer, post, passed=passed)
        done = self.result.decided.letters
        if not done or letter_id(self._about(post, now)) in done:
            return now
        other = replace(post, whole=not post.whole)
        marks = (_mark(writer, p, passed=late) for p in (post, other) for late in (passed, not passed))
        return next((m for m in marks if letter_id(self._about(post, m)) in done), now)

    def _about(self, post: Post, mark: str) -> Kept:
        return {"mark": mark, "applicant": addressed(post.item), "form": self.result.form_label(post.item.form)}

    def _kept(self, post: Post, mark: str, used: set[int]) -> Kept:
        """A letter as it was issued, else as it is issued now; the number it takes is added to ``used``."""
        before = self.state.letters.get(post.name)
        about = self._about(post, mark)
        issued = self._issued(letter_id(about))
        if before is not None and before.get("mark") == mark:
            return {**before, **issued}
        sending, today = Sending.of(self.result), self.result.today
        scheme, order, number = sending.sender.number, 0, ""
        if scheme and not self.result.decided.letters:
            order = max([sending.sender.first - 1, *used]) + 1
            used.add(order)
            number = scheme.format(year=today.year if today else self.result.catalog.year, number=order)
        due = sending.deadline(post.kind)
        return {
            "file": post.name,
            "order": order,
            "number": number,
            "date": today.isoformat() if today else "",
            "due": due.isoformat() if due else "",
            "title": post.kind.title,
            "points": sorted(f.id for f in post.points),
            **about,
            **issued,
        }

    def _issued(self, id_: str) -> Kept:
        """With what the book says that a letter was issued; nothing where it was not."""
        facts = self._facts(id_)
        if not facts:
            return {}
        found = {k: facts[k] for k in ("number", "date", "due", "contact", "phone") if facts.get(k) is not None}
        return {**found, "issued": facts.get("sha256", "")}

    def _facts(self, id_: str) -> Kept:
        return issue_of(self.result.decided.letters.get(id_, ()))

    def _write(self, name: str, kept: Kept, data: bytes) -> Path:
        path, before = self.folder / str(kept["file"]), self.state.letters.get(name, {})
        if kept.get("issued"):
            data = self._as_issued(str(kept["issued"]), data)
        again, here = before.get("mark") == kept["mark"], _digest_of(path)
        # As it was issued from, where the desk was stopped before it put what was issued in its place.
        drafted = self._facts(letter_id(kept)).get("draft")
        edited = here is not None and here not in (before.get("sha256"), _digest(data), drafted)
        if not (again and edited):  # else it is this letter, as a person has it
            old_text = again and here is not None and here != _digest(data) and not kept.get("issued")
            if old_text and not is_open(path):
                self._move(path, before, _REWORDED)
            path = self.replace(path, data, self.tell, forced=False, spare=edited)
            kept |= {"file": path.name, "sha256": _digest(data)}
        self.state.letters[name] = kept
        return path

    def _as_issued(self, sha256: str, drawn: bytes) -> bytes:
        """The bytes that were issued, ``drawn`` where they are not at hand."""
        try:
            return issued_at(self.folder.parent.parent, sha256).read_bytes()
        except OSError:
            return drawn

    def _put_by(self, name: str, before: Kept, now: Kept) -> None:
        """A letter that is not due any more, or not as it is: in its place goes ``now``, if any. Where some of the inbox could not be reached nothing is known
        of what is missing: it stays."""
        if self.result.partial and not now:
            return
        path = self.folder / str(before.get("file") or name)
        outcome = self._changed(before, now) if now else self._outcome(name, before)
        here = _digest_of(path)
        if here is None:
            self.state.sent.append({**before, "file": "（原文件已移走）", "outcome": outcome})
        elif now and here not in (
            before.get("sha256"),
            before.get("issued"),
        ):  # a person's own: the new one is written beside it
            self.state.sent.append({**before, "file": path.name, "outcome": outcome})
        elif not self._move(path, before, outcome):
            if not now:
                return
            self.state.sent.append({**before, "file": path.name, "outcome": outcome})
        self.state.letters.pop(name, None)

    def _move(self, path: Path, before: Kept, outcome: str) -> bool:
        """Put a letter into 已发; False where it is open, or cannot be moved for now."""
        folder = self.folder / SENT
        make_folder(folder)
        taken = {same_name(p.name) for p in folder.iterdir()}
        date = f"（{before['date']}）" if before.get("date") else ""
        new = free(f"{path.stem}{date}", path.suffix, taken)
        try:
            if is_open(path):
                raise PermissionError(path)
            os.replace(path, folder / new)
        except PermissionError:
            self.tell(f"{FOLDER}/{path.name} 已不再有效（{outcome}），但正被打开，没有移到“{SENT}”，下次再移，请勿发出")
            return False
        self.state.sent.append({**before, "file": f"{SENT}/{new}", "outcome": outcome})
        return True

    def _outcome(self, name: str, before: Kept) -> str:
        """Why a letter is not due any more."""
        points = set(before.get("points") or ())
        if points and points <= {f.id for f in self.result.withdrawn_findings}:
            return _WITHDRAWN
        if points & {f.id for f in self.result.open_findings}:
            return _PASSED_ON
        return _MENDED if name in names(self.result) else _GONE

    def _changed(self, before: Kept, now: Kept) -> str:
        """What became of a letter in whose place another goes: of its kind, else of its points."""
        if before.get("title") not in (None, now["title"]):
            return f"文种由{before['title']}改为{now['title']}，已另行发文"
        points, still = set(before.get("points") or ()), {f.id for f in self.result.open_findings}
        if not points or points <= still:
            return _SAME_POINTS if points else "已另行发文"
        return f"已改正{len(points - still)}处，其余事项已另行发文"


def issued_before(result: DistrictResult) -> Iterator[str]:
    """The letters that were issued to applications before their text was withheld."""
    secret = withheld_of(result)
    for id_, events in result.decided.letters.items() if secret else ():
        issued = issue_of(events).get("letter", {})
        if whose(issued) in secret and not issued.get("withheld"):
            yield id_


def withheld_of(result: DistrictResult) -> set[tuple[str, str]]:
    """The applications whose text stands nowhere, as :func:`whose` has them."""
    return {(addressed(i), result.form_label(i.form)) for i in result.items if i.withheld}


def whose(kept: Mapping[str, Any]) -> tuple[str, str]:
    """Whom a letter is to: the applicant as addressed, and the form."""
    return str(kept.get("applicant", "")), str(kept.get("form", ""))


def issue_of(events: Sequence[Event]) -> Kept:
    """With what a letter was issued last; nothing where it was not."""
    return next((dict(e.after) for e in reversed(events) if e.what == "issue"), {})


def letter_id(kept: Kept) -> str:
    """What stands for a letter in the book: whom and what it is about, never its number or place."""
    about = "\x1f".join((*whose(kept), str(kept.get("mark", ""))))
    return f"L-{_digest(about.encode('utf-8', 'replace'))[:12]}"


def issued_at(out: Path, sha256: str) -> Path:
    """Where the bytes of a letter that was issued are kept."""
    return out / ISSUED / f"{sha256}.docx"


def _mark(writer: Writer, post: Post, *, passed: bool) -> str:
    """A digest of what a letter is about: its kind, its points, whom it asks, by when, and whether that has passed."""
    told = writer.context(post, Issue())
    points = [[g["标题"], *(p["内容"] for p in g["项"])] for g in told["事项"]]
    about = [told["标题"], told["申报单位"], told["期限"], passed, post.whole, points]
    return _digest(json.dumps(about, ensure_ascii=False).encode("utf-8", "replace"))[:16]


def _issue(kept: Kept) -> Issue:
    return Issue(str(kept["number"]), dt.date.fromisoformat(kept["date"]) if kept["date"] else None)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of(path: Path) -> str | None:
    return _digest(path.read_bytes()) if path.is_file() else None
