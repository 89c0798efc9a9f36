"""Which programs count as the same one."""

import base64

import pytest

from ucoder_runner.candidate import compiled, fresh_module
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
    b'def f(x):\n    return ("{0.__d" + "oc__}").format(f)\n',
    b'def f(x):\n    return "{0[0].__doc__}".format([f])\n',
    b'def f(x):\n    return "{{{}}}".format(x).format(f)\n',
    b'def f(x):\n    return "{0.__doc__}".format_map({"0": f})\n',
    b'import operator\ndef f(x):\n    return operator.attrgetter("__do" + "c__")(f)\n',
    b'from operator import *\ndef f(x):\n    return methodcaller("__getattribute__", x)(f)\n',
    b"def f(x):\n    return object.__getattribute__(f, x)\n",
    "def f(x):\n    return \uff47etattr(f, x)\n".encode(),
    b"import pydoc\ndef f(x):\n    return pydoc.getdoc(f)\n",
    b"import cProfile\n",
    b"import faulthandler\n",
    b"import random\ndef f(x):\n    return random._os\n",
    b"import enum\ndef f(x):\n    return enum.sys\n",
    b"def f(x):\n    match x:\n        case object(__doc__=text): return text\n",
    b"from dataclasses import dataclass\n@dataclass\nclass A:\n    __doc__: str\n",
    b"def f(x):\n    return open('/proc/self/mem')\n",
    b"def g():\n    yield\ndef f(x):\n    return g().gi_frame\n",
    b"def f(x):\n    try: 1 / 0\n    except Exception as e: return e.__traceback__\n",
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
    assert read(source, NAMES) == (None, False, None)


MERGED = [
    b"from collections import defaultdict\nimport math, re, heapq\n",
    b'def f(x):\n    return "{:.2f} {}".format(x, f"{x!r}")\n',
    b"class A:\n    def __init__(self, x):\n        super().__init__()\n        self.x = x\n"
    b"    def __eq__(self, o):\n"
    b"        return self.__class__ == o.__class__\n",
    b"from dataclasses import dataclass, field\n@dataclass\nclass A:\n    x: int = field(default=1)\n",
    b'if __name__ == "__main__":\n    print(1)\n',
]


@pytest.mark.parametrize("source", MERGED)
def test_common_programs_are_told_by_what_they_compile_to(source: bytes) -> None:
    assert key(source) is not None and key(source + b"# more") == key(source)


def test_floats_that_compare_equal_differ() -> None:
    assert key(b"x = 0.0") != key(b"x = -0.0")


def test_the_form_is_the_program() -> None:
    form = read(b'"""text"""\ndef f(x):\n    return x + 1\n', NAMES).form
    assert form is not None
    code = compiled(base64.b64decode(form), is_read=True)
    assert code is not None
    assert fresh_module(code)["f"](1) == 2
