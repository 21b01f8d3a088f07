//! The copy of a file from elsewhere: it shows what the file shows, and it does nothing.

use std::{path::Path, process::Command, time::Instant};

use earlypost::document::external::{Examined, FiledFault, FiledLimits, examine};
use lopdf::{Document, Object};

use super::{
    awkward::{self, Raw, line, stream},
    made,
};

fn looked(file: &[u8]) -> Result<Examined, FiledFault> {
    examine(file, &FiledLimits::default())
}

/// Whether a program of the tests is here; where it has to be, its absence fails.
fn is_here(program: &str) -> bool {
    let here = Command::new(program).arg("--version").output().is_ok();
    if !here {
        assert!(std::env::var_os("CI").is_none(), "{program} is needed");
        eprintln!("skipped: {program} is not here");
    }
    here
}

/// The points of each page, as poppler draws it.
fn points(folder: &Path, file: &[u8]) -> Vec<Vec<u8>> {
    let path = folder.join("paper.pdf");
    std::fs::write(&path, file).unwrap();
    let drawn = folder.join("drawn");
    std::fs::create_dir(&drawn).unwrap();
    Command::new("pdftoppm").args(["-r", "30"]).arg(&path).arg(drawn.join("page")).output().unwrap();
    let mut pages: Vec<_> = std::fs::read_dir(&drawn).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let points = pages.iter().map(|page| std::fs::read(page).unwrap()).collect();
    std::fs::remove_dir_all(drawn).unwrap();
    points
}

#[test]
fn the_copies_of_a_hundred_awkward_files_show_what_the_files_show_point_for_point() {
    if !is_here("pdftoppm") {
        return;
    }
    let files = awkward::files();
    assert!(files.len() >= 100, "{}", files.len());
    let folder = tempfile::tempdir().unwrap();
    let differs = |(name, file): &(String, Vec<u8>)| {
        let copy = looked(file).unwrap_or_else(|fault| panic!("{name}: {fault}")).copy;
        let before = points(folder.path(), file);
        assert!(!before.is_empty(), "{name} is not drawn");
        (before != points(folder.path(), &copy)).then(|| name.clone())
    };
    let differing: Vec<String> = files.iter().filter_map(differs).collect();
    assert_eq!(differing, Vec::<String>::new());
}

#[test]
fn qpdf_has_nothing_to_say_about_a_copy() {
    if !is_here("qpdf") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let opening = Raw::report("")
        .catalog("/OpenAction 9 0 R")
        .with(9, "<</S/JavaScript/JS 10 0 R>>")
        .with(10, stream("", b"app.alert(1)"));
    let mut files = awkward::files();
    files.extend(awkward::repaired());
    files.push(("objects taken out".to_owned(), opening.written()));
    // Of a picture's own bytes qpdf says what it says of the file's.
    files.retain(|(name, _)| name != "a fax");
    for (name, file) in files {
        let copy = looked(&file).unwrap_or_else(|fault| panic!("{name}: {fault}")).copy;
        let path = folder.path().join("copy.pdf");
        std::fs::write(&path, copy).unwrap();
        let checked = Command::new("qpdf").arg("--check").arg(&path).output().unwrap();
        assert!(checked.status.success(), "{name}: {}", String::from_utf8_lossy(&checked.stderr));
    }
}

#[test]
fn what_a_reader_repairs_is_repaired_and_the_copy_has_its_page() {
    for (name, file) in awkward::repaired() {
        let found = looked(&file).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(found.words.pages.len(), 1, "{name}");
        assert!(found.words.pages[0].text.contains("A line that a reader finds again"), "{name}");
        let copy = Document::load_mem(&found.copy).unwrap();
        assert_eq!(copy.get_pages().len(), 1, "{name}");
        assert_eq!(copy.xref_recovery, None, "{name}: the copy needs no repair");
    }
}

