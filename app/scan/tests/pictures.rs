//! Reading labels of our own and of another encoder from pictures.

use std::{fs, path::Path};

use image::{DynamicImage, GrayImage, ImageFormat, Luma, imageops};
use pedigree_scan::{
    Element, ElementList, Repair, Scan, Symbology,
    image::{ImageError, Symbol, read, read_picture},
    label::{Label, LabelError, sheet},
    qr_code::QrCode,
};
use rxing::{
    BarcodeFormat, EncodeHints, Writer, common::BitMatrix, datamatrix::DataMatrixWriter,
    qrcode::QRCodeWriter,
};

const YEAR: u16 = 2026;

fn unit(serial: &str) -> Label {
    Label::unit(9_506_000_134_352, 20_290_200, "A1/b", serial).unwrap()
}

fn picture(label: &Label, pixels: u32) -> GrayImage {
    image::load_from_memory(&label.to_png(pixels).unwrap())
        .unwrap()
        .into_luma8()
}

fn symbols(picture: GrayImage) -> Vec<Symbol> {
    read_picture(DynamicImage::ImageLuma8(picture)).unwrap()
}

fn only(symbols: Vec<Symbol>) -> Scan {
    assert_eq!(symbols.len(), 1, "{symbols:?}");
    let scan = symbols[0].parse(YEAR).unwrap();
    assert_eq!(scan.repairs, []);
    scan
}

/// A symbol with modules of eight pixels and a margin of four modules.
fn drawn(bits: &BitMatrix) -> GrayImage {
    let (width, height) = (bits.width(), bits.height());
    GrayImage::from_fn((width + 8) * 8, (height + 8) * 8, |x, y| {
        let (x, y) = ((x / 8).wrapping_sub(4), (y / 8).wrapping_sub(4));
        let is_dark = x < width && y < height && bits.get(x, y);
        Luma([if is_dark { 0 } else { 255 }])
    })
}

/// Asserts that the picture shows these labels, which are in the order of their texts.
fn shows_each_once(picture: GrayImage, labels: &[Label]) {
    let mut found: Vec<ElementList> = symbols(picture)
        .iter()
        .map(|symbol| symbol.parse(YEAR).unwrap().elements)
        .collect();
    found.sort_by_key(ToString::to_string);
    let expected: Vec<ElementList> = labels
        .iter()
        .map(|label| label.elements().clone())
        .collect();
    assert_eq!(found, expected);
}

/// The picture rotated about its centre, on white paper.
fn rotated(picture: &GrayImage, degrees: f32) -> GrayImage {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let side = (width.hypot(height) + 40.0) as u32;
    let (sin, cos) = degrees.to_radians().sin_cos();
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = (x as f32 - side as f32 / 2.0, y as f32 - side as f32 / 2.0);
        let from_x = x * cos + y * sin + width / 2.0;
        let from_y = y * cos - x * sin + height / 2.0;
        let inside = (0.0..width).contains(&from_x) && (0.0..height).contains(&from_y);
        if inside {
            *picture.get_pixel(from_x as u32, from_y as u32)
        } else {
            Luma([255])
        }
    })
}

#[test]
fn labels_round_trip() {
    let label = unit("S1234");
    for pixels in [3, 5, 10] {
        let scan = only(symbols(picture(&label, pixels)));
        assert_eq!(scan.symbology, Some(Symbology::Gs1DataMatrix));
        assert_eq!(&scan.elements, label.elements());
        assert_eq!(scan.expiry(), Some(20_290_200));
    }
    let case = Label::case(106_141_412_345_678_908).unwrap();
    let scan = only(symbols(picture(&case, 5)));
    assert_eq!(scan.sscc(), Some(106_141_412_345_678_908));
}

#[test]
fn labels_are_read_at_any_angle() {
    let label = unit("ABCDEFGHIJKLMNOPQRST");
    for degrees in [0.0, 9.0, 30.0, 45.0, 90.0, 133.0, 180.0, 270.0] {
        let scan = only(symbols(rotated(&picture(&label, 8), degrees)));
        assert_eq!(&scan.elements, label.elements(), "{degrees}");
    }
}

