#!/bin/bash
# install.sh BUNCTL: a service of the host and one of a user, with apps, until the power is cut.
bunctl=$1
# shellcheck source=common.sh
. "${0%/*}/common.sh"
systemctl start dbus.socket systemd-logind polkit

"$bunctl" startup
cat >"$HOME/apps.json" <<'APPS'
{"apps": [
  {"name": "second", "command": "sh -c 'echo second >>order; exec sleep 1000'", "depends_on": ["first"]},
  {"name": "first", "command": "sh -c 'sleep 1; echo first >>order; echo ready; exec sleep 1000'", "ready": {"log": "ready"}}]}
APPS
"$bunctl" start "$HOME/apps.json" >&2
echo "host: $(systemctl is-active bunctl), $(systemctl is-enabled bunctl), $(tr '\n' ' ' <"$HOME/order")"

lodger "$bunctl" startup
lodger "$bunctl" start a --command 'sleep 1000' >&2
echo "user: $(lodgers_systemctl is-active bunctl), $(lodgers_systemctl is-enabled bunctl), $(lingers)"
before=$(lodger "$bunctl" ping --json | field guard_pid)
program=$(lodger "$bunctl" status --json | field pid)
kill -9 "$before"
lodgers_guard() { lodger "$bunctl" ping --json | field guard_pid; }
await is_another lodgers_guard "$before"
[ "$program" = "$(lodger "$bunctl" status --json | field pid)" ] && echo "user's guard killed: app runs on"
rm "$HOME/order"
echo "all is set"
sleep 1000
