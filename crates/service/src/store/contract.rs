//! What the store promises, said through its functions alone, of each database that can keep it. Two
//! openings of one unit stand for two processes that share the work. PostgreSQL is tried where
//! `HJEMRUTE_POSTGRES` names a server: a throw-away one, every test makes a schema of its own there.

use uuid::Uuid;

use super::database::Database;
use super::seal::Key;
use super::*;

/// A unit in a place of its own, and how to open it once more.
struct Place {
    database: Database,
    id: UnitId,
    key: Key,
}

impl Place {
    fn of(database: Database) -> Place {
        let id = UnitId::parse(&format!("t{}", Uuid::now_v7().simple())).unwrap();
        Place { database, id, key: Key::new() }
    }

    fn in_files() -> Place {
        let folder = std::env::temp_dir().join(format!("hjemrute-store-{}", Uuid::now_v7()));
        Place::of(Database::Files(folder))
    }

    /// On the server that there is for tests, if there is one; where nothing may be left out there must be.
    fn on_server() -> Option<Place> {
        let address = std::env::var("HJEMRUTE_POSTGRES").ok();
        assert!(
            address.is_some() || std::env::var_os("CI").is_none(),
            "HJEMRUTE_POSTGRES is not set"
        );
        address.map(|address| Place::of(Database::Server(address)))
    }

