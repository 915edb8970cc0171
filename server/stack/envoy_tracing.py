"""Envoy's part of a trace: its spans by OTLP to where the platform's own go."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import certifi

from server.settings import Settings

CLUSTER = "otlp"
TYPES = "type.googleapis.com/envoy"
SAMPLERS = f"{TYPES}.extensions.tracers.opentelemetry.samplers.v3"

Config = dict[str, Any]  # YAML of Envoy's own shape


@dataclass(frozen=True)
class Collector:
    """Where spans go, and the share of requests without a trace of their own that get one."""

    endpoint: str
    grpc: bool
    headers: dict[str, str]
    ratio: float

    @classmethod
    def of(cls, settings: Settings) -> Collector | None:
        """The one that the settings name; None without any."""
        if settings.otlp_endpoint is None:
            return None
        grpc = settings.otlp_protocol == "grpc"
        return cls(settings.otlp_endpoint, grpc, settings.otlp_header_pairs, settings.trace_sample_ratio)


def trace(config: Config, collector: Collector) -> None:
    """Has the only listener of a rendered bootstrap trace its requests; what a caller decided about sampling holds."""
    resources = config["static_resources"]
    resources["clusters"].append(_cluster(collector))
    for chain in resources["listeners"][0]["filter_chains"]:
        for filter_ in chain["filters"]:
            filter_["typed_config"]["tracing"] = {
                "provider": {"name": "envoy.tracers.opentelemetry", "typed_config": _provider(collector)},
                # What stands in a query may be a secret: the path is told without it.
                "max_path_tag_length": 0,
                "custom_tags": [{"tag": "url.path", "value": "%PATH(NQ:ORIG)%"}],
                "operation": "%REQ(X-ENVOY-ORIGINAL-METHOD?:METHOD)%",
                "upstream_operation": "to the server",
                "spawn_upstream_span": True,
            }


def _provider(collector: Collector) -> Config:
    provider: Config = {
        "@type": f"{TYPES}.config.trace.v3.OpenTelemetryConfig",
        "service_name": "thedata-gateway",
        "sampler": _sampler(collector.ratio),
    }
    if collector.grpc:
        metadata = [{"key": name, "value": value} for name, value in collector.headers.items()]
        provider["grpc_service"] = {
            "envoy_grpc": {"cluster_name": CLUSTER},
            "timeout": "5s",
            "initial_metadata": metadata,
        }
    else:
        headers = [{"header": {"key": name, "value": value}} for name, value in collector.headers.items()]
        uri = f"{collector.endpoint.rstrip('/')}/v1/traces"
        provider["http_service"] = {
            "http_uri": {"uri": uri, "cluster": CLUSTER, "timeout": "5s"},
            "request_headers_to_add": headers,
        }
    return provider


def _sampler(ratio: float) -> Config:
    # Not the connection manager's own sampling: that goes by the digits of a request's id, which a client may choose.
    share = {"numerator": round(ratio * 1_000_000), "denominator": "MILLION"}
    by_ratio = {
        "name": "envoy.tracers.opentelemetry.samplers.trace_id_ratio_based",
        "typed_config": {"@type": f"{SAMPLERS}.TraceIdRatioBasedSamplerConfig", "sampling_percentage": share},
    }
    return {
        "name": "envoy.tracers.opentelemetry.samplers.parent_based",
        "typed_config": {"@type": f"{SAMPLERS}.ParentBasedSamplerConfig", "wrapped_sampler": by_ratio},
    }


def _cluster(collector: Collector) -> Config:
    url = urlsplit(collector.endpoint)
    host, tls = url.hostname or "", url.scheme == "https"
    port = url.port or (4317 if collector.grpc else 4318)
    cluster: Config = {
        "name": CLUSTER,
        "type": "STRICT_DNS",
        "connect_timeout": "1s",
        "load_assignment": {
            "cluster_name": CLUSTER,
            "endpoints": [
                {"lb_endpoints": [{"endpoint": {"address": {"socket_address": {"address": host, "port_value": port}}}}]}
            ],
        },
    }
    if collector.grpc:
        cluster["typed_extension_protocol_options"] = {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": f"{TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        }
    if tls:
        cluster["transport_socket"] = {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": f"{TYPES}.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                "sni": host,
                "common_tls_context": {
                    "validation_context": {
                        "trusted_ca": {"filename": ssl.get_default_verify_paths().cafile or certifi.where()},
                        "match_typed_subject_alt_names": [{"san_type": "DNS", "matcher": {"exact": host}}],
                    }
                },
            },
        }
    return cluster
