//! The text format of Solomon's and of Gehring and Homberger's problems: one depot, alike vehicles
//! with a capacity, customers with demands and hard windows. The objective is that of the DIMACS
//! challenge: distance, where a distance and a travel time are floor(10·d), and as many of the file's
//! vehicles as one likes. All customers are to be served. One of our seconds is a tenth here.

use std::collections::BTreeMap;
use std::fmt::Write;

use hjemrute_solver::{
    Carer, CarerRef, Criticality, Instance, Load, LocationId, PatientRef, Pin, Place, Plan, Policy,
    Rate, Skills, Status, Stop, TimeWindow, Visit, VisitId, WorkList,
};
use hjemrute_travel::{Leg, Metres, Mode, PlaceId, Position, Seconds, Table, Tables, Time};

use crate::InstanceError;

/// Tenths in a unit of the file.
const TENTHS: i64 = 10;

/// The largest number that a file may have: a horizon of a million, which can still be counted in
/// tenths many times over.
const LARGEST: i64 = 1_000_000;

/// The most vehicles and customers.
const MOST: usize = 20_000;

/// A problem that was read.
#[derive(Clone, Debug)]
pub struct Solomon {
    /// The day: one visit for each customer, one carer for each vehicle, in the file's order.
    pub instance: Instance,
    /// The ways between the depot, which is place 0, and the customers.
    pub tables: Tables,
}

/// What a plan is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objective {
    /// The distance of all routes, in tenths of the file's unit.
    pub tenths: i64,
    /// How many vehicles leave the depot.
    pub vehicles: usize,
}

/// One line of the file: the depot or a customer.
struct Row {
    x: i64,
    y: i64,
    demand: i64,
    ready: i64,
    due: i64,
    service: i64,
}

impl Solomon {
    /// Reads a problem.
    ///
    /// # Errors
    /// If it is not of the format, or has numbers that cannot be counted exactly.
    pub fn read(text: &[u8]) -> Result<Solomon, InstanceError> {
        let text = str::from_utf8(text).map_err(|error| unreadable(error.to_string()))?;
        let (vehicles, capacity, rows) = parse(text)?;
        let instance = Instance {
            places: (0..rows.len()).map(place).collect(),
            visits: (1..).zip(&rows[1..]).map(|(id, row)| visit(id, row)).collect(),
            carers: (1..=vehicles).map(|id| carer(id, capacity, &rows[0])).collect(),
            // Distance and nothing else, and never late.
            policy: Policy { travel: Rate(10), ..Policy::free("solomon") },
            published: None,
        };
        let table = Table::from_fn(rows.len(), |from, to| {
            let tenths = distance(&rows[from.index()], &rows[to.index()]);
            Some(Leg { seconds: Seconds(tenths), metres: Metres(tenths) })
        });
        match hjemrute_solver::faults(&instance).first() {
            None => Ok(Solomon { instance, tables: Tables::new().with(Mode::Car, table) }),
            Some(fault) => Err(unreadable(format!("{:?}: {}", fault.subject, fault.detail.en))),
        }
    }

    /// What the plan is worth. Counts the way between the stops as they stand.
    pub fn objective(&self, plan: &Plan) -> Objective {
        let way = |stop: &Stop| match stop {
            Stop::Visit(visit) => visit.travel.seconds,
            Stop::Key { travel, .. } | Stop::Break { travel, .. } | Stop::Return { travel, .. } => {
                travel.seconds
            }
            Stop::Leave { .. } => Seconds::ZERO,
        };
        let stops = plan.work_lists.iter().flat_map(|list| &list.stops);
        Objective {
            tenths: stops.map(|stop| i64::from(way(stop).0)).sum(),
            vehicles: plan.work_lists.iter().filter(|list| !list.stops.is_empty()).count(),
        }
    }

    /// The answer as CVRPLIB writes it: customers by route, and the cost.
    pub fn answer(&self, plan: &Plan) -> Vec<u8> {
        let mut text = String::new();
        let driven = plan.work_lists.iter().filter(|list| !list.stops.is_empty());
        for (route, list) in (1..).zip(driven) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "Route #{route}: {}", customers(list).join(" "));
        }
        let tenths = self.objective(plan).tenths;
        let _ = writeln!(text, "Cost {}.{}", tenths / TENTHS, tenths % TENTHS);
        text.into_bytes()
    }
}

fn customers(list: &WorkList) -> Vec<&str> {
    let visits = list.stops.iter().filter_map(|stop| match stop {
        Stop::Visit(visit) => Some(visit.visit.0.as_str()),
        Stop::Leave { .. } | Stop::Key { .. } | Stop::Break { .. } | Stop::Return { .. } => None,
    });
    visits.collect()
}

