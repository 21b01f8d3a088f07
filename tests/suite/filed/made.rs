//! Files as they come from elsewhere, made for a test.

use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions, Stream, dictionary,
};

/// A PDF as another program writes it: Helvetica, a line of text a line.
pub fn pdf(pages: &[&str]) -> Vec<u8> {
    saved(document(pages))
}

pub fn document(pages: &[&str]) -> Document {
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    "Encoding" => "WinAnsiEncoding" });
    let kids: Vec<Object> = pages.iter().map(|text| page(&mut document, tree, font, text).into()).collect();
    let count = i64::try_from(kids.len()).unwrap();
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document
}

fn page(document: &mut Document, tree: ObjectId, font: ObjectId, text: &str) -> ObjectId {
    let mut drawing = "BT /F1 12 Tf 14 TL 72 720 Td ".to_owned();
    for line in text.lines() {
        // Each word by itself, as many programs write it.
        let words: Vec<String> = line.split(' ').map(|word| format!("({word})")).collect();
        drawing += &format!("[{}] TJ T* ", words.join(" -278 "));
    }
    drawing += "ET";
    let content = document.add_object(Stream::new(dictionary! {}, drawing.into_bytes()));
    document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => tree,
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
        "Contents" => content,
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    })
}

pub fn saved(mut document: Document) -> Vec<u8> {
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// The same pages, and a script that opens a web page, a file inside the file, a note that carries one, and a form
/// that sends itself.
pub fn pdf_with_scripts_and_files(pages: &[&str]) -> Vec<u8> {
    let mut document = document(pages);
    let script = document.add_object(dictionary! { "Type" => "Action", "S" => "JavaScript",
    "JS" => Object::string_literal("app.launchURL('http://example.org')") });
    let file = document.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"a Word file".to_vec()));
    let spec = document.add_object(dictionary! { "Type" => "Filespec", "F" => Object::string_literal("other.docx"),
    "EF" => dictionary! { "F" => file } });
    let note = document.add_object(dictionary! { "Type" => "Annot", "Subtype" => "FileAttachment", "FS" => spec,
    "Rect" => vec![0.into(), 0.into(), 20.into(), 20.into()] });
    let sends = document.add_object(dictionary! { "Type" => "Annot", "Subtype" => "Link",
    "Rect" => vec![0.into(), 0.into(), 20.into(), 20.into()],
    "A" => dictionary! { "S" => "SubmitForm", "F" => Object::string_literal("http://example.org") } });
    let link = document.add_object(dictionary! { "Type" => "Annot", "Subtype" => "Link",
    "Rect" => vec![0.into(), 0.into(), 20.into(), 20.into()],
    "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal("https://example.org/kept") } });
    let page = document.page_iter().next().unwrap();
    document.get_dictionary_mut(page).unwrap().set("Annots", vec![note.into(), sends.into(), link.into()]);
    let catalog = document.catalog_mut().unwrap();
    catalog.set("OpenAction", script);
    catalog.set("AA", dictionary! { "WC" => script });
    catalog.set(
        "Names",
        dictionary! {
            "JavaScript" => dictionary! { "Names" => vec![Object::string_literal("a"), script.into()] },
            "EmbeddedFiles" => dictionary! { "Names" => vec![Object::string_literal("a"), spec.into()] },
        },
    );
    saved(document)
}

/// A PDF that asks for a password.
pub fn encrypted(pages: &[&str], user_password: &str) -> Vec<u8> {
    let mut document = document(pages);
    document
        .trailer
        .set("ID", vec![Object::string_literal("0123456789abcdef"), Object::string_literal("0123456789abcdef")]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    saved(document)
}

/// A scan: pictures, and not a letter of text.
pub fn scan(pages: usize) -> Vec<u8> {
    scan_that_reads(&vec![""; pages])
}

/// What a scanner makes that reads: pictures, and on each the words as far as it could read them, unseen.
pub fn scan_that_reads(pages: &[&str]) -> Vec<u8> {
    let mut document = document(pages);
    let dots = Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 8, "Height" => 8, "ColorSpace" => "DeviceGray",
        "BitsPerComponent" => 8 },
        vec![200; 64],
    );
    let image = document.add_object(dots);
    for page in document.page_iter().collect::<Vec<_>>() {
        let words = document.get_page_content(page);
        let picture = b"q 600 0 0 780 6 6 cm /Scan Do Q 3 Tr ";
        let drawing = document.add_object(Stream::new(Dictionary::new(), [&picture[..], &words].concat()));
        let page = document.get_dictionary_mut(page).unwrap();
        page.set("Contents", drawing);
        let resources = page.get_mut(b"Resources").unwrap().as_dict_mut().unwrap();
        resources.set("XObject", dictionary! { "Scan" => image });
    }
    saved(document)
}

/// A small stream that unfolds to far more than any page needs.
pub fn bomb() -> Vec<u8> {
    let mut document = document(&["Maya Rivera"]);
    let mut stream = Stream::new(Dictionary::new(), vec![b' '; 400 * 1024 * 1024]);
    stream.compress().unwrap();
    let content = document.add_object(stream);
    let page = document.page_iter().next().unwrap();
    document.get_dictionary_mut(page).unwrap().set("Contents", content);
    saved(document)
}

/// The beginning of a Word file.
pub fn word_file() -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\x00\x06\x00\x08\x00".to_vec();
    bytes.extend_from_slice(b"[Content_Types].xml ... word/document.xml");
    bytes
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_text_chunk("Comment".to_owned(), "18 Harbor Street".to_owned()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![120; (width * height * 4) as usize]).unwrap();
    writer.finish().unwrap();
    out
}

/// A JPEG of eight by eight grey points, with what a telephone writes into it: turned, and a note.
pub fn jpeg() -> Vec<u8> {
    let mut out = b"\xff\xd8".to_vec();
    let mut segment = |marker: u8, body: &[u8]| {
        out.extend_from_slice(&[0xff, marker]);
        out.extend_from_slice(&u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(body);
    };
    // Orientation 6: it lies on its left side.
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    segment(0xe1, exif);
    segment(0xfe, b"taken at 36.85 N 76.28 W");
    segment(0xdb, &[&[0u8][..], &[1; 64]].concat());
    segment(0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    segment(0xc4, &[0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    segment(0xc4, &[0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    segment(0xda, &[1, 1, 0, 0, 63, 0]);
    out.extend_from_slice(&[0x3f, 0xff, 0xd9]);
    out
}
