"""Texts with which a model, or whoever speaks through it, may try to take over the page."""

from __future__ import annotations

from tests.unit.markdown.payloads import CHANGED, LITERAL

EVIL = "https://evil.example.invalid"

_TAGS = (
    "a", "applet", "audio", "base", "body", "button", "embed", "form", "frame", "iframe", "image",
    "img", "input", "isindex", "link", "marquee", "math", "meta", "object", "picture", "portal",
    "script", "select", "source", "style", "template", "textarea", "track", "video", "x-own",
)  # fmt: skip
_HTML = [
    f'<{tag} src="{EVIL}/{tag}" href="{EVIL}/{tag}" data="{EVIL}" onload="alert(1)" '
    f'onerror="alert(1)" autofocus onfocus="alert(1)">x</{tag}>'
    for tag in _TAGS
]
_EVENTS = [
    f'<img src="data:," on{event}="window.hit=1;alert(1)">'
    for event in ("error", "load", "click", "mouseover", "focus", "toggle", "animationstart",
                  "pointerrawupdate", "begin", "end")
]  # fmt: skip
_SVG = [
    f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    for inside in (
        "<script>alert(1)</script>",
        f'<image href="{EVIL}/a.png"/>',
        f'<use href="{EVIL}/a.svg#x"/>',
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        "<foreignObject><iframe src='javascript:alert(1)'></iframe></foreignObject>",
        f"<style>@import url({EVIL}/a.css)</style>",
        '<a href="javascript:alert(1)"><text y="9">x</text></a>',
        '<set attributeName="onload" to="alert(1)"/>',
        f'<feImage href="{EVIL}"/>',
    )
]
_ADDRESSES = (
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "java&#10;script:alert(1)",
    "javascript&colon;alert(1)", "&#106;avascript:alert(1)", "\x01javascript:alert(1)",
    "javascript://x.example/%0aalert(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "DATA:image/svg+xml,<svg/>",
    "vbscript:msgbox(1)", "file:///etc/passwd", "blob:https://x.example/1", "about:blank",
    "view-source:https://x.example", "ws://evil.example.invalid", "ftp://evil.example.invalid",
    "\\\\evil.example.invalid\\share", "//evil.example.invalid/x",
)  # fmt: skip
_LINKS = [
    form.format(address)
    for address in _ADDRESSES
    for form in ("[press here]({})", "<{}>", "![picture](<{}>)", "[press][r]\n\n[r]: <{}>")
]
_IMAGES = [
    form.replace("{}", EVIL)
    for form in (
        "![]({}/1.png)", "![a][r]\n\n[r]: {}/2.png", "![r]\n\n[r]: {}/3.png", "![r][]\n\n[r]: {}/4",
        "[![a]({}/5.png)](https://x.example)", "![a](<{}/6 7.png>)", '![a]({}/8.png "title")',
        "- ![a]({}/9.png)", "> ![a]({}/10.png)", "|![a]({}/11.png)|\n|-|\n|![b]({}/12.png)|",
        "# ![a]({}/13.png)", "**![a]({}/14.png)**", "~~![a]({}/15.png)~~", "a![a]({}/16.png)b",
        "[^1]\n\n[^1]: ![a]({}/17.png)", "!\\[a\\]({}/18.png)", "&excl;[a]({}/19.png)",
        "$![a]({}/20.png)$", "`a` ![a]({}/21.png)", "\\(![a]({}/22.png)\\)",
    )
]  # fmt: skip
_DIRECTIVES = [
    form.format(name)
    for name in ("red", "violet-background", "green-badge", "small", "material/lock", "streamlit")
    for form in (":{}[Signed in as admin]", "- :{}[x]", "**:{}[x]**", ":{}:")
]
_UNSEEN = [
    f"invoice{character}fdp.exe and pass{character}word"
    for character in map(
        chr,
        (0x00AD, 0x034F, 0x061C, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A,
         0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xFE0F,
         0xFEFF, 0xFFA0, 0xE0041),
    )
]  # fmt: skip
_HOSTS = [
    f"[https://good.example](https://{host}/x) and https://{host}/y"
    for host in (
        "g\u043e\u043ed.example", "\u0261ood.example", "good.example.evil.example.invalid",
        "good.example@evil.test", "xn--gd-fkaa.example", "good。example", "good\u2024example", "GOOD.example%2eevil.test",
        "good.example:443@evil.test", "[::1]", "127.0.0.1:1", "0x7f.1", "good.example\u202e",
    )
]  # fmt: skip
_MATHS = [
    f"{fence}{formula}{fence}"
    for fence in ("$", "$$")
    for formula in (
        r"\href{javascript:alert(1)}{x}", rf"\url{{{EVIL}}}", rf"\includegraphics{{{EVIL}/m.png}}",
        r"\htmlData{onclick=alert(1)}{x}", r"\htmlStyle{position:fixed;inset:0}{x}",
        r"\rule{90000em}{90000em}", r"\kern900000em x", r"\def\a{\a\a}\a", r"\newcommand\a{\a}\a",
        "{" * 400 + "x" + "}" * 400, "x^" * 300 + "x", r"\frac{1}{" * 60 + "1" + "}" * 60, r"\unknown",
        "{", r"\text{<img src=x onerror=alert(1)>}",
    )
]  # fmt: skip
_BLOCKS = [
    "```html\n<script>alert(1)</script>\n```", "```mermaid\nclick a href 'javascript:alert(1)'\n```",
    "~~~\n</code></pre><script>alert(1)</script>", "    <script>alert(1)</script>",
    "|<script>alert(1)</script>|\n|-|\n|x|", "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>", "x" * 5_000, "العربية " * 300, "a\u0300" * 3_000,
    "Z" + "\u0334" * 2_000, "👨‍👩‍👧‍👦" * 300, "|a" * 300 + "|\n" + "|-" * 300 + "|", "\t" * 3_000 + "x",
]  # fmt: skip

#: Each of at most a few kilobytes.
SMALL = tuple(
    dict.fromkeys(
        (*LITERAL, *(text for text, _ in CHANGED), *_HTML, *_EVENTS, *_SVG, *_LINKS, *_IMAGES,
         *_DIRECTIVES, *_UNSEEN, *_HOSTS, *_MATHS, *_BLOCKS)
    )
)  # fmt: skip

#: What would choke a browser by its size or depth.
LARGE = (
    "x" * 1_000_000,
    "word " * 200_000,
    "> " * 10_000 + "x",
    "- " * 10_000 + "x",
    "\n".join(" " * (2 * depth) + "- a" for depth in range(700)),
    "[" * 100_000 + f"![a]({EVIL})",
    "$" + "{" * 50_000 + "x" + "}" * 50_000 + "$",
    "<div>" * 100_000,
    "```\n" + "y" * 900_000,
)
