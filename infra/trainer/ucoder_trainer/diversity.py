"""How varied programs are. Reads groups, a JSON list of sources a line; writes the measures of each group.

Sources are parsed, never run. Needs nothing but the standard library: python -I diversity.py
"""

import ast
import json
import math
import re
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

TOKEN = re.compile(r"\w+|[^\w\s]")
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def entropy_bits(counts: Counter[str]) -> float:
    """Shannon's entropy. Summed in the order of size, so that equal counts give equal digits."""
    total = counts.total()
    return -sum(n / total * math.log2(n / total) for n in sorted(counts.values())) if len(counts) > 1 else 0.0


def is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def bound_name(node: ast.AST) -> str | None:
    if isinstance(node, DEFINITIONS):
        return node.name
    if isinstance(node, ast.arg):
        return node.arg
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None


def normalise(tree: ast.Module) -> None:
    """Takes away what changes nothing: docstrings, annotations of the header, the choice of names."""
    nodes = list(ast.walk(tree))
    names: dict[str, str] = {}
    for node in nodes:
        if (name := bound_name(node)) is not None:
            names.setdefault(name, f"n{len(names)}")
    for node in nodes:
        if isinstance(node, (ast.Module, *DEFINITIONS)) and node.body and is_text(node.body[0]):
            del node.body[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
            node.arg = names[node.arg]
        elif isinstance(node, DEFINITIONS):
            node.name = names[node.name]
        elif isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)


def measure(codes: Sequence[str]) -> dict[str, float]:
    tokens: Counter[str] = Counter()
    types: set[str] = set()
    trees: set[bytes] = set()
    parsed = 0
    for code, times in Counter(codes).items():
        for token, n in Counter(TOKEN.findall(code)).items():
            tokens[token] += n * times
        try:
            tree = ast.parse(code)
            found = {type(node).__name__ for node in ast.walk(tree) if not isinstance(node, ast.expr_context)}
            normalise(tree)
            dumped = ast.dump(tree)
        except UNREADABLE:
            continue
        parsed += times
        types |= found
        trees.add(sha256(dumped.encode("utf-8", "surrogatepass")).digest())
    return {
        "programs": len(codes),
        "parsed": parsed,
        "trees": len(trees),
        "nodeTypes": len(types),
        "entropyBits": round(entropy_bits(tokens), 6),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        print(json.dumps(measure(json.loads(line))), flush=True)
