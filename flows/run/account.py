"""What run.json says, as models: its keys, their types, what they mean (Chinese, for those who read it with other programs)."""

from __future__ import annotations

import operator

from pydantic import BaseModel, ConfigDict, Field

from records.models import Unplaced

SCHEMA = "shenbao.run/1"
_NOT_READ = "not_read 本机缺组件或这次没有轮到、没有读成"


def _absent(value: object) -> bool:
    return value is None


class InputRecord(BaseModel):
    """A document read from an input."""

    document: str = Field(description="材料的路径，同记录的 source.path")
    form: str = Field(description="哪张表，同记录的 form")
    format: str = Field(description="格式，同记录的 source.format")
    outcome: str = Field(
        description=f"结果：read 已读，no_form 不是本通知的表，unreadable 打不开，protected 有密码，unsafe 压缩包不安全，{_NOT_READ}"
    )
    district: str | None = Field(None, exclude_if=_absent, description="归到哪个推荐单位；这次没有归的不写这个键")


class RunInput(BaseModel):
    """A file of the inbox and what became of it."""

    document: str = Field(description="收件目录下的路径")
    sha256: str = Field(description="收到的字节的 SHA-256；没有读的为空字符串")
    size: int = Field(description="字节数")
    seconds: float | None = Field(None, exclude_if=_absent, description="读取用时；没有读的不写这个键")
    outcome: str = Field(
        description="结果：同材料的结果，各份不同的为 read；part 是另一个文件的申报书的一部分，annex 是它的附件"
    )
    records: list[InputRecord] = Field(description="读出的各份材料")
    cause: str | None = Field(None, exclude_if=_absent, description="使读取停下的错误；没有的不写这个键")
    of: str = Field("", exclude_if=operator.not_, description="part、annex 所属的申报书；其他的不写这个键")


class LevelCounts(BaseModel):
    """How many findings, by level."""

    reject: int = Field(description="不符合申报条件")
    fix: int = Field(description="需补正")
    note: int = Field(description="提示")


class Counts(BaseModel):
    """How many of what."""

    inputs: int = Field(description="文件数")
    passed_over: int = Field(description="略过的文件数")
    outcomes: dict[str, int] = Field(description="按文件的结果")
    forms: dict[str, int] = Field(description="按表")
    findings: LevelCounts = Field(description="问题，按级别（不计人的决定）")
    districts: dict[str, int] = Field(description="各推荐单位的材料数")


class PassedOver(BaseModel):
    """A file that was passed over."""

    path: str = Field(description="收件目录下的路径")
    reason: str = Field(description="为什么略过")


class Words(BaseModel):
    """What people had written into workbooks."""

    heard: dict[str, list[str]] = Field(description="这次读到的和需要人注意的，按推荐单位")
    unplaced: dict[str, list[Unplaced]] = Field(description="还没有人答复的“未能归入的意见”，按推荐单位")


class BookEnd(BaseModel):
    """The last event of the book of decisions; neither key where the chain does not hold and no earlier end is known."""

    seq: int | None = Field(None, exclude_if=_absent, description="末条的序号；还没有决定的为 0")
    hash: str | None = Field(None, exclude_if=_absent, description="末条的校验码")


class Failed(BaseModel):
    """A part that failed."""

    part: str = Field(description="程序的哪一部分：扫描、读取、规则、报告、台账、决定簿等")
    what: str = Field(description="关于什么")
    message: str = Field(description="说明")


class RunFile(BaseModel):
    """What ran, on what, with what outcome."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: str = Field(SCHEMA, alias="schema", description=f"固定为 {SCHEMA}")
    notice: str = Field(description="按哪份通知")
    catalog: str = Field(description="通知包的版本（全部文件的 SHA-256）")
    inbox: str = Field(description="收件目录，按设置所写")
    districts: list[str] | None = Field(description="只审查哪些推荐单位；全部审查的为 null")
    started: str = Field(description="开始时间，ISO 8601，UTC")
    ended: str = Field(description="结束时间，ISO 8601，UTC")
    seconds: dict[str, float] = Field(description="各步用时和合计（秒）")
    versions: dict[str, str] = Field(description="本程序、Python、系统和决定读写结果的组件的版本")
    unchanged: bool = Field(description="与上次相比没有任何变化，什么都没有重写")
    recalled: int = Field(description="多少个文件此前已读过，这次没有再读")
    counts: Counts = Field(description="数目")
    inputs: list[RunInput] = Field(description="收到的每个文件和它的去向，按路径")
    passed_over: list[PassedOver] = Field(description="略过的文件和原因，按路径")
    words: Words = Field(description="从台账里读到的人写的话")
    decisions: BookEnd = Field(description="决定簿的末条，供核验；决定簿不可信、又不知道以前末条的，其中没有键")
    failed: list[Failed] = Field(description="没有做成的各处；有的话命令以代码 3 结束")
    reports: dict[str, list[str]] = Field(description="各推荐单位和全市的报告文件，输出目录下的路径")
