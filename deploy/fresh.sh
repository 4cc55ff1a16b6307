#!/usr/bin/env bash
# Runs the README's two commands on a bare Debian (python3, make, git), made in a folder that is removed at the end.
#
#     deploy/fresh.sh              make run to the first picture, then make test, on a clone of HEAD; times are printed
#     deploy/fresh.sh lint unit    these targets of the Makefile instead
#
# Needs root, debootstrap and 5 GB below /var/tmp (or TMPDIR). Release, mirror and the ways to the registries are
# those that apt and pip have on this machine. Mounts live in a namespace of their own and end with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { echo "fresh.sh: $*" >&2; exit 1; }

# Runs a command and says how long it took; one that fails ends the script.
timed() {
    local start=$SECONDS
    "${@:2}"
    echo "== $1: $((SECONDS - start)) s"
}

make_debian() {
    local codename mirror
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk -v wanted="$codename main" '$1 " " $2 == wanted { print $3; exit }')
    [ -n "$mirror" ] || fail "apt names no mirror of '$codename' on this machine."
    debootstrap --variant=minbase --include=python3,make,git,ca-certificates "$codename" "$root" "$mirror" \
        > "$root.log" 2>&1 || { tail "$root.log" >&2; return 1; }

    # apt: the sources that name the mirror, and how packages are acquired.
    rm -f "$root/etc/apt/sources.list"
    { grep -lsF "${mirror%/}" /etc/apt/sources.list /etc/apt/sources.list.d/* || true; } | xargs -I{} cp {} "$root/{}"
    apt-config dump Acquire > "$root/etc/apt/apt.conf.d/99host"

    # pip: its settings, and the files and folders of this machine that they name. They may hold a password.
    (umask 077; echo "[global]" > "$root/etc/pip.conf")
    { python3 -m pip config list 2> /dev/null || true; } |
        sed -n "s/\\\\n/ /g; s/^global\.\([^=]*\)='\(.*\)'$/\1 = \2/p" >> "$root/etc/pip.conf"
    { cat "$root/etc/pip.conf"; env | grep '^PIP_' || true; } |
        { grep -o '/[[:graph:]]*' || true; } | sed 's|^//*|/|' | sort -u |
        while read -r path; do
            path=${path%/simple} # an index on this machine links to the folders beside it
            if [ -d "$path" ]; then
                mkdir -p "$root$path" && mount --bind "$path" "$root$path"
            elif [ -f "$path" ]; then
                mkdir -p "$root$(dirname "$path")" && cp "$path" "$root$path"
            fi
        done

    cp /etc/hosts /etc/resolv.conf "$root/etc/"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    git clone --quiet . "$root/root/project"
}

# Runs a command in the clone, with nothing of this machine's environment but the ways to the registries.
inside() {
    local ways=() name
    for name in $(compgen -e | grep -E '^PIP_|_proxy$|_PROXY$'); do ways+=("$name=${!name}"); done
    env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${ways[@]}" \
        chroot "$root" sh -c 'cd /root/project && exec "$@"' sh "$@"
}

# Starts the app, waits for its first picture, and ends it.
run() {
    local server status=0 port=8599
    setsid bash -c "$(declare -f inside); inside make run PORT=$port" & server=$!
    local picture="http://localhost:$port/figures/start/button"
    until inside python3 -c "import json, urllib.request as r; json.load(r.urlopen('$picture', timeout=60))['data']" \
        2> /dev/null; do
        kill -0 "$server" 2> /dev/null || { status=1; break; }
        sleep 1
    done
    kill -- "-$server" 2> /dev/null || true
    wait "$server" || true
    return "$status"
}

if [ -n "${FRESH_ROOT:-}" ]; then # in the namespace: see below
    root=$FRESH_ROOT
    export root
    timed "a bare $(. /etc/os-release && echo "$PRETTY_NAME")" make_debian
    for target in "$@"; do
        case $target in
            run) timed "make run, to the first picture" run ;;
            *) timed "make $target" inside make "$target" ;;
        esac
    done
    exit
fi

[ "$(id -u)" = 0 ] || fail "only root can make a Debian in a folder: sudo make fresh"
for tool in apt-get debootstrap; do
    command -v "$tool" > /dev/null || fail "needs $tool, which Debian has: sudo apt-get install $tool"
done
[ $# -gt 0 ] || set -- run test
FRESH_ROOT=$(mktemp -d "${TMPDIR:-/var/tmp}/fresh.XXXXXX")
export FRESH_ROOT
chmod 755 "$FRESH_ROOT" # apt downloads as a user of its own
# The kernel ends what runs in the namespace with its parent, and then its mounts: the folder is a plain one again.
trap 'kill -KILL "$namespace" 2> /dev/null || true; wait; rm -rf "$FRESH_ROOT" "$FRESH_ROOT.log"' EXIT
trap 'exit 1' INT TERM HUP
unshare --mount --pid --fork --kill-child -- deploy/fresh.sh "$@" & namespace=$!
wait "$namespace"
