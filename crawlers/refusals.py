"""Answers that look like a page and are none: a proof of being human, a form to sign in, or a "not
found" that comes with status 200. Taken for pages they would count as "nothing new here".
"""

import re
from urllib.parse import urlsplit

from crawlers.errors import Blocked, PageEmpty, PageNotThere
from crawlers.page import Page

# A page that asks for a proof of being human: a short page with one of these as its title or form.
_CHALLENGE = re.compile(
    rb"<title>\s*(?:just a moment|attention required|access denied|are you (?:a )?human|"
    rb"please wait|human verification|verify(?:ing)? you are human|ddos protection|"
    rb"security check|bot verification)"
    rb"|/cdn-cgi/challenge-platform/|class=[\"'](?:g-recaptcha|h-captcha)[\"']",
    re.I,
)
_CHALLENGE_SIZE = 30_000
_HEADINGS = re.compile(r"<(title|h1)\b[^>]{0,300}>(.{0,400}?)</\1\s*>", re.I | re.S)
_TAG = re.compile(r"<[^>]{0,300}>")
_MOST_SOUGHT = 100_000  # letters of a page in which its title and heading must stand
_NOT_THERE = re.compile(
    r"^\W*404\b|\berror\W{0,3}404\b|\b404\W{1,3}(?:error|page|not found)|\bnot be found\b|"
    r"\b(?:page|file|document)\b.{0,20}"
    r"\b(?:not found|does(?: not|n.t) exist|no longer (?:available|exists)|been removed)\b",
    re.I,
)
_SIGN_IN = re.compile(r"\b(?:log|sign)[ -]?(?:in|on)\b|\bauthenticat|\bmembers? only\b", re.I)
_SIGN_IN_ADDRESS = re.compile(r"/(?:user/|account/|accounts/|auth/|wp-)?(?:log|sign)[-_]?(?:in|on)")
_PASSWORD = re.compile(r"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password\b", re.I)


def refuse_what_is_no_page(asked: str, page: Page) -> None:
    """Raise what is wrong when what came for `asked` is not the page that stands there.

    That is PageEmpty, Blocked or PageNotThere.

    A form to sign in counts when the page is about it: its title or heading says so, or the site
    sent us to it. A small form in the head of a page does not.
    """
    if not page.body.strip():
        raise PageEmpty(page.url)
    if len(page.body) < _CHALLENGE_SIZE and _CHALLENGE.search(page.body):
        raise Blocked(page.url, "the site asks for a proof of being human")
    if "html" not in page.content_type:
        return
    text = page.text[:_MOST_SOUGHT]
    heads = [" ".join(_TAG.sub(" ", found[2]).split()) for found in _HEADINGS.finditer(text)][:3]
    if any(_NOT_THERE.search(head) for head in heads):
        raise PageNotThere(page.url, "its title says that the page is not there")
    sent_to_it = page.url != asked and _SIGN_IN_ADDRESS.match(urlsplit(page.url).path.lower())
    if (sent_to_it or any(map(_SIGN_IN.search, heads))) and _PASSWORD.search(text):
        raise Blocked(page.url, "the site asks to sign in")
