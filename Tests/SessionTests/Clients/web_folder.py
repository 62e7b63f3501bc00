"""A folder of the web on a free port of this machine: takes files by PUT, and gives them by GET.

It serves the folder that it is started in, and prints its address.
"""

import functools
import http.server
import os
import pathlib
import urllib.parse


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_PUT(self):
        path = pathlib.Path(self.translate_path(urllib.parse.urlsplit(self.path).path))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        os.replace(part, path)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=os.getcwd()))
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
