"""A zygote and its workers played by a test, so that the driver's loop meets what happens in an order of our choice."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bancada.executors._claims import Claims
from bancada.executors._dispatch import Dispatcher
from bancada.executors._frames import READ_BYTES, Frame, Inbox, Kind, pack, unpack_job
from bancada.executors._host import ZygoteLink
from bancada.executors._seat import Job
from bancada.executors._worker import Contract

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Puppet", "Stage"]

PATIENCE_S = 10.0


@dataclass(eq=False)
class Puppet:
    """A worker that does what the test says."""

    number: int
    stream: socket.socket
    claims: Claims
    pipe: int
    inbox: Inbox = field(default_factory=Inbox)
    waiting: list[Frame] = field(default_factory=list)

    def hear(self) -> Frame:
        """Wait for the driver's next frame."""
        while not self.waiting:
            self.waiting += self.inbox.feed(self.stream.recv(READ_BYTES))
        return self.waiting.pop(0)

    def job(self) -> bytes:
        """Take the next job that nobody has taken back, and return its body."""
        while True:
            number, body = unpack_job(self.hear().body)
            if self.claims.claim(number):
                return body

    def say(self, *kinds: Kind, body: bytes = b"") -> None:
        """Send frames in one go."""
        self.stream.sendall(b"".join(pack(kind, body) for kind in kinds))


class Stage:
    """A dispatcher whose zygote and workers are puppets.

    Args:
        workers: How many workers it wants.
        pid: What the zygote gives as the pid of each worker; None says nothing of it.
    """

    def __init__(self, workers: int, pid: int | None = None) -> None:
        self.control, ours = socket.socketpair()
        self.control.settimeout(PATIENCE_S)
        self.pid = pid
        self.inbox = Inbox()
        self.orders: list[Frame] = []
        self.dispatcher = Dispatcher(ZygoteLink(ours), Contract("m:f", 1, None), workers, b"")
        self.descriptors: list[int] = []
        self.puppets: list[Puppet] = []

    def submit(self, body: bytes, timeout_s: float | None = None) -> Future[bytes]:
        """Submit a job."""
        return self.dispatcher.submit(Job(body, timeout_s))

    def order(self) -> Frame:
        """Wait for the driver's next order to the zygote."""
        while not self.orders:
            piece, descriptors, _, _ = socket.recv_fds(self.control, READ_BYTES, 64)
            self.descriptors += descriptors
            self.orders += self.inbox.feed(piece)
        return self.orders.pop(0)

    def worker(self, *, ready: bool = True) -> Puppet:
        """Wait until a worker is asked for, and be it."""
        frame = self.order()
        assert frame.kind is Kind.SPAWN, frame
        number = json.loads(frame.body)["number"]
        stream = socket.socket(fileno=self.descriptors.pop(0))
        stream.settimeout(PATIENCE_S)
        puppet = Puppet(number, stream, Claims(self.descriptors.pop(0)), self.descriptors.pop(0))
        self.puppets.append(puppet)
        if self.pid is not None:
            self.tell(Kind.SPAWNED, puppet, self.pid)
        assert puppet.hear().kind is Kind.SESSION
        if ready:
            puppet.say(Kind.READY)
        return puppet

    def dies(self, puppet: Puppet, status: int = 9) -> None:
        """Close a worker's connection, and have the zygote report its death."""
        self.puppets.remove(puppet)
        puppet.stream.close()
        puppet.claims.close()
        os.close(puppet.pipe)
        self.tell(Kind.EXITED, puppet, status)

    def tell(self, kind: Kind, puppet: Puppet, value: int) -> None:
        """Say something as the zygote."""
        self.control.sendall(pack(kind, json.dumps([puppet.number, value]).encode()))

    def close(self) -> None:
        """End the play."""
        self.control.close()
        self.dispatcher.close(cancel=True)
        for puppet in self.puppets:
            puppet.stream.close()
            puppet.claims.close()
            os.close(puppet.pipe)
        for descriptor in self.descriptors:
            os.close(descriptor)
