//! Something that a person fills in or checks where an act is asked for: an option of a command, a field of a form.

use super::next_step::Argument;

macro_rules! fields {
    ($($(#[$doc:meta])* $code:literal => $variant:ident;)+) => {
        /// A field of an act.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Field { $($(#[$doc])* $variant,)+ }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code, which is kept in texts.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

fields! {
    "about" => About;
    /// It was in the mail already.
    "already-in-the-mail" => AlreadyInTheMail;
    "anchor" => Anchor;
    "arrived" => Arrived;
    "as-of" => AsOf;
    /// The family was asked for its address.
    "asked" => Asked;
    "child" => Child;
    "class" => Class;
    /// All pages were looked at, and they are about this child.
    "confirm-child" => ConfirmChild;
    "data-dir" => DataDir;
    "date" => Date;
    "dispatch" => Dispatch;
    "from" => From;
    "given-on" => GivenOn;
    /// A copy of the program's key lies in a safe place.
    "key-copied" => KeyCopied;
    "not-arrived" => NotArrived;
    "not-mailed" => NotMailed;
    "on" => On;
    "out" => Out;
    "papers-read" => PapersRead;
    "person" => Person;
    "received" => Received;
    "signed-by" => SignedBy;
    "to" => To;
}

impl Argument for Field {
    fn write(&self) -> Option<String> {
        Some(self.code().to_owned())
    }

    fn read(written: Option<String>) -> Option<Self> {
        let code = written?;
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }

    #[cfg(test)]
    fn samples(_: &str) -> Vec<Self> {
        Self::ALL.to_vec()
    }
}