#[test]
fn all_symbols_in_a_picture_are_read() {
    let mut paper = GrayImage::from_pixel(900, 900, Luma([255]));
    let labels: Vec<Label> = (0..9).map(|index| unit(&format!("S{index}"))).collect();
    for (label, place) in labels.iter().zip(0i64..) {
        let (x, y) = (place % 3 * 300 + 40, place / 3 * 300 + 40);
        imageops::overlay(&mut paper, &picture(label, 6), x, y);
    }
    shows_each_once(paper, &labels);
}

#[test]
fn symbols_of_another_encoder_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    for (file, symbology, elements) in [
        (
            "zint-datamatrix.png",
            Symbology::Gs1DataMatrix,
            "(01)09506000134352(17)290200(10)A1/b(21)S1234",
        ),
        (
            "zint-gs1-128.png",
            Symbology::Gs1_128,
            "(01)09506000134352(10)LOT-1(21)99",
        ),
        (
            "zint-gs1-qr.png",
            Symbology::Gs1QrCode,
            "(01)09506000134352(10)A1(21)S1",
        ),
        (
            "zint-link-qr.png",
            Symbology::QrCode,
            "(01)09506000134352(10)A1(21)S1(17)290200",
        ),
        (
            "zint-sscc-lying.png",
            Symbology::Gs1_128,
            "(00)106141412345678908",
        ),
    ] {
        let scan = only(read(folder.join(file)).unwrap());
        assert_eq!(scan.symbology, Some(symbology), "{file}");
        assert_eq!(scan.elements.to_string(), elements, "{file}");
    }
}

#[test]
fn a_symbol_without_fnc1_is_read_and_reported() {
    let bits = DataMatrixWriter
        .encode("0109506000134352", &BarcodeFormat::DATA_MATRIX, 0, 0)
        .unwrap();
    let found = symbols(drawn(&bits));
    let scan = found[0].parse(YEAR).unwrap();
    assert_eq!(scan.symbology, Some(Symbology::DataMatrix));
    assert_eq!(scan.gtin(), Some(9_506_000_134_352));
    assert_eq!(scan.repairs, [Repair::MissingFnc1]);
}

/// The reader panics on a QR Code that declares FNC1 and starts with an alphanumeric segment.
#[test]
fn a_symbol_on_which_the_reader_panics_does_not_hide_the_others() {
    let hints = EncodeHints {
        Gs1Format: Some(true),
        ..EncodeHints::default()
    };
    let bits = QRCodeWriter
        .encode_with_hints("10AB%21C", &BarcodeFormat::QR_CODE, 0, 0, &hints)
        .unwrap();
    let unreadable = drawn(&bits);
    let label = unit("S1");
    let readable = picture(&label, 8);
    let side = unreadable.width().max(readable.width());
    let mut paper = GrayImage::from_pixel(2 * side + 100, side, Luma([255]));
    imageops::overlay(&mut paper, &unreadable, 0, 0);
    imageops::overlay(&mut paper, &readable, i64::from(side) + 100, 0);
    assert_eq!(&only(symbols(paper)).elements, label.elements());
}

#[test]
fn jpeg_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pack.jpg");
    let label = unit("S1");
    picture(&label, 8)
        .save_with_format(&path, ImageFormat::Jpeg)
        .unwrap();
    assert_eq!(&only(read(&path).unwrap()).elements, label.elements());
}

#[test]
fn files_without_a_symbol_are_refused() {
    let white = GrayImage::from_pixel(100, 100, Luma([255]));
    let outcome = read_picture(DynamicImage::ImageLuma8(white));
    assert!(matches!(outcome, Err(ImageError::NoSymbol)));
    let tiny = GrayImage::from_pixel(1, 1, Luma([0]));
    assert!(read_picture(DynamicImage::ImageLuma8(tiny)).is_err());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    assert!(matches!(read(&path), Err(ImageError::Open(_))));
    fs::write(&path, "not a picture").unwrap();
    assert!(matches!(read(&path), Err(ImageError::Picture(_))));
}

