//! Command lines that cannot be understood, and values that should be numbers but are not.

use std::error::Error as _;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use super::console::say;

/// The parsed command line. Ends the program if it cannot be parsed.
pub fn parse<C: Parser>() -> C {
    C::try_parse().unwrap_or_else(|error| match not_a_number(&error) {
        Some(message) => {
            say(&format!("bandcluster: {message}\n"));
            std::process::exit(1)
        }
        None => error.exit(),
    })
}

/// Ends the program, because a command is used wrongly.
pub fn wrong<C: CommandFactory>(command: &str, message: &str) -> ! {
    let mut all = C::command();
    all.build();
    let found = all.find_subcommand_mut(command).expect("the commands have these names");
    found.error(ErrorKind::MissingRequiredArgument, message).exit()
}

/// The message for a value that should be a number. Jobs word it alike for numbers out of range.
fn not_a_number(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let source = error.source().filter(|_| error.kind() == ErrorKind::ValueValidation)?;
    let (option, value) = (text(ContextKind::InvalidArg)?, text(ContextKind::InvalidValue)?);
    let wanted = match source.downcast_ref::<ParseIntError>().map(ParseIntError::kind) {
        Some(IntErrorKind::PosOverflow) => "a smaller number",
        Some(IntErrorKind::NegOverflow) => "a larger number",
        Some(_) if value.parse::<i64>().is_ok() => "a whole number from 0 up",
        Some(_) => "a whole number",
        None => source.downcast_ref::<ParseFloatError>().map(|_| "a number")?,
    };
    let option = option.split_whitespace().next().unwrap_or(option);
    Some(format!("{option} is '{value}': give {wanted}"))
}
