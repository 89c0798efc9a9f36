"""The main loop of PID 1: one message, one piece of work. It never holds a candidate's source nor an expected value:
children read those from the container's standard input themselves."""

import fcntl
import gc
import json
import os
import platform
import signal
import sys
from _signal import SIG_DFL  # raw, without the library's search for names: that is slow in a fresh child
from _signal import signal as set_signal
from collections.abc import Callable
from typing import Any, Final, NoReturn

from . import children, normalise, wire
from .beside import BesideSupervisor
from .calls import Calls
from .candidate import Session
from .confine import CHANNEL, Confinement, arrange_descriptors, confine, own_address_space, resident_bytes
from .examiner import examine
from .fork import fork
from .preload import preload
from .preparation import prepare
from .remote_server import RemoteServer
from .seccomp import hide_memory
from .session import Child, Limits, OutOfMemoryKills, OwnFaultError, finish
from .supervision import CallSupervisor
from .unchanging import Names, known_names

STDIN: Final = 0
STDOUT: Final = 1
_SCRATCH: Final = "/tmp"
# Exit status of a child that failed before it looked at anything foreign.
_OWN_FAULT: Final = 71
_PREPARATION: Final = Confinement(uid=0, memory_mb=1024, cpu_s=60)


class Runner:
    """State between messages: the compiled calls of the problem at hand, and the next uid."""

    def __init__(self) -> None:
        self._names = Names(frozenset(), frozenset())
        self._calls = Calls.of([], self._names)
        self._first_uid = 0
        self._uids = 1
        self._used = 0
        self._kills = OutOfMemoryKills()
        self._clean = True

    def serve(self) -> None:
        hide_memory()
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        os.chdir(_SCRATCH)
        preload()
        self._names = known_names()
        while True:
            try:
                message = wire.read_message(STDIN)
            except EOFError:
                return
            self._handle(message)

    def _handle(self, message: dict[str, Any]) -> None:
        match message["op"]:
            case "hello":
                self._first_uid, self._uids = message["uids"]
                self._send(
                    {
                        "op": "ready",
                        "language": f"Python {platform.python_version()}",
                        "residentBytes": resident_bytes(),
                    }
                )
            case "prepare":
                self._aside(message, lambda: _prepare_and_answer(message, self._spare_uid(0)))
            case "normalise":
                self._aside(message, lambda: _normalise_and_answer(message, self._spare_uid(0), self._names))
            case "calls":
                self._calls = Calls.of(message["calls"], self._names)
                gc.collect()
                gc.freeze()
                self._send({"op": "compiled", "residentBytes": resident_bytes()})
            case "run":
                self._run(message)
            case other:
                raise ValueError(other)

    def _send(self, message: dict[str, Any]) -> None:
        wire.write_message(STDOUT, message)

    def _aside(self, message: dict[str, Any], work: Callable[[], None]) -> None:
        """A child reads what it needs from standard input and answers the worker itself."""
        pid = fork()
        if pid == 0:
            _in_child(work)
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) == _OWN_FAULT:
            raise OwnFaultError("a child that reads tests or programs could not be confined")
        if status != 0:
            self._send({"op": "failed", "id": message["id"]})

    def _spare_uid(self, number: int) -> int:
        return self._first_uid + number

    def _next_uid(self) -> int:
        """Each run has a uid that none before it had, until the range begins anew. The first is for preparation."""
        self._used += 1
        return self._first_uid + 1 + self._used % (self._uids - 1)

    def _run(self, message: dict[str, Any]) -> None:
        kills = self._kills.count()
        limits = Limits.of(message["limits"])
        run = self._run_beside if message["kind"] == "beside" else self._run_session
        end = run(message, limits)
        if self._kills.count() > kills:
            end["outOfMemory"] = True
        self._send({"op": "end", "run": message["run"], "clean": self._clean, **end})

    def _run_session(self, message: dict[str, Any], limits: Limits) -> dict[str, Any]:
        output = _output_file()
        uid = self._next_uid()
        inside = message["kind"] == "inside"
        order: list[int] = [0] if inside else message["order"]
        forks: bool = message.get("forks", False)

        def body() -> Callable[[], NoReturn]:
            program = wire.read_exactly(STDIN, message["programLength"]) if inside else b""
            session = Session(wire.read_exactly(STDIN, message["length"]), order)
            if inside:
                return lambda: session.run_inside(program, message["asValue"])
            if forks:
                return lambda: session.run_forks(self._calls)
            return lambda: session.run_calls(self._calls, unchanging=message["unchanging"])

        confinement = self._confinement(uid, limits)
        child = self._spawn(body, confinement, output, with_requests=False, may_fork=forks)
        run = message["run"]
        supervisor = CallSupervisor(
            child,
            output,
            len(order),
            limits,
            lambda results: self._send({"op": "results", "run": run, "results": results}),
            may_pass=inside and not message["asValue"],
            forks=forks,
            unanswered_at_most=message.get("unansweredAtMost", 1 << 30),
            unanswered_from=message.get("unansweredFrom", 0),
        )
        reason = supervisor.follow()
        cpu = finish(child)
        os.close(output)
        self._sweep(uid)
        return {
            "reason": reason,
            "next": supervisor.position,
            "cpuMs": cpu * 1000,
            "testMs": max(0.0, cpu - supervisor.load_cpu_s) * 1000,
        }

    def _run_beside(self, message: dict[str, Any], limits: Limits) -> dict[str, Any]:
        output, unread = _output_file(), _output_file()
        uid, other_uid = self._next_uid(), self._next_uid()
        confinement = self._confinement(other_uid, limits)
        beside = message["beside"]

        def examiner_body() -> Callable[[], NoReturn]:
            program = wire.read_exactly(STDIN, message["programLength"])
            return lambda: examine(program, message["asValue"], beside["names"], beside["shadowing"], beside["modules"])

        def candidate_body() -> Callable[[], NoReturn]:
            session = Session(wire.read_exactly(STDIN, message["length"]), [0])
            return lambda: RemoteServer(session, beside["names"]).serve()

        examiner = self._spawn(examiner_body, confinement, unread, with_requests=True)
        # The examiner's part of standard input comes first: it must be gone before the candidate reads.
        first = wire.read_exactly(examiner.channel, wire.HEADER.size)
        if first[:1] != wire.CONFINED:
            raise ValueError("the examiner did not read its program")
        candidate = self._spawn(candidate_body, self._confinement(uid, limits), output, with_requests=True)
        supervisor = BesideSupervisor(candidate, examiner, output, limits)
        reason = supervisor.follow()
        test_s = supervisor.test_cpu_s()
        cpu = finish(candidate) + finish(examiner)
        os.close(output)
        os.close(unread)
        self._sweep(uid)
        self._sweep(other_uid)
        if not reason.startswith("load-"):
            result = [0, reason] if supervisor.text is None else [0, reason, supervisor.text]
            self._send({"op": "results", "run": message["run"], "results": [result]})
            reason = "breach" if reason == "breach" else "finished"
        return {
            "reason": reason,
            "next": 1,
            "cpuMs": cpu * 1000,
            "testMs": max(0.0, test_s) * 1000,
            "leans": supervisor.leans,
        }

    def _confinement(self, uid: int, limits: Limits) -> Confinement:
        return Confinement(uid, limits.memory_mb, int(limits.load_s + limits.candidate_s) + 2)

    def _sweep(self, uid: int) -> None:
        self._clean = children.sweep_processes() and children.sweep_files(uid) and self._clean

    def _spawn(
        self,
        body: Callable[[], Callable[[], NoReturn]],
        confinement: Confinement,
        output: int,
        *,
        with_requests: bool,
        may_fork: bool = False,
    ) -> Child:
        """Forks. The child, still trusted, reads its part of standard input, gives up all power, and goes on."""
        channel_read, channel_write = os.pipe()
        requests_read, requests_write = os.pipe() if with_requests else (None, None)
        pid = fork()
        if pid == 0:

            def main() -> None:
                base = own_address_space()
                proceed = body()
                arrange_descriptors(output, channel_write, requests_read)
                fits = _confined(confinement, base, may_fork=may_fork)
                wire.send(CHANNEL, wire.CONFINED, 0)
                if not fits:
                    wire.send(CHANNEL, wire.LOAD_MEMORY, 0)
                    return
                proceed()

            _in_child(main)
        os.close(channel_write)
        if requests_read is not None:
            os.close(requests_read)
        return Child(pid, channel_read, requests_write)


