"""Who may talk to the page's server: only pages that this very server handed out.

The server listens on the loopback address, but any web page open in the same browser can send requests there, and
a hostile name server can point a foreign name at it. So every request has to name us in Host, and whoever names an
origin has to name ours (https://developer.mozilla.org/docs/Web/Security, "DNS rebinding" and "CSRF").
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

HTTP_PORT = 80


def allowed_hosts(port: int) -> frozenset[str]:
    """The values of Host that mean us; browsers leave out the port when it is 80."""
    names = ("127.0.0.1", "localhost", "[::1]")
    bare = names if port == HTTP_PORT else ()
    return frozenset({f"{name}:{port}" for name in names} | set(bare))


@web.middleware
async def only_our_page(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a foreign Host (421), a foreign Origin, and anything but a plain read without one (403)."""
    port = request.get_extra_info("sockname", ("", 0))[1]
    hosts = allowed_hosts(port)
    if request.headers.get(hdrs.HOST, "").lower() not in hosts:
        raise web.HTTPMisdirectedRequest
    origin = request.headers.get(hdrs.ORIGIN)
    reads_only = request.method in {hdrs.METH_GET, hdrs.METH_HEAD} and hdrs.UPGRADE not in request.headers
    if not (origin is None and reads_only) and origin not in {f"http://{host}" for host in hosts}:
        raise web.HTTPForbidden
    return await handler(request)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Forbid the browser everything the page does not need; on errors and socket upgrades too."""
    response.headers.update(HEADERS)
