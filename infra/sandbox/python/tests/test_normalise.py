"""Which programs count as the same one."""

import pytest

from ucoder_runner.normalise import read
from ucoder_runner.unchanging import known_names

NAMES = known_names()

BASE = b"def f(x):\n    y = x + 1\n    return y\n"

SAME = [
    b"# comment\ndef f(x):\n\n    y = (x + 1)  # more\n    return y",
    b'"""module"""\ndef f(x):\n    """function"""\n    y = x+1\n    return y\n',
    b"\xef\xbb\xbfdef f(x):\n  y = x + 1\n  return y\n",
]
OTHER = [
    b"def f(x):\n    y = x + 1.0\n    return y\n",
    b"def f(x):\n    y = x + True\n    return y\n",
    b"def f(x):\n    y = x - 1\n    return y\n",
    b"def f(z):\n    y = z + 1\n    return y\n",
    b"def f(x):\n    y = x + 1\n    assert y\n    return y\n",
    b"def g(x):\n    y = x + 1\n    return y\n",
]
TEXT_ONLY = [
    b"def f(x):\n    return f.__doc__\n",
    b"import sys\ndef f(x):\n    return sys._getframe().f_lineno\n",
    b"def f(x:\n",
    b"x = " + b"[" * 10_000,
    b"x = '\xff'",
    b"x = 1\0",
    b"#" * 70_000,
]


def key(source: bytes) -> str | None:
    return read(source, NAMES).key


def test_what_cannot_change_is_told_as_well() -> None:
    assert read(BASE, NAMES).unchanging
    assert not read(b"x = []\n" + BASE, NAMES).unchanging


@pytest.mark.parametrize("source", SAME)
def test_layout_does_not_count(source: bytes) -> None:
    assert key(source) == key(BASE)


@pytest.mark.parametrize("source", OTHER)
def test_anything_else_does(source: bytes) -> None:
    first, second = key(BASE), key(source)
    assert first is not None and second is not None and first != second


@pytest.mark.parametrize("source", TEXT_ONLY)
def test_only_the_text_can_tell(source: bytes) -> None:
    assert read(source, NAMES) == (None, False)


def test_floats_that_compare_equal_differ() -> None:
    assert key(b"x = 0.0") != key(b"x = -0.0")
