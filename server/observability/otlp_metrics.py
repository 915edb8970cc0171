"""Sends the same metrics by OTLP that Prometheus scrapes: there is one registry, and no second set of instruments."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample

from server import __version__
from server.observability.tracing import EXPORT_SECONDS, resource_of
from server.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import Metric as OtlpMetric
    from opentelemetry.sdk.metrics.export import MetricExporter, MetricsData

log = structlog.get_logger("metrics")

Labels = tuple[tuple[str, str], ...]


class OtlpMetrics:
    """Sends a registry every so often."""

    def __init__(self, registry: CollectorRegistry, settings: Settings, role: str) -> None:
        self._registry = registry
        self._role = role
        self._interval = settings.otlp_interval_seconds
        self._started = time.time_ns()
        self._exporter = _exporter(settings)

    async def run(self) -> None:
        """Sends until it is cancelled; what can't be sent now is in the next sending, as all figures are totals."""
        while True:
            await asyncio.sleep(self._interval)
            await asyncio.to_thread(self.send)

    def send(self) -> None:
        """Sends once."""
        from opentelemetry.sdk.metrics.export import MetricExportResult

        if self._exporter.export(self.data(), timeout_millis=EXPORT_SECONDS * 1000) is not MetricExportResult.SUCCESS:
            log.warning("metrics_not_sent")

    async def close(self) -> None:
        """Sends for the last time."""
        await asyncio.to_thread(self.send)
        await asyncio.to_thread(self._exporter.shutdown, EXPORT_SECONDS * 1000)

    def data(self) -> MetricsData:
        """The registry of now, as OpenTelemetry has it."""
        from opentelemetry.sdk.metrics.export import MetricsData, ResourceMetrics, ScopeMetrics
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        at = time.time_ns()
        metrics = [found for family in self._registry.collect() for found in self._converted(family, at)]
        scope = ScopeMetrics(InstrumentationScope("thedata", __version__), metrics, "")
        return MetricsData([ResourceMetrics(resource_of(self._role), [scope], "")])

    def _converted(self, family: Metric, at: int) -> Iterator[OtlpMetric]:
        from opentelemetry.sdk.metrics.export import (
            AggregationTemporality,
            Gauge,
            Histogram,
            HistogramDataPoint,
            NumberDataPoint,
            Sum,
        )
        from opentelemetry.sdk.metrics.export import Metric as OtlpMetric

        samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
        if not samples:
            return
        cumulative = AggregationTemporality.CUMULATIVE
        data: Gauge | Sum | Histogram
        if family.type == "histogram":
            points = [
                HistogramDataPoint(
                    dict(labels), self._started, at, found.count, found.sum, found.counts, found.bounds, 0, 0
                )
                for labels, found in _histograms(samples).items()
            ]
            data = Histogram(points, cumulative)
        else:
            numbers = [NumberDataPoint(sample.labels, self._started, at, sample.value) for sample in samples]
            data = Sum(numbers, cumulative, is_monotonic=True) if family.type == "counter" else Gauge(numbers)
        yield OtlpMetric(family.name, family.documentation, "s" if family.name.endswith("_seconds") else "", data)


class _Histogram:
    """The samples of one histogram, taken apart: OTLP has a count for each bucket, Prometheus all up to its bound."""

    def __init__(self) -> None:
        self.bounds: list[float] = []
        self.counts: list[int] = []
        self.sum = 0.0
        self._below = 0

    @property
    def count(self) -> int:
        """All that were observed."""
        return self._below

    def take(self, sample: Sample) -> None:
        """Takes a sample, in the order of the bounds."""
        if sample.name.endswith("_bucket"):
            bound = float(sample.labels["le"])
            self.counts.append(int(sample.value) - self._below)
            self._below = int(sample.value)
            if bound != float("inf"):
                self.bounds.append(bound)
        elif sample.name.endswith("_sum"):
            self.sum = sample.value


def _histograms(samples: list[Sample]) -> Mapping[Labels, _Histogram]:
    found: dict[Labels, _Histogram] = {}
    for sample in samples:
        labels = tuple((name, value) for name, value in sorted(sample.labels.items()) if name != "le")
        found.setdefault(labels, _Histogram()).take(sample)
    return found


def _exporter(settings: Settings) -> MetricExporter:
    endpoint, headers = settings.otlp_endpoint, settings.otlp_header_pairs
    assert endpoint
    options: dict[str, Any] = {"headers": headers, "timeout": EXPORT_SECONDS}
    if settings.otlp_protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter

        return OTLPMetricExporter(endpoint, insecure=endpoint.startswith("http://"), **options)
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as OverHttp

    return OverHttp(f"{endpoint.rstrip('/')}/v1/metrics", **options)
