"""Which modules may be executed once, and that nobody can tell the difference."""

import itertools
import random
import sys
from types import CodeType
from typing import Any

import pytest

from ucoder_runner.calls import Calls
from ucoder_runner.candidate import answer_of, compiled, fresh_module
from ucoder_runner.unchanging import cannot_change, known_names

NAMES = known_names()
CALL = ["f(2)", "f(2)", "f(3)"]

ONCE = [
    "def f(x):\n    return x + 1\n",
    '"""module"""\nfrom __future__ import annotations\n'
    'def f(x: int) -> list[int]:\n    """function"""\n    return [x]\n',
    "from typing import Dict, List, Optional\nimport math\n"
    "def f(x: List[int], y: Optional[Dict[str, int]] = None) -> List[int]:\n    return math.sqrt(x)\n",
    "from collections import Counter, defaultdict, deque\nimport collections.abc\nimport heapq as h\n"
    "def f(x):\n    d = defaultdict(list)\n    d[x].append(1)\n    q = deque([x])\n    h.heapify([x])\n"
    "    return Counter(str(x)).most_common(), q.popleft(), dict(d)\n",
    "MOD = 10**9 + 7\nNAMES = ('a', 'b')\nTWICE = MOD * 2\ndef f(x):\n    return (x * TWICE) % MOD, NAMES[0]\n",
    "from functools import lru_cache\ndef f(x):\n    @lru_cache(maxsize=None)\n    def g(n):\n"
    "        return n if n < 2 else g(n - 1) + g(n - 2)\n    return g(x)\n",
    "def f(x, step=1, scale=2):\n    total = 0\n    def add(n):\n        nonlocal total\n        total += n * scale\n"
    "    for n in range(x):\n        add(n)\n    return total + step\n",
    "import re\nimport random\nimport string\ndef helper(x):\n    return x if x else random.randint(1, 2)\n"
    "def f(x):\n    try:\n        return sorted(re.findall('[a-z]', string.digits), key=lambda c: -ord(c))[helper(x)]\n"
    "    except (IndexError, ValueError) as error:\n        raise TypeError('no') from error\n",
    "def f(x):\n    match [x, 1]:\n        case [a, b] if a > b:\n            return f'{a} {b!r}'\n"
    "        case {'k': v}:\n            return v\n    return sum(n for n in range(x) if n % 2)\n",
]