#[test]
fn a_file_of_which_a_part_is_lost_is_refused() {
    let lost = Raw::report("").with(4, "<</Length 9>>\nstream\n\nendstream").written();
    assert!(looked(&lost).is_ok(), "a page on which nothing is drawn is a page");
    for file in [b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj".to_vec(), b"%PDF-1.7 nothing else".to_vec()] {
        assert_eq!(looked(&file).unwrap_err(), FiledFault::Broken);
    }
}

/// Every text and name in the objects of a PDF.
fn everything(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    format!("{:?}", document.objects)
}

fn link(action: &str) -> Raw {
    Raw::report("").page(&format!("/Annots[<</Type/Annot/Subtype/Link/Rect[72 500 400 530]/A<<{action}>>>>]"))
}

#[test]
fn no_action_stays_whatever_stands_beside_it() {
    let kinds = [
        "Launch",
        "GoToR",
        "GoToE",
        "SubmitForm",
        "ResetForm",
        "ImportData",
        "Hide",
        "Named",
        "Thread",
        "Sound",
        "Movie",
        "Rendition",
        "Trans",
        "SetOCGState",
        "GoTo3DView",
        "RichMediaExecute",
        "GoToDp",
        "JavaScript",
        "Unheard",
    ];
    let beside =
        ["", "/P 3 0 R", "/Type/Action", "/Type/StructElem/P 3 0 R", "/K 0/Pg 3 0 R", "/Subtype/Link/Rect[0 0 1 1]"];
    for kind in kinds {
        for beside in beside {
            let file = link(&format!("/S/{kind}/F(harm.exe)/JS(harm)/URI(harm:){beside}")).written();
            let found = looked(&file).unwrap();
            assert_eq!(found.taken_out.len(), 1, "{kind}{beside}: {:?}", found.taken_out);
            let copy = everything(&found.copy);
            assert!(!copy.contains("harm") && !copy.contains(kind), "{kind}{beside}: {copy}");
        }
    }
}

