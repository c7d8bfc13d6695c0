"""Where a link really leads: which destinations stay links, and the host to show for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from playground.markdown.characters import make_visible
from playground.markdown.output import literal

_WEB = re.compile(r"(https?)://([^/?#\\\s]{1,1000})((?:[/?#]\S*)?)\Z", re.IGNORECASE)
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\Z")
_MAIL = re.compile(r"mailto:([\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)(\?[^\s]*)?\Z", re.IGNORECASE)

# What may stand unescaped in a link's destination. The rest is percent-encoded: `$`, because maths
# is looked for in the whole text; brackets, `<`, `>`, `|` and backslash for the syntax around it.
_KEPT = "-._~:/?#@!'*+,;=%&"


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that a link may lead to.

    Attributes:
        href: as written into Markdown, all escaping done.
        host: where it leads: the host (punycode unless ASCII) with its port, or a mail address.
    """

    href: str
    host: str


#: Destinations of reference links, by `label_key`.
References = Mapping[str, str]


def label_key(label: str) -> str:
    """Return what two labels of one reference have in common."""
    return " ".join(label.split()).casefold()


def destination(url: str) -> Destination | None:
    """Return where `url` leads; None unless it is an absolute http, https or mailto URL."""
    url = url.strip()
    if len(url) > 4000:
        return None
    if found := _WEB.match(url):
        scheme, authority, rest = found[1].lower(), found[2], found[3]
        userinfo, _, place = authority.rpartition("@")
        host = _ascii_host(place)
        if host is None:
            return None
        start = f"{scheme}://{_encoded(userinfo)}@{host}" if userinfo else f"{scheme}://{host}"
        return Destination(start + _encoded(rest), host)
    if found := _MAIL.match(url):
        return Destination("mailto:" + _encoded(found[1] + (found[2] or "")), found[1])
    return None


def names_host(label: str, place: Destination) -> bool:
    """Whether a reader of `label` already knows that it leads to the host of `place`."""
    said = re.sub(r"[*_`\\]|^(?i:https?://|mailto:)", "", label.strip()).lower()
    return any(
        said == host or said.startswith((f"{host}/", f"{host}?", f"{host}#"))
        for host in (place.host.lower(), place.host.lower().removeprefix("www."))
    )


def link_end(label: str, place: Destination) -> str:
    """Return what closes a link behind its label: the target, and the host if `label` hides it."""
    told = "" if names_host(label, place) else f" ({literal(place.host)})"
    return f"]({place.href}){told}"


def shown_host(url: str) -> str:
    """Return the host of any URL, or as much of what it is as can be said, for a reader."""
    place = destination(url)
    if place is not None:
        return place.host
    scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):", url)
    return scheme[1] if scheme else make_visible(url.strip())[:60]


def _ascii_host(place: str) -> str | None:
    name, colon, port = place.partition(":") if not place.isascii() else (place, "", "")
    if len(name) > 253:
        return None
    try:
        host = (name if name.isascii() else name.encode("idna").decode("ascii")) + colon + port
    except UnicodeError:
        return None
    return host.lower() if _HOST.match(host) else None


def _encoded(rest: str) -> str:
    encoded = quote(rest, safe=_KEPT, errors="replace").replace("&", "&amp;")
    # Streamlit rewrites this in the whole text, destinations included.
    return encoded.replace(":material/", "%3Amaterial/")
