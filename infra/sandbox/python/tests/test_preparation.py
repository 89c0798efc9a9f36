"""Which tests are judged outside, which run beside the candidate, and which are none."""

import pytest

from ucoder_runner.preparation import prepare


@pytest.mark.parametrize(
    ("source", "match", "expected"),
    [
        ("assert f(1) == 2", "equal", "2"),
        ("assert 2 == f(1), 'message'", "equal", "2"),
        ("assert f(1) != [1]", "not-equal", "[1]"),
        ("assert f(1) is True", "identical", "True"),
        ("assert f(1) is not None", "not-identical", "None"),
        ("assert not f(1)", "falsy", None),
        ("assert f(1)", "truthy", None),
        ("assert sorted(f([2, 1])) == [1, 2]", "equal", "[1, 2]"),
        ("assert Solution().run(1)[0] == float('inf')", "equal", "inf"),
    ],
)
def test_rewrites_asserts_into_calls(source, match, expected):
    prepared = prepare({"assert": source})
    assert (prepared["kind"], prepared["match"], prepared["expected"]) == ("call", match, expected)


@pytest.mark.parametrize(
    "source",
    [
        "assert f(1) == g(1)",
        "assert abs(f(1) - 2) < 1e-6",
        "assert isinstance(f(1), int)",
        "assert f(1) in (1, 2)",
        "assert (f(1) == 2) is True",
        "assert math.isclose(f(1), 2.0)",
        "assert 1 < f(1) < 3",
        "x = 1\nassert f(x) == x",
    ],
)
def test_runs_other_asserts_beside_the_candidate(source):
    assert prepare({"assert": source})["kind"] == "program"


@pytest.mark.parametrize("call", ["f(1) == 3", "isclose(f(1), 2.0)", "f(1) or 3", "[f(x) for x in range(3)]", "f"])
def test_never_hands_the_candidate_an_expression_that_tells_the_answer(call):
    prepared = prepare({"call": call, "expected": "True"})
    assert (prepared["kind"], prepared["asValue"]) == ("program", True)


@pytest.mark.parametrize(
    "call", ["f(1)", "f([x > 2 for x in range(3)])", "f(lambda a: a > 2, [1])", "f(math.pi)", "C(1).m(2).x[0]"]
)
def test_lets_the_candidate_evaluate_plain_calls(call):
    assert prepare({"call": call, "expected": "1"})["kind"] == "call"


@pytest.mark.parametrize(
    "test",
    [
        {"call": "f(", "expected": "1"},
        {"call": "x = 1", "expected": "1"},
        {"call": "", "expected": "1"},
        {"call": "f()", "expected": "g()"},
        {"call": "f()", "expected": ""},
        {"call": "f(\0)", "expected": "1"},
        {"assert": "assert ("},
        {"program": "return 1"},
        {"program": "(" * 500},
        {"call": "-" * 100_000 + "1", "expected": "1"},
    ],
)
def test_says_why_a_test_is_none(test):
    prepared = prepare(test)
    assert prepared["kind"] == "invalid"
    assert prepared["reason"]


def test_a_candidate_may_not_redefine_what_a_test_leans_on():
    prepared = prepare({"program": "def check(c):\n    assert abs(c(1)) == math.floor(1.5)\ncheck(f)"})
    assert prepared["beside"]["names"] == ["abs", "c", "f", "math"]
    assert prepared["beside"]["shadowing"] == []
    assert prepared["beside"]["modules"] == ["math"]
    assert prepare({"program": "def check(c):\n    assert c([1]) == 1\ncheck(sum)"})["beside"]["shadowing"] == ["sum"]


def test_tells_identity_from_equality():
    assert prepare({"program": "a = []\nassert f(a) is a"})["inside"]
    assert not prepare({"program": "assert f(1) is None and type(f(1)) is int"})["inside"]


@pytest.mark.parametrize(
    "source",
    [
        "assert callable(f)",
        "assert list(map(f, [1, 2])) == [2, 3]",
        "assert max([1, 2], key=f) == 2",
        "assert sorted([3, 1], key=lambda x: f(x)) == [1, 3]",
        "assert max(f(1), 5) == 5",
        "assert min(5, f(1)) == 5",
        "assert issubclass(Wrong, ValueError)",
        "assert f(1).union({1}) == {1}",
    ],
)
def test_a_built_in_around_names_of_the_module_is_not_what_is_tested(source):
    assert prepare({"assert": source})["kind"] == "program"


def test_finds_names_in_what_a_test_executes():
    prepared = prepare({"program": 'exec("assert f(1) == 2 and len([]) == 0")'})
    assert prepared["beside"]["names"] == ["exec", "f"]
