"""What the operator configured: who wins over whom, and what is told of a mistake."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playground.connection_tables import CONNECTION_FIELDS, connection_from_table
from playground.connections import Connection, Connections, Credential, Kind, Price
from playground.discovery import USUAL_PORTS
from playground.errors import SettingsError
from playground.kinds import guess_kind
from playground.parameters import PARAMETER_NAMES
from playground.settings import Settings, load_settings
from tests.support.environment import ROOT

CANARY = "canary-7f3a"
ENDPOINT, CREDENTIAL = "AZURE_INFERENCE_ENDPOINT", "AZURE_INFERENCE_CREDENTIAL"
ENV = "https://env.example/v1"
DEMO = "http://127.0.0.1:1"


class Root:
    """A folder with the files an operator may write."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def dotenv(self, content: str | bytes) -> Root:
        data = content if isinstance(content, bytes) else content.encode()
        (self.path / ".env").write_bytes(data)
        return self

    def secrets(self, content: str | bytes) -> Root:
        folder = self.path / ".streamlit"
        folder.mkdir(exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        (folder / "secrets.toml").write_bytes(data)
        return self

    def load(self, **environ: str) -> Settings:
        return load_settings(self.path, environ)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def only(settings: Settings) -> Connection:
    [connection] = settings.connections
    assert settings.problems == ()
    return connection


def problem(settings: Settings) -> SettingsError:
    [found] = settings.problems
    return found


# Nothing, the environment, `.env`.


def test_nothing_configured_is_no_problem(root: Root) -> None:
    assert root.load() == Settings(discovery_ports=tuple(USUAL_PORTS))


def test_the_environment_makes_a_connection(root: Root) -> None:
    connection = only(root.load(**{ENDPOINT: f" {ENV}/ ", CREDENTIAL: "sk-1\n"}))
    assert connection == Connection(
        name="environment",
        label="Your endpoint",
        endpoint=ENV,
        credential=Credential("sk-1"),
        temperature_max=2.0,
    )


def test_an_endpoint_needs_no_key(root: Root) -> None:
    assert only(root.load(**{ENDPOINT: ENV})).credential is None


def test_how_many_requests_it_takes_at_once_can_be_said(root: Root) -> None:
    places = {"AZURE_INFERENCE_MAX_CONCURRENT": "64"}
    assert only(root.load(**{ENDPOINT: ENV}, **places)).max_concurrent == 64
    assert only(root.load(**{ENDPOINT: ENV})).max_concurrent is None


@pytest.mark.parametrize("value", ["0", "-1", "many", "10001", "٣", "1" * 30])
def test_what_is_no_number_of_requests_is_told(root: Root, value: str) -> None:
    settings = root.load(**{ENDPOINT: ENV, "AZURE_INFERENCE_MAX_CONCURRENT": value})
    assert "AZURE_INFERENCE_MAX_CONCURRENT" in problem(settings).happened
    [connection] = settings.connections
    assert connection.max_concurrent is None, "the server is there without it"


def test_dotenv_makes_a_connection(root: Root) -> None:
    root.dotenv(f'# mine\n{ENDPOINT}={ENV}\nexport {CREDENTIAL}="sk-1"\nPLAIN\n')
    assert only(root.load()).credential == Credential("sk-1")


def test_the_environment_wins_over_dotenv_variable_by_variable(root: Root) -> None:
    root.dotenv(f"{ENDPOINT}=https://file.example\n{CREDENTIAL}=sk-file\n")
    connection = only(root.load(**{ENDPOINT: ENV}))
    assert (connection.endpoint, connection.credential) == (ENV, Credential("sk-file"))


def test_a_variable_that_is_empty_in_the_environment_is_empty(root: Root) -> None:
    """So that a variable of `.env` can be taken back for one start."""
    root.dotenv(f"{ENDPOINT}={ENV}\n")
    assert root.load(**{ENDPOINT: ""}).connections == ()


def test_the_process_environment_is_read_unless_another_is_given(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, ENV)
    assert only(load_settings(root.path)).endpoint == ENV
    assert root.load().connections == ()


def test_reading_settings_changes_no_environment(root: Root) -> None:
    before = dict(os.environ)
    root.dotenv(f"{ENDPOINT}={ENV}\n").load()
    assert dict(os.environ) == before


def test_dotenv_from_a_windows_editor_is_read(root: Root) -> None:
    root.dotenv(b"\xef\xbb\xbf" + f"{ENDPOINT}={ENV}\r\n{CREDENTIAL}=sk-1\r\n".encode())
    assert only(root.load()).credential == Credential("sk-1")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_dotenv_that_is_not_utf8_is_told_and_left_out(root: Root, encoding: str) -> None:
    root.dotenv(f"{CREDENTIAL}={CANARY}ü\n".encode(encoding))
    settings = root.load(**{ENDPOINT: ENV})
    assert problem(settings).happened == ".env cannot be read: it is not UTF-8 text."
    assert settings.connections[0].credential is None


def test_a_line_of_dotenv_that_cannot_be_read_is_named_and_the_others_hold(root: Root) -> None:
    root.dotenv(f'{ENDPOINT}={ENV}\n{CREDENTIAL}="{CANARY}\nPLAYGROUND_DEMO=1\n')
    settings = root.load()
    assert settings.force_demo
    assert settings.connections[0].endpoint == ENV
    assert problem(settings).happened == ".env line 2 cannot be read."
    assert CANARY not in f"{settings!r} {problem(settings).advice}"


def test_a_folder_called_dotenv_is_no_settings_file(root: Root) -> None:
    """Some keep their virtual environment there."""
    (root.path / ".env").mkdir()
    assert root.load() == Settings(discovery_ports=tuple(USUAL_PORTS))


@pytest.mark.parametrize(
    "file", [pytest.param(".env", id="env"), pytest.param("secrets.toml", id="secrets")]
)
def test_a_file_that_may_not_be_read_is_told(
    root: Root, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root.dotenv("A=1").secrets("a = 1")
    read = Path.read_text

    def refused(path: Path, encoding: str | None = None) -> str:
        if path.name == file:
            raise PermissionError(13, "Permission denied")
        return read(path, encoding)

    monkeypatch.setattr(Path, "read_text", refused)
    assert problem(root.load()).happened.endswith(f"{file} cannot be read: Permission denied.")


# Mistakes in the environment.


def test_a_key_without_an_endpoint_names_both_variables(root: Root) -> None:
    settings = root.load(**{CREDENTIAL: CANARY})
    assert settings.connections == ()
    assert problem(settings).happened == (
        f"{CREDENTIAL} is set, but {ENDPOINT} is not, so there is no server to use it with."
    )
    assert ENDPOINT in problem(settings).advice
    assert CANARY not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (ENDPOINT, "host.example"),
        (ENDPOINT, f"https://anna:{CANARY}@host.example"),
        (ENDPOINT, "https://host.example/v1?api-version=1"),
        (CREDENTIAL, f"{CANARY} {CANARY}"),
        (CREDENTIAL, f"{CANARY}\n{CANARY}"),
        (CREDENTIAL, f"{CANARY}ä"),
    ],
)
def test_a_malformed_variable_is_named_and_its_value_is_not_told(
    root: Root, variable: str, value: str
) -> None:
    settings = root.load(**({ENDPOINT: ENV, CREDENTIAL: "sk-1"} | {variable: value}))
    found = problem(settings)
    assert settings.connections == ()
    assert found.happened.startswith(variable)
    assert found.advice
    assert CANARY not in f"{settings!r} {found} {found.advice} {found.detail}"


