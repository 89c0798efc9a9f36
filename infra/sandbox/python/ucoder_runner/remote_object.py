"""A stand-in for an object of the candidate's. Everything it says is a claim; comparing is done here, on plain data."""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeGuard


class NeedsInsideError(BaseException):
    """What the test does cannot be done beside the candidate."""


class Asker(Protocol):
    """The way to the candidate's process."""

    def ask(self, operation: str, target: "Remote", arguments: list[Any], keywords: dict[str, Any]) -> Any: ...

    def fail(self, problem: BaseException) -> BaseException: ...


def _get(remote: "Remote", name: str) -> Any:
    """Past `__getattr__`, which asks the candidate."""
    return object.__getattribute__(remote, name)


def number_of(remote: "Remote") -> int:
    number: int = _get(remote, "_number")
    return number


class Remote:
    # All that a test may do with it; what cannot be done from here ends in NeedsInsideError. Only what the object
    # itself claims to have (`traits`) is added by `remote_type`, so that `callable` and the abstract base classes
    # tell the same here as in one process.

    __slots__ = ("_connection", "_name", "_number")

    def __init__(self, connection: Asker, number: int, name: str) -> None:
        object.__setattr__(self, "_connection", connection)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_name", name)

    def _ask(self, operation: str, *arguments: Any) -> Any:
        return _get(self, "_connection").ask(operation, self, list(arguments), {})

    def __getattr__(self, name: str) -> Any:
        if name == "__name__":
            return _get(self, "_name")
        return self._ask("getattr", name)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._ask("getattr", "__doc__")

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("setattr", name, value)

    def __str__(self) -> str:
        return self._typed("str", str)

    def __repr__(self) -> str:
        return self._typed("repr", str)

    def __bool__(self) -> bool:
        return self._typed("bool", bool)

    def _typed(self, operation: str, kind: type) -> Any:
        value = self._ask(operation)
        if type(value) is not kind:
            raise TypeError(f"__{operation}__ returned no {kind.__name__}")
        return value

    def __instancecheck__(self, value: Any) -> bool:
        return is_remote(value) and self._ask("isinstance", value) is True

    def _other(self, other: object) -> bool:
        if is_remote(other) and other is not self:
            if _get(other, "_number") != _get(self, "_number"):
                raise _get(self, "_connection").fail(NeedsInsideError())
            return True
        return other is self

    def __eq__(self, other: object) -> bool:
        return self._other(other)

    def __ne__(self, other: object) -> bool:
        return not self._other(other)

    def __lt__(self, other: object) -> Any:
        self._other(other)
        return NotImplemented

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self) -> int:
        return hash(_get(self, "_number"))

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        raise _get(self, "_connection").fail(NeedsInsideError())


def is_remote(value: object) -> TypeGuard[Remote]:
    return issubclass(type(value), Remote)


def _call(self: Remote, *arguments: Any, **keywords: Any) -> Any:
    return _get(self, "_connection").ask("call", self, list(arguments), keywords)


def _inside(self: Remote, *_: Any) -> Any:
    raise _get(self, "_connection").fail(NeedsInsideError())


def _asking(operation: str) -> Callable[..., Any]:
    return lambda self, *arguments: self._ask(operation, *arguments)


def _returning(operation: str, kind: type) -> Callable[[Remote], Any]:
    return lambda self: self._typed(operation, kind)


ARITHMETIC: Final = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "matmul")
_METHODS: Final[dict[str, Callable[..., Any]]] = {
    "call": _call,
    "enter": _inside,
    "exit": _inside,
    "await": _inside,
    "len": _returning("len", int),
    "int": _returning("int", int),
    "float": _returning("float", float),
    "index": _returning("index", int),
    **{name: _asking(name) for name in ("getitem", "setitem", "delitem", "iter", "next", "neg", "abs")},
    **{name: _asking(name) for name in ARITHMETIC},
    **{f"r{name}": _asking(f"r{name}") for name in ARITHMETIC},
}
# Special methods that a stand-in can have, without their underscores.
TRAITS: Final = tuple(_METHODS)
_types: dict[tuple[str, ...], type[Remote]] = {}


def remote_type(traits: list[str]) -> type[Remote]:
    key = tuple(trait for trait in TRAITS if trait in traits)
    if key not in _types:
        methods: dict[str, Any] = {f"__{trait}__": _METHODS[trait] for trait in key}
        _types[key] = type("Remote", (Remote,), {"__slots__": (), **methods})
    return _types[key]
