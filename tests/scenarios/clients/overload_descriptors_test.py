#!/usr/bin/python3
"""Few descriptors are left: what idles closes, then nothing new is begun, and all comes back.

   overload_descriptors_test.py WEIR
"""
import json
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from overload import Client, is_ready, metrics, overload_events, total, until  # noqa: E402
from weir_process import Weir, own_address  # noqa: E402

LIMIT = 80
PRESSURE = 'weir_pressure{resource="descriptors"}'
CONFIGURATION = f"""
overload: {{{{ memory: off, loop_delay: off, descriptors: {LIMIT} }}}}
log: {{{{ path: weir.log }}}}
routes:
  main:
    - {{{{ name: slow, match: {{{{ prefix: /delay }}}}, cluster: slow, timeout: 10m }}}}
    - {{{{ name: all, cluster: origin }}}}
clusters:
  slow: {{{{ endpoints: [ "{{ip}}:9001" ] }}}}
  origin: {{{{ endpoints: [ "{{ip}}:9001" ] }}}}
"""


def scenario(ip, said):
    values = metrics(ip)
    assert values["weir_descriptors_limit"] == LIMIT and values[PRESSURE] == 0, values
    assert "weir_memory_limit_bytes" not in values, values

    idle = Client(ip)
    assert "connection" not in idle.get()[1]
    begun = Client(ip)
    begun.send("GET / HTTP/1.1\r\n")
    late = Client(ip)
    late.send("GET / HTTP/1.1\r\n")

    # Each of these has a connection to the origin, too.
    busy = []

    def add_busy():
        busy.append(Client(ip))
        busy[-1].send("GET /delay/60000 HTTP/1.1\r\nHost: a\r\n\r\n")

    for _ in range(8):
        add_busy()
    until("all are under way",
          lambda: total(metrics(ip), "weir_cluster_requests_active") == len(busy))
    # Clients do not get as far, since accepting leaves descriptors for their requests and some more.
    others = []

    def add_other():
        others.append(socket.create_connection((ip, 9901)))

    # More than enough, since asking for metrics takes one too.
    while metrics(ip)["weir_descriptors_open"] < 0.8 * LIMIT + 2:
        add_other()
    until("there is high pressure", lambda: metrics(ip)[PRESSURE] == 1)
    assert idle.ended()
    values = metrics(ip)
    assert total(values, "weir_overload_idle_closed_total") == 1, values
    assert total(values, "weir_overload_pooled_closed_total") >= 1, values
    begun.send("Host: a\r\n\r\n")
    status, fields = begun.answer()
    assert status == 200 and fields["connection"] == "close", (status, fields)

    # Whoever comes last waits in the queue of the system.
    while metrics(ip)["weir_descriptors_open"] < 0.95 * LIMIT + 2:
        add_other()
    until("there is critical pressure", lambda: metrics(ip)[PRESSURE] == 2)
    # That it came right behind the other state hides it no more.
    until("both are said", lambda: "what idles is closed" in said.read_text()
          and "nothing new is begun" in said.read_text())
    late.send("Host: a\r\n\r\n")
    status, fields = late.answer()
    assert status == 503 and fields["connection"] == "close", (status, fields)
    assert fields["x-weir-reason"] == "overload", fields
    waits = Client(ip)
    waits.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    until("accepting pauses",
          lambda: total(metrics(ip), "weir_overload_accept_pauses_total") >= 1)
    assert is_ready(ip)
    values = metrics(ip)
    assert values["weir_descriptors_open"] <= LIMIT, values["weir_descriptors_open"]
    assert total(values, "weir_overload_reset_total") == 0, values

    for client in busy:
        client.reset()
    for other in others:
        other.close()
    assert waits.answer()[0] == 200
    until("the pressure is over", lambda: metrics(ip)[PRESSURE] == 0)
    # One event of each, however many looks and refusals there were; what is critical at the first
    # look has begun, too.
    told = lambda: [text.split(":")[0] for text in overload_events(ip)]
    until("it is told", lambda: "overload by descriptors is critical" in told())
    assert told().count("overload by descriptors is critical") == 1, told()
    assert told().count("overload by descriptors begins") <= 1, told()
    again = Client(ip)
    for _ in range(2):
        status, fields = again.get()
        assert status == 200 and "connection" not in fields, (status, fields)


def main():
    ip = own_address()
    origin = subprocess.Popen([sys.argv[1], "origin", "--listen", f"{ip}:9001"])
    try:
        with Weir(sys.argv[1], "http=header_timeout: 10m",
                  fragment=CONFIGURATION.format(ip=ip)) as weir:
            until("the origin answers", lambda: Client(ip).get()[0] == 200)
            scenario(ip, weir.path / "weir.log")
    finally:
        origin.kill()
    shed = [line for line in map(json.loads, weir.log) if line["ended"]["why"] == "overload"]
    assert [line["status"] for line in shed] == [503], shed


main()
