"""How well the program reads the samples: ``python -m scripts.score_samples [--from text|pdf|good|bad] [--only NAME …] [--fresh]``.

A task found counts for the gold task with which it shares most words (Dice of folded words, at least .6, one to one); optional
gold tasks and deadlines neither help nor hurt. Agencies, deadlines and references are compared as sets within matched tasks; an
unmatched task has missed them all. Every figure is an F1, ``head`` the share of header fields that are right.

The last lines say how well doubt is placed: the share of wrong tasks (lead or deadlines wrong) that carry ``needs_review``, and the share
of right tasks that do. What OCR gave is kept in a temporary folder (see :mod:`scripts.score_ocr`); ``--fresh`` reads the scans again.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dondoc.process import finish
from dondoc.settings import Settings
from extract import Directive, extract
from extract.folding import fold
from ingest.document import Document, Line, Page
from scripts.sample_format import Sample, load_all
from scripts.score_ocr import read

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SUFFIXES = {"pdf": ".pdf", "good": ".good.pdf", "bad": ".bad.pdf"}
HEADER_FIELDS = ("number", "type", "issuer", "date", "place", "subject", "signer", "signer_title")
_NAMES = ((r"\buy ban nhan dan\b", "ubnd"), (r"\b(?:uy ban mat tran to quoc(?: viet nam)?|ubmttq(?: viet nam)?)\b", "mttq"))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-z0-9/]+", fold(text)))


def _alike(one: str, other: str) -> float:
    a, b = _words(one), _words(other)
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def _agency(name: str) -> str:
    key = fold(name)
    for pattern, short in _NAMES:
        key = re.sub(pattern, short, key)
    return " ".join(word for word in re.findall(r"[a-z0-9]+", key) if word not in {"cac", "va", "cua", "co", "tren", "dia", "ban"})


def _deadline(entry: dict[str, Any]) -> tuple[Any, ...]:
    relative = entry.get("relative") or {}
    return (entry.get("due"), None if entry.get("due") else entry.get("recurrence"), relative.get("n"), relative.get("unit"))


def _number(number: str) -> str:
    return re.sub(r"[^A-Z0-9/]", "", fold(number).upper())


def _likeness(gold: dict[str, Any], found: dict[str, Any]) -> float:
    """Of the texts; a gold table row may be compared with or without its other cells."""
    texts = [gold["text"], (gold.get("cells") or {}).get("task") or gold["text"]]
    return max(_alike(text, found["text"]) for text in texts)


def _match(gold: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> dict[int, int]:
    pairs = sorted(((_likeness(g, f), gi, fi) for gi, g in enumerate(gold) for fi, f in enumerate(found)), reverse=True)
    match: dict[int, int] = {}
    for likeness, gi, fi in pairs:
        if likeness >= 0.6 and gi not in match and fi not in match.values():
            match[gi] = fi
    return match


def compare(gold: dict[str, Any], found: dict[str, Any]) -> Counter[str]:
    """Hits and sizes by figure (``lead.hit``, ``lead.n``) of one document, both in the form of ``dondoc extract``."""
    counts: Counter[str] = Counter()

    def add(figure: str, want: Iterable[Any], got: Iterable[Any], free: Iterable[Any] = ()) -> None:
        wanted, had = Counter(want), Counter(got)
        had -= Counter(free) - wanted
        counts[f"{figure}.hit"] += (wanted & had).total()
        counts[f"{figure}.n"] += wanted.total() + had.total()

    match = _match(gold["tasks"], found["tasks"])
    for gi, task in enumerate(gold["tasks"]):
        if task.get("optional"):
            continue
        other = found["tasks"][match[gi]] if gi in match else {}
        counts["task.hit"] += gi in match
        counts["task.n"] += 1
        for figure, key in (("lead", "lead"), ("coord", "coordinating")):
            add(figure, map(_agency, task.get(key, [])), map(_agency, other.get(key, [])))
        deadlines = task.get("deadlines", [])
        must, may = [d for d in deadlines if not d.get("optional")], [d for d in deadlines if d.get("optional")]
        add("due", map(_deadline, must), map(_deadline, other.get("deadlines", [])), map(_deadline, may))
    counts["task.n"] += len(found["tasks"]) - sum(bool(gold["tasks"][gi].get("optional")) for gi in match)
    add("refs", {_number(r["number"]) for r in gold["references"]}, {_number(r["number"]) for r in found["references"]})
    for field in HEADER_FIELDS:
        if want := gold["document"].get(field):
            counts["head.n"] += 2
            counts["head.hit"] += same_header_field(field, want, found["document"].get(field))
    return counts


def same_header_field(field: str, wanted: object, had: object) -> bool:
    """Whether a header field was read rightly; of the subject four words in five suffice."""
    return _alike(str(wanted or ""), str(had or "")) >= (0.8 if field == "subject" else 0.99)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a task that was found is right, field by field. ``task``: it is one of the gold tasks (text alike, at least .6)."""

    task: bool
    text: bool
    lead: bool
    coordinating: bool
    deadlines: bool
    references: bool

    @property
    def wrong(self) -> bool:
        """Lead or deadlines wrong."""
        return not (self.lead and self.deadlines)


