//! [`coded_byte!`]: one byte of an account that stands for one of a few named values.
//!
//! Zero-copy accounts may hold any byte, so a Rust `enum` cannot be stored in them. The type made
//! here can: it keeps the byte, names the values it knows, and calls itself an `enum` in the IDL,
//! so that an explorer shows `Offered` where the account holds `1`.

/// Declares a one-byte type with named values.
///
/// ```
/// pedigree_domain::coded_byte! {
///     /// Where a parcel is.
///     pub ParcelState {
///         /// On the shelf.
///         Shelved = "shelved",
///         /// With the carrier.
///         Carried = "carried",
///     }
/// }
/// assert_eq!(ParcelState::Carried.code(), 1);
/// assert_eq!(ParcelState::Carried.name(), Some("carried"));
/// assert_eq!(ParcelState::parse("shelved"), Some(ParcelState::Shelved));
/// assert!(!ParcelState::from_code(7).is_known());
/// ```
///
/// Codes count up from zero in the order of declaration, as Borsh tags do.
#[macro_export]
macro_rules! coded_byte {
    (
        $(#[doc = $doc:literal])+
        pub $name:ident {
            $( $(#[doc = $value_doc:literal])+ $value:ident = $label:literal, )+
        }
    ) => {
        $(#[doc = $doc])+
        #[repr(transparent)]
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(u8);

        #[allow(non_upper_case_globals)]
        impl $name {
            $crate::coded_byte!(@values $name 0u8; $( $(#[doc = $value_doc])+ $value, )+);

            /// Every named value, in the order of their codes.
            pub const ALL: &'static [Self] = &[$( Self::$value ),+];

            const LABELS: &'static [&'static str] = &[$( $label ),+];

            /// The value of a byte, known or not.
            pub const fn from_code(code: u8) -> Self {
                Self(code)
            }

            /// The byte that accounts and instructions hold.
            pub const fn code(self) -> u8 {
                self.0
            }

            /// Whether the byte is one of the named values.
            pub const fn is_known(self) -> bool {
                (self.0 as usize) < Self::LABELS.len()
            }

            /// The value's name as people write it; `None` for an unknown byte.
            pub fn name(self) -> Option<&'static str> {
                Self::LABELS.get(usize::from(self.0)).copied()
            }

            /// The value that people call `name`.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == Some(name))
            }
        }

        // SAFETY: `repr(transparent)` over `u8`: no padding, every bit pattern allowed.
        unsafe impl $crate::__bytemuck::Zeroable for $name {}
        // SAFETY: as above, and `Copy + 'static`.
        unsafe impl $crate::__bytemuck::Pod for $name {}

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => write!(f, "unknown ({})", self.0),
                }
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        #[cfg(feature = "idl-build")]
        impl $crate::__anchor_lang::IdlAccountType for $name {
            const __IDL_TYPE_DEF: Option<&'static str> = Some($crate::coded_byte!(
                @idl $name [$($doc)+] $( [$($value_doc)+] $value; )+
            ));

            fn __register_idl_deps(
                _accounts: &mut $crate::__anchor_lang::__alloc::vec::Vec<&'static str>,
                types: &mut $crate::__anchor_lang::__alloc::vec::Vec<&'static str>,
            ) {
                types.extend(Self::__IDL_TYPE_DEF);
            }
        }
    };

    (@values $name:ident $code:expr; $(#[doc = $doc:literal])+ $value:ident, $($rest:tt)*) => {
        $(#[doc = $doc])+
        pub const $value: Self = $name($code);
        $crate::coded_byte!(@values $name $code + 1; $($rest)*);
    };
    (@values $name:ident $code:expr;) => {};

    (@idl $name:ident [$($doc:literal)+]
        [$($first_doc:literal)+] $first:ident; $( [$($value_doc:literal)+] $value:ident; )*
    ) => {
        concat!(
            "{\"name\":\"", stringify!($name), "\",\"type\":{\"kind\":\"enum\",\"variants\":[",
            "{\"name\":\"", stringify!($first), "\"}",
            $( ",{\"name\":\"", stringify!($value), "\"}", )*
            "]}}"
        )
    };
}