/// floor(10·d), in whole numbers.
fn distance(one: &Row, other: &Row) -> i32 {
    let (x, y) = (one.x - other.x, one.y - other.y);
    (TENTHS * TENTHS * (x * x + y * y)).isqrt() as i32
}

fn unreadable(what: String) -> InstanceError {
    InstanceError::Unreadable(what)
}

/// How many vehicles there are, what each carries, and the depot and the customers.
fn parse(text: &str) -> Result<(usize, i64, Vec<Row>), InstanceError> {
    let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let head = lines.by_ref().find(|words| words.first() == Some(&"NUMBER")).and(lines.next());
    let fleet = head.ok_or_else(|| unreadable("no line after `NUMBER CAPACITY`".into()))?;
    let [vehicles, capacity] = numbers(&fleet)?;
    let is_row = |words: &Vec<&str>| words.first().is_some_and(|word| word.parse::<f64>().is_ok());
    let rows = lines.filter(is_row).enumerate().map(|(at, words)| row(at, &words));
    let rows = rows.collect::<Result<Vec<Row>, _>>()?;
    let fits = |count: usize| (1..=MOST).contains(&count);
    match usize::try_from(vehicles) {
        Ok(vehicles) if fits(vehicles) && fits(rows.len()) => Ok((vehicles, capacity, rows)),
        _ => Err(unreadable(format!("must have 1 to {MOST} vehicles and lines of places"))),
    }
}

fn row(at: usize, words: &[&str]) -> Result<Row, InstanceError> {
    let [id, x, y, demand, ready, due, service] = numbers(words)?;
    if id != at as i64 {
        let what = format!("is {id} where {at} comes next; 0 is the depot");
        return Err(InstanceError::Wrong { at: "CUSTOMER".into(), field: "CUST NO.", what });
    }
    let row = Row { x, y, demand, ready, due, service };
    let is_right = [row.demand, row.ready, row.service].iter().all(|number| *number >= 0);
    if is_right && row.ready <= row.due { Ok(row) } else { Err(wrong(id)) }
}

fn wrong(id: i64) -> InstanceError {
    let what = "has a negative number, or is due before it is ready".into();
    InstanceError::Wrong { at: format!("CUSTOMER {id}"), field: "DUE DATE", what }
}

/// So many whole numbers, at the least.
fn numbers<const COUNT: usize>(words: &[&str]) -> Result<[i64; COUNT], InstanceError> {
    let mut numbers = [0; COUNT];
    for (at, number) in numbers.iter_mut().enumerate() {
        let word = words.get(at).copied().unwrap_or("nothing");
        let whole = word.strip_suffix(".0").unwrap_or(word).parse::<i64>();
        let counts = |number: &i64| (-LARGEST..=LARGEST).contains(number);
        *number = whole.ok().filter(counts).ok_or_else(|| {
            unreadable(format!("`{word}` is not a whole number of at most {LARGEST}"))
        })?;
    }
    Ok(numbers)
}

fn place(row: usize) -> Place {
    Place {
        id: LocationId(row.to_string()),
        position: Position::default(),
        access: Seconds::ZERO,
        key_at: None,
    }
}

fn tenths(number: i64) -> i32 {
    (number * TENTHS) as i32
}

fn visit(id: u32, row: &Row) -> Visit {
    let (earliest, latest) = (Time(tenths(row.ready)), Time(tenths(row.due)));
    Visit {
        id: VisitId(id.to_string()),
        patient: PatientRef(id.to_string()),
        place: PlaceId(id),
        duration: Seconds(tenths(row.service)),
        paces: BTreeMap::new(),
        preferred: None,
        helps: None,
        load: Load(row.demand as u32),
        windows: vec![TimeWindow { earliest, latest }],
        criticality: Criticality::Normal,
        left_out: None,
        crew: vec![Skills::default()],
        continuity: None,
        gap: None,
        pinned: Pin::default(),
        status: Status::Planned,
    }
}

fn carer(id: usize, capacity: i64, depot: &Row) -> Carer {
    Carer {
        id: CarerRef(id.to_string()),
        skills: Default::default(),
        shift_start: Time(tenths(depot.ready)),
        shift_end: Time(tenths(depot.due)),
        overtime: Seconds::ZERO,
        mode: Mode::Car,
        vehicle: None,
        pool: Default::default(),
        start: PlaceId(0),
        end: PlaceId(0),
        rest: None,
        capacity: Some(Load(capacity.clamp(0, u32::MAX.into()) as u32)),
    }
}
