"""Options that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_NOTICE = typer.Option("--notice", metavar="通知", help="按哪份通知：名称（如 2023）、编号，或通知包所在的文件夹")
Notice = Annotated[str, _NOTICE]
SetNotice = Annotated[str | None, _NOTICE]
Inbox = Annotated[Path | None, typer.Option(metavar="目录", help="收件目录，其下每个推荐单位一个文件夹")]
Out = Annotated[Path | None, typer.Option(metavar="目录", help="输出目录")]
Round = Annotated[str | None, typer.Option("--round", metavar="轮次", help="shenbao.toml 里 [[round]] 的一轮（名称）")]
