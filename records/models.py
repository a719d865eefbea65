"""The models every other package speaks in: what was read, and what was found.

A file becomes a :class:`Reading`: its :class:`Record` (what ``shenbao extract`` prints) and the facts about the
file that rules need and the record does not print (its lines, the labels it lacks, its seals). Rules turn a
reading into :class:`Finding` and :class:`Assessment` objects.

None of these models holds a clock time: the same inbox gives the same bytes.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

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

    value: Any = Field(None, description="规范后的值，类型随栏目（见“值的类型”）；空白的、读不成该类型的，为 null")
    raw: str = Field("", description="文件中的原文，空白已合并；空白的栏目为空字符串")
    where: str = Field("", description="在文件中的位置，如 表2 行5 列3、第4页 表1 行2 列3、段落17")
    confidence: float = Field(
        1.0,
        json_schema_extra={"minimum": 0, "maximum": 1},
        description="把握：1 为按栏目名称从文件自身的文字读出，低于 0.95 的须人工核对",
    )
    doubts: tuple[str, ...] = Field(
        default=(),
        exclude_if=operator.not_,
        description="把握不足的原因（docs/doubts.md 列明各名称）；没有的不写这个键",
    )
    read_as: str | None = Field(
        default=None,
        exclude_if=lambda text: text is None,
        description="由人更正过的：程序原来读出的文字；没有更正的不写这个键",
    )
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

    code: str = Field(description="报告这一情况的规则的编号；本机缺组件读不了的为 UNREAD")
    message: str = Field(description="情况说明")
    where: str = Field("", description="在文件中的位置")
    evidence: str = Field("", description="文件中的文字，或所缺的组件")


ARCHIVES = frozenset({"zip", "7z", "rar", "tar"})
"""Formats of files that hold files."""


class Source(BaseModel):
    """The file a record was read from. ``path`` uses "/"; a member of an archive is ``a.zip!/b/c.docx``."""

    path: str = Field(
        description="收件目录下的路径，用“/”；压缩包的成员为 a.zip!/b/c.docx；extract、check 为命令行所给的路径"
    )
    sha256: str = Field(description="收到的文件的 SHA-256")
    format: str = Field(description="按内容认出的格式：docx、doc、pdf、scan、image、zip 等")
    pages: int | None = Field(None, description="页数；不分页的格式为 null")
    member_of: str | None = Field(None, description="取自压缩包或含有几份表的文件的，那个文件的路径；否则为 null")


class Record(BaseModel):
    """One document as the outside sees it (the record contract, ``shenbao.record/1``)."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: str = Field(default=SCHEMA, alias="schema", description=f"固定为 {SCHEMA}")
    form: FormName = Field(UNKNOWN, description="是通知的哪张表；都不是的为 unknown")
    source: Source = Field(description="读自哪个文件")
    fields: dict[str, Value] = Field({}, description="封面、基本信息表等处的栏目，按键")
    tables: dict[str, list[Row]] = Field({}, description="各表格，按键；每行是“列的键 → 值”。示例行、整行空白的不算行")
    sections: dict[str, Value] = Field({}, description="各章节的文字，按键")
    notes: list[Note] = Field([], description="读取时注意到的关于文件本身的情况")
    withheld: bool = Field(
        False,
        exclude_if=operator.not_,
        description="true：有密级或保密标志，或与这样的材料文字相同，内容不写出，只留申报单位、推荐单位；其他的不写这个键",
    )

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


@dataclass(frozen=True, slots=True)
class Outline:
    """What a round asks of each of its documents again and again: a reading without what was read."""

    form: FormName
    source: Source
    notes: Sequence[Note] = ()
    withheld: bool = False
    failed: str = ""
    parts: Sequence[str] = ()
    annexes: Sequence[str] = ()

    @classmethod
    def of(cls, reading: Reading) -> Outline:
        record = reading.record
        notes, parts, annexes = tuple(record.notes), tuple(reading.parts), tuple(reading.annexes)
        return cls(record.form, record.source, notes, record.withheld, reading.failed, parts, annexes)

    @property
    def unread(self) -> Note | None:
        """As :attr:`Record.unread`."""
        return next((note for note in self.notes if note.code == UNREAD), None)


class Lent(Protocol):
    """A reading that lies elsewhere, and is fetched where it is looked at."""

    @property
    def outline(self) -> Outline: ...

    def fetch(self) -> Reading: ...


class Submission:
    """A reading with its standing in a round. ``modified`` is the file's modification time in seconds since 1970,
    used only to order versions of one application (rule F10), never written to records or findings.

    A reading that is ``lent`` is fetched whenever it is asked for, and not kept: a round holds thousands. Who looks at some again
    and again has them :func:`held`."""

    __slots__ = ("_holds", "_reading", "district", "document", "lent", "modified")

    def __init__(self, *, district: str, document: str, reading: Reading | Lent, modified: float = 0.0) -> None:
        self.district = district
        self.document = document
        self.modified = modified
        self.lent = None if isinstance(reading, Reading) else reading
        self._reading = reading if isinstance(reading, Reading) else None
        self._holds = False

    @property
    def reading(self) -> Reading:
        if self._reading is not None:
            return self._reading
        assert self.lent is not None
        fetched = self.lent.fetch()
        if self._holds:
            self._reading = fetched
        return fetched

    @property
    def record(self) -> Record:
        return self.reading.record

    @property
    def outline(self) -> Outline:
        return Outline.of(self.reading) if self.lent is None else self.lent.outline

    def hold(self, holds: bool = True) -> None:
        """Keep the reading once it was fetched, or let go of it."""
        self._holds = holds
        if not holds and self.lent is not None:
            self._reading = None

    def over(self, reading: Reading) -> Submission:
        """The same submission with another reading."""
        return Submission(district=self.district, document=self.document, reading=reading, modified=self.modified)


