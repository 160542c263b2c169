//! [`refusals!`]: the errors of a program, each with its number, its name and what to do about it.

/// Declares a program's errors.
///
/// ```
/// pedigree_domain::refusals! {
///     /// Every refusal of the parcel service.
///     pub ParcelError = 9000;
///     Unstamped = "The parcel has no stamp: buy one",
///     TooHeavy = "The parcel is too heavy: at most 20 kg",
/// }
/// assert_eq!(ParcelError::TooHeavy.code(), 9001);
/// assert_eq!(ParcelError::TooHeavy.name(), "TooHeavy");
/// assert_eq!(ParcelError::from_code(9000), Some(ParcelError::Unstamped));
/// assert_eq!(ParcelError::from_code(9002), None);
/// assert!(ParcelError::Unstamped.message().ends_with("buy one"));
/// ```
///
/// Codes count up from the first in the order of declaration; a transaction's custom error holds them.
/// With the invoking crate's feature `anchor` the errors are Anchor's as well, so that the IDL lists
/// them.
#[macro_export]
macro_rules! refusals {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident = $first:tt;
        $( $error:ident = $message:tt, )+
    ) => {
        #[cfg(feature = "anchor")]
        $(#[doc = $doc])+
        #[anchor_lang::error_code(offset = $first)]
        #[derive(Debug, PartialEq, Eq)]
        pub enum $name {
            $( #[doc = $message] #[msg($message)] $error, )+
        }

        #[cfg(not(feature = "anchor"))]
        $(#[doc = $doc])+
        #[repr(u32)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $( #[doc = $message] $error, )+
        }

        impl $name {
            /// Every error, in the order of their codes.
            pub const ALL: &'static [Self] = &[ $( Self::$error, )+ ];

            /// The code of a transaction's custom error.
            pub const fn code(self) -> u32 {
                self as u32 + $first
            }

            /// The error with this code, if there is one.
            pub fn from_code(code: u32) -> Option<Self> {
                let place = usize::try_from(code.checked_sub($first)?).ok()?;
                Self::ALL.get(place).copied()
            }

            /// Its name in the program's source and IDL.
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$error => stringify!($error), )+
                }
            }

            /// What is wrong and what to do next.
            pub const fn message(self) -> &'static str {
                match self {
                    $( Self::$error => $message, )+
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.message())
            }
        }

        impl ::core::error::Error for $name {}
    };
}

/// Goes on if the condition holds, and returns the refusal otherwise.
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $refusal:expr $(,)?) => {
        if !$condition {
            return ::core::result::Result::Err($refusal);
        }
    };
}
