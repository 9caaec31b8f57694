"""Predictions from a running script to the process that runs it: one hands over, the other checks and answers."""

from __future__ import annotations

import secrets
import threading
from multiprocessing.connection import Client, Connection, Listener
from typing import TYPE_CHECKING, Any, Self

import msgspec
import pyarrow as pa

from bancada import exceptions
from bancada.datasets import Received
from bancada.exceptions import BancadaError, StoreError
from bancada.provenance import mask_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine._commanded import Commanded

__all__ = ["Answered", "Counter", "hand_over"]


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """What comes before the table: under which name, for which problem, and how the table was read."""

    name: str | None
    problem: str | None
    source: str
    is_text: bool
    separator: str


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What comes back: the run as `bancada.run/1` and warnings, or the three sentences of an error and its class."""

    document: dict[str, Any] = {}
    warnings: tuple[str, ...] = ()
    error: tuple[str, str, str, str] | None = None


class Counter:
    """Where a command's processes hand predictions over; a thread of its own serves them one after another.

    Args:
        take: Checks and keeps what was handed over.
    """

    def __init__(self, take: Callable[[Received, str | None, str | None], Answered]) -> None:
        self._take = take
        self._key = secrets.token_bytes(32)
        self._listener = self._open()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._closed = False

    @property
    def address(self) -> str | tuple[str, int]:
        """Path of the socket; host and port where no path can be one."""
        address: str | tuple[str, int] = self._listener.address
        return address

    @property
    def key(self) -> str:
        """Who knows it may hand over, hexadecimal."""
        return self._key.hex()

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End serving, when what is under way is answered."""
        self._closed = True
        try:
            # A visitor of our own wakes the thread up.
            Client(self._listener.address, authkey=self._key).close()
        except (OSError, EOFError):
            pass
        else:
            self._thread.join()
        self._listener.close()

    def _open(self) -> Listener:
        try:
            return Listener(authkey=self._key)
        except OSError:  # the path of a socket is longer than systems allow
            return Listener(("127.0.0.1", 0), authkey=self._key)

    def _serve(self) -> None:
        while not self._closed:
            try:
                with self._listener.accept() as connection:
                    if not self._closed:
                        self._answer(connection)
            except Exception:  # noqa: BLE001, S112 - whoever hung up, or had another key, ends nothing but its own visit
                continue

    def _answer(self, connection: Connection) -> None:
        head = msgspec.json.decode(connection.recv_bytes(), type=Handed)
        table = pa.ipc.open_stream(connection.recv_bytes()).read_all()
        handed = Received(table, head.source, is_text=head.is_text, separator=head.separator)
        try:
            answer = self._take(handed, head.name, head.problem)
        except BancadaError as error:
            answer = Answered(error=(type(error).__name__, error.rule, error.found, error.remedy))
        except Exception as error:  # noqa: BLE001 - the script is told, and the command goes on
            found = mask_secrets(f"{type(error).__name__}: {error}")
            answer = Answered(error=("BancadaError", "Predictions are checked as a whole.", found, "Please report it."))
        connection.send_bytes(msgspec.json.encode(answer))


def hand_over(run: Commanded, found: Received, name: str | None, problem: str | None) -> Answered:
    """Hand predictions to the process that runs this script, and return its answer.

    Args:
        run: The run that this process belongs to.
        found: The predictions.
        name: Name on the board; None for the run's own.
        problem: Name of the problem that is meant; None for the run's own.

    Raises:
        BancadaError: What is wrong with them.
        StoreError: The process that runs this script is gone.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, found.table.schema) as writer:
        writer.write_table(found.table)
    head = Handed(name=name, problem=problem, source=found.name, is_text=found.is_text, separator=found.separator)
    try:
        with Client(run.address, authkey=bytes.fromhex(run.key)) as connection:
            connection.send_bytes(msgspec.json.encode(head))
            connection.send_bytes(sink.getvalue().to_pybytes())
            answer = msgspec.json.decode(connection.recv_bytes(), type=Answered)
    except (OSError, EOFError, ValueError) as error:
        raise StoreError(
            "Predictions are handed to the `bancada exec` that runs the script.",
            f"It does not answer: {error}.",
            "Write them to a file, and submit that with `bancada submit FILE --as NAME`.",
        ) from error
    if answer.error is not None:
        kind, *sentences = answer.error
        raise getattr(exceptions, kind, BancadaError)(*sentences)
    return answer