#[test]
fn labels_are_written_as_the_extension_says() {
    let folder = tempfile::tempdir().unwrap();
    let label = unit("<&>\"");
    for extension in ["png", "SVG"] {
        label
            .write(folder.path().join("label").with_extension(extension), 4)
            .unwrap();
    }
    let refused = label.write(folder.path().join("label.pdf"), 4);
    assert!(matches!(refused, Err(LabelError::Format(_))));
    let svg = fs::read_to_string(folder.path().join("label.SVG")).unwrap();
    assert_eq!(svg, label.to_svg());
    assert!(svg.contains(">(21) &lt;&amp;&gt;\"</text>"), "{svg}");
    assert!(svg.contains(">(01) 09506000134352</text>"));
}

/// The dark modules of an SVG, drawn with eight pixels each.
fn rendered(svg: &str) -> GrayImage {
    let attribute = |name: &str| {
        let start = svg.find(name).unwrap() + name.len();
        svg[start..].split('"').next().unwrap()
    };
    let size: Vec<u32> = attribute("viewBox=\"")
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    let mut picture = GrayImage::from_pixel(size[2] * 8, size[3] * 8, Luma([255]));
    for path in svg.split("<path d=\"").skip(1) {
        for run in path.split('"').next().unwrap().split_terminator('z') {
            let (place, width) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (u32, u32) = (x.parse().unwrap(), y.parse().unwrap());
            let width: u32 = width.split('v').next().unwrap().parse().unwrap();
            for (right, down) in (0..width * 8).flat_map(|x| (0..8).map(move |y| (x, y))) {
                picture.put_pixel(x * 8 + right, y * 8 + down, Luma([0]));
            }
        }
    }
    picture
}

#[test]
fn a_sheet_contains_every_label() {
    let labels: Vec<Label> = (0..5).map(|index| unit(&format!("S{index}"))).collect();
    shows_each_once(rendered(&sheet(&labels, 2)), &labels);
}

#[test]
fn labels_of_invalid_data_are_refused() {
    let wrong = Label::unit(9_506_000_134_353, 20_290_200, "A1", "S1").unwrap_err();
    assert!(
        wrong.to_string().starts_with("(01): the check digit is 3"),
        "{wrong}"
    );
    assert!(Label::unit(9_506_000_134_352, 20_291_300, "A1", "S1").is_err());
    assert!(Label::unit(9_506_000_134_352, 20_290_200, "A 1", "S1").is_err());
    assert!(Label::case(106_141_412_345_678_909).is_err());
    let long = Element::new("91", &"x".repeat(90)).unwrap().unwrap();
    assert!(matches!(
        Label::new(ElementList(vec![long; 40])),
        Err(LabelError::TooMuch)
    ));
}

#[test]
fn a_link_is_read_from_its_qr_code() {
    let link = "solana:https://dock.example:8443/handoff/7nWmXTLQyvGzMcWnQ3Yb8d";
    let code = QrCode::new(link).unwrap();
    for pixels in [3, 8] {
        let png = code.to_png(pixels).unwrap();
        let picture = image::load_from_memory(&png).unwrap().into_luma8();
        let found = symbols(picture);
        assert_eq!(found.len(), 1);
        assert!(found[0].text.ends_with(link), "{}", found[0].text);
    }
    assert!(matches!(
        QrCode::new(&"x".repeat(3_000)),
        Err(LabelError::TooMuch)
    ));
}

#[test]
fn a_terminal_shows_two_rows_of_modules_on_a_line() {
    let code = QrCode::new("solana:https://dock.example/1").unwrap();
    let text = code.to_text();
    let lines: Vec<&str> = text.lines().collect();
    let width = lines[0].chars().count() as u32;
    assert_eq!(lines.len() as u32, width.div_ceil(2));
    let picture = GrayImage::from_fn(width * 8, width * 8, |x, y| {
        let (x, y) = (x / 8, y / 8);
        let character = lines[y as usize / 2].chars().nth(x as usize).unwrap();
        let is_dark = match y % 2 {
            0 => character == '▀' || character == '█',
            _ => character == '▄' || character == '█',
        };
        Luma([if is_dark { 0 } else { 255 }])
    });
    assert!(
        symbols(picture)[0]
            .text
            .ends_with("solana:https://dock.example/1")
    );
}
