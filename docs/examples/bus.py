"""Talks to a bunctl daemon: a client of the Vert.x TCP event-bus bridge, standard library only.

Usage: python3 bus.py status | stop NAME... | watch

Over its Unix socket; or, when BUNCTL_HOST (host:port) is set, over TCP with TLS, the token in BUNCTL_TOKEN, and
BUNCTL_CA, a PEM file with the certificate that is expected there (tls/certificate.pem in the daemon's home).
"""

import json
import os
import pathlib
import socket
import ssl
import struct
import sys


def unix_socket():
    home = os.environ.get("BUNCTL_HOME") or pathlib.Path.home() / ".bunctl"
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connected.connect(str(pathlib.Path(home) / "run" / "bunctl.sock"))
    return connected


def tls_socket(where, certificate):
    host, _, port = where.rpartition(":")
    context = ssl.create_default_context(cafile=certificate)
    return context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=host)


class Bus:
    def __init__(self, connected):
        self._socket = connected
        self._stream = self._socket.makefile("rb")
        self._last_reply = 0

    @classmethod
    def connect(cls):
        where = os.environ.get("BUNCTL_HOST")
        if not where:
            return cls(unix_socket())
        bus = cls(tls_socket(where, os.environ["BUNCTL_CA"]))
        bus.request("bunctl.v1.login", {"version": 1, "token": os.environ["BUNCTL_TOKEN"]})
        return bus

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()
        self._socket.close()

    def write(self, frame):
        body = json.dumps(frame).encode()
        self._socket.sendall(struct.pack(">I", len(body)) + body)

    def read(self):
        """Waits for the next frame; None when the daemon has closed."""
        head = self._stream.read(4)
        if len(head) < 4:
            return None
        return json.loads(self._stream.read(struct.unpack(">I", head)[0]))

    def request(self, address, body):
        """Sends a body and waits for the reply to it."""
        self._last_reply += 1
        reply_address = f"r{self._last_reply}"
        self.write({"type": "send", "address": address, "replyAddress": reply_address, "body": body})
        while (frame := self.read()) is not None:
            if frame["type"] == "err" and frame.get("address") in (None, reply_address):
                raise RuntimeError(frame["message"])
            if frame.get("address") == reply_address:
                return frame["body"]
        raise ConnectionError("connection closed")

    def command(self, name, **members):
        """Sends one typed command and waits for its answer."""
        return self.request("bunctl.v1.command", {"version": 1, "command": name, **members})

    def events(self, address="bunctl.v1.events"):
        """Yields every body that is published there."""
        self.write({"type": "register", "address": address})
        while (frame := self.read()) is not None:
            if frame["type"] == "message":
                yield frame["body"]


if __name__ == "__main__":
    what, *names = sys.argv[1:] or ["status"]
    with Bus.connect() as bus:
        if what == "watch":
            for event in bus.events():
                print(json.dumps(event), flush=True)
        else:
            members = {"apps": names} if names else {}
            print(json.dumps(bus.command(what, **members)))
