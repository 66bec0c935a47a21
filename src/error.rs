//! The error type of the whole library.

/// What went wrong, in one line: what was found, what was expected, and what to do.
///
/// The variants are the classes of failure a caller can act on; the C API has one status code for
/// each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An option, size, stride or enumeration value that is out of range.
    #[error("{0}")]
    InvalidArgument(String),
    /// An invalid field of a request: the message before and after the name of the field. Faces
    /// whose users know the field by another name put that name there.
    #[error("{before}{field}{after}")]
    Option {
        /// The sentence up to the field's name.
        before: String,
        /// The field's name.
        field: String,
        /// The rest of the sentence.
        after: String,
    },
    /// Pixels that cannot be clustered or labelled as asked.
    #[error("{0}")]
    InvalidData(String),
    /// A model or a saved summary that is damaged, foreign or of a newer version.
    #[error("{0}")]
    InvalidModel(String),
    /// A file that could not be read or written.
    #[error("{0}")]
    Io(String),
    /// The progress callback asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// Memory that the system did not give.
    #[error("{0}")]
    OutOfMemory(String),
}

/// The library's result.
pub type Result<T> = std::result::Result<T, Error>;

/// Shorthand for [`Error::InvalidArgument`].
pub(crate) fn invalid_argument<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::InvalidArgument(message.into()))
}

/// Shorthand for [`Error::Option`]: a message that begins with the name of a field of a request.
pub(crate) fn invalid_option<T>(field: impl Into<String>, after: impl Into<String>) -> Result<T> {
    Err(Error::Option { before: String::new(), field: field.into(), after: after.into() })
}

/// Shorthand for [`Error::InvalidData`].
pub(crate) fn invalid_data<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::InvalidData(message.into()))
}
