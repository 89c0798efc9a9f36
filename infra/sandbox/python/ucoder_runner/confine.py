"""Makes the child what a candidate may be: a uid of its own, limits, no processes, no way to the runner's streams."""

import os
import resource
from dataclasses import dataclass
from typing import Final

from .seccomp import refuse_processes_and_sockets

MIB: Final = 1024 * 1024
CHANNEL: Final = 3
REQUESTS: Final = 4
_FIRST_FOREIGN: Final = 5
_HIGHEST: Final = 4096
FILE_BYTES: Final = 16 * MIB
THREADS: Final = 32
OPEN_FILES: Final = 64


@dataclass(frozen=True, slots=True)
class Confinement:
    """What one child may use. `cpu_s` is the kernel's own backstop behind the runner's clock."""

    uid: int
    memory_mb: int
    cpu_s: int


def own_address_space() -> int:
    """Bytes of address space of this process: what the warm interpreter costs before a candidate uses any."""
    # Without a file object: each page of memory that a fresh child touches costs two microseconds.
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    pages = os.read(statm, 64)
    os.close(statm)
    return int(pages.split()[0]) * resource.getpagesize()


def resident_bytes() -> int:
    """Bytes of memory that this process holds."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def reserve_descriptors() -> int:
    """Takes the numbers that children use before anything else has them; another one, for their empty input."""
    empty = os.open("/dev/null", os.O_RDWR)
    for number in (CHANNEL, REQUESTS):
        if number != empty:
            os.dup2(empty, number)
    return os.open("/dev/null", os.O_RDONLY)


def arrange_descriptors(empty: int, output: int, channel: int, requests: int | None) -> None:
    """0 is empty, 1 and 2 are the counted output, 3 the answers, 4 the requests; nothing else stays open."""
    dup2 = os.dup2
    dup2(empty, 0)
    dup2(output, 1)
    dup2(output, 2)
    dup2(channel, CHANNEL)
    if requests is not None:
        dup2(requests, REQUESTS)
        os.closerange(_FIRST_FOREIGN, _HIGHEST)
    else:
        os.closerange(REQUESTS, _HIGHEST)


def limit_for_all() -> None:
    """Limits that are the same for all candidates: for the process that forks them, from which they have them."""
    limit = resource.setrlimit
    limit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    limit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    limit(resource.RLIMIT_CORE, (0, 0))
    limit(resource.RLIMIT_MEMLOCK, (0, 0))
    try:
        limit(resource.RLIMIT_MSGQUEUE, (0, 0))
    except ValueError:
        pass  # gVisor has neither such queues nor their limit
    os.setgroups([])


def confine(confinement: Confinement, base_bytes: int, *, may_fork: bool = False) -> None:
    """No way back: limits first, then the uid, then the filter. `limit_for_all` comes before."""
    limit = resource.setrlimit
    memory = base_bytes + confinement.memory_mb * MIB
    limit(resource.RLIMIT_AS, (memory, memory))
    limit(resource.RLIMIT_CPU, (confinement.cpu_s, confinement.cpu_s + 1))
    limit(resource.RLIMIT_NPROC, (THREADS, THREADS))
    os.setsid()
    os.setresgid(confinement.uid, confinement.uid, confinement.uid)
    os.setresuid(confinement.uid, confinement.uid, confinement.uid)
    refuse_processes_and_sockets(may_fork=may_fork)
