#!/usr/bin/python3
"""Does what `weir demo` says one can try, and ends it as Ctrl-C does.

   demo_test.py WEIR
"""
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

# What each of the printed commands must say, by a part of its address.
EXPECTED = {
    "/hello ": "this is Weir",
    "/api/headers ": "x-from: ",
    "x-canary": "canary",
    "/old/headers ": "HTTP/1.1 30[1278] ",
    "/delay/5000 ": "HTTP/1.1 504 ",
    "/echo ": "hello",
    "/clusters ": "canary",
    "/connections ": "none",
    "/metrics ": "weir_listener_requests_total",
}


def printed(process):
    """What the demo says, up to the line behind which the access log follows."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            return "".join(lines)
    sys.exit("the demo ended:\n" + "".join(lines))


def try_out(command):
    arguments = shlex.split(command, comments=True)
    assert arguments[0] == "curl", command
    result = subprocess.run(["curl", "-sS", "--max-time", "30", *arguments[1:]],
                            capture_output=True, text=True)
    assert result.returncode == 0, (command, result)
    for part, pattern in EXPECTED.items():
        if part in command + " ":
            assert re.search(pattern, result.stdout), (command, result.stdout)


def main():
    process = subprocess.Popen([sys.argv[1], "demo"], stdout=subprocess.PIPE, text=True)
    try:
        said = printed(process)
        commands = [line.strip() for line in said.splitlines() if line.startswith("  curl ")]
        assert len(commands) >= 10, said
        for command in commands:
            try_out(command)
        configuration = Path(re.search(r"The configuration is (\S+)", said)[1])
        assert configuration.exists()
        process.send_signal(signal.SIGINT)
        log = process.stdout.read().splitlines()
        assert process.wait(timeout=40) == 0
        assert sum('"why":"upstream_timeout"' in line for line in log) == 1, log
        assert not configuration.parent.exists()
    finally:
        process.kill()


main()
