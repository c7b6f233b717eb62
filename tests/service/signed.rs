//! Tokens that others sign: what is as it must be opens, and whatever is forged, bent, old, early, meant
//! for others or shown twice opens nothing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::running::{Answer, Carries, Running};
use crate::units::{Ids, operations, uuid};

/// Somebody with keys.
struct Signer {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
}

impl Signer {
    fn new() -> Signer {
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Signer { rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(), ec }
    }

    fn ec_jwk(&self) -> Value {
        let point = self.ec.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "x": text(&point[1..33]), "y": text(&point[33..])})
    }

    fn rsa_jwk(&self) -> Value {
        let modulus = self.rsa.public_key().modulus().big_endian_without_leading_zero().to_vec();
        json!({"kty": "RSA", "n": text(&modulus), "e": "AQAB"})
    }

    /// The keys as a file, the first called `rsa` and the second `ec`.
    fn file(&self) -> String {
        let (mut rsa, mut ec) = (self.rsa_jwk(), self.ec_jwk());
        (rsa["kid"], ec["kid"]) = ("rsa".into(), "ec".into());
        (rsa["use"], ec["alg"]) = ("sig".into(), "ES256".into());
        json!({ "keys": [rsa, ec] }).to_string()
    }

    fn sign(&self, head: &Value, body: &str) -> String {
        let message = format!("{}.{}", text(head.to_string().as_bytes()), text(body.as_bytes()));
        let bytes = message.as_bytes();
        let rsa = |with| {
            let mut signed = vec![0; self.rsa.public_modulus_len()];
            self.rsa.sign(with, &SystemRandom::new(), bytes, &mut signed).unwrap();
            signed
        };
        let signed = match head["alg"].as_str() {
            Some("RS256") => rsa(&signature::RSA_PKCS1_SHA256),
            Some("PS256") => rsa(&signature::RSA_PSS_SHA256),
            Some("RS512") => rsa(&signature::RSA_PKCS1_SHA512),
            Some("HS256") => {
                let public = self.rsa_jwk()["n"].as_str().unwrap().to_owned();
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes()), bytes)
                    .as_ref()
                    .to_vec()
            }
            Some("ES256") => self.ec.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec(),
            _ => Vec::new(),
        };
        format!("{message}.{}", text(&signed))
    }

    /// A token with those changes to its head and its body; `null` takes a field away.
    fn token(&self, head: Value, body: Value) -> String {
        let mut good_head = json!({"alg": "PS256", "typ": "at+jwt", "kid": "rsa"});
        let mut good_body = body_now();
        lay_over(&mut good_head, head);
        lay_over(&mut good_body, body);
        self.sign(&good_head, &good_body.to_string())
    }

    /// A proof for a token and a request, with those changes.
    fn proof(&self, token: &str, head: Value, body: Value) -> String {
        let mut good_head = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": self.ec_jwk()});
        let mut good_body = json!({"htm": "GET", "htu": "https://plan.example/v1/plans",
            "iat": now(), "jti": format!("{:?}", SystemTime::now()), "ath": hash(token)});
        lay_over(&mut good_head, head);
        lay_over(&mut good_body, body);
        self.sign(&good_head, &good_body.to_string())
    }

    /// The thumbprint of the key that proofs are signed with (RFC 7638).
    fn thumbprint(&self) -> String {
        let key = self.ec_jwk();
        let (x, y) = (key["x"].as_str().unwrap(), key["y"].as_str().unwrap());
        hash(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#))
    }
}

fn lay_over(value: &mut Value, changes: Value) {
    let fields = value.as_object_mut().unwrap();
    for (name, change) in changes.as_object().unwrap() {
        if change.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), change.clone());
        }
    }
}

