//! What is answered when something cannot be done: `application/problem+json` (RFC 9457) with a stable
//! code, in English and bokmål. Holds no value of a request, whatever went wrong: a value in the wrong
//! place may be a patient's.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hjemrute_server::{InputFault, PlanningError, faults_json, outcome_json};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::store::StoreError;

/// Every way in which a request can fail, closed; `docs/API.md` says what to do about each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    BadRequest,
    KeyMissing,
    Unauthorized,
    Forbidden,
    CsrfMissing,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    BodyTimeout,
    KeyReused,
    StaleVersion,
    VersionConflict,
    StaleInput,
    NotDone,
    NotRunning,
    Stale,
    BodyTooLarge,
    UnsupportedMediaType,
    ListRefused,
    RulesBroken,
    OtherSlot,
    FromMissing,
    PeriodRefused,
    ProfileFixed,
    WeightsRefused,
    ProfileName,
    ProfileUnknown,
    IfMatchMissing,
    QueueFull,
    Internal,
    Busy,
    StorageUnavailable,
}

/// What is told of a code: its HTTP status, its name, and a sentence in English and in bokmål.
type Told = (StatusCode, &'static str, &'static str, &'static str);

impl Code {
    /// All of them.
    #[cfg(test)]
    const ALL: [Code; 32] = [
        Code::BadRequest,
        Code::KeyMissing,
        Code::Unauthorized,
        Code::Forbidden,
        Code::CsrfMissing,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::NotAcceptable,
        Code::BodyTimeout,
        Code::KeyReused,
        Code::StaleVersion,
        Code::VersionConflict,
        Code::StaleInput,
        Code::NotDone,
        Code::NotRunning,
        Code::Stale,
        Code::BodyTooLarge,
        Code::UnsupportedMediaType,
        Code::ListRefused,
        Code::RulesBroken,
        Code::OtherSlot,
        Code::FromMissing,
        Code::PeriodRefused,
        Code::ProfileFixed,
        Code::WeightsRefused,
        Code::ProfileName,
        Code::ProfileUnknown,
        Code::IfMatchMissing,
        Code::QueueFull,
        Code::Internal,
        Code::Busy,
        Code::StorageUnavailable,
    ];

    #[rustfmt::skip]
    fn told(self) -> Told {
        use StatusCode as S;
        match self {
            Code::BadRequest => (S::BAD_REQUEST, "bad-request", "The request is not one that this operation takes; /openapi.json tells which it does.", "Forespørselen er ikke slik denne operasjonen vil ha den; /openapi.json forteller hvordan."),
            Code::KeyMissing => (S::BAD_REQUEST, "idempotency-key-missing", "The header Idempotency-Key is missing, empty, longer than 128 characters, not ASCII, or there twice.", "Feltet Idempotency-Key mangler, er tomt, er lengre enn 128 tegn, har andre tegn enn ASCII eller står to ganger."),
            Code::Unauthorized => (S::UNAUTHORIZED, "unauthorized", "There is no valid credential in the request.", "Forespørselen har ingen gyldig adgang."),
            Code::Forbidden => (S::FORBIDDEN, "forbidden", "The credential does not have the scope of this operation.", "Adgangen omfatter ikke denne operasjonen."),
            Code::CsrfMissing => (S::FORBIDDEN, "csrf-missing", "A browser session must send its token in X-CSRF-Token with every change.", "En nettleserøkt må sende tegnet sitt i X-CSRF-Token med hver endring."),
            Code::NotFound => (S::NOT_FOUND, "not-found", "There is nothing here.", "Her finnes det ingenting."),
            Code::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "method-not-allowed", "The resource does not take this method.", "Ressursen tar ikke imot denne metoden."),
            Code::NotAcceptable => (S::NOT_ACCEPTABLE, "not-acceptable", "There is no such format of this.", "Dette finnes ikke i det formatet."),
            Code::BodyTimeout => (S::REQUEST_TIMEOUT, "body-timeout", "The body did not come in time.", "Innholdet kom ikke tidsnok."),
            Code::KeyReused => (S::CONFLICT, "idempotency-key-reused", "The key was used for another request.", "Nøkkelen er brukt til en annen forespørsel."),
            Code::StaleVersion => (S::CONFLICT, "stale-version", "A newer version of the list is here already.", "En nyere versjon av listen finnes allerede."),
            Code::VersionConflict => (S::CONFLICT, "version-conflict", "This version of the list is here already with other content.", "Denne versjonen av listen finnes allerede med et annet innhold."),
            Code::StaleInput => (S::CONFLICT, "stale-input", "The list has a newer version than the one that was planned. Plan it anew, or say acknowledgeStale.", "Listen har en nyere versjon enn den som ble planlagt. Planlegg på nytt, eller oppgi acknowledgeStale."),
            Code::NotDone => (S::CONFLICT, "not-done", "There is no finished plan.", "Planen er ikke ferdig."),
            Code::NotRunning => (S::CONFLICT, "not-running", "The plan is no longer being made.", "Planen lages ikke lenger."),
            Code::Stale => (S::PRECONDITION_FAILED, "precondition-failed", "Somebody has changed it since. Read it again.", "Noen har endret det siden. Les det på nytt."),
            Code::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "body-too-large", "The body is larger than the limit.", "Innholdet er større enn grensen."),
            Code::UnsupportedMediaType => (S::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body must be application/json, and not compressed.", "Innholdet må være application/json og ikke komprimert."),
            Code::ListRefused => (S::UNPROCESSABLE_ENTITY, "list-refused", "The list cannot be used as it is; everything that is wrong stands in errors.", "Listen kan ikke brukes som den er; alt som er galt, står i errors."),
            Code::RulesBroken => (S::UNPROCESSABLE_ENTITY, "rules-broken", "The plan breaks rules of its list; they stand in errors.", "Planen bryter regler for listen; de står i errors."),
            Code::OtherSlot => (S::UNPROCESSABLE_ENTITY, "other-slot", "The plan is for another day or shift.", "Planen er for en annen dag eller vakt."),
            Code::FromMissing => (S::UNPROCESSABLE_ENTITY, "from-missing", "now and maxChanges are for a plan that is made against another one: say from.", "now og maxChanges gjelder en plan som lages ut fra en annen: oppgi from."),
            Code::PeriodRefused => (S::UNPROCESSABLE_ENTITY, "period-refused", "The last day lies before the first, or more than a year behind it.", "Siste dag ligger før den første, eller mer enn et år etter den."),
            Code::ProfileFixed => (S::CONFLICT, "profile-fixed", "That profile is not the unit's to change.", "Den profilen kan ikke enheten endre."),
            Code::WeightsRefused => (S::UNPROCESSABLE_ENTITY, "weights-refused", "The weights are not those of a profile; everything that is wrong stands in errors.", "Vektene er ikke slik en profil har dem; alt som er galt, står i errors."),
            Code::ProfileName => (S::UNPROCESSABLE_ENTITY, "profile-name-refused", "A profile is named with 1 to 40 small letters, digits and hyphens.", "En profil heter noe med 1 til 40 små bokstaver, sifre og bindestreker."),
            Code::ProfileUnknown => (S::UNPROCESSABLE_ENTITY, "profile-unknown", "There is no profile of that name.", "Det finnes ingen profil med det navnet."),
            Code::IfMatchMissing => (S::PRECONDITION_REQUIRED, "if-match-missing", "Send the ETag that you read in If-Match.", "Send ETag-en du leste, i If-Match."),
            Code::QueueFull => (S::TOO_MANY_REQUESTS, "queue-full", "The unit has as many plans waiting as it may have.", "Enheten har så mange planer i kø som den kan ha."),
            Code::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "A fault of the program; nothing was changed.", "Feil i programmet; ingenting er endret."),
            Code::Busy => (S::SERVICE_UNAVAILABLE, "busy", "There is too much to do just now.", "Det er for mye å gjøre akkurat nå."),
            Code::StorageUnavailable => (S::SERVICE_UNAVAILABLE, "storage-unavailable", "The change could not be stored, and was not made.", "Endringen kunne ikke lagres og er ikke gjort."),
        }
    }
}

