"""The models every other package speaks in: what was read, and what was found.

A file becomes a :class:`Reading`: its :class:`Record` (what ``shenbao extract`` prints) and the facts about the
file that rules need and the record does not print (its lines, the labels it lacks, its seals). Rules turn a
reading into :class:`Finding` and :class:`Assessment` objects.

None of these models holds a clock time: the same inbox gives the same bytes.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from catalog.rules import Actor
from records.compact import compactable

FormName = str
"""A form of the notice, or :data:`UNKNOWN`."""
UNKNOWN = "unknown"
"""The form of what is none of the notice's."""
Level = Literal["reject", "fix", "note"]
Outcome = Literal["pass", "finding", "cannot_tell", "not_applicable"]
Place = Literal["cover", "body", "cell", "header", "footer", "textbox", "footnote", "hidden"]

SCHEMA = "shenbao.record/1"
SCANNED = "F08"
"""The code of the notes on what was read from a picture."""
NOTES = {
    "F01": "文件打不开", "F02": "文件设有密码", "F04": "文件带有宏或嵌入程序", "F05": "文件留有修订或批注", "F06": "不是本通知的表", SCANNED: "由扫描件识别而来",
    "F09": "压缩包未予解压", "F11": "扩展名与内容不符", "S03": "有隐藏文字或外部链接",
}  # fmt: skip
"""The codes that readers give their notes, and what each is about. A note is told of by the rule that takes it, and by nothing else."""
FOREIGN = "没有按本通知读取"
"""In what is said of a file that belongs to another notice."""
UNREAD = "UNREAD"
"""The code of the note on a file that this installation could not read for want of a part (named in ``evidence``). It is no
rule's: nothing is held against the file."""
CERTAIN = 0.95
"""A value at this confidence or more is taken as certain; below it, it is marked as unsure (rule F08)."""


@compactable
class Value(BaseModel):
    """One value of a form with its evidence.

    ``value`` is typed (str, float/int, bool, ISO date string, period dict, list of instances) or None where the form
    is blank or the text is not of its type; ``raw`` is the text as it stands in the file, white space folded, "" where
    blank; ``where`` a place a person can find; ``confidence`` 0-1; ``doubts`` names why it is below 1
    (:mod:`records.doubts`), left out of JSON where there are none.
    """

    model_config = ConfigDict(extra="forbid")

    value: Any = None
    raw: str = ""
    where: str = ""
    confidence: float = 1.0
    doubts: tuple[str, ...] = Field(default=(), exclude_if=operator.not_)
    read_as: str | None = Field(default=None, exclude_if=lambda text: text is None)
    """Where a person corrected the reading: what the machine read there. Left out of JSON elsewhere."""

    @property
    def blank(self) -> bool:
        """True where the form has nothing (or only a placeholder) here."""
        return self.value is None and not self.raw

    @property
    def certain(self) -> bool:
        return self.confidence >= CERTAIN


Row = dict[str, Value]


def as_text(value: Any) -> str:
    """A typed value as text, "" for None; several ticks are joined by 、."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(value)
    return "" if value is None else str(value)


class Note(BaseModel):
    """What the reader noticed about the file itself; ``code`` is that of the rule which reports it (F…, S03)."""

    code: str
    message: str
    where: str = ""
    evidence: str = ""


ARCHIVES = frozenset({"zip", "7z", "rar", "tar"})
"""Formats of files that hold files."""


class Source(BaseModel):
    """The file a record was read from. ``path`` uses "/"; a member of an archive is ``a.zip!/b/c.docx``."""

    path: str
    sha256: str
    format: str
    pages: int | None = None
    member_of: str | None = None


class Record(BaseModel):
    """One document as the outside sees it (the record contract, ``shenbao.record/1``)."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: str = Field(default=SCHEMA, alias="schema")
    form: FormName = "unknown"
    source: Source
    fields: dict[str, Value] = {}
    tables: dict[str, list[Row]] = {}
    sections: dict[str, Value] = {}
    notes: list[Note] = []

    def get(self, key: str) -> Value | None:
        """The value of a field or of a section; None where the form has no such key."""
        found = self.fields.get(key)
        return found if found is not None else self.sections.get(key)

    def text(self, key: str) -> str:
        """The value of a field or section as text, "" where there is none."""
        found = self.get(key)
        return "" if found is None else as_text(found.value)

    @property
    def unread(self) -> Note | None:
        """The note that says what this installation lacks to read the file; None where it lacks nothing."""
        return next((note for note in self.notes if note.code == UNREAD), None)

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True)


