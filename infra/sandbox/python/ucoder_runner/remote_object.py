"""A stand-in for an object of the candidate's. Everything it says is a claim; comparing is done here, on plain data."""

from collections.abc import Callable
from typing import Any, Protocol


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
    """All that a test may do with it; what cannot be done from here ends in NeedsInsideError."""

    __slots__ = ("_connection", "_name", "_number")

    def __init__(self, connection: Asker, number: int, name: str) -> None:
        object.__setattr__(self, "_connection", connection)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_name", name)

    def _ask(self, operation: str, *arguments: Any) -> Any:
        return _get(self, "_connection").ask(operation, self, list(arguments), {})

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return _get(self, "_connection").ask("call", self, list(arguments), keywords)

    def __getattr__(self, name: str) -> Any:
        if name == "__name__":
            return _get(self, "_name")
        return self._ask("getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("setattr", name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        self._ask("delitem", key)

    def __len__(self) -> int:
        return self._typed("len", int)

    def __iter__(self) -> Any:
        return self._ask("iter")

    def __next__(self) -> Any:
        return self._ask("next")

    def __str__(self) -> str:
        return self._typed("str", str)

    def __repr__(self) -> str:
        return self._typed("repr", str)

    def __bool__(self) -> bool:
        return self._typed("bool", bool)

    def __int__(self) -> int:
        return self._typed("int", int)

    def __float__(self) -> float:
        return self._typed("float", float)

    def __index__(self) -> int:
        return self._typed("index", int)

    def _typed(self, operation: str, kind: type) -> Any:
        value = self._ask(operation)
        if type(value) is not kind:
            raise TypeError(f"__{operation}__ returned no {kind.__name__}")
        return value

    def __instancecheck__(self, value: Any) -> bool:
        return type(value) is Remote and self._ask("isinstance", value) is True

    def _other(self, other: object) -> bool:
        if type(other) is Remote and other is not self:
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

    def __enter__(self) -> Any:
        raise _get(self, "_connection").fail(NeedsInsideError())

    def __exit__(self, *_: object) -> None:
        pass

    def __await__(self) -> Any:
        raise _get(self, "_connection").fail(NeedsInsideError())

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        raise _get(self, "_connection").fail(NeedsInsideError())


def _binary(operation: str) -> Callable[[Remote, Any], Any]:
    return lambda self, other: self._ask(operation, other)


def _unary(operation: str) -> Callable[[Remote], Any]:
    return lambda self: self._ask(operation)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor", "matmul"):
    setattr(Remote, f"__{_name.rstrip('_')}__", _binary(_name))
    setattr(Remote, f"__r{_name.rstrip('_')}__", _binary("r" + _name))
for _name in ("neg", "abs"):
    setattr(Remote, f"__{_name}__", _unary(_name))
