"""The files of a job. Whoever reads them finds each one whole or not at all."""

import fcntl
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from .errors import Code


class JobFolder:
    """Names and atomic writes; the lock says which process owns the folder."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.spec = self.path / "job.json"
        self.progress = self.path / "progress.jsonl"
        self.outcome = self.path / "outcome.json"
        self.process = self.path / "process.json"
        self.state = self.path / "state"
        self.checkpoint = self.path / "checkpoint"

    def lock(self) -> IO[str] | None:
        """The folder's lock, or None where another process holds it. The kernel frees it at any death."""
        handle = (self.path / "lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return None
        return handle

    def write_process(self) -> None:
        """Tells who works here. A start time beside the id tells a reused id from ours."""
        self._write_json(self.process, {"pid": os.getpid(), "startTime": _start_time(), "bootId": _boot_id()})

    def write_outcome(
        self,
        state: str,
        *,
        code: Code | None = None,
        message: str | None = None,
        loss: float | None = None,
        steps: int = 0,
        examples: int = 0,
        skipped: int = 0,
        micro_batch_size: int = 0,
        seconds: float = 0.0,
    ) -> None:
        self._write_json(
            self.outcome,
            {
                "state": state,
                "code": code,
                "message": message,
                "loss": loss,
                "steps": steps,
                "examples": examples,
                "skipped": skipped,
                "microBatchSize": micro_batch_size,
                "seconds": round(seconds, 3),
            },
        )

    def append_progress(self, line: Mapping[str, object]) -> None:
        """One write a line, so that a reader never sees half of one that is not the last."""
        with self.progress.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _write_json(self, path: Path, value: Mapping[str, object]) -> None:
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def _start_time() -> int | None:
    """Clock ticks after boot, the 22nd field of /proc/self/stat; None where there is no /proc."""
    try:
        stat = Path("/proc/self/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    return int(re.sub(r"^.*\) ", "", stat, flags=re.DOTALL).split()[19])


def _boot_id() -> str | None:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return None