#[test]
fn actions_are_found_wherever_a_file_may_hold_them() {
    let harm = "<</S/Launch/F(harm)>>";
    let field = |more: &str| {
        Raw::report("")
            .page("/Annots[6 0 R]")
            .catalog("/AcroForm<</Fields[6 0 R]>>")
            .with(6, format!("<</Subtype/Widget/FT/Tx/T(a)/Rect[9 9 99 99]{more}>>"))
    };
    let files = [
        Raw::report("").catalog(&format!("/OpenAction{harm}")),
        Raw::report("").catalog(&format!("/AA<</WC{harm}>>")),
        Raw::report("").catalog("/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(harm)>>]>>>>"),
        Raw::report("").catalog("/URI<</Base(harm:)>>"),
        Raw::report("").page(&format!("/AA<</O{harm}>>")),
        Raw::report("")
            .catalog("/Outlines 6 0 R")
            .with(6, "<</First 7 0 R/Last 7 0 R>>")
            .with(7, format!("<</Title(a)/Parent 6 0 R/A{harm}>>")),
        field(&format!("/A{harm}")),
        field(&format!("/AA<</K{harm}>>")),
        field(&format!("/PA{harm}")),
        field("/MK<</JS(harm)>>"),
        link(&format!("/S/URI/URI(https://example.org/)/Next{harm}")),
        link(&format!("/S/GoTo/D[3 0 R/Fit]/Next[{harm}]")),
        link("/S/GoTo/D[3 0 R/Fit]/SD[7 0 R]").with(7, "<</S/Launch/F(harm)>>"),
        Raw::report("").page("/Annots[<</Subtype/Screen/Rect[0 0 9 9]/A<</S/Rendition/JS(harm)>>>>]"),
        Raw::report("")
            .page("/Annots[<</Subtype/FileAttachment/Rect[0 0 9 9]/FS<</F(harm)/EF<</F 7 0 R>>>>>>]")
            .with(7, stream("/Type/EmbeddedFile", b"harm")),
        Raw::report("")
            .catalog("/Names<</EmbeddedFiles<</Names[(harm)<</F(harm)/EF<</F 7 0 R>>>>]>>>>")
            .with(7, stream("/Type/EmbeddedFile", b"harm")),
        Raw::report("").catalog("/AF[<</F(harm)/EF<</F 7 0 R>>>>]").with(7, stream("/Type/EmbeddedFile", b"harm")),
        Raw::report("")
            .catalog("/StructTreeRoot 6 0 R")
            .with(6, "<</Type/StructTreeRoot/K 7 0 R>>")
            .with(7, format!("<</S/Link/P 6 0 R/A{harm}/K{harm}/AF[(harm)]>>")),
        Raw::report("/X Do").resources("/XObject<</X 6 0 R>>").with(6, stream("/Subtype/PS", b"harm")),
        Raw::report("/X Do")
            .resources("/XObject<</X 6 0 R>>")
            .with(6, stream("/Subtype/Form/BBox[0 0 9 9]/Ref<</F(harm)/Page 0>>/PieceInfo<</a(harm)>>", b"")),
        Raw::report("").page("/PieceInfo<</Other<</Private(harm)>>>>/Thumb 6 0 R").with(6, stream("", b"harm")),
        Raw::report("").trailer("/Info 6 0 R").with(6, "<</Title(harm)/Author(harm)/Own(harm)>>"),
        Raw::report("").catalog("/Metadata 6 0 R").with(6, stream("/Type/Metadata/Subtype/XML", b"<x>harm</x>")),
        Raw::report("").catalog("/Perms<</DocMDP 6 0 R>>").with(6, "<</Type/Sig/Reason(harm)/Contents(harm)>>"),
    ];
    for (i, file) in files.iter().enumerate() {
        let found = looked(&file.written()).unwrap_or_else(|fault| panic!("{i}: {fault}"));
        let copy = everything(&found.copy);
        assert!(!copy.contains("harm"), "{i}: {copy}");
        let bytes = String::from_utf8_lossy(&found.copy).into_owned();
        assert!(!bytes.contains("harm") && !bytes.contains("/Launch") && !bytes.contains("/JavaScript"), "{i}");
    }
}

#[test]
fn links_stay_where_they_lead_to_web_pages_mail_and_places_of_the_paper() {
    let stays = |address: &str| {
        let found = looked(&link(&format!("/S/URI/URI({address})")).written()).unwrap();
        let stays = everything(&found.copy).contains("/URI");
        assert_eq!(stays, found.taken_out.is_empty(), "{address}");
        stays
    };
    for address in
        ["http://example.org/", "https://example.org/a?b=c#d", "HTTPS://example.org", "mailto:anna@example.org"]
    {
        assert!(stays(address), "{address}");
    }
    for address in [
        "javascript:alert\\(1\\)",
        "JaVaScRiPt:x",
        "java\\nscript:x",
        " https://example.org",
        "file:///etc/passwd",
        "www.example.org",
        "data:text/html,x",
        "\\\\\\\\server\\\\share",
        "tel:7575550100",
        "mailto:a@example.org?attach=/etc/passwd",
        "https://",
        "https://a\\000b",
        "",
    ] {
        assert!(!stays(address), "{address}");
    }
}

#[test]
fn a_part_that_stands_in_another_file_is_refused() {
    for other in ["/F(http://example.org/x)", "/F<</FS/URL/F(http://example.org/x)>>", "/F 7 0 R"] {
        let file = Raw::report("/X Do")
            .resources("/XObject<</X 6 0 R>>")
            .with(7, "(other.pdf)")
            .with(6, stream(&format!("/Subtype/Form/BBox[0 0 9 9]{other}"), b""));
        let says = looked(&file.written()).unwrap_err().to_string();
        assert!(says.contains("a part that stands in another file"), "{says}");
    }
}

