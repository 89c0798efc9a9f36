"""What a candidate's value becomes, and what is read back."""

import enum
import math
import random
from collections import Counter, OrderedDict, defaultdict, namedtuple
from decimal import Decimal
from fractions import Fraction

import pytest

from ucoder_runner.literal import NotPlainError, TooLargeError, Writer, dumps, loads


class LyingInt(int):
    def __repr__(self):
        return "5"

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class LyingList(list):
    def __iter__(self):
        return iter(["lie"])

    def __len__(self):
        return 99


class Impostor:
    @property
    def __class__(self):
        return int


class Colour(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (True, "True"),
        (None, "None"),
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (math.inf, "inf"),
        (1 + 2j, "(1+2j)"),
        ("it's", '"it\'s"'),
        (b"\x00", "b'\\x00'"),
        (bytearray(b"x"), "b'x'"),
        ([1, [2]], "[1, [2]]"),
        ((1,), "(1,)"),
        ((), "()"),
        (set(), "set()"),
        ({1}, "{1}"),
        (frozenset({1}), "frozenset({1})"),
        ({"a": [1]}, "{'a': [1]}"),
        (LyingInt(3), "3"),
        (LyingList([1]), "[1]"),
        (Colour.RED, "1"),
        (Counter("a"), "{'a': 1}"),
        (OrderedDict(a=1), "{'a': 1}"),
        (defaultdict(list, a=[1]), "{'a': [1]}"),
        (namedtuple("P", "x y")(1, 2), "(1, 2)"),
        (Fraction(4, 2), "2"),
        (Fraction(1, 2), "0.5"),
        (Decimal("1.5"), "1.5"),
        (Decimal("2E+3"), "2000"),
        (Decimal("NaN"), "nan"),
    ],
)
def test_writes_plain_data_by_the_base_types_methods(value, text):
    assert dumps(value) == text


@pytest.mark.parametrize("value", [object(), len, range(3), Impostor(), [object()], {1: object()}, (x for x in "")])
def test_refuses_what_is_no_plain_data(value):
    with pytest.raises(NotPlainError):
        dumps(value)


def test_writes_long_integers_in_base_16():
    assert dumps([1 << 20000]) == f"[{hex(1 << 20000)}]"


def test_limits_size_depth_and_cycles():
    cycle: list[object] = []
    cycle.append(cycle)
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    doubling: object = 1
    for _ in range(40):
        doubling = [doubling, doubling]
    for value in (cycle, deep, doubling, "x" * 1048577, [1.5] * 500_000, 1 << 4_000_000):
        with pytest.raises(TooLargeError):
            dumps(value)
    assert len(dumps("x" * 1048574)) == 1048576


@pytest.mark.parametrize(
    "text", ["1", "-1.5", "1+2j", "[1, (2,), {3}, frozenset({4}), set()]", "{'a': b'b'}", "None", "'\\N{BULLET}'"]
)
def test_reads_literals(text):
    assert loads(text) == eval(text)


def test_reads_numbers_that_have_no_literal():
    assert math.isnan(loads("float('nan')"))
    assert loads("[-inf, float('Infinity')]") == [-math.inf, math.inf]


@pytest.mark.parametrize(
    "text",
    ["", "x", "1 + 1", "f()", "[1", "{[]}", "...", "f'a'", "-'a'", "1 if 1 else 2", "[" * 5000, "{**{}}", "(yield)"],
)
def test_refuses_what_is_no_literal(text):
    with pytest.raises(ValueError):
        loads(text)


SCALARS = [0, -5, True, None, 1.5, math.nan, "a'b", "\ud800", 10**4299, 10**4400]


def containers(rng):
    parts = [rng.choice(SCALARS) for _ in range(rng.randrange(4))]
    hashable = [part for part in parts if part == part]
    yield from (parts, tuple(parts), dict.fromkeys(hashable, parts[0] if parts else 0), set(hashable))
    yield [parts, tuple(parts)]
    yield ([parts], parts)
    yield {1: parts}
    yield [parts, 1]


def test_the_short_way_writes_what_the_long_one_means():
    rng = random.Random(0)
    for _ in range(300):
        for value in containers(rng):
            short, long = dumps(value), Writer().text(value)
            assert short == long or repr(loads(short)) == repr(loads(long))
