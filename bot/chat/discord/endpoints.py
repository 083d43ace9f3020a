"""Where Discord is."""

from __future__ import annotations

from discord import gateway, http
from yarl import URL


def point_at(api: str, gateway_url: str) -> None:
    """Let every client of this process talk to another address; only for tests, because the token goes there."""
    http.Route.BASE = api
    gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
