"""How the house stands (``make check``): bare numbers in comparisons, long modules and functions, crowded folders.

Each count has the limit that holds today. A count below its limit: lower the limit here; one above it fails.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGES = ("catalog", "checks", "extractors", "flows", "records", "reports")
PLAIN = {0, 1, 2}
"""Numbers that are none of our choice: ends, pairs, halves."""
ROUNDING = ("abs", "float", "int", "max", "min", "round")
MODULE, FUNCTION, FOLDER = 400, 60, 20
"""Lines of a module and of a function, modules of a folder (its ``__init__`` among them), at most."""
ONE_A_GROUP = ("checks",)
"""Folders whose modules hold the checks of one question each, however many there are."""


class Count(NamedTuple):
    name: str
    found: float
    limit: float
    where: tuple[str, ...] = ()


def modules(packages: tuple[str, ...] = PACKAGES) -> Iterator[tuple[str, ast.Module, int]]:
    """Each module: its path, its tree, how many lines it has."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(ROOT).as_posix(), ast.parse(text), text.count("\n")


def bare(tree: ast.AST) -> int:
    """Numbers written into comparisons, alone or as a factor or term of what is compared."""
    sides = (
        side for node in ast.walk(tree) if isinstance(node, ast.Compare) for side in (node.left, *node.comparators)
    )
    return sum(_numbers(side) for side in sides)


def _numbers(side: ast.expr) -> int:
    match side:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value not in PLAIN
        case ast.BinOp(left=left, right=right):
            return _numbers(left) + _numbers(right)
        case ast.UnaryOp(operand=operand):
            return _numbers(operand)
        case ast.Call(func=ast.Name(id=name), args=args) if name in ROUNDING:
            return sum(map(_numbers, args))
    return 0


def long_functions(path: str, tree: ast.AST) -> list[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = {f"{path}:{f.lineno} {f.name}": (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    return [name for name, length in lines.items() if length > FUNCTION]


def crowded() -> list[str]:
    folders: dict[str, int] = {}
    for path, _, _ in modules():
        folder = path.rpartition("/")[0]
        folders[folder] = folders.get(folder, 0) + 1
    return [f"{folder} ({many})" for folder, many in folders.items() if many > FOLDER and folder not in ONE_A_GROUP]


def counts() -> list[Count]:
    found: list[Count] = []
    for package in PACKAGES:
        own = list(modules((package,)))
        share = 1000 * sum(bare(tree) for _, tree, _ in own) / sum(lines for _, _, lines in own)
        found.append(Count(f"bare comparisons in a thousand lines of {package}", round(share, 1), LIMITS[package]))
    every = list(modules())
    long = tuple(f"{path} ({lines})" for path, _, lines in every if lines > MODULE)
    found.append(Count(f"modules over {MODULE} lines", len(long), LIMITS["modules"], long))
    functions = tuple(name for path, tree, _ in every for name in long_functions(path, tree))
    found.append(Count(f"functions over {FUNCTION} lines", len(functions), LIMITS["functions"], functions))
    full = tuple(crowded())
    found.append(Count(f"folders over {FOLDER} modules", len(full), LIMITS["folders"], full))
    return found


LIMITS = {
    "catalog": 0, "checks": 0.7, "extractors": 0.8, "flows": 0.5, "records": 0, "reports": 0,
    "modules": 0, "functions": 0, "folders": 0,
}  # fmt: skip


def main() -> int:
    over = 0
    for count in counts():
        bad = count.found > count.limit
        over += bad
        print(f"{'!' if bad else ' '} {count.found:6g} {count.name} (limit {count.limit:g})")
        for place in count.where if bad else ():
            print(f"         {place}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
