#!/usr/bin/env bash
# Makes the pictures in samples/gallery: one small picture of the first page of each kind of paper.
# Needs pdftoppm (Debian: poppler-utils). Run it from the project's root.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
earlypost() { cargo run -q --release -- --quiet --config samples/earlypost.toml --data-dir "$work/data" "$@"; }
earlypost import
picture() { # NAME KIND CHILD RECIPIENT [PAGE]
    earlypost preview "$2" --child "$3" --as "$4" --out "$work/$1.pdf"
    pdftoppm -r 64 -png -f "${5:-1}" -l "${5:-1}" -singlefile "$work/$1.pdf" "samples/gallery/$1"
}
mkdir -p samples/gallery
picture ifsp-family ifsp c-0417 family:0417-mother
picture ifsp-agency ifsp c-0417 office:bayside-therapy
picture physician-letter physician-letter c-0417 office:ghent-pediatrics/dr-osei
picture service-authorization service-authorization c-0417 office:bayside-therapy
picture contact-summary contact-summary c-0411 family:0411-mother 2
picture transition-packet transition-packet c-0352 family:0352-mother
picture monthly-reminder monthly-reminder c-0375 family:0375-mother
picture stop-notice stop-notice c-0402 office:harbor-kids
