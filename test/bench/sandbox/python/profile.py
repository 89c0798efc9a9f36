"""Where the time of one candidate goes: the runner's own steps, with marks between them. Reads JSON, writes JSON.

Runs in the place of the container's runner, as uid 0 with its capabilities. CPU time, so that other load matters less;
the marks themselves cost some microseconds and page faults each.
"""

import gc
import json
import os
import resource
import sys
import time
from binascii import a2b_base64
from statistics import median

sys.path.insert(0, "/opt/ucoder-runner")
from ucoder_runner import birth, candidate, confine, normalise, spawner, wire  # noqa: E402
from ucoder_runner.birth import Birth  # noqa: E402
from ucoder_runner.calls import Calls  # noqa: E402
from ucoder_runner.children import cpu_seconds  # noqa: E402
from ucoder_runner.preload import preload  # noqa: E402
from ucoder_runner.rehearsal import rehearse  # noqa: E402
from ucoder_runner.session import Child, Limits, finish  # noqa: E402
from ucoder_runner.supervision import CallSupervisor  # noqa: E402
from ucoder_runner.unchanging import known_names  # noqa: E402

MARKS = b"?"
LIMITS = Limits(10, 60, 10, 1 << 20, 256)
marks = []


def mark(label):
    marks.append((label, time.process_time_ns() / 1000, resource.getrusage(resource.RUSAGE_SELF).ru_minflt))


def marked(module, name, label):
    """From here on the function says when it begins."""
    original = getattr(module, name)

    def begin(*arguments, **keywords):
        mark(label)
        return original(*arguments, **keywords)

    setattr(module, name, begin)


def set_marks():
    marked(spawner, "begin", "its own parts: told what to do, reading the source")
    marked(birth, "arrange_descriptors", "descriptors")
    marked(birth, "confine", "limits, session, uid")
    marked(confine, "refuse_processes_and_sockets", "filter on system calls")
    marked(birth, "_work_of", "first frame")
    marked(candidate, "compiled", "the program from its form")
    marked(candidate, "fresh_module", "executing the module")
    marked(candidate.Session, "answer_calls", "tests and answers")
    leave = candidate.leave

    def end(kind, index):
        mark("exit")
        candidate._send(confine.CHANNEL, MARKS, 0, json.dumps(marks).encode())
        leave(kind, index)

    candidate.leave = end


def spawn(forker, source, order, empty, uid):
    output = os.memfd_create("output")
    answers, channel = os.pipe()
    os.write(sources[1], source)
    told = Birth("calls", uid, 256, 60, empty, output, channel, None, 0, len(source), order, True, True)
    pid = forker.spawn(told)
    os.close(channel)
    return Child(pid, answers), output


def marks_of(child):
    reader, data = wire.FrameReader(), b""
    while part := os.read(child.channel, 1 << 17):
        data += part
    reader.feed(data)
    while (frame := reader.next()) is not None:
        if frame.kind == MARKS:
            return json.loads(frame.payload)


request = json.loads(sys.stdin.readline())
empty = confine.reserve_descriptors()
sources = os.pipe()
os.dup2(sources[0], 0)
os.chdir("/tmp")
preload()
names = known_names()
rehearse(sys.modules)
calls = Calls.of([{"source": test["call"], "needed": None} for test in request["tests"]], names)
order = list(range(len(calls.codes)))
# As the worker sends them: what the runner made of a program when it read it, where it could.
programs = [a2b_base64(normalise.read(text.encode(), names).form) for text in request["candidates"]]
gc.collect()
gc.freeze()

# Unmarked: what the supervisor and the process that forks use, and all that a child uses.
forker = spawner.Spawner()
forker.start(calls)
own, forks, children = [], [], []
for number, source in enumerate(programs):
    own_before, fork_before = time.process_time(), cpu_seconds(forker.pid)
    child, output = spawn(forker, source, order, empty, 2**27 + number)
    CallSupervisor(child, output, len(order), LIMITS, lambda *_: None).follow()
    children.append(finish(child) * 1e6)
    os.close(output)
    own.append((time.process_time() - own_before) * 1e6)
    forks.append((cpu_seconds(forker.pid) - fork_before) * 1e6)
rows = [["supervisor", median(own), None], ["fork", median(forks), None], ["child, in all", median(children), None]]

set_marks()
forker.start(calls)
steps = {}
for number, source in enumerate(programs):
    child, output = spawn(forker, source, order, empty, 2**27 + 1000 + number)
    found = marks_of(child)
    total = finish(child) * 1e6
    os.close(output)
    found.append(("end", total, found[-1][2]))
    before = ("from the fork to its first line", 0, 0)
    for step in found:
        steps.setdefault(before[0], []).append((step[1] - before[1], step[2] - before[2]))
        before = step
for label, values in steps.items():
    time_used, faults = (median(value[part] for value in values) for part in (0, 1))
    rows.append([f"— {label}", time_used, None if label == "exit" else faults])
json.dump(rows, sys.stdout)
