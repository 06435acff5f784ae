"""The beginning of PostgreSQL's protocol, as a server and clients of tests speak it."""
import socket
import ssl
import struct

from tls import Origin, TlsClient

SSL_REQUEST = struct.pack(">II", 8, 80877103)
GSS_REQUEST = struct.pack(">II", 8, 80877104)


def startup(user):
    parameters = b"user\0" + user.encode() + b"\0\0"
    return struct.pack(">II", 8 + len(parameters), 3 << 16) + parameters


def cancel_request(key):
    return struct.pack(">II", 16, 80877102) + key


def read_exactly(stream, size):
    data = b""
    while len(data) < size:
        piece = stream.recv(size - len(data))
        if not piece:
            raise EOFError(f"{len(data)} of {size} bytes")
        data += piece
    return data


class Server:
    """Answers a StartupMessage with a line: its name, whether the client came by TLS, the user."""

    def __init__(self, ip, port, name, certificate=None, answer=b"S"):
        self.name = name
        self.answer = answer
        self.cancelled = []
        self.asked = 0  # for TLS
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        Origin(ip, port, self.serve)

    def serve(self, connection):
        try:
            self.talk(connection, "plain")
        except (EOFError, ssl.SSLError, ConnectionError):
            pass

    def talk(self, stream, how):
        size, code = struct.unpack(">II", read_exactly(stream, 8))
        if code == 80877103:
            self.asked += 1
            stream.sendall(self.answer)
            if self.answer != b"S":
                return
            with self.context.wrap_socket(stream, server_side=True) as encrypted:
                self.talk(encrypted, "tls")
            return
        rest = read_exactly(stream, size - 8)
        if code == 80877102:
            self.cancelled.append(rest)
            return
        assert code == 3 << 16, code
        user = rest.split(b"\0")[1].decode()
        stream.sendall(f"{self.name} {how} {user}\n".encode())
        while data := stream.recv(65536):
            stream.sendall(data)


def begin_tls(connection, gss=False):
    if gss:
        connection.sendall(GSS_REQUEST)
        assert read_exactly(connection, 1) == b"N"
    connection.sendall(SSL_REQUEST)
    assert read_exactly(connection, 1) == b"S"


def log_in(address, user, ca=None, server_name=None, gss=False):
    """The line with which the server answers; over TLS with `ca`."""
    with socket.create_connection(address, timeout=30) as connection:
        if ca is None:
            connection.sendall(startup(user))
            return connection.makefile().readline().rstrip("\n")
        begin_tls(connection, gss)
        client = TlsClient(connection, ca, server_name)
        client.send(startup(user))
        return client.line()
