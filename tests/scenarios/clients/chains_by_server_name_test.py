#!/usr/bin/python3
"""TLS that passes through: chains are chosen by SNI and ALPN, however the ClientHello comes.

   chains_by_server_name_test.py WEIR
"""
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from overload import metrics, total, until  # noqa: E402
from tls import Origin, TlsClient, hello_of, in_records, make_certificate, tls_origin  # noqa: E402
from weir_process import Weir, own_address  # noqa: E402

PEEK_SECONDS = 0.5
FRAGMENT = """
access_log: {{ path: access.log, add: [client_ip, sni] }}
listeners:
  tls:
    address: "{ip}:8443"
    peek_timeout: 500ms
    chains:
      - {{ name: shop, match: {{ sni: shop.example }}, filters: [ {{ tcp_proxy: {{ cluster: shop }} }} ] }}
      - {{ name: api, match: {{ sni: "*.api.example" }}, filters: [ {{ tcp_proxy: {{ cluster: api }} }} ] }}
      - {{ name: acme, match: {{ alpn: acme-tls/1 }}, filters: [ {{ tcp_proxy: {{ cluster: acme }} }} ] }}
      - {{ name: rest, match: {{ client_ip: 127.0.0.0/8 }}, filters: [ {{ tcp_proxy: {{ cluster: plain }} }} ] }}
  strict:
    address: "{ip}:8444"
    peek_timeout: 500ms
    chains:
      - {{ name: shop, match: {{ sni: shop.example }}, filters: [ {{ tcp_proxy: {{ cluster: shop }} }} ] }}
routes: {{}}
clusters:
  shop: {{ endpoints: [ "{ip}:9001" ] }}
  api: {{ endpoints: [ "{ip}:9002" ] }}
  acme: {{ endpoints: [ "{ip}:9003" ] }}
  plain: {{ endpoints: [ "{ip}:9004" ] }}
"""


def greet(connection):
    """A protocol in which the server speaks first."""
    connection.sendall(b"plain\n")
    while data := connection.recv(65536):
        connection.sendall(data)


def byte_by_byte(connection, data):
    for at in range(len(data)):
        connection.sendall(data[at:at + 1])
        time.sleep(0.0002)


class Scenario:
    def __init__(self, weir, certificates):
        self.weir = weir
        self.certificates = certificates

    def connect(self, port=8443):
        connection = socket.create_connection((self.weir.ip, port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def handshake(self, ca, name, protocols=(), send_hello=None):
        with self.connect() as connection:
            client = TlsClient(connection, self.certificates[ca][0], name, protocols, send_hello)
            line = client.line()
            client.send(b"x" * 50_000 + b"\n")
            assert client.line() == "x" * 50_000
            return line

    def is_closed(self, data, port=8443):
        with self.connect(port) as connection:
            connection.sendall(data)
            try:
                return connection.recv(1) == b""
            except ConnectionResetError:
                return True

    def test_chains(self):
        assert self.handshake("shop.example", "shop.example") == "shop shop.example None"
        assert self.handshake("a.api.example", "a.api.example", ["h2", "http/1.1"]) == \
            "api a.api.example http/1.1"
        assert self.handshake("b.example", "b.example", ["acme-tls/1"]) == "acme b.example acme-tls/1"
        # The chain before it is chosen by the name, whatever is offered.
        assert self.handshake("shop.example", "shop.example", ["acme-tls/1"]).startswith("shop ")

    def test_pieces(self):
        line = self.handshake("shop.example", "shop.example", send_hello=byte_by_byte)
        assert line == "shop shop.example None", line
        for size in (1000, 100, 40):
            def in_pieces(connection, hello, size=size):
                connection.sendall(in_records(hello, size))
            line = self.handshake("a.api.example", "a.api.example", send_hello=in_pieces)
            assert line == "api a.api.example None", line

    def greeting(self, data):
        began = time.monotonic()
        with self.connect() as connection:
            connection.sendall(data)
            text = connection.recv(6)
            assert text == b"plain\n", text
            took = time.monotonic() - began
            assert not data or connection.recv(len(data), socket.MSG_WAITALL) == data
            return took

    def test_without_hello(self):
        assert self.greeting(b"") > PEEK_SECONDS * 0.9
        assert self.greeting(hello_of("shop.example")[:50]) > PEEK_SECONDS * 0.9
        assert self.greeting(b"EHLO example\r\n") < PEEK_SECONDS
        # Nobody asked for that name.
        assert self.greeting(hello_of("api.example")) < PEEK_SECONDS

    def test_refusals(self):
        def refused():
            return total(metrics(self.weir.ip), "weir_listener_connections_refused_total")

        before = refused()
        empty_record = b"\x16\x03\x01\x00\x00"
        assert self.is_closed(empty_record)
        assert self.is_closed(hello_of("shop.example").replace(b"shop.example", b"shop\0example"))
        assert self.is_closed(b"EHLO example\r\n", 8444)
        assert self.is_closed(b"", 8444)
        assert self.is_closed(hello_of("other.example"), 8444)
        until("all are counted", lambda: refused() == before + 5)

    def explained(self, *arguments):
        return subprocess.run([self.weir.binary, "explain", *arguments], cwd=self.weir.path,
                              check=True, capture_output=True, text=True).stdout

    def test_explain(self):
        running = ["-c", "running", "--socket", "control.sock"]
        text = self.explained(*running, "GET https://a.api.example:8443/")
        assert "chain          api" in text, text
        assert "not shop: sni: a.api.example is not shop.example" in text, text
        text = self.explained("-c", "weir.yaml", "GET https://x:8443/", "--sni", "shop.example")
        assert "chain          shop" in text, text
        text = self.explained(*running, "GET http://shop.example:8443/")
        assert "chain          rest" in text and "there is no TLS" in text, text

    def test_log(self, log):
        for chain, name in (("shop", "shop.example"), ("api", "a.api.example"), ("rest", "")):
            lines = [line for line in log
                     if f'"chain":"{chain}"' in line and f'"sni":"{name}"' in line]
            assert lines, f"no line of {chain} with {name}: {log}"


def main():
    ip = own_address()
    with tempfile.TemporaryDirectory() as directory:
        names = ("shop.example", "a.api.example", "b.example")
        certificates = {name: make_certificate(Path(directory), name) for name in names}
        tls_origin(ip, 9001, "shop", certificates["shop.example"])
        tls_origin(ip, 9002, "api", certificates["a.api.example"], ["http/1.1"])
        tls_origin(ip, 9003, "acme", certificates["b.example"], ["acme-tls/1"])
        Origin(ip, 9004, greet)
        with Weir(sys.argv[1], fragment=FRAGMENT.format(ip=ip)) as weir:
            scenario = Scenario(weir, certificates)
            scenario.test_chains()
            scenario.test_pieces()
            scenario.test_without_hello()
            scenario.test_refusals()
            scenario.test_explain()
        scenario.test_log(weir.log)


main()
