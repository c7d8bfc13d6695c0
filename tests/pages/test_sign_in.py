"""Where the operator set up sign-in, nobody sees anything before, and then only their own."""

from __future__ import annotations

import pytest

from tests.support.parts import Configure
from tests.support.tab import PAGES, Tab


def visitor(**claims: str) -> Tab:
    """Return a tab of somebody with these claims; without any, of nobody yet."""
    tab = Tab()
    tab.at.secrets = {"auth": {"client_id": "x"}}
    tab.at.user = {"is_logged_in": bool(claims), **claims}
    return tab


def test_a_visitor_can_only_sign_in(configure: Configure) -> None:
    tab = visitor().open()
    assert [button.key for button in tab.at.button] == ["sign_in"]
    assert not tab.at.chat_input
    for page in PAGES:
        assert [button.key for button in tab.go(page).at.button] == ["sign_in"]


def test_each_account_has_its_own_conversations_on_every_device(configure: Configure) -> None:
    ada = visitor(iss="https://id.example", sub="ada", name="Ada :red[L]").open()
    ada.send("A secret plan")
    address = ada.session.conversation.id
    again = visitor(iss="https://id.example", sub="ada").open("history")
    assert "A secret plan" in again.text
    others = {"sub": "eve", "iss": "https://id.example"}, {"sub": "ada", "iss": "https://x.example"}
    for claims in others:
        other = visitor(**claims)
        assert "secret plan" not in other.open("history").text
        assert "secret plan" not in other.open(c=address).text


@pytest.mark.usefixtures("configure")
def test_who_is_signed_in_is_named_as_text_and_can_sign_out() -> None:
    tab = visitor(iss="i", sub="s", name="Ada :red[L]").open()
    assert "Ada :red[L]" in tab.sidebar
    assert r"\[L\]" in tab.at.sidebar.caption[0].value
    assert tab.has("sign_out")