# Each remembers earlier calls, or could: `f` answers otherwise the second time, or the way to it is open.
AFRESH = [
    "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n\n",
    "def f(x, seen=[]):\n    seen.append(x)\n    return seen\n",
    "def f(x, *, seen={}):\n    seen[x] = 1\n    return seen\n",
    "seen = []\ndef f(x):\n    seen.append(x)\n    return seen\n",
    "seen = {}\ndef f(x):\n    return seen.setdefault(x, len(seen))\n",
    "seen: dict = {}\ndef f(x):\n    return len(seen)\n",
    "def f(x):\n    f.n = 1\n    return f.n\n",
    "def f(x):\n    setattr(f, 'n', 1)\n    return getattr(f, 'n')\n",
    "def f(x):\n    f.__dict__['n'] = 1\n    return len(f.__dict__)\n",
    "def f(x):\n    globals()['n'] = 1\n    return 'n' in globals()\n",
    "def f(x):\n    vars()['n'] = 1\n    return x\n",
    "def f(x):\n    exec('global n; n = 1')\n    return x\n",
    "def f(x):\n    return eval('f.__defaults__')\n",
    "def f(x):\n    return __import__('sys').modules\n",
    "def f(x):\n    import candidate\n    candidate.n = 1\n    return x\n",
    "import candidate\ndef f(x):\n    return x\n",
    "import sys\ndef f(x):\n    return sys.modules['candidate']\n",
    "import sys\ndef f(x):\n    return sys._getframe().f_globals.setdefault('n', [])\n",
    "from sys import modules as m\ndef f(x):\n    return m\n",
    "from functools import lru_cache\n@lru_cache\ndef f(x):\n    return [x]\n",
    "import functools\ng = functools.lru_cache(len)\ndef f(x):\n    return g('a')\n",
    "from itertools import count\ndef f(x, numbers=count()):\n    return next(numbers)\n",
    "numbers = (n for n in range(9))\ndef f(x):\n    return next(numbers)\n",
    "numbers = iter((1, 2, 3))\ndef f(x):\n    return next(numbers)\n",
    "from functools import update_wrapper\ndef f(x):\n    update_wrapper(f, len)\n    return x\n",
    "import functools\ndef f(x):\n    return functools.wraps(len)(f)\n",
    "import typing\ndef f(x):\n    typing.final(f)\n    return x\n",
    "import operator\ndef f(x):\n    return len(operator.attrgetter('__globals__')(f).setdefault('n', []))\n",
    "from operator import methodcaller as m\ndef f(x):\n    return m('__setattr__', 'n', 1)(f)\n",
    "import string\ndef f(x):\n    return string.Formatter().get_field('0.__globals__', (f,), {})\n",
    "get_field = 1\nFormatter = 2\nimport string\n"
    "def f(x):\n    return string.Formatter().get_field('0.__dict__', (f,), {})\n",
    "from collections.abc import Hashable\ndef f(x):\n    match f:\n        case Hashable(__globals__=names):\n"
    "            names.setdefault('n', []).append(x)\n            return len(names['n'])\n",
    "gi_frame = f_globals = 1\ndef f(x):\n    g = (n for n in 'a')\n    return g.gi_frame.f_globals\n",
    "cr_frame = f_globals = 1\ndef f(x):\n    async def g(): pass\n    return g().cr_frame.f_globals\n",
    "def f(x):\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n        return e.__traceback__.tb_frame\n",
    "import copy\ndef f(x):\n    t = type('T', (), {'__reduce_ex__': lambda s, p: (lambda: f, (), {'count': 1})})\n"
    "    copy.copy(t())\n    return f.count\n",
    "import re\ndef f(x):\n    return re.enum.sys.modules\n",
    "enum = sys = modules = 1\nimport re\ndef f(x):\n    return re.enum.sys.modules\n",
    "import collections\n_sys = 1\ndef f(x):\n    return collections._sys.modules\n",
    "class A:\n    n = []\ndef f(x):\n    A.n.append(x)\n    return len(A.n)\n",
    "def f(x):\n    class A:\n        n = f\n    return x\n",
    "import random\nrandom.seed(0)\ndef f(x):\n    return random.random()\n",
    "import gc\ndef f(x):\n    return gc.get_objects()\n",
    "import os\ndef f(x):\n    return os.getpid()\n",
    "from math import *\ndef f(x):\n    return pi\n",
    "from . import math\ndef f(x):\n    return x\n",
    "def f(x):\n    return __builtins__\n",
    "def f(x):\n    del globals()['f']\n",
    "def f(x):\n    global f\n    del f\n",
    "if True:\n    pass\nx = print\nprint()\ndef f(x):\n    return x\n",
    "def f(x):\n    return id(f)\n",
    "try:\n    n = 1\nexcept ValueError:\n    pass\ndef f(x):\n    return n\n",
]
CHANGING_CALLS = [
    "f(n := 2)",
    "f(globals())",
    "f(f.__dict__)",
    "f.n(2)",
    "f(__import__('sys'))",
    "f(exec('n = 1'))",
    "f(other)",
]


def executes_once(source: str, calls: list[str]) -> bool:
    code = compiled(source.encode(), is_read=False)
    assert code is not None, source
    return once(code, calls_of(calls), dict.fromkeys(code.co_names))


def once(code: CodeType, calls: Calls, namespace: dict[str, Any]) -> bool:
    return cannot_change(code, NAMES) and calls.leave_as_it_was(namespace)


def calls_of(calls: list[str]) -> Calls:
    return Calls.of([{"source": call, "needed": None} for call in calls], NAMES)


@pytest.mark.parametrize("source", ONCE)
def test_a_module_that_holds_nothing_mutable_is_executed_once(source: str):
    assert executes_once(source, CALL)


@pytest.mark.parametrize("source", AFRESH)
def test_a_module_that_could_remember_is_executed_afresh(source: str):
    assert not executes_once(source, ["f(2)"])


@pytest.mark.parametrize("call", CHANGING_CALLS)
def test_a_call_that_could_change_the_module_has_it_executed_afresh(call: str):
    assert executes_once(ONCE[0], ["f(1)"])
    assert not executes_once(ONCE[0], ["f(1)", call])


def test_functions_nested_too_deeply_are_not_looked_into():
    nested = "".join(f"{'    ' * depth}def f(x):\n" for depth in range(30)) + "    " * 30 + "return x\n"
    assert not executes_once(nested, ["f(1)"])


