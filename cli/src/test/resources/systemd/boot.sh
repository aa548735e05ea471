#!/bin/bash
# boot.sh FOLDER SCRIPT UNIT BUNCTL JAVA_HOME: runs systemd as process 1 of namespaces of its own, up to that unit. One of its services
# runs the script of the folder, which prints findings, and then ends it all. Units are written to the folder, so a later boot
# finds those that are enabled; each boot has an id of its own.
set -eu
folder=$1 script=$2 unit=$3
group=/sys/fs/cgroup/systemd-test
rm -rf /run/systemd # of a boot before
mkdir -p "$group" "/run/systemd/system/$unit.wants" /run/user "$folder/units"
echo $$ >"$group/cgroup.procs"
cat >/run/systemd/system/bunctl-test.service <<UNIT
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
TimeoutStartSec=4min
Environment=HOME=$folder BUNCTL_HOME=$folder/h BUNCTL_JAVA_HOME=$5 LANG=C.UTF-8
StandardOutput=append:$folder/out
StandardError=append:$folder/err
ExecStart=/bin/bash $folder/$script $4
ExecStopPost=/usr/bin/systemctl exit 0
UNIT
[ "$unit" = bunctl-test.service ] || ln -sf ../bunctl-test.service "/run/systemd/system/$unit.wants/"
cat /proc/sys/kernel/random/uuid >"$folder/boot-id"
# A user who never logs in, at home in memory.
{ cat /etc/passwd; echo 'lodger:x:54321:54321::/run/lodger:/bin/bash'; } >"$folder/passwd"
{ cat /etc/group; echo 'lodger:x:54321:'; } >"$folder/group"
{ cat /etc/shadow; echo 'lodger:*:20000:0:99999:7:::'; } >"$folder/shadow"
mkdir -p /run/lodger
chown 54321:54321 /run/lodger
export folder unit
# shellcheck disable=SC2016
exec unshare --mount --pid --fork --kill-child --cgroup --mount-proc /bin/bash -c '
    umount /sys/fs/cgroup
    mount -t cgroup2 -o nsdelegate cgroup2 /sys/fs/cgroup
    mount --bind "$folder/units" /etc/systemd/system
    mount --bind "$folder/boot-id" /proc/sys/kernel/random/boot_id
    for file in passwd group shadow; do mount --bind "$folder/$file" "/etc/$file"; done
    mount -t tmpfs -o mode=755 run-user /run/user
    ln -sf /dev/null /etc/systemd/system/systemd-tmpfiles-setup.service # it would empty /tmp
    export container=test
    exec /usr/lib/systemd/systemd --system --unit="$unit" --log-target=null --show-status=no'
