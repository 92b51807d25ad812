"""From paragraphs to a tree: I. → 1. → a) → - → +, with the paragraphs that carry no mark put where a reader would put them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from extract.folding import fold
from extract.marks import ALPHABET, BULLETS, Mark
from extract.paragraphs import Paragraph
from extract.phrases import phrases

_RANKS = {
    "part": 0.0,
    "chapter": 1.0,
    "section": 2.0,
    "article": 3.0,
    "roman": 4.0,
    "arabic": 5.0,
    "ordinal": 5.5,
    "letter": 6.0,
    "paren": 7.0,
    "dash": 8.0,
    "plus": 9.0,
}
# A heading without a mark: in capitals it opens a section; with a colon at its end it announces what is numbered below it,
# at the beginning of a body the bullets only.
_TITLE_RANK = 3.5
_LEADIN_RANK = 7.5


@dataclass(slots=True)
class Node:
    """A paragraph and what stands under it. ``rank`` is its depth in the numbering; ``step`` its part of a task's path."""

    paragraph: Paragraph
    rank: float
    step: str
    children: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The paragraph without its mark."""
        return self.paragraph.text

    @property
    def marked(self) -> bool:
        """Whether the typist gave it a number, a letter or a bullet."""
        return self.paragraph.mark is not None


def build(paragraphs: Sequence[Paragraph]) -> list[Node]:
    """The roots of the tree, in reading order."""
    roots: list[Node] = []
    stack: list[Node] = []
    for paragraph in map(_letter_restored(stack), paragraphs):
        siblings_of = _place(paragraph, stack)
        rank = _rank(paragraph, stack)
        siblings = siblings_of.children if siblings_of else roots
        node = Node(paragraph, rank, _step(paragraph, siblings))
        siblings.append(node)
        if paragraph.mark is not None or _is_title(paragraph) or _announces(paragraph.text):
            stack.append(node)
    return roots


def _letter_restored(stack: Sequence[Node]) -> Callable[[Paragraph], Paragraph]:
    """Gives an item the letter that OCR took from it: "1)" behind "h)" is "i)", behind "k)" it is "l)"; "ø)" is the letter that is due."""

    def restored(paragraph: Paragraph) -> Paragraph:
        mark = paragraph.mark
        if mark is not None and _is_small_one(mark, paragraph, stack):
            return replace(paragraph, mark=Mark("arabic", "1"))
        if mark is None or not ((mark.kind == "arabic" and mark.label == "1") or (mark.kind == "letter" and mark.label not in ALPHABET)):
            return paragraph
        before = next(
            (node.paragraph.mark.label for node in reversed(stack) if node.paragraph.mark and node.paragraph.mark.kind == "letter"), ""
        )
        due = ALPHABET[ALPHABET.index(before) + 1 : ALPHABET.index(before) + 2] if before in ALPHABET and before else ""
        if mark.kind == "arabic" and due not in {"i", "l"}:
            return paragraph
        return replace(paragraph, mark=Mark("letter", due)) if due else paragraph

    return restored


def _is_small_one(mark: Mark, paragraph: Paragraph, stack: Sequence[Node]) -> bool:
    """Whether "l." or "I." stands for "1.": no letter before it that "l" could follow, or a Roman number that "I" could not."""
    marks = [node.paragraph.mark for node in reversed(stack) if node.paragraph.mark is not None]
    if mark.kind == "letter" and mark.label == "l":
        return next((other.label for other in marks if other.kind == "letter"), "") != "k"
    return mark.kind == "roman" and mark.label == "I" and not paragraph.text.isupper() and any(other.kind == "roman" for other in marks)


def _announces(text: str) -> bool:
    return text.rstrip(" *").endswith(":")


def _is_list_item(paragraph: Paragraph) -> bool:
    return paragraph.mark is not None and (paragraph.mark.kind in BULLETS or paragraph.mark.kind == "paren")


def _is_title(paragraph: Paragraph) -> bool:
    letters = [c for c in paragraph.text if c.isalpha()]
    return paragraph.mark is None and not paragraph.cells and len(letters) > 7 and all(c.isupper() for c in letters)


def _mark_rank(mark: Mark) -> float:
    return _RANKS[mark.kind] + (0.1 * (mark.depth - 1) if mark.kind == "arabic" else 0.0)


def _rank(paragraph: Paragraph, stack: Sequence[Node]) -> float:
    if paragraph.mark is not None:
        rank = _mark_rank(paragraph.mark)
        # A numbering used inside a lower one ("- …: (1) …", "a) …: 1. …") is deeper than what announces it.
        return max(rank, stack[-1].rank + 0.01) if stack and stack[-1].rank > rank else rank
    if _is_title(paragraph):
        return _TITLE_RANK
    if not _announces(paragraph.text):
        return 10.0
    return stack[-1].rank + 0.05 if stack else _LEADIN_RANK


def _place(paragraph: Paragraph, stack: list[Node]) -> Node | None:
    """Pop ``stack`` to the node under which ``paragraph`` belongs, and return that node (None: a root)."""
    if paragraph.mark is not None:
        _pop_for_mark(paragraph.mark, stack)
    elif _is_title(paragraph):
        while stack and stack[-1].rank >= _TITLE_RANK:
            stack.pop()
    elif not paragraph.cells:
        while stack and not _announces(stack[-1].text) and _is_list_item(stack[-1].paragraph):
            stack.pop()
        if _announces(paragraph.text):
            while stack and not stack[-1].marked and not _is_title(stack[-1].paragraph):
                stack.pop()
        if phrases().closings.match(fold(paragraph.text)):
            while stack and stack[-1].rank > _RANKS["roman"]:
                stack.pop()
    return stack[-1] if stack else None


def _pop_for_mark(mark: Mark, stack: list[Node]) -> None:
    rank = _mark_rank(mark)
    for at in range(len(stack) - 1, -1, -1):
        other = stack[at].paragraph.mark
        if other is not None and other.kind == mark.kind and other.depth == mark.depth:
            restarts = (
                mark.label in {"1", "a", "I", "i"} and other.label != mark.label and at == len(stack) - 1 and _announces(stack[at].text)
            )
            if not restarts:
                del stack[at:]
            return
    while stack and stack[-1].rank > rank and (not stack[-1].marked or stack[-1].children or not _announces(stack[-1].text)):
        stack.pop()


def _step(paragraph: Paragraph, siblings: Sequence[Node]) -> str:
    if paragraph.mark is None:
        return f"p{sum(not node.marked for node in siblings) + 1}"
    if paragraph.mark.kind in BULLETS:
        kind = paragraph.mark.kind
        ordinal = sum(node.paragraph.mark is not None and node.paragraph.mark.kind == kind for node in siblings) + 1
        return f"{'-' if kind == 'dash' else '+'}{ordinal}"
    return paragraph.mark.step
