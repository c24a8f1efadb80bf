"""Sending signed messages to webhooks: HMAC-SHA256 over time and body, no redirects, no insides.

The receiver computes the HMAC of "TIMESTAMP.BODY" with the secret, compares it with the `v1` part
of `Ketnoi-Signature`, and refuses old timestamps: a message caught on its way can't be replayed.
"""

import hashlib
import hmac
import ipaddress
import json
import socket
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from data.errors import KetnoiError
from data.webhooks import Webhook

HEADER = "Ketnoi-Signature"
SECONDS = 10.0
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def signature(secret: str, body: bytes, *, at: int) -> str:
    """The header's value: the time in seconds and the HMAC of it and the body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def verify(secret: str, header: str, body: bytes, *, now: int, tolerance: int = 300) -> bool:
    """Whether a header signs the body and is not older (or newer) than ``tolerance`` seconds."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    stamp = parts.get("t", "")
    if not (stamp.isascii() and stamp.isdigit()) or abs(now - int(stamp)) > tolerance:
        return False
    return hmac.compare_digest(signature(secret, body, at=int(stamp)), header)


def send(webhook: Webhook, body: Mapping[str, Any], *, private: bool = False) -> int:
    """Send one message and return the status. The message's id stays the same at each attempt.

    Args:
        private: whether addresses inside the own network are allowed; otherwise a webhook could be
            made to look around there.

    Raises:
        KetnoiError: ``webhook.refused`` for another status than 2xx, ``webhook.unreachable``,
            ``webhook.private``.
    """
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Ketnoi",
        "Ketnoi-Message": str(body["id"]),
        HEADER: signature(webhook.secret, content, at=int(time.time())),
    }
    parts = urlsplit(webhook.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(webhook.url, private=private)
        try:
            connection.request("POST", path, content, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as error:
        raise KetnoiError(
            "webhook.unreachable",
            f"{parts.hostname} could not be reached ({error}). It is tried again.",
            f"Không kết nối được {parts.hostname} ({error}). Sẽ thử lại.",
        ) from error
    if not 200 <= status < 300:
        raise KetnoiError(
            "webhook.refused",
            f"{parts.hostname} answered {status}. It is tried again.",
            f"{parts.hostname} trả lời {status}. Sẽ thử lại.",
        )
    return status


_WITHIN = tuple(
    ipaddress.IPv6Network(network)
    # addresses of IPv4 in older wraps, translation within a network (RFC 8215), site-local ones
    for network in ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "fec0::/10")
)


def outside(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever tunnel it is wrapped in.

    >>> outside("8.8.8.8"), outside("10.0.0.1"), outside("64:ff9b::a00:1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _WITHIN):
            return False
        translated = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None
        inner = ip.ipv4_mapped or ip.sixtofour or translated
        if inner is not None:
            return outside(str(inner))
    return ip.is_global and not ip.is_multicast


def _connect(url: str, *, private: bool) -> HTTPConnection:
    """A connection to an address that was looked at: the name is not asked for a second time."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not private and not outside(address):
        raise KetnoiError(
            "webhook.private",
            f"{host} lies inside the network ({address}). Give a public address.",
            f"{host} là địa chỉ nội bộ ({address}). Hãy dùng địa chỉ công khai.",
        )
    kind = HTTPSConnection if secure else HTTPConnection
    connection = kind(host, port, timeout=SECONDS)
    # The looked-at address is dialled, whatever the name says by now.
    connection._create_connection = (  # type: ignore[attr-defined]
        lambda _where, *rest, **named: socket.create_connection((address, port), *rest, **named)
    )
    return connection
