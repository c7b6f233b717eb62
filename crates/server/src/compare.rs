//! Two plans side by side: every figure of both with the difference, and the working time that one
//! frees against the other. Reads the figures that the plans tell of themselves, so that the same two
//! files give the same comparison anywhere. How it looks, `page` knows.

use hjemrute_solver::{Criticality, Definition, Kpi, Ratio, Value};
use hjemrute_travel::{Mode, Seconds};

use crate::fault::InputFault;
use crate::wire::{KpiRead, Limits, read_kpi};

/// Two plans, the first of which is what is compared with.
#[derive(Clone, Debug)]
pub struct Comparison {
    plans: [KpiRead; 2],
}

/// One number of both plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The figure that it belongs to.
    pub definition: Definition,
    /// Which part of the figure.
    pub part: Part,
    /// What the numbers count.
    pub unit: Unit,
    /// The number in both plans, in the unit; `None` where there is nothing to count.
    pub values: [Option<i64>; 2],
}

/// Which number of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The figure is one number.
    Whole,
    /// What falls on visits of that criticality.
    Of(Criticality),
    /// What falls on carers who travel like that.
    By(Mode),
    /// The least.
    Min,
    /// The one in the middle.
    Median,
    /// The most.
    Max,
}

/// One number of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The figure that it belongs to.
    pub definition: Definition,
    /// Which part of the figure.
    pub part: Part,
    /// What it counts.
    pub unit: Unit,
    /// How many; `None` where there is nothing to count.
    pub value: Option<i64>,
}

/// Every number that a `plan.json` tells of itself, in the order of [`Kpi::figures`].
///
/// # Errors
/// Everything that is wrong with the plan.
pub fn figures_of(plan: &[u8], limits: &Limits) -> Result<Vec<Number>, Vec<InputFault>> {
    Ok(numbers_of(&read_kpi(plan, limits)?.kpi))
}

fn numbers_of(kpi: &Kpi) -> Vec<Number> {
    let of = |figure: hjemrute_solver::Figure| {
        let definition = figure.definition;
        let parts = numbers(figure.value).into_iter();
        parts.map(move |(part, unit, value)| Number { definition, part, unit, value })
    };
    kpi.figures().into_iter().flat_map(of).collect()
}

impl Part {
    /// Its name in files; nothing where the figure is one number.
    pub fn name(self) -> &'static str {
        match self {
            Part::Whole => "",
            Part::Of(criticality) => criticality.name(),
            Part::By(mode) => mode.name(),
            Part::Min => "min",
            Part::Median => "median",
            Part::Max => "max",
        }
    }
}

impl Unit {
    /// The unit that files tell it in.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "min",
            Unit::Pieces | Unit::Hundredths | Unit::Share => "1",
            Unit::Metres => "km",
            Unit::Grams => "kg",
        }
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Pieces.
    Pieces,
    /// Hundredths of a piece.
    Hundredths,
    /// Ten-thousandths of the whole.
    Share,
    /// Metres.
    Metres,
    /// Grams.
    Grams,
}

/// Holds two `plan.json` side by side.
///
/// # Errors
/// Everything that is wrong with the first plan that cannot be read, with which one it is: 0 or 1.
pub fn compare(plans: [&[u8]; 2], limits: &Limits) -> Result<Comparison, (usize, Vec<InputFault>)> {
    let read = |which: usize| read_kpi(plans[which], limits).map_err(|faults| (which, faults));
    Ok(Comparison { plans: [read(0)?, read(1)?] })
}

impl Comparison {
    /// The lists that the plans answer, and their versions.
    pub fn lists(&self) -> [(&str, u32); 2] {
        [0, 1].map(|which| (self.plans[which].list_id.as_str(), self.plans[which].version))
    }

    /// Travel, access, waiting and overtime that the second plan needs less than the first: working
    /// time that could go to patients. Negative where it needs more.
    pub fn freed(&self) -> Seconds {
        let bound = |kpi: &Kpi| kpi.time.travel + kpi.time.access + kpi.time.waiting + kpi.overtime;
        let [first, second] = self.kpis();
        bound(first) - bound(second)
    }

    /// How many visits each plan leaves to nobody.
    pub fn left_out(&self) -> [u32; 2] {
        self.kpis().map(|kpi| kpi.unassigned.iter().sum())
    }

    /// Every number of both plans, in the order of [`Kpi::figures`].
    pub fn rows(&self) -> Vec<Row> {
        let [first, second] = self.kpis().map(numbers_of);
        let row = |(first, second): (Number, Number)| {
            let Number { definition, part, unit, value } = first;
            Row { definition, part, unit, values: [value, second.value] }
        };
        first.into_iter().zip(second).map(row).collect()
    }

    fn kpis(&self) -> [&Kpi; 2] {
        [&self.plans[0].kpi, &self.plans[1].kpi]
    }
}

/// The numbers that a figure is made of.
fn numbers(value: Value) -> Vec<(Part, Unit, Option<i64>)> {
    let whole = |unit, number| vec![(Part::Whole, unit, number)];
    let spread = |unit, numbers: [i64; 3]| {
        let parts = [Part::Min, Part::Median, Part::Max].into_iter().zip(numbers);
        parts.map(|(part, number)| (part, unit, Some(number))).collect()
    };
    let by_criticality = |unit, numbers: [i64; 4]| {
        let parts = Criticality::ALL.into_iter().zip(numbers);
        parts.map(|(level, number)| (Part::Of(level), unit, Some(number))).collect()
    };
    let by_mode = |unit, numbers: [i64; 4]| {
        let parts = Mode::ALL.into_iter().zip(numbers);
        parts.map(|(mode, number)| (Part::By(mode), unit, Some(number))).collect()
    };
    let scaled = |ratio: Ratio, scale| ratio.scaled(scale);
    match value {
        Value::Time(time) | Value::PartOfPaid(time, _) => whole(Unit::Seconds, Some(time.0.into())),
        Value::Share(ratio) => whole(Unit::Share, scaled(ratio, 10_000)),
        Value::Mean(ratio) => whole(Unit::Hundredths, scaled(ratio, 100)),
        Value::CountSpread(of) => spread(Unit::Pieces, [of.min, of.median, of.max].map(i64::from)),
        Value::TimeSpread(of) => {
            spread(Unit::Seconds, [of.min, of.median, of.max].map(|time| time.0.into()))
        }
        Value::WayByMode(ways) => by_mode(Unit::Metres, ways.map(|way| way.0.into())),
        Value::GramsByMode(grams) => by_mode(Unit::Grams, grams),
        Value::TimeByCriticality(times) => {
            by_criticality(Unit::Seconds, times.map(|time| time.0.into()))
        }
        Value::CountByCriticality(counts) => by_criticality(Unit::Pieces, counts.map(i64::from)),
    }
}
