//! What can be wrong, said once: a stable code, what sort of wrong it is, and how to mend it in two languages.

/// What sort of wrong: the one place that decides which HTTP status it becomes is `api::http::problem`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request itself is wrong; sending it again changes nothing.
    Invalid,
    /// Nobody said who is asking, or not in a way that can be believed.
    Unauthenticated,
    /// Visible to the caller, but not theirs to do.
    Forbidden,
    /// Absent, or invisible to the caller: the two look alike.
    Absent,
    /// The thing's state does not allow it.
    Conflict,
    /// The caller decided on an older version.
    Stale,
    /// The caller did not say which version was decided on.
    VersionMissing,
    /// An idempotency key that was used for something else.
    KeyReused,
    MethodNotAllowed,
    NotAcceptable,
    Timeout,
    TooLarge,
    UrlTooLong,
    RangeNotSatisfiable,
    UnsupportedMediaType,
    TooMany,
    /// Our fault.
    Broken,
    /// Not now; the same request may succeed later.
    Busy,
    /// No room to store it.
    Full,
}

/// One thing that can be wrong. Equal codes are equal faults.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// `context.what-is-wrong`: stable, and the last segment of the problem's `type`.
    pub code: &'static str,
    pub kind: Kind,
    /// What is wrong and how it is mended, without any personal data.
    pub en: &'static str,
    pub nl: &'static str,
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}
impl Eq for Fault {}

impl Fault {
    /// This fault at a place in the request: an RFC 6901 pointer into the body, `?name` or `header:name`.
    pub fn at(self, pointer: impl Into<String>) -> Finding {
        Finding { pointer: pointer.into(), fault: self, allowed: Vec::new() }
    }
}

/// A fault and where in the request it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub pointer: String,
    pub fault: Fault,
    /// What could stand there instead, where that can be counted up.
    pub allowed: Vec<String>,
}

impl Finding {
    /// Names what could stand there instead.
    #[must_use]
    pub fn instead(self, allowed: impl IntoIterator<Item = String>) -> Self {
        Self { allowed: allowed.into_iter().collect(), ..self }
    }
}

/// All that is wrong with one request, gathered before anything is refused.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Notes `fault` at `pointer` if it is so that `wrong`.
    pub fn note(&mut self, wrong: bool, pointer: impl Into<String>, fault: impl Into<Fault>) -> &mut Self {
        if wrong {
            self.0.push(fault.into().at(pointer));
        }
        self
    }

    /// Notes what was found with more to say about it, if anything was.
    pub fn add(&mut self, found: Option<Finding>) -> &mut Self {
        self.0.extend(found);
        self
    }

    /// Nothing wrong, or everything that is.
    pub fn settle(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Findings(self.0)) }
    }
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// One fault, with nothing in the request to point at.
    Fault(Fault),
    /// Faults in the request, every one of them.
    Findings(Vec<Finding>),
    /// A decision that the state does not allow, and those of this caller that it does; with the version that is there now
    /// where the caller decided on an older one.
    Illegal { fault: Fault, state: &'static str, open: Vec<&'static str>, version: Option<i64> },
}

impl Refusal {
    /// A decision that `state` does not allow. Which others are open to the caller is added by who knows them.
    pub fn illegal(fault: impl Into<Fault>, state: impl super::Word) -> Self {
        Self::Illegal { fault: fault.into(), state: state.word(), open: Vec::new(), version: None }
    }

    /// A decision on a version that is not the newest, which is this one.
    pub fn outdated(fault: impl Into<Fault>, state: impl super::Word, newest: i64) -> Self {
        Self::Illegal { fault: fault.into(), state: state.word(), open: Vec::new(), version: Some(newest) }
    }

    /// The same, telling a refused caller what is open to them.
    #[must_use]
    pub fn opening(self, decisions: Vec<&'static str>) -> Self {
        match self {
            Self::Illegal { fault, state, version, .. } => Self::Illegal { fault, state, open: decisions, version },
            other => other,
        }
    }
}

impl<F: Into<Fault>> From<F> for Refusal {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

/// Declares a context's fault enum: `faults! { /// doc  pub enum XFault { Name: Kind "code" en "..." nl "...", } }`.
#[macro_export]
macro_rules! faults {
    ($(#[$meta:meta])* pub enum $name:ident { $($fault:ident: $kind:ident $code:literal en $en:literal nl $nl:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($fault),* }

        impl $name {
            /// Every fault of this context, for the list of codes and the pages that explain them.
            pub const ALL: &'static [$crate::kernel::Fault] = &[$(Self::$fault.fault()),*];

            pub const fn fault(self) -> $crate::kernel::Fault {
                match self {
                    $(Self::$fault => $crate::kernel::Fault {
                        code: $code, kind: $crate::kernel::Kind::$kind, en: $en, nl: $nl,
                    }),*
                }
            }

            /// See [`Fault::at`]($crate::kernel::Fault::at).
            pub fn at(self, pointer: impl Into<String>) -> $crate::kernel::Finding {
                self.fault().at(pointer)
            }
        }

        impl From<$name> for $crate::kernel::Fault {
            fn from(fault: $name) -> Self {
                fault.fault()
            }
        }
    };
}

faults! {
    /// What can be wrong anywhere.
    pub enum KernelFault {
        Absent: Absent "request.not-found"
            en "There is nothing here that you may see. Check the id and whose token this is."
            nl "Hier is niets dat je mag zien. Controleer het id en van wie dit token is.",
        Forbidden: Forbidden "request.forbidden"
            en "You may see this, but this is not yours to do. Where its view has openDecisions, they name what is."
            nl "Je mag dit zien, maar dit is niet aan jou. Waar de weergave openDecisions heeft, noemen die wat wel mag.",
        Unauthenticated: Unauthenticated "request.unauthenticated"
            en "This operation needs a valid access token in the Authorization header."
            nl "Deze bewerking vraagt een geldig toegangstoken in de Authorization-header.",
        UnknownReference: Invalid "request.unknown-reference"
            en "This id names nothing that you may refer to here."
            nl "Dit id verwijst naar niets waar je hier naar mag verwijzen.",
        Stale: Stale "request.stale"
            en "It was changed since you read it. Read it again, merge, and send the new ETag in If-Match."
            nl "Het is gewijzigd nadat je het las. Lees het opnieuw, voeg samen en stuur de nieuwe ETag in If-Match.",
    }
}
