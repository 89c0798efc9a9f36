"""What both kinds of supervision share: a run's limits, its process, and why it ends."""

import os
from dataclasses import dataclass, field
from typing import Any, Final

from . import wire
from .children import reap

TICK_MS: Final = 10
WALL_FACTOR: Final = 5
WALL_EXTRA_S: Final = 1.0

# The kinds that the worker understands; see protocol.ts.
KIND_NAMES: Final = {
    wire.VALUE: "value",
    wire.OTHER: "other",
    wire.ASSERTION: "assertion",
    wire.ERROR: "error",
    wire.EXIT: "exit",
    wire.MEMORY: "memory",
    wire.TOO_LARGE: "too-large",
    wire.PASSED: "passed",
}


# How results are written to the worker: one letter for each test; see protocol.ts.
LETTERS: Final = {
    "value": "V",
    "other": "O",
    "assertion": "F",
    "error": "E",
    "exit": "X",
    "memory": "M",
    "too-large": "S",
    "passed": "K",
    "output": "U",
    "timeout": "T",
    "crash": "C",
    "breach": "B",
    "inside": "I",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """CPU seconds, and bytes of output in one test."""

    test_s: float
    candidate_s: float
    load_s: float
    output_bytes: int
    memory_mb: int

    @classmethod
    def of(cls, message: dict[str, Any]) -> "Limits":
        return cls(
            message["testMs"] / 1000,
            message["candidateMs"] / 1000,
            message["loadMs"] / 1000,
            message["outputBytes"],
            message["memoryMb"],
        )


def wall(cpu_s: float) -> float:
    return WALL_FACTOR * cpu_s + WALL_EXTRA_S


@dataclass(slots=True)
class Child:
    pid: int
    channel: int
    requests: int | None = None
    reader: wire.FrameReader = field(default_factory=wire.FrameReader)

    def close(self) -> None:
        os.close(self.channel)
        if self.requests is not None:
            os.close(self.requests)


class OutOfMemoryKills:
    """Counts the kernel's out-of-memory kills in this container: a candidate so killed met its memory limit."""

    _FILES: Final = ("/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/memory.events")

    def count(self) -> int:
        for path in self._FILES:
            try:
                with open(path, "rb") as file:
                    for line in file:
                        if line.startswith(b"oom_kill "):
                            return int(line.split()[1])
            except OSError:
                continue
        return 0


class Stop(Exception):
    """The session ends here: why, and what the test at hand gets."""

    def __init__(self, reason: str, outcome: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome


class OwnFaultError(Exception):
    """A child failed before anything foreign ran in it. The runner ends with it: nobody's test or program is judged."""


def finish(child: Child) -> float:
    """Ends the process; its CPU seconds."""
    _, cpu = reap(child.pid)
    child.close()
    return cpu
