"""Parts of the standard library that are loaded once, so that a candidate's import costs microseconds."""

import gc
import importlib
from typing import Final

PRELOADED: Final = (
    "abc", "argparse", "array", "base64", "bisect", "calendar", "cmath", "collections.abc", "contextlib", "copy", "csv",
    "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq",
    "html", "inspect", "io", "itertools", "json", "logging", "math", "numbers", "operator", "pathlib", "pprint",
    "queue", "random", "re", "secrets", "statistics", "string", "struct", "subprocess", "tempfile", "textwrap",
    "threading", "time", "timeit", "traceback", "types", "typing", "unicodedata", "unittest", "urllib.parse", "uuid",
    "warnings", "weakref", "zlib", "asyncio",
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
