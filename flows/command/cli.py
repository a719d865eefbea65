"""The command line. Each verb imports what it needs when it runs, so that ``--help`` and quick verbs start at once."""

from __future__ import annotations

import functools
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows import interrupt, utf8
from flows.command import data, desk, notices, usage
from flows.command.options import Inbox, Notice, Out, Round, SetNotice
from flows.exits import Exit, PartFailed, UsageFault
from flows.terminal import shown, shown_json, shown_lines

if TYPE_CHECKING:
    from flows.settings import Settings

app = typer.Typer(
    name="shenbao",
    cls=usage.Group,
    help="""申报书审查：读取申报材料，对照通知逐条核对，按推荐单位写出审查报告。

    结果写到标准输出，进度和日志写到标准错误。退出代码：0 完成；1 有材料需补正（仅在 --strict 时）；
    2 用法有误或输入不存在；3 程序的某一部分失败；130 被要求停止，再运行一次即接着做完。""",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

verb = functools.partial(app.command, cls=usage.Command)
app.add_typer(data.app)
app.add_typer(notices.app, name="notice")
app.add_typer(desk.app, name="desk")

Files = Annotated[
    list[Path],
    typer.Argument(metavar="文件…", help="申报材料：Word、WPS、PDF、图片或压缩包；汇总表也可以是 xlsx、xls、et、csv"),
]
Strict = Annotated[bool, typer.Option("--strict", help="有材料需补正时以代码 1 退出")]


class Format(StrEnum):
    text = "text"
    jsonl = "jsonl"


def main() -> None:
    """The entry point of the command ``shenbao``."""
    utf8.ensure()
    for stream in (sys.stdout, sys.stderr):
        # A Chinese Windows console is GBK by default; a file or pipe gets UTF-8 everywhere.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        with interrupt.armed():
            sys.exit(usage.run(app))
    except interrupt.Interrupted:
        interrupt.leave()
    except UsageFault as fault:
        _fail(shown(fault.message), Exit.USAGE)
    except PartFailed as fault:
        _fail(shown(f"失败：{fault.part}：{fault.message}"), Exit.PARTIAL)
    except BrokenPipeError:
        # The reader of our output went away (shenbao extract … | head): nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.OK)
    except Exception:  # noqa: BLE001 - the rim: a fault of the program is told whole, masked, and is 3
        from flows.masking import trace_of

        _fail(f"{trace_of(*sys.exc_info())}\n程序出错，没有做完；请把以上内容交给维护人员。", Exit.PARTIAL)


def _version(asked: bool) -> None:
    if asked:
        from flows.versions import version as installed

        _print(f"shenbao {installed()}")
        raise typer.Exit(Exit.OK)


@app.callback()
def _common(
    version: Annotated[  # noqa: ARG001 - its callback has answered
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="显示详细日志")] = False,
) -> None:
    if any(name.upper().startswith("SHENBAO_") for name in os.environ):
        from flows.settings import unknown_names

        for said in unknown_names():
            sys.stderr.write(f"注意：{shown(said)}\n")
    from flows import masking

    masking.install()
    # The handler's level, not the root's: what is not shown here still goes to Prefect's log of the run. Failures are
    # told in a verb's own words; their tracebacks are for --verbose.
    handler = logging.StreamHandler()
    handler.setLevel(logging.INFO if verbose else logging.CRITICAL)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler])
    logging.getLogger("shenbao").setLevel(logging.INFO)


@verb()
def extract(files: Files, notice: Notice = "2023") -> None:
    """逐份打印读出的内容，每份材料一行 JSON；压缩包自动打开。

    \b
    例：
      shenbao extract 申报书.docx
      shenbao extract 材料/*.docx > records.jsonl
    """
    from flows.command import alone

    faults: list[str] = []
    with closing(alone.Reader(notice)) as reader:
        _each(files, lambda path: alone.extract(path, reader, faults))
    _fail_on(faults)


@verb()
def read(files: Files) -> None:
    """逐份打印程序看到的文档原貌（段落、表格、勾选），尚未对应到表格栏目。

    \b
    例：
      shenbao read 申报书.docx
    """
    from flows.command import alone

    faults: list[str] = []
    with closing(alone.Reader()) as reader:
        _each(files, lambda path: alone.read(path, reader, faults))
    _fail_on(faults)


@verb()
def check(
    files: Files,
    notice: Notice = "2023",
    output: Annotated[
        Format | None, typer.Option("--format", metavar="格式", help="text 供人阅读（终端默认），jsonl 供程序读取")
    ] = None,
    strict: Strict = False,
) -> None:
    """逐份核对，打印发现的问题；不与其他申报材料比对。

    \b
    例：
      shenbao check 申报书.docx
      shenbao check --format jsonl --strict 申报书.docx
    """
    from flows.command import alone

    as_text = (output or (Format.text if sys.stdout.isatty() else Format.jsonl)) is Format.text
    safe = shown if as_text else shown_json
    with closing(alone.Reader(notice)) as reader, alone.checking(notice) as checked:
        _each(files, lambda path: alone.check(path, reader, checked, as_text=as_text), safe)
    _fail_on(checked.faults)
    if strict and checked.needs_correction:
        raise typer.Exit(Exit.CORRECTION)


