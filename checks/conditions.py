"""Conditions of rules in CEL (Common Expression Language): typed when a pack is loaded, run over one document's values.

The one module that knows the library, cel-expr-python. Two things are ours, so that a pack need not know CEL's finer points:
numbers are written without a point (``x > 100``; CEL would have its whole numbers apart), and ``filled(x)`` asks whether a
field, a table or a column of a row has an answer. Both are rewritten before CEL sees the condition; errors are told where
the pack wrote them.

A name that has no value stops what hangs on it and nothing else: ``filled(a) && a > 1``, or ``x || true``, are settled without it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import enum
import functools
import operator
import re
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cel_expr_python import cel

from checks.meaning.text import count_words
from checks.plain import plainly

Kind = Literal["number", "text", "flag", "date", "texts", "numbers", "rows"]
"""``rows`` are a table's rows: each maps columns to numbers, texts and flags, blank ones left out."""
Columns = Mapping[str, Kind]

Arena: Callable[[], Any] = cel.Arena
"""Makes the room in which CEL keeps its values; it is given back as a whole, with all that was evaluated in it."""
_TYPES: Mapping[str, Any] = {
    "number": cel.Type.DOUBLE,
    "text": cel.Type.STRING,
    "flag": cel.Type.BOOL,
    "date": cel.Type.TIMESTAMP,
    "texts": cel.Type.List(cel.Type.STRING),
    "numbers": cel.Type.List(cel.Type.DOUBLE),
    "rows": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
}
_CALLED = {
    "double": "数",
    "int": "整数",
    "string": "文字",
    "bool": "是否",
    "google.protobuf.Timestamp": "日期",
    "list(string)": "文字的列表",
    "list(double)": "数的列表",
    "list(map(string, dyn))": "表格",
}
_OPERATORS = {"@in": "in", "_?_:_": "?:", "!_": "!", "-_": "-", "_[_]": "[]"}

_TEXT_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*+"|\'(?:\\.|[^\'\\\n])*+\'|//[^\n]*+')
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_WHOLE = re.compile(r"(?<![\w.])(?<![\w)\]]\[)\d+(?![\w.])")
"""A whole number, but the one that picks an entry (``x[0]``)."""
_FILLED = re.compile(r"(?<![\w.])filled\s*\(\s*([A-Za-z_][\w.]*)?")
_EACH = re.compile(r"(?<![\w.])([A-Za-z_]\w*)\s*\.\s*(?:all|exists|exists_one|filter|map)\s*\(\s*([A-Za-z_]\w*)\s*,")
_DIVIDED = re.compile(r"/(?!\s*(?:[1-9]|0\.|params\.))")
_PLACE = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")
_LACKS = re.compile(r'No value with name "|Key not found in map : "|Index error: ')
"""What CEL says where a name, a cell or a row is not there."""


class ConditionError(Exception):
    """A condition that does not hold together: ``message`` in Chinese, ``line`` and ``column`` from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column


class Unsettled(enum.Enum):
    """Why a condition is neither true nor false: what it hangs on was not read for certain, or is blank."""

    UNKNOWN = "unknown"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Condition:
    """``reads`` are the declared names it has, ``asks`` those of them that it asks about with ``filled``."""

    text: str
    reads: frozenset[str]
    asks: frozenset[str]
    _evaluate: Callable[..., Any]
    _plain: Callable[[Mapping[str, Any]], bool] | None = None

    def evaluate(
        self, values: Mapping[str, Any], doubtful: Collection[str] = (), arena: Any = None
    ) -> bool | Unsettled:
        """``values`` by name, blank and doubtful ones left out; ``filled.NAME`` says of each that it asks about, but the doubtful,
        whether it has an answer. More than it names costs time: each value is converted. ``arena``: an :data:`Arena` that the
        conditions of one document share. Raises RuntimeError where CEL itself fails."""
        found = self._evaluate(None, values, None, arena).value()  # true or false, as it was typed; else what is wrong
        if found is True or found is False:
            return found
        if _LACKS.search(str(found)) is None:
            raise RuntimeError(f"条件“{self.text}”：{found}")
        return Unsettled.BLANK if self.reads.isdisjoint(doubtful) else Unsettled.UNKNOWN

    def decide(self, figures: Mapping[str, Any], arena: Any = None) -> bool | Unsettled:
        """The same of values all of which are there, and figures but for what the condition asks of them with ``filled``."""
        return self.evaluate(figures, (), arena) if self._plain is None else self._plain(figures)


def compiled(text: str, names: Mapping[str, Kind], tables: Mapping[str, Columns]) -> Condition:
    """The condition, typed. ``names`` are what it may name (``params.x`` and ``period.start`` with their dot), the tables
    among them as ``rows``. Raises ConditionError."""
    bare = _TEXT_OR_COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    if (found := _DIVIDED.search(bare)) is not None:
        raise _at(text, found.start(), "只能除以数字或 params 中的数（除数可能为零）；请改用乘法，如 a >= 0.03 * b")
    for each in _EACH.finditer(bare):
        if each[1] in tables:
            _verify_rows(text, bare, each, names, tables)
    program = _compile(text, names)
    if program.return_type() not in (cel.Type.BOOL,):
        raise ConditionError("结果应为真假，请写成比较（如 a > b）或 filled(…)")
    exact, reads = _exact(program, text, names), frozenset(_read(bare, names))
    for flag in (False, True):
        tried = exact.eval(
            data={**{n: _SAMPLES.get(names[n], flag) for n in reads}, **{f"filled.{n}": flag for n in reads}}
        )
        if tried.type() != cel.Type.BOOL and _LACKS.search(str(tried.value())) is None:
            raise ConditionError(
                f"不能求值（{tried.value()}）；日期相减请用 days(从, 到)，matches 里的正则表达式请核对"
            )
    asks = frozenset(m[1] for m in _FILLED.finditer(bare) if m[1] in names)
    plain = plainly(text, {name for name in reads if names[name] == "number"}, _rounded)
    return Condition(text, reads, asks, exact.eval, plain)


def _exact(program: Any, text: str, names: Mapping[str, Kind]) -> Any:
    """The program with our own arithmetic in place of CEL's, for 0.07 * 100 is 7 on the form, not 7.000000000000001: a limit that
    is just reached is kept. CEL lets no operator be replaced, so their names are, in the program's serialized form."""
    raw = program.serialize()
    for sign in _ARITHMETIC:
        if f"_{sign}_" in text:
            raise _at(text, text.index(f"_{sign}_") + 1, f"“{sign}”两边请加空格")
        raw = raw.replace(f"_{sign}_".encode(), f"@{sign}@".encode())
    return _env(tuple(sorted(names.items()))).deserialize(raw)


