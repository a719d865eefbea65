"""Settings: what stands on the command line, else in the environment (SHENBAO_…), else in ./shenbao.toml, else here."""

from __future__ import annotations

import difflib
import functools
import json
import os
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources.abc import Traversable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from catalog import built_in
from catalog.oserror import cause
from flows.exits import UsageFault

FILE = "shenbao.toml"
LEDGER = "ledger.sqlite"
BOOK = "decisions.sqlite"
UNASSIGNED = "未归口"
"""The output folder of applications whose recommender is none of the catalog's."""


def _whole(notice: str) -> str:
    """A pack's folder by its whole path: readers and rules run in folders of their own."""
    folder = Path(notice)
    return folder.resolve().as_posix() if notice not in built_in() and (folder / "notice.toml").is_file() else notice


class Round(BaseModel):
    """A round beside others: ``[[round]]`` in shenbao.toml. What it does not set is as for all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    notice: str = Field(min_length=1)
    inbox: Path
    out: Path
    cron: str | None = None
    office: Path | None = None
    name: str = Field("", pattern=r"^[^\s/\\%]*$")
    """What tells it from the others; its notice as written, where it is not given."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        if isinstance(given, dict) and not given.get("name") and isinstance(given.get("notice"), str):
            return given | {"name": Path(given["notice"]).name}
        return given

    @field_validator("notice")
    @classmethod
    def _pack_from_anywhere(cls, notice: str) -> str:
        return _whole(notice)

    def absolute(self) -> Round:
        """The same round for another working directory."""
        paths = {
            name: value.resolve() for name in type(self).model_fields if isinstance(value := getattr(self, name), Path)
        }
        return self.model_copy(update=paths)


