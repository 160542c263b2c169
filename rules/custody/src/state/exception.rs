use pedigree_domain::{coded_byte, ensure};

use crate::error::{CustodyError, Result};

coded_byte! {
    /// What was wrong with a consignment: the exceptions of HDA's DSCSA guidelines.
    pub ExceptionCode {
        /// Nothing.
        None = "none",
        /// Goods came without data.
        ProductNoData = "product-no-data",
        /// Data came without goods.
        DataNoProduct = "data-no-product",
        /// More came than the data say.
        Overage = "overage",
        /// Less came than the data say.
        Shortage = "shortage",
        /// The goods or their seals are damaged.
        Damage = "damage",
        /// Label and data do not agree.
        Mismatch = "mismatch",
        /// Storage conditions were not kept.
        TemperatureExcursion = "temperature-excursion",
        /// It was not ordered, or another reason.
        NotOrdered = "not-ordered",
    }
}

impl ExceptionCode {
    /// The exception that an instruction names by its code.
    pub fn of_instruction(code: u8) -> Result<Self> {
        let exception = Self::from_code(code);
        ensure!(
            exception.is_known() && exception != Self::None,
            CustodyError::InvalidException
        );
        Ok(exception)
    }
}
