#!/bin/sh
# Users and folders of the image. Runs inside the build, as root.
set -eu
image=$1

# the ids are the contract's; the package's own are whatever was free
groupmod --gid 5432 postgres
usermod --uid 5432 --gid 5432 --home / --shell /usr/sbin/nologin postgres
groupadd --gid 1337 app
useradd --uid 1337 --gid 1337 --no-create-home --home-dir /data/app --shell /usr/sbin/nologin app
rm -rf /var/lib/postgresql /etc/postgresql /var/log/postgresql /var/cache/* /var/lib/apt/lists

# libraries left out of the base (build.mjs) must not be needed by what is used
for library in /usr/lib/postgresql/17/bin/postgres /usr/lib/postgresql/17/lib/postgis-3.so; do
  if ldd "$library" | grep 'not found'; then echo "$library lacks libraries" >&2; exit 1; fi
done

mkdir -p /usr/local/share/berth /run/berth /run/postgresql /run/app
mkdir -p /data
printf '%s\n' "$image" > /usr/local/share/berth/image
cp /build/node-flags /usr/local/share/berth/node-flags
chmod 755 /usr/local/bin/node /usr/local/bin/berth-init
