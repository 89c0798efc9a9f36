"""Intermediate checkpoints. One that a kill interrupted lacks its mark and is never resumed from."""

import re
import shutil
from pathlib import Path

_MARK = "complete"


def _step(path: Path) -> int:
    match = re.fullmatch(r"checkpoint-(\d+)", path.name)
    return int(match.group(1)) if match else -1


def _all(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob("checkpoint-*") if _step(path) >= 0), key=_step)


def newest_complete(folder: Path) -> Path | None:
    complete = [path for path in _all(folder) if (path / _MARK).exists()]
    return complete[-1] if complete else None


def mark_complete(folder: Path, step: int) -> None:
    """Marks the newest, and only then drops the others: there is a whole one at any time."""
    newest = folder / f"checkpoint-{step}"
    (newest / _MARK).touch()
    for path in _all(folder):
        if path != newest:
            shutil.rmtree(path)


def drop_incomplete(folder: Path) -> None:
    for path in _all(folder):
        if not (path / _MARK).exists():
            shutil.rmtree(path)
