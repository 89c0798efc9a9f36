"""Who forks candidates: their parent is the supervisor, whichever process forks them."""

import errno
import os
from typing import Any

import pytest

from ucoder_runner import spawner
from ucoder_runner.birth import Birth
from ucoder_runner.calls import Calls
from ucoder_runner.session import OwnFaultError
from ucoder_runner.unchanging import Names

CALLS = Calls.of([], Names(frozenset(), frozenset()))
BIRTH = Birth("calls", 7, 0, 0, 0, 0, 0, None, 0, 0, list(range(1000)))


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A child's exit status: the uid that it was told."""

    def begin(order: bytes, _base: int, _calls: Calls) -> None:
        os._exit(Birth(*spawner.marshal.loads(order)).uid)

    monkeypatch.setattr(spawner, "begin", begin)
    monkeypatch.setattr(spawner, "limit_for_all", lambda: None)
    made = spawner.Spawner()
    yield made
    made.stop()


def status_of(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_children_are_ours(spawned: spawner.Spawner) -> None:
    spawned.start(CALLS)
    assert [status_of(spawned.spawn(BIRTH._replace(uid=uid))) for uid in (3, 4, 5)] == [3, 4, 5]


def test_a_kernel_without_siblings_is_no_obstacle(monkeypatch: pytest.MonkeyPatch, spawned: spawner.Spawner) -> None:
    def refuse() -> int:
        raise OSError(errno.EINVAL, "no siblings")

    monkeypatch.setattr(spawner, "fork_sibling", refuse)
    for _ in range(2):
        spawned.start(CALLS)
        assert [status_of(spawned.spawn(BIRTH)) for _ in range(2)] == [7, 7]
    assert spawned.pid == 0


def test_a_kernel_whose_siblings_are_children_is_no_obstacle(
    monkeypatch: pytest.MonkeyPatch, spawned: spawner.Spawner
) -> None:
    monkeypatch.setattr(spawner, "fork_sibling", os.fork)
    spawned.start(CALLS)
    assert [status_of(spawned.spawn(BIRTH)) for _ in range(2)] == [7, 7]
    assert spawned.pid == 0


def test_its_death_is_noticed(monkeypatch: pytest.MonkeyPatch, spawned: spawner.Spawner) -> None:
    spawned.start(CALLS)
    monkeypatch.setattr(spawner, "fork_sibling", lambda: os._exit(9))
    monkeypatch.setattr(spawner, "_LOOK_MS", 10)
    spawned.start(CALLS)
    with pytest.raises(OwnFaultError):
        spawned.spawn(BIRTH)


def test_no_descriptor_is_left(spawned: spawner.Spawner) -> None:
    # After a first child: the two share descriptors, and the other opens some while it starts.
    spawned.start(CALLS)
    status_of(spawned.spawn(BIRTH))
    before = os.listdir("/proc/self/fd")
    for _ in range(3):
        spawned.start(CALLS)
        status_of(spawned.spawn(BIRTH))
    assert len(os.listdir("/proc/self/fd")) == len(before)
