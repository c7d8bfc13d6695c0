"""A chat page as it is usually written: one file, `st.write_stream`, the SDK called in the page."""

import os
from collections.abc import Iterator

import streamlit as st
from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.models import AssistantMessage, SystemMessage, UserMessage
from azure.core.credentials import AzureKeyCredential

ROLES = {"user": UserMessage, "assistant": AssistantMessage}


@st.cache_resource
def client() -> ChatCompletionsClient:
    """Return the one client; without the cache, each prompt would open a connection."""
    return ChatCompletionsClient(
        endpoint=os.environ["AZURE_INFERENCE_ENDPOINT"], credential=AzureKeyCredential("none")
    )


def pieces(said: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the text of the reply as it comes."""
    messages = [ROLES[role](text) for role, text in said]
    chunks = client().complete(
        messages=[SystemMessage("You are a helpful assistant."), *messages],
        model="Phi-3-mini-128k-instruct",
        max_tokens=4096,
        stream=True,
    )
    for chunk in chunks:
        if chunk.choices:
            yield chunk.choices[0].delta.content or ""


st.title("Chat")
state = st.session_state  # noqa: TID251 - the usual way, which this page shows
said: list[tuple[str, str]] = state.setdefault("said", [])
for role, text in said:
    with st.chat_message(role):
        st.markdown(text)
if prompt := st.chat_input("Ask something"):
    said.append(("user", prompt))
    with st.chat_message("user"):
        st.markdown(prompt)
    with st.chat_message("assistant"):
        said.append(("assistant", str(st.write_stream(pieces(said)))))
