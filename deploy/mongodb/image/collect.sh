#!/bin/bash
# collect.sh TARGET: copies into TARGET the parts of this Debian system that the database needs, with the libraries they load.
set -euo pipefail
target=$1
pg=/usr/lib/postgresql/18
share=/usr/share/postgresql/18

mkdir -p "$target"/{etc,usr/bin,usr/lib,usr/lib64,usr/sbin,tmp,run,proc,sys,dev,data,var/lib,usr/local/bin}
chmod 1777 "$target/tmp"
for name in bin lib lib64 sbin; do ln -s "usr/$name" "$target/$name"; done
ln -s ../run "$target/var/run"

copy() { cp -a --parents --no-preserve=context "$@" "$target"; }

# PostgreSQL: the server, what starts and inspects it; not the JIT compiler and not the extensions' parts for rasters, routes and addresses
copy $pg/bin/{postgres,psql,pg_isready,pg_controldata,pg_resetwal,pg_dump,pg_dumpall}
copy $pg/lib
rm -rf "$target$pg"/lib/{bitcode,pgxs,llvmjit*,postgis_raster*,postgis_sfcgal*,postgis_topology*,address_standardizer*}
copy $share
rm -rf "$target$share"/{man,contrib} "$target$share"/extension/{postgis_raster,postgis_sfcgal,postgis_tiger,postgis_topology,address_standardizer}*
rm -f "$target$share"/extension/*--unpackaged--*
copy "$(readlink "$share/extension/postgis.control")" # one of Debian's alternatives
copy /usr/share/zoneinfo /usr/lib/locale/C.utf8 /etc/{passwd,group,nsswitch.conf,ld.so.conf,ld.so.conf.d,os-release,debian_version} /usr/lib/os-release

# a shell and a few tools: the entry point's, and those one wants in a container that misbehaves
tools="bash sh cat chmod chown cp cut date df du env flock grep head id ls mkdir mktemp mv ps rm sed sleep sort stat sync tail timeout tr true"
for tool in $tools; do path=$(type -P "$tool"); copy "$path"; [ ! -L "$path" ] || copy "$(readlink -e "$path")"; done

# every library that these load, and nothing that is missing
mapfile -t binaries < <(find "$target/usr" -type f \( -perm /111 -o -name '*.so*' \))
LD_LIBRARY_PATH=$pg/lib ldd "${binaries[@]}" 2>/dev/null > /tmp/libraries || true
if grep 'not found' /tmp/libraries; then echo 'collect.sh: libraries are missing' >&2; exit 1; fi
sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^\t\(\/[^ ]*\) (.*/\1/p' /tmp/libraries | sort -u | while read -r library; do
  real=$(readlink -e "$library")
  copy "$real"
  [ "$(readlink -e "$target$library")" = "$target$real" ] || ln -sf "$real" "$target$library"
done

# the licences of what was copied
find "$target/usr" -type f -printf '/usr/%P\n' | xargs dpkg-query --search 2>/dev/null | sed 's/: .*//; s/, /\n/g; s/:.*//' | sort -u |
  while read -r package; do if [ -f "/usr/share/doc/$package/copyright" ]; then copy "/usr/share/doc/$package/copyright"; fi; done
