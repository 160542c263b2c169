//! [`refusals!`]: the errors of a program, each with its number, its name and what to do about it.

/// Declares a program's errors.
///
/// ```
/// pedigree_domain::refusals! {
///     /// Every refusal of the parcel service.
///     pub ParcelError after 8999;
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
/// Codes count up in the order of declaration; a transaction's custom error holds them. Inside, the
/// values count from one, so that zero is left for a rule's success.
/// With the invoking crate's feature `anchor` the errors are Anchor's as well, so that the IDL lists
/// them.
#[macro_export]
macro_rules! refusals {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident after $before:tt;
        $first:ident = $first_message:tt,
        $( $error:ident = $message:tt, )*
    ) => {
        #[cfg(feature = "anchor")]
        $(#[doc = $doc])+
        #[anchor_lang::error_code(offset = $before)]
        #[derive(Debug, PartialEq, Eq)]
        pub enum $name {
            #[doc = $first_message] #[msg($first_message)] $first = 1,
            $( #[doc = $message] #[msg($message)] $error, )*
        }

        #[cfg(not(feature = "anchor"))]
        $(#[doc = $doc])+
        #[repr(u32)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            #[doc = $first_message] $first = 1,
            $( #[doc = $message] $error, )*
        }

        impl $name {
            /// Every error, in the order of their codes.
            pub const ALL: &'static [Self] = &[ Self::$first, $( Self::$error, )* ];

            /// The code of a transaction's custom error.
            pub const fn code(self) -> u32 {
                self as u32 + $before
            }

            /// The error with this code, if there is one.
            pub fn from_code(code: u32) -> Option<Self> {
                let place = usize::try_from(code.checked_sub($before + 1)?).ok()?;
                Self::ALL.get(place).copied()
            }

            /// Its name in the program's source and IDL.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::$first => stringify!($first),
                    $( Self::$error => stringify!($error), )*
                }
            }

            /// The same, made out of the way of the path on which all is well: were it a constant to the
            /// compiler, that path would load it before each check.
            #[cold]
            #[inline(never)]
            pub fn refusal(self) -> Self {
                ::core::hint::black_box(self)
            }

            /// What is wrong and what to do next.
            pub const fn message(self) -> &'static str {
                match self {
                    Self::$first => $first_message,
                    $( Self::$error => $message, )*
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
            return ::core::result::Result::Err(($refusal).refusal());
        }
    };
}

/// Has a program's IDL list errors that another crate declares. Anchor's IDL builder runs the program's
/// own tests and reads what they print.
#[macro_export]
macro_rules! list_errors_in_idl {
    ($errors:ty) => {
        #[cfg(all(test, feature = "idl-build"))]
        #[test]
        fn __anchor_private_print_idl_errors() {
            std::println!("--- IDL begin errors ---");
            std::println!("{}", <$errors>::__idl_errors());
            std::println!("--- IDL end errors ---");
        }
    };
}
