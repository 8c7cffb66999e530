"""A chat of an enterprise on this machine: takes what is posted, and remembers it."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Chat:
    """What it was sent, in order, and what it answers: a status, or a function of the request."""

    def __init__(self, status=200, location=None):
        self.status, self.location = status, location
        self.bodies, self.headers, self.paths = [], [], []

    @property
    def keys(self):
        return [headers["Idempotency-Key"] for headers in self.headers]

    def handler(chat):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with chat.lock:
                    chat.bodies.append(body)
                    chat.headers.append(dict(self.headers))
                    chat.paths.append(self.path)
                status = chat.status(chat) if callable(chat.status) else chat.status
                self.send_response(status)
                if chat.location:
                    self.send_header("Location", chat.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        return Handler

    def json(self):
        return [json.loads(body) for body in self.bodies]

    @contextlib.contextmanager
    def open(self):
        self.lock = threading.Lock()
        server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.host = f"127.0.0.1:{server.server_address[1]}"
        self.url = f"http://{self.host}/hook?key=1"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
