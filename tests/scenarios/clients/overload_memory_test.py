#!/usr/bin/python3
"""Stalled clients fill the memory budget: it sheds, never grows past it, and recovers by itself.

   overload_memory_test.py WEIR [CLIENTS BUDGET MOST]

Most clients send a body that waits in Weir for a slot of their cluster; one in fifty takes nothing
of a response that never ends. Whoever is reset comes again, so that there are always CLIENTS. BUDGET
is `overload.memory` in MiB, which counts buffers and streams; MOST, 0 for any, is what the process
may have had resident at its peak (VmHWM of /proc), all else included. Half of the budget is what it
may have when the clients are gone; where MOST is 0 that is not asked.
"""
import errno
import json
import re
import resource
import select
import selectors
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from overload import Client, end_with_reset, is_ready, metrics, total, until  # noqa: E402
from weir_process import Weir, own_address  # noqa: E402

PRESSURE = 'weir_pressure{resource="memory"}'
CONFIGURATION = """
overload: {{ memory: {budget}MiB, loop_delay: off, descriptors: off }}
routes:
  main:
    - {{ name: full, match: {{ host: full }}, cluster: full, timeout: 10m }}
    - {{ name: flood, match: {{ host: flood }}, cluster: flood }}
    - {{ name: all, cluster: origin }}
clusters:
  full:
    endpoints: [ "{ip}:9001" ]
    limits: {{ requests: 1, queue: 100000, queue_timeout: 10m }}
  flood:
    endpoints: [ "{ip}:9002" ]
    limits: {{ connections: off, requests: off }}
  origin: {{ endpoints: [ "{ip}:9001" ] }}
"""
UPLOAD = (b"POST / HTTP/1.1\r\nHost: full\r\nContent-Length: 65536\r\n\r\n" + b"x" * 65536)
DOWNLOAD = b"GET / HTTP/1.1\r\nHost: flood\r\n\r\n"


class FloodOrigin(threading.Thread):
    """Answers with as much as is taken, and more."""

    def __init__(self, ip):
        super().__init__(daemon=True)
        self.listener = socket.create_server((ip, 9002), backlog=1024)
        self.start()

    def run(self):
        poll = selectors.DefaultSelector()
        poll.register(self.listener, selectors.EVENT_READ)
        while True:
            for key, events in poll.select():
                if key.fileobj is self.listener:
                    connection = self.listener.accept()[0]
                    connection.setblocking(False)
                    poll.register(connection, selectors.EVENT_READ)
                    continue
                try:
                    if events & selectors.EVENT_READ and not key.data:
                        key.fileobj.recv(65536)
                        key.fileobj.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                        poll.modify(key.fileobj, selectors.EVENT_WRITE, "flows")
                    else:
                        key.fileobj.send(b"x" * 65536)
                except BlockingIOError:
                    pass
                except OSError:
                    poll.unregister(key.fileobj)
                    key.fileobj.close()


class Crowd(threading.Thread):
    """Stalled clients, always as many, until told to leave."""

    def __init__(self, ip, count):
        super().__init__(daemon=True)
        self.ip = ip
        self.count = count
        self.leaves = False
        self.poll = select.epoll()
        self.clients = {}  # by descriptor: socket, number, what is left to send
        self.start()

    def come(self, number):
        client = socket.socket()
        client.setblocking(False)
        # The system is to hold little in the place of Weir.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        end_with_reset(client)
        code = client.connect_ex((self.ip, 8080))
        assert code in (0, errno.EINPROGRESS), errno.errorcode[code]
        what = DOWNLOAD if number % 50 == 0 else UPLOAD
        self.clients[client.fileno()] = [client, number, memoryview(what)]
        self.poll.register(client, select.EPOLLOUT)

    def run(self):
        for number in range(self.count):
            self.come(number)
        while not self.leaves:
            for descriptor, events in self.poll.poll(0.1):
                client, number, left = self.clients[descriptor]
                if not self.goes_on(client, number, left, events):
                    del self.clients[descriptor]
                    client.close()
                    self.come(number)
        for client, _, _ in self.clients.values():
            client.close()
        self.poll.close()

    def goes_on(self, client, number, left, events):
        """Sends what the client has; then only the end of the connection is of interest."""
        if events != select.EPOLLOUT:
            return False
        try:
            left = left[client.send(left):]
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.clients[client.fileno()][2] = left
        if not left:
            # Who downloads is told of the end, and not of a response that it does not read.
            self.poll.modify(client, select.EPOLLIN if number % 50 else 0)
        return True


def mib_of(pid, what):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) / 1024


def is_kept(client):
    status, fields = client.get()
    return status == 200 and "connection" not in fields and client.get()[0] == 200


def scenario(weir, count, budget, most):
    ip = weir.ip
    hog = Client(ip)
    hog.send("GET /delay/600000 HTTP/1.1\r\nHost: full\r\n\r\n")
    until("the slot is taken", lambda: total(metrics(ip), "weir_cluster_requests_active") == 1)

    crowd = Crowd(ip, count)
    begun = time.monotonic()
    peak = 0
    worst = 0
    while True:
        values = metrics(ip)
        peak = max(peak, values["weir_memory_bytes"])
        worst = max(worst, values[PRESSURE])
        assert peak <= budget << 20, f"{peak} bytes are held, of {budget} MiB"
        assert is_ready(ip)
        shed = total(values, "weir_overload_reset_total")
        if shed >= count / 10 and worst == 2 and time.monotonic() - begun > 5:
            break
        assert time.monotonic() - begun < 60, f"after a minute {shed} were shed, {peak} bytes held"
        time.sleep(0.02)
    crowd.leaves = True
    crowd.join()
    hog.reset()

    # For a moment those who waited unaccepted bring some of it back.
    until("a client is served and kept", lambda: is_kept(Client(ip)))
    until("the pressure is over for both workers",
          lambda: total(metrics(ip), "weir_worker_pressure") == 0)
    until("memory is given back",
          lambda: metrics(ip)["weir_memory_bytes"] < (budget << 20) * 0.75)
    pid = weir.process.pid
    resident = mib_of(pid, "VmHWM")
    print(f"{count} clients, {shed:.0f} resets: {peak / (1 << 20):.1f} of {budget} MiB held at the "
          f"most, {resident:.0f} MiB resident at the peak")
    if most == 0:
        return
    assert resident < most, f"{resident} MiB were resident"
    until("memory is given back to the system", lambda: mib_of(pid, "VmRSS") < budget / 2)
    print(f"{mib_of(pid, 'VmRSS'):.0f} MiB resident afterwards")


def main():
    count, budget, most = map(int, sys.argv[2:5]) if len(sys.argv) > 2 else (500, 8, 0)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    ip = own_address()
    FloodOrigin(ip)
    origin = subprocess.Popen([sys.argv[1], "origin", "--listen", f"{ip}:9001"])
    try:
        configuration = CONFIGURATION.format(ip=ip, budget=budget)
        with Weir(sys.argv[1], "workers=2", fragment=configuration) as weir:
            until("the origin answers", lambda: Client(ip).get()[0] == 200)
            scenario(weir, count, budget, most)
    finally:
        origin.kill()
    why = [json.loads(line)["ended"]["why"] for line in weir.log]
    assert why.count("overload") >= count / 10, why.count("overload")


main()
