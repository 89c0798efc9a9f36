"""Entry point of the container: PID 1, uid 0, with the capabilities SETUID, SETGID and KILL only."""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)

from ucoder_runner.streams import renew_streams  # noqa: E402  the path above makes it importable

renew_streams()

from ucoder_runner.runner import Runner  # noqa: E402  after the streams, which it captures

# What candidates import must be the standard library, never a module of ours.
sys.path.remove(HERE)

if __name__ == "__main__":
    Runner().serve()
