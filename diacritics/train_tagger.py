"""Trains the tagger: ``python -m diacritics.train_tagger --corpus DIR --pairs FILE --minutes 90``.

Needs PyTorch (not needed by anything else) and a language model that was counted before (``diacritics.train``): its vocabulary is what
the tagger chooses from. Writes ``tagger.npz``; goes on from ``--checkpoint`` when that exists.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name everyone uses

from diacritics.channel import Channel
from diacritics.corpus import KeptOut, corpus_files, genre, paragraphs
from diacritics.damage import Damage, Stretch, aligned, gaps_of, read_pairs, word_readings
from diacritics.lm import NUMBER, SYMBOL, UNKNOWN, LanguageModel
from diacritics.pieces import pieces
from diacritics.restorer import MODEL_FOLDER
from diacritics.tagger import CHARACTERS, DILATIONS, GAP_CLASSES, LETTERS, Shape, Tagger, encode_token

EPOCH_WEIGHTS = {"admin": 3.0, "legal": 1.0, "wiki": 0.1}
"""How often a stretch of each genre is drawn, per word of it."""

LENGTH, BATCH = 64, 32
REAL_SHARE = 0.12
"""Share of the stretches that are real line pairs."""

KINDS = ("word", "number", "symbol", "keep")
CLASSES = {"": -1, "<number>": NUMBER, "<symbol>": SYMBOL, "<keep>": -1}
"""Labels of what is no word; −1 for nothing to learn."""


class Net(nn.Module):
    """Characters → token by two convolutions and a maximum; tokens → context by gated dilated convolutions; → a word of the vocabulary."""

    def __init__(self, shape: Shape, words: int) -> None:
        super().__init__()
        self.letters = nn.Embedding(CHARACTERS, shape.letter)
        self.first = nn.Linear(3 * shape.letter, shape.token)
        self.second = nn.Linear(3 * shape.token, shape.token)
        self.enter = nn.Linear(shape.token, shape.context)
        self.gaps = nn.Embedding(GAP_CLASSES, shape.context)
        self.norms = nn.ModuleList(nn.LayerNorm(shape.context) for _ in DILATIONS)
        self.layers = nn.ModuleList(nn.Linear(3 * shape.context, 2 * shape.context) for _ in DILATIONS)
        self.leave = nn.LayerNorm(shape.context)
        self.narrow = nn.Linear(shape.context, shape.narrow)
        self.words = nn.Linear(shape.narrow, words)
        self.drop = nn.Dropout(0.05)

    @staticmethod
    def _neighbours(x: Tensor, distance: int = 1) -> Tensor:
        padded = F.pad(x, (0, 0, distance, distance))
        return torch.cat([padded[:, : -2 * distance], x, padded[:, 2 * distance :]], dim=-1)

    def forward(self, letters: Tensor, where: Tensor, gaps: Tensor) -> Tensor:
        """``letters`` (distinct tokens, LETTERS), ``where`` and ``gaps`` (B, T) → (B, T, narrow)."""
        x = F.relu(self.first(self._neighbours(self.letters(letters))))
        x = F.relu(self.second(self._neighbours(x))) + x
        tokens = self.enter(x.masked_fill((letters == 0)[..., None], -1e4).amax(dim=1))
        h = tokens[where] + self.gaps(gaps)
        for norm, layer, distance in zip(self.norms, self.layers, DILATIONS, strict=True):
            a, b = layer(self._neighbours(self.drop(norm(h)), distance)).chunk(2, dim=-1)
            h = h + a * torch.sigmoid(b)
        return F.relu(self.narrow(self.leave(h)))


@dataclass(frozen=True, slots=True)
class Text:
    """Running text as numbers: which surface form, its kind, the gap before it."""

    surfaces: list[str]
    forms: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int8]
    gaps: npt.NDArray[np.int8]


def read_text(folder: Path, wanted: str) -> Text:
    """All training paragraphs of one genre."""
    ids: dict[str, int] = {}
    forms, kinds, gaps = array("i"), array("b"), array("b")
    for path in corpus_files(folder):
        if genre(path) != wanted:
            continue
        for number, text in enumerate(paragraphs(path, held_out=False)):
            if wanted == "wiki" and number % 4:
                continue
            found = pieces(text)
            forms.extend(ids.setdefault(p.raw, len(ids)) for p in found)
            kinds.extend(KINDS.index(p.kind) for p in found)
            gaps.extend(gaps_of(text, found))
    return Text(list(ids), np.array(forms, np.int32), np.array(kinds, np.int8), np.array(gaps, np.int8))


def stretches(texts: dict[str, Text], damage: Damage, pairs: list[Stretch], rng: random.Random) -> Iterator[Stretch]:
    """Damaged stretches for ever."""
    weights = [len(t.forms) * EPOCH_WEIGHTS[g] for g, t in texts.items()]
    pool = list(texts.values())
    while True:
        if pairs and rng.random() < REAL_SHARE:
            at = rng.randrange(len(pairs))
            columns = zip(*((p.raw, p.true, p.gaps) for p in pairs[at : at + 5]), strict=True)
            raw, true, gaps = ([v for line in column for v in line][:LENGTH] for column in columns)
            yield Stretch(tuple(raw), tuple(true), tuple(gaps))
            continue
        text = rng.choices(pool, weights)[0]
        at = rng.randrange(max(1, len(text.forms) - LENGTH))
        part = slice(at, at + LENGTH)
        yield damage.stretch(
            [text.surfaces[i] for i in text.forms[part].tolist()], [KINDS[k] for k in text.kinds[part].tolist()], text.gaps[part].tolist()
        )


def batches(source: Iterator[Stretch], ids: dict[str, int]) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    """(letters of the distinct tokens, index of each token, gaps, labels with −1 for nothing to learn)."""
    known: dict[str, bytes] = {}
    while True:
        distinct: dict[str, int] = {"": 0}
        where = np.zeros((BATCH, LENGTH), np.int64)
        gaps, labels = where.copy(), where.copy() - 1
        for row in range(BATCH):
            stretch = next(source)
            n = min(LENGTH, len(stretch.raw))
            where[row, :n] = [distinct.setdefault(r, len(distinct)) for r in stretch.raw[:n]]
            gaps[row, :n] = stretch.gaps[:n]
            labels[row, :n] = [CLASSES[t] if t in CLASSES else ids.get(t, UNKNOWN) for t in stretch.true[:n]]
        for token in distinct:
            if token not in known:
                known[token] = np.array(encode_token(token), np.int16).tobytes()
        letters = np.frombuffer(b"".join(known[t] for t in distinct), np.int16).reshape(len(distinct), LETTERS)
        if len(known) > 1_000_000:
            known.clear()
        yield torch.from_numpy(letters.astype(np.int64)), torch.from_numpy(where), torch.from_numpy(gaps), torch.from_numpy(labels)


def damaged_text(options: argparse.Namespace, model: LanguageModel) -> tuple[dict[str, Text], Damage, list[Stretch]]:
    """The true text by genre, what damages it, and the real line pairs; nothing of the documents that are kept out."""
    kept_out = KeptOut(options.corpus)
    pairs = [p for path in options.pairs for p in read_pairs(path) if p[0] not in kept_out]
    slips = [p for path in options.vie_pairs for p in read_pairs(path) if p[0] not in kept_out]
    damage = Damage(Channel.read(MODEL_FOLDER / "channel.tsv"), word_readings(pairs), options.seed)
    real = [s for s in (aligned(t, r) for t, r in (*pairs, *slips)) if s]
    texts = {g: t for g in EPOCH_WEIGHTS for t in [read_text(options.corpus, g)] if len(t.forms)}
    print({g: len(t.forms) for g, t in texts.items()}, len(real), "real lines,", len(model.vocabulary), "words", flush=True)  # noqa: T201
    return texts, damage, real


class Trainer:
    """The network with its optimiser and how far it has come."""

    def __init__(self, model: LanguageModel, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        torch.set_num_threads(options.threads)
        self.options, self.spent, self.step = options, 0.0, 0
        self.net = Net(Shape(), len(model.vocabulary))
        with torch.no_grad():
            self.net.words.bias.copy_(torch.from_numpy(np.maximum(model.unigrams, -14.0)))
            self.net.words.weight.mul_(0.2)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01)
        if options.checkpoint.exists():
            state = torch.load(options.checkpoint, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.spent, self.step = state["spent"], state["step"]

    def learn(self, batch: tuple[Tensor, Tensor, Tensor, Tensor]) -> tuple[float, int, int]:
        """One step: (loss, words, words named right). The learning rate falls with the time that is spent."""
        letters, where, gaps, labels = batch
        rate = self.options.rate * min(1.0, (self.step + 1) / 300) * max(0.02, 1 - self.spent / (self.options.minutes * 60))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        chosen = labels >= 0
        scores = self.net.words(self.net(letters, where, gaps)[chosen])
        loss = F.cross_entropy(scores, labels[chosen])
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return loss.item(), int(chosen.sum()), int((scores.argmax(-1) == labels[chosen]).sum())

    def save(self) -> None:
        """Writes the checkpoint, and the weights as the product reads them."""
        state = {"net": self.net.state_dict(), "optimiser": self.optimiser.state_dict(), "spent": self.spent, "step": self.step}
        torch.save(state, self.options.checkpoint)
        Tagger.save({k: v.detach().numpy() for k, v in self.net.state_dict().items()}, self.options.out)


def train(options: argparse.Namespace) -> None:
    """The whole training, with a line of figures every 50 steps and a checkpoint every 1,000."""
    model = LanguageModel.read(MODEL_FOLDER / "syllables.zip")
    texts, damage, real = damaged_text(options, model)
    trainer = Trainer(model, options)
    source = batches(stretches(texts, damage, real, random.Random(options.seed + trainer.step)), model.ids)  # noqa: S311
    losses, words, right, began = 0.0, 0, 0, time.monotonic()
    while trainer.spent < options.minutes * 60:
        start = time.monotonic()
        found = trainer.learn(next(source))
        losses, words, right = losses + found[0], words + found[1], right + found[2]
        trainer.spent += time.monotonic() - start
        if trainer.step % 50 == 0:
            speed = words / (time.monotonic() - began)
            line = f"step {trainer.step}  {trainer.spent / 60:.1f} min  loss {losses / 50:.3f}  right {right / words:.4f}  {speed:.0f}/s"
            print(line, flush=True)  # noqa: T201
            losses, words, right, began = 0.0, 0, 0, time.monotonic()
        if trainer.step % 1000 == 0:
            trainer.save()
    trainer.save()


def main(arguments: list[str] | None = None) -> int:
    """Trains and writes the weights."""
    parser = argparse.ArgumentParser(prog="python -m diacritics.train_tagger", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of correct text, one paragraph a line")
    parser.add_argument(
        "--pairs", type=Path, action="append", default=[], help="JSON lines of [true, read], from python -m diacritics.pairs"
    )
    parser.add_argument("--vie-pairs", type=Path, action="append", default=[], help="the same with --language vie: nearly right readings")
    parser.add_argument("--minutes", type=float, default=90.0, help="training time; the learning rate falls to nothing at its end")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path, default=Path("tagger.pt"))
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER / "tagger.npz")
    train(parser.parse_args(arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main())
