"""The verbs of ``shenbao notice``: packs are drafted, completed and checked with them."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.command import usage
from flows.terminal import shown

app = typer.Typer(
    cls=usage.Group,
    help="通知包：起草、修改、核对一份通知的数据。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

verb = functools.partial(app.command, cls=usage.Command)


@verb("draft")
def draft(
    blanks: Annotated[
        list[Path], typer.Argument(metavar="空白表…", help="空白的申报书、推荐汇总表：docx、doc、wps、pdf")
    ],
    out: Annotated[Path, typer.Option(metavar="目录", help="写到哪个目录；已经有的目录不改动")],
    text: Annotated[
        Path | None,
        typer.Option(metavar="文件", help="通知正文：docx、doc、pdf 或 txt，据以起草条款、目录，并列出期限、数额"),
    ] = None,
) -> None:
    """据空白表起草通知包，并列出须由人决定的各处。起草的内容未经核对，期限和数额不启用。

    \b
    例：
      shenbao notice draft 申报书.docx 推荐汇总表.docx --out 通知包
      shenbao notice draft 申报书.docx --text 通知.pdf --out 通知包
    """
    from flows.command import drafting

    for line in drafting.draft_pack(blanks, out, text):
        sys.stdout.write(f"{shown(line)}\n")
