"""Webhooks: signed, and not to be turned against the own network."""

import pytest

from api.work.webhooks import outside, send
from data.errors import KetnoiError
from data.webhooks import Webhook

INSIDE = (
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
    "0.0.0.1", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "64:ff9b:1::a00:1",
    "::10.0.0.1", "::ffff:0:10.0.0.1", "fec0::1",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_inner_addresses_are_inside_however_they_are_written(address: str) -> None:
    assert not outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_outside(address: str) -> None:
    assert outside(address)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::ffff:127.0.0.1]:1/"]
)
def test_a_webhook_inside_is_refused_before_it_is_called(url: str) -> None:
    hook = Webhook("w", "o", url, "secret", ("event.created",), "2026-12-01")
    with pytest.raises(KetnoiError) as caught:
        send(hook, {"id": "m1"})
    assert caught.value.code == "webhook.private"
