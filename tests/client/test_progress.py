"""The command on a terminal: bars that move, and a password that is not shown."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
import time
from pathlib import Path

from tests.client.conftest import PASSWORD, Platform
from tests.client.shell import Shell
from tests.conftest import IMPORTS

SECONDS = 60.0
ROWS = 2000


class Terminal:
    """A terminal with a process in it."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.said = ""
        program = [sys.executable, "-c", "from thedata_client.command.main import main; main()", *arguments]
        path = os.pathsep.join([IMPORTS, str(Path("client/src").resolve())])
        environment = {
            "PYTHONPATH": path,
            "XDG_CONFIG_HOME": str(home),
            "TERM": "xterm",
            "COLUMNS": "120",
            "PATH": os.environ["PATH"],
        }
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.execve(program[0], program, environment)

    def until(self, text: str) -> None:
        """Waits until the process has said something."""
        end = time.monotonic() + SECONDS
        while text not in self.said:
            assert time.monotonic() < end, self.said
            self._read(1)

    def until_hidden(self) -> None:
        """Waits until what is typed is not shown."""
        end = time.monotonic() + SECONDS
        while termios.tcgetattr(self._terminal)[3] & termios.ECHO:
            assert time.monotonic() < end, self.said
            self._read(0.01)

    def type(self, text: str) -> None:
        """Types."""
        os.write(self._terminal, text.encode())

    def interrupted(self) -> int:
        """Types Ctrl-C, as somebody would until it is heard; returns the exit code."""
        end = time.monotonic() + SECONDS
        heard = False
        while not heard:
            assert time.monotonic() < end, self.said
            self.type("\x03")
            again = time.monotonic() + 3
            while time.monotonic() < again and not (heard := not self._read(1)):
                pass
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def ended(self) -> int:
        """Waits until the process has ended; returns its exit code."""
        end = time.monotonic() + SECONDS
        while self._read(1):
            assert time.monotonic() < end, self.said
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _read(self, seconds: float) -> bool:
        if not select.select([self._terminal], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self._terminal, 65536)
        except OSError:  # Linux says so that the other side has closed
            return False
        self.said += piece.decode(errors="replace")
        return bool(piece)


def test_a_login_and_a_run_on_a_terminal(platform: Platform, tmp_path: Path) -> None:
    with platform.client("terminal") as client:
        email = client.auth.get_current_user().user.email
        path = platform.files / "many.csv"
        path.write_text("id\n" + "".join(f"{n}\n" for n in range(ROWS)))
        source = client.sources.create("many", "files", {"path": str(path)})
        store = client.sources.create("store", "analytics", {})
        client.pipelines.create("many", source.id, store.id)
    terminal = Terminal(tmp_path, "login", platform.address)
    terminal.until("E-mail")
    terminal.type(f"{email}\n")
    terminal.until("Password")
    terminal.until_hidden()
    terminal.type(f"{PASSWORD}\n")
    assert terminal.ended() == 0
    assert PASSWORD not in terminal.said
    terminal = Terminal(tmp_path, "pipelines", "start", "many", "--wait")
    assert terminal.ended() == 0
    assert f"{ROWS}/{ROWS}" in terminal.said
    assert "━" in terminal.said
    assert "succeeded" in terminal.said


def test_ctrl_c_ends_with_130(platform: Platform, tmp_path: Path) -> None:
    with platform.client("impatient") as client:
        email = client.auth.get_current_user().user.email
        source = client.sources.create("few", "files", {"path": "none.csv"})
        store = client.sources.create("store", "analytics", {})
        pipeline = client.pipelines.create("few", source.id, store.id)
        client.pipelines.start(pipeline.id).wait(check=False)
    Shell(platform, tmp_path).log_in(email)
    terminal = Terminal(tmp_path, "pipelines", "logs", "few", "-F")
    terminal.until("Run failed")
    assert terminal.interrupted() == 130
    assert "Traceback" not in terminal.said