class TextLine(NamedTuple):
    """A paragraph of the file, wherever it stands (headers, footers and text boxes too)."""

    text: str
    where: str
    place: Place


class MissingLabel(NamedTuple):
    """A label of the blank form that the file does not have (rule F07)."""

    key: str
    label: str
    part: str


class Seal(NamedTuple):
    """A seal seen on a scanned or picture page."""

    where: str
    colour: str


class Reading(BaseModel):
    """All that reading one document gave: the record, and the facts that rules need beyond it.

    ``seals`` is None where the document is typed text (there is nothing to look for), a list where its pages are
    pictures. ``annexes`` names the files of the same application that are no form (licences, certificates …).
    ``fingerprint`` of a file that could not be read is still its SHA-256 in ``record.source``.
    """

    record: Record
    lines: Sequence[TextLine] = []
    missing_labels: list[MissingLabel] = []
    seals: list[Seal] | None = None
    annexes: list[str] = []
    failed: str = ""
    """The exception that stopped the reader, its traceback below it, where one did: for the log and run.json. The record then
    has the note F01."""
    parts: list[str] = []
    """The files an application was read from together, its first included; [] for a file read alone."""
    elsewhere: str = ""
    """Of a file that belongs to another notice: to which, and what to do, in Chinese. The record then has no form."""

    @field_serializer("lines")
    def _lines_as_list(self, lines: Sequence[TextLine]) -> list[TextLine]:
        return list(lines)


class Submission(BaseModel):
    """A reading with its standing in a round. ``modified`` is the file's modification time in seconds since 1970,
    used only to order versions of one application (rule F10), never written to records or findings."""

    district: str
    document: str
    reading: Reading
    modified: float = 0.0

    @property
    def record(self) -> Record:
        return self.reading.record


class Finding(BaseModel):
    """One breach of one rule; the key order is that of findings.jsonl."""

    id: str
    code: str
    level: Level
    district: str = ""
    document: str = ""
    applicant: str = ""
    form: str = "unknown"
    field: str | None = None
    row: int | None = None
    where: str = ""
    evidence: str = ""
    expected: str = ""
    message: str
    clause: str
    place: str = ""
    """``where`` in the form's own words, for people (:mod:`checks.places`)."""
    actor: Actor = "applicant"
    """Who has to act."""


@compactable
class Assessment(BaseModel):
    """The outcome of one rule on one document (assessments.jsonl). ``district`` says whose it is (a district's own
    outcome stands on document ""); it is not written."""

    document: str
    code: str
    outcome: Outcome
    why: str = ""
    district: str = Field(default="", exclude=True)


class Decision(BaseModel):
    """What a reviewer decided about one finding, kept by the finding's ``id``.

    ``action`` is 维持 or 撤销, "" where only a remark was written or an earlier decision was taken back. ``evidence``
    is the finding's evidence as it stood when the decision was made, and ``evidence_mark`` its digest: a withdrawn
    finding stays withdrawn as long as they agree. ``history`` keeps earlier words, oldest first.
    """

    model_config = ConfigDict(extra="ignore")

    finding: str
    action: Literal["维持", "撤销", ""] = ""
    reason: str = ""
    by: str = ""
    evidence: str = ""
    evidence_mark: str = ""
    about: str = ""
    """Code, applicant and message of the finding, so that the words still speak when the finding is gone."""
    history: list[str] = []
    source: str = Field(default="", exclude=True)
    """Where it was put down last: desk, workbook, command."""
    asked: str = Field(default="", exclude_if=operator.not_)
    """A word in the cell for the action that is near one and none (撤消): a person is asked what is meant."""
    disputed: list[str] = Field(default=[], exclude_if=operator.not_)
    """Words that contradict each other, each with where it was put down: none holds until a person settles it."""


class Unplaced(BaseModel):
    """Words that a person wrote into a workbook and that are no decision on a finding that the program knows.

    ``cells`` holds them by the head of their column (its letter where it has none); ``near`` is what the program had
    written beside them, ``finding`` the id of the finding in whose row they stand, ``sha256`` that of the workbook,
    which is kept. ``id`` follows from what they say and where, not from the workbook: a copy says them again.
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    workbook: str
    sha256: str
    sheet: str = ""
    row: int = 0
    """From 1; 0: in no row."""
    finding: str = ""
    near: str = ""
    cells: dict[str, str]
    why: str
