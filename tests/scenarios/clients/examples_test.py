#!/usr/bin/python3
"""Runs the configurations of examples/, on an address and in a folder of the test's own.

   examples_test.py WEIR
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from postgres import Server, log_in  # noqa: E402
from tls import make_certificate  # noqa: E402
from weir_process import own_address  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
IP = own_address()


def connect(address):
    """A connection once somebody listens."""
    for _ in range(400):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        connection = socket.socket(family)
        connection.settimeout(20)
        try:
            connection.connect(address)
            return connection
        except OSError:
            connection.close()
            subprocess.run(["sleep", "0.05"], check=True)
    sys.exit(f"nobody listens on {address}")


def ask(address, request):
    with connect(address) as connection:
        connection.sendall(request.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer.decode()


def get(port, host, path):
    return ask((IP, port), f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")


@contextmanager
def running(*command, environment=None):
    process = subprocess.Popen(command, env=dict(os.environ, **(environment or {})))
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0, command
    finally:
        process.kill()


def adapted(folder, name):
    """The example with addresses and paths of the test."""
    text = (EXAMPLES / name).read_text()
    text = text.replace("/var/log/weir", str(folder)).replace("/run/weir", str(folder))
    text = re.sub(r"\b(0\.0\.0\.0|127\.0\.0\.1):(?=\d)", f"{IP}:", text)
    endpoints = ["10.1.0.1", "10.1.1.1", "10.1.0.2", "10.1.1.2"]
    for port, endpoint in enumerate(endpoints, 5433):
        text = text.replace(f"{endpoint}:5432", f"{IP}:{port}")
    path = folder / name
    path.write_text(text)
    return path


def run_reverse_proxy(weir, folder):
    with (
        running(weir, "origin", "--listen", f"{IP}:8001", "--name", "one"),
        running(weir, "origin", "--listen", f"{IP}:8002", "--name", "two"),
    ):
        connect((IP, 8001)).close()
        connect((IP, 8002)).close()
        with running(weir, "run", "-c", adapted(folder, "reverse-proxy.yaml")):
            assert get(8080, "a", "/healthz").endswith("\r\n\r\nok")
            answers = [get(8080, "a", "/") for _ in range(6)]
            assert all(answer.startswith("HTTP/1.1 200 ") for answer in answers), answers
            assert sum("\r\n\r\ntwo" in answer for answer in answers) == 4, answers
            assert "weir_cluster_attempts_total" in get(9901, "a", "/metrics")


def run_edge(weir, folder):
    shutil.copytree(EXAMPLES / "pages", folder / "pages")
    edge = {"EDGE_ADDRESS": f"{IP}:8443"}
    with running(weir, "run", "-c", adapted(folder, "edge.yaml"), environment=edge):
        answer = get(8080, "shop.example", "/a?b=c")
        assert answer.startswith("HTTP/1.1 308 "), answer
        assert "\r\nlocation: https://shop.example/a?b=c\r\n" in answer, answer
        answer = get(8443, "shop.example", "/v1/cart")
        assert "\r\nlocation: http://shop.example/v2/cart\r\n" in answer, answer
        answer = get(8443, "elsewhere.example", "/")
        assert answer.startswith("HTTP/1.1 404 "), answer
        assert "There is nothing at /." in answer, answer
    assert (folder / "access.log").read_text().count('"why":"redirected"') == 1


def run_tcp(weir, folder):
    # An origin for HTTP takes the PROXY header for a broken request: enough to be heard.
    with running(weir, "origin", "--listen", f"{IP}:5433"):
        connect((IP, 5433)).close()
        with running(weir, "run", "-c", adapted(folder, "tcp.yaml")):
            for address in [(IP, 5432), str(folder / "postgres.sock")]:
                assert ask(address, "").startswith("HTTP/1.1 400 "), address


def run_postgres(weir, folder):
    for number, name in enumerate(["orders.db.example", "eu.billing.db.example"], 5433):
        Server(IP, number, name, make_certificate(folder, name))
    with running(weir, "run", "-c", adapted(folder, "postgres.yaml")):
        connect((IP, 5432)).close()
        for name in ["orders.db.example", "eu.billing.db.example"]:
            line = log_in((IP, 5432), "ann", folder / f"{name}.crt", name)
            assert line == f"{name} tls ann", line


def run_tests(weir, _folder):
    files = sorted(EXAMPLES.glob("*_tests.yaml"))
    assert files, EXAMPLES
    subprocess.run([weir, "test", *files], check=True)


def main():
    for run in [run_reverse_proxy, run_edge, run_tcp, run_postgres, run_tests]:
        with tempfile.TemporaryDirectory(prefix="weir.") as folder:
            run(sys.argv[1], Path(folder))


main()