# Fragments of programs; most keep state, or try to. Any of them may stand together.
TOP = [
    "import random", "import sys", "import re", "import math", "from functools import lru_cache, reduce, partial",
    "from collections import Counter, deque", "from typing import List", "import copy", "import operator as op",
    "LIMIT = 7", "PAIR = (1, (2, 3))", "seen = []", "table = {}", "count = 0", "numbers = iter(range(99))",
    "Alias = List[int]",
    "def g(x, memo={}):\n    memo[x] = len(memo)\n    return len(memo)",
    "def g(x, start=LIMIT if False else 3):\n    return x + start",
    "def g(x):\n    return x * 2",
    "@lru_cache\ndef g(x):\n    return [x]",
    "g = lambda x, y=(1, 2): (x, y)",
    "def g(x):\n    yield x\n    yield x + 1",
    "class K:\n    held = []",
]  # fmt: skip
INNER = [
    "global count; count = count + 1; r.append(count)",
    "seen.append(x); r.append(len(seen))",
    "table[x] = 1; r.append(len(table))",
    "f.calls = getattr(f, 'calls', 0) + 1; r.append(f.calls)",
    "r.append(next(numbers))",
    "globals().setdefault('hidden', []).append(x); r.append(len(globals()['hidden']))",
    "f.__dict__.setdefault('hidden', []).append(x); r.append(len(f.__dict__['hidden']))",
    "sys.modules['candidate'].__dict__.setdefault('kept', []).append(x); r.append(len(sys.modules['candidate'].kept))",
    "h = op.attrgetter('__globals__')(f).setdefault('kept2', []); h.append(1); r.append(len(h))",
    "K.held.append(x); r.append(len(K.held))",
    "q = g(x); r.append(list(q) if hasattr(q, 'gi_frame') else q)",
    "r.append(g(x))", "r.extend(g(x))", "r.append(LIMIT)", "r.append(PAIR[1])", "r.append(random.randint(0, 9))",
    "random.seed(x)", "r.append(reduce(op.add, range(x), 0))", "r.append(partial(max, x)(3))",
    "r.append(copy.deepcopy(r))",
    "r.append(lru_cache(None)(g)(x))", "r.append(re.sub('1', 'z', str(x)))", "r.append(Counter(str(x)).most_common(1))",
    "r.append([y for y in range(x) if y % 2])", "r.append((lambda n: n + x)(1))", "r.append(math.gcd(x, 6))",
    "sys.setrecursionlimit(200 + x)", "r.append(sorted(map(str, r)))", "del r[1:]", "r = r + [1 // (x - 2)]",
    "r.append(f(x - 1) if x > 3 else 0)", "print(x)", "assert x != 5",
]  # fmt: skip


def answers(source: str, calls: Calls, *, afresh: bool) -> list[tuple[bytes, str]]:
    random.seed(1)
    code = compiled(source.encode(), is_read=False)
    assert code is not None
    found: list[tuple[bytes, str]] = []
    namespace = None
    limit = sys.getrecursionlimit()
    for call, needed in calls.codes:
        sys.setrecursionlimit(limit)
        try:
            namespace = fresh_module(code) if afresh or namespace is None else namespace
        except BaseException as problem:
            return [(b"Z", type(problem).__name__)]
        found.append(answer_of(call, needed, namespace))
    sys.setrecursionlimit(limit)
    return found


def test_nobody_can_tell_one_execution_from_fresh_ones(capsys: pytest.CaptureFixture[str]):
    rng = random.Random(5)
    calls = calls_of([f"f({n})" for n in (2, 2, 5, 4, 2, 6, 6)])
    differing, executed_once = 0, 0
    for _ in range(3000):
        top = rng.sample(TOP, rng.randrange(1, 7))
        inner = rng.sample(INNER, rng.randrange(1, 4))
        source = "\n".join(sorted(top, key=TOP.index)) + "\ndef f(x):\n    r = [x]\n"
        source += "".join(f"    {line}\n" for line in inner) + "    return r\n"
        code = compiled(source.encode(), is_read=False)
        if code is None:
            continue
        expected = answers(source, calls, afresh=True)
        if once(code, calls, {"f": None}):
            executed_once += 1
            assert answers(source, calls, afresh=False) == expected, source
        elif answers(source, calls, afresh=False) != expected:
            differing += 1
    # Otherwise the test would have nothing to find.
    assert executed_once > 200 and differing > 200
    capsys.readouterr()


def test_no_name_is_both_harmless_and_reflective():
    assert NAMES.safe.isdisjoint(NAMES.reflective)
    risky = "gi_frame cr_frame ag_frame f_globals tb_frame attrgetter setattr modules type update_wrapper"
    assert set(risky.split()) <= NAMES.reflective
    assert not any(name.startswith("_") for name in itertools.chain(*NAMES))
