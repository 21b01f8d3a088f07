#!/usr/bin/env bash
# Makes samples/gallery: a small picture of the first page of every kind of paper, and of a few further pages.
# Needs pdftoppm (Debian: poppler-utils) and Python with Pillow, which gives each picture a palette of 32 colours.
# Run it from the project's root. EARLYPOST names another program than a release build of this one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=(${EARLYPOST:-cargo run -q --release --})
earlypost() { "${program[@]}" --quiet --config samples/earlypost.toml --data-dir "$work/data" "$@"; }
earlypost import
mkdir -p samples/gallery "$work/png"
picture() { # NAME KIND CHILD RECIPIENT [PAGE]
    earlypost preview "$2" --child "$3" --as "$4" --out "$work/$1.pdf" > "$work/said" 2>&1 || { echo "$1: $(tail -1 "$work/said")"; return 0; }
    pdftoppm -r 60 -png -f "${5:-1}" -l "${5:-1}" -singlefile "$work/$1.pdf" "$work/png/$1"
}
mother=family:0417-mother
doctor=office:ghent-pediatrics/dr-osei
agency=office:bayside-therapy
picture ifsp-family ifsp c-0417 $mother
picture ifsp-family-own-page ifsp c-0417 $mother 4
picture ifsp-agency ifsp c-0417 $agency
picture physician-letter physician-letter c-0417 $doctor
picture physician-certification physician-certification c-0417 $doctor
picture service-authorization service-authorization c-0417 $agency
picture stop-notice stop-notice c-0402 office:harbor-kids
picture contact-summary-family contact-summary c-0388 family:0388-mother
picture contact-summary-team contact-summary c-0388 $agency
picture contact-summary-physician contact-summary c-0388 office:oceanview-family/dr-lindqvist
picture transition-packet transition-packet c-0352 family:0352-mother
picture district-packet district-packet c-0352 office:norfolk-schools
picture monthly-reminder monthly-reminder c-0375 family:0375-mother
picture progress-report-reminder progress-report-reminder c-0388 $agency
picture lea-notice lea-notice c-0352 office:norfolk-schools
picture sea-notice sea-notice c-0352 office:state-education
picture opt-out-information opt-out-information c-0352 family:0352-mother
picture referral-acknowledgement referral-acknowledgement c-0417 office:ghent-pediatrics
picture ifsp-review-summary ifsp-review-summary c-0388 family:0388-mother
for kind in meeting-notice consent-to-release procedural-safeguards intake-letter \
    confidentiality-rights rights-and-advocacy provider-choices evaluation-consent insurance-consent eligible-notice \
    record-locations family-packet visit-packet; do
    picture $kind $kind c-0417 $mother
done
picture resource-list resource-list c-0411 family:0411-mother
picture prior-written-notice prior-written-notice c-0405 family:0405-mother
picture new-coordinator new-coordinator c-0394 family:0394-mother
picture exit-letter exit-letter c-0290 family:0290-mother
picture could-not-reach-you could-not-reach-you c-0398 family:0398-mother
picture not-eligible-notice not-eligible-notice c-0424 family:0424-mother
rm -f samples/gallery/*.png
python3 - "$work/png" <<'PYTHON'
import pathlib, sys
from PIL import Image
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.png")):
    picture = Image.open(path).convert("RGB").quantize(colors=32, dither=Image.Dither.NONE)
    picture.save(pathlib.Path("samples/gallery") / path.name, optimize=True)
PYTHON
