"""Secrets that this process knows, and the one place where its logs, runs' logs and traces lose them."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from server.settings import Settings
from server.sync.redaction import MASK, SECRET_KEY, spellings, suspicious, without_shapes

SHORTEST = 6  # a shorter one would take words out of every line, and is no secret worth the name
MOST = 1000
PLATFORM = ""  # the owner of what every log must not tell

_PLAIN = (bool, int, float, type(None))


class Secrets:
    """The exact values that must not be told; of more than are kept the one that was used longest ago is forgotten.

    Each has an owner: what an organization calls a secret may be a word in everybody else's logs of runs.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[str, ...]] = OrderedDict()
        self._forms: dict[str, tuple[str, ...]] = {}
        self._all: tuple[str, ...] = ()
        self._changing = threading.Lock()

    def register(self, values: Iterable[str], owner: str = PLATFORM) -> None:
        """Notes values; those that are too short to be told from words are left to their names and shapes."""
        keys = [(owner, value) for value in values if len(value) >= SHORTEST]
        with self._changing:
            new = any(key not in self._known for key in keys)
            for key in keys:
                self._known[key] = self._known.get(key) or tuple(spellings(key[1]))
                self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            if new:
                self._forms = self._by_owner()
                self._all = tuple(form for forms in self._forms.values() for form in forms)

    def redacted(self, text: str, owner: str | None = None) -> str:
        """A text without them, and without what looks like a secret; with an owner, without that one's only."""
        forms = self._all if owner is None else (*self._forms.get(PLATFORM, ()), *self._forms.get(owner, ()))
        for form in forms:
            if form in text:
                text = text.replace(form, MASK)
        return without_shapes(text)

    def may_be_in(self, text: str) -> bool:
        """Whether `redacted` may have something to do; quick, and never wrong when it says no."""
        return suspicious(text) or any(form in text for form in self._all)

    def _by_owner(self) -> dict[str, tuple[str, ...]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for (owner, _value), forms in self._known.items():
            found[owner].update(forms)
        return {owner: tuple(sorted(forms, key=len, reverse=True)) for owner, forms in found.items()}


known = Secrets()
"""Those of this process."""


def register_settings(settings: Settings) -> None:
    """Notes the secrets of the settings, and the passwords within their URLs."""
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            text = value.get_secret_value()
            known.register([text, _password(text)])
    known.register(settings.otlp_header_pairs.values())


def redacted(value: Any, key: str = "", owner: str | None = None) -> Any:
    """A value as it may be told: nothing under a secret's name, no secret in a text, however deep."""
    if _secret_name(key) and value not in (None, "", True, False):
        return MASK
    if isinstance(value, str):
        return known.redacted(value, owner)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {name: redacted(item, str(name), owner) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(item, "", owner) for item in value]
    return known.redacted(str(value) if isinstance(value, BaseException) else repr(value), owner)


def processor(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor of structlog's chain; it stands right before the renderer, when tracebacks are texts."""
    if not _harmless(event):
        for key, value in event.items():
            event[key] = redacted(value, key)
    return event


class Filter(logging.Filter):
    """The same for what libraries log: their message and arguments are one text afterwards."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, without secrets."""
        record.msg, record.args = known.redacted(record.getMessage()), None
        return True


def _harmless(event: Mapping[str, Any]) -> bool:
    # The line of an ordinary call, all of it looked at in one go.
    texts = []
    for key, value in event.items():
        if _secret_name(key):
            return False
        if type(value) is str:
            texts.append(value)
        elif not isinstance(value, _PLAIN):
            return False
    return not known.may_be_in("\n".join(texts))


@lru_cache(1000)
def _secret_name(key: str) -> bool:
    return SECRET_KEY.search(key) is not None


def _password(url: str) -> str:
    """The password of a URL; empty without one."""
    try:
        return unquote(urlsplit(url).password or "")
    except ValueError:
        return ""
