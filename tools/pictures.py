"""`python -m tools.pictures ADDRESS UPLOADS`: draws docs/images/command-*.svg from real runs of the command.

The address is of a platform that may be written to, such as `make run`'s, the second argument its folder of uploads;
somebody new is registered there.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.text import Text
from thedata_client import Client, Tokens
from thedata_client.command.profiles import FileTokens, Profile

IMAGES = Path(__file__).parents[1] / "docs" / "images"
COLUMNS = 108
ROWS = 200_000
SECONDS = 120.0
FONT_FACE = re.compile(r" *@font-face {.*?}\n", re.DOTALL)  # a picture loads nothing from elsewhere
CURSOR_UP = re.compile(r"\x1b\[(\d*)A")
CONTROL = re.compile(r"\x1b\[(\?\d+[hl]|\d*[JKA])")
SOURCES = """sources:
  flights:
    connector: files
    config: {path: flights.csv}
  lake:
    connector: analytics
pipelines:
  flights:
    source: flights
    destination: lake
"""


class Shell:
    """Somebody at a terminal."""

    def __init__(self, home: Path) -> None:
        self._environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "XDG_CONFIG_HOME": str(home),
            "TERM": "xterm-256color",
            "COLUMNS": str(COLUMNS),
        }
        self.said: list[str] = []

    def run(self, command: str) -> None:
        """Runs a command and keeps what the terminal shows at its end."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe("thedata", shlex.split(command), self._environment)
        said, end = b"", time.monotonic() + SECONDS
        while time.monotonic() < end:
            if select.select([terminal], [], [], 1)[0]:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:  # Linux says so that the other side has closed
                    break
                said += piece
        os.close(terminal)
        os.waitpid(pid, 0)
        self.said.append(f"\x1b[1m$ {command}\x1b[0m\n{shown(said.decode())}")

    def draw(self, name: str, title: str) -> None:
        """Draws what was said since the last picture."""
        console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
        console.print(Text.from_ansi("\n".join(self.said).rstrip()))
        self.said.clear()
        # The same picture has the same names inside, so that it changes only when what it shows does.
        drawn = FONT_FACE.sub("", console.export_svg(title=title, unique_id=name))
        (IMAGES / f"{name}.svg").write_text(drawn)


def shown(said: str) -> str:
    """The lines that a terminal shows at the end, of what a program that moves the cursor up has written."""
    lines: list[str] = []
    for line in said.replace("\r\n", "\n").split("\n"):
        for up in CURSOR_UP.findall(line):
            del lines[len(lines) - int(up or 1) :]
        lines.append(CONTROL.sub("", line.rpartition("\r")[2]))
    return "\n".join(lines)


def main(address: str, uploads: Path) -> None:
    """Draws the pictures."""
    IMAGES.mkdir(exist_ok=True)
    uploads.mkdir(exist_ok=True)
    lines = (f"{n},{('JFK', 'LGA', 'EWR')[n % 3]},{n % 97}\n" for n in range(ROWS))
    (uploads / "flights.csv").write_text("id,origin,delay\n" + "".join(lines))
    with tempfile.TemporaryDirectory() as folder, Client(address) as client:
        os.chdir(folder)
        os.environ["XDG_CONFIG_HOME"] = folder
        Path("pipelines.yaml").write_text(SOURCES)
        Profile("default", address).write()
        session = client.register(f"ann-{uuid4().hex[:6]}@example.com", uuid4().hex, full_name="Ann")
        FileTokens("default").write(Tokens.of(session))
        shell = Shell(Path(folder))
        shell.run("thedata apply -f pipelines.yaml")
        text = Path("pipelines.yaml").read_text()
        Path("pipelines.yaml").write_text(text + "    priority: high\n    schedule: {interval: 3600s}\n")
        shell.run("thedata apply -f pipelines.yaml --dry-run")
        shell.run("thedata apply -f pipelines.yaml")
        shell.draw("command-apply", "thedata apply")
        shell.run("thedata pipelines start flights --wait")
        shell.run("thedata query flights --group-by origin --measure count --measure avg:delay --order-by origin")
        shell.run("thedata pipelines list")
        shell.draw("command-run", "thedata pipelines")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).absolute())
