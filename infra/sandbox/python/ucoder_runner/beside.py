"""Watches a test that runs beside the candidate: passes requests and replies on, and counts both processes' time."""

import os
import select
import time
from typing import Final

from . import wire
from .children import cpu_seconds
from .session import KIND_NAMES, TICK_MS, Child, Limits, OwnFaultError, Stop, wall

_VERDICTS: Final = {**KIND_NAMES, wire.NEEDS_INSIDE: "inside"}


class BesideSupervisor:
    """The candidate answers, the examiner decides; each sees the other only through frames."""

    def __init__(self, candidate: Child, examiner: Child, output: int, limits: Limits) -> None:
        self._candidate = candidate
        self._examiner = examiner
        self._output = output
        self._limits = limits
        self._phase = wire.CONFINED
        self._asked = True  # the names at the start need no question
        self._loaded_cpu = 0.0
        self._loaded_output = 0
        self._load_start = 0.0
        self._wall_start = time.monotonic()
        self.text: str | None = None
        self.leans = False

    def follow(self) -> str:
        """The result's kind, or the reason why the module did not load."""
        poller = select.poll()
        children = {self._candidate.channel: self._candidate, self._examiner.channel: self._examiner}
        for channel in children:
            poller.register(channel, select.POLLIN)
        try:
            while True:
                for channel, _ in poller.poll(TICK_MS) or [(-1, 0)]:
                    if channel == -1:
                        self._tick()
                    else:
                        self._read(children[channel])
        except wire.BadFrameError:
            return self._breach().reason
        except Stop as stop:
            return stop.reason

    def _read(self, child: Child) -> None:
        data = os.read(child.channel, 1 << 17)
        if not data:
            raise self._death(child)
        child.reader.feed(data)
        while (frame := child.reader.next()) is not None:
            if child is self._candidate:
                self._from_candidate(frame)
            else:
                self._from_examiner(frame)

    def _from_candidate(self, frame: wire.Frame) -> None:
        if frame.kind == wire.REPLY and self._asked and self._phase == wire.VALUE:
            self._asked = False
            self._check_output()
            self._hand_on(self._examiner, wire.LENGTH.pack(len(frame.payload)) + frame.payload)
        elif frame.kind == wire.LOADED and self._phase == wire.LOADED:
            self._phase = wire.VALUE
            self._loaded_cpu = self._cpu()
            self._loaded_output = os.fstat(self._output).st_size
            self._wall_start = time.monotonic()
        elif frame.kind == wire.COMPILED and self._phase == wire.COMPILED:
            self._phase = wire.LOADED
        elif frame.kind == wire.CONFINED and self._phase == wire.CONFINED:
            self._phase = wire.COMPILED
            self._load_start = self._cpu()
            self._wall_start = time.monotonic()
        elif frame.kind in (wire.LOAD_ERROR, wire.LOAD_MEMORY) and self._phase in (wire.COMPILED, wire.LOADED):
            raise Stop("load-error" if frame.kind == wire.LOAD_ERROR else "load-memory")
        elif frame.kind == wire.EXIT and self._asked and self._phase == wire.VALUE:
            raise Stop("exit")
        else:
            raise self._breach()

    def _from_examiner(self, frame: wire.Frame) -> None:
        if frame.kind == wire.REMOTE and not self._asked:
            self._asked = True
            self._hand_on(self._candidate, frame.payload)
        elif frame.kind == wire.LEANS:
            self.leans = True
        elif frame.kind in _VERDICTS:
            self._check_output()
            if self._candidate.reader.pending:
                raise self._breach()
            self.text = wire.text_of(frame.payload) if frame.kind == wire.VALUE else None
            raise Stop(_VERDICTS[frame.kind])
        else:
            raise Stop("exit")

    def _hand_on(self, child: Child, data: bytes) -> None:
        """The reader may be stuck or dead, so this never waits longer than the test's time."""
        requests = child.requests
        if requests is None:
            raise Stop("exit")
        poller = select.poll()
        poller.register(requests, select.POLLOUT)
        view = memoryview(data)
        while view:
            if not poller.poll(TICK_MS):
                self._tick()
                continue
            try:
                view = view[os.write(requests, view[:4096]) :]
            except (BrokenPipeError, BlockingIOError):
                raise self._death(child) from None

    def _cpu(self) -> float:
        return cpu_seconds(self._candidate.pid)

    def _tick(self) -> None:
        wall_s = time.monotonic() - self._wall_start
        if self._phase != wire.VALUE:
            if self._cpu() - self._load_start > self._limits.load_s or wall_s > wall(self._limits.load_s):
                if self._phase == wire.CONFINED:
                    raise OwnFaultError("a candidate's process was not confined in time")
                raise Stop("load-timeout")
            return
        used = self.test_cpu_s()
        if used > min(self._limits.test_s, self._limits.candidate_s) or wall_s > wall(self._limits.test_s):
            raise Stop("timeout")
        self._check_output()

    def _check_output(self) -> None:
        if os.fstat(self._output).st_size - self._loaded_output > self._limits.output_bytes:
            raise Stop("output")

    def test_cpu_s(self) -> float:
        return self._cpu() - self._loaded_cpu + cpu_seconds(self._examiner.pid)

    def _death(self, child: Child) -> Stop:
        if child is self._candidate and self._phase == wire.CONFINED:
            raise OwnFaultError("a candidate's process could not be confined")
        if child is self._candidate and self._phase == wire.COMPILED:
            return Stop("load-error")
        if child is self._candidate and self._phase == wire.LOADED:
            return Stop("load-crash")
        return Stop("crash")

    def _breach(self) -> Stop:
        return Stop("breach" if self._phase == wire.VALUE else "load-breach")
