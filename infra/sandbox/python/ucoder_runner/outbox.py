"""Answers on their way to the worker: several in one piece, because on that way each piece costs several processes."""

import json
import select
import time
from typing import Any, Final

from . import wire

# At most half of what the worker lets wait here, so that it sends more while the rest is at work.
_MOST: Final = 4
_LONGEST_S: Final = 0.02


class Outbox:
    """Holds answers back while the next message is there already, for a short time."""

    def __init__(self, descriptor: int, incoming: int) -> None:
        self._descriptor = descriptor
        self._incoming = select.poll()
        self._incoming.register(incoming, select.POLLIN)
        self._held: list[bytes] = []
        self._since = 0.0

    def put(self, message: dict[str, Any]) -> None:
        body = json.dumps(message, separators=(",", ":")).encode()
        if not self._held:
            self._since = time.monotonic()
        self._held.append(wire.LENGTH.pack(len(body)) + body)

    def send_if_due(self) -> None:
        """To be called when nothing is at work."""
        if self._held and (
            len(self._held) >= _MOST or time.monotonic() - self._since > _LONGEST_S or not self._incoming.poll(0)
        ):
            self.send()

    def send(self) -> None:
        if self._held:
            wire.write_all(self._descriptor, b"".join(self._held))
        self._held = []
