#!/usr/bin/python3
"""curl through the proxy to a real nginx, which serves files, ranges and uploads.

   nginx_test.py WEIR
"""
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from weir_process import Weir, own_address  # noqa: E402

NGINX = """
daemon off;
pid {directory}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{}}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  gzip on;
  gzip_min_length 1;
  gzip_types text/plain;
  server {{
    listen {address}:7001;
    root {directory}/files;
    client_max_body_size 1m;
    location /upload {{
      client_body_in_file_only clean;
      proxy_pass http://{address}:7002;
    }}
    location /moved {{ return 301 /small.txt; }}
  }}
  server {{
    listen {address}:7002;
    client_max_body_size 0;
    location / {{ return 200 "$http_content_length\\n"; }}
  }}
}}
"""


def wait_for(address, port):
    for _ in range(200):
        try:
            socket.create_connection((address, port), timeout=1).close()
            return
        except ConnectionRefusedError:
            subprocess.run(["sleep", "0.05"], check=True)
    sys.exit("nginx does not listen")


def curl(*arguments, status=0):
    result = subprocess.run(["curl", "-s", "--max-time", "30", *arguments], capture_output=True)
    assert result.returncode == status, (arguments, result)
    return result.stdout


def main():
    address = own_address()
    with tempfile.TemporaryDirectory(prefix="nginx.") as name:
        directory = Path(name)
        files = directory / "files"
        files.mkdir()
        directory.chmod(0o755)
        (files / "small.txt").write_text("hello\n" * 100)
        large = os.urandom(20_000_000)
        (files / "large.bin").write_bytes(large)
        (directory / "nginx.conf").write_text(NGINX.format(directory=directory, address=address))
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", directory, "-c",
                                  directory / "nginx.conf"])
        try:
            wait_for(address, 7001)
            with Weir(sys.argv[1], f"{address}:7001") as weir:
                check(f"http://{weir.ip}:8080", large, directory)
            assert len(weir.log) >= 12, weir.log
            assert all('"by":"upstream"' in line for line in weir.log), weir.log
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def check(web, large, directory):
    assert curl(f"{web}/small.txt") == b"hello\n" * 100
    assert curl("-I", f"{web}/small.txt").startswith(b"HTTP/1.1 200 OK\r\n")
    assert curl("--http1.0", f"{web}/small.txt") == b"hello\n" * 100
    # nginx compresses on the fly, in chunks.
    assert curl("--compressed", f"{web}/small.txt") == b"hello\n" * 100
    assert curl(f"{web}/large.bin") == large
    assert curl("-r", "1000-1999", f"{web}/large.bin") == large[1000:2000]
    assert curl("-o", "/dev/null", "-w", "%{http_code}", f"{web}/none") == b"404"
    assert curl("-L", "-w", "%{http_code} %{num_redirects}", "-o", "/dev/null",
                f"{web}/moved") == b"200 1"
    tag = curl("-o", "/dev/null", "-w", "%header{etag}", f"{web}/small.txt")
    if tag:
        assert curl("-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {tag.decode()}",
                    f"{web}/small.txt") == b"304"

    upload = directory / "upload.bin"
    upload.write_bytes(large[:900_000])
    assert curl("-T", upload, f"{web}/upload") == b"900000\n"
    # Without a length, in chunks; nginx knows it in the end.
    assert curl("-H", "Transfer-Encoding: chunked", "-H", "Expect: 100-continue", "--data-binary",
                f"@{upload}", f"{web}/upload") == b"900000\n"
    # Over nginx's limit: it answers before the body is complete.
    upload.write_bytes(large)
    assert curl("-T", upload, "-o", "/dev/null", "-w", "%{http_code}", f"{web}/upload") == b"413"

    # Several at once on kept connections
    urls = [f"{web}/small.txt"] * 50
    out = curl("--parallel", "--parallel-max", "10", *urls)
    assert out == b"hello\n" * 100 * 50


main()
