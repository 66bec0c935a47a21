#!/usr/bin/env bash
# The tests of the QGIS plugin, the desktop's story with them, in other versions of QGIS: `make test-qgis-versions`.
#
# Each version is Debian's, in a chroot of its own (3 GB, made once, under target/chroots or where CHROOTS says). Wants root,
# debootstrap, a built library and dist/bandcluster_qgis.zip. The mirror is the one that apt uses here.
#
#   plugin/tests/qgis_versions.sh [VERSION...]     [default: all of them]
set -euo pipefail
cd "$(dirname "$0")/../.."

declare -A SUITES=([3.40]=trixie [3.44]=trixie-backports)
PACKAGES=(qgis python3-qgis python3-gdal python3-numpy python3-venv gdal-bin qttools5-dev-tools xvfb xauth)
BOUND=(proc sys dev dev/pts)
CHROOTS=${CHROOTS:-target/chroots}

main() {
    [ "$(id -u)" = 0 ] || die "only root can make a chroot: run it with sudo"
    command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
    mkdir -p "$CHROOTS"
    CHROOTS=$(realpath "$CHROOTS")
    trap unbind EXIT
    [ $# -gt 0 ] || set -- "${!SUITES[@]}"
    local version
    for version; do
        [ -n "${SUITES[$version]:-}" ] || die "there is no QGIS $version here, only ${!SUITES[*]}"
        try "$version"
    done
}

die() {
    echo "qgis_versions: $*" >&2
    exit 1
}

try() {
    local version=$1 root=$CHROOTS/$1
    [ -e "$root/.complete" ] || make_chroot "$version" "$root"
    bind "$root"
    install_project "$root"
    expect_version "$version" "$root"
    # The desktop's programs want a screen of their own; the others run without one.
    inside "$root" /venv/bin/python -m pytest -q -p no:cacheprovider plugin/tests/qgis
    unbind
}

make_chroot() {
    local version=$1 root=$2 suite=${SUITES[$1]} mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
    [ -n "$mirror" ] || die "apt knows no mirror of Debian"
    rm -rf "$root"
    debootstrap --variant=minbase "${suite%-backports}" "$root" "$mirror"
    bind "$root"
    # A mirror may be frozen at a day that is long gone.
    printf 'Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\n' >"$root/etc/apt/apt.conf.d/99frozen"
    cp /etc/resolv.conf "$root/etc/"
    if [ "$suite" != "${suite%-backports}" ]; then
        echo "deb $mirror $suite main" >"$root/etc/apt/sources.list.d/backports.list"
    fi
    inside "$root" apt-get -qq update
    inside "$root" apt-get -qq install -y --no-install-recommends -t "$suite" "${PACKAGES[@]}" </dev/null
    inside "$root" python3 -m venv --system-site-packages /venv
    unbind
    touch "$root/.complete"
}

# What is committed or about to be, the library and the ZIP; and the tests' packages, for which pip has no way out inside.
install_project() {
    local root=$1 python
    rm -rf "$root/project" "$root/wheels"
    mkdir -p "$root/project"
    git ls-files -z | tar --null --files-from=- --create | tar --extract --directory "$root/project"
    tar --create target/release/libbandcluster.so dist/bandcluster_qgis.zip | tar --extract --directory "$root/project"
    python=$(inside "$root" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    grep '^pytest' tests/requirements.txt >"$root/pytest.txt"
    .venv/bin/python -m pip --quiet download --python-version "$python" --only-binary=:all: \
        --requirement "$root/pytest.txt" --dest "$root/wheels"
    inside "$root" /venv/bin/pip --quiet install --no-index --find-links /wheels --requirement /pytest.txt
}

expect_version() {
    local version=$1 root=$2 found
    found=$(inside "$root" python3 -c 'from qgis.core import Qgis; print(Qgis.version())' 2>/dev/null)
    echo "QGIS $found"
    [[ $found == "$version".* ]] || die "$root has QGIS $found, and $version was wanted: remove that folder, and try again"
}

inside() {
    local root=$1
    shift
    env --ignore-environment PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        QT_QPA_PLATFORM=offscreen chroot "$root" sh -c '[ ! -d /project ] || cd /project; exec "$@"' sh "$@"
}

bind() {
    local part
    for part in "${BOUND[@]}"; do
        mount --bind "/$part" "$1/$part"
    done
}

# Everything that is mounted below the chroots, the innermost first.
unbind() {
    awk -v below="$CHROOTS/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | xargs --no-run-if-empty -n 1 umount
}

main "$@"