    async fn unit(&self) -> Unit {
        Unit::open(&self.database, &self.id, &self.key).await.unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Database::Files(folder) = &self.database {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Holds each promise against each database.
macro_rules! promises {
    ($($promise:ident),+ $(,)?) => {
        mod in_files {
            $(#[tokio::test]
            async fn $promise() {
                super::$promise(super::Place::in_files()).await;
            })+
        }

        mod on_a_server {
            $(#[tokio::test]
            async fn $promise() {
                if let Some(place) = super::Place::on_server() {
                    super::$promise(place).await;
                }
            })+
        }
    };
}

promises!(
    a_key_gives_its_answer_again_and_belongs_to_one_request,
    versions_only_rise_in_whatever_order_they_come,
    a_claim_is_one_makers_and_what_an_old_one_brings_is_not_kept,
    three_attempts_are_enough_however_they_end,
    of_cancelling_and_finishing_the_first_one_holds,
    of_all_who_read_the_same_revision_one_publishes,
    a_forgotten_day_is_gone_and_may_come_again,
    no_row_of_the_log_can_be_changed_taken_out_or_moved_unseen,
    what_many_read_at_once_is_all_written_down,
    a_token_opens_its_unit_until_it_is_revoked,
    what_is_wished_of_a_search_reaches_its_maker,
    a_unit_opens_with_its_own_key_alone,
);

const DAY: &str = "2026-11-23";

async fn put(unit: &Unit, name: &str, version: u32, key: &str, body: &[u8]) -> Arrival {
    let id = Uuid::now_v7();
    let receipt = format!("receipt {id}");
    let list = NewList { id, name, version, day: DAY, body, receipt: receipt.as_bytes() };
    let repeat = RepeatKey { operation: "post list", key, request: body };
    unit.put_list(&list, &repeat, "somebody").await.unwrap()
}

/// The id of a list that is kept.
async fn kept(unit: &Unit, name: &str, version: u32) -> Uuid {
    match put(unit, name, version, &format!("{name} {version}"), b"body").await {
        Arrival::Kept(answer) => answer.location.rsplit('/').next().unwrap().parse().unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn wish(unit: &Unit, list: Uuid, key: &str, most: u32) -> Queued {
    let plan = NewPlan {
        id: Uuid::now_v7(),
        list,
        day: DAY,
        shift: "day",
        profile: "standard",
        seed: 1,
        seconds: 1,
        iterations: None,
        prove: Prove::Not,
        replan: None,
        receipt: b"ticket",
    };
    let repeat = RepeatKey { operation: "post plan", key, request: list.as_bytes() };
    unit.put_plan(&plan, &repeat, most, "somebody").await.unwrap()
}

async fn state(unit: &Unit, plan: Uuid) -> (State, Option<String>, u32) {
    let row = unit.plan(plan).await.unwrap().unwrap();
    (row.state, row.reason, row.attempts)
}

fn document() -> Vec<Document> {
    vec![Document { number: 0, format: Format::Json, bytes: b"plan".to_vec() }]
}

async fn a_key_gives_its_answer_again_and_belongs_to_one_request(place: Place) {
    let (one, other) = (place.unit().await, place.unit().await);
    let Arrival::Kept(first) = put(&one, "monday", 1, "k", b"a").await else { panic!() };
    assert_eq!(put(&other, "monday", 1, "k", b"a").await, Arrival::Again(first.clone()));
    assert_eq!(put(&other, "monday", 1, "k", b"b").await, Arrival::KeyReused);
    // The same list under another key is the same list.
    let Arrival::Again(same) = put(&other, "monday", 1, "k2", b"a").await else { panic!() };
    assert_eq!((same.status, same.location, same.body), (200, first.location, first.body));
    let list = kept(&one, "tuesday", 1).await;
    assert_eq!(wish(&one, list, "p", 9).await, Queued::Yes);
    let Queued::Again(ticket) = wish(&other, list, "p", 9).await else { panic!() };
    assert_eq!(ticket.body, b"ticket");
    assert_eq!(wish(&other, Uuid::now_v7(), "p", 9).await, Queued::KeyReused);
    assert_eq!(one.waiting().await.unwrap(), 1);
}

/// Every order in which four versions can come leaves the newest, and tells each older one so.
async fn versions_only_rise_in_whatever_order_they_come(place: Place) {
    let unit = place.unit().await;
    let mut orders = vec![vec![]];
    for version in 1..=4_u32 {
        let longer = orders.into_iter().flat_map(|order: Vec<u32>| {
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, version);
                order
            })
        });
        orders = longer.collect();
    }
    assert_eq!(orders.len(), 24);
    for (number, order) in orders.iter().enumerate() {
        let (name, mut newest) = (format!("list {number}"), 0);
        for version in order {
            let came = put(&unit, &name, *version, &format!("{number} {version}"), b"body").await;
            if *version > newest {
                assert!(matches!(came, Arrival::Kept(_)), "{order:?}: {came:?}");
                newest = *version;
            } else {
                assert_eq!(came, Arrival::Stale(newest), "{order:?}");
            }
        }
        assert_eq!(put(&unit, &name, 4, "other", b"more").await, Arrival::Conflict(4));
    }
}

async fn a_claim_is_one_makers_and_what_an_old_one_brings_is_not_kept(place: Place) {
    let (one, other) = (place.unit().await, place.unit().await);
    let list = kept(&one, "monday", 1).await;
    wish(&one, list, "p", 9).await;
    let old = one.claim().await.unwrap().unwrap();
    assert_eq!(other.claim().await.unwrap(), None, "it is claimed");
    assert!(other.renew(&old, None).await.unwrap());
    // The maker is not heard of: another one takes over, and the first is too late for everything.
    one.release_all().await.unwrap();
    let new = other.claim().await.unwrap().unwrap();
    assert_eq!((new.plan.id, new.plan.attempts), (old.plan.id, 2));
    assert!(!one.renew(&old, None).await.unwrap());
    assert!(!one.finish(&old, &document(), 0).await.unwrap());
    one.give_up(&old, "crashed", true).await.unwrap();
    one.hand_back(&old).await.unwrap();
    assert_eq!(state(&one, new.plan.id).await, (State::Running, None, 2));
    assert!(other.finish(&new, &document(), 0).await.unwrap());
    assert!(!other.finish(&new, &document(), 0).await.unwrap(), "once is enough");
    let row = one.plan(new.plan.id).await.unwrap().unwrap();
    let told = one.document(&row, 0, Format::Json).await.unwrap();
    assert_eq!((row.state, told.as_deref()), (State::Done, Some(&b"plan"[..])));
}

async fn three_attempts_are_enough_however_they_end(place: Place) {
    let unit = place.unit().await;
    let list = kept(&unit, "monday", 1).await;
    wish(&unit, list, "told", 9).await;
    let mut plan = None;
    for attempt in 1..=3 {
        let claim = unit.claim().await.unwrap().unwrap();
        assert_eq!(claim.plan.attempts, attempt);
        unit.give_up(&claim, "crashed", false).await.unwrap();
        plan = Some(claim.plan.id);
    }
    assert_eq!(unit.claim().await.unwrap(), None);
    assert_eq!(state(&unit, plan.unwrap()).await, (State::Failed, Some("crashed".into()), 3));
    // One that takes its maker with it tells nothing.
    wish(&unit, list, "silent", 9).await;
    for _ in 0..3 {
        plan = Some(unit.claim().await.unwrap().unwrap().plan.id);
        unit.release_all().await.unwrap();
    }
    assert_eq!(unit.claim().await.unwrap(), None);
    assert_eq!(state(&unit, plan.unwrap()).await, (State::Failed, Some("put-aside".into()), 3));
    // Handed back because the service stops, it has not been tried.
    wish(&unit, list, "back", 9).await;
    for _ in 0..5 {
        let claim = unit.claim().await.unwrap().unwrap();
        assert_eq!(claim.plan.attempts, 1);
        unit.hand_back(&claim).await.unwrap();
    }
}

async fn of_cancelling_and_finishing_the_first_one_holds(place: Place) {
    let unit = place.unit().await;
    let list = kept(&unit, "monday", 1).await;
    for (key, cancel_first) in [("a", true), ("b", false)] {
        wish(&unit, list, key, 9).await;
        let claim = unit.claim().await.unwrap().unwrap();
        if cancel_first {
            assert!(unit.cancel(claim.plan.id, "somebody").await.unwrap());
            assert!(!unit.finish(&claim, &document(), 0).await.unwrap());
            assert_eq!(state(&unit, claim.plan.id).await.0, State::Cancelled);
        } else {
            assert!(unit.finish(&claim, &document(), 0).await.unwrap());
            assert!(!unit.cancel(claim.plan.id, "somebody").await.unwrap());
            assert_eq!(state(&unit, claim.plan.id).await.0, State::Done);
        }
    }
    assert_eq!(wish(&unit, list, "c", 0).await, Queued::Full);
}

async fn of_all_who_read_the_same_revision_one_publishes(place: Place) {
    let units = [place.unit().await, place.unit().await];
    let slot = Slot { day: DAY.to_owned(), shift: "day".to_owned() };
    let list = kept(&units[0], "monday", 1).await;
    wish(&units[0], list, "p", 9).await;
    let plan = units[0].claim().await.unwrap().unwrap().plan.id;
    for read in 0..20 {
        let [one, other] = &units;
        let (a, b) = tokio::join!(
            one.publish(&slot, Some(plan), read, "one"),
            other.publish(&slot, None, read, "other")
        );
        assert!(a.unwrap() != b.unwrap(), "round {read}");
        assert!(!one.publish(&slot, Some(plan), read, "late").await.unwrap());
        assert_eq!(other.publication(&slot).await.unwrap().revision, read + 1);
    }
}

async fn a_forgotten_day_is_gone_and_may_come_again(place: Place) {
    let unit = place.unit().await;
    let list = kept(&unit, "monday", 1).await;
    wish(&unit, list, "p", 9).await;
    let plan = unit.claim().await.unwrap().unwrap().plan.id;
    let day = DAY.parse().unwrap();
    unit.forget_old(day, 0).await.unwrap();
    assert!(unit.list(list).await.unwrap().is_some(), "not before its time");
    assert!(unit.forget(day, "somebody").await.unwrap());
    assert!(!unit.forget(day, "somebody").await.unwrap());
    assert!(unit.list(list).await.unwrap().is_none() && unit.plan(plan).await.unwrap().is_none());
    assert_eq!(unit.list_body(list).await.unwrap(), None);
    assert_ne!(kept(&unit, "monday", 1).await, list);
    unit.forget_old(day.tomorrow().unwrap(), 0).await.unwrap();
    assert_eq!(unit.lists_of(DAY).await.unwrap().len(), 0);
}

async fn no_row_of_the_log_can_be_changed_taken_out_or_moved_unseen(place: Place) {
    let unit = place.unit().await;
    for number in 0..40 {
        let object = format!("object {number}");
        unit.log(&[Act { who: "somebody", act: "list-read", object: &object }]).await.unwrap();
    }
    assert_eq!(unit.audit_holds().await.unwrap(), Ok(40));
    let rows = unit.audit(0, 500).await.unwrap();
    assert!(rows.is_sorted_by_key(|row| row.seq) && rows.len() == 40);
    for bend in [
        "UPDATE audit SET who = 'nobody' WHERE seq = 7",
        "UPDATE audit SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 7",
        "UPDATE audit SET act = 'plan-read', object = object WHERE seq = 7",
        "UPDATE audit SET object = 'object 8' WHERE seq = 7",
        "UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 8) WHERE seq = 7",
        "DELETE FROM audit WHERE seq = 7",
        "UPDATE audit SET seq = 100 WHERE seq = 7",
    ] {
        let mut change = unit.begin().await.unwrap();
        sqlx::query(bend).execute(&mut *change.transaction).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(unit.audit_holds().await.unwrap(), Err(7), "{bend}");
        let mut change = unit.begin().await.unwrap();
        sqlx::query("DELETE FROM audit").execute(&mut *change.transaction).await.unwrap();
        change.commit().await.unwrap();
        for number in 0..40 {
            let object = format!("object {number}");
            unit.log(&[Act { who: "somebody", act: "list-read", object: &object }]).await.unwrap();
        }
    }
}

async fn what_many_read_at_once_is_all_written_down(place: Place) {
    let unit = Arc::new(place.unit().await);
    let read = |number: u32| {
        let unit = unit.clone();
        tokio::spawn(async move {
            let object = number.to_string();
            unit.log(&[Act { who: "somebody", act: "list-read", object: &object }]).await
        })
    };
    let readers: Vec<_> = (0..100).map(read).collect();
    // Some hang up; that keeps nobody else.
    readers.iter().step_by(7).for_each(tokio::task::JoinHandle::abort);
    let mut written = 0;
    for reader in readers {
        if let Ok(told) = reader.await {
            told.unwrap();
            written += 1;
        }
    }
    assert!(written >= 85 && unit.audit(0, 500).await.unwrap().len() >= written);
    assert!(unit.audit_holds().await.unwrap().is_ok());
}

async fn a_token_opens_its_unit_until_it_is_revoked(place: Place) {
    let (one, other) = (place.unit().await, place.unit().await);
    let token = one.new_token("gerica", &[crate::Scope::ListsWrite], 1).await.unwrap();
    let (id, scopes) = other.token(&token).await.unwrap().unwrap();
    assert_eq!((scopes.as_str(), unit_of(&token)), ("lists:write", Some(place.id.clone())));
    assert_eq!(other.token(&format!("{token}A")).await.unwrap(), None);
    assert!(one.revoke(&id).await.unwrap() && !one.revoke(&id).await.unwrap());
    assert_eq!(other.token(&token).await.unwrap(), None);
    let ended = one.new_token("ended", &[], 0).await.unwrap();
    assert_eq!(one.token(&ended).await.unwrap(), None);
}

async fn what_is_wished_of_a_search_reaches_its_maker(place: Place) {
    let (one, other) = (place.unit().await, place.unit().await);
    let list = kept(&one, "monday", 1).await;
    wish(&one, list, "p", 9).await;
    let plan = one.plans_of(DAY).await.unwrap()[0].id;
    assert!(!other.enough(plan).await.unwrap(), "nobody makes it");
    let claim = one.claim().await.unwrap().unwrap();
    assert_eq!(one.standing(&claim).await.unwrap(), Standing::Held);
    assert!(one.renew(&claim, Some("half")).await.unwrap());
    let told = other.plan(plan).await.unwrap().unwrap();
    assert_eq!(told.progress.as_deref(), Some("half"));
    assert!(other.enough(plan).await.unwrap());
    assert_eq!(one.standing(&claim).await.unwrap(), Standing::Enough);
    assert!(other.cancel(plan, "somebody").await.unwrap());
    assert_eq!(one.standing(&claim).await.unwrap(), Standing::Cancelled);
    wish(&one, list, "q", 9).await;
    let claim = one.claim().await.unwrap().unwrap();
    one.forget(DAY.parse().unwrap(), "somebody").await.unwrap();
    assert_eq!(one.standing(&claim).await.unwrap(), Standing::Lost);
}

async fn a_unit_opens_with_its_own_key_alone(mut place: Place) {
    kept(&place.unit().await, "monday", 1).await;
    place.unit().await;
    place.key = Key::new();
    assert!(Unit::open(&place.database, &place.id, &place.key).await.is_err());
}
