"""Which tests rest on a second function of the candidate."""

import pytest

from ucoder_runner.preparation import prepare

LEANING = [
    "assert isclose(f(1), 2.0)",
    "x = f(1)\nassert poly(x) == 0",
    "def check(candidate):\n    for s in words:\n        assert candidate(encode(s)) == s\ncheck(decode)",
    "assert f(1) == g(1)",
    "assert all(near(a, b) for a, b in zip(f(1), [2]))",
]
UPRIGHT = [
    "assert f(f(1)) == 1",
    "assert f(1) == 2\nassert g(1) == 2",
    "import math\nassert math.isclose(f(1), 2.0)",
    "def check(candidate):\n    assert candidate(1) == 2\ncheck(f)",
    "s = Stack()\ns.push(1)\nassert s.pop() == 1",
    "assert sorted(f([2, 1])) == sorted([1, 2])",
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
