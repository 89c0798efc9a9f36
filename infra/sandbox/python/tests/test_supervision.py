"""The supervisor on a busy machine: the candidate goes on while it is between two of its own steps."""

import os
import signal
from typing import Any

import pytest

from ucoder_runner import wire
from ucoder_runner.session import Child, Limits, finish
from ucoder_runner.supervision import CallSupervisor

LIMIT = 100
LIMITS = Limits(test_s=1, candidate_s=10, load_s=1, output_bytes=LIMIT, memory_mb=64)


class LateSupervisor(CallSupervisor):
    """Once, between taking frames and judging what was measured, the candidate runs `meanwhile`."""

    meanwhile: Any = None

    def _check_time(self) -> None:
        super()._check_time()
        if self.position > 0 and self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()


class Candidate:
    """Writes frames and output as a candidate's process would; the process itself only waits."""

    def __init__(self) -> None:
        self.output = os.memfd_create("output")
        channel, self._channel = os.pipe()
        self._total = 0
        pid = os.fork()
        if pid == 0:
            signal.pause()
            os._exit(0)
        self.child = Child(pid, channel)

    def say(self, kind: bytes, index: int) -> None:
        wire.send(self._channel, kind, index)

    def answer(self, index: int, printed: int) -> None:
        self.print(printed)
        self._total += printed
        wire.send(self._channel, wire.VALUE, index, b"1", printed, self._total)

    def fail(self, index: int) -> None:
        wire.send(self._channel, wire.ERROR, index, b"", 0, self._total)

    def print(self, count: int) -> None:
        os.write(self.output, b"x" * count)

    def end(self) -> None:
        os.kill(self.child.pid, signal.SIGKILL)
        finish(self.child)
        os.close(self._channel)
        os.close(self.output)


@pytest.fixture
def candidate() -> Any:
    made = Candidate()
    yield made
    made.end()


def supervisor_of(candidate: Candidate) -> LateSupervisor:
    supervisor = LateSupervisor(candidate.child, candidate.output, 4, LIMITS, lambda *_: None)
    for kind in (wire.CONFINED, wire.COMPILED, wire.LOADED):
        candidate.say(kind, 0)
    candidate.answer(0, 0)
    return supervisor


def test_output_of_several_tests_is_not_taken_for_one_tests(candidate: Candidate) -> None:
    supervisor = supervisor_of(candidate)

    def meanwhile() -> None:
        for index in (1, 2, 3):
            candidate.answer(index, LIMIT - 20)
        candidate.say(wire.FINISHED, 4)

    supervisor.meanwhile = meanwhile
    assert supervisor.follow() == "finished"
    assert supervisor.rest() == (0, ["value"] * 4, ["1"] * 4)


def test_output_of_one_test_beyond_the_limit_ends_it(candidate: Candidate) -> None:
    supervisor = supervisor_of(candidate)
    supervisor.meanwhile = lambda: candidate.print(LIMIT + 1)
    assert supervisor.follow() == "stopped"
    assert supervisor.rest() == (0, ["value", "output"], ["1"])


def test_misses_count_from_the_position_on_that_was_named(candidate: Candidate) -> None:
    supervisor = CallSupervisor(
        candidate.child,
        candidate.output,
        5,
        LIMITS,
        lambda *_: None,
        unanswered_at_most=0,
        unanswered_from=2,
    )
    for kind in (wire.CONFINED, wire.COMPILED, wire.LOADED):
        candidate.say(kind, 0)
    for index in range(5):
        candidate.fail(index)
    assert supervisor.follow() == "enough"
    assert supervisor.rest() == (0, ["error"] * 3, [])
