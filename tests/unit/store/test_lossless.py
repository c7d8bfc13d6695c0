"""What is stored comes back as it was, whatever it is."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import errors
from playground.conversation import Conversation, Run, Turn, new_id
from playground.errors import ChatError
from playground.events import Usage
from playground.growth import Growth
from playground.messages import Role
from playground.parameters import Parameters
from playground.records import error_from, error_record
from playground.reply import Phase, Reply, Status
from playground.store import ConversationStore
from playground.store.errors import StoreFull
from playground.store.schema import runs as kept_runs
from playground.store.sql import SqlStore
from tests.support.conversations import plain, prompt

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
times = st.floats(min_value=-1e12, max_value=1e12)
counts = st.integers(0, 2**63 - 1)


def error_classes() -> list[type[ChatError]]:
    found, waiting = [], [ChatError]
    while waiting:
        found.append(waiting.pop())
        waiting += found[-1].__subclasses__()
    return [kind for kind in found if kind.__module__.startswith("playground.")]


chat_errors = st.builds(
    lambda kind, happened, **rest: kind(happened, **rest),
    st.sampled_from(error_classes()),
    happened=st.text(),
    detail=st.text(),
    advice=st.text(),
    status=st.none() | counts,
    code=st.none() | st.text(),
    request_id=st.none() | st.text(),
    retry_after=st.none() | times,
)
runs = st.builds(
    Run,
    model=texts,
    deployment=texts,
    connection=texts,
    connection_label=texts,
    parameters=st.builds(
        Parameters,
        temperature=times,
        max_tokens=counts,
        top_p=times,
        presence_penalty=times,
        frequency_penalty=times,
        stop=st.lists(st.text(), max_size=4).map(tuple),
        seed=st.none() | counts,
    ),
    system_message=texts,
    scripted=st.booleans(),
    folded=st.booleans(),
    left_out=st.lists(texts, max_size=3).map(tuple),
)
replies = st.builds(
    Reply,
    status=st.sampled_from([s for s in Status if s is not Status.RUNNING]),
    phase=st.sampled_from(Phase),
    text=texts,
    started_at=times,
    first_token_after=st.none() | times,
    elapsed=times,
    pieces=counts,
    usage=st.none() | st.builds(Usage, counts, counts),
    model_reported=st.none() | texts,
    fingerprint=st.none() | texts,
    request_id=st.none() | texts,
    error=st.none() | chat_errors,
    skipped=counts,
    retry_at=st.none() | times,
    growth=st.none()
    | st.lists(st.tuples(times, counts), min_size=1, max_size=64).map(
        lambda samples: Growth(tuple(s for s, _ in samples), tuple(c for _, c in samples))
    ),
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    made: list[Turn] = []
    for _ in range(draw(st.integers(0, 5))):
        parent = draw(st.sampled_from([None, *(t.id for t in made)]))
        role = draw(st.sampled_from(Role))
        run, reply = draw(st.none() | runs), draw(st.none() | replies)
        if run is not None and made and draw(st.booleans()):
            some = draw(st.lists(st.sampled_from([t.id for t in made])))
            run = replace(run, left_out=(*some, *run.left_out))
        made.append(Turn(new_id(), parent, role, draw(texts), draw(times), run, reply))
    return Conversation(
        title=draw(texts),
        created_at=draw(times),
        updated_at=draw(times),
        turns=tuple(made),
        leaf=draw(st.sampled_from([None, *(t.id for t in made)])),
        title_edited=draw(st.booleans()),
        pinned=draw(st.booleans()),
    )


@settings(max_examples=60)
@given(made=conversations())
def test_a_conversation_comes_back_as_it_was(
    every_sql: ConversationStore, made: Conversation
) -> None:
    owner = new_id()
    every_sql.add(owner, made)
    assert plain(every_sql.get(owner, made.id)) == plain(made)
    assert plain(tuple(every_sql.everything(owner))) == plain((made,))


@settings(max_examples=60)
@given(reply=replies)
def test_a_reply_that_is_saved_comes_back_as_it_was(
    every_sql: ConversationStore, reply: Reply
) -> None:
    asked = prompt("Question")
    turn = Turn(new_id(), asked.id, Role.ASSISTANT, reply=Reply())
    conversation_id = new_id()
    every_sql.append("me", conversation_id, asked, turn)
    every_sql.save_reply("me", conversation_id, turn.id, reply)
    found = every_sql.get("me", conversation_id)
    assert found is not None
    assert plain(found.turns[1].reply) == plain(reply)


def test_what_is_left_out_takes_little_room_and_comes_back(
    every_sql: ConversationStore,
) -> None:
    """Told by ids, the last of these would take 8 kB, and all of them a megabyte."""
    assert isinstance(every_sql, SqlStore)
    owner, conversation_id = new_id(), new_id()
    said: list[Turn] = []
    for number in range(150):
        asked = prompt(f"{number}", said[-1].id if said else None)
        run = Run("m", "d", "c", "l", left_out=tuple(t.id for t in said[:-2]))
        said += [asked, Turn(new_id(), asked.id, Role.ASSISTANT, run=run, reply=Reply(text="x"))]
    every_sql.append(owner, conversation_id, *said[:200])
    every_sql.append(owner, conversation_id, *said[200:])
    found = every_sql.get(owner, conversation_id)
    assert found is not None
    assert [t.run for t in found.turns] == [t.run for t in said]
    with every_sql._database.read() as connection:
        of = kept_runs.c.conversation_id == conversation_id
        largest = sa.select(sa.func.max(sa.func.length(kept_runs.c.left_out))).where(of)
        assert connection.execute(largest).scalar_one() <= len("[[0, 297]]")


def test_every_field_of_a_reply_and_a_run_is_stored(every_sql: ConversationStore) -> None:
    """Every field differs from its default, so that a new one cannot be forgotten."""
    run = Run(
        "m", "d", "c", "l", Parameters(0.5, 5, 0.5, 1.0, 1.0, ("x",), 3), "s",
        scripted=True, folded=True, left_out=("q",),
    )  # fmt: skip
    reply = Reply(
        Status.FAILED, Phase.RETRYING, "t", 1.0, 2.0, 3.0, 4, Usage(5, 6), "m", "f", "r",
        errors.RateLimited("h", detail="d", status=429, code="c", retry_after=7.5), 8, 9.0,
        growth=Growth((1.0,), (1,)),
    )  # fmt: skip
    plain_run = Run("", "", "", "")
    for value, default in ((run, plain_run), (run.parameters, Parameters()), (reply, Reply())):
        # How many are ahead in a line is true of a moment only, and not kept.
        for name in type(value).__dataclass_fields__.keys() - {"ahead"}:
            assert getattr(value, name) != getattr(default, name), name
    made = Conversation(turns=(Turn("t", None, Role.ASSISTANT, "x", 1.0, run, reply),), leaf="t")
    owner = new_id()
    every_sql.add(owner, made)
    assert plain(every_sql.get(owner, made.id)) == plain(made)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("half \ud83d", "half \ufffd"),
        ("\ude00 other half", "\ufffd other half"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ud83d\ud83d\ude00é", "\ufffd\U0001f600é"),
    ],
    ids=["NUL", "high", "low", "pair", "mixed"],
)
def test_what_no_database_holds_is_replaced(
    every_sql: ConversationStore, sent: str, kept: str
) -> None:
    owner, conversation_id = new_id(), new_id()
    every_sql.append(owner, conversation_id, prompt(sent + " giraffe"))
    found = every_sql.get(owner, conversation_id)
    assert found is not None
    assert found.turns[0].text == kept + " giraffe"
    assert every_sql.rename(owner, conversation_id, sent)
    assert every_sql.get(owner, "\0") is None
    assert every_sql.get(owner, "\ud83d") is None
    assert every_sql.get("\0\ud83d", conversation_id) is None
    assert every_sql.open_share("\0\ud83d") is None


def test_a_count_that_no_database_holds_is_kept_within_bounds(every_sql: ConversationStore) -> None:
    owner = new_id()
    reply = Reply(Status.COMPLETED, usage=Usage(10**30, -(10**30)), pieces=1)
    made = Conversation(turns=(Turn("t", None, Role.ASSISTANT, reply=reply),), leaf="t")
    every_sql.add(owner, made)
    found = every_sql.get(owner, made.id)
    assert found is not None
    assert found.turns[0].reply is not None
    assert found.turns[0].reply.usage == Usage(2**63 - 1, -(2**63 - 1))


@given(chat_errors)
def test_an_error_comes_back_as_it_was(error: ChatError) -> None:
    assert plain(error_from(json.loads(json.dumps(error_record(error))))) == plain(error)


def test_an_error_of_a_class_that_is_gone_is_still_an_error() -> None:
    stored = error_record(StoreFull("It happened.", advice="Do this.", retry_after=math.pi))
    found = error_from(stored | {"name": "GoneByNow"})
    assert type(found) is ChatError
    assert (found.happened, found.advice, found.retry_after) == (
        "It happened.",
        "Do this.",
        math.pi,
    )


def test_what_a_later_version_adds_to_an_error_does_not_hurt() -> None:
    assert error_from(error_record(ChatError("It happened.")) | {"weather": "fine"}).happened == (
        "It happened."
    )