/// A failed request.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    code: Code,
    retry_after: Option<u32>,
    etag: Option<String>,
    current_version: Option<u32>,
    errors: Errors,
}

/// What is wrong with what was sent.
#[derive(Clone, Debug)]
enum Errors {
    None,
    /// With a list, a profile or another body.
    Faults(Vec<InputFault>),
    /// With a plan: its breaches, as JSON.
    Breaches(Box<RawValue>),
}

impl Problem {
    /// The list is refused, for these faults.
    pub(crate) fn refused(faults: Vec<InputFault>) -> Problem {
        Problem::faulty(Code::ListRefused, faults)
    }

    /// What was sent is refused with that code, for these faults; with another one where it was not even read.
    pub(crate) fn faulty(refused: Code, faults: Vec<InputFault>) -> Problem {
        let code = match faults.first().map(|fault| fault.code) {
            Some("body-too-large" | "too-many-visits" | "too-many-carers" | "too-many-values") => {
                Code::BodyTooLarge
            }
            Some("malformed-json" | "too-deep") => Code::BadRequest,
            _ => refused,
        };
        Problem { errors: Errors::Faults(faults), ..Problem::from(code) }
    }

    /// The plan breaks these rules.
    pub(crate) fn broken(breaches: &[u8]) -> Problem {
        let errors = Errors::Breaches(crate::raw(breaches));
        Problem { errors, ..Problem::from(Code::RulesBroken) }
    }

