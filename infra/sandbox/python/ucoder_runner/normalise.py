"""Tells programs apart by what they compile to: comments, docstrings, blank lines and layout do not count.

Only compiles, in a child of the runner where no candidate runs. What may look at its own text is told by its text.
"""

import ast
import marshal
from binascii import b2a_base64
from types import CodeType
from typing import Final, NamedTuple

try:
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:  # until Python 3.11; hashlib would load OpenSSL, and each candidate's fork would copy it
    from _sha256 import sha256

from .looking import is_blind
from .unchanging import Names, cannot_change

# Longer programs are not worth the time that comparing them takes.
MAX_BYTES: Final = 64 * 1024
_WITH_DOCSTRING: Final = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Program(NamedTuple):
    """`key`: equal where programs are the same; None where only the text can tell. `unchanging`: see there.

    `form`: the program as a candidate's process may be given it instead of its text, which spares it the compiler;
    in base 64, and only where there is a key.
    """

    key: str | None
    unchanging: bool
    form: str | None


_UNKNOWN: Final = Program(None, False, None)


def read(source: bytes, names: Names) -> Program:
    if len(source) > MAX_BYTES:
        return _UNKNOWN
    try:
        tree = ast.parse(source.decode("utf-8").removeprefix("\ufeff"))
        for node in ast.walk(tree):
            if not is_blind(node):
                return _UNKNOWN
            if isinstance(node, _WITH_DOCSTRING):
                _drop_docstring(node)
        code = compile(tree, "<candidate>", "exec", dont_inherit=True)
        key = sha256(marshal.dumps(_without_lines(code), 2)).hexdigest()
        return Program(key, cannot_change(code, names), b2a_base64(marshal.dumps(code), newline=False).decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _UNKNOWN


def _drop_docstring(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
    match node.body:
        case [ast.Expr(value=ast.Constant(value=str())) as first, *rest]:
            node.body = rest or [ast.copy_location(ast.Pass(), first)]


def _without_lines(code: CodeType) -> CodeType:
    constants = tuple([_without_lines(held) if isinstance(held, CodeType) else held for held in code.co_consts])
    return code.replace(co_consts=constants, co_firstlineno=1, co_linetable=b"", co_filename="")
