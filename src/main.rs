//! The one binary: reads the command line and calls the crates. Exit codes: 0 done, 1 the program's
//! own trouble or a plan that breaks a rule, 2 input that cannot be used.

use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};

mod bench;
mod check;
mod compare;
mod demo;
mod explain;
mod export;
mod map;
mod plan;
mod replan;
mod report;
mod serve;
mod simulate;
mod suggest;
mod token;

#[derive(Parser)]
#[command(name = "hjemrute", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Planlegg en dag: fra besøksliste til arbeidslister
    Plan(plan::PlanArgs),
    /// Planlegg på nytt når noe har hendt: så få som mulig får en annen ansatt eller et annet tidspunkt
    Replan(replan::ReplanArgs),
    /// Les en plan på nytt og finn alt den bryter
    Check(check::CheckArgs),
    /// Hvorfor er et besøk der det er i planen, eller uten ansatt?
    Explain(explain::ExplainArgs),
    /// Hvor er det plass til et nytt besøk?
    Suggest(suggest::SuggestArgs),
    /// Hold to planer opp mot hverandre: nøkkeltall og tiden som frigjøres
    Compare(compare::CompareArgs),
    /// Kjør planen om igjen med trukne tider: hvor ofte holder ruter og tidskritiske besøk?
    Simulate(simulate::SimulateArgs),
    /// Prøv programmet på en liten by som ikke finnes
    Demo(demo::DemoArgs),
    /// Kart: bygg, vis, finn adresser, lag kartfliser
    Map(map::MapArgs),
    /// Kjør tjenesten: besøkslister inn og arbeidslister ut over HTTP
    Serve(serve::ServeArgs),
    /// Adganger til tjenesten
    Token(token::TokenArgs),
    /// Lag den ene planen som tjenesten ber om på stdin
    #[command(hide = true)]
    SolveJob,
    /// Skriv en dag i et annet planleggingsprograms format, til sammenligning
    Export(export::ExportArgs),
    /// Løs en offentlig testoppgave og skriv svaret i oppgavens eget format
    Bench(bench::BenchArgs),
}

fn main() -> ExitCode {
    // Time limits count from here: what the user waits for is the whole.
    let began = Instant::now();
    report::hush_panics();
    let done = match Cli::parse().command {
        Command::Plan(args) => plan::run(&args, began),
        Command::Replan(args) => replan::run(&args, began),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Suggest(args) => suggest::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Demo(args) => demo::run(&args, began),
        Command::Map(args) => map::run(args),
        Command::Serve(args) => serve::run(&args),
        Command::Token(args) => token::run(&args),
        Command::SolveJob => {
            hjemrute_service::solve_job().map(|()| ExitCode::SUCCESS).map_err(Into::into)
        }
        Command::Export(args) => export::run(&args),
        Command::Bench(args) => bench::run(&args, began),
    };
    done.unwrap_or_else(|error| report::failure(&error))
}
