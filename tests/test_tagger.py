"""The tagger's arithmetic, on small random weights: probabilities, locality, what saving keeps; and what the shipped weights know."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diacritics import damage, letters, lm
from diacritics.damage import GAPS, gap_class
from diacritics.restorer import MODEL_FOLDER
from diacritics.tagger import CHARACTERS, DILATIONS, GAP_CLASSES, LETTERS, Floats, Reading, Shape, Tagger, encode_token

WORDS = 50
REACH = sum(DILATIONS)


def small_weights(seed: int = 0) -> dict[str, Floats]:
    shape, rng = Shape(letter=6, token=8, context=10, narrow=7), np.random.default_rng(seed)

    def drawn(*size: int) -> Floats:
        return rng.normal(0, 0.4, size).astype(np.float32)

    weights = {"letters.weight": drawn(CHARACTERS, shape.letter), "gaps.weight": drawn(GAP_CLASSES, shape.context)}
    sizes = {
        "first": (3 * shape.letter, shape.token), "second": (3 * shape.token, shape.token), "enter": (shape.token, shape.context),
        "narrow": (shape.context, shape.narrow), "words": (shape.narrow, WORDS),
    }  # fmt: skip
    sizes |= {f"layers.{n}": (3 * shape.context, 2 * shape.context) for n in range(len(DILATIONS))}
    for name, (before, after) in sizes.items():
        weights[f"{name}.weight"], weights[f"{name}.bias"] = drawn(after, before), drawn(after)
    for name in ["leave", *(f"norms.{n}" for n in range(len(DILATIONS)))]:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = np.ones(shape.context, np.float32), drawn(shape.context)
    return weights


def every_word(reading: Reading, token: int) -> Floats:
    return reading.of(token, list(range(WORDS)))


TOKENS = st.lists(st.text(alphabet="adegnuôđ6&¢ÀQ", min_size=1, max_size=14), min_size=1, max_size=40)


@given(TOKENS)
def test_probabilities_of_each_token_sum_to_one(tokens: list[str]) -> None:
    reading = Tagger(small_weights()).read_tokens(tokens, [0] * len(tokens))
    likely = reading.likely(1e-9)
    for n, (words, logs) in enumerate(likely):
        assert len(words) == WORDS
        assert np.exp(logs).sum() == pytest.approx(1.0, abs=1e-3)
        assert every_word(reading, n) == pytest.approx(np.array(logs), abs=1e-4)


@given(TOKENS)
def test_weighing_single_tokens_gives_what_weighing_all_gives(tokens: list[str]) -> None:
    tagger = Tagger(small_weights())
    one, all_of_them = tagger.read_tokens(tokens, [0] * len(tokens)), tagger.read_tokens(tokens, [0] * len(tokens))
    all_of_them.likely(0.5)
    one.weigh([len(tokens) - 1])
    assert every_word(one, len(tokens) - 1) == pytest.approx(every_word(all_of_them, len(tokens) - 1), abs=1e-4)


def test_a_token_sees_its_neighbours_and_nothing_beyond_eighteen() -> None:
    tagger = Tagger(small_weights())
    tokens = ["an"] * 60

    def reads(changed: int) -> Floats:
        reading = tagger.read_tokens([*tokens[:changed], "đe", *tokens[changed + 1 :]], [0] * 60)
        reading.weigh([30])
        return every_word(reading, 30)

    assert REACH == 18
    assert np.allclose(reads(30 + REACH + 1), reads(59), atol=1e-5)
    assert not np.allclose(reads(36), reads(59))
    assert not np.allclose(reads(24), reads(59))


def test_saving_keeps_the_weights_within_a_step_of_a_127th_of_each_row(tmp_path: Path) -> None:
    weights = small_weights()
    Tagger.save(weights, tmp_path / "tagger.npz")
    tokens = ["ke", "hoach"]
    before, after = (t.read_tokens(tokens, [6, 0]) for t in (Tagger(weights), Tagger.read(tmp_path / "tagger.npz")))
    before.likely(0.5), after.likely(0.5)
    assert every_word(after, 1) == pytest.approx(every_word(before, 1), abs=0.5)


@pytest.mark.parametrize("token", ["a", "nghiêng", "x" * 10, "x" * 11, "không-một-dấu-cách-nào", "☃"])
def test_every_token_has_the_same_length_between_its_ends(token: str) -> None:
    row = encode_token(token)
    assert len(row) == LETTERS
    assert row[0] == 2
    assert row.count(3) == 1


def test_letters_have_numbers_of_their_own() -> None:
    numbers = [encode_token(c)[1] for c in [*letters.ALPHABET, *"ÀĐỆ0589&¢€"]]
    assert len(set(numbers)) == len(numbers)
    assert 1 not in numbers


@pytest.mark.parametrize(
    ("gap", "kind"), [(" ", " "), ("", " "), (", ", ",;"), ("; ", ",;"), (". ", "."), (" (", '()"“”'), ("/", "/-–"), (" § ", "")]
)
def test_gaps_fall_into_classes(gap: str, kind: str) -> None:
    assert gap_class(gap) == GAPS.index(kind)


SHIPPED = MODEL_FOLDER / "tagger.npz"


@pytest.mark.parametrize(
    ("read", "at", "true"),
    [
        ("Uy ban nhan dan tinh", 4, "tỉnh"),
        ("trien khai thuc hien Ke hoach", 4, "kế"),
        ("b6o c6o kiit qui thgc hiQn", 4, "thực"),
        ("cic cc quan, don vi lién quan", 0, "các"),
    ],
    ids=["stripped", "stripped-2", "digits", "latin"],
)
def test_the_shipped_weights_name_common_words(read: str, at: int, true: str) -> None:
    model, tokens = lm.LanguageModel.read(MODEL_FOLDER / "syllables.zip"), read.replace(",", "").split()
    reading = Tagger.read(SHIPPED).read_tokens(tokens, [6, *[0] * (len(tokens) - 1)])
    words, logs = reading.likely(0.01)[at]
    assert model.vocabulary[words[int(np.argmax(logs))]] == true


def test_damage_keeps_the_true_word_beside_what_is_read() -> None:
    channel = damage.Channel.read(MODEL_FOLDER / "channel.tsv")
    source = damage.Damage(channel, {}, seed=3)
    words = ["Ủy", "ban", "nhân", "dân", "tỉnh", "ban", "hành", "Kế", "hoạch", "số", "12/KH-UBND"]
    kinds = ["word"] * 9 + ["word", "symbol"]
    for _ in range(50):
        stretch = source.stretch(words, kinds, [6] + [0] * 10)
        assert len(stretch.raw) == len(stretch.true) == len(stretch.gaps)
        assert "12/KH-UBND" in stretch.raw[-1]
        assert {t for t in stretch.true if t} <= {*(w.lower() for w in words), "<symbol>"}
