"""The load: what wrk asks for, and what a server's answers to it cost."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from proxies import PerfError

HERE = Path(__file__).resolve().parent


@dataclass
class Load:
    text: str
    body: str  # of BODIES
    connections: int
    path: str
    host: str = "origin.example"
    close: bool = False  # a new connection for each request
    headers: tuple = ()  # besides Host


def split_cores():
    """(cores of the proxies, cores of origin and load): the last core is the proxies' own."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise PerfError("at least two cores are needed")
    return {cores[-1]}, set(cores[:-1])


def put_load(bench, server, load, seconds):
    """Runs wrk and returns what load.lua printed."""
    command = [bench.binaries["wrk"], "-t1", f"-c{load.connections}", f"-d{seconds}s"]
    command += ["-s", str(HERE / "load.lua"), "--timeout", "10s", "-H", f"Host: {load.host}"]
    headers = [*load.headers, *(["Connection: close"] if load.close else [])]
    for header in headers:
        command += ["-H", header]
    command.append(f"http://127.0.0.1:{server.port}{load.path}")
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        preexec_fn=lambda: os.sched_setaffinity(0, bench.other_cores),
        check=False,
    )
    for line in run.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    raise PerfError(f"wrk failed:\n{run.stdout}{run.stderr}")


def measure(bench, server, load, seconds):
    """The result of put_load with the CPU time that the server spent on it."""
    before = server.cpu_seconds()
    result = put_load(bench, server, load, seconds)
    cpu = server.cpu_seconds() - before
    if server.process.poll() is not None:
        raise PerfError(f"{server.name} ended by itself:\n{server.log_tail()}")
    if result["requests"] == 0:
        raise PerfError(f"{server.name} completed no request:\n{server.log_tail()}")
    result["cpu_us"] = cpu * 1e6 / result["requests"]
    result["busy"] = cpu / result["seconds"]
    return result
