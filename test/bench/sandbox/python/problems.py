"""Problems of the bench: eight variants each, half of them right, and calls with their expected values. Writes JSON."""

import json
import random
import sys

MERGE = """def solve(xs):
    out = []
    for a, b in {order}:
        if out and a {less} out[-1][1]:
            out[-1][1] = {end}
        else:
            out.append([a, b])
    return {result}
"""
BRACKETS = """def solve(s):
    stack = []
    pairs = {{')': '(', ']': '[', '}}': '{{'}}
    for c in s:
        if c in '([{{':
            stack.append(c)
        elif {guard}stack.pop() != pairs[c]:
            return False
    return {result}
"""
PRIMES = """def solve(n):
    found = []
    for x in range({first}, n{last}):
        if all(x % d for d in range(2, {limit})):
            found.append(x)
    return {result}
"""
WORDS = """def solve(s):
    counts = {{}}
    for w in {words}:
        counts[w] = counts.get(w, {start}) + 1
    return {result}
"""


def fill(template, good, bad):
    return [template.format(**{**good[0], **part}) for part in good] + [
        template.format(**{**good[0], **part}) for part in bad
    ]


def problems(candidates, tests):
    rng = random.Random(0)
    merge = fill(
        MERGE,
        [
            {"order": "sorted(xs)", "less": "<=", "end": "max(out[-1][1], b)", "result": "out"},
            {"order": "sorted(map(list, xs))"},
            {"result": "list(out)"},
            {"end": "b if b > out[-1][1] else out[-1][1]"},
        ],
        [{"order": "xs"}, {"less": "<"}, {"end": "b"}, {"result": "out[:3]"}],
    )
    brackets = fill(
        BRACKETS,
        [{"guard": "not stack or ", "result": "not stack"}, {"result": "stack == []"}, {"result": "len(stack) == 0"},
         {"guard": "len(stack) == 0 or "}],
        [{"result": "True"}, {"guard": ""}, {"result": "bool(stack)"}, {"result": "len(stack) < 2"}],
    )
    primes = fill(
        PRIMES,
        [{"first": "2", "last": "", "limit": "int(x ** 0.5) + 1", "result": "found"}, {"limit": "x // 2 + 1"},
         {"limit": "x"}, {"result": "sorted(found)"}],
        [{"first": "1"}, {"last": " + 1"}, {"limit": "int(x ** 0.5)"}, {"result": "found[1:]"}],
    )
    words = fill(
        WORDS,
        [{"words": "s.split()", "start": "0", "result": "counts"}, {"result": "dict(sorted(counts.items()))"},
         {"words": "s.strip().split()"}, {"result": "{k: v for k, v in counts.items()}"}],
        [{"start": "1"}, {"words": "s.split(' ')"}, {"words": "set(s.split())"}, {"result": "list(counts)"}],
    )
    makers = [
        ("merge", merge, lambda: [sorted([rng.randrange(60), rng.randrange(60)]) for _ in range(rng.randrange(12))]),
        ("brackets", brackets, lambda: "".join(rng.choice("()[]{}") for _ in range(rng.choice((0, 2, 4, 20))))),
        ("primes", primes, lambda: rng.randrange(80)),
        ("words", words, lambda: " ".join(rng.choice(["a", "b", "cc", "", "ddd"]) for _ in range(rng.randrange(20)))),
    ]
    for name, variants, make in makers:
        namespace = {}
        exec(variants[0], namespace)
        arguments = [make() for _ in range(tests)]
        yield {
            "id": name,
            "tests": [
                {"call": f"solve({argument!r})", "argument": argument, "expected": namespace["solve"](argument)}
                for argument in json.loads(json.dumps(arguments))
            ],
            # Texts that differ in what they compile to, so that none stands for another.
            "candidates": [f"{variants[n % 8]}\nNUMBER = {n}\n" for n in range(candidates)],
        }


if __name__ == "__main__":
    chosen = list(problems(int(sys.argv[1]), int(sys.argv[2])))[: int(sys.argv[3])]
    for problem in chosen:
        for test in problem["tests"]:
            test["literal"] = repr(test["expected"])
    json.dump(chosen, sys.stdout)
