"""Forks without the interpreter's own care for threads: half as expensive, because a child touches less memory."""

import ctypes
import os
import random
import signal
from _random import Random
from typing import Final, cast

# Number of the system call, by machine. Its other arguments, in another order on each, are all 0 here.
_CLONE: Final = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
_SHARING_DESCRIPTORS: Final = 0x400 | signal.SIGCHLD
_SIBLING: Final = 0x8000 | signal.SIGCHLD

# PyDLL: the interpreter's lock stays held, as it is in os.fork.
_libc: Final = ctypes.PyDLL(None, use_errno=True)
_fork: Final = _libc.fork
_syscall: Final = _libc.syscall
_syscall.argtypes = [ctypes.c_long] * 6
_syscall.restype = ctypes.c_long
_seed: Final = Random.seed
_shared: Final = cast(Random, random.seed.__self__)  # type: ignore[attr-defined]


def reseed() -> None:
    """A new seed for the functions of `random`, as the library takes it after os.fork; by the base type's method."""
    _seed(_shared)


def _checked(pid: int) -> int:
    if pid < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return pid


def fork() -> int:
    """Only for a process of one thread: locks that others hold would stay held in the child. Thrown: OSError.

    Of what the library has done after os.fork in a child (`os.register_at_fork`), the new seed of `random` is kept.
    """
    pid = _checked(_fork())
    if pid == 0:
        reseed()
    return pid


def fork_sharing_descriptors() -> int:
    """Like `fork`; what either process opens or closes from here on, the other has open or closed as well."""
    return _checked(_syscall(_CLONE, _SHARING_DESCRIPTORS, 0, 0, 0, 0))


def fork_sibling() -> int:
    """Like `fork`, but the child is one of this process's parent, which waits for it; `random` goes on as it was."""
    return _checked(_syscall(_CLONE, _SIBLING, 0, 0, 0, 0))
