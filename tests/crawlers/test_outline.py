"""The outline of a page is the same whatever its markup."""

from datetime import UTC, datetime

import pytest

from crawlers.errors import PageUnreadable
from crawlers.outline import Anchor, Line, columns, lines, tables
from crawlers.page import Page


def page(text: str) -> Page:
    return Page(
        "https://example.org/a/b", text.encode(), "text/html; charset=utf-8", datetime.now(UTC)
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<p>One <a href='/x.pdf'>two</a></p><p>three &amp; four</p>",
        "<div>One <a href='/x.pdf'>two</a><br/>three\n &amp;   four</div>",
        "<table><tr><td>One <a href='/x.pdf'>two</a></td><td>three &amp; four</td></tr></table>",
        "<span>One <a href='/x.pdf'>two</a><!-- c --></span><div><div>three &amp; four</div></div>",
    ],
)
def test_lines_do_not_depend_on_markup(markup: str) -> None:
    filling = "<p>" + "filling " * 10 + "</p>"
    found = lines(page(f"<body><nav>menu</nav><main>{markup}{filling}</main>footer</body>"))
    assert [line.text for line in found[:2]] == ["One two", "three & four"]
    assert found[0].links == (Anchor("two", "https://example.org/x.pdf"),)
    assert found[0].link(r"\.pdf") == "https://example.org/x.pdf"
    assert found[0].link(r"\.docx") == ""
    assert found[-1].text.startswith("filling")


def test_headings_bold_lines_and_items_are_known() -> None:
    found = lines(
        page("<h2>A</h2><b>all</b><p><b>part</b> only</p><ul><li>i<p>in it</p></li></ul>tail")
    )
    assert found == [
        Line("A", level=2),
        Line("all", strong=True),
        Line("part only"),
        Line("i", item=True),
        Line("in it"),
        Line("tail"),
    ]


def test_what_only_leads_is_left_out() -> None:
    text = "<header>site</header><nav>n</nav><aside>a</aside><form>f</form><script>s</script>"
    inside = "<article><header><h1>title</h1></header>text</article><footer>f</footer>"
    assert [line.text for line in lines(page(f"<body>{text}{inside}</body>"))] == ["title", "text"]


def test_an_empty_main_part_is_not_believed() -> None:
    assert lines(page("<body><main></main><p>all of the text</p></body>")) == [
        Line("all of the text")
    ]


def test_tables_and_their_columns() -> None:
    markup = (
        "<table><tr><td><table><tr><th>How It Works</th><th>Response &amp; more</th></tr><tr></tr>"
        "<tr><td>w</td><td><a href='r'>r</a></td></tr></table></td></tr></table>"
    )
    (table,) = tables(page(markup))
    assert columns(table[0], {"response": "option", "how it works": "how"}) == {
        "option": 1,
        "how": 0,
    }
    assert columns(table[0], {"response": "option", "cost": "cost"}) == {}
    assert table[1][1].link == "https://example.org/a/r"
    assert len(table) == 2


def test_deep_markup_ends() -> None:
    assert [line.text for line in lines(page("<div>" * 50_000 + "x"))] == ["x"]
    with pytest.raises(PageUnreadable):
        lines(page("<div>x" * 20_000))
