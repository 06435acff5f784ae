#!/usr/bin/python3
"""Clients of Postgres that ask for TLS get to the server that they name, which is asked as well.

   postgres_starttls_test.py WEIR
"""
import json
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from overload import until  # noqa: E402
from postgres import (GSS_REQUEST, SSL_REQUEST, Server, begin_tls, cancel_request,  # noqa: E402
                      log_in, startup)
from tls import Origin, make_certificate  # noqa: E402
from weir_process import Weir, own_address  # noqa: E402

FRAGMENT = """
access_log: {{ path: access.log, add: [sni] }}
listeners:
  db:
    address: "{ip}:5432"
    peek_timeout: 500ms
    accept: [ {{ starttls: postgres }} ]
    chains:
      - {{ name: orders, match: {{ sni: orders.example }}, filters: [ {{ tcp_proxy: {{ cluster: orders }} }} ] }}
      - {{ name: billing, match: {{ sni: "*.example" }}, filters: [ {{ tcp_proxy: {{ cluster: billing }} }} ] }}
      - {{ name: rest, filters: [ {{ tcp_proxy: {{ cluster: orders }} }} ] }}
  refusing:
    address: "{ip}:5433"
    accept: [ {{ starttls: postgres }} ]
    filters: [ {{ tcp_proxy: {{ cluster: refusing }} }} ]
  silent:
    address: "{ip}:5434"
    accept: [ {{ starttls: postgres }} ]
    filters: [ {{ tcp_proxy: {{ cluster: silent }} }} ]
routes: {{}}
clusters:
  orders: {{ endpoints: [ "{ip}:9001" ], upstream_starttls: postgres }}
  # The one that has no TLS is passed over.
  billing:
    endpoints: [ "{ip}:9002", {{ address: "{ip}:9003", priority: 1 }} ]
    upstream_starttls: postgres
  refusing: {{ endpoints: [ "{ip}:9002" ], upstream_starttls: postgres }}
  silent: {{ endpoints: [ "{ip}:9004" ], upstream_starttls: postgres, connect_timeout: 300ms }}
"""


class Scenario:
    def __init__(self, ip, directory):
        self.ip = ip
        self.certificates = {name: make_certificate(Path(directory), name)
                             for name in ("orders.example", "a.example")}
        self.orders = Server(ip, 9001, "orders", self.certificates["orders.example"])
        self.without_tls = Server(ip, 9002, "old", answer=b"N")
        self.billing = Server(ip, 9003, "billing", self.certificates["a.example"])
        Origin(ip, 9004, lambda connection: connection.recv(8) and time.sleep(2))

    def log_in(self, name, user, **more):
        return log_in((self.ip, 5432), user, self.certificates[name][0], name, **more)

    def connect(self, port=5432):
        connection = socket.create_connection((self.ip, port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def is_closed(self, connection):
        try:
            return connection.recv(1) == b""
        except ConnectionResetError:
            return True

    def test_tls(self):
        assert self.log_in("orders.example", "ann") == "orders tls ann"
        assert self.log_in("orders.example", "bob", gss=True) == "orders tls bob"
        assert self.orders.asked == 2

    def test_next_endpoint(self):
        assert self.log_in("a.example", "ann") == "billing tls ann"
        assert (self.without_tls.asked, self.billing.asked) == (1, 1)

    def test_plain(self):
        assert log_in((self.ip, 5432), "old") == "orders plain old"
        with self.connect() as connection:
            connection.sendall(cancel_request(b"pid1key1"))
            assert self.is_closed(connection)
        until("it is cancelled", lambda: self.orders.cancelled == [b"pid1key1"])
        assert self.orders.asked == 2, "nobody wanted TLS"

    def test_pieces(self):
        with self.connect() as connection:
            for request, answer in ((GSS_REQUEST, b"N"), (SSL_REQUEST, b"S")):
                for at in range(len(request)):
                    connection.sendall(request[at:at + 1])
                    time.sleep(0.002)
                assert connection.recv(10) == answer

    def test_refused_clients(self):
        with self.connect() as connection:
            connection.sendall(SSL_REQUEST + startup("ann"))
            assert self.is_closed(connection)
        with self.connect() as connection:
            begin_tls(connection)
            connection.sendall(startup("ann"))
            assert self.is_closed(connection)
        with self.connect() as connection:
            assert self.is_closed(connection), "peek_timeout"

    def test_refusing_endpoints(self):
        for port in (5433, 5434):
            with self.connect(port) as connection:
                begin_tls(connection)
                connection.sendall(b"\x16\x03\x01")
                assert self.is_closed(connection)

    def test_log(self, log):
        lines = [json.loads(line) for line in log]

        def line_of(key, value):
            found = [line for line in lines if line[key] == value]
            assert found, f"no {key} {value} in {log}"
            return found[0]

        assert line_of("chain", "orders")["sni"] == "orders.example"
        assert line_of("chain", "rest")["sni"] == ""
        results = [one["result"] for one in line_of("chain", "billing")["attempts"]]
        assert results == ["starttls_refused", "ok"], results
        assert line_of("cluster", "refusing")["ended"]["why"] == "starttls_refused"
        assert line_of("cluster", "silent")["ended"]["why"] == "connect_timeout"


def main():
    ip = own_address()
    with tempfile.TemporaryDirectory() as directory:
        scenario = Scenario(ip, directory)
        with Weir(sys.argv[1], fragment=FRAGMENT.format(ip=ip)) as weir:
            scenario.test_tls()
            scenario.test_next_endpoint()
            scenario.test_plain()
            scenario.test_pieces()
            scenario.test_refused_clients()
            scenario.test_refusing_endpoints()
        scenario.test_log(weir.log)


main()
