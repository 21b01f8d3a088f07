#!/usr/bin/env bash
# Our rendering beside Typst's command line, its Python package, WeasyPrint, Chromium, LibreOffice and a shell loop with
# swaks: the same plan for so many children, one after another, in one run. Prints a table; draws benches/peers/peers.svg.
#
#   benches/peers.sh [DOCUMENTS]
#
# Needs (Debian) chromium swaks libreoffice-writer-nogui postfix libpango-1.0-0 libpangoft2-1.0-0, `typst` on the PATH or
# in TYPST, and a Python with `pip install typst weasyprint jinja2 playwright` in PYTHON (python3 where it is not set).
set -euo pipefail
cd "$(dirname "$0")/.."
documents=${1:-60}
python=${PYTHON:-python3}
work=$(mktemp -d)
sink=
trap '[ -z "$sink" ] || kill "$sink"; rm -rf "$work"' EXIT

# What is shipped is measured.
cargo build --profile dist --locked --quiet
bench=$(cargo bench --profile dist --locked --no-run --bench render --message-format=json | "$python" -c '
import json, sys
lines = (json.loads(line) for line in sys.stdin)
print([l["executable"] for l in lines if l.get("target", {}).get("name") == "render" and l.get("executable")][-1])')
program=$("$python" -c 'import json, subprocess
print(json.loads(subprocess.check_output(["cargo", "metadata", "--format-version", "1", "--no-deps"]))["target_directory"])')/dist/earlypost

"$program" --config samples/earlypost.toml --data-dir "$work/data" --quiet import
"$program" --config samples/earlypost.toml --data-dir "$work/data" --quiet preview ifsp --child c-0417 --as office:bayside-therapy \
    --out "$work/plan.pdf" --view "$work/plan.json"

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd "$work" && exec /usr/sbin/smtp-sink -u nobody -R /tmp "127.0.0.1:$port" 64) &
sink=$!
exec 3>&1
"$python" benches/peers/peers.py "$work/plan.json" "$work" "$bench" "$documents" "$port" >&3
