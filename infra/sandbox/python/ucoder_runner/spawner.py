"""The process that forks candidates, and does nothing else.

After a fork both sides pay for each page that they write to. A process that waits, forks and waits again writes to
few, and the supervisor, which did the forking, no longer pays at all. Its children are the supervisor's own: it
watches, ends and waits for them. Both have the same descriptors, so that pipes need not be handed over.
"""

import errno
import marshal
import os
import select
import signal
from _signal import SIG_DFL  # raw, without the library's search for names: that is slow in a fresh child
from _signal import signal as set_signal
from typing import Final, NoReturn

from . import wire
from .birth import Birth, begin
from .calls import Calls
from .confine import limit_for_all, own_address_space
from .fork import fork, fork_sharing_descriptors, fork_sibling, reseed
from .session import OwnFaultError

_PID_BYTES: Final = 4
_LOOK_MS: Final = 1000
# What the spawner answers where the kernel has no forks of siblings: then we fork.
_UNABLE: Final = 0


class Spawner:
    """The supervisor's side. Restarted for each problem's calls, which children inherit."""

    def __init__(self) -> None:
        self.pid = 0
        self._calls: Calls | None = None
        # None: not tried yet.
        self._is_able: bool | None = None
        self._orders = self._births = (-1, -1)

    def start(self, calls: Calls) -> None:
        self.stop()
        self._calls = calls
        if self._is_able is False:
            return
        self._orders, self._births = os.pipe(), os.pipe()
        self.pid = fork_sharing_descriptors()
        if self.pid == 0:
            _serve(self._orders[0], self._births[1], calls)
        if self._is_able is None:
            self._is_able = self._bears_siblings()
            if not self._is_able:
                self.stop()
                _reap_all()

    def start_again(self) -> None:
        """After it has perhaps been killed."""
        if self._calls is not None:
            self.start(self._calls)

    def stop(self) -> None:
        if self.pid == 0:
            return
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # whoever swept has waited for it
        self.pid = 0
        for descriptor in (*self._orders, *self._births):
            os.close(descriptor)

    def spawn(self, birth: Birth) -> int:
        """The child's process id. Thrown: OwnFaultError."""
        order = marshal.dumps(tuple(birth))
        if self.pid != 0:
            wire.write_all(self._orders[1], wire.LENGTH.pack(len(order)) + order)
            return self._answer()
        calls = self._calls
        if calls is None:
            raise OwnFaultError("a run came before its calls")
        pid = fork()
        if pid == 0:
            _prepare_to_fork()
            begin(order, own_address_space(), calls)
        return pid

    def _bears_siblings(self) -> bool:
        """Some kernels refuse such forks; gVisor takes them for common ones, and the child is not ours to wait for."""
        wire.write_all(self._orders[1], wire.LENGTH.pack(0))
        pid = self._answer()
        if pid == _UNABLE:
            return False
        try:
            return os.waitpid(pid, 0)[0] == pid
        except ChildProcessError:
            return False

    def _answer(self) -> int:
        poller = select.poll()
        poller.register(self._births[0], select.POLLIN)
        while not poller.poll(_LOOK_MS):
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                raise OwnFaultError("the process that forks candidates has ended")
        return int.from_bytes(os.read(self._births[0], _PID_BYTES), "big")


def _reap_all() -> None:
    """What the spawner that has ended leaves to us as the first process."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def _prepare_to_fork() -> None:
    set_signal(signal.SIGTERM, SIG_DFL)
    limit_for_all()


def _serve(orders: int, births: int, calls: Calls) -> NoReturn:
    read, write, bytes_of_length = os.read, os.write, wire.LENGTH.size
    try:
        _prepare_to_fork()
        base = own_address_space()
        while True:
            order = read(orders, 1 << 16)
            while len(order) < bytes_of_length or len(order) < bytes_of_length + wire.LENGTH.unpack_from(order)[0]:
                order += read(orders, 1 << 16)
            reseed()
            try:
                pid = fork_sibling()
            except OSError as problem:
                if problem.errno not in (errno.EINVAL, errno.ENOSYS):
                    raise
                pid = _UNABLE
                write(births, pid.to_bytes(_PID_BYTES, "big"))
                continue
            if pid == 0 and len(order) == bytes_of_length:
                os._exit(0)
            if pid == 0:
                begin(order[bytes_of_length:], base, calls)
            write(births, pid.to_bytes(_PID_BYTES, "big"))
    finally:
        os._exit(1)
