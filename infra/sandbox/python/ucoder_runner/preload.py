"""Parts of the standard library that are loaded once, so that a candidate's import costs microseconds.

Only those that candidates often use: what is loaded here is copied, in part, into each candidate's process.
"""

import gc
import importlib
from typing import Final

PRELOADED: Final = (
    "abc", "array", "bisect", "cmath", "collections.abc", "contextlib", "copy", "dataclasses", "datetime", "decimal",
    "enum", "fractions", "functools", "heapq", "io", "itertools", "json", "math", "numbers", "operator", "queue",
    "random", "re", "statistics", "string", "struct", "textwrap", "threading", "time", "traceback", "types", "typing",
    "unicodedata", "warnings", "weakref",
)  # fmt: skip


def preload() -> None:
    """Then takes all that exists out of the garbage collector's sight: forks stay small."""
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except ImportError:  # a Debian without that part of the library
            continue
    gc.collect()
    gc.freeze()
