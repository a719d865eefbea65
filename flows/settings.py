"""Settings: what stands on the command line, else in the environment (SHENBAO_…), else in ./shenbao.toml, else here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from flows.exits import UsageFault

FILE = "shenbao.toml"


class Settings(BaseSettings):
    """Everything an office may set. Durations are in seconds."""

    model_config = SettingsConfigDict(env_prefix="SHENBAO_", toml_file=FILE, extra="forbid", frozen=True)

    inbox: Path = Field(Path("inbox"), description="收件目录")
    out: Path = Field(Path("out"), description="输出目录")
    notice: str = Field("2023", description="通知年度，对应 catalog 下的目录")
    office: Path | None = Field(None, description="本单位对通知包的补充（TOML），见 docs/catalog.md")
    batch_size: int = Field(50, ge=1, le=1000, description="每批读取的文件数")
    settle_seconds: float = Field(0, ge=0, description="手工运行时，最近这么多秒内有变动的文件留待下次")
    scheduled_settle_seconds: float = Field(30, ge=0, description="定时运行时，最近这么多秒内有变动的文件留待下次")
    cron: str = Field("*/30 8-18 * * 1-5", description="定时运行的时间（cron）")
    timezone: str = Field("Asia/Shanghai", description="定时运行的时区")
    prefect_start_seconds: float = Field(120, gt=0, description="等待 Prefect 启动的最长时间")
    prefect_port: int = Field(4200, ge=1, le=65535, description="shenbao serve 自带 Prefect 界面的端口")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**given: Any) -> Settings:
    """The settings in force; arguments that are None are taken as not given.

    Raises :class:`UsageFault` naming each setting that is wrong and where settings come from.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as problem:
        wrong = "；".join(f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in problem.errors())
        raise UsageFault(f"设置有误（命令行、环境变量 SHENBAO_… 或 {FILE}）：{wrong}") from problem
    except (OSError, ValueError) as problem:
        raise UsageFault(f"{FILE} 无法读取：{problem}") from problem
