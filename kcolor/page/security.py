"""Who may use the server: those who know its address, from its own page.

Other users of the computer and other pages in the browser do not know the token in the address. A name that somebody lets point
at this computer (DNS rebinding) is refused by the `Host` header, a form or script of another page by the `Origin` header.
"""

import hmac
import ipaddress
import secrets
import urllib.parse
from collections.abc import Mapping

# Everything comes from here, nothing is embedded elsewhere; blob: is what the browser makes of a file before it is sent.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_LOCAL = ("127.0.0.1", "localhost", "::1")


def new_token() -> str:
    """Returns a new secret for an address, of 128 random bits."""
    return secrets.token_urlsafe(16)


def is_loopback(host: str) -> bool:
    """Returns whether only this computer reaches a server that listens at an address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)

    Args:
        host: String. Name or number.
    """
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


def refusal(headers: Mapping[str, str], listening: str) -> str | None:
    """Returns why a request is not answered, or None if it may be.

    The port may be another one: of a tunnel (ssh -L).

    >>> refusal({"Host": "127.0.0.1:8642"}, "127.0.0.1") is None
    True
    >>> refusal({"Host": "evil.example:8642"}, "127.0.0.1")
    "This server does not go by the name 'evil.example'"
    >>> refusal({"Host": "localhost:8642", "Origin": "https://evil.example"}, "127.0.0.1")
    'Requests of other pages are not answered'

    Args:
        headers: Mapping of the request's headers.
        listening: String. The address at which the server listens.
    """
    host = headers.get("Host", "")
    try:
        name = urllib.parse.urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    known = name in (*_LOCAL, listening.lower()) or (_is_number(name) and not is_loopback(listening))
    if not known:
        return f"This server does not go by the name {name!r}"
    origin = headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return "Requests of other pages are not answered"
    return None


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Returns whether a browser says that another site made it ask.

    Args:
        headers: Mapping of the request's headers.
    """
    return headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")


def same_token(given: str, token: str) -> bool:
    """Returns whether a token is the right one, in a time that tells nothing about it.

    Args:
        given: String. From the request.
        token: String. The right one.
    """
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())


def _is_number(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
