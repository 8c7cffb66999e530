"""A line that is cut: a proxy on this machine that loses requests and answers by chance."""

import contextlib
import random
import socket
import threading
from collections import Counter

CUTS = ("through", "before", "inside_request", "before_answer", "inside_answer")
"""Where the line is cut: not at all; before the server hears of it; in the middle of the request;
after it has done the work and before anything is said; in the middle of the answer."""
WEIGHTS = (40, 10, 10, 25, 15)
CHUNK = 65_536


class Proxy:
    """Listens on a free port and passes on to another; each connection is cut as chance says."""

    def __init__(self, port, *, seed):
        self.to, self.chance, self.cuts = port, random.Random(seed), Counter()
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        # A last connection lets the one who waits for the next see that it is over.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        self.thread.join(timeout=10)
        self.listener.close()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            if self.ending.is_set():
                client.close()
                return
            with self.lock:
                cut = self.chance.choices(CUTS, WEIGHTS)[0]
                self.cuts[cut] += 1
                share = self.chance.random()
            threading.Thread(target=self._pass, args=(client, cut, share), daemon=True).start()

    def _pass(self, client, cut, share):
        with contextlib.closing(client), contextlib.suppress(OSError):
            client.settimeout(60)
            request = _whole_message(client)
            if cut == "before" or not request:
                return
            with socket.create_connection(("127.0.0.1", self.to), timeout=60) as server:
                if cut == "inside_request":
                    server.sendall(request[: max(1, int(len(request) * share))])
                    return
                server.sendall(request)
                answer = _whole_message(server)
                if cut == "inside_answer":
                    client.sendall(answer[: int(len(answer) * share)])
                elif cut == "through":
                    client.sendall(answer)


def _whole_message(stream):
    """Read a message of HTTP with the length that it states."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = stream.recv(CHUNK)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":", 1)[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    missing = (lengths[0] if lengths else 0) - len(body)
    while missing > 0:
        part = stream.recv(CHUNK)
        if not part:
            break
        data, missing = data + part, missing - len(part)
    return data
