"""Conditions over figures alone as Python: most rules on numbers are such, and most documents have every figure that they name.

CEL types them first (:mod:`checks.conditions`), and decides wherever a value is blank or in doubt; here is no more than sums and
comparisons of numbers that are all there, which CEL and Python hold to be the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

_WORDS = (("&&", " and "), ("||", " or "))
_NOT = re.compile(r"!(?!=)")
_COMPARED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_SUMS = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class _Otherwise(Exception):
    """There is more in the condition than figures."""


def plainly(
    text: str, figures: Collection[str], rounded: Callable[[float], float]
) -> Callable[[Mapping[str, Any]], bool] | None:
    """The condition of ``figures`` by name (``params.x`` with its dot), each given as a number; None where it has anything else.
    ``rounded`` is what becomes of each sum, product and quotient."""
    for sign, word in _WORDS:
        text = text.replace(sign, word)
    try:
        tree = ast.parse(f"({_NOT.sub(' not ', text)})", mode="eval")
        body = _Plain(figures).holds(tree.body)
    except (_Otherwise, SyntaxError):
        return None
    made = ast.Expression(ast.Lambda(_arguments("given"), body))
    decide: Callable[[Mapping[str, Any]], bool] = eval(  # noqa: S307 (a tree of our own, of sums and comparisons)
        compile(ast.fix_missing_locations(made), "<condition>", "eval"), {"rounded": rounded}
    )
    return decide


def _arguments(name: str) -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[ast.arg(name)], kwonlyargs=[], kw_defaults=[], defaults=[])


class _Plain:
    """Builds the tree anew, of what is known to mean the same in both."""

    def __init__(self, figures: Collection[str]) -> None:
        self.figures = figures

    def holds(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, [self.holds(value) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ast.UnaryOp(ast.Not(), self.holds(operand))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, _COMPARED):
                return ast.Compare(self.number(left), [op], [self.number(right)])
            case ast.Call(func=ast.Name(id="filled"), args=[asked], keywords=[]):
                self.number(asked)
                return ast.Constant(value=True)
        raise _Otherwise

    def number(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return ast.Constant(value=float(value))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return ast.UnaryOp(ast.USub(), self.number(operand))
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _SUMS):
                found = ast.BinOp(self.number(left), op, self.number(right))
                return ast.Call(ast.Name("rounded", ast.Load()), [found], [])
            case ast.Name() | ast.Attribute() if ast.unparse(node) in self.figures:
                return ast.Subscript(ast.Name("given", ast.Load()), ast.Constant(ast.unparse(node)), ast.Load())
        raise _Otherwise
