"""A trainer that lies, for a test."""

import json
import os
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
stat = Path("/proc/self/stat").read_text().rsplit(") ", 1)[1].split()
boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
# Whole at once: half a file would be read as a broken one, which is not what is tested.
part = folder / "process.part"
part.write_text(json.dumps({"pid": os.getpid(), "startTime": int(stat[19]), "bootId": boot}))
part.replace(folder / "process.json")


time.sleep(0.5)
os._exit(9)
