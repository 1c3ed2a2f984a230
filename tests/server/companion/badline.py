"""A bad line on loopback: slow, far, cut, cut into slices, and now and then silent (R9).

Bytes are passed on as they are; only when, and whether at all, is decided here. `times` makes everything that much
quicker: latency and waits shorter, the rate higher, all by one factor, so that a small test meets the same line.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.support.waiting import pause

SLICE = 1400


@dataclass
class _Sent:
    """What went up on one connection since something last came down, in bytes."""

    unanswered: int = 0


@dataclass
class BadLine:
    """`rate` bytes a second each way for all connections together, `latency` ± `jitter` seconds on what comes back.

    Of every `stretch` bytes sent up, `cut` are cut off by a reset somewhere in it; `silent` of the connections take
    what they are sent and pass nothing on. `unanswered`: of each connection that ended, the bytes sent up since the
    last answer, whoever ended it.
    """

    host: str
    port: int
    times: float = 1.0
    rate: float = 20_000.0
    latency: float = 2.0
    jitter: float = 1.0
    cut: float = 0.3
    stretch: int = 256 * 1024
    silent: float = 0.03
    dice: random.Random = field(default_factory=lambda: random.Random(9))
    bad: bool = False
    up: int = 0
    resets: int = 0
    silences: int = 0
    connections: int = 0
    unanswered: list[int] = field(default_factory=list)
    _free: dict[str, float] = field(default_factory=dict)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the phone's."""
        self.connections += 1
        self._writers.add(writer)
        sent = _Sent()
        try:
            await self._served(reader, writer, sent)
        finally:
            self.unanswered.append(sent.unanswered)

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: _Sent) -> None:
        if self.bad and self.dice.random() < self.silent:
            self.silences += 1
            await self._nothing(reader, sent)
            return
        try:
            house, to_house = await asyncio.open_connection(self.host, self.port)
        except OSError:
            _reset(writer)
            return
        self._writers.add(to_house)
        both = [
            asyncio.create_task(self._up(reader, to_house, writer, sent)),
            asyncio.create_task(self._down(house, writer, sent)),
        ]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        for one in (writer, to_house):
            self._writers.discard(one)
            one.close()

    async def _nothing(self, reader: asyncio.StreamReader, sent: _Sent) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(SLICE):
                await self._paced("up", len(piece))
                self.up += len(piece)
                sent.unanswered += len(piece)

    async def _up(
        self,
        reader: asyncio.StreamReader,
        to_house: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
        sent: _Sent,
    ) -> None:
        passed, ends = 0, self._next_cut(0)
        with suppress(ConnectionError):
            while piece := await reader.read(self.dice.randint(100, SLICE) if self.bad else 65536):
                if self.bad:
                    await self._paced("up", len(piece))
                    self.up += len(piece)
                    sent.unanswered += len(piece)
                    passed += len(piece)
                    if passed > ends:
                        self.resets += 1
                        _reset(writer)
                        _reset(to_house)
                        return
                    if passed // self.stretch != (passed - len(piece)) // self.stretch:
                        ends = self._next_cut(passed)
                to_house.write(piece)
                await to_house.drain()

    def _next_cut(self, passed: int) -> float:
        """Where in the stretch that begins here the connection is cut, if it is.

        However the dice fall, the line is cut once when a first stretch has gone up: a short run sees a cut too.
        """
        if self.cut and not self.resets and self.up >= self.stretch:
            return passed + self.stretch / 16
        if self.dice.random() >= self.cut:
            return float("inf")
        return passed + self.dice.random() * self.stretch

    async def _down(self, house: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: _Sent) -> None:
        with suppress(ConnectionError):
            while piece := await house.read(SLICE if self.bad else 65536):
                if self.bad:
                    wait = self.latency + self.dice.uniform(-self.jitter, self.jitter)
                    await pause(wait / self.times)
                    piece += await _at_hand(house)
                    await self._paced("down", len(piece))
                writer.write(piece)
                await writer.drain()
                sent.unanswered = 0

    async def _paced(self, way: str, size: int) -> None:
        """Wait for one's place in the line that all connections share."""
        loop = asyncio.get_running_loop()
        begins = max(loop.time(), self._free.get(way, 0.0))
        self._free[way] = begins + size / (self.rate * self.times)
        await pause(self._free[way] - loop.time())

    def close(self) -> None:
        for one in self._writers:
            one.close()


async def _at_hand(reader: asyncio.StreamReader) -> bytes:
    """What came meanwhile: latency delays it once, not piece by piece."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.001):
            return await reader.read(65536)
    return b""


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of a good-bye."""
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
    writer.transport.abort()


@asynccontextmanager
async def badline(host: str, port: int, **how: float) -> AsyncIterator[tuple[BadLine, str]]:
    """The line and its address on this side. Good until `bad` is set."""
    line = BadLine(host, port, **how)  # type: ignore[arg-type]
    taking = socket.socket()
    taking.setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024
    )  # what waits is on the phone, not in here
    taking.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(line.take, sock=taking, limit=16 * 1024)
    try:
        yield line, f"http://127.0.0.1:{taking.getsockname()[1]}/"
    finally:
        server.close()
        line.close()
        await pause(0.05)
