//! What may stay in the copy of a PDF: for each place the keys that are known to show a page, and what stands behind
//! each. Whatever is not listed here does not stay.

/// A place in a PDF, by what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Numbers, names and texts, and rows of them.
    Plain,
    /// The same under names of the file's own.
    PlainByName,
    Catalog,
    Page,
    /// A drawing, a font's file, a character map: a stream that is nothing but bytes.
    Bytes,
    BytesByName,
    Filter,
    Resources,
    Pictures,
    Picture,
    States,
    State,
    SoftMask,
    Group,
    Paints,
    /// Color spaces, functions, patterns, shadings.
    Paint,
    Fonts,
    Font,
    Property,
    Properties,
    Usage,
    Layers,
    LayerView,
    /// Marks and notes on a page, and the fields of a form.
    Notes,
    Note,
    Look,
    LookOrPicture,
    Border,
    FieldLook,
    Action,
    Target,
    Targets,
    NameTree,
    Outline,
    PageLabels,
    PageLabel,
    Form,
    Structure,
    Element,
    Attributes,
    ElementsByNumber,
    /// A page of this file.
    ToPage,
    /// What was kept elsewhere already: a note, a picture.
    ToKept,
}

/// What may stand behind a key at a place; `None` where the key does not stay.
#[expect(clippy::too_many_lines, clippy::match_same_arms, reason = "a table, read place by place")]
pub(super) fn behind(place: Place, key: &[u8]) -> Option<Place> {
    use Place as P;
    Some(match (place, key) {
        (P::PlainByName | P::Border | P::Attributes, _) => P::Plain,
        (P::BytesByName, _) => P::Bytes,
        (P::Pictures, _) => P::Picture,
        (P::States, _) => P::State,
        (P::Paints, _) => P::Paint,
        (P::Fonts, _) => P::Font,
        (P::Properties, _) => P::Property,
        (P::Targets, _) => P::Target,

        (P::Catalog, b"Lang" | b"PageLayout" | b"Version") => P::Plain,
        (P::Catalog, b"MarkInfo") => P::PlainByName,
        (P::Catalog, b"PageLabels") => P::PageLabels,
        (P::Catalog, b"Names") | (P::NameTree, b"Dests" | b"Kids") => P::NameTree,
        (P::Catalog, b"Dests") => P::Targets,
        (P::Catalog, b"Outlines") | (P::Outline, b"First" | b"Last" | b"Next" | b"Prev" | b"Parent") => P::Outline,
        (P::Catalog, b"OCProperties") => P::Layers,
        (P::Catalog, b"AcroForm") => P::Form,

        (
            P::Page,
            b"MediaBox" | b"CropBox" | b"BleedBox" | b"TrimBox" | b"ArtBox" | b"Rotate" | b"UserUnit"
            | b"StructParents" | b"Tabs",
        ) => P::Plain,
        (P::Page, b"Contents") => P::Bytes,
        (P::Page, b"Annots") => P::Notes,
        (P::Page | P::Picture, b"Group") => P::Group,
        (P::Page | P::Picture | P::Paint | P::Font, b"Resources") | (P::Form, b"DR") => P::Resources,

        (P::Bytes, b"JBIG2Globals") => P::Bytes,
        (P::Bytes | P::Picture | P::Paint | P::Font, b"Filter" | b"DecodeParms") => P::Filter,
        (
            P::Filter,
            b"Predictor"
            | b"Colors"
            | b"BitsPerComponent"
            | b"Columns"
            | b"EarlyChange"
            | b"K"
            | b"EndOfLine"
            | b"EncodedByteAlign"
            | b"Rows"
            | b"EndOfBlock"
            | b"BlackIs1"
            | b"DamagedRowsBeforeError"
            | b"ColorTransform",
        ) => P::Plain,
        (P::Filter, b"JBIG2Globals") => P::Bytes,

        (P::Resources, b"ProcSet") => P::Plain,
        (P::Resources, b"ExtGState") => P::States,
        (P::Resources, b"ColorSpace" | b"Pattern" | b"Shading") => P::Paints,
        (P::Resources, b"XObject") => P::Pictures,
        (P::Resources, b"Font") => P::Fonts,
        (P::Resources, b"Properties") => P::Properties,

        (
            P::Picture,
            b"Type" | b"Subtype" | b"Width" | b"Height" | b"BitsPerComponent" | b"Intent" | b"ImageMask" | b"Decode"
            | b"Interpolate" | b"SMaskInData" | b"Matte" | b"Name" | b"StructParent" | b"StructParents" | b"FormType"
            | b"BBox" | b"Matrix",
        ) => P::Plain,
        (P::Picture, b"Mask" | b"SMask") => P::Picture,
        (P::Picture | P::Group, b"ColorSpace" | b"CS") | (P::SoftMask | P::State, b"TR" | b"TR2") => P::Paint,
        (P::Picture | P::Note, b"OC") => P::Property,
        (P::Group, b"Type" | b"S" | b"I" | b"K") => P::Plain,

        (
            P::State,
            b"Type" | b"LW" | b"LC" | b"LJ" | b"ML" | b"D" | b"RI" | b"OP" | b"op" | b"OPM" | b"FL" | b"SM" | b"SA"
            | b"BM" | b"CA" | b"ca" | b"AIS" | b"TK",
        )
        | (P::SoftMask, b"Type" | b"S" | b"BC") => P::Plain,
        (P::State, b"Font") => P::Font,
        (P::State, b"BG" | b"BG2" | b"UCR" | b"UCR2") => P::Paint,
        (P::State, b"SMask") => P::SoftMask,
        (P::SoftMask, b"G") => P::Picture,

        (
            P::Paint,
            b"N" | b"Range" | b"WhitePoint" | b"BlackPoint" | b"Gamma" | b"Matrix" | b"Subtype" | b"Components"
            | b"FunctionType" | b"Domain" | b"Size" | b"BitsPerSample" | b"Order" | b"Encode" | b"Decode" | b"C0"
            | b"C1" | b"Bounds" | b"ShadingType" | b"Background" | b"BBox" | b"AntiAlias" | b"Coords" | b"Extend"
            | b"BitsPerCoordinate" | b"BitsPerComponent" | b"BitsPerFlag" | b"VerticesPerRow" | b"Type"
            | b"PatternType" | b"PaintType" | b"TilingType" | b"XStep" | b"YStep",
        ) => P::Plain,
        (P::Paint, b"Alternate" | b"ColorSpace" | b"Process" | b"Functions" | b"Function" | b"Shading") => P::Paint,
        (P::Paint, b"Colorants") => P::Paints,
        (P::Paint, b"ExtGState") => P::State,

        (
            P::Font,
            b"Type" | b"Subtype" | b"Name" | b"BaseFont" | b"FirstChar" | b"LastChar" | b"Widths" | b"BaseEncoding"
            | b"Differences" | b"CMapName" | b"WMode" | b"Registry" | b"Ordering" | b"Supplement" | b"DW" | b"W"
            | b"DW2" | b"W2" | b"FontBBox" | b"FontMatrix" | b"FontName" | b"FontFamily" | b"FontStretch"
            | b"FontWeight" | b"Flags" | b"ItalicAngle" | b"Ascent" | b"Descent" | b"Leading" | b"CapHeight"
            | b"XHeight" | b"StemV" | b"StemH" | b"AvgWidth" | b"MaxWidth" | b"MissingWidth" | b"Length1" | b"Length2"
            | b"Length3" | b"CharSet" | b"Lang",
        ) => P::Plain,
        (
            P::Font,
            b"FontDescriptor" | b"Encoding" | b"ToUnicode" | b"DescendantFonts" | b"CIDSystemInfo" | b"CIDToGIDMap"
            | b"UseCMap" | b"FontFile" | b"FontFile2" | b"FontFile3" | b"CIDSet",
        ) => P::Font,
        (P::Font, b"CharProcs") => P::BytesByName,

        (
            P::Property,
            b"Type" | b"Name" | b"Intent" | b"P" | b"MCID" | b"ActualText" | b"Alt" | b"E" | b"Lang" | b"Attached"
            | b"BBox" | b"Subtype",
        ) => P::Plain,
        (P::Property | P::Layers, b"OCGs") | (P::Property, b"VE") => P::Property,
        (P::Property, b"Usage") | (P::Usage, b"View" | b"Print" | b"Export" | b"Zoom") => P::Usage,
        (P::Usage, b"ViewState" | b"PrintState" | b"ExportState" | b"min" | b"max") => P::Plain,
        (P::Layers, b"D") => P::LayerView,
        (P::LayerView, b"Name" | b"BaseState" | b"Intent" | b"ListMode") => P::Plain,
        (P::LayerView, b"ON" | b"OFF" | b"Order" | b"RBGroups" | b"Locked") => P::Property,
        (P::LayerView, b"AS") => P::LayerView,
        (P::LayerView, b"Event" | b"Category") => P::Plain,
        (P::LayerView, b"OCGs") => P::Property,

        (
            P::Note,
            b"Type" | b"Subtype" | b"Rect" | b"Contents" | b"NM" | b"M" | b"F" | b"AS" | b"Border" | b"C" | b"CA"
            | b"ca" | b"StructParent" | b"Lang" | b"BM" | b"T" | b"CreationDate" | b"Subj" | b"RT" | b"IT" | b"H"
            | b"QuadPoints" | b"DA" | b"Q" | b"CL" | b"RD" | b"LE" | b"L" | b"IC" | b"LL" | b"LLE" | b"Cap" | b"LLO"
            | b"CP" | b"Vertices" | b"InkList" | b"Name" | b"Open" | b"State" | b"StateModel" | b"FT" | b"TU" | b"TM"
            | b"Ff" | b"V" | b"DV" | b"Opt" | b"TI" | b"I" | b"MaxLen" | b"Sy",
        )
        | (P::Form, b"NeedAppearances" | b"DA" | b"Q") => P::Plain,
        (P::Note, b"BS" | b"BE") => P::Border,
        (P::Note, b"Parent" | b"Popup" | b"IRT") => P::Note,
        (P::Note, b"Kids") | (P::Form, b"Fields") => P::Notes,
        (P::Note, b"P") => P::ToPage,
        (P::Note, b"AP") => P::Look,
        (P::Look, b"N") => P::LookOrPicture,
        (P::LookOrPicture, _) => P::Picture,
        (P::Note, b"MK") => P::FieldLook,
        (P::FieldLook, b"R" | b"BC" | b"BG" | b"CA" | b"RC" | b"AC" | b"TP") => P::Plain,
        (P::FieldLook, b"I" | b"RI" | b"IX") => P::Picture,
        (P::FieldLook, b"IF") => P::Border,
        (P::Note | P::Outline, b"A") => P::Action,
        (P::Note | P::Outline, b"Dest") | (P::Action | P::Target, b"D") | (P::NameTree, b"Names") => P::Target,
        (P::Action, b"Type" | b"S" | b"URI") => P::Plain,
        (P::NameTree, b"Limits") | (P::Outline, b"Title" | b"Count" | b"C" | b"F") => P::Plain,

        (P::PageLabels, b"Limits") | (P::PageLabel, b"Type" | b"S" | b"P" | b"St") => P::Plain,
        (P::PageLabels, b"Kids") => P::PageLabels,
        (P::PageLabels, b"Nums") => P::PageLabel,

        (P::Structure, b"Type" | b"ParentTreeNextKey") => P::Plain,
        (P::Structure | P::Element, b"K") => P::Element,
        (P::Structure, b"RoleMap") => P::PlainByName,
        (P::Structure, b"ParentTree") | (P::ElementsByNumber, b"Kids") => P::ElementsByNumber,
        (P::ElementsByNumber, b"Limits") => P::Plain,
        (P::ElementsByNumber, b"Nums") => P::Element,
        (P::Element, b"Type" | b"S" | b"ID" | b"R" | b"T" | b"Lang" | b"Alt" | b"E" | b"ActualText" | b"MCID") => {
            P::Plain
        }
        (P::Element, b"P") => P::Element,
        (P::Element, b"A") => P::Attributes,
        (P::Element, b"Pg") => P::ToPage,
        (P::Element, b"Obj" | b"Stm") => P::ToKept,
        _ => return None,
    })
}