@contextmanager
def held(submissions: Iterable[Submission]) -> Iterator[None]:
    """What is fetched of the submissions stays in memory within the block."""
    some = list(submissions)
    for submission in some:
        submission.hold()
    try:
        yield
    finally:
        for submission in some:
            submission.hold(False)


@compactable
class Finding(BaseModel):
    """One breach of one rule; the key order is that of findings.jsonl."""

    id: str = Field(description="编号，由规则、申报单位、表和所及之处得出；重新报送后同一问题的编号不变")
    code: str = Field(description="规则编号（docs/rules.md）")
    level: Level = Field(description="级别：reject 不符合申报条件，fix 需补正，note 提示（不作为对申报单位不利的依据）")
    district: str = Field("", description="推荐单位")
    document: str = Field("", description="材料的路径，同记录的 source.path；推荐单位没有报汇总表的，为空字符串")
    applicant: str = Field("", description="申报单位")
    form: str = Field(UNKNOWN, description="哪张表，同记录的 form")
    field: str | None = Field(None, description="栏目的键，或“表格.列”；不在某一栏的为 null")
    row: int | None = Field(None, description="表格中的第几行，从 1 数；不在某一行的为 null")
    where: str = Field("", description="在文件中的位置，供程序用")
    evidence: str = Field("", description="文件中的文字；身份证件号码已遮盖，有密级的文件不留文字")
    expected: str = Field("", description="应为什么")
    message: str = Field(description="问题，可直接写入文书")
    clause: str = Field(description="所依据的条款")
    place: str = Field("", description="同一位置按表上的叫法，供人看，如 第一部分（一）—联系人—邮箱")
    """``where`` in the form's own words, for people (:mod:`checks.places`)."""
    actor: Actor = Field(
        "applicant", description="由谁办理：applicant 申报单位，recommender 推荐单位，city 全市，reader 审查人员再看"
    )
    """Who has to act."""


@compactable
class Assessment(BaseModel):
    """The outcome of one rule on one document (assessments.jsonl). ``district`` says whose it is (a district's own
    outcome stands on document ""); it is not written."""

    document: str = Field(description="材料的路径；推荐单位本身的结果为其汇总表的路径，没有的为空字符串")
    code: str = Field(description="规则编号")
    outcome: Outcome = Field(
        description="结果：pass 通过，finding 有问题，cannot_tell 不能判断（须人工看），not_applicable 不适用"
    )
    why: str = Field("", description="不能判断、不适用的原因")
    district: str = Field(default="", exclude=True)


class Decision(BaseModel):
    """What a reviewer decided about one finding, kept by the finding's ``id``.

    ``action`` is 维持 or 撤销, "" where only a remark was written or an earlier decision was taken back. ``evidence``
    is the finding's evidence as it stood when the decision was made, and ``evidence_mark`` its digest: a withdrawn
    finding stays withdrawn as long as they agree. ``history`` keeps earlier words, oldest first.
    """

    model_config = ConfigDict(extra="ignore")

    finding: str = Field(description="问题的 id")
    action: Literal["维持", "撤销", ""] = Field("", description="处理；只有说明的、收回了的为空字符串")
    reason: str = Field("", description="说明")
    by: str = Field("", description="处理人")
    evidence: str = Field("", description="作出决定时，问题所依据的文字")
    evidence_mark: str = Field("", description="其摘要：与现在的不同时，撤销不再有效")
    about: str = Field("", description="规则、申报单位和问题，供问题不在了以后看")
    """Code, applicant and message of the finding, so that the words still speak when the finding is gone."""
    history: list[str] = Field([], description="往期意见，先写的在前")
    source: str = Field(default="", exclude=True)
    """Where it was put down last: desk, workbook, command."""
    asked: str = Field(default="", exclude_if=operator.not_, description="处理栏写的、须问清的字；没有的不写这个键")
    """A word in the cell for the action that is near one and none (撤消): a person is asked what is meant."""
    disputed: list[str] = Field(
        default=[], exclude_if=operator.not_, description="互相矛盾、待核定的意见；没有的不写这个键"
    )
    """Words that contradict each other, each with where it was put down: none holds until a person settles it."""


class Unplaced(BaseModel):
    """Words that a person wrote into a workbook and that are no decision on a finding that the program knows.

    ``cells`` holds them by the head of their column (its letter where it has none); ``near`` is what the program had
    written beside them, ``finding`` the id of the finding in whose row they stand, ``sha256`` that of the workbook,
    which is kept. ``id`` follows from what they say and where, not from the workbook: a copy says them again.
    """

    model_config = ConfigDict(extra="ignore")

    id: str = Field(description="编号，由内容和出处得出")
    workbook: str = Field(description="写在哪个台账")
    sha256: str = Field(description="那个台账的 SHA-256（在台账存档里留有原样）")
    sheet: str = Field("", description="工作表")
    row: int = Field(0, description="行，从 1 数；0 为不在某一行")
    """From 1; 0: in no row."""
    finding: str = Field("", description="所在的行是哪个问题的，其 id；不是的为空字符串")
    near: str = Field("", description="旁边程序写的内容")
    cells: dict[str, str] = Field(description="写的话，按表头（没有表头的按列号）")
    why: str = Field(description="为什么没有归入")
    placed: Literal["", "column", "sheet", "note"] = Field(
        default="",
        exclude_if=operator.not_,
        description="带回了原处：自加的列、自加的工作表、批注；没有带回的不写这一项",
    )
    """Where they come back by themselves. Nobody is asked about such words."""
    key: str = Field(default="", exclude_if=operator.not_, description="自加的列里的话，其行的编号（问题、申报书等）")
    """Of words in an own column: what its row is about, "" for its head."""
