"""The origin and the proxies: how each is configured and started, and what CPU it has used.

All run one worker, forward to the origin over HTTP/1.1 with as many kept upstream connections as
the load has connections, and log every request to a file.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

BODIES = {"1k": b"x" * 1024, "1m": b"y" * (1 << 20)}
KEPT_CONNECTIONS = 256
LAST_ROUTE = 9999
START_SECONDS = 20


class PerfError(Exception):
    """Something that makes a measurement impossible."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """A running server. It is the leader of a process group that holds all of its processes."""

    name: str
    port: int
    process: subprocess.Popen
    output: Path
    host: str = "127.0.0.1"

    def pids(self):
        """The server's process and its children, however deep."""
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            for task in tasks(pid):
                try:
                    todo += map(int, (task / "children").read_text().split())
                except OSError:
                    pass
        return found

    def cpu_seconds(self):
        """CPU time of all threads, from the scheduler's nanosecond clock."""
        total = 0
        for pid in self.pids():
            for task in tasks(pid):
                try:
                    total += int((task / "schedstat").read_text().split()[0])
                except OSError:
                    pass
        return total / 1e9

    def get(self, path, host):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": host})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def empty_logs(self):
        """Nobody reads them, and a file that only grows takes ever new memory, which is dear."""
        for log in self.output.parent.glob("*.log"):
            os.truncate(log, 0)

    def log_tail(self):
        return self.output.read_text(errors="replace")[-2000:]

    def verify(self, path, host, body):
        """Waits until the server answers, then insists on 200 and the right body, twice."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self.process.poll() is not None:
                raise PerfError(f"{self.name} ended by itself:\n{self.log_tail()}")
            try:
                answers = [self.get(path, host) for _ in range(2)]
            except (OSError, http.client.HTTPException) as error:
                if time.monotonic() > deadline:
                    raise PerfError(f"{self.name}: {error!r}\n{self.log_tail()}") from error
                time.sleep(0.05)
                continue
            for status, received in answers:
                if status != 200 or received != body:
                    raise PerfError(
                        f"{self.name}: GET {path} of {host}: status {status} and "
                        f"{len(received)} bytes, expected 200 and {len(body)}\n{self.log_tail()}"
                    )
            return

    def stop(self):
        """Ends the process group; waits until it is gone."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
            except ProcessLookupError:
                pass
            try:
                self.process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                continue


def tasks(pid):
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


@dataclass
class Bench:
    """Where servers run: a scratch folder, and the cores of the proxies and of everything else."""

    folder: Path
    proxy_cores: set
    other_cores: set
    binaries: dict
    servers: list = field(default_factory=list)

    def start(self, name, port, command, cores):
        folder = self.folder / name
        output = folder / "output.log"
        with output.open("ab") as sink:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, cores),
            )
        server = Server(name, port, process, output)
        self.servers.append(server)
        return server

    def write(self, name, file, text):
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file
        path.write_text(text)
        return path

    def start_origin(self):
        port = free_port()
        config = self.write("origin", "nginx.conf", origin_config(port))
        for name, body in BODIES.items():
            (self.folder / "origin" / name).write_bytes(body)
        command = [self.binaries["nginx"], "-p", self.folder / "origin", "-c", config]
        return self.start("origin", port, command, self.other_cores)

    def start_proxy(self, name, origin_port):
        """Starts the proxy `name`: a kind, or a kind and its variant. `weir@10000` has 10,000
        routes; `haproxy@splice` moves bodies without copying them."""
        kind, _, variant = name.partition("@")
        port = free_port()
        binary = self.binaries[kind]
        folder = self.folder / name
        folder.mkdir()
        if kind == "floor":
            command = [binary, port, origin_port]
        elif kind == "nginx":
            config = self.write(name, "nginx.conf", nginx_config(port, origin_port))
            command = [binary, "-p", folder, "-c", config]
        elif kind == "haproxy":
            config = self.write(name, "haproxy.cfg", haproxy_config(port, origin_port, variant == "splice"))
            command = [binary, "-db", "-f", config]
        elif kind == "nghttpx":
            command = [binary, *nghttpx_arguments(port, origin_port)]
        elif kind == "envoy":
            config = self.write(name, "envoy.yaml", envoy_config(port, origin_port))
            command = [binary, "-c", config, "--concurrency", 1, "--disable-hot-restart"]
            command += ["--log-level", "warning"]
        elif kind in ("weir", "profiled"):
            text = weir_config(port, origin_port, int(variant or 1))
            config = self.write(name, "weir.yaml", text)
            command = [binary, "run", "-c", config, "--workers", 1]
        else:
            raise PerfError(f"no such proxy: {name}")
        return self.start(name, port, command, self.proxy_cores)

    def stop(self):
        while self.servers:
            self.servers.pop().stop()