def verdicts(gold: dict[str, Any], found: dict[str, Any]) -> list[Verdict | None]:
    """One verdict for each task found; None for those that the gold leaves open (optional ones)."""
    match = {fi: gi for gi, fi in _match(gold["tasks"], found["tasks"]).items()}
    out: list[Verdict | None] = []
    for fi, other in enumerate(found["tasks"]):
        if fi not in match:
            out.append(Verdict(*[False] * 6))
            continue
        task = gold["tasks"][match[fi]]
        if task.get("optional"):
            out.append(None)
            continue
        got = Counter(map(_deadline, other["deadlines"]))
        must = Counter(_deadline(d) for d in task.get("deadlines", []) if not d.get("optional"))
        may = Counter(_deadline(d) for d in task.get("deadlines", []) if d.get("optional"))
        out.append(
            Verdict(
                task=True,
                text=_likeness(task, other) >= SAME_TEXT,
                lead=_same_agencies(task.get("lead", []), other["lead"]),
                coordinating=_same_agencies(task.get("coordinating", []), other["coordinating"]),
                deadlines=not (must - got) and not (got - must - may),
                references={_number(n) for n in task.get("references", [])} == {_number(n) for n in other["references"]},
            )
        )
    return out


SAME_TEXT = 0.95
"""From this likeness (Dice of folded words) on a task's text counts as right: one word in twenty may differ."""


def _same_agencies(wanted: Sequence[str], had: Sequence[str]) -> bool:
    left = [_agency(name) for name in had]
    for name in map(_agency, wanted):
        partner = next((other for other in left if other == name or _alike(other, name) >= 0.85), None)
        if partner is None:
            return False
        left.remove(partner)
    return not left


@dataclass(frozen=True, slots=True)
class Doubts:
    """How many wrong and right tasks there are, how many of them carry ``needs_review``; the same for tasks that are none."""

    wrong: int
    wrong_flagged: int
    right: int
    right_flagged: int
    extra: int
    extra_flagged: int

    def __str__(self) -> str:
        def share(part: int, whole: int) -> str:
            return f"{part / whole:.3f} ({part}/{whole})" if whole else "- (0)"

        return (
            f"needs_review: wrong tasks {share(self.wrong_flagged, self.wrong)}, right tasks {share(self.right_flagged, self.right)}, "
            f"found tasks that are none {share(self.extra_flagged, self.extra)}"
        )


def doubts(judged: Iterable[tuple[Verdict | None, bool]]) -> Doubts:
    """Counted over (verdict, carries ``needs_review``) pairs."""
    pairs = [(verdict, flagged) for verdict, flagged in judged if verdict is not None]
    wrong = [flagged for verdict, flagged in pairs if verdict.task and verdict.wrong]
    right = [flagged for verdict, flagged in pairs if verdict.task and not verdict.wrong]
    extra = [flagged for verdict, flagged in pairs if not verdict.task]
    return Doubts(len(wrong), sum(wrong), len(right), sum(right), len(extra), sum(extra))


def figures(counts: Counter[str]) -> dict[str, float]:
    """F1 of each figure, rounded to three places."""
    return {
        name: round(2 * counts[f"{name}.hit"] / max(1, counts[f"{name}.n"]), 3) for name in ("task", "lead", "coord", "due", "refs", "head")
    }


def as_document(text: str) -> Document:
    """A text as the document that a perfect reading would give."""
    lines = tuple(Line(at, line, line) for at, line in enumerate(text.split("\n"), start=1))
    return Document("sample", "0" * 64, "text", (Page(1, lines, "text"),))


def as_gold(sample: Sample) -> dict[str, Any]:
    """The gold annotation of a sample with dates as texts, as the JSON files of the gold set have them."""
    return dict(json.loads(json.dumps(sample.gold(), default=str)))


def found_in(sample: Sample, source: str, *, fresh: bool = False) -> Directive:
    """What the program finds in a sample; ``source`` is text (extraction alone), pdf, good or bad (the whole way)."""
    if source == "text":
        return extract(as_document(sample.text()))
    return finish(read(SAMPLES / "rendered" / f"{sample.name}{SUFFIXES[source]}", fresh=fresh).document, Settings()).directive


def score(source: str, only: Sequence[str] = (), *, fresh: bool = False) -> tuple[dict[str, dict[str, float]], Doubts]:
    """Figures by sample and for ``ALL``, and how well doubt is placed over all samples; ``source`` as in :func:`found_in`."""
    total: Counter[str] = Counter()
    table = {}
    judged: list[tuple[Verdict | None, bool]] = []
    for sample in load_all(SAMPLES):
        if only and sample.name not in only:
            continue
        found, gold = found_in(sample, source, fresh=fresh).as_json(), as_gold(sample)
        counts = compare(gold, found)
        table[sample.name] = figures(counts)
        total += counts
        judged += zip(verdicts(gold, found), [task["needs_review"] for task in found["tasks"]], strict=True)
    return table | {"ALL": figures(total)}, doubts(judged)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", choices=["text", *SUFFIXES], default="text")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", action="store_true", help="as JSON, the form of data/accuracy-baseline.json")
    parser.add_argument("--fresh", action="store_true", help="read all scans again")
    args = parser.parse_args(argv)
    table, doubt = score(args.source, args.only, fresh=args.fresh)
    if args.json:
        print(json.dumps(table["ALL"]))
        return 0
    print(f"{'sample':30}" + "".join(f"{name:>7}" for name in table["ALL"]))
    for name, row in table.items():
        print(f"{name:30}" + "".join(f"{value:7.3f}" for value in row.values()))
    print(doubt)
    return 0


if __name__ == "__main__":
    sys.exit(main())
