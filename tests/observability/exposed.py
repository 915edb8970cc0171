"""What dashboards and alerts ask Prometheus for."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy" / "observability"
DASHBOARDS = sorted((DEPLOY / "dashboards").glob("*.json"))
RULES = sorted((DEPLOY / "rules").glob("*.rules.yaml"))

_METRIC = re.compile(r"\b((?:thedata|process|python)_[a-z_]+)(?:\{([^}]*)\})?")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_GROUPED = re.compile(r"\b(?:by|on|ignoring|without)\s*\(([^)]*)\)")


def expressions() -> Iterator[str]:
    """Every PromQL expression of the deployment."""
    for path in DASHBOARDS:
        yield from _expressions(json.loads(path.read_text()))
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from (rule["expr"] for rule in group["rules"])


def named_by_deployments() -> dict[str, set[str]]:
    """The metrics that expressions name, each with the labels that it is asked by."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for expression in expressions():
        grouped = {label.strip() for group in _GROUPED.findall(expression) for label in group.split(",")}
        for name, selector in _METRIC.findall(expression):
            found[name] |= set(_LABEL.findall(selector)) | (grouped - {"", "le"})
    return dict(found)


def _expressions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "expr" or (key == "query" and isinstance(item, str)):
                yield item
            else:
                yield from _expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _expressions(item)
