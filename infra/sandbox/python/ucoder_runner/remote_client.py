"""The test's side: stand-ins for the candidate's objects, which ask the candidate's process for plain data."""

import builtins
import importlib
import sys
from collections import namedtuple
from collections.abc import Callable
from typing import Any, Final

from . import exchange, wire
from .confine import CHANNEL, REQUESTS
from .literal import NotPlainError
from .test_frames import calling_frame, is_held_elsewhere, is_statement


class NeedsInsideError(BaseException):
    """What the test does cannot be done beside the candidate."""


class RemoteTooLargeError(BaseException):
    """The candidate answered with more than a result may hold."""


class BrokenCandidateError(BaseException):
    """The candidate's answer is none."""


class Connection:
    """Asks one thing at a time. A test that swallows one of the errors above is still told by `failure`."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self._exceptions: dict[tuple[str, str], type[BaseException]] = {}

    def fail(self, problem: BaseException) -> BaseException:
        self.failure = self.failure or problem
        return problem

    def names(self) -> dict[str, Any]:
        described: dict[str, Any] = self._receive([])
        return described

    def ask(self, operation: str, target: "Remote", arguments: list[Any], keywords: dict[str, Any]) -> Any:
        try:
            text = exchange.dumps((operation, target, arguments, keywords), self._write)
        except NotPlainError:
            raise self.fail(NeedsInsideError()) from None
        payload = text.encode("utf-8", "surrogatepass")
        wire.send(CHANNEL, wire.REMOTE, 0, wire.LENGTH.pack(len(payload)) + payload)
        return self._receive([*arguments, *keywords.values()])

    def _receive(self, held: list[Any]) -> Any:
        (length,) = wire.LENGTH.unpack(wire.read_exactly(REQUESTS, wire.LENGTH.size))
        text = wire.read_exactly(REQUESTS, length).decode("utf-8", "surrogatepass")
        try:
            answer = exchange.loads(text, self._read)
            kind = answer[0]
            if kind == "too-large":
                raise self.fail(RemoteTooLargeError())
            if answer[-1]:
                self._take_changes(held, answer[-1])
            if kind == "ok":
                return answer[1]
            raised = self._raised(*answer[1:4])
        except (ValueError, TypeError, LookupError, AttributeError):
            raise self.fail(BrokenCandidateError()) from None
        raise raised

    def _take_changes(self, held: list[Any], changed: dict[int, Any]) -> None:
        """What a call did to its arguments, where the test can see it.

        `sort(x)` alone in a statement is there for its effect, so the change is made here too. Where the result is
        used as well (`f(x) == sorted(x)`), only the candidate's own process can say what the test means by it.
        """
        seen = {position: value for position, value in changed.items() if is_held_elsewhere(held[position])}
        if not seen:
            return
        if not is_statement(calling_frame()):
            raise self.fail(NeedsInsideError())
        for position, value in seen.items():
            exchange.restore(held[position], value)

    def _raised(self, base: str | None, name: str, message: str) -> BaseException:
        kind = getattr(builtins, base or "Exception", Exception)
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise ValueError(base)
        if name != base:
            return self._exception(base or "Exception", name)(message)
        try:
            return kind(message)
        except TypeError:  # UnicodeDecodeError and its like want more
            return Exception(message)

    def _exception(self, base: str, name: str) -> type[BaseException]:
        kind = getattr(builtins, base)
        if name == base:
            return kind
        return self._exceptions.setdefault((base, name), type(name, (kind,), {}))

    def _write(self, value: Any, write: Callable[[Any], str]) -> str | None:
        if type(value) is Remote:
            return f"remote({object.__getattribute__(value, '_number')})"
        written = exchange.by_value(value, write)
        if written is None and type(value) not in _EXACT:
            raise NotPlainError
        return written

    def _read(self, name: str, values: list[Any]) -> Any:
        if name == "remote":
            number, _kind, own_name = values
            return Remote(self, number, own_name)
        if name == "exception":
            return self._exception(*values)
        if name == "module":
            return _standard_module(values[0])
        if name == "named":
            return namedtuple(values[0], values[1])(*values[2])  # type: ignore[misc]
        return exchange.READERS[name](*values)


_EXACT: Final = frozenset(
    (int, float, complex, str, bytes, bool, list, tuple, dict, set, frozenset, type(None)),
)


def _standard_module(name: str) -> Any:
    if name.split(".")[0] not in sys.stdlib_module_names:
        raise ValueError(name)
    return importlib.import_module(name)


def _get(remote: "Remote", name: str) -> Any:
    return object.__getattribute__(remote, name)


class Remote:
    """An object of the candidate's. Everything it says is a claim; comparing is done here, on plain data."""

    __slots__ = ("_connection", "_name", "_number")

    def __init__(self, connection: Connection, number: int, name: str) -> None:
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
