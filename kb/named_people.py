"""What in a text may be somebody's own: the names of people, and mailboxes that are one person's.

Found by titles and ranks before a name, by first names, by the words that ask for a name, and by
the role that stands behind it. What is found may be public already; whoever publishes decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person as a text names them, with the title or rank; where that stands."""

    name: str
    start: int
    end: int


_RANKS = r"""
    P\.?C|W?PC|PCSO|TDC|DC|DS|DI|DCI|DSU|PS|ACC|DCC|Sgt|Sergt|Sergeant|Insp|Inspector|Supt|
    Superintendent|Cpl|Corporal|Lt|Lieutenant|Capt|Captain|Constable|Detective|Garda
"""
_TITLES = r"Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Revd|Reverend|Sir|Dame|Baroness|Cllr|Councillor"
_LETTER = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u024f"
_SMALL = "a-z\u00df-\u00f6\u00f8-\u00ff\u0100-\u024f\u1ea0-\u1ef9"
_PARTICLE = r"(?:de|da|dos|van|von|der|den|al|el|bin|ap|ab|ferch|\u00d3|N\u00ed|Nic|U\u00ed|Mac)"
_WORD = (
    rf"(?:(?:Mc|Mac|Nic|O['\u2019]|D['\u2019])?[{_LETTER}][{_SMALL}]+"
    rf"(?:[-'\u2019][{_LETTER}][{_SMALL}]+)*|[OD]['\u2019][{_LETTER}][{_SMALL}]+)"
)
_INITIALS = rf"(?:[{_LETTER}]\.?[ ]?){{1,3}}"
_TITLED = re.compile(
    rf"""(?<!Washington,\s)(?<![\w.@-])(?:(?:Det(?:ective)?|Ch(?:ief)?|T/|A/|Acting|Temporary|Assistant|Deputy)\.?\s+)*
    (?P<title>{_RANKS}|{_TITLES})\.?\s+(?:\d{{2,6}}\s+)?
    (?P<name>(?:{_INITIALS}[ ])?(?:{_PARTICLE}[ ])*{_WORD}
        (?:[ ](?:[{_LETTER}]\.?[ ])?(?:{_PARTICLE}[ ])*{_WORD}){{0,2}}
        (?:,[ ][{_LETTER}]\b\.?(?![/\w]))?)""",
    re.X,
)
_FIRST_NAMES = frozenset(
    """
    aaron abdul abdullah abigail adaeze adam adrian agnieszka ahmed aidan aisha alan alastair
    aleksandra alex alexander alexandra alice alison amanda amelia amy andrea andrew andrzej
    andy angela angharad angus anita anjali ann anna anne annette anthony antonia antony aoife
    arjun ashley asif ayesha babatunde balwinder barbara barry ben benjamin bernadette bernard
    beth bethan beverley bilal bill billy bob brenda brendan brian bridget bruce callum calum
    carl carla carol carole caroline carys catherine catriona ceri charles charlie chinedu
    chioma chloe chris christina christine christopher ciara ciaran claire clare clive colin
    connor craig dafydd daisy dan daniel danielle darren dave david dawn dean debbie deborah
    declan deepa denise dennis derek diane dominic donald donna dorothy duncan eileen elaine
    eleanor elizabeth ella ellen eluned emeka emily emma emyr eric erin ewan farzana fatima
    faye fiona folasade fran frances francis frank fred gareth gary gavin gemma geoff geoffrey
    george georgina geraint gerald gerard gethin gill gillian gina glen glenn glyn graeme
    graham greg gregory gráinne gurpreet gwen hannah harpreet harry hassan hayley heather
    helen helena henry holly howard hugh hussein huw iain ian ibrahim iestyn ifeoma imran
    irene isabel ismail jack jackie jacqueline jake james jamie jan jane janet janice jason
    jaspreet jean jeff jeffrey jennifer jenny jeremy jess jessica jill jim jo joan joanna
    joanne joe joel john jon jonathan joseph josh joshua joyce judith julia julian julie june
    kamran karen katarzyna kate katherine kathleen kathryn katie keith kelly ken kenneth kerry
    kevin khadija kieran kim kirsty kofi krzysztof kwame laura lauren leanne lee leigh len
    leon leonard lesley leslie lewis liam linda lindsay lindsey lisa liz lorna lorraine louise
    lucy luke lynda lynn lynne maeve magdalena malcolm manpreet marc margaret maria marian
    marie marilyn martin martyn mary matt matthew maureen małgorzata megan melanie melissa
    michael michelle mick mike mohamad mohamed mohammad mohammed moira morag muhammad muhammed
    nadeem nadia naomi nasreen natalie natasha neil nerys ngozi niall niamh nicholas nick
    nicola nicole nigel nina noel nora norman oisin oliver olivia oluwaseun omar orla owen
    padraig parminder parveen patricia patrick paul paula pauline paweł peter phil philip
    philippa phoebe piotr priya pádraig rachael rachel rajesh rashid ravi ray rebecca rhian
    rhiannon rhys richard rita rob robert robin rod roger roisin ron ronald rory rosemary ross
    roy rukhsana russell ruth ryan sajid sally sam samantha samuel sandra sanjay sara sarah
    sean seán shabana shane sharon sheila shirley simon sinead sinéad siobhan siobhán sioned
    siân sophie stacey stella stephanie stephen steve steven stewart stuart sue sukhdev sunita
    susan suzanne sylvia tanya tariq ted tendai teresa terry thandiwe theresa thomas tim
    timothy tina toby tom tomasz tony tracey tracy trevor tunde ursula valerie vanessa vera
    veronica vincent vivien walter wayne wendy will william yasmin yemi yusuf yvonne zainab
    zara zoe łukasz
    """.split()  # noqa: SIM905
)
_PAIR = re.compile(
    rf"(?<![\w.@-])(?P<first>[{_LETTER}][{_SMALL}]+)[ ](?:[{_LETTER}]\.?[ ])?"
    rf"(?:{_PARTICLE}[ ])*(?P<last>{_WORD})(?!\w)"
)
# Behind these a name is asked for, whatever it is.
_ASKED = re.compile(
    r"\b(?:author|written by|prepared by|submitted by|nominated by|endorsed by|signed|full name|"
    r"contact name|contact person|lead officer|officer in charge|action|OIC|contacts?|"
    r"(?:project|programme|scheme|team|service) (?:lead|leader|manager)|manager|co-?ordinator|"
    r"caseworker|chair(?:man|woman|person)?|secretary|treasurer|headteacher)\s*[:|]\s*$",
    re.I,
)
# "Oluwaseun Adebayo, project lead": whoever has such a role is a person, whatever their name.
_ROLE = r"""
    (?:[\w&'\u2019/-]+[ ]){0,4}?(?:head[ ]of[ ]|(?:lead(?:er)?|manager|co-?ordinator|officer|
    director|analyst|adviser|advisor|chair(?:man|woman|person)?|secretary|treasurer|warden|worker|caseworker|
    head[ ]?teacher|inspector|sergeant|constable|superintendent|administrator|consultant|planner|
    professor|lecturer|chief[ ]executive|trustee|mentor)
    (?:[ ](?:of|for|at|in|with|from|and)[ ]|(?=\s*(?:[,.;:)|\n]|$))))
"""
_POST = re.compile(_ROLE, re.I | re.X)
_WITH_ROLE = re.compile(
    rf"""(?<![\w.@-])(?<!\b[Ii]n[ ])(?<!\b[Aa]t[ ])(?<!\b[Oo]f[ ])(?<!\b[Tt]o[ ])(?<!\b[Ff]rom[ ])
    (?<!\b[Nn]ear[ ])(?P<name>(?P<first>{_WORD})(?:[ ][{_LETTER}]\b\.?)?
    (?:[ ]{_PARTICLE})*(?:[ ]{_WORD}){{1,2}})
    (?:,|[ ]?\(|[ ][-\u2013|])[ ]?(?:the[ ]|our[ ]|its[ ]|an?[ ])?(?i:{_ROLE})""",
    re.X,
)
# What stands in no name of a person: kinds of body and words of titles; and, where no title says
# that a person is named, kinds of street and building that are surnames too.
_BODIES = frozenset(
    """
    academy act action advice advisory agency and area association authority award awards
    barracks board borough bureau business cathedral centre charity city club college
    commission commissioner committee community company constabulary corps council county
    court crime department district division drive estate fire force forum foundation fund
    general grant grants group homes hospital housing in independent institute justice league
    library limited lodge magistrates management manager memorial ministry model museum national
    neighbourhood network of office officer on operation or partnership plan police port
    precinct primary prison prize probation programme project public report rescue resource
    review role room rural safety school scheme secondary section service services site
    s\u00edoch\u00e1na siochana society south square station support surgery team terrace the
    theatre tower town training trust unit university victim village world youth
    """.split()  # noqa: SIM905 - one word after the other is read more easily
)
_PLACES = _BODIES | frozenset(
    """
    avenue bank bridge building chief church circus close coroner crescent day east field
    fields gardens green grove hall heath high hill home hotel house inn inquiry isle market
    mayor north park place plaza road street way ward west woods yard valley regional bay beach
    campaign festival ribbon parade villas view mews
    """.split()  # noqa: SIM905
)
# Words that begin a line behind "contact:", and names of places in two words.
_NO_NAMES = _PLACES | frozenset(
    """
    a adult alcohol all anti any april asb august both by cctv city december deputy domestic
    drug duty early email england english enquiries environmental february for friends great
    greater head health help helpline hotline hub ireland january july june keynes lancashire
    lead learning little london lower manchester march may mental midlands national new no
    november october old older our police post private project reception regis rural safer saint
    scotland sector senior september shire social st sussex teacher team tel telephone the this
    to together upper volunteer volunteers wales watch website wells welsh yorkshire
    """.split()  # noqa: SIM905
)
_LEAST = 3  # letters of a last name by itself


