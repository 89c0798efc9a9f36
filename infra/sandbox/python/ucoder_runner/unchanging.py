"""Tells modules that tests cannot change: these are executed once, all others afresh for each test.

Told from the bytecode before any of it runs, by lists of what is allowed; in doubt a module is executed afresh. Nothing
of such a module's making is mutable: its top level imports and defines functions and constants, calls nothing and
builds nothing but tuples. And nothing in it leads back to its namespace or to its functions' attributes: no class, no
global or attribute assignment, no import in a function, and only names that are known to be harmless, so that
neither reflection nor a library that writes to what it is given is in reach. What other modules remember (`random`'s
state, for example) they remember in both ways of running.
"""

import importlib
import opcode
import re
import sys
import types
from collections.abc import Iterable
from types import CodeType, ModuleType
from typing import Any, Final, NamedTuple

# At the top level: imports, functions, constants, annotations. No calls, no lists, no branches.
_AT_TOP: Final = (
    "CACHE RESUME NOP EXTENDED_ARG PUSH_NULL COPY SWAP POP_TOP LOAD_CONST LOAD_NAME STORE_NAME LOAD_ATTR BINARY_OP "
    "BINARY_SUBSCR BUILD_TUPLE MAKE_FUNCTION SET_FUNCTION_ATTRIBUTE IMPORT_NAME IMPORT_FROM RETURN_VALUE RETURN_CONST"
)
_TOP: Final = frozenset(opcode.opmap[name] for name in _AT_TOP.split() if name in opcode.opmap)
# In functions and calls: nothing that writes to a namespace or to an object's attributes, no classes, no imports, and
# no patterns with attributes, whose names are constants.
_FORBIDDEN: Final = frozenset(
    number
    for name, number in opcode.opmap.items()
    if re.search("(?:STORE|DELETE)_(?:GLOBAL|NAME|ATTR)|IMPORT|BUILD_CLASS|MATCH_CLASS|LOCALS", name)
)
# Others may have operations that the two lists do not know.
_UNDERSTOOD: Final = (3, 11) <= sys.version_info[:2] <= (3, 13)
_MAX_DEPTH: Final = 20

_BUILTINS: Final = (
    "abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format "
    "frozenset hex int isinstance issubclass iter len list map max min next oct ord pow print range repr reversed "
    "round set slice sorted str sum tuple zip ArithmeticError AssertionError AttributeError BaseException Exception "
    "IndexError KeyError LookupError NotImplementedError OverflowError RecursionError RuntimeError StopIteration "
    "TypeError ValueError ZeroDivisionError"
)
# Modules of which all public names are harmless; their own submodules and mutable values are left out.
_WHOLE_MODULES: Final = ("bisect", "cmath", "collections", "collections.abc", "fractions", "heapq", "itertools", "math")
# Of these, only some: the rest reads attributes by name, or writes to functions that it is given.
_PARTS: Final = {
    "__future__": "annotations",
    "copy": "copy deepcopy",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP",
    "functools": "cache cmp_to_key lru_cache partial reduce",
    "operator": "add and_ concat contains countOf eq floordiv ge gt indexOf invert itemgetter le lshift lt mod mul ne "
    "neg not_ or_ pos pow rshift sub truediv truth xor",
    "random": "choice choices randint random randrange sample seed shuffle uniform",
    "re": "I IGNORECASE M MULTILINE S DOTALL X VERBOSE findall finditer fullmatch match search split sub subn escape",
    "statistics": "fmean mean median median_high median_low mode multimode pstdev pvariance stdev variance",
    "string": "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable punctuation "
    "whitespace",
    "typing": "AbstractSet Any AnyStr Callable ClassVar Collection Counter DefaultDict Deque Dict Final FrozenSet "
    "Generator Hashable Iterable Iterator List Literal Mapping MutableMapping MutableSequence MutableSet NoReturn "
    "Optional OrderedDict Reversible Sequence Set Sized SupportsFloat SupportsInt Text Tuple Type Union",
}
_DATA: Final = (
    "builtins.bool builtins.bytearray builtins.bytes builtins.complex builtins.dict builtins.float builtins.frozenset "
    "builtins.int builtins.list builtins.range builtins.set builtins.slice builtins.str builtins.tuple "
    "collections.Counter collections.OrderedDict collections.defaultdict collections.deque datetime.date "
    "datetime.datetime datetime.time datetime.timedelta decimal.Decimal fractions.Fraction re.Match"
)
MODULES: Final = frozenset((*_WHOLE_MODULES, *_PARTS))


