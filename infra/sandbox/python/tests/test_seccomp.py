"""The filter's programs, run here as the kernel runs them: by halves they refuse what a list would refuse."""

import struct

import pytest

from ucoder_runner import seccomp

ALLOWED, REFUSED, KILLED, NO_CALL = 0x7FFF0000, 0x00050001, 0x80000000, 0x00050026
THREAD = 0x00010000


def verdict(code: bytes, number: int, architecture: int, first_argument: int = 0) -> int:
    steps = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    data = struct.pack("=IIQQ", number, architecture, 0, first_argument)
    at = held = 0
    while True:
        operation, if_true, if_false, value = steps[at]
        at += 1
        if operation == 0x06:
            return value
        if operation == 0x20:
            held = struct.unpack_from("=I", data, value)[0]
        else:
            hit = {0x15: held == value, 0x35: held >= value, 0x45: held & value != 0}[operation]
            at += if_true if hit else if_false


MACHINES = sorted(seccomp._REFUSED)


def build(machine: str, refused: tuple[int, ...], *, may_fork: bool) -> bytes:
    return seccomp._build(machine, refused, may_fork=may_fork)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("may_fork", [False, True])
def test_exactly_the_listed_calls_are_refused(machine: str, may_fork: bool) -> None:
    refused = seccomp._REFUSED[machine]
    code = build(machine, refused, may_fork=may_fork)
    special = {seccomp._CLONE3, seccomp._CLONE[machine]}
    for number in set(range(1000)) - special:
        expected = REFUSED if number in refused else ALLOWED
        assert verdict(code, number, seccomp._AUDIT_ARCH[machine]) == expected, number
    assert verdict(code, seccomp._CLONE3, seccomp._AUDIT_ARCH[machine]) == NO_CALL


@pytest.mark.parametrize("machine", MACHINES)
def test_clone_makes_threads_only(machine: str) -> None:
    code = build(machine, seccomp._REFUSED[machine], may_fork=False)
    clone, architecture = seccomp._CLONE[machine], seccomp._AUDIT_ARCH[machine]
    assert verdict(code, clone, architecture, THREAD | 0x100) == ALLOWED
    assert verdict(code, clone, architecture, 0x8000 | 17) == REFUSED
    free = build(machine, seccomp._REFUSED[machine], may_fork=True)
    assert verdict(free, clone, architecture, 17) == ALLOWED


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architecture_is_fatal(machine: str) -> None:
    code = build(machine, seccomp._REFUSED[machine], may_fork=False)
    assert verdict(code, 1, 0x40000003) == KILLED


def test_the_other_table_of_calls_is_refused() -> None:
    code = build("x86_64", seccomp._REFUSED["x86_64"], may_fork=True)
    assert verdict(code, 0x40000000 | 57, seccomp._AUDIT_ARCH["x86_64"]) == REFUSED


def test_two_filters_refuse_what_one_strict_one_does() -> None:
    machine, architecture = "x86_64", seccomp._AUDIT_ARCH["x86_64"]
    refused, forks = seccomp._REFUSED[machine], seccomp._FORKS[machine]
    strict = build(machine, refused, may_fork=False)
    forking = build(machine, tuple(set(refused) - set(forks)), may_fork=True)
    closing = build(machine, forks, may_fork=False)
    for number in range(1000):
        for flags in (17, THREAD):
            both = {verdict(code, number, architecture, flags) for code in (forking, closing)}
            one = verdict(strict, number, architecture, flags)
            assert (both == {ALLOWED}) == (one == ALLOWED), number