def named_people(text: str) -> list[NamedPerson]:
    """Each person that a text names, once, in its order."""
    found: dict[str, NamedPerson] = {}
    taken: list[tuple[int, int]] = []
    for one in (*_titled(text), *_with_role(text), *_untitled(text)):
        if any(one.start < end and start < one.end for start, end in taken):
            continue
        taken.append((one.start, one.end))
        found.setdefault(one.name, one)
    return sorted(found.values(), key=lambda one: one.start)


def is_post_or_body(text: str) -> bool:
    """Whether a line is what somebody does or whom they do it for, and so no person's name:
    "Community Safety Officer", "Leeds City Council"."""
    words = re.split(r"[\s-]+", text.casefold())
    return any(word.strip(".") in _BODIES for word in words) or bool(_POST.match(text))


def _titled(text: str) -> Iterator[NamedPerson]:
    for match in _TITLED.finditer(text):
        words = match["name"].split(" ")
        behind = _word_behind(text, match.end())
        if behind in _BODIES:
            words.pop()  # "PC Jo Hale Gwent Police" and "Dr Barnardo's Homes"
        body = next((n for n, word in enumerate(words) if word.casefold() in _BODIES), len(words))
        name = " ".join(words[:body])
        # "Sir Robert Peel Award" names no person of this text.
        if len(name) >= _LEAST and not (body < len(words) and words[body] == "Award"):
            end = match.start("name") + len(name)
            yield NamedPerson(text[match.start() : end], match.start(), end)


