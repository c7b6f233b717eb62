//! The one binary: reads the command line and calls the crates.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod map;

#[derive(Parser)]
#[command(name = "hjemrute", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Kart: bygg og vis
    Map(map::MapArgs),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Map(args) => map::run(args),
    }
}
