"""python -m ucoder_trainer <job folder>."""

import os
import sys
from pathlib import Path

from .job_folder import JobFolder

ALREADY_RUNNING_EXIT = 75
USAGE_EXIT = 2

# Read when torch and the tokenizers are loaded. Threads that spin while they wait for one another make a step
# ten times as long on a machine where anything else runs (measured on two cores: 25 s against more than 270).
_SETTINGS = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m ucoder_trainer <job folder>", file=sys.stderr)
        return USAGE_EXIT
    folder = JobFolder(Path(arguments[0]))
    lock = folder.lock()
    if lock is None:
        print(f"Another process works in {folder.path}.", file=sys.stderr)
        return ALREADY_RUNNING_EXIT
    with lock:
        folder.write_process()
        if folder.outcome.exists():
            return 0
        os.environ.update(_SETTINGS)
        # After the lock: these imports take seconds, in which a second process must find the folder taken.
        from .job import run_job
        from .progress import Interruption

        interruption = Interruption()
        interruption.install()
        return run_job(folder, interruption)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
