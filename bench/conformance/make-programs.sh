#!/bin/sh
# Makes the folder of programs that bench/conformance.ts runs the suite's images by (E2E_PROGRAMS).
#
# usage: bench/conformance/make-programs.sh FOLDER AGNHOST [SAMPLE]
#
# AGNHOST is the program of that image: `go build k8s.io/kubernetes/test/images/agnhost`. busybox, netcat and dig come from
# Debian's packages, which are unpacked and not installed. A file FOLDER/NAME is what the image NAME starts, with what the
# image itself would start when the pod names no arguments; FOLDER/bin is what commands of the suite find in PATH.
#
# SAMPLE is `go build k8s.io/sample-apiserver`, for the spec "Aggregator". Its pod runs /usr/local/bin/etcd beside it, which has to
# be on this machine.
set -eu
folder=$1 agnhost=$(realpath "$2") sample=$(realpath "${3:-$2}")
mkdir -p "$folder/bin" "$folder/www"
cd "$folder"
cp "$agnhost" bin/agnhost

packages=$(mktemp -d)
libraries=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances bind9-dnsutils |
  grep -E '^(bind9-libs|lib)' | grep -v '^libc6$' | sort -u)
# Names of libraries, one a line.
# shellcheck disable=SC2086
(cd "$packages" && apt-get download -q busybox-static netcat-openbsd bind9-dnsutils $libraries &&
  for package in *.deb; do dpkg-deb -x "$package" .; done)
cp "$packages/bin/busybox" bin/busybox
cp "$packages/bin/nc.openbsd" bin/nc
rm -rf lib && mkdir lib
cp "$packages/usr/bin/dig" lib/dig
find "$packages/usr/lib" "$packages/lib" -name '*.so*' -exec cp -P {} lib/ \;
rm -rf "$packages"
# Without sh: the shell of busybox would run its own nc, which knows too little.
for applet in $(bin/busybox --list); do
  case $applet in busybox | sh | nc) ;; *) ln -sf busybox "bin/$applet" ;; esac
done

here=$(pwd)
printf '#!/bin/sh\nLD_LIBRARY_PATH=%s/lib exec %s/lib/dig "$@"\n' "$here" "$here" >bin/dig
chmod +x bin/dig

image() { # name, what is run when there are no arguments, before what is run
  printf '#!/bin/sh\n[ $# -gt 0 ] || set -- %s\nexec %s "$@"\n' "$2" "$3" >"$1"
  chmod +x "$1"
}
image agnhost pause "$here/bin/agnhost"
image pause pause "$here/bin/agnhost"
if [ $# -gt 2 ]; then
  cp "$sample" bin/sample-apiserver
  image sample-apiserver "" "$here/bin/sample-apiserver"
  image etcd "" /usr/local/bin/etcd
fi
for shell in busybox glibc-dns-testing; do image "$shell" sh ""; done
printf '<title>Welcome to nginx!</title>\n' >www/index.html
for server in nginx httpd; do image "$server" "$here/bin/busybox httpd -f -p 80 -h $here/www" ""; done
for picture in nautilus kitten; do
  mkdir -p "www/$picture"
  printf '{"image": "%s.jpg"}\n' "$picture" >"www/$picture/data.json"
  image "$picture" "$here/bin/busybox httpd -f -p 80 -h $here/www/$picture" ""
done
