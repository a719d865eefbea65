"""The verbs of ``shenbao desk``: what people decided is proven and given out."""

from __future__ import annotations

import functools
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.command import usage
from flows.exits import Exit
from flows.terminal import shown

app = typer.Typer(
    cls=usage.Group,
    help="决定簿：审查人员、负责人、全市的每项决定，一条一条记在一处。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
verb = functools.partial(app.command, cls=usage.Command)

Out = Annotated[Path | None, typer.Option(metavar="目录", help="输出目录")]
Round = Annotated[str | None, typer.Option("--round", metavar="轮次", help="shenbao.toml 里 [[round]] 的一轮（名称）")]


class Kind(StrEnum):
    jsonl = "jsonl"
    xlsx = "xlsx"


@verb("verify")
def verify(out: Out = None, round_: Round = None) -> None:
    """逐条核验决定簿：每条都与前一条相接，写入之后没有被改动、删除或插入。有问题时说明在哪一条，以代码 1 退出。

    \b
    例：
      shenbao desk verify --out 输出
    """
    from flows.command import deciding
    from flows.settings import load_for

    said, sound = deciding.verify(load_for(round_, out=out))
    sys.stdout.write(f"{shown(said)}\n")
    if not sound:
        raise typer.Exit(Exit.CORRECTION)


@verb("export")
def export(
    out: Out = None,
    round_: Round = None,
    to: Annotated[Path | None, typer.Option(help="写到哪个目录；不填为输出目录下的“导出”")] = None,
    output: Annotated[
        list[Kind] | None,
        typer.Option("--format", metavar="格式", help="jsonl 供程序读取，xlsx 供人查看；不填两种都写"),
    ] = None,
) -> None:
    """把决定簿全部导出：JSON Lines（原样，可另行核验）和 Excel 表格。

    \b
    例：
      shenbao desk export --out 输出
      shenbao desk export --out 输出 --to 备份 --format jsonl
    """
    from flows.command import deciding
    from flows.settings import load_for

    kinds = [kind.value for kind in output or list(Kind)]
    for path in deciding.export(load_for(round_, out=out), to, kinds):
        sys.stdout.write(f"{shown(str(path))}\n")
