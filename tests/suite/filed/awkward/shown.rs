//! What programs write, by the parts of a PDF that few readers know all of.

use super::{
    made,
    raw::{Raw, line, stream},
};

type File = (&'static str, Raw);

pub fn files() -> Vec<(String, Vec<u8>)> {
    let raw = pages().into_iter().chain(fonts()).chain(paint()).chain(pictures()).chain(notes()).chain(layers());
    let raw = raw.map(|(name, raw)| (name.to_owned(), raw.written()));
    let others = [
        ("three pages", made::pdf(&["one", "two", "three"])),
        ("a scan", made::scan(2)),
        ("a scan that reads", made::scan_that_reads(&["Maya Rivera", "page two"])),
        ("tables of objects packed", packed(made::document(&["one", "two"]))),
        ("rc4, 128 bits, for all to read", made::encrypted(&["Maya Rivera, read by all"], "")),
    ];
    raw.chain(others.map(|(name, file)| (name.to_owned(), file))).collect()
}

fn packed(mut document: lopdf::Document) -> Vec<u8> {
    let mut out = Vec::new();
    document.save_modern(&mut out).unwrap();
    out
}

fn text() -> String {
    format!("{}{}", line(700, "A line of text"), line(660, "and another \\(in brackets\\)"))
}

fn plain() -> Raw {
    Raw::drawing(&text())
}

fn pages() -> Vec<File> {
    let inherited = |more: &str| {
        let mut raw = plain();
        "/Parent 2 0 R".clone_into(&mut raw.page);
        raw.pages += "/MediaBox[0 0 400 500]";
        raw.pages += more;
        raw
    };
    let nested = Raw { pages: "/Kids[6 0 R]/Count 1/MediaBox[0 0 500 300]".to_owned(), ..plain() }
        .with(6, "<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1/Rotate 90>>");
    let no_fonts = Raw { page: "/Parent 6 0 R".to_owned(), ..plain() };
    vec![
        ("a page", plain()),
        ("measures from above", inherited("")),
        ("turned from above", inherited("/Rotate 90")),
        ("cut from above", inherited("/CropBox[50 50 350 480]")),
        ("a tree in a tree", Raw { page: no_fonts.page, ..nested }),
        ("upside down", plain().page("/Rotate 180")),
        ("turned to the left", plain().page("/Rotate -90")),
        ("cut", plain().page("/CropBox[60 600 400 760]")),
        ("cut beyond the page", plain().page("/CropBox[-100 -100 900 900]")),
        ("a larger unit", plain().page("/UserUnit 1.5")),
        ("measures backwards", Raw { page: "/Parent 2 0 R/MediaBox[612 792 0 0]".to_owned(), ..plain() }),
        (
            "measures with fractions",
            Raw { page: "/Parent 2 0 R/MediaBox[0.5 0.25 611.75 791.5]".to_owned(), ..plain() },
        ),
        (
            "drawn in parts",
            plain()
                .with(
                    3,
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents[4 0 R 6 0 R 7 0 R]\
            /Resources<</Font<</F1 5 0 R>>>>>>",
                )
                .with(6, stream("", b"q 0 1 0 rg 1 0 0 1 50"))
                .with(7, stream("", b"50 cm 0 0 99 99 re f Q")),
        ),
        (
            "drawn in a list of its own",
            plain()
                .with(
                    3,
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 6 0 R\
            /Resources<</Font<</F1 5 0 R>>>>>>",
                )
                .with(6, "[4 0 R]"),
        ),
        (
            "resources of their own",
            plain()
                .with(3, "<</Type/Page/Parent 2 0 R/MediaBox 8 0 R/Contents 4 0 R/Resources 6 0 R>>")
                .with(6, "<</Font 7 0 R>>")
                .with(7, "<</F1 5 0 R>>")
                .with(8, "[0 0 9 0 R 500]")
                .with(9, "612"),
        ),
        ("nothing drawn", Raw::drawing("")),
        ("no drawing", plain().with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>")),
        ("no measures", Raw { page: "/Parent 2 0 R".to_owned(), ..plain() }),
        ("version 1.2", Raw { version: "1.2".to_owned(), ..plain() }),
        ("version 2.0", Raw { version: "2.0".to_owned(), ..plain() }),
        ("version raised in the catalog", Raw { version: "1.3".to_owned(), ..plain() }.catalog("/Version/1.7")),
        (
            "bookmarks and places",
            plain()
                .catalog(
                    "/Outlines 6 0 R/Names<</Dests 8 0 R>>/Dests<</old[3 0 R/Fit]>>/PageLabels<</Nums[0<</S/r>>]>>",
                )
                .with(6, "<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>")
                .with(7, "<</Title(One)/Parent 6 0 R/Dest(here)>>")
                .with(8, "<</Names[(here)[3 0 R/XYZ 0 0 1]]>>"),
        ),
        (
            "bookmarks in a ring",
            plain()
                .catalog("/Outlines 6 0 R")
                .with(6, "<</First 7 0 R/Last 7 0 R>>")
                .with(7, "<</Title(One)/Parent 6 0 R/Next 7 0 R/Prev 7 0 R/First 7 0 R/Dest[3 0 R/Fit]>>"),
        ),
        (
            "tagged",
            Raw::drawing(&format!("/P<</MCID 0>>BDC {} EMC", text()))
                .page("/StructParents 0")
                .catalog("/MarkInfo<</Marked true>>/Lang(en-US)/StructTreeRoot 6 0 R")
                .with(6, "<</Type/StructTreeRoot/K 7 0 R/ParentTree<</Nums[0[8 0 R]]>>/RoleMap<</Para/P>>>>")
                .with(7, "<</Type/StructElem/S/Document/P 6 0 R/K[8 0 R]>>")
                .with(8, "<</Type/StructElem/S/Para/P 7 0 R/Pg 3 0 R/K 0/A<</O/Layout/SpaceAfter 6>>>>"),
        ),
    ]
}

fn fonts() -> Vec<File> {
    let font = |object: &str| plain().with(5, object);
    let shapes = Raw::drawing("BT /F1 40 Tf 72 600 Td (aba) Tj ET")
        .with(5, "<</Type/Font/Subtype/Type3/FontBBox[0 0 750 750]/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<</sq 6 0 R/tr 7 0 R>>\
            /Encoding<</Type/Encoding/Differences[97/sq/tr]>>/FirstChar 97/LastChar 98/Widths[1000 1000]/Resources<<>>>>")
        .with(6, stream("", b"1000 0 0 0 750 750 d1 0 0 750 750 re f"))
        .with(7, stream("", b"1000 0 0 0 750 750 d1 0 0 m 375 750 l 750 0 l f"));
    vec![
        ("letters called otherwise", font("<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[65/B/A 97/eacute]>>>>")),
        ("a map of letters", font("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>")
            .with(6, stream("", MAP.as_bytes()))),
        ("widths of its own", font("<</Type/Font/Subtype/TrueType/BaseFont/Arial/FirstChar 32/LastChar 33/Widths[900 900]/FontDescriptor 6 0 R/Encoding/WinAnsiEncoding>>")
            .with(6, "<</Type/FontDescriptor/FontName/Arial/Flags 32/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 700/StemV 80/MissingWidth 500>>")),
        ("shapes for letters", shapes),
        ("symbols", font("<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")),
        ("a font called AA and JS", Raw::drawing("BT /AA 20 Tf 72 600 Td (Maya) Tj /JS 20 Tf (Rivera) Tj ET")
            .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</AA 5 0 R/JS 5 0 R>>>>>>")),
        ("a font with a blank in its name", Raw::drawing("BT /F#20x 20 Tf 72 600 Td (Maya) Tj ET")
            .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F#20x 5 0 R>>>>>>")),
        ("ways of drawing letters", Raw::drawing("BT /F1 40 Tf 72 600 Td 1 Tr (Out) Tj 2 Tr 1 0 0 rg (Both) Tj 3 Tr (No) Tj 0 Tr 5 Ts 80 Tz 4 Tc (Up) Tj ET")),
    ]
}

const MAP: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /x def\n/CMapType 2 def\n\
1 begincodespacerange\n<00> <ff>\nendcodespacerange\n1 beginbfrange\n<20> <7e> <0020>\nendbfrange\nendcmap\nend\nend";

fn paint() -> Vec<File> {
    let colors = |space: &str| {
        Raw::drawing("/C cs 0.2 0.5 0.7 sc 100 100 300 300 re f").resources(&format!("/ColorSpace<</C {space}>>"))
    };
    let shaded = |shading: &str| Raw::drawing("/S sh").resources(&format!("/Shading<</S {shading}>>"));
    let two = "<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>";
    let tinted = |space: &str| {
        Raw::drawing("/C cs 0.7 sc 100 100 300 300 re f").resources(&format!("/ColorSpace<</C {space}>>"))
    };
    vec![
        ("calibrated colors", colors("[/CalRGB<</WhitePoint[0.95 1 1.09]/Gamma[2.2 2.2 2.2]>>]")),
        ("colors by Lab", Raw::drawing("/C cs 50 40 -60 sc 100 100 300 300 re f").resources("/ColorSpace<</C[/Lab<</WhitePoint[0.95 1 1.09]/Range[-100 100 -100 100]>>]>>")),
        ("a profile", colors("[/ICCBased 6 0 R]").with(6, stream("/N 3/Alternate/DeviceRGB", b"no profile"))),
        ("a spot color", tinted(&format!("[/Separation/Spot/DeviceRGB {two}]"))),
        ("two inks by a small program", colors("[/DeviceN[/One/Two/Three]/DeviceRGB 6 0 R]")
            .with(6, stream("/FunctionType 4/Domain[0 1 0 1 0 1]/Range[0 1 0 1 0 1]", b"{ exch }"))),
        ("a table of colors", tinted("[/Indexed/DeviceRGB 1<ff000000ff00>]").with(4, stream("", b"/C cs 1 sc 100 100 300 300 re f"))),
        ("a table of colors apart", tinted("[/Indexed/DeviceRGB 1 6 0 R]").with(4, stream("", b"/C cs 1 sc 100 100 300 300 re f"))
            .with(6, stream("/Filter/ASCIIHexDecode", b"ff000000ff00>"))),
        ("shaded along a line", shaded(&format!("<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 612 792]/Function {two}/Extend[true true]>>"))),
        ("shaded in circles", shaded(&format!("<</ShadingType 3/ColorSpace/DeviceRGB/Coords[300 400 0 300 400 200]/Function {two}>>"))),
        ("shaded by a program", shaded("<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1 0 1]/Matrix[300 0 0 300 100 100]/Function 6 0 R>>")
            .with(6, stream("/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]", b"{ 2 copy }"))),
        ("shaded by stitches", shaded(&format!("<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 612 0]/Function<</FunctionType 3/Domain[0 1]/Functions[{two} {two}]/Bounds[0.4]/Encode[0 1 1 0]>>>>"))),
        ("shaded by triangles", shaded("6 0 R").with(6, stream("/ShadingType 4/ColorSpace/DeviceRGB/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8\
            /Decode[0 600 0 600 0 1 0 1 0 1]/Filter/ASCIIHexDecode", b"00 00 00 ff 00 00  00 ff 00 00 ff 00  00 80 ff 00 00 ff>"))),
        ("shaded by samples", shaded("<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 612 0]/Function 6 0 R>>")
            .with(6, stream("/FunctionType 0/Domain[0 1]/Range[0 1 0 1 0 1]/Size[2]/BitsPerSample 8/Filter/ASCIIHexDecode", b"ff0000 0000ff>"))),
        ("tiles", Raw::drawing("/Pattern cs /P scn 50 50 400 400 re f").resources("/Pattern<</P 6 0 R>>")
            .with(6, stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 40 40]/XStep 50/YStep 50/Resources<<>>/Matrix[1 0 0 1 5 5]", b"1 0 0 rg 0 0 30 30 re f"))),
        ("tiles that shade", Raw::drawing("/Pattern cs /P scn 50 50 400 400 re f").resources("/Pattern<</P 6 0 R>>")
            .with(6, format!("<</PatternType 2/Shading<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 600 0]/Function {two}>>>>"))),
        ("half seen through", Raw::drawing("1 0 0 rg 50 50 300 300 re f /G gs 0 0 1 rg 200 200 300 300 re f").resources("/ExtGState<</G<</ca 0.5/BM/Multiply>>>>")),
        ("a soft mask", Raw::drawing("/G gs 0 0 1 rg 0 0 612 792 re f").resources("/ExtGState<</G<</SMask<</S/Luminosity/G 6 0 R>>>>>>")
            .with(6, stream("/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceGray>>", b"1 g 100 100 200 200 re f"))),
        ("dashes and corners", Raw::drawing("/G gs 20 20 m 300 600 l 500 30 l S").resources("/ExtGState<</G<</LW 14/LC 1/LJ 1/D[[30 20] 5]/ML 4>>>>")),
        ("cut by a path", Raw::drawing("100 100 m 300 600 l 500 100 l h W n 0 1 0 rg 0 0 612 792 re f")),
        ("drawn once more inside", Raw::drawing("/X Do q .5 0 0 .5 100 100 cm /X Do Q").resources("/XObject<</X 6 0 R>>")
            .with(6, stream("/Type/XObject/Subtype/Form/BBox[0 0 400 400]/Matrix[1 0 0 1 20 20]/Resources<</XObject<</Y 7 0 R>>>>", b"/Y Do 1 0 0 rg 9 9 50 50 re f"))
            .with(7, stream("/Type/XObject/Subtype/Form/BBox[0 0 400 400]/Group<</S/Transparency/I true>>", b"0 0 1 rg 90 90 200 200 re f"))),
        ("a drawing that draws itself", Raw::drawing("/X Do").resources("/XObject<</X 6 0 R>>")
            .with(6, stream("/Type/XObject/Subtype/Form/BBox[0 0 400 400]/Resources<</XObject<</X 6 0 R>>>>", b"1 0 0 rg 9 9 50 50 re f /X Do"))),
    ]
}

fn pictures() -> Vec<File> {
    let image = |dict: &str, bytes: &[u8]| {
        let dict = format!("/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8{dict}");
        Raw::drawing("q 300 0 0 300 100 100 cm /I Do Q").resources("/XObject<</I 6 0 R>>").with(6, stream(&dict, bytes))
    };
    let rgb = b"ff0000 00ff00 0000ff ffff00>";
    let hex = "/ColorSpace/DeviceRGB/Filter/ASCIIHexDecode";
    let mask = |dict: &str, bytes: &[u8]| stream(&format!("/Type/XObject/Subtype/Image/Width 2/Height 2{dict}"), bytes);
    vec![
        ("a picture", image(hex, rgb)),
        ("a picture turned over", image(&format!("{hex}/Decode[1 0 1 0 1 0]/Interpolate true"), rgb)),
        ("a picture seen through", image(&format!("{hex}/SMask 7 0 R"), rgb)
            .with(7, mask("/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/ASCIIHexDecode", b"ff 80 40 00>"))),
        ("a picture with holes", image(&format!("{hex}/Mask 7 0 R"), rgb)
            .with(7, mask("/ImageMask true/BitsPerComponent 1/Filter/ASCIIHexDecode", b"80 40>"))),
        ("a picture without a color", image(&format!("{hex}/Mask[255 255 0 0 0 0]"), rgb)),
        ("a picture of a table", image("/ColorSpace[/Indexed/DeviceRGB 1<ff00000000ff>]/Filter/ASCIIHexDecode", b"00 01 01 00>")),
        ("a picture of ink", image("/ColorSpace/DeviceCMYK/Filter/ASCIIHexDecode", b"ff000000 00ff0000 0000ff00 000000ff>")),
        ("a stencil", Raw::drawing("1 0 0 rg q 300 0 0 300 100 100 cm /I Do Q").resources("/XObject<</I 6 0 R>>")
            .with(6, mask("/ImageMask true/BitsPerComponent 1/Filter/ASCIIHexDecode", b"80 40>"))),
        ("runs of points", image("/ColorSpace/DeviceGray/Filter/RunLengthDecode", &[0xfe, 0x10, 0, 0xff, 0x80])),
        ("wrapped twice", image("/ColorSpace/DeviceGray/Filter[/ASCIIHexDecode/RunLengthDecode]/DecodeParms[null null]", b"fe1000ff80>")),
        ("a fax", image("/ColorSpace/DeviceGray", b"").with(6, stream("/Type/XObject/Subtype/Image/Width 8/Height 2/BitsPerComponent 1\
            /ColorSpace/DeviceGray/Filter[/ASCIIHexDecode/CCITTFaxDecode]/DecodeParms[null<</K -1/Columns 8/Rows 2/BlackIs1 true>>]", b"c0 01 00 10 01>"))),
        ("a picture in the drawing", Raw::drawing("q 300 0 0 300 100 100 cm BI /W 2 /H 2 /CS /RGB /BPC 8 /F /AHx ID ff000000ff000000ffffff00> EI Q")),
        ("a picture called Movie", Raw::drawing("q 300 0 0 300 100 100 cm /Movie Do Q").resources("/XObject<</Movie 6 0 R>>")
            .with(6, mask("/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/ASCIIHexDecode", b"ff 80 40 00>"))),
    ]
}

fn notes() -> Vec<File> {
    let note = |dict: &str| plain().page(&format!("/Annots[<</Type/Annot/Rect[100 300 300 400]{dict}>>]"));
    let look = || stream("/Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<<>>", b"1 0 0 rg 10 10 150 60 re f");
    vec![
        ("a link", note("/Subtype/Link/Border[0 0 2]/A<</S/URI/URI(https://example.org/)>>")),
        ("a link within", note("/Subtype/Link/Border[0 0 2]/Dest[3 0 R/Fit]")),
        ("a stamp", note("/Subtype/Stamp/AP<</N 6 0 R>>").with(6, look())),
        ("a marked line", note("/Subtype/Highlight/QuadPoints[100 400 300 400 100 300 300 300]/C[1 1 0]")),
        ("a note without a look", note("/Subtype/Text/Contents(see there)/Name/Note/C[1 0 0]")),
        ("a square", note("/Subtype/Square/C[1 0 0]/IC[0 1 0]/BS<</W 4/S/D/D[6 3]>>")),
        ("a line and its ends", note("/Subtype/Line/L[110 310 290 390]/LE[/OpenArrow/Circle]/C[0 0 1]")),
        ("ink", note("/Subtype/Ink/InkList[[110 310 200 390 290 310]]/C[0 0 1]/BS<</W 3>>")),
        ("typed over", note("/Subtype/FreeText/Contents(typed over)/DA(/Helv 14 Tf 1 0 0 rg)/Q 1")),
        ("a hidden note", note("/Subtype/Stamp/F 2/AP<</N 6 0 R>>").with(6, look())),
        ("a field with a look", note("/Subtype/Widget/FT/Tx/T(name)/V(Maya)/AP<</N 6 0 R>>").with(6, look()).catalog("/AcroForm<</Fields[]>>")),
        ("a field without a look", plain().page("/Annots[6 0 R]").catalog("/AcroForm<</Fields[6 0 R]/NeedAppearances true/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>")
            .with(6, "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Maya Rivera)/DA(/F1 12 Tf 0 g)/Rect[100 300 300 330]/MK<</BC[0 0 1]/BG[.9 .9 1]>>/F 4>>")),
        ("a check mark", note("/Subtype/Widget/FT/Btn/T(yes)/V/On/AS/On/AP<</N<</On 6 0 R/Off 7 0 R>>>>").with(6, look())
            .with(7, stream("/Type/XObject/Subtype/Form/BBox[0 0 200 100]", b"0 0 1 rg 10 10 150 60 re f")).catalog("/AcroForm<</Fields[]>>")),
        ("one of two", plain().page("/Annots[7 0 R 8 0 R]").catalog("/AcroForm<</Fields[6 0 R]>>")
            .with(6, "<</FT/Btn/Ff 32768/T(which)/V/B/Kids[7 0 R 8 0 R]>>")
            .with(7, "<</Subtype/Widget/Parent 6 0 R/Rect[100 300 300 400]/AS/Off/AP<</N<</A 9 0 R>>>>>>")
            .with(8, "<</Subtype/Widget/Parent 6 0 R/Rect[100 100 300 200]/AS/B/AP<</N<</B 9 0 R>>>>>>").with(9, look())),
        ("a choice", plain().page("/Annots[6 0 R]").catalog("/AcroForm<</Fields[6 0 R]/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>")
            .with(6, "<</Subtype/Widget/FT/Ch/T(who)/Opt[[(a)(Maya)][(b)(Nobody)]]/V(a)/DA(/F1 12 Tf 0 g)/Rect[100 300 300 330]/AP<</N 7 0 R>>>>").with(7, look())),
    ]
}

fn layers() -> Vec<File> {
    let layered = |view: &str| {
        Raw::drawing("/OC /L1 BDC 1 0 0 rg 50 50 200 200 re f EMC /OC /L2 BDC 0 0 1 rg 300 300 200 200 re f EMC")
            .resources("/Properties<</L1 6 0 R/L2 7 0 R>>")
            .catalog(&format!("/OCProperties<</OCGs[6 0 R 7 0 R]/D<<{view}>>>>"))
            .with(6, "<</Type/OCG/Name(one)>>")
            .with(7, "<</Type/OCG/Name(two)/Usage<</Print<</PrintState/OFF>>>>>>")
    };
    vec![
        ("layers", layered("/Order[6 0 R 7 0 R]")),
        ("a layer switched off", layered("/OFF[6 0 R]")),
        ("all layers off but one", layered("/BaseState/OFF/ON[7 0 R]")),
        ("layers of layers", layered("/OFF[6 0 R]").with(7, "<</Type/OCMD/OCGs[6 0 R]/P/AllOff>>")),
        (
            "a picture in a layer",
            layered("/OFF[6 0 R]")
                .with(4, stream("", b"/X Do"))
                .with(8, stream("/Type/XObject/Subtype/Form/BBox[0 0 300 300]/OC 6 0 R", b"9 9 99 99 re f"))
                .resources("/XObject<</X 8 0 R>>"),
        ),
    ]
}
