#!/usr/bin/env bash
# Installs the missing ones of the packages that the comparison needs (Debian, Ubuntu): GRASS, SAGA,
# QGIS, Python's GDAL and a compiler from apt, and the other peers from PyPI into target/bench/venv.
# That environment has no packages of the system: the peers need another NumPy than the one that the
# system's osgeo was compiled for.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/apt.sh

PACKAGES=(build-essential grass-core saga qgis python3-qgis python3-gdal python3-numpy python3-venv)
VENV=target/bench/venv
REQUIREMENTS=benches/peers/requirements.txt

main() {
    install_missing "${PACKAGES[@]}"
    make_venv
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
