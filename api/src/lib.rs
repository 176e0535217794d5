
pub mod tokens;
