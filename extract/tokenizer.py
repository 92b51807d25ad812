"""The tokenizer for ``spacy.blank("vi")``: document numbers, dates, times and addresses on the web stay whole.

spaCy's own Vietnamese tokenizer needs pyvi and joins syllables into words; the gazetteer is matched on syllables, so here a
token is a syllable, a number, or a mark. Each token's ``norm_`` is folded, which lets a PhraseMatcher on NORM overlook
diacritics.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from extract.folding import fold_word

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_TOKEN: Final = re.compile(
    r"https?://[^\s<>\"]*[^\s<>\".,;:)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|www\.[^\s<>\"]*[^\s<>\".,;:)]"
    r"|\d\w*(?:[/.\-–:]\d+)*(?:\s?/\s?[^\W\d_][^\W_]*(?:\s?[-–&]\s?[A-ZĐ][^\W_]*)*"  # 12/2023/QĐ-UBND, 12 /UBND-VX
    r"|-[A-ZĐ][^\W_]*(?:/[^\W_]+)?)"  # 19-NQ/TW
    r"|\d+(?:[/.\-–,:]\d+)*(?![^\W\d_])"  # 30/6/2023, 1.250,5, 17:00
    r"|[^\W_]+"
    r"|[^\w\s]|_"
)


def split(text: str) -> tuple[tuple[int, int], ...]:
    """Begin and end of each token of ``text``; together they cover everything but white space."""
    return tuple(match.span() for match in _TOKEN.finditer(text))


class DirectiveTokenizer:
    """A spaCy tokenizer made of :func:`split`; ``nlp.tokenizer = DirectiveTokenizer(nlp.vocab)``."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The document for ``text``; its text is ``text`` exactly."""
        from spacy.tokens import Doc  # noqa: PLC0415 - spaCy is loaded by whoever made the vocab

        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for begin, end in split(text):
            if begin > at:
                _add_space(text[at:begin], words, spaces)
            words.append(text[begin:end])
            spaces.append(False)
            at = end
        if at < len(text):
            _add_space(text[at:], words, spaces)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        for token in doc:
            token.norm_ = fold_word(token.text)
        return doc

    # spaCy serialises tokenizers with the pipeline; this one has no state.
    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> DirectiveTokenizer:
        """Nothing to read."""
        return self

    def to_disk(self, _path: Any, **_: Any) -> None:
        """Nothing to write."""

    def from_disk(self, _path: Any, **_: Any) -> DirectiveTokenizer:
        """Nothing to read."""
        return self


def _add_space(gap: str, words: list[str], spaces: list[bool]) -> None:
    """White space after a word: one space belongs to the word, anything more is a token of its own."""
    if words and gap[0] == " ":
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)


def create_tokenizer() -> Callable[[Language], DirectiveTokenizer]:
    """For ``spacy.registry.tokenizers``: makes the tokenizer of a pipeline."""

    def create(nlp: Language) -> DirectiveTokenizer:
        return DirectiveTokenizer(nlp.vocab)

    return create
