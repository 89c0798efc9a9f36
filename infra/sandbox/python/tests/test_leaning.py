"""Which tests rest on a second function of the candidate."""

import pytest

from ucoder_runner.preparation import prepare

LEANING = [
    "assert isclose(f(1), 2.0)",
    "x = f(1)\nassert poly(x) == 0",
    "def check(candidate):\n    for s in words:\n        assert candidate(encode(s)) == s\ncheck(decode)",
    "assert f(1) == g(1)",
    "assert all(near(a, b) for a, b in zip(f(1), [2]))",
    "g = isclose\nassert g(f(1), 2.5)",
    "ops = {'near': isclose}\nassert ops['near'](f(1), 2.5)",
    "assert (lambda same: same(f(1), 2.5))(isclose)",
    "assert [same(f(1), 2.5) for same in [isclose]] == [True]",
    "def check(same, candidate):\n    assert same(candidate(1), 2.5)\ncheck(isclose, f)",
    "def check(tools, candidate):\n    assert tools.near(candidate(1), 2.5)\ncheck(tools, f)",
    "assert tools.near(f(1), 2.5)",
    "tools = Tools()\nassert tools.near(f(1), 2.5)",
    "def answer():\n    return f(1)\nassert isclose(answer(), 2.5)",
    "def near(value):\n    assert isclose(value, 2.5)\nnear(f(1))",
    "found = []\nfound.append(f(1))\nassert isclose(found[0], 2.5)",
    "assert copy(f(1), 2.5)",
    "assert f(1) == ANSWER",
    "assert abs(f(1) - ANSWER) < 1e-6",
    "assert f(3) - slow(3) == 0",
    "def near(a, b):\n    return abs(a - b) < 1e-6\nassert near(f(1), slow(1))",
    "def near(a, **more):\n    return isclose(a, more['b'])\nassert near(f(1), b=2.5)",
    "import math\nassert math.isclose(f(1), g(1))",
    'assert eval("isclose(f(1), 2.5)")',
    "assert isclose(f(1)" + " + 0" * 900 + ", 2.5)",
]
UPRIGHT = [
    "assert f(f(1)) == 1",
    "assert f(1) == 2\nassert g(1) == 2",
    "import math\nassert math.isclose(f(1), 2.0)",
    "def check(candidate):\n    assert candidate(1) == 2\ncheck(f)",
    "s = Stack()\ns.push(1)\nassert s.pop() == 1",
    "assert sorted(f([2, 1])) == sorted([1, 2])",
    "assert all([f(1) == 2, g(1) == 2])",
    "def near(a, b):\n    return abs(a - b) < 1e-6\nassert near(f(1), 2.0) and near(g(1), 2.0)",
    "assert callable(f) and callable(g)",
    "import copy\nassert copy.copy(f(1)) == 2 and g(1) == 2",
]


@pytest.mark.parametrize("program", LEANING)
def test_leans(program: str) -> None:
    assert prepare({"program": program})["leans"] is True


@pytest.mark.parametrize("program", UPRIGHT)
def test_does_not_lean(program: str) -> None:
    assert prepare({"program": program})["leans"] is False


def test_a_method_that_may_flatter_is_no_claim() -> None:
    assert prepare({"assert": 'assert f("a").startswith("b")'})["kind"] == "program"
    assert prepare({"assert": "assert f(1).get(2) == 3"})["kind"] == "call"
