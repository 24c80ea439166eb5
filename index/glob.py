"""Wildcard patterns (`*` any letters, `?` one letter), matched without regular expressions."""


def literal_start(pattern: str) -> str:
    """The part of a pattern before its first wildcard."""
    for spot, letter in enumerate(pattern):
        if letter in "*?":
            return pattern[:spot]
    return pattern


def matches(pattern: str, word: str) -> bool:
    """Whether the whole word fits the pattern; takes at most len(pattern) times len(word) steps."""
    at = spot = 0
    star, resume = -1, 0
    while spot < len(word):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, spot
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", word[spot]):
            at += 1
            spot += 1
        elif star >= 0:
            resume += 1
            at, spot = star + 1, resume
        else:
            return False
    return all(letter == "*" for letter in pattern[at:])
