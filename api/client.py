"""A small typed client of the API, thin over httpx.

>>> with Client("http://127.0.0.1:8000", key="ktn_…") as ketnoi:  # doctest: +SKIP
...     for item in ketnoi.shortlist("C0061", top=5)["items"]:
...         print(item["rank"], item["name"])
"""

import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import httpx

from data.errors import KetnoiError

Json = dict[str, Any]
Format = Literal["xlsx", "docx", "csv"]
ATTEMPTS = 4
_REPEATABLE = ("/search", "/leads", "/contacts", "/imports", "/organisations", "/users")
"""Where a POST may be sent again after a broken line: it makes nothing, or nothing twice."""


class ApiProblem(KetnoiError):
    """The service refused: ``status``, a stable ``code``, the text in the client's language."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        super().__init__(str(document.get("code", "http")), str(document.get("detail", "")))
        self.status = status
        self.document = dict(document)


class Client:
    """Speaks to one service with one key; close it, or use it in a `with` block.

    Reads and creates are tried again when the service is busy or the line breaks: creates carry an
    Idempotency-Key, so that nothing is made twice.

    Args:
        url: the service's address, without /api/v1.
        key: an API key, ktn_….
        language: "vi" or "en", for texts and exports.
        http: a client of one's own, such as a test's.
    """

    def __init__(
        self, url: str, *, key: str, language: str = "en", http: httpx.Client | None = None
    ) -> None:
        self._http = http or httpx.Client(timeout=60)
        self._base = f"{url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def me(self) -> Json:
        """For whom the key speaks."""
        return self._json("GET", "/me")

    def calls(self, **filters: str | int) -> Iterator[Json]:
        """All calls, page after page; filters as in the API's description."""
        return self.pages("/calls", **filters)

    def call(self, call_id: str) -> Json:
        return self._json("GET", f"/calls/{call_id}")

    def investors(self, **filters: str | int) -> Iterator[Json]:
        return self.pages("/investors", **filters)

    def shortlist(self, call_id: str, *, top: int = 10) -> Json:
        """Investors for a call, best first, with reasons."""
        return self._json("GET", f"/calls/{call_id}/shortlist", params={"top": top})

    def opportunities(self, investor_id: str, *, top: int = 10) -> Json:
        """Open calls for an investor, best first, with reasons."""
        path = f"/investors/{investor_id}/opportunities"
        return self._json("GET", path, params={"top": top})

    def search(self, text: str, *, top: int = 10, filters: Json | None = None) -> Json:
        """Open calls for a free text in any of the languages."""
        body = {"text": text, "top": top, "filters": filters or {}}
        return self._json("POST", "/search", json=body)

    def export_shortlist(self, call_id: str, to: Path, *, top: int = 20) -> Path:
        """Save a shortlist as .xlsx, .docx or .csv, by the name's ending."""
        params = {"format": to.suffix.removeprefix("."), "top": top}
        answer = self.request("GET", f"/calls/{call_id}/shortlist/export", params=params)
        to.write_bytes(answer.content)
        return to

    def create_lead(self, call_id: str, investor_id: str, **fields: Any) -> Json:
        """Start following up an investor for a call."""
        body = {"call_id": call_id, "investor_id": investor_id, **fields}
        return self._json("POST", "/leads", json=body)

    def change_lead(self, lead: Mapping[str, Any], **changes: Any) -> Json:
        """Change a lead that was read; ApiProblem 412 if somebody changed it meanwhile."""
        headers = {"If-Match": f'"{lead["version"]}"'}
        return self._json("PATCH", f"/leads/{lead['lead_id']}", json=changes, headers=headers)

    def leads(self, **filters: str | int) -> Iterator[Json]:
        return self.pages("/leads", **filters)

    def send_file(self, path: Path, *, kind: str, province: str = "") -> Json:
        """Send a file in; `wait_for` gives its draft once a worker has read it."""
        files = {"file": (path.name, path.read_bytes())}
        data = {"kind": kind, "province": province}
        return self._json("POST", "/imports", files=files, data=data)

    def wait_for(self, sent: Mapping[str, Any], *, seconds: float = 120) -> Json:
        """Wait until a file that was sent in has been read and give its draft.

        Raises:
            ApiProblem: it could not be read; the code says why.
            TimeoutError: it takes longer than ``seconds``.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            job = self._json("GET", f"/imports/{sent['import_id']}")
            if job["status"] == "done":
                return self._json("GET", f"/drafts/{job['draft_id']}")
            if job["error"] and job["status"] == "failed":
                raise ApiProblem(422, job["error"])
            time.sleep(0.2)
        raise TimeoutError(f"The file is still being read after {seconds:g} seconds.")

    def confirm(self, draft: Mapping[str, Any], *, withdraw: bool = False) -> Json:
        """Take a draft over as it was read."""
        headers = {"If-Match": f'"{draft["version"]}"'}
        path = f"/drafts/{draft['draft_id']}/confirm"
        return self._json("POST", path, json={"withdraw": withdraw}, headers=headers)

    def pages(self, path: str, **params: str | int) -> Iterator[Json]:
        """All items of a list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self._json("GET", path, params={**params, "cursor": cursor})
            yield from page["items"]
            cursor = page["next_cursor"]

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any request under /api/v1.

        Raises:
            ApiProblem: the service refused.
            httpx.TransportError: it cannot be reached.
        """
        headers = {**self._headers, **options.pop("headers", {})}
        repeatable = method == "GET" or (method == "POST" and path in _REPEATABLE)
        if method == "POST":
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                answer = self._http.request(method, self._base + path, headers=headers, **options)
            except httpx.TransportError:
                if last or not repeatable:
                    raise
                time.sleep(0.2 * 2**attempt)
                continue
            if answer.is_success:
                return answer
            if last or answer.status_code not in {429, 503}:
                break
            time.sleep(min(float(answer.headers.get("Retry-After", 1)), 30))
        raise ApiProblem(answer.status_code, _document(answer))

    def _json(self, method: str, path: str, **options: Any) -> Json:
        document: Json = self.request(method, path, **options).json()
        return document


def _document(answer: httpx.Response) -> Json:
    """The problem of an answer; something between may answer without one."""
    try:
        document = answer.json()
    except ValueError:
        document = None
    if isinstance(document, dict):
        return document
    return {"code": f"http.{answer.status_code}", "detail": answer.text[:200]}
