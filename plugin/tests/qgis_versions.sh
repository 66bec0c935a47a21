#!/usr/bin/env bash
# Runs the plugin's QGIS tests, the desktop's among them, in the QGIS of newer Debian suites:
#   plugin/tests/qgis_versions.sh [SUITE=VERSION...]     trixie=3.40 trixie-backports=3.44, if none are given
# Each suite has a chroot in $CHROOTS (target/chroots): made once, then used again; remove it to have it made anew.
# Needs root, debootstrap, .venv (for pip), target/release/libbandcluster.so and dist/bandcluster_qgis.zip.
# Packages come from apt's own mirror, or from $MIRROR. Arguments for pytest can be given in $PYTEST_ARGUMENTS.
set -euo pipefail
cd "$(dirname "$0")/../.."

DEFAULT_SUITES=(trixie=3.40 trixie-backports=3.44)
PACKAGES=(qgis python3-qgis gdal-bin python3-gdal python3-numpy xvfb xauth)
SCRIPTS=/usr/share/debootstrap/scripts
LIBRARY=target/release/libbandcluster.so
PLUGIN=dist/bandcluster_qgis.zip
CHROOTS=${CHROOTS:-target/chroots}

main() {
    if [ "${1:-}" = --inside ]; then
        try_suite "$2" "$3"
        return
    fi
    check_needs
    [ $# -gt 0 ] || set -- "${DEFAULT_SUITES[@]}"
    local wanted failed=()
    for wanted in "$@"; do
        # In a mount namespace of its own, because what is mounted there is gone when the script ends, however it ends.
        unshare --mount plugin/tests/qgis_versions.sh --inside "${wanted%%=*}" "${wanted#*=}" || failed+=("$wanted")
    done
    [ ${#failed[@]} = 0 ] || die "failed: ${failed[*]}"
}

die() {
    echo "qgis_versions: $*" >&2
    exit 1
}

check_needs() {
    [ "$(id -u)" = 0 ] || die "chroots want root: run it as root"
    command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
    [ -x .venv/bin/python ] || die ".venv is missing: make setup"
    [ -f "$LIBRARY" ] && [ -f "$PLUGIN" ] || die "$LIBRARY or $PLUGIN is missing: make plugin"
}

try_suite() {
    local suite=$1 version=$2 root=$CHROOTS/$1
    [ -f "$root/made" ] || make_chroot "$suite" "$root"
    mount_system "$root"
    check_version "$root" "$suite" "$version"
    copy_project "$root"
    run_tests "$root"
}

make_chroot() {
    local suite=$1 root=$2 base=${1%-backports} mirror script
    mirror=${MIRROR:-$(apt_mirror)}
    [ -n "$mirror" ] || die "apt knows no Debian mirror: apt-get update, or give one in MIRROR"
    script=$SCRIPTS/$base
    [ -e "$script" ] || script=$SCRIPTS/sid # an older debootstrap does not know the newest suites
    echo "=== making $root"
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase --include=ca-certificates "$base" "$root" "$mirror" "$script"
    [ "$suite" = "$base" ] || echo "deb $mirror $suite main" >"$root/etc/apt/sources.list.d/$suite.list"
    # apt's mirror may be frozen at a day in the past
    printf 'Acquire::Check-%s "false";\n' Valid-Until Date >"$root/etc/apt/apt.conf.d/frozen"
    mount_system "$root"
    chroot "$root" apt-get update -q
    chroot "$root" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qy --no-install-recommends -t "$suite" "${PACKAGES[@]}"
    chroot "$root" apt-get clean
    touch "$root/made"
}

# Where apt takes this machine's own packages from.
apt_mirror() {
    apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' 'Label: Debian' | sed -n 1p
}

mount_system() {
    local root=$1 name
    mountpoint -q "$root/proc" && return
    for name in proc sys dev; do
        mount --rbind "/$name" "$root/$name"
    done
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

check_version() {
    local root=$1 suite=$2 wanted=$3 found
    found=$(chroot "$root" python3 -c 'from qgis.core import Qgis; print(Qgis.version())')
    echo "=== $suite: QGIS $found, $(chroot "$root" gdalinfo --version), $(chroot "$root" python3 --version)"
    [[ $found == "$wanted".* ]] ||
        die "$suite has QGIS $found, and $wanted was wanted; remove $root if it is older than the suite"
}

# A fresh copy without what is made, apart from the library.
copy_project() {
    local root=$1
    rm -rf --one-file-system "$root/project"
    mkdir "$root/project"
    tar -c --exclude=./{target,.venv,.git,.qgis-settings,demo} . | tar -x --no-same-owner -C "$root/project"
    install -D "$LIBRARY" "$root/project/$LIBRARY"
}

# pip has no way out of a chroot, perhaps; what pytest needs is Python only, so that it can be unpacked from outside.
install_pytest() {
    local root=$1 requirements
    mapfile -t requirements < <(grep '^pytest' tests/requirements.txt)
    cmp -s tests/requirements.txt "$root/opt/pytest/requirements.txt" && return
    rm -rf "$root/opt/pytest"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --target "$root/opt/pytest" \
        --only-binary=:all: --implementation py --abi none --platform any "${requirements[@]}"
    cp tests/requirements.txt "$root/opt/pytest/requirements.txt"
}

run_tests() {
    local root=$1 arguments
    install_pytest "$root"
    read -ra arguments <<<"${PYTEST_ARGUMENTS:-plugin/tests/qgis}"
    mkdir -p "$root/home"
    chroot "$root" env -i --chdir=/project PATH=/usr/local/bin:/usr/bin:/bin HOME=/home LC_ALL=C.UTF-8 \
        PYTHONPATH=/opt/pytest PYTHONDONTWRITEBYTECODE=1 QT_QPA_PLATFORM=offscreen \
        python3 -m pytest -q -rs -p no:cacheprovider --basetemp=/tmp/pytest "${arguments[@]}"
}

main "$@"
