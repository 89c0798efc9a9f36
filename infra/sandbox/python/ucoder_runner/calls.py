"""The calls of the problem at hand, compiled once; candidates inherit them."""

from dataclasses import dataclass
from types import CodeType
from typing import Any

from .unchanging import Names, foreign_names


@dataclass(frozen=True, slots=True)
class Calls:
    """`codes`: each with the name that it needs from the module, where a built-in has the same one.

    `foreign`: the names that they use of the module; None where one of them may change it.
    """

    codes: list[tuple[CodeType, str | None]]
    foreign: frozenset[str] | None

    @classmethod
    def of(cls, messages: list[dict[str, Any]], names: Names) -> "Calls":
        codes = [(compile(call["source"], "<call>", "eval", dont_inherit=True), call["needed"]) for call in messages]
        return cls(codes, foreign_names([code for code, _ in codes], names))

    def leave_as_it_was(self, namespace: dict[str, Any]) -> bool:
        """Whether a module that cannot change by itself does not change by them either."""
        return self.foreign is not None and self.foreign <= namespace.keys()
