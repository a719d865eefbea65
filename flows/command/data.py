"""The verbs for those who go on with other programs: the round as tables, and what the keys of its data mean."""

from __future__ import annotations

import functools
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.command import usage
from flows.command.options import Inbox, Notice, Out, Round, SetNotice

app = typer.Typer(cls=usage.Group, rich_markup_mode=None)
verb = functools.partial(app.command, cls=usage.Command)


class Tabular(StrEnum):
    xlsx = "xlsx"
    csv = "csv"
    parquet = "parquet"


@verb()
def export(
    inbox: Inbox = None,
    out: Out = None,
    notice: SetNotice = None,
    round_: Round = None,
    to: Annotated[Path | None, typer.Option(metavar="目录", help="写到哪个目录；不填为输出目录下的“导出”")] = None,
    output: Annotated[
        Tabular, typer.Option("--format", metavar="格式", help="xlsx 供人查看，csv、parquet 供统计软件读取")
    ] = Tabular.xlsx,
) -> None:
    """把输出目录中的记录、问题和规则结果导出为表格，供统计分析。

    \b
    例：
      shenbao export --out 输出
      shenbao export --out 输出 --format csv --to 统计
    """
    from flows.command import exporting
    from flows.settings import load_for

    for path in exporting.export(load_for(round_, inbox=inbox, out=out, notice=notice), to, output):
        _say(str(path))


@verb()
def schema(
    notice: Notice = "2023",
    out: Annotated[Path | None, typer.Option(metavar="目录", help="写到哪个目录，各一个文件；不填则打印")] = None,
) -> None:
    """打印输出数据的 JSON Schema，供其他程序对照。

    包括记录、问题、规则结果、决定、run.json 等；各键的含义见 docs/data.md。

    \b
    例：
      shenbao schema
      shenbao schema --out 数据格式
    """
    from flows.command import packs, schemas

    pack = packs.load(notice)
    if out is None:
        _say(schemas.as_text(schemas.schemas(pack)).rstrip())
        return
    for path in schemas.write(pack, out):
        _say(str(path))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
