#!/bin/sh
# Does here what the entrypoint of the image does: makes the database in an empty volume, and becomes the server.
# Usage: mariadb.sh [ROOT], where ROOT is a folder that Debian's packages were unpacked in.
set -eu
root=${1:-}
if [ -n "$root" ]; then
  export LD_LIBRARY_PATH="$(echo "$root"/usr/lib/*-linux-gnu):$(echo "$root"/lib/*-linux-gnu)"
fi
data=/var/lib/mysql
server="$root/usr/sbin/mariadbd --no-defaults --user=root --datadir=$data --lc-messages-dir=$root/usr/share/mysql --character-sets-dir=$root/usr/share/mysql/charsets --socket=$data/mariadb.sock"

# The mark is made last, so that a start which was interrupted begins anew.
if [ ! -e "$data/.installed" ]; then
  find "$data" -mindepth 1 -delete
  share="$root/usr/share/mysql"
  {
    echo "CREATE DATABASE mysql;"
    echo "USE mysql;"
    cat "$share/mysql_system_tables.sql" "$share/mysql_performance_tables.sql" "$share/mysql_system_tables_data.sql"
    echo "DELETE FROM global_priv WHERE User = 'root' AND Host <> 'localhost';"
    echo "FLUSH PRIVILEGES;"
    echo "CREATE DATABASE \`$MARIADB_DATABASE\`;"
    echo "ALTER USER root@localhost IDENTIFIED BY '$MARIADB_ROOT_PASSWORD';"
    echo "CREATE USER \`$MARIADB_USER\`@'%' IDENTIFIED BY '$MARIADB_PASSWORD';"
    echo "GRANT ALL ON \`$MARIADB_DATABASE\`.* TO \`$MARIADB_USER\`@'%';"
  } | $server --bootstrap
  : >"$data/.installed"
fi
exec $server --port=3306 --skip-name-resolve
