"""robots.txt by RFC 9309: what a crawler may fetch, and how long it waits between pages.

Read as Google's open parser reads it, because sites test against that: common misspellings count,
the longest matching rule wins, and `Allow` wins over a `Disallow` of the same length. Reading is
linear in the length of the file, whatever stands in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_BYTES = 500 * 1024
"""A longer file is not read at all: a rule might be lost by reading only its beginning."""
_LONGEST_LINE = 16_664

_AGENT_KEYS = ("user-agent", "useragent", "user agent")
_DISALLOW_KEYS = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
_SITEMAP_KEYS = ("sitemap", "site-map")
_DELAY_KEYS = ("crawl-delay", "crawldelay", "crawl delay")
_TO_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})|([^\x00-\x7f]+)")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_TOKEN = re.compile(r"[A-Za-z_-]*")


@dataclass
class _Group:
    """The rules for some user agents; `everyone` when one of them is `*`."""

    agents: set[str] = field(default_factory=set)
    everyone: bool = False
    rules: list[tuple[bool, str]] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)


class Robots:
    """The rules of one robots.txt."""

    def __init__(self, text: str) -> None:
        self.sitemaps: list[str] = []
        self._groups: list[_Group] = []
        group: _Group | None = None
        rules_began = False
        for key, value in _lines(text):
            if key.startswith(_AGENT_KEYS):
                if group is None or rules_began:
                    group, rules_began = _Group(), False
                    self._groups.append(group)
                _add_agent(group, value)
            elif key.startswith(_SITEMAP_KEYS):
                self.sitemaps.append(value)
            elif group is None:
                continue  # a rule of nobody
            elif key.startswith(_DISALLOW_KEYS):
                rules_began = True
                group.rules.append((False, _escaped(value)))
            elif key.startswith("allow"):
                rules_began = True
                group.rules.append((True, _escaped(value)))
            elif key.startswith(_DELAY_KEYS):
                _add_delay(group, value)

    def allows(self, user_agent: str, url: str) -> bool:
        """Whether a crawler, called by its bare name, may fetch an address."""
        path = path_of(url)
        groups, _ = self._groups_of(user_agent)
        best = {True: 0, False: 0}
        for group in groups:
            for allowed, pattern in group.rules:
                if len(pattern) > best[allowed] and matches(path, pattern):
                    best[allowed] = len(pattern)
                elif allowed and pattern.endswith(("/index.htm", "/index.html")):
                    folder = pattern[: pattern.rindex("/") + 1] + "$"
                    if len(folder) > best[True] and matches(path, folder):
                        best[True] = len(folder)
        return best[True] >= best[False]

    def delay(self, user_agent: str) -> float:
        """Seconds that a crawler is asked to wait between pages; 0 when the file does not say."""
        groups, token = self._groups_of(user_agent)
        return max(
            (group.delays.get(token, group.delays.get("*", 0.0)) for group in groups), default=0.0
        )

    def _groups_of(self, user_agent: str) -> tuple[list[_Group], str]:
        """The groups that speak of a crawler, or else those that speak of all."""
        token = user_agent.strip().lower()
        named = [group for group in self._groups if token in group.agents]
        if named:
            return named, token
        return [group for group in self._groups if group.everyone], "*"


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Key in small letters and value of each line that has both."""
    for raw in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        line = raw[:_LONGEST_LINE].partition("#")[0].strip()
        key, colon, value = line.partition(":")
        if not colon:
            words = line.split()
            if len(words) != 2:
                continue
            key, value = words
        if key.strip():
            yield key.strip().lower(), value.strip()


def _add_agent(group: _Group, value: str) -> None:
    """Note whom a group is for: a crawler's name ends where letters, `-` and `_` end."""
    if value == "*" or re.match(r"\*\s", value):
        group.everyone = True
    elif (found := _TOKEN.match(value)) and found[0]:
        group.agents.add(found[0].lower())


def _add_delay(group: _Group, value: str) -> None:
    """Note a delay for the agents named so far in its group."""
    try:
        seconds = float(value)
    except ValueError:
        return
    if 0 <= seconds < float("inf"):
        for agent in group.agents | ({"*"} if group.everyone else set()):
            group.delays[agent] = seconds


def _escaped(pattern: str) -> str:
    """A path or pattern in one form: %XX in capitals, for other than plain characters only."""
    return _TO_ESCAPE.sub(_in_one_form, pattern)


def _in_one_form(found: re.Match[str]) -> str:
    if found[2]:
        return "".join(f"%{byte:02X}" for byte in found[2].encode("utf-8", "replace"))
    plain = chr(int(found[1], 16))
    return plain if _UNRESERVED.fullmatch(plain) else found[0].upper()


def path_of(url: str) -> str:
    """Path and query of an address, as rules are compared with."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return _escaped(path + (f"?{parts.query}" if parts.query else ""))


def matches(path: str, pattern: str) -> bool:
    """Whether a path begins as a pattern says; `*` is any text, `$` at the end means no more."""
    ends = pattern.endswith("$")
    first, *others = (pattern[:-1] if ends else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return at == len(path) or not ends
    *middle, last = others
    for part in middle:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if ends:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
