#!/usr/bin/python3
"""Reloads a hundred times under load: no request fails, and memory comes back to where it was.

   reload_under_load_test.py WEIR

Clients that keep their connection, that open a new one for each request, and that take a response
for longer than many reloads last. The configurations differ in routes, members and limits of
clusters, filters, settings of the http filter (whose connections drain), listeners and chains.
"""
import http.client
import os
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from weir_process import Weir  # noqa: E402

RELOADS = 100
STREAM_BYTES = 600_000
# What the process may have more at the end: allocators keep what they had at their peak.
GROWTH_KIB = 16 * 1024

def configuration(number, ip, origins):
    """One of four, each of which differs from the others in what a reload has to do."""
    http_settings = ["{}", "{}", "{ max_request_headers: 50 }", "{}"][number]
    route = ["{ name: all, cluster: origin }",
             "{ name: other, cluster: origin, timeout: 9s }",
             "{ name: all, cluster: origin, filters: [ { headers: { response: { set: { x-more: y } } } } ] }",
             "{ name: all, cluster: second }"][number]
    members = ", ".join(f'"{one}"' for one in
                        [origins[:1], origins[::-1], origins[1:], origins][number])
    more_listeners = more_clusters = ""
    if number == 3:
        more_listeners = f"""
  extra: {{ address: "{ip}:8081", filters: [ http, {{ router: {{ routes: main }} }} ] }}"""
        more_clusters = f"""
  second: {{ endpoints: [ {members} ], limits: {{ requests: 500 }} }}"""
    return f"""
workers: 2
admin: {{ address: "{ip}:9901", socket: control.sock }}
access_log: {{ path: access.log }}
drain_timeout: 60s
listeners:
  web: {{ address: "{ip}:8080", filters: [ {{ http: {http_settings} }}, {{ router: {{ routes: main }} }} ] }}{more_listeners}
routes: {{ main: [ {route} ] }}
clusters:
  origin: {{ endpoints: [ {members} ] }}{more_clusters}
"""


class Load:
    """Clients that go on until they are told to stop."""

    def __init__(self, ip):
        self.ip = ip
        self.stop = threading.Event()
        self.failures = []
        self.requests = 0
        self.lock = threading.Lock()
        kinds = [self.keep_alive] * 3 + [self.new_connections] * 2 + [self.long_streams] * 2
        self.threads = [threading.Thread(target=self.run, args=(kind,)) for kind in kinds]

    def run(self, kind):
        try:
            while not self.stop.is_set():
                kind()
        except Exception as error:  # pylint: disable=broad-except
            self.failures.append(f"{kind.__name__}: {error!r}")

    def connect(self):
        return http.client.HTTPConnection(self.ip, 8080, timeout=30)

    def exchange(self, connection, path, size):
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200 or len(body) != size:
            self.failures.append(f"{path}: {response.status}, {len(body)} bytes")
        with self.lock:
            self.requests += 1
        return response.getheader("connection") != "close"

    def keep_alive(self):
        connection = self.connect()
        while not self.stop.is_set() and self.exchange(connection, "/bytes/1000", 1000):
            pass
        connection.close()

    def new_connections(self):
        connection = self.connect()
        self.exchange(connection, "/bytes/100", 100)
        connection.close()

    def long_streams(self):
        connection = self.connect()
        connection.request("GET", f"/bytes/{STREAM_BYTES}")
        response = connection.getresponse()
        left = STREAM_BYTES
        while left > 0:
            piece = response.read(min(left, 4096))
            if not piece:
                self.failures.append(f"a stream lacks {left} bytes")
                return
            left -= len(piece)
            # Slowly at first, so that it lasts over reloads.
            if left > STREAM_BYTES // 2:
                self.stop.wait(0.005)
        connection.close()
        with self.lock:
            self.requests += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()


def reload(weir, number, origins):
    new = weir.path / "new.yaml"
    new.write_text(configuration(number, weir.ip, origins))
    new.rename(weir.path / "weir.yaml")
    subprocess.run([weir.binary, "ctl", "--socket", "control.sock", "reload"], cwd=weir.path,
                   check=True, stdout=subprocess.DEVNULL)


def resident_kib(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ValueError("no VmRSS")


def keeps_what_is_freed(binary):
    """Sanitizers do, to find uses of it."""
    text = Path(binary).read_bytes()
    return b"__asan_init" in text or b"__tsan_init" in text


def main():
    with Weir(os.path.abspath(sys.argv[1]), "127.0.0.1:1") as weir:
        origins = [f"{weir.ip}:{port}" for port in (7001, 7002)]
        processes = [subprocess.Popen([weir.binary, "origin", "--listen", one]) for one in origins]
        try:
            for one in origins:
                subprocess.run([Path(__file__).parent.parent / "support" / "await", one[-4:]],
                               check=True, env={"SCENARIO_IP": weir.ip, "PATH": "/usr/bin:/bin"})
            reload(weir, 0, origins)
            with Load(weir.ip) as load:
                for number in range(8):
                    reload(weir, number % 4, origins)
                before = resident_kib(weir.process.pid)
                for number in range(RELOADS):
                    reload(weir, number % 4, origins)
                    if load.failures:
                        break
            after = resident_kib(weir.process.pid)
        finally:
            for process in processes:
                process.terminate()
                process.wait(timeout=40)
    print(f"{load.requests} requests, {len(load.failures)} failures, "
          f"{after - before:+} KiB over {RELOADS} reloads")
    assert not load.failures, load.failures[:10]
    assert load.requests > RELOADS, "the load did not run"
    if not keeps_what_is_freed(sys.argv[1]):
        assert after - before < GROWTH_KIB, f"{before} KiB became {after} KiB"
    bad = [line for line in weir.log if '"status":200' not in line]
    assert not bad, bad[:10]


if __name__ == "__main__":
    main()
