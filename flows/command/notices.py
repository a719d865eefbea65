"""The verbs of ``shenbao notice``: packs are drafted, completed and checked with them."""

from __future__ import annotations

import functools
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.command import usage
from flows.exits import Exit
from flows.terminal import shown, shown_json

app = typer.Typer(
    cls=usage.Group,
    help="通知包：起草、修改、核对一份通知的数据。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Pack = Annotated[str, typer.Argument(metavar="通知包", help="内置名称、编号或所在目录")]


class Format(StrEnum):
    text = "text"
    jsonl = "jsonl"


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


@verb("list")
def list_() -> None:
    """列出现有的通知包：名称、编号、年度、标题、所在目录。

    \b
    例：
      shenbao notice list
    """
    from flows.command import packs

    for line in packs.known():
        sys.stdout.write(f"{shown(line)}\n")


@verb("new")
def new(
    target: Annotated[Path, typer.Argument(metavar="目录", help="新通知包的目录；目录名即编号，如 2031")],
    origin: Annotated[str, typer.Option("--from", metavar="通知包", help="由哪个通知包复制：内置名称、编号或所在目录")],
) -> None:
    """复制一个通知包，供改成新一轮的通知；记下由哪一版复制而来，已经有的目录不改动。

    \b
    例：
      shenbao notice new 2031 --from 2023
      shenbao notice diff 2023 2031
    """
    from flows.command import packs

    for line in packs.copied(target, origin):
        sys.stdout.write(f"{shown(line)}\n")


@verb("diff")
def diff(
    before: Annotated[str, typer.Argument(metavar="甲", help="通知包（名称、编号或目录），或一份空白表")],
    after: Annotated[str, typer.Argument(metavar="乙", help="通知包（名称、编号或目录），或一份空白表")],
    output: Annotated[
        Format, typer.Option("--format", metavar="格式", help="text 供人阅读，jsonl 供程序读取")
    ] = Format.text,
) -> None:
    """比较两个通知包，或一份空白表和一个通知包：乙比甲新增、删去、改名、移动、修改了什么。

    \b
    例：
      shenbao notice diff 2023 2031
      shenbao notice diff 新申报书.docx 2023
      shenbao notice diff 2023 2031 --format jsonl
    """
    from flows.command import packs

    changes = packs.differences(before, after)
    if output is Format.jsonl:
        for change in changes:
            sys.stdout.write(f"{shown_json(packs.as_json(change))}\n")
        return
    for line in packs.as_text(changes):
        sys.stdout.write(f"{shown(line)}\n")


@verb("check")
def check(notice: Pack) -> None:
    """核对一个通知包：严格载入，核对规则，对照空白表，试跑样例，并列出没有用到的内容。

    有须改正之处以代码 1 退出；不能载入以代码 2 退出。“提示”不影响退出代码。

    \b
    例：
      shenbao notice check 2031
    """
    from flows.command import packcheck

    wrong = 0
    for told in packcheck.check_pack(notice):
        wrong += told.wrong
        sys.stdout.write(f"{'须改正' if told.wrong else '提示'}　{shown(told.text)}\n")
    sys.stdout.write(f"须改正 {wrong} 处。\n" if wrong else "核对完毕，没有须改正之处。\n")
    if wrong:
        raise typer.Exit(Exit.CORRECTION)


@verb("show")
def show(
    notice: Pack,
    form: Annotated[str, typer.Option("--form", metavar="表", help="只看这张表和适用于它的规则，如 scene")] = "",
    out: Annotated[Path | None, typer.Option(metavar="文件", help="写成 Word 文件（.docx），供负责人核定签字")] = None,
) -> None:
    """按人看的样子列出一个通知包：期限、名额、各表栏目、目录、规则，以及没有核对的内容。

    \b
    例：
      shenbao notice show 2023
      shenbao notice show 2023 --form scene
      shenbao notice show 2031 --out 核定稿.docx
    """
    from flows.command import packs

    blocks = packs.shown(notice, form)
    if out is not None:
        packs.paper(blocks, out)
        sys.stdout.write(f"{shown(str(out))}\n")
        return
    from reports.papers.pack import as_text

    for line in as_text(blocks):
        sys.stdout.write("\t".join(map(shown, line.split("\t"))) + "\n")
