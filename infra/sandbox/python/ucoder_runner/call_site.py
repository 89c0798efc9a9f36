"""What the test's own code does around a call: told from its frame, in a process where no candidate runs."""

import dis
import sys
from types import FrameType
from typing import Any

_OWN_PACKAGE = __name__.rpartition(".")[0]
# References to an argument that nobody else holds, from where `is_held_elsewhere` looks; measured once below.
_baseline = 0


def calling_frame() -> FrameType | None:
    """The innermost frame that is not ours: the test's."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__package__") == _OWN_PACKAGE:
        frame = frame.f_back
    return frame


def is_statement(frame: FrameType | None) -> bool:
    """Whether the call at work there has its result thrown away."""
    if frame is None:
        return False
    following = (step for step in dis.get_instructions(frame.f_code) if step.offset > frame.f_lasti)
    step = next(following, None)
    return step is not None and step.opname == "POP_TOP"


def is_held_elsewhere(argument: Any) -> bool:
    """Whether the test has a name for the argument, or keeps it in something."""
    return sys.getrefcount(argument) > _baseline


class _Probe:
    """Makes a call as a stand-in does, with an argument that only the call holds."""

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._ask([*arguments], keywords)

    def _ask(self, arguments: list[Any], keywords: dict[str, Any]) -> int:
        return self._receive([*arguments, *keywords.values()])

    def _receive(self, held: list[Any]) -> int:
        return self._take_changes(held, {0: None})

    def _take_changes(self, held: list[Any], changed: dict[int, Any]) -> int:
        return {position: _count(held[position]) for position, _ in changed.items()}[0]


def _count(argument: Any) -> int:
    return sys.getrefcount(argument)


_baseline = _Probe()([1])
