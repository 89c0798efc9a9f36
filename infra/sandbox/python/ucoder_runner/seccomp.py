"""A second filter, inside the container's: it takes from candidates what the runner itself needs (fork, exec)."""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from typing import Any, Final

_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_MODE_FILTER: Final = 2

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000
_CLONE_THREAD: Final = 0x00010000
_X32: Final = 0x40000000

_COMMON: Final = (424, 425, 426, 427, 434, 438, 447)  # pidfd_*, io_uring_*, memfd_secret: one number everywhere

# Processes, sockets, other processes' memory, SysV and POSIX queues, namespaces, keys, and what has been a way out.
_REFUSED: Final[dict[str, tuple[int, ...]]] = {
    "x86_64": (
        57, 58, 59, 322,  # fork vfork execve execveat
        41,  # socket; socketpair stays, asyncio needs it
        101, 310, 311, 312,  # ptrace process_vm_readv process_vm_writev kcmp
        319,  # memfd_create: not counted by RLIMIT_AS
        29, 30, 31, 64, 65, 66, 68, 69, 70, 71, 240, 241,  # shm* sem* msg* mq_open mq_unlink
        272, 308, 165, 166, 133, 259,  # unshare setns mount umount2 mknod mknodat
        248, 249, 250, 298, 321, 323, 135,  # keys perf_event_open bpf userfaultfd personality
        *_COMMON,
    ),
    "aarch64": (
        221, 281,
        198,
        117, 270, 271, 272,
        279,
        194, 195, 196, 190, 191, 193, 186, 187, 188, 189, 180, 181,
        97, 268, 40, 39, 33,
        217, 218, 219, 241, 280, 282, 92,
        *_COMMON,
    ),
}  # fmt: skip
_CLONE: Final = {"x86_64": 56, "aarch64": 220}
_FORKS: Final[dict[str, tuple[int, ...]]] = {"x86_64": (57,), "aarch64": ()}
_CLONE3: Final = 435
_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


_PERMIT: Final = _instruction(_RETURN, _ALLOW)
_REFUSAL: Final = _instruction(_RETURN, _REFUSE | errno.EPERM)


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbours together: first and last."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _search(ranges: list[tuple[int, int]]) -> list[bytes]:
    """By halves: when a filter is set, the kernel runs it for each system call there is, and compiles it."""
    if not ranges:
        return [_PERMIT]
    if len(ranges) == 1:
        ((first, last),) = ranges
        return [
            _instruction(_AT_LEAST, first, 0, 2),
            _instruction(_AT_LEAST, last + 1, 1, 0),
            _REFUSAL,
            _PERMIT,
        ]
    middle = len(ranges) // 2
    low, high = _search(ranges[:middle]), _search(ranges[middle:])
    return [_instruction(_AT_LEAST, ranges[middle][0], len(low), 0), *low, *high]


def _build(machine: str, refused: Iterable[int], *, may_fork: bool) -> bytes:
    code = [
        _instruction(_LOAD, 4),
        _instruction(_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, 0),
    ]
    if machine == "x86_64":
        code += [_instruction(_AT_LEAST, _X32, 0, 1), _REFUSAL]
    # clone3 hides its flags from a filter: without it the C library falls back to clone.
    code += [_instruction(_EQUAL, _CLONE3, 0, 1), _instruction(_RETURN, _REFUSE | errno.ENOSYS)]
    if not may_fork:
        code += [
            _instruction(_EQUAL, _CLONE[machine], 0, 4),
            _instruction(_LOAD, 16),
            _instruction(_ANY_BIT, _CLONE_THREAD, 0, 1),
            _PERMIT,
            _REFUSAL,
        ]
    return b"".join(code + _search(_ranges(refused)))


_libc = ctypes.CDLL(None, use_errno=True)
_prctl = _libc.prctl
_kept: list[object] = []


def _program(refused: Iterable[int], *, may_fork: bool) -> Any:
    """What prctl is given; None on a machine whose numbers are not known here."""
    machine = os.uname().machine
    if machine not in _REFUSED:
        return None
    code = _build(machine, refused, may_fork=may_fork)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    _kept.extend((buffer, program))
    return ctypes.byref(program)


_refused = _REFUSED.get(os.uname().machine, ())
_forks = _FORKS.get(os.uname().machine, ())
_strict = _program(_refused, may_fork=False)
_forking = _program([number for number in _refused if number not in _forks], may_fork=True)
_closing = _program(_forks, may_fork=False)


def refuse_processes_and_sockets(*, may_fork: bool = False) -> None:
    """From here on this process can start threads, but no program, no socket and, unless it may, no process."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = _forking if may_fork else _strict
    _set_filter(program)


def refuse_processes() -> None:
    """What a process that may fork has kept from its children until now."""
    _set_filter(_closing)


def _set_filter(program: Any) -> None:
    if program is not None and _prctl(_PR_SET_SECCOMP, _MODE_FILTER, program, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the seccomp filter was refused")


def hide_memory() -> None:
    """Nobody of another uid may read this process through /proc or ptrace."""
    _prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
