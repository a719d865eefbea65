"""Taking a folder's workbooks in and writing its own anew, so that nothing that people wrote is lost on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from records.book.keeping import Book, Moved
from records.book.state import Decided, Present, Ruling, present
from records.models import Decision, Finding, Unplaced
from reports.results.progress import STATE, State
from reports.safe.atomic import beside, is_open, why_beside, write_if_changed
from reports.workbook import decisions as words
from reports.workbook import exports
from reports.workbook.copies import Changed, archive, put_away, sha256_of, swap
from reports.workbook.grid import read_grid
from reports.workbook.own.carried import Carried
from reports.workbook.proof import digest
from reports.workbook.said import in_order
from reports.workbook.understand import Drawn

Say = Callable[[str], None]
_READ = "read:"
"""Under this and its SHA-256 the book remembers a workbook all of whose words it holds."""
_TRIES = 5
"""How often a workbook that people save again and again while we write is read anew."""


@dataclass
class Heard:
    """What the workbooks of a folder said, and the book after it. ``messages`` tell a person what was taken in and what was not."""

    decided: Decided = field(default_factory=Decided)
    settled: dict[str, Ruling] = field(default_factory=dict)
    mark: str = ""
    """What the office's papers follow from (:meth:`records.book.state.Present.mark`)."""
    hash: str = ""
    """What the round's papers follow from: the last event of all."""
    carried: Carried = field(default_factory=Carried)
    """What people made of the workbooks besides words, which comes back."""
    troubles: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    written: dict[Path, str] = field(default_factory=dict)
    """The workbooks as the program wrote them: path → SHA-256."""

    @property
    def decisions(self) -> dict[str, Decision]:
        return self.decided.findings

    @property
    def unplaced(self) -> dict[str, Unplaced]:
        return self.decided.unplaced

    def take(self, state: Present, office: str) -> None:
        """Take over what the book says of an office."""
        self.decided, self.settled = state.of(office), state.settled
        self.mark, self.hash = state.mark(office), state.hash

    def stands(self) -> bool:
        """Whether nobody has saved a workbook since it was written."""
        return all(p.exists() and sha256_of(p) == sha256 for p, sha256 in self.written.items())

    def waiting(self) -> list[Unplaced]:
        """The words that belong to no finding and on which nobody has said yet what became of them."""
        return [u for u in in_order(self.unplaced) if not u.placed and not words.draft(self.decisions.get(u.id))]