@functools.cache
def networks(addresses: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The addresses and networks named, with commas between. Raises ValueError with a Chinese message."""
    found = []
    for text in filter(None, map(str.strip, addresses.split(","))):
        try:
            network = ip_network(text, strict=False)
        except ValueError as problem:
            raise ValueError(f"“{text}”不是 IP 地址或网段，应写成 10.0.0.5 或 10.0.0.0/24，多个用逗号分开") from problem
        if not network.prefixlen:
            raise ValueError(f"“{text}”是任何地址，谁都可以冒名；请只写反向代理自己的地址")
        found.append(network)
    return tuple(found)


def _check_apart(one: Round, other: Round) -> None:
    """Raises ValueError where two rounds would write into one another's folders, or cannot be told apart."""
    if one.name == other.name:
        raise ValueError(f"两个轮次同名“{one.name}”：请用 name 各取一个名称")
    outs = (one.out.resolve(), other.out.resolve())
    if outs[0] == outs[1]:
        raise ValueError(f"“{one.name}”和“{other.name}”的输出目录相同：{one.out}；请各设一个，否则报告互相覆盖")
    if outs[0] in outs[1].parents or outs[1] in outs[0].parents:
        raise ValueError(f"“{one.name}”和“{other.name}”的输出目录一个在另一个里面：{one.out}，{other.out}；请分开")
    for mine, theirs in ((one, other), (other, one)):
        inbox, out = mine.inbox.resolve(), theirs.out.resolve()
        if inbox == out or inbox in out.parents:
            raise ValueError(f"“{theirs.name}”的输出目录在“{mine.name}”的收件目录里：{theirs.out}；请另设输出目录")


class Settings(BaseSettings):
    """Everything an office may set. Durations are in seconds."""

    model_config = SettingsConfigDict(env_prefix="SHENBAO_", toml_file=FILE, extra="forbid", frozen=True)

    inbox: Path = Field(Path("inbox"), description="收件目录")
    out: Path = Field(Path("out"), description="输出目录")
    notice: str = Field("2023", description="按哪份通知：自带通知包的名称（如 2023）、编号，或通知包所在的文件夹")
    office: Path | None = Field(None, description="本单位对通知包的补充（TOML），见 docs/catalog.md")
    templates: Path | None = Field(None, description="本单位自己的 Word 模板目录，其中没有的用程序自带的")
    batch_size: int = Field(50, ge=1, le=1000, description="每批读取的文件数")
    workers: int | None = Field(None, ge=0, le=256, description="读取文件的进程数；0 为不另开进程；不填按核数")
    cluster: str | None = Field(None, description="Dask 调度器地址（tcp://主机:端口），设置后由集群读取")
    ledger: str | None = Field(None, description="台账数据库（SQLAlchemy URL）；不填为输出目录下的 ledger.sqlite")
    book: str | None = Field(
        None,
        description="决定簿数据库（SQLAlchemy URL）；不填为 ledger 所设的 PostgreSQL，否则为输出目录下的 decisions.sqlite",
    )
    file_seconds: float = Field(
        300, gt=0, description="读取一个文件（包内一个文件、扫描件一页）最多用时，整份至多10倍；改动后全部重读"
    )
    file_memory_mb: int = Field(2048, ge=256, description="一个读取进程连同它启动的程序占用内存的上限（MB，Linux）")
    file_output_mb: int = Field(200, ge=1, description="一个文件读出的内容的上限（MB）")
    run_seconds: float = Field(21600, gt=0, description="一次审查读取文件最多用时，没读完的留待下次")
    check_seconds: float = Field(60, gt=0, description="核对一份申报书最多用时；核对整轮按份数另加")
    wait_seconds: float = Field(900, ge=0, description="同一推荐单位正由另一次审查写出时，最多等待多久")
    retention_days: float = Field(400, gt=0, description="读取结果和运行记录多少天没有用到就删除")
    settle_seconds: float = Field(0, ge=0, description="手工运行时，最近这么多秒内有变动的文件留待下次")
    scheduled_settle_seconds: float = Field(30, ge=0, description="定时运行时，最近这么多秒内有变动的文件留待下次")
    cron: str = Field("*/30 8-18 * * 1-5", description="定时运行的时间（cron）")
    timezone: str = Field("Asia/Shanghai", description="定时运行的时区")
    prefect_start_seconds: float = Field(120, gt=0, description="等待 Prefect 启动的最长时间")
    prefect_days: float = Field(30, gt=0, description="自带的 Prefect 保存运行记录多少天")
    prefect_idle_seconds: float = Field(
        120, ge=0, description="手工重审之后，记入 Prefect 的进程等下一次审查多久，等不到就结束"
    )
    prefect_port: int = Field(4200, ge=1, le=65535, description="shenbao serve 自带 Prefect 界面的端口")
    desk_host: str = Field("127.0.0.1", description="审查工作台监听的地址；只在本机使用时不要改")
    desk_port: int = Field(8643, ge=0, le=65535, description="审查工作台的端口；0 为任选一个空闲的")
    desk_idle_minutes: float = Field(30, gt=0, description="登录后多少分钟没有操作就须重新登录")
    desk_names: str = Field("", description="审查工作台对外的主机名，多个用逗号分开；不填时只认监听的地址和本机")
    desk_proxy: str = Field(
        "", description="反向代理的地址或网段，多个用逗号分开；只有从这里来的请求，其转达的内容才可信"
    )
    desk_user_header: str = Field("", description="反向代理用哪个请求头转达已登录的用户名；不填为不用")
    desk_oidc: str = Field("", description="单位统一登录（OpenID Connect）服务器的地址（issuer）；不填为不用")
    desk_oidc_client: str = Field("", description="本系统在统一登录中的客户端编号")
    desk_oidc_secret_file: Path | None = Field(None, description="存放客户端密钥的文件；公共客户端不填")
    desk_oidc_name: str = Field("preferred_username", description="统一登录用哪个声明（claim）说明用户名")
    desk_oidc_role: str = Field("", description="用哪个声明核对角色，与用户的角色不一致的不能登录；不填为不核对")
    desk_oidc_office: str = Field("", description="用哪个声明核对推荐单位；不填为不核对")

    round: tuple[Round, ...] = Field((), description="同时进行的几轮，每轮写成一段 [[round]]，见 docs/operation.md")

    @field_validator("notice")
    @classmethod
    def _pack_from_anywhere(cls, notice: str) -> str:
        return _whole(notice)

    @field_validator("desk_proxy")
    @classmethod
    def _proxies(cls, addresses: str) -> str:
        networks(addresses)
        return addresses

    @field_validator("round")
    @classmethod
    def _rounds_apart(cls, rounds: tuple[Round, ...]) -> tuple[Round, ...]:
        for number, one in enumerate(rounds):
            for other in rounds[:number]:
                _check_apart(other, one)
        return rounds

    def of_round(self, name: str) -> Settings:
        """The settings of one of the rounds. Raises UsageFault where there is none of that name."""
        found = next((r for r in self.round if r.name == name), None)
        if found is None:
            known = f"有：{'、'.join(r.name for r in self.round)}" if self.round else f"{FILE} 里没有 [[round]]"
            raise UsageFault(f"没有名为“{name}”的轮次；{known}")
        own = {key: value for key in ("notice", "inbox", "out", "cron", "office") if (value := getattr(found, key))}
        return self.model_copy(update=own)

    @property
    def neighbours(self) -> tuple[str, ...]:
        """The notices whose applications may come in by mistake: those of the rounds, and those that come with the
        program."""
        return tuple(dict.fromkeys([*(r.notice for r in self.round), *built_in()]))

    @property
    def desk_name(self) -> str:
        """The desk's host as an address of the web has it: IPv6 in brackets."""
        return f"[{self.desk_host}]" if ":" in self.desk_host else self.desk_host

    @property
    def ledger_url(self) -> str:
        """Where the ledger is."""
        return self.ledger or f"sqlite:///{(self.out / LEDGER).resolve().as_posix()}"

    @property
    def book_url(self) -> str:
        """Where the book of decisions is: a ledger in a file may be anywhere and may go, the book stays with the output."""
        if self.book:
            return self.book
        served = self.ledger is not None and not self.ledger.startswith("sqlite")
        return str(self.ledger) if served else f"sqlite:///{(self.out / BOOK).resolve().as_posix()}"

    @property
    def ledger_path(self) -> Path | None:
        """The ledger's file; None where it is on a database server."""
        return _file_of(self.ledger_url)

    @property
    def book_path(self) -> Path | None:
        """The book's file; None where it is on a database server."""
        return _file_of(self.book_url)

    @property
    def worker_count(self) -> int:
        """Processes that read, 0 for none of their own."""
        return min(os.cpu_count() or 1, 8) if self.workers is None else self.workers

    def absolute(self) -> Settings:
        """The same settings for another working directory."""
        from records.database import sqlite_path

        paths: dict[str, Any] = {
            name: value.resolve() for name in self.model_fields_set if isinstance(value := getattr(self, name), Path)
        }
        paths |= {"inbox": self.inbox.resolve(), "out": self.out.resolve()}
        if self.round:
            paths["round"] = tuple(r.absolute() for r in self.round)
        files = {
            name: f"sqlite:///{file.resolve().as_posix()}"
            for name in ("ledger", "book")
            if (url := getattr(self, name)) and (file := sqlite_path(url))
        }
        return self.model_copy(update={**paths, **files})

    def as_environment(self) -> dict[str, str]:
        """What another process finds the same settings by; what stands at its default may be left out."""
        named = {name: getattr(self, name) for name in sorted(self.model_fields_set)}
        return {
            f"SHENBAO_{name.upper()}": str(value) if isinstance(value, str | Path) else _as_json(value)
            for name, value in named.items()
            if value is not None
        }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _Toml(settings_cls)


class _Toml(TomlConfigSettingsSource):
    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        return tomllib.loads(file_path.read_bytes().decode("utf-8-sig"))  # Notepad begins a file with a mark


def _file_of(url: str) -> Path | None:
    kind, found, path = url.partition(":///")
    return Path(path.partition("?")[0]) if found and kind.startswith("sqlite") and path else None


def _as_json(value: Any) -> str:
    return json.dumps([r.model_dump(mode="json") for r in value] if isinstance(value, tuple) else value)


def load(**given: Any) -> Settings:
    """The settings in force; arguments that are None are taken as not given.

    Raises :class:`UsageFault` naming each setting that is wrong and where settings come from.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as problem:
        wrong = "；".join(f"{_place(e['loc'])}：{_words(e)}" for e in problem.errors())
        raise UsageFault(f"设置有误（命令行、环境变量 SHENBAO_… 或 {FILE}）：{wrong}") from problem
    except OSError as problem:
        raise UsageFault(f"{FILE} 无法读取：{cause(problem)}") from problem
    except UnicodeDecodeError as problem:
        raise UsageFault(f"{FILE} 不是UTF-8编码，请另存为UTF-8") from problem
    except ValueError as problem:
        raise UsageFault(f"{FILE} 不是合格的TOML，请检查引号、括号和逗号（{problem}）") from problem


def load_for(name: str | None, **given: Any) -> Settings:
    """The settings in force for one round: the one named; where none is and there are several, what is given or set for
    all must say which folders are meant. Raises UsageFault."""
    settings = load(**given)
    if name is not None:
        if told := "、".join(f"--{key}" for key, value in given.items() if value is not None):
            raise UsageFault(f"--round 已定下通知、收件目录和输出目录，不能再给 {told}")
        return settings.of_round(name)
    if settings.round and not settings.model_fields_set & {"inbox", "out"}:
        names = "、".join(r.name for r in settings.round)
        raise UsageFault(f"{FILE} 里设有轮次，请用 --round 指定一个：{names}")
    return settings


_NO_SETTINGS = frozenset({"SHENBAO_SOFFICE"})
"""Names of the environment that something else than a setting reads (extractors.office)."""


def unknown_names() -> list[str]:
    """What the environment sets for us that nothing reads, a sentence each: most likely mistyped."""
    known = {f"SHENBAO_{name.upper()}" for name in Settings.model_fields} | _NO_SETTINGS
    return [
        f"环境变量 {name} 不是本程序的设置，没有起作用{_closest(name.upper(), known)}"
        for name in sorted(os.environ)
        if name.upper().startswith("SHENBAO_") and name.upper() not in known
    ]


def _closest(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), 1)
    return f"（是不是 {found[0]}？）" if found else ""


_WORDS = {
    "extra_forbidden": "没有这项设置",
    "greater_than": "应大于{gt:g}",
    "greater_than_equal": "应不小于{ge:g}",
    "less_than_equal": "应不大于{le:g}",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数",
    "float_type": "应为数",
    "string_type": "应为文字（加引号）",
    "path_type": "应为路径（加引号）",
    "missing": "没有写",
    "string_too_short": "不能是空的",
    "string_pattern_mismatch": "名称里不能有空白、斜杠和百分号",
    "tuple_type": "应写成 [[round]] 各段",
    "model_type": "应写成 [[round]] 各段",
    "model_attributes_type": "应写成 [[round]] 各段",
}


def _place(loc: Sequence[str | int]) -> str:
    """A setting by its name; the rounds are counted from 1."""
    return ".".join(f"第{part + 1}段" if isinstance(part, int) else part for part in loc)


def _words(error: Any) -> str:
    """What is wrong with a setting, in Chinese where it is one of the usual faults."""
    known = _WORDS.get(error["type"])
    said = known.format(**error.get("ctx", {})) if known else str(error["msg"])
    if error["type"] == "extra_forbidden":
        fields = Round.model_fields if error["loc"][0] == "round" else Settings.model_fields
        return said + _closest(str(error["loc"][-1]), fields)
    if error["type"] == "value_error":
        return said.removeprefix("Value error, ")
    return said if error["type"] == "missing" else f"{said}（现为{error['input']!r}）"
