"""Tells programs that have no way to see their own docstrings, comments or numbers of lines.

Told from the names in the syntax tree, which the parser has normalised, by lists of what is allowed: a name made of
strings (`operator.attrgetter("__do" + "c__")`) needs one of the ways to use it, and these are names again.
"""

import ast
import functools
import re
import sys
from collections.abc import Callable
from typing import Any, Final

from .unchanging import MODULES

# Whatever else the library has may print, hand out or compare what a program looks like.
_MORE_MODULES: Final = (
    "abc array base64 calendar dataclasses enum hashlib json numbers struct textwrap time unicodedata zlib"
)
# Ways to an attribute whose name is made at run time, to code from strings, and to memory.
_WAYS_TO_LOOK: Final = (
    "getattr vars globals locals exec eval compile help breakpoint open attrgetter methodcaller Formatter vformat "
    "get_field format_field make_dataclass asdict astuple get_type_hints ForwardRef singledispatch "
    "singledispatchmethod redirect_stdout redirect_stderr"
)
_SPECIAL_NAMES: Final = (
    "__name__ __module__ __qualname__ __slots__ __enter__ __exit__ __call__ __next__ __missing__ __post_init__ "
    "__matmul__ __await__ __aiter__ __anext__ __aenter__ __aexit__ __del__ __set_name__ __all__ __version__ __author__"
)
_TELLING: Final = frozenset(("__doc__", "__getattribute__", "__dir__", "__reduce__", "__reduce_ex__", "__getstate__"))
_FRAMES: Final = re.compile(r"(?:co|tb|f|gi|cr|ag)_|.*lineno")
_FIELD_OF_OBJECT: Final = re.compile(r"\{[^{}:!]*[.\[{]")

_modules: Final = MODULES.union(_MORE_MODULES.split())
_ways: Final = frozenset(_WAYS_TO_LOOK.split())
_special: Final = (
    frozenset(name for kind in (int, float, str, list, dict, set) for name in dir(kind) if name.startswith("__"))
    .difference(_TELLING)
    .union(_SPECIAL_NAMES.split())
)


def is_blind(node: ast.AST) -> bool:
    """Whether this node alone lets a program see nothing of its text. To be asked of every node."""
    kind = type(node)
    return kind not in _ASKED or _ASKED[kind](node)


@functools.lru_cache(maxsize=4096)
def _is_harmless(name: str) -> bool:
    if name.startswith("__") and name.endswith("__") and name not in _special:
        return False
    if name in _ways or _FRAMES.match(name):
        return False
    # Modules have others as their attributes: `random._os`.
    return name.lstrip("_") not in sys.stdlib_module_names or name in _modules


def _attribute(node: ast.Attribute) -> bool:
    """`"{0.__doc__}".format(f)` reads an attribute."""
    if node.attr in ("format", "format_map"):
        return isinstance(node.value, ast.Constant) and not _FIELD_OF_OBJECT.search(str(node.value.value))
    return _is_harmless(node.attr)


def _import_from(node: ast.ImportFrom) -> bool:
    return node.level == 0 and node.module in _modules and all(_is_harmless(alias.name) for alias in node.names)


_ASKED: Final[dict[type, Callable[[Any], bool]]] = {
    ast.Name: lambda node: _is_harmless(node.id),
    ast.Attribute: _attribute,
    ast.Import: lambda node: all(alias.name in _modules for alias in node.names),
    ast.ImportFrom: _import_from,
    ast.MatchClass: lambda node: all(map(_is_harmless, node.kwd_attrs)),
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), lambda node: _is_harmless(node.name)),
}
