"""Mutants of a module's source, made by cosmic-ray's operators: those that a slip of the hand could make."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parents[2]
_COMPARISONS = ("Eq_NotEq", "NotEq_Eq", "Eq_GtE", "Eq_LtE", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE", "Gt_LtE",
                "LtE_Gt", "GtE_Lt", "Is_IsNot", "IsNot_Is")  # fmt: skip
_SUMS = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "BitOr_BitAnd", "BitAnd_BitOr")
OPERATORS = [
    *(f"core/ReplaceComparisonOperator_{n}" for n in _COMPARISONS),
    *(f"core/ReplaceBinaryOperator_{n}" for n in _SUMS),
    *("core/" + n for n in ("AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse",
      "ReplaceFalseWithTrue", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ReplaceUnaryOperator_Delete_Not",
      "ReplaceUnaryOperator_Delete_USub", "ZeroIterationForLoop")),
]  # fmt: skip
CORE = ("checks/meaning/matching", "checks/completeness", "checks/consistency", "checks/meaning/closest", "checks/agreement",
        "records/normalise", "records/codes", "records/choices", "records/yes_no", "records/instances", "extractors/fitting")  # fmt: skip
"""Modules drawn from three times as often: what decides values and who is told of what."""
_LEFT_OUT = ("checks/book.py", "records/ledger/locks.py", "records/ledger/schema.py")
"""The rule book as a page, and what belongs to the ledger's files: other tests than these."""


@dataclass(frozen=True, slots=True)
class Mutant:
    module: str
    """Path below the project, with "/"."""
    operator: str
    occurrence: int
    line: int
    source: str

    @property
    def name(self) -> str:
        return f"{self.module}:{self.line} {self.operator.removeprefix('core/')} {self.occurrence}"

    def change(self) -> str:
        """The line before and after."""
        before, after = ((ROOT / self.module).read_text("utf-8").splitlines(), self.source.splitlines())
        pairs = [(a, b) for a, b in zip(before, after, strict=False) if a != b]
        return "\n".join(f"  - {a.strip()}\n  + {b.strip()}" for a, b in pairs[:2])


def modules() -> list[str]:
    found = [p for folder in ("checks", "records", "extractors/fitting") for p in (ROOT / folder).rglob("*.py")]
    return sorted(
        name for p in found if (name := p.relative_to(ROOT).as_posix()) not in _LEFT_OUT and "__init__" not in name
    )


def sample(count: int, seed: int, only: Sequence[str] = ()) -> list[Mutant]:
    """``count`` mutants drawn at random, the same for the same seed and source."""
    chosen = random.Random(seed)
    places: list[tuple[str, str, int, int]] = []
    for module in modules():
        if not only or any(part in module for part in only):
            weight = 3 if module.startswith(CORE) else 1
            places += [(module, *place) for place in _places(module)] * weight
    chosen.shuffle(places)
    found: dict[tuple[str, str, int, int], Mutant] = {}
    for place in places:
        if len(found) >= count:
            break
        if place not in found and (mutant := _made(*place)) is not None:
            found[place] = mutant
    return sorted(found.values(), key=lambda m: (m.module, m.line, m.operator, m.occurrence))


def _places(module: str) -> Iterator[tuple[str, int, int]]:
    """Operator, occurrence and line of each."""
    nodes = list(ast_nodes(get_ast((ROOT / module).read_text("utf-8"))))
    for name in OPERATORS:
        operator = get_operator(name)()
        occurrence = 0
        for node in nodes:
            for (line, _), _ in operator.mutation_positions(node):
                yield name, occurrence, line
                occurrence += 1


def _made(module: str, operator: str, occurrence: int, line: int) -> Mutant | None:
    source = (ROOT / module).read_text("utf-8")
    mutated = mutate_code(source, get_operator(operator)(), occurrence)
    if mutated is None:
        return None
    try:
        same = _without_types(source) == _without_types(mutated)
    except SyntaxError:
        return None
    return None if same else Mutant(module, operator, occurrence, line, mutated)


def _without_types(source: str) -> str:
    """The tree without annotations, which nothing evaluates."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef():
                node.returns = None
            case ast.arg():
                node.annotation = None
            case ast.AnnAssign():
                node.annotation = ast.Constant(None)
    return ast.dump(tree)