#[test]
fn a_signature_is_not_in_the_copy_and_what_it_shows_is() {
    let file = Raw::report("")
        .page("/Annots[6 0 R]")
        .catalog("/AcroForm<</SigFlags 3/Fields[6 0 R]>>")
        .with(6, "<</Subtype/Widget/FT/Sig/T(sig)/Rect[100 100 300 150]/V 7 0 R/AP<</N 8 0 R>>>>")
        .with(7, "<</Type/Sig/Filter/Adobe.PPKLite/Contents<00>/ByteRange[0 1 2 3]/Name(Anna)>>")
        .with(
            8,
            stream(
                "/Subtype/Form/BBox[0 0 200 50]/Resources<</Font<</F1 5 0 R>>>>",
                b"BT /F1 9 Tf 5 5 Td (signed by hand) Tj ET",
            ),
        );
    let found = looked(&file.written()).unwrap();
    assert_eq!(found.taken_out, ["an electronic signature (what it shows on the page stays)"]);
    assert!(found.words.pages[0].text.contains("signed by hand"));
    assert!(!everything(&found.copy).contains("ByteRange"));
}

#[test]
fn a_form_or_a_portfolio_that_only_one_reader_shows_is_refused_with_the_way_out() {
    let waits = || Raw::report(&line(600, "Please wait..."));
    let field = "<</Subtype/Widget/FT/Tx/T(a)/V(filled in)/Rect[9 9 99 99]>>";
    for form in [
        waits()
            .catalog("/NeedsRendering true/AcroForm<</Fields[6 0 R]/XFA 7 0 R>>")
            .page("/Annots[6 0 R]")
            .with(6, field),
        waits().catalog("/AcroForm<</Fields[]/XFA 7 0 R>>"),
        waits().catalog("/AcroForm<</XFA[(template)7 0 R]>>"),
        waits().catalog("/AcroForm<</Fields[6 0 R]/XFA 7 0 R>>").with(6, "<</FT/Tx/T(form)/V(filled in)>>"),
    ] {
        let says = looked(&form.with(7, stream("", b"<xdp/>")).written()).unwrap_err().to_string();
        assert_eq!(says, "this form shows only in Adobe Reader: print it to PDF there and take that in");
    }
    let shows = Raw::report("").catalog("/AcroForm<</Fields[6 0 R]/XFA 7 0 R>>").page("/Annots[6 0 R]").with(6, field);
    let found = looked(&shows.with(7, stream("", b"<xdp/>")).written()).unwrap();
    assert_eq!(found.taken_out, ["a form that is a program"]);
    let says = looked(&Raw::report("").catalog("/Collection<</View/D>>").written()).unwrap_err().to_string();
    assert!(says.contains("save the files out of it"), "{says}");
}

#[test]
fn a_file_that_opens_without_a_password_is_taken_in_and_its_copy_is_not_encrypted() {
    let file = made::encrypted(&["Maya Rivera, number 26-0417, read by everybody"], "");
    let found = looked(&file).unwrap();
    assert_eq!(found.taken_out, ["a lock against copying or changes"]);
    assert!(found.words.pages[0].text.contains("read by everybody"));
    let copy = Document::load_mem(&found.copy).unwrap();
    assert!(!copy.is_encrypted() && !copy.was_encrypted());
    assert_eq!(looked(&made::encrypted(&["Maya"], "secret")).unwrap_err(), FiledFault::Encrypted);
    if !is_here("qpdf") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (plain, locked) = (folder.path().join("plain.pdf"), folder.path().join("locked.pdf"));
    std::fs::write(&plain, Raw::report("").written()).unwrap();
    for way in [
        &["40"][..],
        &["128", "--use-aes=n"],
        &["128", "--use-aes=y"],
        &["128", "--use-aes=y", "--cleartext-metadata"],
        &["256"],
        &["256", "--force-R5"],
    ] {
        let mut made = Command::new("qpdf");
        made.args(["--allow-weak-crypto", "--encrypt", "", "owner"]).args(way).arg("--").arg(&plain).arg(&locked);
        let made = made.output().unwrap();
        assert!(made.status.success(), "{way:?}: {}", String::from_utf8_lossy(&made.stderr));
        let found = looked(&std::fs::read(&locked).unwrap()).unwrap_or_else(|fault| panic!("{way:?}: {fault}"));
        assert!(found.words.pages[0].text.contains("Evaluation of Maya Rivera"), "{way:?}");
    }
}

