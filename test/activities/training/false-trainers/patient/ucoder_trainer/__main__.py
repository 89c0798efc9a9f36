"""A trainer that waits to be told to end, for a test of where it runs."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

folder = Path(sys.argv[1])
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
line = {"step": 1, "total": 2, "loss": 0.5, "epoch": 0.5, "seconds": 1.0}
with (folder / "progress.jsonl").open("a") as progress:
    progress.write(json.dumps(line) + "\n")
told.wait()
(folder / "told.json").write_text(
    json.dumps({"uid": os.getuid(), "network": sorted(os.listdir("/sys/class/net"))})
)
sys.exit(143)
