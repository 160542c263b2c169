//! Finding and decoding the symbols in a picture: a PNG or JPEG file, with any number of symbols at any
//! angle.
//!
//! The text of a symbol is what a barcode scanner would send, the symbology identifier and the data
//! with FNC1 as the separator, so that [`crate::parse`] needs no other rules.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::{DynamicImage, GrayImage, ImageReader, Luma};
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, Point, RXingResult,
    RXingResultMetadataType, RXingResultMetadataValue, Reader,
    common::HybridBinarizer,
    datamatrix::DataMatrixReader,
    multi::{GenericMultipleBarcodeReader, MultipleBarcodeReader},
    oned::Code128Reader,
    qrcode::QRCodeReader,
};

use crate::{error::ScanError, parse::parse, scan::Scan, symbology::Symbology};

/// The search stops after this many symbols of one kind.
const MAX_SYMBOLS: usize = 256;

/// Why a picture cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// The file cannot be read.
    #[error("the picture cannot be opened: {0}")]
    Open(#[from] std::io::Error),
    /// The file cannot be decoded.
    #[error("the file is not a complete PNG or JPEG picture: {0}")]
    Picture(#[from] image::ImageError),
    /// No symbol was found.
    #[error(
        "no Data Matrix, GS1-128 or QR Code symbol was found in the picture: take it from closer, in \
         focus, and with the white margin"
    )]
    NoSymbol,
}

/// A symbol that was found in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// The kind of symbol, if it is one that may carry GS1 data.
    pub symbology: Option<Symbology>,
    /// What a scanner would send: the symbology identifier, then the data.
    pub text: String,
    /// The x and y coordinates of its centre, in pixels from the top left.
    pub centre: (f32, f32),
}

impl Symbol {
    /// Parses its text; see [`crate::parse`].
    pub fn parse(&self, current_year: u16) -> Result<Scan, ScanError> {
        parse(&self.text, current_year)
    }
}

/// Finds and decodes the symbols in the PNG or JPEG file at `path`, from top to bottom.
///
/// # Errors
///
/// If the file cannot be read or decoded, or shows no symbol.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<Symbol>, ImageError> {
    let picture = ImageReader::open(path)?.with_guessed_format()?.decode()?;
    read_picture(picture)
}

/// Finds and decodes the symbols in a picture in memory, from top to bottom.
///
/// # Errors
///
/// If it shows no symbol.
pub fn read_picture(picture: DynamicImage) -> Result<Vec<Symbol>, ImageError> {
    let picture = on_white(picture);
    let mut symbols = read_matrices(picture.clone(), DataMatrixReader);
    symbols.extend(read_matrices(picture.clone(), QRCodeReader));
    symbols.extend(read_linear(picture));
    if symbols.is_empty() {
        return Err(ImageError::NoSymbol);
    }
    symbols.sort_by(|a, b| a.centre.1.total_cmp(&b.centre.1));
    Ok(symbols)
}

/// Converts to shades of grey, and takes a transparent background for white paper.
fn on_white(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let picture = picture.into_luma_alpha8();
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [luma, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        let on_white = (luma * alpha + 255 * (255 - alpha)) / 255;
        Luma([on_white as u8])
    })
}

fn hints() -> DecodeHints {
    DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some(HashSet::from([
            BarcodeFormat::DATA_MATRIX,
            BarcodeFormat::QR_CODE,
            BarcodeFormat::CODE_128,
        ])),
        // Decodes FNC1 between elements as a separator.
        AssumeGs1: Some(true),
        ..DecodeHints::default()
    }
}

fn bitmap(picture: GrayImage) -> BinaryBitmap<HybridBinarizer<Luma8LuminanceSource>> {
    let (width, height) = picture.dimensions();
    let source = Luma8LuminanceSource::new(picture.into_raw(), width, height)
        .expect("a picture has as many bytes as its dimensions say");
    BinaryBitmap::new(HybridBinarizer::new(source))
}

/// Finds one matrix symbol after the other, and paints over each that was found.
fn read_matrices(mut picture: GrayImage, mut reader: impl Reader) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    while symbols.len() < MAX_SYMBOLS {
        let found = without_panic(|| {
            let bitmap = &mut bitmap(picture.clone());
            reader.decode_with_hints(bitmap, &hints()).ok()
        });
        let Some(found) = found else {
            break;
        };
        symbols.push(symbol(&found));
        if !paint_over(&mut picture, found.getPoints()) {
            break;
        }
    }
    symbols
}

/// The outcome of a search for symbols; `None` if it panics, as `rxing` does on some QR Codes.
fn without_panic<T>(search: impl FnOnce() -> Option<T>) -> Option<T> {
    // The readers keep no state from one search to the next.
    catch_unwind(AssertUnwindSafe(search)).ok().flatten()
}

/// Paints the symbol with these corners white. Returns whether that changes any pixel.
fn paint_over(picture: &mut GrayImage, corners: &[Point]) -> bool {
    let bounds = |values: &mut dyn Iterator<Item = f32>| {
        values.fold((f32::MAX, f32::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (left, right) = bounds(&mut corners.iter().map(|corner| corner.x));
    let (top, bottom) = bounds(&mut corners.iter().map(|corner| corner.y));
    let mut changed = false;
    for y in top.max(0.0) as u32..=(bottom.max(0.0) as u32).min(picture.height() - 1) {
        for x in left.max(0.0) as u32..=(right.max(0.0) as u32).min(picture.width() - 1) {
            changed |= picture.get_pixel(x, y).0 != [u8::MAX];
            picture.put_pixel(x, y, Luma([u8::MAX]));
        }
    }
    changed
}

/// Finds linear symbols with vertical or horizontal bars.
fn read_linear(picture: GrayImage) -> Vec<Symbol> {
    let mut reader = GenericMultipleBarcodeReader::new(Code128Reader);
    let found = without_panic(|| {
        let bitmap = &mut bitmap(picture);
        reader.decode_multiple_with_hints(bitmap, &hints()).ok()
    });
    let found = found.unwrap_or_default();
    let mut symbols: Vec<Symbol> = Vec::new();
    for symbol in found.iter().map(symbol) {
        // The same symbol is found in several rows of pixels.
        if symbols.iter().all(|other| other.text != symbol.text) {
            symbols.push(symbol);
        }
    }
    symbols
}

fn symbol(found: &RXingResult) -> Symbol {
    let metadata = found.getRXingResultMetadata();
    let identifier = match metadata.get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER) {
        Some(RXingResultMetadataValue::SymbologyIdentifier(identifier)) => identifier.as_str(),
        _ => "",
    };
    let data = found.getText();
    // Some of the readers prefix the data with it.
    let data = data.strip_prefix(identifier).unwrap_or(data);
    let text = format!("{identifier}{data}");
    let corners = found.getPoints();
    let count = corners.len().max(1) as f32;
    let centre = corners.iter().fold((0.0, 0.0), |(x, y), corner| {
        (x + corner.x / count, y + corner.y / count)
    });
    Symbol {
        symbology: Symbology::identified_by(&text),
        text,
        centre,
    }
}
