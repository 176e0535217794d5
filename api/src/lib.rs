pub mod settings;
pub mod tokens;
