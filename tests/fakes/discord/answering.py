"""Routes by which the bot answers interactions: callbacks and the webhook of their token."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.discord import payloads
from tests.fakes.discord.asking import Asking
from tests.fakes.discord.bodies import json_answer, read_body
from tests.fakes.discord.errors import ApiError
from tests.fakes.discord.interaction import Answer, Interaction
from tests.fakes.discord.payloads import Cdn
from tests.fakes.discord.world import EPHEMERAL, LOADING, Json, World


class Answering:
    """Handlers of /interactions/... and /webhooks/...; the token in the address is all they ask for."""

    def __init__(self, world: World, asking: Asking, cdn: Cdn) -> None:
        self._world = world
        self._asking = asking
        self._cdn = cdn

    def routes(self, base: str) -> list[web.RouteDef]:
        """The routes under a base path."""
        webhook = base + "/webhooks/{application}/{token}"
        return [
            web.post(base + "/interactions/{interaction}/{token}/callback", self.take_callback),
            web.post(webhook, self.follow_up),
            web.get(webhook + "/messages/{message}", self.get, allow_head=False),
            web.patch(webhook + "/messages/{message}", self.edit),
            web.delete(webhook + "/messages/{message}", self.delete),
        ]

    async def take_callback(self, request: web.Request) -> web.Response:
        """Answer an interaction."""
        interaction = self._asking.asked.get(request.match_info["token"])
        if interaction is None or str(interaction.id) != request.match_info["interaction"]:
            raise ApiError(404, 10062)
        body, files = await read_body(request)
        interaction.take(Answer(body["type"]), body.get("data") or {}, files)
        if request.query.get("with_response") not in {"1", "true"}:
            return web.Response(status=204)
        return json_answer(self._taken(interaction, body["type"]))

    def _taken(self, interaction: Interaction, kind: int) -> Json:
        about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        message = interaction.original
        if message is None:
            return {"interaction": about}
        about |= {"response_message_id": str(message.id), "response_message_loading": bool(message.flags & LOADING)}
        about["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
        resource = {"type": kind, "message": payloads.of_message(message, self._world, self._cdn)}
        return {"interaction": about, "resource": resource}

    async def follow_up(self, request: web.Request) -> web.Response:
        """Send a further message."""
        body, files = await read_body(request)
        message = self._interaction(request).follow_up(body, files)
        return json_answer(payloads.of_message(message, self._world, self._cdn))

    async def get(self, request: web.Request) -> web.Response:
        """Read a reply."""
        message = self._interaction(request).find(request.match_info["message"])
        return json_answer(payloads.of_message(message, self._world, self._cdn))

    async def edit(self, request: web.Request) -> web.Response:
        """Change a reply."""
        interaction = self._interaction(request)
        body, files = await read_body(request)
        message = interaction.edit(interaction.find(request.match_info["message"]), body, files)
        return json_answer(payloads.of_message(message, self._world, self._cdn))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a reply."""
        interaction = self._interaction(request)
        interaction.delete(interaction.find(request.match_info["message"]))
        return web.Response(status=204)

    def _interaction(self, request: web.Request) -> Interaction:
        found = self._asking.asked.get(request.match_info["token"])
        if found is None or request.match_info["application"] != str(self._world.application_id):
            raise ApiError(404, 10015)
        return found
