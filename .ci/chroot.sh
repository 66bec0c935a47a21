# shellcheck shell=bash
# Makes chroots of Debian's suites. Scripts that source this file define `die`.

# Packages come from apt's own mirror, or from $MIRROR; chroots are made in $CHROOTS.
CHROOTS=${CHROOTS:-target/chroots}
SCRIPTS=/usr/share/debootstrap/scripts

check_chroot_needs() {
    [ "$(id -u)" = 0 ] || die "chroots need root: run this as root"
    command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
}

# Runs `SCRIPT --inside ARGUMENT` for each further argument, and lists those that failed. Each run
# has a mount namespace of its own, so that its mounts end with it, even if it is killed.
each_inside() {
    local script=$1 one failed=()
    shift
    for one in "$@"; do
        unshare --mount "$script" --inside "$one" || failed+=("$one")
    done
    [ ${#failed[@]} = 0 ] || die "failed: ${failed[*]}"
}

# Makes a chroot with a minimal Debian and the given packages, ready to run apt-get.
make_chroot() {
    local suite=$1 root=$2 packages=$3 base=${1%-backports} mirror script
    mirror=$(mirror)
    script=$SCRIPTS/$base
    [ -e "$script" ] || script=$SCRIPTS/sid # an older debootstrap does not know the newest suites
    echo "=== making $root"
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase --include="$packages" "$base" "$root" "$mirror" "$script"
    [ "$suite" = "$base" ] ||
        echo "deb $mirror $suite main" >"$root/etc/apt/sources.list.d/$suite.list"
    # The mirror may be a snapshot of a day in the past, whose lists have expired.
    printf 'Acquire::Check-%s "false";\n' Valid-Until Date >"$root/etc/apt/apt.conf.d/frozen"
    mount_system "$root"
}

# Installs packages in a new chroot and marks it as made.
finish_chroot() {
    local root=$1
    shift
    chroot "$root" apt-get update -q
    chroot "$root" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qy --no-install-recommends "$@"
    chroot "$root" apt-get clean
    touch "$root/made"
}

mirror() {
    local mirror=${MIRROR:-$(apt_mirror)}
    [ -n "$mirror" ] ||
        die "apt knows no Debian mirror: run apt-get update, or give a mirror in MIRROR"
    echo "$mirror"
}

# False if the mirror answers that it does not have the suite: mirrors remove old suites.
mirror_has() {
    local mirror said
    mirror=$(mirror) || exit 1
    mkdir -p "$CHROOTS"
    said=$(/usr/lib/apt/apt-helper download-file "${mirror%/}/dists/$1/InRelease" \
        "$CHROOTS/InRelease" 2>&1) && rm "$CHROOTS/InRelease" && return
    [[ $said == *" 404 "* ]] || die "$mirror does not answer: $said"
    return 1
}

# The address from which apt installs this machine's packages.
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

# Shows a folder of this machine as /work. Call it in a mount namespace.
bind_work() {
    mkdir -p "$1/work"
    mount --bind "$2" "$1/work"
}

# Copies the certificates that were added to this machine, which crates.io and PyPI may need. They
# take effect when ca-certificates is installed.
trust_certificates() {
    local root=$1
    mkdir -p "$root/usr/local/share"
    cp -r /usr/local/share/ca-certificates "$root/usr/local/share/"
    [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
}

# Copies the source tree, without build results, to /project.
copy_project() {
    local root=$1
    rm -rf --one-file-system "$root/project"
    mkdir "$root/project"
    tar -c --exclude=./{target,dist,demo,.venv,.git,.qgis-settings} . |
        tar -x --no-same-owner -C "$root/project"
}

# Runs a command in a folder of a chroot, without this machine's environment variables.
run_in() {
    local folder=$1 root=$2
    shift 2
    chroot "$root" env -i --chdir="$folder" HOME=/root LC_ALL=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

run_in_project() {
    run_in /project "$@"
}
