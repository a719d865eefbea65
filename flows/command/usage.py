"""How the command is used, in Chinese: the library's own words in help texts and errors are put into ours.

The library has no other language, and its classes move between releases: so it is its finished text that is translated, and
what is not known stays as it is.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from flows.exits import Exit
from flows.terminal import shown

_HELP = (
    (r"^Usage: +", "用法："),
    (r"^Options:$", "选项："),
    (r"^Arguments:$", "参数："),
    (r"^Commands:$", "命令："),
    (r"Show this message and exit\.", "显示本说明"),
    (r"\[OPTIONS\]", "[选项]"),
    (r"COMMAND \[ARGS\]\.\.\.", "命令 [参数]…"),
    (r"\[default: (.*?)\]", r"[默认：\1]"),
    (r" *\[required\]", "（必填）"),
    (r"[{]([^\s{}]+)[}](?:\.\.\.)?", r"\1"),
    (r"(?:…)\.\.\.", "…"),
)
_TYPE = re.compile(r" <(?:str|path|int|float|bool|list\[\w+\])>(?:\.\.\.)?")
_ERRORS = (
    (r"No such option:? '?([^\s']+)'?\.?(?: \(Possible options: (.*)\)| Did you mean (.*)\?)?\.?", "没有选项 {0}", 1),
    (r"No such command '(.*?)'\.(?: Did you mean (.*)\?)?", "没有命令 {0}", 1),
    (r"Missing command\.", "缺少命令", None),
    (r"Missing (?:argument|option|parameter) '(.*?)'\..*", "缺少 {0}", None),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", "多出了 {0}", None),
    (r"Option '?(.*?)'? requires an argument\.?", "选项 {0} 后面要写上值", None),
    (r"Option '?(.*?)'? does not take a value\.?", "选项 {0} 不带值", None),
    (r"Invalid value for '?(.*?)'?: (?:Value error, )?'?(.*?)'? is not one of (.*?)\.?", "{0} 不能是 {1}，只能是 {2} 之一", None),
    (r"Invalid value for '?(.*?)'?: (.*)", "{0} 的值不对：{1}", None),
)  # fmt: skip
"""Pattern of the library's message, ours, and the first group that may hold likely names."""


class Command(TyperCommand):
    """A verb."""

    def get_help(self, ctx: Any) -> str:
        return in_chinese(super().get_help(ctx))


class Group(TyperGroup):
    """The command with its verbs."""

    def get_help(self, ctx: Any) -> str:
        return in_chinese(super().get_help(ctx))


def in_chinese(text: str) -> str:
    """A help text, or its line of usage, with the library's words in Chinese."""
    for pattern, words in _HELP:
        text = re.sub(pattern, words, text, flags=re.MULTILINE)
    return _TYPE.sub(lambda found: " " * len(found[0]), text)


def error_in_chinese(message: str) -> str:
    """The library's message on what was mistyped, in Chinese where it is a usual one."""
    for pattern, words, likely in _ERRORS:
        found = re.fullmatch(pattern, message)
        if found is not None:
            names = [g.replace("'", "") for g in found.groups()[likely:] if g] if likely is not None else []
            return words.format(*(str(g).replace("'", "") for g in found.groups())) + (
                f"（是不是 {'、'.join(names)}？）" if names else ""
            )
    return message


def run(app: typer.Typer) -> int:
    """Run the command and give its exit code; what was mistyped is told on standard error. Raises what a verb raises."""
    wrong: type[Any] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
    try:
        return int(app(prog_name="shenbao", standalone_mode=False) or Exit.OK)
    except wrong as error:
        _tell(error)
        return int(Exit.USAGE)


def _tell(error: Any) -> None:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.format_message()}\n")
        return
    if context is not None:
        sys.stderr.write(f"{in_chinese(context.get_usage())}\n详见：{context.command_path} --help\n\n")
    sys.stderr.write(f"{shown(error_in_chinese(error.format_message()))}\n")
