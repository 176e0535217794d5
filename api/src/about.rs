//! The document, served by the service that it describes.

use serde::Serialize;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::http::{Answer, Operation, Outcome, Visitor, get};

pub const TAG: &str = "About";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/openapi.json", "getDocument", "This document", get_document)
            .text("OpenAPI 3.1, as the service obeys it: bodies are held against these very schemas.")
            .tag(TAG),
    ]
}

/// An OpenAPI document.
#[derive(Serialize)]
struct OpenApiDocument;

impl PartialSchema for OpenApiDocument {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().description(Some("An OpenAPI 3.1 document.")).into()
    }
}
impl ToSchema for OpenApiDocument {}

async fn get_document(visitor: Visitor) -> Outcome<OpenApiDocument> {
    Ok(Answer::verbatim(visitor.service.document.clone()).revalidate())
}
