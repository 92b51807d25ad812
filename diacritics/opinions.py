"""The tagger's opinion of single doubtful words, read with a few lines around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from diacritics.damage import GAPS, gap_class
from diacritics.lm import LanguageModel
from diacritics.pieces import Piece, pieces
from diacritics.proofread import Question
from diacritics.tagger import Tagger

CONTEXT_LINES = 1
"""Lines before and after a doubtful one that are read with it."""


@dataclass(slots=True)
class TokenRow:
    """Tokens for the tagger, the class of the gap before each, and the index of each cell's first token."""

    tokens: list[str] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)


def token_row(cells: Iterable[tuple[str, Sequence[Piece], bool]]) -> TokenRow:
    """Lays cells (text, pieces, whether it stands in a table) in one row, with paragraphs as the tagger learned them."""
    row, fresh = TokenRow(), True
    for text, found, table in cells:
        row.firsts.append(len(row.tokens))
        begins = fresh or table or (found and text[: found[0].begin].strip(' "“(') != "")
        end = 0
        for i, piece in enumerate(found):
            row.tokens.append(piece.raw)
            row.gaps.append(gap_class(text[end : piece.begin]) if i else GAPS.index("\n") * bool(begins))
            end = piece.end
        if found:
            fresh = table or text.rstrip().endswith((".", ";", ":"))
    return row


class Opinions:
    """Answers the questions of :class:`~diacritics.proofread.Proofreader` about one document."""

    def __init__(self, tagger: Tagger, model: LanguageModel, lines: Sequence[str]) -> None:
        self._tagger, self._model, self._lines = tagger, model, lines

    def __call__(self, questions: Sequence[Question]) -> list[list[float]]:
        """For each question ln P of its words; words outside the vocabulary share what the tagger leaves for them."""
        asked = {q.line for q in questions}
        size = len(self._lines)
        near = sorted({m for n in asked for m in range(max(0, n - CONTEXT_LINES), min(size, n + CONTEXT_LINES + 1))})
        cells: list[tuple[str, list[Piece], bool]] = []
        starts: list[tuple[int, int]] = []
        for n in near:
            parts, base = self._lines[n].split("\t"), 0
            for part in parts:
                cells.append((part, pieces(part), len(parts) > 1))
                starts.append((n, base))
                base += len(part) + 1
        row = token_row(cells)
        places = {
            (n, base + piece.begin): first + i
            for (n, base), first, (_, found, _) in zip(starts, row.firsts, cells, strict=True)
            for i, piece in enumerate(found)
        }
        reading = self._tagger.read_tokens(row.tokens, row.gaps)
        wanted = [places.get((q.line, q.begin), -1) for q in questions]
        reading.weigh([w for w in wanted if w >= 0])
        return [
            [0.0] * len(q.words) if at < 0 else reading.of(at, [self._model.id_of(w) for w in q.words]).tolist()
            for q, at in zip(questions, wanted, strict=True)
        ]
