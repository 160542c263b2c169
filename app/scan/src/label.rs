//! GS1 DataMatrix labels: a symbol with FNC1 and the elements, and the human-readable text below it.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Cursor},
    path::{Path, PathBuf},
};

use datamatrix::{DataMatrix, SymbolList, placement::Bitmap};
use image::{GrayImage, ImageFormat, Luma};

use crate::{
    element::{Element, ElementList},
    linter::Violation,
};

/// The white margin on each side, in modules. ISO/IEC 16022 requires one.
const QUIET_ZONE: u32 = 2;

/// The size of a module in an SVG, in millimetres: within the range that the General Specifications
/// (section 5.12.3) allow on medicines, and large enough for an office printer.
const MODULE_MM: f64 = 0.4;

/// The largest size of a module in a PNG, in pixels, which bounds the memory that a label takes.
pub const MAX_MODULE_PIXELS: u32 = 64;

/// The height of a line of text below the symbol, in modules.
const LINE_HEIGHT: u32 = 4;

/// The greatest width of a character of the text, in modules.
const CHARACTER_WIDTH: u32 = 2;

/// Why a label cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// An element's data violates a rule of its AI.
    #[error("({ai}): {violation}")]
    Element {
        ai: &'static str,
        violation: Violation,
    },
    /// The elements are too long for one symbol.
    #[error("the elements do not fit in one GS1 DataMatrix symbol: leave some out")]
    TooMuch,
    /// The extension of a file does not say how to write it.
    #[error("{0} is neither a .png nor a .svg file: use one of these extensions")]
    Format(PathBuf),
    /// A PNG cannot be encoded.
    #[error("the picture cannot be encoded: {0}")]
    Picture(#[from] image::ImageError),
    /// A file cannot be written.
    #[error("{path} cannot be written: {error}")]
    Write { path: PathBuf, error: io::Error },
}

/// A label that can be drawn.
#[derive(Clone, Debug)]
pub struct Label {
    elements: ElementList,
    symbol: Bitmap<bool>,
}

impl Label {
    /// The label of a unit: the GTIN as a number, the expiry date as the number `YYYYMMDD` (day 00 is
    /// the last day of the month), the lot number and the serial number. In this order it needs only one
    /// separator.
    ///
    /// # Errors
    ///
    /// If one of them violates a rule of its AI.
    pub fn unit(
        gtin: u64,
        expiry: u32,
        lot_number: &str,
        serial: &str,
    ) -> Result<Self, LabelError> {
        Self::new(ElementList(vec![
            element("01", &format!("{gtin:014}"))?,
            element("17", &format!("{:06}", expiry % 1_000_000))?,
            element("10", lot_number)?,
            element("21", serial)?,
        ]))
    }

    /// The label of a case or a pallet with this SSCC, as a number.
    ///
    /// # Errors
    ///
    /// If its check digit is wrong.
    pub fn case(sscc: u64) -> Result<Self, LabelError> {
        let sscc = element("00", &format!("{sscc:018}"))?;
        Self::new(ElementList(vec![sscc]))
    }

    /// A label with these elements.
    ///
    /// # Errors
    ///
    /// If they do not fit in one symbol.
    pub fn new(elements: ElementList) -> Result<Self, LabelError> {
        let text = elements.to_element_string();
        let sizes = SymbolList::default().enforce_square();
        let symbol = DataMatrix::encode_gs1(text.as_bytes(), sizes)
            .map_err(|_| LabelError::TooMuch)?
            .bitmap();
        Ok(Self { elements, symbol })
    }

    /// The elements in the symbol.
    pub const fn elements(&self) -> &ElementList {
        &self.elements
    }

