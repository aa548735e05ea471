#!/bin/sh
# start.sh ROOT DISTRIBUTION APP BUN JAVA [NAME=VALUE ...] -- COMMAND ARG...: runs a command as process 1 of a container made
# of this host's own files, all of them read-only but /run and /tmp, with no network and no other process. To be called by
# unshare, as process 1 of its namespaces.
set -eu
root=$1 distribution=$2 app=$3 bun=$4 java=$5
shift 5

# shown FROM TO: the same files, not to be written
shown() {
    mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
    mount -o remount,bind,ro "$root$2"
}

mount --make-rprivate /
mount --bind "$root" "$root"
shown /usr /usr
for link in bin lib lib64; do ln -s "usr/$link" "$root/$link"; done
shown "$distribution" /opt/bunctl
shown "$app" /app
shown "$bun" /opt/bun
shown "$java" /opt/java/openjdk
mkdir -p "$root/proc" "$root/dev" "$root/run" "$root/tmp"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs run "$root/run"
mount -t tmpfs tmp "$root/tmp"
mount -o remount,bind,ro "$root"
variables=
while [ "$1" != -- ]; do
    variables="$variables $1"
    shift
done
shift
# shellcheck disable=SC2086
exec chroot "$root" env -i $variables env -C /app "$@"
