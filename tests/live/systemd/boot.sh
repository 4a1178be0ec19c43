#!/bin/bash
# Boots the real systemd on a copy of this machine's files: boot.sh FOLDER CONTROL_GROUP.
#
# The copy is an overlay, so that nothing done in it reaches the machine. What it writes is
# in memory below FOLDER/upper and what Docker stores below FOLDER itself: both outlive a
# reboot, which is to end this program and to run it again. The network is its caller's.
set -euo pipefail
folder=$1 group=$2

if [ ! -d "$folder/upper" ]; then
  mkdir -p "$folder"/{upper,root,docker,containerd}
  mount -t tmpfs tmpfs "$folder/upper"
  mkdir "$folder"/upper/{files,work}
fi

# A control group of its own in every hierarchy that this machine has: KIND PATH OPTIONS.
hierarchies=$(awk '$3 ~ /^cgroup2?$/ && $2 ~ "^/sys/fs/cgroup" {print $3, $2, $4}' /proc/self/mounts)
while read -r _ path _; do
  mkdir -p "$path/$group"
  for file in cpuset.cpus cpuset.mems; do
    # Version 1 lets nobody into a group without processors.
    if [ -e "$path/cgroup.clone_children" ] && [ -e "$path/$file" ]; then
      cat "$path/$file" >"$path/$group/$file"
    fi
  done
  echo $$ >"$path/$group/cgroup.procs"
done <<<"$hierarchies"

export folder hierarchies
exec unshare --mount --propagation private --pid --fork --kill-child --uts --ipc --cgroup \
  bash -euc '
root=$folder/root
upper=$folder/upper
mount -t overlay overlay -o "lowerdir=/,upperdir=$upper/files,workdir=$upper/work" "$root"
if [ ! -e "$upper/prepared" ]; then
  # What this machine enables, keeps and logs is none of its business.
  for path in etc/systemd/system etc/docker opt var/log/journal var/lib/docker var/lib/containerd; do
    rm -rf "${root:?}/$path"
    mkdir -p "$root/$path"
  done
  : >"$root/etc/machine-id"
  : >"$root/etc/fstab"
  echo "{\"registry-mirrors\": [\"http://127.0.0.1:5000\"]}" >"$root/etc/docker/daemon.json"
  touch "$upper/prepared"
fi
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
for path in run tmp dev; do mount -t tmpfs -o mode=755 tmpfs "$root/$path"; done
chmod 1777 "$root/tmp"
for name in null zero full random urandom tty; do
  touch "$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
grep -q "^cgroup2 /sys/fs/cgroup " <<<"$hierarchies" || mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
while read -r kind path options; do
  mkdir -p "$root$path"
  # Of the options, those that name the hierarchy: controllers, or a name.
  options=$(tr , "\n" <<<"$options" | grep -xE "name=.*|$(cut -f 1 /proc/cgroups | tail -n +2 | paste -sd "|")" | paste -sd , || true)
  case $kind,$options in
    cgroup,name=*) mount -t cgroup -o "none,$options" cgroup "$root$path" ;;
    cgroup,*) mount -t cgroup -o "$options" cgroup "$root$path" ;;
    *) mount -t cgroup2 cgroup2 "$root$path" ;;
  esac
done <<<"$hierarchies"
for name in docker containerd; do mount --bind "$folder/$name" "$root/var/lib/$name"; done
cd "$root"
mkdir -p .old
pivot_root . .old
umount --lazy /.old
exec env -i container=otelctl MACHINE="$folder" PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=multi-user.target --show-status=no'
