"""What a person typed, cut into clauses that can be read apart, before any of them is read."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from index.keyword import words as words_of
from index.query import printable

MAX_LENGTH = 2000
OVER_AND_OVER = 3  # times that a word stands in a row, from which on it is taken once
SHOWN = 40  # letters of a word that a note repeats
ACRONYM = 5  # letters; text all in capitals with longer words is shouted

_BINARY = {"AND", "OR", "ANDNOT", "ANDMAYBE", "REQUIRE"}
_OPERATORS = {*_BINARY, "NOT"}
_PIECE = re.compile(
    r"""[^\W_][\w.]*:"[^"]*"        # field:"phrase"
      | [^\W_][\w.]*:[\[{][^\]}"]*[\]}]  # field:[a TO b]
      | "[^"]*"(?:~\d{1,2})?       # "phrase" or "near phrase"~3
      | [()]
      | [^\s()"]+
      | " """,
    re.VERBOSE,
)
# A word without anything that the grammar gives a meaning to.
WORD = re.compile(r"[^\s:\"*?()\[\]{}]+")
_NAMED = re.compile(r"([^\W\d_][\w.]*):")
_ASKING = re.compile(r"\?(?!\w)")  # within a word it stands for a letter
_MINUS = re.compile(r"-+\w")
_SIGNS = re.compile(r"[:\[\]{}]")
_APART = re.compile(r":\s+\(")
_LETTER = re.compile(r"\w")


def clauses_of(text: str, known: Collection[str], notes: list[str]) -> tuple[list[str], bool]:
    """The clauses of a text, and whether operators join them: then they are one clause.

    `known` are the names that may stand before a colon. What was left out is told in `notes`.
    """
    clean = printable(text).strip()
    if len(clean) > MAX_LENGTH:
        notes.append(f"Only the first {MAX_LENGTH:,} characters were searched for.")
    pieces = _pieces(clean[:MAX_LENGTH], known, notes)
    boolean = any(piece in _BINARY for piece in pieces)
    clauses = [_joined(pieces)] if boolean else list(_each_run_once(_clauses(pieces), notes))
    return [clause for clause in clauses if clause], boolean


def parts_of(text: str, known: Collection[str]) -> tuple[list[str], str]:
    """The clauses that must all hold, and what joins them: a space, or AND.

    Where other operators join them the whole text is the only one.
    """
    pieces = _pieces(printable(text)[:MAX_LENGTH], known, [])
    if any(piece in _BINARY for piece in pieces):
        return _conjuncts(pieces), " AND "
    return [clause for clause in _clauses(pieces) if clause], " "


def is_endless(text: str) -> bool:
    """Whether a text has letters, but no word that is short enough to be one."""
    return bool(_LETTER.search(text)) and not words_of(text)


def left_out_as_endless(text: str) -> str:
    """The note on such a text."""
    return f"“{text.strip(chr(34))[:SHOWN]}…” was left out: no word is that long."


def _pieces(text: str, known: Collection[str], notes: list[str]) -> list[str]:
    pieces = list(_PIECE.findall(text))
    if not _speaks_grammar(pieces):
        # Brackets in running text, and text typed all in capitals, say nothing of how to search.
        pieces = [piece.lower() if piece in _OPERATORS else piece for piece in pieces]
        pieces = [piece for piece in pieces if piece not in ("(", ")")]
    return _tidied(pieces, known, notes)


def _each_run_once(clauses: Iterable[str], notes: list[str]) -> Iterator[str]:
    """The clauses without words that stand there over and over or that are too long to be any."""
    for _, run in groupby(clauses, str.lower):
        same = list(run)
        word = same[0]
        if is_endless(word):
            notes.append(left_out_as_endless(word))
            continue
        if len(same) >= OVER_AND_OVER and WORD.fullmatch(word):
            notes.append(f"“{word[:SHOWN]}” was typed over and over, and searched for once.")
            same = same[:1]
        yield from same


