"""What a person typed, made into a plan of what to look for. Never raises; problems are notes.

The grammar is Whoosh's, read by whoosh-compat, with three differences. Plain words are looked for
as "any of these, best first"; as soon as AND, OR or brackets stand in the text, they are joined as
written. `-word` means NOT word. `in:section` limits where words are looked for. Phrases, named
fields, years, wildcards and NOT are always required.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import whoosh_compat
from whoosh_compat import FieldKind, FieldRegistry, FieldSpec, ast

from index.pieces import WORD, clauses_of, is_endless, left_out_as_endless, parts_of
from index.question import Opening

MAX_WORDS = 200
# From this many plain words on it is running text: quotation marks in it quote, and demand nothing.
RUNNING = 8
TEXT = "text"
YEAR = "year"
IN = "in"
ID = "id"


@dataclass(frozen=True, slots=True)
class Expansion:
    """Equivalents of something typed: what was typed, where its words stand, what else to try."""

    typed: str
    start: int
    end: int
    means: tuple[str, ...]
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that is probably misspelt: where it stands and what was probably meant."""

    typed: str
    place: int
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for.

    `words` are looked for as any of these; `strict` must be true of every record, `demanded` are
    the texts it wants to be there, `phrases` those of them whose words must stand together, and
    `beginnings` how its wildcards begin; `sections` limit all of these; `meaning` is the text for
    search by meaning; `boolean` says that operators were used, so that `strict` is all there is.
    `opening` is how a question began, which is not among the words any more.
    """

    words: tuple[str, ...] = ()
    strict: ast.Node | None = None
    demanded: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    meaning: str = ""
    boolean: bool = False
    notes: tuple[str, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    corrections: tuple[Correction, ...] = ()
    opening: Opening | None = None

    @property
    def meant(self) -> tuple[str, ...]:
        """The plain words, with the first correction in place of a misspelt one."""
        meant = list(self.words)
        for correction in self.corrections:
            meant[correction.place] = correction.means[0]
        return tuple(meant)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.words and self.strict is None


@lru_cache(maxsize=8)
def _registry(fields: tuple[str, ...]) -> FieldRegistry:
    kinds = {YEAR: FieldKind.U64, IN: FieldKind.KEYWORD, ID: FieldKind.KEYWORD}
    names = dict.fromkeys((TEXT, YEAR, IN, ID, *fields))
    return FieldRegistry([FieldSpec(name, kinds.get(name, FieldKind.TEXT)) for name in names])


def parse(text: str, fields: Collection[str], sections: Collection[str]) -> Plan:
    """The plan for `text`; `fields` and `sections` are the names it may use.

    Anything that cannot be understood is dropped, or read as plain words, with a note.
    """
    notes: list[str] = []
    clauses, boolean = clauses_of(text, {*fields, YEAR, IN, ID}, notes)
    reader = _Reader(_registry(tuple(sorted(fields))), sections, notes)
    return reader.plan(clauses, boolean=boolean)


def without_each_part(
    text: str, fields: Collection[str], *, words: bool = False
) -> list[tuple[str, str]]:
    """Each part of a search that every record must have, and the text that is left without it.

    `words` counts plain words among them, as an exact search does. What must not be there is no
    such part, and neither is anything joined by OR.
    """
    clauses, joint = parts_of(text, {*fields, YEAR, IN, ID})
    made = []
    for spot, clause in enumerate(clauses):
        plain = joint == " " and WORD.fullmatch(clause) and not words
        rest = joint.join(clauses[:spot] + clauses[spot + 1 :])
        if rest and not plain and not clause.startswith("NOT "):
            made.append((clause, rest))
    return made


class _Reader:
    """Turns clauses into a plan, dropping what cannot be looked for with a note."""

    def __init__(
        self, registry: FieldRegistry, sections: Collection[str], notes: list[str]
    ) -> None:
        self.registry, self.known, self.notes = registry, sections, notes
        self.sections: list[str] = []

    def plan(self, clauses: Sequence[str], *, boolean: bool) -> Plan:
        strict: list[ast.Node] = []
        words: list[str] = []
        demanded: list[str] = []
        phrases: list[str] = []
        beginnings: list[str] = []
        meaning: list[str] = []
        running = sum(1 for clause in clauses if WORD.fullmatch(clause)) >= RUNNING
        for clause in clauses:
            quoted = running and clause.startswith('"')
            if not boolean and (quoted or WORD.fullmatch(clause)):
                words += clause.strip('"').split()
                meaning.append(clause)
                continue
            tree = self.tree(clause)
            kept = None if tree is None else self.kept(tree)
            if tree is None:
                words += re.findall(r"\w+", clause)
            elif kept is not None:
                strict.append(kept)
            positive = [] if tree is None else list(_positive(tree))
            demanded += positive
            phrases += [] if tree is None else _phrases(tree)
            beginnings += [] if kept is None else filter(None, _beginnings(kept))
            meaning += [clause] if tree is None else positive
        if len(words) > MAX_WORDS:
            self.notes.append(f"Only the first {MAX_WORDS} words were searched for.")
            words = words[:MAX_WORDS]
        return Plan(
            words=tuple(words),
            strict=None
            if not strict
            else strict[0]
            if len(strict) == 1
            else ast.And(tuple(strict)),
            sections=tuple(dict.fromkeys(self.sections)),
            demanded=tuple(demanded),
            phrases=tuple(phrases),
            beginnings=tuple(beginnings),
            meaning=" ".join(meaning),
            boolean=boolean,
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def tree(self, clause: str) -> ast.Node | None:
        """The clause as the parser reads it; None when the parser fails."""
        try:
            return whoosh_compat.parse(clause, registry=self.registry, default_fields=[TEXT]).ast
        except Exception:  # noqa: BLE001  a defect of the parser must not stop a search
            self.notes.append("A part of the search was read as plain words.")
            return None

    def kept(self, node: ast.Node) -> ast.Node | None:
        """The node without what cannot be looked for; None when nothing is left."""
        match node:
            case ast.And(children) | ast.Or(children):
                kept = tuple(k for child in children if (k := self.kept(child)) is not None)
                return None if not kept else kept[0] if len(kept) == 1 else type(node)(kept)
            case ast.Not(child):
                inner = self.kept(child)
                return None if inner is None else ast.Not(inner)
            case ast.AndNot(positive, negative):
                return self.kept(ast.And((positive, ast.Not(negative))))
            case ast.AndMaybe(required, optional):
                first, second = self.kept(required), self.kept(optional)
                return first if second is None or first is None else ast.AndMaybe(first, second)
            case ast.Require(scored, needed):
                return self.kept(ast.And((scored, needed)))
            case ast.Boosted(child, _):
                return self.kept(child)
            case _:
                return self._leaf(node)

    def _leaf(self, node: ast.Node) -> ast.Node | None:
        match node:
            case ast.Term(name, text) | ast.Phrase(name, text) if name and name.name == IN:
                self._section(str(text))
                return None
            case ast.Phrase(name, text) if name and name.name == YEAR:
                self.notes.append(f"“{text}” could not be understood and was left out.")
                return None
            case ast.NumericRange():
                return self._years(node)
            case ast.Phrase(_, text) | ast.Term(_, text) if is_endless(str(text)):
                self.notes.append(left_out_as_endless(str(text)))
                return None
            case ast.Phrase() | ast.Term():
                return node
            case ast.Prefix(name, text):
                return self._pattern(ast.Wildcard(name, f"{text}*"))
            case ast.Wildcard():
                return self._pattern(node)
            case ast.TermRange():
                self.notes.append("Ranges work for years only, as in year:[2005 TO 2010].")
            case ast.ErrorLeaf(diagnostic):
                shown = diagnostic.raw_value or "A part"
                self.notes.append(f"“{shown}” could not be understood and was left out.")
            case ast.Every():
                self.notes.append("“*” on its own stands for everything and was left out.")
            case _:
                self.notes.append("A part of the search could not be understood.")
        return None

    def _years(self, node: ast.NumericRange) -> ast.NumericRange:
        """The years with both ends; `{2005 TO 2010}` leaves its ends out."""
        low, high = node.lo, node.hi
        if low is not None and high is not None and low > high:
            self.notes.append(f"The years were read as {high} to {low}.")
            low, high = high, low
        if low is not None and not node.incl_lo:
            low += 1
        if high is not None and not node.incl_hi:
            high -= 1
        return replace(node, lo=low, hi=high, incl_lo=True, incl_hi=True)

    def _pattern(self, node: ast.Wildcard) -> ast.Node | None:
        start = re.match(r"\w*", node.pattern)
        if node.field is not None and node.field.name in (YEAR, ID, IN):
            self.notes.append(f"Wildcards do not work in the field “{node.field.name}”.")
            return None
        if start is None or len(start[0]) < 2:
            self.notes.append(
                f"“{node.pattern}” was left out: a wildcard needs two letters before it."
            )
            return None
        return node

    def _section(self, name: str) -> None:
        if name.lower() in self.known:
            self.sections.append(name.lower())
        else:
            offered = ", ".join(sorted(self.known))
            self.notes.append(f"There is no section “{name}”; there are {offered}.")


def _positive(node: ast.Node) -> Iterator[str]:
    """The words and phrases that are wanted, in the order they were typed."""
    for leaf in _wanted(node):
        match leaf:
            case ast.Term(name, text) | ast.Phrase(name, text):
                if name is None or name.name not in (YEAR, ID, IN):
                    yield str(text)


def _phrases(node: ast.Node) -> Iterator[str]:
    """The wanted phrases, without those whose words may stand some way apart."""
    for leaf in _wanted(node):
        match leaf:
            case ast.Phrase(name, text, slop) if slop <= 1 and (name is None or name.name != YEAR):
                yield str(text)


def _beginnings(node: ast.Node) -> Iterator[str]:
    """What words like the wanted wildcards begin with."""
    for leaf in _wanted(node):
        if isinstance(leaf, ast.Wildcard):
            yield re.split(r"[*?]", leaf.pattern.lower())[0]


def _wanted(node: ast.Node) -> Iterator[ast.Node]:
    """Everything that is looked for and not negated, in the order it was typed."""
    match node:
        case ast.Term() | ast.Phrase() | ast.Wildcard():
            yield node
        case ast.And(children) | ast.Or(children):
            for child in children:
                yield from _wanted(child)
        case ast.AndNot(positive, _):
            yield from _wanted(positive)
        case ast.AndMaybe(required, optional):
            yield from _wanted(required)
            yield from _wanted(optional)
        case ast.Require(scored, _):
            yield from _wanted(scored)
        case ast.Boosted(child, _):
            yield from _wanted(child)
        case _:
            return
