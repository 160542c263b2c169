//! The parser on published and on generated examples.

use pedigree_scan::{
    Element, ElementList, Form, Repair, Scan, ScanError, Symbology, dictionary, parse,
};
use proptest::prelude::*;

const YEAR: u16 = 2026;

fn read(input: &str) -> Scan {
    parse(input, YEAR).unwrap_or_else(|error| panic!("{input:?}: {error}"))
}

fn refusal(input: &str) -> ScanError {
    match parse(input, YEAR) {
        Ok(scan) => panic!("{input:?} was read as {}", scan.elements),
        Err(error) => error,
    }
}

/// Examples of the General Specifications, the Digital Link standard, the GS1 Syntax Engine and biip.
#[test]
fn scans_that_conform_to_the_standard_need_no_repairs() {
    let examples = [
        // Element strings of GS1 symbols.
        ("]d20109506000134352172902001 0A1", ""),
        (
            "]d201095060001343521729020010A1\u{1d}21S1",
            "(01)09506000134352(17)290200(10)A1(21)S1",
        ),
        ("]C100106141412345678908", "(00)106141412345678908"),
        ("]C10104012345678901171501291 0ABC123", ""),
        (
            "]C101040123456789011715012910ABC123\u{1d}39329714711\u{1d}31030005253922471142127649716",
            "(01)04012345678901(17)150129(10)ABC123(3932)9714711(3103)000525(3922)471142127649716",
        ),
        (
            "]C101040123456789011715012910ABC123\u{1d}39329784711\u{1d}310300052539224711\u{1d}42127649716",
            "(01)04012345678901(17)150129(10)ABC123(3932)9784711(3103)000525(3922)4711(421)27649716",
        ),
        (
            "]e00198898765432106320201234515991231",
            "(01)98898765432106(3202)012345(15)991231",
        ),
        ("]e001123123123123331 0ABC123\u{1d}99TEST", ""),
        (
            "]Q3011231231231233310ABC123\u{1d}99TEST",
            "(01)12312312312333(10)ABC123(99)TEST",
        ),
        ("]J10112312312312333", "(01)12312312312333"),
        ("]e00112312312312326 ", "(01)12312312312326"),
        ("01095212345432131 0ABC", ""),
        // Bare GTINs.
        ("]E09506000134352", "(01)09506000134352"),
        ("]E0614141007349", "(01)00614141007349"),
        ("]E495050003", "(01)00000095050003"),
        ("]I119506000134359", "(01)19506000134359"),
        ("4006381333931", "(01)04006381333931"),
        ("96385074", "(01)00000096385074"),
        ("036000291452", "(01)00036000291452"),
        // Human-readable.
        (
            "(01)09521234543213(99)TESTING123",
            "(01)09521234543213(99)TESTING123",
        ),
        (
            "(01)12312312312333(10)ABC123(99)TEST",
            "(01)12312312312333(10)ABC123(99)TEST",
        ),
        ("(10)A\\(21)B(21)C", "(10)A\\(21)B(21)C"),
        ("(10)A(B", "(10)A\\(B"),
        // Digital Link URIs.
        (
            "https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426",
            "(01)09520123456788(10)ABC1(21)12345(17)180426",
        ),
        (
            "https://brand.example.com/some-extra/pathinfo/01/09520123456788",
            "(01)09520123456788",
        ),
        (
            "https://example.com/01/09520123456788?3103=000195",
            "(01)09520123456788(3103)000195",
        ),
        (
            "https://example.com/01/09520123456788/22/2A?linkType=all#x",
            "(01)09520123456788(22)2A",
        ),
        (
            "http://id.gs1.org/00/952012345678912345",
            "(00)952012345678912345",
        ),
        (
            "https://id.gs1.org/414/9520123456788/254/32a%2Fb",
            "(414)9520123456788(254)32a/b",
        ),
        (
            "]Q1https://id.gs1.org/01/09506000134352/21/S1",
            "(01)09506000134352(21)S1",
        ),
        (
            "]d1HTTPS://ID.GS1.ORG/01/09506000134352/",
            "(01)09506000134352",
        ),
        (
            "https://example.com/99/01/01/09520123456788",
            "(01)09520123456788",
        ),
    ];
    for (input, expected) in examples {
        // Examples with a space or a wrong check digit are refused, never read as something else.
        if expected.is_empty() {
            refusal(input);
            continue;
        }
        let scan = read(input.trim_end());
        assert_eq!(scan.elements.to_string(), expected, "{input:?}");
        assert_eq!(scan.repairs, [], "{input:?}");
    }
}

