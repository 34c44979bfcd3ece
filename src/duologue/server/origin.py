"""Which pages may connect, and under which names a server answers.

Pure rules on what the Host and Origin headers say. A browser writes both, and
no page can change them: the one tells of a stranger's page in a visitor's
browser, the other of a name that was bent to lead to this machine.
"""

import ipaddress

from duologue.trust import Origins, parse_host, parse_origin


def may_connect(origin: str | None, host: str, origins: Origins) -> bool:
    """Say whether the page that opens a connection may.

    Args:
        origin: The header, None without one: then it is no page.
        host: What the page's browser was told to connect to.
        origins: Those that are allowed besides the same host.
    """
    if origin is None:
        return True
    page = parse_origin(origin)
    if origins.allow(page):
        return True
    server = parse_host(host)
    if page is None or server is None or page.host != server.host:
        return False
    # A host without a port has the one that the page's scheme implies: who took TLS
    # off on the way need not have said so.
    implied = parse_origin(f"{page.scheme}://{host}")
    return implied is not None and implied.port == page.port


def is_name_of_this_machine(host: str, own: str, origins: Origins) -> bool:
    """Say whether a server that listens on loopback answers under a name.

    It does under those that can only mean this machine. Any other may be a
    stranger's, who lets it lead to 127.0.0.1 in order to have a page of that
    name talk to us ("DNS rebinding").

    Args:
        host: The Host header.
        own: The host that the server was told to listen on.
        origins: Whoever allows a page means its host, too.
    """
    if origins.has_all:
        return True
    named = parse_host(host)
    if named is None:
        return False
    allowed = {own.lower(), *(origin.host for origin in origins.listed)}
    return named.host in allowed or is_loopback(named.host)


def is_of_loopback(host: str) -> bool:
    """Say whether a Host header can only mean this machine."""
    named = parse_host(host)
    return named is not None and is_loopback(named.host)


def is_loopback(host: str) -> bool:
    """Say whether a host can only be this machine (RFC 6761 section 6.3)."""
    name = host.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