#[test]
fn properties_and_metadata_are_written_anew_and_the_trailer_counts_right() {
    let file = Raw::report("")
        .trailer("/Info 6 0 R")
        .catalog("/Metadata 7 0 R")
        .with(6, "<</Title(Anna)/Author(Anna)/Creator(Anna)>>")
        .with(7, stream("/Type/Metadata/Subtype/XML", b"<x a='Anna'/>"));
    let copy = Document::load_mem(&looked(&file.written()).unwrap().copy).unwrap();
    let info = copy.trailer.get(b"Info").and_then(Object::as_reference).and_then(|id| copy.get_dictionary(id)).unwrap();
    assert_eq!(info.iter().map(|(key, _)| key.as_slice()).collect::<Vec<_>>(), [b"Producer"]);
    assert!(!copy.catalog().unwrap().has(b"Metadata"));
    let highest = copy.objects.keys().map(|id| id.0).max().unwrap();
    assert_eq!(copy.trailer.get(b"Size").and_then(Object::as_i64).unwrap(), i64::from(highest) + 1);
}

#[test]
fn the_copy_of_a_copy_is_the_same_copy() {
    for (name, file) in awkward::files() {
        let first = looked(&file).unwrap();
        let second = looked(&first.copy).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(second.taken_out, Vec::<String>::new(), "{name}");
        assert_eq!(first.words.pages, second.words.pages, "{name}");
    }
}

#[test]
fn loops_and_a_hundred_thousand_pages_end_in_seconds() {
    let mut pages = Raw::report("");
    pages.pages = format!("/Count 100000/Kids[{}]", (10..100_010).map(|n| format!("{n} 0 R ")).collect::<String>());
    for number in 10..100_010 {
        pages.more.push((number, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_vec()));
    }
    let mut laughs = Raw::report("/X Do").resources("/XObject<</X 10 0 R>>");
    for number in 10..20 {
        let inner = format!("/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X {} 0 R>>>>", number + 1);
        laughs = laughs.with(number, stream(&inner, b"/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do"));
    }
    let laughs = laughs.with(20, stream("/Subtype/Form/BBox[0 0 99 99]", b"0 0 9 9 re f"));
    let mut ring = Raw::report("")
        .catalog("/Outlines 10 0 R/Names<</Dests 10 0 R>>/Dests 10 0 R/PageLabels 10 0 R/StructTreeRoot 10 0 R");
    ring = ring.with(10, "<</First 10 0 R/Next 10 0 R/Kids[10 0 R]/K[10 0 R 10 0 R]/P 10 0 R/ParentTree 10 0 R/Nums[0 10 0 R]/Names[(a)10 0 R]/D 10 0 R>>");
    let nested = Raw::report("").resources(&format!("/ColorSpace<</C{}{}>>", "[".repeat(20_000), "]".repeat(20_000)));
    let began = Instant::now();
    assert!(matches!(looked(&pages.written()), Err(FiledFault::TooManyPages { pages: 100_000, .. })));
    assert!(looked(&laughs.written()).unwrap_err().to_string().contains("draws without end"));
    looked(&ring.written()).unwrap();
    drop(looked(&nested.written()));
    let took = began.elapsed().as_secs();
    assert!(took < 60, "{took} s");
}
