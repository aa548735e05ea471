# What the scripts share that ask $bunctl. shellcheck shell=bash disable=SC2154
field() { grep -o "\"$1\":[0-9]*" | head -n 1 | cut -d: -f2; }
app() { "$bunctl" status --json | field pid; }
guard() { "$bunctl" ping --json | field guard_pid; }
daemon() { "$bunctl" ping --json | field daemon_pid; }

is_another() { # what, which it was
    now=$($1)
    [ -n "$now" ] && [ "$now" != "$2" ]
}

# await CONDITION ARG...: for half a minute at least
await() {
    for _ in $(seq 300); do
        "$@" && return 0
        sleep 0.1
    done
    echo "in vain: $*"
}

# As a user who has no session, as behind su.
lodger() {
    setpriv --reuid=54321 --regid=54321 --init-groups env -i HOME=/run/lodger PATH=/usr/bin:/bin LANG=C.UTF-8 \
        BUNCTL_JAVA_HOME="$BUNCTL_JAVA_HOME" "$@"
}
lodgers_systemctl() { lodger env XDG_RUNTIME_DIR=/run/user/54321 systemctl --user "$@"; }
lingers() { if [ -e /var/lib/systemd/linger/lodger ]; then echo lingers; else echo "lingers no more"; fi; }