@pytest.mark.parametrize("text", ["1", "true", "True", "YES", "on", " 1 "])
def test_the_demo_can_be_forced(root: Root, text: str) -> None:
    settings = root.load(**{ENDPOINT: ENV, "PLAYGROUND_DEMO": text, "GITHUB_TOKEN": "t"})
    assert settings.force_demo
    names = [c.name for c in settings.all_connections(DEMO)]
    assert names == ["demo", "github-models"]


@pytest.mark.parametrize("text", ["", "0", "false", "No", "OFF"])
def test_the_demo_can_be_left_unforced(root: Root, text: str) -> None:
    settings = root.load(PLAYGROUND_DEMO=text)
    assert not settings.force_demo
    assert settings.problems == ()


def test_a_flag_that_is_neither_on_nor_off_is_told(root: Root) -> None:
    settings = root.load(PLAYGROUND_DEMO="maybe")
    assert not settings.force_demo
    assert problem(settings).happened == "PLAYGROUND_DEMO is neither on nor off."


def test_the_database_url_is_taken_from_the_environment(root: Root) -> None:
    assert root.load(PLAYGROUND_DATABASE_URL="sqlite:///x.db").database_url == "sqlite:///x.db"


# GITHUB_TOKEN.


def test_a_github_token_alone_gives_nothing_usable_but_the_retired_connection(root: Root) -> None:
    settings = root.load(GITHUB_TOKEN=CANARY)
    assert settings.connections == ()
    assert settings.github_token_set
    [retired] = settings.all_connections(None)
    assert (retired.kind, retired.credential) == (Kind.GITHUB_MODELS, None)
    assert Connections((retired,)).usable == ()
    assert CANARY not in repr(settings)


