"""Where links lead, and what is said about it."""

from __future__ import annotations

import pytest

from playground.markdown.links import Destination, destination, names_host, shown_host


@pytest.mark.parametrize(
    ("url", "href", "host"),
    [
        ("HTTPS://X.example/A b".replace(" ", "%20"), "https://x.example/A%20b", "x.example"),
        ("http://x.example:8080", "http://x.example:8080", "x.example:8080"),
        ("https://u:p@x.example/", "https://u:p@x.example/", "x.example"),
        ("https://a@b@x.example/", "https://a@b@x.example/", "x.example"),
        ("https://x.example/(a)$[b]|\\`<>", "https://x.example/%28a%29%24%5Bb%5D%7C%5C%60%3C%3E",
         "x.example"),
        ("https://x.example?a=1&copy=2", "https://x.example?a=1&amp;copy=2", "x.example"),
        ("https://x.example/:material/y", "https://x.example/%3Amaterial/y", "x.example"),
        ("https://ä.example/ä", "https://xn--4ca.example/%C3%A4", "xn--4ca.example"),
        ("https://x。example", "https://x.example", "x.example"),
        ("http://[::1]:80/", "http://[::1]:80/", "[::1]:80"),
        ("mailto:me@x.example?subject=a", "mailto:me@x.example?subject=a", "me@x.example"),
    ],
)  # fmt: skip
def test_links_to_the_web_and_to_people(url: str, href: str, host: str) -> None:
    assert destination(url) == Destination(href, host)


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "/x", "//x", "#x", "javascript:x", "data:x", "file:///x", "ftp://x.example",
        "https:x", "https:/x", "https:///x", "https://", "https:\\\\x", "https://a\\@x.example",
        "https://x.example\\@y.example", "https://x y", "https://a\x01.example", "https://%65.example",
        "https://a$b", "https://x:99999999", "https://" + "a" * 300, "https://ä" + "a" * 300, "https://ä" + "a" * 70,
        "https://x.example/" + "a" * 5000, "mailto:x", "mailto:a@b c", "java\nscript:x",
    ],
)  # fmt: skip
def test_all_others_are_text(url: str) -> None:
    assert destination(url) is None


@pytest.mark.parametrize("label", ["x.example", "https://X.example/y", "x.example?q", "www"])
def test_a_label_that_names_the_host(label: str) -> None:
    place = destination("https://www/" if label == "www" else "https://www.x.example/y")
    assert place is not None
    assert names_host(label, place)


@pytest.mark.parametrize("label", ["", "x", "x.example.evil", "evil x.example", "x.example@evil"])
def test_a_label_that_does_not(label: str) -> None:
    assert not names_host(label, Destination("https://x.example", "x.example"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://x.example/y", "x.example"),
        ("data:image/png,x", "data"),
        ("a/\u202eb", "a/[U+202E]b"),
    ],
)
def test_where_an_image_would_come_from(url: str, said: str) -> None:
    assert shown_host(url) == said
