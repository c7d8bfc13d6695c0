"""No text is given to Streamlit that did not come from components/texts.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.environment import ROOT

#: The calls that draw words.
DRAW = {
    "title",
    "header",
    "subheader",
    "markdown",
    "caption",
    "text",
    "write",
    "info",
    "warning",
    "error",
    "success",
    "exception",
    "badge",
    "toast",
    "expander",
    "popover",
    "status",
    "spinner",
    "progress",
    "metric",
    "help",
    "dialog",
    "button",
    "download_button",
    "link_button",
    "page_link",
    "menu_button",
    "form_submit_button",
    "chat_input",
    "text_input",
    "text_area",
    "number_input",
    "slider",
    "select_slider",
    "selectbox",
    "multiselect",
    "radio",
    "pills",
    "segmented_control",
    "checkbox",
    "toggle",
    "date_input",
    "time_input",
    "file_uploader",
    "feedback",
    "tabs",
    "Page",
}
WORDS = {"label", "help", "placeholder", "text", "title", "body", "caption", "options"}
#: What stands in a text and is no word: icons, and Streamlit's names of colours and sizes.
MARKUP = re.compile(r":material/[\w{}]*:?|:[a-z{}]+(?:-[a-z]+)?\[|\bmaterial/\w*:")
WORD = re.compile(r"[A-Za-z]{2,}")


def shown(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield the texts that stand in an argument itself, not those in calls."""
    if isinstance(node, ast.Constant):
        yield node
    elif isinstance(node, ast.JoinedStr | ast.List | ast.Tuple):
        for part in node.values if isinstance(node, ast.JoinedStr) else node.elts:
            yield from shown(part)
    elif isinstance(node, ast.FormattedValue):
        yield from shown(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*shown(node.body), *shown(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*shown(node.left), *shown(node.right))
    elif isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from shown(part)


def untranslated(source: str) -> list[str]:
    """Return the texts in `source` that are drawn as they stand in the code."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr not in DRAW:
            continue
        words = [keyword.value for keyword in call.keywords if keyword.arg in WORDS]
        for node in (part for argument in (*call.args[:1], *words) for part in shown(argument)):
            text = node.value if isinstance(node.value, str) else ""
            if WORD.search(MARKUP.sub("", text)):
                found.append(f"{node.lineno}: {text}")
    return found


@pytest.mark.parametrize(
    "line",
    [
        'st.button("Send")',
        'st.info(f"Hello {name}")',
        'st.button("Replace" if again else "Keep")',
        'place.caption(":material/add: Add")',
        'st.text_input(_("Name"), placeholder="A name")',
        'st.tabs(["Text", _("Request")])',
        'st.title(name or "Untitled")',
    ],
)
def test_the_check_finds_a_text_that_is_not_translated(line: str) -> None:
    assert untranslated(line)


@pytest.mark.parametrize(
    "line",
    [
        'st.button(_("Send"), key="send", icon=":material/send:")',
        'st.info(_("Hello {name}").format(name=name))',
        'st.markdown(f":small[:gray[:material/{icon}: {words}]]")',
        'st.caption(":material/add: " + _("Add"))',
    ],
)
def test_the_check_lets_the_rest_be(line: str) -> None:
    assert untranslated(line) == []


def test_every_text_on_the_page_is_translated() -> None:
    files = [*Path(ROOT, "components").glob("*.py"), *Path(ROOT, "pages").glob("*.py")]
    found = [
        f"{file.name}:{text}" for file in files for text in untranslated(file.read_text("utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)