def _in_child(main: Callable[[], None]) -> NoReturn:
    """Nothing of the runner may go on in a child, whatever is thrown there."""
    status = 70
    try:
        set_signal(signal.SIGTERM, SIG_DFL)
        main()
        status = 0
    except OwnFaultError:
        status = _OWN_FAULT
    finally:
        os._exit(status)


def _confine_aside(uid: int) -> None:
    try:
        confine(Confinement(uid, _PREPARATION.memory_mb, _PREPARATION.cpu_s), own_address_space())
    except (OSError, ValueError) as error:
        raise OwnFaultError from error


def _confined(confinement: Confinement, base: int, *, may_fork: bool) -> bool:
    """False where the source alone fills the memory: that is no fault of ours."""
    try:
        confine(confinement, base, may_fork=may_fork)
    except MemoryError:
        return False
    return True


def _prepare_and_answer(message: dict[str, Any], uid: int) -> None:
    tests = json.loads(wire.read_exactly(STDIN, message["length"]))
    _confine_aside(uid)
    # Expected values may be longer than what the interpreter converts by default.
    sys.set_int_max_str_digits(0)
    prepared = [prepare(test) for test in tests]
    wire.write_message(STDOUT, {"op": "prepared", "id": message["id"], "tests": prepared})


def _normalise_and_answer(message: dict[str, Any], uid: int, names: Names) -> None:
    sources = [wire.read_exactly(STDIN, length) for length in message["lengths"]]
    _confine_aside(uid)
    keys, unchanging = zip(*[normalise.read(source, names) for source in sources], strict=True)
    wire.write_message(STDOUT, {"op": "normalised", "id": message["id"], "keys": keys, "unchanging": unchanging})


def _output_file() -> int:
    """Where a child's two streams go: a file in memory whose size is what it printed, and which cannot shrink."""
    output = os.memfd_create("output", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    fcntl.fcntl(output, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    fcntl.fcntl(output, fcntl.F_SETFL, os.O_APPEND)
    return output
