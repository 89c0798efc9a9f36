"""Reads tests before any candidate runs: compiles them, and turns what can be judged outside into a call.

Runs in a child of its own that answers the worker directly, so that expected values never reach the runner's memory.
"""

import ast
import builtins
import keyword
import re
import symtable
import sys
from typing import Any, Final

from .claims import BUILTINS, bound, is_claim, root_of
from .leaning import leans
from .literal import TooLargeError, dumps, evaluate, loads

_SINGLETONS: Final = (None, True, False)

# With these a test may use names that only its strings tell.
_HIDING: Final = frozenset(("exec", "eval", "globals", "locals", "vars"))
_WORD: Final = re.compile(r"\b[A-Za-z_]\w*")

Prepared = dict[str, Any]


def prepare(test: dict[str, Any]) -> Prepared:
    """What to run, and what to compare it with; or why the test is none."""
    try:
        if "call" in test:
            return _from_call(test["call"], test["expected"])
        if "assert" in test:
            return _from_assert(test["assert"])
        return _from_program(test["program"])
    except _InvalidTestError as problem:
        return {"kind": "invalid", "reason": str(problem)}
    except (RecursionError, MemoryError) as problem:
        return {"kind": "invalid", "reason": f"too deeply nested to compile ({type(problem).__name__})"}


class _InvalidTestError(Exception):
    pass


def _parse(source: str, mode: str, what: str) -> Any:
    try:
        tree = compile(source, "<test>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
        compile(tree, "<test>", mode, dont_inherit=True)
    except SyntaxError as problem:
        raise _InvalidTestError(f"{what}: {problem.msg} (line {problem.lineno})") from None
    except ValueError as problem:
        raise _InvalidTestError(f"{what}: {problem}") from None
    return tree


def _from_call(source: str, expected: str) -> Prepared:
    text = source.strip()
    tree = _parse(text, "eval", "the call is not an expression")
    try:
        value = dumps(loads(expected.strip()))
    except TooLargeError:
        raise _InvalidTestError("the expected value is larger than 1 MiB or nested deeper than 100") from None
    except ValueError as problem:
        raise _InvalidTestError(f"the expected value is not a literal: {problem}") from None
    return _judged(tree.body, text, "equal", value)


def _from_assert(source: str) -> Prepared:
    tree = _parse(source.lstrip(), "exec", "the assert does not compile")
    match tree.body:
        case [ast.Assert(test=condition)]:
            rewritten = _rewritten(condition)
            if rewritten is not None and is_claim(rewritten[0]):
                expression, match, expected = rewritten
                return _judged(expression, ast.unparse(expression), match, expected)
    return _program(source.lstrip(), tree, as_value=False)


def _from_program(source: str) -> Prepared:
    tree = _parse(source, "exec", "the program does not compile")
    return _program(source, tree, as_value=False)


def _rewritten(condition: ast.expr) -> tuple[ast.expr, str, str | None] | None:
    """CALL == LITERAL, LITERAL == CALL, CALL != LITERAL, CALL is None, not CALL, CALL."""
    match condition:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[right]):
            match_name = "equal" if isinstance(operator, ast.Eq) else "not-equal"
            for expression, literal in ((left, right), (right, left)):
                text = _literal(literal)
                if text is not None and _literal(expression) is None:
                    return expression, match_name, text
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as operator], comparators=[ast.Constant(value=value)]):
            if value in _SINGLETONS and type(value) in (bool, type(None)):
                return left, "identical" if isinstance(operator, ast.Is) else "not-identical", repr(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand, "falsy", None
        case ast.Call():
            return condition, "truthy", None
    return None


def _literal(node: ast.expr) -> str | None:
    try:
        return dumps(evaluate(node))
    except (ValueError, TypeError, TooLargeError):
        return None


def _judged(expression: ast.expr, source: str, match: str, expected: str | None) -> Prepared:
    if not is_claim(expression):
        tree = ast.Expression(expression)
        return {**_program(source, tree, as_value=True), "match": match, "expected": expected}
    root = root_of(expression)
    needed = root if root in BUILTINS else None
    return {"kind": "call", "source": source, "match": match, "expected": expected, "needed": needed}


def _program(source: str, tree: ast.AST, as_value: bool) -> Prepared:
    # Names like `__name__` and `__builtins__` are the interpreter's.
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not node.id.startswith("__")}
    hides = not names.isdisjoint(_HIDING)
    if hides:
        names |= _words(tree)
    own = _defined(tree)
    modules = _modules(tree, names - own)
    foreign = names - own - BUILTINS - set(modules)
    return {
        "kind": "program",
        "source": source,
        "asValue": as_value,
        "beside": {
            "names": sorted(names - own),
            "shadowing": _shadowing(tree, names - own),
            "modules": modules,
        },
        "inside": _needs_one_process(tree),
        "leans": leans(tree, foreign if hides else foreign & _free(source, as_value=as_value), hides=hides),
    }


def _free(source: str, *, as_value: bool) -> set[str]:
    """Names that the test uses and does not define: its own parameters may have the same ones."""

    def used(table: symtable.SymbolTable) -> set[str]:
        here = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
        return here.union(*map(used, table.get_children()))

    top = symtable.symtable(source, "<test>", "eval" if as_value else "exec")
    stored = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return used(top) - stored


def _words(tree: ast.AST) -> set[str]:
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    words = {word for text in texts for word in _WORD.findall(text)}
    return {word for word in words if not word.startswith("__") and not keyword.iskeyword(word)} - BUILTINS


def _defined(tree: ast.AST) -> set[str]:
    """Names that the test itself defines at its top level."""
    found: set[str] = set()
    for node in getattr(tree, "body", []) if isinstance(tree, ast.Module) else []:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found.update((alias.asname or alias.name).split(".")[0] for alias in aliases)
    return found


def _shadowing(tree: ast.AST, names: set[str]) -> list[str]:
    """A candidate may not redefine `abs` or `all` for a test, unless only a built-in name can be what is tested."""
    if names - BUILTINS - bound(tree):
        return []
    calls = (
        [node.value for node in getattr(tree, "body", []) if isinstance(node, ast.Expr)]
        if isinstance(tree, ast.Module)
        else []
    )
    handed = {
        argument.id
        for call in calls
        if isinstance(call, ast.Call)
        for argument in call.args
        if isinstance(argument, ast.Name) and argument.id in BUILTINS
    }
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS
    }
    return sorted(handed or called)


def _modules(tree: ast.AST, names: set[str]) -> list[str]:
    """Names of standard modules that the test uses only as modules (`math.fabs`): a candidate may not stand in."""
    bases = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    bare = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in bases}
    return sorted((names & sys.stdlib_module_names) - bare)


def _needs_one_process(tree: ast.AST) -> bool:
    """`a is b` on values that travel by copy has no meaning beside the candidate; nor can coroutines travel."""
    return any(
        isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith | ast.AsyncFunctionDef)
        or (isinstance(node, ast.Name) and node.id == "asyncio")
        or (isinstance(node, ast.Compare) and _compares_identity(node))
        for node in ast.walk(tree)
    )


def _compares_identity(node: ast.Compare) -> bool:
    sides = (node.left, *node.comparators)
    if any(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
        return not any(isinstance(side, ast.Constant) or _is_type(side) for side in sides)
    return all(isinstance(side, ast.Call) and _is_type(side) for side in sides)


def _is_type(node: ast.expr) -> bool:
    """`type(x) is int` means the same on a copy."""
    if isinstance(node, ast.Name):
        return isinstance(getattr(builtins, node.id, None), type)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"
