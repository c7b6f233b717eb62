//! Who may do what: nothing without a credential, nothing beyond its scopes, nothing of another unit.

use serde_json::Value;

use crate::running::{ALL, Answer, Carries, Running, list};

/// An operation of the served OpenAPI document.
pub(crate) struct Operation {
    pub(crate) method: String,
    path: String,
    /// The scope that it names.
    pub(crate) scope: Option<String>,
    /// Its parameters: where each stands, its name, and the form of its value.
    parameters: Vec<[String; 3]>,
}

impl Operation {
    /// Its address about ids of a unit: every id that it takes, in the path or the query, is one of these.
    pub(crate) fn path(&self, ids: &Ids) -> String {
        let (mut path, mut query) = (self.path.clone(), Vec::new());
        for [place, name, form] in &self.parameters {
            let value = match (name.as_str(), form.as_str()) {
                (_, "date") => "2026-11-23",
                ("id", _) if !self.path.contains("/plans/") => &ids.list,
                (_, "uuid") => &ids.plan,
                ("number", _) => "1",
                ("visit", _) => "v001",
                ("shift", _) => "day",
                ("name", _) => "own",
                _ => continue,
            };
            match place.as_str() {
                "path" => path = path.replace(&format!("{{{name}}}"), value),
                "query" => query.push(format!("{name}={value}")),
                _ => {}
            }
        }
        assert!(!path.contains('{'), "{path}");
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }
}

/// All of them.
pub(crate) fn operations(service: &Running) -> Vec<Operation> {
    let api = service.get("", "/openapi.json").json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let security =
                operation["security"].as_array().expect("every operation says its scope");
            let scope = security.iter().find_map(|one| one["token"][0].as_str());
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let told =
                |it: &Value| [text(&it["in"]), text(&it["name"]), text(&it["schema"]["format"])];
            all.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                scope: scope.map(str::to_owned),
                parameters: parameters.map(told).collect(),
            });
        }
    }
    assert!(all.len() >= 30, "{}", all.len());
    all
}

/// Asks an operation about ids of a unit, with all that it could want.
fn request(service: &Running, token: &str, operation: &Operation, ids: &Ids) -> Answer {
    let Operation { method, path, .. } = operation;
    let body = match (method.as_str(), path.as_str()) {
        ("POST", "/v1/plans") => format!(r#"{{"list":"{}","from":"{}"}}"#, ids.list, ids.plan),
        ("PUT", "/v1/profiles/{name}") => r#"{"weights":{}}"#.to_owned(),
        ("PUT", _) => format!(r#"{{"plan":"{}"}}"#, ids.plan),
        ("PATCH", _) => r#"{"schemaVersion":"1.0","version":9}"#.to_owned(),
        ("POST", "/v1/visit-lists") => list("other", 1),
        _ => "{}".to_owned(),
    };
    let headers = [("idempotency-key", "one"), ("if-match", "\"r1\"")];
    let carries = Carries { token, headers: &headers, body: Some(body.as_bytes()) };
    service.ask(method, &operation.path(ids), &carries)
}

#[derive(Clone)]
pub(crate) struct Ids {
    pub(crate) list: String,
    pub(crate) plan: String,
}

#[test]
fn every_operation_asks_for_its_scope_and_for_no_other() {
    let service = Running::new("scopes");
    let nothing = Ids { list: uuid(1), plan: uuid(2) };
    for operation in operations(&service) {
        let Operation { method, path, scope: Some(scope), .. } = &operation else { continue };
        let without = request(&service, "", &operation, &nothing);
        assert_eq!((without.status, without.code().as_str()), (401, "unauthorized"), "{path}");
        assert_eq!(without.header("www-authenticate"), "Bearer");
        let others: Vec<_> = ALL.split(',').filter(|other| other != scope).collect();
        let others = service.token("bo", &others.join(","));
        let refused = request(&service, &others, &operation, &nothing);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "forbidden"),
            "{method} {path}"
        );
        let allowed = request(&service, &service.token("bo", scope), &operation, &nothing);
        assert!(![401, 403].contains(&allowed.status), "{method} {path}: {allowed:?}");
    }
}

