"""What a run tells holds no secret: whatever a system sends back in its words is taken out before it is stored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, SecretBytes, SecretStr

from server.pipelines.model import RunFailure
from server.sync.redaction import MASK, spellings

SHORTEST = 4  # what is shorter stands in any text, and protects nothing


class Redaction:
    """Takes secrets out of texts: as they are, and as URLs, JSON and base64 have them."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in spellings(secret)}
        # The longest first, so that no rest of one is left behind by a part of it.
        pattern = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        self._pattern = re.compile(pattern) if pattern else None

    @classmethod
    def of(cls, *configs: BaseModel) -> Redaction:
        """Knows every secret of some configurations."""
        return cls({secret for config in configs for secret in _secrets(config)})

    def text(self, text: str) -> str:
        """The text without secrets."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def value(self, value: Any) -> Any:
        """A value of JSON without secrets in its texts."""
        match value:
            case str():
                return self.text(value)
            case list() | tuple():
                return [self.value(item) for item in value]
            case dict():
                return {name: self.value(item) for name, item in value.items()}
            case _:
                return value

    def failure(self, failure: RunFailure) -> RunFailure:
        """The failure without secrets in its words."""
        return replace(
            failure,
            message=self.text(failure.message),
            advice=self.text(failure.advice),
            position=self.text(failure.position),
        )


def _secrets(value: Any) -> Iterator[str]:
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case SecretBytes():
            yield value.get_secret_value().decode(errors="replace")
        case BaseModel():
            for name in type(value).model_fields:
                yield from _secrets(getattr(value, name))
        case dict():
            for item in value.values():
                yield from _secrets(item)
        case list() | tuple():
            for item in value:
                yield from _secrets(item)