class Names(NamedTuple):
    """`safe`: lead nowhere. `reflective`: a module that defines one of these is not understood here."""

    safe: frozenset[str]
    reflective: frozenset[str]


def _public(names: Iterable[str]) -> set[str]:
    return {name for name in names if not name.startswith("_")}


def _harmless(module: ModuleType) -> set[str]:
    """Public names of a module that are no modules and nothing mutable."""
    values = {name: getattr(module, name) for name in _public(getattr(module, "__all__", dir(module)))}
    return {name for name, value in values.items() if not isinstance(value, ModuleType | list | dict | set)}


def _attributes(path: str) -> set[str]:
    module, _, name = path.rpartition(".")
    return _public(dir(getattr(importlib.import_module(module), name)))


def known_names() -> Names:
    """Takes some milliseconds: to be called once, when the modules are loaded anyway."""
    safe = set(_BUILTINS.split()).union(*map(_attributes, _DATA.split()), *(part.split() for part in _PARTS.values()))
    modules = [importlib.import_module(name) for name in MODULES]
    safe |= set().union(*(_harmless(module) for module in modules if module.__name__ in _WHOLE_MODULES))
    # The names of the modules themselves, `collections.abc` included.
    safe |= {part for name in MODULES for part in name.split(".")} - {"__future__"}
    builtins = importlib.import_module("builtins")
    inner = [value for value in vars(types).values() if isinstance(value, type)]
    owners: list[Any] = [*modules, builtins, sys, *inner, type, property]
    reflective = set().union(*(_public(dir(owner)) for owner in owners)) - safe
    return Names(frozenset(safe), frozenset(reflective))


def foreign_names(codes: Iterable[CodeType], names: Names) -> frozenset[str] | None:
    """Names that some calls take from the module; None where a call may change it."""
    foreign: set[str] = set()
    for code in codes:
        used = _names_within(code)
        if used is None:
            return None
        foreign |= used - names.safe
    return None if any(name.startswith("_") for name in foreign) else frozenset(foreign)


def cannot_change(module: CodeType, names: Names) -> bool:
    """Whether calls that use no other foreign names than its own cannot tell one execution of it from a fresh one."""
    own = _own_names(module) if _UNDERSTOOD else None
    if own is None or not own.isdisjoint(names.reflective):
        return False
    allowed = names.safe | own
    if not set(module.co_names) - {"__doc__", "__future__", "collections.abc"} <= allowed:
        return False
    functions = [_names_within(constant) for constant in module.co_consts if isinstance(constant, CodeType)]
    return all(used is not None and used <= allowed for used in functions)


def _own_names(module: CodeType) -> set[str] | None:
    """What the top level defines; None where it does more than import and define."""
    code = module.co_code
    if not _TOP.issuperset(code[::2]):
        return None
    own: set[str] = set()
    high = 0
    for position in range(0, len(code), 2):
        operation, argument = code[position], code[position + 1] | high
        high = argument << 8 if operation == _EXTENDED else 0
        if operation == _STORE:
            own.add(module.co_names[argument])
        elif operation == _IMPORT and module.co_names[argument] not in MODULES:
            return None
    own.discard("__doc__")
    return None if any(name.startswith("_") for name in own) else own


def _names_within(code: CodeType, depth: int = 0) -> set[str] | None:
    if depth > _MAX_DEPTH or not _FORBIDDEN.isdisjoint(code.co_code[::2]):
        return None
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inner = _names_within(constant, depth + 1)
            if inner is None:
                return None
            names |= inner
    return names


_EXTENDED: Final = opcode.opmap["EXTENDED_ARG"]
_STORE: Final = opcode.opmap["STORE_NAME"]
_IMPORT: Final = opcode.opmap["IMPORT_NAME"]