#[test]
fn errors_name_the_ai_the_position_and_the_rule() {
    for (input, message) in [
        ("", "the scan is empty"),
        ("]d2", "the scan is empty"),
        ("\r\n", "the scan is empty"),
        ("]d2\u{1d}", "the scan is empty"),
        (
            "]d20109506000134353",
            "(01) GTIN at position 18: the check digit is 3 but should be 2 (GS1 General \
             Specifications, section 7.9.1)",
        ),
        (
            "]d217271301",
            "(17) USE BY or EXPIRY at position 7: there is no month 13",
        ),
        (
            "]d210AB CD",
            "(10) BATCH/LOT at position 7: the data contains ' '",
        ),
        (
            "]d2010950600013435",
            "(01) GTIN at position 18: it has 13 characters instead of 14",
        ),
        (
            "]d2051",
            "\"051\" at position 3 does not start with a GS1 application identifier",
        ),
        (
            "(05)1",
            "\"05)1\" at position 1 does not start with a GS1 application identifier",
        ),
        ("(01)09506000134352 17 290200", "(01) GTIN at position"),
        (
            "]A0ABC",
            "a symbol with the identifier ]A0 carries no GS1 data",
        ),
        ("10ABCé", "'é' at position 5 is not allowed in GS1 data"),
        (
            "]E09506000134353",
            "(01) GTIN at position 15: the check digit is 3",
        ),
        ("(10)A(10)B", "(10) occurs twice, as \"A\" and as \"B\""),
        ("https://example.com/a/b", "does not end in a primary key"),
        (
            "https://example.com/01/09520123456788/21/1/10/2",
            "does not end in a primary key",
        ),
        (
            "https://example.com/01/09520123456788?21=1",
            "(21) is not allowed in the query",
        ),
        (
            "https://example.com/01/09520123456788?05=1",
            "does not start with a GS1 application identifier",
        ),
        (
            "https://example.com/01/09520123456788/10/%zz",
            "a % is not followed by",
        ),
        (
            "https://example.com/01/09520123456789",
            "(01) GTIN at position 23: the check digit",
        ),
    ] {
        let error = refusal(input).to_string();
        assert!(error.contains(message), "{input:?}: {error}");
    }
    assert!(matches!(
        parse([0x31, 0xFF], YEAR),
        Err(ScanError::Character { position: 1, .. })
    ));
    assert!(matches!(
        parse("0".repeat(9_000), YEAR),
        Err(ScanError::TooLong { .. })
    ));
}

#[test]
fn substitutes_for_separators_and_other_additions_are_removed_and_reported() {
    let unit = "(01)09506000134352(10)A1(21)S1";
    for spelling in ["<GS>", "^]", "\\x1d", "{GS}", "~1", "<FNC1>", "␝", "[GS]"] {
        let scan = read(&format!("]d2010950600013435210A1{spelling}21S1"));
        assert_eq!(scan.elements.to_string(), unit);
        let (text, position) = (spelling.to_owned(), 23);
        assert_eq!(scan.repairs, [Repair::SpelledSeparator { text, position }]);
    }
    let caps = read("]D2010950600013435210a1\u{1d}21s1");
    assert_eq!(caps.elements.to_string(), unit);
    assert_eq!(caps.repairs, [Repair::CapsLock]);
    assert_eq!(caps.symbology, Some(Symbology::Gs1DataMatrix));
    let wedge = read("  ]d2010950600013435210A1\u{1d}21S1\r\n");
    assert_eq!(wedge.elements.to_string(), unit);
    assert_eq!(wedge.repairs, [Repair::Surroundings]);
    assert_eq!(read("]d20109506000134352\r\n").repairs, []);
    let typed = read("(01) 9506000134352 (10) A1 (21)S1");
    assert_eq!(typed.elements.to_string(), unit);
    assert_eq!(typed.repairs.len(), 3);
    assert!(typed.repairs.contains(&Repair::ShortGtin { digits: 13 }));
}

