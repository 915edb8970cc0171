"""The state of the platform in messages."""

from __future__ import annotations

from dataclasses import asdict

from thedata.v1 import admin_pb2

from server import __version__
from server.live import Alive, Resume
from server.pipelines.convert import heartbeat
from server.rpc.values import duration, timestamp
from server.status.model import Component, Health, Status, Worker
from server.status.service import StatusEvent


def status_message(status: Status) -> admin_pb2.SystemStatus:
    """The state of the platform."""
    queue = status.facts.queue
    return admin_pb2.SystemStatus(
        version=__version__,
        uptime=duration(status.uptime),
        components=map(_component_message, status.components),
        health=_health(status.health),
        host=admin_pb2.HostResources(**asdict(status.host)),
        workers=map(_worker_message, status.facts.workers),
        queue=admin_pb2.QueueStatus(queued=queue.queued, oldest_age=duration(queue.oldest_age), running=queue.running),
        totals=admin_pb2.SyncTotals(**asdict(status.facts.totals)),
        time=timestamp(status.time),
    )


def watch_message(cursor: str, event: StatusEvent) -> admin_pb2.WatchSystemStatusResponse:
    """What happened to the state of the platform."""
    message = admin_pb2.WatchSystemStatusResponse(cursor=cursor)
    match event:
        case Status():
            message.status.CopyFrom(status_message(event))
        case Resume():
            message.resume.SetInParent()
        case Alive():
            message.heartbeat.CopyFrom(heartbeat())
    return message


def _component_message(component: Component) -> admin_pb2.ComponentStatus:
    return admin_pb2.ComponentStatus(
        name=component.name,
        health=_health(component.health),
        latency=duration(component.latency) if component.latency is not None else None,
        message=component.message,
        last_error=component.last_error,
        last_error_time=timestamp(component.last_error_at),
    )


def _worker_message(worker: Worker) -> admin_pb2.WorkerStatus:
    return admin_pb2.WorkerStatus(
        id=worker.id,
        host=worker.host,
        version=worker.version,
        health=_health(worker.health),
        heartbeat_time=timestamp(worker.seen_at),
        start_time=timestamp(worker.started_at),
        carried=worker.carried,
        concurrency=worker.concurrency,
    )


def _health(health: Health) -> admin_pb2.ComponentHealth.ValueType:
    return admin_pb2.ComponentHealth.Value(f"COMPONENT_HEALTH_{health.name}")
