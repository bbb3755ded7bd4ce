#!/bin/sh
# Does here what the entrypoint of the image does: copies WordPress into an empty volume, and becomes Apache with PHP.
# Usage: wordpress.sh [ROOT], where ROOT is a folder that Debian's packages were unpacked in.
set -eu
export HERE="$(cd "$(dirname "$0")" && pwd)" ROOT="${1:-}"
site=/var/www/html

# Several pods start on one volume: the first one copies, the others wait. The settings come last, and say that all is there.
exec 9>"$site/.copying"
flock 9
if [ ! -e "$site/wp-config.php" ]; then
  # Debian keeps some libraries elsewhere, behind links.
  cp -RL "$ROOT/usr/share/wordpress/." "$site/" 2>/dev/null || true
  rm -f "$site/wp-config.php"
  chown -R www-data: "$site"
  cp "$HERE/wp-config.php" "$site/.wp-config.php"
  mv "$site/.wp-config.php" "$site/wp-config.php"
fi
flock -u 9
exec 9>&-
# Whatever release of PHP is there. Only run/php.ini counts, not what the machine has for its own Apache.
export PHP_EXTENSIONS="$(echo "$ROOT"/usr/lib/php/20*)" PHP_INI_SCAN_DIR=""
if [ -n "$ROOT" ]; then
  export LD_LIBRARY_PATH="$(echo "$ROOT"/usr/lib/*-linux-gnu):$(echo "$ROOT"/lib/*-linux-gnu)"
fi
php=$(echo "$ROOT"/usr/lib/apache2/modules/libphp*.so)
exec "$ROOT/usr/sbin/apache2" -D FOREGROUND -f "$HERE/apache.conf" -c "LoadModule php_module $php"
