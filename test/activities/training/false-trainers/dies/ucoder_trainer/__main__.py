"""A trainer that lies, for a test."""

import json
import os
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
stat = Path("/proc/self/stat").read_text().rsplit(") ", 1)[1].split()
boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
(folder / "process.json").write_text(
    json.dumps({"pid": os.getpid(), "startTime": int(stat[19]), "bootId": boot})
)


time.sleep(0.5)
os._exit(9)
