"""From a typed value to the text a person writes into the form.

Data of an application may hold either: a ``str`` is written as it stands, anything else (number, bool, period,
list of instances) is put into words here. The reverse, text to value, is the reader's job.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def date(iso: str) -> str:
    """An ISO date of any precision as it is written on the form: ``2021-03`` → ``2021年3月``."""
    match = ISO.fullmatch(iso)
    if match is None:
        return iso
    year, *rest = (part for part in match.groups() if part)
    return f"{year}年" + "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))


def number(value: float) -> str:
    return str(value).removesuffix(".0")


def instances(value: list[dict[str, str]]) -> str:
    """The instances column of 附件4, in the notation of its example."""
    return "\n".join(
        f"{at}.{one['link']}（环节名）—{one['scene']}（场景名）—{one['instance']}（实例名）"
        for at, one in enumerate(value, start=1)
    )


def text(value: Any) -> str:
    """Any value but a choice or yes/no as written text; None is blank."""
    if value is None:
        return ""
    if isinstance(value, str):
        return date(value.strip()) if ISO.fullmatch(value.strip()) and "-" in value else value.strip("\n")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, dict):
        return f"{date(value['start'])}至{date(value['end']) if value.get('end') else '今'}"
    if isinstance(value, list):
        return instances(value)
    if isinstance(value, dt.date):
        return date(value.isoformat())
    raise TypeError(f"cannot be written on a form: {value!r}")


def boxes(
    options: tuple[str, ...],
    ticked: Any,
    tick: str = "☑",
    empty: str = "□",
    after: dict[str, str] | None = None,
) -> str:
    """Options with their boxes. ``ticked`` is an option, a list of them, True/False for 是/否, or None.
    ``after`` holds text that follows an option, such as ``（项目名称：…）``."""
    marked = marks(ticked)
    return " ".join(
        (tick if option in marked else empty) + option + (after or {}).get(option, "") for option in options
    )


def marks(ticked: Any) -> list[str]:
    """The options that are ticked: of one, of several, of a yes/no, or none."""
    if ticked is None:
        return []
    if isinstance(ticked, bool):
        return ["是" if ticked else "否"]
    return [ticked] if isinstance(ticked, str) else list(ticked)
