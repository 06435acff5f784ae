#!/usr/bin/python3
"""A loop that is late again and again sheds load until it no longer is.

   overload_loop_delay_test.py WEIR
"""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from overload import Client, is_ready, metrics, until  # noqa: E402
from weir_process import Weir, own_address  # noqa: E402

PRESSURE = 'weir_pressure{resource="loop_delay"}'
CONFIGURATION = "overload: { memory: off, loop_delay: 200ms, descriptors: off }"


def scenario(ip, pid):
    def stall(meanwhile=lambda: None):
        """Nothing of the process runs for a while, as when its machine has no time for it."""
        os.kill(pid, signal.SIGSTOP)
        try:
            meanwhile()
            time.sleep(0.5)
        finally:
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.01)

    clients = [Client(ip) for _ in range(20)]
    for client in clients:
        assert client.get()[0] == 200

    # A single stall, however long, is none of its business.
    os.kill(pid, signal.SIGSTOP)
    time.sleep(2)
    os.kill(pid, signal.SIGCONT)
    assert clients.pop().get()[0] == 200

    def is_refused():
        for _ in range(8):
            stall()
        # What arrives during a stall is read before the loop is seen to be late or not.
        client = clients.pop()
        stall(lambda: client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        status, fields = client.answer()
        assert status == 200 or fields["x-weir-reason"] == "overload", fields
        return status == 503 and fields["connection"] == "close"

    until("requests are refused", is_refused, 60)
    assert is_ready(ip)
    until("the pressure is over", lambda: metrics(ip)[PRESSURE] == 0)
    # Where nothing else was short, idle connections stay.
    until("a connection is kept", lambda: "connection" not in clients.pop().get()[1])
    assert Client(ip).get()[0] == 200


def main():
    ip = own_address()
    origin = subprocess.Popen([sys.argv[1], "origin", "--listen", f"{ip}:9001"])
    try:
        with Weir(sys.argv[1], f"{ip}:9001", fragment=CONFIGURATION) as weir:
            until("the origin answers", lambda: Client(ip).get()[0] == 200)
            scenario(ip, weir.process.pid)
    finally:
        origin.kill()


main()