def test_with_a_github_token_the_demo_is_the_default(root: Root) -> None:
    connections = Connections(root.load(GITHUB_TOKEN="t").all_connections(DEMO))
    assert connections.default.name == "demo"
    assert connections.default.endpoint == DEMO


def test_without_a_github_token_nobody_is_told_of_github_models(root: Root) -> None:
    assert root.load(GITHUB_TOKEN=" ").all_connections(None) == ()


# secrets.toml.

FULL = """
[connections.lab]
label = "The lab"
kind = "vllm"
endpoint = "https://lab.example/v1/"
auth = "key"
credential = "sk-lab"
other_models = ["llama3.2:3b"]
price = { prompt = 0.5, completion = 2, currency = "eur" }
requests_per_minute = 15
requests_per_day = 150
max_concurrent = 5
context_limit = 8000
deployments = { "Phi-3-mini-4k-instruct" = "phi3:mini" }
parameters = ["temperature", "max_tokens"]
temperature_max = 1.5
connect_timeout = 5
first_token_timeout = 600
idle_timeout = 12.5
"""


def test_a_table_with_every_field_makes_a_connection(root: Root) -> None:
    assert only(root.secrets(FULL).load()) == Connection(
        name="lab",
        label="The lab",
        endpoint="https://lab.example/v1",
        credential=Credential("sk-lab"),
        deployments={"Phi-3-mini-4k-instruct": "phi3:mini"},
        parameters=frozenset({"temperature", "max_tokens"}),
        temperature_max=1.5,
        connect_timeout=5.0,
        first_token_timeout=600.0,
        idle_timeout=12.5,
        kind=Kind.VLLM,
        others=("llama3.2:3b",),
        price=Price(0.5, 2.0, "EUR"),
        requests_per_minute=15,
        requests_per_day=150,
        max_concurrent=5,
        context_limit=8000,
    )
    assert [field for field in CONNECTION_FIELDS if field not in FULL] == ["scope"]


def test_the_example_shows_every_field_and_is_free_of_mistakes(root: Root) -> None:
    example = (ROOT / ".streamlit" / "secrets.toml.example").read_text(encoding="utf-8")
    settings = root.secrets(example).load()
    assert settings.problems == ()
    assert [c.kind for c in settings.connections] == [Kind.OLLAMA, Kind.VLLM, Kind.AZURE_AI]
    missing = [field for field in CONNECTION_FIELDS if f"\n{field} = " not in example]
    assert missing == []


