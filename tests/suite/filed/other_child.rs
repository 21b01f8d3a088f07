//! Another child in a PDF, in all the ways in which programs and people write a name.

use earlypost::case::FiledKind;

use super::{
    ask,
    awkward::{Raw, line, stream},
    try_in,
};
use crate::harness::{MAYA, World};

/// Theo James Whitfield, 26-0398.
const OTHER: &str = "c-0398";

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Way {
    /// As anybody would write it.
    Plain,
    Other,
}

fn drawn(how: &str) -> Raw {
    Raw::report(&format!("BT /F1 12 Tf {how} ET\n"))
}

fn said(text: &str) -> Raw {
    Raw::report(&line(650, text))
}

fn note(dict: &str) -> Raw {
    Raw::report("").page(&format!("/Annots[<</Type/Annot/Rect[72 500 400 530]{dict}>>]"))
}

fn lying_map(shift: u8) -> Raw {
    mapped(shift, "Theo Whitfield")
}

fn mapped(shift: u8, name: &str) -> Raw {
    let map = format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /x def\n/CMapType 2 def\n\
1 begincodespacerange\n<00> <ff>\nendcodespacerange\n1 beginbfrange\n<21> <7d> <{:04x}>\nendbfrange\nendcmap\nend\nend",
        0x21 + u32::from(shift)
    );
    Raw::report(&format!("BT /F2 12 Tf 72 650 Td ({name}) Tj 0 -20 Td (was here with us on Monday) Tj ET\n"))
        .with(
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
        )
        .with(6, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 7 0 R>>")
        .with(7, stream("", map.as_bytes()))
}

fn letters_one_by_one() -> Raw {
    // In any order, each where it belongs.
    let letters: Vec<(usize, char)> = "Theo Whitfield".chars().enumerate().filter(|(_, c)| *c != ' ').collect();
    let one = |(i, c): &(usize, char)| format!("BT /F1 12 Tf {} 650 Td ({c}) Tj ET\n", 72 + i * 12);
    Raw::report(&letters.iter().rev().map(one).collect::<String>())
}

fn on_its_end(letters: &str) -> Raw {
    let one = |(i, c): (usize, char)| format!("BT /F1 12 Tf 300 {} Td ({c}) Tj ET\n", 600 - i * 14);
    Raw::report(&letters.chars().enumerate().filter(|(_, c)| *c != ' ').map(one).collect::<String>())
}

fn picture_of_words() -> Raw {
    Raw::report("q 450 0 0 300 72 200 cm /I Do Q\n").resources("/XObject<</I 6 0 R>>")
        .with(6, stream("/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/ASCIIHexDecode", b"ff 00 ff 00>"))
}

