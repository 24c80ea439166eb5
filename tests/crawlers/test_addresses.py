"""Which addresses may be fetched, and what a host may stand for."""

from collections.abc import Callable

import pytest

from crawlers.addresses import check_address, is_public, public_addresses
from crawlers.errors import AddressRefused, Unreachable
from crawlers.fetch import Fetcher
from tests.crawlers.site import Answer, Site, html


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://example.org/", "only http and https"),
        ("//example.org/", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("http://user@example.org/", "user name"),
        ("http://user:secret@example.org/", "user name"),
        ("http://example.org@127.0.0.1/", "user name"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:8080/", "port 8080"),
        ("http://example.org:0/", "port 0"),
        ("http://example.org:99999/", "not a web address"),
        ("http://2130706433/", "odd form"),
        ("http://0x7f000001/", "odd form"),
        ("http://0177.0.0.1/", "odd form"),
        ("http://127.1/", "odd form"),
        ("http://0x7f.0.0.0x1/", "odd form"),
        ("http://1.2.3.4.5/", "odd form"),
        ("http://[fe80::1%25eth0]/", "network card"),
        ("http:///path", "no host"),
        ("http://exa mple.org/", "spaces"),
        ("http://example.org\\@127.0.0.1/", "backslashes"),
        ("http://exam\nple.org/", "control"),
        ("http://-example.org/", "host name"),
        ("http://example..org/", "host name"),
        ("http://[::1/", "not a web address"),
        ("http://example.org/" + "a" * 5000, "too long"),
    ],
)
def test_an_odd_address_is_refused_with_the_reason(home: object, url: str, reason: str) -> None:
    with pytest.raises(AddressRefused, match=reason):
        check_address(url)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org./a b".replace(" ", "%20"), "http://example.org/a%20b"),
        ("https://bücher.example/é?q=ü", "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC"),
        ("http://ⓔxample.org/", "http://example.org/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("http://example.org/a%2Fb?c=%26&d=[1]", "http://example.org/a%2Fb?c=%26&d=%5B1%5D"),
    ],
)
def test_an_address_gets_one_form(home: object, url: str, written: str) -> None:
    assert check_address(url).url == written


_LISTED = """
    127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 0.0.0.0
    100.64.0.1 100.127.255.254 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
    240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1
    ::1 :: fe80::1 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 2001::7f00:1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:100.64.0.1 ::127.0.0.1
    64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::
    2001:470:1:1:0:5efe:7f00:1
"""
PRIVATE = _LISTED.split()


@pytest.mark.parametrize("number", PRIVATE)
def test_a_private_address_is_refused_however_it_is_wrapped(home: object, number: str) -> None:
    with pytest.raises(AddressRefused, match="private address"):
        public_addresses("innocent.example", 80, lambda *_: [number])


@pytest.mark.parametrize("number", ["93.184.216.34", "::ffff:93.184.216.34", "2606:4700::1111"])
def test_a_public_address_is_used(home: object, number: str) -> None:
    assert public_addresses("open.example", 80, lambda *_: [number]) == [number]


def test_one_private_address_among_public_ones_is_enough(home: object) -> None:
    with pytest.raises(AddressRefused):
        public_addresses("two.example", 80, lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_a_name_without_an_address_is_unreachable(home: object) -> None:
    def unknown(*_: object) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(Unreachable, match="looked up"):
        public_addresses("none.example", 80, unknown)
    with pytest.raises(Unreachable, match="no address"):
        public_addresses("none.example", 80, lambda *_: [])


def test_is_public_knows_both_families() -> None:
    from ipaddress import ip_address

    assert is_public(ip_address("8.8.8.8"))
    assert not is_public(ip_address("::ffff:192.168.0.1"))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "[::ffff:127.0.0.1]"])
def test_a_private_host_is_not_even_connected_to(fetcher: Fetcher, site: Site, host: str) -> None:
    with pytest.raises(AddressRefused, match="private address"):
        fetcher.page(f"http://{host}/")
    assert site.asked == []


def test_every_hop_of_a_redirect_is_judged(fetcher: Fetcher, site: Site) -> None:
    for number, target in enumerate(
        ["http://10.0.0.1/", "file:///etc/passwd", "http://user@a.org/", "http://2130706433/"]
    ):
        site.routes[f"/{number}"] = Answer(status=302, headers={"Location": target})
        with pytest.raises(AddressRefused):
            fetcher.page(site.url(f"/{number}"))


def test_a_name_that_changes_its_address_gains_nothing(
    new_fetcher: Callable[..., Fetcher], crawler_settings: Callable[..., None], site: Site
) -> None:
    """Rebinding: public when judged, private when connected. The two are one look-up here."""
    answers = ["127.0.0.1"]
    looked_up = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return [answers[0]]

    crawler_settings(allow=f"rebind.example:{site.port}")
    site.routes["/page"] = html("<p>once</p>")
    fetcher = new_fetcher(resolve=resolve)
    url = f"http://rebind.example:{site.port}/page"
    assert b"once" in fetcher.page(url).body
    assert site.headers_of("/page")[0]["host"] == f"rebind.example:{site.port}"
    crawler_settings(allow="")  # from now on the name counts as any other
    site.routes["/away"] = Answer(status=302, headers={"Location": url})
    connections = len(looked_up)
    with pytest.raises(AddressRefused):
        new_fetcher(resolve=resolve).page("http://rebind.example/page")
    assert len(looked_up) == connections + 1
