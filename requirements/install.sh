#!/bin/sh
# Installs one requirement file, and unless ALONE is set the package itself, into $VENV: with uv where it is on the PATH and
# works, else with pip.
# Usage: VENV=.venv [PYTHON=python3.12] [ALONE=1] sh requirements/install.sh requirements/dev.txt
set -eu
requirements=$1

fits() { # does this command start a Python 3.11 or later?
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -z "${PYTHON:-}" ]; then
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if fits "$name"; then
            PYTHON=$name
            break
        fi
    done
fi
if [ -z "${PYTHON:-}" ]; then
    echo "bancada needs Python 3.11 or later. There is none on the PATH." >&2
    echo "Install one, or name it: make PYTHON=/path/to/python3.12 …" >&2
    exit 1
elif ! fits "$PYTHON"; then
    echo "bancada needs Python 3.11 or later. $PYTHON is older, or does not start." >&2
    echo "Install one, or name it: make PYTHON=/path/to/python3.12 …" >&2
    exit 1
fi

uv_works=
if uv --version >/dev/null 2>&1; then uv_works=1; fi

if ! fits "$VENV/bin/python"; then
    echo "Setting up $VENV with $("$PYTHON" --version)."
    rm -rf "$VENV"
    if ! "$PYTHON" -m venv "$VENV" >/dev/null 2>&1; then
        rm -rf "$VENV"
        # Debian's Python comes without ensurepip; uv does without it.
        if [ -z "$uv_works" ] || ! uv venv --quiet --python "$PYTHON" "$VENV"; then
            echo "bancada needs Python's venv module with pip. $PYTHON could not make the environment $VENV." >&2
            echo "Install the module (on Debian and Ubuntu: the package python3-venv), or put uv on the PATH." >&2
            exit 1
        fi
    fi
fi

install() {
    # uv reads no pip configuration, so where only pip is set up for this network uv fails and pip does it.
    if [ -n "$uv_works" ]; then
        if UV_SYSTEM_CERTS=1 uv pip install --quiet --compile-bytecode --python "$VENV/bin/python" "$@"; then return; fi
        echo "uv could not install this; trying pip."
        uv_works=
    fi
    "$VENV/bin/python" -m pip install --quiet "$@"
}

echo "Installing $requirements into $VENV: once, and a minute or two by the network."
install --require-hashes --requirement "$requirements"
[ -n "${ALONE:-}" ] || install --no-deps --no-build-isolation --editable .
