"""A trainer that lies, for a test."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
outcome = {
    "state": "completed",
    "code": None,
    "message": None,
    "loss": 0.1,
    "steps": 1,
    "examples": 1,
}
# Whole at once: half a file would be read as a broken one, which is not what is tested.
part = folder / "outcome.part"
part.write_text(json.dumps({**outcome, "skipped": 0, "microBatchSize": 1, "seconds": 1}))
part.replace(folder / "outcome.json")
