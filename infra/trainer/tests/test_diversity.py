"""What counts as the same program, and what the measures say of a group."""

import pytest

from ucoder_trainer.diversity import measure

PLAIN = "def double(x):\n    return x + x\n"


@pytest.mark.parametrize(
    "other",
    [
        "def double(n):\n    return n + n\n",
        "def twice(x):\n    # a comment\n    return (x + x)\n",
        'def double(x: int) -> int:\n    """Twice x."""\n    return x + x\n',
    ],
)
def test_names_comments_docstrings_and_hints_make_no_other_program(other: str):
    assert measure([PLAIN, other])["trees"] == 1


@pytest.mark.parametrize(
    "other", ["def double(x):\n    return 2 * x\n", "def double(x, y):\n    return x + y\n"]
)
def test_another_operation_or_another_argument_is_another_program(other: str):
    assert measure([PLAIN, other])["trees"] == 2


def test_measures_of_nothing_and_of_one_word():
    zero = {"programs": 0, "parsed": 0, "trees": 0, "nodeTypes": 0, "entropyBits": 0.0}
    assert measure([]) == zero
    assert measure(["x"])["entropyBits"] == 0
    assert measure(["x; y; x; y"])["entropyBits"] == pytest.approx(1.556657)


def test_node_types_are_counted_once_over_the_group():
    assert measure(["x = 1"])["nodeTypes"] == measure(["x = 1", "y = 2"])["nodeTypes"] == 4


@pytest.mark.parametrize("code", ["def f(:", "\x00", "\ud800", "(" * 100_000, "-" * 100_000 + "1"])
def test_what_cannot_be_parsed_is_counted_apart(code: str):
    found = measure([code, PLAIN])
    assert (found["programs"], found["parsed"], found["trees"]) == (2, 1, 1)
