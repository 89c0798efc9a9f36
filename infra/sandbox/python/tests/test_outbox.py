"""Answers are held back only while there is more to do, and never out of order."""

import os
from collections.abc import Iterator

import pytest

from ucoder_runner import outbox, wire

Pipes = tuple[int, int, int, int]


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    made = (*os.pipe(), *os.pipe())
    os.set_blocking(made[0], False)
    yield made
    for descriptor in made:
        os.close(descriptor)


def arrived(descriptor: int) -> list[int]:
    found = []
    while True:
        try:
            found.append(wire.read_message(descriptor)["n"])
        except BlockingIOError:
            return found


def test_what_nobody_waits_behind_goes_out_at_once(pipes: Pipes) -> None:
    answers, out, incoming, _ = pipes
    box = outbox.Outbox(out, incoming)
    box.put({"n": 1})
    box.send_if_due()
    assert arrived(answers) == [1]


def test_more_work_holds_a_few_back(pipes: Pipes, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, out, incoming, more = pipes
    monkeypatch.setattr(outbox, "_LONGEST_S", 60)
    os.write(more, b"x")
    box = outbox.Outbox(out, incoming)
    seen = []
    for number in range(4):
        box.put({"n": number})
        box.send_if_due()
        seen.append(arrived(answers))
    assert seen == [[], [], [], [0, 1, 2, 3]]


def test_none_is_held_for_long(pipes: Pipes, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, out, incoming, more = pipes
    monkeypatch.setattr(outbox, "_LONGEST_S", -1)
    os.write(more, b"x")
    box = outbox.Outbox(out, incoming)
    box.put({"n": 1})
    box.send_if_due()
    assert arrived(answers) == [1]
