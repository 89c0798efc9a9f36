"""Watches one candidate: its frames, its CPU time, its output. What it cannot explain is a crash of that candidate."""

import os
import select
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from . import wire
from .children import cpu_of_ended_children, cpu_seconds, processes
from .literal import MAX_BYTES
from .session import KIND_NAMES, TICK_MS, Child, Limits, OwnFaultError, Stop, wall

FLUSH_CHARACTERS: Final = 256 * 1024
# A pipe holds 64 KiB. One that fills up between two looks is looked at more often.
_MUCH: Final = 32 * 1024
_SHORT_TICK_MS: Final = 1
# Its own and its test's. A third one would work for it without being counted, or remember for it.
MOST_PROCESSES: Final = 2
# A module that loads again takes less than HEAVY_LOAD_S (candidate.py). What takes longer is the test's own time, or
# a frame would buy a test as much time again.
RELOAD_S: Final = 0.02

# Ends of a test that count as an answer, right or wrong.
_ANSWERED: Final = frozenset(("value", "other", "assertion", "passed"))


class _Seen(NamedTuple):
    """CPU seconds and bytes of output of the child so far, and the monotonic time."""

    cpu: float
    now: float
    output_bytes: int


class CallSupervisor:
    """Follows one process through its calls. Results go out as they come when they are large."""

    def __init__(
        self,
        child: Child,
        output: int,
        tests: int,
        limits: Limits,
        emit: Callable[[int, list[str], list[str]], None],
        *,
        may_pass: bool = False,
        forks: bool = False,
        unanswered_at_most: int = 1 << 30,
        unanswered_from: int = 0,
        spawner: int = 0,
    ) -> None:
        self._child = child
        self._forks = forks
        self._spawner = spawner
        self._unanswered_left = unanswered_at_most
        self._unanswered_from = unanswered_from
        # Only a program that runs inside may say that it passed: a call's answer is a value, judged elsewhere.
        self._answers = wire.ANSWERS if may_pass else wire.ANSWERS - {wire.PASSED}
        self._output = output
        self._tests = tests
        self._limits = limits
        self._emit = emit
        # Since the last emission: what each test got, and the text of each value.
        self._kinds: list[str] = []
        self._texts: list[str] = []
        self._characters = 0
        self.position = 0
        self._phase = wire.CONFINED
        self._total = 0
        self._cpu_start = 0.0
        self._load_cpu = 0.0
        self._wall_start = self._wall_begin = time.monotonic()
        self._may_load = True
        self._reloads = False

    def follow(self) -> str:
        """Until it has finished or must be stopped; the reason."""
        try:
            self._follow()
            return "finished"
        except Stop as stop:
            if stop.outcome is not None:
                self._add(stop.outcome)
            return stop.reason

    def rest(self) -> tuple[int, list[str], list[str]]:
        """What was not emitted on the way: the first test's position, what each got, and the text of each value."""
        return self.position - len(self._kinds), self._kinds, self._texts

    def _follow(self) -> None:
        """Not woken by each frame, which would cost more than most tests: only by the channel's end, and the clock."""
        channel = self._child.channel
        os.set_blocking(channel, False)
        poller = select.poll()
        poller.register(channel, 0)
        patience = TICK_MS
        while True:
            poller.poll(patience)
            seen = self._look()
            taken = self._take_all()
            if taken is None:
                return
            if self._reloads:
                # Loading again is not the tests' time: it must be seen as it happens.
                poller.modify(channel, select.POLLIN)
            patience = _SHORT_TICK_MS if taken > _MUCH else TICK_MS
            self._check_time()
            self._tick(seen, all_taken=taken <= _MUCH)
            if os.waitid(os.P_PID, self._child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                # It is gone, though something keeps its pipe open, or it went just now.
                while (taken := self._take_all()) is not None:
                    if taken == 0:
                        raise self._death()
                return

    def _take_all(self) -> int | None:
        """All frames that have come; the bytes that this took, or None where the last frame was among them."""
        taken = 0
        while True:
            try:
                data = os.read(self._child.channel, 1 << 17)
            except BlockingIOError:
                return taken
            if not data:
                raise self._death()
            taken += len(data)
            self._child.reader.feed(data)
            try:
                while (frame := self._child.reader.next()) is not None:
                    if self._take(frame):
                        return None
            except wire.BadFrameError:
                raise self._breach() from None
            if taken > _MUCH:
                # An endless stream must not keep the clock from being looked at.
                return taken

    def _take(self, frame: wire.Frame) -> bool:
        """True when the last frame has come."""
        kind = frame.kind
        if kind in self._answers and self._phase == wire.VALUE and frame.index == self.position < self._tests:
            self._answer(frame)
            return False
        if kind == wire.LOADED and self._may_load and frame.index == self.position:
            self._loaded(frame)
        elif kind == wire.FINISHED and self._phase == wire.VALUE and self.position == self._tests:
            return True
        elif kind == wire.DIRTY and 0 < frame.index == self.position and self._phase == wire.VALUE:
            # Never before the first answer: a process could otherwise ask for the next one for ever.
            raise Stop("dirty")
        elif kind == wire.COMPILED and self._phase == wire.COMPILED:
            self._phase = wire.LOADED
        elif kind == wire.CONFINED and self._phase == wire.CONFINED:
            self._phase = wire.COMPILED
            self._start_clocks()
        elif kind in (wire.LOAD_ERROR, wire.LOAD_MEMORY) and self._phase in (wire.COMPILED, wire.LOADED):
            raise Stop("load-error" if kind == wire.LOAD_ERROR else "load-memory")
        elif kind == wire.HEAVY and self._phase == wire.LOADED and not self._forks:
            raise Stop("heavy")
        elif kind == wire.ENDED and self._forks and self._phase == wire.VALUE:
            self._ended(frame)
        else:
            raise self._breach()
        return False

    def _ended(self, frame: wire.Frame) -> None:
        """The process of a test is gone: without an answer it has crashed."""
        self._check_claim(frame)
        if frame.index == self.position < self._tests:
            self._add("crash")
            self._wall_start = 0.0
        elif frame.index != self.position - 1:
            raise self._breach()

    def _processes(self) -> list[int]:
        """All that run in this container but its own two."""
        return [pid for pid in processes() if pid != self._spawner]

    def _cpu(self) -> float:
        """CPU seconds so far, those of the tests' own processes included."""
        cpu = cpu_seconds(self._child.pid)
        if self._forks and self._phase == wire.VALUE:
            cpu += cpu_of_ended_children(self._child.pid)
            cpu += sum(cpu_seconds(pid) for pid in self._processes() if pid != self._child.pid)
        return cpu

    def _start_clocks(self) -> None:
        self._cpu_start = self._cpu()
        self._wall_start = time.monotonic()

    def _loaded(self, frame: wire.Frame) -> None:
        most = self._limits.load_s
        if self._phase == wire.LOADED:
            self._phase = wire.VALUE
            self._wall_begin = time.monotonic()
        elif self._phase != wire.VALUE or self._forks:
            raise self._breach()
        else:
            self._reloads = True
            most = RELOAD_S
        self._may_load = False
        self._check_claim(frame)
        before = self._cpu_start
        self._start_clocks()
        self._cpu_start = min(self._cpu_start, before + most)
        self._load_cpu += self._cpu_start - before

    def _answer(self, frame: wire.Frame) -> None:
        self._check_claim(frame)
        if frame.printed > self._limits.output_bytes:
            self._add("output")
        elif len(frame.payload) > MAX_BYTES:
            self._add("too-large")  # our own writer stops before: nobody should spend time on reading it
        elif frame.kind == wire.VALUE:
            text = wire.text_of(frame.payload)
            self._kinds.append("value")
            self._texts.append(text)
            self.position += 1
            self._characters += len(text)
            if self._characters > FLUSH_CHARACTERS:
                self._flush()
        else:
            self._add(KIND_NAMES.get(frame.kind, "error"))
        self._check_worth()
        self._may_load = True
        self._wall_start = 0.0  # set once per batch of frames, in _check_time

    def _check_claim(self, frame: wire.Frame) -> None:
        """The child says how much it has printed; the file says whether that can be."""
        if frame.total != self._total:
            if not self._total <= frame.total <= os.fstat(self._output).st_size:
                raise self._breach()
            if frame.printed > frame.total - self._total:
                raise self._breach()
            self._total = frame.total
        elif frame.printed:
            raise self._breach()

    def _add(self, kind: str) -> None:
        self._kinds.append(kind)
        self.position += 1
        if kind not in _ANSWERED and self.position > self._unanswered_from:
            self._unanswered_left -= 1

    def _check_worth(self) -> None:
        """A candidate that is out whatever the rest says need not be run further."""
        if self._unanswered_left < 0 and self.position < self._tests:
            raise Stop("enough")

    def _flush(self) -> None:
        self._emit(*self.rest())
        self._kinds, self._texts = [], []
        self._characters = 0

    def _check_time(self) -> None:
        if self._wall_start == 0.0:
            self._start_clocks()
            self._check_budget(self._cpu_start)

    def _check_budget(self, cpu: float) -> None:
        at_work = self._phase == wire.VALUE and self.position < self._tests
        if at_work and cpu - self._load_cpu > self._limits.candidate_s:
            raise Stop("budget", "timeout")

    def _look(self) -> _Seen:
        """Before frames are taken: so what is seen belongs to tests whose frames are taken next, or to the one after.

        On a busy machine many tests may pass between a look and the next step here.
        """
        if self._forks and len(self._processes()) > MOST_PROCESSES:
            raise self._breach()
        return _Seen(self._cpu(), time.monotonic(), os.fstat(self._output).st_size)

    def _tick(self, seen: _Seen, *, all_taken: bool) -> None:
        cpu = seen.cpu
        wall_s = seen.now - self._wall_start
        if self._phase != wire.VALUE:
            if cpu - self._cpu_start > self._limits.load_s or wall_s > wall(self._limits.load_s):
                if self._phase == wire.CONFINED:
                    raise OwnFaultError("a child was not confined in time")
                raise Stop("load-timeout")
        else:
            self._check_budget(cpu)
            if cpu - self._cpu_start > self._limits.test_s or wall_s > wall(self._limits.test_s):
                raise Stop("stopped", "timeout")
            if seen.now - self._wall_begin > wall(self._limits.candidate_s) + wall(self._limits.load_s):
                raise Stop("budget", "timeout")
            if all_taken and seen.output_bytes - self._total > self._limits.output_bytes:
                raise Stop("stopped", "output")

    def _death(self) -> Stop:
        if self._phase == wire.CONFINED:
            raise OwnFaultError("a child could not be confined")
        if self._phase == wire.COMPILED:
            return Stop("load-error")
        if self._phase == wire.LOADED:
            return Stop("load-crash")
        return Stop("stopped", "crash") if self.position < self._tests else Stop("finished")

    def _breach(self) -> Stop:
        if self._phase == wire.VALUE and self.position < self._tests:
            return Stop("breach", "crash")
        return Stop("load-breach" if self._phase != wire.VALUE else "late-breach")

    @property
    def load_cpu_s(self) -> float:
        return self._load_cpu
