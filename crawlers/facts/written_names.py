"""How the name of a person is written where it stands with a role."""

_SURNAME = r"(?:Mc|Mac|O['\u2019]|N\u00ed\ |\u00d3\ )?[A-Z\u00c0-\u00de][\w'\u2019-]+"
PERSON = (
    r"(?P<person>(?:[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]+(?:-[A-Z][a-z]+)?(?:\ [A-Z]\.?)?"
    rf"(?:\ (?:[A-Z]\.?|[a-z]{{2}}))?|(?:[A-Z]\.\ ?){{1,3}})\ ?(?<=[\ .]){_SURNAME})"
)
LETTERS = r"(?:,?\ (?:Jr|Sr|II|III|Ph\.?\ ?D|QPM|MBE|OBE|CBE|BSc|MSc|MA|BA)\b\.?)*"
"""What may stand behind a name: of a family, of a degree or an honour."""
TITLE = r"(?:\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Cllr|Sgt|Insp|Supt|PC|PCSO|DI|DS|DC)\.?\s+)"