def _verify_rows(
    text: str, bare: str, each: re.Match[str], names: Mapping[str, Kind], tables: Mapping[str, Columns]
) -> None:
    """Type what is said of each row by the columns of its table, which CEL does not know."""
    end, depth = each.end(), 1
    while end < len(bare) and depth:
        depth += {"(": 1, ")": -1}.get(bare[end], 0)
        end += 1
    of_row = {row: tables[table] for table, row in _EACH.findall(bare) if table in tables} | {each[2]: tables[each[1]]}
    columns: dict[str, Kind] = {f"{row}.{key}": kind for row, keys in of_row.items() for key, kind in keys.items()}
    before = re.sub(r"[^\n]", " ", text[: each.end()])
    _compile(before + text[each.end() : max(end - 1, each.end())], {**names, **columns})


def _compile(text: str, names: Mapping[str, Kind]) -> Any:
    rewritten, edits = _rewritten(text, names)
    try:
        return _env(tuple(sorted(names.items()))).compile(rewritten)
    except RuntimeError as error:
        found = _PLACE.search(str(error))
        if found is None:
            raise ConditionError(f"写法不对（{error}）") from None
        at = _offset(rewritten, int(found[1]), int(found[2]))
        for start, end, longer in edits:
            at = at if at < start else max(start, at - longer) if at >= end else start
        raise _at(text, at, _said(found[3], names, text[at : at + 1])) from None


_Edit = tuple[int, int, int]
"""Where a replacement stands in what is rewritten so far, and how much longer it is than what it replaces."""


_CLOSE = re.compile(r"(?<!\s)\s*+\)")


def _kinds(listed: str) -> list[str]:
    """The types of a call as CEL names them, each whole: ``list(map(string, dyn)), int``."""
    found, depth = [""], 0
    for part in re.split(r"([(),])", listed):
        depth += (part == "(") - (part == ")")
        if part == "," and not depth:
            found.append("")
        else:
            found[-1] += part
    return [kind.strip() for kind in found]


def _rewritten(text: str, names: Mapping[str, Kind]) -> tuple[str, list[_Edit]]:
    """What CEL is given: ``100`` as ``100.0``, ``filled(x)`` as the name ``filled.x``, or ``has(r.x)`` of a row. The edits are in
    the order in which a place is carried back."""
    bare = _TEXT_OR_COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    pieces: list[tuple[int, int, str]] = [(m.end(), m.end(), ".0") for m in _WHOLE.finditer(bare)]
    for asked in _FILLED.finditer(bare):
        close = _CLOSE.match(bare, asked.end())
        if asked[1] is None or close is None:
            raise _at(text, asked.start(), "filled() 里写一个栏目、表格，或一行的一列（r.列）")
        known = asked[1] in names
        row, dot, _ = asked[1].partition(".")
        if not known and (not dot or any(name.startswith(f"{row}.") for name in names)):
            raise _at(text, asked.start(1), _unknown(asked[1], names))
        pieces.append((asked.start(), close.end(), f"filled.{asked[1]}" if known else f"has({asked[1]})"))
    edits: list[_Edit] = []
    for start, end, new in sorted(pieces, reverse=True):
        text = text[:start] + new + text[end:]
        edits.append((start, start + len(new), len(new) - (end - start)))
    return text, edits[::-1]


def _read(bare: str, names: Mapping[str, Kind]) -> set[str]:
    found: set[str] = set()
    for name in _NAME.findall(bare):
        parts = name.split(".")
        found |= {n for n in (".".join(parts[:k]) for k in range(1, len(parts) + 1)) if n in names}
    return found