#[test]
fn what_is_of_another_unit_is_not_there() {
    let service = Running::new("units");
    let (mine, other) = (service.master("bo"), service.master("by"));
    let list = service.send(&mine, "monday", 1);
    let plan = service.plan(&mine, &list, 20);
    let publish = format!(r#"{{"plan":"{plan}"}}"#);
    let slot = "/v1/published/2026-11-23/day";
    let headers = [("if-match", "\"r0\"")];
    let carries = Carries { token: &mine, headers: &headers, body: Some(publish.as_bytes()) };
    assert_eq!(service.ask("PUT", slot, &carries).status, 200);
    let before = told(&service, &mine, &list, &plan);
    let (theirs, nobodys) = (Ids { list, plan }, Ids { list: uuid(3), plan: uuid(4) });
    let own = service.send(&other, "own", 1);
    let own = Ids { plan: service.plan(&other, &own, 20), list: own };
    let mut asked = 0;
    for operation in operations(&service).into_iter().filter(|it| it.scope.is_some()) {
        let Operation { method, path, .. } = &operation;
        if path.starts_with("/v1/days") {
            // Last of all, below.
            continue;
        }
        if method == "GET" && !path.contains("tiles") {
            let answer = request(&service, &mine, &operation, &theirs);
            assert_eq!(answer.status, 200, "whose it is sees it: {path}: {answer:?}");
        }
        // One id of another's is enough, whatever the others are.
        for ids in [
            theirs.clone(),
            Ids { list: own.list.clone(), ..theirs.clone() },
            Ids { plan: own.plan.clone(), ..theirs.clone() },
        ] {
            let of = |id: &str, others: &str, nobodys: &str| {
                if id == others { nobodys.to_owned() } else { id.to_owned() }
            };
            let unknown = Ids {
                list: of(&ids.list, &theirs.list, &nobodys.list),
                plan: of(&ids.plan, &theirs.plan, &nobodys.plan),
            };
            // What tells of the unit itself, or of the time, is not the same twice.
            let is_own = ["/v1/audit", "/metrics"].contains(&path.as_str());
            let answer = request(&service, &other, &operation, &ids);
            let of_nothing = request(&service, &other, &operation, &unknown);
            if !is_own {
                let same = (of_nothing.status, &of_nothing.text);
                assert_eq!((answer.status, &answer.text), same, "{method} {path}");
            }
            for id in [&theirs.list, &theirs.plan] {
                assert!(!answer.text.contains(id.as_str()), "{method} {path}: {answer:?}");
            }
            asked += 1;
        }
    }
    println!("{asked} times asked for what is another unit's");
    // Keys of one unit say nothing in another.
    let body = crate::running::list("monday", 1);
    assert_eq!(service.post(&other, "/v1/visit-lists", "monday 1", &body).status, 201);
    let day = Carries { token: &other, ..Carries::default() };
    assert_eq!(service.ask("DELETE", "/v1/days/2026-11-23", &day).status, 204);
    assert_eq!(told(&service, &mine, &theirs.list, &theirs.plan), before);
}

fn told(service: &Running, token: &str, list: &str, plan: &str) -> Vec<String> {
    let paths = [
        format!("/v1/visit-lists/{list}/content"),
        "/v1/visit-lists?day=2026-11-23".to_owned(),
        format!("/v1/plans/{plan}/content"),
        "/v1/published/2026-11-23/day".to_owned(),
    ];
    paths.iter().map(|path| service.get(token, path).text).collect()
}

#[test]
fn no_forged_or_ended_token_opens_anything() {
    let service = Running::new("forged");
    let good = service.master("bo");
    let list = service.tool(&["list", "--unit", "bo"]);
    let id = list.split_whitespace().next().unwrap();
    let open = |token: &str| service.get(token, "/v1/plans?day=2026-11-23").status;
    assert_eq!(open(&good), 200);
    let secret = good.rsplit_once('_').unwrap().1;
    let last = if good.ends_with('A') { "B" } else { "A" };
    let forged = [
        format!("{}{last}", &good[..good.len() - 1]),
        good.to_lowercase(),
        good.to_uppercase(),
        good[..good.len() - 1].to_owned(),
        format!("{good}A"),
        good.replace("hjr_bo_", "hjr_by_"),
        good.replace("hjr_bo_", "hjr_nowhere_"),
        good.replace("hjr_bo_", "hjr_../bo_"),
        good.replace("hjr_bo_", "hjr__"),
        secret.to_owned(),
        format!("hjr_bo_{}", "A".repeat(43)),
        "A".repeat(9 << 10),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJibyJ9.".to_owned(),
        "' OR 1=1 --".to_owned(),
    ];
    for token in &forged {
        assert_eq!(open(token), 401, "{token}");
    }
    let with = |headers: &[(&str, &str)], path: &str| {
        service.ask("GET", path, &Carries { headers, ..Carries::default() }).status
    };
    let (bearer, path) = (format!("Bearer {good}"), "/v1/plans?day=2026-11-23");
    assert_eq!(with(&[("authorization", &bearer)], path), 200);
    assert_eq!(with(&[("authorization", &bearer), ("authorization", &bearer)], path), 401);
    assert_eq!(with(&[("authorization", &format!("Basic {good}"))], path), 401);
    assert_eq!(with(&[("authorization", &format!("DPoP {good}"))], path), 401);
    assert_eq!(with(&[], &format!("{path}&access_token={good}")), 401);
    service.tool(&["revoke", "--unit", "bo", id]);
    assert_eq!(open(&good), 401, "a revoked token ends at once");
}

#[test]
fn a_browser_shows_its_token_once_and_its_second_secret_with_every_change() {
    let service = Running::new("session");
    let token = service.master("bo");
    let login = |token: &str| {
        let body = format!(r#"{{"token":"{token}"}}"#);
        service.ask(
            "POST",
            "/v1/session",
            &Carries { body: Some(body.as_bytes()), ..Carries::default() },
        )
    };
    assert_eq!(login("hjr_bo_nonsense").code(), "unauthorized");
    let session = login(&token);
    let cookie = session.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let csrf = session.json()["csrfToken"].as_str().unwrap().to_owned();
    let with = |method: &str, path: &str, headers: &[(&str, &str)]| {
        service.ask(method, path, &Carries { headers, body: Some(b"{}"), ..Carries::default() })
    };
    let path = "/v1/plans?day=2026-11-23";
    assert_eq!(with("GET", path, &[("cookie", cookie)]).status, 200);
    assert_eq!(with("POST", "/v1/plans", &[("cookie", cookie)]).code(), "csrf-missing");
    let wrong = [("cookie", cookie), ("x-csrf-token", "guess")];
    assert_eq!(with("POST", "/v1/plans", &wrong).code(), "csrf-missing");
    let right = [("cookie", cookie), ("x-csrf-token", csrf.as_str()), ("idempotency-key", "k")];
    assert_eq!(with("POST", "/v1/plans", &right).code(), "bad-request");
    assert_eq!(with("DELETE", "/v1/session", &[("cookie", cookie)]).status, 200);
    assert_eq!(with("GET", path, &[("cookie", cookie)]).status, 401);
}

#[test]
fn reading_is_written_down_and_the_log_cannot_be_bent() {
    let service = Running::new("audit");
    let token = service.master("bo");
    let list = service.send(&token, "monday", 1);
    let plan = service.plan(&token, &list, 20);
    service.get(&token, &format!("/v1/plans/{plan}/work-lists/2"));
    let log = service.get(&token, "/v1/audit").json();
    let rows: Vec<&Value> = log["rows"].as_array().unwrap().iter().collect();
    let acts: Vec<_> = rows.iter().map(|row| row["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["token-made", "list-accepted", "plan-wanted", "plan-made", "work-list-read"]);
    assert_eq!(rows[4]["object"], format!("{plan} 2"));
    assert!(service.tool(&["audit", "--unit", "bo"]).contains("5 rader"));
}

pub(crate) fn uuid(number: u128) -> String {
    let hex = format!("{:032x}", 0x0190_0000_0000_7000_8000_0000_0000_0000_u128 + number);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
