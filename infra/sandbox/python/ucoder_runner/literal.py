"""Plain data to the text of a Python literal and back, by the base types' own methods only."""

import ast
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, Final

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 100
# Longer integers are written in base 16: linear instead of quadratic time, and beyond the interpreter's limit.
MAX_DECIMAL_BITS: Final = 14_000
_BITS_PER_DIGIT: Final = 3.3219280948873626

_SCALARS: Final = frozenset((int, float, str, bool, type(None)))
_numerator = Fraction.__dict__["_numerator"].__get__
_denominator = Fraction.__dict__["_denominator"].__get__
_decimal_tuple = Decimal.as_tuple
_decimal_float = Decimal.__float__
_dict_items, _dict_values = dict.items, dict.values
_chained = chain.from_iterable


class NotPlainError(Exception):
    """The value is no plain data."""


class TooLargeError(Exception):
    """The literal is larger than 1 MiB, nested deeper than 100, or cyclic."""


Encoder = Callable[[Any, Callable[[Any], str]], str | None]


class Writer:
    """Writes one value. `special` may write, before anything else, what is no exact plain type."""

    def __init__(self, special: Encoder | None = None) -> None:
        self._left = MAX_BYTES
        self._special = special

    def text(self, value: Any, depth: int = 0) -> str:
        kind = type(value)
        if kind in _SCALARS:
            return self._spend(self._int(value) if kind is int else repr_of(kind, value))
        if self._special is not None and kind not in _CONTAINERS:
            written = self._special(value, lambda part: self.text(part, depth + 1))
            if written is not None:
                return self._spend(written)
        return self._container_or_subclass(value, depth)

    def _spend(self, text: str) -> str:
        self._left -= len(text)
        if self._left < 0:
            raise TooLargeError
        return text

    def _int(self, value: int) -> str:
        bits = int.bit_length(value)
        if bits <= MAX_DECIMAL_BITS:
            return int.__repr__(value)
        if bits / _BITS_PER_DIGIT > MAX_BYTES:
            raise TooLargeError
        return hex(value)

    def _items(self, values: list[Any] | tuple[Any, ...], depth: int) -> list[str]:
        if depth >= MAX_DEPTH:
            raise TooLargeError
        self._left -= 2 * len(values)
        if self._left < 0:
            raise TooLargeError
        deeper = depth + 1
        return [self.text(value, deeper) for value in values]

    def _container_or_subclass(self, value: Any, depth: int) -> str:
        if isinstance_of(value, list):
            return "[" + ", ".join(self._items(list_of(value), depth)) + "]"
        if isinstance_of(value, tuple):
            parts = self._items(tuple_of(value), depth)
            return "(" + ", ".join(parts) + (",)" if len(parts) == 1 else ")")
        if isinstance_of(value, dict):
            pairs = list(_dict_items(value))
            keys = self._items([key for key, _ in pairs], depth)
            values = self._items([held for _, held in pairs], depth)
            return "{" + ", ".join([f"{key}: {held}" for key, held in zip(keys, values, strict=True)]) + "}"
        if isinstance_of(value, set):
            parts = self._items(list(set.__iter__(value)), depth)
            return "{" + ", ".join(parts) + "}" if parts else "set()"
        if isinstance_of(value, frozenset):
            parts = self._items(list(frozenset.__iter__(value)), depth)
            return "frozenset({" + ", ".join(parts) + "})" if parts else "frozenset()"
        return self._spend(self._scalar_subclass(value))

    def _scalar_subclass(self, value: Any) -> str:
        if isinstance_of(value, int):
            return self._int(int.__int__(value))
        for base in (str, float, complex, bytes):
            if isinstance_of(value, base):
                return repr_of(base, value)
        if isinstance_of(value, bytearray):
            return bytes.__repr__(bytes(memoryview(value)))
        if isinstance_of(value, Fraction):
            return self._fraction(_numerator(value), _denominator(value))
        if isinstance_of(value, Decimal):
            return self._decimal(value)
        raise NotPlainError

    def _fraction(self, numerator: int, denominator: int) -> str:
        if denominator == 1:
            return self._int(numerator)
        try:
            return float.__repr__(numerator / denominator)
        except OverflowError:
            return self._int(numerator // denominator)

    def _decimal(self, value: Decimal) -> str:
        _, digits, exponent = _decimal_tuple(value)
        if isinstance(exponent, int) and exponent >= 0 and len(digits) + exponent <= 4000:
            return self._int(int(value))
        try:
            return float.__repr__(_decimal_float(value))
        except ValueError:
            return "nan"  # a signalling NaN has no float


_CONTAINERS: Final = frozenset((list, tuple, dict, set, frozenset))
_mro = type.__dict__["__mro__"].__get__


def isinstance_of(value: Any, base: type) -> bool:
    """By the object's real type: an instance may lie about `__class__`."""
    return base in _mro(type(value))


def repr_of(base: type, value: Any) -> str:
    text: str = base.__repr__(value)
    return text


def list_of(value: list[Any]) -> list[Any]:
    return list(list.__iter__(value))


def tuple_of(value: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple.__iter__(value))


def dumps(value: Any, special: Encoder | None = None) -> str:
    """The literal's text. Thrown: NotPlainError, TooLargeError."""
    kind = type(value)
    # Most answers are one of these, or a list of these: C code all the way.
    if kind is int and int.bit_length(value) <= MAX_DECIMAL_BITS:
        return int.__repr__(value)
    if kind in _CONTAINERS and len(value) < _FEW and _is_simple(kind, value):
        try:
            text = repr_of(kind, value)
        except ValueError:  # an integer beyond what the interpreter converts
            return Writer(special).text(value)
        if len(text) > MAX_BYTES:
            raise TooLargeError
        return text
    return Writer(special).text(value)


_FEW: Final = 1000
_LISTS: Final = frozenset((list, tuple))


def _is_simple(kind: type, value: Any) -> bool:
    """Whether the base type's own `repr` writes what the writer would: scalars, a few lists of them, a dict of them."""
    kinds = set(map(type, value))
    if kind is dict:
        return kinds <= _SCALARS and set(map(type, _dict_values(value))) <= _SCALARS
    if kinds <= _SCALARS:
        return True
    if not kinds <= _LISTS or sum(map(len, value)) >= _FEW:
        return False
    return set(map(type, _chained(value))) <= _SCALARS


Hook = Callable[[str, list[Any]], Any]


def loads(text: str, call: Hook | None = None) -> Any:
    """Reads what `ast.literal_eval` reads, and nan, inf, set(), frozenset({…}), float('nan'). Thrown: ValueError."""
    try:
        tree = ast.parse(text.lstrip(" \t"), mode="eval")
        return evaluate(tree.body, call)
    except (SyntaxError, TypeError, RecursionError, MemoryError) as problem:
        raise ValueError(str(problem) or type(problem).__name__) from None


_NAMES: Final[dict[str, Any]] = {
    "nan": float("nan"),
    "inf": float("inf"),
    "nanj": complex(0, float("nan")),
    "infj": complex(0, float("inf")),
}
_FLOAT_NAMES: Final = frozenset(("nan", "inf", "infinity"))


def evaluate(node: ast.expr, call: Hook | None = None) -> Any:
    """The value of a literal's syntax tree. Thrown: ValueError where it is no literal."""
    match node:
        case ast.Constant(value=value) if value is not Ellipsis:
            return value
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.List(elts=elements):
            return [evaluate(element, call) for element in elements]
        case ast.Tuple(elts=elements):
            return tuple([evaluate(element, call) for element in elements])
        case ast.Set(elts=elements):
            return {evaluate(element, call) for element in elements}
        case ast.Dict(keys=keys, values=values):
            if any(key is None for key in keys):
                raise ValueError("** is not part of a literal")
            return {evaluate(key, call): evaluate(value, call) for key, value in zip(keys, values, strict=True) if key}
        case ast.UnaryOp(op=ast.UAdd() | ast.USub() as sign, operand=operand):
            return _signed(sign, evaluate(operand, call))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            return _complex(evaluate(left, call), sign, evaluate(right, call))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, arguments, call)
    raise ValueError(f"{ast.unparse(node)[:80]!r} is not a literal")


def _number(value: Any) -> bool:
    return type(value) in (int, float, complex)


def _signed(sign: ast.unaryop, value: Any) -> Any:
    if not _number(value):
        raise ValueError("a sign needs a number")
    return -value if isinstance(sign, ast.USub) else +value


def _complex(left: Any, sign: ast.operator, right: Any) -> Any:
    if not (_number(left) and type(left) is not complex and type(right) is complex):
        raise ValueError("an operator is not part of a literal")
    return left + right if isinstance(sign, ast.Add) else left - right


def _called(name: str, arguments: list[ast.expr], call: Hook | None) -> Any:
    if name in ("set", "frozenset") and len(arguments) <= 1:
        members = evaluate(arguments[0], call) if arguments else ()
        if not isinstance(members, (set, list, tuple, frozenset)):
            raise ValueError(f"{name}() needs a literal collection")
        return set(members) if name == "set" else frozenset(members)
    values = [evaluate(argument, call) for argument in arguments]
    if name == "float" and len(values) == 1 and str(values[0]).strip().lower().lstrip("+-") in _FLOAT_NAMES:
        return float(values[0])
    if call is not None:
        return call(name, values)
    raise ValueError(f"{name}(…) is not a literal")
