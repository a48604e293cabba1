"""Programs of their own that tests begin: launched, or forked from one that has everything loaded."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CAN_FORK = sys.platform == "linux"
"""macOS does not allow a program that has loaded its own libraries to fork."""


def launch(begin: list[str], arguments: list[str], **environment: str) -> "subprocess.Popen[str]":
    """Launch a program: Python with what it begins with and its arguments."""
    return subprocess.Popen(
        [sys.executable, *begin, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Forked:
    """A program that is forked from the loaded one; it is used like a subprocess.Popen.

    Attributes:
        pid: its process number.
        returncode: its exit code once it has ended and somebody has waited, negative where a signal ended it.
        stdout: what it prints.
    """

    def __init__(self, text: str, arguments: list[str], **environment: str) -> None:
        self.returncode: int | None = None
        reading, writing = os.pipe()
        self._status, status = os.pipe()
        self._told = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by communicate)
        request = {
            "text": text,
            "arguments": arguments,
            "environment": {**os.environ, "PYTHONPATH": str(ROOT), **environment},
        }
        socket.send_fds(_loaded_program(), [json.dumps(request).encode()], [writing, self._told.fileno(), status])
        for file in (writing, status):
            os.close(file)
        self.stdout = os.fdopen(reading)
        self.pid = int(self._next_line())

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it for good."""
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.returncode = int(self._next_line())
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit code.

        Raises:
            subprocess.TimeoutExpired: it runs still.
        """
        if self.returncode is None:
            if timeout is not None and not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a forked program", timeout)
            self.returncode = int(self._next_line())
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; return the rest of what it printed, and what it told on stderr."""
        self.wait(timeout)
        if self._told.closed:
            return "", ""
        with self.stdout, self._told:
            self._told.seek(0)
            printed = self.stdout.read(), self._told.read()
        os.close(self._status)
        return printed

    def _next_line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            part = os.read(self._status, 1)
            if not part:
                raise ChildProcessError("the loaded program is gone")
            line += part
        return line


@cache
def _loaded_program() -> socket.socket:
    """Launch the program that is forked, once for all tests of this process; it ends with it."""
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        command = [sys.executable, "-m", "tests.end2end.loaded_program", str(its.fileno())]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        process = subprocess.Popen(command, env=environment, pass_fds=[its.fileno()], stdout=subprocess.DEVNULL)

    def end() -> None:
        mine.close()
        process.wait()

    atexit.register(end)
    return mine
