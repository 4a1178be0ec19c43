#!/bin/sh
# Shows what a change of the profile does to everything that otelctl renders:
#
#   render-diff.sh BASE PROFILE
#
# BASE is a commit or branch, PROFILE the path of the profile in the repository.
# Exits with 0 when nothing changes, 2 when something does, and with otelctl's
# own exit code when the profile is wrong. Needs git, diff and otelctl; no Docker,
# no network, no secrets.
set -eu
: "${OTELCTL:=otelctl}"
base=${1:?usage: render-diff.sh BASE PROFILE}
profile=${2:?usage: render-diff.sh BASE PROFILE}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Under one name, since rendered comments say it.
mkdir "$work/base" "$work/head"
name=$(basename "$profile")
git show "$base:$profile" >"$work/base/$name"
cp "$profile" "$work/head/$name"

# The new one first: its mistakes are what the author wants to read.
"$OTELCTL" --color never --profile "$work/head/$name" render -o "$work/after" >"$work/files"
"$OTELCTL" --color never --quiet --profile "$work/base/$name" render -o "$work/before" >"$work/files"

cd "$work"
status=0
diff --unified --recursive --new-file before after || status=$?
case $status in
  0) echo "nothing changes" ;;
  1) exit 2 ;;
  *) exit "$status" ;;
esac
