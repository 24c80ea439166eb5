"""Which addresses may be fetched: none that leads into a private network, on any hop.

A guard against server-side request forgery. `check_address` judges how an address is written,
`public_addresses` what its host stands for. The connection is then made to exactly the numbers
that were judged (see crawlers/connection.py), so a name that changes in between gains nothing.
"""

import re
import socket
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit, urlunsplit

from crawlers.errors import AddressRefused, Unreachable
from kb.settings import settings

IpAddress = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Iterable[str]]

PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 4000

# What `is_global` lets through although it can lead inside: forms that wrap an IPv4 address,
# old site-local addresses, and one provider's address for the inside of its machines.
_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT
        "168.63.129.16/32",
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4-compatible
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",
    )
)
_ISATAP = re.compile(r":(?:0|200)?:?5efe:[0-9a-f]{1,4}:[0-9a-f]{1,4}$")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_PATH_MARKS = "/%:@!$&'()*+,;=~-._"
_QUERY_MARKS = _PATH_MARKS + "?"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that is written as it should be: `url` in one form, with its parts."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def site(self) -> str:
        """Scheme, host and port: what has one robots.txt."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host, with its port when that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check_address(url: str) -> WebAddress:
    """An address in one form. Raises AddressRefused with the reason when it may not be fetched."""
    if len(url) > LONGEST_ADDRESS:
        raise AddressRefused(url[:100] + "…", "it is too long")
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise AddressRefused(url, "it holds spaces, control characters or backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(url, f"it is not a web address ({error})") from None
    scheme = parts.scheme
    if scheme not in PORTS:
        raise AddressRefused(url, f"only http and https are fetched, not '{scheme}'")
    if "@" in parts.netloc:
        raise AddressRefused(url, "it holds a user name or password")
    host = _host(url, parts.hostname or "")
    port = PORTS[scheme] if port is None else port
    address = WebAddress("", scheme, host, port)
    if port not in PORTS.values() and not _allowed(host, port):
        raise AddressRefused(url, f"port {port} is not a usual one for web pages")
    path = quote(parts.path or "/", safe=_PATH_MARKS)
    query = quote(parts.query, safe=_QUERY_MARKS)
    return WebAddress(urlunsplit((scheme, address.authority, path, query, "")), scheme, host, port)


def _host(url: str, written: str) -> str:
    """A host name in small ASCII letters. Raises AddressRefused."""
    name = unicodedata.normalize("NFKC", written).rstrip(".").lower()
    if not name:
        raise AddressRefused(url, "it names no host")
    if ":" in name:
        return _literal(url, name)
    try:
        name = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        raise AddressRefused(url, f"'{written}' is not a host name") from None
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise AddressRefused(url, f"'{written}' is not a host name")
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        return _literal(url, name)
    return name


def _literal(url: str, name: str) -> str:
    """A host given as a number. Only the plain form counts: others are read in different ways."""
    try:
        found = ip_address(name)
    except ValueError:
        raise AddressRefused(url, f"its host '{name}' is a number in an odd form") from None
    if isinstance(found, IPv6Address) and found.scope_id:
        raise AddressRefused(url, "it names a network card")
    return found.compressed


def _allowed(host: str, port: int) -> bool:
    """Whether the setting for local tests names this host and port."""
    listed = {item.strip().lower() for item in settings().crawler_allow.split(",")}
    return f"{host}:{port}" in listed


def is_public(address: IpAddress) -> bool:
    """Whether a numeric address belongs to a machine on the open internet."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if _ISATAP.search(address.compressed):
            return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(
        address.version == network.version and address in network for network in _NOT_PUBLIC
    )


def look_up(host: str, port: int) -> list[str]:
    """Every numeric address of a host, from the system's name service."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def public_addresses(host: str, port: int, resolve: Resolver = look_up) -> list[str]:
    """The numeric addresses to connect to for a host.

    Raises AddressRefused when even one of them is not public (unless the setting for local tests
    names the host and port), Unreachable when there is none.
    """
    try:
        numbers = list(dict.fromkeys(resolve(host, port)))
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"//{host}", f"its name cannot be looked up ({error})") from None
    if not numbers:
        raise Unreachable(f"//{host}", "its name has no address")
    if not _allowed(host, port):
        for number in numbers:
            if not is_public(ip_address(number.partition("%")[0])):
                raise AddressRefused(f"//{host}", f"it leads to {number}, a private address")
    return numbers