fn layer(view: &str) -> Raw {
    Raw::report(&format!("/OC /L1 BDC\n{}EMC\n", line(650, "Theo Whitfield")))
        .resources("/Properties<</L1 6 0 R>>")
        .catalog(&format!("/OCProperties<</OCGs[6 0 R]/D<<{view}>>>>"))
        .with(6, "<</Type/OCG/Name(layer)>>")
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn ways() -> Vec<(&'static str, Way, Raw)> {
    use Way::{Other, Plain};
    let form = |fields: &str| {
        Raw::report("")
            .page("/Annots[6 0 R 7 0 R]")
            .catalog("/AcroForm<</Fields[6 0 R 7 0 R]/NeedAppearances true>>")
            .with(6, format!("<</Subtype/Widget/FT/Tx/T(a)/Rect[72 500 200 520]{fields}>>"))
    };
    let inner = |drawing: &str| {
        Raw::report("/X Do\n")
            .resources("/XObject<</X 6 0 R>>")
            .with(6, stream("/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>", drawing.as_bytes()))
    };
    vec![
        ("plain", Plain, said("Seen together with Theo Whitfield on Monday.")),
        ("in capitals", Plain, said("THEO WHITFIELD")),
        ("in small letters", Plain, said("theo whitfield")),
        (
            "over a line's end",
            Plain,
            Raw::report(&format!("{}{}", line(650, "seen with Theo"), line(636, "Whitfield on Monday"))),
        ),
        ("last, first", Plain, said("Patient: Whitfield, Theo")),
        ("last first", Plain, said("Whitfield Theo")),
        ("a middle name", Plain, said("Theo James Whitfield")),
        ("a middle initial", Plain, said("Theo J. Whitfield")),
        ("last, first and middle", Plain, said("WHITFIELD, THEO JAMES")),
        ("the number", Plain, said("Case 26-0398")),
        ("the number without its dash", Plain, said("Case 260398")),
        ("the number with another dash", Plain, said("Case 26\\2260398")),
        ("the number with blanks", Plain, said("Case 26 - 0398")),
        ("possessive", Plain, said("Theo Whitfield\\222s plan")),
        ("in quotation marks", Plain, said("\\223Theo Whitfield\\224")),
        ("two blanks", Plain, said("Theo  Whitfield")),
        (
            "divided at a line's end",
            Plain,
            Raw::report(&format!("{}{}", line(650, "Seen with Theo Whit-"), line(636, "field on Monday."))),
        ),
        ("an underscore", Other, said("Theo_Whitfield")),
        ("in an address", Other, said("theo.whitfield@example.org")),
        ("in white", Other, drawn("1 g 72 650 Td (Theo Whitfield) Tj")),
        ("not drawn", Other, drawn("3 Tr 72 650 Td (Theo Whitfield) Tj")),
        ("very small", Other, Raw::report("BT /F1 1 Tf 72 650 Td (Theo Whitfield) Tj ET")),
        ("turned to the left", Other, drawn("0 1 -1 0 300 200 Tm (Theo Whitfield was seen too) Tj")),
        ("turned to the right", Other, drawn("0 -1 1 0 300 600 Tm (Theo Whitfield was seen too) Tj")),
        ("upside down", Other, drawn("-1 0 0 -1 300 600 Tm (Theo Whitfield was seen too) Tj")),
        ("askew", Other, drawn("0.866 0.5 -0.5 0.866 300 300 Tm (Theo Whitfield was seen too) Tj")),
        ("a page on its side", Other, drawn("0 1 -1 0 300 200 Tm (Theo Whitfield was seen too) Tj").page("/Rotate 90")),
        ("mirrored", Other, drawn("-1 0 0 1 300 300 Tm (Theo Whitfield was seen too) Tj")),
        ("spaced letters", Other, drawn("3 Tc 72 650 Td (Theo Whitfield) Tj")),
        ("widely spaced letters", Other, drawn("9 Tc 72 650 Td (Theo Whitfield) Tj")),
        ("spaced with blanks", Other, said("T h e o   W h i t f i e l d")),
        ("tight letters", Other, drawn("-1 Tc 72 650 Td (Theo Whitfield) Tj")),
        ("stretched", Other, drawn("200 Tz 72 650 Td (Theo Whitfield) Tj")),
        ("spaced and turned", Other, drawn("3 Tc 0 1 -1 0 300 200 Tm (Theo Whitfield) Tj")),
        ("letter by letter, from behind", Other, letters_one_by_one()),
        ("letters one below the other", Other, on_its_end("Theo Whitfield")),
        ("word by word, from behind", Other, drawn("102 650 Td (Whitfield) Tj -30 0 Td (Theo) Tj")),
        ("in kerned pieces", Other, drawn("72 650 Td [(Th)20(eo)-300(Wh)15(itfi)-10(eld)] TJ")),
        ("raised letters", Other, drawn("72 650 Td 2 Ts (Theo) Tj 0 Ts ( Whitfield) Tj")),
        ("two cells of a row", Other, drawn("72 650 Td (Theo) Tj 130 0 Td (2024-12-11) Tj 100 0 Td (Whitfield) Tj")),
        ("two cells, last name first", Other, drawn("72 650 Td (Whitfield) Tj 130 0 Td (male) Tj 100 0 Td (Theo) Tj")),
        (
            "two labels",
            Other,
            Raw::report(&format!("{}{}", line(660, "First name: Theo"), line(640, "Last name: Whitfield"))),
        ),
        (
            "two labels, last name first",
            Other,
            Raw::report(&format!("{}{}", line(660, "Last name: Whitfield"), line(640, "First name: Theo"))),
        ),
        ("two labels in a line", Other, said("First name: Theo Last name: Whitfield")),
        (
            "labels above",
            Other,
            Raw::report(
                "BT /F1 12 Tf 72 660 Td (First name) Tj 200 0 Td (Last name) Tj -200 -14 Td (Theo) Tj 200 0 Td (Whitfield) Tj ET",
            ),
        ),
        ("a stacked table", Other, Raw::report(&format!("{}{}", line(660, "Theo"), line(640, "Whitfield")))),
        ("a map that lies", Other, lying_map(1)),
        ("a map that lies a little", Other, lying_map(4)),
        ("a layer switched off", Other, layer("/OFF[6 0 R]")),
        ("a layer's name", Other, layer("").with(6, "<</Type/OCG/Name(Theo Whitfield)>>")),
        ("in a drawing of its own", Other, inner(&line(650, "Theo Whitfield"))),
        ("cut off", Other, Raw::report(&format!("q 0 0 1 1 re W n {} Q", line(650, "Theo Whitfield")))),
        ("beside the page", Other, Raw::report("BT /F1 12 Tf 72 2000 Td (Theo Whitfield) Tj ET")),
        ("the title", Other, Raw::report("").trailer("/Info 6 0 R").with(6, "<</Title(Theo Whitfield)>>")),
        (
            "a property of its own",
            Other,
            Raw::report("").trailer("/Info 6 0 R").with(6, "<</PatientName(Theo Whitfield)>>"),
        ),
        (
            "an element of the metadata",
            Other,
            Raw::report("")
                .catalog("/Metadata 6 0 R")
                .with(6, stream("/Type/Metadata/Subtype/XML", b"<a><b>Theo Whitfield</b></a>")),
        ),
        (
            "an attribute of the metadata",
            Other,
            Raw::report("")
                .catalog("/Metadata 6 0 R")
                .with(6, stream("/Type/Metadata/Subtype/XML", b"<a><b c=\"Theo Whitfield\"/></a>")),
        ),
        ("a note", Other, note("/Subtype/Text/Contents(Theo Whitfield)")),
        ("a note's author", Other, note("/Subtype/Text/T(Theo Whitfield)/Contents(x)")),
        (
            "a hidden stamp",
            Other,
            note("/Subtype/Stamp/F 2/AP<</N 6 0 R>>").with(
                6,
                stream(
                    "/Subtype/Form/BBox[0 0 300 30]/Resources<</Font<</F1 5 0 R>>>>",
                    line(5, "Theo Whitfield").replace("72 5", "5 5").as_bytes(),
                ),
            ),
        ),
        ("a field", Other, form("/V(Theo Whitfield)").with(7, "<</Subtype/Widget/FT/Tx/T(b)/Rect[0 0 9 9]>>")),
        (
            "two fields",
            Other,
            form("/V(Theo)").with(7, "<</Subtype/Widget/FT/Tx/T(b)/V(Whitfield)/Rect[72 400 200 420]>>"),
        ),
        (
            "a field in two bytes a letter",
            Other,
            form("/V<FEFF005400680065006F00200057006800690074006600690065006C0064>").with(7, "null"),
        ),
        ("choices of a field", Other, form("/FT/Ch/Opt[(Maya Rivera)[(x)(Theo Whitfield)]]").with(7, "null")),
        ("the label of a field", Other, form("/TU(Theo Whitfield)").with(7, "null")),
        (
            "the address of a link",
            Other,
            note("/Subtype/Link/A<</S/URI/URI(https://example.org/?p=Theo%20Whitfield&id=26-0398)>>"),
        ),
        (
            "a bookmark",
            Other,
            Raw::report("")
                .catalog("/Outlines 6 0 R")
                .with(6, "<</First 7 0 R/Last 7 0 R>>")
                .with(7, "<</Title(Theo Whitfield)/Parent 6 0 R>>"),
        ),
        ("the name of a place", Other, Raw::report("").catalog("/Dests<</Theo#20Whitfield[3 0 R/Fit]>>")),
        ("the label of a page", Other, Raw::report("").catalog("/PageLabels<</Nums[0<</P(Theo Whitfield )/S/D>>]>>")),
        (
            "alternate text",
            Other,
            Raw::report("")
                .catalog("/StructTreeRoot 6 0 R")
                .with(6, "<</Type/StructTreeRoot/K 7 0 R>>")
                .with(7, "<</S/Figure/P 6 0 R/Alt(Theo Whitfield)>>"),
        ),
        (
            "text in place of what is drawn",
            Other,
            Raw::report(&format!("/Span<</ActualText(Theo Whitfield)>>BDC\n{}EMC\n", line(650, "x"))),
        ),
        (
            "the name of a file inside",
            Other,
            Raw::report("")
                .catalog("/Names<</EmbeddedFiles<</Names[(a)<</F(Theo Whitfield.docx)/EF<</F 6 0 R>>>>]>>>>")
                .with(6, stream("/Type/EmbeddedFile", b"x")),
        ),
        ("a picture of words", Other, picture_of_words()),
    ]
}

#[test]
fn another_child_is_found_or_asked_about_in_nineteen_of_twenty_ways_and_in_all_of_the_plain_ones() {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    let ways = ways();
    assert!(ways.len() >= 62, "{}", ways.len());
    let missed: Vec<_> = ways
        .iter()
        .filter(|(name, way, file)| {
            let says = match try_in(&world, &file.written(), &ask(FiledKind::EvaluationReport)) {
                Ok(_) => return true,
                Err(refused) => refused.to_string(),
            };
            let found = says.contains("names another child");
            assert!(found || says.contains("no machine can read page 1"), "{name}: {says}");
            // What anybody would write so is found, not only asked about.
            assert!(found || *way == Way::Other, "{name}: {says}");
            false
        })
        .map(|(name, way, _)| (*name, *way))
        .collect();
    assert!(missed.iter().all(|(_, way)| *way == Way::Other), "{missed:?}");
    assert!(missed.len() * 20 <= ways.len(), "{missed:?}");
    assert_eq!(missed, []);
}

#[test]
fn people_of_the_record_words_that_only_look_like_a_name_and_ordinary_pages_are_no_alarm() {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    let logo = Raw::report("q 100 0 0 60 72 720 cm /I Do Q\n")
        .resources("/XObject<</I 6 0 R>>")
        .with(6, stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", b"x"));
    for (name, file) in [
        ("her own report", Raw::report(&line(650, "Maya Rose Rivera; RIVERA, MAYA; 260417"))),
        ("labels", Raw::report(&format!("{}{}", line(660, "First name: Maya"), line(640, "Last name: Rivera")))),
        ("first names alone", said("Theo and Dana met. Whitfield Avenue is near.")),
        (
            "a table of scores",
            drawn(
                "72 650 Td (Motor) Tj 130 0 Td (86) Tj 100 0 Td (Low average) Tj -230 -20 Td (Language) Tj 130 0 Td (91) Tj",
            ),
        ),
        ("a letterhead", logo),
        ("single letters in a table", said("Grades are A, B and C; section D of the form was left out.")),
        ("a map that is right", mapped(0, "Maya Rivera")),
    ] {
        if let Err(refused) = try_in(&world, &file.written(), &ask(FiledKind::EvaluationReport)) {
            panic!("{name}: {refused}");
        }
    }
}

#[test]
fn a_page_that_no_machine_can_be_sure_of_asks_a_person() {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    let letter =
        |(i, c): (usize, char)| format!("BT /F1 12 Tf {} {} Td ({c}) Tj ET\n", 72 + (i * 37) % 400, 600 - i * 9);
    let single: String = ('a'..='z').chain('a'..='n').enumerate().map(letter).collect();
    let shape = |i: i32| {
        let (x, y) = (72 + i % 40 * 10, 600 - i / 40 * 14);
        format!(
            "{x} {y} m {} {y} l {} {} l {x} {} l {x} {} l {} {} l {x} {y} l h f\n",
            x + 6,
            x + 6,
            y + 2,
            y + 4,
            y + 9,
            x + 3,
            y + 9
        )
    };
    let shapes: String = (0..200).map(shape).collect();
    for (name, file) in [
        ("single letters", Raw::drawing(&single)),
        ("a picture of words", picture_of_words()),
        ("a lying map", lying_map(1)),
        ("letters as shapes", Raw::report(&shapes)),
    ] {
        let says = super::refusal(&world, &file.written(), &ask(FiledKind::EvaluationReport));
        assert!(says.contains("no machine can read page 1") || says.contains("names another child"), "{name}: {says}");
        assert!(name == "a lying map" || says.contains("no machine can read page 1"), "{name}: {says}");
    }
}