#[test]
fn misplaced_separators_are_repaired_and_reported() {
    let unit = "(01)09506000134352(10)A1(21)S1";
    for (input, repair) in [
        (
            "]d2\u{1d}010950600013435210A1\u{1d}21S1",
            Repair::LeadingSeparator,
        ),
        (
            "]d2010950600013435210A1\u{1d}21S1\u{1d}",
            Repair::TrailingSeparator,
        ),
        (
            "]d2010950600013435210A1\u{1d}\u{1d}21S1",
            Repair::DoubledSeparator { position: 23 },
        ),
        (
            "]d20109506000134352\u{1d}10A1\u{1d}21S1",
            Repair::UnnecessarySeparator {
                ai: "01",
                position: 19,
            },
        ),
        ("]d1010950600013435210A1\u{1d}21S1", Repair::MissingFnc1),
        (
            "]d2010950600013435210A1\u{1d}21S1\u{1d}10A1",
            Repair::Repeated { ai: "10" },
        ),
    ] {
        let scan = read(input);
        assert_eq!(scan.elements.to_string(), unit, "{input:?}");
        assert_eq!(scan.repairs, [repair], "{input:?}");
    }
}

/// Encoding the brackets in a GS1 DataMatrix is a common mistake of label software.
#[test]
fn data_in_a_form_that_a_symbol_should_not_contain_is_read_and_reported() {
    for (input, symbology, form) in [
        (
            "]d2(01)09506000134352",
            Symbology::Gs1DataMatrix,
            Form::HumanReadable,
        ),
        (
            "]Q3https://example.com/01/09506000134352",
            Symbology::Gs1QrCode,
            Form::DigitalLink,
        ),
        (
            "]Q1(01)09506000134352",
            Symbology::QrCode,
            Form::HumanReadable,
        ),
        (
            "]E0https://example.com/01/09506000134352",
            Symbology::EanUpc,
            Form::DigitalLink,
        ),
    ] {
        let scan = read(input);
        assert_eq!(scan.elements.to_string(), "(01)09506000134352", "{input:?}");
        assert_eq!(scan.repairs, [Repair::ForeignForm { symbology, form }]);
    }
}

#[test]
fn a_missing_separator_is_inserted_only_if_its_position_is_certain() {
    // A lot number has at most 20 characters, and an AI starts with a digit.
    let scan = read("]d2010950600013435210ABCDEFGHIJKLMNOPQR21STUVW");
    assert_eq!(
        scan.elements.to_string(),
        "(01)09506000134352(10)ABCDEFGHIJKLMNOPQR(21)STUVW"
    );
    assert_eq!(
        scan.repairs,
        [Repair::MissingSeparator {
            ai: "10",
            position: 39
        }]
    );
    // A GSIN has a fixed length, which its first digits do not determine.
    let scan = read("]d24021234567890123456010ABC");
    assert_eq!(scan.elements.to_string(), "(402)12345678901234560(10)ABC");
}

#[test]
fn a_possibly_missing_separator_gives_other_readings() {
    let scan = read("]d2010950600013435210A121S1");
    assert_eq!(scan.elements.get("10"), Some("A121S1"));
    let others: Vec<String> = scan
        .other_readings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(others, ["(01)09506000134352(10)A1(21)S1"]);
    let reread: Vec<Scan> = scan.reread().collect();
    assert_eq!(reread.len(), 1);
    assert_eq!(
        (reread[0].lot_number(), reread[0].serial()),
        (Some("A1"), Some("S1"))
    );
    assert!(reread[0].other_readings.is_empty());

    let error = refusal("]d2010950600013435210ABCDEFGHIJ21KLM21STUVWXYZ");
    let ScanError::MissingSeparator { readings, more } = &error else {
        panic!("{error}");
    };
    assert_eq!((readings.len(), *more), (2, false));
    assert!(
        error
            .to_string()
            .contains("(10)ABCDEFGHIJ(21)KLM21STUVWXYZ"),
        "{error}"
    );
}

