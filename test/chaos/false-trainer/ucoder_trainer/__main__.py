"""A trainer of a second: its weights are a function of the dataset, and it fails as it is told."""

import fcntl
import hashlib
import json
import os
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
plan = Path(os.environ["FALSE_TRAINER_PLAN"])


def write(path: Path, value: object) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(value))
    temporary.replace(path)


def outcome(state: str, code: str | None = None, message: str | None = None) -> None:
    examples = len((folder / "train.jsonl").read_text().splitlines())
    numbers = {"loss": 0.5, "steps": 3, "examples": examples, "skipped": 0, "microBatchSize": 1, "seconds": 1}
    write(folder / "outcome.json", {"state": state, "code": code, "message": message, **numbers})


def next_fault() -> str:
    """The first line of the plan, taken off it."""
    if not plan.exists():
        return ""
    lines = plan.read_text().splitlines()
    plan.write_text("".join(f"{line}\n" for line in lines[1:]))
    return lines[0] if lines else ""


lock = (folder / "lock").open("w")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit(75)
stat = Path("/proc/self/stat").read_text().rsplit(") ", 1)[1].split()
boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
write(folder / "process.json", {"pid": os.getpid(), "startTime": int(stat[19]), "bootId": boot})
fault = next_fault()
if fault == "vanish":
    sys.exit(0)
if fault == "hang":
    time.sleep(3600)
while fault == "waits" and plan.exists():
    time.sleep(0.05)
if fault == "out-of-memory":
    outcome("failed", "training-out-of-memory", "One example does not fit into the memory")
    sys.exit(1)
if fault == "diverges":
    outcome("failed", "training-failed", "The loss is not a number")
    sys.exit(1)
for step in (1, 2, 3):
    time.sleep(0.2)
    with (folder / "progress.jsonl").open("a") as progress:
        line = {"step": step, "total": 3, "loss": 1 / step, "epoch": step, "seconds": step * 0.2}
        progress.write(json.dumps(line) + "\n")
    if fault == "dies":
        os._exit(9)
checkpoint = folder / "checkpoint"
(checkpoint / "adapter").mkdir(parents=True, exist_ok=True)
for name in ("config.json", "tokenizer_config.json", "adapter/adapter_config.json"):
    (checkpoint / name).write_text("{}")
header = json.dumps({"w": {"dtype": "F32", "shape": [8], "data_offsets": [0, 32]}}).encode()
weights = hashlib.sha256((folder / "train.jsonl").read_bytes()).digest()
for name in ("model.safetensors", "adapter/adapter_model.safetensors"):
    (checkpoint / name).write_bytes(len(header).to_bytes(8, "little") + header + weights)
if fault == "no-checkpoint":
    (checkpoint / "model.safetensors").unlink()
outcome("completed")
