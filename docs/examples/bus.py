"""Talks to a bunctl daemon over its Unix socket: a client of the Vert.x TCP event-bus bridge, standard library only.

Usage: python3 bus.py status | stop NAME... | watch
"""

import json
import os
import pathlib
import socket
import struct
import sys


class Bus:
    def __init__(self, path=None):
        home = os.environ.get("BUNCTL_HOME") or pathlib.Path.home() / ".bunctl"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path or pathlib.Path(home) / "run" / "bunctl.sock"))
        self._stream = self._socket.makefile("rb")
        self._last_reply = 0

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
            if frame.get("address") == reply_address:
                if frame["type"] == "err":
                    raise RuntimeError(frame["message"])
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
    with Bus() as bus:
        if what == "watch":
            for event in bus.events():
                print(json.dumps(event), flush=True)
        else:
            members = {"apps": names} if names else {}
            print(json.dumps(bus.command(what, **members)))