def test_the_guides_to_each_way_hold_tables_that_work() -> None:
    guide = (ROOT / "docs" / "connections.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in guide.split("```toml\n")[1:]]
    tables = [tomllib.loads(block)["connections"] for block in blocks if "[connections." in block]
    made = [connection_from_table(*item) for table in tables for item in table.items()]
    assert len(made) >= 6
    assert {Kind.OLLAMA, Kind.LM_STUDIO, Kind.LLAMA_CPP, Kind.VLLM} < {c.kind for c in made}


def test_a_table_needs_no_more_than_an_endpoint(root: Root) -> None:
    root.secrets('[connections.lab]\nendpoint = "https://lab.example"\nlabel = ""\n')
    connection = only(root.load())
    assert (connection.label, connection.credential) == ("lab", None)
    assert connection.parameters == PARAMETER_NAMES
    assert connection.temperature_max == 2.0
    assert connection.first_token_timeout == 60.0


def test_connections_stand_in_their_order(root: Root) -> None:
    root.secrets(
        '[connections.zeta]\nendpoint = "https://z.example"\n'
        '[connections.alpha]\nendpoint = "https://a.example"\n'
    )
    settings = root.load(**{ENDPOINT: ENV, "GITHUB_TOKEN": "t"})
    assert [c.name for c in settings.all_connections(DEMO)] == [
        "environment",
        "zeta",
        "alpha",
        "demo",
        "github-models",
    ]
    assert [c.name for c in settings.all_connections(None)] == [
        "environment",
        "zeta",
        "alpha",
        "github-models",
    ]


def test_other_secrets_are_nobodys_business(root: Root) -> None:
    assert root.secrets('password = "x"\n[other]\na = 1\n').load() == root.load()


def test_secrets_from_a_windows_editor_are_read(root: Root) -> None:
    root.secrets(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert only(root.load()).name == "lab"


def test_one_broken_table_leaves_the_others(root: Root) -> None:
    root.secrets(FULL + '[connections.bad]\nendpoint = "nowhere"\n')
    settings = root.load()
    assert [c.name for c in settings.connections] == ["lab"]
    assert problem(settings).happened.startswith("[connections.bad] endpoint")


def test_broken_secrets_name_the_line_and_leave_the_environment(root: Root) -> None:
    root.secrets(f'[connections.lab]\nendpoint = "https://lab.example"\ncredential = {CANARY}\n')
    settings = root.load(**{ENDPOINT: ENV})
    assert [c.name for c in settings.connections] == ["environment"]
    assert "line 3" in problem(settings).happened
    assert CANARY not in problem(settings).happened


def test_secrets_that_are_not_utf8_are_told(root: Root) -> None:
    settings = root.secrets(f'a = "{CANARY}ü"'.encode("latin-1")).load()
    assert problem(settings).happened == (
        ".streamlit/secrets.toml cannot be read: it is not UTF-8 text."
    )


def test_connections_that_are_no_table_are_told(root: Root) -> None:
    found = problem(root.secrets('connections = "lab"\n').load())
    assert found.happened == "`connections` in .streamlit/secrets.toml is not a table."


# Each mistake in a table names the table and the field.


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("lab", "[connections.lab] is not a table."),
        ({}, "[connections.lab] has no endpoint."),
        ({"url": "x", "adress": "y"}, "[connections.lab] has an unknown field: adress, url."),
        ({"endpoint": ""}, "[connections.lab] endpoint is not the URL of a server."),
        (
            {"endpoint": ENV, "temperature_max": 2.1},
            "[connections.lab] temperature_max must be above 0 and at most 2.",
        ),
        (
            {"endpoint": ENV, "idle_timeout": 0},
            "[connections.lab] idle_timeout must be above 0 and at most 3600.",
        ),
        (
            {"endpoint": ENV, "connect_timeout": float("nan")},
            "[connections.lab] connect_timeout must be above 0 and at most 3600.",
        ),
        (
            {"endpoint": ENV, "first_token_timeout": 10**400},
            "[connections.lab] first_token_timeout must be above 0 and at most 3600.",
        ),
        (
            {"endpoint": ENV, "parameters": ["temperature", "magic"]},
            "[connections.lab] parameters names an unknown parameter.",
        ),
        (
            {"endpoint": ENV, "parameters": [["temperature"]]},
            "[connections.lab] parameters names an unknown parameter.",
        ),
        (
            {"endpoint": ENV, "deployments": {"Phi-3": ""}},
            "[connections.lab] deployments must map model names to names.",
        ),
        (
            {"endpoint": ENV, "deployments": {"Phi-3": 3}},
            "[connections.lab] deployments must map model names to names.",
        ),
        (
            {"endpoint": ENV, "deployments": {"Phi-3-nano": "phi3"}},
            "[connections.lab] deployments names a model that is none of the six: Phi-3-nano.",
        ),
        (
            {"endpoint": ENV, "other_models": ["llama3", ""]},
            "[connections.lab] other_models must be a list of names.",
        ),
        ({"endpoint": ENV, "kind": "olama"}, "[connections.lab] kind is none that there is."),
        ({"endpoint": ENV, "kind": "demo"}, "[connections.lab] kind is none that there is."),
        (
            {"endpoint": ENV, "auth": "kerberos"},
            '[connections.lab] auth is neither "key" nor "entra".',
        ),
        (
            {"endpoint": ENV, "auth": "key"},
            "[connections.lab] credential is missing, and Any chat-completions server wants one.",
        ),
        (
            {"endpoint": "https://a.services.ai.azure.com/models"},
            "[connections.lab] credential is missing, and Azure AI Foundry wants one.",
        ),
        (
            {"endpoint": "http://azure.example", "auth": "entra", "kind": "azure-ml"},
            "[connections.lab] endpoint must be https:// for Entra ID, since the token goes along.",
        ),
        (
            {"endpoint": "https://a.example", "auth": "entra"},
            "[connections.lab] scope is missing, and this kind of server has none of its own.",
        ),
        (
            {"endpoint": "https://a.example", "auth": "entra", "credential": "k"},
            "[connections.lab] credential and Entra ID exclude each other.",
        ),
        (
            {"endpoint": ENV, "scope": "https://a/.default"},
            '[connections.lab] scope is only for auth = "entra".',
        ),
        (
            {"endpoint": ENV, "requests_per_day": 0},
            "[connections.lab] requests_per_day must be above 0 and at most 1000000000.",
        ),
        (
            {"endpoint": ENV, "context_limit": -1},
            "[connections.lab] context_limit must be above 0 and at most 10000000.",
        ),
        *(
            (
                {"endpoint": ENV, "price": price},
                "[connections.lab] price must hold what a million tokens cost.",
            )
            for price in (
                {},
                {"prompt": 1},
                {"prompt": 1, "completion": -1},
                {"prompt": 1, "completion": "2"},
                {"prompt": 1, "completion": 2, "currency": "dollars"},
                {"prompt": 1, "completion": 2, "per": "thousand"},
                {"prompt": 1, "completion": float("nan")},
            )
        ),
        (
            {"endpoint": "http://169.254.169.254/v1"},
            (
                "[connections.lab] endpoint leads to a link-local address or a cloud's metadata "
                "service."
            ),
        ),
    ],
)
def test_a_mistake_in_a_table_is_told(table: object, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        connection_from_table("lab", table)
    assert caught.value.happened == told
    assert caught.value.advice != SettingsError.default_advice


def test_a_name_of_a_model_that_is_nearly_right_is_corrected() -> None:
    table = {"endpoint": ENV, "deployments": {"phi-3-mini-4k": "phi3"}}
    with pytest.raises(SettingsError) as caught:
        connection_from_table("lab", table)
    assert caught.value.advice == "Write Phi-3-mini-4k-instruct for it."


@pytest.mark.parametrize(
    ("endpoint", "kind"),
    [
        ("http://127.0.0.1:11434/v1", Kind.OLLAMA),
        ("http://127.0.0.1:1234/v1", Kind.LM_STUDIO),
        ("http://127.0.0.1:5273/v1", Kind.FOUNDRY_LOCAL),
        ("http://127.0.0.1:8000/v1", Kind.CHAT_COMPLETIONS),
        ("https://me.eastus.inference.ml.azure.com/v1", Kind.AZURE_ML),
        ("https://me.services.ai.azure.com/models", Kind.AZURE_AI),
        ("https://models.github.ai/inference", Kind.GITHUB_MODELS),
    ],
)
def test_an_address_gives_its_kind_away_unless_one_is_named(endpoint: str, kind: Kind) -> None:
    table = {"endpoint": endpoint, "credential": "k"}
    assert connection_from_table("lab", table).kind is kind
    assert connection_from_table("lab", table | {"kind": "vllm"}).kind is Kind.VLLM
    assert guess_kind(endpoint) is kind


def test_what_a_table_leaves_out_its_kind_decides() -> None:
    azure = connection_from_table(
        "lab", {"endpoint": "https://a.services.ai.azure.com/models", "auth": "entra"}
    )
    assert azure.entra_scope == "https://cognitiveservices.azure.com/.default"
    assert azure.temperature_max == 1.0
    ml = connection_from_table(
        "lab", {"endpoint": "https://a.b.inference.ml.azure.com", "auth": "entra"}
    )
    assert ml.entra_scope == "https://ml.azure.com/.default"
    own = {"endpoint": "https://a.example", "auth": "entra", "scope": "api://own/.default"}
    assert connection_from_table("lab", own).entra_scope == "api://own/.default"
    ollama = connection_from_table("lab", {"endpoint": "http://127.0.0.1:11434/v1"})
    assert ollama.first_token_timeout == 180.0


@pytest.mark.parametrize("host", ["models.inference.ai.azure.com", "models.github.ai"])
def test_the_retired_addresses_are_kept_and_explained(root: Root, host: str) -> None:
    root.secrets(f'[connections.seed]\nendpoint = "https://{host}"\ncredential = "ghp-1"\n')
    settings = root.load(**{ENDPOINT: f"https://{host}/inference", CREDENTIAL: "ghp-1"})
    assert [c.kind for c in settings.connections] == [Kind.GITHUB_MODELS] * 2
    assert all("retired on 30 July 2026" in c.retired for c in settings.connections)
    assert Connections(settings.all_connections(DEMO)).default.name == "demo"


def test_a_server_of_its_protocol_elsewhere_is_usable() -> None:
    table = {"endpoint": "https://mine.example/inference", "kind": "github-models"}
    assert connection_from_table("lab", table).retired == ""


# Where servers on this machine are looked for.


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("", tuple(USUAL_PORTS)),
        ("1", tuple(USUAL_PORTS)),
        ("on", tuple(USUAL_PORTS)),
        ("0", ()),
        ("off", ()),
        ("9000", (9000,)),
        ("9000, 9001", (9000, 9001)),
    ],
)
def test_where_to_look_for_servers(root: Root, text: str, ports: tuple[int, ...]) -> None:
    settings = root.load(PLAYGROUND_DISCOVERY=text)
    assert (settings.discovery_ports, settings.problems) == (ports, ())


@pytest.mark.parametrize("text", ["maybe", "70000", "8080;9000", "-1", "8080,", "9" * 5_000])
def test_what_is_no_port_is_told_and_looks_nowhere(root: Root, text: str) -> None:
    settings = root.load(PLAYGROUND_DISCOVERY=text)
    assert settings.discovery_ports == ()
    assert "PLAYGROUND_DISCOVERY is neither on nor off" in problem(settings).happened


def test_the_forced_demo_looks_for_nobody(root: Root) -> None:
    assert root.load(PLAYGROUND_DEMO="1").discovery_ports == ()


@pytest.mark.parametrize("field", CONNECTION_FIELDS)
def test_a_field_of_the_wrong_type_is_told(field: str) -> None:
    kind = CONNECTION_FIELDS[field]
    values: tuple[Any, ...] = ("text", 7, 7.5, True, [], {}, None)
    for value in values:
        if isinstance(value, kind) and not isinstance(value, bool):
            continue
        with pytest.raises(SettingsError) as caught:
            connection_from_table("lab", {"endpoint": ENV, field: value})
        assert caught.value.happened == f"[connections.lab] {field} has the wrong type."


@pytest.mark.parametrize("name", ["environment", "demo", "github-models"])
def test_a_name_of_the_playgrounds_own_is_refused(name: str) -> None:
    """Two connections of one name: a link to one would lead to the other."""
    with pytest.raises(SettingsError, match="a name that the playground uses itself"):
        connection_from_table(name, {"endpoint": ENV})


@pytest.mark.parametrize("key", [f"{CANARY}\n", f" {CANARY}", f"{CANARY}ü"])
def test_a_malformed_key_in_a_table_is_told_without_the_key(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        connection_from_table("lab", {"endpoint": ENV, "credential": key})
    assert caught.value.happened.startswith("[connections.lab] credential is not a usable key.")
    assert CANARY not in f"{caught.value!r} {caught.value.advice}"


# Whatever is in the files.


@pytest.mark.parametrize("spoil", [b"\x00", b"\xff", b"\n[", b'"', b"=", b"'''", b"\\"])
def test_a_canary_key_is_in_no_message_wherever_the_files_are_spoilt(
    root: Root, spoil: bytes
) -> None:
    secrets = FULL.replace("sk-lab", CANARY).encode()
    dotenv = f'{ENDPOINT}={ENV}\n{CREDENTIAL}="{CANARY}"\n'.encode()
    for place in range(0, len(secrets), 3):
        root.secrets(secrets[:place] + spoil + secrets[place:])
        cut = min(place, len(dotenv))
        settings = root.dotenv(dotenv[:cut] + spoil + dotenv[cut:]).load()
        for found in settings.problems:
            assert CANARY not in f"{found!r} {found.advice} {found.detail}"
        assert CANARY not in repr(settings)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dotenv=st.binary() | st.text().map(str.encode),
    secrets=st.binary() | st.text(alphabet="[]connections.=\"'{}\n ab1").map(str.encode),
)
def test_loading_never_fails(root: Root, dotenv: bytes, secrets: bytes) -> None:
    settings = root.dotenv(dotenv).secrets(secrets).load()
    assert all(found.happened.endswith(".") for found in settings.problems)
