#!/bin/bash
# boot.sh FOLDER BUNCTL JAVA_HOME: runs systemd as process 1 of namespaces of its own, with one unit that runs service.sh of
# the folder and then ends it all. What is written for units is written in memory.
set -eu
folder=$1
group=/sys/fs/cgroup/systemd-test
mkdir -p "$group" /run/systemd/system
echo $$ >"$group/cgroup.procs"
cat >/run/systemd/system/bunctl-test.service <<UNIT
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
TimeoutStartSec=4min
Environment=HOME=$folder BUNCTL_HOME=$folder/h BUNCTL_JAVA_HOME=$3 LANG=C.UTF-8
StandardOutput=file:$folder/out
StandardError=file:$folder/err
ExecStart=/bin/bash $folder/service.sh $2
ExecStopPost=/usr/bin/systemctl exit 0
UNIT
# shellcheck disable=SC2016
exec unshare --mount --pid --fork --cgroup --mount-proc /bin/bash -c '
    umount /sys/fs/cgroup
    mount -t cgroup2 -o nsdelegate cgroup2 /sys/fs/cgroup
    mount -t tmpfs units /etc/systemd/system
    ln -s /dev/null /etc/systemd/system/systemd-tmpfiles-setup.service # it would empty /tmp
    export container=test
    exec /usr/lib/systemd/systemd --system --unit=bunctl-test.service --log-target=null --show-status=no'
