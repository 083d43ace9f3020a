"""Whom requests to Telegram trust."""

from __future__ import annotations

import ssl

from bot.chat.telegram.requests import Requests, authorities


async def test_every_request_trusts_the_same_authorities() -> None:
    """Certificates of known authorities, asked of every server and held against its name, and read once."""
    trusted = authorities()
    assert (trusted.verify_mode, trusted.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert trusted.get_ca_certs()
    for requests in (Requests(), Requests(connections=1)):
        assert requests._client_kwargs["verify"] is trusted