    /// The symbol and its white margin as a PNG file, each module `pixels` wide and high: from 1 to
    /// [`MAX_MODULE_PIXELS`], to which other numbers are clamped.
    ///
    /// # Errors
    ///
    /// If the file cannot be encoded.
    pub fn to_png(&self, pixels: u32) -> Result<Vec<u8>, LabelError> {
        let pixels = pixels.clamp(1, MAX_MODULE_PIXELS);
        let side = self.side() * pixels;
        let mut picture = GrayImage::from_pixel(side, side, Luma([u8::MAX]));
        for (x, y) in self.symbol.pixels() {
            for (down, right) in (0..pixels).flat_map(|down| (0..pixels).map(move |r| (down, r))) {
                let x = (x as u32 + QUIET_ZONE) * pixels + right;
                let y = (y as u32 + QUIET_ZONE) * pixels + down;
                picture.put_pixel(x, y, Luma([0]));
            }
        }
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, ImageFormat::Png)?;
        Ok(file.into_inner())
    }

    /// The symbol and its text as an SVG file, sized in millimetres.
    pub fn to_svg(&self) -> String {
        sheet(std::slice::from_ref(self), 1)
    }

    /// Writes the file at `path`: as its extension says, a PNG with modules of `pixels` or an SVG.
    ///
    /// # Errors
    ///
    /// If it has another extension or cannot be written.
    pub fn write(&self, path: impl AsRef<Path>, pixels: u32) -> Result<(), LabelError> {
        let path = path.as_ref();
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        let contents = match extension.to_str() {
            Some("png") => self.to_png(pixels)?,
            Some("svg") => self.to_svg().into_bytes(),
            _ => return Err(LabelError::Format(path.to_owned())),
        };
        fs::write(path, contents).map_err(|error| LabelError::Write {
            path: path.to_owned(),
            error,
        })
    }

    /// The width and height of the symbol with its margin, in modules.
    fn side(&self) -> u32 {
        self.symbol.width() as u32 + 2 * QUIET_ZONE
    }

    /// The width and height of the label, in modules.
    fn size(&self) -> (u32, u32) {
        let lines = self.lines();
        let longest = lines.iter().map(|line| line.len() as u32).max();
        let text_width = longest.unwrap_or(0) * CHARACTER_WIDTH + 2 * QUIET_ZONE;
        let height = self.side() + lines.len() as u32 * LINE_HEIGHT;
        (self.side().max(text_width), height)
    }

    /// The human-readable text, one element a line (General Specifications, section 4.14).
    fn lines(&self) -> Vec<String> {
        let line = |element: &Element| format!("({}) {}", element.ai(), element.data());
        self.elements.0.iter().map(line).collect()
    }

    /// Draws the label into an SVG, with its top left corner at these coordinates.
    fn draw(&self, svg: &mut String, left: u32, top: u32) {
        let mut outline = String::new();
        let rows = self.symbol.bits().chunks(self.symbol.width());
        for (row, y) in rows.zip(top + QUIET_ZONE..) {
            let mut x = left + QUIET_ZONE;
            // Adjacent modules are drawn as one shape, so that no printer leaves gaps between them.
            for modules in row.chunk_by(|module, next| module == next) {
                let width = modules.len() as u32;
                if modules[0] {
                    outline += &format!("M{x} {y}h{width}v1h-{width}z");
                }
                x += width;
            }
        }
        let mut texts = String::new();
        for (line, number) in self.lines().iter().zip(1..) {
            let (x, y) = (
                left + QUIET_ZONE,
                top + self.side() + number * LINE_HEIGHT - 2,
            );
            let text = line
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            texts += &format!("<text x=\"{x}\" y=\"{y}\">{text}</text>\n");
        }
        writeln!(svg, "<path d=\"{outline}\"/>\n{texts}").expect("a string accepts any text");
    }
}

fn element(ai: &'static str, data: &str) -> Result<Element, LabelError> {
    Element::new(ai, data)
        .expect("the dictionary has the AIs of labels")
        .map_err(|violation| LabelError::Element { ai, violation })
}

/// An SVG sheet with all labels, in rows of `columns`.
pub fn sheet(labels: &[Label], columns: u32) -> String {
    let columns = columns.max(1);
    let sizes = labels.iter().map(Label::size);
    let (cell_width, cell_height) = sizes.fold((0, 0), |(width, height), (w, h)| {
        (width.max(w), height.max(h))
    });
    let rows = (labels.len() as u32).div_ceil(columns);
    let width = cell_width * columns.min(labels.len() as u32);
    let height = cell_height * rows;
    let (width_mm, height_mm) = (f64::from(width) * MODULE_MM, f64::from(height) * MODULE_MM);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width_mm:.1}mm\" \
         height=\"{height_mm:.1}mm\" viewBox=\"0 0 {width} {height}\" \
         shape-rendering=\"crispEdges\" font-family=\"OCR-B, monospace\" font-size=\"3\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (label, index) in labels.iter().zip(0..) {
        let (row, column) = (index / columns, index % columns);
        label.draw(&mut svg, column * cell_width, row * cell_height);
    }
    svg + "</svg>\n"
}
