"""Which programs count as the same one."""

import pytest

from ucoder_runner.normalise import keys

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


@pytest.mark.parametrize("source", SAME)
def test_layout_does_not_count(source: bytes) -> None:
    assert keys([source]) == keys([BASE])


@pytest.mark.parametrize("source", OTHER)
def test_anything_else_does(source: bytes) -> None:
    first, second = keys([BASE, source])
    assert first is not None and second is not None and first != second


@pytest.mark.parametrize("source", TEXT_ONLY)
def test_only_the_text_can_tell(source: bytes) -> None:
    assert keys([source]) == [None]


def test_floats_that_compare_equal_differ() -> None:
    first, second = keys([b"x = 0.0", b"x = -0.0"])
    assert first != second
