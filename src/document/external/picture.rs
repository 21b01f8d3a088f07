//! A picture of a page becomes a page: no place, camera or telephone of the picture goes along.

use lopdf::{Document, Object, Stream, dictionary};

use super::FiledFault;

/// What became of a picture: a PDF of one page, and what was taken out.
type Page = Result<(Vec<u8>, Vec<String>), FiledFault>;

/// No picture has more points, in millions: A4 at 600 dpi has 35.
const MOST_MEGAPIXELS: u64 = 60;
/// US letter in points, and the margin around a picture.
const PAGE: (f32, f32) = (612.0, 792.0);
const MARGIN: f32 = 18.0;

struct Picture {
    width: u32,
    height: u32,
    /// Colours: 1, 3 or 4.
    colours: u8,
    filter: Option<&'static str>,
    bytes: Vec<u8>,
    /// Quarter turns to the right until it stands upright.
    turns: i64,
    /// A CMYK picture of Adobe's has its inks the other way round.
    inverted: bool,
}

fn small_enough(width: u32, height: u32) -> Result<(), FiledFault> {
    let points = u64::from(width) * u64::from(height);
    if points == 0 {
        return Err(FiledFault::Broken);
    }
    if points > MOST_MEGAPIXELS * 1_000_000 {
        return Err(FiledFault::TooManyPoints { megapixels: points / 1_000_000, most: MOST_MEGAPIXELS });
    }
    Ok(())
}

pub(super) fn of_png(bytes: &[u8]) -> Page {
    let limits = png::Limits { bytes: 512 * 1024 * 1024 };
    let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| FiledFault::Broken)?;
    let (width, height) = (reader.info().width, reader.info().height);
    small_enough(width, height)?;
    let mut points = vec![0; reader.output_buffer_size().ok_or(FiledFault::Broken)?];
    let frame = reader.next_frame(&mut points).map_err(|_| FiledFault::Broken)?;
    points.truncate(frame.buffer_size());
    let (colours, points) = match frame.color_type {
        png::ColorType::Grayscale => (1, points),
        png::ColorType::Rgb => (3, points),
        png::ColorType::GrayscaleAlpha => (1, on_white(&points, 1)),
        png::ColorType::Rgba => (3, on_white(&points, 3)),
        png::ColorType::Indexed => return Err(FiledFault::Broken),
    };
    let picture = Picture { width, height, colours, filter: None, bytes: points, turns: 0, inverted: false };
    page_of(picture).map(|pdf| (pdf, Vec::new()))
}

/// What shows through shows white paper.
fn on_white(points: &[u8], colours: usize) -> Vec<u8> {
    let over = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    points
        .chunks_exact(colours + 1)
        .flat_map(|point| (0..colours).map(move |i| over(point[i], point[colours])))
        .collect()
}

pub(super) fn of_jpeg(bytes: &[u8]) -> Page {
    let (picture, private) = jpeg(bytes).ok_or(FiledFault::Broken)?;
    small_enough(picture.width, picture.height)?;
    let taken_out = if private { vec!["what the camera wrote into the picture".to_owned()] } else { Vec::new() };
    Ok((page_of(picture)?, taken_out))
}

/// The segments of a JPEG without those that hold notes: where, when and with what it was taken.
fn jpeg(bytes: &[u8]) -> Option<(Picture, bool)> {
    let mut out = vec![0xff, 0xd8];
    let (mut frame, mut turns, mut adobe, mut private) = (None, 0, false, false);
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let segment = bytes.get(at..at + 2 + length)?;
        let body = segment.get(4..)?;
        match marker {
            // The scan itself: the rest of the file, up to its end mark. What stands behind that is no picture.
            0xda => {
                let end = bytes[at..].windows(2).rposition(|pair| pair == [0xff, 0xd9])? + at + 2;
                out.extend_from_slice(&bytes[at..end]);
                break;
            }
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let number = |i: usize| Some(u32::from(u16::from_be_bytes([*body.get(i)?, *body.get(i + 1)?])));
                frame = Some((number(3)?, number(1)?, *body.get(5)?));
                out.extend_from_slice(segment);
            }
            0xe1 => {
                private = true;
                turns = upright(body).unwrap_or(turns);
            }
            0xee => {
                adobe = body.starts_with(b"Adobe");
                out.extend_from_slice(segment);
            }
            0xe2..=0xed | 0xef | 0xfe => private = true,
            _ => out.extend_from_slice(segment),
        }
        at += 2 + length;
    }
    let (width, height, colours) = frame?;
    let known = matches!(colours, 1 | 3 | 4);
    let inverted = adobe && colours == 4;
    known.then_some((
        Picture { width, height, colours, filter: Some("DCTDecode"), bytes: out, turns, inverted },
        private,
    ))
}

/// The quarter turns that the camera noted (EXIF, tag 0x0112).
fn upright(body: &[u8]) -> Option<i64> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |i: usize| {
        let pair = [*tiff.get(i)?, *tiff.get(i + 1)?];
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |i: usize| {
        let (a, b) = (u32::from(short(i)?), u32::from(short(i + 2)?));
        Some(if little { b << 16 | a } else { a << 16 | b })
    };
    let first = usize::try_from(long(4)?).ok()?;
    for entry in 0..usize::from(short(first)?) {
        let at = first.checked_add(2 + entry * 12)?;
        if short(at)? == 0x0112 {
            return Some(match short(at + 8)? {
                3 => 2,
                6 => 1,
                8 => 3,
                _ => 0,
            });
        }
    }
    None
}

#[expect(clippy::cast_precision_loss, reason = "a picture has far fewer points on a side than a float can count")]
fn page_of(picture: Picture) -> Result<Vec<u8>, FiledFault> {
    let wide = picture.width > picture.height;
    let (width, height) = if wide { (PAGE.1, PAGE.0) } else { PAGE };
    let (room_x, room_y) = (width - 2.0 * MARGIN, height - 2.0 * MARGIN);
    let (w, h) = (picture.width as f32, picture.height as f32);
    let scale = (room_x / w).min(room_y / h);
    let (x, y) = ((width - w * scale) / 2.0, (height - h * scale) / 2.0);
    let mut dict = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(picture.width),
        "Height" => i64::from(picture.height),
        "BitsPerComponent" => 8,
        "ColorSpace" => match picture.colours { 1 => "DeviceGray", 4 => "DeviceCMYK", _ => "DeviceRGB" },
    };
    if let Some(filter) = picture.filter {
        dict.set("Filter", filter);
    }
    if picture.inverted {
        dict.set("Decode", (0..8).map(|i| Object::Integer(i64::from(i % 2 == 0))).collect::<Vec<_>>());
    }
    let mut image = Stream::new(dict, picture.bytes);
    if picture.filter.is_none() {
        image.compress().map_err(|_| FiledFault::Broken)?;
    }
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let image = document.add_object(image);
    let drawing = format!("q {:.3} 0 0 {:.3} {x:.3} {y:.3} cm /Page Do Q", w * scale, h * scale);
    let content = document.add_object(Stream::new(dictionary! {}, drawing.into_bytes()));
    let page = document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => tree,
        "MediaBox" => vec![0.into(), 0.into(), width.into(), height.into()],
        "Rotate" => picture.turns * 90,
        "Contents" => content,
        "Resources" => dictionary! { "XObject" => dictionary! { "Page" => image } },
    });
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut out = Vec::new();
    document.save_to(&mut out).map_err(|_| FiledFault::Broken)?;
    Ok(out)
}
