"""Terms that a trail leaves out of every search."""


def with_excluded(text: str, excluded: list[str]) -> str:
    """Words of a search with terms left out, in the site's own grammar.

    >>> with_excluded("alley gates", ["CCTV", "car park"])
    'alley gates -CCTV -"car park"'
    """
    terms = [" ".join(term.replace('"', " ").split()) for term in excluded]
    # A single word is left out in all its forms, a phrase only as it stands.
    left_out = " ".join(f"-{term}" if term.isalnum() else f'-"{term}"' for term in terms if term)
    if not left_out:
        return text
    # Without brackets the terms would only be left out of what stands after the last OR.
    words = f"({text})" if " OR " in text and not set("()") & set(text) else text
    return f"{words} {left_out}".strip()
