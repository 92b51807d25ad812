"""Fits the weights of task confidence: ``python -m scripts.fit_task_confidence [--gold DIR … --docs DIR …] [--write]``.

Reads the samples (text, rendered PDF, good and bad scans) and, where folders of annotated directives are given, those too (each
``NAME.gold.json`` names its ``source``, looked for in the folders of ``--docs``). For each field of a task a logistic model is fitted to
whether the field was right, with a Gaussian prior: evidence begins with the weight of :data:`PRIOR`, which the data correct. The
chances that models fitted on the other documents give then stretch the logits so that the chances hold (Platt's scaling). The
threshold of ``needs_review`` is the highest under which no more than ``--most`` of the right tasks carry it, by these same chances.
Prints how well doubt is placed and how well the chances hold (reliability), both so cross-validated.
``--write`` puts the weights into ``extract/resources/confidence_weights.csv``. Nothing but these numbers is kept of the documents.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import extract
from dondoc.process import restore
from extract import Directive
from extract.confidence import cases, gather
from extract.evidence import FIELDS, Evidence, Field
from ingest.document import Document
from scripts.sample_format import load_all
from scripts.score_ocr import read
from scripts.score_samples import HEADER_FIELDS, SAMPLES, SUFFIXES, Verdict, as_document, as_gold, doubts, same_header_field, verdicts

WEIGHTS = Path(__file__).parents[1] / "extract" / "resources" / "confidence_weights.csv"
Array = NDArray[np.float64]

# How far (standard deviation, in the logit) the data may easily move a weight from where it begins.
_SPREAD = 0.35
_CONSTANT_SPREAD = 3.0
_AGAINST = -0.5
_FREE = frozenset({"none", "row of a table", "recurring", "from elsewhere", "relative", "group", "inherited"})
PRIOR: dict[tuple[Field, str], float] = {
    ("lead", "source none"): -6.0,
    ("lead", "source addressee"): -1.0,
    ("lead", "the issuer itself"): -2.5,
    ("lead", "weak word"): -3.0,
    ("lead", "ambiguous name"): -2.5,
    ("lead", "further doers"): -2.0,
    ("lead", "another agency opens the text"): -1.5,
    ("lead", "unknown name"): -1.0,
    ("lead", "bare name"): -2.0,
    ("lead", "open name"): -1.0,
    ("lead", "rare group"): -1.0,
    ("lead", "others in the heading"): -1.5,
    ("lead", "named in a later sentence"): -1.0,
    ("coordinating", "weak word"): -3.0,
    ("coordinating", "partners unread"): -2.0,
    ("deadlines", "before the paper"): -2.0,
    ("deadlines", "no day"): -2.0,
    ("deadlines", "weak digits"): -3.0,
    ("deadlines", "unread limit"): -2.0,
    ("deadlines", "number lost"): -2.0,
    ("deadlines", "doubtful"): -2.0,
    ("deadlines", "unread past"): 0.0,
    ("deadlines", "unread year"): 0.0,
    ("deadlines", "before a month"): -2.2,
    ("deadlines", "hours"): -2.0,
    ("deadlines", "other words in the cell"): -2.0,
    ("deadlines", "paper without a date"): -1.0,
    ("references", "unread number"): -2.0,
    ("references", "no symbol"): -2.0,
    ("references", "weak digits"): -3.0,
    ("text", "weak words"): -2.0,
    ("text", "no end"): -1.0,
    ("text", "mark inside"): -1.5,
    ("text", "short"): -1.0,
}
"""Where a weight begins when it is not :data:`_AGAINST` (evidence raises doubt) or 0 (sources of the lead, evidence in :data:`_FREE`)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One task that was found: whence, its evidence, whether it is right, and what it counts."""

    kind: str
    document: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    has_lead: bool
    weight: float

    def right(self, field: Field) -> bool:
        """Whether the field is right; the text also has to be a task at all."""
        return bool(getattr(self.verdict, field)) and self.verdict.task


def samples() -> Iterator[tuple[str, str, dict[str, Any], Document]]:
    """(kind, name, gold, document) of every sample in every form."""
    for sample in load_all(SAMPLES):
        gold = as_gold(sample)
        yield "text", sample.name, gold, as_document(sample.text())
        for kind, suffix in SUFFIXES.items():
            yield kind, sample.name, gold, _read(SAMPLES / "rendered" / f"{sample.name}{suffix}")


def directives(gold: Path, folders: Sequence[Path]) -> Iterator[tuple[str, str, dict[str, Any], Document]]:
    """(folder's name, file name, gold, document) of annotated directives whose source is found."""
    for path in sorted(gold.glob("*.gold.json")):
        annotated = json.loads(path.read_text("utf-8"))
        source = next((folder / annotated["source"] for folder in (*folders, gold) if (folder / annotated["source"]).exists()), None)
        if source is not None:
            yield gold.name, annotated["source"], annotated, _read(source)


def _read(path: Path) -> Document:
    """The document as extraction gets it; OCR comes from the cache of :mod:`scripts.score_ocr`."""
    return extract.settled(restore(read(path).document))


def header_rights(kind: str, gold: dict[str, Any], document: Document, directive: Directive) -> Counter[str]:
    """How many header fields were read and how many of these are right, by "number given.right", "number recognised.n" and so on."""
    form = "recognised" if any(page.source == "ocr" for page in document.pages) else "given"
    found, counts = directive.as_json()["document"], Counter[str]()
    for field in HEADER_FIELDS if kind in {"text", *SUFFIXES} else ():
        if found[field]:
            counts[f"{field} {form}.n"] += 1
            counts[f"{field} {form}.right"] += same_header_field(field, gold["document"].get(field), found[field])
    return counts


def rows_of(kind: str, name: str, gold: dict[str, Any], document: Document, directive: Directive) -> list[Row]:
    """The judged tasks of one document. A sample's four forms count as one document together."""
    judged = verdicts(gold, directive.as_json())
    weight = 0.25 if kind in {"text", *SUFFIXES} else 1.0
    return [
        Row(kind, name, gather(case), verdict, bool(case.task.lead), weight)
        for case, verdict in zip(cases(directive, document), judged, strict=True)
        if verdict is not None
    ]


def fit(rows: Sequence[Row], field: Field, names: Sequence[str]) -> Array:
    """Constant and weights of one field's model: the maximum of likelihood × prior, by Newton's method."""
    used = [row for row in rows if row.verdict.task or field == "text"]
    x, y = _matrix(used, field, names), np.array([float(row.right(field)) for row in used])
    share = np.array([row.weight for row in used])
    prior = np.array([3.0, *(_prior(field, name) for name in names)])
    precision = np.array([_CONSTANT_SPREAD**-2, *[_SPREAD**-2] * len(names)])
    return _newton(x, y, share, prior, precision)


def _newton(x: Array, y: Array, share: Array, prior: Array, precision: Array) -> Array:
    """The weights that maximise likelihood × Gaussian prior of a logistic model; ``share`` is what each row counts."""
    beta = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (share * (y - p)) - precision * (beta - prior)
        hessian = (x * (share * p * (1 - p))[:, None]).T @ x + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        beta = beta + step * min(1.0, 4.0 / max(1e-9, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-6:
            break
    return beta


def _prior(field: Field, name: str) -> float:
    return PRIOR.get((field, name), 0.0 if name in _FREE or name.startswith("source ") else _AGAINST)


def _matrix(rows: Sequence[Row], field: Field, names: Sequence[str]) -> Array:
    at = {name: column + 1 for column, name in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, 0] = 1.0
    for number, row in enumerate(rows):
        for one in row.evidence:
            if one.field == field:
                x[number, at[one.name]] += one.value
    return x


def names_of(rows: Sequence[Row]) -> dict[Field, list[str]]:
    """The evidence there is for each field, those of :data:`PRIOR` included though no document shows them."""
    found: dict[Field, set[str]] = {field: {name for at, name in PRIOR if at == field} for field in FIELDS}
    for row in rows:
        for one in row.evidence:
            found[one.field].add(one.name)
    return {field: sorted(names) for field, names in found.items()}


def chances(rows: Sequence[Row], models: dict[Field, Array], names: dict[Field, list[str]]) -> dict[Field, Array]:
    """For each field the chance of each row."""
    return {field: 1 / (1 + np.exp(-_matrix(rows, field, names[field]) @ models[field])) for field in FIELDS}


def cross_validated(rows: Sequence[Row], names: dict[Field, list[str]]) -> dict[Field, Array]:
    """Chances of every row by models fitted without its document (all forms of a sample are one document)."""
    documents = sorted({row.document for row in rows})
    fold = np.array([documents.index(row.document) for row in rows])
    out = {field: np.zeros(len(rows)) for field in FIELDS}
    for at in range(len(documents)):
        train = [row for row, where in zip(rows, fold, strict=True) if where != at]
        held = [row for row, where in zip(rows, fold, strict=True) if where == at]
        given = chances(held, {field: fit(train, field, names[field]) for field in FIELDS}, names)
        for field in FIELDS:
            out[field][fold == at] = given[field]
    return out


def stretched(rows: Sequence[Row], held: Array, field: Field) -> tuple[float, float]:
    """Slope and shift of the logit that make cross-validated chances hold (Platt's scaling; the slope begins at 1, the shift at 0)."""
    used = [at for at, row in enumerate(rows) if row.verdict.task or field == "text"]
    logit = np.log(held[used] / (1 - held[used]))
    x, y = np.stack([logit, np.ones(len(used))], axis=1), np.array([float(rows[at].right(field)) for at in used])
    share = np.array([rows[at].weight for at in used])
    slope, shift = _newton(x, y, share, np.array([1.0, 0.0]), np.array([4.0, 1.0]))
    return float(slope), float(shift)


def joint(given: dict[Field, Array]) -> Array:
    """The chance that lead and deadlines are right."""
    return given["lead"] * given["deadlines"]


def groups(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Row numbers by kind, and of all samples and all directives together."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        found[row.kind].append(at)
        found["ALL samples" if row.weight < 1 else "ALL directives"].append(at)
    return dict(sorted(found.items(), key=lambda item: item[0].startswith("ALL")))


def flagged(rows: Sequence[Row], sure: Array, threshold: float) -> list[bool]:
    """Which rows carry ``needs_review``."""
    return [bool(one < threshold) or not row.has_lead for one, row in zip(sure, rows, strict=True)]


def choose_threshold(rows: Sequence[Row], sure: Array, most: float) -> float:
    """The highest threshold under which at most the share ``most`` of the right tasks is flagged, both of samples and of directives."""
    best = 1.0
    for name, members in groups(rows).items():
        right = sorted(float(sure[at]) for at in members if rows[at].verdict.task and not rows[at].verdict.wrong)
        if name.startswith("ALL") and right:
            best = min(best, right[int(most * len(right))])
    return round(best - 0.0005, 3)


def report(rows: Sequence[Row], given: dict[Field, Array], threshold: float) -> None:
    """How well doubt is placed, by kind, and how well the chances hold."""
    flags = flagged(rows, joint(given), threshold)
    print(f"threshold {threshold}, cross-validated by document")
    for kind, members in groups(rows).items():
        print(f"{kind:16}{len(members):5} tasks  {doubts((rows[at].verdict, flags[at]) for at in members)}")
    print("reliability: chance given (mean) / share that is right, by fifths of the chance")
    for field in FIELDS:
        at = [i for i, row in enumerate(rows) if row.verdict.task or field == "text"]
        order = sorted(at, key=lambda i: given[field][i])
        fifths = [order[len(order) * k // 5 : len(order) * (k + 1) // 5] for k in range(5)]
        given_right = [_means(rows, given[field], field, members) for members in fifths if members]
        cells = (f"{chance:.2f}/{share:.2f}" for chance, share, _ in given_right)
        _, base, brier = _means(rows, given[field], field, at)
        print(f"{field:14}{'  '.join(cells)}   Brier {brier:.4f} (of the mean alone {base * (1 - base):.4f})")


def _means(rows: Sequence[Row], chance: Array, field: Field, members: Sequence[int]) -> tuple[float, float, float]:
    """Mean chance, share that is right, and Brier score of some rows, each counted as the fit counts it."""
    share = [rows[at].weight for at in members]
    right = np.array([float(rows[at].right(field)) for at in members])
    means = (np.average(value, weights=share) for value in (chance[list(members)], right, (chance[list(members)] - right) ** 2))
    return tuple(float(value) for value in means)  # type: ignore[return-value]


def as_csv(models: dict[Field, Array], names: dict[Field, list[str]], threshold: float, header: Counter[str], source: str) -> str:
    """The file of weights; of the header's fields the share that is right among those read (one right and one wrong added to each)."""
    out = io.StringIO()
    out.write(f"# source: python -m scripts.fit_task_confidence --write; {source}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["field", "evidence", "weight"])
    writer.writerow(["review", "threshold", threshold])
    for name in sorted(key.removesuffix(".n") for key in header if key.endswith(".n")):
        writer.writerow(["header", name, f"{(header[f'{name}.right'] + 1) / (header[f'{name}.n'] + 2):.3f}"])
    for field in FIELDS:
        for name, weight in zip(["", *names[field]], models[field], strict=True):
            writer.writerow([field, name, f"{weight:.3f}"])
    return out.getvalue()


def main(argv: Sequence[str] | None = None) -> int:
    """Fit, report, and write when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, nargs="*", default=[], help="folders of NAME.gold.json")
    parser.add_argument("--docs", type=Path, nargs="*", default=[], help="folders of the documents that they name")
    parser.add_argument("--most", type=float, default=0.08, help="share of right tasks that may be flagged")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    args = parser.parse_args(argv)
    rows: list[Row] = []
    header: Counter[str] = Counter()
    for given in (samples(), *(directives(gold, args.docs) for gold in args.gold)):
        for kind, name, gold, document in given:
            directive = extract.extract(document)
            rows += rows_of(kind, name, gold, document, directive)
            header += header_rights(kind, gold, document, directive)
    names = names_of(rows)
    held = cross_validated(rows, names)
    models = {field: fit(rows, field, names[field]) for field in FIELDS}
    for field in FIELDS:
        slope, shift = stretched(rows, held[field], field)
        held[field] = 1 / (1 + np.exp(-(slope * np.log(held[field] / (1 - held[field])) + shift)))
        models[field] = slope * models[field]
        models[field][0] += shift
        print(f"{field}: logits × {slope:.2f} {shift:+.2f}")
    threshold = choose_threshold(rows, joint(held), args.most)
    report(rows, held, threshold)
    if args.write:
        documents = len({(row.kind, row.document) for row in rows if row.weight == 1.0})
        source = f"fitted {datetime.now(UTC):%Y-%m-%d} on the samples (text, pdf, good and bad scans) and {documents} annotated directives"
        WEIGHTS.write_text(as_csv(models, names, threshold, header, source), "utf-8")
        print(f"written: {WEIGHTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
