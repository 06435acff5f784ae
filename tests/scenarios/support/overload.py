"""What tests of overload have in common: clients that send what they like, and metrics."""
import json
import socket
import struct
import time
import urllib.request


def until(what, condition, seconds=30):
    """The first true value of `condition()`."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return value


def metrics(ip):
    with urllib.request.urlopen(f"http://{ip}:9901/metrics", timeout=20) as page:
        lines = page.read().decode().splitlines()
    values = {}
    for line in lines:
        if not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            values[name] = float(value)
    return values


def overload_events(ip):
    with urllib.request.urlopen(f"http://{ip}:9901/events?json", timeout=20) as page:
        return [event["event"] for event in json.load(page) if event["part"] == "overload"]


def total(values, name):
    """Over all labels."""
    return sum(value for key, value in values.items() if key.split("{")[0] == name)


def is_ready(ip):
    with urllib.request.urlopen(f"http://{ip}:9901/ready", timeout=20) as page:
        return page.status == 200


def end_with_reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Client:
    def __init__(self, ip, port=8080):
        self.socket = socket.create_connection((ip, port), timeout=30)

    def send(self, text):
        self.socket.sendall(text.encode())

    def get(self, path="/"):
        self.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
        return self.answer()

    def answer(self):
        """(status, fields) of the next response, whose body is read too."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(65536)
            assert more, f"the connection ended: {data!r}"
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        lines = head.decode().lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:])
        while len(body) < int(fields["content-length"]):
            body += self.socket.recv(65536)
        return int(lines[0].split()[1]), fields

    def ended(self):
        """Waits for the end of the connection, without an answer before it."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def reset(self):
        """Closes so that the response is no longer waited for, which a mere end does not say."""
        end_with_reset(self.socket)
        self.socket.close()
