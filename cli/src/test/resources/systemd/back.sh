#!/bin/bash
# back.sh BUNCTL: the boot after install.sh.
bunctl=$1
# shellcheck source=common.sh
. "${0%/*}/common.sh"

is_back() { "$bunctl" status --json | grep -q '"name":"second".*"state":"online"' && [ "$(wc -l <"$HOME/order")" = 2 ]; }
await is_back
echo "host: $(systemctl is-active bunctl), $(tr '\n' ' ' <"$HOME/order")"
is_users_back() { lodger "$bunctl" status --json | grep -q '"state":"online"'; }
await is_users_back
echo "user: $(lodgers_systemctl is-active bunctl), $(lingers)"
lodger "$bunctl" kill >&2
lodger "$bunctl" unstartup
echo "undone: $(lodgers_systemctl is-enabled bunctl 2>/dev/null || echo "not enabled"), $(lingers)"
"$bunctl" unstartup
"$bunctl" kill >&2
