"""Figures for Prometheus: requests, how long they took, what waits, which release answers."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One application's figures; two applications in one process do not mix theirs."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ketnoi_requests",
            "Requests answered",
            ("method", "operation", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "ketnoi_request_seconds",
            "Time to answer",
            ("operation",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.running = Gauge("ketnoi_requests_running", "Requests at work", registry=self.registry)
        self.waiting = Gauge(
            "ketnoi_queue_waiting", "Work that waits", ("queue",), registry=self.registry
        )
        self.reloads = Counter(
            "ketnoi_reloads", "Releases or rows taken over", ("outcome",), registry=self.registry
        )
        self.release = Gauge(
            "ketnoi_release_in_use",
            "1 for the release in use",
            ("release",),
            registry=self.registry,
        )

    def answered(self, *, method: str, operation: str, status: int, seconds: float) -> None:
        """Count a request; ``operation`` is its id in the API's description, never an address."""
        self.requests.labels(method, operation, str(status)).inc()
        self.seconds.labels(operation).observe(seconds)

    def text(self) -> bytes:
        """The figures in Prometheus's text format."""
        return generate_latest(self.registry)
