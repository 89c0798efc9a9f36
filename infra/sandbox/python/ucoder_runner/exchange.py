"""Values between a test's process and the candidate's: plain data by value, all else by a number."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from .literal import dumps, isinstance_of, loads, repr_of

# Types that a test compares natively; by their exact type only, so that no method of a candidate is ever called.
Write = Callable[[Any], str]
BY_VALUE: Final[dict[type, Callable[[Any, Write], str]]] = {
    Decimal: lambda value, write: f"Decimal({write(Decimal.__str__(value))})",
    Fraction: lambda value, write: f"Fraction({value.numerator}, {value.denominator})",
    bytearray: lambda value, write: f"bytearray({bytes(value)!r})",
    range: lambda value, write: repr(value),
}
READERS: Final[dict[str, Callable[..., Any]]] = {
    "Decimal": Decimal,
    "Fraction": Fraction,
    "bytearray": bytearray,
    "range": range,
}


def by_value(value: Any, write: Write) -> str | None:
    writer = BY_VALUE.get(type(value))
    return None if writer is None else writer(value, write)


def is_plain_subclass(value: Any) -> bool:
    return any(isinstance_of(value, base) for base in _PLAIN)


_PLAIN: Final = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, type(None))

_MUTABLE: Final = (list, dict, set, bytearray)


def snapshot(arguments: list[Any], write: Callable[[Any, Write], str | None]) -> list[str | None]:
    """The text of each argument that a call may change in place."""
    return [dumps(value, write) if type(value) in _MUTABLE else None for value in arguments]


def changes(
    arguments: list[Any], before: list[str | None], write: Callable[[Any, Write], str | None]
) -> dict[int, Any]:
    return {
        position: value
        for position, (value, text) in enumerate(zip(arguments, before, strict=True))
        if text is not None and dumps(value, write) != text
    }


def restore(original: Any, changed: Any) -> None:
    """Makes `original` equal to `changed` in place, so that who else holds it or its parts sees the change."""
    if type(original) is list and type(changed) is list:
        original[:] = [_merged(original, index, value) for index, value in enumerate(changed)]
    elif type(original) is dict and type(changed) is dict:
        merged = {key: _kept(original[key], value) if key in original else value for key, value in changed.items()}
        original.clear()
        original.update(merged)
    elif type(original) is set and type(changed) is set:
        original.clear()
        original.update(changed)
    elif type(original) is bytearray and type(changed) is bytearray:
        original[:] = changed


def _merged(original: list[Any], index: int, value: Any) -> Any:
    return _kept(original[index], value) if index < len(original) else value


def _kept(original: Any, value: Any) -> Any:
    """The same object where it is of the same kind, with its new content."""
    if type(original) is type(value) and type(value) in _MUTABLE:
        restore(original, value)
        return original
    return value


__all__ = ["by_value", "changes", "dumps", "is_plain_subclass", "loads", "repr_of", "restore", "snapshot"]
