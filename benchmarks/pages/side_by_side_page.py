"""A side-by-side page as it is usually written: columns, and a thread for each that draws into it."""

import os
from threading import Thread

import streamlit as st
from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.models import SystemMessage, UserMessage
from azure.core.credentials import AzureKeyCredential
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import add_script_run_ctx

MODELS = (
    "Phi-3-mini-4k-instruct",
    "Phi-3-mini-128k-instruct",
    "Phi-3-small-8k-instruct",
    "Phi-3-small-128k-instruct",
    "Phi-3-medium-4k-instruct",
    "Phi-3-medium-128k-instruct",
)


@st.cache_resource
def client() -> ChatCompletionsClient:
    """Return the one client; without the cache, each prompt would open connections."""
    return ChatCompletionsClient(
        endpoint=os.environ["AZURE_INFERENCE_ENDPOINT"], credential=AzureKeyCredential("none")
    )


def answer(place: DeltaGenerator, model: str, prompt: str) -> None:
    """Draw the answer of one model as it comes."""
    text = ""
    chunks = client().complete(
        messages=[SystemMessage("You are a helpful assistant."), UserMessage(prompt)],
        model=model,
        max_tokens=2048,
        stream=True,
    )
    for chunk in chunks:
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
            place.markdown(text)


st.set_page_config(layout="wide")
st.title("Compare")
places = []
for column, model in zip(st.columns(len(MODELS)), MODELS, strict=True):
    with column:
        st.caption(model)
        places.append(st.empty())
if prompt := st.chat_input("Ask all"):
    threads = [
        Thread(target=answer, args=(place, model, prompt))
        for place, model in zip(places, MODELS, strict=True)
    ]
    for thread in threads:
        add_script_run_ctx(thread)
        thread.start()
    for thread in threads:
        thread.join()
