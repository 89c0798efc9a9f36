"""What is one tree and what is another, and that no program stops the reader."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ucoder_trainer import trees
from ucoder_trainer.trees import MAX_BYTES, UnreadableError, fingerprints

CLOSE = """\
import math

def close(numbers, threshold):
    for i, a in enumerate(numbers):
        for j, b in enumerate(numbers):
            if i != j and math.fabs(a - b) < threshold:
                return True
    return False
"""

SAME = {
    "names": CLOSE.replace("numbers", "values").replace("threshold", "limit").replace("close", "near"),
    "docstring": CLOSE.replace(":\n    for i", ':\n    """Near."""\n    "A text."\n    for i'),
    "comment": CLOSE.replace("    return False", "\n    # none\n    return (False)"),
    "hints": CLOSE.replace(
        "numbers, threshold)", "numbers: list[float], threshold: 'float') -> bool"
    ).replace("    for i", "    i: int\n    for i", 1),
    "imports": "import sys\nfrom os import path\n" + CLOSE,
    "alias": CLOSE.replace("import math", "import math as m").replace("math.fabs", "m.fabs"),
    "from": CLOSE.replace("import math", "from math import fabs").replace("math.fabs", "fabs"),
    "from alias": CLOSE.replace("import math", "from math import fabs as size").replace("math.fabs", "size"),
    "inner import": CLOSE.replace("import math", "").replace(
        "):\n    for i", "):\n    import math\n    for i"
    ),
}

OTHER = {
    "constant": CLOSE.replace("return True", "return False"),
    "type of constant": CLOSE.replace("return False", "return 0"),
    "operator": CLOSE.replace("<", "<="),
    "name in another place": CLOSE.replace("a - b", "b - a"),
    "builtin": CLOSE.replace("enumerate(numbers)", "zip(numbers)"),
    "attribute": CLOSE.replace("fabs", "sqrt"),
    "block": CLOSE.replace("    return False", "        return False"),
}


@pytest.mark.parametrize("code", SAME.values(), ids=SAME.keys())
def test_what_changes_nothing_makes_no_other_tree(code: str):
    assert code != CLOSE
    assert fingerprints(code) == fingerprints(CLOSE)


@pytest.mark.parametrize("code", OTHER.values(), ids=OTHER.keys())
def test_what_changes_something_makes_other_trees(code: str):
    assert code != CLOSE
    assert len(fingerprints(code)) == 2
    assert not set(fingerprints(code)) & set(fingerprints(CLOSE))


def test_body_is_found_beside_other_code_and_in_a_class_whatever_its_parameters_are_called_and_ordered():
    beside = CLOSE.replace("numbers, threshold", "threshold=1, numbers=()") + "\n\ndef g(x):\n    return x\n"
    inside = "import math\n\nclass A:\n" + "".join(f"    {line}\n" for line in CLOSE.splitlines()[2:])
    for code in (beside, inside, f"{CLOSE}\nprint(close([1], 2))\n"):
        assert len(set(fingerprints(code)) & set(fingerprints(CLOSE))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    return sorted(x)\n",
        "def f(a, b=1, *c, d=2, **e):\n    return sorted(a)\n",
        "def f(x: int) -> int:\n    '''A docstring of a good many words.'''\n    return x + 1\n",
        "def f(s):\n    return s == s[::-1]\n",
        "def f(x):\n    return sorted(x, key=lambda pair: (pair[1], pair[0]))\n",
        "def f(x):\n    r = []\n    for y in x:\n        r.append(y)\n    return r\n",
        "",
    ],
)
def test_small_programs_have_no_tree(code: str):
    assert fingerprints(code) == []


def test_values_with_hints_are_assignments():
    assert fingerprints("x: int = " + "1 + " * 9 + "1") == fingerprints("y = " + "1 + " * 9 + "1")


def test_every_kind_of_variable_is_numbered():
    code = (
        "def f(a, *b, **c):\n    global d\n    try:\n        d = [lambda e: e for g in a]\n"
        "    except ValueError as h:\n        raise h\n"
        "    match a:\n        case [i, *j]:\n            return i, j\n"
        "        case {'k': 1, **k}:\n            return k\n"
    )
    other = re.sub(r"\b([a-eg-k])\b(?!')", r"other_\1", code)
    assert other != code
    assert fingerprints(other) == fingerprints(code)


HOSTILE = {
    "no Python": "def f(:",
    "null byte": "\x00",
    "lone surrogate": "\ud800",
    "parentheses": "(" * 100_000,
    "signs": "-" * 100_000 + "1",
    "sum": "1" + "+1" * 100_000,
    "attributes": "a" + ".a" * 100_000,
    "calls": "f" + "()" * 100_000,
    "lambdas": "lambda:" * 20_000 + "1",
    "conditions": "1 if x else " * 20_000 + "1",
    "blocks": "".join(" " * n + "if x:\n" for n in range(150)) + " " * 150 + "x",
    "endless number": "x = " + "9" * 10_000,
    "endless hexadecimal": "x = 0x" + "f" * 100_000,
    "bytes": "#" + "é" * (MAX_BYTES // 2),
}


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_read_says_so(code: str):
    with pytest.raises(UnreadableError):
        fingerprints(code)


def test_program_of_too_many_nodes_is_unreadable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trees, "MAX_NODES", 20)
    with pytest.raises(UnreadableError, match="20 nodes"):
        fingerprints(CLOSE)


def test_command_answers_line_by_line_and_outlasts_what_cannot_be_read():
    programs = {**HOSTILE, "close": CLOSE, "runs": "import os; os._exit(3)"}
    lines = "".join(f"{json.dumps({'id': name, 'code': code})}\n" for name, code in programs.items())
    command = [sys.executable, "-I", str(Path(trees.__file__))]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, env={})
    answers = {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}
    assert list(answers) == list(programs)
    assert all("unreadable" in answers[name] for name in HOSTILE)
    assert answers["close"] == {"id": "close", "trees": fingerprints(CLOSE)}
    assert answers["runs"]["trees"] == []
