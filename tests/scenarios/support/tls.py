"""TLS for tests that are programs: certificates, origins, and clients whose bytes go as they like."""
import socket
import ssl
import subprocess
import threading


def make_certificate(directory, name):
    """Of `name` alone, by itself; its file and that of its key."""
    files = directory / f"{name}.crt", directory / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
         "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


class Origin:
    """Serves connections with `serve(connection)`, each in a thread."""

    def __init__(self, ip, port, serve):
        self.serve = serve
        self.socket = socket.create_server((ip, port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection = self.socket.accept()[0]
            threading.Thread(target=self.run, args=(connection,), daemon=True).start()

    def run(self, connection):
        with connection:
            connection.settimeout(30)
            self.serve(connection)


def tls_origin(ip, port, name, certificate, protocols=()):
    """Says its name, the SNI and the protocol, then gives back what it gets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    asked = threading.local()

    def keep(_, server_name, __):
        asked.name = server_name

    context.sni_callback = keep

    def serve(connection):
        asked.name = None
        with context.wrap_socket(connection, server_side=True) as stream:
            stream.sendall(f"{name} {asked.name} {stream.selected_alpn_protocol()}\n".encode())
            while data := stream.recv(65536):
                stream.sendall(data)

    return Origin(ip, port, serve)


class TlsClient:
    """A handshake over `connection`; its ClientHello goes as `send_hello(connection, bytes)` does."""

    def __init__(self, connection, ca, server_name, protocols=(), send_hello=None):
        self.connection = connection
        self.incoming = ssl.MemoryBIO()
        self.outgoing = ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=ca)
        context.check_hostname = server_name is not None
        if protocols:
            context.set_alpn_protocols(list(protocols))
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=server_name)
        self.send_hello = send_hello
        self.step(self.tls.do_handshake)

    def step(self, action, *arguments):
        while True:
            try:
                result = action(*arguments)
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                data = self.connection.recv(65536)
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()

    def flush(self):
        data = self.outgoing.read()
        if data and self.send_hello:
            self.send_hello(self.connection, data)
            self.send_hello = None
        elif data:
            self.connection.sendall(data)

    def send(self, data):
        self.step(self.tls.write, data)

    def line(self):
        text = b""
        while not text.endswith(b"\n"):
            text += self.step(self.tls.read, 1)
        return text.decode().rstrip("\n")


def hello_of(server_name, protocols=()):
    """The bytes of a ClientHello."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(list(protocols))
    outgoing = ssl.MemoryBIO()
    tls = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=server_name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def in_records(hello, size):
    """The one record of `hello` as several of at most `size` bytes."""
    header, message = hello[:3], hello[5:]
    assert len(message) == int.from_bytes(hello[3:5], "big")
    pieces = [message[at:at + size] for at in range(0, len(message), size)]
    return b"".join(header + len(piece).to_bytes(2, "big") + piece for piece in pieces)
