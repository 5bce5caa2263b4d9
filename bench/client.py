"""A small HTTP client on plain asyncio streams: it costs little beside the server."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Client:
    """One kept connection with its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    largest: int = 0
    times: list[float] = field(default_factory=list)

    async def open(self) -> None:
        self._in, self._out = await asyncio.open_connection("127.0.0.1", self.port)

    async def get(self, path: str) -> Reply:
        return await self._ask("GET", path, b"", {})

    async def post(self, path: str, fields: list[tuple[str, str]], **headers: str) -> Reply:
        body = urlencode(fields).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._ask("POST", path, body, kind | headers)

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: text/html"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        started = time.perf_counter()
        self._out.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        reply = await self._read()
        self.times.append(time.perf_counter() - started)
        self.requests += 1
        self.largest = max(self.largest, len(reply.body))
        if reply.status >= 500:
            raise RuntimeError(f"{method} {path} answered {reply.status}")
        return reply

    async def _read(self) -> Reply:
        head = (await self._in.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _colon, value = line.partition(": ")
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
            else:
                headers[name.lower()] = value
        if headers.get("transfer-encoding") == "chunked":
            body = await self._chunks()
        else:
            body = await self._in.readexactly(int(headers.get("content-length", 0)))
        reply = Reply(int(head[0].split()[1]), headers, body)
        if headers.get("connection", "").lower() == "close":
            self._out.close()
            await self.open()
        return reply

    async def _chunks(self) -> bytes:
        parts = []
        while size := int((await self._in.readline()).strip() or b"0", 16):
            parts.append(await self._in.readexactly(size))
            await self._in.readline()
        await self._in.readline()
        return b"".join(parts)


@dataclass(frozen=True)
class Load:
    """What a run of several clients gave: requests a second, and times in milliseconds."""

    rate: float
    p50: float
    p95: float
    requests: int
    largest: int


async def run(clients: list[Client], work: Callable[[Client], Awaitable[None]]) -> Load:
    """Let every client do its work at the same time and measure the whole."""
    for client in clients:
        await client.open()
        client.times.clear()
        client.requests = 0
    started = time.perf_counter()
    await asyncio.gather(*(work(client) for client in clients))
    took = time.perf_counter() - started
    times = sorted(t for client in clients for t in client.times)
    count = sum(client.requests for client in clients)
    return Load(
        rate=count / took,
        p50=times[len(times) // 2] * 1000,
        p95=times[int(len(times) * 0.95)] * 1000,
        requests=count,
        largest=max(client.largest for client in clients),
    )
