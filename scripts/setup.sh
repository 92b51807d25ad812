#!/usr/bin/env bash
# Makes this checkout ready to run: system packages that are missing, a virtual environment, the locked Python packages, dondoc itself.
#
#   scripts/setup.sh            (./demo and ./check call it)
#
# Works as root or with sudo on Debian 12+ and Ubuntu 24.04+. Run again it does only what is missing, and touches no network when
# nothing is. PYTHON=… chooses another interpreter (3.11 or later) than python3; SETUP_BROWSER=1 adds Chromium for the browser tests.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-python3}
VENV=.venv
STAMP=$VENV/dondoc-setup

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

system_packages() {
    local missing=() languages fonts
    has tesseract || missing+=(tesseract-ocr)
    languages=$(tesseract --list-langs 2>/dev/null || true)
    grep -qx vie <<<"$languages" || missing+=(tesseract-ocr-vie)
    grep -qx osd <<<"$languages" || missing+=(tesseract-ocr-osd)
    # Liberation 1.x lacks 92 Vietnamese letters. Version 2 has a folder of its own in Debian 12 and the plain one since; Tinos is the same face.
    fonts=$(find /usr/share/fonts /usr/local/share/fonts \( -path '*/liberation2/LiberationSerif-Regular.ttf' -o -name 'Tinos-Regular.ttf' \) \
        -print -quit 2>/dev/null || true)
    if [ -z "$fonts" ] && dpkg --compare-versions "$(dpkg-query -W -f '${Version}' fonts-liberation 2>/dev/null || echo 0)" ge 1:2; then
        fonts=liberation
    fi
    [ -n "$fonts" ] || missing+=(fonts-liberation2)
    # Only the tests look at the pages in a browser of their own: ./check sets this.
    if [ -n "${SETUP_BROWSER:-}" ] && ! has chromium && ! has chromium-browser && ! has google-chrome; then
        missing+=(chromium)
    fi
    if ! has "$PYTHON"; then
        missing+=(python3 python3-venv)
    elif [ ! -x $VENV/bin/python ] && ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        missing+=(python3-venv)
    fi
    [ ${#missing[@]} -gt 0 ] || return 0

    say "system packages: ${missing[*]}"
    has apt-get || die "Not a Debian or Ubuntu machine: please install ${missing[*]} yourself, then run this again."
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        has sudo || die "Please install as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
    # Debian 13 and Ubuntu 24.04 have Liberation 2 under the old package's name.
    "${apt[@]}" update
    if [[ " ${missing[*]} " == *" fonts-liberation2 "* ]] && ! apt-cache show fonts-liberation2 2>/dev/null | grep -q '^Filename'; then
        missing=("${missing[@]/#fonts-liberation2/fonts-liberation}")
    fi
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
}

python_packages() {
    local wanted
    [ -x $VENV/bin/python ] || { say "virtual environment $VENV"; "$PYTHON" -m venv $VENV; }
    $VENV/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "Python 3.11 or later is needed; set PYTHON=…"
    wanted=$(cat requirements.lock pyproject.toml | sha256sum; $VENV/bin/python -V; pwd)
    [ "$(cat $STAMP 2>/dev/null)" != "$wanted" ] || return 0
    rm -f $STAMP
    say "Python packages (about 700 MB, once)"
    $VENV/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
    # setuptools comes from the lock too, so the build needs nothing from outside.
    $VENV/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    printf '%s\n' "$wanted" >$STAMP
}

system_packages
python_packages
