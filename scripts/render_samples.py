"""Render data/samples/*.yaml: PDF, good scan, bad scan, gold text and gold annotation of each.

    python -m scripts.render_samples [--out DIR] [--only NAME ...] [--force]

A sample is rendered again only when its file, this package or the fonts changed. Exit status: 0; 1 when a sample breaks the format.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:  # python scripts/render_samples.py
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts import sample_format
from scripts.sample_fonts import font_file
from scripts.sample_format import Sample, SampleError

if TYPE_CHECKING:
    import numpy as np

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
KINDS = (".pdf", ".good.pdf", ".bad.pdf", ".text.txt", ".gold.json")
HASHES = "hashes.json"


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m scripts.render_samples", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--samples", type=Path, default=SAMPLES, metavar="DIR", help="folder of the YAML files (default: data/samples)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: rendered/ beside the YAML files)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these samples")
    parser.add_argument("--force", action="store_true", help="render even what is up to date")
    options = parser.parse_args(arguments)
    out: Path = options.out or options.samples / "rendered"
    try:
        paths = _chosen(options.samples, options.only)
        done = render_all(paths, out, force=options.force)
    except SampleError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(done)} rendered, {len(paths) - len(done)} up to date, in {out}")
    return 0


def render_all(paths: list[Path], out: Path, *, force: bool = False) -> list[str]:
    """Render those samples that changed into ``out``; returns their names."""
    out.mkdir(parents=True, exist_ok=True)
    hash_file = out / HASHES
    hashes: dict[str, str] = json.loads(hash_file.read_text("utf-8")) if hash_file.exists() else {}
    tools, done = _tools_hash(), []
    for path in paths:
        digest = hashlib.sha256(tools + path.read_bytes()).hexdigest()
        complete = all((out / f"{path.stem}{kind}").exists() for kind in KINDS)
        if force or not complete or hashes.get(path.stem) != digest:
            render(sample_format.load(path), out)
            hashes[path.stem] = digest
            hash_file.write_text(json.dumps(hashes, indent=1, sort_keys=True) + "\n", "utf-8")
            done.append(path.stem)
    return done


def render(sample: Sample, out: Path) -> None:
    """Write the five files of one sample."""
    # Drawing needs a second of imports, which a run that finds everything up to date can do without.
    import numpy as np  # noqa: PLC0415

    from scripts import sample_pdf, sample_scan  # noqa: PLC0415

    pdf, place = sample_pdf.render(sample)
    rng = np.random.default_rng(zlib.crc32(sample.name.encode()))
    good = sample_scan.good_scan(pdf, place, rng)
    stamps = sample_scan.Stamps(**_stamps(sample, rng))
    bad = sample_scan.bad_scan(pdf, place, stamps, sample.layout.upside_down, rng)
    for kind, content in zip(KINDS, (pdf, good, bad, sample.text().encode(), _json(sample)), strict=True):
        (out / f"{sample.name}{kind}").write_bytes(content)


def _json(sample: Sample) -> bytes:
    return (json.dumps(sample.gold(), ensure_ascii=False, indent=1) + "\n").encode()


def _stamps(sample: Sample, rng: np.random.Generator) -> dict[str, str]:
    arrived = date.fromisoformat(sample.document["date"]) + timedelta(days=int(rng.integers(1, 4)))
    return {
        "seal": " ".join(sample.layout.head),
        "receiver": sample.layout.received or "VĂN PHÒNG",
        "arrival_number": str(int(rng.integers(120, 9800))),
        "arrival_date": f"{arrived:%d/%m/%Y}",
        "den_colour": sample.layout.den_colour,
    }


def _chosen(folder: Path, only: list[str] | None) -> list[Path]:
    paths = sorted(folder.glob("*.yaml"))
    if only is None:
        return paths
    if unknown := set(only) - {path.stem for path in paths}:
        raise SampleError(f"no sample {', '.join(sorted(unknown))} in {folder}")
    return [path for path in paths if path.stem in only]


def _tools_hash() -> bytes:
    tools = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*sample*.py")):
        tools.update(path.read_bytes())
    tools.update(str(font_file()).encode())
    return tools.digest()


if __name__ == "__main__":
    sys.exit(main())