fn body_now() -> Value {
    json!({"iss": "https://helse.example", "aud": "hjemrute", "exp": now() + 60, "nbf": now() - 1,
        "iat": now() - 1, "scope": "plans:read lists:read", "client_id": "gerica",
        "consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:1"}})
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hash(of: &str) -> String {
    text(digest::digest(&digest::SHA256, of.as_bytes()).as_ref())
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

const ISSUERS: &str = "
[[issuer]]
name = 'helse'
iss = 'https://helse.example'
audience = 'hjemrute'
keys = 'helse.json'
[[issuer.grant]]
unit = 'bo'
claims = { client_id = 'gerica', consumer.ID = '0192:1' }
[[issuer.grant]]
unit = 'by'
claims = { client_id = 'gerica', consumer.ID = '0192:2' }
[[issuer.grant]]
unit = 'bo'
claims = { client_id = 'two-units' }
[[issuer.grant]]
unit = 'by'
claims = { client_id = 'two-units' }
[[issuer]]
name = 'bound'
iss = 'https://bound.example'
audience = 'hjemrute'
keys = 'bound.json'
dpop = true
[[issuer.grant]]
unit = 'bo'
scopes = ['plans:read']
claims = { client_id = 'gerica' }
";

/// A service that believes two issuers, and their keys.
fn believing(name: &str) -> (Running, Signer, Signer) {
    let (helse, bound) = (Signer::new(), Signer::new());
    let files = [("helse.json", helse.file()), ("bound.json", bound.file())];
    let service = Running::with(name, "external-url = 'https://plan.example'", ISSUERS, &files);
    (service, helse, bound)
}

const PLANS: &str = "/v1/plans?day=2026-11-23";

fn shown(service: &Running, scheme: &str, token: &str, proofs: &[&str]) -> Answer {
    let shown = format!("{scheme} {token}");
    let mut headers = vec![("authorization", shown.as_str())];
    headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
    service.ask("GET", PLANS, &Carries { headers: &headers, ..Carries::default() })
}

/// Every way to forge a token that we could think of.
fn forged(helse: &Signer, other: &Signer) -> Vec<(&'static str, String)> {
    let head = |changes: Value| helse.token(changes, json!({}));
    let body = |changes: Value| helse.token(json!({}), changes);
    let good = body(json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    let bent = |at: usize| {
        let mut bytes = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
        bytes[at] ^= 1;
        format!("{}.{}.{}", parts[0], parts[1], text(&bytes))
    };
    let twice = |name: &str, value: &str| {
        let whole = body_now().to_string();
        let whole = format!("{{\"{name}\":{value},{}", &whole[1..]);
        helse.sign(&json!({"alg": "PS256", "typ": "at+jwt", "kid": "rsa"}), &whole)
    };
    vec![
        ("alg none", head(json!({"alg": "none"}))),
        ("alg None", head(json!({"alg": "None"}))),
        ("alg nOnE", head(json!({"alg": "nOnE"}))),
        ("no alg", head(json!({"alg": null}))),
        ("HS256 with the public key", head(json!({"alg": "HS256"}))),
        ("RS512", head(json!({"alg": "RS512"}))),
        ("RS256 under the EC key", head(json!({"alg": "RS256", "kid": "ec"}))),
        ("ES256 under the RSA key", head(json!({"alg": "ES256"}))),
        ("unknown kid", head(json!({"kid": "rsa2"}))),
        ("a path as kid", head(json!({"kid": "../../x"}))),
        ("kid of 10 KiB", head(json!({"kid": "r".repeat(10 << 10)}))),
        ("no kid", head(json!({"kid": null}))),
        ("kid a number", head(json!({"kid": 1}))),
        ("jku", head(json!({"jku": "https://evil.example/keys"}))),
        ("x5u", head(json!({"x5u": "https://evil.example/keys"}))),
        ("own jwk", other.token(json!({"jwk": other.rsa_jwk()}), json!({}))),
        ("crit", head(json!({"crit": ["exp"]}))),
        ("another's signature", other.token(json!({}), json!({}))),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("no third part", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{good}.{}", parts[2])),
        ("first bit", bent(0)),
        ("last bit", bent(255)),
        ("typ of an id token", head(json!({"typ": "id_token"}))),
        ("no typ", head(json!({"typ": null}))),
        ("typ of a proof", head(json!({"typ": "dpop+jwt"}))),
        ("iss with a slash", body(json!({"iss": "https://helse.example/"}))),
        ("iss in capitals", body(json!({"iss": "https://HELSE.example"}))),
        ("iss over http", body(json!({"iss": "http://helse.example"}))),
        ("the other issuer's iss", body(json!({"iss": "https://bound.example"}))),
        ("iss in a list", body(json!({"iss": ["https://helse.example"]}))),
        ("no iss", body(json!({"iss": null}))),
        ("no aud", body(json!({"aud": null}))),
        ("aud for another too", body(json!({"aud": ["hjemrute", "other"]}))),
        ("aud longer", body(json!({"aud": "hjemrute2"}))),
        ("aud for another", body(json!({"aud": "other"}))),
        ("no exp", body(json!({"exp": null}))),
        ("ended", body(json!({"exp": now() - 7}))),
        ("exp a text", body(json!({"exp": (now() + 60).to_string()}))),
        ("exp 1e99", body(json!({"exp": 1e99}))),
        ("exp negative", body(json!({"exp": -1}))),
        ("no nbf", body(json!({"nbf": null}))),
        ("not yet", body(json!({"nbf": now() + 9}))),
        ("made later", body(json!({"iat": now() + 60}))),
        ("another client", body(json!({"client_id": "gerica2"}))),
        ("no client", body(json!({"client_id": null}))),
        ("another organisation", body(json!({"consumer": {"ID": "0192:3"}}))),
        ("the organisation elsewhere", body(json!({"consumer": "0192:1", "ID": "0192:1"}))),
        ("two units", body(json!({"client_id": "two-units"}))),
        ("bound, without proof", body(json!({"cnf": {"jkt": other.thumbprint()}}))),
        ("bound to nothing", body(json!({"cnf": {}}))),
        ("aud twice", twice("aud", "\"hjemrute\"")),
        ("client twice", twice("client_id", "\"other\"")),
        ("9 KiB", body(json!({"more": "A".repeat(9 << 10)}))),
        ("the organisation twice", body(json!({})).replace('.', "..")),
    ]
}

#[test]
fn a_signed_token_opens_its_unit_and_no_forged_one_opens_anything() {
    let (service, helse, other) = believing("signed");
    let mine = service.send(&service.master("bo"), "monday", 1);
    let content = format!("/v1/visit-lists/{mine}/content");
    let good = helse.token(json!({}), json!({}));
    assert_eq!(service.get(&good, &content).status, 200);
    for (head, body) in [
        (json!({"alg": "RS256"}), json!({})),
        (json!({"alg": "ES256", "kid": "ec", "typ": "JWT"}), json!({"aud": ["hjemrute"]})),
        (json!({}), json!({"exp": now() - 2, "nbf": now() + 3, "iat": now() + 3})),
        (json!({}), json!({"scope": ["plans:read"]})),
    ] {
        assert_eq!(service.get(&helse.token(head, body), PLANS).status, 200);
    }
    // The unit is the one that the operator has written down, and scopes are taken letter by letter.
    let by = helse.token(json!({}), json!({"consumer": {"ID": "0192:2"}}));
    assert_eq!(service.get(&by, &content).code(), "not-found");
    for scope in ["plans:read2", "PLANS:READ", "plans", "plans:read,lists:read", ""] {
        let token = helse.token(json!({}), json!({ "scope": scope }));
        assert_eq!(service.get(&token, PLANS).code(), "forbidden", "{scope}");
    }
    // Who it was stands in the log, and a browser may have a session with it.
    let log = service.get(&service.master("bo"), "/v1/audit").text;
    assert!(log.contains("\"who\":\"helse gerica\",\"act\":\"list-read\""), "{log}");
    let login = format!(r#"{{"token":"{good}"}}"#);
    let carries = Carries { body: Some(login.as_bytes()), ..Carries::default() };
    assert_eq!(service.ask("POST", "/v1/session", &carries).status, 200);

    let forged = forged(&helse, &other);
    assert!(forged.len() >= 45);
    let ids = Ids { list: mine, plan: uuid(1) };
    for operation in operations(&service).into_iter().filter(|it| it.scope.is_some()) {
        let (method, path) = (&operation.method, operation.path(&ids));
        for (name, token) in &forged {
            let carries = Carries { token, ..Carries::default() };
            let answer = service.ask(method, &path, &carries);
            assert_eq!(answer.status, 401, "{name}: {method} {path}: {answer:?}");
        }
    }
    assert_eq!(service.get(&good, PLANS).status, 200);
}

#[test]
fn keys_are_read_again_when_their_file_changes() {
    let (service, helse, other) = believing("rotated");
    let [old, new] = [&helse, &other].map(|signer| signer.token(json!({}), json!({})));
    assert_eq!(service.get(&old, PLANS).status, 200);
    assert_eq!(service.get(&new, PLANS).status, 401);
    let put = |text: &str| {
        let (half, whole) = (service.home.join("half"), service.home.join("helse.json"));
        std::fs::write(&half, text).unwrap();
        std::fs::rename(half, whole).unwrap();
    };
    put(&other.file());
    assert_eq!(service.get(&old, PLANS).status, 401);
    assert_eq!(service.get(&new, PLANS).status, 200);
    put("{\"keys\": [");
    assert_eq!(service.get(&new, PLANS).status, 200, "the last good keys hold");
    let told = service.get(&service.master("bo"), "/metrics").text;
    assert!(told.contains("hjemrute_key_file_age_seconds{issuer=\"helse\"}"), "{told}");
}

#[test]
fn a_bound_token_opens_with_a_proof_for_this_request_and_once() {
    let (service, helse, bound) = believing("proven");
    let cnf = |signer: &Signer| json!({"jkt": signer.thumbprint()});
    let iss = "https://bound.example";
    let token = bound.token(json!({}), json!({"iss": iss, "cnf": cnf(&bound)}));
    let open = |proof: &str| shown(&service, "DPoP", &token, &[proof]);
    // What may have been shown before a restart is not taken, and that is said.
    let early = open(&bound.proof(&token, json!({}), json!({})));
    assert_eq!((early.status, early.code().as_str()), (503, "busy"));
    let wait: u64 = early.header("retry-after").parse().unwrap();
    std::thread::sleep(Duration::from_secs(wait));

    let proof = bound.proof(&token, json!({}), json!({}));
    assert_eq!(open(&proof).status, 200);
    assert_eq!(open(&proof).status, 401, "shown twice");
    let with = |head: Value, body: Value| bound.proof(&token, head, body);
    let mut private = bound.ec_jwk();
    private["d"] = "AAAA".into();
    let another = bound.token(json!({}), json!({"iss": iss, "cnf": cnf(&bound), "n": 1}));
    for (name, proof) in [
        ("no proof at all", String::new()),
        ("another method", with(json!({}), json!({"htm": "POST"}))),
        ("another path", with(json!({}), json!({"htu": "https://plan.example/v1/visit-lists"}))),
        ("another host", with(json!({}), json!({"htu": "https://evil.example/v1/plans"}))),
        ("a query", with(json!({}), json!({"htu": format!("https://plan.example{PLANS}")}))),
        ("no ath", with(json!({}), json!({"ath": null}))),
        ("ath of another token", with(json!({}), json!({"ath": hash("other")}))),
        ("proof of another token", bound.proof(&another, json!({}), json!({}))),
        ("old", with(json!({}), json!({"iat": now() - 12}))),
        ("from later", with(json!({}), json!({"iat": now() + 12}))),
        ("no iat", with(json!({}), json!({"iat": null}))),
        ("no jti", with(json!({}), json!({"jti": null}))),
        ("a private key", with(json!({"jwk": private}), json!({}))),
        ("another's key", helse.proof(&token, json!({}), json!({}))),
        ("another's signature", helse.proof(&token, json!({"jwk": bound.ec_jwk()}), json!({}))),
        ("typ of a token", with(json!({"typ": "at+jwt"}), json!({}))),
        ("alg none", with(json!({"alg": "none"}), json!({}))),
    ] {
        assert_eq!(open(&proof).status, 401, "{name}");
    }
    let [one, two] = [0, 1].map(|_| with(json!({}), json!({})));
    assert_eq!(shown(&service, "DPoP", &token, &[&one, &two]).status, 401, "two proofs");
    assert_eq!(shown(&service, "Bearer", &token, &[&one]).status, 401, "shown as a bearer's");
    let unbound = bound.token(json!({}), json!({ "iss": iss }));
    let proof = bound.proof(&unbound, json!({}), json!({}));
    assert_eq!(shown(&service, "DPoP", &unbound, &[&proof]).status, 401, "bound to nothing");
    assert_eq!(shown(&service, "Bearer", &unbound, &[]).status, 401, "must be bound");
    let ours = service.master("bo");
    let proof = bound.proof(&ours, json!({}), json!({}));
    assert_eq!(shown(&service, "DPoP", &ours, &[&proof]).status, 401, "one of our own");
    // The grant's scopes are the most that a token has.
    let lists = "https://plan.example/v1/visit-lists";
    let proof = with(json!({}), json!({ "htu": lists }));
    let shown = format!("DPoP {token}");
    let headers = [("authorization", shown.as_str()), ("dpop", proof.as_str())];
    let path = "/v1/visit-lists?day=2026-11-23";
    let answer = service.ask("GET", path, &Carries { headers: &headers, ..Carries::default() });
    assert_eq!(answer.code(), "forbidden");
}
