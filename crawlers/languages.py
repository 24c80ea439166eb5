"""The language of a text, from its words; what a file states counts where words are few."""

from functools import lru_cache

from py3langid.langid import (  # type: ignore[import-untyped]
    MODEL_FILE,
    LanguageIdentifier,
)

_ENOUGH = 200  # characters
_READ = 5_000
_SURE = 0.95


def language_of(text: str, stated: str = "") -> tuple[str, str]:
    """Two-letter code of the language, and a warning when file and words disagree ("" if not)."""
    sample = text[:_READ]
    if len(sample.strip()) < _ENOUGH:
        return stated or (_guess(sample)[0] if sample.strip() else ""), ""
    found, sure = _guess(sample)
    if sure < _SURE and stated:
        return stated, ""
    if stated and stated != found:
        return found, f"The file says that its language is '{stated}', but its words are '{found}'."
    return found, ""


def _guess(text: str) -> tuple[str, float]:
    code, sure = _identifier().classify(text)
    return str(code), float(sure)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