#[test]
fn elements_are_converted_to_numbers_and_dates() {
    let scan = read("]d201095060001343521729020010A1\u{1d}21S1");
    assert_eq!(scan.form, Form::ElementString);
    assert_eq!(scan.gtin(), Some(9_506_000_134_352));
    assert_eq!(scan.expiry(), Some(20_290_200));
    assert_eq!((scan.lot_number(), scan.serial()), (Some("A1"), Some("S1")));
    assert_eq!((scan.sscc(), scan.count(), scan.gln()), (None, None, None));
    let case = read("(00)106141412345678908(02)09506000134352(37)12(11)991231(414)9506000134352");
    assert_eq!(case.sscc(), Some(106_141_412_345_678_908));
    assert_eq!(case.content_gtin(), Some(9_506_000_134_352));
    assert_eq!(case.count(), Some(12));
    assert_eq!(case.production_date(), Some(19_991_231));
    assert_eq!(case.gln(), Some(9_506_000_134_352));
}

#[test]
fn broken_associations_are_reported() {
    assert_eq!(read("(01)09506000134352(10)A1").broken_associations(), []);
    let alone = read("(10)A1").broken_associations();
    assert_eq!(
        alone[0].to_string(),
        "(10) requires (01) or (02) or (03) or (8006) or (8026)"
    );
    let both = read("(01)09506000134352(02)09506000134352(37)1").broken_associations();
    let messages: Vec<String> = both.iter().map(ToString::to_string).collect();
    assert!(messages.contains(&"(02) must not be on the same item as (01)".to_owned()));
    assert!(messages.contains(&"(01) must not be on the same item as (37)".to_owned()));
    let weights = read("(01)09506000134352(3103)000100(3102)000100").broken_associations();
    assert_eq!(weights.len(), 2);
}

/// Valid data for an AI; `None` for formats that are not generated here.
fn data_for(entry: &'static dictionary::Entry) -> Option<BoxedStrategy<String>> {
    let mut data = Just(String::new()).boxed();
    for component in &entry.components {
        let (min, max) = (component.min, component.max);
        let part = match (&component.linters[..], component.characters) {
            ([], dictionary::Characters::Digits) => {
                proptest::string::string_regex(&format!("[0-9]{{{min},{max}}}"))
            }
            ([], dictionary::Characters::Set82) => proptest::string::string_regex(&format!(
                "[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]{{{min},{max}}}"
            )),
            (["csum", ..], _) => {
                proptest::string::string_regex(&format!("[1-9][0-9]{{{}}}", max - 2))
            }
            (["yymmd0" | "yymmdd"], _) => {
                proptest::string::string_regex("[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])")
            }
            _ => return None,
        }
        .expect("the expressions above are regular");
        let has_check_digit = component.linters.first() == Some(&"csum");
        data = (data, part)
            .prop_map(move |(before, part)| {
                if has_check_digit {
                    before + &with_check_digit(&part)
                } else {
                    before + &part
                }
            })
            .boxed();
    }
    Some(data)
}

fn with_check_digit(body: &str) -> String {
    let body_number: u64 = body.parse().unwrap();
    format!("{body}{}", pedigree_domain::gs1::check_digit(body_number))
}

fn element_of(entry: &'static dictionary::Entry) -> Option<BoxedStrategy<Element>> {
    let data = data_for(entry)?;
    Some(
        data.prop_map(|data| Element::new(&entry.ai, &data).unwrap().unwrap())
            .boxed(),
    )
}

/// One to six elements of different AIs.
fn any_elements() -> impl Strategy<Value = ElementList> {
    let elements: Vec<_> = dictionary::entries()
        .iter()
        .filter_map(element_of)
        .collect();
    assert!(elements.len() > 400);
    prop::collection::vec(proptest::strategy::Union::new(elements), 1..=6).prop_map(|elements| {
        let mut once: Vec<Element> = Vec::new();
        for element in elements {
            if once.iter().all(|other| other.ai() != element.ai()) {
                once.push(element);
            }
        }
        ElementList(once)
    })
}

