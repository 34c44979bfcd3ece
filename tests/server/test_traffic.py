import pytest
from tests.conftest import Connect, StartServer
from tests.support.client import client_frame, meet, until

from duologue.server import Server
from duologue.server.traffic import Histogram, Traffic
from duologue.wire.frames import Opcode


def test_a_duration_is_counted_within_every_bound_that_it_keeps() -> None:
    histogram = Histogram((0.1, 0.5, 1.0))
    for duration_s in (0.05, 0.1, 0.2, 0.9, 7.0):
        histogram.observe(duration_s)
    assert list(histogram) == [(0.1, 2), (0.5, 3), (1.0, 4), (float("inf"), 5)]
    assert histogram.sum_s == pytest.approx(8.25)


def test_a_batch_is_measured_once_from_its_beginning() -> None:
    traffic = Traffic()
    traffic.end_batch(5.0)
    traffic.began_at = 6.0
    traffic.end_batch(6.3)
    traffic.end_batch(9.0)
    assert [count for _, count in traffic.turnaround][-1] == 1
    assert traffic.turnaround.sum_s == pytest.approx(0.3)


async def test_messages_and_bytes_are_counted_both_ways(
    server: Server, connect: Connect
) -> None:
    traffic = server._listener.traffic
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    before = (traffic.messages_received, traffic.bytes_received)
    sent_before = (traffic.frames_sent, traffic.bytes_sent)
    text = '{"type":"chat","content":"héé"}'
    await alice.says(text, text)
    said = [await bob.hears_frame() for _ in range(2)]
    size = len(text.encode())
    assert (traffic.messages_received, traffic.bytes_received) == (
        before[0] + 2,
        before[1] + 2 * size,
    )
    assert (traffic.frames_sent, traffic.bytes_sent) == (
        sent_before[0] + 2,
        sent_before[1] + sum(2 + len(frame.payload) for frame in said),
    )


async def test_a_message_in_fragments_is_one_message(server: Server, connect: Connect) -> None:
    traffic = server._listener.traffic
    alice = await connect()
    await alice.hears()
    text = b'{"type":"typing"}'
    alice.writer.write(client_frame(Opcode.TEXT, text[:5], fin=False))
    alice.writer.write(client_frame(Opcode.CONTINUATION, text[5:]))
    assert (await alice.hears())["code"] == "not_in_room"
    assert (traffic.messages_received, traffic.bytes_received) == (1, len(text))


async def test_every_batch_has_its_turnaround(server: Server, connect: Connect) -> None:
    traffic = server._listener.traffic
    alice = await connect()
    await alice.hears()
    for _ in range(3):
        await alice.says({"type": "typing"})
        await alice.hears()
    assert [count for _, count in traffic.turnaround][-1] == 3
    assert 0 < traffic.turnaround.sum_s < 60


async def test_how_late_the_loop_is_is_seen_at_every_tick(start_server: StartServer) -> None:
    server = await start_server(heartbeat_s=0.2)
    await until(lambda: [count for _, count in server.lag][-1] > 5)
    assert server.lag.sum_s >= 0
