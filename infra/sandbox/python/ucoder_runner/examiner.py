"""The process of a test that runs beside the candidate, under another uid: the only place that sees its asserts."""

import builtins
import importlib
import os
import sys
from types import ModuleType
from typing import Any, Final, NoReturn

from . import wire
from .candidate import outcome_of
from .confine import CHANNEL
from .literal import dumps
from .remote_client import BrokenCandidateError, Connection, RemoteTooLargeError
from .remote_object import NeedsInsideError

_FAILURES: Final = {
    NeedsInsideError: wire.NEEDS_INSIDE,
    RemoteTooLargeError: wire.TOO_LARGE,
    BrokenCandidateError: wire.EXIT,
}


def examine(program: bytes, as_value: bool, wanted: list[str], shadowing: list[str], modules: list[str]) -> NoReturn:
    """`wanted`: the names that the test uses; the candidate's process may offer no others.

    `shadowing`: built-in names that mean the candidate's function in this test; others keep their meaning.

    `modules`: names of standard modules, which are imported here where the candidate has something of that name.
    """
    connection = Connection(expects_stop=b"StopIteration" in program)
    code = compile(
        program.decode("utf-8", "surrogatepass"), "<test>", "eval" if as_value else "exec", dont_inherit=True
    )
    text = ""

    def run() -> None:
        nonlocal text
        offered = connection.names()
        names = {name: offered[name] for name in wanted if name in offered}
        names.update((name, importlib.import_module(name)) for name in modules if name in names)
        namespace = _namespace(names, shadowing)
        if as_value:
            text = dumps(eval(code, namespace))
        else:
            exec(code, namespace)

    kind = outcome_of(run)
    if kind == wire.PASSED and as_value:
        kind = wire.VALUE
    if connection.failure is not None:
        kind, text = _FAILURES[type(connection.failure)], ""
    if connection.leans:
        wire.send(CHANNEL, wire.LEANS, 0)
    wire.send(CHANNEL, kind, 0, text.encode("utf-8", "surrogatepass"))
    os._exit(0)


def _namespace(names: dict[str, Any], shadowing: list[str]) -> dict[str, Any]:
    """The program's main module, so that classes and dataclasses that the test defines find theirs."""
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    for name, value in names.items():
        if not hasattr(builtins, name) or name in shadowing:
            setattr(module, name, value)
    return module.__dict__