def _word_behind(text: str, end: int) -> str:
    """The word right behind a place, when it has a capital; "" for another."""
    behind = re.match(r"\s?(?:['\u2019]s\s)?([^\W\d_]+)", text[end : end + 40])
    return behind[1].casefold() if behind and behind[1][0].isupper() else ""


def _with_role(text: str) -> Iterator[NamedPerson]:
    for match in _WITH_ROLE.finditer(text):
        words = re.split(r"[\s-]", match["name"].casefold())
        if not any(word.strip(".") in _NO_NAMES for word in words):
            yield NamedPerson(match["name"], *match.span("name"))


def _untitled(text: str) -> Iterator[NamedPerson]:
    for match in _PAIR.finditer(text):
        words = {match["first"].casefold(), match["last"].casefold()}
        asked = _ASKED.search(text[max(0, match.start() - 30) : match.start()])
        if not (asked or match["first"].casefold() in _FIRST_NAMES):
            continue
        behind = _word_behind(text, match.end())  # "Joseph Rowntree Foundation"
        if not (words | {behind}) & (_NO_NAMES if asked else _PLACES):
            yield NamedPerson(match[0], *match.span())


# --- mailboxes

_ROLE_WORDS = (
    r"info|information|enquir(?:y|ies)|inquir(?:y|ies)|contacts?|contactus|mail|mailbox|admin|office|"
    r"teams?|help|helpline|helpdesk|support|hello|media|press|communit(?:y|ies)|partnerships?|"
    r"safer|safety|crime|police|policing|awards?|evaluation|research|policy|web|webmaster|general|"
    r"customers?|services?|neighbou?rhoods?|public|data|library|secretar(?:y|iat)|reception|"
    r"training|events?|feedback|post|news|newsletter|editor|council|centre|center|unit|hub|desk|"
    r"duty|asb|antisocial|anti|social|behaviou?r|hate|csp|vru|opcc|pcc|yot|yjs|mash|marac|prevent|"
    r"licensing|housing|homes|estates|parks?|streets?|street(?:scene)?|environment(?:al)?|health|"
    r"wardens?|rangers?|cctv|youth|family|families|children|victims?|witness|domestic|abuse|"
    r"violence|drugs?|alcohol|outreach|referrals?|volunteers?|volunteering|projects?|programmes?|"
    r"grants?|funding|bids?|complaints?|foi|equality|democratic|planning|trading|standards|fraud|"
    r"scams?|resilience|prevention|reduction|intervention|cohesion|engagement|licen[cs]e|rural|"
    r"reply|group|board|forum|network|trust|charity|comms|communications|marketing|"
    r"practice|knowledge|good|best|sector|beat|response|operations?|op|control|room|front"
)
_AREA_WORDS = (
    r"local|area|district|borough|county|town|city|central|north|south|east|west|and|of|the|no"
)
_SHARED = re.compile(rf"(?:{_AREA_WORDS})*(?:{_ROLE_WORDS})(?:{_ROLE_WORDS}|{_AREA_WORDS})*", re.I)
_AREA = re.compile(rf"(?:{_AREA_WORDS})+", re.I)
_LONGEST_ADDRESS = 300
_BEGINS = re.compile(r"(?:enquir|inquir|communit|partnership|safer|neighbo|crime|polic)", re.I)


def is_shared_mailbox(address: str) -> bool:
    """Whether an e-mail address is that of a team or an office, and not one person's."""
    name, _, host = address[:_LONGEST_ADDRESS].partition("@")
    parts = [part for part in re.split(r"[._+\d-]+", name) if part]
    roles = [part for part in parts if _SHARED.fullmatch(part) or _BEGINS.match(part)]
    # "newport.asb@newport.example": the place is that of the host.
    others = [part for part in parts if part not in roles and not _AREA.fullmatch(part)]
    return bool(roles) and all(part.lower() in host.lower() for part in others)