def _conjuncts(pieces: Sequence[str]) -> list[str]:
    """What stands between the ANDs outside brackets; the whole where other operators join."""
    clauses: list[list[str]] = [[]]
    depth = 0
    for piece in pieces:
        depth += (piece.endswith("(")) - (piece == ")")
        if depth <= 0 and piece == "AND":
            clauses.append([])
        elif depth <= 0 and piece in _BINARY:
            return [_joined(pieces)]
        else:
            clauses[-1].append(piece)
    return [_joined(clause) for clause in clauses if clause]


def _clauses(pieces: Sequence[str]) -> list[str]:
    """Text without operators, cut into what can be read apart: a word, a phrase, a field, NOT x."""
    clauses: list[str] = []
    start = depth = 0
    for spot, piece in enumerate(pieces):
        depth += (piece == "(") - (piece == ")")
        if depth <= 0 and piece != "NOT" and not piece.endswith(":"):
            clauses.append(_joined(pieces[start : spot + 1]))
            start, depth = spot + 1, 0
    clauses.append(_joined(pieces[start:]))
    return clauses


def _speaks_grammar(pieces: Sequence[str]) -> bool:
    """Whether operators stand among words that are not all in capitals, or a field has brackets."""
    operators = [piece for piece in pieces if piece in _OPERATORS]
    words = [piece for piece in pieces if piece not in _OPERATORS and _LETTER.search(piece)]
    if any(piece.endswith(":") and after == "(" for piece, after in pairwise(pieces)):
        return True
    shouted = all(word.isupper() for word in words) and any(len(word) > ACRONYM for word in words)
    return bool(operators) and not shouted


def _tidied(pieces: list[str], known: Collection[str], notes: list[str]) -> list[str]:
    """Tokens with `-x` as NOT x, unknown field names as words and no dangling operator."""
    spelt: list[str] = []
    for spot, raw in enumerate(pieces):
        piece = raw
        after = pieces[spot + 1] if spot + 1 < len(pieces) else ""
        if not piece.endswith('"'):
            # A question mark after a word asks; within a word it stands for a letter.
            piece = _ASKING.sub(" ", piece).strip(" !,;.")
        if piece == '"':
            notes.append("A quotation mark without its partner was left out.")
            continue
        if piece == "-" and after.startswith('"') and len(after) > 1:
            spelt.append("NOT")
            continue
        if _MINUS.match(piece):
            spelt.append("NOT")
            piece = piece.lstrip("-")
        spelt += _named(piece, after, known, notes)
    return _without_dangling([piece for piece in spelt if piece], notes)


def _named(piece: str, after: str, known: Collection[str], notes: list[str]) -> list[str]:
    """A piece with its field name, or, without a known one, the words and phrases in it."""
    name = _NAMED.match(piece)
    if piece.startswith('"') or piece in ("(", ")"):
        return [piece]
    rest = piece[name.end() :] if name else ""
    if name and name[1].lower() in known and (rest or after == "("):
        return [f"{name[1].lower()}:{rest}"]
    if name and rest and not rest.startswith("//"):
        notes.append(f"There is no field called “{name[1]}”; its words were searched for instead.")
    if name and rest.startswith('"'):
        return [name[1], rest]
    return _SIGNS.sub(" ", piece).split()


def _without_dangling(pieces: list[str], notes: list[str]) -> list[str]:
    kept = list(pieces)
    while True:
        for spot, piece in enumerate(kept):
            before = kept[spot - 1] if spot else "("
            after = kept[spot + 1] if spot + 1 < len(kept) else ")"
            no_right = after == ")" or after in _BINARY
            no_left = piece in _BINARY and (before == "(" or before.endswith(":"))
            if piece in _OPERATORS and (no_left or no_right):
                notes.append(f"“{piece}” had nothing to join and was left out.")
                del kept[spot]
                break
            if piece == "(" and after == ")" and spot + 1 < len(kept):
                del kept[spot : spot + 2]
                break
        else:
            return kept


def _joined(pieces: Sequence[str]) -> str:
    return _APART.sub(":(", " ".join(pieces))
