# A private PostgreSQL cluster on a loopback port, for one test process.
# $1: folder of the server's programs; $2: port. Certificate, key and password come in the environment.
# It stops and removes itself when its standard input ends, so also after the test process was killed.
set -eu
folder=$(mktemp -d "${TMPDIR:-/tmp}/earlypost-postgres.XXXXXX")
server=
end() {
    [ -z "$server" ] || { kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM HUP
umask 077
printf '%s' "$TEST_PASSWORD" >"$folder/password"
# English order of letters, so that what needs COLLATE "C" fails without it.
"$1/initdb" -D "$folder/data" -U tester --pwfile="$folder/password" -A scram-sha-256 -E UTF8 \
    --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US --no-sync >"$folder/initdb.log" 2>&1 ||
    { cat "$folder/initdb.log" >&2; exit 1; }
printf '%s' "$TEST_CERTIFICATE" >"$folder/data/server.crt"
printf '%s' "$TEST_KEY" >"$folder/data/server.key"
"$1/postgres" -D "$folder/data" -c listen_addresses=127.0.0.1 -c port="$2" -c unix_socket_directories= \
    -c ssl=on -c max_connections=200 -c fsync="${TEST_FSYNC:-off}" -c full_page_writes="${TEST_FSYNC:-off}" \
    -c shared_buffers=64MB \
    >"$folder/server.log" 2>&1 &
server=$!
tries=0
until "$1/pg_isready" -q -h 127.0.0.1 -p "$2"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$folder/server.log" >&2
        exit 1
    fi
    sleep 0.1
done
echo ready
cat >/dev/null
