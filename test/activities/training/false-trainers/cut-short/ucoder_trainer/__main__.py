"""A trainer whose disk was full, for a test."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
checkpoint = folder / "checkpoint"
(checkpoint / "adapter").mkdir(parents=True, exist_ok=True)
for name in ("config.json", "tokenizer_config.json", "adapter/adapter_config.json"):
    (checkpoint / name).write_text("{}")
header = json.dumps(
    {"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}
).encode()
(checkpoint / "model.safetensors").write_bytes(
    len(header).to_bytes(8, "little") + header + bytes(8)
)
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
