"""The verbs of ``shenbao desk``: the desk is served, its people are kept, what people decided is proven and given out."""

from __future__ import annotations

import functools
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.command import usage
from flows.command.options import Out, Round
from flows.exits import Exit
from flows.terminal import shown

app = typer.Typer(
    cls=usage.Group,
    help="""审查工作台：在浏览器里处理本轮申报，决定一条一条记入决定簿。

    \b
    例：
      shenbao desk --out 输出 --open
      shenbao desk user add 王审 --role reviewer --office 某某区""",
    invoke_without_command=True,
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
verb = functools.partial(app.command, cls=usage.Command)

people = typer.Typer(
    cls=usage.Group,
    help="工作台的用户：角色为 reviewer（审查人员）、lead（负责人）、city（市级）、engineer（运维人员）。",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(people, name="user")
person = functools.partial(people.command, cls=usage.Command)
Name = Annotated[str, typer.Argument(metavar="用户名")]


@app.callback()
def serve(
    context: typer.Context,
    out: Out = None,
    inbox: Annotated[Path | None, typer.Option(metavar="目录", help="收件目录（看原件用）")] = None,
    port: Annotated[int | None, typer.Option(metavar="端口", help="端口；不填取设置 desk_port")] = None,
    notice: Annotated[str | None, typer.Option(metavar="通知", help="按哪份通知；不填取设置")] = None,
    open_: Annotated[
        bool, typer.Option("--open", help="一个人在本机使用：不设登录，记在本机用户名下，并打开浏览器")
    ] = False,
) -> None:
    """在浏览器里看材料、处理问题、作出结论。只监听本机，除非设置 desk_host 另有说明。"""
    if context.invoked_subcommand is not None:
        return
    sys.stderr.write("正在启动审查工作台……\n")  # what follows takes seconds to load
    sys.stderr.flush()
    from flows.desk import serving
    from flows.settings import load

    serving.serve(load(out=out, inbox=inbox, notice=notice, desk_port=port), open_=open_)


@person("add")
def add_person(
    name: Name,
    role: Annotated[str, typer.Option(metavar="角色", help="reviewer、lead、city、engineer 之一")],
    office: Annotated[str, typer.Option(metavar="推荐单位", help="审查人员和负责人所属的推荐单位")] = "",
    out: Out = None,
) -> None:
    """建立一个用户。密码从键盘输入（不显示），或从标准输入读一行；不写在命令行里。

    \b
    例：
      shenbao desk user add 王审 --role reviewer --office 某某区
      shenbao desk user add 市级联系人 --role city --out 输出
    """
    from flows.command import deskpeople
    from flows.settings import load

    _say(deskpeople.add(load(out=out), name, role, office))


@person("list")
def list_people(out: Out = None) -> None:
    """列出全部用户：用户名、角色、推荐单位、是否停用。

    \b
    例：
      shenbao desk user list --out 输出
    """
    from flows.command import deskpeople
    from flows.settings import load

    for line in deskpeople.listed(load(out=out)):
        _say(line)


@person("disable")
def disable_person(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="重新启用")] = False,
    out: Out = None,
) -> None:
    """停用一个用户，其登录立即失效；他作过的决定仍在决定簿里。

    \b
    例：
      shenbao desk user disable 王审
    """
    from flows.command import deskpeople
    from flows.settings import load

    _say(deskpeople.disable(load(out=out), name, undo=undo))


@person("password")
def set_password(name: Name, out: Out = None) -> None:
    """另设一个用户的密码，其登录立即失效。

    \b
    例：
      shenbao desk user password 王审
    """
    from flows.command import deskpeople
    from flows.settings import load

    _say(deskpeople.password(load(out=out), name))


def _say(text: str) -> None:
    sys.stdout.write(f"{shown(text)}\n")


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
    to: Annotated[Path | None, typer.Option(metavar="目录", help="写到哪个目录；不填为输出目录下的“导出”")] = None,
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
