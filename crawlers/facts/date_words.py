"""The words round a date that say what it tells: a beginning, an end, a count or something else."""

import re

STARTED = re.compile(
    r"""\b(?:start(?:ed|s|ing)?|beg[au]n|begin(?:ning|s)?|launch(?:ed|es|ing)?|introduc(?:ed|tion)|
    set\ up|establish(?:ed|ment)|form(?:ed|ation)|found(?:ed|ing)|open(?:ed|ing|s)|creat(?:ed|ion)|
    implement(?:ed|ation)|develop(?:ed|ment)|initiat(?:ed|ion)|commenc(?:ed|ing|es)|inception|
    came\ into|went\ live|goes\ live|rolled\ out|adopted|passed|took\ on|put\ up|painted|installed|
    fitted|deployed|recruited|appointed|released|in\ place|piloted|trialled|enacted|instituted|
    first\ (?:used|run|held|tried)|first\ \w+\ (?:was|were)\ (?:held|run|fitted|installed|made)|
    took\ effect|running|assigned|partnered|unveiled|kicked\ off|brought\ in|put\ in|handed\ out|
    given\ out|switched\ (?:back\ )?on|(?:got|was|is)\ under\ ?way)\b""",
    re.I | re.X,
)
ENDED = re.compile(
    r"""\b(?:end(?:ed|s|ing)?|finish(?:ed|es)?|
    clos(?:ed|es|ure(?!\ (?:order|notice|power)))|complet(?:ed|ion)|conclud(?:ed|es)|
    came\ to\ an\ end|was\ stopped|stopped|cease[ds]?|discontinued|wound\ (?:up|down)|expired|
    withdrawn|until|till|through|culminat\w+)\b""",
    re.I | re.X,
)
RAN = re.compile(
    r"""\b(?:r[au]n(?:s|ning)?|last(?:ed|s)|operat(?:ed|es|ing)|took\ place|carried\ out|held|
    active|done|
    paid|fund(?:ed|s|ing)|deliver(?:ed|s|y)|trial|pilot|project|programme|program|scheme|initiative|
    operation|campaign|teams?|patrols?|phase)\b""",
    re.I | re.X,
)
EVALUATED = re.compile(
    r"""\b(?:evaluat\w+|assess(?:ed|ment)|stud(?:y|ied)|compar(?:ed|ison|ing)|survey(?:s|ed)?|
    follow-up|before\ and\ after|baseline|reconvict\w+|trial(?:led)?\ by|measur(?:ed|ement))\b""",
    re.I | re.X,
)
# A verb of beginning right before a date leaves no doubt, whatever else the sentence tells.
BEGAN = re.compile(
    r"\b(?:started|began|begun|launch(?:ed)?|set up|introduced|established|commenced|went live|"
    r"opened|rolled out|came into force|put in place|ran|running|operated|piloted|trialled|"
    r"installed|first met)(?: \w+){0,5}? (?:in|on|from|during|since)\s+(?:the\s+)?$",
    re.I,
)
FOR_SO_LONG = re.compile(r"\bfor (?:\w+ ){1,3}from\s+$")
# A line of a form: "Start date: 1 September 2018", "Timescale: April 2019 to March 2021".
FORM = re.compile(
    r"""(?:(?:project|scheme|programme)\ )?(?:
    (?P<start>start(?:ed)?(?:\ date)?|date\ started|launch(?:ed)?(?:\ date)?|
        date\ (?:of\ )?launch|began|commenced|implemented)|
    (?P<end>end(?:ed)?(?:\ date)?|date\ (?:ended|finished)|finish(?:ed)?(?:\ date)?|
        complet(?:ed|ion)(?:\ date)?)|
    dates?|timescales?|timeframe|duration|period|when|running\ dates|delivery\ dates|dates\ run)
    \s*[:|]""",
    re.I | re.X,
)
COUNT = re.compile(
    r"\b\d[\d,]*\s+(?:\w+\s+){0,3}?(?:reports?|calls?|thefts?|incidents?|complaints?|burglar\w+|"
    r"offences?|crimes?|assaults?|arrests?|fires?|attacks?|robber\w+|vans?|cars?|bikes?|homes?|"
    r"were|was)\b",
    re.I,
)
IN_NAMES = re.compile(r"\b(?:Safer|Stronger|Better|Improving|Reducing)(?: [A-Z][\w'\u2019]+)+")
# What is dated so is no date of the practice: laws, awards, reports, how long it had been bad.
OTHER = re.compile(
    r"""\b(?:acts?|regulations|rules|
    order(?!\ (?:came\ into|began|started|was\ introduced))|convention|census|
    born|died|killed|elected|awards?|won|
    winners?|nominat\w+|published|report\ of|copyright|prices|dollars|olympics|founded\ in|
    complain\w*|plagued|concerns?|since\ then|increase\ in|worse\w*|problems?\ (?:began|started))
    \b[^.;]{0,40}$""",
    re.I | re.X,
)
ACT_AFTER = re.compile(r"\s*(?:act|regulations|census|olympics|award|survey|prices|report)\b", re.I)
# What had gone on, or was so, before anything was done: "the lights had been off since 2019".
HAD = re.compile(r"\bhad\s+(?:\w+ly\s+|already\s+|been\s+|not\s+|never\s+){0,2}$", re.I)
STATE = re.compile(
    r"""\bhad\b(?:\s+(?!to\b)\w+){1,8}\s+(?:since|from)\s*$ |
    \b(?:has|have|is|are|was|were)\s+(?:not\s+|never\s+|\w+ly\s+)?(?:been\s+|stood\s+|lain\s+)?
    (?:off|out|out\s+of\s+(?:use|order|action)|empty|closed|derelict|broken|vacant|dark|shut|
    boarded\s+up|unused|abandoned|plagued|blighted|known|afraid|missing|down|without|dealing|
    struggling|living|
    (?:a|an|the|no)\s+\w+)\b[^.;]*$""",
    re.I | re.X,
)
# What is only planned.
PLANNED = re.compile(
    r"\b(?:will|shall|won't|(?:plans?|planned|intends?|aims?|hopes?|proposes?|proposed|due|going)\s+to|"
    r"(?:is|are)\s+to\s+be)\b",
    re.I,
)
# What else than a scheme closes: a mill, a pub.
CLOSED = re.compile(r"\bclos(?:ed|es|ure)\b[^.;]*$", re.I)
# What stands before the time that a thing went on, whatever else the sentence tells.
RAN_SPAN = re.compile(
    r"\b(?:ran|lasted|operated|took place|(?:was|were) (?:held|delivered|piloted|trialled|run))\b"
    r"(?:\s+\w+){0,4}?\s+(?:from|between|over)\s*$",
    re.I,
)
# Verbs by which a thing goes on through the whole of a year.
THROUGH = re.compile(
    r"\b(?:ran|runs|running|lasted|operated|took place|delivered|held|carried out)\b", re.I
)
# A year of schools or of money, which begins in one year and ends in the next.
YEAR = re.compile(r"(?:19|20)\d\d\s?[/\u2013-]\s?\d\d$|/\s?\d{4}$")
SINCE = re.compile(r"\b(?:since|from)\s*$", re.I)
UNTIL = re.compile(
    r"(?<!years )(?<!year )(?<!months )\b(?:until|till|up to|to|through)\s+(?:the end of\s+)?$",
    re.I,
)
TRIED = re.compile(
    r"\b(?:ran|held|brought in|put in|trial|pilot|gave out|handed out|put out|took over|sent out|"
    r"fitted|planted|cleared|trained|visited|hired|bought|extended)\b"
)
OPENS = re.compile(r"^(?:In|On|At|During|By|From|Between|Over)\s+(?:the\s+)?$")
ROSE = re.compile(r"\b(?:rose|risen|doubled|trebled|grew|grown|increas\w+|worse\w*|rising)\b", re.I)
FELL = re.compile(
    r"\b(?:fell|fallen|drop\w*|reduc\w+|declin\w+|decreas\w+|fewer|less|halved|down|lower|improv\w+|"
    r"compared|safer|better|attendance|satisf\w+|felt safe|confidence)\b",
    re.I,
)
FROM_FIGURE = re.compile(r"\bfrom\s+\d[\d,.%]*\s+(?:\w+\s+){0,3}in\b[^.;]{0,20}?\bto\s+\d", re.I)
JOINT = re.compile(r"\s*(?:and|to|against|until|-|\u2013)\s*(?:in\s+)?", re.I)
THIS_PAST = re.compile(r"\b(?:as of|by|before|prior to|in the years? before)\s+(?:the\s+)?$", re.I)
