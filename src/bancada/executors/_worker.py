"""A worker: one function, made once, that answers one job after another."""

from __future__ import annotations

import importlib
import os
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bancada.exceptions import DefinitionError
from bancada.executors._child import Output, die_with_parent, prefer_as_victim, separate
from bancada.executors._cores import thread_environment
from bancada.executors._errors import pack_error
from bancada.executors._frames import Channel, Kind, pack, unpack_job

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from typing import NoReturn

    import threadpoolctl

    from bancada.executors._claims import Claims

__all__ = ["Contract", "LastAnswer", "check_target", "load_factory", "run_worker"]


class LastAnswer(bytes):
    """An answer after which the worker is replaced: what its job has changed in the process cannot be put back."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What every worker of an executor is told.

    Args:
        target: `module:qualname` of the factory.
        threads: How many threads the pools of numerical libraries may use in each worker.
        log: Where output goes; None sends its end along with each answer.
    """

    target: str
    threads: int
    log: str | None


def check_target(target: str) -> None:
    """Raise `DefinitionError` unless `target` has the form `module:qualname`."""
    module, colon, name = target.partition(":")
    if not (module and colon and name):
        raise DefinitionError(
            "A target is written `module:qualname`.", f"It is {target!r}.", "Name a module and a function in it."
        )


def load_factory(target: str) -> Callable[[bytes], Callable[[bytes], bytes]]:
    """Import the factory that `module:qualname` names.

    Raises:
        ImportError: The module cannot be imported.
        AttributeError: The module has no such name.
    """
    module, _, name = target.partition(":")
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    factory: Callable[[bytes], Callable[[bytes], bytes]] = found
    return factory


def run_worker(
    stream: socket.socket,
    claims: Claims,
    contract: Contract,
    pools: threadpoolctl.ThreadpoolController,
    zygote: int,
    pipe: int,
    mark: bytes,
) -> NoReturn:
    """Be a worker until the driver closes the connection; the calling process is a fresh fork of the zygote.

    Args:
        stream: The connection to the driver.
        claims: Where this worker takes jobs from.
        contract: What it is told.
        pools: The thread pools of numerical libraries.
        zygote: The pid of the parent.
        pipe: Descriptor of the pipe that takes its output where the contract names no file.
        mark: What ends the output of a job there.
    """
    code = 1
    try:
        separate()
        die_with_parent(zygote)
        prefer_as_victim()
        output = Output(None if contract.log is None else Path(contract.log), pipe, mark)
        os.environ.update(thread_environment(contract.threads))
        pools.limit(limits=contract.threads)
        _work(Channel(stream), claims, contract, output)
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may leave a fork through the frames of its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _work(channel: Channel, claims: Claims, contract: Contract, output: Output) -> None:
    """Make the function, then answer jobs."""
    session = channel.receive()
    if session is None:
        return
    function: Callable[[bytes], bytes] | None = None
    pid = os.getpid()
    try:
        function = load_factory(contract.target)(session.body)
        answer = pack(Kind.READY)
    except BaseException as error:  # noqa: BLE001 - it is told to the driver
        answer = pack(Kind.FAULT, pack_error(error))
    _leave_if_forked(pid)
    output.end()
    channel.send(answer)
    while function is not None and (job := channel.receive()) is not None:
        number, body = unpack_job(job.body)
        if not claims.claim(number):
            continue
        channel.send(pack(Kind.STARTED))
        answer = _answer(function, body)
        _leave_if_forked(pid)
        output.end()
        channel.send(answer)
        if answer[0] == Kind.LAST:
            return


def _answer(function: Callable[[bytes], bytes], job: bytes) -> bytes:
    """Run one job and return the frame that tells what came of it."""
    try:
        result: object = function(job)
        if isinstance(result, LastAnswer):
            return pack(Kind.LAST, result)
        if isinstance(result, bytes):
            return pack(Kind.RESULT, result)
        raise TypeError(f"A job returns bytes. This one returned {type(result).__name__}.")  # noqa: TRY301 - told like any error of the job
    except BaseException as error:  # noqa: BLE001 - `sys.exit` in a job must not end the worker, nor the driver
        return pack(Kind.RAISED, pack_error(error))


def _leave_if_forked(pid: int) -> None:
    """End a child that a job forked and that came back through the job: it must not speak in the worker's name."""
    if os.getpid() != pid:
        os._exit(0)
