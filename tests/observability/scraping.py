"""What Prometheus gets."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True)
class Scraped:
    """The samples of one scrape."""

    samples: dict[tuple[str, frozenset[tuple[str, str]]], float]

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.samples}

    def labels(self, name: str) -> set[str]:
        return {label for found, labels in self.samples if found == name for label, _ in labels}

    def value(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples that have these labels; it must have one."""
        found = [
            value
            for (sample, having), value in self.samples.items()
            if sample == name and labels.items() <= dict(having).items()
        ]
        assert found, f"{name} {labels} is none of {sorted(self.names)}"
        return sum(found)


async def scraped(port: int | None) -> Scraped:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    families = list(text_string_to_metric_families(answer.text))
    return Scraped({(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples})
