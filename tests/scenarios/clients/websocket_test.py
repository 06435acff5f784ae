#!/usr/bin/python3
"""A WebSocket client and server, which know nothing of the proxy between them.

   websocket_test.py WEIR
"""
import asyncio
import json
import os
import sys
from pathlib import Path

import websockets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from weir_process import Weir  # noqa: E402

BIG = os.urandom(1 << 20)


async def serve(socket):
    async for message in socket:
        if message == "flood":
            for _ in range(12):
                await socket.send(BIG)
        elif message == "bye":
            await socket.close(4321, "as asked")
            return
        else:
            await socket.send(message)


async def talk(address):
    async with websockets.connect(f"ws://{address}:8080/chat?room=1", max_size=None) as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"
        await socket.send(BIG)
        assert await socket.recv() == BIG
        await asyncio.wait_for(await socket.ping(), 10)

        # The server sends more than buffers hold, while nobody reads.
        await socket.send("flood")
        await asyncio.sleep(0.5)
        for _ in range(12):
            assert await socket.recv() == BIG

        await socket.send("bye")
        try:
            await socket.recv()
        except websockets.ConnectionClosed as closed:
            assert closed.code == 4321 and closed.reason == "as asked", closed
        else:
            raise AssertionError("not closed")


async def scenario(weir, address):
    await talk(address)
    await asyncio.gather(*(talk(address) for _ in range(3)))


def main():
    async def run():
        async with websockets.serve(serve, "127.0.0.1", 0, max_size=None) as server:
            port = server.sockets[0].getsockname()[1]
            # The proxy is started and ended by a thread: the server above runs meanwhile.
            loop = asyncio.get_running_loop()
            weir = Weir(sys.argv[1], f"127.0.0.1:{port}")
            await loop.run_in_executor(None, weir.__enter__)
            failure = (None, None, None)
            try:
                await asyncio.wait_for(scenario(weir, weir.ip), 80)
            except BaseException:
                failure = sys.exc_info()
                raise
            finally:
                await loop.run_in_executor(None, weir.__exit__, *failure)
            return weir.log

    log = [json.loads(line) for line in asyncio.run(run())]
    assert len(log) == 4, log
    for line in log:
        assert line["status"] == 101 and line["ended"]["why"] == "ok", line
        assert line["bytes"]["in"] > 1 << 20 and line["bytes"]["out"] > 13 << 20, line


main()
