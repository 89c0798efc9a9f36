"""Work besides running candidates: a child reads tests or programs, only compiles them, and answers the worker."""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn

from . import normalise, wire
from .birth import OWN_FAULT, STDIN
from .confine import Confinement, confine, limit_for_all, own_address_space
from .fork import fork
from .preparation import prepare
from .session import OwnFaultError
from .unchanging import Names

STDOUT: Final = 1
_MEMORY_MB: Final = 1024
_CPU_S: Final = 60


def aside(lengths: list[int], uid: int, work: Callable[[list[bytes]], None]) -> bool:
    """Whether the child did its work; what it reads may crash the compiler. Thrown: OwnFaultError.

    `lengths`: the parts of standard input that are the child's. Where it ends without having read them, the next
    message cannot be found.
    """
    read_end, write_end = os.pipe()
    pid = fork()
    if pid == 0:
        _work(lengths, uid, work, write_end)
    os.close(write_end)
    has_read = os.read(read_end, 1) != b""
    os.close(read_end)
    _, status = os.waitpid(pid, 0)
    if not has_read:
        raise OwnFaultError("a child ended before it had read its tests or programs")
    if os.waitstatus_to_exitcode(status) == OWN_FAULT:
        raise OwnFaultError("a child that reads tests or programs could not be confined")
    return status == 0


def _work(lengths: list[int], uid: int, work: Callable[[list[bytes]], None], has_read: int) -> NoReturn:
    """Nothing of the runner may go on in a child, whatever is thrown there."""
    status = 70
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        parts = [wire.read_exactly(STDIN, length) for length in lengths]
        os.write(has_read, b"1")
        try:
            limit_for_all()
            confine(Confinement(uid, _MEMORY_MB, _CPU_S), own_address_space())
        except (OSError, ValueError):
            os._exit(OWN_FAULT)
        work(parts)
        status = 0
    finally:
        os._exit(status)


def prepare_and_answer(message: dict[str, Any], part: bytes) -> None:
    # Expected values may be longer than what the interpreter converts by default.
    sys.set_int_max_str_digits(0)
    prepared = [prepare(test) for test in json.loads(part)]
    wire.write_message(STDOUT, {"op": "prepared", "id": message["id"], "tests": prepared})


def normalise_and_answer(message: dict[str, Any], sources: list[bytes], names: Names) -> None:
    programs = [normalise.read(source, names) for source in sources]
    answer = {
        "op": "normalised",
        "id": message["id"],
        "keys": [program.key for program in programs],
        "unchanging": [program.unchanging for program in programs],
        "forms": [program.form for program in programs],
    }
    wire.write_message(STDOUT, answer)
