"""The candidate's process: loads the module afresh for each test and answers each call with one frame.

Everything here is in the candidate's reach and proves nothing: a frame is a claimed value. What is captured below
before candidates run keeps honest answers right when a candidate patches `os`, `sys` or builtins.
"""

import _thread
import marshal
import os
import sys
import time
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any, Final, NoReturn

from . import wire
from .calls import Calls
from .confine import CHANNEL
from .fork import fork
from .literal import NotPlainError, TooLargeError, dumps
from .seccomp import refuse_processes

MODULE_NAME: Final = "candidate"
# A module that takes longer to load says so before each test, so that its load is not counted as the test's time.
SLOW_LOAD_NS: Final = 1_000_000
# From here on a fork for each test is cheaper than loading the module again.
HEAVY_LOAD_S: Final = 0.005
# A process whose output has grown so far makes way for a fresh one before it meets its file size limit.
MUCH_OUTPUT: Final = 4 * 1024 * 1024

_stdout, _stderr, _stdin = sys.stdout, sys.stderr, sys.stdin
_seek, _END = os.lseek, os.SEEK_END
_send, _write, _write_all, _pack = wire.send, os.write, wire.write_all, wire.HEADER.pack
_exit, _close = os._exit, os.close
_threads = _thread._count
_now = time.perf_counter_ns
_cpu = time.process_time
_fork_with_threads, _wait = os.fork, os.waitpid
_modules = sys.modules
_set_recursion_limit = sys.setrecursionlimit
_recursion_limit = sys.getrecursionlimit()
_exec, _eval, _compile, _loads, _len = exec, eval, compile, marshal.loads, len


def printed_bytes() -> int:
    """Bytes on both streams since the process began."""
    try:
        _stdout.flush()
        _stderr.flush()
    except (ValueError, OSError):
        pass
    try:
        # Cheaper than fstat; everything is appended to that file, so that its position means nothing.
        return _seek(1, 0, _END)
    except OSError:
        return 0


def compiled(source: bytes, *, is_read: bool) -> CodeType | None:
    """None where it is no program, whatever the compiler says, its own limits included."""
    try:
        if is_read:
            made: CodeType = _loads(source)
            return made
        text = source.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
        code: CodeType = _compile(text, "<candidate>", "exec", dont_inherit=True)
        return code
    except BaseException:
        return None


def fresh_module(code: CodeType) -> dict[str, Any]:
    module = ModuleType(MODULE_NAME)
    _modules[MODULE_NAME] = module
    namespace = module.__dict__
    _exec(code, namespace)
    return namespace