    /// Come back after so many seconds.
    pub(crate) fn later(code: Code, seconds: u32) -> Problem {
        Problem { retry_after: Some(seconds), ..Problem::from(code) }
    }

    /// Whether the same may be done later without a change.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.code, Code::Busy | Code::StorageUnavailable | Code::QueueFull)
    }

    /// Somebody else was first; this is the state now.
    pub(crate) fn stale(etag: String) -> Problem {
        Problem { etag: Some(etag), ..Problem::from(Code::Stale) }
    }

    /// The same as an OperationOutcome of FHIR's.
    pub(crate) fn outcome(&self) -> Vec<u8> {
        let (status, name, _, title_nb) = self.code.told();
        let kind = match status {
            StatusCode::UNAUTHORIZED => "login",
            StatusCode::FORBIDDEN => "forbidden",
            StatusCode::NOT_FOUND => "not-found",
            StatusCode::REQUEST_TIMEOUT => "timeout",
            StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => "conflict",
            StatusCode::PAYLOAD_TOO_LARGE => "too-long",
            StatusCode::TOO_MANY_REQUESTS => "throttled",
            StatusCode::SERVICE_UNAVAILABLE => "transient",
            StatusCode::INTERNAL_SERVER_ERROR => "exception",
            StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE => "not-supported",
            _ => "invalid",
        };
        let faults = match &self.errors {
            Errors::Faults(faults) => faults.as_slice(),
            Errors::None | Errors::Breaches(_) => &[],
        };
        outcome_json(kind, name, title_nb, faults)
    }

    /// The list is known in this version.
    pub(crate) fn version(code: Code, current: u32) -> Problem {
        Problem { current_version: Some(current), ..Problem::from(code) }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Problem {
        Problem { code, retry_after: None, etag: None, current_version: None, errors: Errors::None }
    }
}

impl From<PlanningError> for Problem {
    fn from(error: PlanningError) -> Problem {
        match error {
            PlanningError::Refused(faults) => Problem::refused(faults),
            PlanningError::Unsound(_) | PlanningError::Broken(_) => Problem::from(Code::Internal),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::Unavailable => Problem::later(Code::StorageUnavailable, 10),
            StoreError::Corrupt => Problem::from(Code::Internal),
        }
    }
}

/// The body of a failed request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// `urn:hjemrute:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: &'static str,
    /// What it means.
    title: &'static str,
    /// What it means, in bokmål.
    title_nb: &'static str,
    /// The version of the list that is known, where that is what stands against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<u32>,
    /// Everything that is wrong with a list or another body, each with `code`, `pointer`, `id`, `detail`, `fix`; or the
    /// rules that a plan breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    errors: Option<Box<RawValue>>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let kept = self.clone();
        let Problem { code, retry_after, etag, current_version, errors } = self;
        let (status, name, title, title_nb) = code.told();
        let body = ProblemBody {
            kind: format!("urn:hjemrute:{name}"),
            status: status.as_u16(),
            code: name,
            title,
            title_nb,
            current_version,
            errors: match errors {
                Errors::None => None,
                Errors::Faults(faults) => Some(crate::raw(&faults_json(&faults))),
                Errors::Breaches(breaches) => Some(breaches),
            },
        };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (status, body).into_response();
        response.extensions_mut().insert(kept);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(etag) = etag.and_then(|etag| HeaderValue::try_from(etag).ok()) {
            headers.insert(header::ETAG, etag);
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_page_once() {
        let page = include_str!("../../../docs/API.md");
        for code in Code::ALL {
            let (status, name, ..) = code.told();
            let row = format!("| `{name}` | {} |", status.as_u16());
            assert_eq!(page.matches(&row).count(), 1, "{row}");
        }
    }
}
