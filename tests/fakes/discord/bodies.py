"""Bodies of requests and answers: JSON, or JSON with files."""

from __future__ import annotations

import json
import re

from aiohttp import BodyPartReader, web

from tests.fakes.discord.errors import ApiError
from tests.fakes.discord.messages import Files
from tests.fakes.discord.world import Json

FILE_FIELD = re.compile(r"files\[(\d+)\]")


async def read_body(request: web.Request) -> tuple[Json, Files]:
    """The JSON of a request and the files beside it (reference, "Uploading Files").

    Raises:
        ApiError: the body is neither JSON of that content type nor multipart.
    """
    if request.content_type == "multipart/form-data":
        return await _read_parts(request)
    if request.content_type != "application/json":
        raise ApiError(400, 50109)
    return json.loads(await request.read()), {}


async def _read_parts(request: web.Request) -> tuple[Json, Files]:
    body: Json = {}
    files: dict[int, tuple[str, bytes]] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ApiError(400, 50109)
        content = bytes(await part.read(decode=True))
        numbered = FILE_FIELD.fullmatch(part.name or "")
        if part.name == "payload_json":
            body = json.loads(content)
        elif numbered:
            files[int(numbered[1])] = part.filename or "unknown", content
    return body, files


def json_answer(value: object, status: int = 200) -> web.Response:
    """An answer of exactly the content type `application/json`; with a charset clients take it for text."""
    return web.Response(status=status, body=json.dumps(value).encode(), content_type="application/json")
