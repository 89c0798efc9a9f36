"""A fork without the interpreter's own care for threads: half as expensive, because a child touches less memory."""

import ctypes
import os
import random
from typing import Final

# PyDLL: the interpreter's lock stays held, as it is in os.fork.
_fork: Final = ctypes.PyDLL(None, use_errno=True).fork
_reseed: Final = random.seed


def fork() -> int:
    """Only for a process of one thread: locks that others hold would stay held in the child. Thrown: OSError.

    Of what the library has done after os.fork in a child (`os.register_at_fork`), the new seed of `random` is kept.
    """
    pid: int = _fork()
    if pid < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    if pid == 0:
        _reseed()
    return pid