class Session:
    """One candidate's tests, in their order."""

    def __init__(self, source: bytes, order: list[int], *, is_read: bool = False) -> None:
        self._source = source
        self._is_read = is_read
        self._order = order
        self._total = 0

    def load_first(self, *, may_be_heavy: bool = False) -> tuple[CodeType, dict[str, Any]]:
        """Exits where there is nothing to run: a module that does not load is an error in every test."""
        code = compiled(self._source, is_read=self._is_read)
        if code is None:
            self._give_up(wire.LOAD_ERROR)
        _send(CHANNEL, wire.COMPILED, 0)
        start = _cpu()
        try:
            namespace = fresh_module(code)
            if may_be_heavy and _cpu() - start > HEAVY_LOAD_S:
                # What it imported was perhaps not there yet: the second time tells.
                start = _cpu()
                namespace = fresh_module(code)
                if _cpu() - start > HEAVY_LOAD_S:
                    self._give_up(wire.HEAVY)
        except MemoryError:
            self._give_up(wire.LOAD_MEMORY)
        except BaseException:
            self._give_up(wire.LOAD_ERROR)
        self._total = printed_bytes()
        _send(CHANNEL, wire.LOADED, 0, total=self._total)
        return code, namespace

    def _give_up(self, kind: bytes) -> NoReturn:
        leave(kind, 0)

    def run_calls(self, calls: Calls, *, unchanging: bool) -> NoReturn:
        """The module is executed afresh for each test, unless that changes nothing, or takes longer than forks."""
        code, namespace = self.load_first(may_be_heavy=len(self._order) > 1)
        self.answer_calls(calls, code, namespace, executed_once=unchanging and calls.leave_as_it_was(namespace))
        leave(wire.FINISHED, len(self._order))

    def answer_calls(self, calls: Calls, code: CodeType, namespace: dict[str, Any], *, executed_once: bool) -> None:
        for position, index in enumerate(self._order):
            call, needed = calls.codes[index]
            kind, text = b"", ""
            if position > 0 and not executed_once:
                kind, namespace = self._load_again(code, position)
            if not kind:
                kind, text = answer_of(call, needed, namespace)
            self._report(kind, position, text)

    def run_forks(self, calls: Calls) -> NoReturn:
        """The module is loaded once; each test has a process of its own that begins where loading ended."""
        _, namespace = self.load_first()
        for position, index in enumerate(self._order):
            pid = fork() if _threads() == 0 else _fork_with_threads()
            if pid == 0:
                refuse_processes()
                kind, text = answer_of(*calls.codes[index], namespace)
                self._answer(kind, position, text)
                _exit(0)
            _wait(pid, 0)
            self._total = printed_bytes()
            _send(CHANNEL, wire.ENDED, position, total=self._total)
            if self._total >= MUCH_OUTPUT and position + 1 < len(self._order):
                # What earlier tests printed must not use up the file of the later ones.
                leave(wire.DIRTY, position + 1)
        leave(wire.FINISHED, len(self._order))

    def _load_again(self, code: CodeType, position: int) -> tuple[bytes, dict[str, Any]]:
        _set_recursion_limit(_recursion_limit)
        sys.stdout, sys.stderr, sys.stdin = _stdout, _stderr, _stdin
        start = _now()
        try:
            namespace = fresh_module(code)
        except MemoryError:
            return wire.MEMORY, {}
        except BaseException:
            return wire.ERROR, {}
        printed = printed_bytes()
        if printed != self._total or _now() - start > SLOW_LOAD_NS:
            self._total = printed
            _send(CHANNEL, wire.LOADED, position, total=printed)
        return b"", namespace

    def _report(self, kind: bytes, position: int, text: str) -> None:
        """Ends here where the rest needs a fresh process: threads were left behind, or much was printed."""
        printed = self._answer(kind, position, text)
        if _threads() != 0 or printed >= MUCH_OUTPUT:
            leave(wire.DIRTY, position + 1)

    def _answer(self, kind: bytes, position: int, text: str) -> int:
        printed = printed_bytes()
        payload = text.encode("utf-8", "surrogatepass")
        if _len(payload) > 1024 * 1024:
            kind, payload = wire.TOO_LARGE, b""
        data = _pack(kind, position, max(0, printed - self._total), printed, _len(payload)) + payload
        written = _write(CHANNEL, data)
        if written != _len(data):
            _write_all(CHANNEL, data[written:])
        self._total = printed
        return printed

    def run_inside(self, program: bytes, as_value: bool) -> NoReturn:
        """The whole test in the candidate's own process: the last resort, and marked so in the matrix."""
        _, namespace = self.load_first()
        mode = "eval" if as_value else "exec"
        test = _compile(program.decode("utf-8", "surrogatepass"), "<test>", mode, dont_inherit=True)
        namespace["__name__"] = "__main__"
        if as_value:
            kind, text = answer_of(test, None, namespace)
        else:
            kind, text = outcome_of(lambda: _exec(test, namespace)), ""
        self._report(kind, 0, text)
        leave(wire.FINISHED, 1)


def leave(kind: bytes, index: int) -> NoReturn:
    """The last frame. The channel's end, not a frame, wakes the supervisor: so it need not wait for the exit."""
    _send(CHANNEL, kind, index)
    try:
        _close(CHANNEL)
    finally:
        _exit(0)


def answer_of(call: CodeType, needed: str | None, namespace: dict[str, Any]) -> tuple[bytes, str]:
    if needed is not None and needed not in namespace:
        return wire.ERROR, ""  # the name is a builtin, which is not the candidate's function
    text = ""

    def evaluate() -> None:
        nonlocal text
        text = dumps(_eval(call, namespace))

    kind = outcome_of(evaluate)
    return (wire.VALUE, text) if kind == wire.PASSED else (kind, "")


def outcome_of(test: Callable[[], object]) -> bytes:
    """How the test ended, told from the exception's real type: its own methods are never called.

    Nothing is allocated on the way: the memory may be full, and the exception still holds what fills it.
    """
    try:
        test()
    except AssertionError:
        return wire.ASSERTION
    except SystemExit:
        return wire.EXIT
    except MemoryError:
        return wire.MEMORY
    except NotPlainError:
        return wire.OTHER
    except TooLargeError:
        return wire.TOO_LARGE
    except BaseException:
        return wire.ERROR
    return wire.PASSED
