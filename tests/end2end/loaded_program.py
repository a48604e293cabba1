"""A program that has loaded the window and the engine, and forks itself into a program of its own at each request.

To load torch takes seconds; a forked program has its own process number, signals, environment and end like one that
was launched. Started as `python -m tests.end2end.loaded_program NUMBER`, with the number of the socket to its client.
"""

import gc
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from types import ModuleType

import gan_studio.app
import gan_studio.cli.main
import gan_studio.engine.explore.sampler
import gan_studio.engine.library.looking
import gan_studio.engine.qt_threads
import gan_studio.engine.training.job
import gan_studio.ui.first_paint
import gan_studio.ui.main_window
import gan_studio.ui.session.studio_session  # noqa: F401  (loaded for those that are forked)


def serve(client: socket.socket) -> str:
    """Fork at each request until the client is gone; return, in a forked program only, the text that it is to run."""
    signal.signal(signal.SIGCHLD, _bury)
    gc.freeze()  # pages that no collection touches stay shared
    while True:
        content, files, _, _ = socket.recv_fds(client, 2**20, 3)
        if not content:
            sys.exit()
        if os.fork() == 0:
            client.close()
            return _keep(json.loads(content), *files)
        for file in files:
            os.close(file)


def _bury(*_: object) -> None:
    """Take the exit status of keepers that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _keep(request: dict[str, object], out: int, err: int, status: int) -> str:
    """Fork the program itself, wait for its end, and tell its number and its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    begun = os.fork()
    if begun == 0:
        return _become(request, out, err, status)
    for file in (out, err):
        os.close(file)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.write(status, f"{begun}\n".encode())
    _, ended = os.waitpid(begun, 0)
    os.write(status, f"{os.waitstatus_to_exitcode(ended)}\n".encode())
    os._exit(0)


def _become(request: dict[str, object], out: int, err: int, status: int) -> str:
    """Take the outputs, environment and arguments of the request."""
    os.close(status)
    for file, number in ((out, 1), (err, 2)):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(request["environment"])  # type: ignore[arg-type]
    sys.argv = ["-c", *request["arguments"]]  # type: ignore[misc]
    return str(request["text"])


if __name__ == "__main__":
    to_be_run = serve(socket.socket(fileno=int(sys.argv[1])))
    sys.modules["__main__"] = ModuleType("__main__")
    exec(compile(to_be_run, "<string>", "exec"), vars(sys.modules["__main__"]))
