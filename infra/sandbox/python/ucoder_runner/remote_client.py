"""The test's side of the conversation with the candidate's process: one question, one answer in plain data."""

import builtins
import importlib
import sys
from collections import namedtuple
from collections.abc import Callable
from typing import Any, Final

from . import exchange, wire
from .call_site import calling_frame, is_held_elsewhere, is_statement
from .confine import CHANNEL, REQUESTS
from .leaning import may_flatter
from .literal import NotPlainError
from .remote_object import ARITHMETIC, NeedsInsideError, Remote, is_remote, number_of, remote_type


class RemoteTooLargeError(BaseException):
    """The candidate answered with more than a result may hold."""


class BrokenCandidateError(BaseException):
    """The candidate's answer is none."""


class Connection:
    """Asks one thing at a time. A test that swallows one of the errors above is still told by `failure`.

    `leans` where the verdict rests on what an object of the candidate says of a value that the test told it: the
    difference to an expected number, `startswith`. `expects_stop`: the test speaks of StopIteration itself.
    """

    def __init__(self, *, expects_stop: bool = False) -> None:
        self.failure: BaseException | None = None
        self.leans = False
        # Only what the candidate's names stand for may be a module: no answer of a function is.
        self._named = False
        self._expects_stop = expects_stop
        self._exceptions: dict[tuple[str, str], type[BaseException]] = {}

    def fail(self, problem: BaseException) -> BaseException:
        self.failure = self.failure or problem
        return problem

    def names(self) -> dict[str, Any]:
        described: dict[str, Any] = self._receive([])
        self._named = True
        return described

    def ask(self, operation: str, target: Remote, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        self._note(operation, arguments)
        try:
            text = exchange.dumps((operation, target, arguments, keywords), self._write)
        except NotPlainError:
            raise self.fail(NeedsInsideError()) from None
        payload = text.encode("utf-8", "surrogatepass")
        wire.send(CHANNEL, wire.REMOTE, 0, wire.LENGTH.pack(len(payload)) + payload)
        try:
            return self._receive([*arguments, *keywords.values()])
        except (StopIteration, StopAsyncIteration) as problem:
            # From a function, it would end a `map` or `zip` of the test as if nothing were left to compare.
            if operation == "next" or self._expects_stop:
                raise
            raise RuntimeError("the candidate raised StopIteration") from problem

    def _note(self, operation: str, arguments: list[Any]) -> None:
        if (operation.removeprefix("r") in ARITHMETIC and not is_remote(arguments[0])) or operation == "isinstance":
            self.leans = True
        elif operation == "getattr":
            self.leans |= may_flatter(arguments[0])

    def _receive(self, held: list[Any]) -> Any:
        (length,) = wire.LENGTH.unpack(wire.read_exactly(REQUESTS, wire.LENGTH.size))
        payload = wire.read_exactly(REQUESTS, length)
        try:
            answer = exchange.loads(payload.decode("utf-8", "surrogatepass"), self._read)
            kind = answer[0]
            if kind == "too-large":
                raise self.fail(RemoteTooLargeError())
            if answer[-1]:
                self._take_changes(held, answer[-1])
            if kind == "ok":
                return answer[1]
            raised = self._raised(*answer[1:4])
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            raise self.fail(BrokenCandidateError()) from None
        raise raised

    def _take_changes(self, held: list[Any], changed: dict[int, Any]) -> None:
        """What a call did to its arguments, where the test can see it.

        `sort(x)` alone in a statement is there for its effect, so the change is made here too. Where the result is
        used as well (`f(x) == sorted(x)`), only the candidate's own process can say what the test means by it.
        """
        if not all(exchange.is_mutable(held[position]) for position in changed):
            raise ValueError("an argument that no call can change was changed")
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
        if is_remote(value):
            return f"remote({number_of(value)})"
        written = exchange.by_value(value, write)
        if written is None and type(value) not in _EXACT:
            raise NotPlainError
        return written

    def _read(self, name: str, values: list[Any]) -> Any:
        if name == "remote":
            number, traits, own_name = values
            return remote_type(traits)(self, number, own_name)
        if name == "exception":
            return self._exception(*values)
        if name == "module" and not self._named:
            return _standard_module(values[0])
        if name == "named":
            # A field with the name of a method may hold a function that agrees to everything.
            self.leans |= any(map(may_flatter, values[1]))
            return namedtuple(values[0], values[1])(*values[2])  # type: ignore[misc]
        return exchange.READERS[name](*values)


_EXACT: Final = frozenset(
    (int, float, complex, str, bytes, bool, list, tuple, dict, set, frozenset, type(None)),
)


def _standard_module(name: str) -> Any:
    if name.split(".")[0] not in sys.stdlib_module_names:
        raise ValueError(name)
    return importlib.import_module(name)
