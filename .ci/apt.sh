# Installs missing packages of Debian or Ubuntu. Other scripts source this file.

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
        die "this is not Debian or Ubuntu: install these packages or your system's equivalents," \
            "then run cargo and pytest yourself: $*"
    local missing=() package
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    echo "setup: installing ${missing[*]}"
    refresh_apt
    # --no-remove keeps the packages that are installed. A fresh Ubuntu updates itself at first, so
    # wait for its lock.
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qy --no-install-recommends --no-remove \
        -o DPkg::Lock::Timeout=600 "${missing[@]}"
}

apt_is_fresh=
refresh_apt() {
    # If one package list cannot be read, go on: the installation fails if a package is missing.
    [ -n "$apt_is_fresh" ] || as_root apt-get update -q || true
    apt_is_fresh=yes
}
