"""The connections there are, and how to set one up."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped, show_problem
from components.resources import resources
from playground.connections import GITHUB_MODELS_RETIRED, GITHUB_MODELS_SOURCE, Connection

BASH = """\
export AZURE_INFERENCE_ENDPOINT="http://127.0.0.1:11434/v1"
export AZURE_INFERENCE_CREDENTIAL="your key, if the server wants one"
make run"""

POWERSHELL = """\
$env:AZURE_INFERENCE_ENDPOINT = "http://127.0.0.1:11434/v1"
$env:AZURE_INFERENCE_CREDENTIAL = "your key, if the server wants one"
.venv\\Scripts\\streamlit run app.py"""

CMD = """\
set AZURE_INFERENCE_ENDPOINT=http://127.0.0.1:11434/v1
set AZURE_INFERENCE_CREDENTIAL=your key, if the server wants one
.venv\\Scripts\\streamlit run app.py"""

SECRETS = """\
[connections.workstation]
label = "Workstation"
endpoint = "http://192.0.2.7:8000/v1"
credential = "the key"
deployments = { "Phi-3-mini-4k-instruct" = "phi3:mini" }"""


def connection_list() -> None:
    """Draw every connection with its state, then the ways to add one."""
    parts = resources()
    for problem in parts.settings.problems:
        show_problem(problem)
    for connection in parts.connections:
        _card(connection)
    st.header("Connect a server", anchor=False)
    st.markdown(
        "Any server of the chat-completions protocol will do: Ollama, llama.cpp, LM Studio, vLLM, "
        "an Azure deployment, a gateway. Give its base URL, often ending in `/v1`, and start the "
        "playground again; the same lines may stand in a file `.env`."
    )
    bash, powershell, cmd, secrets = st.tabs(["bash", "PowerShell", "cmd", "secrets.toml"])
    bash.code(BASH, language="bash", wrap_lines=True)
    powershell.code(POWERSHELL, language="powershell", wrap_lines=True)
    cmd.code(CMD, language="batch", wrap_lines=True)
    secrets.markdown("Several connections, in `.streamlit/secrets.toml`:")
    secrets.code(SECRETS, language="toml", wrap_lines=True)
    st.markdown(
        f"GitHub Models was retired on {GITHUB_MODELS_RETIRED} "
        f"([announcement]({GITHUB_MODELS_SOURCE})), and no host serves the six models by default "
        "any more."
    )


def _card(connection: Connection) -> None:
    with st.container(border=True, key=f"connection_{connection.name}"):
        st.markdown(f"**{escaped(connection.label)}**  \n`{connection.endpoint}`")
        if connection.retired:
            st.badge("Retired", icon=":material/block:", color="red")
            st.caption(connection.retired)
        elif connection.scripted:
            st.badge("Scripted replies, no model", icon=":material/theater_comedy:", color="violet")
        else:
            st.badge("Configured", icon=":material/check:", color="green")
            key = "with a key" if connection.credential else "without a key"
            st.caption(f"Asked {key}.")
