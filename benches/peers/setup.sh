#!/usr/bin/env bash
# Installs what the comparison needs besides the project's own tools, and only what is missing (Debian, Ubuntu):
#   GRASS, SAGA, QGIS, Python's GDAL and a compiler from apt, the other peers from PyPI into target/bench/venv.
# That environment is closed: the peers bring a NumPy that the system's osgeo was not compiled for.
set -euo pipefail
cd "$(dirname "$0")/../.."

PACKAGES=(build-essential grass-core saga qgis python3-qgis python3-gdal python3-numpy python3-venv)
VENV=target/bench/venv
REQUIREMENTS=benches/peers/requirements.txt

main() {
    install_missing "${PACKAGES[@]}"
    make_venv
}

die() {
    echo "setup: $*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "root is needed for: $* (run it as root, then try again)"
    fi
}

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_missing() {
    command -v apt-get >/dev/null || die "this is not Debian or Ubuntu; install the like of these yourself: $*"
    local missing=() package
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    echo "setup: installing ${missing[*]}"
    # As in .ci/setup: one unreachable list of packages among several is no reason to stop, the install will tell.
    as_root apt-get update -q || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends --no-remove "${missing[@]}"
}

make_venv() {
    cmp -s "$REQUIREMENTS" "$VENV/requirements.txt" && return
    echo "setup: making $VENV"
    rm -rf "$VENV"
    mkdir -p "$(dirname "$VENV")"
    /usr/bin/python3 -m venv "$VENV"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check -r "$REQUIREMENTS"
    cp "$REQUIREMENTS" "$VENV/requirements.txt"
}

main "$@"
