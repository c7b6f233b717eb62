//! Where the locations of a list are: addresses are looked up in the map's own, positions held
//! against the map, and each place joined to the roads of every way of travelling that is used. A
//! place that the map does not know is told, never guessed.

use std::collections::{BTreeMap, BTreeSet};

use hjemrute_osm::{AddressAnswer, AddressQuery, Candidate, Roads, Snap, SnapRefusal};
use hjemrute_travel::{Mode, Position};

use super::wrong;
use crate::fault::Wrong;
use crate::wire::{Address, Carer, List, Where};

/// Where a place is, and how it joins the roads of each way of travelling that is used.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) position: Position,
    joins: Vec<(Mode, Result<Snap, SnapRefusal>)>,
}

impl Spot {
    /// Where the place joins the roads of that mode, if it does.
    pub(crate) fn snap(&self, mode: Mode) -> Option<Snap> {
        self.joins.iter().find(|(other, _)| *other == mode)?.1.ok()
    }

    /// The ways of travelling that do not bring one here from everywhere, and why.
    pub(super) fn cut_off(&self) -> impl Iterator<Item = (Mode, CutOff)> {
        self.joins.iter().filter_map(|(mode, join)| match join {
            Ok(snap) if snap.is_apart() => Some((*mode, CutOff::Apart)),
            Ok(_) => None,
            Err(refusal) => Some((*mode, CutOff::Far(refusal.metres))),
        })
    }

    /// Metres to the nearest road that it joins, if it joins any.
    pub(super) fn metres(&self) -> Option<u32> {
        self.joins.iter().filter_map(|(_, join)| Some(join.ok()?.metres())).min()
    }

    /// Metres to the nearest road that is too far away, for a place that joins none.
    fn refused_metres(&self) -> Option<u32> {
        self.joins.iter().filter_map(|(_, join)| join.err()?.metres).min()
    }
}

/// Why one does not get to a place from everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CutOff {
    /// The roads it joins are not connected with the rest.
    Apart,
    /// It joins none; metres to the nearest one, if there is any.
    Far(Option<u32>),
}

/// Finds every location of the list; `None` where it has a fault. A carer's base must join the roads
/// of the carer's own mode.
pub(super) fn check(list: &mut List, roads: &Roads) -> Vec<Option<Spot>> {
    let modes: BTreeSet<Mode> = list
        .carers
        .iter()
        .filter_map(|it| it.value.as_ref())
        .flat_map(Carer::modes)
        .copied()
        .collect();
    let mut spots = Vec::with_capacity(list.locations.len());
    for item in &mut list.locations {
        let Some(location) = &item.value else {
            spots.push(None);
            continue;
        };
        let field = match location.place {
            Where::Position(_) => "position",
            Where::Address(_) => "address",
        };
        let found = find(roads, &modes, &location.place);
        spots.push(found.map_err(|wrong| item.refuse("locations", field, wrong)).ok());
    }
    check_bases(list, &spots);
    spots
}

fn check_bases(list: &mut List, spots: &[Option<Spot>]) {
    let by_id: BTreeMap<&str, &Spot> = list
        .locations
        .iter()
        .zip(spots)
        .filter_map(|(item, spot)| Some((item.id.as_str(), spot.as_ref()?)))
        .collect();
    for item in &mut list.carers {
        let Some(carer) = &item.value else { continue };
        let modes = carer.modes();
        let rest = carer.rest.as_ref().and_then(|rest| rest.place.as_ref());
        let bases =
            [("start", Some(&carer.start)), ("end", carer.end.as_ref()), ("break/place", rest)];
        let off_road: Vec<_> = bases
            .into_iter()
            .filter_map(|(field, base)| Some((field, *by_id.get(base?.as_str())?)))
            .filter(|(_, spot)| modes.iter().any(|mode| spot.snap(*mode).is_none()))
            .map(|(field, spot)| (field, wrong::not_on_map(spot.refused_metres())))
            .collect();
        for (field, wrong) in off_road {
            item.refuse("carers", field, wrong);
        }
    }
}

fn find(roads: &Roads, modes: &BTreeSet<Mode>, place: &Where) -> Result<Spot, Wrong> {
    match place {
        Where::Position(position) => {
            on_the_map(roads, *position)?;
            join(roads, modes, *position, None)
        }
        Where::Address(address) => {
            let found = look_up(roads, address)?;
            join(roads, modes, found.position(), Some(found.street()))
        }
    }
}

fn on_the_map(roads: &Roads, position: Position) -> Result<(), Wrong> {
    let swapped = Position { lon: position.lat, lat: position.lon };
    if roads.contains(position) {
        Ok(())
    } else if roads.contains(swapped) {
        Err(wrong::coordinates_swapped())
    } else {
        Err(wrong::outside_area())
    }
}

fn look_up(roads: &Roads, address: &Address) -> Result<Candidate, Wrong> {
    let query = AddressQuery {
        street: &address.street,
        number: address.number,
        letter: address.letter.as_deref(),
        postcode: address.postal_code.as_deref(),
        municipality: address.municipality.as_deref(),
    };
    match roads.addresses().find(&query) {
        AddressAnswer::One(found) => Ok(found),
        AddressAnswer::Ambiguous(candidates) => Err(wrong::address_ambiguous(&candidates)),
        AddressAnswer::Unknown(candidates) => Err(wrong::address_unknown(&candidates)),
    }
}

fn join(
    roads: &Roads,
    modes: &BTreeSet<Mode>,
    position: Position,
    street: Option<&str>,
) -> Result<Spot, Wrong> {
    let joins = modes.iter().map(|&mode| (mode, roads.snap(mode, position, street))).collect();
    let spot = Spot { position, joins };
    // Without carers there is no road to be near to.
    if spot.metres().is_none() && !modes.is_empty() {
        return Err(wrong::not_on_map(spot.refused_metres()));
    }
    Ok(spot)
}
