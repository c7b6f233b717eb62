//! National identity numbers: a list with one in it is refused whole in every mode, wherever it
//! stands, and the number comes back nowhere. The numbers are made up; nobody has them.

use serde_json::{Value, json};

use crate::common::*;

/// A D-nummer with right control digits and a birthday in 1970.
fn number() -> String {
    let with_control = |front: String| {
        let mut digits: Vec<u32> = front.chars().filter_map(|c| c.to_digit(10)).collect();
        for weights in [&[3, 7, 6, 1, 8, 9, 4, 5, 2][..], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]] {
            let sum: u32 = weights.iter().zip(&digits).map(|(weight, digit)| weight * digit).sum();
            digits.push((11 - sum % 11) % 11);
        }
        let exists = digits.iter().all(|&digit| digit < 10);
        exists.then(|| digits.iter().map(u32::to_string).collect::<String>())
    };
    (0..1000).find_map(|n| with_control(format!("520170{n:03}"))).expect("of a thousand, one")
}

fn check(list: &Value, pointers: &[&str]) {
    for list in [list.clone(), lenient(list.clone())] {
        let faults = refused(list.to_string());
        let told: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(told, pointers);
        let everything = format!("{faults:?}");
        assert!(faults.iter().all(|fault| fault.code == "personal-id-detected"));
        assert!(!everything.contains(&number()[6..]), "not even a part of it is repeated");
    }
}

#[test]
fn it_is_found_in_every_kind_of_place() {
    let number = number();
    check(&with("/patients/0/ref", json!(number)), &["/patients/0/ref"]);
    check(&with("/listId", json!(format!("{} {}", &number[..6], &number[6..]))), &["/listId"]);
    check(&with("/version", json!(number.parse::<u64>().unwrap())), &["/version"]);
    check(&with("/visits/0/ext", json!({"deep": [[number]]})), &["/visits/0/ext/deep/0/0"]);
    check(&with("/carers/0/skills/0", json!(number)), &["/carers/0/skills/0"]);
    // As a key, and below such a key, only the object is told.
    let mut list = list();
    list["visits"][1][&number] = json!({"note": number});
    check(&list, &["/visits/1"]);
}

#[test]
fn with_one_in_it_nothing_else_is_told() {
    let mut list = with("/patients/0/ref", json!(number()));
    list["visits"][0]["unknown"] = json!(1);
    check(&list, &["/patients/0/ref"]);
}

#[test]
fn other_eleven_digits_are_just_digits() {
    let number = number();
    let last = (number.as_bytes()[10] - b'0' + 1) % 10;
    planned(&with("/listId", json!(format!("{}{last}", &number[..10]))));
}
