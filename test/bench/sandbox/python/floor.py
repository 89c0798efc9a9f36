"""What no executor can beat: fork and wait of a warm interpreter, and the same calls in one process. Reads JSON."""

import gc
import json
import os
import sys
import time

sys.path.insert(0, "/opt/ucoder-runner")
from ucoder_runner.preload import preload  # noqa: E402


def forks(count):
    start = time.perf_counter()
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    return count / (time.perf_counter() - start)


def calls(problems):
    pairs = 0
    start = time.perf_counter()
    for problem in problems:
        compiled = [(compile(t["call"], "t", "eval"), t["expected"]) for t in problem["tests"]]
        for source in problem["candidates"]:
            code = compile(source, "c", "exec")
            for call, expected in compiled:
                pairs += 1
                namespace = {}
                exec(code, namespace)
                try:
                    assert eval(call, namespace) == expected
                except Exception:
                    continue
    return pairs / (time.perf_counter() - start)


request = json.loads(sys.stdin.readline())
preload()
gc.collect()
gc.freeze()
forks(200)
json.dump({"forks": forks(request["forks"]), "calls": calls(request["problems"])}, sys.stdout)
