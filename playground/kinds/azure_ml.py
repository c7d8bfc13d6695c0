"""A managed online endpoint of Azure Machine Learning."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import KeyUse, KindFacts

FACTS = KindFacts(
    kind=Kind.AZURE_ML,
    label="Azure ML managed endpoint",
    summary="A deployment of your own in Azure, on a GPU that is billed by the hour.",
    endpoint="https://NAME.REGION.inference.ml.azure.com/v1",
    guide="azure-ml",
    key=KeyUse.REQUIRED,
    entra=True,
    entra_scope="https://ml.azure.com/.default",
    hints=(
        "The address is the scoring address with `v1` in place of `score`.",
        "The names of models are those that the container serves.",
    ),
    quirks=(
        "A wrong path is answered by the front door with 404 or 424 and no reason.",
        (
            "It ends an answer that takes longer than the deployment's request timeout (5 s unless "
            "the deployment says otherwise, 180 s at most)."
        ),
    ),
)
