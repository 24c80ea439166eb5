"""Rows of the group `identity`: where it happened."""

from kb.records.definition import Part, field


class Place(Part):
    """Where it happened."""

    name: str = field("Place name", "Town, neighbourhood or site.", example="Speke, Liverpool")
    local_authority: str = field(
        "Local authority", "Council, city or county.", example="Liverpool City Council"
    )
    police_force: str = field(
        "Police force", "Force or department for the area.", example="Merseyside Police"
    )
    region: str = field("Region", "Region, state or province.", example="North West")
    country: str | None = field(
        "Country", "Where it was done.", default=None, vocabulary="countries"
    )
    area_types: list[str] = field(
        "Type of area", "All that fit.", default=[], vocabulary="area_types", weight=1
    )
    latitude: float | None = field(
        "Latitude", "In degrees; rough is enough.", default=None, ge=-90, le=90, example="53.35"
    )
    longitude: float | None = field(
        "Longitude", "In degrees; west is negative.", default=None, ge=-180, le=180, example="-2.85"
    )
    population_served: int | None = field(
        "Population served",
        "People living in or using the area.",
        default=None,
        ge=0,
        example="8400",
    )
