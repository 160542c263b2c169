//! QR Codes for links, as phones and wallets read them: drawn in a terminal and as pictures.
//!
//! Packs and cases carry GS1 DataMatrix, which [`label`](crate::label) draws.

use std::{fs, io::Cursor, path::Path};

use image::{GrayImage, ImageFormat, Luma};
use rxing::qrcode::{common::ErrorCorrectionLevel, encoder::qrcode_encoder};

use crate::label::{LabelError, MAX_MODULE_PIXELS};

/// The white margin on each side, in modules. ISO/IEC 18004 requires four.
const QUIET_ZONE: usize = 4;

/// A QR Code that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    /// Rows of modules, of which true ones are dark, with the white margin.
    rows: Vec<Vec<bool>>,
}

impl QrCode {
    /// The symbol of a text, with the medium level of error correction, of which 15 % of the symbol may be
    /// damaged.
    ///
    /// # Errors
    ///
    /// [`LabelError::TooMuch`] if it does not fit into one symbol.
    pub fn new(text: &str) -> Result<Self, LabelError> {
        let code = qrcode_encoder::encode(text, ErrorCorrectionLevel::M);
        let code = code.map_err(|_| LabelError::TooMuch)?;
        let matrix = code.getMatrix().as_ref().ok_or(LabelError::TooMuch)?;
        let (width, height) = (matrix.getWidth() as usize, matrix.getHeight() as usize);
        let mut rows = vec![vec![false; width + 2 * QUIET_ZONE]; height + 2 * QUIET_ZONE];
        for (y, row) in rows[QUIET_ZONE..][..height].iter_mut().enumerate() {
            for (x, module) in row[QUIET_ZONE..][..width].iter_mut().enumerate() {
                *module = matrix.get(x as u32, y as u32) == 1;
            }
        }
        Ok(Self { rows })
    }

    /// The symbol in characters that are half as wide as they are high, two rows of modules a line. It is to be
    /// printed black on white.
    pub fn to_text(&self) -> String {
        let line = |rows: &[Vec<bool>]| -> String {
            let (upper, lower) = (&rows[0], rows.get(1));
            let modules = upper.iter().enumerate();
            modules
                .map(
                    |(x, &upper)| match (upper, lower.is_some_and(|row| row[x])) {
                        (false, false) => ' ',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (true, true) => '█',
                    },
                )
                .collect()
        };
        let lines: Vec<String> = self.rows.chunks(2).map(line).collect();
        lines.join("\n")
    }

    /// The symbol as a PNG file, each module `pixels` wide and high: from 1 to [`MAX_MODULE_PIXELS`], to which
    /// other numbers are clamped.
    ///
    /// # Errors
    ///
    /// If the file cannot be encoded.
    pub fn to_png(&self, pixels: u32) -> Result<Vec<u8>, LabelError> {
        let pixels = pixels.clamp(1, MAX_MODULE_PIXELS);
        let side = self.rows.len() as u32 * pixels;
        let picture = GrayImage::from_fn(side, side, |x, y| {
            let is_dark = self.rows[(y / pixels) as usize][(x / pixels) as usize];
            Luma([if is_dark { 0 } else { u8::MAX }])
        });
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, ImageFormat::Png)?;
        Ok(file.into_inner())
    }

    /// Writes the PNG file at `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, path: impl AsRef<Path>, pixels: u32) -> Result<(), LabelError> {
        let path = path.as_ref();
        fs::write(path, self.to_png(pixels)?).map_err(|error| LabelError::Write {
            path: path.to_owned(),
            error,
        })
    }
}
