#!/usr/bin/env bash
# What `python -m benchmarks throughput` compares with, in an environment of its own: OCRmyPDF and the programs it calls.
#
#   benchmarks/setup.sh
set -euo pipefail
cd "$(dirname "$0")/.."

VENV=.venv-bench
command -v gs >/dev/null || {
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get -qq update
    "${as_root[@]}" apt-get -qq install -y --no-install-recommends ghostscript >&2
}
[ -x $VENV/bin/python ] || python3 -m venv $VENV
$VENV/bin/python -m pip install --quiet --disable-pip-version-check "ocrmypdf==17.13.0"
$VENV/bin/ocrmypdf --version
