"""Laws of frames."""

from __future__ import annotations

import socket
import threading

from hypothesis import given
from hypothesis import strategies as st

from bancada.executors._frames import Channel, Frame, Inbox, Kind, pack, pack_job, unpack_job

frames = st.lists(st.builds(Frame, st.sampled_from(Kind), st.binary(max_size=40)), max_size=6)


@given(sent=frames, cut=st.integers(1, 50))
def test_frames_survive_any_cut_of_the_stream(sent: list[Frame], cut: int) -> None:
    stream = b"".join(pack(frame.kind, frame.body) for frame in sent)
    inbox = Inbox()
    got = [frame for start in range(0, len(stream), cut) for frame in inbox.feed(stream[start : start + cut])]
    assert got == sent


@given(number=st.integers(0, 2**64 - 1), body=st.binary())
def test_a_job_keeps_number_and_body(number: int, body: bytes) -> None:
    (frame,) = Inbox().feed(pack_job(number, body))
    assert frame.kind is Kind.JOB
    assert unpack_job(frame.body) == (number, body)


def test_a_channel_gives_frames_in_order_and_then_none() -> None:
    left, right = socket.socketpair()
    with left, right:
        sender = Channel(left)
        body = b"x" * 1_000_000
        thread = threading.Thread(target=sender.send, args=(pack(Kind.JOB, body), pack(Kind.READY)))
        thread.start()
        receiver = Channel(right)
        assert receiver.receive() == Frame(Kind.JOB, body)
        assert receiver.receive() == Frame(Kind.READY, b"")
        thread.join()
        left.close()
        assert receiver.receive() is None
