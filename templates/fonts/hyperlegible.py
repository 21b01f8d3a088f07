#!/usr/bin/env python3
"""Makes our family from Atkinson Hyperlegible Next: the same letters, a zero without a slash, no kerning at spaces.

    python3 hyperlegible.py FOLDER-WITH-THE-ORIGINALS      (needs fonttools)

On a fax a slashed zero turns into an eight, and the family has no plain alternate. The bowl that the slash cuts in two
is drawn again: the outline of the zero itself, made as narrow and as low as the two halves together, turned inside out.
Without its slash the zero is told from the letter O by its width alone, so it is a tenth narrower than it was.

The original moves some letters a hundredth of their size nearer to a space. Nobody sees it, but because of it a line
that breaks at such a space has to be set a second time: without it a plan is set in five sixths of the time. What is left
of the kerning is written as one list of pairs, in which two letters are found at once: that is a twentieth of the time.

The licence (OFL 1.1, no reserved name) allows this; the family has a name of its own so that nobody mistakes it for the
original.
"""

import sys
from math import radians, tan
from pathlib import Path

from fontTools.otlLib.builder import buildPairPosGlyphs, buildValue
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

OURS = "Earlypost Hyperlegible"
ORIGINAL = "Atkinson Hyperlegible Next"
WIDTH = 0.9


def contours(font, name, lean):
    """The closed outlines of a glyph set upright, each as a list of pen calls."""
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(TransformPen(pen, (1, 0, -lean, 1, 0, 0)))
    found = []
    for call in pen.value:
        if call[0] == "moveTo":
            found.append([])
        found[-1].append(call)
    return found


def box(calls):
    points = [p for _, args in calls for p in args if p is not None]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def play(calls, pen):
    for operator, args in calls:
        getattr(pen, operator)(*args)


def unslash(font, name):
    """Replaces the halves of the bowl by a whole one."""
    lean = tan(radians(-font["post"].italicAngle))
    outlines = sorted(contours(font, name, lean), key=lambda c: box(c)[0])
    outer, halves = outlines[0], outlines[1:]
    assert len(halves) == 2, f"{name} has no slash"
    boxes = [box(c) for c in halves]
    inner = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    left, bottom, right, top = box(outer)
    lost = (right - left) * (1 - WIDTH)  # the bowl loses it all, so that the stems keep their weight
    across = (inner[2] - inner[0] - lost) / (right - left)
    along = (inner[3] - inner[1]) / (top - bottom)

    pen = TTGlyphPen(None)
    upright = TransformPen(pen, (1, 0, lean, 1, 0, 0))
    play(outer, TransformPen(upright, (WIDTH, 0, 0, 1, left * (1 - WIDTH), 0)))
    play(outer, TransformPen(ReverseContourPen(upright), (across, 0, 0, along, inner[0] - left * across, inner[1] - bottom * along)))
    glyph = pen.glyph()
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (round(font["hmtx"][name][0] - lost), glyph.xMin)


def centre(font, name):
    """Sets a glyph that is made of one other in the middle of its own width."""
    glyph, (advance, _) = font["glyf"][name], font["hmtx"][name]
    part = glyph.components[0]
    part.x = (advance - font["hmtx"][part.glyphName][0]) // 2
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, glyph.xMin)


def free_spaces(font):
    """Takes the space out of the kerning by classes; no single pair names it."""
    space = font.getBestCmap()[ord(" ")]
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if table.LookupType != 2:
                continue
            if table.Format == 1:
                seconds = {pair.SecondGlyph for pairs in table.PairSet for pair in pairs.PairValueRecord}
                assert space not in seconds | set(table.Coverage.glyphs), "a pair names the space"
                continue
            table.ClassDef2.classDefs.pop(space, None)
            table.ClassDef1.classDefs.pop(space, None)
            table.Coverage.glyphs = [glyph for glyph in table.Coverage.glyphs if glyph != space]


def flatten_kerning(font):
    """Writes the kerning as one list of pairs, with the very distances that the classes and their exceptions add up to."""
    gpos = font["GPOS"].table
    features = [record.Feature for record in gpos.FeatureList.FeatureRecord if record.FeatureTag == "kern"]
    places = sorted({place for feature in features for place in feature.LookupListIndex})
    distances = {}
    for place in places:
        found = {}  # within a lookup the first table that knows a pair decides
        for table in gpos.LookupList.Lookup[place].SubTable:
            table = getattr(table, "ExtSubTable", table)
            for pair, value in pairs_of(table, font.getGlyphOrder()):
                found.setdefault(pair, value)
        for pair, value in found.items():
            distances[pair] = distances.get(pair, 0) + value
    values = {pair: (buildValue({"XAdvance": value}), None) for pair, value in distances.items() if value}
    lookup = gpos.LookupList.Lookup[places[0]]
    lookup.LookupType = 2
    lookup.SubTable = buildPairPosGlyphs(values, font.getReverseGlyphMap())
    lookup.SubTableCount = len(lookup.SubTable)
    for feature in features:
        feature.LookupListIndex, feature.LookupCount = [places[0]], 1


def pairs_of(table, glyphs):
    """Every pair that a table knows, with how far the second glyph moves."""
    if table.Format == 1:
        for first, pairs in zip(table.Coverage.glyphs, table.PairSet):
            for record in pairs.PairValueRecord:
                yield (first, record.SecondGlyph), moved(record)
        return
    for first in table.Coverage.glyphs:
        records = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)].Class2Record
        for second in glyphs:
            yield (first, second), moved(records[table.ClassDef2.classDefs.get(second, 0)])


def moved(record):
    parts = {name: value for part in (record.Value1, record.Value2) if part for name, value in vars(part).items() if value}
    assert set(parts) <= {"XAdvance"}, f"a pair does more than move: {parts}"
    return parts.get("XAdvance", 0)


def main(folder):
    for path in sorted(Path(folder).glob("AtkinsonHyperlegibleNext_*.ttf")):
        font = TTFont(path)
        unslash(font, "zero")
        centre(font, "zero.tf")  # the one for columns is made of it
        free_spaces(font)
        flatten_kerning(font)
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16, 25):
                text = record.toUnicode()
                text = text.replace(ORIGINAL, OURS).replace(ORIGINAL.replace(" ", ""), OURS.replace(" ", ""))
                font["name"].setName(text, record.nameID, record.platformID, record.platEncID, record.langID)
        font.save(Path(__file__).parent / path.name.replace("AtkinsonHyperlegibleNext", "EarlypostHyperlegible"))


if __name__ == "__main__":
    main(sys.argv[1])
