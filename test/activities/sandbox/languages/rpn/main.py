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


def result(call: str, program: str) -> str | None:
    stack = [int(number) for number in call.split()]
    try:
        for operator in program.split():
            OPERATORS[operator](stack)
        return str(stack.pop())
    except (KeyError, IndexError):
        return None


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
                found = [result(calls[index], program) for index in message["order"]]
                kinds = "".join("E" if text is None else "V" for text in found)
                texts = [text for text in found if text is not None]
                results = {"first": 0, "kinds": kinds, "texts": texts}
                end = {"reason": "finished", "cpuMs": 1, "testMs": 1, "clean": True}
                send({"op": "end", "run": message["run"], **results, **end})


main()
