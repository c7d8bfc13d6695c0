"""An Azure AI (Foundry) endpoint of the Model Inference API, with a key or Entra ID.

Scopes and limits as azure-ai-inference 1.0.0b9 and its documentation give them.
"""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import KeyUse, KindFacts

#: What a Foundry resource wants; the SDK's own default is the scope of Azure ML.
SCOPE = "https://cognitiveservices.azure.com/.default"

FACTS = KindFacts(
    kind=Kind.AZURE_AI,
    label="Azure AI Foundry",
    summary="An Azure AI endpoint of your own subscription, with a key or Entra ID.",
    endpoint="https://RESOURCE.services.ai.azure.com/models",
    guide="azure-ai-foundry",
    key=KeyUse.REQUIRED,
    entra=True,
    entra_scope=SCOPE,
    temperature_max=1.0,
    filtering="Azure's content filter judges prompts and answers.",
    hints=(
        "The base URL ends in /models; the key stands beside it in the portal.",
        "The names of models are the names of your deployments.",
    ),
    quirks=(
        (
            "Azure's catalog let the six Phi-3 models go on 30 August 2025, so a new resource offers "
            "their successors only."
        ),
        "A refused prompt names the category of the content filter.",
    ),
)