def nginx_head(connections):
    user = "user root;" if os.getuid() == 0 else ""
    return f"""{user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events {{ worker_connections {connections}; }}
"""


NGINX_TEMPORARY = """
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;"""


def origin_config(port):
    return f"""{nginx_head(4096)}
http {{{NGINX_TEMPORARY}
  access_log off;
  sendfile on;
  tcp_nodelay on;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  open_file_cache max=16;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    root .;
    location / {{ rewrite /(1k|1m)$ /$1 break; }}
  }}
}}
"""


def nginx_config(port, origin_port):
    return f"""{nginx_head(4096)}
http {{{NGINX_TEMPORARY}
  access_log access.log combined buffer=64k flush=1s;
  tcp_nodelay on;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  proxy_max_temp_file_size 0;
  proxy_buffer_size 64k;
  proxy_buffers 8 64k;
  proxy_busy_buffers_size 128k;
  upstream origin {{
    server 127.0.0.1:{origin_port};
    keepalive {KEPT_CONNECTIONS};
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }}
  }}
}}
"""


def haproxy_config(port, origin_port, splice):
    splicing = "option splice-response" if splice else ""
    return f"""global
  nbthread 1
  maxconn 4096
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  option http-keep-alive
  http-reuse always
  {splicing}
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  timeout http-keep-alive 300s
frontend edge
  bind 127.0.0.1:{port} backlog 1024
  default_backend origin
backend origin
  server origin 127.0.0.1:{origin_port} pool-max-conn {KEPT_CONNECTIONS} pool-purge-delay 300s
"""


def nghttpx_arguments(port, origin_port):
    return [
        "--conf=/dev/null",
        f"--frontend=127.0.0.1,{port};no-tls",
        f"--backend=127.0.0.1,{origin_port};;proto=http/1.1",
        "--workers=1",
        "--backend-keep-alive-timeout=300",
        "--frontend-keep-alive-timeout=300",
        "--accesslog-file=access.log",
        "--errorlog-file=error.log",
        "--log-level=WARN",
        "--single-process",
    ]


def envoy_config(port, origin_port):
    """JSON, which is YAML."""
    extension = "type.googleapis.com/envoy.extensions"
    router = {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": f"{extension}.filters.http.router.v3.Router"},
    }
    access_log = {
        "name": "file",
        "typed_config": {
            "@type": f"{extension}.access_loggers.file.v3.FileAccessLog",
            "path": "access.log",
        },
    }
    route = {"match": {"prefix": "/"}, "route": {"cluster": "origin"}}
    connection_manager = {
        "@type": f"{extension}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "edge",
        "generate_request_id": False,
        "access_log": [access_log],
        "http_filters": [router],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
    }

    def address(number):
        return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

    filters = [{"name": "http", "typed_config": connection_manager}]
    listener = {"address": address(port), "filter_chains": [{"filters": filters}]}
    endpoint = {"endpoint": {"address": address(origin_port)}}
    cluster = {
        "name": "origin",
        "connect_timeout": "5s",
        "type": "STATIC",
        "circuit_breakers": {"thresholds": [{"max_connections": 4096, "max_requests": 4096}]},
        "load_assignment": {
            "cluster_name": "origin",
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
    }
    return json.dumps({"static_resources": {"listeners": [listener], "clusters": [cluster]}})


def route_host(index):
    return f"h{index % 100}.example"


def route_path(index):
    return f"/shop/catalogue/section-{index // 100 % 10}/part-{index}"


def weir_config(port, origin_port, routes):
    """One listener and one cluster. With several routes: 100 hosts with shared path prefixes, and
    the last one is the one that the load asks for."""
    lines = [
        "workers: 1",
        "access_log: { path: access.log }",
        "listeners:",
        f'  edge: {{ address: "127.0.0.1:{port}", filters: [http, {{ router: {{ routes: main }} }}] }}',
        "clusters:",
        f"  origin: {{ endpoints: [ 127.0.0.1:{origin_port} ] }}",
        "routes:",
        "  main:",
    ]
    for index in range(routes - 1):
        match = f"{{ host: {route_host(index)}, prefix: {route_path(index)} }}"
        lines.append(f"    - {{ name: r{index}, match: {match}, cluster: origin }}")
    if routes > 1:
        match = f"{{ host: {route_host(LAST_ROUTE)}, prefix: {route_path(LAST_ROUTE)} }}"
        lines.append(f"    - {{ name: last, match: {match}, cluster: origin }}")
    else:
        lines.append("    - { name: all, match: { prefix: / }, cluster: origin }")
    return "\n".join(lines) + "\n"
