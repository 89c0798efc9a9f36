"""A trainer whose disk is full until there is a file `space`, for a test."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
has_space = (folder / "space").exists()
outcome = {
    "state": "completed" if has_space else "failed",
    "code": None if has_space else "disk-full",
    "message": None if has_space else "No space is left on the disk",
    "loss": 0.1,
    "steps": 1,
    "examples": 1,
}
# Whole at once: half a file would be read as a broken one, which is not what is tested.
part = folder / "outcome.part"
part.write_text(json.dumps({**outcome, "skipped": 0, "microBatchSize": 1, "seconds": 1}))
part.replace(folder / "outcome.json")