/// The elements on a pack.
fn unit() -> impl Strategy<Value = ElementList> {
    let element = |ai: &str| element_of(dictionary::entry(ai).unwrap()).unwrap();
    (element("01"), element("17"), element("10"), element("21"))
        .prop_map(|(gtin, expiry, lot, serial)| ElementList(vec![gtin, expiry, lot, serial]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn element_strings_round_trip(elements in any_elements()) {
        let scan = parse(format!("]d2{}", elements.to_element_string()), YEAR);
        // Data may contain a substitute for a separator.
        let Ok(scan) = scan else {
            let text = elements.to_element_string();
            prop_assert!(text.contains("<GS>") || text.contains("<FNC1>"), "{text}");
            return Ok(());
        };
        prop_assert_eq!(scan.elements, elements);
        prop_assert_eq!(scan.repairs, []);
    }

    #[test]
    fn bracketed_elements_round_trip(elements in any_elements()) {
        let scan = parse(elements.to_string(), YEAR).unwrap();
        prop_assert_eq!(scan.elements, elements);
        prop_assert_eq!(scan.repairs, []);
    }

    #[test]
    fn digital_links_round_trip(elements in unit(), more in any_elements()) {
        let ElementList(unit) = elements;
        let [gtin, expiry, lot, serial] = &unit[..] else { unreachable!() };
        let mut elements = vec![gtin.clone(), lot.clone(), serial.clone(), expiry.clone()];
        for element in more.0 {
            let entry = dictionary::entry(element.ai()).unwrap();
            if entry.link_attribute && entry.link_qualifiers.is_none()
                && elements.iter().all(|other| other.ai() != element.ai())
            {
                elements.push(element);
            }
        }
        let elements = ElementList(elements);
        let link = elements.to_digital_link("https://id.gs1.org").unwrap();
        let scan = parse(&link, YEAR).unwrap();
        prop_assert_eq!(scan.elements, elements);
        prop_assert_eq!(scan.repairs, []);
    }

    /// The scan is refused, repaired, or has other readings.
    #[test]
    fn a_missing_separator_never_goes_unreported(elements in any_elements(), which: prop::sample::Index) {
        let text = elements.to_element_string();
        let separators: Vec<usize> = text.match_indices('\u{1d}').map(|(place, _)| place).collect();
        prop_assume!(!separators.is_empty());
        let mut lossy = text.clone();
        lossy.remove(separators[which.index(separators.len())]);
        if let Ok(scan) = parse(format!("]d2{lossy}"), YEAR) {
            if scan.elements == elements {
                let is_repaired = matches!(scan.repairs[..], [Repair::MissingSeparator { .. }]);
                prop_assert!(is_repaired, "{:?}", scan.repairs);
            } else {
                let is_listed = scan.other_readings.contains(&elements) || scan.other_readings.len() >= 8;
                prop_assert!(is_listed, "{} is read as {}", elements, scan.elements);
            }
        }
    }

    #[test]
    fn missing_separators_on_packs_never_go_unreported(elements in unit()) {
        let lossy = elements.to_element_string().replace('\u{1d}', "");
        match parse(format!("]d2{lossy}"), YEAR) {
            Ok(scan) if scan.elements == elements => prop_assert_eq!(scan.repairs.len(), 1),
            Ok(scan) => prop_assert!(
                scan.other_readings.contains(&elements) || scan.other_readings.len() >= 8
            ),
            Err(ScanError::MissingSeparator { readings, more }) => {
                prop_assert!(more || readings.contains(&elements));
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn the_parser_never_panics_on_bytes(bytes: Vec<u8>, year: u16) {
        let _ = parse(&bytes, year);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn the_parser_never_panics_on_text_that_resembles_a_scan(
        text in "(\\]d2|\\]C1|\\(|https://a/|)(0[01]|10|17|21|[()/%?&=\u{1d}]|[0-9]{1,6}|[A-Za-z]|\\PC){0,24}",
        year: u16,
    ) {
        if let Ok(scan) = parse(&text, year) {
            let _ = (scan.gtin(), scan.expiry(), scan.broken_associations());
            let again = parse(scan.elements.to_string(), year).unwrap();
            prop_assert_eq!(again.elements, scan.elements);
        }
    }
}
