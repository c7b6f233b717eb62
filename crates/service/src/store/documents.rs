//! What a plan comes to in its forms: the plan and each work list as JSON, to look at, for a spreadsheet,
//! a map or another system. Sealed by the day's key, and handed out as they are.

use uuid::Uuid;

use super::plans::PlanRow;
use super::{Change, StoreError, Unit};

/// In which form a plan or a work list is kept.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    /// The contract's JSON.
    Json,
    /// To look at and to print.
    Html,
    /// For a spreadsheet.
    Csv,
    /// For a map.
    Geojson,
    /// HL7 FHIR R4: a Bundle.
    Fhir,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Html => "html",
            Format::Csv => "csv",
            Format::Geojson => "geojson",
            Format::Fhir => "fhir",
        }
    }

    /// The media type.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Html => "text/html; charset=utf-8",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Geojson => "application/geo+json",
            Format::Fhir => "application/fhir+json",
        }
    }
}

/// One form of a plan (number 0) or of a work list (from 1).
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) number: u32,
    pub(crate) format: Format,
    pub(crate) bytes: Vec<u8>,
}

impl Unit {
    /// One form of a plan (number 0) or of one of its work lists.
    pub(crate) async fn document(
        &self,
        plan: &PlanRow,
        number: u32,
        format: Format,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT sealed FROM documents WHERE plan = $1 AND number = $2 AND format = $3",
        )
        .bind(plan.id.to_string())
        .bind(i64::from(number))
        .bind(format.name())
        .fetch_optional(&self.read)
        .await?;
        let Some(sealed) = sealed else { return Ok(None) };
        self.open_of(&plan.day, &document_name(plan.id, number, format), &sealed).await
    }
}

impl Change<'_> {
    /// Keeps every form of a plan and its work lists, sealed.
    pub(super) async fn keep(
        &mut self,
        plan: Uuid,
        day: &str,
        documents: &[Document],
    ) -> Result<(), StoreError> {
        let key = self.day_key(day).await?;
        for Document { number, format, bytes } in documents {
            let name = document_name(plan, *number, *format);
            sqlx::query(
                "INSERT INTO documents (plan, number, format, sealed) VALUES ($1, $2, $3, $4)",
            )
            .bind(plan.to_string())
            .bind(i64::from(*number))
            .bind(format.name())
            .bind(key.seal(&name, bytes)?)
            .execute(&mut *self.transaction)
            .await?;
        }
        Ok(())
    }
}

fn document_name(plan: Uuid, number: u32, format: Format) -> String {
    format!("document {plan} {number} {}", format.name())
}
