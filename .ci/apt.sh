# Installing packages of Debian or Ubuntu, only what is missing: for the scripts that source it.

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
    command -v apt-get >/dev/null ||
        die "this is not Debian or Ubuntu; install the like of these yourself," \
            "and run cargo and pytest by hand: $*"
    local missing=() package
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    echo "setup: installing ${missing[*]}"
    refresh_apt
    # --no-remove: never at the price of something that is there. A fresh Ubuntu updates itself at
    # first: its lock is waited for.
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qy --no-install-recommends --no-remove \
        -o DPkg::Lock::Timeout=600 "${missing[@]}"
}

apt_is_fresh=
refresh_apt() {
    # One unreachable list of packages among several is no reason to stop: the install will tell.
    [ -n "$apt_is_fresh" ] || as_root apt-get update -q || true
    apt_is_fresh=yes
}
