#!/bin/bash
# service.sh BUNCTL: the life of bunctl as a service of the systemd that runs this. Each line of the output is a finding.
bunctl=$1

# shellcheck source=common.sh
. "${0%/*}/common.sh"
active() { systemctl is-active bunctl; }
is_served() { [ "$(active)" = active ] && [ "$(systemctl show -p MainPID --value bunctl)" = "$(guard)" ]; }
same_app() { if [ "$(app)" = "$program" ]; then echo "runs on, service $(active)"; else echo "another one"; fi; }

"$bunctl" startup
echo "startup: $(active), $(systemctl is-enabled bunctl)"
"$bunctl" start a --command 'sleep 1000' >&2
program=$(app)
await is_served
echo "main process: the guard"

before=$(daemon)
kill -9 "$before"
await is_another daemon "$before"
echo "daemon killed: $(same_app)"

before=$(guard)
kill -9 "$before"
await is_another guard "$before"
await is_served
echo "guard killed: $(same_app)"

before=$(guard)
kill -9 "$before" "$(daemon)"
await is_another guard "$before"
await is_served
echo "both killed: $(same_app)"

before=$(daemon)
systemctl reload bunctl
await is_another daemon "$before"
await is_served
echo "reload: $(same_app)"

systemctl stop bunctl
echo "stop: $(active), app $(if [ -e "/proc/$program" ]; then echo runs; else echo ended; fi)"
systemctl start bunctl
await is_another app ""
program=$(app)
echo "start: $(same_app)"

"$bunctl" unstartup
echo "unstartup: unit $(if [ -e /etc/systemd/system/bunctl.service ]; then echo there; else echo gone; fi), $(same_app)"
"$bunctl" kill >&2
echo "kill: app $(if [ -e "/proc/$program" ]; then echo runs; else echo ended; fi)"
