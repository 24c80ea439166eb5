"""The words that names of organisations are made of, and the patterns that follow from them."""

import re

from crawlers.facts.found import word_set
from crawlers.facts.joined_places import JOINED

# The last word, or words, of a name: "Casper Police Department".
HEAD = r"""
    Police\ (?:Department|Service|Force|Authority|Bureau|Foundation|Commission)|
    Police\ and\ Crime\ Commissioner|(?:Police|Fire)\ (?:and\ )?Rescue\ Service|
    Constabulary|Sheriff['\u2019]?s?\ (?:Office|Department)|
    (?:Police|Prosecutor['\u2019]s|Attorney['\u2019]?s?|Mayor['\u2019]s)\ Office|
    (?:(?:Borough|City|County|District|Town|Parish|Community|Unitary|Metropolitan)\ )?Council|
    Fire\ (?:and\ Rescue|Department|Service|Brigade|Authority)(?:\ Service)?|
    Housing\ (?:Association|Authority|Trust|Group)|Health\ (?:Board|Authority|Trust|Service)|
    School\ (?:District|Board)|Garda\ Station|Youth\ Justice\ Service|
    Department|Ministry|Authority|Agency|Commission|Commissioner|Association|Associations|Trust|
    Foundation|Fund|University|College|Institute|Hospital|Infirmary|Academy|(?:High\ )?School|
    Partnership|Board|Federation|Society|Union|Ltd|Limited|Inc|LLP|plc|Church|Network|
    Alliance|Forum|Committee|Coalition|Collaborative|Directorate|Corporation|Consortium|Bureau|
    Homes|Housing|Probation\ (?:Service|Office)|Ambulance\ Service|Prison\ Service|Service|Services|
    Group|Management|Council['\u2019]s|Charity|Mission|Secretariat|Inspectorate|Observatory|
    Unit|Centre|Center|Party|NHS\ (?:Foundation\ )?Trust|Ambulance|Executive|
    BID|Business\ Improvement\ District
"""
# A head that is no end where one of the second kind stands behind it: "University Health Board".
_GOES_ON = r"""
    (?!(?:University|College|School|Hospitals?|Ambulance\ Service|Foundation|Church|Housing|
    Health|Union|Network|Community|Service|Federation|Centre|Group|Trust|Association|
    Partnership|Board|Combined)\ (?:(?:Teaching\ )?Health\ Board|Hospitals?|NHS|Trust|
    Association|Ltd|Limited|plc|Council|Board|Foundation|Union|
    Partnership|Federation|Group|Society|Academy|Centre|Charity|Committee|Executive|
    Police\ (?:Department|Service))\b)
"""
# Heads that are believed only behind the name of a place or a body's own name in two words: most
# texts write "Traffic Unit" and "Family Centre" with capitals.
WEAK = re.compile(
    r"(?<!Police )(?<!Fire )(?<!Sheriff's )(?<!Sheriffs )(?<!Rescue )(?<!Probation )"
    r"(?<!Housing )(?<!Health )(?<!Endowment )(?<!Lottery Community )"
    r"(?:Unit|Centre|Center|Group|Services?|Management|Network|Forum|Committee|Party|Department|"
    r"Fund|Board|Union|Mission|Homes|Housing|Bureau|Church|Executive)$"
)
_WORD = r"[A-Z\u00c0-\u00de][\w'\u2019&\u00c0-\u017f-]*|[A-Z]\.(?:[A-Z]\.)*|St\."
_LINK = r"(?:of\ the|for\ the|and\ the|of|for|and|&|the|upon|in|de|du)"
_NAME = rf"(?:(?:{_WORD}),?\ (?:{_LINK}\ )?){{1,7}}?{_GOES_ON}(?:{HEAD})"
# What may follow the head: "Department of Public Works", "Commissioner for Kent".
_OF_WORD = (
    # Another body begins there: "Department of Justice Office of Justice Programs".
    r"(?!(?:Office|Department|Bureau|Ministry)\ of\b)"
    r"[A-Z\u00c0-\u00de][\w'\u2019\u00c0-\u017f-]*"
)
_OF = (
    rf"(?:\ (?:of|for)\ (?:the\ )?(?:{_OF_WORD})"
    rf"(?:,?\ (?:and\ the|of\ the|and|of|&)?\ ?(?:{_OF_WORD})){{0,5}})"
)
BY_HEAD = re.compile(rf"\b(?P<name>{_NAME.strip()})\b(?P<of>{_OF})?", re.X)
OF_FIRST = re.compile(
    r"\b(?P<name>(?:(?:The\ )?(?:University|Department|Ministry|Office|City|Town|County|Borough|"
    r"Municipality|Government|Institute|Bank|Bishop|Diocese|Archdiocese|Friends|College|Council|"
    r"Police\ Service|Association|Federation|Society|Housing\ Authority|Archbishop|"
    r"(?:(?:Royal|London)\ )Borough))\ of\ (?:the\ )?"
    rf"{_OF_WORD}(?:,?\ (?:(?:and|of|of\ the|for|&|upon|on)\ )?{_OF_WORD}){{0,4}})",
    re.X,
)
POLICE = re.compile(
    rf"\b(?P<name>(?:(?!Police\b){_OF_WORD} (?:(?:and|&) )?){{1,4}}Police)\b(?! [A-Z][a-z])"
)
SCOTLAND = re.compile(r"\b(?P<name>Police (?:Scotland|Service of [A-Z]\w+(?: [A-Z]\w+)?))\b")
BY_ROLE = re.compile(
    rf"\b(?P<name>(?:(?:Office of the )?Police and Crime Commissioner|Chief Constable|"
    rf"Crown Office|Victims' Commissioner|Children's Commissioner) for "
    rf"(?:{JOINED}|{_OF_WORD}(?: {_OF_WORD})*))"
)
EVERYWHERE = tuple(
    re.compile(rf"(?<!\w){name}(?!\w)")
    for name in (
        "Home Office",
        "Ministry of Justice",
        "Cabinet Office",
        "Scottish Government",
        "Welsh Government",
        "European Commission",
        "An Garda S\u00edoch\u00e1na",
        "Garda S\u00edoch\u00e1na",
        "Royal Canadian Mounted Police",
        "Federal Bureau of Investigation",
        "Police Executive Research Forum",
        "Crown Prosecution Service",
        "HM Prison and Probation Service",
        "National Probation Service",
        "National Crime Agency",
        "British Transport Police",
        "Transport for London",
        "Network Rail",
        "Environment Agency",
        "Royal Mail",
        "Barnardo['\u2019]s",
        "Age UK",
        "Age Concern",
        "NSPCC",
        "RSPCA",
        "NACRO",
        "Nacro",
        "Catch22",
        "Crimestoppers",
        "Victim Support",
        "Women['\u2019]s Aid",
        "Citizens Advice",
        "Salvation Army",
        "Samaritans",
        "St Giles Trust",
        "Groundwork",
        "Turning Point",
        "Public Health England",
        "Public Safety Canada",
        f"NHS (?:{JOINED})",
        "NHS(?! (?:Foundation|Trust))(?: [A-Z][a-z]+){1,4}",
        "(?:University|Trinity|King['\u2019]s|Imperial) College (?:London|Dublin|Cork)",
        "Universit(?:\u00e9|\u00e4t|a|\u00e0|eit|et) (?:de |di |van )?[A-Z\u00c0-\u00de][\\w-]+",
        "Comhairle nan Eilean Siar",
        "St John(?:['\u2019]s)? Ambulance",
        "Department for (?:Education|Transport|Communities|Work and Pensions)",
        "Department of Health(?: and Social Care)?",
        "Health and Social Care (?:Board|Trust)",
        "The Children['\u2019]s Society",
        "The Prince['\u2019]s Trust",
        "Secured by Design",
        "John Jay College of Criminal Justice",
        "RAND Corporation",
        "RAND Europe",
        "[A-Z][a-z]+ Watch Association",
    )
)
# Names made only of these say which kind of body, not which body.
GENERIC = word_set(
    """
    the a an our this that these each every local national county city town borough district
    metropolitan state federal central regional police fire department departments service services
    council councils authority authorities agency agencies office board committee division
    community safety neighbourhood neighborhood housing health public social school high middle
    elementary primary secondary university college hospital youth and of for to in on at with by
    partnership partnerships group association associations forum unit team centre center network
    residents tenants business crime reduction prevention project program programme section bureau
    commission force forces sheriff sheriffs joint new first second third north south east west
    parish planning education probation family families children women men domestic violence
    street traffic rescue patrol problem oriented response task management trust fund union society
    church churches company homes day night care support victim victims drug drugs alcohol mental
    emergency ambulance prison court courts justice government environmental parks recreation
    works research development services directorate constabulary commissioner charity data action
    resident tenant homeowners owners disorder special operations operation initiative both
    all many some other most when if as while after
    before since during under from through chief officer officers sergeant captain lieutenant
    inspector constable crime's city's county's department's mr mrs ms dr area areas
    """
)
# A heading, not a name: "Reducing Crime In the Maravilla Public Housing".
PHRASE = re.compile(
    r"^\w+ing\b(?!['\u2019])(?! (?:Board|Authority|Association|Trust|Group))"
    r"| (?:In|By|To|With|Through|Our|Their) "
)
LEADING = re.compile(
    r"^(?:(?:The|A|An|Our|This|That|These|Those|Each|Every|Both|All|In|At|By|From|With|For|Since|"
    r"When|While|After|Before|Under|Through|If|As|On|To|And|But|Or|Also|Dear|Chief|Sergeant|Sgt|"
    r"Officer|Detective|Captain|Lieutenant|Corporal|Inspector|Superintendent|Constable|Mr|Mrs|Ms|"
    r"Dr|Prof|Professor|Contact|Local|Ask|Author|Organisation|Organization|Agency|Re|Project|Summary|Working|"
    r"Abstract)\b[.:,]?\s+(?:the\s+)?)+"
)
NO_BODY = re.compile(
    r"\b(?:Police|City|County|Fire) Commissioner$|"
    r"\b(?:Award|Awards|Prize|Act|Model|Application|Nomination|Initiative|Operation|Conference|"
    r"Problem[- ](?:Oriented|Solving)|Watch Program)\b"
)
NATIONAL = re.compile(
    r"\b(?:National|Royal|British|Dutch|Scottish|Welsh|Irish|English|American|Canadian|Australian|"
    r"European|Metropolitan|International|Federal|Norwegian|Swedish|Danish|German|French|Belgian)\b"
)
POLICE_BEFORE_NO = word_set("neighbourhood neighborhood community transport local")
TOLD_OF = re.compile(
    r"(?:Minutes|Meeting|Evaluation|Analysis|Study|Review|Head|Director|Chief|Chair(?:man|woman|person)?|Members?|"
    r"Mayor|Leader|Commander|Use|Role|Impact|Effects?|Support|Endorsement|Part|President|Manager|"
    r"Superintendent|Principal|Rangers?|Officers|Staff|Wardens?|Nurses|Residents|Tenants|Students|Pupils|"
    r"Volunteers) of (?:the )?"
)
"""What is told of a body before its name: "Head of Surrounding Residents Association"."""
STRAY = re.compile(r"^[A-Z],? (?=[A-Z])|,? [A-Z]$|[,;:]+$")
"""Letters and stops at either end that belong to something else."""
