"""What goes wrong with pipelines and runs."""

from __future__ import annotations

from uuid import UUID

from server.errors import Failure, Kind


class RunInFlight(Failure):
    """There is a run that has not ended."""

    kind, reason = Kind.PRECONDITION, "RUN_IN_FLIGHT"

    def __init__(self, run_id: UUID) -> None:
        super().__init__("A run is queued or running; wait for its end, or stop it.", metadata={"run_id": str(run_id)})


class PipelinePaused(Failure):
    """Nothing may start by itself."""

    kind, reason = Kind.PRECONDITION, "PIPELINE_PAUSED"

    def __init__(self) -> None:
        super().__init__("The pipeline is paused; ResumePipeline ends that.")


class WebhookRefused(Failure):
    """The message is not signed as it must be; it is not told whether there is such a webhook."""

    kind, reason = Kind.UNAUTHENTICATED, "WEBHOOK_REFUSED"

    def __init__(self) -> None:
        super().__init__("The message is not signed for a webhook of this pipeline, or not now.")


class NoRunInFlight(Failure):
    """There is nothing to stop."""

    kind, reason = Kind.PRECONDITION, "NO_RUN_IN_FLIGHT"

    def __init__(self) -> None:
        super().__init__("The pipeline has no run that could be stopped.")
