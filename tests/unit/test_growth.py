"""How a text grew: few samples, in order, and none of them far from what happened."""

from __future__ import annotations

from itertools import accumulate, pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from playground.growth import FINEST, MAX_SAMPLES, Growth, GrowthRecorder

#: Pauses before the pieces of a text, and their lengths.
PIECES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.001, 0.0025, 0.03, 0.4, 30.0]), st.integers(1, 9)),
    min_size=1,
    max_size=400,
)


def recorded(pieces: list[tuple[float, int]]) -> tuple[Growth, list[tuple[float, int]]]:
    """Return the growth of the pieces, and when how many characters really were there."""
    recorder = GrowthRecorder()
    pauses, lengths = zip(*pieces, strict=True)
    truth = list(zip(accumulate(pauses), accumulate(lengths), strict=True))
    for (seconds, _), characters in zip(truth, lengths, strict=True):
        recorder.add(seconds, characters)
    growth = recorder.growth()
    assert growth is not None
    return growth, truth


@given(PIECES)
@example([(0.0025, 4)] * 4000)
@example([(9.0, 1)] * 200)
def test_samples_are_few_and_in_order_from_the_first_piece_to_the_last(
    pieces: list[tuple[float, int]],
) -> None:
    growth, truth = recorded(pieces)
    samples = list(zip(growth.seconds, growth.characters, strict=True))
    assert len(samples) <= MAX_SAMPLES
    assert all(a[0] <= b[0] and a[1] < b[1] for a, b in pairwise(samples))
    rounded = [(round(seconds, 3), characters) for seconds, characters in truth]
    assert (samples[0], samples[-1]) == (rounded[0], rounded[-1])
    assert set(samples) <= set(rounded), "nothing is made up"


@given(PIECES)
@example([(0.0025, 4)] * 4000)
def test_what_is_left_out_came_shortly_before_a_sample(pieces: list[tuple[float, int]]) -> None:
    growth, truth = recorded(pieces)
    # Intervals are only made twice as long where more than MAX_SAMPLES of them had a sample.
    interval = max(FINEST, truth[-1][0] / (MAX_SAMPLES // 2 - 1))
    samples = list(zip(growth.seconds, growth.characters, strict=True))
    for seconds, characters in truth:
        after = min(s for s, c in samples if c >= characters)
        assert after - seconds <= interval + 0.001


def test_a_silence_is_kept_as_one() -> None:
    """A line drawn through the samples does not rise while nothing came."""
    growth, _ = recorded([*[(0.01, 1)] * 500, (60.0, 1), *[(0.01, 1)] * 500])
    begun = growth.characters.index(500)
    assert growth.seconds[begun] == 5.0
    assert growth.seconds[begun + 1] >= 65.0


def test_a_text_that_came_at_once_is_one_sample() -> None:
    assert recorded([(2.5, 1200)])[0] == Growth((2.5,), (1200,))
    assert GrowthRecorder().growth() is None


def test_a_long_text_leaves_at_least_about_half_as_many_samples_as_there_may_be() -> None:
    growth, _ = recorded([(0.0025, 4)] * 20_000)
    assert len(growth.seconds) >= MAX_SAMPLES // 2
