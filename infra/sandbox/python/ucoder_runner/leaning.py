"""Tests whose verdict rests on a second name of the candidate: `isclose(f(1), 2.0)` with `isclose` from its module.

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
# By these it may hand back what it is told, or compare itself.
_ECHOES: Final = frozenset(
    ("union", "intersection", "difference", "symmetric_difference", "equals", "equal", "isclose", "almost_equal")
)
_HARMLESS: Final = frozenset(("__name__", "__doc__", "__dict__", "__annotations__", "__wrapped__", "__qualname__"))


def may_flatter(attribute: str) -> bool:
    """Whether an object that a function returned may, by this attribute, agree with whatever it is told."""
    return attribute in _PREDICATES | _ECHOES or (attribute.startswith("__") and attribute not in _HARMLESS)


_Sources = frozenset[str]
_NONE: Final[_Sources] = frozenset()
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def leans(tree: ast.AST, names: set[str], *, hides: bool = False) -> bool:
    """`names`: what the test takes from the candidate's module, built-ins and standard modules left out.

    `hides`: what it does with them stands in strings that it executes.
    """
    if len(names) < 2 or hides:
        return hides and len(names) > 1
    try:
        flow = _Flow(names, tree)
        return any(flow.leans_at(node) for node in ast.walk(tree))
    except RecursionError:
        return True


class _Flow:
    """Which of the candidate's names had a part in the value of an expression (`sources`), or may be its value."""

    def __init__(self, names: set[str], tree: ast.AST) -> None:
        self._names = names
        self._functions = {node.name: node for node in ast.walk(tree) if isinstance(node, _Function)}
        self._parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self._held: dict[str, _Sources] = {}
        self._meant: dict[str, _Sources] = {}
        bindings = [binding for node in ast.walk(tree) for binding in self._bindings(node)]
        while any(self._bind(target, value) for target, value in bindings):
            pass

    def _bindings(self, node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in self._functions:
                return _handed(node, self._functions[name].args)
            case ast.Call(func=ast.Attribute(value=owner)):
                return [(owner, value) for value in _told(node)]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                returned = [part.value for part in ast.walk(node) if isinstance(part, ast.Return | ast.Yield)]
                return [(ast.Name(name), value) for value in returned if value is not None]
        return _bindings(node)

    def _bind(self, target: ast.expr, value: ast.expr) -> bool:
        return any(
            [self._add(self._held, target, self.sources(value)), self._add(self._meant, target, self._refers(value))]
        )

    def _add(self, known: dict[str, _Sources], target: ast.expr, found: _Sources) -> bool:
        changed = False
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and not found <= known.get(node.id, _NONE):
                known[node.id] = known.get(node.id, _NONE) | found
                changed = True
        return changed

    def sources(self, node: ast.AST, *, judged: bool = True) -> _Sources:
        """`judged`: what a comparison says counts as well, though it is made here."""
        found: _Sources = _NONE
        if isinstance(node, ast.Compare) and not judged:
            return found
        if isinstance(node, ast.Name):
            found = self._held.get(node.id, _NONE)
        elif isinstance(node, ast.Call) and not self._is_method_of_parameter(node):
            found = self._callees(node)
        return found.union(*(self.sources(part, judged=judged) for part in ast.iter_child_nodes(node)))

    def _refers(self, node: ast.AST) -> _Sources:
        """Names of the candidate that the expression may stand for: what a call gives is none."""
        if isinstance(node, ast.Call | ast.Compare):
            return _NONE
        found = _NONE
        if isinstance(node, ast.Name):
            own = frozenset((node.id,)) if node.id in self._names else _NONE
            found = self._meant.get(node.id, _NONE) | own
        return found.union(*(self._refers(part) for part in ast.iter_child_nodes(node)))

    def _is_method_of_parameter(self, call: ast.Call) -> bool:
        """A parameter of the test's own function is plain data more often than an object of the candidate."""
        return isinstance(call.func, ast.Attribute) and not self._refers(call.func)

    def _callees(self, call: ast.Call) -> _Sources:
        if isinstance(call.func, ast.Name) and call.func.id in self._functions:
            return _NONE
        parameters = {
            f"parameter {node.id}"
            for node in ast.walk(call.func)
            if isinstance(node, ast.Name) and node.id in self._parameters
        }
        return self._refers(call.func) | self.sources(call.func) | parameters

    def leans_at(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            callees = self._callees(node)
            told = _NONE.union(*(self.sources(value) for value in _told(node)))
            if callees:
                return any(told - {callee} for callee in callees)
            return self._mixes(_told(node))
        if isinstance(node, ast.BinOp):
            return self._mixes([node.left, node.right])
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            given = [self.sources(side) | self._refers(side) for side in sides]
            # Both sides are the candidate's word.
            return all(given) and len(_NONE.union(*given)) > 1
        return False

    def _mixes(self, values: list[ast.expr]) -> bool:
        """Whether two values that are subtracted here, or compared in a library, are both the candidate's word."""
        told = [self.sources(value, judged=False) for value in values]
        given = [sources | self._refers(value) for sources, value in zip(told, values, strict=True)]
        return any(told) and sum(map(bool, given)) > 1 and len(_NONE.union(*given)) > 1


def _handed(call: ast.Call, signature: ast.arguments) -> list[tuple[ast.expr, ast.expr]]:
    """The test's own parameters and what they get; each gets everything where that cannot be told."""
    places = [*signature.posonlyargs, *signature.args]
    by_name = {word.arg: word.value for word in call.keywords}
    names = [parameter.arg for parameter in (*places, *signature.kwonlyargs)]
    if None in by_name or any(isinstance(value, ast.Starred) for value in call.args) or len(call.args) > len(places):
        spare = [parameter.arg for parameter in (signature.vararg, signature.kwarg) if parameter is not None]
        return [(ast.Name(name), value) for name in (*names, *spare) for value in _told(call)]
    handed = [(ast.Name(place.arg), value) for place, value in zip(places, call.args, strict=False)]
    return [*handed, *((ast.Name(name), value) for name, value in by_name.items() if name is not None)]


def _told(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(word.value for word in call.keywords)]


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
