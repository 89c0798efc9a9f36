"""Runner of a stack calculator. A call lists numbers, a candidate lists operators: "3 4" and "dup * +" give 19.

Nothing is isolated here: operators cannot do anything but calculate.
"""

import json
import struct
import sys
from typing import Any

OPERATORS = {
    "+": lambda stack: stack.append(stack.pop() + stack.pop()),
    "*": lambda stack: stack.append(stack.pop() * stack.pop()),
    "dup": lambda stack: stack.append(stack[-1]),
}


def read(length: int) -> bytes:
    data = sys.stdin.buffer.read(length)
    if len(data) < length:
        raise SystemExit
    return data


def send(message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()


def prepared(test: dict[str, Any]) -> dict[str, Any]:
    if "call" not in test:
        return {"kind": "invalid", "reason": "the calculator only knows calls"}
    return {"kind": "call", "source": test["call"], "match": "equal", "expected": test["expected"], "needed": None}


def result(position: int, call: str, program: str) -> list[Any]:
    stack = [int(number) for number in call.split()]
    try:
        for operator in program.split():
            OPERATORS[operator](stack)
        return [position, "value", str(stack.pop())]
    except (KeyError, IndexError):
        return [position, "error"]


def main() -> None:
    calls: list[str] = []
    while True:
        message = json.loads(read(struct.unpack(">I", read(4))[0]))
        match message["op"]:
            case "hello":
                send({"op": "ready", "language": "calculator", "residentBytes": 0})
            case "prepare":
                tests = json.loads(read(message["length"]))
                send({"op": "prepared", "id": message["id"], "tests": [prepared(test) for test in tests]})
            case "normalise":
                keys = [" ".join(read(length).decode().split()) for length in message["lengths"]]
                send({"op": "normalised", "id": message["id"], "keys": keys})
            case "calls":
                calls = [call["source"] for call in message["calls"]]
                send({"op": "compiled", "residentBytes": 0})
            case "run":
                program = read(message["length"]).decode()
                order = message["order"]
                results = [result(position, calls[index], program) for position, index in enumerate(order)]
                send({"op": "results", "run": message["run"], "results": results})
                end = {"reason": "finished", "next": len(order), "cpuMs": 1, "testMs": 1, "clean": True}
                send({"op": "end", "run": message["run"], **end})


main()