@verb()
def review(
    inbox: Inbox = None,
    out: Out = None,
    district: Annotated[
        list[str] | None, typer.Option(metavar="推荐单位", help="只写这个推荐单位的报告，可多次给出")
    ] = None,
    notice: SetNotice = None,
    round_: Round = None,
    strict: Strict = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="不显示进度")] = False,
) -> None:
    """审查整个收件目录，按推荐单位写出审查报告。

    \b
    例：
      shenbao review --inbox 收件 --out 输出
      shenbao review --inbox 收件 --out 输出 --district 浦东新区
      shenbao review --round 2023
    """
    from flows.settings import load_for

    _review(load_for(round_, inbox=inbox, out=out, notice=notice), tuple(district or ()), strict=strict, quiet=quiet)


def _review(settings: Settings, districts: tuple[str, ...], *, strict: bool, quiet: bool) -> None:
    from flows.run import asked

    began = time.monotonic()
    _, districts = asked.check(settings, districts)
    from flows import progress
    from flows.orchestration import launch

    with progress.shown(quiet=quiet):
        summary = launch.run(settings, districts)
    from flows.command.ending import say_ending

    say_ending(summary, seconds=time.monotonic() - began, told=not quiet)
    if summary.failures:
        raise typer.Exit(Exit.PARTIAL)
    if strict and summary.needs_correction:
        raise typer.Exit(Exit.CORRECTION)


@verb()
def status(inbox: Inbox = None, out: Out = None, round_: Round = None) -> None:
    """显示最近几次审查、等待下次审查的文件、搁置的文件及其原因。

    \b
    例：
      shenbao status --inbox 收件 --out 输出
    """
    from flows.command import operating
    from flows.run import asked
    from flows.settings import load_for

    settings = load_for(round_, inbox=inbox, out=out)
    if inbox is None:
        settings = asked.with_inbox(settings)
    asked.check_inbox(settings)
    for line in operating.status(settings):
        _print(shown(line))


@verb()
def retry(
    document: Annotated[str, typer.Argument(metavar="材料", help="收件目录下的路径，如 某某区/申报书.docx")],
    inbox: Inbox = None,
    out: Out = None,
    notice: SetNotice = None,
    round_: Round = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="不显示进度")] = False,
) -> None:
    """重新读取一份材料（不用以前的读取结果），并重写其推荐单位的报告。

    用于被搁置的文件：例如因机器繁忙而超时，或装好 LibreOffice、OCR 组件之后。

    \b
    例：
      shenbao retry --inbox 收件 --out 输出 浦东新区/申报书.docx
    """
    from flows.command import operating
    from flows.settings import load_for

    settings = load_for(round_, inbox=inbox, out=out, notice=notice)
    _review(settings, operating.forget(settings, document), strict=False, quiet=quiet)


@verb("settings")
def show_settings() -> None:
    """打印现行设置及其含义，格式即 shenbao.toml 的格式。

    \b
    例：
      shenbao settings
      SHENBAO_WORKERS=4 shenbao settings
    """
    from flows.command import operating
    from flows.settings import load

    for line in operating.describe(load()):
        _print(shown(line))


@verb()
def serve() -> None:
    """向 Prefect 登记定时审查和手工重审，并一直提供服务，直到按 Ctrl+C 停止。

    时间、目录等取自 shenbao.toml 或环境变量 SHENBAO_…；设有轮次（[[round]]）的，各轮都登记。没有配置 Prefect 服务时，自带一个并给出界面地址。

    \b
    例：
      SHENBAO_INBOX=收件 SHENBAO_OUT=输出 shenbao serve
    """
    from flows.orchestration import serving
    from flows.settings import load

    serving.serve(load())


@verb()
def rules(notice: Notice = "2023") -> None:
    """列出全部规则：代码、级别、依据和内容。

    \b
    例：
      shenbao rules
    """
    from flows.command import alone

    _print(alone.rules(notice))


@verb()
def explain(
    code: Annotated[str, typer.Argument(metavar="规则代码", help="规则代码，如 C02")], notice: Notice = "2023"
) -> None:
    """解释一条规则：内容、通知原文、触发与不触发的例子、如何补正。

    \b
    例：
      shenbao explain C02
    """
    from flows.command import alone

    _print(alone.explain(code, notice))


@verb()
def districts(notice: Notice = "2023") -> None:
    """列出通知所列的推荐单位及其推荐名额。

    \b
    例：
      shenbao districts
    """
    from flows.command import alone

    _print(alone.districts(notice))


def _each(
    files: Iterable[Path], make: Callable[[Path], Iterable[str]], safe: Callable[[str], str] = shown_json
) -> None:
    """Print what ``make`` gives for each file, line by line, ``safe`` for a terminal. What is no file ends the command with 2, after the
    others."""
    from flows.command.alone import refused

    faults: dict[str, list[str]] = {}
    for path in files:
        if reason := refused(path):
            faults.setdefault(reason, []).append(str(path))
            continue
        for line in make(path):
            _print(safe(line))
    if faults:
        _fail("\n".join(shown(reason.format("、".join(paths))) for reason, paths in faults.items()), Exit.USAGE)


def _fail_on(faults: list[str]) -> None:
    if faults:
        _fail("\n".join([*map(shown, faults), "程序在以上各处没有做成，其余结果已打印。"]), Exit.PARTIAL)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _fail(message: str, code: Exit) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.write(f"{shown_lines(message)}\n")
    raise SystemExit(int(code))


if __name__ == "__main__":
    main()
