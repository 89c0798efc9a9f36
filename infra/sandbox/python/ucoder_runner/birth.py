"""A child's first steps: still trusted, it reads its part of standard input, gives up all power, and goes on.

All of it happens for each candidate, so it touches little memory: each page that a child writes to, and be it a
reference count, is copied, which costs two microseconds.
"""

import marshal
import os
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn

from . import wire
from .calls import Calls
from .candidate import Session
from .confine import CHANNEL, Confinement, arrange_descriptors, confine
from .examiner import examine
from .remote_server import RemoteServer

STDIN: Final = 0
# Exit status of a child that failed before it looked at anything foreign.
OWN_FAULT: Final = 71

_loads, _exit = marshal.loads, os._exit


class Birth(NamedTuple):
    """What a child is told of itself. Sources are not here: only the child that needs them reads them."""

    kind: str  # calls, forks, inside, server, examiner
    uid: int
    memory_mb: int
    cpu_s: int
    empty: int
    output: int
    channel: int
    requests: int | None
    # Bytes of standard input: the program under test, then the candidate's source.
    program_length: int
    length: int
    # Of `calls` and `forks`
    order: list[int]
    unchanging: bool = False
    # The source is what `normalise` made of it.
    is_read: bool = False
    # Of the others
    as_value: bool = False
    names: list[str] | None = None
    shadowing: list[str] | None = None
    modules: list[str] | None = None


def begin(order: bytes, base_bytes: int, calls: Calls) -> NoReturn:
    """Nothing of the process that this one was forked from may go on here, whatever is thrown."""
    status = 70
    try:
        birth = Birth(*_loads(order))
        program = wire.read_exactly(STDIN, birth.program_length) if birth.program_length else b""
        source = wire.read_exactly(STDIN, birth.length) if birth.length else b""
        arrange_descriptors(birth.empty, birth.output, birth.channel, birth.requests)
        fits = True
        try:
            confinement = Confinement(birth.uid, birth.memory_mb, birth.cpu_s)
            confine(confinement, base_bytes, may_fork=birth.kind == "forks")
        except MemoryError:
            fits = False  # the source alone fills the memory: that is no fault of ours
        wire.send(CHANNEL, wire.CONFINED, 0)
        if fits:
            _work_of(birth, program, source, calls)()
        wire.send(CHANNEL, wire.LOAD_MEMORY, 0)
        status = 0
    finally:
        _exit(status)


def _work_of(birth: Birth, program: bytes, source: bytes, calls: Calls) -> Callable[[], NoReturn]:
    kind = birth.kind
    if kind == "examiner":
        names, shadowing, modules = birth.names or [], birth.shadowing or [], birth.modules or []
        return lambda: examine(program, birth.as_value, names, shadowing, modules)
    session = Session(source, birth.order, is_read=birth.is_read)
    if kind == "calls":
        return lambda: session.run_calls(calls, unchanging=birth.unchanging)
    if kind == "forks":
        return lambda: session.run_forks(calls)
    if kind == "inside":
        return lambda: session.run_inside(program, birth.as_value)
    return lambda: RemoteServer(session, birth.names or []).serve()
