"""Two or more places that are one council, police force, fire or health service."""

import re

_NAMES = """
    Adur and Worthing; Antrim and Newtownabbey; Ards and North Down; Argyll and Bute;
    Armagh City, Banbridge and Craigavon; Avon and Somerset; Ayrshire and Arran;
    Barking and Dagenham; Basingstoke and Deane; Bassetlaw, Newark and Sherwood;
    Bath and North East Somerset; Bedfordshire and Luton; Blackburn with Darwen;
    Bournemouth, Christchurch and Poole; Brighton and Hove; Cardiff and Vale;
    Causeway Coast and Glens; Cheshire West and Chester; City and County of Cardiff;
    City and County of Swansea; Coventry and Warwickshire; Derry City and Strabane;
    Devon and Cornwall; Devon and Somerset; Dorset and Wiltshire; Dumfries and Galloway;
    Durham and Darlington; Epsom and Ewell; Fermanagh and Omagh; Greater Glasgow and Clyde;
    Hammersmith and Fulham; Hampshire and Isle of Wight; Hereford and Worcester;
    Hinckley and Bosworth; Kensington and Chelsea; King's Lynn and West Norfolk;
    Lisburn and Castlereagh; Mid and East Antrim; Mid and West Wales; Newark and Sherwood;
    Newry, Mourne and Down; Nuneaton and Bedworth; Oadby and Wigston; Perth and Kinross;
    Redcar and Cleveland; Reigate and Banstead; St Albans City and District;
    St. Albans City and District; Telford and Wrekin; Tonbridge and Malling; Tyne and Wear;
    Westmorland and Furness; Windsor and Maidenhead
"""
JOINED = "|".join(
    re.escape(name.strip()).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace("'", "['\u2019]")
    for name in _NAMES.split(";")
)
JOINED_PLACES = re.compile(rf"\b(?:{JOINED})\b")
