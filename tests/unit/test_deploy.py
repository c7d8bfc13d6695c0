"""The manifests under deploy/: valid for Kubernetes, and consistent with each other and the guide.

The schemas are those of Kubernetes itself, bundled in kubernetes-validate.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.support.environment import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
AZURE_ML = ROOT / "deploy" / "azure-ml"
GUIDE = (ROOT / "docs" / "connections.md").read_text(encoding="utf-8")


def load(path: str) -> list[dict[str, Any]]:
    """Return every document of a file."""
    return list(yaml.safe_load_all((ROOT / "deploy" / path).read_text(encoding="utf-8")))


def resources() -> Iterator[dict[str, Any]]:
    for name in load("kubernetes/kustomization.yaml")[0]["resources"]:
        yield from load(f"kubernetes/{name}")


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {r["metadata"]["name"]: r for r in resources() if r["kind"] == kind}


def test_each_manifest_is_part_of_what_is_applied() -> None:
    (kustomization,) = load("kubernetes/kustomization.yaml")
    files = {path.name for path in KUBERNETES.iterdir()} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == files


@pytest.mark.parametrize(
    "resource", [*resources()], ids=lambda r: f"{r['kind']} {r['metadata']['name']}"
)
def test_a_resource_is_valid(resource: dict[str, Any]) -> None:
    """Strict: a field that Kubernetes does not know is an error too."""
    kubernetes_validate.validate(resource, kubernetes_validate.latest_version(), strict=True)


def test_a_misspelt_field_would_be_found() -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "x"},
        "spec": {"prots": []},
    }
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(service, kubernetes_validate.latest_version(), strict=True)


def test_services_lead_to_the_ports_of_pods() -> None:
    deployments = of_kind("Deployment")
    for name, service in of_kind("Service").items():
        template = deployments[name]["spec"]["template"]
        assert service["spec"]["selector"].items() <= template["metadata"]["labels"].items()
        ports = [p["name"] for c in template["spec"]["containers"] for p in c["ports"]]
        assert [p["targetPort"] for p in service["spec"]["ports"]] == ports


def test_the_gateway_asks_vllm_by_the_name_that_it_serves() -> None:
    (config,) = (yaml.safe_load(c["data"]["config.yaml"]) for c in of_kind("ConfigMap").values())
    (vllm,) = of_kind("Deployment")["phi3-mini-4k"]["spec"]["template"]["spec"]["containers"]
    served = next(a for a in vllm["args"] if "served" in a).partition("=")[2]
    for entry in config["model_list"]:
        asked = entry["litellm_params"]
        assert (entry["model_name"], asked["model"]) == (served, f"hosted_vllm/{served}")
        host, _, port = asked["api_base"].removeprefix("http://").removesuffix("/v1").partition(":")
        assert int(port) == of_kind("Service")[host]["spec"]["ports"][0]["port"]


def test_keys_come_from_the_secret_that_the_guide_makes() -> None:
    (container,) = of_kind("Deployment")["phi3-gateway"]["spec"]["template"]["spec"]["containers"]
    ((key,),) = [[e["valueFrom"]["secretKeyRef"] for e in container["env"]]]
    made = f"create secret generic {key['name']} --from-literal={key['key']}="
    assert GUIDE.count(made) == 3, "once for each shell"
    assert not of_kind("Secret"), "no key stands in a file"


def test_what_the_guide_names_is_there() -> None:
    for file in ("environment.yml", "endpoint.yml", "deployment.yml"):
        assert f"deploy/azure-ml/{file}" in GUIDE
        assert (AZURE_ML / file).is_file()
    for name in ("phi3-mini-4k", "phi3-gateway"):
        assert f"deployment/{name}" in GUIDE
        assert name in of_kind("Deployment")


def test_the_azure_deployment_belongs_to_its_endpoint_and_environment() -> None:
    (endpoint,), (environment,), (deployment,) = (
        load(f"azure-ml/{name}.yml") for name in ("endpoint", "environment", "deployment")
    )
    assert deployment["endpoint_name"] == endpoint["name"]
    assert deployment["environment"] == f"azureml:{environment['name']}@latest"
    dockerfile = (AZURE_ML / environment["build"]["dockerfile_path"]).read_text(encoding="utf-8")
    assert all(f"${name}" in dockerfile for name in deployment["environment_variables"])
    assert environment["inference_config"]["scoring_route"]["path"] == "/", (
        "the guide adds v1 to the scoring address"
    )
