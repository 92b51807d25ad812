"""How well the program reads the samples: ``python -m scripts.score_samples [--from text|pdf|good|bad] [--only NAME …] [--json]``.

A task found counts for the gold task with which it shares most words (Dice of folded words, at least .6, one to one); optional
gold tasks and deadlines neither help nor hurt. Agencies, deadlines and references are compared as sets within matched tasks; an
unmatched task has missed them all. Every figure is an F1, ``head`` the share of header fields that are right.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dondoc.process import process
from dondoc.settings import Settings
from extract import extract
from extract.folding import fold
from ingest.document import Document, Line, Page
from scripts.sample_format import load_all

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


def _match(gold: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> dict[int, int]:
    pairs = sorted(((_alike(g["text"], f["text"]), gi, fi) for gi, g in enumerate(gold) for fi, f in enumerate(found)), reverse=True)
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
            counts["head.hit"] += _alike(str(want), str(found["document"].get(field) or "")) >= (0.8 if field == "subject" else 0.99)
    return counts


def figures(counts: Counter[str]) -> dict[str, float]:
    """F1 of each figure, rounded to three places."""
    return {
        name: round(2 * counts[f"{name}.hit"] / max(1, counts[f"{name}.n"]), 3) for name in ("task", "lead", "coord", "due", "refs", "head")
    }


def as_document(text: str) -> Document:
    """A text as the document that a perfect reading would give."""
    lines = tuple(Line(at, line, line) for at, line in enumerate(text.split("\n"), start=1))
    return Document("sample", "0" * 64, "text", (Page(1, lines, "text"),))


def score(source: str, only: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """Figures by sample and for ``ALL``; ``source`` is text (extraction alone), pdf, good or bad (the whole way)."""
    total: Counter[str] = Counter()
    table = {}
    for sample in load_all(SAMPLES):
        if only and sample.name not in only:
            continue
        if source == "text":
            found = extract(as_document(sample.text()))
        else:
            found = process(SAMPLES / "rendered" / f"{sample.name}{SUFFIXES[source]}", Settings()).directive
        counts = compare(json.loads(json.dumps(sample.gold(), default=str)), found.as_json())
        table[sample.name] = figures(counts)
        total += counts
    return table | {"ALL": figures(total)}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", choices=["text", *SUFFIXES], default="text")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", action="store_true", help="as JSON, the form of data/accuracy-baseline.json")
    args = parser.parse_args(argv)
    table = score(args.source, args.only)
    if args.json:
        print(json.dumps(table["ALL"]))
        return 0
    print(f"{'sample':30}" + "".join(f"{name:>7}" for name in table["ALL"]))
    for name, row in table.items():
        print(f"{name:30}" + "".join(f"{value:7.3f}" for value in row.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