/// Marks and notes that carry nothing else than words and lines. What has no kind is a field of a form.
pub(super) const NOTES: [&[u8]; 19] = [
    b"Text",
    b"Link",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Caret",
    b"Stamp",
    b"Ink",
    b"Popup",
    b"Widget",
    b"Watermark",
    b"Redact",
];

/// Kinds of actions: nothing else in a PDF is called so.
pub(super) const ACTION_KINDS: [&[u8]; 20] = [
    b"GoTo",
    b"GoToR",
    b"GoToE",
    b"GoToDp",
    b"GoTo3DView",
    b"Launch",
    b"Thread",
    b"URI",
    b"Sound",
    b"Movie",
    b"Hide",
    b"Named",
    b"SubmitForm",
    b"ResetForm",
    b"ImportData",
    b"JavaScript",
    b"SetOCGState",
    b"Rendition",
    b"Trans",
    b"RichMediaExecute",
];

pub(super) const SCRIPTS: &str = "scripts";
pub(super) const ACTIONS: &str = "actions that run by themselves";
pub(super) const LINKS: &str = "links to other places than web pages and mail";
pub(super) const FILES: &str = "files inside the file";
pub(super) const MEDIA: &str = "sound, film or 3D";
pub(super) const SIGNATURES: &str = "an electronic signature (what it shows on the page stays)";
pub(super) const LOCK: &str = "a lock against copying or changes";
pub(super) const XFA: &str = "a form that is a program";
pub(super) const NOTES_UNKNOWN: &str = "notes of an unknown kind";

/// What is left out, as a person calls it, where it is worth a word.
pub(super) fn called(place: Place, key: &[u8]) -> Option<&'static str> {
    let named = matches!(
        place,
        Place::PlainByName
            | Place::BytesByName
            | Place::Pictures
            | Place::States
            | Place::Paints
            | Place::Fonts
            | Place::Properties
            | Place::Targets
            | Place::Attributes
            | Place::LookOrPicture
    );
    if named {
        return None;
    }
    Some(match key {
        b"JS" | b"JavaScript" | b"AlternatePresentations" => SCRIPTS,
        b"AA" | b"OpenAction" | b"PA" => ACTIONS,
        b"Next" if place == Place::Action => ACTIONS,
        b"EmbeddedFiles" | b"EF" | b"AF" | b"Collection" => FILES,
        b"RichMediaContent" | b"RichMediaSettings" | b"Movie" | b"Rendition" | b"Renditions" => MEDIA,
        b"XFA" => XFA,
        b"Ref" if place == Place::Picture => "pictures that stand in another file",
        _ => return None,
    })
}
