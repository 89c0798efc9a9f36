"""Fingerprints of syntax trees, to find a benchmark's solution under other names or beside other code.

Reads programs, a JSON object {"id", "code"} a line; writes for each, in their order, {"id", "trees"}: the
fingerprint of the whole program and of the body of each function, as far as they have MIN_NODES nodes; or
{"id", "unreadable"}, the reason. Programs are parsed, never run. Needs nothing but the standard library:
python -I trees.py

Two trees are one where they differ in the choice of names, docstrings, comments, layout, type hints and the
way of importing. Constants count: HumanEval/56 and 61 differ in nothing else.
"""

import ast
import json
import sys
import warnings
from collections.abc import Sequence
from hashlib import sha256

MIN_NODES = 16
"""Smaller trees are shared by programs of other purpose. Neither signatures nor what is left out counts."""

MAX_BYTES = 2**20
MAX_NODES = 1_000_000

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)
SIGNATURE = (*FUNCTIONS, ast.arguments, ast.arg)
IGNORED_FIELDS = frozenset(
    {"annotation", "ctx", "kind", "returns", "simple", "type_comment", "type_ignores", "type_params"}
)
NAME_FIELDS = frozenset({"id", "name", "names", "rest"})


class UnreadableError(Exception):
    """The program is no Python of this version, or too large."""


class Tokens(list[str]):
    """A tree in the order of its text, which tells it from every other one."""

    nodes = 0


def is_left_out(node: object) -> bool:
    """Statements that change nothing: imports, hints without a value, texts (docstrings among them)."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return isinstance(node, IMPORTS) or (isinstance(node, ast.AnnAssign) and node.value is None)


def is_name(node: ast.AST, field: str) -> bool:
    """Whether the field names a variable, and not an attribute or a parameter of what is called."""
    return field in NAME_FIELDS or (field == "arg" and isinstance(node, ast.arg))


def read_names(nodes: Sequence[ast.AST]) -> tuple[set[str], dict[str, list[str]]]:
    """The names that the program chooses, and the path that each name it imports stands for."""
    chosen: set[str] = set()
    imported: dict[str, list[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = alias.name.split(".")
                imported[alias.asname or path[0]] = path if alias.asname else path[:1]
        elif isinstance(node, ast.ImportFrom):
            module = (
                ["." * node.level + (node.module or "")] if node.level else (node.module or "").split(".")
            )
            imported |= {alias.asname or alias.name: [*module, alias.name] for alias in node.names}
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                chosen.add(node.id)
        elif not isinstance(node, ast.alias):
            for field, value in ast.iter_fields(node):
                if isinstance(value, str) and is_name(node, field):
                    chosen.add(value)
    return chosen, {name: path for name, path in imported.items() if name not in chosen}


class Reader:
    """Turns parts of one program into tokens, without recursion: trees may be deeper than the stack."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes = [node for node in ast.walk(tree) if not isinstance(node, ast.expr_context)]
        if len(self.nodes) > MAX_NODES:
            raise UnreadableError(f"more than {MAX_NODES} nodes")
        self.chosen, self.imported = read_names(self.nodes)

    def read(self, body: Sequence[ast.stmt]) -> Tokens:
        """Names are numbered as they appear in this part."""
        tokens = Tokens()
        numbers: dict[str, int] = {}
        rest: list[object] = [body]
        while rest:
            item = rest.pop()
            if isinstance(item, str):
                tokens.append(item)
            elif isinstance(item, list):
                rest += ["]", *reversed([part for part in item if not is_left_out(part)]), "["]
            elif isinstance(item, ast.Name) and item.id in self.imported:
                path = self.imported[item.id]
                tokens.nodes += len(path)
                tokens += ["(Attribute"] * (len(path) - 1) + ["(Name", path[0], ")"]
                for part in path[1:]:
                    tokens += [part, ")"]
            elif isinstance(item, ast.AST):
                tokens.nodes += not isinstance(item, SIGNATURE)
                rest += [")", *reversed(list(self.parts(item, numbers)))]
            else:
                tokens.append("-")
        return tokens

    def parts(self, node: ast.AST, numbers: dict[str, int]) -> list[object]:
        if isinstance(node, ast.AnnAssign):
            return ["(Assign", [node.target], node.value]
        if isinstance(node, ast.Constant):
            return ["(Constant", type(node.value).__name__, repr(node.value)]
        parts: list[object] = [f"({type(node).__name__}"]
        for field, value in ast.iter_fields(node):
            if field in IGNORED_FIELDS:
                continue
            texts = value if isinstance(value, list) else [value]
            if is_name(node, field) and any(isinstance(text, str) for text in texts):
                parts += [self.number(text, numbers) for text in texts]
            else:
                parts.append(value if isinstance(value, str | list | ast.AST | None) else repr(value))
        return parts

    def number(self, name: str, numbers: dict[str, int]) -> str:
        return f"#{numbers.setdefault(name, len(numbers))}" if name in self.chosen else name


def fingerprints(code: str) -> list[str]:
    """Hexadecimal SHA-256, each once, in alphabetical order. Thrown: UnreadableError."""
    if len(code) > MAX_BYTES or len(code.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise UnreadableError(f"more than {MAX_BYTES} bytes")
    try:
        tree = ast.parse(code)
        reader = Reader(tree)
        bodies = [tree.body, *(node.body for node in reader.nodes if isinstance(node, FUNCTIONS))]
        found = [tokens for tokens in map(reader.read, bodies) if tokens.nodes >= MIN_NODES]
        return sorted({sha256("\n".join(tokens).encode("utf-8")).hexdigest() for tokens in found})
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError(type(error).__name__) from error


def main() -> None:
    warnings.simplefilter("ignore")
    for line in sys.stdin.buffer:
        program = json.loads(line)
        try:
            found: dict[str, object] = {"trees": fingerprints(program["code"])}
        except UnreadableError as error:
            found = {"unreadable": str(error)}
        print(json.dumps({"id": program["id"], **found}), flush=True)


if __name__ == "__main__":
    main()