def _offset(text: str, line: int, column: int) -> int:
    lines = text.splitlines(keepends=True) or [""]
    return sum(map(len, lines[: line - 1])) + column - 1


def _at(text: str, offset: int, message: str) -> ConditionError:
    before = text[:offset]
    return ConditionError(message, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _said(error: str, names: Mapping[str, Kind], there: str) -> str:
    """CEL's error in Chinese."""
    if (found := re.match(r"undeclared reference to '([^']*)'", error)) is not None:
        if there == "(" and "." not in found[1]:
            return f"没有“{found[1]}”这个函数；可用的有：filled、{'、'.join(_FUNCTIONS)}"
        return _unknown(found[1], names)
    if (found := re.match(r"found no matching overload for '([^']*)' applied to '\((.*)\)'", error)) is not None:
        what = _OPERATORS.get(found[1], found[1].strip("_"))
        kinds = _kinds(found[2])
        return f"“{what}”不能用于{'与'.join(_CALLED.get(k, k) for k in kinds)}"
    if error.startswith("Syntax error"):
        detail = re.sub(r" expecting .*", "", error.removeprefix("Syntax error: "))
        return f"写法不对，请核对括号、引号和运算符（{detail}）"
    return f"写法不对（{error}）"


def _unknown(name: str, names: Mapping[str, Kind]) -> str:
    near = difflib.get_close_matches(name, names, 1, 0.7)
    return f"“{name}”不是所适用各表的栏目、表格或列，也不是 params、lists、deadlines 中的名称" + (
        f"；是不是“{near[0]}”？" if near else ""
    )


def _anniversaries(start: dt.datetime, end: dt.datetime) -> float:
    return float(end.year - start.year - ((end.month, end.day) < (start.month, start.day)))


def _days(start: dt.datetime, end: dt.datetime) -> float:
    return float((end - start).days)


_FUNCTIONS: Mapping[str, tuple[tuple[Kind, ...], Kind, Callable[..., Any]]] = {
    "chars": (("text",), "number", lambda text: float(count_words(text))),
    "count": (("rows",), "number", lambda rows: float(len(rows))),
    "year": (("date",), "number", lambda date: float(date.year)),
    "years": (("date", "date"), "number", _anniversaries),
    "days": (("date", "date"), "number", _days),
}
_DIGITS = 12
"""Digits to which sums and products are rounded: amounts have fewer, and what binary fractions add stands beyond."""
_ROUND = 10.0**_DIGITS
"""Below it whole numbers have no more digits."""


def _rounded(number: float) -> float:
    if number.is_integer() and abs(number) < _ROUND:
        return number  # most are, and so are their sums and products
    return float(f"{number:.{_DIGITS}g}")


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_SAMPLES: Mapping[str, Any] = {
    "number": 1.0,
    "text": "",
    "date": dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    "texts": [],
    "numbers": [],
    "rows": [],
}
"""A value of each kind to try a condition with; a flag is tried both ways."""
_TAKEN = frozenset({"params", "lists", "deadlines", "filled", "true", "false", "null", "in"})
"""What stands for itself in a condition, beside the names of types."""
_TYPE_NAMES = frozenset({"bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "string", "timestamp", "type", "uint"})  # fmt: skip


@functools.lru_cache(maxsize=32)
def _env(names: tuple[tuple[str, Kind], ...]) -> Any:
    variables = {name: _TYPES[kind] for name, kind in names if name not in _TAKEN | _TYPE_NAMES}
    variables |= {f"filled.{name}": cel.Type.BOOL for name, _ in names}
    functions = [
        cel.FunctionDecl(
            name, [cel.Overload(name, _TYPES[result], [_TYPES[kind] for kind in takes], impl=function)]
        )
        for name, (takes, result, function) in _FUNCTIONS.items()
    ]  # fmt: skip
    for sign, calculate in _ARITHMETIC.items():
        overloads = [
            cel.Overload(
                f"{sign}_numbers", cel.Type.DOUBLE, [cel.Type.DOUBLE] * 2,
                impl=lambda a, b, calculate=calculate: _rounded(calculate(a, b)),
            )
        ]  # fmt: skip
        if sign == "+":
            overloads.append(cel.Overload("+_texts", cel.Type.STRING, [cel.Type.STRING] * 2, impl=operator.add))
        functions.append(cel.FunctionDecl(f"@{sign}@", overloads))
    return _new_env(variables, functions)


_PROTOBUF = "google.protobuf.descriptor_pool"


def _new_env(variables: Mapping[str, Any], functions: list[Any]) -> Any:
    """An environment without Python's protobuf, which CEL would load for messages that no condition has: a third of a second,
    and a package that it does not even ask for."""
    there = sys.modules.get(_PROTOBUF)
    sys.modules[_PROTOBUF] = None  # type: ignore[assignment]
    try:
        return cel.NewEnv(variables=variables, functions=functions)
    finally:
        if there is None:
            del sys.modules[_PROTOBUF]
        else:
            sys.modules[_PROTOBUF] = there
