#!/usr/bin/python3
"""A client that does not read: the page of connections says that its response is paused.

   paused_responses_test.py WEIR
"""
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from overload import Client, until  # noqa: E402
from weir_process import Weir, own_address  # noqa: E402

SIZE = 50_000_000
FRAGMENT = """
listeners:
  http:
    address: "{ip}:8080"
    filters: [ {{ http: {{}} }}, {{ router: {{ routes: main }} }} ]
  tcp: {{ address: "{ip}:8081", filters: [ {{ tcp_proxy: {{ cluster: origin }} }} ] }}
"""


def paused(ip):
    with urllib.request.urlopen(f"http://{ip}:9901/connections?json", timeout=20) as page:
        rows = json.load(page)["connections"]
    return {row["listener"]: row["response_paused"] for row in rows}


def scenario(weir):
    clients = [Client(weir.ip, port) for port in (8080, 8081)]
    until("nothing is paused", lambda: paused(weir.ip) == {"http": [], "tcp": []})
    for client in clients:
        client.send(f"GET /bytes/{SIZE} HTTP/1.1\r\nHost: a\r\n\r\n")
    until("both are paused", lambda: paused(weir.ip) == {"http": ["output"], "tcp": ["output"]})
    page = subprocess.run([weir.binary, "ctl", "--socket", "control.sock", "connections"],
                          cwd=weir.path, check=True, capture_output=True, text=True).stdout
    assert "response_paused" in page and page.count(" output ") == 2, page
    for client in clients:
        assert client.answer()[0] == 200
    until("nothing is paused", lambda: paused(weir.ip) == {"http": [], "tcp": []})


def main():
    ip = own_address()
    origin = subprocess.Popen([sys.argv[1], "origin", "--listen", f"{ip}:9001"])
    try:
        with Weir(sys.argv[1], f"{ip}:9001", fragment=FRAGMENT.format(ip=ip)) as weir:
            until("the origin answers", lambda: Client(ip).get()[0] == 200)
            scenario(weir)
    finally:
        origin.kill()


main()
