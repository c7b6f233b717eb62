//! Has the service built anew when the page was: its files' names change with their content.

fn main() {
    println!("cargo::rerun-if-changed=page");
}
