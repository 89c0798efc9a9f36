"""The candidate's side of a test that runs beside it: does one thing at a time on request, and claims a result."""

import builtins
import operator
import types
from collections.abc import Callable
from typing import Any, Final, NoReturn

from . import exchange, wire
from .candidate import Session, printed_bytes
from .confine import CHANNEL, REQUESTS
from .literal import NotPlainError, TooLargeError, isinstance_of
from .remote_object import ARITHMETIC, TRAITS

_read_exactly = wire.read_exactly
_send = wire.send


def _reversed_operator(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: operation(right, left)


# No comparison is here: whether two values are equal is never the candidate's to say.
OPERATIONS: Final[dict[str, Callable[..., Any]]] = {
    "getattr": getattr,
    "setattr": setattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "len": len,
    "iter": iter,
    "next": next,
    "str": str,
    "repr": repr,
    "bool": bool,
    "int": int,
    "float": float,
    "index": operator.index,
    "isinstance": lambda kind, value: isinstance(value, kind),
    "neg": operator.neg,
    "abs": abs,
}
for _name in ARITHMETIC:
    _operation = getattr(operator, f"__{_name}__")
    OPERATIONS[_name] = _operation
    OPERATIONS["r" + _name] = _reversed_operator(_operation)


class RemoteServer:
    """Objects that are no plain data stay here and travel as numbers."""

    def __init__(self, session: Session, names: list[str]) -> None:
        self._session = session
        self._names = names
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}

    def serve(self) -> NoReturn:
        _, namespace = self._session.load_first()
        present = {name: namespace[name] for name in self._names if name in namespace}
        self._reply(("ok", {name: self._described(value) for name, value in present.items()}, {}))
        while True:
            (length,) = wire.LENGTH.unpack(_read_exactly(REQUESTS, wire.LENGTH.size))
            request = exchange.loads(_read_exactly(REQUESTS, length).decode(), self._read_special)
            try:
                answer = self._perform(*request)
            except SystemExit:
                _send(CHANNEL, wire.EXIT, 0)
                raise
            except BaseException as problem:
                answer = ("raise", *_exception_name(problem), {})
            self._reply(answer)

    def _described(self, value: Any) -> Any:
        return _Module(value.__name__) if type(value) is types.ModuleType else value

    def _perform(self, operation: str, target: Any, arguments: list[Any], keywords: dict[str, Any]) -> tuple[Any, ...]:
        if operation != "call":
            return ("ok", OPERATIONS[operation](target, *arguments), {})
        held = [*arguments, *keywords.values()]
        before = exchange.snapshot(held, self._write_special)
        try:
            result = target(*arguments, **keywords)
        except (SystemExit, MemoryError):
            raise
        except BaseException as problem:
            changed = exchange.changes(held, before, self._write_special)
            return ("raise", *_exception_name(problem), changed)
        return ("ok", result, exchange.changes(held, before, self._write_special))

    def _reply(self, answer: tuple[Any, ...]) -> None:
        try:
            text = exchange.dumps(answer, self._write_special)
        except TooLargeError:
            text = "('too-large',)"
        except NotPlainError:
            text = "('raise', 'TypeError', None, '', {})"
        _send(CHANNEL, wire.REPLY, 0, text.encode("utf-8", "surrogatepass"), total=printed_bytes())

    def _write_special(self, value: Any, write: Callable[[Any], str]) -> str | None:
        if type(value) is _Module:
            return f"module({write(value.name)})"
        written = exchange.by_value(value, write)
        if written is not None or exchange.is_plain_subclass(value):
            return written if written is not None else self._named_tuple(value, write)
        if isinstance_of(value, type) and issubclass(value, BaseException):
            name = type.__dict__["__name__"].__get__(value)
            return f"exception({write(_builtin_base(value) or 'Exception')}, {write(name)})"
        traits = [trait for trait in TRAITS if _has(type(value), f"__{trait}__")]
        number = self._numbers.setdefault(id(value), len(self._objects))
        if number == len(self._objects):
            self._objects.append(value)
        name = getattr(value, "__name__", "")
        return f"remote({number}, {write(traits)}, {write(name if type(name) is str else '')})"

    def _named_tuple(self, value: Any, write: Callable[[Any], str]) -> str | None:
        fields = getattr(type(value), "_fields", None)
        if not isinstance_of(value, tuple) or type(fields) is not tuple:
            return None
        return f"named({write(type(value).__name__)}, {write(list(fields))}, {write(list(tuple.__iter__(value)))})"

    def _read_special(self, name: str, values: list[Any]) -> Any:
        if name == "remote":
            return self._objects[values[0]]
        return exchange.READERS[name](*values)


def _has(kind: type, name: str) -> bool:
    return any(name in base.__dict__ for base in kind.__mro__)


class _Module:
    """A module in the candidate's namespace: the test imports its own."""

    def __init__(self, name: str) -> None:
        self.name = name


def _builtin_base(kind: type) -> str | None:
    return next((found.__name__ for found in kind.__mro__ if getattr(builtins, found.__name__, None) is found), None)


def _exception_name(problem: BaseException) -> tuple[str | None, str, str]:
    """The nearest built-in class, the class's own name, and the message where it is a plain string."""
    kind = type(problem)
    base = _builtin_base(kind)
    arguments = problem.args
    message = arguments[0] if len(arguments) == 1 and type(arguments[0]) is str else ""
    return base, kind.__name__, message[:1000]