@dataclass(frozen=True)
class Kept:
    """A workbook that people work in: ``main`` is its name, ``sheets`` the names of its own sheets, ``findings`` those
    it lists. ``office`` is whose decisions stand in it, ``book`` where they are recorded."""

    folder: Path
    main: str
    sheets: Collection[str]
    book: Book
    office: str
    findings: Collection[Finding] = ()
    whose: words.Whose = lambda _own: None

    def rewrite(self, heard: Heard, state: State, make: Callable[[Heard], bytes], tell: Say) -> list[Path]:
        """Put what all workbooks in the folder say down in the book, and write ``make(heard)``.

        A workbook that was saved between its reading and its writing is read again. Returns the paths written. Raises
        OSError, StoreError, and ValueError where an export is damaged; then nothing was overwritten.
        """
        for attempt in range(_TRIES):
            found = self._put_down(heard, state, make)
            heard.troubles = found.troubles
            if found.taken_over and self.book.lasts:
                found.heard.insert(0, f"{exports.STORE}等中有决定簿里没有的意见{found.taken_over}处，已收入决定簿")
            heard.messages = list(dict.fromkeys([*heard.messages, *found.heard]))
            data = make(heard)
            paths = self._store(heard, state)
            state.copies = found.copies
            for name, left in found.read.items():
                if _digest(left) not in (state.workbook, *state.spares):
                    archive(self.folder, name, left)
            read = [sha256 for path, sha256 in found.seen.items() if path not in found.unread]
            self.book.remember(f"{_READ}{sha256}" for sha256 in (*read, _digest(data)))
            self._note(state, *state.spares, _digest(data))
            put_away(self.folder, {state.workbook, *state.spares})
            try:
                book = self._put(data, found, state, tell, spare=attempt == _TRIES - 1)
            except Changed:
                continue
            heard.written[book] = _digest(data)
            for message in found.troubles:
                tell(message)
            return [*paths, book]
        raise AssertionError("the last attempt writes beside")

    def _put_down(self, heard: Heard, state: State, make: Callable[[Heard], bytes]) -> words.Gathered:
        """Gather the words, and put what is new into the book, all of it at once; where somebody decides on the same meanwhile, the
        words are looked at again beside it."""
        while True:
            present_ = present(self.book.events())
            heard.take(present_, self.office)
            found = self.gather(present_, state, lambda: self._drawn(make(heard)))
            heard.carried, state.own = found.carried, bool(found.carried)
            entries = [entry.model_copy(update={"office": self.office}) for entry, _ in found.made]
            try:
                made = self.book.append(entries, seen=present_.seq, keys=[key for _, key in found.made])
            except Moved:
                continue
            heard.take(present(self.book.events(present_.seq), present_) if made else present_, self.office)
            return found

    def _drawn(self, data: bytes) -> dict[str, frozenset[int]]:
        """What stands in a workbook of the program's own, as :func:`gather` wants to know it."""
        sheets = read_grid(self.main, data).sheets
        return {s.name: frozenset(digest(t) for cells in s.rows.values() for t in cells.values()) for s in sheets}

    def gather(self, state_: Present, state: State, drawn: Drawn | None = None) -> words.Gathered:
        """The words of all workbooks in the folder and of its exports, which stay as they are. Raises as :meth:`rewrite`."""
        store = self.folder / exports.STORE
        unchanged = state.store == (_digest(store.read_bytes()) if store.exists() else "-")
        return words.gather(
            self.folder,
            state_.of(self.office),
            {name: sha256 for name, sha256 in state.copies.items() if self._holds(sha256)},
            main=self.main,
            office=self.office,
            findings={f.id: f for f in self.findings},
            sheets=self.sheets,
            as_written=state.workbook if unchanged and self._holds(state.workbook) else "",
            carries=state.own,
            whose=self.whose,
            taken=lambda sha256, id_: self.book.knows(f"{sha256}:{id_}"),
            drawn=drawn,
        )

    def _holds(self, sha256: str) -> bool:
        """Whether all words of a workbook are in the book; one for the moment is made from the exports, which hold them."""
        return not self.book.lasts or self.book.knows(f"{_READ}{sha256}")

    def _store(self, heard: Heard, state: State) -> list[Path]:
        """The words go to disk before anything that could fail."""
        paths = []
        kept = exports.dump_store(heard.decisions, self.findings)
        for name, data in ((exports.STORE, kept), (exports.UNPLACED_STORE, exports.dump_unplaced(heard.unplaced))):
            if data or (self.folder / name).exists():
                paths.append(write_if_changed(self.folder / name, data))
        state.store = _digest(kept) if (self.folder / exports.STORE).exists() else "-"
        return paths

    def _note(self, state: State, *spares: str) -> None:
        state.spares = sorted({s for s in spares if s and s != state.workbook})
        write_if_changed(self.folder / STATE, state.dump())

    def _put(self, data: bytes, found: words.Gathered, state: State, tell: Say, *, spare: bool) -> Path:
        path, ours = self.folder / self.main, {state.workbook, *state.spares}
        unread = path in found.unread
        if not (spare or unread or is_open(path)):
            try:
                self._swap(path, data, found.seen.get(path, ""))
            except PermissionError:
                pass
            else:
                state.workbook = _digest(data)
                self._note(state, *self._drop_spares(found, ours))
                return path
        for other in (beside(path, f"新{n if n > 1 else ''}") for n in range(1, 1000)):
            if is_open(other) or other in found.unread:
                continue
            try:
                self._swap(other, data, found.seen.get(other, ""))
            except PermissionError:
                if path.parent.exists() and not other.exists():
                    raise
                continue
            self._note(state, *ours)
            tell(why_beside(path, other, spared=unread))
            return other
        raise AssertionError("a thousand workbooks are open")

    def _swap(self, path: Path, data: bytes, expected: str) -> None:
        if expected == _digest(data):
            if not path.exists() or sha256_of(path) != expected:
                raise Changed(path.name)
            return
        swap(path, data, expected)

    def _drop_spares(self, found: words.Gathered, ours: Collection[str]) -> list[str]:
        """Remove the workbooks that were written beside while this one was open, unless people changed them; the rest
        stays ours to remove later."""
        left = []
        for path, sha256 in found.seen.items():
            if sha256 not in ours or not path.name.startswith(f"{Path(self.main).stem}（新"):
                continue
            if is_open(path):
                left.append(sha256)
            else:
                path.unlink(missing_ok=True)
        return left


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
