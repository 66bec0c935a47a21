#!/usr/bin/env bash
# Runs the plugin's QGIS tests, including those of the desktop, in the QGIS of newer Debian suites:
#   plugin/tests/qgis_versions.sh [SUITE=VERSION...]
#       default: trixie=3.40 trixie-backports=3.44
# Each suite has a chroot in $CHROOTS (default: target/chroots), which is made once; remove it to
# make it anew. Needs root, debootstrap, .venv (for pip), target/release/libbandcluster.so and
# dist/bandcluster_qgis.zip. Packages come from apt's mirror, or from $MIRROR. $PYTEST_ARGUMENTS
# replaces the default argument of pytest, plugin/tests/qgis.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/chroot.sh

DEFAULT_SUITES=(trixie=3.40 trixie-backports=3.44)
PACKAGES=(qgis python3-qgis gdal-bin python3-gdal python3-numpy xvfb xauth)
LIBRARY=target/release/libbandcluster.so
CLI=target/release/bandcluster
PLUGIN=dist/bandcluster_qgis.zip

main() {
    if [ "${1:-}" = --inside ]; then
        try_suite "${2%%=*}" "${2#*=}"
        return
    fi
    check_needs
    [ $# -gt 0 ] || set -- "${DEFAULT_SUITES[@]}"
    each_inside plugin/tests/qgis_versions.sh "$@"
}

die() {
    echo "qgis_versions: $*" >&2
    exit 1
}

check_needs() {
    check_chroot_needs
    [ -x .venv/bin/python ] || die ".venv is missing: run make setup"
    [ -f "$LIBRARY" ] && [ -f "$PLUGIN" ] || die "$LIBRARY or $PLUGIN is missing: run make plugin"
}

try_suite() {
    local suite=$1 version=$2 root=$CHROOTS/$1
    [ -f "$root/made" ] || make_qgis_chroot "$suite" "$root"
    mount_system "$root"
    check_version "$root" "$suite" "$version"
    copy_project "$root"
    install -D "$LIBRARY" "$root/project/$LIBRARY"
    install -D "$PLUGIN" "$root/project/$PLUGIN"
    install -D "$CLI" "$root/project/$CLI"
    try_command_line "$root"
    run_tests "$root"
}

make_qgis_chroot() {
    local suite=$1 root=$2
    make_chroot "$suite" "$root" ca-certificates
    finish_chroot "$root" -t "$suite" "${PACKAGES[@]}"
}

check_version() {
    local root=$1 suite=$2 wanted=$3 found
    found=$(chroot "$root" python3 -c 'from qgis.core import Qgis; print(Qgis.version())')
    echo "=== $suite: QGIS $found, $(chroot "$root" gdalinfo --version)," \
        "$(chroot "$root" python3 --version)"
    [[ $found == "$wanted".* ]] ||
        die "$suite has QGIS $found, not $wanted:" \
            "if its chroot is out of date, remove $root and run this again"
}

# pip may have no network in the chroot. pytest and its dependencies are pure Python, so this
# machine's pip can install them.
install_pytest() {
    local root=$1 requirements
    mapfile -t requirements < <(grep '^pytest' tests/requirements.txt)
    cmp -s tests/requirements.txt "$root/opt/pytest/requirements.txt" && return
    rm -rf "$root/opt/pytest"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --target "$root/opt/pytest" \
        --only-binary=:all: --implementation py --abi none --platform any "${requirements[@]}"
    cp tests/requirements.txt "$root/opt/pytest/requirements.txt"
}

# Checks that the program built on this machine finds the suite's GDAL.
try_command_line() {
    local root=$1
    run_in_project "$root" "$CLI" --version
    run_in_project "$root" "$CLI" cluster tests/data/s2_train.tif /tmp/map.tif -k 4 \
        --polygons /tmp/map.gpkg --quiet
}

run_tests() {
    local root=$1 arguments
    install_pytest "$root"
    read -ra arguments <<<"${PYTEST_ARGUMENTS:-plugin/tests/qgis}"
    run_in_project "$root" \
        env PYTHONPATH=/opt/pytest PYTHONDONTWRITEBYTECODE=1 QT_QPA_PLATFORM=offscreen \
        python3 -m pytest -q -rs -p no:cacheprovider --basetemp=/tmp/pytest "${arguments[@]}"
}

main "$@"
