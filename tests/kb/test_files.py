"""Names of files that people send in."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kb.files import KINDS, safe_name

NAMES = st.text(max_size=150) | st.lists(
    st.sampled_from(
        ["../", "..\\", "C:", "CON", ".", "a", "é", "\u202e", "\0", ".pdf", ".exe", " "]
    )
).map("".join)


@given(NAMES, st.sampled_from([None, *KINDS.values()]))
def test_any_name_becomes_a_plain_one(sent: str, kind: object) -> None:
    name = safe_name(sent, kind)  # type: ignore[arg-type]
    assert 0 < len(name) <= 100
    assert not set(name) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in name)
    assert name[0] not in ". "
    assert ".." not in name
    assert safe_name(name, kind) == name  # type: ignore[arg-type]
    if kind is not None:
        assert name.endswith(kind.endings)  # type: ignore[attr-defined]
