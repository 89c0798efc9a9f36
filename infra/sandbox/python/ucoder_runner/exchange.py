"""Values between a test's process and the candidate's: plain data by value, all else by a number."""

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from .literal import dumps, isinstance_of, loads, repr_of

Write = Callable[[Any], str]


def _parts(kind: type, *fields: str) -> Callable[[Any, Write], str]:
    """The call that makes it again, from fields that are read by the type's own descriptors."""
    getters = [getattr(kind, field).__get__ for field in fields]
    return lambda value, write: f"{kind.__name__}({', '.join([write(get(value)) for get in getters])})"


def _zone(value: timezone, write: Write) -> str:
    return f"timezone({write(timezone.utcoffset(value, None))}, {write(timezone.tzname(value, None))})"


def _default(value: defaultdict[Any, Any], write: Write) -> str:
    factory = next((name for name, kind in _FACTORIES.items() if value.default_factory is kind), None)
    return f"defaultdict({write(factory)}, {_pairs(value, write)})"


def _pairs(value: dict[Any, Any], write: Write) -> str:
    return write(dict(dict.items(value)))


_DAY: Final = ("year", "month", "day")
_CLOCK: Final = ("hour", "minute", "second", "microsecond", "tzinfo")
_FACTORIES: Final = {kind.__name__: kind for kind in (int, float, str, bool, list, dict, set, tuple)}
# Types that a test compares natively; by their exact type only, so that no method of a candidate is ever called.
BY_VALUE: Final[dict[type, Callable[[Any, Write], str]]] = {
    Decimal: lambda value, write: f"Decimal({write(Decimal.__str__(value))})",
    Fraction: lambda value, write: f"Fraction({value.numerator}, {value.denominator})",
    bytearray: lambda value, write: f"bytearray({bytes(value)!r})",
    range: lambda value, write: repr(value),
    date: _parts(date, *_DAY),
    datetime: lambda value, write: _moment(datetime, value, write, (*_DAY, *_CLOCK)),
    time: lambda value, write: _moment(time, value, write, _CLOCK),
    timedelta: _parts(timedelta, "days", "seconds", "microseconds"),
    timezone: _zone,
    deque: lambda value, write: f"deque({write(list(deque.__iter__(value)))}, {write(value.maxlen)})",
    Counter: lambda value, write: f"Counter({_pairs(value, write)})",
    OrderedDict: lambda value, write: f"OrderedDict({write(list(OrderedDict.items(value)))})",
    defaultdict: _default,
}
READERS: Final[dict[str, Callable[..., Any]]] = {
    **{kind.__name__: kind for kind in BY_VALUE},
    "defaultdict": lambda factory, content: defaultdict(_FACTORIES.get(factory), content),
}


def _moment(kind: type, value: Any, write: Write, fields: tuple[str, ...]) -> str | None:
    """None where the time zone is a class that only one side may know."""
    zone = kind.__dict__["tzinfo"].__get__(value)
    return _parts(kind, *fields)(value, write) if zone is None or type(zone) is timezone else None


def by_value(value: Any, write: Write) -> str | None:
    writer = BY_VALUE.get(type(value))
    return None if writer is None else writer(value, write)


def is_plain_subclass(value: Any) -> bool:
    return any(isinstance_of(value, base) for base in _PLAIN)


_PLAIN: Final = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, type(None))

_DICTS: Final = (dict, Counter, OrderedDict, defaultdict)
_MUTABLE: Final = (list, set, bytearray, deque, *_DICTS)


def is_mutable(value: Any) -> bool:
    return type(value) in _MUTABLE


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
    elif type(original) is type(changed) and type(original) in _DICTS:
        merged = {key: _kept(original[key], value) if key in original else value for key, value in changed.items()}
        original.clear()
        original.update(merged)
    elif type(original) is set and type(changed) is set:
        original.clear()
        original.update(changed)
    elif type(original) is deque and type(changed) is deque:
        original.clear()
        original.extend(changed)
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


__all__ = ["by_value", "changes", "dumps", "is_mutable", "is_plain_subclass", "loads", "repr_of", "restore", "snapshot"]
