"""Runs the proxy for tests that are programs: in a directory and on a loopback address of its own."""
import os
import signal
import subprocess
import tempfile
from pathlib import Path

SUPPORT = Path(__file__).resolve().parent


def own_address():
    pid = os.getpid()
    return f"127.{64 + (pid >> 16)}.{pid >> 8 & 255}.{pid & 255}"


class Weir:
    """Ready within `with`; behind it the process has ended by SIGTERM and its log is complete."""

    def __init__(self, binary, *configuration, fragment=None, descriptors=None):
        self.ip = own_address()
        self.binary = binary
        self.command = ["prlimit", f"--nofile={descriptors}"] if descriptors else []
        self.command += [binary, "run", "-c", "weir.yaml"]
        self.configuration = list(configuration) + (["-"] if fragment else [])
        self.fragment = fragment

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="weir.")
        self.path = Path(self.directory.name)
        environment = dict(os.environ, SCENARIO_IP=self.ip)
        subprocess.run([SUPPORT / "configure", *self.configuration], cwd=self.path, check=True,
                       env=environment, text=True, input=self.fragment or "")
        self.process = subprocess.Popen(self.command, cwd=self.path)
        try:
            subprocess.run([SUPPORT / "await"], env=environment, check=True)
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, kind, value, trace):
        try:
            self.process.send_signal(signal.SIGTERM)
            status = self.process.wait(timeout=40)
            self.log = (self.path / "access.log").read_text().splitlines()
            if kind is None:
                assert status == 0, f"weir ended with {status}"
        finally:
            self.process.kill()
            self.directory.cleanup()
