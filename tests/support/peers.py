"""Real servers that no one here wrote, for tests of what no one here thought of.

Each runs in a process of its own, on a free port of this machine; when a test that uses one fails,
the end of the server's log stands in the report.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from tests.support.environment import GUARD_REPORT, ROOT
from tests.support.processes import Server

TINY_PHI3 = ROOT / "tests" / "data" / "tiny-phi3.gguf"
#: What llama.cpp calls the tiny model.
ALIAS = "tiny-phi3"
KEY = "sk-a-key-of-the-tests"
#: The names under which LiteLLM serves the two llama.cpp servers.
THROUGH_LITELLM = "Phi-3-mini-4k-instruct"
ENDLESS_THROUGH_LITELLM = "Phi-3-mini-128k-instruct"

#: Characters of a log that a report shows.
LOG_SHOWN = 6_000

#: What a server needs of the environment. The rest is left out: a DATABASE_URL or an OPENAI_API_KEY
#: of whoever runs the tests must not change how LiteLLM behaves.
_KEPT = ("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "PYTHONPATH")
#: LiteLLM fetches these from the web when it starts, unless told to take its own copies.
_LITELLM_AT_HOME = {
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
}


class Peer(Server):
    """A server of the chat-completions protocol.

    Attributes:
        key: the key it wants; empty if it wants none.
    """

    key = ""

    @property
    def endpoint(self) -> str:
        """The base URL of its chat completions."""
        return f"{self.url}/v1"

    def stop(self) -> None:
        """End it at once: it has nothing to keep, and LiteLLM takes seconds over a farewell."""
        self.kill()


class LlamaCpp(Peer):
    """llama.cpp's own server with the tiny Phi-3, one answer at a time.

    It picks the likeliest token whatever the temperature, so what it says is known. An endless one
    ends an answer only at max_tokens, or when its reader leaves.
    """

    def __init__(self, folder: Path, *, key: str = "", endless: bool = False) -> None:
        self.key = key
        script = ROOT / "tests" / "support" / "llama_cpp_server.py"
        serve = [sys.executable, str(script), str(TINY_PHI3), "--port={port}", "--alias", ALIAS]
        options = [*(["--key", key] if key else []), *(["--endless"] if endless else [])]
        super().__init__(
            [*serve, *options],
            log=folder / "llama-cpp.log",
            ready="/health",
            cwd=folder,
            env=_environment(),
        )

    @property
    def busy(self) -> bool:
        """Whether it makes an answer now."""
        return any(slot["is_processing"] for slot in self._get("/slots").json())

    @property
    def queued(self) -> int:
        """How many requests wait until it is free."""
        name = "llamacpp:requests_deferred "
        lines = self._get("/metrics").text.splitlines()
        return next(int(line.removeprefix(name)) for line in lines if line.startswith(name))

    def _get(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx.get(self.url + path, headers=headers, timeout=10, trust_env=False)
        return answer.raise_for_status()


class LiteLLM(Peer):
    """A LiteLLM proxy, without a database, in front of `backends`, keyed by model name."""

    key = KEY

    def __init__(self, folder: Path, backends: Mapping[str, Peer]) -> None:
        models = [
            {
                "model_name": model,
                "litellm_params": {
                    "model": f"openai/{ALIAS}",
                    "api_base": backend.endpoint,
                    "api_key": backend.key,
                },
            }
            for model, backend in backends.items()
        ]
        config = {"model_list": models, "general_settings": {"master_key": KEY}}
        # JSON is YAML, and needs no library to write it.
        (folder / "litellm.yaml").write_text(json.dumps(config), encoding="utf-8")
        program = "import litellm; litellm.run_server()"
        options = ["--config", "litellm.yaml", "--host", "127.0.0.1", "--port={port}"]
        super().__init__(
            [str(python_with("LiteLLM", "peers", "PEERS_PYTHON")), "-c", program, *options],
            log=folder / "litellm.log",
            ready="/health/liveliness",
            cwd=folder,
            env=_environment() | _LITELLM_AT_HOME | {"PYTHONUTF8": "1"},
            limit=100,  # seconds; it takes 8 on two idle cores
        )


class StartLlamaCpp(Protocol):
    """Starts a llama.cpp server, as LlamaCpp describes it."""

    def __call__(self, *, key: str = "", endless: bool = False) -> LlamaCpp: ...


class LmProxy(Peer):
    """An LM-Proxy in front of `backends`, keyed by model name: a second gateway, of other people."""

    key = KEY

    def __init__(self, folder: Path, backends: Mapping[str, Peer]) -> None:
        servers = {f"server{n}": backend for n, backend in enumerate(backends.values())}
        config = {
            "connections": {
                name: {
                    "api_type": "openai",
                    "api_base": backend.endpoint,
                    "api_key": backend.key or "none",
                }
                for name, backend in servers.items()
            },
            "routing": {
                model: f"{name}.{ALIAS}" for model, name in zip(backends, servers, strict=True)
            },
            "groups": {"default": {"api_keys": [KEY]}},
        }
        (folder / "lm-proxy.json").write_text(json.dumps(config), encoding="utf-8")
        # Its own port is in its configuration, which is read before the command line.
        program = (
            "import sys, uvicorn; from lm_proxy.bootstrap import bootstrap; "
            "from lm_proxy.app import web_app; bootstrap('lm-proxy.json'); "
            "uvicorn.run(web_app(), host='127.0.0.1', port=int(sys.argv[1]))"
        )
        super().__init__(
            [str(python_with("lm-proxy", "gateway", "GATEWAY_PYTHON")), "-c", program, "{port}"],
            log=folder / "lm-proxy.log",
            ready="/docs",
            cwd=folder,
            env=_environment() | {"PYTHONUTF8": "1"},
            limit=100,
        )


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Return whether `condition` holds within `seconds`; for what has no event to wait for."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def python_with(package: str, name: str, variable: str) -> Path:
    """Return the Python of the environment `name`, which has `package`. Fails the test without."""
    places = [ROOT / ".cache" / name / p for p in ("bin/python", "Scripts/python.exe")]
    if named := os.environ.get(variable):
        places = [Path(named)]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        pytest.fail(
            f"{package} is not installed. `make test` installs requirements-{name}.txt into a "
            f"virtual environment of its own, .cache/{name}; {variable} can name the Python of "
            "another.",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def llama_cpp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaCpp]:
    """A llama.cpp server that wants KEY."""
    with LlamaCpp(tmp_path_factory.mktemp("llama-cpp"), key=KEY) as server:
        yield server


@pytest.fixture(scope="session")
def endless_llama_cpp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaCpp]:
    """An endless llama.cpp server that wants KEY."""
    folder = tmp_path_factory.mktemp("endless-llama-cpp")
    with LlamaCpp(folder, key=KEY, endless=True) as server:
        yield server


@pytest.fixture
def start_llama_cpp(tmp_path: Path) -> Iterator[StartLlamaCpp]:
    """Starts llama.cpp servers of the test's own."""
    started: list[LlamaCpp] = []

    def start(*, key: str = "", endless: bool = False) -> LlamaCpp:
        started.append(LlamaCpp(tmp_path, key=key, endless=endless))
        started[-1].start()
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def litellm(
    llama_cpp: LlamaCpp, endless_llama_cpp: LlamaCpp, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiteLLM]:
    """A LiteLLM proxy in front of the two llama.cpp servers."""
    backends = {THROUGH_LITELLM: llama_cpp, ENDLESS_THROUGH_LITELLM: endless_llama_cpp}
    with LiteLLM(tmp_path_factory.mktemp("litellm"), backends) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def lm_proxy(
    llama_cpp: LlamaCpp, endless_llama_cpp: LlamaCpp, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LmProxy]:
    """An LM-Proxy in front of the two llama.cpp servers."""
    backends = {THROUGH_LITELLM: llama_cpp, ENDLESS_THROUGH_LITELLM: endless_llama_cpp}
    with LmProxy(tmp_path_factory.mktemp("lm-proxy"), backends) as proxy:
        yield proxy


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the logs of the servers that a failed test used into its report."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for peer in (value for value in item.funcargs.values() if isinstance(value, Peer)):
            title = f"end of the log of {type(peer).__name__} at {peer.url}"
            report.sections.append((title, peer.text()[-LOG_SHOWN:]))
    return report


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in (*_KEPT, GUARD_REPORT) if name in os.environ}
