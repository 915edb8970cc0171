"""Who is logged in where, in a file that only its owner can read."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from thedata_client.tokens import Tokens

FILE = "profiles.json"


def folder() -> Path:
    """Where the command keeps its files: `$XDG_CONFIG_HOME/thedata`, or `~/.config/thedata`."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "thedata"


@dataclass
class Profile:
    """One of the places where somebody is logged in."""

    name: str
    address: str = ""
    ca_file: str | None = None
    organization: str | None = None

    @classmethod
    def read(cls, name: str) -> Profile:
        """The profile; an empty one where there is none of that name."""
        kept = _read().get(name, {})
        return cls(name, kept.get("address", ""), kept.get("ca_file"), kept.get("organization"))

    def write(self) -> None:
        """Keeps the profile; its tokens stay as they are."""
        with _changed() as all_:
            kept = asdict(self)
            del kept["name"]
            all_.setdefault(self.name, {}).update(kept)


class FileTokens:
    """A profile's tokens. Processes that renew them take turns: a refresh token works once."""

    def __init__(self, profile: str) -> None:
        self._profile = profile

    def read(self) -> Tokens | None:
        """The tokens; None: nobody is logged in."""
        kept = _read().get(self._profile, {}).get("tokens")
        return Tokens(**kept) if kept else None

    def write(self, tokens: Tokens | None) -> None:
        """Keeps the tokens; None: forgets them."""
        with _changed() as all_:
            all_.setdefault(self._profile, {})["tokens"] = asdict(tokens) if tokens else None

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Waits until no other process renews tokens."""
        with _locked("renewing"):
            yield


class FileKey:
    """A profile's API key."""

    def __init__(self, profile: str) -> None:
        self._profile = profile

    def read(self) -> str | None:
        """The key; None: it has none."""
        key: str | None = _read().get(self._profile, {}).get("key")
        return key

    def write(self, key: str | None) -> None:
        """Keeps the key; None: forgets it."""
        with _changed() as all_:
            all_.setdefault(self._profile, {})["key"] = key


def _read() -> dict[str, dict[str, Any]]:
    try:
        kept: dict[str, dict[str, Any]] = json.loads((folder() / FILE).read_text())
    except FileNotFoundError:
        return {}
    return kept


@contextmanager
def _changed() -> Iterator[dict[str, dict[str, Any]]]:
    with _locked("writing"):
        kept = _read()
        yield kept
        path = folder() / FILE
        new = path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file, indent=2)
        new.replace(path)  # who reads meanwhile reads the one or the other, whole


@contextmanager
def _locked(name: str) -> Iterator[None]:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder() / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
