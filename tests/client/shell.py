"""The command as a shell calls it, within this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.client.conftest import PASSWORD, Platform


@dataclass(frozen=True)
class Said:
    """What a command has said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Somebody at a terminal, with a configuration folder of their own."""

    platform: Platform
    home: Path

    def __call__(self, *arguments: str, code: int = 0, stdin: str = "", **environment: str) -> Said:
        """Runs `thedata ...`; it must end with the exit code."""
        from thedata_client.command.main import app

        variables = {"XDG_CONFIG_HOME": str(self.home), "COLUMNS": "200", "NO_COLOR": "1", **environment}
        result = CliRunner().invoke(app, list(arguments), input=stdin, env=variables)
        assert result.exit_code == code, (arguments, result.exit_code, result.output, result.exception)
        return Said(result.exit_code, result.stdout, result.stderr)

    def log_in(self, email: str) -> None:
        """Logs in with the tests' password."""
        self("login", self.platform.address, "--email", email, stdin=f"{PASSWORD}\n")
