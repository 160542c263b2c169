//! GS1 DataMatrix labels: FNC1 first, then the elements, the text for people beneath.

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
    linter::Rule,
};

/// Modules left white on each side. ISO/IEC 16022 asks for one.
const QUIET_ZONE: u32 = 2;

/// Millimetres of a module in an SVG: inside of what the General Specifications (section 5.12.3) allow
/// on medicines, and far enough from their lower bound for an office printer.
const MODULE_MM: f64 = 0.4;

/// Modules that a line of text takes beneath the symbol.
const LINE_HEIGHT: u32 = 4;

/// Modules that a character of the text is wide at most.
const CHARACTER_WIDTH: u32 = 2;

/// Why a label cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    #[error("({ai}): {rule}")]
    Element { ai: &'static str, rule: Rule },
    #[error("the elements do not fit into one GS1 DataMatrix: leave some out")]
    TooMuch,
    #[error("{0} names neither a .png nor a .svg file: give it one of these endings")]
    Format(PathBuf),
    #[error("the picture cannot be made: {0}")]
    Picture(#[from] image::ImageError),
    #[error("{path} cannot be written: {error}")]
    Write { path: PathBuf, error: io::Error },
}

/// A label, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Label {
    elements: ElementList,
    symbol: Bitmap<bool>,
}

impl Label {
    /// A unit's label: GTIN, expiry date (`YYYYMMDD`, day 00 = last of the month), lot number,
    /// serial. In this order one separator is enough.
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

    /// The label of a case or a pallet.
    pub fn case(sscc: u64) -> Result<Self, LabelError> {
        let sscc = element("00", &format!("{sscc:018}"))?;
        Self::new(ElementList(vec![sscc]))
    }

    /// A label with these elements.
    pub fn new(elements: ElementList) -> Result<Self, LabelError> {
        let text = elements.to_element_string();
        let sizes = SymbolList::default().enforce_square();
        let symbol = DataMatrix::encode_gs1(text.as_bytes(), sizes)
            .map_err(|_| LabelError::TooMuch)?
            .bitmap();
        Ok(Self { elements, symbol })
    }

    pub const fn elements(&self) -> &ElementList {
        &self.elements
    }

    /// The symbol with its quiet zone, each module `pixels` wide and high, as a PNG file.
    pub fn to_png(&self, pixels: u32) -> Result<Vec<u8>, LabelError> {
        let pixels = pixels.max(1);
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

    /// Symbol and text as an SVG file, in millimetres.
    pub fn to_svg(&self) -> String {
        sheet(std::slice::from_ref(self), 1)
    }

    /// Writes a PNG (`pixels` a module) or an SVG file, as the ending of `path` says.
    pub fn write(&self, path: impl AsRef<Path>, pixels: u32) -> Result<(), LabelError> {
        let path = path.as_ref();
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        let contents = match ending.to_str() {
            Some("png") => self.to_png(pixels)?,
            Some("svg") => self.to_svg().into_bytes(),
            _ => return Err(LabelError::Format(path.to_owned())),
        };
        fs::write(path, contents).map_err(|error| LabelError::Write {
            path: path.to_owned(),
            error,
        })
    }

    /// Modules of the symbol and its quiet zone.
    fn side(&self) -> u32 {
        self.symbol.width() as u32 + 2 * QUIET_ZONE
    }

    /// Modules that the label takes: width and height.
    fn size(&self) -> (u32, u32) {
        let lines = self.lines();
        let longest = lines.iter().map(|line| line.len() as u32).max();
        let text_width = longest.unwrap_or(0) * CHARACTER_WIDTH + 2 * QUIET_ZONE;
        let height = self.side() + lines.len() as u32 * LINE_HEIGHT;
        (self.side().max(text_width), height)
    }

    /// What people read, an element a line (General Specifications, section 4.14).
    fn lines(&self) -> Vec<String> {
        let line = |element: &Element| format!("({}) {}", element.ai(), element.data());
        self.elements.0.iter().map(line).collect()
    }

    /// Draws the label with its upper left corner at a place of an SVG.
    fn draw(&self, svg: &mut String, left: u32, top: u32) {
        let mut outline = String::new();
        let rows = self.symbol.bits().chunks(self.symbol.width());
        for (row, y) in rows.zip(top + QUIET_ZONE..) {
            let mut x = left + QUIET_ZONE;
            // Runs of modules are drawn as one, so that no printer leaves gaps between them.
            for run in row.chunk_by(|module, next| module == next) {
                let width = run.len() as u32;
                if run[0] {
                    outline += &format!("M{x} {y}h{width}v1h-{width}z");
                }
                x += width;
            }
        }
        let mut texts = String::new();
        for (line, place) in self.lines().iter().zip(1..) {
            let (x, y) = (
                left + QUIET_ZONE,
                top + self.side() + place * LINE_HEIGHT - 2,
            );
            let text = line
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            texts += &format!("<text x=\"{x}\" y=\"{y}\">{text}</text>\n");
        }
        writeln!(svg, "<path d=\"{outline}\"/>\n{texts}").expect("strings take all text");
    }
}

fn element(ai: &'static str, data: &str) -> Result<Element, LabelError> {
    Element::new(ai, data)
        .expect("the dictionary has the AIs of labels")
        .map_err(|rule| LabelError::Element { ai, rule })
}

/// All labels on one SVG sheet, `columns` side by side.
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
    for (label, place) in labels.iter().zip(0..) {
        let (row, column) = (place / columns, place % columns);
        label.draw(&mut svg, column * cell_width, row * cell_height);
    }
    svg + "</svg>\n"
}
