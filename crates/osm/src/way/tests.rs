//! Ways against the table that they must agree with, in towns that no one would build.

use hjemrute_travel::PlaceId;
use proptest::prelude::*;

use super::*;
use crate::graph::Edge;
use crate::many::tests::{a_town, table_of};

/// The nodes where a piece of a whole edge begins and ends.
fn ends(edge: &Edge, piece: &Piece) -> [u32; 2] {
    if piece.from_dm < piece.to_dm { [edge.tail, edge.head] } else { [edge.head, edge.tail] }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_way_is_as_long_as_the_table_says((graph, places) in a_town()) {
        let network = Network::of(&graph);
        let hierarchy = Hierarchy::of(&graph, &network);
        let ways = Ways {
            graph: &graph, network: &network, hierarchy: &hierarchy, exits: &graph.exits(),
        };
        let table = table_of(&graph, &places);
        for (i, from) in (0..).zip(&places) {
            for (j, to) in (0..).zip(&places).filter(|(j, _)| *j != i) {
                let expected = table.leg(PlaceId(i), PlaceId(j));
                let found = from.zip(*to).and_then(|(from, to)| {
                    let least = search::least(&ways, &from, &to)?;
                    Some((from, to, least, ways.way(&from, &to, |name| name.to_string())?))
                });
                let Some((from, to, (key, pieces), way)) = found else {
                    prop_assert_eq!(expected, None, "{} to {}", i, j);
                    continue;
                };
                prop_assert_eq!(expected, Some(way.leg), "{} to {}", i, j);
                prop_assert!(way.line.len() > 1);
                let told = way.steps.iter().fold((0, 0), |(seconds, metres), step| {
                    (seconds + step.seconds.0, metres + step.metres.0)
                });
                prop_assert_eq!(told, (way.leg.seconds.0, way.leg.metres.0));
                if key == Key::ZERO {
                    continue;
                }
                // Every decimetre is that of a road, and the pieces take what the whole takes.
                let walks = walk(&from).and(walk(&to));
                let keys = pieces.iter().fold(walks, |sum, piece| sum.and(piece.key));
                prop_assert_eq!(keys, key);
                let lengths = pieces.iter().map(|piece| piece.from_dm.abs_diff(piece.to_dm)).sum();
                let times = key.less(walks).and_then(|roads| roads.less(Key::of(0, lengths)));
                prop_assert!(times.is_some_and(|times| times.less(Key::of(0, 1)).is_none()));
                // Each piece starts where the one before it ended.
                let roads: Vec<(&Edge, &Piece)> = pieces.iter()
                    .filter(|piece| piece.from_dm != piece.to_dm)
                    .filter_map(|piece| Some((&graph.edges[piece.edge? as usize], piece)))
                    .collect();
                let by_nothing = roads.len() < pieces.iter().filter(|it| it.edge.is_some()).count();
                for pair in roads.windows(2) {
                    let (before, after) = (ends(pair[0].0, pair[0].1), ends(pair[1].0, pair[1].1));
                    prop_assert!(before[1] == after[0] || by_nothing, "{:?}", pieces);
                }
            }
        }
    }
}

#[test]
fn what_streets_take_adds_up_however_it_is_rounded() {
    let mut steps = Steps::default();
    for (street, ms, dm) in
        [("", 1_400, 14), ("Storgata", 400, 4), ("Storgata", 400, 4), ("Nygata", 400, 4)]
    {
        steps.add(street.into(), Key::of(ms, dm));
    }
    let told: Vec<_> =
        steps.told.iter().map(|step| (&step.street[..], step.seconds.0, step.metres.0)).collect();
    assert_eq!(told, [("", 1, 1), ("Storgata", 1, 1), ("Nygata", 1, 1)]);
}
