"""How long Discord may take to answer; aiohttp alone would wait for five minutes.

The limits are for one exchange and not for a whole request of discord.py, which waits for rate limits around it: up to
`client.LONGEST_WAIT_S` each time, also when Discord has taken a post already. Broken off there, a post that stands
would count as lost, and after the global limit no later request would ever be let through. Those waits have limits of
their own, and so has what discord.py repeats: five tries in all after an error of Discord's servers, 25 s of waiting.
An exchange that took too long is not repeated.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from discord.http import HTTPClient, Route

CONNECT_S, ANSWER_S, UPLOAD_S = 10.0, 30.0, 60.0
"""Own choices: a healthy Discord answers within a second or two; a picture may go through a thin line."""

_ANSWER = aiohttp.ClientTimeout(total=ANSWER_S, sock_connect=CONNECT_S)
_UPLOAD = aiohttp.ClientTimeout(total=UPLOAD_S, sock_connect=CONNECT_S)


def limit_exchanges(http: HTTPClient) -> None:
    """Let every exchange of a client end in time, with `TimeoutError`; answers to interactions do not come here."""
    request = http.request

    async def in_time(route: Route, *, files: Any = None, form: Any = None, **more: Any) -> Any:  # noqa: ANN401 -- handed on as they are
        more.setdefault("timeout", _UPLOAD if files else _ANSWER)
        return await request(route, files=files, form=form, **more)

    http.request = in_time  # type: ignore[method-assign]  # discord.py has no setting for it, and makes its client itself
