"""The main loop of PID 1: one message, one piece of work. It never holds a candidate's source nor an expected value:
children read those from the container's standard input themselves."""

import fcntl
import gc
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, Final

from . import children, wire
from .aside import STDOUT, aside, normalise_and_answer, prepare_and_answer
from .beside import BesideSupervisor
from .birth import STDIN, Birth
from .calls import Calls
from .confine import reserve_descriptors, resident_bytes
from .outbox import Outbox
from .preload import preload
from .rehearsal import rehearse
from .seccomp import hide_memory
from .session import LETTERS, Child, Limits, OutOfMemoryKills, finish
from .spawner import Spawner
from .supervision import CallSupervisor
from .unchanging import Names, known_names

_SCRATCH: Final = "/tmp"


class Runner:
    """State between messages: the compiled calls of the problem at hand, and the next uid."""

    def __init__(self) -> None:
        self._names = Names(frozenset(), frozenset())
        self._outbox = Outbox(STDOUT, STDIN)
        self._spawner = Spawner()
        self._empty = reserve_descriptors()
        self._first_uid = 0
        self._uids = 1
        self._used = 0
        self._kills = OutOfMemoryKills()
        self._clean = True
        self._is_suspect = False
        self._waste = os.open("/dev/null", os.O_WRONLY)

    def serve(self) -> None:
        hide_memory()
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        os.chdir(_SCRATCH)
        preload()
        self._names = known_names()
        rehearse(sys.modules)
        while True:
            self._outbox.send_if_due()
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
                        "language": "Python " + sys.version.split()[0],
                        "residentBytes": resident_bytes(),
                    }
                )
            case "prepare":
                self._aside(message, [message["length"]], lambda parts: prepare_and_answer(message, parts[0]))
            case "normalise":
                names = self._names
                self._aside(message, message["lengths"], lambda parts: normalise_and_answer(message, parts, names))
            case "calls":
                calls = Calls.of(message["calls"], self._names)
                gc.collect()
                gc.freeze()
                self._spawner.start(calls)
                self._send({"op": "compiled", "residentBytes": resident_bytes()})
            case "run":
                self._run(message)
            case other:
                raise ValueError(other)

    def _send(self, message: dict[str, Any]) -> None:
        self._outbox.put(message)
        self._outbox.send()

    def _aside(self, message: dict[str, Any], lengths: list[int], work: Callable[[list[bytes]], None]) -> None:
        # The child answers past us.
        self._outbox.send()
        if not aside(lengths, self._first_uid, work):
            self._send({"op": "failed", "id": message["id"]})

    def _next_uid(self) -> int:
        """Each run has a uid that none before it had, until the range begins anew. The first is for preparation."""
        self._used += 1
        return self._first_uid + 1 + self._used % (self._uids - 1)

    def _run(self, message: dict[str, Any]) -> None:
        if self._is_suspect:
            self._skip(message)
            return
        kills = self._kills.count()
        limits = Limits.of(message["limits"])
        run = self._run_beside if message["kind"] == "beside" else self._run_session
        end = run(message, limits)
        if self._kills.count() > kills:
            end["outOfMemory"] = True
        self._outbox.put({"op": "end", "run": message["run"], "clean": self._clean, **end})
        self._is_suspect = not self._clean or "outOfMemory" in end or end["reason"].endswith("breach")

    def _skip(self, message: dict[str, Any]) -> None:
        """The container is about to be replaced: what was sent ahead must not run beside what is left in it."""
        left = message.get("programLength", 0) + message["length"]
        while left > 0:
            # Not through our memory, which never holds a source.
            left -= os.splice(STDIN, self._waste, left) or left
        end = {"reason": "skipped", "clean": self._clean, "cpuMs": 0, "testMs": 0, **_written(0, [], [])}
        self._outbox.put({"op": "end", "run": message["run"], **end})

    def _run_session(self, message: dict[str, Any], limits: Limits) -> dict[str, Any]:
        output = _output_file()
        uid = self._next_uid()
        inside = message["kind"] == "inside"
        order: list[int] = [0] if inside else message["order"]
        forks: bool = message.get("forks", False)
        child = self._spawn(
            "inside" if inside else "forks" if forks else "calls",
            uid,
            limits,
            output,
            with_requests=False,
            program_length=message.get("programLength", 0),
            length=message["length"],
            order=order,
            unchanging=message.get("unchanging", False),
            is_read=message.get("isRead", False),
            as_value=message.get("asValue", False),
        )
        run = message["run"]
        supervisor = CallSupervisor(
            child,
            output,
            len(order),
            limits,
            lambda *results: self._send({"op": "results", "run": run, **_written(*results)}),
            may_pass=inside and not message["asValue"],
            forks=forks,
            unanswered_at_most=message.get("unansweredAtMost", 1 << 30),
            unanswered_from=message.get("unansweredFrom", 0),
            spawner=self._spawner.pid,
        )
        reason = supervisor.follow()
        cpu = finish(child)
        os.close(output)
        self._sweep(uid)
        return {
            "reason": reason,
            **_written(*supervisor.rest()),
            "cpuMs": cpu * 1000,
            "testMs": max(0.0, cpu - supervisor.load_cpu_s) * 1000,
        }

    def _run_beside(self, message: dict[str, Any], limits: Limits) -> dict[str, Any]:
        output, unread = _output_file(), _output_file()
        uid, other_uid = self._next_uid(), self._next_uid()
        beside = message["beside"]
        examiner = self._spawn(
            "examiner",
            other_uid,
            limits,
            unread,
            with_requests=True,
            program_length=message["programLength"],
            as_value=message["asValue"],
            **beside,
        )
        # The examiner's part of standard input comes first: it must be gone before the candidate reads.
        first = wire.read_exactly(examiner.channel, wire.HEADER.size)
        if first[:1] != wire.CONFINED:
            raise ValueError("the examiner did not read its program")
        candidate = self._spawn(
            "server",
            uid,
            limits,
            output,
            with_requests=True,
            length=message["length"],
            order=[0],
            is_read=message.get("isRead", False),
            names=beside["names"],
        )
        supervisor = BesideSupervisor(candidate, examiner, output, limits)
        reason = supervisor.follow()
        test_s = supervisor.test_cpu_s()
        cpu = finish(candidate) + finish(examiner)
        os.close(output)
        os.close(unread)
        self._sweep(uid)
        self._sweep(other_uid)
        kinds: list[str] = []
        if not reason.startswith("load-"):
            kinds = [reason]
            reason = "breach" if reason == "breach" else "finished"
        return {
            "reason": reason,
            **_written(0, kinds, [] if supervisor.text is None else [supervisor.text]),
            "cpuMs": cpu * 1000,
            "testMs": max(0.0, test_s) * 1000,
            "leans": supervisor.leans,
        }

    def _sweep(self, uid: int) -> None:
        if children.others(self._spawner.pid):
            # All at once, and so the one that forks as well.
            self._clean = children.sweep_processes() and self._clean
            self._spawner.start_again()
        self._clean = children.sweep_files(uid) and self._clean

    def _spawn(
        self,
        kind: str,
        uid: int,
        limits: Limits,
        output: int,
        *,
        with_requests: bool,
        program_length: int = 0,
        length: int = 0,
        order: list[int] | None = None,
        **more: Any,
    ) -> Child:
        channel_read, channel_write = os.pipe()
        requests_read, requests_write = os.pipe() if with_requests else (None, None)
        birth = Birth(
            kind,
            uid,
            limits.memory_mb,
            int(limits.load_s + limits.candidate_s) + 2,
            self._empty,
            output,
            channel_write,
            requests_read,
            program_length,
            length,
            order or [],
            **more,
        )
        pid = self._spawner.spawn(birth)
        os.close(channel_write)
        if requests_read is not None:
            os.close(requests_read)
        return Child(pid, channel_read, requests_write)


def _written(first: int, kinds: list[str], texts: list[str]) -> dict[str, Any]:
    """Results of neighbouring tests: one letter for each, and the values' texts."""
    return {"first": first, "kinds": "".join([LETTERS[kind] for kind in kinds]), "texts": texts}


def _output_file() -> int:
    """Where a child's two streams go: a file in memory whose size is what it printed, and which cannot shrink."""
    output = os.memfd_create("output", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    fcntl.fcntl(output, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    fcntl.fcntl(output, fcntl.F_SETFL, os.O_APPEND)
    return output
