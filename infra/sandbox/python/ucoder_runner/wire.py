"""Frames between the worker and the runner (JSON), and between the runner and a candidate (binary)."""

import json
import os
import struct
from typing import Any, Final, NamedTuple

# Captured before any candidate runs, so that a candidate that patches `os` breaks only its own answers.
_read = os.read
_write = os.write
_len = len

LENGTH: Final = struct.Struct(">I")
# kind, position of the test, bytes printed in this test, bytes printed in all, length of the payload
HEADER: Final = struct.Struct("<cIIII")
_HEADER_SIZE: Final = HEADER.size
_unpack_from: Final = HEADER.unpack_from

# A candidate's answers, by kind. Everything but VALUE carries no text.
CONFINED = b"B"  # the trusted part of the child has read its source and given up all power; until here faults are ours
COMPILED = b"C"
LOADED = b"L"  # the module's top level has run: CPU time up to here is loading
LOAD_ERROR = b"Z"
LOAD_MEMORY = b"Y"
VALUE = b"V"
OTHER = b"O"  # a value that is no plain data
ASSERTION = b"F"
ERROR = b"E"
EXIT = b"X"
MEMORY = b"M"
TOO_LARGE = b"S"
PASSED = b"K"  # a program ended without an exception
REMOTE = b"Q"  # examiner to candidate: do this
REPLY = b"R"  # candidate to examiner: this came of it
NEEDS_INSIDE = b"P"  # the test cannot be run beside the candidate
DIRTY = b"D"  # threads were left behind: the rest runs in a fresh process
FINISHED = b"W"
HEAVY = b"H"  # the module takes long to load: it is to be loaded once, and forked for each test
LEANS = b"N"  # the verdict that follows rests on what an object of the candidate says of a value it was told
ENDED = b"T"  # with forks: the test's process has ended, with or without an answer

ANSWERS: Final = frozenset((VALUE, OTHER, ASSERTION, ERROR, EXIT, MEMORY, TOO_LARGE, PASSED, LOAD_ERROR, LOAD_MEMORY))
MAX_PAYLOAD: Final = 4 * 1024 * 1024


class Frame(NamedTuple):
    kind: bytes
    index: int
    printed: int
    total: int
    payload: bytes


class BadFrameError(Exception):
    """The bytes are no frame of ours."""


def text_of(payload: bytes) -> str:
    """Thrown: BadFrameError; the bytes are whatever an adversary wrote."""
    try:
        return payload.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise BadFrameError from None


def read_exactly(fd: int, count: int) -> bytes:
    """Unbuffered: not one byte beyond `count` leaves the pipe, because the next reader is another process."""
    parts: list[bytes] = []
    while count > 0:
        part = _read(fd, min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def write_all(fd: int, data: bytes) -> None:
    written = _write(fd, data)
    while written < _len(data):
        data = data[written:]
        written = _write(fd, data)


def read_message(fd: int) -> dict[str, Any]:
    (length,) = LENGTH.unpack(read_exactly(fd, LENGTH.size))
    message: dict[str, Any] = json.loads(read_exactly(fd, length))
    return message


def write_message(fd: int, message: dict[str, Any]) -> None:
    body = json.dumps(message, separators=(",", ":")).encode()
    write_all(fd, LENGTH.pack(len(body)) + body)


def pack(kind: bytes, index: int, payload: bytes = b"", printed: int = 0, total: int = 0) -> bytes:
    return HEADER.pack(kind, index, printed, total, _len(payload)) + payload


def send(fd: int, kind: bytes, index: int, payload: bytes = b"", printed: int = 0, total: int = 0) -> None:
    write_all(fd, pack(kind, index, payload, printed, total))


class FrameReader:
    """Cuts a stream of bytes into frames; what an adversary wrote ends in BadFrameError, never in more memory."""

    def __init__(self) -> None:
        self._buffer = b""
        self._start = 0

    def feed(self, data: bytes) -> None:
        self._buffer = self._buffer[self._start :] + data
        self._start = 0

    def next(self) -> Frame | None:
        buffer, start = self._buffer, self._start
        body = start + _HEADER_SIZE
        if len(buffer) < body:
            return None
        kind, index, printed, total, length = _unpack_from(buffer, start)
        if length > MAX_PAYLOAD:
            raise BadFrameError
        end = body + length
        if len(buffer) < end:
            return None
        self._start = end
        return Frame(kind, index, printed, total, buffer[body:end])

    @property
    def pending(self) -> bool:
        return len(self._buffer) > self._start
