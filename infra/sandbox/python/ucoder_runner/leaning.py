"""Tests whose verdict rests on a second function of the candidate: `isclose(f(1), 2.0)` with `isclose` from its module.

Such a function is told what the first one answered, and says what the test wants to hear. Nothing of that can be
judged outside, so the matrix marks the test. Told from the syntax tree; in doubt, a test leans.
"""

import ast
from typing import Final

_PLAIN: Final = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, bytearray)
# Methods by which plain data tells yes or no: an object that has one can say what the test wants to hear.
_PREDICATES: Final = frozenset(
    name for kind in _PLAIN for name in dir(kind) if name.startswith(("is", "startswith", "endswith"))
)
_HARMLESS: Final = frozenset(("__name__", "__doc__", "__dict__", "__annotations__", "__wrapped__", "__qualname__"))


def may_flatter(attribute: str) -> bool:
    """Whether an object that a function returned may, by this attribute, agree with whatever it is told."""
    return attribute in _PREDICATES or (attribute.startswith("__") and attribute not in _HARMLESS)


_PARAMETER: Final = "parameter"
_Sources = frozenset[str]
_NONE: Final[_Sources] = frozenset()


def leans(tree: ast.AST, names: set[str]) -> bool:
    """`names`: what the test takes from the candidate's module, built-ins and standard modules left out."""
    if len(names) < 2:
        return False
    flow = _Flow(names, tree)
    return any(flow.leans_at(node) for node in ast.walk(tree))


class _Flow:
    """Which of the candidate's names had a part in the value of an expression."""

    def __init__(self, names: set[str], tree: ast.AST) -> None:
        self._names = names
        self._parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self._held: dict[str, _Sources] = {}
        bindings = [binding for node in ast.walk(tree) for binding in _bindings(node)]
        while any(self._bind(target, value) for target, value in bindings):
            pass

    def _bind(self, target: ast.expr, value: ast.expr) -> bool:
        found = self.sources(value)
        changed = False
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and not found <= self._held.get(node.id, _NONE):
                self._held[node.id] = self._held.get(node.id, _NONE) | found
                changed = True
        return changed

    def sources(self, node: ast.expr) -> _Sources:
        found: set[str] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                found |= self._held.get(part.id, _NONE)
            if isinstance(part, ast.Call):
                found |= {callee for callee in [self._callee(part)] if callee is not None}
        return frozenset(found)

    def _callee(self, call: ast.Call) -> str | None:
        if not isinstance(call.func, ast.Name):
            return None
        name = call.func.id
        if name in self._parameters:
            return _PARAMETER
        return name if name in self._names else None

    def leans_at(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            callee = self._callee(node)
            told = [self.sources(argument) for argument in [*node.args, *(word.value for word in node.keywords)]]
            return callee is not None and any(sources - {callee} for sources in told)
        if isinstance(node, ast.Compare):
            sides = [self.sources(side) for side in (node.left, *node.comparators)]
            # Both sides are the candidate's word.
            return all(sides) and len(frozenset().union(*sides)) > 1
        return False


def _bindings(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(target, value) for target in targets]
        case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            return [(target, value)]
        case ast.AnnAssign(target=target, value=value) if value is not None:
            return [(target, value)]
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            return [(target, value)]
    return []
