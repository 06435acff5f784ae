#!/usr/bin/python3
"""More clients than descriptors, all at once: so many are accepted that the request of each gets its
   connection to the origin, and the others wait until those leave, or idle. Copies of requests take
   nothing from them.

   few_descriptors_test.py WEIR
"""
import json
import select
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from overload import Client, is_ready, metrics, total, until  # noqa: E402
from weir_process import Weir, own_address  # noqa: E402

LIMIT = 60
CLIENTS = 80
COPIED = """
routes: {{ main: [ {{ name: copied, cluster: copied, mirror: silent }} ] }}
clusters:
  copied: {{ endpoints: [ "{address}" ] }}
  silent: {{ endpoints: [ "{silent}" ] }}
"""


def open_at(ip):
    return total(metrics(ip), "weir_listener_connections_open")


def serve_one(client):
    """The answer that it waits for, and one more when its connection is kept."""
    status, fields = client.answer()
    assert status == 200, (status, fields)
    if "connection" not in fields:
        status, fields = client.get()
        assert status == 200, (status, fields)


def serve(ip, waiting):
    """Who was answered stays as long as others are yet to be, and leaves for those who wait."""
    served = []
    while waiting:
        sockets = [client.socket for client in waiting]
        ready = select.select(sockets, [], [], 0.05)[0]
        for client in [client for client in waiting if client.socket in ready]:
            serve_one(client)
            waiting.remove(client)
            served.append(client)
        if not ready and total(metrics(ip), "weir_cluster_requests_active") == 0:
            for client in served:
                client.socket.close()
            served.clear()


def all_at_once(weir):
    ip = weir.ip
    waiting = [Client(ip) for _ in range(CLIENTS)]
    # The origin takes its time, so that no connection to it serves two of the first.
    for client in waiting:
        client.send("GET /delay/300 HTTP/1.1\r\nHost: a\r\n\r\n")
    until("accepting pauses",
          lambda: total(metrics(ip), "weir_listener_accept_pauses_total") >= 1)
    assert is_ready(ip)
    subprocess.run([weir.binary, "ctl", "--socket", "control.sock", "status"], cwd=weir.path,
                   check=True, stdout=subprocess.DEVNULL)
    assert 8 <= open_at(ip) < LIMIT / 2, open_at(ip)
    serve(ip, waiting)
    assert "accepting pauses" in (weir.path / "weir.log").read_text()


def idle_clients(weir):
    """They make room for who comes then, long before connection_idle."""
    idle = []
    while "accepting pauses" not in (weir.path / "weir.log").read_text():
        idle.append(socket.create_connection((weir.ip, 8080), timeout=30))
        idle[-1].sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert Client(weir.ip).get()[0] == 200
    assert is_ready(weir.ip)
    assert total(metrics(weir.ip), "weir_overload_idle_closed_total") > 0


def copies(weir):
    """Copies that nobody answers take no descriptor from those who wait for an answer."""
    client = Client(weir.ip)
    for _ in range(3 * LIMIT):
        assert client.get()[0] == 200
    assert metrics(weir.ip)['weir_cluster_mirrors_dropped_total{cluster="silent"}'] > 0


def run(origin, scenario, fragment=""):
    """What Weir said."""
    with Weir(sys.argv[1], origin, fragment=f"log: {{ path: weir.log }}\n{fragment}",
              descriptors=LIMIT) as weir:
        until("the origin answers", lambda: Client(weir.ip).get()[0] == 200)
        scenario(weir)
        said = (weir.path / "weir.log").read_text()
    statuses = [json.loads(line)["status"] for line in weir.log]
    assert set(statuses) == {200}, statuses
    return said


def main():
    address = f"{own_address()}:9001"
    origin = subprocess.Popen([sys.argv[1], "origin", "--listen", address])
    try:
        assert "max_connections" not in run(address, all_at_once)
        # Who asks for more is told that it cannot be.
        said = run(address, all_at_once, "max_connections: 1000\n")
        assert "max_connections: there are descriptors for" in said, said
        run(address, idle_clients)
        with socket.create_server((own_address(), 0), backlog=128) as silent:
            port = silent.getsockname()[1]
            run(address, copies, COPIED.format(address=address, silent=f"{own_address()}:{port}"))
    finally:
        origin.kill()


main()
