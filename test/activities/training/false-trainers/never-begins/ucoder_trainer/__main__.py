"""A trainer that lives and never takes its folder, as one does while it loads its libraries."""

import sys
import time
from pathlib import Path

(Path(sys.argv[1]) / "lives").touch()
time.sleep(600)
