"""Processes below the runner, which is PID 1: whatever a candidate starts ends up here and is swept."""

import os
import signal
import stat
import time
from typing import Final, NoReturn

from .fork import fork

_ROUNDS: Final = 200
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_SCRATCH: Final = "/tmp"


def clock_of(pid: int) -> int:
    """The clock that counts a process's CPU time, threads included (clock_getcpuclockid)."""
    return (~pid << 3) | 2


def cpu_seconds(pid: int) -> float:
    try:
        return time.clock_gettime(clock_of(pid))
    except OSError:
        return 0.0


def reap(pid: int) -> tuple[int, float]:
    """Ends the process if it has not ended; its wait status and its CPU seconds."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    _, status, usage = os.wait4(pid, 0)
    return status, usage.ru_utime + usage.ru_stime


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", "rb") as file:
        return [int(child) for child in file.read().split()]


def processes() -> list[int]:
    """All but this one: a candidate can start one from any thread, and have it lose its parent, but not hide it."""
    own = os.getpid()
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != own]


def cpu_of_ended_children(pid: int) -> float:
    """CPU seconds of the children that the process has waited for; in steps of the kernel's tick."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        return (int(fields[13]) + int(fields[14])) / _TICKS_PER_S
    except (OSError, IndexError):
        return 0.0


def others(spared: int = 0) -> list[int]:
    """Our children but one. What has been forked in this container ends up here, and stays until it is waited for."""
    try:
        found = children_of(os.getpid())
    except OSError:
        found = processes()
    return [pid for pid in found if pid != spared]


def sweep_processes() -> bool:
    """Kills and reaps all that is left. False where something outlives it: then the container must go."""
    for _ in range(_ROUNDS):
        _kill_all()
        if not _reap_all():
            return True
    return False


def _kill_all() -> None:
    """A container's first process kills all others at once: one by one, what forks without end gets away.

    Anywhere else that would be every process of the machine.
    """
    try:
        if os.getpid() == 1:
            os.kill(-1, signal.SIGKILL)
            return
        for pid in others():
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _reap_all() -> bool:
    """Whether some are left: as long as there is any process, its last ancestor is a child of the first one."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return False
    time.sleep(0.001)
    return True


def sweep_files(uid: int) -> bool:
    """Empties the only place where a candidate can write. The runner may not look into another uid's folders."""
    try:
        if not os.listdir(_SCRATCH):
            return True
        pid = fork()
        if pid == 0:
            _remove_as(uid)
        os.waitpid(pid, 0)
        return not os.listdir(_SCRATCH)
    except OSError:
        return False


def _remove_as(uid: int) -> NoReturn:
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        for name in os.listdir(_SCRATCH):
            _remove(f"{_SCRATCH}/{name}")
    finally:
        os._exit(0)


def _remove(path: str) -> None:
    if not stat.S_ISDIR(os.lstat(path).st_mode):
        os.unlink(path)
        return
    os.chmod(path, 0o700)
    for name in os.listdir(path):
        _remove(f"{path}/{name}")
    os.rmdir(path)
