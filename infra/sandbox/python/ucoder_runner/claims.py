"""Which expressions of a test the candidate's process may evaluate whole: they tell it nothing that is expected."""

import ast
import builtins
import sys
from typing import Final

from .leaning import may_flatter

BUILTINS: Final = frozenset(dir(builtins))
# Built-ins around a call that only reshape its value: they tell the candidate nothing about what is expected.
WRAPPERS: Final = frozenset(
    ("len", "sorted", "list", "tuple", "set", "frozenset", "dict", "str", "int", "float", "bool", "abs", "sum", "min",
     "max", "round", "repr")
)  # fmt: skip
# With a second value these choose, and could choose it: `max(f(1), 5) == 5`.
_CHOOSING: Final = frozenset(("max", "min", "sum"))


def is_claim(node: ast.expr) -> bool:
    """Whether the candidate's process may evaluate the whole expression: it then sees arguments, nothing else.

    FUNCTION(arguments), chains of it (x(1).y[2]), and built-ins that reshape its value. In `isclose(f(1), 2.0)` or
    `f(1) == 2` the candidate could read the answer from the expression, so these run beside it.
    """
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRAPPERS:
        inner, extra = node.args[:1], node.args[1:]
        constants = [*extra, *(keyword.value for keyword in node.keywords)]
        tells = bool(extra) and node.func.id in _CHOOSING
        if inner and not tells and all(isinstance(value, ast.Constant) for value in constants) and is_claim(inner[0]):
            return True
    root = root_of(node)
    if root is None or root in sys.stdlib_module_names or not _has_call(node):
        return False
    if root in BUILTINS and any(_names_of_the_module(argument) for argument in _arguments(node)):
        return False  # `callable(f)`: the built-in is not what is tested
    if any(isinstance(part, ast.Attribute) and may_flatter(part.attr) for part in _chain(node)):
        return False
    return all(_calls_nothing_of_the_module(argument) for argument in _arguments(node))


def _chain(node: ast.expr) -> list[ast.expr]:
    nodes = [node]
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
        nodes.append(node)
    return nodes


def root_of(node: ast.expr) -> str | None:
    """The name at the bottom of a chain; inside wrappers, that of the wrapped call where it is no built-in."""
    last = _chain(node)[-1]
    if not isinstance(last, ast.Name):
        return None
    if last.id in WRAPPERS and isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name):
        inner = root_of(node.args[0])
        if inner is not None and _has_call(node.args[0]):
            return inner
    return last.id


def _has_call(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) for part in _chain(node))


def _arguments(node: ast.expr) -> list[ast.expr]:
    found: list[ast.expr] = []
    for part in _chain(node):
        if isinstance(part, ast.Call):
            found += [*part.args, *(keyword.value for keyword in part.keywords)]
        elif isinstance(part, ast.Subscript):
            found.append(part.slice)
    return found


def _names_of_the_module(argument: ast.expr) -> bool:
    names = {node.id for node in ast.walk(argument) if isinstance(node, ast.Name)}
    return bool(names - BUILTINS - bound(argument) - sys.stdlib_module_names)


def _calls_nothing_of_the_module(argument: ast.expr) -> bool:
    known = BUILTINS | bound(argument) | sys.stdlib_module_names
    for node in ast.walk(argument):
        if isinstance(node, ast.Call):
            last = _chain(node)[-1]
            if isinstance(last, ast.Name) and last.id not in known:
                return False
    return True


def bound(tree: ast.AST) -> set[str]:
    """Names that the test stores, or takes as parameters."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return stored | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
